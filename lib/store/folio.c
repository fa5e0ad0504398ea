#include "store/folio.h"

#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

static const char *const state_names[] = {
	[PEN_FOLIO_STAGING] = "staging", [PEN_FOLIO_STAGED] = "staged", [PEN_FOLIO_HELD] = "held",
	[PEN_FOLIO_CONFIRMED] = "confirmed", [PEN_FOLIO_SEALED] = "sealed",
	[PEN_FOLIO_REPLACED] = "replaced", [PEN_FOLIO_REJECTED] = "rejected",
	[PEN_FOLIO_DISCARDED] = "discarded"
};
#define STATES (sizeof(state_names) / sizeof(state_names)[0])

const char *pen_folio__state_name(enum pen_folio_state state)
{
	assert((size_t)state < STATES);
	return state_names[state];
}

/* The schema's CHECK admits these names alone; another one means that somebody
 * was at the store without it. */
static enum pen_status state_of(const char *name, int64_t folio, enum pen_folio_state *state,
    struct pen_error *error)
{
	size_t i;

	for (i = 0; i < STATES; i++)
		if (name && strcmp(name, state_names[i]) == 0) {
			*state = (enum pen_folio_state)i;
			return PEN_OK;
		}
	return pen_error__set(error, PEN_INTEGRITY, "folio.state",
	    _("folio %lld is in state \"%s\", which there is not: run pen-verify"),
	    (long long)folio, name ? name : "");
}

/* ------------------------------------------------------------- reading -- */

static void take_text(struct pen_statement *statement, int column, char *out, size_t room)
{
	const char *text = pen_db__text(statement, column);

	snprintf(out, room, "%s", text ? text : "");
}

static int64_t int_or(struct pen_statement *statement, int column, int64_t none)
{
	return pen_db__is_null(statement, column) ? none : pen_db__int(statement, column);
}

/* The columns in the order of folio_find. */
static enum pen_status take_folio(struct pen_statement *s, struct pen_folio *folio, struct pen_error *error)
{
	*folio = (struct pen_folio){
		.id = pen_db__int(s, 0),
		.batch = pen_db__int(s, 1),
		.employer = int_or(s, 3, 0),
		.period = (int32_t)pen_db__int(s, 4),
		.number = pen_db__int(s, 5),
		.rows = pen_db__int(s, 7),
		.unit_fen = pen_db__int(s, 8),
		.personal_fen = pen_db__int(s, 9),
		.amount_fen = pen_db__int(s, 10),
		.replaces = int_or(s, 12, 0),
		.confirmed_at = int_or(s, 13, -1),
		.sealed_at = int_or(s, 14, -1),
		.ended_at = int_or(s, 15, -1)
	};
	take_text(s, 2, folio->form, sizeof(folio->form));
	take_text(s, 11, folio->root, sizeof(folio->root));
	take_text(s, 16, folio->credit_code, sizeof(folio->credit_code));
	return state_of(pen_db__text(s, 6), folio->id, &folio->state, error);
}

enum pen_status pen_folio__find(struct pen_store *store, int64_t id, struct pen_folio *folio,
    bool *found, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;

	status = pen_store__sql(store, PEN_SQL_FOLIO_FIND, &statement, error);
	if (status)
		return status;
	pen_db__bind_int(statement, ":id", id);
	status = pen_db__step(statement, found, error);
	if (!status && *found)
		status = take_folio(statement, folio, error);
	pen_db__reset(statement);
	return status;
}

/* ------------------------------------------------------------- writing -- */

/* The one number that a statement, bound already, comes to. */
static enum pen_status ask(struct pen_statement *statement, int64_t *number, struct pen_error *error)
{
	enum pen_status status;
	bool row;

	status = pen_db__step(statement, &row, error);
	if (!status)
		*number = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

static void bind_employer(struct pen_statement *statement, int64_t employer)
{
	if (employer)
		pen_db__bind_int(statement, ":employer", employer);
	else
		pen_db__bind_null(statement, ":employer");
}

/* What was discarded never was a form, so its number is free again. */
static enum pen_status number_it(struct pen_store *store, struct pen_folio *folio, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;

	status = pen_store__sql(store, PEN_SQL_FOLIO_NEXT, &statement, error);
	if (!status)
		status = ask(statement, &folio->id, error);
	if (!status)
		status = pen_store__sql(store, PEN_SQL_FOLIO_NUMBER, &statement, error);
	if (status)
		return status;
	bind_employer(statement, folio->employer);
	pen_db__bind_text(statement, ":form", folio->form);
	pen_db__bind_int(statement, ":period", folio->period);
	return ask(statement, &folio->number, error);
}

enum pen_status pen_folio__enter(struct pen_store *store, struct pen_folio *folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;

	status = number_it(store, folio, error);
	if (!status)
		status = pen_store__sql(store, PEN_SQL_FOLIO_ENTER, &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":id", folio->id);
	pen_db__bind_int(s, ":batch", folio->batch);
	pen_db__bind_text(s, ":form", folio->form);
	bind_employer(s, folio->employer);
	pen_db__bind_int(s, ":period", folio->period);
	pen_db__bind_int(s, ":number", folio->number);
	pen_db__bind_text(s, ":state", pen_folio__state_name(folio->state));
	pen_db__bind_int(s, ":rows", folio->rows);
	pen_db__bind_int(s, ":unit_fen", folio->unit_fen);
	pen_db__bind_int(s, ":personal_fen", folio->personal_fen);
	pen_db__bind_int(s, ":amount_fen", folio->amount_fen);
	return pen_db__run(s, error);
}

enum pen_status pen_folio__sums(struct pen_store *store, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_FOLIO_SUMS, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":id", folio->id);
	pen_db__bind_int(s, ":rows", folio->rows);
	pen_db__bind_int(s, ":unit_fen", folio->unit_fen);
	pen_db__bind_int(s, ":personal_fen", folio->personal_fen);
	pen_db__bind_int(s, ":amount_fen", folio->amount_fen);
	pen_db__bind_text(s, ":state", pen_folio__state_name(folio->state));
	return pen_db__run(s, error);
}

enum pen_status pen_folio__set_state(struct pen_store *store, int64_t id, enum pen_folio_state state,
    int64_t at, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_FOLIO_SET_STATE, &statement, error);

	if (status)
		return status;
	pen_db__bind_int(statement, ":id", id);
	pen_db__bind_text(statement, ":state", pen_folio__state_name(state));
	pen_db__bind_int(statement, ":at", at);
	return pen_db__run(statement, error);
}

enum pen_status pen_folio__set_root(struct pen_store *store, int64_t id, const char *root,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_FOLIO_SET_ROOT, &statement, error);

	if (status)
		return status;
	pen_db__bind_int(statement, ":id", id);
	pen_db__bind_text(statement, ":root", root && root[0] ? root : NULL);
	return pen_db__run(statement, error);
}

/* --------------------------------------------------------------- lists -- */

#define SLICE 256	/* folios read before they are visited */

/* All the ids that a bound statement gives; it is reset. */
static enum pen_status read_ids(struct pen_statement *statement, int64_t **ids, size_t *count,
    struct pen_error *error)
{
	int64_t *list = NULL, *grown;
	size_t n = 0, room = 0;
	enum pen_status status;
	bool row;

	while (!(status = pen_db__step(statement, &row, error)) && row) {
		if (n == room) {
			room = room ? room * 2 : 64;
			grown = pen_memory__realloc(list, room, sizeof(*list));
			if (!grown) {
				status = pen_error__memory(error);
				break;
			}
			list = grown;
		}
		list[n++] = pen_db__int(statement, 0);
	}
	pen_db__reset(statement);
	*ids = list;
	*count = n;
	return status;
}

/* Takes the bound statement and the order it gives; as_of -1: as it is now. */
static enum pen_status visit_all(struct pen_store *store, struct pen_statement *statement, int64_t as_of,
    pen_folio_visit *visit, void *context, struct pen_error *error)
{
	struct pen_folio folio;
	enum pen_status status;
	int64_t *ids;
	size_t count, i;
	bool found;

	status = read_ids(statement, &ids, &count, error);
	for (i = 0; !status && i < count; i++) {
		status = pen_folio__find(store, ids[i], &folio, &found, error);
		if (status || !found)
			continue;
		if (as_of >= 0)
			folio.state = folio.sealed_at >= 0 && folio.sealed_at <= as_of ?
			    PEN_FOLIO_SEALED : PEN_FOLIO_CONFIRMED;
		status = visit(context, &folio, error);
	}
	pen_memory__free(ids);
	return status;
}

/* The next folios of a batch behind `after`, at most SLICE. */
static enum pen_status read_slice(struct pen_store *store, int64_t batch, int64_t after, struct pen_folio *folios,
    size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_FOLIO_OF_BATCH, &s, error);
	bool row;

	*count = 0;
	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	pen_db__bind_int(s, ":after", after);
	pen_db__bind_int(s, ":most", SLICE);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		status = take_folio(s, &folios[(*count)++], error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_folio__each_of_batch(struct pen_store *store, int64_t batch,
    pen_folio_visit *visit, void *context, struct pen_error *error)
{
	struct pen_folio *folios = pen_memory__calloc(SLICE, sizeof(*folios));
	enum pen_status status = folios ? PEN_OK : pen_error__memory(error);
	size_t count = SLICE, i;
	int64_t after = INT64_MIN;

	while (!status && count == SLICE) {
		status = read_slice(store, batch, after, folios, &count, error);
		for (i = 0; !status && i < count; i++) {
			after = folios[i].id;
			status = visit(context, &folios[i], error);
		}
	}
	pen_memory__free(folios);
	return status;
}

enum pen_status pen_folio__each_visible(struct pen_store *store, const char *form, int32_t period,
    int64_t employer, int64_t as_of, pen_folio_visit *visit, void *context, struct pen_error *error)
{
	enum pen_sql which = employer ? PEN_SQL_FOLIO_VISIBLE_OF_EMPLOYER : PEN_SQL_FOLIO_VISIBLE;
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, which, &statement, error);

	if (status)
		return status;
	pen_db__bind_text(statement, ":form", form);
	pen_db__bind_int(statement, ":period", period);
	pen_db__bind_int(statement, ":as_of", as_of);
	if (employer)
		pen_db__bind_int(statement, ":employer", employer);
	return visit_all(store, statement, as_of, visit, context, error);
}

enum pen_status pen_folio__each_entered(struct pen_store *store, const char *form, const char *begin, const char *end,
    int64_t as_of, pen_folio_visit *visit, void *context, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_FOLIO_ENTERED, &statement, error);

	if (status)
		return status;
	pen_db__bind_text(statement, ":form", form);
	pen_db__bind_text(statement, ":begin", begin);
	pen_db__bind_text(statement, ":end", end);
	pen_db__bind_int(statement, ":as_of", as_of);
	return visit_all(store, statement, as_of, visit, context, error);
}
