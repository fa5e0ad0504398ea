#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/balance.h"
#include "store/merged.h"

/* Rates of 2023 and 2024 are published; of 2025 one is gone by meanwhile. */
static struct pen_parameters *rates(struct fixture *f, const char *more)
{
	struct pen_parameters *made = pen_parameter__new();
	char table[1024];
	int n;

	assert_non_null(made);
	n = snprintf(table, sizeof(table), "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
	    "account.interest,000000,,2023-01,2023-12,3.97,percent,test,yes,\n"
	    "account.interest,000000,,2024-01,2024-12,2.62,percent,test,yes,\n"
	    "account.interest-provisional,000000,,2025-01,2025-12,2.00,percent,test,I,\n%s", more);
	assert_ok(pen_parameter__add(made, "rates", table, (size_t)n, &f->error));
	return made;
}

static enum pen_status before(struct fixture *f, const char *more, int64_t person, int32_t month, struct pen_balance_before *out)
{
	struct pen_parameters *parameters = rates(f, more);
	enum pen_status status;

	memset(&f->error, 0, sizeof(f->error));
	status = pen_balance__before(store_of(f), parameters, person, month, 1000, out, &f->error);
	out->rate = NULL;
	pen_parameter__free(parameters);
	return status;
}

/* 10000.00 at the end of 2022, 400.00 a month from January on. */
static void six_months_of_a_year_earn_for_six_months(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2022, 0, 0);
	opened(f, 1, 10, 2022, 1000000, 0);
	folio(f, 2, "breakdown", 1, 2023, 0, 0);
	paid(f, 2, 10, 2, 0x03f, 240000);
	assert_ok(before(f, "", 10, 202307, &out));
	assert_int_equal(out.months, 6);
	assert_int_equal(out.figures.interest_opening_personal_fen, 19850);	/* 10000.00 x 3.97 % x 6/12 */
	assert_int_equal(out.figures.credit_personal_fen, 240000);
	assert_int_equal(out.figures.interest_year_personal_fen, 2779);		/* 400.00 x (6+5+4+3+2+1) x 3.97 % / 12 */
	assert_int_equal(out.total_fen, 1000000 + 240000 + 19850 + 2779);
	assert_int_equal(out.credits, 1);
	assert_int_equal(out.credit[0].weight, 21);
	assert_int_equal(out.prior.folio, 1);
	assert_false(out.provisional);
	pen_balance__free(&out);
}

static void before_january_it_is_what_the_year_before_came_to(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "settlement", 1, 2024, 0, 0);
	settled(f, 1, 10, 2024, 123456);
	/* No rate of 2026 is needed. */
	folio(f, 2, "settlement", 1, 2025, 0, 0);
	settled(f, 2, 10, 2025, 234567);
	assert_ok(before(f, "", 10, 202601, &out));
	assert_int_equal(out.total_fen, 234567);
	assert_int_equal(out.credits, 0);
	pen_balance__free(&out);
}

static void a_year_without_its_rate_goes_by_the_provisional_one_and_says_so(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2024, 0, 0);
	opened(f, 1, 10, 2024, 1000000, 0);
	assert_ok(before(f, "", 10, 202504, &out));
	assert_true(out.provisional);
	assert_int_equal(out.total_fen, 1000000 + 5000);	/* 2.00 % x 3/12 */
	pen_balance__free(&out);
	assert_ok(before(f, "account.interest,000000,,2025-01,2025-12,1.50,percent,test,yes,\n", 10, 202504, &out));
	assert_false(out.provisional);
	assert_int_equal(out.total_fen, 1000000 + 3750);
	pen_balance__free(&out);
}

static void a_year_without_any_rate_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	assert_fails(before(f, "", 10, 202604, &out), PEN_REFUSED, "parameter.missing");
}

static void a_gap_before_the_year_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2022, 0, 0);
	opened(f, 1, 10, 2022, 1000000, 0);
	assert_fails(before(f, "", 10, 202407, &out), PEN_REFUSED, "account.gap");
	assert_non_null(strstr(f->error.text, "2023"));
	/* Nothing of before is known, but something was paid. */
	folio(f, 2, "breakdown", 1, 2023, 0, 0);
	paid(f, 2, 11, 2, 0xfff, 240000);
	assert_fails(before(f, "", 11, 202407, &out), PEN_REFUSED, "account.gap");
}

/* A settled year with its rate. */
static void settled_at(struct fixture *f, int64_t in, int64_t person, int year, int64_t rate)
{
	settled(f, in, person, year, 1000000);
	putf(f, "INSERT INTO movement VALUES (%" PRId64 ", %" PRId64 ", %d, %d, 'interest-opening', 0, 1, 0, 0, 0, %" PRId64 ", NULL)",
	    in, person, year + 1, year, rate);
}

static void a_year_settled_by_another_rate_has_to_be_settled_again_first(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "settlement", 1, 2024, 0, 0);
	settled_at(f, 1, 10, 2024, 20000);
	assert_fails(before(f, "", 10, 202503, &out), PEN_REFUSED, "account.gap");
	folio(f, 2, "settlement", 1, 2025, 0, 0);
	settled_at(f, 2, 11, 2025, 20000);
	assert_ok(before(f, "", 11, 202601, &out));
	assert_true(out.prior_provisional);
	pen_balance__free(&out);
}

static void what_is_not_sealed_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2022, 0, -1);
	opened(f, 1, 10, 2022, 1000000, 0);
	assert_fails(before(f, "", 10, 202307, &out), PEN_REFUSED, "account.unready");
	folio(f, 2, "opening", 0, 2022, 0, 0);
	opened(f, 2, 11, 2022, 1000000, 0);
	folio(f, 3, "breakdown", 1, 2023, 0, -1);
	paid(f, 3, 11, 2, 0x03f, 240000);
	assert_fails(before(f, "", 11, 202307, &out), PEN_REFUSED, "account.unready");
}

static void a_month_paid_after_it_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 2, "breakdown", 1, 2023, 0, 0);
	paid(f, 2, 10, 2, 0x07f, 240000);
	assert_fails(before(f, "", 10, 202307, &out), PEN_REFUSED, "account.after");
	assert_ok(before(f, "", 10, 202308, &out));
	pen_balance__free(&out);
}

static void an_opening_of_the_year_itself_tells_nothing_of_its_months(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2023, 0, 0);
	opened(f, 1, 10, 2023, 1000000, 0);
	assert_fails(before(f, "", 10, 202307, &out), PEN_REFUSED, "account.opened");
}

static void money_arrived_later_counts_and_earns_nothing(void **state)
{
	const char *arrival = "account.credit-month,000000,,,,arrival,text,test,yes,\n";
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "breakdown", 1, 2023, 0, 0);
	putf(f, "INSERT INTO contribution VALUES (1, 10, 2, 1, 1, 500000, 63, 0, 480000, 240000, NULL, 20230905, NULL)");
	putf(f, "INSERT INTO contribution_aside VALUES (10, 2023, 1)");
	assert_ok(before(f, arrival, 10, 202307, &out));
	assert_int_equal(out.credit[0].weight, 0);
	assert_int_equal(out.total_fen, 240000);
	pen_balance__free(&out);
}

static void a_held_breakdown_of_the_year_is_told(void **state)
{
	struct fixture *f = *state;
	int64_t held;

	folio(f, 1, "breakdown", 1, 2023, 0, 0);
	paid(f, 1, 10, 2, 1, 100);
	assert_ok(pen_balance__held(store_of(f), 10, 2023, &held, &f->error));
	assert_int_equal(held, 0);
	tamper(f, "UPDATE folio SET state = 'held' WHERE id = 1");
	assert_ok(pen_balance__held(store_of(f), 10, 2023, &held, &f->error));
	assert_int_equal(held, 1);
	assert_ok(pen_balance__held(store_of(f), 11, 2023, &held, &f->error));
	assert_int_equal(held, 0);
}

static void a_closed_account_has_no_balance(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "close-out", 1, 2024, 0, 0);
	settled(f, 1, 10, 2024, 0);
	assert_fails(before(f, "", 10, 202501, &out), PEN_REFUSED, "account.closed");
	assert_non_null(strstr(f->error.text, "(folio 1)"));
}

static void a_year_settled_before_the_pension_was_known_has_to_be_settled_again_first(void **state)
{
	const struct pen_drawn_person pension = { .person = 10, .since = 202407, .pension = { .from = 0 } };
	struct pen_parameters *parameters;
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "settlement", 1, 2024, 0, 0);
	settled(f, 1, 10, 2024, 123456);
	parameters = rates(f, "");
	assert_fails(pen_balance__after(store_of(f), parameters, 10, 202504, 1000, &pension, &out, &f->error), PEN_REFUSED, "account.gap");
	assert_non_null(strstr(f->error.text, "2024 before the pension was known"));
	pen_parameter__free(parameters);
}

static void what_was_merged_into_it_earns_with_it(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2022, 0, 0);
	opened(f, 1, 10, 2022, 1000000, 0);
	folio(f, 2, "merge", 1, 2023, 0, 0);
	putf(f, "INSERT INTO movement VALUES (2, 10, 1, 2023, 'merge', 100000, 0, 0, 0, 0, NULL, 1)");
	assert_ok(before(f, "", 10, 202307, &out));
	assert_int_equal(out.merged, 2);
	assert_int_equal(out.total_fen, 1100000 + 19850 + 1985);
	pen_balance__free(&out);
}

static void an_amount_beyond_what_can_be_counted_is_told_with_whose_it_is(void **state)
{
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2022, 0, 0);
	opened(f, 1, 10, 2022, INT64_MAX - 1, 0);
	assert_fails(before(f, "", 10, 202307, &out), PEN_INPUT, "account.range");
	assert_non_null(strstr(f->error.file, "in 2023"));
}

static void what_two_accounts_brought_is_one_amount(void **state)
{
	struct pen_merged merged = { .at = NULL };
	struct fixture *f = *state;
	struct pen_balance_before out;

	folio(f, 1, "opening", 0, 2022, 0, 0);
	opened(f, 1, 10, 2022, 1000000, 0);
	folio(f, 2, "merge", 1, 2023, 0, 0);
	folio(f, 3, "merge", 1, 2023, 0, 0);
	putf(f, "INSERT INTO movement VALUES (2, 10, 1, 2023, 'merge', 100000, 0, 0, 0, 0, NULL, 1)");
	putf(f, "INSERT INTO movement VALUES (3, 10, 1, 2023, 'merge', 50000, 7, 0, 0, 0, NULL, 1)");
	putf(f, "INSERT INTO movement VALUES (3, 9, 2, 2023, 'merge', 1, 0, 0, 0, 0, NULL, 1)");
	assert_ok(before(f, "", 10, 202301, &out));
	assert_int_equal(out.merged, 3);
	assert_int_equal(out.total_fen, 1150007);
	pen_balance__free(&out);
	/* Read one after the other they are found by number all the same. */
	assert_ok(pen_merged__read(&merged, store_of(f), 2023, 10, 1000, &f->error));
	assert_ok(pen_merged__read(&merged, store_of(f), 2023, 9, 1000, &f->error));
	assert_int_equal(pen_merged__find(&merged, 9)->folio, 3);
	assert_int_equal(pen_merged__find(&merged, 10)->amounts.personal_interest_fen, 7);
	pen_merged__free(&merged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(six_months_of_a_year_earn_for_six_months),
		WITH_STORE(before_january_it_is_what_the_year_before_came_to),
		WITH_STORE(a_year_without_its_rate_goes_by_the_provisional_one_and_says_so),
		WITH_STORE(a_year_without_any_rate_is_refused),
		WITH_STORE(a_gap_before_the_year_is_refused),
		WITH_STORE(a_year_settled_by_another_rate_has_to_be_settled_again_first),
		WITH_STORE(what_is_not_sealed_is_refused),
		WITH_STORE(a_month_paid_after_it_is_refused),
		WITH_STORE(an_opening_of_the_year_itself_tells_nothing_of_its_months),
		WITH_STORE(money_arrived_later_counts_and_earns_nothing),
		WITH_STORE(a_held_breakdown_of_the_year_is_told),
		WITH_STORE(a_closed_account_has_no_balance),
		WITH_STORE(a_year_settled_before_the_pension_was_known_has_to_be_settled_again_first),
		WITH_STORE(what_was_merged_into_it_earns_with_it),
		WITH_STORE(an_amount_beyond_what_can_be_counted_is_told_with_whose_it_is),
		WITH_STORE(what_two_accounts_brought_is_one_amount),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
