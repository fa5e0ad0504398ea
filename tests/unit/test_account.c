#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/account.h"

#include <string.h>

#define ALL 0xfff

static int64_t total(const struct pen_balance *balance)
{
	return balance->personal_principal_fen + balance->personal_interest_fen +
	    balance->unit_principal_fen + balance->unit_interest_fen;
}

static void settle(struct pen_account_year *year, const struct pen_credit *credits, size_t count)
{
	struct pen_error error = { 0 };

	assert_int_equal(pen_account__settle(year, credits, count, &error), PEN_OK);
}

/* INT1: 10000.00, 400.00 every month, 3.97%. */
static void twelve_equal_months_earn_as_in_the_worked_example(void **state)
{
	const struct pen_credit whole = { 480000, 0, ALL };
	struct pen_account_year year = { .opening = { 1000000, 0, 0, 0 }, .rate = 39700 };
	struct pen_credit each[12];
	int i;

	(void)state;
	settle(&year, &whole, 1);
	assert_int_equal(year.credit_personal_fen, 480000);
	assert_int_equal(year.interest_opening_personal_fen, 39700);
	assert_int_equal(year.interest_year_personal_fen, 10322);
	assert_int_equal(year.closing.personal_principal_fen, 1480000);
	assert_int_equal(year.closing.personal_interest_fen, 50022);
	assert_int_equal(total(&year.closing), 1530022);
	/* The same money as twelve credits of a month. */
	for (i = 0; i < 12; i++)
		each[i] = (struct pen_credit){ 40000, 0, 1 << i };
	settle(&year, each, 12);
	assert_int_equal(total(&year.closing), 1530022);
}

/* INT2 up to the end of a month, against each month counted by itself; and a month
 * that is not reached counts as it is. */
static void a_year_up_to_a_month_earns_for_its_months_alone(void **state)
{
	const struct pen_credit credits[2] = { { 8 * 61280, 0, 0xfd8 }, { 10000, 3000, 0x800 } };
	struct pen_account_year year = { .opening = { 5000000, 234567, 0, 0 }, .rate = 26200 }, whole;
	struct pen_error error = { 0 };

	(void)state;
	/* To the end of August: months 4, 5, 7, 8 earn 5, 4, 2, 1. */
	assert_int_equal(pen_account__until(&year, 8, credits, 2, &error), PEN_OK);
	assert_int_equal(pen_account__weight(0xfd8, 8), 12);
	assert_int_equal(year.interest_opening_personal_fen, 91430);	/* 52345.67 x 2.62 % x 8/12 = 914.3044 */
	assert_int_equal(year.interest_year_personal_fen, 1606);	/* 612.80 x 12 x 2.62 % / 12 = 16.0554 */
	assert_int_equal(year.interest_year_unit_fen, 0);
	assert_int_equal(year.closing.unit_principal_fen, 3000);
	assert_int_equal(pen_account__until(&year, 0, credits, 2, &error), PEN_OK);
	assert_int_equal(total(&year.closing), 5234567 + 8 * 61280 + 13000);
	whole = year;
	settle(&whole, credits, 2);
	assert_int_equal(pen_account__until(&year, 12, credits, 2, &error), PEN_OK);
	assert_memory_equal(&year, &whole, sizeof(year));
}

/* INT2: 52345.67; 612.80 in months 4, 5, 7 to 12; 2.62%. */
static void a_broken_year_earns_as_in_the_worked_example(void **state)
{
	const struct pen_credit credit = { 8 * 61280, 0, 0xfd8 };
	struct pen_account_year year = { .opening = { 5000000, 234567, 0, 0 }, .rate = 26200 };

	(void)state;
	settle(&year, &credit, 1);
	assert_int_equal(year.interest_opening_personal_fen, 137146);
	assert_int_equal(year.interest_year_personal_fen, 5084);
	assert_int_equal(total(&year.closing), 5867037);
}

static void january_earns_twelve_months_and_december_one(void **state)
{
	const struct pen_credit january = { 120000, 0, 1 }, december = { 120000, 0, 1 << 11 };
	struct pen_account_year year = { .rate = 100000 };

	(void)state;
	settle(&year, &january, 1);
	assert_int_equal(year.interest_year_personal_fen, 12000);
	settle(&year, &december, 1);
	assert_int_equal(year.interest_year_personal_fen, 1000);
}

static void the_two_parts_are_rounded_apart(void **state)
{
	/* 50 fen at 1% is half a fen in each part: one fen each, not one in all. */
	struct pen_account_year year = { .opening = { 30, 20, 50, 0 }, .rate = 10000 };

	(void)state;
	settle(&year, NULL, 0);
	assert_int_equal(year.interest_opening_personal_fen, 1);
	assert_int_equal(year.interest_opening_unit_fen, 1);
	assert_int_equal(year.closing.personal_principal_fen, 30);
	assert_int_equal(year.closing.personal_interest_fen, 21);
	assert_int_equal(year.closing.unit_principal_fen, 50);
	assert_int_equal(year.closing.unit_interest_fen, 1);
}

static void interest_is_rounded_once_over_all_credits(void **state)
{
	/* 0.4 fen three times: 1.2, not three zeros. 48 fen in December at 10%. */
	const struct pen_credit credits[] = { { 48, 0, 1 << 11 }, { 48, 0, 1 << 11 }, { 48, 0, 1 << 11 } };
	struct pen_account_year year = { .rate = 100000 };

	(void)state;
	settle(&year, credits, 3);
	assert_int_equal(year.interest_year_personal_fen, 1);
}

static void a_refund_takes_its_interest_with_it(void **state)
{
	/* 60 fen in December at 10% are half a fen: away from zero on both sides. */
	const struct pen_credit in = { 60, 0, 1 << 11 }, out = { -60, 0, 1 << 11 };
	const struct pen_credit both[] = { { 12345, 777, 0x0f0 }, { -12345, -777, 0x0f0 } };
	struct pen_account_year year = { .rate = 100000 };

	(void)state;
	settle(&year, &in, 1);
	assert_int_equal(year.interest_year_personal_fen, 1);
	settle(&year, &out, 1);
	assert_int_equal(year.interest_year_personal_fen, -1);
	assert_int_equal(year.closing.personal_principal_fen, -60);
	settle(&year, both, 2);
	assert_int_equal(total(&year.closing), 0);
}

static void a_year_without_rate_or_credits_only_carries_over(void **state)
{
	struct pen_account_year year = { .opening = { 1, 2, 3, 4 } };

	(void)state;
	settle(&year, NULL, 0);
	assert_memory_equal(&year.opening, &year.closing, sizeof(year.opening));
}

static void assert_out_of_range(struct pen_account_year year, const struct pen_credit *credits, size_t count)
{
	struct pen_error error = { 0 };

	assert_int_equal(pen_account__settle(&year, credits, count, &error), PEN_INPUT);
	assert_string_equal(error.code, "account.range");
	assert_true(error.text[0]);
}

static void what_does_not_fit_is_refused(void **state)
{
	const struct pen_credit much[] = { { INT64_MAX, 0, ALL }, { 1, 0, ALL } };
	const struct pen_credit least = { 0, INT64_MIN, 1 };
	struct pen_account_year year = { .rate = 39700 };

	(void)state;
	assert_out_of_range((struct pen_account_year){ .opening = { INT64_MAX, 1, 0, 0 }, .rate = 1 }, NULL, 0);
	assert_out_of_range((struct pen_account_year){ .opening = { 0, 0, 0, INT64_MAX }, .rate = 1000000 }, NULL, 0);
	assert_out_of_range(year, much, 2);
	year.opening.unit_principal_fen = -1;
	assert_out_of_range(year, &least, 1);
	assert_out_of_range((struct pen_account_year){ .rate = -1 }, NULL, 0);
	assert_out_of_range((struct pen_account_year){ .rate = INT64_MAX }, NULL, 0);
}

static void a_credit_of_no_month_is_refused(void **state)
{
	const struct pen_credit none = { 100, 0, 0 }, thirteenth = { 100, 0, 1 << 12 };
	struct pen_account_year year = { .rate = 39700 };

	(void)state;
	assert_out_of_range(year, &none, 1);
	assert_out_of_range(year, &thirteenth, 1);
}

static void large_amounts_lose_nothing(void **state)
{
	/* 90 trillion yuan; the numerator is far beyond 64 bits. */
	const struct pen_credit credit = { INT64_C(9000000000000000), 0, 1 };
	struct pen_account_year year = { .rate = 39700 };

	(void)state;
	settle(&year, &credit, 1);
	assert_int_equal(year.interest_year_personal_fen, INT64_C(357300000000000));
}

/* ---- a second computation ---- */

/* A year as it goes, month after month: what stands in the account earns a
 * twelfth of the rate for each month, this one included. In parts of
 * 1/27720 fen (the least multiple of 1 to 12) nothing is rounded on the way. */
struct plain { __int128 balance, earned; int64_t sum; };

static void run(struct plain *plain, const struct pen_credit *credits, size_t count, bool unit)
{
	int64_t fen;
	size_t i;
	int month, months, m;

	memset(plain, 0, sizeof(*plain));
	for (i = 0; i < count; i++)
		plain->sum += unit ? credits[i].unit_fen : credits[i].personal_fen;
	for (month = 0; month < 12; month++) {
		for (i = 0; i < count; i++) {
			if (!(credits[i].months >> month & 1))
				continue;
			for (m = months = 0; m < 12; m++)
				months += credits[i].months >> m & 1;
			fen = unit ? credits[i].unit_fen : credits[i].personal_fen;
			plain->balance += (__int128)fen * 27720 / months;
		}
		plain->earned += plain->balance;
	}
}

/* numerator / denominator, half away from zero. */
static int64_t half_up(__int128 numerator, __int128 denominator)
{
	__int128 half = numerator < 0 ? -denominator : denominator;

	return (int64_t)((2 * numerator + half) / (2 * denominator));
}

static uint64_t seed = 20241;

static int64_t draw(int64_t least, int64_t most)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return least + (int64_t)((seed >> 20) % (uint64_t)(most - least + 1));
}

static void check_generated(void)
{
	struct pen_account_year year = { .opening = { draw(0, 90000000), draw(0, 9000000), draw(0, 90000000),
	    draw(0, 9000000) }, .rate = draw(0, 120000) };
	struct pen_credit credits[6] = { 0 };
	size_t i, count = (size_t)draw(0, 6);
	struct plain personal, unit;

	for (i = 0; i < count; i++)
		credits[i] = (struct pen_credit){ draw(-200000, 4000000), draw(-200000, 4000000), (int32_t)draw(1, ALL) };
	settle(&year, credits, count);
	run(&personal, credits, count, false);
	run(&unit, credits, count, true);
	assert_int_equal(year.credit_personal_fen, personal.sum);
	assert_int_equal(year.credit_unit_fen, unit.sum);
	assert_int_equal(year.interest_opening_personal_fen, half_up((__int128)(year.opening.personal_principal_fen +
	    year.opening.personal_interest_fen) * year.rate, 1000000));
	assert_int_equal(year.interest_opening_unit_fen, half_up((__int128)(year.opening.unit_principal_fen +
	    year.opening.unit_interest_fen) * year.rate, 1000000));
	assert_int_equal(year.interest_year_personal_fen,
	    half_up(personal.earned * year.rate, (__int128)12 * 27720 * 1000000));
	assert_int_equal(year.interest_year_unit_fen,
	    half_up(unit.earned * year.rate, (__int128)12 * 27720 * 1000000));
	/* Nothing appears or disappears. */
	assert_int_equal(total(&year.closing), total(&year.opening) +
	    year.credit_personal_fen + year.credit_unit_fen +
	    year.interest_opening_personal_fen + year.interest_opening_unit_fen +
	    year.interest_year_personal_fen + year.interest_year_unit_fen);
}

static void a_second_computation_agrees_to_the_fen(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 20000; i++)
		check_generated();
}

/* ---------------------------------------------------------- a pension -- */

static void pay(struct pen_account_year *year, const struct pen_account_pension *pension, int months,
    const struct pen_credit *credits, size_t count)
{
	struct pen_error error = { 0 };

	assert_int_equal(pen_account__paid(year, pension, months, credits, count, &error), PEN_OK);
}

/* a x b / c, half up. */
static int64_t scaled(int64_t a, int64_t b, int64_t c)
{
	return (int64_t)(((__int128)a * b * 2 + c) / ((__int128)c * 2));
}

static void a_pension_takes_the_interest_of_its_months(void **state)
{
	const struct pen_account_pension pension = { .from = 0, .fen = { 70000, 70000, 70000, 70000, 70000, 70000, 70000, 70000, 70000,
		70000, 70000, 70000 } };
	struct pen_account_year year = { .opening = { 9000000, 1234567, 0, 0 }, .rate = 26200 };

	(void)state;
	/* I = S0 r - Mp r / 12, Mp = 700.00 x 78 */
	pay(&year, &pension, 12, NULL, 0);
	assert_int_equal(year.interest_opening_personal_fen, 0);
	assert_int_equal(total(&year.pension), -840000);
	assert_int_equal(year.interest_pension_personal_fen, scaled(10234567LL * 12 - 70000LL * 78, 26200, 12 * 1000000LL));
	assert_int_equal(total(&year.closing), 10234567 - 840000 + year.interest_pension_personal_fen);
}

static void in_the_year_of_retirement_there_are_two_parts(void **state)
{
	const struct pen_credit credit = { 60000, 0, 0x3f };
	const struct pen_account_pension pension = { .from = 6, .fen = { [8] = 9000, [9] = 3000, [10] = 3000, [11] = 3000 } };
	struct pen_account_year year = { .opening = { 1000000, 0, 0, 0 }, .rate = 39700 };
	int64_t then;

	(void)state;
	pay(&year, &pension, 12, &credit, 1);
	assert_int_equal(year.interest_opening_personal_fen, scaled(1000000, 39700 * 6, 12 * 1000000LL));
	assert_int_equal(year.interest_year_personal_fen, scaled(10000 * 21, 39700, 12 * 1000000LL));
	then = 1060000 + year.interest_opening_personal_fen + year.interest_year_personal_fen;
	assert_int_equal(year.interest_pension_personal_fen,
	    scaled(then * 6 - (9000 * 4 + 3000 * (3 + 2 + 1)), 39700, 12 * 1000000LL));
	assert_int_equal(total(&year.closing), then - 18000 + year.interest_pension_personal_fen);
	/* Of a year that ends before the pension begins it is as without one. */
	year = (struct pen_account_year){ .opening = { 1000000, 0, 0, 0 }, .rate = 39700 };
	pay(&year, &(struct pen_account_pension){ .from = 12 }, 12, &credit, 1);
	assert_int_equal(year.interest_opening_personal_fen, 39700);
	assert_int_equal(total(&year.pension), 0);
	assert_int_equal(year.interest_pension_personal_fen, 0);
}

static void what_is_credited_after_the_pension_began_earns_from_its_month_on(void **state)
{
	const struct pen_credit late = { 120000, 0, 1 << 9 };		/* October */
	const struct pen_account_pension pension = { .from = 6 };
	struct pen_account_year year = { .opening = { 1000000, 0, 0, 0 }, .rate = 39700 };
	int64_t then = 1000000 + scaled(1000000, 39700 * 6, 12 * 1000000LL);

	(void)state;
	pay(&year, &pension, 12, &late, 1);
	assert_int_equal(year.interest_year_personal_fen, 0);
	assert_int_equal(year.interest_pension_personal_fen, scaled(then * 6 + 120000 * 3, 39700, 12 * 1000000LL));
}

static void the_account_pays_as_long_as_there_is_something_in_it(void **state)
{
	const struct pen_account_pension pension = { .from = 0, .fen = { 1000, 1000, 1000, 1000, [10] = -500, [11] = -1000 } };
	struct pen_account_year year = { .opening = { 2500, 0, 0, 0 }, .rate = 24000 };
	int64_t paid[13] = { 0 };

	(void)state;
	assert_true(pen_account__pays(&pension, 12, 2500, paid));
	assert_int_equal(paid[1], 1000);
	assert_int_equal(paid[2], 500);
	assert_int_equal(paid[3], 0);
	/* What is taken back is what the account could not pay, before it is the account's. */
	assert_int_equal(paid[10], 0);
	assert_int_equal(paid[11], 0);
	pay(&year, &pension, 12, NULL, 0);
	assert_int_equal(total(&year.pension), -2500);
	assert_int_equal(year.interest_pension_personal_fen, scaled(2500 * 12 - (12000 + 11000 + 5000), 24000, 12 * 1000000LL));
	assert_int_equal(total(&year.closing), year.interest_pension_personal_fen);
}

static void what_a_pension_takes_is_shared_by_the_parts_to_the_fen(void **state)
{
	const struct pen_account_pension pension = { .from = 0, .fen = { 1001, 1001, 1001 } };
	struct pen_account_year year = { .opening = { 33333, 11111, 5555, 1 }, .rate = 24000 };

	(void)state;
	pay(&year, &pension, 12, NULL, 0);
	assert_int_equal(total(&year.pension), -3003);
	assert_int_equal(year.pension.personal_principal_fen, -scaled(3003, 33333, 50000));
	assert_int_equal(year.pension.personal_principal_fen + year.pension.personal_interest_fen, -scaled(3003, 44444, 50000));
	assert_int_equal(total(&year.closing), 50000 - 3003 + year.interest_pension_personal_fen + year.interest_pension_unit_fen);
}

static void up_to_a_month_the_rest_of_the_year_does_not_count_and_what_is_late_earns_nothing(void **state)
{
	const struct pen_account_pension pension = { .from = 0, .fen = { 1000, 1000, 1000, 7, 7, 7 }, .late_fen = 400 };
	struct pen_account_year year = { .opening = { 1000000, 0, 0, 0 }, .rate = 24000 };

	(void)state;
	pay(&year, &pension, 3, NULL, 0);
	assert_int_equal(total(&year.pension), -3400);
	assert_int_equal(year.interest_pension_personal_fen, scaled(1000000 * 3 - 1000 * 6, 24000, 12 * 1000000LL));
}

static void an_account_with_nothing_in_it_pays_nothing_and_keeps_what_it_owes(void **state)
{
	const struct pen_account_pension pension = { .from = 0, .fen = { 1000, 1000 } };
	struct pen_account_year year = { .opening = { 0, 0, 0, 0 }, .rate = 24000 };

	(void)state;
	pay(&year, &pension, 12, NULL, 0);
	assert_int_equal(total(&year.pension), 0);
	assert_int_equal(total(&year.closing), 0);
	/* More was refunded than there had been. */
	year = (struct pen_account_year){ .opening = { -500, 0, 300, 0 } };
	pay(&year, &pension, 12, NULL, 0);
	assert_int_equal(total(&year.pension), 0);
	assert_int_equal(year.closing.personal_principal_fen, -500);
	assert_int_equal(year.closing.unit_principal_fen, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twelve_equal_months_earn_as_in_the_worked_example),
		cmocka_unit_test(a_broken_year_earns_as_in_the_worked_example),
		cmocka_unit_test(a_year_up_to_a_month_earns_for_its_months_alone),
		cmocka_unit_test(january_earns_twelve_months_and_december_one),
		cmocka_unit_test(the_two_parts_are_rounded_apart),
		cmocka_unit_test(interest_is_rounded_once_over_all_credits),
		cmocka_unit_test(a_refund_takes_its_interest_with_it),
		cmocka_unit_test(a_year_without_rate_or_credits_only_carries_over),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(a_credit_of_no_month_is_refused),
		cmocka_unit_test(large_amounts_lose_nothing),
		cmocka_unit_test(a_second_computation_agrees_to_the_fen),
		cmocka_unit_test(a_pension_takes_the_interest_of_its_months),
		cmocka_unit_test(in_the_year_of_retirement_there_are_two_parts),
		cmocka_unit_test(what_is_credited_after_the_pension_began_earns_from_its_month_on),
		cmocka_unit_test(the_account_pays_as_long_as_there_is_something_in_it),
		cmocka_unit_test(what_a_pension_takes_is_shared_by_the_parts_to_the_fen),
		cmocka_unit_test(up_to_a_month_the_rest_of_the_year_does_not_count_and_what_is_late_earns_nothing),
		cmocka_unit_test(an_account_with_nothing_in_it_pays_nothing_and_keeps_what_it_owes),
	};

	return cmocka_run_group_tests_name("model/account", tests, NULL, NULL);
}
