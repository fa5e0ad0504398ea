#include "model/header.h"
#include "base/error.h"
#include "base/text.h"

#define COLUMNS_MOST ((size_t)256)

/* True for a column that the file must have. */
static bool is_wanted(const struct pen_form *form, const struct pen_header *header, int field)
{
	return !form->fields[field].optional && !(header->given >> field & 1);
}

/* Of the group's fields the file has one, or it was declared. */
static bool has_one(const struct pen_field_group *group, const struct pen_header *header)
{
	int i;

	for (i = 0; i < group->count; i++) {
		if (header->column_of[group->field[i]] >= 0 || header->given >> group->field[i] & 1)
			return true;
	}
	return false;
}

/* "缴费基数, 年度/费款所属期": the fields that a file must have, or only those
 * missing; of what stands between strokes one will do. */
static void list_columns(const struct pen_form *form, const struct pen_header *header, bool missing,
    struct pen_text *text)
{
	int i, k;

	for (i = 0; i < form->count; i++) {
		if (!is_wanted(form, header, i) || (missing && header->column_of[i] >= 0))
			continue;
		if (text->n > 0)
			pen_text__puts(text, ", ");
		pen_text__puts(text, form->fields[i].title);
	}
	for (i = 0; i < form->groups; i++) {
		if (missing && has_one(&form->group[i], header))
			continue;
		for (k = 0; k < form->group[i].count; k++)
			pen_text__printf(text, "%s%s", k ? "/" : text->n > 0 ? ", " : "",
			    form->fields[form->group[i].field[k]].title);
	}
}

#define FOUND_MOST ((size_t)300)	/* bytes of the file's titles that are told */

/* "年度, 姓名, …": the titles that the file has, in one line. */
static void list_found(const struct pen_csv_field *titles, size_t count, struct pen_text *text)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		if (titles[i].n == 0)
			continue;
		if (text->n > 0)
			pen_text__puts(text, ", ");
		if (text->n + titles[i].n > FOUND_MOST) {
			pen_text__puts(text, "…");
			break;
		}
		pen_text__add(text, titles[i].s, titles[i].n);
	}
	for (k = 0; k < text->n; k++)
		if ((unsigned char)text->s[k] < ' ')
			text->s[k] = ' ';
}

/* Says which columns are missing, or that this may be another form altogether. */
static enum pen_status refuse_columns(const struct pen_form *form, const struct pen_csv_field *titles, size_t count,
    const struct pen_header *header, bool none_known, struct pen_error *error)
{
	struct pen_text missing = { 0 }, all = { 0 }, found = { 0 };
	enum pen_status status;

	list_columns(form, header, true, &missing);
	list_columns(form, header, false, &all);
	list_found(titles, count, &found);
	if (missing.failed || all.failed || found.failed)
		status = pen_error__memory(error);
	else if (none_known)
		status = pen_error__set(error, PEN_INPUT, "header.unknown",
		    _("none of the columns is one that form %s (%s) knows: found %s; expected %s; is this the right form, and does the file begin with its column titles?"),
		    form->name, form->title, found.s ? found.s : _("nothing"), all.s ? all.s : "");
	else
		status = pen_error__set(error, PEN_INPUT, "header.missing",
		    _("columns are missing: %s; found %s; form %s (%s) expects %s; add them, or rename those that hold them"),
		    missing.s, found.s ? found.s : _("nothing"), form->name, form->title, all.s);
	pen_text__free(&missing);
	pen_text__free(&all);
	pen_text__free(&found);
	return status;
}

/* An amount in 万元 is not one column more that nobody knows. */
static enum pen_status check_unit(const struct pen_form *form, const struct pen_csv_field *title, int column,
    struct pen_error *error)
{
	char unit[32];
	int field = pen_form__in_other_unit(form, title->s, title->n, unit, sizeof(unit));

	if (field < 0)
		return PEN_OK;
	return pen_error__set(error, PEN_INPUT, "header.unit",
	    _("column %d gives %s in %s (\"%.*s\"); expected yuan (元), the months and the rest as the form says; have the file made in yuan: nothing is multiplied here"),
	    column + 1, form->fields[field].title, unit, (int)title->n, title->s);
}

/* The columns that the form knows find their fields, and these their columns; the
 * first that is given twice over is told. */
static enum pen_status find_columns(const struct pen_form *form, const struct pen_csv_field *titles,
    size_t count, struct pen_header *header, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int i, field;
	bool fen;

	for (i = 0; i < (int)count; i++) {
		field = pen_form__called(form, titles[i].s, titles[i].n, &fen);
		header->field_of[i] = field;
		if (field < 0 && status == PEN_OK)
			status = check_unit(form, &titles[i], i, error);
		if (field < 0)
			continue;
		header->known++;
		/* Which of two to believe is not ours to guess. */
		if (header->column_of[field] >= 0 && status == PEN_OK)
			status = pen_error__set(error, PEN_INPUT, "header.twice",
			    _("columns %d and %d both give %s (\"%.*s\", \"%.*s\"); expected it once; take one out or rename it"),
			    header->column_of[field] + 1, i + 1, form->fields[field].title,
			    (int)titles[header->column_of[field]].n, titles[header->column_of[field]].s,
			    (int)titles[i].n, titles[i].s);
		else if (header->given >> field & 1 && status == PEN_OK)
			status = pen_error__set(error, PEN_INPUT, "header.given",
			    _("column %d gives %s, which was declared for the whole file as well; expected it once; leave the declaration out if the file says it itself"),
			    i + 1, form->fields[field].title);
		header->column_of[field] = i;
		header->fen[field] = fen;
	}
	return status;
}

enum pen_status pen_header__match_keys(const struct pen_form *form, const struct pen_csv_field *keys,
    size_t count, uint32_t given, struct pen_header *header, struct pen_error *error)
{
	enum pen_status status;
	int i;

	*header = (struct pen_header){ .source_count = (int)count, .given = given };
	for (i = 0; i < PEN_FIELDS_MOST; i++)
		header->column_of[i] = -1;
	for (i = 0; i < (int)COLUMNS_MOST; i++)
		header->field_of[i] = -1;
	if (count > COLUMNS_MOST)
		return pen_error__set(error, PEN_INPUT, "header.columns",
		    _("the file has %zu columns; expected %zu at most; take out those that form %s does not know"),
		    count, COLUMNS_MOST, form->name);
	status = find_columns(form, keys, count, header, error);
	return status == PEN_OK && !header->known ? refuse_columns(form, keys, count, header, true, error) : status;
}

enum pen_status pen_header__complete(const struct pen_form *form, const struct pen_csv_field *titles, size_t count,
    const struct pen_header *header, struct pen_error *error)
{
	int i, missing = 0;

	for (i = 0; i < form->count; i++)
		missing += is_wanted(form, header, i) && header->column_of[i] < 0;
	for (i = 0; i < form->groups; i++)
		missing += !has_one(&form->group[i], header);
	return missing ? refuse_columns(form, titles, count, header, false, error) : PEN_OK;
}

enum pen_status pen_header__match(const struct pen_form *form, const struct pen_csv_field *titles,
    size_t count, uint32_t given, struct pen_header *header, struct pen_error *error)
{
	enum pen_status status = pen_header__match_keys(form, titles, count, given, header, error);

	return status == PEN_OK ? pen_header__complete(form, titles, count, header, error) : status;
}

int pen_header__known(const struct pen_form *form, const struct pen_csv_field *fields, size_t count)
{
	int known = 0;
	size_t i;
	bool fen;

	for (i = 0; i < count; i++)
		known += pen_form__called(form, fields[i].s, fields[i].n, &fen) >= 0;
	return known;
}
