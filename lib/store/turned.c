#include "store/turned.h"

#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* A row as a line: ["reject",3,120,"base","base.cap",…] and LF. */
static void put_row(struct pen_text *line, struct pen_statement *row)
{
	struct pen_value value;
	int i;

	for (i = 0; i < pen_db__columns(row); i++) {
		pen_text__puts(line, i ? "," : "[");
		value = pen_db__value(row, i);
		if (value.type == PEN_INTEGER)
			pen_text__printf(line, "%" PRId64, value.i);
		else
			pen_text__json(line, value.s, value.n);
	}
	pen_text__puts(line, "]\n");
}

/* The rows of a statement, bound to a number, under a digest that runs. */
static enum pen_status add_rows(struct pen_store *store, enum pen_sql which, const char *name, int64_t number,
    struct pen_digest *running, int64_t *count, struct pen_error *error)
{
	struct pen_text line = { NULL, 0, 0, false };
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, name, number);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		(*count)++;
		pen_text__clear(&line);
		put_row(&line, s);
		if (line.failed) {
			status = pen_error__memory(error);
			break;
		}
		pen_digest__add(running, line.s, line.n);
	}
	pen_db__reset(s);
	pen_text__free(&line);
	return status;
}

/* Lists one behind the other; their rows are counted. */
static enum pen_status digest_lists(struct pen_store *store, const enum pen_sql *lists, size_t n, const char *name,
    int64_t number, int64_t *count, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_digest *running = pen_digest__new(pen_store__suite(store));
	unsigned char out[PEN_DIGEST_SIZE];
	enum pen_status status = PEN_OK;
	size_t i;

	*count = 0;
	if (running == NULL)
		return pen_error__memory(error);
	pen_digest__start(running);
	for (i = 0; i < n && status == PEN_OK; i++)
		status = add_rows(store, lists[i], name, number, running, count, error);
	pen_digest__end(running, out);
	pen_encode__hex(out, sizeof(out), digest);
	pen_digest__free(running);
	return status;
}

enum pen_status pen_turned__digest(struct pen_store *store, int64_t batch, char digest[PEN_DIGEST_HEX],
    struct pen_error *error)
{
	static const enum pen_sql lists[] = { PEN_SQL_TURNED_REJECTS, PEN_SQL_TURNED_RETRIES, PEN_SQL_TURNED_REPAIRS };
	int64_t count;

	return digest_lists(store, lists, sizeof(lists) / sizeof(lists[0]), ":batch", batch, &count, digest, error);
}

/* Of one list, "" where it is empty. */
static enum pen_status digest_list(struct pen_store *store, enum pen_sql list, const char *name, int64_t number,
    char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	int64_t count;
	enum pen_status status = digest_lists(store, &list, 1, name, number, &count, digest, error);

	if (status == PEN_OK && count == 0)
		digest[0] = '\0';
	return status;
}

enum pen_status pen_turned__holds(struct pen_store *store, int64_t at, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	return digest_list(store, PEN_SQL_TURNED_HOLDS, ":at", at, digest, error);
}

enum pen_status pen_turned__brought(struct pen_store *store, int64_t batch, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	return digest_list(store, PEN_SQL_TURNED_BROUGHT, ":batch", batch, digest, error);
}

/* ---------------------------------------------------------------- lists -- */

#define SLICE 100	/* as the statements' LIMIT says */

/* A slice of a list: the rows in an arena, since a visit may use the store. */
struct slice { struct pen_arena *arena; struct pen_turned at[SLICE]; size_t count; };

static bool keep(struct slice *slice, struct pen_statement *s, int column, const char **out)
{
	const char *text = pen_db__text(s, column);

	*out = pen_memory__copy(slice->arena, text ? text : "", text ? strlen(text) : 0);
	return *out != NULL;
}

static bool take_reject(struct slice *slice, struct pen_statement *s, struct pen_turned *turned)
{
	turned->byte = pen_db__int(s, 1);
	turned->mended_by = pen_db__is_null(s, 7) ? 0 : pen_db__int(s, 7);
	return keep(slice, s, 2, &turned->column) && keep(slice, s, 3, &turned->rule) && keep(slice, s, 4, &turned->found) &&
	    keep(slice, s, 5, &turned->expected) && keep(slice, s, 6, &turned->message);
}

static bool take_repair(struct slice *slice, struct pen_statement *s, struct pen_turned *turned)
{
	return keep(slice, s, 1, &turned->column) && keep(slice, s, 2, &turned->code) && keep(slice, s, 3, &turned->old);
}

/* The rows behind the last one of the slice, which holds them from then on. */
static enum pen_status next_slice(struct slice *slice, struct pen_store *store, enum pen_sql which, int64_t batch,
    struct pen_error *error)
{
	struct pen_turned last = slice->count ? slice->at[slice->count - 1] :
	    (struct pen_turned){ .column = "", .code = "" };
	struct pen_statement *s;
	bool row, fine = true, repairs = which == PEN_SQL_TURNED_MENDED;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	pen_db__bind_int(s, ":line", last.line);
	if (repairs) {
		pen_db__bind_text(s, ":column_name", last.column);
		pen_db__bind_text(s, ":code", last.code);
	}
	slice->count = 0;
	while (slice->count < SLICE && fine && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		struct pen_turned *turned = &slice->at[slice->count++];

		*turned = (struct pen_turned){ .line = pen_db__int(s, 0) };
		fine = repairs ? take_repair(slice, s, turned) : take_reject(slice, s, turned);
	}
	pen_db__reset(s);
	return fine ? status : pen_error__memory(error);
}

static enum pen_status each(struct pen_store *store, enum pen_sql which, int64_t batch, pen_turned_visit *visit,
    void *context, struct pen_error *error)
{
	/* Two arenas by turns: the next slice is asked for by the last row of this. */
	struct pen_arena *arena[2] = { pen_memory__arena(), pen_memory__arena() };
	struct slice *slice = pen_memory__calloc(1, sizeof(*slice));
	enum pen_status status = slice && arena[0] && arena[1] ? PEN_OK : pen_error__memory(error);
	size_t i, turn = 0;

	while (status == PEN_OK) {
		slice->arena = arena[turn++ % 2];
		pen_memory__reset(slice->arena);
		status = next_slice(slice, store, which, batch, error);
		for (i = 0; status == PEN_OK && i < slice->count; i++)
			status = visit(context, &slice->at[i], error);
		if (slice->count < SLICE)
			break;
	}
	pen_memory__drop(arena[0]);
	pen_memory__drop(arena[1]);
	pen_memory__free(slice);
	return status;
}

enum pen_status pen_turned__each_open(struct pen_store *store, int64_t batch, pen_turned_visit *visit, void *context,
    struct pen_error *error)
{
	return each(store, PEN_SQL_TURNED_OPEN, batch, visit, context, error);
}

enum pen_status pen_turned__each_repair(struct pen_store *store, int64_t batch, pen_turned_visit *visit, void *context,
    struct pen_error *error)
{
	return each(store, PEN_SQL_TURNED_MENDED, batch, visit, context, error);
}
