#include "model/form.h"
#include "adapter/json.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "model/title_unit.h"

#include <string.h>
#include <strings.h>

#define TITLE_ROOM 256		/* a longer title is none that a form knows */

/* A form and the arena that it and all its strings are in. */
struct kept_form { struct pen_form form; struct pen_arena *arena; };

/* What the reading functions hand to each other. */
struct reader { struct pen_form *form; struct pen_arena *arena; struct pen_error *error; };

/* ------------------------------------------------------------ reading -- */

/* Copies a string; one that is missing, or no string, gives NULL. */
static enum pen_status take_string(struct reader *r, const struct pen_json *node, const char **out)
{
	const char *s = pen_json__string(node);

	*out = s ? pen_memory__copy(r->arena, s, strlen(s)) : NULL;
	return s && !*out ? pen_error__memory(r->error) : PEN_OK;
}

/* The same for one that has to be there. */
static enum pen_status need_string(struct reader *r, const struct pen_json *object, const char *key,
    const char *where, const char **out)
{
	const struct pen_json *node = pen_json__member(object, key);

	if (!pen_json__string(node) || !pen_json__string(node)[0])
		return pen_error__set(r->error, PEN_INPUT, "form.key",
		    _("the form's schema: %s has no \"%s\"; expected a text; add it"), where, key);
	return take_string(r, node, out);
}

/* Keys of our own that nobody knows are slips of the pen, and a slip in
 * "pen:values" would let anything in. */
static enum pen_status check_keys(struct reader *r, const struct pen_json *object, const char *where,
    const char *const *known, size_t count)
{
	const struct pen_json *node;
	const char *key;
	size_t i;

	for (node = pen_json__first(object); node; node = pen_json__next(node)) {
		key = pen_json__key(node);
		if (!key || strncmp(key, "pen:", 4) != 0)
			continue;
		for (i = 0; i < count && strcmp(key, known[i]) != 0; i++)
			;
		if (i == count)
			return pen_error__set(r->error, PEN_INPUT, "form.key",
			    _("the form's schema: %s has an unknown key \"%s\"; see pen-forms(5) for those there are"),
			    where, key);
	}
	return PEN_OK;
}

/* "pen:values": what the cell says, and what it stands for. */
static enum pen_status read_values(struct reader *r, const struct pen_json *values, struct pen_field *field)
{
	size_t count = pen_json__count(values);
	const struct pen_json *node = pen_json__first(values);
	struct pen_choice *choice = pen_memory__take(r->arena, (count ? count : 1) * sizeof(*choice));
	const char *key;

	if (!choice)
		return pen_error__memory(r->error);
	field->choice = choice;
	field->type = PEN_FIELD_CHOICE;
	for (; node; node = pen_json__next(node), choice++, field->choices++) {
		key = pen_json__key(node);
		if (!key || !key[0] || !pen_json__string(node))
			return pen_error__set(r->error, PEN_INPUT, "form.values",
			    _("the form's schema: field %s: \"pen:values\" is not {\"what the cell says\": \"what it stands for\", …}; correct it"),
			    field->name);
		choice->from = pen_memory__copy(r->arena, key, strlen(key));
		if (!choice->from || take_string(r, node, &choice->to) != PEN_OK)
			return pen_error__memory(r->error);
	}
	return PEN_OK;
}

/* A boolean's choices are Table Schema's own trueValues and falseValues. */
static enum pen_status read_boolean(struct reader *r, const struct pen_json *node, struct pen_field *field)
{
	const struct pen_json *yes = pen_json__member(node, "trueValues");
	const struct pen_json *no = pen_json__member(node, "falseValues"), *value;
	struct pen_choice *choice;
	enum pen_status status;
	int side;

	if (!pen_json__count(yes) || !pen_json__count(no))
		return pen_error__set(r->error, PEN_INPUT, "form.values",
		    _("the form's schema: field %s is a boolean without \"trueValues\" and \"falseValues\"; add them"),
		    field->name);
	choice = pen_memory__take(r->arena, (pen_json__count(yes) + pen_json__count(no)) * sizeof(*choice));
	if (!choice)
		return pen_error__memory(r->error);
	field->choice = choice;
	field->type = PEN_FIELD_CHOICE;
	for (side = 1; side >= 0; side--) {
		for (value = pen_json__first(side ? yes : no); value; value = pen_json__next(value)) {
			status = take_string(r, value, &choice->from);
			if (status != PEN_OK)
				return status;
			if (!choice->from)
				return pen_error__set(r->error, PEN_INPUT, "form.values",
				    _("the form's schema: field %s: what stands for true and false are texts; put them in quotes"),
				    field->name);
			choice->to = side ? "1" : "0";
			choice++;
			field->choices++;
		}
	}
	return PEN_OK;
}

/* The type, from Table Schema's and, where that is wider, from "pen:type". */
static enum pen_status read_type(struct reader *r, const struct pen_json *node, struct pen_field *field)
{
	static const struct { const char *name; bool pen; enum pen_field_type type; } types[] = {
		{ "string", false, PEN_FIELD_TEXT }, { "boolean", false, PEN_FIELD_CHOICE },
		{ "date", false, PEN_FIELD_DATE }, { "year", false, PEN_FIELD_YEAR },
		{ "integer", false, PEN_FIELD_INTEGER }, { "number", false, PEN_FIELD_MONEY },
		{ "yearmonth", false, PEN_FIELD_MONTH }, { "period", true, PEN_FIELD_PERIOD },
		{ "months", true, PEN_FIELD_MONTHS },
		{ "name", true, PEN_FIELD_NAME }, { "citizen-id", true, PEN_FIELD_CITIZEN_ID },
		{ "credit-code", true, PEN_FIELD_CREDIT_CODE }, { "area", true, PEN_FIELD_AREA },
	};
	const char *type = pen_json__string(pen_json__member(node, "type"));
	const struct pen_json *own = pen_json__member(node, "pen:type");
	const struct pen_json *values = pen_json__member(node, "pen:values");
	const char *name = own ? pen_json__string(own) : type;
	bool string = type && strcmp(type, "string") == 0;
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (name && strcmp(name, types[i].name) == 0 && types[i].pen == (own != NULL))
			break;
	}
	if (i == sizeof(types) / sizeof(types[0]) || ((own || values) && !string) || (own && values))
		return pen_error__set(r->error, PEN_INPUT, "form.type",
		    _("the form's schema: field %s: type \"%s\" cannot be; expected string, integer, number, date, yearmonth, year or boolean, and \"pen:type\" or \"pen:values\" on a string alone"),
		    field->name, name ? name : "");
	field->type = types[i].type;
	if (values)
		return read_values(r, values, field);
	return field->type == PEN_FIELD_CHOICE ? read_boolean(r, node, field) : PEN_OK;
}

/* A bound as a number or, where it has a fraction, as a text: "0.01". */
static enum pen_status read_bound(struct reader *r, const struct pen_json *node,
    const struct pen_field *field, bool *has, int64_t *bound)
{
	int places = field->type == PEN_FIELD_MONEY ? 2 : 0;
	const char *text = pen_json__string(node);
	bool good;

	if (!node)
		return PEN_OK;
	if (text)
		good = pen_money__decimal(text, strlen(text), places, bound) == PEN_DECIMAL_OK;
	else
		good = pen_json__integer(node, bound) &&
		    pen_money__scale(*bound, places ? 100 : 1, 1, bound);
	*has = true;
	if (good && (places || field->type == PEN_FIELD_INTEGER || field->type == PEN_FIELD_YEAR))
		return PEN_OK;
	return pen_error__set(r->error, PEN_INPUT, "form.bound",
	    _("the form's schema: field %s: its minimum or maximum cannot be; expected a whole number, or an amount as a text (\"0.01\"), on a number, integer or year"),
	    field->name);
}

/* "pen:titles", in the order given; the form's own title is not among them. */
static enum pen_status read_titles(struct reader *r, const struct pen_json *titles, struct pen_field *field)
{
	size_t count = pen_json__count(titles);
	const char **title = pen_memory__take(r->arena, (count ? count : 1) * sizeof(*title));
	const struct pen_json *node;
	enum pen_status status;

	if (!title)
		return pen_error__memory(r->error);
	field->other_titles = title;
	for (node = pen_json__first(titles); node; node = pen_json__next(node)) {
		status = take_string(r, node, title);
		if (status != PEN_OK)
			return status;
		if (!*title++)
			return pen_error__set(r->error, PEN_INPUT, "form.titles",
			    _("the form's schema: field %s: \"pen:titles\" is not a list of texts; correct it"),
			    field->name);
		field->titles++;
	}
	return PEN_OK;
}

/* Names are folded once, for every title of every file is held against all of them. */
static enum pen_status fold_names(struct reader *r, struct pen_field *field)
{
	const char *const own[] = { field->title, field->name, field->code };
	struct pen_call *call = pen_memory__take(r->arena, ((size_t)field->titles + 3) * sizeof(*call));
	const char *name;
	char *folded;
	int i;

	if (!call)
		return pen_error__memory(r->error);
	field->call = call;
	for (i = 0; i < 3 + field->titles; i++) {
		name = i < 3 ? own[i] : field->other_titles[i - 3];
		if (!name || strlen(name) >= TITLE_ROOM)
			continue;
		folded = pen_memory__take(r->arena, strlen(name) + 1);
		if (!folded)
			return pen_error__memory(r->error);
		*call++ = (struct pen_call){ folded, pen_text__fold_name(name, strlen(name), folded) };
		field->calls++;
	}
	return PEN_OK;
}

/* One field, each of its keys in turn; the first that is wrong is told. It joins
 * the form only when the caller counts it. */
static enum pen_status read_field(struct reader *r, const struct pen_json *node, struct pen_field *field)
{
	static const char *const keys[] = {
		"pen:code", "pen:titles", "pen:type", "pen:values", "pen:open", "pen:optional"
	};
	const struct pen_json *constraints = pen_json__member(node, "constraints");
	enum pen_status status;

	status = need_string(r, node, "name", _("a field"), &field->name);
	if (status == PEN_OK && pen_form__field(r->form, field->name) >= 0)
		status = pen_error__set(r->error, PEN_INPUT, "form.twice",
		    _("the form's schema: two fields are named %s; rename one"), field->name);
	if (status == PEN_OK)
		status = check_keys(r, node, field->name, keys, sizeof(keys) / sizeof(keys[0]));
	if (status == PEN_OK)
		status = need_string(r, node, "title", field->name, &field->title);
	if (status == PEN_OK)
		status = take_string(r, pen_json__member(node, "pen:code"), &field->code);
	if (status == PEN_OK)
		status = read_type(r, node, field);
	if (status == PEN_OK)
		status = read_bound(r, pen_json__member(constraints, "minimum"), field,
		    &field->has_minimum, &field->minimum);
	if (status == PEN_OK)
		status = read_bound(r, pen_json__member(constraints, "maximum"), field,
		    &field->has_maximum, &field->maximum);
	if (status == PEN_OK)
		status = read_titles(r, pen_json__member(node, "pen:titles"), field);
	if (status == PEN_OK)
		status = fold_names(r, field);
	field->required = pen_json__is_true(pen_json__member(constraints, "required"));
	field->optional = pen_json__is_true(pen_json__member(node, "pen:optional"));
	field->open = pen_json__is_true(pen_json__member(node, "pen:open"));
	return status;
}

/* True if one of the field's names, folded, is this one. */
static bool is_called(const struct pen_field *field, const char *folded, size_t n)
{
	int i;

	for (i = 0; i < field->calls; i++)
		if (field->call[i].n == n && memcmp(field->call[i].s, folded, n) == 0)
			return true;
	return false;
}

/* True if this is the English name of an amount with "_fen" behind it. */
static bool is_called_fen(const struct pen_field *field, const char *folded, size_t n)
{
	size_t length = strlen(field->name);

	return field->type == PEN_FIELD_MONEY && n == length + 4 && strncasecmp(folded, field->name, length) == 0 &&
	    memcmp(folded + length, "_FEN", 4) == 0;
}

/* The field of a title, folded, as it stands; -1: none. */
static int field_called(const struct pen_form *form, const char *folded, size_t n)
{
	int i;

	for (i = 0; n > 0 && i < form->count; i++) {
		if (is_called(&form->fields[i], folded, n))
			return i;
	}
	return -1;
}

/* The amount that has the title before a unit. */
static int amount_called(const struct pen_form *form, const char *folded, size_t n, enum pen_title_unit wanted,
    size_t *unit, size_t *length)
{
	size_t title;
	int field;

	if (pen_title_unit__of(folded, n, &title, unit, length) != wanted)
		return -1;
	field = field_called(form, folded, title);
	return field >= 0 && form->fields[field].type == PEN_FIELD_MONEY ? field : -1;
}

int pen_form__in_other_unit(const struct pen_form *form, const char *title, size_t n, char *unit, size_t room)
{
	char folded[TITLE_ROOM];
	size_t from, length;
	int field;

	if (n >= sizeof(folded))
		return -1;
	n = pen_text__fold_name(title, n, folded);
	field = amount_called(form, folded, n, PEN_UNIT_OTHER, &from, &length);
	if (field >= 0)
		snprintf(unit, room, "%.*s", (int)length, folded + from);
	return field;
}

int pen_form__called(const struct pen_form *form, const char *title, size_t n, bool *fen)
{
	char folded[TITLE_ROOM];
	size_t unit, length;
	int i;

	if (fen)
		*fen = false;
	if (n >= sizeof(folded))
		return -1;
	n = pen_text__fold_name(title, n, folded);
	i = field_called(form, folded, n);
	if (i >= 0)
		return i;
	for (i = 0; n > 4 && i < form->count; i++) {
		if (is_called_fen(&form->fields[i], folded, n)) {
			if (fen)
				*fen = true;
			return i;
		}
	}
	return amount_called(form, folded, n, PEN_UNIT_YUAN, &unit, &length);
}

/* A title must lead to one field, whatever order the fields are in. */
static enum pen_status check_titles(struct reader *r)
{
	const struct pen_form *form = r->form;
	const struct pen_field *field;
	const char *title;
	int i, k, found;
	bool fen;

	for (i = 0; i < form->count; i++) {
		field = &form->fields[i];
		for (k = -2; k < field->titles; k++) {
			title = k == -2 ? field->title : k == -1 ? field->name : field->other_titles[k];
			found = pen_form__called(form, title, strlen(title), &fen);
			if (found >= 0 && found != i)
				return pen_error__set(r->error, PEN_INPUT, "form.titles",
				    _("the form's schema: the title %s belongs to the fields %s and %s; leave it to one of them"),
				    title, form->fields[found].name, field->name);
		}
	}
	return PEN_OK;
}

/* All of them, then what they must be to each other. */
static enum pen_status read_fields(struct reader *r, const struct pen_json *fields)
{
	const struct pen_json *node;
	enum pen_status status;

	if (pen_json__count(fields) == 0 || pen_json__count(fields) > PEN_FIELDS_MOST)
		return pen_error__set(r->error, PEN_INPUT, "form.fields",
		    _("the form's schema has %zu fields; expected 1 to %d under \"fields\""),
		    pen_json__count(fields), PEN_FIELDS_MOST);
	for (node = pen_json__first(fields); node; node = pen_json__next(node)) {
		status = read_field(r, node, &r->form->fields[r->form->count]);
		if (status != PEN_OK)
			return status;
		r->form->count++;
	}
	return check_titles(r);
}

/* "pen:one-of": lists of fields that the form has. */
static enum pen_status read_groups(struct reader *r, const struct pen_json *groups)
{
	const size_t most = sizeof(r->form->group[0].field) / sizeof(r->form->group[0].field[0]);
	const struct pen_json *node, *member;
	struct pen_field_group *group;
	int field;

	for (node = pen_json__first(groups); node; node = pen_json__next(node)) {
		if (r->form->groups == PEN_GROUPS_MOST || pen_json__count(node) > most)
			return pen_error__set(r->error, PEN_INPUT, "form.one-of",
			    _("the form's schema: \"pen:one-of\" is longer than can be: at most %d lists of %zu fields"),
			    PEN_GROUPS_MOST, most);
		group = &r->form->group[r->form->groups++];
		for (member = pen_json__first(node); member; member = pen_json__next(member)) {
			field = pen_json__string(member) ? pen_form__field(r->form, pen_json__string(member)) : -1;
			if (field < 0)
				return pen_error__set(r->error, PEN_INPUT, "form.one-of",
				    _("the form's schema: \"pen:one-of\" names a field \"%s\" that the form does not have"),
				    pen_json__string(member) ? pen_json__string(member) : "");
			group->field[group->count++] = field;
		}
	}
	return PEN_OK;
}

/* What makes a folio: nothing, the employer, or the employer and the year. */
static enum pen_status read_folio(struct reader *r, const struct pen_json *folio)
{
	const struct pen_json *node;
	const char *name;

	for (node = pen_json__first(folio); node; node = pen_json__next(node)) {
		name = pen_json__string(node);
		if (name && strcmp(name, "employer") == 0)
			r->form->folio_by_employer = true;
		else if (name && strcmp(name, "year") == 0)
			r->form->folio_by_year = true;
		else
			return pen_error__set(r->error, PEN_INPUT, "form.folio",
			    _("the form's schema: \"pen:folio\" names \"%s\"; expected \"employer\" or \"year\""),
			    name ? name : "");
	}
	return PEN_OK;
}

/* The roles that sign, in order. Whether a role exists is the store's business. */
static enum pen_status read_signatures(struct reader *r, const struct pen_json *roles)
{
	size_t most = sizeof(r->form->role) / sizeof(r->form->role[0]);
	const struct pen_json *node;
	enum pen_status status;

	if (pen_json__count(roles) > most)
		return pen_error__set(r->error, PEN_INPUT, "form.signatures",
		    _("the form's schema asks for %zu signatures; expected %zu at most under \"pen:signatures\""),
		    pen_json__count(roles), most);
	for (node = pen_json__first(roles); node; node = pen_json__next(node)) {
		status = take_string(r, node, &r->form->role[r->form->roles]);
		if (status != PEN_OK)
			return status;
		if (!r->form->role[r->form->roles++])
			return pen_error__set(r->error, PEN_INPUT, "form.signatures",
			    _("the form's schema: \"pen:signatures\" is not a list of roles; correct it"));
	}
	return PEN_OK;
}

/* A form without a record is one that a command reads for itself. */
static enum pen_status read_record(struct reader *r, const struct pen_json *record)
{
	const char *name = pen_json__string(record);

	if (!record)
		return PEN_OK;
	r->form->kind = name ? pen_kind__named(name) : NULL;
	if (r->form->kind)
		return PEN_OK;
	return pen_error__set(r->error, PEN_INPUT, "form.record",
	    _("the form's schema: \"pen:record\" is \"%s\", which is no record kind; expected employer, registration, contribution, levy, opening, movement, retirement, employment-change or succession"),
	    name ? name : "");
}

/* The keys of the form itself, then its fields. */
static enum pen_status read_form(struct reader *r, const struct pen_json *root)
{
	static const char *const keys[] = {
		"pen:record", "pen:folio", "pen:signatures", "pen:agreement", "pen:clause", "pen:computed",
		"pen:supplement", "pen:one-of"
	};
	enum pen_status status;

	status = need_string(r, root, "name", _("the form"), &r->form->name);
	if (status == PEN_OK)
		status = need_string(r, root, "title", _("the form"), &r->form->title);
	if (status == PEN_OK)
		status = need_string(r, root, "pen:clause", _("the form"), &r->form->clause);
	if (status == PEN_OK)
		status = check_keys(r, root, _("the form"), keys, sizeof(keys) / sizeof(keys[0]));
	if (status == PEN_OK)
		status = read_record(r, pen_json__member(root, "pen:record"));
	if (status == PEN_OK)
		status = read_folio(r, pen_json__member(root, "pen:folio"));
	if (status == PEN_OK)
		status = read_signatures(r, pen_json__member(root, "pen:signatures"));
	r->form->agreement = pen_json__is_true(pen_json__member(root, "pen:agreement"));
	r->form->computed = pen_json__is_true(pen_json__member(root, "pen:computed"));
	r->form->supplement = pen_json__is_true(pen_json__member(root, "pen:supplement"));
	if (status == PEN_OK)
		status = read_fields(r, pen_json__member(root, "fields"));
	return status == PEN_OK ? read_groups(r, pen_json__member(root, "pen:one-of")) : status;
}

enum pen_status pen_form__read(struct pen_form **form, const char *json, size_t n, struct pen_error *error)
{
	struct pen_arena *arena = pen_memory__arena();
	struct kept_form *kept = arena ? pen_memory__take(arena, sizeof(*kept)) : NULL;
	struct pen_json *root = NULL;
	struct reader r;
	enum pen_status status;

	status = kept ? pen_json__parse(&root, json, n, error) : pen_error__memory(error);
	if (status != PEN_OK)
		goto err0;
	/* All strings are copied, so the document can go before the form. */
	kept->arena = arena;
	r = (struct reader){ &kept->form, arena, error };
	status = read_form(&r, root);
	pen_json__free(root);
	if (status != PEN_OK)
		goto err0;
	*form = &kept->form;
	return PEN_OK;
err0:
	pen_memory__drop(arena);
	return status;
}

void pen_form__free(struct pen_form *form)
{
	/* The form is the first thing in what it is kept in; with the arena both go. */
	if (form)
		pen_memory__drop(((struct kept_form *)form)->arena);
}

int pen_form__field(const struct pen_form *form, const char *name)
{
	int i;

	for (i = 0; i < form->count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return i;
	}
	return -1;
}
