#include "adapter/db_engine.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 10000

/* -------------------------------------------------------------- errors -- */

static enum pen_status fail_damaged(const char *found, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "db.corrupt",
	    _("the database file is damaged: %s; restore a backup, and keep the damaged file"), found);
}

enum pen_status pen_db__fail(struct pen_db *db, int rc, struct pen_error *error)
{
	/* The handle's last message, unless that is about some other call. */
	const char *found = sqlite3_extended_errcode(db->handle) == rc ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc);
	int why = (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CANTOPEN ? sqlite3_system_errno(db->handle) : 0;

	/* A quota or a limit of file size is none of the engine's cases of a full disk,
	 * and the system's own word on it is gone by now. */
	if (rc == SQLITE_IOERR_WRITE)
		return pen_error__set(error, PEN_SYSTEM, "db.write",
		    _("the store cannot be written: the disk fails, or a quota or a limit of file size is reached; nothing was changed; make room and run the command again"));
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return pen_error__set(error, PEN_BUSY, "db.busy",
		    _("another run holds the store (waited %d seconds); try again when it is done"), BUSY_MILLISECONDS / 1000);
	case SQLITE_FULL:
		return pen_error__set(error, PEN_SYSTEM, "db.full",
		    _("no room left on the disk of the store; nothing was changed; make room and run the command again"));
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fail_damaged(found, error);
	case SQLITE_NOMEM:
		return pen_error__memory(error);
	case SQLITE_CONSTRAINT:
		/* RAISE in a trigger is the schema's refusal, its text for people. */
		if (rc == SQLITE_CONSTRAINT_TRIGGER)
			return pen_error__set(error, PEN_REFUSED, "db.constraint", "%s", found);
		return pen_error__set(error, PEN_SYSTEM, "db.constraint",
		    _("the database refused a row that breaks its rules: %s"), found);
	default:
		return pen_error__set(error, PEN_SYSTEM, "db.error", _("the database failed: %s (SQLite %d%s%s)"),
		    found, rc, why ? ", " : "", why ? strerror(why) : "");
	}
}

enum pen_status pen_db__ask(struct pen_db *db, const char *sql, char *out, size_t room, struct pen_error *error)
{
	sqlite3_stmt *handle;
	const char *text;
	int rc = sqlite3_prepare_v2(db->handle, sql, -1, &handle, NULL);

	*out = '\0';
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(handle);
		text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(handle, 0) : NULL;
		if (text)
			snprintf(out, room, "%s", text);
		/* Repeats the code of a step that failed, and of no other. */
		rc = sqlite3_finalize(handle);
	}
	return rc == SQLITE_OK ? PEN_OK : pen_db__fail(db, rc, error);
}

enum pen_status pen_db__ask_int(struct pen_db *db, const char *sql, int *out, struct pen_error *error)
{
	char text[24];
	enum pen_status status = pen_db__ask(db, sql, text, sizeof text, error);

	*out = (int)strtol(text, NULL, 10);
	return status;
}

enum pen_status pen_db__exec(struct pen_db *db, const char *sql, struct pen_error *error)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? PEN_OK : pen_db__fail(db, rc, error);
}

static enum pen_status set_pragma(struct pen_db *db, const char *name, int value, struct pen_error *error)
{
	char sql[64];

	snprintf(sql, sizeof sql, "PRAGMA %s = %d", name, value);
	return pen_db__exec(db, sql, error);
}

/* ------------------------------------------------------------- opening -- */

bool pen_db__wal_is_safe(int version_number)
{
	/* In between, the fix was carried into two older lines. */
	return version_number < 3007000 || version_number >= 3051003
	    || (version_number >= 3044006 && version_number < 3045000)
	    || (version_number >= 3050007 && version_number < 3051000);
}

/* Looked at by name, never opened beside SQLite: closing a descriptor of the
 * file would drop SQLite's locks. */
static enum pen_status find_file(const char *path, struct pen_error *error)
{
	struct stat st;
	int rc = stat(path, &st);

	if (rc < 0 && errno != ENOENT && errno != ENOTDIR)
		return pen_error__errno(error, _("cannot look at %s"), path);
	if (rc < 0 || !S_ISREG(st.st_mode))
		return pen_error__set(error, PEN_INPUT, "db.missing",
		    _("no store at %s; give the right one with --store or PEN_STORE, or make it with pen-admin init"), path);
	return PEN_OK;
}

/* Makes the empty file, so that of two who create one fails. Nobody else has
 * it open yet. */
static enum pen_status make_file(const char *path, struct pen_error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0660);

	if (fd < 0 && errno == EEXIST)
		return pen_error__set(error, PEN_REFUSED, "db.exists",
		    _("%s is there already; a store is made once; take another directory"), path);
	if (fd < 0)
		return pen_error__errno(error, _("cannot create %s"), path);
	close(fd);
	return PEN_OK;
}

/* Without an id of ours nothing in the file is believed. What is no database
 * at all shows here, at the first look into the file. */
static enum pen_status check_ours(struct pen_db *db, const char *path, struct pen_error *error)
{
	int id;
	enum pen_status status = pen_db__ask_int(db, "PRAGMA application_id", &id, error);

	if (status != PEN_OK && sqlite3_errcode(db->handle) != SQLITE_NOTADB)
		return status;
	if (status == PEN_OK && id == PEN_DB_APPLICATION_ID)
		return PEN_OK;
	return pen_error__set(error, PEN_INPUT, "db.foreign",
	    _("%s is no store of this toolkit: application id 0x%08x, expected 0x%08x; give the right store with --store or PEN_STORE"),
	    path, (unsigned)id, PEN_DB_APPLICATION_ID);
}

static enum pen_status make_ours(struct pen_db *db, struct pen_error *error)
{
	enum pen_status status = pen_db__exec(db, "PRAGMA page_size = 8192; PRAGMA auto_vacuum = NONE", error);

	/* The first write, which lays the pages out. */
	return status == PEN_OK ? set_pragma(db, "application_id", PEN_DB_APPLICATION_ID, error) : status;
}

/* A file that comes from a sound library in WAL mode is brought back under an
 * affected one, and the other way round. */
static enum pen_status choose_journal(struct pen_db *db, enum pen_db_mode mode, struct pen_error *error)
{
	const char *sql = "PRAGMA journal_mode";
	char journal[16];
	enum pen_status status;

	if (mode != PEN_DB_READ)
		sql = pen_db__wal_is_safe(sqlite3_libversion_number())
		    ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE";
	status = pen_db__ask(db, sql, journal, sizeof journal, error);
	snprintf(db->engine, sizeof db->engine, "SQLite %s, %s", sqlite3_libversion(),
	    strcmp(journal, "wal") == 0 ? "WAL" : "rollback journal");
	return status;
}

/* The file first, then the settings of this connection: what a file says of
 * itself is not trusted, and a name in double quotes is never a string. Under FULL a
 * rollback journal that a power cut brings back takes the last commit with it; EXTRA
 * makes its removal lasting. */
static enum pen_status set_up(struct pen_db *db, const char *path, enum pen_db_mode mode, struct pen_error *error)
{
	enum pen_status status;

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	status = mode == PEN_DB_CREATE ? make_ours(db, error) : check_ours(db, path, error);
	if (status == PEN_OK)
		status = choose_journal(db, mode, error);
	if (status == PEN_OK)
		status = pen_db__exec(db,
		    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
		    "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA synchronous = EXTRA;"
		    "PRAGMA cache_size = -32768;", error);
	return status;
}

/* Each allocation of SQLite is counted under one lock of the process, which two threads
 * with a database each would spend much of their time waiting for. A program that uses
 * SQLite before us keeps its own choice. */
static void count_no_memory(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum pen_status pen_db__open(struct pen_db **db, const char *path, enum pen_db_mode mode,
    struct pen_error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct pen_db *made = pen_memory__calloc(1, sizeof *made);
	enum pen_status status;
	int rc;

	if (!made)
		return pen_error__memory(error);
	pthread_once(&once, count_no_memory);
	status = mode == PEN_DB_CREATE ? make_file(path, error) : find_file(path, error);
	if (status != PEN_OK)
		goto err0;
	rc = sqlite3_open_v2(path, &made->handle, SQLITE_OPEN_NOMUTEX
	    | (mode == PEN_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE), NULL);
	if (rc != SQLITE_OK)
		status = made->handle ? pen_db__fail(made, rc, error) : pen_error__memory(error);
	else
		status = set_up(made, path, mode, error);
	if (status != PEN_OK)
		goto err1;
	*db = made;
	return PEN_OK;

err1:
	sqlite3_close(made->handle);
	if (mode == PEN_DB_CREATE)
		unlink(path);
err0:
	pen_memory__free(made);
	return status;
}

void pen_db__close(struct pen_db *db)
{
	if (!db)
		return;
	if (sqlite3_close(db->handle) != SQLITE_OK)
		assert(!"a statement was left open");
	pen_memory__free(db);
}

const char *pen_db__engine(struct pen_db *db)
{
	return db->engine;
}

enum pen_status pen_db__read_through(struct pen_db *db, struct pen_error *error)
{
	return pen_db__exec(db, "PRAGMA cache_size = -2048", error);
}

enum pen_status pen_db__version(struct pen_db *db, int *version, struct pen_error *error)
{
	return pen_db__ask_int(db, "PRAGMA user_version", version, error);
}

enum pen_status pen_db__set_version(struct pen_db *db, int version, struct pen_error *error)
{
	return set_pragma(db, "user_version", version, error);
}

/* -------------------------------------------------------- transactions -- */

enum pen_status pen_db__begin_read(struct pen_db *db, struct pen_error *error)
{
	return pen_db__exec(db, "BEGIN", error);
}

enum pen_status pen_db__begin_write(struct pen_db *db, struct pen_error *error)
{
	return pen_db__exec(db, "BEGIN IMMEDIATE", error);
}

enum pen_status pen_db__commit(struct pen_db *db, struct pen_error *error)
{
	return pen_db__exec(db, "COMMIT", error);
}

/* What ROLLBACK reports was already rolled back by the failure itself. */
void pen_db__rollback(struct pen_db *db)
{
	if (pen_db__in_transaction(db))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool pen_db__in_transaction(struct pen_db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

/* ---------------------------------------------------------- statements -- */

enum pen_status pen_db__prepare(struct pen_db *db, const char *sql, struct pen_statement **statement,
    struct pen_error *error)
{
	struct pen_statement *made = pen_memory__calloc(1, sizeof *made);
	int rc;

	*statement = NULL;
	if (!made)
		return pen_error__memory(error);
	rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &made->handle, NULL);
	if (rc != SQLITE_OK) {
		pen_memory__free(made);
		return pen_db__fail(db, rc, error);
	}
	made->db = db;
	*statement = made;
	return PEN_OK;
}

/* Lets nothing pass but looking: no write, no pragma, no other database. */
static int only_looks(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)context, (void)a, (void)c, (void)d;
	if (action == SQLITE_FUNCTION && b && sqlite3_stricmp(b, "load_extension") == 0)
		return SQLITE_DENY;
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
	    action == SQLITE_RECURSIVE ? SQLITE_OK : SQLITE_DENY;
}

/* True if nothing but white space, semicolons and comments follows. */
static bool nothing_left(struct pen_db *db, const char *tail)
{
	sqlite3_stmt *next = NULL;
	bool none = sqlite3_prepare_v2(db->handle, tail, -1, &next, &tail) == SQLITE_OK && next == NULL && !*tail;

	sqlite3_finalize(next);
	return none;
}

enum pen_status pen_db__prepare_select(struct pen_db *db, const char *sql, struct pen_statement **statement,
    struct pen_error *error)
{
	struct pen_statement *made = pen_memory__calloc(1, sizeof *made);
	const char *tail = "";
	bool one = false;
	int rc;

	*statement = NULL;
	if (!made)
		return pen_error__memory(error);
	sqlite3_set_authorizer(db->handle, only_looks, NULL);
	rc = sqlite3_prepare_v2(db->handle, sql, -1, &made->handle, &tail);
	if (rc == SQLITE_OK)
		one = made->handle && sqlite3_column_count(made->handle) > 0 && nothing_left(db, tail);
	sqlite3_set_authorizer(db->handle, NULL, NULL);
	if (rc == SQLITE_OK && one && sqlite3_stmt_readonly(made->handle)) {
		made->db = db;
		*statement = made;
		return PEN_OK;
	}
	if (rc != SQLITE_OK && rc != SQLITE_AUTH)
		pen_db__fail(db, rc, error);
	else
		pen_error__set(error, PEN_INPUT, "db.select",
		    _("one statement that only reads is expected: it changes nothing, sets nothing and opens nothing"));
	sqlite3_finalize(made->handle);
	pen_memory__free(made);
	return error->status;
}

void pen_db__finalize(struct pen_statement *statement)
{
	if (!statement)
		return;
	sqlite3_finalize(statement->handle);
	pen_memory__free(statement);
}

/* Reset repeats what the last step said, which was reported then. */
void pen_db__reset(struct pen_statement *statement)
{
	sqlite3_reset(statement->handle);
	sqlite3_clear_bindings(statement->handle);
	statement->failed = SQLITE_OK;
}

/* Binding fails where the caller is wrong, or the value longer than the engine
 * takes: the first is asserted, the second kept for the step. A null pointer
 * would bind null, but an empty string and no bytes are values too. */
void pen_db__bind_value(struct pen_statement *statement, int index, const struct pen_value *value)
{
	const char *s = value->s ? value->s : "";
	int rc;

	if (value->type == PEN_INTEGER)
		rc = sqlite3_bind_int64(statement->handle, index, value->i);
	else if (value->type == PEN_STRING)
		rc = sqlite3_bind_text64(statement->handle, index, s, value->n, SQLITE_STATIC, SQLITE_UTF8);
	else if (value->type == PEN_BYTES)
		rc = sqlite3_bind_blob64(statement->handle, index, s, value->n, SQLITE_STATIC);
	else
		rc = sqlite3_bind_null(statement->handle, index);
	assert(rc != SQLITE_MISUSE && rc != SQLITE_RANGE);
	if (rc != SQLITE_OK)
		statement->failed = rc;
}

static void bind(struct pen_statement *statement, const char *name, struct pen_value value)
{
	int index = sqlite3_bind_parameter_index(statement->handle, name);

	assert(index > 0);
	pen_db__bind_value(statement, index, &value);
}

bool pen_db__has_parameter(struct pen_statement *statement, const char *name)
{
	return sqlite3_bind_parameter_index(statement->handle, name) > 0;
}

void pen_db__bind_int(struct pen_statement *statement, const char *name, int64_t value)
{
	bind(statement, name, pen_value__integer(value));
}

void pen_db__bind_text(struct pen_statement *statement, const char *name, const char *text)
{
	bind(statement, name, text ? pen_value__string(text, strlen(text)) : pen_value__null());
}

void pen_db__bind_bytes(struct pen_statement *statement, const char *name, const void *bytes, size_t n)
{
	bind(statement, name, (struct pen_value){ PEN_BYTES, 0, bytes, n });
}

void pen_db__bind_null(struct pen_statement *statement, const char *name)
{
	bind(statement, name, pen_value__null());
}

enum pen_status pen_db__step(struct pen_statement *statement, bool *row, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int rc = statement->failed;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement->handle);
	*row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW)
		return PEN_OK;
	if (rc != SQLITE_DONE)
		status = pen_db__fail(statement->db, rc, error);
	/* At its end it is ready again at once, and holds no lock. */
	sqlite3_reset(statement->handle);
	return status;
}

enum pen_status pen_db__run(struct pen_statement *statement, struct pen_error *error)
{
	enum pen_status status;
	bool row;

	do
		status = pen_db__step(statement, &row, error);
	while (status == PEN_OK && row);
	return status;
}

int64_t pen_db__changes(struct pen_db *db)
{
	return sqlite3_changes64(db->handle);
}

int pen_db__columns(struct pen_statement *statement)
{
	return sqlite3_column_count(statement->handle);
}

const char *pen_db__column_name(struct pen_statement *statement, int column)
{
	return sqlite3_column_name(statement->handle, column);
}

int64_t pen_db__int(struct pen_statement *statement, int column)
{
	return sqlite3_column_int64(statement->handle, column);
}

bool pen_db__is_null(struct pen_statement *statement, int column)
{
	return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

/* A text that could not be had for want of memory must not pass for null: the
 * next step will fail. */
const char *pen_db__text(struct pen_statement *statement, int column)
{
	bool null = pen_db__is_null(statement, column);
	const char *text = (const char *)sqlite3_column_text(statement->handle, column);

	if (!text && !null)
		statement->failed = SQLITE_NOMEM;
	return text;
}

const void *pen_db__bytes(struct pen_statement *statement, int column, size_t *n)
{
	const void *bytes = sqlite3_column_blob(statement->handle, column);

	*n = (size_t)sqlite3_column_bytes(statement->handle, column);
	return bytes;
}

/* The engine reports a row that is not there like any other failure of the call. */
enum pen_status pen_db__load(struct pen_db *db, const char *table, const char *column, int64_t id, char **bytes,
    size_t *n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	sqlite3_blob *blob = NULL;
	int rc = sqlite3_blob_open(db->handle, "main", table, column, id, 0, &blob);

	*bytes = NULL;
	*n = 0;
	if (rc == SQLITE_ERROR)
		return PEN_OK;
	if (rc != SQLITE_OK)
		return pen_db__fail(db, rc, error);
	*n = (size_t)sqlite3_blob_bytes(blob);
	*bytes = pen_memory__realloc(NULL, *n + 1, 1);
	if (!*bytes) {
		status = pen_error__memory(error);
		goto out;
	}
	rc = sqlite3_blob_read(blob, *bytes, (int)*n, 0);
	(*bytes)[*n] = '\0';
	if (rc != SQLITE_OK) {
		status = pen_db__fail(db, rc, error);
		pen_memory__free(*bytes);
		*bytes = NULL;
	}
out:
	sqlite3_blob_close(blob);
	return status;
}

/* A number with a fraction, which no column of ours may hold, comes out as text
 * and so as something that is not equal to what should stand there. */
struct pen_value pen_db__value(struct pen_statement *statement, int column)
{
	/* Asked of the value and not of the column: each of those questions looks the
	 * column up again. A handle is one thread's, so that nothing needs protection. */
	sqlite3_value *at = sqlite3_column_value(statement->handle, column);
	int type = sqlite3_value_type(at);
	struct pen_value value = { .type = type == SQLITE_BLOB ? PEN_BYTES : PEN_STRING };

	if (type == SQLITE_NULL)
		return pen_value__null();
	if (type == SQLITE_INTEGER)
		return pen_value__integer(sqlite3_value_int64(at));
	value.s = type == SQLITE_BLOB ? sqlite3_column_blob(statement->handle, column) : pen_db__text(statement, column);
	value.n = (size_t)sqlite3_column_bytes(statement->handle, column);
	return value;
}

/* ------------------------------------------------------------- a check -- */

/* The check tells of a page that it had no memory to read as of one that it cannot get. */
static bool lacked_memory(const char *complaint)
{
	static const char code[] = "error code=7";	/* SQLITE_NOMEM */
	const char *at = strstr(complaint, code);

	return at && !(at[sizeof(code) - 1] >= '0' && at[sizeof(code) - 1] <= '9');
}

enum pen_status pen_db__check(struct pen_db *db, struct pen_error *error)
{
	char complaint[512];
	enum pen_status status = pen_db__ask(db, "PRAGMA integrity_check(1)", complaint, sizeof complaint, error);

	if (status != PEN_OK || strcmp(complaint, "ok") == 0)
		return status;
	return lacked_memory(complaint) ? pen_error__memory(error) : fail_damaged(complaint, error);
}
