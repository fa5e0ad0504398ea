#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/keeping.h"

#define D PEN_KEEP_DAILY
#define W PEN_KEEP_WEEKLY
#define M PEN_KEEP_MONTHLY

static void expect(int64_t daily, int64_t weekly, int64_t monthly, const int32_t *dates, size_t count, const unsigned *expected)
{
	const struct pen_keeping keeping = { daily, weekly, monthly };
	unsigned why[16];

	pen_keeping__choose(&keeping, dates, count, why);
	for (size_t i = 0; i < count; i++)
		if (why[i] != expected[i])
			fail_msg("%d: %u, expected %u", (int)dates[i], why[i], expected[i]);
}

static void the_newest_of_a_day_is_kept(void **state)
{
	(void)state;
	expect(1, 0, 0, (int32_t[]){ 20261122, 20261123, 20261123 }, 3, (unsigned[]){ 0, 0, D });
	expect(2, 0, 0, (int32_t[]){ 20261122, 20261123, 20261123 }, 3, (unsigned[]){ D, 0, D });
}

static void days_without_one_do_not_count(void **state)
{
	(void)state;
	expect(3, 0, 0, (int32_t[]){ 20240101, 20250101, 20260101, 20261123 }, 4, (unsigned[]){ 0, D, D, D });
}

static void weeks_begin_on_monday(void **state)
{
	(void)state;
	/* 2026-11-15 is a Sunday; so are 2026-01-04 and 1969-12-28. */
	expect(0, 9, 0, (int32_t[]){ 20261114, 20261115, 20261116, 20261122, 20261123 }, 5, (unsigned[]){ 0, W, 0, W, W });
	expect(0, 9, 0, (int32_t[]){ 20251229, 20260104, 20260105 }, 3, (unsigned[]){ 0, W, W });
	expect(0, 9, 0, (int32_t[]){ 19691227, 19691228, 19691229, 19700104, 19700105 }, 5, (unsigned[]){ 0, W, 0, W, W });
}

static void months_of_two_years_are_two(void **state)
{
	(void)state;
	expect(0, 0, 9, (int32_t[]){ 20251101, 20251130, 20261101, 20261130 }, 4, (unsigned[]){ 0, M, 0, M });
}

static void one_is_kept_for_several_reasons(void **state)
{
	(void)state;
	expect(1, 1, 1, (int32_t[]){ 20261031, 20261123 }, 2, (unsigned[]){ 0, D | W | M });
	expect(1, 2, 2, (int32_t[]){ 20261031, 20261123 }, 2, (unsigned[]){ W | M, D | W | M });
}

static void nothing_is_kept_by_no_number(void **state)
{
	(void)state;
	expect(0, 0, 0, (int32_t[]){ 20261031, 20261123 }, 2, (unsigned[]){ 0, 0 });
	expect(7, 5, 12, NULL, 0, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_of_a_day_is_kept),
		cmocka_unit_test(days_without_one_do_not_count),
		cmocka_unit_test(weeks_begin_on_monday),
		cmocka_unit_test(months_of_two_years_are_two),
		cmocka_unit_test(one_is_kept_for_several_reasons),
		cmocka_unit_test(nothing_is_kept_by_no_number),
	};

	return cmocka_run_group_tests_name("model/keeping", tests, NULL, NULL);
}
