#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "model/period.h"

static void expect_month(const char *s, int32_t month)
{
	if (pen_period__month(s, strlen(s)) != month)
		fail_msg("%s is read as %d", s, (int)pen_period__month(s, strlen(s)));
}

static void a_month_is_written_in_several_ways(void **state)
{
	(void)state;
	expect_month("2024-07", 202407);
	expect_month("202407", 202407);
	expect_month("2024/7", 202407);
	expect_month("2024年7月", 202407);
	expect_month("2024-07-01", 202407);
	expect_month("20240731", 202407);
	expect_month("20240229", 202402);
	expect_month("999999", PEN_PERIOD_NONE);
}

static void what_is_within_a_month_is_none(void **state)
{
	(void)state;
	expect_month("2024-07-02", 0);
	expect_month("20240730", 0);
	expect_month("2024-13", 0);
	expect_month("24-07", 0);
	expect_month("2024", 0);
	expect_month("", 0);
}

static void expect_range(const char *s, int32_t from, int32_t to)
{
	int32_t a, b;

	assert_true(pen_period__range(s, strlen(s), &a, &b));
	assert_int_equal(a, from);
	assert_int_equal(b, to);
}

static void a_period_has_two_months_or_one(void **state)
{
	static const char *const wrong[] = { "", "2024", "202401-", "-202401", "202401-2024", "202401-06", "202401--202406", "999999" };
	int32_t a, b;
	size_t i;

	(void)state;
	expect_range("202401-202406", 202401, 202406);
	expect_range("2024-01至2024-06", 202401, 202406);
	expect_range("2024-01-2024-06", 202401, 202406);
	expect_range("2024年1月-2024年6月", 202401, 202406);
	expect_range("2024-01-01 ~ 2024-06-30", 202401, 202406);
	expect_range("2024-03", 202403, 202403);
	expect_range("202406-202401", 202406, 202401);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (pen_period__range(wrong[i], strlen(wrong[i]), &a, &b))
			fail_msg("%s is read as %d to %d", wrong[i], (int)a, (int)b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_month_is_written_in_several_ways),
		cmocka_unit_test(what_is_within_a_month_is_none),
		cmocka_unit_test(a_period_has_two_months_or_one),
	};

	return cmocka_run_group_tests_name("model/period", tests, NULL, NULL);
}
