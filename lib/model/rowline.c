#include "model/rowline.h"
#include "adapter/json.h"
#include "base/error.h"

#include <assert.h>
#include <string.h>

#define EMPLOYER "employer"

/* The columns but for the line in the order of their names' bytes, the employer among them
 * as the one behind the last; how many there are goes to *count. */
static void order_columns(const struct pen_kind *kind, int order[PEN_COLUMNS_MOST + 1], int *count)
{
	int i, at;

	*count = 0;
	for (i = 0; i <= kind->count; i++) {
		const char *name = i < kind->count ? kind->columns[i].name : EMPLOYER;

		if (i == PEN_LINE)
			continue;
		for (at = *count; at > 0 && strcmp(order[at - 1] < kind->count ? kind->columns[order[at - 1]].name : EMPLOYER, name) > 0; at--)
			order[at] = order[at - 1];
		order[at] = i;
		++*count;
	}
}

void pen_rowline__write(struct pen_text *text, const struct pen_row *row, int64_t employer)
{
	const struct pen_value of_employer = employer ? pen_value__integer(employer) : pen_value__null();
	const struct pen_kind *kind = row->kind;
	const char *comma = "";
	int order[PEN_COLUMNS_MOST + 1], count, i;

	order_columns(kind, order, &count);
	pen_text__puts(text, "{");
	for (i = 0; i < count; i++) {
		const struct pen_value *value = order[i] < kind->count ? &row->v[order[i]] : &of_employer;

		if (value->type != PEN_INTEGER && value->type != PEN_STRING)
			continue;
		pen_text__printf(text, "%s\"%s\":", comma, order[i] < kind->count ? kind->columns[order[i]].name : EMPLOYER);
		if (value->type == PEN_STRING)
			pen_text__json(text, value->s, value->n);
		else
			pen_text__number(text, value->i);
		comma = ",";
	}
	pen_text__puts(text, "}\n");
}

/* A member as the value of a column; false: it is neither text nor a whole number, or not
 * what the column holds. */
static bool take_value(const struct pen_json *member, bool text_column, struct pen_arena *arena, struct pen_value *value,
    bool *memory)
{
	const char *text = pen_json__string(member);
	int64_t number;

	if (member == NULL) {
		*value = pen_value__null();
		return true;
	}
	if (text == NULL || !text_column) {
		*value = pen_value__integer(0);
		return !text_column && pen_json__integer(member, &number) && (*value = pen_value__integer(number), true);
	}
	text = pen_memory__copy(arena, text, strlen(text));
	*memory = text == NULL;
	*value = text ? pen_value__string(text, strlen(text)) : pen_value__null();
	return text != NULL;
}

enum pen_status pen_rowline__read(struct pen_row *row, int64_t *employer, const struct pen_kind *kind, const char *line,
    size_t n, struct pen_arena *arena, struct pen_error *error)
{
	struct pen_json *root = NULL;
	struct pen_value value;
	bool good = pen_json__parse(&root, line, n, error) == PEN_OK, memory = false;
	int i;

	*row = (struct pen_row){ .kind = kind };
	for (i = 0; good && i < kind->count; i++)
		if (i != PEN_LINE)
			good = take_value(pen_json__member(root, kind->columns[i].name), kind->columns[i].type == PEN_COLUMN_TEXT,
			    arena, &row->v[i], &memory);
	good = good && take_value(pen_json__member(root, EMPLOYER), false, arena, &value, &memory) &&
	    row->v[PEN_SUBJECT].type == PEN_INTEGER;
	*employer = good && value.type == PEN_INTEGER ? value.i : 0;
	row->v[PEN_LINE] = pen_value__integer(0);
	pen_json__free(root);
	if (memory)
		return pen_error__memory(error);
	return good ? PEN_OK : pen_error__set(error, PEN_INTEGRITY, "plan.row", _("a line of a plan is not a row of kind %s: run pen-verify"), kind->name);
}
