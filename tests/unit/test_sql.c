#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/rows.h"

#include <ctype.h>
#include <glob.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* Every statement is looked at on the schema of a fresh store, as the planner
 * sees it without statistics. `handle` is the engine's own, caught as the store
 * was opened, by which the statements that C draws up can be seen too. */
static char directory[200];
static struct pen_store *store;
static sqlite3 *handle;

static int catch_handle(sqlite3 *opened)
{
	handle = opened;
	return SQLITE_OK;
}

static int set_up(void **state)
{
	static char log_key[] = "-----BEGIN PUBLIC KEY-----\n";
	const struct pen_identity identity = {
		.agency = "330100", .name = "某市", .origin = "pen/330100", .suite = PEN_SM2_SM3, .log_key = log_key,
	};
	const char *parent = getenv("TMPDIR");
	struct pen_error error = { 0 };

	(void)state;
	snprintf(directory, sizeof directory, "%s/pen-test-XXXXXX", parent && *parent ? parent : "/tmp");
	if (!mkdtemp(directory))
		return -1;
	sqlite3_auto_extension((void (*)(void))catch_handle);
	return pen_store__create(&store, directory, &identity, &error) == PEN_OK && handle ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	sqlite3_cancel_auto_extension((void (*)(void))catch_handle);
	pen_store__close(store);
	pen_store__remove(directory, true);
	return 0;
}

/* ---- plans ---- */

/* The lines of a statement's plan, each between newlines. False, with the
 * engine's complaint in its place, if the statement cannot be prepared. */
static bool plan_of(const char *sql, struct pen_text *plan)
{
	struct pen_text explain = { 0 };
	struct pen_error error = { 0 };
	struct pen_statement *statement = NULL;
	bool row = false, good;

	pen_text__printf(&explain, "EXPLAIN QUERY PLAN %s", sql);
	good = pen_db__prepare(pen_store__db(store), explain.s, &statement, &error) == PEN_OK;
	pen_text__printf(plan, "%s\n", good ? "" : error.text);
	while (good && pen_db__step(statement, &row, &error) == PEN_OK && row)
		pen_text__printf(plan, "%s\n", pen_db__text(statement, 3));
	pen_db__finalize(statement);
	pen_text__free(&explain);
	return good;
}

/* True if the plan makes `name` itself: a subquery or a common table. */
static bool made_by_plan(const char *plan, const char *name)
{
	static const char *const makers[] = { "MATERIALIZE", "CO-ROUTINE" };
	char line[200];
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(line, sizeof line, "\n%s %s\n", makers[i], name);
		if (strstr(plan, line))
			return true;
	}
	return name[0] == '(';
}

/* The first line that reads the whole of a real table; false if none does. */
static bool full_scan(const char *plan, char found[200])
{
	char name[100];
	const char *line = plan;

	while ((line = strstr(line, "\nSCAN "))) {
		line++;
		snprintf(found, 200, "%.*s", (int)strcspn(line, "\n"), line);
		if (strstr(found, "CONSTANT ROW"))
			continue;
		if (sscanf(found, "SCAN %99s", name) == 1 && !made_by_plan(plan, name))
			return true;
	}
	return false;
}

/* A scan without a condition that a LIMIT or an EXISTS ends at its first rows,
 * in the order in which they lie, is none. */
static bool ends_early(const char *sql, const char *plan)
{
	return !strstr(sql, "WHERE") && !strstr(plan, "TEMP B-TREE") &&
	    (strstr(sql, "LIMIT") || strstr(sql, "EXISTS"));
}

/* What is wrong with a statement's plan, added to `faults`. */
static void look_at(const char *name, const char *scan, const char *sql, struct pen_text *faults)
{
	struct pen_text plan = { 0 };
	char found[200];

	if (!plan_of(sql, &plan))
		pen_text__printf(faults, "%s cannot be prepared: %s", name, plan.s);
	else if (full_scan(plan.s, found) && !ends_early(sql, plan.s)) {
		if (!scan)
			pen_text__printf(faults, "%s: %s, without a \"-- scan:\" that says why\n", name, found);
	} else if (scan)
		pen_text__printf(faults, "%s has a \"-- scan:\", and scans nothing:%s", name, plan.s);
	pen_text__free(&plan);
}

static void expect_none(struct pen_text *faults)
{
	if (faults->n)
		fail_msg("%s", faults->s);
	pen_text__free(faults);
}

static void every_statement_is_prepared_and_scans_only_where_it_says_why(void **state)
{
	struct pen_text faults = { 0 };
	int i;

	(void)state;
	for (i = 0; i < PEN_SQL_COUNT; i++)
		look_at(pen_sql__texts[i].name, pen_sql__texts[i].scan, pen_sql__texts[i].text, &faults);
	assert_true(PEN_SQL_COUNT > 50);
	expect_none(&faults);
}

/* An agency has some ten thousand employers: what is asked of one person or of one
 * employer, for each record of a case, must not look through a year's breakdowns. */
static void what_a_case_asks_for_each_record_is_found_by_employer_not_by_year(void **state)
{
	static const enum pen_sql each[] = {
		PEN_SQL_POINTED_BREAKDOWN, PEN_SQL_VERSIONS_OVERLAP, PEN_SQL_VERSIONS_FOLIO_OF_YEAR, PEN_SQL_RESETTLE_ROWS,
		PEN_SQL_PROVING_FOLIOS, PEN_SQL_PROVING_FOLIOS_OF,
	};
	struct pen_text plan = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof each / sizeof *each; i++) {
		assert_true(plan_of(pen_sql__texts[each[i]].text, &plan));
		if (strstr(plan.s, "folio_form") || !strstr(plan.s, "folio_employer"))
			fail_msg("%s:%s", pen_sql__texts[each[i]].name, plan.s);
		pen_text__clear(&plan);
	}
	pen_text__free(&plan);
}

static void a_scan_is_noticed_when_there_is_one(void **state)
{
	static const char *const scanning[] = {
		"SELECT name FROM registration WHERE name = :name",
		"SELECT f.id FROM folio AS f JOIN contribution AS c ON c.folio = f.id WHERE f.rows > 3",
		"DELETE FROM reject WHERE rule = 'id.check'",
		"SELECT 1 FROM seal WHERE digest = :digest LIMIT 1",
		"SELECT COUNT(*) FROM folio",
	};
	static const char *const searching[] = {
		"SELECT name FROM registration WHERE folio = :folio",
		"SELECT id FROM seal ORDER BY id DESC LIMIT 1",
		"WITH some AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM some LIMIT 9) SELECT n FROM some",
		"SELECT EXISTS (SELECT 1 FROM replacement)",
	};
	struct pen_text faults = { 0 };
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof scanning / sizeof *scanning; i++) {
		n = faults.n;
		look_at("it", NULL, scanning[i], &faults);
		if (faults.n == n)
			fail_msg("not noticed: %s", scanning[i]);
		n = faults.n;
		look_at("it", "meant", scanning[i], &faults);
		assert_int_equal(faults.n, n);
	}
	pen_text__free(&faults);
	for (i = 0; i < sizeof searching / sizeof *searching; i++)
		look_at(searching[i], NULL, searching[i], &faults);
	expect_none(&faults);
	look_at("it", "meant", searching[0], &faults);
	assert_non_null(strstr(faults.s, "scans nothing"));
	pen_text__free(&faults);
}

/* ---- the rules, one file each ---- */

static char *load(const char *path)
{
	struct pen_error error = { 0 };
	char *bytes;
	size_t n;

	if (pen_file__load(path, 1 << 20, &bytes, &n, &error) != PEN_OK)
		fail_msg("%s: %s", path, error.text);
	return bytes;
}

static void every_rule_file_is_prepared_and_scans_only_where_it_says_why(void **state)
{
	struct pen_text faults = { 0 };
	glob_t files;
	size_t i;
	char *sql;

	(void)state;
	assert_int_equal(glob(PEN_SOURCE "/share/rules/*.sql", 0, NULL, &files), 0);
	for (i = 0; i < files.gl_pathc; i++) {
		sql = load(files.gl_pathv[i]);
		look_at(strrchr(files.gl_pathv[i], '/') + 1, strstr(sql, "\n-- scan: "), sql, &faults);
		pen_memory__free(sql);
	}
	globfree(&files);
	expect_none(&faults);
}

/* ---- what C draws up from the record kinds ---- */

/* Looks at every statement that is open on the handle. */
static void look_at_open_ones(struct pen_text *faults, int *count)
{
	sqlite3_stmt *each;

	for (*count = 0, each = sqlite3_next_stmt(handle, NULL); each; each = sqlite3_next_stmt(handle, each)) {
		look_at(sqlite3_sql(each), NULL, sqlite3_sql(each), faults);
		++*count;
	}
}

static void rows_of_each_kind_are_read_and_removed_by_their_key(void **state)
{
	struct pen_text faults = { 0 }, removal = { 0 };
	struct pen_error error = { 0 };
	struct pen_rows *all, *one;
	int kind, before, after;

	(void)state;
	for (kind = 0; kind < PEN_KINDS; kind++) {
		look_at_open_ones(&removal, &before);
		pen_text__free(&removal);
		assert_int_equal(pen_rows__open(&all, store, pen_kind__of(kind), 1, &error), PEN_OK);
		assert_int_equal(pen_rows__open_subject(&one, store, pen_kind__of(kind), 1, 1, &error), PEN_OK);
		look_at_open_ones(&faults, &after);
		assert_int_equal(after, before + 2);
		pen_rows__close(all);
		pen_rows__close(one);
		pen_text__printf(&removal, "DELETE FROM %s WHERE folio = :folio", pen_kind__of(kind)->table);
		look_at(removal.s, NULL, removal.s, &faults);
		pen_text__free(&removal);
	}
	expect_none(&faults);
}

/* ---- SQL stands in .sql files ---- */

/* The literals that may hold SQL in C, and why. */
static const struct { const char *file, *begins, *reason; } allowed[] = {
	{ "lib/adapter/db.c", "PRAGMA ", "the engine's own settings" },
	{ "lib/adapter/db_raw.c", "PRAGMA ", "the engine's own settings" },
	{ "lib/adapter/db_scan.c", "SELECT ", "put before what a scan asks for" },
	{ "lib/adapter/db_bulk.c", "INSERT OR FAIL INTO ", "the bulk loader, for any table" },
	{ "lib/store/rows.c", "SELECT ", "drawn up from a record kind's columns" },
	{ "lib/store/sqlrule.c", "SELECT * FROM (", "put around a rule of share/rules, to run it for one person" },
	{ "lib/store/rows.c", "DELETE FROM ", "drawn up from a record kind's table" },
};

/* True if the literal holds a keyword of SQL, in capitals, as a word. */
static bool holds_sql(const char *literal)
{
	static const char *const words[] = {
		"SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "PRAGMA ", "CREATE TABLE", "CREATE INDEX",
		"CREATE TRIGGER", "DROP ", "ALTER TABLE", "REPLACE INTO", " FROM ", " WHERE ", "ORDER BY",
	};
	const char *at;
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		at = strstr(literal, words[i]);
		if (at && (at == literal || !isalpha((unsigned char)at[-1])))
			return true;
	}
	return false;
}

/* Continuations (" FROM …") are allowed where the file may begin a statement. */
static bool is_allowed(const char *file, const char *literal)
{
	size_t i;

	for (i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (strcmp(file, allowed[i].file) == 0 &&
		    (strncmp(literal, allowed[i].begins, strlen(allowed[i].begins)) == 0 || literal[0] == ' '))
			return true;
	return false;
}

/* Copies the string literal that begins after a quote; returns what follows it. */
static const char *take_literal(const char *p, char *out, size_t room)
{
	size_t n = 0;

	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		if (n + 1 < room)
			out[n++] = *p;
	}
	out[n] = '\0';
	return *p ? p + 1 : p;
}

static void read_source(const char *file, const char *c, struct pen_text *faults)
{
	char literal[4000];

	while (*c) {
		if (strncmp(c, "/*", 2) == 0) {
			c = strstr(c, "*/");
			assert_non_null(c);
			c += 2;
		} else if (*c == '\'') {
			c += c[1] == '\\' ? 4 : 3;
		} else if (*c == '"') {
			c = take_literal(c + 1, literal, sizeof literal);
			if (holds_sql(literal) && !is_allowed(file, literal))
				pen_text__printf(faults, "%s: \"%s\"\n", file, literal);
		} else {
			c++;
		}
	}
}

static void sql_stands_in_sql_files_alone(void **state)
{
	static const char *const patterns[] = { "lib/*/*.c", "lib/*/*.h", "cmd/*.c" };
	char pattern[500];
	struct pen_text faults = { 0 };
	size_t i;
	glob_t files = { 0 };
	char *c;

	(void)state;
	for (i = 0; i < 3; i++) {
		snprintf(pattern, sizeof pattern, "%s/%s", PEN_SOURCE, patterns[i]);
		assert_int_equal(glob(pattern, i ? GLOB_APPEND : 0, NULL, &files), 0);
	}
	assert_true(files.gl_pathc > 60);
	for (i = 0; i < files.gl_pathc; i++) {
		c = load(files.gl_pathv[i]);
		read_source(files.gl_pathv[i] + strlen(PEN_SOURCE) + 1, c, &faults);
		pen_memory__free(c);
	}
	globfree(&files);
	if (faults.n) {
		pen_text__printf(&faults, "allowed are:\n");
		for (i = 0; i < sizeof allowed / sizeof *allowed; i++)
			pen_text__printf(&faults, "%s: \"%s…\", %s\n", allowed[i].file, allowed[i].begins, allowed[i].reason);
	}
	expect_none(&faults);
}

static void sql_in_a_c_file_is_noticed(void **state)
{
	struct pen_text faults = { 0 };

	(void)state;
	read_source("lib/store/batch.c", "x = 'a'; /* \"SELECT 1\" */ y = \"SELECT agency, name FROM store\";", &faults);
	assert_string_equal(faults.s, "lib/store/batch.c: \"SELECT agency, name FROM store\"\n");
	pen_text__free(&faults);
	read_source("lib/adapter/db.c", "\"PRAGMA page_size\", \"\\\"UNSELECTED \", '\"', \"BEGIN PRIVATE KEY\"", &faults);
	assert_int_equal(faults.n, 0);
	pen_text__free(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_is_prepared_and_scans_only_where_it_says_why),
		cmocka_unit_test(what_a_case_asks_for_each_record_is_found_by_employer_not_by_year),
		cmocka_unit_test(a_scan_is_noticed_when_there_is_one),
		cmocka_unit_test(every_rule_file_is_prepared_and_scans_only_where_it_says_why),
		cmocka_unit_test(rows_of_each_kind_are_read_and_removed_by_their_key),
		cmocka_unit_test(sql_stands_in_sql_files_alone),
		cmocka_unit_test(sql_in_a_c_file_is_noticed),
	};

	return cmocka_run_group_tests_name("store/sql", tests, set_up, tear_down);
}
