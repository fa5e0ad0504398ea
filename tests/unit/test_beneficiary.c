#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/beneficiary.h"

/* Folio 1 says that employer 1 joined in June of 2023; 2 has those who came by form, 3 the
 * roll of December 2025, drawn up as of entry 10. */
static struct pen_beneficiaries all;
static const struct pen_beneficiary_plan plan = { .month = 202601, .first = 202501, .as_of = 20, .previous = 900,
	.previous_as_of = 10, .previous_month = 202512 };

static int start_rolls(void **state)
{
	struct fixture *f;

	start(state);
	f = *state;
	while (enter_act(f, "test", true) < 20)
		;
	folio(f, 1, "employer", 0, 0, 1, 1);
	putf(f, "INSERT INTO employer_record VALUES (1, 1, 2, '91330106MA1080192C', '某厂', '330106', 20230601, 1, NULL, NULL)");
	folio(f, 2, "retirement", 1, 0, 2, 2);
	folio(f, 3, "roll", 1, 202512, 11, 12);
	return 0;
}

static int stop_rolls(void **state)
{
	pen_beneficiary__free(&all);
	return stop(state);
}

static void retired(struct fixture *f, int64_t person, int from, const char *basis)
{
	putf(f, "INSERT INTO retirement VALUES (2, %" PRId64 ", %" PRId64 ", '330106195001010112', '张三', 1, 19500101, 19700301, 20100105, %d, '%s',"
	    " 300, 24, 120000, 30000, 10000, 0, 160000)", person, person, from, basis);
}

/* A line of the roll: 1600.00 due for the month. */
static void stands(struct fixture *f, int64_t in, int64_t person, int month)
{
	putf(f, "INSERT INTO payment VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", %d, 'same', 202501, 120000, 30000, 10000, 0, 0, 0, 0, 0, 160000,"
	    " 0, 1920000, 1920000, 0, 30000, 360000)", in, person, person, month);
}

static void changed(struct fixture *f, int64_t in, int64_t person, const char *kind, int month, int64_t fen)
{
	putf(f, "INSERT INTO benefit_change VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", '%s', 'other', %d, NULL, %" PRId64
	    ", NULL, NULL, NULL, NULL, NULL)", in, person, person, kind, month, fen);
}

static const struct pen_beneficiary *of(int64_t person)
{
	const struct pen_beneficiary *one = pen_beneficiary__find(&all, person);

	assert_non_null(one);
	return one;
}

static void of_an_employer_newly_covered_nobody_is_paid_here_before_it_joined(void **state)
{
	const struct pen_beneficiary_plan first = { .month = 202301, .first = 202301, .as_of = 20, .previous_as_of = -1 };
	struct fixture *f = *state;

	retired(f, 10, 201002, "expansion");
	retired(f, 11, 201002, "expansion");
	retired(f, 12, 201002, "approval-form");
	assert_ok(pen_beneficiary__read(&all, &f->session, &first, 0, &f->error));
	assert_int_equal(all.count, 3);
	assert_int_equal(of(10)->since, 202306);
	assert_int_equal(of(11)->since, 202306);
	assert_int_equal(of(12)->since, 202301);
	assert_int_equal(of(10)->drawn_from, 201002);
}

static void what_is_told_of_somebody_who_is_paid_by_nothing_is_passed_over(void **state)
{
	struct fixture *f = *state;

	retired(f, 10, 201002, "approval-form");
	stands(f, 3, 10, 202512);
	folio(f, 4, "adjustment", 1, 2025, 3, 3);
	putf(f, "INSERT INTO adjustment VALUES (4, 9, 1, 202501, 100000, 3000, 0, 0, 0, 3000, 103000)");
	putf(f, "INSERT INTO adjustment VALUES (4, 10, 2, 202501, 160000, 3000, 0, 0, 0, 3000, 163000)");
	folio(f, 5, "benefit-change", 1, 0, 13, 13);
	changed(f, 5, 9, "repaid", 202601, 100);
	assert_ok(pen_beneficiary__read(&all, &f->session, &plan, 0, &f->error));
	assert_int_equal(all.count, 1);
	assert_int_equal(of(10)->increases, 1);
	assert_int_equal(all.increase[of(10)->increase].person, 10);
	assert_int_equal(of(10)->before.repaid_fen, 0);
}

static void whoever_stands_on_a_roll_and_has_no_record_any_more_is_refused_by_name(void **state)
{
	struct fixture *f = *state;

	retired(f, 10, 201002, "approval-form");
	stands(f, 3, 10, 202512);
	stands(f, 3, 11, 202512);
	assert_fails(pen_beneficiary__read(&all, &f->session, &plan, 0, &f->error), PEN_REFUSED, "roll.base");
	assert_non_null(strstr(f->error.text, "202512, folio 3"));
}

static void whoever_was_closed_goes_on_from_their_last_line_once_something_comes_back(void **state)
{
	struct fixture *f = *state;

	retired(f, 10, 201002, "approval-form");
	folio(f, 4, "benefit-change", 1, 0, 3, 3);
	changed(f, 4, 10, "end", 202511, 0);
	folio(f, 5, "roll", 1, 202510, 4, 4);
	stands(f, 5, 10, 202510);
	/* Nothing since: the roll has no line of them, and what stood before is not looked for. */
	assert_ok(pen_beneficiary__read(&all, &f->session, &plan, 0, &f->error));
	assert_int_equal(of(10)->before.month, 0);
	pen_beneficiary__free(&all);
	folio(f, 6, "payment-return", 1, 0, 13, 13);
	putf(f, "INSERT INTO payment_return VALUES (6, 10, 1, 5, 10, 'failed', 160000, 20251105, NULL)");
	assert_ok(pen_beneficiary__read(&all, &f->session, &plan, 0, &f->error));
	assert_int_equal(of(10)->before.month, 202510);
	assert_int_equal(of(10)->before.paid_total_fen, 1920000);
	assert_int_equal(of(10)->before.returned_fen, 160000);
	/* That was due for October, and not for the month of the last roll. */
	assert_int_equal(of(10)->before.regular_fen, 0);
}

static void more_people_than_are_read_under_one_lock_are_all_there(void **state)
{
	struct fixture *f = *state;

	putf(f, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO retirement"
	    " SELECT 2, i, i, '330106195001010112', '张三', 1, 19500101, 19700301, 20100105, 201002, 'approval-form', 300, 24, 120000, 30000, 10000, 0, 160000 FROM n");
	folio(f, 7, "benefit-supplement", 1, 0, 3, 3);
	putf(f, "INSERT INTO retirement VALUES (7, 9001, 1, '330106195001010112', '张三', 1, 19500101, 19700301, 20100105, 201002, 'approval-form',"
	    " 300, 24, 120000, 30000, 10000, 0, 160000)");
	assert_ok(pen_beneficiary__read(&all, &f->session, &plan, 0, &f->error));
	assert_int_equal(all.count, 9001);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start_rolls, stop_rolls)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_an_employer_newly_covered_nobody_is_paid_here_before_it_joined),
		TEST(what_is_told_of_somebody_who_is_paid_by_nothing_is_passed_over),
		TEST(whoever_stands_on_a_roll_and_has_no_record_any_more_is_refused_by_name),
		TEST(whoever_was_closed_goes_on_from_their_last_line_once_something_comes_back),
		TEST(more_people_than_are_read_under_one_lock_are_all_there),
	};

	return cmocka_run_group_tests_name("store/beneficiary", tests, NULL, NULL);
}
