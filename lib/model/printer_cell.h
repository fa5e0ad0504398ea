/* Single values of records, as CSV and text share them. */
#ifndef PEN_MODEL_PRINTER_CELL_H
#define PEN_MODEL_PRINTER_CELL_H

#include "model/printer.h"

#define PEN_CELL_ROOM 32

/* True for what prints as null: no text, null numbers, the date 0. Never a list. */
bool pen_printer_cell__is_null(const struct pen_item *item);
/* TEXT, INT, FEN (yuan) and DATE (ISO; six digits are a month) that are not
 * null; the result is in buf or the item's own text. */
const char *pen_printer_cell__plain(const struct pen_item *item, char buf[PEN_CELL_ROOM]);
/* Millionths as a plain decimal number after dividing by 10^places (1 to 6),
 * trailing zeros cut: 39700 is "0.0397" with 6, "3.97" with 4. */
char *pen_printer_cell__decimal(int64_t millionths, int places, char buf[PEN_CELL_ROOM]);
/* The title, or the key where there is none. */
const char *pen_printer_cell__title(const struct pen_item *item);

#endif
