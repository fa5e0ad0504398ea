/* The unit that stands behind a column's title, or above the columns: 单位缴费(元),
 * 金额单位:万元. All texts are folded (pen_text__fold_name). */
#ifndef PEN_MODEL_TITLE_UNIT_H
#define PEN_MODEL_TITLE_UNIT_H

#include <stdbool.h>
#include <stddef.h>

enum pen_title_unit { PEN_UNIT_NONE, PEN_UNIT_YUAN, PEN_UNIT_OTHER };

/* A unit of money in brackets, or behind a stroke or a colon, at the end: *title is
 * how long the title before it is, *unit where the unit begins, *length its length.
 * PEN_UNIT_NONE if nothing is there, or no unit of money; nothing is set then. */
enum pen_title_unit pen_title_unit__of(const char *folded, size_t n, size_t *title, size_t *unit, size_t *length);
/* A line that says of amounts that they are in something else than yuan: what it
 * says, in *length bytes, NULL if it does not. The text ends with a NUL. */
const char *pen_title_unit__other(const char *folded, size_t *length);

#endif
