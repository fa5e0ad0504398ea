/* What is wrong with a cell before its value is looked at: what it was in the
 * source, and characters that no value has. */
#ifndef PEN_MODEL_CELL_TEXT_H
#define PEN_MODEL_CELL_TEXT_H

#include "model/form.h"

/* The rule that a cell's text breaks, and what is expected; NULL if it may be read.
 * true and false in a field of yes or no become the form's own word for it. */
const char *pen_cell_text__check(const struct pen_field *field, struct pen_csv_field *text, enum pen_token token,
    char *expected, size_t room);

/* The text as a person can read it: control characters as their pictures (␀), cut
 * at a character to what there is room for. */
void pen_cell_text__show(const struct pen_csv_field *text, char *out, size_t room);

#endif
