#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/schemawalk.h"

static void walk(struct year *y)
{
	struct fixture *f = y->f;

	y->count = 0;
	assert_ok(pen_schemawalk__integrity(&y->walk, &f->error));
	assert_ok(pen_schemawalk__schema(&y->walk, &f->error));
}

static void a_store_has_the_schema_of_a_fresh_one(void **state)
{
	struct year *y = *state;

	walk(y);
	assert_clean(y);
}

static void statistics_for_the_planner_are_no_part_of_it(void **state)
{
	struct year *y = *state;

	tamper(y->f, "ANALYZE");
	walk(y);
	assert_clean(y);
}

static void an_index_and_a_trigger_that_were_dropped_are_named(void **state)
{
	struct year *y = *state;

	tamper(y->f, "DROP INDEX folio_batch; DROP TRIGGER levy_stays_d");
	walk(y);
	assert_int_equal(y->count, 2);
	assert_string_equal(y->at[0].record, "index folio_batch of table folio");
	assert_string_equal(y->at[0].found, "none");
	assert_string_equal(y->at[1].record, "trigger levy_stays_d of table levy");
}

static void what_no_migration_makes_and_what_is_otherwise_is_named(void **state)
{
	struct year *y = *state;

	tamper(y->f, "CREATE TABLE own (x); DROP INDEX levy_voucher; CREATE INDEX levy_voucher ON levy (year); CREATE VIEW zone AS SELECT 1");
	walk(y);
	assert_int_equal(y->count, 3);
	assert_string_equal(y->at[0].record, "index levy_voucher of table levy");
	assert_string_equal(y->at[0].found, "CREATE INDEX levy_voucher ON levy (year)");
	assert_string_equal(y->at[1].record, "table own of table own");
	assert_string_equal(y->at[2].record, "view zone of table zone");
}

static void without_a_place_for_a_fresh_store_the_check_is_not_made(void **state)
{
	struct year *y = *state;

	setenv("TMPDIR", "/nowhere/at/all", 1);
	walk(y);
	unsetenv("TMPDIR");
	assert_int_equal(y->count, 1);
	assert_int_equal(y->walk.not_made, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_store_has_the_schema_of_a_fresh_one),
		WITH_YEAR(statistics_for_the_planner_are_no_part_of_it),
		WITH_YEAR(an_index_and_a_trigger_that_were_dropped_are_named),
		WITH_YEAR(what_no_migration_makes_and_what_is_otherwise_is_named),
		WITH_YEAR(without_a_place_for_a_fresh_store_the_check_is_not_made),
	};

	return cmocka_run_group_tests_name("store/schemawalk", tests, NULL, NULL);
}
