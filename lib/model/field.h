/* One cell: from text to a value, with every mending listed. */
#ifndef PEN_MODEL_FIELD_H
#define PEN_MODEL_FIELD_H

#include "model/form.h"

/* What was mended, by code. */
enum pen_repair {
	PEN_REPAIR_SPACE = 1,	/* repair.space: white space around the value taken off */
	PEN_REPAIR_WIDTH = 2,	/* repair.width: full-width letters, digits to ASCII */
	PEN_REPAIR_CASE = 4,	/* repair.case: lower-case x or letters in an identifier */
	PEN_REPAIR_ID15 = 8,	/* repair.id15: an id of 15 characters lifted to find the person */
	PEN_REPAIR_AREA12 = 16	/* repair.area12: a statistical code of 12 digits cut to 6 */
};
const char *pen_field__repair_code(enum pen_repair repair);	/* one bit */

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
	unsigned repairs;
	const char *rule;
	char found[96], expected[96];
	char room[256];			/* a longer folded value fails by field.length */
};

/* `today` bounds dates: nothing lies in the future. */
void pen_field__read(const struct pen_field *field, const char *s, size_t n, int32_t today,
    struct pen_cell *cell);

#endif
