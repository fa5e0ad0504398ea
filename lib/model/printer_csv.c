#include "model/printer_csv.h"
#include "model/printer_cell.h"
#include "model/printer_json.h"

#include <string.h>

static void field(struct pen_text *text, const char *s)
{
	pen_text__csv(text, s, strlen(s));
}

static void list(struct pen_text *text, const struct pen_item *item)
{
	struct pen_text json = { 0 };

	pen_printer_json__list(&json, item);
	if (json.failed)
		text->failed = true;
	else
		pen_text__csv(text, json.s, json.n);
	pen_text__free(&json);
}

static void cell(struct pen_text *text, const struct pen_item *item)
{
	char buf[PEN_CELL_ROOM];

	if (pen_printer_cell__is_null(item))
		return;
	if (item->type == PEN_ITEM_LIST)
		list(text, item);
	else if (item->type == PEN_ITEM_FLAG)
		field(text, item->i ? "true" : "false");
	else if (item->type == PEN_ITEM_RATE)
		field(text, pen_printer_cell__decimal(item->i, 6, buf));
	else
		field(text, pen_printer_cell__plain(item, buf));
}

/* A key as a column's name: money is in yuan here, so its key's "_fen" is left
 * out ("amount_fen.read" is "amount.read"). */
static void key_name(struct pen_text *text, const struct pen_item *item)
{
	const char *fen = item->type == PEN_ITEM_FEN ? strstr(item->key, "_fen") : NULL;

	if (fen && (fen[4] == '\0' || fen[4] == '.')) {
		pen_text__csv(text, item->key, (size_t)(fen - item->key));
		pen_text__puts(text, fen + 4);
	} else {
		field(text, item->key);
	}
}

void pen_printer_csv__header(struct pen_text *text, struct pen_items columns, bool titles)
{
	size_t i;

	for (i = 0; i < columns.count; i++) {
		pen_text__puts(text, i ? "," : "");
		if (titles)
			field(text, pen_printer_cell__title(&columns.item[i]));
		else
			key_name(text, &columns.item[i]);
	}
	pen_text__puts(text, "\r\n");
}

void pen_printer_csv__row(struct pen_text *text, struct pen_items row)
{
	size_t i, from = text->n;

	for (i = 0; i < row.count; i++) {
		pen_text__puts(text, i ? "," : "");
		cell(text, &row.item[i]);
	}
	/* A line of one empty field would pass for no line at all. */
	if (text->n == from)
		pen_text__puts(text, "\"\"");
	pen_text__puts(text, "\r\n");
}
