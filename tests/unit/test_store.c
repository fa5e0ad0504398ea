#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#include <sys/wait.h>

static void create(struct fixture *f, enum pen_suite suite)
{
	struct pen_identity identity;

	fill_identity(f, suite, &identity);
	assert_ok(pen_store__create(&f->session.store, f->path, &identity, &f->error));
}

static void reopen(struct fixture *f, bool writable)
{
	pen_store__close(f->session.store);
	f->session.store = NULL;
	assert_ok(pen_store__open(&f->session.store, f->path, writable, &f->error));
}

/* ---- making ---- */

/* The number of the newest migration there is. */
static int newest(void)
{
	const struct pen_migration *m = pen_schema__migrations;

	while (m[1].version)
		m++;
	return m->version;
}

static void a_store_is_made_in_a_new_directory_for_its_owner_alone(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	create(f, PEN_SM2_SM3);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(ask(f, "PRAGMA application_id"), 0x50454e31);
	assert_int_equal(ask(f, "PRAGMA user_version"), newest());
	assert_int_equal(ask(f, "SELECT count(*) FROM store"), 1);
}

static void a_store_opened_again_is_the_one_that_was_made(void **state)
{
	const struct pen_identity *found;
	struct fixture *f = *state;
	struct pen_identity made;

	create(f, PEN_ED25519_SHA256);
	fill_identity(f, PEN_ED25519_SHA256, &made);
	reopen(f, true);
	found = pen_store__identity(store_of(f));
	assert_string_equal(found->agency, made.agency);
	assert_string_equal(found->name, made.name);
	assert_string_equal(found->origin, made.origin);
	assert_string_equal(found->log_key, f->pem);
	assert_memory_equal(found->secret, made.secret, sizeof(made.secret));
	assert_int_equal(found->live_on, 20240101);
	assert_int_equal(pen_store__suite(store_of(f)), PEN_ED25519_SHA256);
	assert_string_equal(pen_store__dir(store_of(f)), f->path);
	assert_false(pen_store__is_copy(store_of(f)));
}

static void a_store_need_not_know_when_it_went_live(void **state)
{
	struct fixture *f = *state;
	struct pen_identity identity;

	fill_identity(f, PEN_SM2_SM3, &identity);
	identity.live_on = 0;
	assert_ok(pen_store__create(&f->session.store, f->path, &identity, &f->error));
	assert_int_equal(ask(f, "SELECT live_on IS NULL FROM store"), 1);
	assert_int_equal(pen_store__identity(store_of(f))->live_on, 0);
}

static void an_empty_directory_is_taken(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkdir(f->path, 0755), 0);
	create(f, PEN_SM2_SM3);
	assert_int_equal(count_entries(f->path), 1);
}

static void a_directory_that_holds_something_is_not_touched(void **state)
{
	struct fixture *f = *state;
	struct pen_identity identity;
	struct pen_store *store;
	char file[128];

	fill_identity(f, PEN_SM2_SM3, &identity);
	assert_int_equal(mkdir(f->path, 0755), 0);
	snprintf(file, sizeof(file), "%s/.hidden", f->path);
	assert_ok(pen_file__save(file, "x", 1, 0600, &f->error));
	assert_fails(pen_store__create(&store, f->path, &identity, &f->error), PEN_USAGE, "store.exists");
	assert_int_equal(count_entries(f->path), 1);
	assert_fails(pen_store__create(&store, file, &identity, &f->error), PEN_USAGE, "store.exists");
}

static void a_store_that_cannot_be_made_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;
	struct pen_identity identity;
	struct pen_store *store;
	char path[128];

	fill_identity(f, PEN_SM2_SM3, &identity);
	snprintf(path, sizeof(path), "%s/no/such/place", f->dir);
	assert_fails(pen_store__create(&store, path, &identity, &f->error), PEN_SYSTEM, "system.io");
	identity.log_key = NULL;	/* NOT NULL in the schema: fails after all migrations */
	assert_int_equal(pen_store__create(&store, f->path, &identity, &f->error), PEN_SYSTEM);
	assert_int_equal(count_entries(f->dir), 0);
	assert_int_equal(mkdir(f->path, 0700), 0);
	assert_int_equal(pen_store__create(&store, f->path, &identity, &f->error), PEN_SYSTEM);
	assert_int_equal(count_entries(f->path), 0);
}

static void a_store_that_is_not_to_be_is_removed_whole(void **state)
{
	struct fixture *f = *state;

	create(f, PEN_SM2_SM3);
	assert_ok(pen_store__hold(store_of(f), "a test", "op1", &f->error));
	pen_store__close(store_of(f));
	f->session.store = NULL;
	pen_store__remove(f->path, true);
	assert_int_equal(count_entries(f->dir), 0);
}

/* ---- opening ---- */

static void what_is_no_store_is_unusable_input(void **state)
{
	struct fixture *f = *state;
	struct pen_store *store;
	char file[128];

	assert_fails(pen_store__open(&store, f->path, true, &f->error), PEN_INPUT, "store.missing");
	assert_fails(pen_store__open(&store, f->dir, true, &f->error), PEN_INPUT, "store.missing");
	snprintf(file, sizeof(file), "%s/pen.db", f->dir);
	assert_ok(pen_file__save(file, "rubbish", 7, 0600, &f->error));
	assert_fails(pen_store__open(&store, f->dir, true, &f->error), PEN_INPUT, "db.foreign");
}

static void a_store_newer_than_the_program_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_store *store;

	tamper(f, "PRAGMA user_version = 2147483647");
	assert_fails(pen_store__open(&store, f->path, true, &f->error), PEN_INPUT, "store.newer");
	assert_non_null(strstr(f->error.text, "of version 2147483647"));
	assert_fails(pen_store__open(&store, f->path, false, &f->error), PEN_INPUT, "store.newer");
}

static void a_store_without_its_migrations_gets_them_when_it_is_opened(void **state)
{
	struct fixture *f = *state;
	struct pen_store *store;
	struct pen_db *db;
	char file[128];
	int version;

	/* As a run leaves it that was killed before the first of them. */
	snprintf(file, sizeof(file), "%s/old", f->dir);
	assert_int_equal(mkdir(file, 0700), 0);
	snprintf(file, sizeof(file), "%s/old/pen.db", f->dir);
	assert_ok(pen_db__open(&db, file, PEN_DB_CREATE, &f->error));
	pen_db__close(db);
	*strrchr(file, '/') = '\0';
	assert_fails(pen_store__open(&store, file, false, &f->error), PEN_INPUT, "store.older");
	/* The tables are there then; what is missing is the row of init. */
	assert_fails(pen_store__open(&store, file, true, &f->error), PEN_INTEGRITY, "store.identity");
	snprintf(file, sizeof(file), "%s/old/pen.db", f->dir);
	assert_ok(pen_db__open(&db, file, PEN_DB_READ, &f->error));
	assert_ok(pen_db__version(db, &version, &f->error));
	assert_int_equal(version, newest());
	pen_db__close(db);
}

static void an_identity_that_was_changed_to_what_cannot_be_is_named(void **state)
{
	static const char *const changes[] = {
		"UPDATE store SET suite = 'md5'", "UPDATE store SET secret = x'00'", "UPDATE store SET agency = '33010000'",
		"UPDATE store SET agency = ''", "UPDATE store SET origin = ''", "DELETE FROM store"
	};
	struct fixture *f = *state;
	struct pen_store *store;
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		tamper(f, "SAVEPOINT before");
		tamper(f, changes[i]);
		tamper(f, "RELEASE before");
		assert_fails(pen_store__open(&store, f->path, true, &f->error), PEN_INTEGRITY, "store.identity");
		tamper(f, "DELETE FROM store");
		tamper(f, "INSERT INTO store VALUES (1, '330100', 'x', 'sm2-sm3', 'pen/330100', 'k', zeroblob(32), 20240101)");
	}
}

static void a_restored_store_and_one_opened_to_read_are_copies(void **state)
{
	struct fixture *f = *state;
	struct pen_store *store;
	char file[128];

	assert_ok(pen_store__open(&store, f->path, false, &f->error));
	assert_true(pen_store__is_copy(store));
	assert_int_not_equal(pen_db__exec(pen_store__db(store), "DELETE FROM staff", &f->error), PEN_OK);
	pen_store__close(store);
	snprintf(file, sizeof(file), "%s/%s", f->path, PEN_RESTORED_MARKER);
	assert_ok(pen_file__save(file, "", 0, 0600, &f->error));
	assert_ok(pen_store__open(&store, f->path, true, &f->error));
	assert_true(pen_store__is_copy(store));
	pen_store__close(store);
}

static void closing_no_store_is_fine(void **state)
{
	(void)state;
	pen_store__close(NULL);
}

/* ---- statements, digests, counts ---- */

static void a_statement_comes_reset_and_unbound(void **state)
{
	struct pen_statement *first, *again;
	struct fixture *f = *state;
	bool row;

	assert_ok(pen_store__sql(store_of(f), PEN_SQL_STORE_IDENTITY, &first, &f->error));
	assert_ok(pen_db__step(first, &row, &f->error));
	assert_true(row);
	assert_ok(pen_store__sql(store_of(f), PEN_SQL_STORE_IDENTITY, &again, &f->error));
	assert_ptr_equal(first, again);
	assert_ok(pen_db__step(again, &row, &f->error));
	assert_true(row);	/* the only row, from the start again */
	pen_db__reset(again);
}

/* SM3 of "abc": GB/T 32905 A.1; SHA-256: FIPS 180-4. */
static void digests_are_those_of_the_suite(void **state)
{
	struct fixture *f = *state;
	char hex[PEN_DIGEST_HEX];

	assert_ok(pen_store__digest(store_of(f), "abc", 3, hex, &f->error));
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	pen_store__close(f->session.store);
	pen_store__remove(f->path, true);
	create(f, PEN_SM2_SM3);
	assert_ok(pen_store__digest(store_of(f), "abc", 3, hex, &f->error));
	assert_string_equal(hex, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void batches_and_folios_are_counted_by_state(void **state)
{
	struct pen_store_count counts[8];
	struct fixture *f = *state;
	size_t n;

	assert_ok(pen_store__states(store_of(f), PEN_STORE_FOLIOS, counts, 8, &n, &f->error));
	assert_int_equal(n, 0);
	tamper(f, "INSERT INTO folio (id, batch, form, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (1, 1, 'levy', 0, 1, 'held', 0, 0, 0, 0), (2, 1, 'levy', 0, 2, 'staged', 0, 0, 0, 0),"
	    " (3, 1, 'levy', 0, 3, 'held', 0, 0, 0, 0)");
	assert_ok(pen_store__states(store_of(f), PEN_STORE_FOLIOS, counts, 8, &n, &f->error));
	assert_int_equal(n, 2);
	assert_string_equal(counts[0].state, "held");
	assert_int_equal(counts[0].count, 2);
	assert_string_equal(counts[1].state, "staged");
	assert_ok(pen_store__states(store_of(f), PEN_STORE_BATCHES, counts, 8, &n, &f->error));
	assert_int_equal(n, 0);
}

/* ---- holding ---- */

/* Tries from another process, as whoever comes second does. */
static enum pen_status hold_elsewhere(struct fixture *f, bool *names_holder)
{
	struct pen_error error = { 0 };
	struct pen_store *store;
	int wait_status;
	pid_t child = fork();

	if (child == 0) {
		if (pen_store__open(&store, f->path, true, &error) == PEN_OK &&
		    pen_store__hold(store, "second", "op1", &error) == PEN_OK)
			_exit(0);
		_exit(error.status | (strstr(error.text, "first run") ? 64 : 0));
	}
	assert_int_equal(waitpid(child, &wait_status, 0), child);
	assert_true(WIFEXITED(wait_status));
	*names_holder = WEXITSTATUS(wait_status) & 64;
	return (enum pen_status)(WEXITSTATUS(wait_status) & 63);
}

static void one_run_holds_the_store_and_the_next_is_told_who(void **state)
{
	struct fixture *f = *state;
	bool named;

	assert_ok(pen_store__hold(store_of(f), "first run", "op1", &f->error));
	assert_int_equal(hold_elsewhere(f, &named), PEN_BUSY);
	assert_true(named);
	pen_store__let_go(store_of(f));
	assert_int_equal(hold_elsewhere(f, &named), PEN_OK);
	/* That process is gone, and its hold with it. */
	assert_ok(pen_store__hold(store_of(f), "third", "op1", &f->error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT_STORE(a_store_is_made_in_a_new_directory_for_its_owner_alone),
		WITHOUT_STORE(a_store_opened_again_is_the_one_that_was_made),
		WITHOUT_STORE(a_store_need_not_know_when_it_went_live),
		WITHOUT_STORE(an_empty_directory_is_taken),
		WITHOUT_STORE(a_directory_that_holds_something_is_not_touched),
		WITHOUT_STORE(a_store_that_cannot_be_made_leaves_nothing_behind),
		WITHOUT_STORE(a_store_that_is_not_to_be_is_removed_whole),
		WITHOUT_STORE(what_is_no_store_is_unusable_input),
		WITH_STORE(a_store_newer_than_the_program_is_refused),
		WITH_STORE(a_store_without_its_migrations_gets_them_when_it_is_opened),
		WITH_STORE(an_identity_that_was_changed_to_what_cannot_be_is_named),
		WITH_STORE(a_restored_store_and_one_opened_to_read_are_copies),
		cmocka_unit_test(closing_no_store_is_fine),
		WITH_STORE(a_statement_comes_reset_and_unbound),
		WITH_STORE(digests_are_those_of_the_suite),
		WITH_STORE(batches_and_folios_are_counted_by_state),
		WITH_STORE(one_run_holds_the_store_and_the_next_is_told_who),
	};

	return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}
