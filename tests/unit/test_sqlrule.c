#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/cover.h"
#include "store/personrule.h"
#include "store/sqlrule.h"

/* Where share is stays fixed for a program's life, so all the tests have one,
 * and each begins with an empty folder of rules. */
static char share[64], rules_dir[96];

static int make_share(void **state)
{
	(void)state;
	snprintf(share, sizeof(share), "%s/pen-share-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(share))
		return -1;
	snprintf(rules_dir, sizeof(rules_dir), "%s/rules", share);
	return setenv("PEN_SHARE", share, 1);
}

static int remove_share(void **state)
{
	(void)state;
	remove_tree(share);
	return 0;
}

static void put(struct fixture *f, const char *name, const char *text)
{
	char path[200];

	mkdir(rules_dir, 0700);
	snprintf(path, sizeof(path), "%s/%s", rules_dir, name);
	assert_ok(pen_file__save(path, text, strlen(text), 0600, &f->error));
}

static int stop_and_empty(void **state)
{
	remove_tree(rules_dir);
	return stop(state);
}

#define HEAD(id, class) "-- id: " id "\n-- class: " class "\n-- severity: error\n-- clause: R2.2\n-- looks-at: x\n-- advice: y\n"

static enum pen_status keep_finding(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error)
{
	char (*out)[200] = context;

	(void)error;
	snprintf(*out, sizeof(*out), "%s %s %s %s %s", rule->rule.id, finding->record, finding->field, finding->found, finding->expected);
	return PEN_OK;
}

static void a_rule_file_says_what_it_is_and_finds(void **state)
{
	struct fixture *f = *state;
	const struct pen_sqlrule *rule;
	struct pen_sqlrules *rules;
	char out[200] = "";

	put(f, "b.sql", HEAD("b.two", "seal") "SELECT 'folio ' || :folio AS record, 'amount_fen' AS field, 123450 AS found, NULL AS expected WHERE :folio > 0");
	put(f, "a.sql", HEAD("a.one", "logic") "SELECT 1 AS record WHERE 0");
	put(f, "notes.txt", "no rule");
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	assert_int_equal(pen_sqlrule__count(rules), 2);
	assert_string_equal(pen_sqlrule__at(rules, 0)->rule.id, "a.one");
	assert_null(pen_sqlrule__named(rules, "a"));
	rule = pen_sqlrule__named(rules, "b.two");
	assert_int_equal(rule->rule.class, PEN_SEAL);
	assert_string_equal(rule->rule.advice, "y");
	assert_ok(pen_sqlrule__run(store_of(f), rule, &(struct pen_sqlrule_given){ .folio = 0 }, keep_finding, &out, &f->error));
	assert_string_equal(out, "");
	assert_ok(pen_sqlrule__run(store_of(f), rule, &(struct pen_sqlrule_given){ .folio = 17 }, keep_finding, &out, &f->error));
	assert_string_equal(out, "b.two folio 17 amount_fen 1234.50 ");
	pen_sqlrule__free(rules);
}

static void a_rule_about_duties_is_given_the_days(void **state)
{
	struct fixture *f = *state;
	struct pen_sqlrules *rules;
	char out[200] = "";

	put(f, "d.sql", HEAD("d.days", "workflow") "SELECT :today AS record, SUBSTR(:calendar, -35, 10) AS field, "
	    "LENGTH(:calendar) % 35 AS found, SUBSTR(:calendar, -3, 2) AS expected");
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	setenv("PEN_CLOCK", "4102488000", 1);	/* noon of 2100-01-01 */
	assert_ok(pen_sqlrule__run(store_of(f), pen_sqlrule__at(rules, 0), &(struct pen_sqlrule_given){ .folio = 0 }, keep_finding, &out, &f->error));
	unsetenv("PEN_CLOCK");
	assert_string_equal(out, "d.days 21000101 2100-01-01 0 --");
	pen_sqlrule__free(rules);
}

static void a_rule_about_acts_is_given_those_that_make_a_batch(void **state)
{
	struct fixture *f = *state;
	struct pen_sqlrules *rules;
	char out[200] = "";

	put(f, "m.sql", HEAD("m.makers", "seal") "SELECT 'it' AS record, :makers LIKE '% benefit.run %' AS field, "
	    ":makers LIKE '% account.settle %' AS found, :makers LIKE '% import.confirm %' AS expected");
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	assert_ok(pen_sqlrule__run(store_of(f), pen_sqlrule__at(rules, 0), &(struct pen_sqlrule_given){ .folio = 0 }, keep_finding, &out, &f->error));
	assert_string_equal(out, "m.makers it 1 1 0");
	pen_sqlrule__free(rules);
}

static void a_rule_file_without_a_proper_head_is_refused_by_name(void **state)
{
	struct fixture *f = *state;
	struct pen_sqlrules *rules;

	put(f, "x.sql", HEAD("x", "nonsense") "SELECT 1");
	assert_fails(pen_sqlrule__load(&rules, &f->error), PEN_INPUT, "sqlrule.head");
	assert_non_null(strstr(f->error.file, "x.sql"));
	assert_non_null(strstr(f->error.text, "nonsense"));
}

static void nothing_is_let_in_where_the_rule_is_missing(void **state)
{
	struct fixture *f = *state;
	struct pen_cover *cover;

	put(f, "a.sql", HEAD("a.one", "logic") "SELECT 1 AS record WHERE 0");
	assert_fails(pen_cover__open(&cover, store_of(f), &f->error), PEN_INCOMPLETE, "cover.rule");
}

static void a_folder_of_rules_that_is_not_there_is_a_failure(void **state)
{
	struct fixture *f = *state;
	struct pen_sqlrules *rules;

	assert_fails(pen_sqlrule__load(&rules, &f->error), PEN_SYSTEM, "system.io");
}

static void an_agencys_own_rules_stand_behind_and_a_bad_one_has_its_fault(void **state)
{
	static const char own[] = HEAD("own.one", "workflow") "SELECT 1 AS record";
	static const char taken[] = HEAD("a.one", "logic") "SELECT 1 AS record";
	struct fixture *f = *state;
	struct pen_sqlrules *rules;
	char path[200];

	put(f, "a.sql", HEAD("a.one", "logic") "SELECT 1 AS record WHERE 0");
	snprintf(path, sizeof(path), "%s/rules", f->path);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/rules/own.sql", f->path);
	assert_ok(pen_file__save(path, own, strlen(own), 0600, &f->error));
	snprintf(path, sizeof(path), "%s/rules/taken.sql", f->path);
	assert_ok(pen_file__save(path, taken, strlen(taken), 0600, &f->error));
	assert_ok(pen_sqlrule__load_all(&rules, f->path, &f->error));
	assert_int_equal(pen_sqlrule__count(rules), 3);
	assert_false(pen_sqlrule__at(rules, 0)->own);
	assert_string_equal(pen_sqlrule__at(rules, 1)->rule.id, "own.one");
	assert_true(pen_sqlrule__at(rules, 1)->own);
	assert_null(pen_sqlrule__at(rules, 1)->fault);
	assert_string_equal(pen_sqlrule__at(rules, 2)->rule.id, "taken.sql");
	assert_non_null(strstr(pen_sqlrule__at(rules, 2)->fault, "a.one"));
	pen_sqlrule__free(rules);
	/* One whose name is too long for an id, and one of the program's that is broken. */
	snprintf(path, sizeof(path), "%s/rules/taken.sql", f->path);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/rules/%070d.sql", f->path, 7);
	assert_ok(pen_file__save(path, own, strlen(own), 0600, &f->error));
	put(f, "b.sql", "SELECT 1");
	assert_ok(pen_sqlrule__load_all(&rules, f->path, &f->error));
	assert_int_equal(pen_sqlrule__count(rules), 4);
	assert_non_null(pen_sqlrule__at(rules, 1)->fault);
	assert_non_null(strstr(pen_sqlrule__at(rules, 2)->fault, "too long"));
	pen_sqlrule__free(rules);
	snprintf(path, sizeof(path), "%s/b.sql", rules_dir);
	assert_int_equal(unlink(path), 0);
	/* What lets breakdowns in goes by those of the program alone. */
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	assert_int_equal(pen_sqlrule__count(rules), 1);
	pen_sqlrule__free(rules);
}

static void a_rule_that_waits_is_given_the_days_and_the_time_before(void **state)
{
	struct fixture *f = *state;
	struct pen_sqlrules *rules;
	char out[200] = "";

	setenv("PEN_CLOCK", "1795421730", 1);	/* 2026-11-23T08:15:30Z */
	put(f, "w.sql", HEAD("w.one", "workflow") "-- days: workflow.sign-days\n"
	    "SELECT :before AS record, :days AS field, :today AS found, '2026-10-23T08:15:31Z' > :before AS expected");
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	assert_string_equal(pen_sqlrule__at(rules, 0)->days, "workflow.sign-days");
	assert_ok(pen_sqlrule__run(store_of(f), pen_sqlrule__at(rules, 0), &(struct pen_sqlrule_given){ .days = 31 },
	    keep_finding, &out, &f->error));
	assert_string_equal(out, "w.one 2026-10-23T08:15:30Z 31 20261123 1");
	pen_sqlrule__free(rules);
	unsetenv("PEN_CLOCK");
}

/* Without a sync of each, which pen_file__save does. */
static void put_many(const char *dir, int n)
{
	char path[256];
	FILE *file;
	int i;

	mkdir(dir, 0700);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/r%03d.sql", dir, i);
		file = fopen(path, "w");
		assert_non_null(file);
		fprintf(file, HEAD("r.r%03d", "logic") "SELECT 1 AS record", i);
		assert_int_equal(fclose(file), 0);
	}
}

static void there_are_only_so_many_rules(void **state)
{
	struct fixture *f = *state;
	struct pen_sqlrules *rules;
	char own[200];

	put_many(rules_dir, 256);
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	assert_int_equal(pen_sqlrule__count(rules), 256);
	pen_sqlrule__free(rules);
	/* The agency's are counted with them. */
	snprintf(own, sizeof(own), "%s/rules", f->path);
	put_many(own, 1);
	assert_fails(pen_sqlrule__load_all(&rules, f->path, &f->error), PEN_INPUT, "sqlrule.many");
	put_many(rules_dir, 257);
	assert_fails(pen_sqlrule__load(&rules, &f->error), PEN_INPUT, "sqlrule.many");
	assert_non_null(strstr(f->error.text, "256"));
}

static void a_case_is_not_looked_at_without_the_rules_about_people(void **state)
{
	struct pen_personrule *rules;
	struct fixture *f = *state;

	put(f, "a.sql", HEAD("a.one", "logic") "SELECT 1 AS record WHERE 0");
	assert_fails(pen_personrule__open(&rules, store_of(f), &f->error), PEN_INCOMPLETE, "amend.rules");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, start, stop_and_empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rule_file_says_what_it_is_and_finds),
		TEST(a_rule_about_duties_is_given_the_days),
		TEST(a_rule_about_acts_is_given_those_that_make_a_batch),
		TEST(a_rule_file_without_a_proper_head_is_refused_by_name),
		TEST(an_agencys_own_rules_stand_behind_and_a_bad_one_has_its_fault),
		TEST(a_rule_that_waits_is_given_the_days_and_the_time_before),
		TEST(nothing_is_let_in_where_the_rule_is_missing),
		TEST(a_folder_of_rules_that_is_not_there_is_a_failure),
		TEST(there_are_only_so_many_rules),
		TEST(a_case_is_not_looked_at_without_the_rules_about_people),
	};

	return cmocka_run_group_tests_name("store/sqlrule", tests, make_share, remove_share);
}
