#include "model/printer_text.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/printer_cell.h"

#include <assert.h>
#include <string.h>

#define GAP 2		/* blanks between columns, and steps of indentation */

struct column {
	size_t width;
	bool right;	/* numbers */
	bool list;	/* stands under the row, not in it */
};

/* `held` are the lines that wait, titles first: for each the cells that are no
 * list, each ended by NUL, then what stands under the line, ended by NUL. Once
 * `flowing` it holds the line being made, and nothing between calls. */
struct pen_printer_table {
	size_t count;
	struct column *columns;
	int indent;
	size_t lines;
	bool flowing;
	struct pen_text held;
};

/* ---- cells ---- */

/* Adds s with C0, DEL and C1 (in UTF-8: C2 80 to C2 9F) as '?'. */
static void harmless(struct pen_text *text, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i, from = 0;

	for (i = 0; p[i]; i++) {
		bool c1 = p[i] == 0xc2 && p[i + 1] >= 0x80 && p[i + 1] <= 0x9f;

		if (p[i] >= 0x20 && p[i] != 0x7f && !c1)
			continue;
		pen_text__add(text, s + from, i - from);
		pen_text__puts(text, "?");
		i += c1;
		from = i + 1;
	}
	pen_text__add(text, s + from, i - from);
}

static void cell(struct pen_text *text, const struct pen_item *item)
{
	char buf[PEN_CELL_ROOM];

	if (pen_printer_cell__is_null(item) || item->type == PEN_ITEM_LIST)
		pen_text__puts(text, "-");
	else if (item->type == PEN_ITEM_FLAG)
		pen_text__puts(text, item->i ? _("yes") : _("no"));
	else if (item->type == PEN_ITEM_RATE)
		pen_text__printf(text, "%s%%", pen_printer_cell__decimal(item->i, 4, buf));
	else
		harmless(text, pen_printer_cell__plain(item, buf));
}

static void blanks(struct pen_text *text, size_t n)
{
	pen_text__printf(text, "%*s", (int)n, "");
}

void pen_printer_text__line(struct pen_text *text, const char *s)
{
	harmless(text, s);
	pen_text__puts(text, "\n");
}

/* ---- tables ---- */

/* A list's records as a table; all of them have the columns of the first. */
static void add_list(struct pen_text *text, const struct pen_item *item, int indent)
{
	struct pen_printer_table *table;
	size_t i;

	table = pen_printer_text__table(item->list[0], indent);
	if (!table) {
		text->failed = true;
		return;
	}
	for (i = 0; i < item->list_count; i++)
		pen_printer_text__row(table, item->list[i], text);
	pen_printer_text__end(table, text);
}

/* A list under its title. */
static void add_titled_list(struct pen_text *text, const struct pen_item *item, int indent)
{
	blanks(text, (size_t)indent);
	pen_printer_text__line(text, pen_printer_cell__title(item));
	add_list(text, item, indent + GAP);
}

/* Ends the cell that begins at `from`, and lets its column grow. Where the
 * memory went, there is no cell. */
static void end_cell(struct pen_printer_table *table, struct column *column, size_t from)
{
	size_t width;

	pen_text__add(&table->held, "", 1);
	if (table->held.failed || table->flowing)
		return;
	width = pen_text__width(table->held.s + from);
	if (width > column->width)
		column->width = width;
}

struct pen_printer_table *pen_printer_text__table(struct pen_items columns, int indent)
{
	struct pen_printer_table *table = pen_memory__calloc(1, sizeof(*table));
	struct column *column;
	size_t i, from;

	if (!table)
		goto err0;
	table->columns = pen_memory__calloc(columns.count, sizeof(table->columns[0]));
	if (!table->columns)
		goto err1;
	table->count = columns.count;
	table->indent = indent;
	/* The titles are the first line; they are the caller's no longer. */
	for (i = 0; i < columns.count; i++) {
		const struct pen_item *item = &columns.item[i];

		column = &table->columns[i];
		column->list = item->type == PEN_ITEM_LIST;
		column->right = item->type == PEN_ITEM_INT || item->type == PEN_ITEM_FEN ||
		    item->type == PEN_ITEM_RATE;
		if (column->list)
			continue;
		from = table->held.n;
		harmless(&table->held, pen_printer_cell__title(item));
		end_cell(table, column, from);
	}
	pen_text__add(&table->held, "", 1);
	table->lines = 1;
	return table;

err1:
	pen_memory__free(table);
err0:
	return NULL;
}

/* Sets one line from its cells, and what stands under it; gives the address
 * after them. The last column is not padded: no line ends in blanks. */
static const char *set(const struct pen_printer_table *table, const char *s, struct pen_text *text)
{
	size_t i, width, pad, owed = (size_t)table->indent;

	for (i = 0; i < table->count; i++) {
		const struct column *column = &table->columns[i];

		if (column->list)
			continue;
		width = pen_text__width(s);
		pad = width < column->width ? column->width - width : 0;
		blanks(text, owed + (column->right ? pad : 0));
		pen_text__puts(text, s);
		owed = GAP + (column->right ? 0 : pad);
		s += strlen(s) + 1;
	}
	pen_text__puts(text, "\n");
	pen_text__puts(text, s);
	return s + strlen(s) + 1;
}

/* Under the titles, a line of dashes as wide as each column. */
static void underline(const struct pen_printer_table *table, struct pen_text *text)
{
	size_t i, n, owed = (size_t)table->indent;

	for (i = 0; i < table->count; i++) {
		if (table->columns[i].list)
			continue;
		blanks(text, owed);
		for (n = 0; n < table->columns[i].width; n++)
			pen_text__puts(text, "-");
		owed = GAP;
	}
	pen_text__puts(text, "\n");
}

/* Everything held goes out, under the widths found. */
static void let_go(struct pen_printer_table *table, struct pen_text *text)
{
	const char *s = table->held.s;
	size_t i;

	if (table->held.failed) {
		text->failed = true;
		return;
	}
	for (i = 0; i < table->lines; i++) {
		s = set(table, s, text);
		if (i == 0 && !table->flowing)
			underline(table, text);
	}
	table->lines = 0;
	pen_text__clear(&table->held);
}

void pen_printer_text__row(struct pen_printer_table *table, struct pen_items row, struct pen_text *text)
{
	size_t i, from;

	assert(row.count == table->count);
	for (i = 0; i < row.count; i++) {
		if (table->columns[i].list)
			continue;
		from = table->held.n;
		cell(&table->held, &row.item[i]);
		end_cell(table, &table->columns[i], from);
	}
	for (i = 0; i < row.count; i++) {
		if (table->columns[i].list && row.item[i].list_count)
			add_titled_list(&table->held, &row.item[i], table->indent + GAP);
	}
	pen_text__add(&table->held, "", 1);
	table->lines++;
	if (table->flowing) {
		let_go(table, text);
	} else if (table->lines > PEN_PRINTER_HELD) {	/* the titles are one line */
		let_go(table, text);
		table->flowing = true;
	}
}

void pen_printer_text__end(struct pen_printer_table *table, struct pen_text *text)
{
	if (!table)
		return;
	if (!table->flowing)
		let_go(table, text);
	pen_text__free(&table->held);
	pen_memory__free(table->columns);
	pen_memory__free(table);
}

/* ---- records ---- */

void pen_printer_text__record(struct pen_text *text, struct pen_items record, int indent)
{
	size_t i, width, widest = 0;

	for (i = 0; i < record.count; i++) {
		width = pen_text__width(pen_printer_cell__title(&record.item[i]));
		if (width > widest && !record.item[i].machine)
			widest = width;
	}
	for (i = 0; i < record.count; i++) {
		const struct pen_item *item = &record.item[i];

		if (item->machine)
			continue;
		if (item->type == PEN_ITEM_LIST && item->list_count) {
			add_titled_list(text, item, indent);
			continue;
		}
		blanks(text, (size_t)indent);
		harmless(text, pen_printer_cell__title(item));
		blanks(text, widest - pen_text__width(pen_printer_cell__title(item)) + GAP);
		cell(text, item);
		pen_text__puts(text, "\n");
	}
}
