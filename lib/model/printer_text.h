/* Records for people: aligned columns, wide characters counted as two. Control
 * characters in values print as '?', since a terminal would obey them. */
#ifndef PEN_MODEL_PRINTER_TEXT_H
#define PEN_MODEL_PRINTER_TEXT_H

#include "base/text.h"
#include "model/printer.h"

/* One record as "title  value" lines, `indent` columns in; a list is a table
 * of its own under its title. */
void pen_printer_text__record(struct pen_text *text, struct pen_items record, int indent);
/* A line with the value alone, made harmless. */
void pen_printer_text__line(struct pen_text *text, const char *s);

/* A table holds its first rows back to find how wide its columns are; later
 * rows go out as they come, and a value that is wider pushes its line out: none
 * is ever cut. */
#define PEN_PRINTER_HELD 500

struct pen_printer_table;
struct pen_printer_table *pen_printer_text__table(struct pen_items columns, int indent);	/* NULL: no memory */
/* Rows have the items of the columns. What can go out is added to text. */
void pen_printer_text__row(struct pen_printer_table *table, struct pen_items row, struct pen_text *text);
void pen_printer_text__end(struct pen_printer_table *table, struct pen_text *text);	/* frees it; NULL is fine */

#endif
