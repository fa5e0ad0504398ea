#include "store/batch.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* ------------------------------------------------------------- reading -- */

/* Text of a column into an array of fixed room; null gives "". What is longer
 * than the room was never written by this program. */
static void take_text(struct pen_statement *statement, int column, char *out, size_t room)
{
	const char *text = pen_db__text(statement, column);

	snprintf(out, room, "%s", text ? text : "");
}

static int64_t int_or(struct pen_statement *statement, int column, int64_t none)
{
	return pen_db__is_null(statement, column) ? none : pen_db__int(statement, column);
}

/* The columns in the order of batch_find. */
static void take_batch(struct pen_statement *s, struct pen_batch *batch)
{
	*batch = (struct pen_batch){
		.id = pen_db__int(s, 0),
		.parent = int_or(s, 1, 0),
		.file_bytes = pen_db__int(s, 8),
		.reference_at = pen_db__int(s, 12),
		.rows_done = pen_db__int(s, 13),
		.lines_read = pen_db__int(s, 14),
		.lines_accepted = pen_db__int(s, 15),
		.lines_rejected = pen_db__int(s, 16),
		.lines_other = pen_db__int(s, 17),
		.read_fen = pen_db__int(s, 18),
		.rejected_fen = pen_db__int(s, 19),
		.staged_at = int_or(s, 22, -1),
		.confirmed_at = int_or(s, 23, -1),
		.ended_at = int_or(s, 24, -1),
		.strict = pen_db__int(s, 25) != 0,
		.totals = pen_db__int(s, 27),
		.amendment = int_or(s, 28, 0)
	};
	take_text(s, 2, batch->agency, sizeof(batch->agency));
	take_text(s, 3, batch->form, sizeof(batch->form));
	take_text(s, 4, batch->state, sizeof(batch->state));
	take_text(s, 5, batch->file_name, sizeof(batch->file_name));
	take_text(s, 6, batch->file_digest, sizeof(batch->file_digest));
	take_text(s, 7, batch->encoding, sizeof(batch->encoding));
	take_text(s, 9, batch->form_digest, sizeof(batch->form_digest));
	take_text(s, 10, batch->rules_digest, sizeof(batch->rules_digest));
	take_text(s, 11, batch->parameters_digest, sizeof(batch->parameters_digest));
	take_text(s, 20, batch->rejects_file, sizeof(batch->rejects_file));
	take_text(s, 21, batch->planned_by, sizeof(batch->planned_by));
	take_text(s, 26, batch->given, sizeof(batch->given));
}

enum pen_status pen_batch__find(struct pen_store *store, int64_t id, struct pen_batch *batch,
    bool *found, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;

	status = pen_store__sql(store, PEN_SQL_BATCH_FIND, &statement, error);
	if (status)
		return status;
	pen_db__bind_int(statement, ":id", id);
	status = pen_db__step(statement, found, error);
	if (!status && *found)
		take_batch(statement, batch);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_batch__of_file(struct pen_store *store, const char *file_digest, const char *form,
    struct pen_batch *batch, bool *found, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	int64_t id = 0;

	status = pen_store__sql(store, PEN_SQL_BATCH_OF_FILE, &statement, error);
	if (status)
		return status;
	pen_db__bind_text(statement, ":file_digest", file_digest);
	pen_db__bind_text(statement, ":form", form);
	status = pen_db__step(statement, found, error);
	if (!status && *found)
		id = pen_db__int(statement, 0);
	pen_db__reset(statement);
	if (status || !*found)
		return status;
	return pen_batch__find(store, id, batch, found, error);
}

enum pen_status pen_batch__assumptions(struct pen_store *store, int64_t id, char **json,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	const char *text;
	bool row;
	size_t n;

	status = pen_store__sql(store, PEN_SQL_BATCH_ASSUMPTIONS, &statement, error);
	if (status)
		return status;
	pen_db__bind_int(statement, ":id", id);
	status = pen_db__step(statement, &row, error);
	if (status)
		goto out;
	text = row ? pen_db__text(statement, 0) : NULL;
	if (!text)
		text = "[]";
	n = strlen(text) + 1;
	*json = pen_memory__calloc(n, 1);
	if (*json)
		memcpy(*json, text, n);
	else
		status = pen_error__memory(error);
out:
	pen_db__reset(statement);
	return status;
}

/* ------------------------------------------------------------- writing -- */

/* One number that a statement without parameters gives. */
static enum pen_status ask_next(struct pen_store *store, int64_t *id, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	bool row;

	status = pen_store__sql(store, PEN_SQL_BATCH_NEXT, &statement, error);
	if (status)
		return status;
	status = pen_db__step(statement, &row, error);
	if (!status)
		*id = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_batch__plan(struct pen_store *store, struct pen_batch *batch, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;

	status = ask_next(store, &batch->id, error);
	if (!status)
		status = pen_store__sql(store, PEN_SQL_BATCH_PLAN, &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":id", batch->id);
	if (batch->parent)
		pen_db__bind_int(s, ":parent", batch->parent);
	if (batch->amendment)
		pen_db__bind_int(s, ":amendment", batch->amendment);
	pen_db__bind_text(s, ":agency", batch->agency);
	pen_db__bind_text(s, ":form", batch->form);
	pen_db__bind_text(s, ":file_name", batch->file_name);
	pen_db__bind_text(s, ":file_digest", batch->file_digest);
	pen_db__bind_text(s, ":encoding", batch->encoding);
	pen_db__bind_int(s, ":file_bytes", batch->file_bytes);
	pen_db__bind_text(s, ":form_digest", batch->form_digest);
	pen_db__bind_text(s, ":rules_digest", batch->rules_digest);
	pen_db__bind_text(s, ":parameters_digest", batch->parameters_digest);
	pen_db__bind_int(s, ":reference_at", batch->reference_at);
	pen_db__bind_text(s, ":planned_by", batch->planned_by);
	pen_db__bind_int(s, ":strict", batch->strict);
	pen_db__bind_text(s, ":given", batch->given[0] ? batch->given : "{}");
	status = pen_db__run(s, error);
	if (status)
		return status;
	snprintf(batch->state, sizeof(batch->state), "staging");
	batch->rows_done = 0;
	batch->staged_at = batch->confirmed_at = batch->ended_at = -1;
	return PEN_OK;
}

enum pen_status pen_batch__progress(struct pen_store *store, int64_t id, int64_t rows_done,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_BATCH_PROGRESS, &statement, error);

	if (status)
		return status;
	pen_db__bind_int(statement, ":id", id);
	pen_db__bind_int(statement, ":rows_done", rows_done);
	return pen_db__run(statement, error);
}

enum pen_status pen_batch__staged(struct pen_store *store, const struct pen_batch *batch,
    const char *assumptions, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_BATCH_STAGED, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":id", batch->id);
	pen_db__bind_text(s, ":state", batch->state);
	pen_db__bind_int(s, ":rows_done", batch->rows_done);
	pen_db__bind_int(s, ":lines_read", batch->lines_read);
	pen_db__bind_int(s, ":lines_accepted", batch->lines_accepted);
	pen_db__bind_int(s, ":lines_rejected", batch->lines_rejected);
	pen_db__bind_int(s, ":lines_other", batch->lines_other);
	pen_db__bind_int(s, ":read_fen", batch->read_fen);
	pen_db__bind_int(s, ":rejected_fen", batch->rejected_fen);
	pen_db__bind_text(s, ":assumptions", assumptions);
	pen_db__bind_text(s, ":rejects_file", batch->rejects_file[0] ? batch->rejects_file : NULL);
	pen_db__bind_int(s, ":totals", batch->totals);
	if (batch->staged_at >= 0)
		pen_db__bind_int(s, ":staged_at", batch->staged_at);
	return pen_db__run(s, error);
}

enum pen_status pen_batch__set_state(struct pen_store *store, int64_t id, const char *state,
    int64_t at, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_BATCH_SET_STATE, &statement, error);

	if (status)
		return status;
	pen_db__bind_int(statement, ":id", id);
	pen_db__bind_text(statement, ":state", state);
	pen_db__bind_int(statement, ":at", at);
	return pen_db__run(statement, error);
}

/* --------------------------------------------------------------- lists -- */

/* A list of ids that grows. */
struct ids { int64_t *at; size_t n, room; };

static enum pen_status ids_add(struct ids *ids, int64_t id, struct pen_error *error)
{
	int64_t *grown;

	if (ids->n == ids->room) {
		size_t room = ids->room ? ids->room * 2 : 16;

		grown = pen_memory__realloc(ids->at, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		ids->at = grown;
		ids->room = room;
	}
	ids->at[ids->n++] = id;
	return PEN_OK;
}

enum pen_status pen_batch__each(struct pen_store *store, pen_batch_visit *visit, void *context,
    struct pen_error *error)
{
	struct pen_statement *statement;
	struct pen_batch batch;
	enum pen_status status;
	struct ids ids = { 0 };
	bool row, found;
	size_t i;

	/* The list first, so that a visit may write. */
	status = pen_store__sql(store, PEN_SQL_BATCH_IDS, &statement, error);
	if (status)
		return status;
	while (!(status = pen_db__step(statement, &row, error)) && row) {
		status = ids_add(&ids, pen_db__int(statement, 0), error);
		if (status)
			break;
	}
	pen_db__reset(statement);
	for (i = 0; !status && i < ids.n; i++) {
		status = pen_batch__find(store, ids.at[i], &batch, &found, error);
		if (!status && found)
			status = visit(context, &batch, error);
	}
	pen_memory__free(ids.at);
	return status;
}

/* ----------------------------------------------------------- selection -- */

static enum pen_status not_a_list(const char *what, const char *text, struct pen_error *error)
{
	return pen_error__set(error, PEN_USAGE, "select.syntax",
	    strcmp(what, "folio") ? _("\"%s\" names no batch: write a number, a range or a list of them, as in 4, 1-4 or 1,3-5") :
	    _("\"%s\" names no folio: write a number, a range or a list of them, as in 4, 1-4 or 1,3-5"), text);
}

/* A number from 1 at *s, which moves behind it. */
static bool read_id(const char **s, int64_t *id)
{
	const char *p = *s;

	for (*id = 0; *p >= '0' && *p <= '9'; p++) {
		if (*id > (INT64_MAX - 9) / 10)
			return false;
		*id = *id * 10 + (*p - '0');
	}
	if (p == *s || *id == 0)
		return false;
	*s = p;
	return true;
}

/* Each id of first..last must exist; the first that does not ends the walk, so
 * that a range of any width costs no more than what there is. */
static enum pen_status add_range(struct pen_store *store, const char *what, int64_t first, int64_t last,
    struct ids *ids, struct pen_error *error)
{
	enum pen_sql which = strcmp(what, "folio") ? PEN_SQL_BATCH_EXISTS : PEN_SQL_BATCH_FOLIO_EXISTS;
	struct pen_statement *statement;
	enum pen_status status;
	bool exists;
	int64_t id;

	status = pen_store__sql(store, which, &statement, error);
	for (id = first; !status && id <= last; id++) {
		pen_db__bind_int(statement, ":id", id);
		status = pen_db__step(statement, &exists, error);
		pen_db__reset(statement);
		if (!status && !exists)
			status = pen_error__set(error, PEN_USAGE, "select.none",
			    strcmp(what, "folio") ? _("there is no batch %lld: pen-import list shows what there is") :
			    _("there is no folio %lld: pen-import show BATCH shows what there is"), (long long)id);
		if (!status)
			status = ids_add(ids, id, error);
	}
	return status;
}

static int by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* In order, and each once: "3,1-3" is 1, 2, 3. */
static void order(struct ids *ids)
{
	size_t i, kept = 0;

	qsort(ids->at, ids->n, sizeof(*ids->at), by_id);
	for (i = 0; i < ids->n; i++)
		if (!kept || ids->at[kept - 1] != ids->at[i])
			ids->at[kept++] = ids->at[i];
	ids->n = kept;
}

enum pen_status pen_batch__select(struct pen_store *store, const char *what, const char *text,
    int64_t **list, size_t *count, struct pen_error *error)
{
	struct ids ids = { 0 };
	const char *p = text;
	enum pen_status status;
	int64_t first, last;

	do {
		bool fine = read_id(&p, &first);

		last = first;
		if (fine && *p == '-') {
			p++;
			fine = read_id(&p, &last);
		}
		if (!fine || last < first || (*p && *p != ','))
			status = not_a_list(what, text, error);
		else
			status = add_range(store, what, first, last, &ids, error);
	} while (!status && *p++ == ',');
	if (status)
		goto err0;
	order(&ids);
	*list = ids.at;
	*count = ids.n;
	return PEN_OK;
err0:
	pen_memory__free(ids.at);
	return status;
}
