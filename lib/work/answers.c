#include "work/answers.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/scan.h"
#include "work/formfile.h"

#include <string.h>

/* The answers read so far. */
struct list { struct pen_answer *at; size_t count, room; };

static enum pen_status add_answer(struct list *list, const struct pen_answer *answer, struct pen_error *error)
{
	size_t room = list->room ? 2 * list->room : 64;
	struct pen_answer *more;

	if (list->count == list->room) {
		more = pen_memory__realloc(list->at, room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		list->at = more;
		list->room = room;
	}
	list->at[list->count++] = *answer;
	return PEN_OK;
}

/* In whole characters: a note may be longer than is kept of it. */
static void copy_value(char *out, size_t room, const struct pen_value *value)
{
	pen_scan__cut(out, room, value->s, value->type == PEN_STRING ? value->n : 0);
}

static enum pen_status take_row(void *context, const struct pen_formfile_row *row, struct pen_error *error)
{
	const struct pen_value *on = pen_formfile__value(row, "answered_on"), *year = pen_formfile__value(row, "year");
	struct pen_answer answer = { .on = pen_date__today(), .line = row->line };

	copy_value(answer.code, sizeof(answer.code), pen_formfile__value(row, "credit_code"));
	copy_value(answer.answer, sizeof(answer.answer), pen_formfile__value(row, "answer"));
	copy_value(answer.note, sizeof(answer.note), pen_formfile__value(row, "note"));
	if (on->type == PEN_INTEGER)
		answer.on = (int32_t)on->i;
	if (year->type == PEN_INTEGER)
		answer.year = (int32_t)year->i;
	return add_answer(context, &answer, error);
}

enum pen_status pen_answers__read(const char *path, struct pen_answer **answers, size_t *count, struct pen_error *error)
{
	struct list list = { .count = 0 };
	enum pen_status status = pen_formfile__read(path, "answers", take_row, &list, error);

	if (status == PEN_OK && list.count == 0) {
		pen_error__set(error, PEN_INPUT, "answers.none", _("there is no answer in it: a header, and a line for each employer"));
		status = pen_error__at(error, path, 0, NULL);
	}
	if (status != PEN_OK) {
		pen_memory__free(list.at);
		return status;
	}
	*answers = list.at;
	*count = list.count;
	return PEN_OK;
}
