#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "store/store.h"

#include <string.h>
#include <unistd.h>

/* Each test works on stores below a directory of its own. */
static char directory[200], path[300];

static int set_up(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	snprintf(directory, sizeof directory, "%s/pen-test-XXXXXX", parent && *parent ? parent : "/tmp");
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof path, "%s/pen.db", directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pen_store__remove(directory, true);
	return 0;
}

static int newest(void)
{
	const struct pen_migration *m;
	int version = 0;

	for (m = pen_schema__migrations; m->version; m++)
		version = m->version;
	return version;
}

/* A database as the program of an old version left it. */
static void make_of_version(int version)
{
	const struct pen_migration *m;
	struct pen_error error = { 0 };
	struct pen_db *db;

	assert_int_equal(pen_db__open(&db, path, PEN_DB_CREATE, &error), PEN_OK);
	for (m = pen_schema__migrations; m->version && m->version <= version; m++)
		assert_int_equal(pen_db__exec(db, m->sql, &error), PEN_OK);
	assert_int_equal(pen_db__set_version(db, version, &error), PEN_OK);
	pen_db__close(db);
}

/* Opens it by this program. That it does not say what store it is comes after
 * the migrations, and is let pass. */
static void upgrade(void)
{
	struct pen_error error = { 0 };
	struct pen_store *store;

	if (pen_store__open(&store, directory, true, &error) == PEN_OK)
		pen_store__close(store);
	else
		assert_string_equal(error.code, "store.identity");
}

static void make_fresh(void)
{
	static char log_key[] = "-----BEGIN PUBLIC KEY-----\n";
	const struct pen_identity identity = {
		.agency = "330100", .name = "某市", .origin = "pen/330100", .suite = PEN_SM2_SM3, .log_key = log_key,
	};
	struct pen_error error = { 0 };
	struct pen_store *store;

	assert_int_equal(pen_store__create(&store, directory, &identity, &error), PEN_OK);
	pen_store__close(store);
}

/* The whole schema as text, with its version. */
static void read_schema(struct pen_text *text)
{
	struct pen_error error = { 0 };
	struct pen_statement *s;
	struct pen_db *db;
	int version;
	bool row;

	assert_int_equal(pen_db__open(&db, path, PEN_DB_READ, &error), PEN_OK);
	assert_int_equal(pen_db__version(db, &version, &error), PEN_OK);
	pen_text__printf(text, "version %d\n", version);
	assert_int_equal(pen_db__prepare(db,
	    "SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_master ORDER BY type, name", &s, &error), PEN_OK);
	while (pen_db__step(s, &row, &error) == PEN_OK && row)
		pen_text__printf(text, "%s %s on %s: %s\n", pen_db__text(s, 0), pen_db__text(s, 1),
		    pen_db__text(s, 2), pen_db__text(s, 3));
	pen_db__finalize(s);
	pen_db__close(db);
}

static void a_store_of_every_older_version_comes_to_the_schema_of_a_fresh_one(void **state)
{
	struct pen_text fresh = { 0 }, upgraded = { 0 };
	int version;

	make_fresh();
	read_schema(&fresh);
	assert_non_null(strstr(fresh.s, "trigger journal_stays_u"));
	for (version = 0; version < newest(); version++) {
		tear_down(state);
		set_up(state);
		make_of_version(version);
		upgrade();
		read_schema(&upgraded);
		assert_string_equal(upgraded.s, fresh.s);
		pen_text__free(&upgraded);
	}
	pen_text__free(&fresh);
}

static void the_numbers_of_the_migrations_go_up_by_one(void **state)
{
	const struct pen_migration *m;
	int version = 0;

	(void)state;
	for (m = pen_schema__migrations; m->version; m++)
		assert_int_equal(m->version, ++version);
	assert_true(version > 0);
}

static void a_store_newer_than_the_program_is_refused_and_left_alone(void **state)
{
	struct pen_text before = { 0 }, after = { 0 };
	struct pen_error error = { 0 };
	struct pen_store *store = NULL;
	struct pen_db *db;

	(void)state;
	make_fresh();
	assert_int_equal(pen_db__open(&db, path, PEN_DB_WRITE, &error), PEN_OK);
	assert_int_equal(pen_db__set_version(db, newest() + 1, &error), PEN_OK);
	pen_db__close(db);
	read_schema(&before);
	assert_int_equal(pen_store__open(&store, directory, true, &error), PEN_INPUT);
	assert_null(store);
	assert_string_equal(error.code, "store.newer");
	assert_non_null(strstr(error.text, "use a newer pen"));
	read_schema(&after);
	assert_string_equal(after.s, before.s);
	pen_text__free(&before);
	pen_text__free(&after);
}

/* Whatever older number it is given: nothing is made twice, and nothing is refused as
 * an old copy. */
static void a_version_number_that_was_set_back_is_named_and_the_store_left_alone(void **state)
{
	struct pen_text before = { 0 }, after = { 0 };
	struct pen_error error = { 0 };
	struct pen_store *store = NULL;
	struct pen_db *db;
	int version;

	(void)state;
	make_fresh();
	read_schema(&before);
	for (version = 0; version < newest(); version++) {
		assert_int_equal(pen_db__open(&db, path, PEN_DB_WRITE, &error), PEN_OK);
		assert_int_equal(pen_db__set_version(db, version, &error), PEN_OK);
		pen_db__close(db);
		assert_int_equal(pen_store__open(&store, directory, true, &error), PEN_INTEGRITY);
		assert_string_equal(error.code, "store.version");
		assert_int_equal(pen_store__open(&store, directory, false, &error), PEN_INTEGRITY);
		assert_string_equal(error.code, "store.version");
		assert_null(store);
	}
	assert_int_equal(pen_db__open(&db, path, PEN_DB_WRITE, &error), PEN_OK);
	assert_int_equal(pen_db__set_version(db, newest(), &error), PEN_OK);
	pen_db__close(db);
	read_schema(&after);
	assert_string_equal(after.s, before.s);
	pen_text__free(&before);
	pen_text__free(&after);
}

static void opening_a_store_of_today_changes_nothing(void **state)
{
	struct pen_text before = { 0 }, after = { 0 };

	(void)state;
	make_fresh();
	read_schema(&before);
	upgrade();
	read_schema(&after);
	assert_string_equal(after.s, before.s);
	pen_text__free(&before);
	pen_text__free(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_store_of_every_older_version_comes_to_the_schema_of_a_fresh_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_numbers_of_the_migrations_go_up_by_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_store_newer_than_the_program_is_refused_and_left_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_version_number_that_was_set_back_is_named_and_the_store_left_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(opening_a_store_of_today_changes_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("store/migration", tests, NULL, NULL);
}
