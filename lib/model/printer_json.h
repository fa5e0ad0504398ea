/* Records as JSON objects on one line. */
#ifndef PEN_MODEL_PRINTER_JSON_H
#define PEN_MODEL_PRINTER_JSON_H

#include "base/text.h"
#include "model/printer.h"

/* One object: "type" first if there is one, then the items of both lists. Items
 * whose keys share a part before a dot stand next to each other. */
void pen_printer_json__record(struct pen_text *text, const char *type,
    struct pen_items items, struct pen_items more);
/* A list item's records: an array of objects. */
void pen_printer_json__list(struct pen_text *text, const struct pen_item *item);

#endif
