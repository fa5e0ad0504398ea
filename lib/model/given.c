#include "model/given.h"
#include "adapter/json.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* Takes a declaration in, in its place by the field's name; false: no memory. */
static bool put(struct pen_given_set *set, const char *field, const char *value)
{
	struct pen_given given;
	size_t i;

	if (!set->arena)
		set->arena = pen_memory__arena();
	if (!set->arena)
		return false;
	given.field = pen_memory__copy(set->arena, field, strlen(field));
	given.value = pen_memory__copy(set->arena, value, strlen(value));
	if (!given.field || !given.value)
		return false;
	for (i = set->count++; i > 0 && strcmp(set->at[i - 1].field, field) > 0; i--)
		set->at[i] = set->at[i - 1];
	set->at[i] = given;
	return true;
}

static bool has(const struct pen_given_set *set, const char *field)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (strcmp(set->at[i].field, field) == 0)
			return true;
	return false;
}

void pen_given__free(struct pen_given_set *set)
{
	pen_memory__drop(set->arena);
	*set = (struct pen_given_set){ .count = 0 };
}

/* ----------------------------------------------------------- as typed -- */

static bool is_named(const struct pen_field *field, const char *name, size_t n)
{
	const char *const names[] = { field->name, field->title, field->code };
	size_t i;
	int k;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i] && strlen(names[i]) == n && memcmp(names[i], name, n) == 0)
			return true;
	for (k = 0; k < field->titles; k++)
		if (strlen(field->other_titles[k]) == n && memcmp(field->other_titles[k], name, n) == 0)
			return true;
	return false;
}

static const struct pen_field *field_named(const struct pen_form *form, const char *name, size_t n)
{
	int i;

	for (i = 0; i < form->count; i++)
		if (is_named(&form->fields[i], name, n))
			return &form->fields[i];
	return NULL;
}

static enum pen_status read_one(struct pen_given_set *set, const struct pen_form *form, const char *text,
    int32_t today, struct pen_error *error)
{
	const char *equals = strchr(text, '=');
	const struct pen_field *field;
	struct pen_cell cell;

	if (!equals || equals == text)
		return pen_error__set(error, PEN_USAGE, "set.syntax",
		    _("--set \"%s\" declares nothing: write FIELD=VALUE, such as year=2024"), text);
	field = field_named(form, text, (size_t)(equals - text));
	if (!field)
		return pen_error__set(error, PEN_USAGE, "set.field",
		    _("form %s has no field \"%.*s\" to be declared: pen-import schema %s lists its fields"),
		    form->name, (int)(equals - text), text, form->name);
	if (has(set, field->name))
		return pen_error__set(error, PEN_USAGE, "set.twice",
		    _("the field %s is declared twice: once is enough, and two values cannot both hold"), field->name);
	pen_field__read(field, equals + 1, strlen(equals + 1), today, &cell);
	if (cell.rule)
		return pen_error__set(error, PEN_USAGE, "set.value",
		    _("the field %s cannot be \"%s\": expected %s (%s)"), field->name, equals + 1, cell.expected, cell.rule);
	return put(set, field->name, equals + 1) ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_given__read(struct pen_given_set *set, const struct pen_form *form,
    const char *const *texts, size_t count, int32_t today, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < count && status == PEN_OK; i++)
		status = read_one(set, form, texts[i], today, error);
	if (status != PEN_OK)
		pen_given__free(set);
	return status;
}

/* ------------------------------------------------------------ as kept -- */

enum pen_status pen_given__text(const struct pen_given_set *set, char *out, size_t room, struct pen_error *error)
{
	struct pen_text text = { 0 };
	enum pen_status status = PEN_OK;
	size_t i;

	pen_text__puts(&text, "{");
	for (i = 0; i < set->count; i++) {
		pen_text__puts(&text, i ? "," : "");
		pen_text__json(&text, set->at[i].field, strlen(set->at[i].field));
		pen_text__puts(&text, ":");
		pen_text__json(&text, set->at[i].value, strlen(set->at[i].value));
	}
	pen_text__puts(&text, "}");
	if (text.failed)
		status = pen_error__memory(error);
	else if (text.n >= room)
		status = pen_error__set(error, PEN_USAGE, "set.room",
		    _("the values declared with --set are too long: give the file columns for them"));
	else
		memcpy(out, text.s, text.n + 1);
	pen_text__free(&text);
	return status;
}

enum pen_status pen_given__parse(struct pen_given_set *set, const char *json, struct pen_error *error)
{
	struct pen_json *root = NULL;
	struct pen_error unread = { .status = PEN_OK };
	const struct pen_json *node;
	enum pen_status status = PEN_OK;
	bool fine;

	if (!json[0])
		return PEN_OK;
	fine = pen_json__parse(&root, json, strlen(json), &unread) == PEN_OK;
	for (node = fine ? pen_json__first(root) : NULL; node && fine && !status; node = pen_json__next(node)) {
		fine = pen_json__key(node) && pen_json__string(node) && set->count < PEN_FIELDS_MOST;
		if (fine && !put(set, pen_json__key(node), pen_json__string(node)))
			status = pen_error__memory(error);
	}
	pen_json__free(root);
	if (unread.status == PEN_SYSTEM) {
		*error = unread;
		status = error->status;
	} else if (!fine) {
		status = pen_error__set(error, PEN_INTEGRITY, "given.text",
		    _("what was declared for a batch cannot be read (%s): it was changed behind the tools' back; run pen-verify"), json);
	}
	if (status)
		pen_given__free(set);
	return status;
}
