#include "store/rows.h"

#include "adapter/db_bulk.h"
#include "adapter/db_scan.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>

/* ------------------------------------------------------------- writing -- */

struct pen_rows_writer {
	struct pen_bulk *bulk;
	const struct pen_kind *kind;
};

enum pen_status pen_rows__writer(struct pen_rows_writer **writer, struct pen_store *store,
    const struct pen_kind *kind, struct pen_error *error)
{
	const char *columns[PEN_COLUMNS_MOST + 1] = { "folio" };
	struct pen_rows_writer *made;
	enum pen_status status;
	int i;

	made = pen_memory__calloc(1, sizeof(*made));
	if (!made)
		return pen_error__memory(error);
	for (i = 0; i < kind->count; i++)
		columns[i + 1] = kind->columns[i].name;
	made->kind = kind;
	status = pen_db_bulk__open(&made->bulk, pen_store__db(store), kind->table, columns,
	    (size_t)kind->count + 1, error);
	if (status)
		goto err0;
	*writer = made;
	return PEN_OK;
err0:
	pen_memory__free(made);
	return status;
}

enum pen_status pen_rows__write(struct pen_rows_writer *writer, int64_t folio,
    const struct pen_row *row, struct pen_error *error)
{
	const struct pen_value first = pen_value__integer(folio);
	enum pen_status status;

	assert(row->kind == writer->kind);
	status = pen_db_bulk__add(writer->bulk, &first, 1, error);
	return status ? status : pen_db_bulk__add(writer->bulk, row->v, (size_t)row->kind->count, error);
}

enum pen_status pen_rows__flush(struct pen_rows_writer *writer, struct pen_error *error)
{
	return pen_db_bulk__flush(writer->bulk, error);
}

enum pen_status pen_rows__end_writer(struct pen_rows_writer *writer, struct pen_error *error)
{
	enum pen_status status = pen_db_bulk__end(writer->bulk, error);

	pen_memory__free(writer);
	return status;
}

void pen_rows__drop_writer(struct pen_rows_writer *writer)
{
	if (!writer)
		return;
	pen_db_bulk__drop(writer->bulk);
	pen_memory__free(writer);
}

enum pen_status pen_rows__remove(struct pen_store *store, const struct pen_kind *kind, int64_t folio,
    struct pen_error *error)
{
	struct pen_text sql = { 0 };
	struct pen_statement *statement;
	enum pen_status status;

	pen_text__printf(&sql, "DELETE FROM %s WHERE folio = :folio", kind->table);
	status = sql.failed ? pen_error__memory(error) :
	    pen_db__prepare(pen_store__db(store), sql.s, &statement, error);
	if (!status) {
		pen_db__bind_int(statement, ":folio", folio);
		status = pen_db__run(statement, error);
		pen_db__finalize(statement);
	}
	pen_text__free(&sql);
	return status;
}

/* ------------------------------------------------------------- reading -- */

#define SLICE PEN_ROWS_SLICE

_Static_assert(PEN_COLUMNS_MOST <= PEN_DB_SCAN_MOST, "a row can be scanned");

/* A slice is copied out whole, rows to `row`, strings to the arena, and given
 * out from there. `subject` and `line` are those of the slice's last row: where
 * the next one begins. */
struct pen_rows {
	struct pen_store *store;
	const struct pen_kind *kind;
	struct pen_statement *statement, *whole;	/* whole: from the folio's first row on; NULL: not needed yet */
	struct pen_arena *strings;
	struct pen_row *row;
	size_t count, next, room;	/* room: of `row`; grows up to SLICE */
	int64_t folio, subject, line;
	bool last;		/* no slice after this one */
	bool one_subject;	/* the statement is laid by for the next one */
};

enum behind { BEHIND_PLACE, BEHIND_LINE, BEHIND_NOTHING };

/* SELECT subject, line, … of what lies behind a place, in storage order: behind a subject
 * and a line, behind a line of one subject, or all of the folio. */
static enum pen_status prepare(struct pen_rows *rows, enum behind behind, struct pen_statement **statement,
    struct pen_error *error)
{
	const struct pen_kind *kind = rows->kind;
	const char *subject = kind->columns[PEN_SUBJECT].name, *line = kind->columns[PEN_LINE].name;
	struct pen_text sql = { 0 };
	enum pen_status status;
	int i;

	for (i = 0; i < kind->count; i++)
		pen_text__printf(&sql, "%s%s", i ? ", " : "SELECT ", kind->columns[i].name);
	pen_text__printf(&sql, " FROM %s WHERE folio = :folio", kind->table);
	if (behind == BEHIND_LINE)
		pen_text__printf(&sql, " AND %s = :subject AND %s > :line", subject, line);
	else if (behind == BEHIND_PLACE)
		pen_text__printf(&sql, " AND (%s, %s) > (:subject, :line)", subject, line);
	pen_text__printf(&sql, " ORDER BY %s, %s LIMIT %d", subject, line, SLICE);
	status = sql.failed ? pen_error__memory(error) :
	    pen_db_scan__prepare(pen_store__db(rows->store), sql.s, statement, error);
	pen_text__free(&sql);
	return status;
}

static enum pen_status open_rows(struct pen_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, int64_t subject, bool one_subject,
    struct pen_error *error)
{
	struct pen_rows *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	*made = (struct pen_rows){ .store = store, .kind = kind, .folio = folio, .subject = subject, .line = INT64_MIN,
		.one_subject = one_subject };
	if (one_subject)
		made->statement = pen_store__take_spare(store, kind->id);
	if (!made->statement) {
		status = prepare(made, one_subject ? BEHIND_LINE : BEHIND_PLACE, &made->statement, error);
		if (status)
			goto err0;
	}
	*rows = made;
	return PEN_OK;
err0:
	pen_rows__close(made);
	return status;
}

enum pen_status pen_rows__open(struct pen_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, struct pen_error *error)
{
	/* From the lowest there can be: a row slipped in under a negative number shows. */
	return open_rows(rows, store, kind, folio, INT64_MIN, false, error);
}

enum pen_status pen_rows__open_subject(struct pen_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, int64_t subject, struct pen_error *error)
{
	return open_rows(rows, store, kind, folio, subject, true, error);
}

void pen_rows__turn(struct pen_rows *rows, int64_t folio)
{
	rows->folio = folio;
	rows->subject = rows->line = INT64_MIN;
	rows->count = rows->next = 0;
	rows->last = false;
}

/* The numbers in the first row of a statement drawn up for the kind, whose
 * condition is bound by a folio and two numbers. */
static enum pen_status ask(struct pen_store *store, const struct pen_text *sql, int64_t folio, int64_t a, int64_t b,
    int64_t *first, int64_t *second, bool *row, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = sql->failed ? pen_error__memory(error) :
	    pen_db__prepare(pen_store__db(store), sql->s, &statement, error);

	if (status)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":a", a);
	pen_db__bind_int(statement, ":b", b);
	status = pen_db__step(statement, row, error);
	if (!status && *row) {
		*first = pen_db__int(statement, 0);
		*second = pen_db__int(statement, 1);
	}
	pen_db__finalize(statement);
	return status;
}

enum pen_status pen_rows__before(struct pen_store *store, const struct pen_kind *kind, int64_t folio,
    int64_t subject, int64_t line, int64_t *before, struct pen_error *error)
{
	struct pen_text sql = { 0 };
	enum pen_status status;
	int64_t unused;
	bool row;

	pen_text__printf(&sql, "SELECT COUNT(*), 0 FROM %s WHERE folio = :folio AND (%s, %s) < (:a, :b)", kind->table,
	    kind->columns[PEN_SUBJECT].name, kind->columns[PEN_LINE].name);
	status = ask(store, &sql, folio, subject, line, before, &unused, &row, error);
	pen_text__free(&sql);
	return status;
}

enum pen_status pen_rows__open_from(struct pen_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, int64_t before, struct pen_error *error)
{
	const char *subject = kind->columns[PEN_SUBJECT].name, *line = kind->columns[PEN_LINE].name;
	struct pen_text sql = { 0 };
	int64_t last_subject = INT64_MIN, last_line = INT64_MIN;
	enum pen_status status;
	bool row = true;

	if (!before)
		return pen_rows__open(rows, store, kind, folio, error);
	/* The last one before it: reading goes on behind that. */
	pen_text__printf(&sql, "SELECT %s, %s FROM %s WHERE folio = :folio ORDER BY %s, %s LIMIT :a OFFSET :b",
	    subject, line, kind->table, subject, line);
	status = ask(store, &sql, folio, 1, before - 1, &last_subject, &last_line, &row, error);
	pen_text__free(&sql);
	if (!status)
		status = open_rows(rows, store, kind, folio, last_subject, false, error);
	if (!status) {
		(*rows)->line = last_line;
		(*rows)->last = !row;
	}
	return status;
}

static void bind_place(struct pen_rows *rows)
{
	pen_db__bind_int(rows->statement, ":folio", rows->folio);
	pen_db__bind_int(rows->statement, ":subject", rows->subject);
	pen_db__bind_int(rows->statement, ":line", rows->line);
}

/* Room for one more copy: of a single person there are a few, of a folio many. */
#define FEW 8
static bool make_room(struct pen_rows *rows)
{
	struct pen_row *grown;

	if (rows->count < rows->room)
		return true;
	grown = pen_memory__realloc(rows->row, rows->room ? rows->room * 2 : FEW, sizeof(*grown));
	if (!grown)
		return false;
	rows->row = grown;
	rows->room = rows->room ? rows->room * 2 : FEW;
	return true;
}

/* A row comes in, its strings copied. */
static enum pen_status copy_row(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct pen_rows *rows = context;
	struct pen_value *value;
	struct pen_row *row;
	int i;

	assert(rows->count < SLICE);
	if (!make_room(rows))
		return pen_error__memory(error);
	row = &rows->row[rows->count];
	row->kind = rows->kind;
	for (i = 0; i < rows->kind->count; i++) {
		value = &row->v[i];
		*value = values[i];
		if (value->type != PEN_STRING && value->type != PEN_BYTES)
			continue;
		value->s = pen_memory__copy(rows->strings, value->s, value->n);
		if (!value->s)
			return pen_error__memory(error);
	}
	rows->count++;
	return PEN_OK;
}

static enum pen_status next_slice(struct pen_rows *rows, struct pen_error *error)
{
	enum pen_status status;

	if (!rows->strings)
		rows->strings = pen_memory__arena();
	if (!rows->strings)
		return pen_error__memory(error);
	rows->count = rows->next = 0;
	pen_memory__reset(rows->strings);
	bind_place(rows);
	/* The scan lets the read lock go at its end, before the caller works. */
	status = pen_db_scan__run(rows->statement, copy_row, rows, error);
	if (status)
		return status;
	rows->last = rows->count < SLICE;
	if (rows->count) {
		rows->subject = rows->row[rows->count - 1].v[PEN_SUBJECT].i;
		rows->line = rows->row[rows->count - 1].v[PEN_LINE].i;
	}
	return PEN_OK;
}

enum pen_status pen_rows__next(struct pen_rows *rows, const struct pen_row **row, struct pen_error *error)
{
	enum pen_status status;

	*row = NULL;
	if (rows->next == rows->count && !rows->last) {
		status = next_slice(rows, error);
		if (status)
			return status;
	}
	if (rows->next < rows->count)
		*row = &rows->row[rows->next++];
	return PEN_OK;
}

/* A slice under way: whose rows go on to a taker, and where the last one stands. */
struct slice { pen_rows_take *take; void *context; int count; int64_t subject, line; };

static enum pen_status pass_on(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct slice *slice = context;

	slice->count++;
	slice->subject = values[PEN_SUBJECT].i;
	slice->line = values[PEN_LINE].i;
	return slice->take(slice->context, values, error);
}

enum pen_status pen_rows__slice(struct pen_rows *rows, pen_rows_take *take, void *context, bool *more,
    struct pen_error *error)
{
	struct slice slice = { .take = take, .context = context };
	struct pen_statement *statement = rows->statement;
	enum pen_status status = PEN_OK;

	*more = false;
	if (rows->subject == INT64_MIN && rows->line == INT64_MIN) {
		/* From the beginning, no row has to be compared with a place. */
		if (!rows->whole)
			status = prepare(rows, BEHIND_NOTHING, &rows->whole, error);
		if (status)
			return status;
		statement = rows->whole;
		pen_db__bind_int(statement, ":folio", rows->folio);
	} else {
		bind_place(rows);
	}
	status = pen_db_scan__run(statement, pass_on, &slice, error);
	if (status || !slice.count)
		return status;
	rows->subject = slice.subject;
	rows->line = slice.line;
	*more = slice.count == SLICE;
	return PEN_OK;
}

void pen_rows__close(struct pen_rows *rows)
{
	if (!rows)
		return;
	if (rows->one_subject)
		pen_store__lay_by(rows->store, rows->kind->id, rows->statement);
	else
		pen_db__finalize(rows->statement);
	pen_db__finalize(rows->whole);
	pen_memory__free(rows->row);
	pen_memory__drop(rows->strings);
	pen_memory__free(rows);
}

enum pen_status pen_rows__replaced(struct pen_store *store, int64_t folio, int64_t subject, int64_t line,
    int64_t as_of, bool *replaced, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_ROWS_REPLACED, &statement, error);

	if (status)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":subject", subject);
	pen_db__bind_int(statement, ":line", line);
	pen_db__bind_int(statement, ":as_of", as_of);
	status = pen_db__step(statement, replaced, error);
	pen_db__reset(statement);
	return status;
}
