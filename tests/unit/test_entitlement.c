#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/entitlement.h"

static const struct pen_entitlement_parts parts = { 100000, 30000, 20000, 0 };

static int64_t of_month(const struct pen_entitlement *entitlement, int32_t month)
{
	struct pen_entitlement_month due;
	struct pen_error error = { 0 };

	assert_int_equal(pen_entitlement__month(entitlement, month, &due, &error), PEN_OK);
	return due.total_fen;
}

static int64_t through(const struct pen_entitlement *entitlement, int32_t month)
{
	struct pen_error error = { 0 };
	int64_t total, account;

	assert_int_equal(pen_entitlement__total(entitlement, month, &total, &account, &error), PEN_OK);
	return total;
}

static int64_t of_account(const struct pen_entitlement *entitlement, int32_t month)
{
	struct pen_error error = { 0 };
	int64_t total, account;

	assert_int_equal(pen_entitlement__total(entitlement, month, &total, &account, &error), PEN_OK);
	return account;
}

static void months_are_counted_over_the_turn_of_a_year(void **state)
{
	(void)state;
	assert_int_equal(pen_entitlement__later(202611, 2), 202701);
	assert_int_equal(pen_entitlement__later(202701, -1), 202612);
	assert_int_equal(pen_entitlement__later(202612, 0), 202612);
	assert_int_equal(pen_entitlement__later(202600, 1), 0);
	assert_int_equal(pen_entitlement__later(299912, 1), 0);
}

static void nothing_is_due_before_the_first_month(void **state)
{
	const struct pen_entitlement e = { .since = 202603, .parts = parts };

	(void)state;
	assert_int_equal(of_month(&e, 202602), 0);
	assert_int_equal(of_month(&e, 202603), 150000);
	assert_int_equal(through(&e, 202602), 0);
	assert_int_equal(through(&e, 202605), 3 * 150000);
}

static void an_increase_counts_from_its_month_on(void **state)
{
	const struct pen_entitlement_increase increases[] = { { 202701, 500 }, { 202601, 7000 } };
	const struct pen_entitlement e = { .since = 202511, .parts = parts, .increase = increases, .increases = 2 };

	(void)state;
	assert_int_equal(of_month(&e, 202512), 150000);
	assert_int_equal(of_month(&e, 202601), 157000);
	assert_int_equal(of_month(&e, 202701), 157500);
	assert_int_equal(through(&e, 202701), 2 * 150000 + 12 * 157000 + 157500);
}

static void what_is_stopped_is_not_due_until_it_goes_on(void **state)
{
	const struct pen_entitlement_change changes[] = {
		{ PEN_ENTITLEMENT_STOPPED, 202603, 0 }, { PEN_ENTITLEMENT_PAID, 202605, 0 } };
	const struct pen_entitlement e = { .since = 202601, .parts = parts, .change = changes, .changes = 2 };

	(void)state;
	assert_int_equal(pen_entitlement__state(&e, 202602), PEN_ENTITLEMENT_PAID);
	assert_int_equal(pen_entitlement__state(&e, 202604), PEN_ENTITLEMENT_STOPPED);
	assert_int_equal(pen_entitlement__state(&e, 202605), PEN_ENTITLEMENT_PAID);
	assert_int_equal(through(&e, 202606), 4 * 150000);
}

static void a_resumption_from_the_month_of_the_stop_makes_it_undone(void **state)
{
	const struct pen_entitlement_change changes[] = {
		{ PEN_ENTITLEMENT_STOPPED, 202603, 0 }, { PEN_ENTITLEMENT_PAID, 202603, 0 } };
	const struct pen_entitlement e = { .since = 202601, .parts = parts, .change = changes, .changes = 2 };

	(void)state;
	assert_int_equal(through(&e, 202606), 6 * 150000);
}

static void what_was_decided_later_goes_before_what_was_decided_earlier(void **state)
{
	/* A death that is told after a stop of a later month. */
	const struct pen_entitlement_change changes[] = {
		{ PEN_ENTITLEMENT_STOPPED, 202605, 0 }, { PEN_ENTITLEMENT_ENDED, 202603, 900 } };
	const struct pen_entitlement e = { .since = 202601, .parts = parts, .change = changes, .changes = 2 };

	(void)state;
	assert_int_equal(pen_entitlement__state(&e, 202606), PEN_ENTITLEMENT_ENDED);
	assert_int_equal(through(&e, 202606), 2 * 150000);
	assert_int_equal(pen_entitlement__once(&e), 900);
}

static void an_end_that_was_a_mistake_leaves_nothing_due_once(void **state)
{
	const struct pen_entitlement_change changes[] = {
		{ PEN_ENTITLEMENT_ENDED, 202603, 900 }, { PEN_ENTITLEMENT_PAID, 202603, 0 } };
	const struct pen_entitlement e = { .since = 202601, .parts = parts, .change = changes, .changes = 2 };

	(void)state;
	assert_int_equal(pen_entitlement__once(&e), 0);
	assert_int_equal(through(&e, 202604), 4 * 150000);
}

static void of_what_is_due_the_part_of_the_account_is_told(void **state)
{
	const struct pen_entitlement_increase increase = { 202603, 5000 };
	const struct pen_entitlement_change changes[] = { { PEN_ENTITLEMENT_STOPPED, 202605, 0 }, { PEN_ENTITLEMENT_PAID, 202607, 0 } };
	const struct pen_entitlement e = { .since = 202602, .parts = { 100000, 30000, 0, 0 }, .increase = &increase, .increases = 1,
		.change = changes, .changes = 2 };

	(void)state;
	assert_int_equal(of_account(&e, 202601), 0);
	assert_int_equal(of_account(&e, 202604), 3 * 30000);
	assert_int_equal(of_account(&e, 202606), 3 * 30000);
	assert_int_equal(of_account(&e, 202707), (3 + 13) * 30000);
}

static void amounts_beyond_their_range_are_refused(void **state)
{
	const struct pen_entitlement e = { .since = 200001, .parts = { INT64_MAX / 2, 0, 0, 0 } };
	struct pen_error error = { 0 };
	int64_t total, account;

	(void)state;
	assert_int_equal(pen_entitlement__total(&e, 202601, &total, &account, &error), PEN_INPUT);
	assert_string_equal(error.code, "benefit.range");
}

static uint64_t seed = 20261126;

static int64_t drawn(int64_t most)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)(seed >> 33) % most;
}

static void turn_by_turn_is_as_month_by_month(void **state)
{
	struct pen_entitlement_increase increases[4];
	struct pen_entitlement_change changes[4];
	struct pen_entitlement e;
	int64_t sum;
	int32_t month;
	int i;
	size_t k;

	(void)state;
	for (i = 0; i < 5000; i++) {
		e = (struct pen_entitlement){ .since = pen_entitlement__later(202001, (int32_t)drawn(40)), .parts = { drawn(9999), 1, 2, 3 },
			.increase = increases, .increases = (size_t)drawn(5), .change = changes, .changes = (size_t)drawn(5) };
		for (k = 0; k < e.increases; k++)
			increases[k] = (struct pen_entitlement_increase){ pen_entitlement__later(202001, (int32_t)drawn(60)), drawn(999) };
		for (k = 0; k < e.changes; k++)
			changes[k] = (struct pen_entitlement_change){ (enum pen_entitlement_state)drawn(3),
				pen_entitlement__later(202001, (int32_t)drawn(60)), 0 };
		for (sum = 0, month = e.since; month <= 202412; month = pen_entitlement__later(month, 1))
			sum += of_month(&e, month);
		assert_int_equal(through(&e, 202412), sum);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_are_counted_over_the_turn_of_a_year),
		cmocka_unit_test(nothing_is_due_before_the_first_month),
		cmocka_unit_test(an_increase_counts_from_its_month_on),
		cmocka_unit_test(what_is_stopped_is_not_due_until_it_goes_on),
		cmocka_unit_test(a_resumption_from_the_month_of_the_stop_makes_it_undone),
		cmocka_unit_test(what_was_decided_later_goes_before_what_was_decided_earlier),
		cmocka_unit_test(an_end_that_was_a_mistake_leaves_nothing_due_once),
		cmocka_unit_test(of_what_is_due_the_part_of_the_account_is_told),
		cmocka_unit_test(amounts_beyond_their_range_are_refused),
		cmocka_unit_test(turn_by_turn_is_as_month_by_month),
	};

	return cmocka_run_group_tests_name("model/entitlement", tests, NULL, NULL);
}
