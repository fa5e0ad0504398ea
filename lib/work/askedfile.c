#include "work/askedfile.h"

#include "adapter/json.h"
#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/field.h"
#include "work/formfile.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define FORM "application"
#define LARGEST ((size_t)64 << 20)
#define TEXT 4096	/* the longest value of a field, and more */

struct reading {
	const char *path;
	pen_askedfile_visit *visit;
	void *context;
	struct pen_arena *arena;
};

static const char *text_of(struct reading *reading, const struct pen_value *value)
{
	return value->type == PEN_STRING ? pen_memory__copy(reading->arena, value->s, value->n) : NULL;
}

static enum pen_status take_row(void *context, const struct pen_formfile_row *row, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_asked asked;

	if (pen_formfile__value(row, "value")->type != PEN_STRING)
		return PEN_OK;
	pen_memory__reset(reading->arena);
	asked = (struct pen_asked){
		.form = text_of(reading, pen_formfile__value(row, "form")),
		.id_number = text_of(reading, pen_formfile__value(row, "id_number")),
		.credit_code = text_of(reading, pen_formfile__value(row, "credit_code")),
		.field = text_of(reading, pen_formfile__value(row, "field")),
		.old = text_of(reading, pen_formfile__value(row, "old")),
		.value = text_of(reading, pen_formfile__value(row, "value")),
		.year = (int32_t)pen_formfile__value(row, "year")->i, .record = pen_formfile__value(row, "line")->i, .line = row->line,
	};
	if (asked.field == NULL || asked.value == NULL)
		return pen_error__memory(error);
	if (strcmp(asked.value, "-") == 0)
		asked.value = "";
	if (asked.old && strcmp(asked.old, "-") == 0)
		asked.old = "";
	return reading->visit(reading->context, &asked, error);
}

/* ----------------------------------------------------------------- JSON -- */

/* A scalar as the text that a cell would have; NULL: null. */
static enum pen_status scalar(const struct pen_json *node, char room[TEXT], const char **text, struct pen_error *error)
{
	int64_t number;

	*text = pen_json__string(node);
	if (*text == NULL && pen_json__integer(node, &number)) {
		snprintf(room, TEXT, "%" PRId64, number);
		*text = room;
	} else if (*text == NULL && (pen_json__first(node) || pen_json__is_true(node))) {
		return pen_error__set(error, PEN_INPUT, "amend.json", _("'%s' is no text and no whole number: write amounts as \"6500.00\""),
		    pen_json__key(node));
	}
	return PEN_OK;
}

static enum pen_status take_member(struct reading *reading, const struct pen_form *form, const struct pen_json *node,
    struct pen_value values[PEN_FIELDS_MOST], struct pen_error *error)
{
	const char *key = pen_json__key(node), *text;
	const int field = pen_form__called(form, key, strlen(key), NULL);
	char room[TEXT];
	struct pen_cell cell;

	if (field < 0)
		return pen_error__set(error, PEN_INPUT, "amend.json",
		    _("'%s' is no key of an application; pen-amend template -f json shows them"), key);
	if (scalar(node, room, &text, error) != PEN_OK)
		return error->status;
	if (text == NULL)
		return PEN_OK;
	pen_field__read(&form->fields[field], text, strlen(text), pen_date__today(), &cell);
	if (cell.rule != NULL) {
		pen_error__set(error, PEN_INPUT, cell.rule, _("found '%s', expected %s; nothing was entered"), cell.found, cell.expected);
		return pen_error__at(error, NULL, 0, form->fields[field].title);
	}
	values[field] = cell.value;
	if (cell.value.type == PEN_STRING && (values[field].s = pen_memory__copy(reading->arena, cell.value.s, cell.value.n)) == NULL)
		return pen_error__memory(error);
	return PEN_OK;
}

static enum pen_status take_object(struct reading *reading, const struct pen_form *form, const struct pen_json *object, long line,
    struct pen_error *error)
{
	struct pen_value values[PEN_FIELDS_MOST];
	const struct pen_formfile_row row = { .form = form, .values = values, .line = line };
	struct pen_arena *arena = pen_memory__arena();
	struct reading own = { reading->path, NULL, NULL, arena };
	const struct pen_json *node;
	enum pen_status status = arena ? PEN_OK : pen_error__memory(error);
	int i;

	for (i = 0; i < form->count; i++)
		values[i] = pen_value__null();
	for (node = pen_json__first(object); node && status == PEN_OK; node = pen_json__next(node))
		status = take_member(&own, form, node, values, error);
	if (status == PEN_OK && values[pen_form__field(form, "field")].type != PEN_STRING)
		status = pen_error__set(error, PEN_INPUT, "amend.json", _("an object has no \"field\": expected one for each field, as pen-amend template -f json shows"));
	if (status == PEN_OK)
		status = take_row(reading, &row, error);
	if (status != PEN_OK)
		pen_error__at(error, reading->path, line, NULL);
	pen_memory__drop(arena);
	return status;
}

static enum pen_status read_json(struct reading *reading, struct pen_error *error)
{
	const struct pen_json *rows, *object;
	struct pen_form *form = NULL;
	struct pen_json *root = NULL;
	char *bytes;
	size_t n;
	long line = 0;
	enum pen_status status = pen_file__load(reading->path, LARGEST, &bytes, &n, error);

	if (status != PEN_OK)
		return status;
	status = pen_json__parse(&root, bytes, n, error);
	if (status != PEN_OK)
		pen_error__at(error, reading->path, 0, NULL);
	else
		status = pen_settings__form(NULL, FORM, &form, NULL, error);
	rows = pen_json__member(root, "rows") ? pen_json__member(root, "rows") : root;
	for (object = pen_json__first(rows); object && status == PEN_OK; object = pen_json__next(object))
		status = take_object(reading, form, object, ++line, error);
	pen_form__free(form);
	pen_json__free(root);
	pen_memory__free(bytes);
	return status;
}

enum pen_status pen_askedfile__read(const char *path, pen_askedfile_visit *visit, void *context, struct pen_error *error)
{
	struct reading reading = { path, visit, context, pen_memory__arena() };
	const size_t n = strlen(path);
	enum pen_status status;

	if (reading.arena == NULL)
		return pen_error__memory(error);
	if (n > 5 && strcmp(path + n - 5, ".json") == 0)
		status = read_json(&reading, error);
	else
		status = pen_formfile__read(path, FORM, take_row, &reading, error);
	pen_memory__drop(reading.arena);
	return status;
}
