#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/db.h"
#include "adapter/db_bulk.h"
#include "adapter/db_raw.h"
#include "adapter/db_scan.h"
#include "base/memory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each test works on a file of its own in a directory of its own. */
static char directory[200], path[256];

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
	static const char *const ends[] = { "", "-journal", "-wal", "-shm" };
	char name[300];

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
	return rmdir(directory);
}

static struct pen_db *open_as(enum pen_db_mode mode)
{
	struct pen_error error = { 0 };
	struct pen_db *db;

	assert_int_equal(pen_db__open(&db, path, mode, &error), PEN_OK);
	return db;
}

static void good(struct pen_db *db, const char *sql)
{
	struct pen_error error = { 0 };

	if (pen_db__exec(db, sql, &error) != PEN_OK)
		fail_msg("%s: %s", sql, error.text);
}

static void bad(struct pen_db *db, const char *sql, enum pen_status status, const char *code)
{
	struct pen_error error = { 0 };

	assert_int_equal(pen_db__exec(db, sql, &error), status);
	assert_int_equal(error.status, status);
	assert_string_equal(error.code, code);
}

static void bad_open(enum pen_db_mode mode, enum pen_status status, const char *code)
{
	struct pen_error error = { 0 };
	struct pen_db *db = NULL;

	assert_int_equal(pen_db__open(&db, path, mode, &error), status);
	assert_string_equal(error.code, code);
	assert_null(db);
}

static struct pen_statement *prepare(struct pen_db *db, const char *sql)
{
	struct pen_error error = { 0 };
	struct pen_statement *statement;

	assert_int_equal(pen_db__prepare(db, sql, &statement, &error), PEN_OK);
	return statement;
}

static bool step(struct pen_statement *statement)
{
	struct pen_error error = { 0 };
	bool row;

	assert_int_equal(pen_db__step(statement, &row, &error), PEN_OK);
	return row;
}

static void run(struct pen_statement *statement)
{
	struct pen_error error = { 0 };

	assert_int_equal(pen_db__run(statement, &error), PEN_OK);
}

static int64_t ask(struct pen_db *db, const char *sql)
{
	struct pen_statement *statement = prepare(db, sql);
	int64_t answer;

	assert_true(step(statement));
	answer = pen_db__int(statement, 0);
	pen_db__finalize(statement);
	return answer;
}

static void ask_text(struct pen_db *db, const char *sql, const char *expected)
{
	struct pen_statement *statement = prepare(db, sql);

	assert_true(step(statement));
	assert_string_equal(pen_db__text(statement, 0), expected);
	pen_db__finalize(statement);
}

/* ------------------------------------------------------------- opening -- */

static void the_wal_is_trusted_where_it_was_mended(void **state)
{
	static const int unsafe[] = { 3007000, 3040001, 3044005, 3045000, 3046001, 3050000, 3050006, 3051000, 3051002 };
	static const int safe[] = { 3006023, 3044006, 3044009, 3050007, 3050012, 3051003, 3052000, 4000000 };

	(void)state;
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		assert_false(pen_db__wal_is_safe(unsafe[i]));
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		assert_true(pen_db__wal_is_safe(safe[i]));
}

static void a_new_store_has_our_mark_and_settings(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct stat st;

	(void)state;
	assert_int_equal(ask(db, "PRAGMA application_id"), PEN_DB_APPLICATION_ID);
	assert_int_equal(ask(db, "PRAGMA page_size"), 8192);
	assert_int_equal(ask(db, "PRAGMA auto_vacuum"), 0);
	assert_int_equal(ask(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(ask(db, "PRAGMA trusted_schema"), 0);
	assert_int_equal(ask(db, "PRAGMA cell_size_check"), 1);
	assert_int_equal(ask(db, "PRAGMA synchronous"), 3);
	assert_int_equal(ask(db, "PRAGMA temp_store"), 2);
	assert_int_equal(ask(db, "PRAGMA cache_size"), -32768);
	assert_int_equal(ask(db, "PRAGMA busy_timeout"), 10000);
	assert_int_equal(strncmp(pen_db__engine(db), "SQLite 3.", 9), 0);
	pen_db__close(db);
	pen_db__close(NULL);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07, 0);
}

static void the_journal_follows_the_version(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);
	int a = 0, b = 0, c = 0;
	bool safe;

	(void)state;
	assert_int_equal(sscanf(pen_db__engine(db), "SQLite %d.%d.%d, ", &a, &b, &c), 3);
	safe = pen_db__wal_is_safe(a * 1000000 + b * 1000 + c);
	assert_non_null(strstr(pen_db__engine(db), safe ? ", WAL" : ", rollback journal"));
	ask_text(db, "PRAGMA journal_mode", safe ? "wal" : "delete");
	/* A store that came in the other mode is brought over. */
	good(db, safe ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
	pen_db__close(db);
	db = open_as(PEN_DB_WRITE);
	ask_text(db, "PRAGMA journal_mode", safe ? "wal" : "delete");
	pen_db__close(db);
}

static void a_store_is_made_once(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE t (a); INSERT INTO t VALUES (7)");
	pen_db__close(db);
	bad_open(PEN_DB_CREATE, PEN_REFUSED, "db.exists");
	db = open_as(PEN_DB_WRITE);
	assert_int_equal(ask(db, "SELECT a FROM t"), 7);
	pen_db__close(db);
}

static void save(const char *bytes, size_t n)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
}

static void what_is_no_store_of_ours_is_refused(void **state)
{
	struct pen_db *db;
	char text[20000];

	(void)state;
	bad_open(PEN_DB_READ, PEN_INPUT, "db.missing");
	bad_open(PEN_DB_WRITE, PEN_INPUT, "db.missing");
	save("", 0);
	bad_open(PEN_DB_READ, PEN_INPUT, "db.foreign");
	bad_open(PEN_DB_WRITE, PEN_INPUT, "db.foreign");
	memset(text, 'x', sizeof text);
	save(text, sizeof text);
	bad_open(PEN_DB_READ, PEN_INPUT, "db.foreign");
	bad_open(PEN_DB_WRITE, PEN_INPUT, "db.foreign");
	/* Another program's database. */
	unlink(path);
	db = open_as(PEN_DB_CREATE);
	good(db, "PRAGMA application_id = 1");
	pen_db__close(db);
	bad_open(PEN_DB_READ, PEN_INPUT, "db.foreign");
	bad_open(PEN_DB_WRITE, PEN_INPUT, "db.foreign");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	bad_open(PEN_DB_READ, PEN_INPUT, "db.missing");
	assert_int_equal(rmdir(path), 0);
}

static void a_reader_changes_nothing(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE t (a); INSERT INTO t VALUES (7)");
	pen_db__close(db);
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(chmod(directory, 0500), 0);
	db = open_as(PEN_DB_READ);
	assert_int_equal(ask(db, "SELECT a FROM t"), 7);
	bad(db, "INSERT INTO t VALUES (8)", PEN_SYSTEM, "db.error");
	pen_db__close(db);
	assert_int_equal(chmod(directory, 0700), 0);
}

static void the_version_is_kept_in_the_file(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	int version = -1;

	(void)state;
	assert_int_equal(pen_db__version(db, &version, &error), PEN_OK);
	assert_int_equal(version, 0);
	assert_int_equal(pen_db__set_version(db, 12, &error), PEN_OK);
	pen_db__close(db);
	db = open_as(PEN_DB_READ);
	assert_int_equal(pen_db__version(db, &version, &error), PEN_OK);
	assert_int_equal(version, 12);
	pen_db__close(db);
}

/* -------------------------------------------------------- transactions -- */

static void what_is_rolled_back_was_never_there(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE t (a)");
	assert_false(pen_db__in_transaction(db));
	pen_db__rollback(db);
	assert_int_equal(pen_db__begin_write(db, &error), PEN_OK);
	assert_true(pen_db__in_transaction(db));
	good(db, "INSERT INTO t VALUES (1)");
	pen_db__rollback(db);
	assert_false(pen_db__in_transaction(db));
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 0);

	assert_int_equal(pen_db__begin_write(db, &error), PEN_OK);
	good(db, "INSERT INTO t VALUES (1)");
	assert_int_equal(pen_db__commit(db, &error), PEN_OK);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 1);
	assert_int_equal(pen_db__begin_read(db, &error), PEN_OK);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 1);
	pen_db__rollback(db);
	assert_int_equal(pen_db__commit(db, &error), PEN_SYSTEM);
	pen_db__close(db);
}

static void a_second_writer_hears_that_the_store_is_busy(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *one = open_as(PEN_DB_CREATE), *two = open_as(PEN_DB_WRITE);

	(void)state;
	good(one, "CREATE TABLE t (a)");
	good(two, "PRAGMA busy_timeout = 10");	/* the test need not wait */
	assert_int_equal(pen_db__begin_write(one, &error), PEN_OK);
	assert_int_equal(pen_db__begin_write(two, &error), PEN_BUSY);
	assert_string_equal(error.code, "db.busy");
	assert_false(pen_db__in_transaction(two));
	/* Readers go on. */
	assert_int_equal(ask(two, "SELECT count(*) FROM t"), 0);
	pen_db__rollback(one);
	assert_int_equal(pen_db__begin_write(two, &error), PEN_OK);
	pen_db__rollback(two);
	pen_db__close(one);
	pen_db__close(two);
}

/* ---------------------------------------------------------- statements -- */

static void values_of_all_kinds_come_back(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *insert, *select;
	struct pen_value value;
	const void *bytes;
	size_t n;

	(void)state;
	good(db, "CREATE TABLE t (i INTEGER, s TEXT, b BLOB, z TEXT)");
	insert = prepare(db, "INSERT INTO t VALUES (:i, :s, :b, :z)");
	pen_db__bind_int(insert, ":i", INT64_MIN);
	pen_db__bind_text(insert, ":s", "张三");
	pen_db__bind_bytes(insert, ":b", "a\0b", 3);
	pen_db__bind_null(insert, ":z");
	run(insert);
	assert_int_equal(pen_db__changes(db), 1);
	pen_db__finalize(insert);

	select = prepare(db, "SELECT i, s, b, z FROM t");
	assert_int_equal(pen_db__columns(select), 4);
	assert_string_equal(pen_db__column_name(select, 1), "s");
	assert_true(step(select));
	assert_true(pen_db__int(select, 0) == INT64_MIN);
	assert_string_equal(pen_db__text(select, 1), "张三");
	bytes = pen_db__bytes(select, 2, &n);
	assert_int_equal(n, 3);
	assert_memory_equal(bytes, "a\0b", 3);
	assert_true(pen_db__is_null(select, 3));
	assert_null(pen_db__text(select, 3));
	assert_false(pen_db__is_null(select, 0));

	value = pen_db__value(select, 0);
	assert_int_equal(value.type, PEN_INTEGER);
	value = pen_db__value(select, 1);
	assert_int_equal(value.type, PEN_STRING);
	assert_int_equal(value.n, 6);
	value = pen_db__value(select, 2);
	assert_int_equal(value.type, PEN_BYTES);
	assert_int_equal(value.n, 3);
	assert_int_equal(pen_db__value(select, 3).type, PEN_NULL);
	assert_false(step(select));
	pen_db__finalize(select);
	pen_db__finalize(NULL);
	pen_db__close(db);
}

static void empty_is_not_null(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *statement = prepare(db, "SELECT :s IS NULL, :b IS NULL, :n IS NULL, typeof(:b)");

	(void)state;
	pen_db__bind_text(statement, ":s", "");
	pen_db__bind_bytes(statement, ":b", NULL, 0);
	pen_db__bind_text(statement, ":n", NULL);
	assert_true(step(statement));
	assert_int_equal(pen_db__int(statement, 0), 0);
	assert_int_equal(pen_db__int(statement, 1), 0);
	assert_int_equal(pen_db__int(statement, 2), 1);
	assert_string_equal(pen_db__text(statement, 3), "blob");
	pen_db__finalize(statement);
	pen_db__close(db);
}

static void a_number_with_a_fraction_is_no_integer(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *statement = prepare(db, "SELECT 1.5");
	struct pen_value value;

	(void)state;
	assert_true(step(statement));
	value = pen_db__value(statement, 0);
	assert_int_equal(value.type, PEN_STRING);
	assert_int_equal(value.n, 3);
	assert_memory_equal(value.s, "1.5", 3);
	pen_db__finalize(statement);
	pen_db__close(db);
}

static void parameters_keep_their_values_until_reset(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *insert;

	(void)state;
	good(db, "CREATE TABLE t (a, b)");
	insert = prepare(db, "INSERT INTO t VALUES (:a, :b)");
	assert_true(pen_db__has_parameter(insert, ":a"));
	assert_false(pen_db__has_parameter(insert, ":c"));
	pen_db__bind_int(insert, ":a", 1);
	pen_db__bind_int(insert, ":b", 2);
	run(insert);
	pen_db__bind_int(insert, ":b", 3);
	run(insert);
	pen_db__reset(insert);
	run(insert);
	pen_db__finalize(insert);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE a = 1 AND b = 2"), 1);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE a = 1 AND b = 3"), 1);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE a IS NULL AND b IS NULL"), 1);
	pen_db__close(db);
}

static void a_statement_is_ready_again_after_its_end_and_after_a_failure(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *insert;
	bool row = true;

	(void)state;
	good(db, "CREATE TABLE t (a INTEGER PRIMARY KEY)");
	insert = prepare(db, "INSERT INTO t VALUES (:a)");
	pen_db__bind_int(insert, ":a", 1);
	assert_false(step(insert));
	assert_int_equal(pen_db__step(insert, &row, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "db.constraint");
	assert_false(row);
	pen_db__bind_int(insert, ":a", 2);
	assert_false(step(insert));
	pen_db__finalize(insert);
	assert_int_equal(ask(db, "SELECT sum(a) FROM t"), 3);
	pen_db__close(db);
}

/* ------------------------------------------------------------- scanning -- */

struct seen { struct pen_db *db; int rows, fail_at; int64_t sum; char text[64]; struct pen_statement *inner; };

static enum pen_status see(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct seen *seen = context;
	size_t n = strlen(seen->text);

	seen->sum += values[0].i;
	snprintf(seen->text + n, sizeof(seen->text) - n, "%d:%.*s ", values[1].type, (int)values[1].n, values[1].s ? values[1].s : "");
	if (++seen->rows == seen->fail_at) {
		error->status = PEN_INPUT;
		snprintf(error->code, sizeof(error->code), "test.enough");
		return PEN_INPUT;
	}
	return PEN_OK;
}

/* For each row, a scan of another statement. */
static enum pen_status see_within(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct seen *seen = context, inner = { .db = seen->db };
	enum pen_status status = pen_db_scan__run(seen->inner, see, &inner, error);

	seen->rows++;
	seen->sum += values[0].i * inner.sum;
	return status;
}

static struct pen_statement *prepare_scan(struct pen_db *db, const char *sql)
{
	struct pen_error error = { 0 };
	struct pen_statement *statement;

	if (pen_db_scan__prepare(db, sql, &statement, &error) != PEN_OK)
		fail_msg("%s: %s", sql, error.text);
	return statement;
}

static struct pen_db *with_rows(void)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);

	good(db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
	good(db, "INSERT INTO t VALUES (3, NULL), (1, 'one'), (2, x'626c6f62'), (4, 2.5), (5, '')");
	return db;
}

static void a_scan_hands_out_each_row_in_the_order_of_its_key(void **state)
{
	struct pen_db *db = with_rows();
	struct pen_statement *s = prepare_scan(db, "-- all of it\nSELECT a, CASE WHEN b = (SELECT 'no FROM here') THEN 0 ELSE b END\nFROM t WHERE a > :a ORDER BY a LIMIT 10");
	struct pen_error error = { 0 };
	struct seen seen = { .db = db };

	(void)state;
	pen_db__bind_int(s, ":a", 0);
	assert_int_equal(pen_db_scan__run(s, see, &seen, &error), PEN_OK);
	assert_int_equal(seen.sum, 15);
	assert_string_equal(seen.text, "2:one 3:blob 0: 2:2.5 2: ");
	/* And again, bound otherwise. */
	pen_db__bind_int(s, ":a", 3);
	seen = (struct seen){ .db = db };
	assert_int_equal(pen_db_scan__run(s, see, &seen, &error), PEN_OK);
	assert_int_equal(seen.rows, 2);
	pen_db__finalize(s);
	pen_db__close(db);
}

static void a_scan_ends_where_its_taker_fails_and_says_what_that_said(void **state)
{
	struct pen_db *db = with_rows();
	struct pen_statement *s = prepare_scan(db, "SELECT a, b FROM t ORDER BY a");
	struct pen_error error = { 0 };
	struct seen seen = { .db = db, .fail_at = 2 };

	(void)state;
	assert_int_equal(pen_db_scan__run(s, see, &seen, &error), PEN_INPUT);
	assert_string_equal(error.code, "test.enough");
	assert_int_equal(seen.rows, 2);
	/* It holds no lock then, and is ready again. */
	good(db, "DELETE FROM t WHERE a > 2");
	seen = (struct seen){ .db = db };
	assert_int_equal(pen_db_scan__run(s, see, &seen, &error), PEN_OK);
	assert_int_equal(seen.rows, 2);
	pen_db__finalize(s);
	pen_db__close(db);
}

static void a_taker_may_scan_something_else(void **state)
{
	struct pen_db *db = with_rows();
	struct pen_statement *s = prepare_scan(db, "SELECT a, b FROM t ORDER BY a");
	struct pen_error error = { 0 };
	struct seen seen = { .db = db, .inner = prepare_scan(db, "SELECT a, b FROM t WHERE a < 3 ORDER BY a") };

	(void)state;
	assert_int_equal(pen_db_scan__run(s, see_within, &seen, &error), PEN_OK);
	assert_int_equal(seen.rows, 5);
	assert_int_equal(seen.sum, 45);
	pen_db__finalize(seen.inner);
	pen_db__finalize(s);
	pen_db__close(db);
}

static void a_scan_of_a_damaged_file_says_so(void **state)
{
	struct pen_db *db = with_rows();
	struct pen_error error = { 0 };
	struct pen_statement *s;
	struct seen seen = { .db = db };
	int fd;

	(void)state;
	good(db, "WITH RECURSIVE n(i) AS (SELECT 9 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO t SELECT i, hex(zeroblob(200)) FROM n");
	pen_db__close(db);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "all of it is gone", 17, 20 * 8192), 17);
	close(fd);
	db = open_as(PEN_DB_READ);
	s = prepare_scan(db, "SELECT a, 'x' FROM t ORDER BY a");
	assert_int_equal(pen_db_scan__run(s, see, &seen, &error), PEN_INTEGRITY);
	assert_string_equal(error.code, "db.corrupt");
	pen_db__finalize(s);
	pen_db__close(db);
}

static void a_scan_in_another_order_than_a_keys_is_refused(void **state)
{
	struct pen_db *db = with_rows();
	struct pen_statement *s = prepare_scan(db, "SELECT a, 'x' FROM t ORDER BY b");
	struct pen_error error = { 0 };
	struct seen seen = { .db = db };

	(void)state;
	assert_int_equal(pen_db_scan__run(s, see, &seen, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "db.order");
	pen_db__finalize(s);
	pen_db__close(db);
}

/* A province's own rules are SQL too. */
static void the_function_of_scans_is_nobody_elses(void **state)
{
	struct pen_db *db = with_rows();
	struct pen_error error = { 0 };
	struct pen_statement *s;
	bool row;

	(void)state;
	pen_db__finalize(prepare_scan(db, "SELECT a, b FROM t ORDER BY a"));
	s = prepare(db, "SELECT pen_row(a, b) FROM t");
	assert_int_equal(pen_db__step(s, &row, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "db.error");
	pen_db__finalize(s);
	pen_db__close(db);
}

static void a_value_too_long_for_the_engine_fails_at_the_step(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *statement = prepare(db, "SELECT length(:b)");
	bool row = true;

	(void)state;
	/* The bytes are not looked at when there are too many. */
	pen_db__bind_bytes(statement, ":b", "x", (size_t)3 << 30);
	assert_int_equal(pen_db__step(statement, &row, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "db.error");
	assert_non_null(strstr(error.text, "too big"));
	pen_db__reset(statement);
	pen_db__bind_bytes(statement, ":b", "x", 1);
	assert_true(step(statement));
	pen_db__finalize(statement);
	pen_db__close(db);
}

static void wrong_sql_is_an_error_with_the_engines_words(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *statement;

	(void)state;
	assert_int_equal(pen_db__prepare(db, "SELECT a FROM nowhere", &statement, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "db.error");
	assert_non_null(strstr(error.text, "no such table: nowhere"));
	/* A name in double quotes is no string. */
	assert_int_equal(pen_db__prepare(db, "SELECT \"text\"", &statement, &error), PEN_SYSTEM);
	pen_db__close(db);
}

static void a_trigger_refuses_with_its_own_words(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE t (a INTEGER CHECK (a < 9), u UNIQUE);"
	    "CREATE TRIGGER sealed BEFORE UPDATE ON t BEGIN SELECT RAISE(ABORT, 'sealed rows stay'); END;"
	    "INSERT INTO t VALUES (1, 1)");
	assert_int_equal(pen_db__exec(db, "UPDATE t SET a = 2", &error), PEN_REFUSED);
	assert_string_equal(error.code, "db.constraint");
	assert_string_equal(error.text, "sealed rows stay");
	bad(db, "INSERT INTO t VALUES (9, 2)", PEN_SYSTEM, "db.constraint");
	bad(db, "INSERT INTO t VALUES (1, 1)", PEN_SYSTEM, "db.constraint");
	pen_db__close(db);
}

static void foreign_keys_hold(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id))");
	bad(db, "INSERT INTO c VALUES (1)", PEN_SYSTEM, "db.constraint");
	pen_db__close(db);
}

static void a_full_disk_is_named(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE t (a); PRAGMA max_page_count = 4");
	bad(db, "INSERT INTO t VALUES (zeroblob(100000))", PEN_SYSTEM, "db.full");
	pen_db__close(db);
}

/* ---------------------------------------------------------------- bulk -- */

static void rows_are_loaded_in_bulk(void **state)
{
	static const char *const columns[] = { "id", "na\"me", "group", "data" };
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_bulk *bulk;
	char name[20];

	(void)state;
	good(db, "CREATE TABLE \"order\" (id INTEGER PRIMARY KEY, \"na\"\"me\" TEXT, \"group\", data)");
	assert_int_equal(pen_db__begin_write(db, &error), PEN_OK);
	assert_int_equal(pen_db_bulk__open(&bulk, db, "order", columns, 4, &error), PEN_OK);
	for (int i = 1; i <= 1000; i++) {
		struct pen_value values[] = {
			pen_value__integer(i), pen_value__string(name, 0), i % 2 ? pen_value__null() : pen_value__integer(-i),
			{ PEN_BYTES, 0, "\0\1", 2 },
		};

		values[1].n = (size_t)snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(pen_db_bulk__row(bulk, values, &error), PEN_OK);
	}
	assert_int_equal(pen_db_bulk__end(bulk, &error), PEN_OK);
	pen_db_bulk__drop(NULL);
	assert_int_equal(pen_db__commit(db, &error), PEN_OK);
	assert_int_equal(ask(db, "SELECT count(*) FROM \"order\" WHERE \"na\"\"me\" = 'n' || id AND hex(data) = '0001'"), 1000);
	assert_int_equal(ask(db, "SELECT count(*) FROM \"order\" WHERE \"group\" IS NULL"), 500);
	pen_db__close(db);
}

/* Enough rows for one statement, and then some. */
static void load_with_a_row_twice(struct pen_db *db, int rows, int twice, enum pen_status expected)
{
	static const char *const columns[] = { "id" };
	struct pen_error error = { 0 };
	enum pen_status status = PEN_OK;
	struct pen_bulk *bulk;

	assert_int_equal(pen_db__begin_write(db, &error), PEN_OK);
	assert_int_equal(pen_db_bulk__open(&bulk, db, "t", columns, 1, &error), PEN_OK);
	for (int i = 1; status == PEN_OK && i <= rows; i++) {
		struct pen_value value = pen_value__integer(i == twice ? 1 : i);

		status = pen_db_bulk__row(bulk, &value, &error);
	}
	if (status == PEN_OK)
		status = pen_db_bulk__end(bulk, &error);
	else
		pen_db_bulk__drop(bulk);
	assert_int_equal(status, expected);
	if (expected != PEN_OK)
		assert_string_equal(error.code, "db.constraint");
	pen_db__rollback(db);
}

static void a_row_that_fails_is_told_at_the_latest_at_the_end(void **state)
{
	static const char *const columns[] = { "id" };
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_bulk *bulk;

	(void)state;
	good(db, "CREATE TABLE t (id INTEGER PRIMARY KEY)");
	assert_int_equal(pen_db_bulk__open(&bulk, db, "nowhere", columns, 1, &error), PEN_SYSTEM);
	load_with_a_row_twice(db, 40, 0, PEN_OK);
	load_with_a_row_twice(db, 40, 2, PEN_SYSTEM);
	load_with_a_row_twice(db, 40, 40, PEN_SYSTEM);
	load_with_a_row_twice(db, 3, 3, PEN_SYSTEM);
	pen_db__close(db);
}

/* Each place of a statement sees null, number, text and empty text after each other. */
static void a_value_never_stays_where_another_was_given(void **state)
{
	static const char *const columns[] = { "id", "value" };
	const struct pen_value values[] = { pen_value__null(), pen_value__integer(7), pen_value__string("seven", 5),
		pen_value__string("", 0), pen_value__integer(7) };
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_bulk *bulk;

	(void)state;
	good(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, value)");
	assert_int_equal(pen_db_bulk__open(&bulk, db, "t", columns, 2, &error), PEN_OK);
	for (int i = 0; i < 998; i++) {
		struct pen_value id = pen_value__integer(i);

		assert_int_equal(pen_db_bulk__add(bulk, &id, 1, &error), PEN_OK);
		assert_int_equal(pen_db_bulk__add(bulk, &values[i % 5], 1, &error), PEN_OK);
	}
	assert_int_equal(pen_db_bulk__end(bulk, &error), PEN_OK);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE value IS CASE id % 5 WHEN 1 THEN 7 WHEN 2 THEN 'seven'"
	    " WHEN 3 THEN '' WHEN 4 THEN 7 END"), 998);
	good(db, "DELETE FROM t");
	assert_int_equal(pen_db_bulk__open(&bulk, db, "t", columns, 2, &error), PEN_OK);
	for (int i = 0; i < 32; i++) {
		const struct pen_value empty[] = { pen_value__integer(i), pen_value__string("", 0) };

		assert_int_equal(pen_db_bulk__row(bulk, empty, &error), PEN_OK);
	}
	assert_int_equal(pen_db_bulk__end(bulk, &error), PEN_OK);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE value = ''"), 32);
	pen_db__close(db);
}

/* The caller's strings may be gone by the time the row is written. */
static void strings_are_needed_for_one_call_alone(void **state)
{
	static const char *const columns[] = { "name" };
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_bulk *bulk;
	char name[9000];

	(void)state;
	good(db, "CREATE TABLE t (name TEXT)");
	assert_int_equal(pen_db_bulk__open(&bulk, db, "t", columns, 1, &error), PEN_OK);
	for (int i = 0; i < 20; i++) {
		struct pen_value value = pen_value__string(name, (size_t)i * 450);

		memset(name, 'a' + i, sizeof name);
		assert_int_equal(pen_db_bulk__row(bulk, &value, &error), PEN_OK);
		memset(name, '?', sizeof name);
	}
	assert_int_equal(pen_db_bulk__end(bulk, &error), PEN_OK);
	assert_int_equal(ask(db, "SELECT count(*) FROM t WHERE name LIKE '%?%'"), 0);
	assert_int_equal(ask(db, "SELECT count(DISTINCT name) FROM t"), 20);
	assert_int_equal(ask(db, "SELECT max(length(name)) FROM t"), 19 * 450);
	pen_db__close(db);
}

/* ----------------------------------------------------------- raw bytes -- */

static char *load(size_t n)
{
	char *bytes = pen_memory__calloc(n + 1, 1);
	FILE *in = fopen(path, "rb");

	assert_non_null(in);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, n + 1, in), n);
	fclose(in);
	return bytes;
}

/* Reads the store through the handle into memory that the caller frees. */
static char *read_raw(struct pen_db *db, int64_t *size)
{
	struct pen_error error = { 0 };
	int page = 0;
	char *bytes, more;

	assert_int_equal(pen_db__begin_write(db, &error), PEN_OK);
	assert_int_equal(pen_db_raw__begin(db, size, &page, &error), PEN_OK);
	assert_int_equal(page, 8192);
	assert_int_equal(*size % page, 0);
	bytes = pen_memory__calloc((size_t)*size, 1);
	assert_non_null(bytes);
	for (int64_t at = 0; at < *size; at += page)
		assert_int_equal(pen_db_raw__read(db, at, bytes + at, (size_t)page, &error), PEN_OK);
	assert_int_equal(pen_db_raw__read(db, *size, &more, 1, &error), PEN_SYSTEM);
	pen_db_raw__end(db);
	pen_db__rollback(db);
	return bytes;
}

static void expect_same_as_file(struct pen_db *db)
{
	int64_t size;
	char *raw = read_raw(db, &size), *file;

	pen_db__close(db);
	file = load((size_t)size);
	assert_memory_equal(raw, file, (size_t)size);
	pen_memory__free(raw);
	pen_memory__free(file);
}

static void the_raw_bytes_are_the_files(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(100000))");
	expect_same_as_file(db);
}

static void the_raw_bytes_hold_what_was_in_the_log(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE), *other;

	(void)state;
	/* Whatever this library's version asks for, here it is WAL. */
	good(db, "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(100000))");
	other = open_as(PEN_DB_READ);
	assert_int_equal(ask(other, "SELECT length(a) FROM t"), 100000);
	pen_db__close(other);
	expect_same_as_file(db);
}

static void others_read_while_the_raw_bytes_are_read_and_nobody_writes(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE), *other;
	int64_t size;
	int page;

	(void)state;
	good(db, "CREATE TABLE t (a)");
	other = open_as(PEN_DB_WRITE);
	good(other, "PRAGMA busy_timeout = 10");
	assert_int_equal(pen_db__begin_write(db, &error), PEN_OK);
	assert_int_equal(pen_db_raw__begin(db, &size, &page, &error), PEN_OK);
	assert_int_equal(ask(other, "SELECT count(*) FROM t"), 0);
	bad(other, "INSERT INTO t VALUES (1)", PEN_BUSY, "db.busy");
	pen_db_raw__end(db);
	pen_db__rollback(db);
	good(other, "INSERT INTO t VALUES (1)");
	pen_db__close(other);
	pen_db__close(db);
}

/* --------------------------------------------------------------- damage -- */

static void a_sound_store_passes_its_check(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);

	(void)state;
	good(db, "CREATE TABLE t (a)");
	assert_int_equal(pen_db__check(db, &error), PEN_OK);
	pen_db__close(db);
}

/* Overwrites n bytes at an offset of the closed file. */
static void spoil(off_t at, size_t n)
{
	char *junk = pen_memory__calloc(n, 1);
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	memset(junk, 0xA5, n);
	assert_int_equal(pwrite(fd, junk, n, at), (ssize_t)n);
	close(fd);
	pen_memory__free(junk);
}

static void a_damaged_page_is_found_by_the_check_and_by_reading(void **state)
{
	struct pen_error error = { 0 };
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *statement;
	bool row;

	(void)state;
	good(db, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
	pen_db__close(db);
	spoil(8192, 8192);
	db = open_as(PEN_DB_READ);
	assert_int_equal(pen_db__check(db, &error), PEN_INTEGRITY);
	assert_string_equal(error.code, "db.corrupt");
	statement = prepare(db, "SELECT a FROM t");
	assert_int_equal(pen_db__step(statement, &row, &error), PEN_INTEGRITY);
	assert_string_equal(error.code, "db.corrupt");
	pen_db__finalize(statement);
	pen_db__close(db);
}

/* A child writes and dies without a word; what it had committed stays. */
static void a_writer_that_dies_leaves_what_it_committed(void **state)
{
	struct pen_db *db = open_as(PEN_DB_CREATE);
	pid_t child;
	int status;

	(void)state;
	good(db, "CREATE TABLE t (a)");
	pen_db__close(db);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		struct pen_error error = { 0 };

		if (pen_db__open(&db, path, PEN_DB_WRITE, &error) != PEN_OK
		    || pen_db__exec(db, "INSERT INTO t VALUES (1); PRAGMA cache_size = 1; BEGIN IMMEDIATE;"
		    "INSERT INTO t VALUES (2), (randomblob(1000000)), (randomblob(1000000))", &error) != PEN_OK)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	db = open_as(PEN_DB_WRITE);
	assert_int_equal(ask(db, "SELECT count(*) FROM t"), 1);
	pen_db__close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void refused_select(struct pen_db *db, const char *sql, const char *code)
{
	struct pen_error error = { 0 };
	struct pen_statement *statement;

	assert_int_not_equal(pen_db__prepare_select(db, sql, &statement, &error), PEN_OK);
	assert_string_equal(error.code, code);
	assert_null(statement);
}

static void sql_of_others_only_reads(void **state)
{
	static const char *const refused[] = {
		"", "  -- nothing\n;", "INSERT INTO t VALUES (1)", "DELETE FROM t", "DROP TABLE t", "PRAGMA user_version",
		"PRAGMA user_version = 7", "ATTACH 'x' AS y", "BEGIN", "VACUUM", "SELECT 1; SELECT 2", "SELECT 1; DELETE FROM t",
		"WITH x AS (SELECT 1) INSERT INTO t SELECT 1", "EXPLAIN DELETE FROM t",
	};
	static const char *const fine[] = {
		"SELECT 1", "-- why\nSELECT a FROM t;\n-- and so\n", "WITH RECURSIVE x(n) AS (SELECT 1 UNION SELECT n + 1 FROM x WHERE n < 3) SELECT n FROM x",
		"SELECT upper('a') WHERE :batch = 0 ;",
	};
	struct pen_db *db = open_as(PEN_DB_CREATE);
	struct pen_statement *statement;
	struct pen_error error = { 0 };
	size_t i;

	(void)state;
	good(db, "CREATE TABLE t (a)");
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		refused_select(db, refused[i], "db.select");
	refused_select(db, "SELECT a FROM nowhere", "db.error");
	refused_select(db, "SELECT load_extension('x')", "db.error");
	for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		if (pen_db__prepare_select(db, fine[i], &statement, &error) != PEN_OK)
			fail_msg("%s: %s", fine[i], error.text);
		pen_db__finalize(statement);
	}
	/* And whoever comes after is not held to it. */
	good(db, "INSERT INTO t VALUES (1)");
	pen_db__close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wal_is_trusted_where_it_was_mended),
		TEST(a_new_store_has_our_mark_and_settings),
		TEST(sql_of_others_only_reads),
		TEST(the_journal_follows_the_version),
		TEST(a_store_is_made_once),
		TEST(what_is_no_store_of_ours_is_refused),
		TEST(a_reader_changes_nothing),
		TEST(the_version_is_kept_in_the_file),
		TEST(what_is_rolled_back_was_never_there),
		TEST(a_second_writer_hears_that_the_store_is_busy),
		TEST(values_of_all_kinds_come_back),
		TEST(empty_is_not_null),
		TEST(a_number_with_a_fraction_is_no_integer),
		TEST(parameters_keep_their_values_until_reset),
		TEST(a_statement_is_ready_again_after_its_end_and_after_a_failure),
		TEST(a_scan_hands_out_each_row_in_the_order_of_its_key),
		TEST(a_scan_ends_where_its_taker_fails_and_says_what_that_said),
		TEST(a_taker_may_scan_something_else),
		TEST(a_scan_of_a_damaged_file_says_so),
		TEST(a_scan_in_another_order_than_a_keys_is_refused),
		TEST(the_function_of_scans_is_nobody_elses),
		TEST(a_value_too_long_for_the_engine_fails_at_the_step),
		TEST(wrong_sql_is_an_error_with_the_engines_words),
		TEST(a_trigger_refuses_with_its_own_words),
		TEST(foreign_keys_hold),
		TEST(a_full_disk_is_named),
		TEST(rows_are_loaded_in_bulk),
		TEST(a_value_never_stays_where_another_was_given),
		TEST(a_row_that_fails_is_told_at_the_latest_at_the_end),
		TEST(strings_are_needed_for_one_call_alone),
		TEST(the_raw_bytes_are_the_files),
		TEST(the_raw_bytes_hold_what_was_in_the_log),
		TEST(others_read_while_the_raw_bytes_are_read_and_nobody_writes),
		TEST(a_sound_store_passes_its_check),
		TEST(a_damaged_page_is_found_by_the_check_and_by_reading),
		TEST(a_writer_that_dies_leaves_what_it_committed),
	};

	return cmocka_run_group_tests_name("adapter/db", tests, NULL, NULL);
}
