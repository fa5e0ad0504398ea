/* A cell being read, from what stood there to what is left when all is taken off
 * that is not the value: what the readings of all types have in common. */
#ifndef PEN_MODEL_SCAN_H
#define PEN_MODEL_SCAN_H

#include "model/field.h"
#include "pen.h"

/* `raw` as it stood, `s` as far as it is mended. */
struct pen_scan {
	const struct pen_field *field;
	const char *raw;
	size_t raw_n;
	const char *s;
	size_t n;
	int32_t today;
	struct pen_cell *cell;
};

/* Copies what fits, in whole characters. */
void pen_scan__cut(char *out, size_t room, const char *s, size_t n);
/* The cell breaks a rule: found is the cell as it stood, with marks that nobody sees
 * written out, expected as given. */
void pen_scan__fail(struct pen_scan *r, const char *rule, const char *format, ...) PEN_PRINTF(3, 4);
/* What makes a spreadsheet take a value for text, and white space within that. */
void pen_scan__unwrap(struct pen_scan *r);
/* Takes marks that nobody sees out of a text that has some, into the cell's room.
 * False: nothing is left, or it is too long; then the cell is read. */
bool pen_scan__unmark(struct pen_scan *r, bool name);
/* Folds full-width forms into the cell's room, marks taken out; ASCII, which nearly
 * all cells are, stays where it is. False: the cell is read, and may have failed. */
bool pen_scan__fold(struct pen_scan *r);
/* Identifiers: folded, upper case, NUL-terminated in the room. */
bool pen_scan__identifier(struct pen_scan *r);
/* The text as far as it is mended is the value. */
void pen_scan__keep(struct pen_scan *r);

#endif
