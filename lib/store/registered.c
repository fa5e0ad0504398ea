#include "store/registered.h"

#include "base/error.h"
#include "base/memory.h"

#define SLICE 20000	/* rows read under one lock */
#define LEAST_ROOM INT64_C(1000000)

/* Folios that say what is registered, by id, and how many rows they were told to have. */
struct folios { struct folio { int64_t id, rows; } *at; size_t count, room; };

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
		folios->at[folios->count++] = (struct folio){ pen_db__int(s, 0), pen_db__int(s, 1) };
	}
	pen_db__finalize(s);
	return status;
}

/* Where the reading is: behind this row, up to the folio `last`, at that folio of the
 * list, which is gone through beside the rows. */
struct place { int64_t folio, person, line, last; size_t at; };

static enum pen_status visit_row(struct pen_statement *s, pen_registered_visit *visit, void *context, struct pen_error *error)
{
	const struct pen_registered registered = { .folio = pen_db__int(s, 0), .person = pen_db__int(s, 1),
		.name = pen_db__value(s, 3), .insured_on = pen_db__int(s, 4), .payer = pen_db__text(s, 5),
		.born = pen_db__int(s, 6), .sex = (int)pen_db__int(s, 7) };

	return visit(context, &registered, error);
}

/* One slice of registrations behind a place, which moves on. */
static enum pen_status read_slice(struct pen_statement *s, const struct folios *folios, struct place *place, int *n,
    pen_registered_visit *visit, void *context, struct pen_error *error)
{
	enum pen_status status;
	bool row;

	pen_db__bind_int(s, ":folio", place->folio);
	pen_db__bind_int(s, ":person", place->person);
	pen_db__bind_int(s, ":line", place->line);
	pen_db__bind_int(s, ":last", place->last);
	pen_db__bind_int(s, ":most", SLICE);
	for (*n = 0; !(status = pen_db__step(s, &row, error)) && row; (*n)++) {
		place->folio = pen_db__int(s, 0);
		place->person = pen_db__int(s, 1);
		place->line = pen_db__int(s, 2);
		while (place->at < folios->count && folios->at[place->at].id < place->folio)
			place->at++;
		if (place->at < folios->count && folios->at[place->at].id == place->folio)
			status = visit_row(s, visit, context, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_registered__half(struct pen_db *db, int64_t as_of, enum pen_registered_half half, int64_t middle,
    pen_registered_visit *visit, void *context, struct pen_error *error)
{
	struct place place = { .folio = INT64_MIN, .person = INT64_MIN, .line = INT64_MIN, .last = INT64_MAX };
	struct folios folios = { 0 };
	struct pen_statement *s;
	enum pen_status status = load_folios(db, as_of, &folios, error);
	int n;

	if (half == PEN_REGISTERED_FIRST)
		place.last = middle;
	else if (half == PEN_REGISTERED_SECOND)
		place = (struct place){ .folio = middle, .person = INT64_MAX, .line = INT64_MAX, .last = INT64_MAX };
	if (!status)
		status = pen_db__prepare(db, pen_sql__texts[PEN_SQL_REGISTERED_ROWS].text, &s, error);
	if (!status) {
		for (n = SLICE; !status && n == SLICE; )
			status = read_slice(s, &folios, &place, &n, visit, context, error);
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
