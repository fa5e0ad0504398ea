/* Records as lines of RFC 4180 CSV, each ended by CRLF. */
#ifndef PEN_MODEL_PRINTER_CSV_H
#define PEN_MODEL_PRINTER_CSV_H

#include "base/text.h"
#include "model/printer.h"

void pen_printer_csv__header(struct pen_text *text, struct pen_items columns, bool titles);
/* Null is an empty field, a rate its decimal fraction, a flag true or false, a
 * list its compact JSON. */
void pen_printer_csv__row(struct pen_text *text, struct pen_items row);

#endif
