#include "model/printer_json.h"
#include "model/printer_cell.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* The objects that are open: path[0..n) is the dotted key up to and with its
 * last dot, "" at the top. */
struct nest {
	struct pen_text *text;
	const char *path;
	size_t n;
	bool first;		/* nothing stands in the innermost object yet */
};

static void string(struct pen_text *text, const char *s)
{
	pen_text__json(text, s, strlen(s));
}

static void value(struct pen_text *text, const struct pen_item *item)
{
	char buf[PEN_CELL_ROOM];

	if (pen_printer_cell__is_null(item)) {
		pen_text__puts(text, "null");
		return;
	}
	switch (item->type) {
	case PEN_ITEM_TEXT:
	case PEN_ITEM_DATE:
		string(text, pen_printer_cell__plain(item, buf));
		break;
	case PEN_ITEM_INT:
	case PEN_ITEM_FEN:
	case PEN_ITEM_RATE:
		pen_text__printf(text, "%" PRId64, item->i);
		break;
	case PEN_ITEM_FLAG:
		pen_text__puts(text, item->i ? "true" : "false");
		break;
	case PEN_ITEM_LIST:
		pen_printer_json__list(text, item);
		break;
	}
}

/* How much of the path, in whole parts, the key shares. */
static size_t shared(const struct nest *nest, const char *key)
{
	size_t i, whole = 0;

	for (i = 0; i < nest->n && nest->path[i] == key[i]; i++) {
		if (key[i] == '.')
			whole = i + 1;
	}
	return whole;
}

static void leave(struct nest *nest, size_t to)
{
	for (; nest->n > to; nest->n--) {
		if (nest->path[nest->n - 1] == '.') {
			pen_text__puts(nest->text, "}");
			nest->first = false;
		}
	}
}

static void add_key(struct nest *nest, const char *key, size_t n)
{
	if (!nest->first)
		pen_text__puts(nest->text, ",");
	pen_text__json(nest->text, key, n);
	pen_text__puts(nest->text, ":");
	nest->first = false;
}

/* Closes and opens objects until the key's own is the innermost. */
static void enter(struct nest *nest, const char *key)
{
	const char *dot;

	leave(nest, shared(nest, key));
	while ((dot = strchr(key + nest->n, '.')) != NULL) {
		add_key(nest, key + nest->n, (size_t)(dot - key) - nest->n);
		pen_text__puts(nest->text, "{");
		nest->first = true;
		nest->n = (size_t)(dot - key) + 1;
	}
	nest->path = key;
}

static void add_items(struct nest *nest, struct pen_items items)
{
	size_t i;

	for (i = 0; i < items.count; i++) {
		enter(nest, items.item[i].key);
		add_key(nest, items.item[i].key + nest->n, strlen(items.item[i].key + nest->n));
		value(nest->text, &items.item[i]);
	}
}

void pen_printer_json__record(struct pen_text *text, const char *type,
    struct pen_items items, struct pen_items more)
{
	struct nest nest = { text, "", 0, true };

	pen_text__puts(text, "{");
	if (type) {
		add_key(&nest, "type", 4);
		string(text, type);
	}
	add_items(&nest, items);
	add_items(&nest, more);
	leave(&nest, 0);
	pen_text__puts(text, "}");
}

void pen_printer_json__list(struct pen_text *text, const struct pen_item *item)
{
	const struct pen_items none = { NULL, 0 };
	size_t i;

	assert(item->type == PEN_ITEM_LIST);
	pen_text__puts(text, "[");
	for (i = 0; i < item->list_count; i++) {
		if (i)
			pen_text__puts(text, ",");
		pen_printer_json__record(text, NULL, item->list[i], none);
	}
	pen_text__puts(text, "]");
}
