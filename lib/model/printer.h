/* Records to text, CSV, JSON and NDJSON: the one way out for results.
 *
 * A document is either one record (a receipt), or a table: an optional head
 * record, rows of one shape, a summary record.
 *   JSON    one:   {"batch":4,"file":{"name":…},…}
 *           table: {"report":name,"version":1,"title":…,"head":{…},"rows":[{…}…],"summary":{…}}
 *   NDJSON  {"type":"head",…}, {"type":row type,…} …, {"type":"summary",…,"digest":…}
 *           one: {"type":name,…} and a summary with its status
 *   CSV     rows alone (one: a header line and a line)
 *   text    for people: title, head as "title  value", rows aligned for wide
 *           characters, summary likewise
 * Dots in keys nest ("file.name"). Money: an integer in JSON under a key that
 * ends in _fen, yuan with two decimals in CSV and text. Text names a column by its
 * title where it has one, else by its key; CSV by its key without _fen, but in the
 * regulation's own forms by its title (see pen_printer__form). Null is null, an empty
 * field, "-"; a rate 0.0397 in CSV, 3.97% in text; a list is JSON text in CSV, and
 * in text a table of its own under the record. A date of six digits is a month.
 * Items whose keys share a part before a dot stand next to each other. */
#ifndef PEN_MODEL_PRINTER_H
#define PEN_MODEL_PRINTER_H

#include "pen.h"

enum pen_item_type { PEN_ITEM_TEXT, PEN_ITEM_INT, PEN_ITEM_FEN, PEN_ITEM_DATE, PEN_ITEM_RATE, PEN_ITEM_FLAG, PEN_ITEM_LIST };

struct pen_item {
	const char *key, *title;	/* title NULL: the key */
	enum pen_item_type type;
	int64_t i;			/* INT, FEN, DATE, RATE (millionths; percent in text), FLAG */
	const char *s;			/* TEXT; NULL prints null */
	bool null;			/* of the number types */
	const struct pen_items *list;	/* LIST: records of their own */
	size_t list_count;
	bool machine;			/* for programs: text leaves it out. Of a row: the last items alone */
};
struct pen_items { const struct pen_item *item; size_t count; };

/* So that a record reads as a table in the code that makes it. */
#define PEN_I_TEXT(k, t, v) { .key = k, .title = t, .type = PEN_ITEM_TEXT, .s = v }
#define PEN_I_INT(k, t, v) { .key = k, .title = t, .type = PEN_ITEM_INT, .i = v }
#define PEN_I_FEN(k, t, v) { .key = k, .title = t, .type = PEN_ITEM_FEN, .i = v }
#define PEN_I_DATE(k, t, v) { .key = k, .title = t, .type = PEN_ITEM_DATE, .i = v }	/* 0 prints null */
#define PEN_I_RATE(k, t, v) { .key = k, .title = t, .type = PEN_ITEM_RATE, .i = v }
#define PEN_I_FLAG(k, t, v) { .key = k, .title = t, .type = PEN_ITEM_FLAG, .i = v }
#define PEN_I_LIST(k, t, v, n) { .key = k, .title = t, .type = PEN_ITEM_LIST, .list = v, .list_count = n }
#define PEN_ITEMS(array) (struct pen_items){ array, sizeof (array) / sizeof (array)[0] }

/* The next document is one of the regulation's forms or reports: its titles are
 * the regulation's Chinese, whatever the locale, and head its CSV; JSON carries
 * the document's. Titles of other documents are for people, and translated. */
void pen_printer__form(struct pen_printer *printer);

/* A document of one record. */
void pen_printer__one(struct pen_printer *printer, const char *name, const char *title,
    struct pen_items record, enum pen_status status);

/* A table. head and rows may be missing; the columns are those of the first
 * row. `columns` gives them where there may be no row (CSV then has its header);
 * NULL otherwise. */
void pen_printer__open_table(struct pen_printer *printer, const char *name, const char *title,
    const struct pen_items *columns);
void pen_printer__head(struct pen_printer *printer, struct pen_items head);
void pen_printer__row(struct pen_printer *printer, const char *type, struct pen_items row);
/* Adds status (its number) and, in NDJSON, rows (unless the summary has them) and
 * the SHA-256 of the document's lines before: "status" and "digest" are taken. A
 * table that is still open when the printer is finished is closed as
 * PEN_INCOMPLETE. Text does not show the status. */
void pen_printer__close_table(struct pen_printer *printer, struct pen_items summary, enum pen_status status);

/* Bytes as they are (a checkpoint, a schema): the format does not matter. */
void pen_printer__raw(struct pen_printer *printer, const char *bytes, size_t n);

#endif
