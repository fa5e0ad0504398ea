/* A store of a test's own: in a directory of its own, with a head whose key is
 * at hand. Included after cmocka.h. */
#ifndef PEN_STORE_FIXTURE_H
#define PEN_STORE_FIXTURE_H

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/keypair.h"
#include "store/session.h"
#include "store/terminal.h"

#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char dir[64], path[96];		/* path: the store in it */
	struct pen_session session;	/* of the head; its store and key too */
	char *pem;			/* public */
	struct pen_error error;
};

static inline struct pen_store *store_of(struct fixture *f) { return f->session.store; }

#define assert_ok(call) do { \
	enum pen_status status_ = (call); \
	if (status_ != PEN_OK) \
		fail_msg("%s: status %d: %s", #call, status_, f->error.text); \
} while (0)

/* The status, and the stable code of the error. */
#define assert_fails(call, expected, why) do { \
	memset(&f->error, 0, sizeof(f->error)); \
	assert_int_equal((call), (expected)); \
	assert_int_equal(f->error.status, (expected)); \
	assert_string_equal(f->error.code, (why)); \
	assert_true(f->error.text[0] != '\0'); \
} while (0)

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* How many entries a directory has; -1: there is none. */
static inline int count_entries(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static inline void fill_identity(struct fixture *f, enum pen_suite suite, struct pen_identity *identity)
{
	*identity = (struct pen_identity){
		.agency = "330100", .name = "某市社会劳动保险经办机构", .origin = "pen/330100",
		.suite = suite, .live_on = 20240101, .log_key = f->pem
	};
	memset(identity->secret, 7, sizeof(identity->secret));
}

/* Entry 0, the head and this computer, as init enters them. */
static inline void enter_head(struct fixture *f)
{
	struct pen_session *s = &f->session;
	struct pen_terminal here = { .name = "here" };
	int64_t at;

	memcpy(here.id, s->terminal, sizeof(here.id));

	assert_ok(pen_db__begin_write(pen_store__db(s->store), &f->error));
	assert_ok(pen_session__act(s, "admin.init", "store", NULL, true, &at, &f->error));
	assert_int_equal(at, 0);
	assert_ok(pen_staff__enter(s->store, &s->staff, 0, &f->error));
	assert_ok(pen_staff__set_key(s->store, s->staff.id, 0, f->pem, &f->error));
	assert_ok(pen_staff__set_role(s->store, s->staff.id, "head", 0, true, &f->error));
	assert_ok(pen_terminal__enter(s->store, &here, true, &f->error));
	assert_ok(pen_db__commit(pen_store__db(s->store), &f->error));
}

/* A directory and a key; no store yet. */
static inline int start_empty(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		abort();
	*state = f;
	snprintf(f->dir, sizeof(f->dir), "%s/pen-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/store", f->dir);
	setenv("XDG_CONFIG_HOME", f->dir, 1);
	unsetenv("PEN_CLOCK");
	f->session.staff = (struct pen_staff){ "head1", "王敏", "330100" };
	assert_ok(pen_signature__generate(&f->session.key, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_signature__write_public(f->session.key, &f->pem, &f->error));
	return 0;
}

/* The same, with a store (ed25519-sha256, since it is the faster one). */
static inline int start(void **state)
{
	struct pen_identity identity;
	struct fixture *f;

	start_empty(state);
	f = *state;
	fill_identity(f, PEN_ED25519_SHA256, &identity);
	assert_ok(pen_store__create(&f->session.store, f->path, &identity, &f->error));
	assert_ok(pen_session__terminal(f->session.store, f->session.terminal, &f->error));
	enter_head(f);
	return 0;
}

static inline int stop(void **state)
{
	struct fixture *f = *state;

	pen_signature__free(f->session.key);
	pen_store__close(f->session.store);
	pen_memory__free(f->pem);
	remove_tree(f->dir);
	free(f);
	return 0;
}

/* A write behind the tools' back. */
static inline void tamper(struct fixture *f, const char *sql)
{
	assert_ok(pen_db__exec(pen_store__db(f->session.store), sql, &f->error));
}

static inline int64_t ask(struct fixture *f, const char *sql)
{
	struct pen_statement *statement;
	int64_t value;
	bool row;

	assert_ok(pen_db__prepare(pen_store__db(f->session.store), sql, &statement, &f->error));
	assert_ok(pen_db__step(statement, &row, &f->error));
	assert_true(row);
	value = pen_db__int(statement, 0);
	pen_db__finalize(statement);
	return value;
}

/* An entry of its own; its index. */
static inline int64_t enter_act(struct fixture *f, const char *act, bool changes)
{
	int64_t at;

	assert_ok(pen_db__begin_write(pen_store__db(f->session.store), &f->error));
	assert_ok(pen_session__act(&f->session, act, "test", NULL, changes, &at, &f->error));
	assert_ok(pen_db__commit(pen_store__db(f->session.store), &f->error));
	return at;
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, start, stop)
#define WITHOUT_STORE(test) cmocka_unit_test_setup_teardown(test, start_empty, stop)

#endif
