#include "store/setaside.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* row[] is in the order of lines, folio[] in that of numbers; wanted[] by chain. */
struct pen_setaside {
	struct pen_setaside_row *row;
	size_t count, room;
	int64_t *folio;
	size_t folio_count, folio_room;
	bool *wanted;
	size_t chains;
};

/* -------------------------------------------------------------- reading -- */

static enum pen_status add_folio(struct pen_setaside *set, int64_t folio, struct pen_error *error)
{
	size_t room = set->folio_room ? 2 * set->folio_room : 64;
	int64_t *more;

	if (set->folio_count && set->folio[set->folio_count - 1] == folio)
		return PEN_OK;
	if (set->folio_count == set->folio_room) {
		more = pen_memory__realloc(set->folio, room, sizeof(*more));
		if (!more)
			return pen_error__memory(error);
		set->folio = more;
		set->folio_room = room;
	}
	set->folio[set->folio_count++] = folio;
	return PEN_OK;
}

static enum pen_status add_row(struct pen_setaside *set, const struct pen_setaside_row *row, struct pen_error *error)
{
	size_t room = set->room ? 2 * set->room : 64;
	struct pen_setaside_row *more;

	if (set->count == set->room) {
		more = pen_memory__realloc(set->row, room, sizeof(*more));
		if (!more)
			return pen_error__memory(error);
		set->row = more;
		set->room = room;
	}
	set->row[set->count++] = *row;
	return PEN_OK;
}

/* The rows come by folio, and those of one person one behind the other. */
static enum pen_status take(struct pen_setaside *set, struct pen_statement *s, int64_t *person, struct pen_error *error)
{
	const struct pen_setaside_row *last = set->count ? &set->row[set->count - 1] : NULL;
	struct pen_setaside_row row = { .folio = pen_db__int(s, 0), .employer = pen_db__int(s, 1),
		.period = (int32_t)pen_db__int(s, 2), .line = pen_db__int(s, 4) };
	enum pen_status status = add_folio(set, row.folio, error);

	if (status || pen_db__is_null(s, 4))
		return status;
	if (!last || last->employer != row.employer || last->period != row.period || *person != pen_db__int(s, 3))
		set->chains++;
	row.chain = set->chains;
	*person = pen_db__int(s, 3);
	return add_row(set, &row, error);
}

static int by_line(const void *a, const void *b)
{
	const struct pen_setaside_row *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

static enum pen_status read_rows(struct pen_setaside *set, struct pen_store *store, int64_t batch, struct pen_error *error)
{
	struct pen_statement *s;
	int64_t person = 0;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SETASIDE_ROWS, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		status = take(set, s, &person, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_setaside__read(struct pen_setaside **set, struct pen_store *store, int64_t batch, struct pen_error *error)
{
	struct pen_setaside *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	status = read_rows(made, store, batch, error);
	if (status)
		goto err0;
	made->wanted = pen_memory__calloc(made->chains + 1, sizeof(*made->wanted));
	if (!made->wanted) {
		status = pen_error__memory(error);
		goto err0;
	}
	if (made->count)
		qsort(made->row, made->count, sizeof(*made->row), by_line);
	*set = made;
	return PEN_OK;
err0:
	pen_setaside__free(made);
	return status;
}

void pen_setaside__free(struct pen_setaside *set)
{
	if (!set)
		return;
	pen_memory__free(set->row);
	pen_memory__free(set->folio);
	pen_memory__free(set->wanted);
	pen_memory__free(set);
}

/* --------------------------------------------------------------- asking -- */

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

bool pen_setaside__has(const struct pen_setaside *set, int64_t folio)
{
	return set->folio_count && bsearch(&folio, set->folio, set->folio_count, sizeof(folio), by_number);
}

static int compare_folio(const void *key, const void *at)
{
	return by_number(key, &((const struct pen_folio *)at)->id);
}

void pen_setaside__look_at(struct pen_setaside *set, const struct pen_folio *folios, size_t count)
{
	size_t i;

	memset(set->wanted, 0, (set->chains + 1) * sizeof(*set->wanted));
	for (i = 0; count && i < set->count; i++)
		if (bsearch(&set->row[i].folio, folios, count, sizeof(*folios), compare_folio))
			set->wanted[set->row[i].chain] = true;
}

const struct pen_setaside_row *pen_setaside__of(const struct pen_setaside *set, int64_t line)
{
	const struct pen_setaside_row wanted = { .line = line };

	return set->count ? bsearch(&wanted, set->row, set->count, sizeof(wanted), by_line) : NULL;
}

bool pen_setaside__wanted(const struct pen_setaside *set, const struct pen_setaside_row *row)
{
	return set->wanted[row->chain];
}
