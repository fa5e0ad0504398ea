#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "base/date.h"
#include "store/roll.h"

static const struct pen_beneficiary_plan plan = { .month = 202601, .first = 202501, .as_of = 20, .previous = 900,
	.previous_as_of = 10, .previous_month = 202512 };

static int start_entries(void **state)
{
	start(state);
	while (enter_act(*state, "test", true) < 20)
		;
	return 0;
}

static void a_plan_is_read_as_it_was_written_and_what_is_none_is_damage(void **state)
{
	static const char *const bad[] = { "", "pen-roll/v1\nmonth: 202601\nfirst: 202501\n", "pen-roll/v2\nmonth: 202613\nfirst: 202501\n",
		"pen-roll/v2\nmonth: 202601\n", "pen-roll/v2\nthe month is told otherwise\n" };
	struct fixture *f = *state;
	struct pen_beneficiary_plan read;
	struct pen_text text = { 0 };
	char copy[64];
	size_t i;

	assert_ok(pen_roll__text(&plan, "aa", &text, &f->error));
	assert_ok(pen_roll__read_text(text.s, &read, &f->error));
	assert_int_equal(read.month, 202601);
	assert_int_equal(read.first, 202501);
	assert_int_equal(read.as_of, 20);
	assert_int_equal(read.previous, 900);
	assert_int_equal(read.previous_as_of, 10);
	assert_int_equal(read.previous_month, 202512);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(copy, sizeof(copy), "%s", bad[i]);
		assert_fails(pen_roll__read_text(copy, &read, &f->error), PEN_INTEGRITY, "roll.plan");
	}
	pen_text__free(&text);
}

static void of_what_is_no_month_there_is_no_roll(void **state)
{
	struct pen_beneficiary_plan made;
	struct pen_beneficiary_roll there;
	struct fixture *f = *state;

	assert_fails(pen_roll__plan(store_of(f), 202600, &made, &there, &f->error), PEN_USAGE, "roll.month");
	assert_ok(pen_roll__plan(store_of(f), pen_date__today() / 100, &made, &there, &f->error));
	assert_int_equal(made.first, made.month);
	assert_int_equal(made.previous, 0);
}

/* 1600.00 a month by form, from a month on. */
static void retired(struct fixture *f, int64_t person, int from)
{
	putf(f, "INSERT INTO retirement VALUES (2, %" PRId64 ", %" PRId64 ", '330106195001010112', '张三', 1, 19500101, 19700301, 20100105, %d, 'approval-form',"
	    " 300, 24, 120000, 30000, 10000, 0, 160000)", person, person, from);
}

static void a_month_in_which_nobody_is_paid_has_no_roll(void **state)
{
	const struct pen_beneficiary_plan first = { .month = 202601, .first = 202601, .as_of = 20, .previous_as_of = -1 };
	struct fixture *f = *state;
	struct pen_roll roll;

	folio(f, 2, "retirement", 1, 0, 2, 2);
	retired(f, 10, 202602);		/* only then */
	assert_fails(pen_roll__collect(&roll, &f->session, &first, &f->error), PEN_REFUSED, "roll.none");
	pen_roll__free(&roll);
}

static void whoever_was_closed_long_ago_or_is_paid_later_has_no_line(void **state)
{
	struct fixture *f = *state;
	struct pen_roll roll;

	folio(f, 2, "retirement", 1, 0, 2, 2);
	retired(f, 10, 201002);
	retired(f, 11, 201002);
	retired(f, 12, 202602);
	folio(f, 3, "benefit-change", 1, 0, 3, 3);
	putf(f, "INSERT INTO benefit_change VALUES (3, 11, 2, 'end', 'emigration', 202503, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
	folio(f, 4, "roll", 1, 202512, 11, 12);
	putf(f, "INSERT INTO payment VALUES (4, 10, 1, 202512, 'same', 202501, 120000, 30000, 10000, 0, 0, 0, 0, 0, 160000,"
	    " 0, 1920000, 1920000, 0, 30000, 360000)");
	assert_ok(pen_roll__collect(&roll, &f->session, &plan, &f->error));
	assert_int_equal(roll.orders, 1);
	assert_int_equal(roll.order[0]->person, 10);
	assert_int_equal(roll.sums.amount, 160000);
	assert_int_equal(roll.sums.balance.before.people, 1);
	pen_roll__free(&roll);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start_entries, stop)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_plan_is_read_as_it_was_written_and_what_is_none_is_damage),
		TEST(of_what_is_no_month_there_is_no_roll),
		TEST(a_month_in_which_nobody_is_paid_has_no_roll),
		TEST(whoever_was_closed_long_ago_or_is_paid_later_has_no_line),
	};

	return cmocka_run_group_tests_name("store/roll", tests, NULL, NULL);
}
