#include "model/sheet_header.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/field.h"
#include "model/title_unit.h"

#include <assert.h>
#include <string.h>

#define COLUMNS_MOST (sizeof(((struct pen_header *)NULL)->field_of) / sizeof(int))

enum pen_status pen_sheet_header__open(struct pen_sheet_header *header, const struct pen_form *form,
    struct pen_decoder *decoder, uint32_t given, int32_t today, struct pen_error *error)
{
	*header = (struct pen_sheet_header){ .form = form, .decoder = decoder, .given = given, .today = today,
		.nearest = -1, .arena = pen_memory__arena() };
	return header->arena ? PEN_OK : pen_error__memory(error);
}

void pen_sheet_header__close(struct pen_sheet_header *header)
{
	pen_memory__drop(header->arena);
	header->arena = NULL;
}

/* ------------------------------------------------------- what was above -- */

/* Whether a record above the header would be a row under it: every column that a
 * row needs is filled, and its identifiers are some. */
static bool is_row(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells)
{
	const struct pen_form *form = header->form;
	const struct pen_field *field;
	struct pen_cell cell;
	int i, column, identifiers = 0;

	for (i = 0; i < form->count; i++) {
		column = header->columns.column_of[i];
		field = &form->fields[i];
		if (column < 0)
			continue;
		if (column >= (int)cells->count || cells->cell[column].n == 0) {
			if (field->required)
				return false;
			continue;
		}
		if (field->type != PEN_FIELD_CITIZEN_ID && field->type != PEN_FIELD_CREDIT_CODE)
			continue;
		pen_field__read(field, cells->cell[column].s, cells->cell[column].n, header->today, &cell);
		if (cell.rule)
			return false;
		identifiers++;
	}
	return identifiers > 0;
}

static enum pen_status check_above(const struct pen_sheet_header *header, struct pen_error *error)
{
	long line = header->above[header->count - header->own].line;
	int i;

	for (i = 0; i < header->count - header->own; i++) {
		if (!is_row(header, &header->above[i]))
			continue;
		pen_error__set(error, PEN_INPUT, "header.below",
		    _("this line is a row, and the column titles come below it, on line %ld; expected the titles above all rows: move them there, and sort the rows without them"),
		    line);
		return pen_error__at(error, NULL, header->above[i].line, NULL);
	}
	return PEN_OK;
}

/* ---------------------------------------------------------------- units -- */

static bool has_money(const struct pen_sheet_header *header)
{
	int i;

	for (i = 0; i < header->form->count; i++)
		if (header->columns.column_of[i] >= 0 && header->form->fields[i].type == PEN_FIELD_MONEY)
			return true;
	return false;
}

enum pen_status pen_sheet_header__unit(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells,
    struct pen_error *error)
{
	const char *where = NULL;
	size_t i, n = 0;

	for (i = 0; i < cells->count && !where; i++)
		where = pen_title_unit__other(cells->cell[i].folded, &n);
	if (!where || !has_money(header))
		return PEN_OK;
	pen_error__set(error, PEN_INPUT, "header.unit",
	    _("this line says that the amounts are in another unit (%.*s); expected yuan (元); have the file made in yuan: nothing is multiplied here"),
	    (int)n, where);
	return pen_error__at(error, NULL, cells->line, NULL);
}

/* The upper half of a title may say it of all the columns that it goes over. */
static enum pen_status check_upper(const struct pen_sheet_header *header, const struct pen_sheet_cells *upper,
    struct pen_error *error)
{
	const struct pen_sheet_cell *over = NULL;
	size_t i, title, unit, length;
	int field;

	for (i = 0; i < (size_t)header->columns.source_count; i++) {
		if (i < upper->count && upper->cell[i].n > 0)
			over = &upper->cell[i];
		field = header->columns.field_of[i];
		if (!over || field < 0 || header->form->fields[field].type != PEN_FIELD_MONEY ||
		    pen_title_unit__of(over->folded, over->folded_n, &title, &unit, &length) != PEN_UNIT_OTHER)
			continue;
		pen_error__set(error, PEN_INPUT, "header.unit",
		    _("column %zu gives %s in %.*s (\"%s\"); expected yuan (元), the months and the rest as the form says; have the file made in yuan: nothing is multiplied here"),
		    i + 1, header->form->fields[field].title, (int)length, over->folded + unit, over->s);
		return pen_error__at(error, NULL, upper->line, NULL);
	}
	return PEN_OK;
}

/* What stands above and beside the titles, once they are found. */
static enum pen_status check_units(const struct pen_sheet_header *header, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int i, above = header->count - header->own;

	for (i = 0; i < above && status == PEN_OK; i++)
		status = pen_sheet_header__unit(header, &header->above[i], error);
	return status == PEN_OK && header->own == 2 ? check_upper(header, &header->above[above], error) : status;
}

/* ------------------------------------------------------------- matching -- */

/* What a candidate lacks is remembered if it lacks less than those before it. */
static enum pen_status try_match(struct pen_sheet_header *header, const struct pen_csv_field *texts, size_t count,
    long line, struct pen_error *error)
{
	struct pen_error why = { 0 };
	enum pen_status status = pen_header__match(header->form, texts, count, header->given, &header->columns, &why);

	if (status == PEN_OK)
		return PEN_OK;
	pen_error__at(&why, NULL, line, NULL);
	if (status != PEN_INPUT)
		*error = why;
	if (header->columns.known > header->nearest) {
		header->nearest = header->columns.known;
		header->why = why;
	}
	return status;
}

/* The record's own titles. */
static enum pen_status match_alone(struct pen_sheet_header *header, size_t count, struct pen_error *error)
{
	const struct pen_sheet_cells *cells = &header->above[header->count - 1];
	struct pen_csv_field *texts = pen_memory__take(header->arena, (count + 1) * sizeof(*texts));
	size_t i;

	if (!texts)
		return pen_error__memory(error);
	for (i = 0; i < count; i++)
		texts[i] = (struct pen_csv_field){ .s = cells->cell[i].s, .n = cells->cell[i].n };
	return try_match(header, texts, count, cells->line, error);
}

/* Both halves of one title; false if there is no memory. */
static bool join(struct pen_arena *arena, const struct pen_csv_field *a, const struct pen_csv_field *b,
    struct pen_csv_field *out)
{
	char *s = pen_memory__take(arena, a->n + b->n + 1);

	if (!s)
		return false;
	if (a->n)
		memcpy(s, a->s, a->n);
	if (b->n)
		memcpy(s + a->n, b->s, b->n);
	*out = (struct pen_csv_field){ .s = s, .n = a->n + b->n };
	return true;
}

/* The two halves of a title, as text and as raw bytes. `own` is the upper one if it
 * stands over this column itself, and is not carried from the left. */
struct halves { struct pen_csv_field upper, lower, raw_upper, raw_lower; bool own; };

/* Known to the form, be it in another unit, for which it is refused. */
static bool is_title(const struct pen_form *form, const struct pen_csv_field *text)
{
	char unit[32];

	return pen_form__called(form, text->s, text->n, NULL) >= 0 ||
	    pen_form__in_other_unit(form, text->s, text->n, unit, sizeof(unit)) >= 0;
}

/* Which of the two it is: both, the lower one, the upper one, or, for one that the
 * form knows under neither name, both again. */
static bool choose(const struct pen_sheet_header *header, const struct halves *h, struct pen_csv_field *text,
    struct pen_csv_field *raw)
{
	const struct pen_form *form = header->form;

	*text = h->lower;
	*raw = h->raw_lower;
	if (h->lower.n == 0) {
		*text = h->own ? h->upper : (struct pen_csv_field){ .s = "" };
		*raw = h->own ? h->raw_upper : (struct pen_csv_field){ .s = "" };
		return true;
	}
	if (!join(header->arena, &h->upper, &h->lower, text))
		return false;
	if (!is_title(form, text)) {
		if (is_title(form, &h->lower)) {
			*text = h->lower;
			return true;
		}
		if (h->own && is_title(form, &h->upper)) {
			*text = h->upper;
			*raw = h->raw_upper;
			return true;
		}
	}
	return join(header->arena, &h->raw_upper, &h->raw_lower, raw);
}

static struct pen_csv_field cell_at(const struct pen_sheet_cells *cells, size_t i)
{
	return i < cells->count ? (struct pen_csv_field){ .s = cells->cell[i].s, .n = cells->cell[i].n } :
	    (struct pen_csv_field){ .s = "" };
}

static struct pen_csv_field raw_at(const struct pen_csv_field *raw, size_t count, size_t i)
{
	return i < count && raw[i].n ? raw[i] : (struct pen_csv_field){ .s = "" };
}

/* The record before this one and this one as one header. A merged cell's title
 * stands in its first column and goes for those to the right that have none. */
static enum pen_status match_pair(struct pen_sheet_header *header, const struct pen_csv_field *upper_raw,
    size_t upper_count, struct pen_error *error)
{
	const struct pen_sheet_cells *upper = &header->above[header->count - 2], *lower = upper + 1;
	size_t count = upper_count > header->raw_count ? upper_count : header->raw_count, i;
	struct pen_csv_field *texts = pen_memory__take(header->arena, (count + 1) * sizeof(*texts));
	struct pen_csv_field *titles = pen_memory__take(header->arena, (count + 1) * sizeof(*titles));
	struct halves h = { .upper = { .s = "" }, .raw_upper = { .s = "" } };
	enum pen_status status;

	if (!texts || !titles)
		return pen_error__memory(error);
	for (i = 0; i < count; i++) {
		h.own = cell_at(upper, i).n > 0;
		if (h.own) {
			h.upper = cell_at(upper, i);
			h.raw_upper = raw_at(upper_raw, upper_count, i);
		}
		h.lower = cell_at(lower, i);
		h.raw_lower = raw_at(header->raw, header->raw_count, i);
		if (!choose(header, &h, &texts[i], &titles[i]))
			return pen_error__memory(error);
	}
	status = try_match(header, texts, count, upper->line, error);
	if (status == PEN_OK) {
		header->titles = titles;
		header->title_count = count;
		header->own = 2;
	}
	return status;
}

/* Keeps the fields as they stood. */
static enum pen_status keep_raw(struct pen_sheet_header *header, const struct pen_csv_field *fields, size_t count,
    struct pen_error *error)
{
	size_t i;

	header->raw = pen_memory__take(header->arena, (count + 1) * sizeof(*header->raw));
	header->raw_count = count;
	for (i = 0; header->raw && i < count; i++) {
		header->raw[i].s = pen_memory__copy(header->arena, fields[i].n ? fields[i].s : "", fields[i].n);
		header->raw[i].n = fields[i].n;
		if (!header->raw[i].s)
			return pen_error__memory(error);
	}
	return header->raw ? PEN_OK : pen_error__memory(error);
}

static enum pen_status take_record(struct pen_sheet_header *header, const struct pen_csv_field *fields,
    size_t count, long line, struct pen_error *error)
{
	const struct pen_csv_field *upper = header->raw;
	size_t upper_count = header->raw_count;
	enum pen_status status;
	bool pair = header->paired && upper_count <= COLUMNS_MOST && count <= COLUMNS_MOST;

	header->paired = true;
	status = keep_raw(header, fields, count, error);
	if (status == PEN_OK)
		status = pen_sheet_cells__read(&header->above[header->count++], header->decoder, header->arena,
		    fields, count, line, error);
	if (status != PEN_OK)
		return status;
	status = match_alone(header, count, error);
	if (status == PEN_OK) {
		header->titles = header->raw;
		header->title_count = count;
		header->own = 1;
	} else if (status == PEN_INPUT && pair) {
		status = match_pair(header, upper, upper_count, error);
	}
	return status;
}

enum pen_status pen_sheet_header__look(struct pen_sheet_header *header, const struct pen_csv_field *fields,
    size_t count, long line, struct pen_error *error)
{
	enum pen_status status;

	assert(!header->found && header->count < PEN_SHEET_ABOVE);
	status = take_record(header, fields, count, line, error);
	if (status == PEN_OK) {
		header->found = true;
		status = check_above(header, error);
		return status == PEN_OK ? check_units(header, error) : status;
	}
	if (status != PEN_INPUT)
		return status;
	return header->count < PEN_SHEET_ABOVE ? PEN_OK : pen_sheet_header__miss(header, error);
}

enum pen_status pen_sheet_header__keys(struct pen_sheet_header *header, const struct pen_csv_field *titles,
    size_t count, long line, struct pen_error *error)
{
	enum pen_status status = keep_raw(header, titles, count, error);

	if (status == PEN_OK)
		status = pen_header__match_keys(header->form, header->raw, count, header->given, &header->columns, error);
	if (status != PEN_OK)
		return pen_error__at(error, NULL, line, NULL);
	header->titles = header->raw;
	header->title_count = count;
	header->found = true;
	return PEN_OK;
}

void pen_sheet_header__blank(struct pen_sheet_header *header)
{
	header->paired = false;
}

enum pen_status pen_sheet_header__miss(const struct pen_sheet_header *header, struct pen_error *error)
{
	if (header->count == 0)
		return pen_error__set(error, PEN_INPUT, "input.empty",
		    _("there is nothing in it: expected a header with the columns of form %s, and rows below it"),
		    header->form->name);
	*error = header->why;
	return error->status;
}

bool pen_sheet_header__again(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells)
{
	int i;

	for (i = header->count - 1; i >= 0; i--) {
		if (pen_sheet_cells__same(&header->above[i], cells))
			return true;
	}
	return false;
}

/* Three titles that the form knows, or two and nothing else. */
static bool is_header(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells)
{
	size_t i;
	int known = 0, filled = 0;

	for (i = 0; i < cells->count; i++) {
		if (cells->cell[i].n == 0)
			continue;
		filled++;
		known += pen_form__called(header->form, cells->cell[i].s, cells->cell[i].n, NULL) >= 0;
	}
	return known >= 3 || (known == 2 && filled == 2);
}

/* The first column that is another than in the header; the last one of all if none
 * is. A half of a header of two lines need not say all. */
static size_t first_other(const struct pen_sheet_header *header, const struct pen_header *now)
{
	size_t i;
	int field;

	for (i = 0; i < COLUMNS_MOST; i++) {
		field = now->field_of[i];
		if (header->own == 2 && field < 0)
			continue;
		if (field != header->columns.field_of[i] || (field >= 0 && now->fen[field] != header->columns.fen[field]))
			break;
	}
	return i;
}

static const char *field_title(const struct pen_sheet_header *header, int field)
{
	return field >= 0 ? header->form->fields[field].title : _("none that the form knows");
}

enum pen_status pen_sheet_header__another(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells,
    struct pen_arena *arena, bool *again, struct pen_error *error)
{
	struct pen_csv_field *texts;
	struct pen_header now;
	enum pen_status status;
	size_t i;

	*again = false;
	if (cells->count > COLUMNS_MOST || !is_header(header, cells))
		return PEN_OK;
	texts = pen_memory__take(arena, cells->count * sizeof(*texts));
	if (!texts)
		return pen_error__memory(error);
	for (i = 0; i < cells->count; i++)
		texts[i] = cell_at(cells, i);
	status = pen_header__match_keys(header->form, texts, cells->count, header->given, &now, error);
	if (status != PEN_OK)
		return pen_error__at(error, NULL, cells->line, NULL);
	i = first_other(header, &now);
	*again = i == COLUMNS_MOST;
	if (*again)
		return PEN_OK;
	pen_error__set(error, PEN_INPUT, "header.another",
	    _("these are column titles again, and others: column %zu is %s here (\"%.*s\"), and %s by the titles on line %ld; expected the same columns throughout; bring what stands below this line in as a file of its own"),
	    i + 1, field_title(header, now.field_of[i]), i < cells->count ? (int)cells->cell[i].n : 0,
	    i < cells->count ? cells->cell[i].s : "", field_title(header, header->columns.field_of[i]),
	    header->count > 0 ? header->above[header->count - header->own].line : 1L);
	return pen_error__at(error, NULL, cells->line, NULL);
}
