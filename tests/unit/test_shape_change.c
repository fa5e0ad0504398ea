#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "shape_fixture.h"

#define WHO "id_number=" WANG ";name=王敏;"

static void a_leave_ends_the_open_period_on_the_last_day_of_its_month(void **state)
{
	(void)state;
	open_form("movement");
	line(WHO "kind=减少;month=2024年2月;credit_code=" CODE ";reason=死亡");
	assert_findings("");
	assert_int_equal(shaped.employer, 1);
	assert_int_equal(shaped.since, 20200101);
	assert_int_equal(shaped.until, 20240229);
	assert_number(PEN_CHANGE_SINCE, 20200101);
	assert_memory_equal(shaped.row.v[PEN_CHANGE_REASON].s, "death", 5);
}

static void a_join_begins_a_period_and_a_move_does_both(void **state)
{
	(void)state;
	open_form("movement");
	line(WHO "kind=新增;month=202701;credit_code=" OTHER);
	assert_findings("month:movement.order");
	line(WHO "kind=新增;month=202612;credit_code=" OTHER ";reason=组织安排");
	assert_findings("");
	assert_int_equal(shaped.since, 20261201);
	assert_int_equal(shaped.until, 0);
	assert_memory_equal(shaped.row.v[PEN_CHANGE_REASON].s, "组织安排", strlen("组织安排"));
	close_form(NULL);
	open_form("movement");
	line(WHO "kind=转移;month=202401;credit_code=" CODE ";to_credit_code=" OTHER);
	assert_findings("");
	assert_int_equal(shaped.until, 20231231);
	assert_number(PEN_CHANGE_TO, 2);
	assert_int_equal(shaped.employer, 1);
}

static void a_flexible_payers_code_may_be_left_out(void **state)
{
	(void)state;
	open_form("movement");
	line("id_number=" LI ";name=李强;kind=停保;month=202405");
	assert_findings("");
	assert_int_equal(shaped.employer, 3);
	known.own = -1;
	line("id_number=" LI ";name=李强;kind=停保;month=202405");
	assert_findings("credit_code:movement.unit");
	known.own = 0;
	line("id_number=" LI ";name=李强;kind=停保;month=202405");
	assert_findings("credit_code:movement.unit");
	line(WHO "kind=停保;month=202405");
	assert_findings("credit_code:field.required");
}

static void a_change_fits_what_is_known_of_the_person(void **state)
{
	(void)state;
	open_form("movement");
	line("id_number=" ZHANG ";name=张三;kind=减少;month=202405;credit_code=" CODE);
	assert_findings("id_number:person.registered");
	line(WHO "kind=减少;month=202405;credit_code=" OTHER);
	assert_findings("credit_code:movement.employed");
	line(WHO "kind=新增;month=202405;credit_code=" CODE);
	assert_findings("credit_code:movement.employed");
	line(WHO "kind=减少;month=201912;credit_code=" CODE);
	assert_findings("month:movement.order");
	line(WHO "kind=转移;month=202001;credit_code=" CODE ";to_credit_code=" OTHER);
	assert_findings("month:movement.order");
	line(WHO "kind=转移;month=202405;credit_code=" CODE);
	assert_findings("to_credit_code:field.required");
	line(WHO "kind=转移;month=202405;credit_code=" CODE ";to_credit_code=" CODE);
	assert_findings("to_credit_code:movement.unit to_credit_code:movement.employed");
	line(WHO "kind=转移;month=202405;credit_code=" CODE ";to_credit_code=" OWN);
	assert_findings("credit_code:movement.unit");
	line(WHO "kind=减少;month=202405;credit_code=" CODE ";to_credit_code=" OTHER);
	assert_findings("to_credit_code:movement.unit");
	line(WHO "kind=减少;month=202405;credit_code=" CODE);
	assert_findings("");
	line(WHO "kind=新增;month=202406;credit_code=" CODE);
	assert_findings("credit_code:movement.repeated");
}

static void who_works_for_a_succeeded_employer_moves_on_that_day(void **state)
{
	(void)state;
	open_form("movement");
	known.succeeded_on = 20240701;
	line(WHO "kind=转移;month=202408;credit_code=" CODE ";to_credit_code=" OTHER);
	assert_findings("credit_code:employer.succeeded");
	assert_string_equal(findings.at[0].expected, OTHER);
	line(WHO "kind=减少;month=202407;credit_code=" CODE);
	assert_findings("credit_code:employer.succeeded");
	line(WHO "kind=转移;month=202407;credit_code=" CODE ";to_credit_code=" OTHER);
	assert_findings("");
}

/* -------------------------------------------------------------- successors -- */

static void an_employer_has_one_successor_and_no_circle(void **state)
{
	(void)state;
	open_form("successor");
	line("credit_code=" CODE ";successor_code=" CODE ";since=2024-07-01");
	assert_findings("successor_code:successor.same");
	line("credit_code=" CODE ";name=甲厂;successor_code=" OTHER ";since=2024-07-01");
	assert_findings("");
	assert_int_equal(shaped.employer, 0);
	assert_number(PEN_SUBJECT, 1);
	assert_number(PEN_SUCCESSION_SUCCESSOR, 2);
	assert_number(PEN_SUCCESSION_SINCE, 20240701);
	line("credit_code=" CODE ";successor_code=" OWN ";since=2024-07-01");
	assert_findings("credit_code:successor.repeated");
	line("credit_code=" OTHER ";successor_code=" OWN ";since=2024-07-01");
	assert_findings("");
	line("credit_code=" OWN ";successor_code=" CODE ";since=2024-07-01");
	assert_findings("successor_code:successor.circle");
	line("credit_code=91330106MA000000" "94;successor_code=" CODE ";since=2024-07-01");
	assert_int_equal(findings.count, 1);
}

static void what_the_store_has_counts_for_a_chain(void **state)
{
	(void)state;
	open_form("successor");
	known.succeeded_on = 20240101;
	line("credit_code=" OTHER ";successor_code=" CODE ";since=2024-07-01");
	assert_findings("successor_code:successor.circle");
	line("credit_code=" CODE ";successor_code=" OWN ";since=2024-07-01");
	assert_findings("credit_code:successor.repeated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHAPE(a_leave_ends_the_open_period_on_the_last_day_of_its_month),
		SHAPE(a_join_begins_a_period_and_a_move_does_both),
		SHAPE(a_flexible_payers_code_may_be_left_out),
		SHAPE(a_change_fits_what_is_known_of_the_person),
		SHAPE(who_works_for_a_succeeded_employer_moves_on_that_day),
		SHAPE(an_employer_has_one_successor_and_no_circle),
		SHAPE(what_the_store_has_counts_for_a_chain),
	};

	return cmocka_run_group_tests_name("model/shape_change", tests, NULL, NULL);
}
