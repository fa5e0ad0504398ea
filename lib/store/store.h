/* The store: a directory with pen.db in it. Opening, migrating, its identity,
 * its statements. */
#ifndef PEN_STORE_STORE_H
#define PEN_STORE_STORE_H

#include "adapter/db.h"
#include "adapter/digest.h"
#include "model/kind.h"
#include "statements.h"

/* made, column: the first thing that it makes: a table, index or trigger, or a column
 * of a table. */
struct pen_migration { int version; const char *name, *sql, *made, *column; };
extern const struct pen_migration pen_schema__migrations[];	/* ends in version 0 */

struct pen_identity {
	char agency[7], name[256], origin[64];
	enum pen_suite suite;
	unsigned char secret[32];
	int32_t live_on;
	char *log_key;			/* public, PEM */
};

struct pen_store;

/* A store is made where nothing is yet: PEN_USAGE unless dir is an empty directory
 * (*exists) or nothing; one in the making (making.h) counts as empty. */
enum pen_status pen_store__check_free(const char *dir, bool *exists, struct pen_error *error);
/* Makes dir (mode 0700) and pen.db in it with all migrations applied. Nothing is
 * left behind on failure. */
enum pen_status pen_store__create(struct pen_store **store, const char *dir,
    const struct pen_identity *identity, struct pen_error *error);
/* Removes the files of a store that is not to be after all, and the directory
 * itself if that is asked for. Nobody has it open. */
void pen_store__remove(const char *dir, bool directory);
/* Opens, and applies the migrations that are missing (each in a transaction,
 * when writable). A store newer than this program is PEN_INPUT: "… is of
 * version N; this program knows up to M: use a newer pen". */
enum pen_status pen_store__open(struct pen_store **store, const char *dir, bool writable,
    struct pen_error *error);
void pen_store__close(struct pen_store *store);

struct pen_db *pen_store__db(struct pen_store *store);
/* A second handle to read by, for another thread; the caller closes it. It sees
 * what was committed. */
enum pen_status pen_store__reader(struct pen_store *store, struct pen_db **db, struct pen_error *error);
const char *pen_store__dir(struct pen_store *store);
const struct pen_identity *pen_store__identity(struct pen_store *store);
enum pen_suite pen_store__suite(struct pen_store *store);

/* How many batches, folios or open cases there are in each state; at most `room` states. */
enum pen_store_table { PEN_STORE_BATCHES, PEN_STORE_FOLIOS, PEN_STORE_CASES };
struct pen_store_count { char state[16]; int64_t count; };
enum pen_status pen_store__states(struct pen_store *store, enum pen_store_table table,
    struct pen_store_count *counts, size_t room, size_t *n, struct pen_error *error);

/* A copy: restored (the marker file "restored" lies beside pen.db), or not
 * writable. Nothing is entered in its journal, nothing can be changed. */
bool pen_store__is_copy(struct pen_store *store);
#define PEN_RESTORED_MARKER "restored"
/* A restored store, to put it into service: writable although it is marked. PEN_USAGE:
 * it is not marked, and is no copy. */
enum pen_status pen_store__open_restored(struct pen_store **store, const char *dir, struct pen_error *error);

/* The file beside pen.db that says that the store is in the making: it cannot be opened. */
#define PEN_UNFINISHED_MARKER "unfinished"

/* A statement, reset and unbound, prepared once for the store's life. It is used
 * by one caller at a time: a caller that needs it while it steps through it
 * elsewhere takes two statements. Preparing fails only as the system does. */
enum pen_status pen_store__sql(struct pen_store *store, enum pen_sql which,
    struct pen_statement **statement, struct pen_error *error);
/* The same for one that is only ever scanned. */
enum pen_status pen_store__scan(struct pen_store *store, enum pen_sql which,
    struct pen_statement **statement, struct pen_error *error);

/* Statements that are drawn up from a record kind, one of each kind laid by for whoever
 * reads rows of it next: thousands of times for a case over thousands of records. Taken,
 * it is the caller's; NULL: none is laid by. Laid by, it is the store's, reset; a second
 * one of the kind is finalized. */
struct pen_statement *pen_store__take_spare(struct pen_store *store, enum pen_kind_id kind);
void pen_store__lay_by(struct pen_store *store, enum pen_kind_id kind, struct pen_statement *statement);

/* The long writers (import, settlement) hold the store one at a time, by a lock
 * on the file pen.lock beside it, which goes with the process. PEN_BUSY says who
 * holds it: the command, whose it is (staff may be NULL), on which machine, in which
 * process, since when. */
enum pen_status pen_store__hold(struct pen_store *store, const char *what, const char *staff, struct pen_error *error);
void pen_store__let_go(struct pen_store *store);

/* Digest in the store's suite, as hex. */
enum pen_status pen_store__digest(struct pen_store *store, const void *bytes, size_t n,
    char out[PEN_DIGEST_HEX], struct pen_error *error);

#endif
