#include "store/lately.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- from when -- */

/* The entry behind the last one of the day before. */
static enum pen_status from_day(struct pen_store *store, int32_t date, int64_t *from, struct pen_error *error)
{
	int32_t before = pen_date__of_days(pen_date__days(date) - 1);
	char text[16];
	enum pen_status status;

	if (before == 0) {
		*from = 0;
		return PEN_OK;
	}
	snprintf(text, sizeof(text), "%04d-%02d-%02d", (int)(before / 10000), (int)(before / 100 % 100), (int)(before % 100));
	status = pen_journal__as_of(store, text, from, error);
	if (status == PEN_OK) {
		++*from;
	} else if (strcmp(error->code, "as-of.before") == 0) {
		*error = (struct pen_error){ .status = PEN_OK };
		*from = 0;
	}
	return error->status;
}

enum pen_status pen_lately__from(struct pen_store *store, const char *since, int64_t *from, bool *named,
    struct pen_error *error)
{
	int32_t date = pen_date__parse(since, strlen(since));
	int64_t size;

	*named = true;
	if (since[0] && strspn(since, "0123456789") == strlen(since) && strlen(since) < 16) {
		if (pen_journal__size(store, &size, error) != PEN_OK)
			return error->status;
		*from = strtoll(since, NULL, 10);
		return *from <= size ? PEN_OK : pen_error__set(error, PEN_USAGE, "verify.since",
		    _("the journal has %" PRId64 " entries, and none from %s on: give an index up to %" PRId64),
		    size, since, size);
	}
	if (date)
		return from_day(store, date, from, error);
	*named = false;
	return PEN_OK;
}

/* ------------------------------------------------------------------ what -- */

static enum pen_status read_ids(struct pen_store *store, enum pen_sql which, int64_t from, int64_t **ids, size_t *count,
    struct pen_error *error)
{
	struct pen_statement *s;
	size_t room = 0;
	int64_t *grown;
	bool row;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":from", from);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		if (*count == room) {
			room = room ? 2 * room : 64;
			grown = pen_memory__realloc(*ids, room, sizeof(**ids));
			if (grown == NULL) {
				status = pen_error__memory(error);
				break;
			}
			*ids = grown;
		}
		(*ids)[(*count)++] = pen_db__int(s, 0);
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_lately__read(struct pen_lately *lately, struct pen_store *store, int64_t from, struct pen_error *error)
{
	enum pen_status status;

	lately->from = from;
	status = read_ids(store, PEN_SQL_LATELY_FOLIOS, from, &lately->folio, &lately->folios, error);
	if (status == PEN_OK)
		status = read_ids(store, PEN_SQL_LATELY_BATCHES, from, &lately->batch, &lately->batches, error);
	return status;
}

void pen_lately__drop(struct pen_lately *lately)
{
	pen_memory__free(lately->folio);
	pen_memory__free(lately->batch);
	*lately = (struct pen_lately){ .from = 0 };
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool has(const int64_t *ids, size_t count, int64_t id)
{
	return count != 0 && bsearch(&id, ids, count, sizeof(*ids), compare) != NULL;
}

bool pen_lately__holds(const struct pen_lately *lately, int64_t entry, int64_t folio, int64_t batch)
{
	if (entry >= 0)
		return entry >= lately->from;
	if (folio != 0)
		return has(lately->folio, lately->folios, folio);
	return batch == 0 || has(lately->batch, lately->batches, batch);
}
