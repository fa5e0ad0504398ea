#include "model/amended.h"
#include "adapter/json.h"
#include "base/error.h"
#include "model/field.h"
#include "model/months.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* ---------------------------------------------------------------- lists -- */

static bool keep(struct pen_amendeds *list, struct pen_value *value)
{
	if (value->type != PEN_STRING && value->type != PEN_BYTES)
		return true;
	value->s = pen_memory__copy(list->arena, value->n ? value->s : "", value->n);
	return value->s != NULL;
}

static struct pen_amended *add(struct pen_amendeds *list)
{
	struct pen_amended *grown;

	if (!list->arena)
		list->arena = pen_memory__arena();
	if (!list->arena)
		return NULL;
	if (list->count == list->room) {
		grown = pen_memory__realloc(list->at, list->room ? list->room * 2 : 16, sizeof(*grown));
		if (!grown)
			return NULL;
		list->at = grown;
		list->room = list->room ? list->room * 2 : 16;
	}
	list->at[list->count] = (struct pen_amended){ .folio = 0 };
	return &list->at[list->count++];
}

struct pen_amended *pen_amended__standing(struct pen_amendeds *list, const char *form, int64_t folio,
    int64_t employer, int32_t period, const struct pen_row *row)
{
	struct pen_amended *record = add(list);
	int i;

	if (!record)
		return NULL;
	record->kind = row->kind;
	snprintf(record->form, sizeof(record->form), "%s", form);
	record->folio = folio;
	record->employer = employer;
	record->period = period;
	record->old = *row;
	for (i = 0; i < row->kind->count; i++) {
		if (!keep(list, &record->old.v[i])) {
			list->count--;
			return NULL;
		}
	}
	record->new = record->old;
	return record;
}

/* Where nothing told is a value of its own: what a file says by saying nothing. */
static bool usual(const struct pen_kind *kind, int column, int64_t *value)
{
	*value = kind->id == PEN_KIND_CONTRIBUTION && column == PEN_CONTRIBUTION_KIND ? PEN_NORMAL : 0;
	switch (kind->id) {
	case PEN_KIND_CONTRIBUTION:
		return column == PEN_CONTRIBUTION_KIND;
	case PEN_KIND_REGISTRATION:
		return column == PEN_REGISTRATION_DEEMED_MONTHS;
	case PEN_KIND_EMPLOYER:
		return column == PEN_EMPLOYER_NEWLY_COVERED;
	case PEN_KIND_OPENING:
		return column >= PEN_OPENING_PERSONAL_INTEREST && column <= PEN_OPENING_UNIT_INTEREST;
	default:
		return false;
	}
}

struct pen_amended *pen_amended__missing(struct pen_amendeds *list, const struct pen_form *form, int64_t subject,
    int64_t employer, int32_t period)
{
	struct pen_amended *record = add(list);
	int64_t value;
	int i;

	if (!record)
		return NULL;
	record->kind = form->kind;
	snprintf(record->form, sizeof(record->form), "%s", form->name);
	record->employer = employer;
	record->period = period;
	record->new.kind = form->kind;
	for (i = 0; i < form->kind->count; i++)
		record->new.v[i] = usual(form->kind, i, &value) ? pen_value__integer(value) : pen_value__null();
	record->new.v[PEN_SUBJECT] = pen_value__integer(subject);
	if (form->kind->id == PEN_KIND_OPENING)
		record->new.v[PEN_OPENING_YEAR] = pen_value__integer(period);
	return record;
}

void pen_amended__free(struct pen_amendeds *list)
{
	pen_memory__free(list->at);
	pen_memory__drop(list->arena);
	*list = (struct pen_amendeds){ .count = 0 };
}

const struct pen_kind *pen_amended__kind(const char *form)
{
	static const struct { const char *form; enum pen_kind_id kind; } kinds[] = {
		{ "breakdown", PEN_KIND_CONTRIBUTION }, { "registration", PEN_KIND_REGISTRATION },
		{ "employer", PEN_KIND_EMPLOYER }, { "opening", PEN_KIND_OPENING },
		{ "retirement", PEN_KIND_RETIREMENT }, { "benefit-supplement", PEN_KIND_RETIREMENT },
		{ "settlement", PEN_KIND_MOVEMENT } };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(form, kinds[i].form) == 0)
			return pen_kind__of(kinds[i].kind);
	return NULL;
}

bool pen_amended__is_form(const char *form)
{
	const struct pen_kind *kind = pen_amended__kind(form);

	return kind && kind->id != PEN_KIND_MOVEMENT;
}

/* --------------------------------------------------------------- fields -- */

/* What a record is found by, in any of the forms, by the form's own names. The name
 * of a person stands in registrations and retirements, that of an employer in its
 * record; beside a contribution or a balance it only says whose they are. */
static bool is_key(const struct pen_form *form, const char *field)
{
	static const char *const keys[] = { "id_number", "credit_code", "year", "unit_number", "id_checked" };
	bool stored = form->kind->id != PEN_KIND_CONTRIBUTION && form->kind->id != PEN_KIND_OPENING;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(field, keys[i]) == 0)
			return true;
	return !stored && strcmp(field, "name") == 0;
}

/* The column that a field goes to: of its name, or of that in fen; -1: several, or none. */
static int column_of(const struct pen_kind *kind, const char *field)
{
	size_t n = strlen(field);
	int i;

	if (kind->id == PEN_KIND_CONTRIBUTION && strcmp(field, "month_list") == 0)
		return PEN_CONTRIBUTION_MONTHS;
	for (i = PEN_LINE + 1; i < kind->count; i++) {
		const char *name = kind->columns[i].name;

		if (strncmp(name, field, n) == 0 && (!name[n] || strcmp(name + n, "_fen") == 0))
			return i;
	}
	return -1;
}

static enum pen_status find_field(const struct pen_form *form, const char *name, int *at, bool *fen, struct pen_error *error)
{
	*at = pen_form__called(form, name, strlen(name), fen);
	if (*at < 0)
		return pen_error__set(error, PEN_INPUT, "amend.field",
		    _("form %s has no field \"%s\": pen-import schema %s lists its fields"), form->name, name, form->name);
	if (is_key(form, form->fields[*at].name))
		return pen_error__refuse(error, "R5.1", "amend.key",
		    _("the field %s (%s) is what a record is found by and is not amended: amend the values of the record that it names"),
		    form->fields[*at].name, form->fields[*at].title);
	return PEN_OK;
}

static enum pen_status bad_value(const struct pen_field *field, const char *found, const char *expected, struct pen_error *error)
{
	pen_error__set(error, PEN_INPUT, "amend.value", _("found \"%s\", expected %s: give the value as the form has it"),
	    found, expected);
	snprintf(error->clause, sizeof(error->clause), "R5.1");
	return pen_error__at(error, NULL, 0, field->title);
}

static enum pen_status read_text(const struct pen_field *field, bool fen, const char *text, int32_t today,
    struct pen_cell *cell, struct pen_error *error)
{
	struct pen_field asked = *field;

	asked.fen = fen;
	pen_field__read(&asked, text, strlen(text), today, cell);
	return cell->rule ? bad_value(field, text, cell->expected, error) : PEN_OK;
}

/* ----------------------------------------------------------- some columns -- */

/* 用工类别 says how somebody pays, and of women their status; the record keeps them
 * apart. */
static void set_category(struct pen_amended *record, const struct pen_value *category)
{
	const char *status = NULL, *payer = "employee";

	if (strcmp(category->s, "female-cadre") == 0)
		status = "cadre";
	else if (strcmp(category->s, "female-worker") == 0)
		status = "worker";
	else if (strcmp(category->s, "flexible") == 0)
		payer = "flexible";
	record->new.v[PEN_REGISTRATION_STATUS] = status ? pen_value__string(status, strlen(status)) : pen_value__null();
	record->new.v[PEN_REGISTRATION_PAYER] = pen_value__string(payer, strlen(payer));
}

static int lowest(int64_t months)
{
	int i;

	for (i = 0; i < 12; i++)
		if (months & 1 << i)
			return i + 1;
	return 1;
}

/* Months told by how many: consecutive from the first that is told, or that the row
 * had, or January; assumed unless the first is told, or they are all twelve. A set
 * of none is one that does not fit into the year. */
static void lay_months(struct pen_amended *record)
{
	int64_t had = record->old.kind ? record->old.v[PEN_CONTRIBUTION_MONTHS].i : 0;
	int count = record->count ? record->count : pen_months__count((int32_t)had);
	int first = record->first ? record->first : lowest(had);
	int32_t set = record->first ? pen_months__span(first, count) : pen_months__lay(first, count, 0);

	record->new.v[PEN_CONTRIBUTION_MONTHS] = pen_value__integer(set);
	record->new.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(!record->first && count != 12);
}

enum { OF_CATEGORY = 1U << PEN_REGISTRATION_STATUS | 1U << PEN_REGISTRATION_PAYER,
	OF_MONTHS = 1U << PEN_CONTRIBUTION_MONTHS | 1U << PEN_CONTRIBUTION_MONTHS_ASSUMED };

static bool is(const struct pen_amended *record, enum pen_kind_id kind, const struct pen_field *field, const char *name)
{
	return record->kind->id == kind && strcmp(field->name, name) == 0;
}

/* A value of the column's type: choices come as text, numbers are stored as such. */
static struct pen_value typed(const struct pen_kind *kind, int column, const struct pen_value *value)
{
	enum pen_column_type type = kind->columns[column].type;
	int64_t number = 0;

	if (value->type == PEN_NULL && usual(kind, column, &number))
		return pen_value__integer(number);
	if (value->type == PEN_STRING && (type == PEN_COLUMN_NUMBER || type == PEN_COLUMN_FLAG))
		return pen_value__integer(strtoll(value->s, NULL, 10));
	return *value;
}

/* The columns that a field asks for, with their values; 0: none. */
static uint32_t take(struct pen_amended *record, const struct pen_field *field, const struct pen_value *value)
{
	bool counts = is(record, PEN_KIND_CONTRIBUTION, field, "months");
	int column;

	if (is(record, PEN_KIND_REGISTRATION, field, "category")) {
		set_category(record, value);
		return OF_CATEGORY;
	}
	if (counts || is(record, PEN_KIND_CONTRIBUTION, field, "first_month")) {
		*(counts ? &record->count : &record->first) = (int)value->i;
		lay_months(record);
		return OF_MONTHS;
	}
	column = column_of(record->kind, field->name);
	if (column < 0)
		return 0;
	record->new.v[column] = typed(record->kind, column, value);
	if (is(record, PEN_KIND_CONTRIBUTION, field, "month_list")) {
		record->new.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(0);
		return OF_MONTHS;
	}
	return 1U << column;
}

/* Fields that may be told beside each other: how many months, and from which on. */
static bool beside(const struct pen_amended *before, const struct pen_field *field)
{
	return (is(before, PEN_KIND_CONTRIBUTION, field, "months") && before->first && !before->count) ||
	    (is(before, PEN_KIND_CONTRIBUTION, field, "first_month") && before->count && !before->first);
}

/* ------------------------------------------------------------------ set -- */

/* The record with the field in it, in *changed; its new strings lie in `cell`. */
static enum pen_status ask(const struct pen_amended *record, const struct pen_form *form, const char *name,
    const char *text, int32_t today, struct pen_amended *changed, struct pen_cell *cell, struct pen_error *error)
{
	const struct pen_field *field;
	enum pen_status status;
	uint32_t columns;
	bool fen;
	int at;

	assert(form->kind == record->kind);
	status = find_field(form, name, &at, &fen, error);
	if (status != PEN_OK)
		return status;
	field = &form->fields[at];
	status = read_text(field, fen, text, today, cell, error);
	if (status != PEN_OK)
		return status;
	*changed = *record;
	if (cell->value.type == PEN_NULL && (field->required || field->type == PEN_FIELD_MONTHS ||
	    is(record, PEN_KIND_CONTRIBUTION, field, "months") || is(record, PEN_KIND_CONTRIBUTION, field, "first_month")))
		return bad_value(field, "", _("a value"), error);
	columns = take(changed, field, &cell->value);
	if (!columns)
		return pen_error__set(error, PEN_INPUT, "amend.field",
		    _("the field %s of form %s is not stored as such: months are amended by month_list (1-6,9), or by months and first_month"),
		    field->name, form->name);
	if ((record->set & columns) && !beside(record, field)) {
		pen_error__set(error, PEN_INPUT, "amend.twice", _("the field is asked for twice: once is enough, and two values cannot both hold"));
		return pen_error__at(error, NULL, 0, field->title);
	}
	changed->set |= columns;
	return PEN_OK;
}

enum pen_status pen_amended__set(struct pen_amendeds *list, struct pen_amended *record, const struct pen_form *form,
    const char *field, const char *text, int32_t today, struct pen_error *error)
{
	struct pen_amended changed;
	struct pen_cell cell;
	enum pen_status status = ask(record, form, field, text, today, &changed, &cell, error);
	int i;

	if (status != PEN_OK)
		return status;
	for (i = 0; i < changed.kind->count; i++)
		if ((changed.set & ~record->set & 1U << i) && !keep(list, &changed.new.v[i]))
			return pen_error__memory(error);
	*record = changed;
	return PEN_OK;
}

enum pen_status pen_amended__tells(const struct pen_amended *record, const struct pen_form *form, const char *field,
    const char *text, int32_t today, bool *same, struct pen_error *error)
{
	struct pen_amended asked = *record, changed;
	struct pen_cell cell;
	enum pen_status status;
	int i;

	asked.new = record->old;
	asked.set = 0;
	asked.count = asked.first = 0;
	*same = false;
	if (!record->old.kind)
		return PEN_OK;
	status = ask(&asked, form, field, text, today, &changed, &cell, error);
	if (status != PEN_OK)
		return status;
	*same = true;
	/* A number of months is told whichever months they are. */
	if (changed.count)
		*same = pen_months__count((int32_t)changed.new.v[PEN_CONTRIBUTION_MONTHS].i) ==
		    pen_months__count((int32_t)record->old.v[PEN_CONTRIBUTION_MONTHS].i);
	for (i = 0; i < record->kind->count && !changed.count; i++)
		if ((changed.set & 1U << i) && (record->kind->id != PEN_KIND_CONTRIBUTION || i != PEN_CONTRIBUTION_MONTHS_ASSUMED))
			*same = *same && pen_value__equal(&changed.new.v[i], &record->old.v[i]);
	return PEN_OK;
}

/* -------------------------------------------------------------- scalars -- */

void pen_amended__scalar(struct pen_text *out, const struct pen_value *value)
{
	if (value->type == PEN_NULL)
		pen_text__puts(out, "null");
	else if (value->type == PEN_INTEGER)
		pen_text__number(out, value->i);
	else
		pen_text__json(out, value->s, value->n);
}

static bool read_number(const char *text, size_t n, int64_t *number)
{
	size_t i = n && text[0] == '-' ? 1 : 0, digits = n - i;
	char copy[24], *end;

	if (digits < 1 || n >= sizeof(copy) || (text[i] == '0' && n > 1))
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	errno = 0;
	*number = strtoll(copy, &end, 10);
	return errno == 0 && *end == '\0' && copy[i] >= '0' && copy[i] <= '9';
}

static enum pen_status read_string(struct pen_arena *arena, const char *text, size_t n, struct pen_value *value,
    struct pen_error *error)
{
	struct pen_json *root = NULL;
	enum pen_status status = pen_json__parse(&root, text, n, error);
	const char *s = pen_json__string(root);
	char *copy;

	if (status != PEN_OK || !s) {
		pen_json__free(root);
		return status != PEN_OK ? status : PEN_INPUT;
	}
	copy = pen_memory__copy(arena, s, strlen(s));
	if (copy)
		*value = pen_value__string(copy, strlen(copy));
	pen_json__free(root);
	return copy ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_amended__value(struct pen_arena *arena, const char *text, size_t n, struct pen_value *value,
    struct pen_error *error)
{
	enum pen_status status = PEN_INPUT;
	int64_t number;

	*value = pen_value__null();
	if (n == 4 && memcmp(text, "null", 4) == 0)
		return PEN_OK;
	if (n && text[0] == '"')
		status = read_string(arena, text, n, value, error);
	else if (read_number(text, n, &number)) {
		*value = pen_value__integer(number);
		status = PEN_OK;
	}
	if (status != PEN_INPUT)
		return status;
	return pen_error__set(error, PEN_INTEGRITY, "amend.scalar",
	    _("a value of a case cannot be read (%.*s): it was changed behind the tools' back; run pen-verify"),
	    n > 80 ? 80 : (int)n, text);
}

/* -------------------------------------------------------------- months -- */

int64_t pen_amended__first_month(const struct pen_row *row, int32_t period)
{
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;
	int64_t year = row->v[PEN_CONTRIBUTION_FOR_YEAR].i ? row->v[PEN_CONTRIBUTION_FOR_YEAR].i : period;

	if (!row->kind || row->v[PEN_CONTRIBUTION_KIND].i != PEN_NORMAL || months <= 0)
		return 0;
	if (row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i)
		return year * 100 + 13 - pen_months__count(months);
	return year * 100 + __builtin_ctz((unsigned)months) + 1;
}
