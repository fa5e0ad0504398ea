/* The database: the seam behind which a second engine has to fit. Only db.c, and what
 * includes db_engine.h beside it, knows that it is SQLite. */
#ifndef PEN_ADAPTER_DB_H
#define PEN_ADAPTER_DB_H

#include "pen.h"
#include "base/value.h"

struct pen_db;
struct pen_statement;

enum pen_db_mode { PEN_DB_READ, PEN_DB_WRITE, PEN_DB_CREATE };

#define PEN_DB_APPLICATION_ID 0x50454e31	/* "PEN1" */

/* A handle, with all that hangs on it, belongs to one thread at a time. */

/* Opens with foreign keys on, a busy timeout, and a journal chosen at run time:
 * SQLite 3.7.0 to 3.51.2 can lose a commit in WAL mode when connections race
 * a checkpoint (fixed in 3.51.3, 3.50.7, 3.44.6), so an affected library gets a
 * rollback journal and synchronous=EXTRA; others WAL. READ changes nothing, and
 * needs no permission to write; CREATE is PEN_REFUSED if there is a file. No
 * file, or one that is no store of ours, is PEN_INPUT; a lock that does not go
 * away PEN_BUSY; damage PEN_INTEGRITY; all other failures PEN_SYSTEM. So with
 * every call below, where what a trigger refuses by RAISE is PEN_REFUSED, with
 * the trigger's own text. */
enum pen_status pen_db__open(struct pen_db **db, const char *path, enum pen_db_mode mode,
    struct pen_error *error);
/* All statements must be finalized by then (assert). NULL is fine. */
void pen_db__close(struct pen_db *db);
/* For a handle by which large tables are read from end to end: it keeps little. */
enum pen_status pen_db__read_through(struct pen_db *db, struct pen_error *error);
/* What runs underneath, for the journal and for `status`. */
const char *pen_db__engine(struct pen_db *db);		/* "SQLite 3.40.1, rollback journal" */
bool pen_db__wal_is_safe(int version_number);		/* e.g. 3040001: false */

/* user_version, the number of the newest migration applied. */
enum pen_status pen_db__version(struct pen_db *db, int *version, struct pen_error *error);
enum pen_status pen_db__set_version(struct pen_db *db, int version, struct pen_error *error);

/* One or more statements without results, or whose results nobody wants. Those
 * before a failing one are done, unless a transaction is rolled back. */
enum pen_status pen_db__exec(struct pen_db *db, const char *sql, struct pen_error *error);

/* A transaction. begin_write takes the write lock at once, and waits for it;
 * begin_read takes its lock with the first statement, and what is read from then
 * on agrees. A commit that is PEN_BUSY (readers would not end) leaves the
 * transaction open: try again, or roll back. rollback cannot fail, and is
 * harmless where none is open. */
enum pen_status pen_db__begin_read(struct pen_db *db, struct pen_error *error);
enum pen_status pen_db__begin_write(struct pen_db *db, struct pen_error *error);
enum pen_status pen_db__commit(struct pen_db *db, struct pen_error *error);
void pen_db__rollback(struct pen_db *db);
bool pen_db__in_transaction(struct pen_db *db);

/* Statements. Parameters are bound by name (":agency") and keep their value
 * until bound again; a name that the statement does not have is a programming
 * mistake (assert). Text and bytes must stay until bound again or reset. */
enum pen_status pen_db__prepare(struct pen_db *db, const char *sql, struct pen_statement **statement,
    struct pen_error *error);
/* The same for SQL that somebody else wrote: PEN_INPUT unless it is one SELECT that
 * changes, sets and opens nothing. */
enum pen_status pen_db__prepare_select(struct pen_db *db, const char *sql, struct pen_statement **statement,
    struct pen_error *error);
void pen_db__finalize(struct pen_statement *statement);
void pen_db__reset(struct pen_statement *statement);		/* also unbinds */
void pen_db__bind_int(struct pen_statement *statement, const char *name, int64_t value);
void pen_db__bind_text(struct pen_statement *statement, const char *name, const char *text);	/* NULL binds null */
void pen_db__bind_bytes(struct pen_statement *statement, const char *name, const void *bytes, size_t n);
void pen_db__bind_null(struct pen_statement *statement, const char *name);
void pen_db__bind_value(struct pen_statement *statement, int index, const struct pen_value *value);	/* by place, from 1 */
bool pen_db__has_parameter(struct pen_statement *statement, const char *name);

/* *row is true while there is one; after that, or after a failure, the statement
 * holds no lock and may be stepped anew. run: for statements without rows; it
 * may be run again at once, with the same values or others. */
enum pen_status pen_db__step(struct pen_statement *statement, bool *row, struct pen_error *error);
enum pen_status pen_db__run(struct pen_statement *statement, struct pen_error *error);	/* steps to the end, keeps what is bound */
int64_t pen_db__changes(struct pen_db *db);		/* rows touched by the last statement */

/* Columns of the present row, from 0; text and bytes until the next step. A
 * REAL, which no column should hold, is given as the text of it. */
int pen_db__columns(struct pen_statement *statement);
const char *pen_db__column_name(struct pen_statement *statement, int column);
int64_t pen_db__int(struct pen_statement *statement, int column);
const char *pen_db__text(struct pen_statement *statement, int column);	/* NULL for null */
const void *pen_db__bytes(struct pen_statement *statement, int column, size_t *n);
bool pen_db__is_null(struct pen_statement *statement, int column);
struct pen_value pen_db__value(struct pen_statement *statement, int column);

/* A long text or blob of the row of an id, whole, with a NUL behind it: read straight from
 * the pages, where a statement copies it twice. *bytes NULL: no such row, or no text in
 * it. pen_memory__free. */
enum pen_status pen_db__load(struct pen_db *db, const char *table, const char *column, int64_t id, char **bytes,
    size_t *n, struct pen_error *error);

/* integrity_check: PEN_OK, or PEN_INTEGRITY with the engine's first complaint.
 * Reads the whole file, under a read lock unless the caller holds another. */
enum pen_status pen_db__check(struct pen_db *db, struct pen_error *error);

#endif
