#include "store/foliolist.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>

#define SLICE 5000	/* folios read under one lock */

static enum pen_status add(struct pen_foliolist *list, struct pen_statement *s, struct pen_error *error)
{
	size_t room = list->room ? list->room * 2 : 1024;
	struct pen_foliolist_entry *grown;

	if (list->count == list->room) {
		grown = pen_memory__realloc(list->at, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		list->at = grown;
		list->room = room;
	}
	list->at[list->count++] = (struct pen_foliolist_entry){ pen_db__int(s, 0), pen_db__int(s, 1), pen_db__int(s, 2),
		pen_db__int(s, 3) != 0 };
	return PEN_OK;
}

static enum pen_status read_slice(struct pen_foliolist *list, struct pen_walk *walk, int *n, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_walk__look(walk, error);
	bool row;

	if (!status)
		status = pen_store__sql(walk->session->store, PEN_SQL_FOLIOLIST_SLICE, &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":after", list->count ? list->at[list->count - 1].id : INT64_MIN);
	pen_db__bind_int(s, ":most", SLICE);
	for (*n = 0; !(status = pen_db__step(s, &row, error)) && row; (*n)++) {
		status = add(list, s, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_foliolist__read(struct pen_foliolist *list, struct pen_walk *walk, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int n;

	for (n = SLICE; !status && n == SLICE; )
		status = read_slice(list, walk, &n, error);
	return status;
}

void pen_foliolist__free(struct pen_foliolist *list)
{
	pen_memory__free(list->at);
	*list = (struct pen_foliolist){ .count = 0 };
}

static int by_id(const void *a, const void *b)
{
	const struct pen_foliolist_entry *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

const struct pen_foliolist_entry *pen_foliolist__find(struct pen_foliolist *list, int64_t id)
{
	const struct pen_foliolist_entry wanted = { .id = id }, *found;
	size_t i;

	for (i = list->last; i < list->count && i <= list->last + 1; i++)
		if (list->at[i].id == id)
			return &list->at[list->last = i];
	found = list->count ? bsearch(&wanted, list->at, list->count, sizeof(*list->at), by_id) : NULL;
	if (found)
		list->last = (size_t)(found - list->at);
	return found;
}
