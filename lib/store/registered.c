#include "store/registered.h"

#include "base/error.h"
#include "base/memory.h"

#define SLICE 20000	/* rows read under one lock */
#define LEAST_ROOM INT64_C(1000000)

/* Folios that say what is registered, by id. */
struct folios { int64_t *id; size_t count, room; };

static enum pen_status load_folios(struct pen_db *db, int64_t as_of, struct folios *folios, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_db__prepare(db, pen_sql__texts[PEN_SQL_REGISTERED_FOLIOS].text, &s, error);
	int64_t *grown;
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":as_of", as_of);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		if (folios->count == folios->room) {
			folios->room = folios->room ? folios->room * 2 : 1024;
			grown = pen_memory__realloc(folios->id, folios->room, sizeof(*grown));
			if (!grown) {
				status = pen_error__memory(error);
				break;
			}
			folios->id = grown;
		}
		folios->id[folios->count++] = pen_db__int(s, 0);
	}
	pen_db__finalize(s);
	return status;
}

/* Where the reading is: behind this row, at that folio of the list, which is gone
 * through beside the rows. */
struct place { int64_t folio, person, line; size_t at; };

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
	pen_db__bind_int(s, ":most", SLICE);
	for (*n = 0; !(status = pen_db__step(s, &row, error)) && row; (*n)++) {
		place->folio = pen_db__int(s, 0);
		place->person = pen_db__int(s, 1);
		place->line = pen_db__int(s, 2);
		while (place->at < folios->count && folios->id[place->at] < place->folio)
			place->at++;
		if (place->at < folios->count && folios->id[place->at] == place->folio)
			status = visit_row(s, visit, context, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_registered__each(struct pen_db *db, int64_t as_of, pen_registered_visit *visit, void *context,
    struct pen_error *error)
{
	struct place place = { .folio = INT64_MIN, .person = INT64_MIN, .line = INT64_MIN };
	struct folios folios = { 0 };
	struct pen_statement *s;
	enum pen_status status = load_folios(db, as_of, &folios, error);
	int n;

	if (!status)
		status = pen_db__prepare(db, pen_sql__texts[PEN_SQL_REGISTERED_ROWS].text, &s, error);
	if (!status) {
		for (n = SLICE; !status && n == SLICE; )
			status = read_slice(s, &folios, &place, &n, visit, context, error);
		pen_db__finalize(s);
	}
	pen_memory__free(folios.id);
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
