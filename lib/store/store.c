#include "store/store.h"
#include "adapter/db_scan.h"
#include "base/date.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* An open store. statements[i] is NULL until it is asked for first; lock is -1
 * while the store is not held. */
struct pen_store {
	char dir[PATH_MAX];
	struct pen_db *db;
	struct pen_identity identity;
	bool copy;
	int lock;
	struct pen_statement *statements[PEN_SQL_COUNT];
	struct pen_statement *spare[PEN_KINDS];
};

static int newest_version(void)
{
	const struct pen_migration *m;
	int newest = 0;

	for (m = pen_schema__migrations; m->version; m++)
		newest = m->version;
	return newest;
}

/* One migration, in a transaction of its own. Somebody else may have made it
 * since we looked, so the version is asked again under the lock. */
static enum pen_status apply(struct pen_db *db, const struct pen_migration *migration,
    struct pen_error *error)
{
	int version;

	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (pen_db__version(db, &version, error) != PEN_OK)
		goto err0;
	if (version < migration->version) {
		if (pen_db__exec(db, migration->sql, error) != PEN_OK)
			goto err0;
		if (pen_db__set_version(db, migration->version, error) != PEN_OK)
			goto err0;
	}
	if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

/* What a migration would make and is there already: the number of the store's version
 * is not the one that was left there (the number is no part of any table). */
static enum pen_status check_unmade(struct pen_store *store, const struct pen_migration *migration, int version,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_STORE_MADE, &s, error);
	bool row, made = false;
	int now;

	if (status != PEN_OK)
		return status;
	pen_db__bind_text(s, ":made", migration->made);
	if (migration->column)
		pen_db__bind_text(s, ":column", migration->column);
	else
		pen_db__bind_null(s, ":column");
	status = pen_db__step(s, &row, error);
	made = status == PEN_OK && row && pen_db__int(s, 0) == 1;
	pen_db__reset(s);
	if (status == PEN_OK && made)	/* unless somebody else made it this moment */
		status = pen_db__version(store->db, &now, error);
	if (status != PEN_OK || !made || now != version)
		return status;
	return pen_error__set(error, PEN_INTEGRITY, "store.version",
	    _("%s says that it is of version %d, but has %s%s%s of version %d: its version number was changed behind the tools' back; keep it as it is, and restore a backup"),
	    store->dir, version, migration->made, migration->column ? "." : "", migration->column ? migration->column : "",
	    migration->version);
}

/* Brings a store to the newest schema, a fresh one from nothing; a copy stays as it is. */
static enum pen_status migrate(struct pen_store *store, bool fresh, struct pen_error *error)
{
	const struct pen_migration *m;
	int version, newest = newest_version();

	if (pen_db__version(store->db, &version, error) != PEN_OK)
		return error->status;
	if (version > newest)
		return pen_error__set(error, PEN_INPUT, "store.newer",
		    _("%s is of version %d; this program knows up to %d: use a newer pen"),
		    store->dir, version, newest);
	for (m = pen_schema__migrations; m->version && !fresh; m++)
		if (m->version > version && m->made && check_unmade(store, m, version, error) != PEN_OK)
			return error->status;
	if (version < newest && store->copy)
		return pen_error__set(error, PEN_INPUT, "store.older",
		    _("%s is a copy of version %d, which cannot be brought to version %d: read it with the pen that made it"),
		    store->dir, version, newest);
	for (m = pen_schema__migrations; m->version; m++)
		if (m->version > version && apply(store->db, m, error) != PEN_OK)
			return error->status;
	return PEN_OK;
}

/* ---- identity ---- */

static enum pen_status bad_identity(struct pen_store *store, const char *what, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "store.identity",
	    _("%s does not say what store it is (%s): restore it from a backup"), store->dir, what);
}

/* Copies a text column into a field of the identity; false if it does not fit. */
static bool take(struct pen_statement *statement, int column, char *out, size_t room)
{
	const char *text = pen_db__text(statement, column);
	int n = snprintf(out, room, "%s", text ? text : "");

	return n > 0 && (size_t)n < room;
}

static enum pen_status read_identity(struct pen_store *store, struct pen_statement *statement,
    struct pen_error *error)
{
	struct pen_identity *identity = &store->identity;
	const char *suite = pen_db__text(statement, 2), *log_key = pen_db__text(statement, 4);
	const void *secret;
	size_t n;

	if (!take(statement, 0, identity->agency, sizeof(identity->agency)))
		return bad_identity(store, "agency", error);
	if (!take(statement, 1, identity->name, sizeof(identity->name)))
		return bad_identity(store, "name", error);
	if (!suite || pen_digest__suite(suite, &identity->suite) != 0)
		return bad_identity(store, "suite", error);
	if (!take(statement, 3, identity->origin, sizeof(identity->origin)))
		return bad_identity(store, "origin", error);
	if (!log_key)
		return bad_identity(store, "log_key", error);
	secret = pen_db__bytes(statement, 5, &n);
	if (!secret || n != sizeof(identity->secret))
		return bad_identity(store, "secret", error);
	memcpy(identity->secret, secret, n);
	identity->live_on = (int32_t)pen_db__int(statement, 6);
	n = strlen(log_key) + 1;
	identity->log_key = pen_memory__calloc(n, 1);
	if (!identity->log_key)
		return pen_error__memory(error);
	memcpy(identity->log_key, log_key, n);
	return PEN_OK;
}

static enum pen_status load_identity(struct pen_store *store, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	bool row;

	status = pen_store__sql(store, PEN_SQL_STORE_IDENTITY, &statement, error);
	if (status != PEN_OK)
		return status;
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK)
		status = row ? read_identity(store, statement, error) : bad_identity(store, "no row", error);
	pen_db__reset(statement);
	return status;
}

static enum pen_status enter_identity(struct pen_store *store, const struct pen_identity *identity,
    struct pen_error *error)
{
	struct pen_statement *statement;

	if (pen_store__sql(store, PEN_SQL_STORE_ENTER, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":agency", identity->agency);
	pen_db__bind_text(statement, ":name", identity->name);
	pen_db__bind_text(statement, ":suite", pen_digest__suite_name(identity->suite));
	pen_db__bind_text(statement, ":origin", identity->origin);
	pen_db__bind_text(statement, ":log_key", identity->log_key);
	pen_db__bind_bytes(statement, ":secret", identity->secret, sizeof(identity->secret));
	if (identity->live_on)
		pen_db__bind_int(statement, ":live_on", identity->live_on);
	else
		pen_db__bind_null(statement, ":live_on");
	return pen_db__run(statement, error);
}

/* ---- making ---- */

/* The files of a store. */
static const char *const files[] = { "pen.db", "pen.db-journal", "pen.db-wal", "pen.db-shm", "pen.lock" };

static bool is_file(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i], name) == 0)
			return true;
	return false;
}

/* Whether nothing is in a directory, or a store in the making alone. */
static bool is_free(DIR *dir)
{
	bool marked = false, holds = false, other = false;
	struct dirent *entry;

	while (!other && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		marked |= strcmp(entry->d_name, PEN_UNFINISHED_MARKER) == 0;
		holds |= is_file(entry->d_name);
		other = !is_file(entry->d_name) && strcmp(entry->d_name, PEN_UNFINISHED_MARKER) != 0;
	}
	return !other && (marked || !holds);
}

enum pen_status pen_store__check_free(const char *dir, bool *exists, struct pen_error *error)
{
	bool empty;
	DIR *open;

	open = opendir(dir);
	*exists = open != NULL || errno != ENOENT;
	if (!open && errno == ENOTDIR)
		return pen_error__set(error, PEN_USAGE, "store.exists",
		    _("%s is not a directory: name one that does not exist yet"), dir);
	if (!open && *exists)
		return pen_error__errno(error, _("cannot look into %s"), dir);
	if (!open)
		return PEN_OK;
	empty = is_free(open);
	closedir(open);
	if (!empty)
		return pen_error__set(error, PEN_USAGE, "store.exists",
		    _("%s is not empty: name a directory that does not exist yet, or an empty one"), dir);
	return PEN_OK;
}

static enum pen_status allocate(struct pen_store **store, const char *dir, struct pen_error *error)
{
	struct pen_store *made = pen_memory__calloc(1, sizeof(*made));

	*store = NULL;
	if (!made)
		return pen_error__memory(error);
	made->lock = -1;
	if (pen_file__join(made->dir, sizeof(made->dir), "", dir, error) != PEN_OK) {
		pen_memory__free(made);
		return error->status;
	}
	*store = made;
	return PEN_OK;
}

/* Opens the engine on the file pen.db of the directory. */
static enum pen_status open_db(struct pen_store *store, enum pen_db_mode mode, struct pen_db **db, struct pen_error *error)
{
	char path[PATH_MAX];

	if (pen_file__join(path, sizeof(path), store->dir, "pen.db", error) != PEN_OK)
		return error->status;
	return pen_db__open(db, path, mode, error);
}

enum pen_status pen_store__reader(struct pen_store *store, struct pen_db **db, struct pen_error *error)
{
	enum pen_status status = open_db(store, PEN_DB_READ, db, error);

	if (status != PEN_OK)
		return status;
	status = pen_db__read_through(*db, error);
	if (status != PEN_OK)
		pen_db__close(*db);
	return status;
}

enum pen_status pen_store__create(struct pen_store **store, const char *dir,
    const struct pen_identity *identity, struct pen_error *error)
{
	struct pen_store *made;
	bool exists;

	if (pen_store__check_free(dir, &exists, error) != PEN_OK)
		return error->status;
	if (allocate(&made, dir, error) != PEN_OK)
		return error->status;
	if (!exists && mkdir(dir, 0700) != 0) {
		pen_error__errno(error, _("cannot make the directory %s"), dir);
		pen_store__close(made);
		return error->status;
	}
	if (open_db(made, PEN_DB_CREATE, &made->db, error) != PEN_OK)
		goto err0;
	if (migrate(made, true, error) != PEN_OK)
		goto err0;
	if (enter_identity(made, identity, error) != PEN_OK)
		goto err0;
	if (load_identity(made, error) != PEN_OK)
		goto err0;
	*store = made;
	return PEN_OK;

err0:
	pen_store__close(made);
	pen_store__remove(dir, !exists);
	return error->status;
}

void pen_store__remove(const char *dir, bool directory)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (pen_file__join(path, sizeof(path), dir, files[i], NULL) == PEN_OK)
			unlink(path);
	if (directory)
		rmdir(dir);
}

/* ---- opening ---- */

static bool there(const char *dir, const char *name, int mode)
{
	char path[PATH_MAX];

	return pen_file__join(path, sizeof(path), dir, name, NULL) == PEN_OK && access(path, mode) == 0;
}

static enum pen_status open_store(struct pen_store **store, const char *dir, bool writable, bool restored,
    struct pen_error *error)
{
	struct pen_store *made;
	char path[PATH_MAX];
	bool found;

	if (pen_file__join(path, sizeof(path), dir, "pen.db", error) != PEN_OK ||
	    pen_file__there(path, R_OK, &found, error) != PEN_OK)
		return error->status;
	if (!found)
		return pen_error__set(error, PEN_INPUT, "store.missing",
		    _("there is no store in %s (no pen.db): name another with -s or PEN_STORE, or make one with pen-admin init"),
		    dir);
	if (there(dir, PEN_UNFINISHED_MARKER, F_OK))
		return pen_error__set(error, PEN_INPUT, "store.unfinished",
		    _("the store in %s is not whole, its making was stopped: run the same pen-admin init again"), dir);
	if (allocate(&made, dir, error) != PEN_OK)
		return error->status;
	made->copy = !writable || (!restored && there(dir, PEN_RESTORED_MARKER, F_OK)) ||
	    !there(dir, "pen.db", W_OK) || !there(dir, ".", W_OK);
	if (open_db(made, made->copy ? PEN_DB_READ : PEN_DB_WRITE, &made->db, error) != PEN_OK)
		goto err0;
	if (migrate(made, false, error) != PEN_OK)
		goto err0;
	if (load_identity(made, error) != PEN_OK)
		goto err0;
	*store = made;
	return PEN_OK;

err0:
	pen_store__close(made);
	return error->status;
}

enum pen_status pen_store__open(struct pen_store **store, const char *dir, bool writable,
    struct pen_error *error)
{
	return open_store(store, dir, writable, false, error);
}

enum pen_status pen_store__open_restored(struct pen_store **store, const char *dir, struct pen_error *error)
{
	if (there(dir, "pen.db", F_OK) && !there(dir, PEN_RESTORED_MARKER, F_OK))
		return pen_error__set(error, PEN_USAGE, "adopt.living",
		    _("%s is not a restored copy (there is no file %s in it): it is in service already"), dir, PEN_RESTORED_MARKER);
	return open_store(store, dir, true, true, error);
}

void pen_store__close(struct pen_store *store)
{
	size_t i;

	if (!store)
		return;
	if (store->lock >= 0)
		pen_store__let_go(store);
	for (i = 0; i < PEN_SQL_COUNT; i++)
		pen_db__finalize(store->statements[i]);
	for (i = 0; i < PEN_KINDS; i++)
		pen_db__finalize(store->spare[i]);
	pen_db__close(store->db);
	pen_memory__free(store->identity.log_key);
	pen_memory__free(store);
}

/* ---- what it is ---- */

struct pen_db *pen_store__db(struct pen_store *store)
{
	return store->db;
}

const char *pen_store__dir(struct pen_store *store)
{
	return store->dir;
}

const struct pen_identity *pen_store__identity(struct pen_store *store)
{
	return &store->identity;
}

enum pen_suite pen_store__suite(struct pen_store *store)
{
	return store->identity.suite;
}

bool pen_store__is_copy(struct pen_store *store)
{
	return store->copy;
}

static enum pen_status find_sql(struct pen_store *store, enum pen_sql which, bool scan,
    struct pen_statement **statement, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	assert((size_t)which < PEN_SQL_COUNT);
	*statement = NULL;
	if (!store->statements[which])
		status = scan ? pen_db_scan__prepare(store->db, pen_sql__texts[which].text, &store->statements[which], error)
		    : pen_db__prepare(store->db, pen_sql__texts[which].text, &store->statements[which], error);
	if (status != PEN_OK)
		return status;
	*statement = store->statements[which];
	pen_db__reset(*statement);
	return PEN_OK;
}

enum pen_status pen_store__sql(struct pen_store *store, enum pen_sql which,
    struct pen_statement **statement, struct pen_error *error)
{
	return find_sql(store, which, false, statement, error);
}

enum pen_status pen_store__scan(struct pen_store *store, enum pen_sql which,
    struct pen_statement **statement, struct pen_error *error)
{
	return find_sql(store, which, true, statement, error);
}

struct pen_statement *pen_store__take_spare(struct pen_store *store, enum pen_kind_id kind)
{
	struct pen_statement *spare;

	assert((size_t)kind < PEN_KINDS);
	spare = store->spare[kind];
	store->spare[kind] = NULL;
	return spare;
}

void pen_store__lay_by(struct pen_store *store, enum pen_kind_id kind, struct pen_statement *statement)
{
	assert((size_t)kind < PEN_KINDS);
	if (statement)
		pen_db__reset(statement);
	if (store->spare[kind])
		pen_db__finalize(statement);
	else
		store->spare[kind] = statement;
}

enum pen_status pen_store__digest(struct pen_store *store, const void *bytes, size_t n,
    char out[PEN_DIGEST_HEX], struct pen_error *error)
{
	unsigned char digest[PEN_DIGEST_SIZE];

	if (!pen_digest__of(store->identity.suite, bytes, n, digest))
		return pen_error__memory(error);
	pen_encode__hex(digest, sizeof(digest), out);
	return PEN_OK;
}

enum pen_status pen_store__states(struct pen_store *store, enum pen_store_table table,
    struct pen_store_count *counts, size_t room, size_t *n, struct pen_error *error)
{
	static const enum pen_sql statements[] = { [PEN_STORE_BATCHES] = PEN_SQL_STORE_BATCH_STATES,
		[PEN_STORE_FOLIOS] = PEN_SQL_STORE_FOLIO_STATES, [PEN_STORE_CASES] = PEN_SQL_STORE_CASE_STATES };
	struct pen_statement *statement;
	enum pen_status status;
	bool row = true;

	*n = 0;
	if (pen_store__sql(store, statements[table], &statement, error) != PEN_OK)
		return error->status;
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row && *n < room) {
		take(statement, 0, counts[*n].state, sizeof(counts[*n].state));
		counts[(*n)++].count = pen_db__int(statement, 1);
	}
	pen_db__reset(statement);
	return status;
}

/* ---- holding ---- */

/* Who holds it is written in the file; it may be in the middle of that. */
static enum pen_status busy(int fd, struct pen_error *error)
{
	char holder[400];
	ssize_t n = pread(fd, holder, sizeof(holder) - 1, 0);

	holder[n > 0 ? n : 0] = '\0';
	holder[strcspn(holder, "\n")] = '\0';
	return pen_error__set(error, PEN_BUSY, "store.held",
	    _("another run holds the store (%s): try again when it is done"),
	    holder[0] ? holder : _("just begun"));
}

enum pen_status pen_store__hold(struct pen_store *store, const char *what, const char *staff, struct pen_error *error)
{
	char path[PATH_MAX], line[400], now[21], host[65] = "";
	int fd, n;

	assert(store->lock < 0);
	if (pen_file__join(path, sizeof(path), store->dir, "pen.lock", error) != PEN_OK)
		return error->status;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return pen_error__errno(error, _("cannot open %s"), path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			busy(fd, error);
		else
			pen_error__errno(error, _("cannot lock %s"), path);
		goto err0;
	}
	/* The lock is what counts; the line is for whoever finds it taken. */
	if (gethostname(host, sizeof(host) - 1) != 0 || !host[0])
		snprintf(host, sizeof(host), "localhost");
	n = snprintf(line, sizeof(line), _("%s by %s, process %ld on %s, since %s"), what,
	    staff && staff[0] ? staff : _("nobody"), (long)getpid(), host, pen_date__now(now));
	n = n < 0 ? 0 : n < (int)sizeof(line) ? n : (int)sizeof(line) - 1;
	if (ftruncate(fd, 0) != 0 || pwrite(fd, line, (size_t)n, 0) != n) {
		pen_error__errno(error, _("cannot write %s"), path);
		goto err0;
	}
	store->lock = fd;
	return PEN_OK;

err0:
	close(fd);
	return error->status;
}

void pen_store__let_go(struct pen_store *store)
{
	assert(store->lock >= 0);
	close(store->lock);
	store->lock = -1;
}
