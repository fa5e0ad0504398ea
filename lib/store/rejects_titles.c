#include "store/rejects_titles.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* title[] are the file's own, decoded; NULL until they are told. name[] are what
 * findings named, in the order in which they first did. */
struct pen_rejects_titles {
	const struct pen_form *form;
	struct pen_decoder *decoder;
	struct pen_arena *arena;
	struct pen_header header;
	const char **title;
	size_t count;
	int line_column;
	const char **name;
	size_t names, name_room;
};

const char *const pen_rejects_titles__added[PEN_REJECTS_ADDED] = {
	"line", "byte", "column", "rule", "found", "expected", "message"
};

enum pen_status pen_rejects_titles__new(struct pen_rejects_titles **titles, const struct pen_form *form,
    enum pen_encoding encoding, struct pen_error *error)
{
	struct pen_rejects_titles *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->form = form;
	made->line_column = -1;
	made->arena = pen_memory__arena();
	status = made->arena ? pen_charset__decoder(&made->decoder, encoding, error) : pen_error__memory(error);
	if (status)
		goto err0;
	*titles = made;
	return PEN_OK;
err0:
	pen_rejects_titles__free(made);
	return status;
}

void pen_rejects_titles__free(struct pen_rejects_titles *titles)
{
	if (!titles)
		return;
	if (titles->decoder)
		pen_charset__close(titles->decoder);
	pen_memory__drop(titles->arena);
	pen_memory__free(titles->name);
	pen_memory__free(titles);
}

const struct pen_form *pen_rejects_titles__form(const struct pen_rejects_titles *titles)
{
	return titles->form;
}

enum pen_status pen_rejects_titles__decode(struct pen_rejects_titles *titles, const struct pen_csv_field *field,
    const char **out, size_t *n, struct pen_error *error)
{
	enum pen_status status = pen_charset__decode(titles->decoder, field->s, field->n, out, n, error);

	if (status != PEN_INPUT)
		return status;
	*out = "\xef\xbf\xbd";
	*n = 3;
	return PEN_OK;
}

/* ------------------------------------------------------- of the source -- */

/* Which of the columns of a rejects file one is that no field has; -1: none. */
static int added_as(const struct pen_rejects_titles *titles, size_t column)
{
	int i;

	if (titles->header.field_of[column] >= 0)
		return -1;
	for (i = 0; i < PEN_REJECTS_ADDED; i++)
		if (strcmp(titles->title[column], pen_rejects_titles__added[i]) == 0)
			return i;
	return -1;
}

static enum pen_status keep_title(struct pen_rejects_titles *titles, const struct pen_csv_field *source,
    const char **title, struct pen_error *error)
{
	const char *text;
	size_t n;
	enum pen_status status = pen_rejects_titles__decode(titles, source, &text, &n, error);

	if (status)
		return status;
	pen_text__trim(&text, &n);
	*title = pen_memory__copy(titles->arena, text, n);
	return *title ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_rejects_titles__learn(struct pen_rejects_titles *titles, const struct pen_header *header,
    const struct pen_csv_field *source, size_t count, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	if (titles->title && count == titles->count)
		return PEN_OK;
	titles->header = *header;
	titles->title = pen_memory__take(titles->arena, (count + 1) * sizeof(*titles->title));
	if (!titles->title)
		return pen_error__memory(error);
	for (i = 0; !status && i < count; i++)
		status = keep_title(titles, &source[i], &titles->title[i], error);
	if (status)
		return status;
	titles->count = count;
	for (i = 0; i < count; i++)
		if (added_as(titles, i) == 0)
			titles->line_column = (int)i;
	return PEN_OK;
}

size_t pen_rejects_titles__count(const struct pen_rejects_titles *titles)
{
	return titles->count;
}

const char *pen_rejects_titles__at(const struct pen_rejects_titles *titles, size_t column)
{
	return added_as(titles, column) < 0 ? titles->title[column] : NULL;
}

const char *pen_rejects_titles__extra(const struct pen_rejects_titles *titles, size_t i)
{
	size_t column;

	for (column = 0; column < titles->count; column++)
		if (titles->header.field_of[column] < 0 && titles->title[column][0] &&
		    added_as(titles, column) < 0 && i-- == 0)
			return titles->title[column];
	return NULL;
}

int pen_rejects_titles__column(const struct pen_rejects_titles *titles, int field)
{
	return titles->title ? titles->header.column_of[field] : -1;
}

int pen_rejects_titles__line_column(const struct pen_rejects_titles *titles)
{
	return titles->line_column;
}

/* -------------------------------------------------------- of the fields -- */

/* Where a file does without a field since another says the same, that one's column;
 * -1: there is none. */
static int instead_of(const struct pen_rejects_titles *titles, int field)
{
	const struct pen_field_group *group;
	int i, k, column = -1;
	bool in;

	for (i = 0; i < titles->form->groups; i++) {
		group = &titles->form->group[i];
		for (k = 0, in = false; k < group->count && !in; k++)
			in = group->field[k] == field;
		for (k = 0; in && column < 0 && k < group->count; k++)
			column = pen_rejects_titles__column(titles, group->field[k]);
		if (in)
			break;
	}
	return column;
}

const char *pen_rejects_titles__of_field(const struct pen_rejects_titles *titles, int field)
{
	int column = pen_rejects_titles__column(titles, field);

	if (column < 0)
		column = instead_of(titles, field);
	return column < 0 ? titles->form->fields[field].title : titles->title[column];
}

enum pen_status pen_rejects_titles__number(struct pen_rejects_titles *titles, const char *name, uint16_t *number,
    struct pen_error *error)
{
	size_t i, room = titles->name_room ? 2 * titles->name_room : 16;
	const char **grown;

	for (i = 0; i < titles->names; i++) {
		if (strcmp(titles->name[i], name) == 0) {
			*number = (uint16_t)i;
			return PEN_OK;
		}
	}
	if (titles->names == titles->name_room) {
		grown = pen_memory__realloc(titles->name, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		titles->name = grown;
		titles->name_room = room;
	}
	titles->name[titles->names] = pen_memory__copy(titles->arena, name, strlen(name));
	if (!titles->name[titles->names])
		return pen_error__memory(error);
	*number = (uint16_t)titles->names++;
	return PEN_OK;
}

const char *pen_rejects_titles__numbered(const struct pen_rejects_titles *titles, uint16_t number)
{
	const char *name = titles->name[number];
	int field = pen_form__field(titles->form, name);

	if (field < 0 && strcmp(name, "person") == 0)
		field = pen_form__field(titles->form, "id_number");
	if (field < 0 && strcmp(name, "employer") == 0)
		field = pen_form__field(titles->form, "credit_code");
	return field < 0 ? name : pen_rejects_titles__of_field(titles, field);
}
