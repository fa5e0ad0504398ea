/* One cell: from text to a value, with every mending listed. */
#ifndef PEN_MODEL_FIELD_H
#define PEN_MODEL_FIELD_H

#include "model/field_mend.h"
#include "model/form.h"

/* A cell read. `rule` is NULL if all is well; else the id of the rule that
 * failed, with found and expected as a person reads them, and the value null.
 * The value is
 *   an integer  dates yyyymmdd, years, integers, money in fen; months yyyymm, a
 *               period as its first and its last month, 202401202406, a set of
 *               months with January as bit 0
 *   a string    in `room` and NUL-terminated for citizen ids (as received, X in
 *               upper case), credit codes and areas; the form's own `to` for a
 *               choice, NUL-terminated too (so "1", not 1); for text, names and
 *               what an open choice does not know in `room` or in the cell itself
 * Whole numbers and fen stay within 2^53, which leaves as canonical JSON need. */
struct pen_cell {
	struct pen_value value;		/* null: empty */
	char id18[19];			/* PEN_FIELD_CITIZEN_ID: lifted */
	unsigned repairs;		/* of enum pen_repair */
	const char *rule;
	bool has_fen;			/* money that could be read, also if its bounds refuse it: */
	int64_t fen;			/* what the cell says, for the sums of total rows */
	char found[96], expected[160];
	char room[256];			/* a longer folded value fails by field.length */
};

/* `today` bounds dates: nothing lies in the future. */
void pen_field__read(const struct pen_field *field, const char *s, size_t n, int32_t today,
    struct pen_cell *cell);

/* A cell that was mended becomes one that breaks repair.strict: found is what
 * stood there, expected what it would be mended to, and how. */
void pen_field__insist(const struct pen_field *field, const char *s, size_t n, struct pen_cell *cell);

#endif
