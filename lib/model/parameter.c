#include "model/parameter.h"
#include "adapter/csv.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/parameter_name.h"

#include <stdlib.h>
#include <string.h>

#define LAST_MONTH 999912	/* stands for an end left open, when rows are compared */

enum column { NAME, AREA, CATEGORY, FROM, TO, VALUE, UNIT, SOURCE, VERIFIED, NOTE, COLUMNS };

static const char *const column_names[COLUMNS] = {
	"name", "area", "category", "valid_from", "valid_to", "value", "unit", "source", "verified", "note"
};

/* A row and where it came from. */
struct row { struct pen_parameter p; long line; };

/* Between two calls the rows are sorted by name, area, category and from, and
 * no two of one name, area and category share a month. Strings are in the
 * arena. */
struct pen_parameters {
	struct pen_arena *arena;
	struct row *rows;
	size_t count, room;
};

/* A table being added. */
struct adding { struct pen_parameters *parameters; const char *table; bool titled; };

struct pen_parameters *pen_parameter__new(void)
{
	struct pen_parameters *parameters = pen_memory__calloc(1, sizeof(*parameters));

	if (!parameters)
		return NULL;
	parameters->arena = pen_memory__arena();
	if (!parameters->arena) {
		pen_memory__free(parameters);
		return NULL;
	}
	return parameters;
}

void pen_parameter__free(struct pen_parameters *parameters)
{
	if (!parameters)
		return;
	pen_memory__free(parameters->rows);
	pen_memory__drop(parameters->arena);
	pen_memory__free(parameters);
}

/* ------------------------------------------------------ reading a row -- */

/* Where, what was found and what was expected. */
static enum pen_status refuse_in(const struct row *row, const char *column, struct pen_error *error,
    const char *found, const char *expected)
{
	pen_error__set(error, PEN_INPUT, "parameter.value",
	    _("\"%s\" cannot be; expected %s; correct the table"), found, expected);
	return pen_error__at(error, row->p.table, row->line, column);
}

static enum pen_status refuse(const struct row *row, enum column column, struct pen_error *error,
    const char *found, const char *expected)
{
	return refuse_in(row, column_names[column], error, found, expected);
}

static bool is_area(const char *s)
{
	return strlen(s) == 6 && strspn(s, "0123456789") == 6;
}

/* "" is 0: open. False: not a month. */
static bool read_month(const char *s, int32_t *month)
{
	*month = pen_date__parse_month(s, strlen(s));
	return *month || !*s;
}

/* The decimals that a unit keeps; -1: no such unit. */
static int unit_places(const char *unit)
{
	static const struct { const char *unit; int places; } units[] = {
		{ "percent", 4 }, { "yuan", 2 }, { "count", 0 }, { "fen", 0 }, { "fen/month", 3 },
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].unit) == 0)
			return units[i].places;
	}
	return -1;
}

/* "1 2 3 4 5": days, of a week or of a month. */
static bool is_days(const char *s)
{
	char *end;
	long day;

	do {
		day = *s >= '0' && *s <= '9' ? strtol(s, &end, 10) : 0;
		if (day < 1 || day > 31)
			return false;
		s = end;
	} while (*s++ == ' ');
	return s[-1] == '\0';
}

/* The number that the text is in its unit; a text stays one. */
static enum pen_status read_value(struct row *row, struct pen_error *error)
{
	int places = unit_places(row->p.unit);

	if (!*row->p.text)
		return refuse(row, VALUE, error, "", _("a value"));
	if (strncmp(row->p.name, PEN_WORKDAY, strlen(PEN_WORKDAY)) == 0 &&
	    (strcmp(row->p.unit, "text") != 0 || !is_days(row->p.text)))
		return refuse(row, VALUE, error, row->p.text, _("a text of days with blanks between them, such as 1 2 3"));
	if (strcmp(row->p.unit, "text") == 0)
		return PEN_OK;
	if (places < 0)
		return refuse(row, UNIT, error, row->p.unit,
		    _("percent, yuan, count, fen, fen/month or text"));
	if (pen_money__decimal(row->p.text, strlen(row->p.text), places, &row->p.value) != PEN_DECIMAL_OK)
		return refuse(row, VALUE, error, row->p.text,
		    _("a plain number with no more decimals than its unit has"));
	return PEN_OK;
}

/* Column by column, as far as the first that cannot be. */
static enum pen_status read_row(struct row *row, const char *const *text, struct pen_error *error)
{
	struct pen_parameter *p = &row->p;

	p->name = text[NAME];
	p->area = text[AREA];
	p->category = text[CATEGORY];
	p->text = text[VALUE];
	p->unit = text[UNIT];
	p->source = text[SOURCE];
	p->verified = text[VERIFIED];
	if (!*p->name)
		return refuse(row, NAME, error, "", _("the name of a parameter"));
	if (!is_area(p->area))
		return refuse(row, AREA, error, p->area, _("6 digits, 000000 for the country"));
	if (!read_month(text[FROM], &p->from))
		return refuse(row, FROM, error, text[FROM], _("a month as YYYY-MM, or nothing"));
	if (!read_month(text[TO], &p->to) || (p->to && p->to < p->from))
		return refuse(row, TO, error, text[TO], _("a month as YYYY-MM not before valid_from, or nothing"));
	/* Figures that nobody can trace are not let in. */
	if (!*p->source)
		return refuse(row, SOURCE, error, "", _("where the figure stands"));
	if (!*p->verified)
		return refuse(row, VERIFIED, error, "", _("yes, or what is in doubt"));
	return read_value(row, error);
}

/* The first line has to be the titles: columns in another order would be read
 * as something else. */
static enum pen_status check_titles(const char *const *text, const struct row *row, struct pen_error *error)
{
	int i;

	for (i = 0; i < COLUMNS; i++) {
		if (strcmp(text[i], column_names[i]) != 0)
			return refuse(row, (enum column)i, error, text[i],
			    _("the titles name,area,category,valid_from,valid_to,value,unit,source,verified,note"));
	}
	return PEN_OK;
}

/* Room for one more, not counted yet; NULL: no memory. */
static struct row *new_row(struct pen_parameters *parameters)
{
	struct row *rows = parameters->rows;

	if (parameters->count == parameters->room) {
		rows = pen_memory__realloc(rows, parameters->room * 2 + 64, sizeof(*rows));
		if (!rows)
			return NULL;
		parameters->rows = rows;
		parameters->room = parameters->room * 2 + 64;
	}
	return memset(&rows[parameters->count], 0, sizeof(*rows));
}

/* A record of the table, from the CSV reader. */
static enum pen_status take_record(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct adding *adding = context;
	struct pen_parameters *parameters = adding->parameters;
	const char *text[COLUMNS];
	enum pen_status status;
	struct row *row;
	size_t i;

	(void)byte;
	if (count == 0)
		return PEN_OK;
	if (count != COLUMNS) {
		pen_error__set(error, PEN_INPUT, "parameter.columns",
		    _("%zu columns; expected %d (name,area,category,valid_from,valid_to,value,unit,source,verified,note); correct the table"),
		    count, COLUMNS);
		return pen_error__at(error, adding->table, line, NULL);
	}
	row = new_row(parameters);
	for (i = 0; row && i < COLUMNS; i++) {
		text[i] = pen_memory__copy(parameters->arena, fields[i].s, fields[i].n);
		if (!text[i])
			row = NULL;
	}
	if (!row)
		return pen_error__memory(error);
	row->p.table = adding->table;
	row->line = line;
	if (!adding->titled) {
		adding->titled = true;
		return check_titles(text, row, error);
	}
	status = read_row(row, text, error);
	if (status == PEN_OK)
		parameters->count++;
	return status;
}

/* -------------------------------------------------- sorting and finding -- */

/* By name, area and category. */
static int compare_keys(const struct pen_parameter *p, const char *name, const char *area,
    const char *category)
{
	int order = strcmp(p->name, name);

	if (order == 0)
		order = strcmp(p->area, area);
	return order ? order : strcmp(p->category, category);
}

/* For qsort: an open beginning is 0 and so comes first. */
static int compare_rows(const void *a, const void *b)
{
	const struct pen_parameter *p = &((const struct row *)a)->p, *q = &((const struct row *)b)->p;
	int order = compare_keys(p, q->name, q->area, q->category);

	return order ? order : (p->from > q->from) - (p->from < q->from);
}

/* Looks at neighbours in the sorted rows, where an overlap must show. */
static enum pen_status check_overlaps(const struct pen_parameters *parameters, struct pen_error *error)
{
	const struct row *a, *b;
	size_t i;

	for (i = 1; i < parameters->count; i++) {
		a = &parameters->rows[i - 1];
		b = &parameters->rows[i];
		if (compare_keys(&a->p, b->p.name, b->p.area, b->p.category) != 0)
			continue;
		if (b->p.from > (a->p.to ? a->p.to : LAST_MONTH))
			continue;
		pen_error__set(error, PEN_INPUT, "parameter.overlap",
		    _("%s for area %s, category \"%s\", is given here and at %s:%ld for the same months; expected one value a month; end the one before the other begins"),
		    b->p.name, b->p.area, b->p.category, a->p.table, a->line);
		return pen_error__at(error, b->p.table, b->line, column_names[FROM]);
	}
	return PEN_OK;
}

enum pen_status pen_parameter__add(struct pen_parameters *parameters, const char *table_name,
    const char *csv, size_t n, struct pen_error *error)
{
	struct adding adding = { parameters, NULL, false };
	struct pen_csv *parser = NULL;
	enum pen_status status;

	adding.table = pen_memory__copy(parameters->arena, table_name, strlen(table_name));
	if (!adding.table)
		return pen_error__memory(error);
	/* A byte order mark is what a spreadsheet leaves. */
	if (n >= 3 && memcmp(csv, "\xef\xbb\xbf", 3) == 0) {
		csv += 3;
		n -= 3;
	}
	status = pen_csv__open(&parser, ',', take_record, &adding, error);
	if (status == PEN_OK)
		status = pen_csv__feed(parser, csv, n, error);
	if (status == PEN_OK)
		status = pen_csv__finish(parser, error);
	pen_csv__close(parser);
	if (status == PEN_OK && !adding.titled)
		status = pen_error__set(error, PEN_INPUT, "parameter.columns",
		    _("the table is empty; expected at least its line of titles"));
	if (status != PEN_OK) {
		/* What the CSV reader itself refuses has a line, but no name yet. */
		return status == PEN_INPUT ? pen_error__at(error, adding.table, 0, NULL) : status;
	}
	if (parameters->count > 1)
		qsort(parameters->rows, parameters->count, sizeof(*parameters->rows), compare_rows);
	return check_overlaps(parameters, error);
}

enum pen_status pen_parameter__check(const struct pen_parameters *parameters, const char *table_name,
    struct pen_error *error)
{
	const struct row *row, *first = NULL;
	const char *column, *found;
	char expected[160];
	size_t i;

	/* They are sorted by name: what is told is the first of the table's own lines. */
	for (i = 0; i < parameters->count; i++) {
		row = &parameters->rows[i];
		if (strcmp(row->p.table, table_name) == 0 && (!first || row->line < first->line) &&
		    !pen_parameter_name__fits(&row->p, &column, &found, expected))
			first = row;
	}
	if (!first || pen_parameter_name__fits(&first->p, &column, &found, expected))
		return PEN_OK;
	return refuse_in(first, column, error, found, expected);
}

bool pen_parameter__name_digest(struct pen_parameters *parameters, const char *table_name, const char *digest)
{
	const char *copy = pen_memory__copy(parameters->arena, digest, strlen(digest));
	size_t i;

	for (i = 0; copy && i < parameters->count; i++) {
		if (strcmp(parameters->rows[i].p.table, table_name) == 0)
			parameters->rows[i].p.digest = copy;
	}
	return copy != NULL;
}

/* The row in force: the last that begins in `month` or before it, if it has not
 * ended. */
static const struct pen_parameter *find_exactly(const struct pen_parameters *parameters, const char *name,
    const char *area, const char *category, int32_t month)
{
	size_t low = 0, high = parameters->count, middle;
	const struct pen_parameter *p;
	int order;

	/* rows[0..low) come before or begin by then, rows[high..) come after. */
	while (low < high) {
		middle = low + (high - low) / 2;
		p = &parameters->rows[middle].p;
		order = compare_keys(p, name, area, category);
		if (order < 0 || (order == 0 && p->from <= month))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	p = &parameters->rows[low - 1].p;
	if (compare_keys(p, name, area, category) != 0 || (p->to && p->to < month))
		return NULL;
	return p;
}

const struct pen_parameter *pen_parameter__find(const struct pen_parameters *parameters,
    const char *name, const char *area, const char *category, int32_t month)
{
	char narrow[] = "000000", before[] = "------";
	const struct pen_parameter *p = NULL;
	int n = (int)strnlen(area, 6), digits;

	/* The area's own code, then 4, 2 and none of its digits. */
	for (digits = 6; !p && digits >= 0; digits -= 2) {
		memset(narrow, '0', 6);
		memcpy(narrow, area, (size_t)(n < digits ? n : digits));
		if (memcmp(narrow, before, 6) == 0)
			continue;
		memcpy(before, narrow, 6);
		if (category && *category)
			p = find_exactly(parameters, name, narrow, category, month);
		if (!p)
			p = find_exactly(parameters, name, narrow, "", month);
	}
	return p;
}

enum pen_status pen_parameter__need(const struct pen_parameters *parameters, const char *name, const char *area,
    const char *category, int32_t month, const struct pen_parameter **found, struct pen_error *error)
{
	char text[8];

	*found = pen_parameter__find(parameters, name, area, category, month);
	if (*found)
		return PEN_OK;
	return pen_error__refuse(error, "R4.3.1d", "parameter.missing",
	    _("there is no parameter %s%s%s for %s, agency %s: put the published figure in force with pen-admin param load"), name,
	    category ? " " : "", category ? category : "", pen_date__format_month(month, text), area);
}

enum pen_status pen_parameter__choose(const struct pen_parameters *parameters, const char *name, const char *area,
    int32_t month, const char *const *words, const struct pen_parameter **found, int *which, struct pen_error *error)
{
	char expected[128] = "";
	size_t n = 0;

	if (pen_parameter__need(parameters, name, area, NULL, month, found, error) != PEN_OK)
		return error->status;
	for (*which = 0; words[*which]; ++*which) {
		if (strcmp((*found)->text, words[*which]) == 0)
			return PEN_OK;
		if (n < sizeof(expected))
			n += (size_t)snprintf(expected + n, sizeof(expected) - n, "%s%s", *which ? ", " : "", words[*which]);
	}
	return pen_error__refuse(error, "R4.3.1d", "parameter.value",
	    _("parameter %s is \"%s\", expected %s: load the table corrected with pen-admin param load"), name, (*found)->text, expected);
}
