#include "adapter/db_scan.h"

#include "adapter/db_engine.h"
#include "base/error.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* Asking a statement for each column of each row costs half as much again as to find the
 * row. So the columns are made the arguments of a function of ours, which the engine calls
 * where the values lie: SELECT pen_row(a, b) FROM t. */
#define FUNCTION "pen_row"

struct pen_db_looking {
	pen_db_scan_take *take;
	void *context;
	enum pen_status status;
	struct pen_error *error;
};

/* ------------------------------------------------------------- one row -- */

/* False: no memory to hand it out. A number with a fraction comes out as text. */
static bool get_value(sqlite3_value *from, struct pen_value *value)
{
	int type = sqlite3_value_type(from);

	if (type == SQLITE_INTEGER) {
		*value = pen_value__integer(sqlite3_value_int64(from));
		return true;
	}
	if (type == SQLITE_NULL) {
		*value = pen_value__null();
		return true;
	}
	*value = (struct pen_value){ .type = type == SQLITE_BLOB ? PEN_BYTES : PEN_STRING,
		.s = type == SQLITE_BLOB ? sqlite3_value_blob(from) : (const char *)sqlite3_value_text(from) };
	value->n = (size_t)sqlite3_value_bytes(from);
	return value->s || type == SQLITE_BLOB;
}

static enum pen_status look(struct pen_db_looking *looking, int count, sqlite3_value **from)
{
	struct pen_value values[PEN_DB_SCAN_MOST];
	int i;

	for (i = 0; i < count; i++)
		if (!get_value(from[i], &values[i]))
			return pen_error__memory(looking->error);
	return looking->take(looking->context, values, looking->error);
}

static void take_row(sqlite3_context *at, int count, sqlite3_value **from)
{
	struct pen_db *db = sqlite3_user_data(at);
	struct pen_db_looking *looking = db->looking;

	/* A rule that somebody wrote may call it too. */
	if (!looking || count > PEN_DB_SCAN_MOST) {
		sqlite3_result_error(at, FUNCTION " is the toolkit's own", -1);
		return;
	}
	looking->status = look(looking, count, from);
	db->looking = looking;	/* unless its taker scanned, too */
	if (looking->status != PEN_OK)
		sqlite3_result_error_code(at, SQLITE_ABORT);
}

static enum pen_status let_scan(struct pen_db *db, struct pen_error *error)
{
	int rc;

	if (db->may_scan)
		return PEN_OK;
	rc = sqlite3_create_function(db->handle, FUNCTION, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, db, take_row, NULL, NULL);
	db->may_scan = rc == SQLITE_OK;
	return rc == SQLITE_OK ? PEN_OK : pen_db__fail(db, rc, error);
}

/* ------------------------------------------------------------- the text -- */

/* Where the FROM of the outermost SELECT stands; NULL: nowhere. */
static const char *find_from(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '\'')
			s = strchr(s + 1, '\'');
		else if (*s == '(')
			depth++;
		else if (*s == ')')
			depth--;
		else if (!depth && strncmp(s, "FROM", 4) == 0 && isspace((unsigned char)s[-1]) && isspace((unsigned char)s[4]))
			return s;
		if (!s)
			return NULL;
	}
	return NULL;
}

/* SELECT a, b FROM …: SELECT pen_row(a, b) FROM … */
static void compose(struct pen_text *text, const char *sql)
{
	static const char select[] = "SELECT ";
	const char *from;

	while (strncmp(sql, "--", 2) == 0 && strchr(sql, '\n'))
		sql = strchr(sql, '\n') + 1;
	assert(strncmp(sql, select, sizeof(select) - 1) == 0);
	sql += sizeof(select) - 1;
	from = find_from(sql);
	assert(from);
	pen_text__puts(text, "SELECT " FUNCTION "(");
	pen_text__add(text, sql, (size_t)(from - sql));
	pen_text__puts(text, ") ");
	pen_text__puts(text, from);
}

enum pen_status pen_db_scan__prepare(struct pen_db *db, const char *sql, struct pen_statement **statement,
    struct pen_error *error)
{
	struct pen_text text = { 0 };
	enum pen_status status = let_scan(db, error);

	*statement = NULL;
	if (status != PEN_OK)
		return status;
	compose(&text, sql);
	status = text.failed ? pen_error__memory(error) : pen_db__prepare(db, text.s, statement, error);
	if (status == PEN_OK)
		(*statement)->scans = true;
	pen_text__free(&text);
	return status;
}

/* ------------------------------------------------------------- scanning -- */

enum pen_status pen_db_scan__run(struct pen_statement *statement, pen_db_scan_take *take, void *context, struct pen_error *error)
{
	struct pen_db *db = statement->db;
	struct pen_db_looking looking = { .take = take, .context = context, .error = error }, *outer = db->looking;
	struct pen_error engine;
	enum pen_status status;
	bool row;

	assert(statement->scans);
	do {
		db->looking = &looking;
		status = pen_db__step(statement, &row, &engine);
	} while (status == PEN_OK && row);
	db->looking = outer;
	if (looking.status != PEN_OK)
		return looking.status;
	/* A sorter calls for the rows before it sorts them. */
	if (status == PEN_OK && sqlite3_stmt_status(statement->handle, SQLITE_STMTSTATUS_SORT, 1))
		return pen_error__set(error, PEN_SYSTEM, "db.order", _("the engine reads rows in another order than that of their key: %s"),
		    sqlite3_sql(statement->handle));
	if (status != PEN_OK)
		*error = engine;
	return status;
}
