#include "store/registered.h"

#include "adapter/db_scan.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/looking.h"

#define SLICE 20000	/* rows read under one lock, and those of a folio more */
#define LEAST_ROOM INT64_C(1000000)

/* Folios that say what is registered, by id, and how many rows each is said to have. */
struct folios { struct folio { int64_t id, rows, employer; } *at; size_t count, room; };

static enum pen_status load_folios(struct pen_db *db, int64_t as_of, struct folios *folios, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_db__prepare(db, pen_sql__texts[PEN_SQL_REGISTERED_FOLIOS].text, &s, error);
	struct folio *grown;
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":as_of", as_of);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		if (folios->count == folios->room) {
			folios->room = folios->room ? folios->room * 2 : 1024;
			grown = pen_memory__realloc(folios->at, folios->room, sizeof(*grown));
			if (!grown) {
				status = pen_error__memory(error);
				break;
			}
			folios->at = grown;
		}
		folios->at[folios->count++] = (struct folio){ pen_db__int(s, 0), pen_db__int(s, 1), pen_db__int(s, 2) };
	}
	pen_db__finalize(s);
	return status;
}

/* Where a slice that begins at a folio of the list ends: behind so many rows, if what
 * the folios say of themselves is so. */
static size_t end_of_slice(const struct folios *folios, size_t at)
{
	int64_t rows, all = 0;

	for (; at < folios->count && all < SLICE; at++) {
		rows = folios->at[at].rows;
		all += rows < 0 ? 0 : rows < SLICE ? rows : SLICE;
	}
	return at;
}

/* A slice under way: the list of its folios is gone through beside the rows. */
struct slice { const struct folio *folio; pen_registered_visit *visit; void *context; };

/* What lies between the folios of the list counts no more, or not yet. */
static enum pen_status visit_row(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct slice *slice = context;
	struct pen_registered registered;

	while (slice->folio->id < values[0].i)
		slice->folio++;
	if (slice->folio->id != values[0].i)
		return PEN_OK;
	registered = (struct pen_registered){ .folio = slice->folio->id, .employer = slice->folio->employer, .person = values[1].i,
		.name = values[2], .insured_on = values[3].i, .payer = values[4].s, .born = values[5].i, .sex = (int)values[6].i };
	return slice->visit(slice->context, &registered, error);
}

static enum pen_status read_slice(struct pen_statement *s, const struct folio *folios, size_t count,
    pen_registered_visit *visit, void *context, struct pen_error *error)
{
	struct slice slice = { .folio = folios, .visit = visit, .context = context };

	pen_db__bind_int(s, ":first", folios[0].id);
	pen_db__bind_int(s, ":last", folios[count - 1].id);
	return pen_db_scan__run(s, visit_row, &slice, error);
}

/* Where the half begins in the list that goes on behind the middle. */
static size_t behind(const struct folios *folios, int64_t middle)
{
	size_t at = 0;

	while (at < folios->count && folios->at[at].id <= middle)
		at++;
	return at;
}

enum pen_status pen_registered__half(struct pen_db *db, int64_t as_of, enum pen_registered_half half, int64_t middle,
    pen_registered_visit *visit, void *context, struct pen_error *error)
{
	struct pen_looking looking = { .db = db };
	struct folios folios = { 0 };
	struct pen_statement *s;
	enum pen_status status = load_folios(db, as_of, &folios, error);
	size_t at, end;

	if (!status)
		status = pen_db_scan__prepare(db, pen_sql__texts[PEN_SQL_REGISTERED_ROWS].text, &s, error);
	if (!status) {
		at = half == PEN_REGISTERED_SECOND ? behind(&folios, middle) : 0;
		if (half == PEN_REGISTERED_FIRST)
			folios.count = behind(&folios, middle);
		for (; !status && at < folios.count; at = end) {
			end = end_of_slice(&folios, at);
			status = pen_looking__on(&looking, error);
			if (!status)
				status = read_slice(s, folios.at + at, end - at, visit, context, error);
		}
		pen_looking__off(&looking);
		pen_db__finalize(s);
	}
	pen_memory__free(folios.at);
	return status;
}

enum pen_status pen_registered__each(struct pen_db *db, int64_t as_of, pen_registered_visit *visit, void *context,
    struct pen_error *error)
{
	return pen_registered__half(db, as_of, PEN_REGISTERED_ALL, 0, visit, context, error);
}

/* The numbers of rows are the folios' own word: one that is wrong makes one half larger
 * than the other. */
enum pen_status pen_registered__middle(struct pen_db *db, int64_t as_of, int64_t *middle, struct pen_error *error)
{
	struct folios folios = { 0 };
	enum pen_status status = load_folios(db, as_of, &folios, error);
	int64_t all = 0, before = 0;
	size_t i;

	*middle = 0;
	for (i = 0; !status && i < folios.count; i++)
		if (__builtin_add_overflow(all, folios.at[i].rows, &all))
			all = INT64_MAX;
	for (i = 0; !status && i < folios.count && before < all / 2; i++) {
		*middle = folios.at[i].id;
		if (__builtin_add_overflow(before, folios.at[i].rows, &before))
			before = INT64_MAX;
	}
	pen_memory__free(folios.at);
	return status;
}

enum pen_status pen_registered__next(struct pen_store *store, int64_t *next, int64_t *room, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REGISTERED_NEXT, &s, error);
	bool row;

	if (status)
		return status;
	status = pen_db__step(s, &row, error);
	*next = !status && row && pen_db__int(s, 0) > 0 ? pen_db__int(s, 0) : 1;
	*room = !status && row ? LEAST_ROOM + 2 * pen_db__int(s, 1) : LEAST_ROOM;
	if (*room > *next)
		*room = *next;
	pen_db__reset(s);
	return status;
}
