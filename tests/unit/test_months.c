#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "model/months.h"

static void a_set_is_counted(void **state)
{
	(void)state;
	assert_int_equal(pen_months__count(0), 0);
	assert_int_equal(pen_months__count(PEN_MONTHS_ALL), 12);
	assert_int_equal(pen_months__count(0x801), 2);
}

static void a_span_is_consecutive_months(void **state)
{
	(void)state;
	assert_int_equal(pen_months__span(1, 12), PEN_MONTHS_ALL);
	assert_int_equal(pen_months__span(1, 1), 0x001);
	assert_int_equal(pen_months__span(12, 1), 0x800);
	assert_int_equal(pen_months__span(7, 6), 0xfc0);
}

static void a_span_over_december_is_none(void **state)
{
	(void)state;
	assert_int_equal(pen_months__span(8, 6), 0);
	assert_int_equal(pen_months__span(1, 13), 0);
	assert_int_equal(pen_months__span(13, 1), 0);
	assert_int_equal(pen_months__span(0, 1), 0);
	assert_int_equal(pen_months__span(1, 0), 0);
	assert_int_equal(pen_months__span(1, -1), 0);
	assert_int_equal(pen_months__span(2, INT32_MAX), 0);
}

static void a_bare_count_is_laid_from_its_first_month(void **state)
{
	(void)state;
	assert_int_equal(pen_months__lay(1, 12, 0), PEN_MONTHS_ALL);
	assert_int_equal(pen_months__lay(1, 6, 0), 0x03f);
	assert_int_equal(pen_months__lay(7, 3, 0), 0x1c0);
}

static void a_bare_count_is_laid_after_what_is_taken(void **state)
{
	(void)state;
	assert_int_equal(pen_months__lay(1, 6, 0x03f), 0xfc0);
	assert_int_equal(pen_months__lay(1, 3, 0x00a), 0x070);	/* February and April taken */
	assert_int_equal(pen_months__lay(3, 1, 0x004), 0x008);
}

static void a_count_that_does_not_fit_after_its_first_month_ends_as_late_as_it_can(void **state)
{
	(void)state;
	assert_int_equal(pen_months__lay(10, 6, 0), 0xfc0);		/* July to December */
	assert_int_equal(pen_months__lay(7, 6, 0x800), 0x7e0);		/* June to November */
	assert_int_equal(pen_months__lay(12, 12, 0), PEN_MONTHS_ALL);
}

static void a_count_for_which_there_is_no_run_is_not_laid(void **state)
{
	(void)state;
	assert_int_equal(pen_months__lay(1, 12, 0x020), 0);
	assert_int_equal(pen_months__lay(1, 6, 0x020), 0xfc0);
	assert_int_equal(pen_months__lay(1, 7, 0x020), 0);
	assert_int_equal(pen_months__lay(1, 1, PEN_MONTHS_ALL), 0);
	assert_int_equal(pen_months__lay(1, 13, 0), 0);
	assert_int_equal(pen_months__lay(1, 0, 0), 0);
}

static void every_lay_is_free_and_of_its_length(void **state)
{
	int32_t taken, run;
	int first, count;

	(void)state;
	for (taken = 0; taken <= PEN_MONTHS_ALL; taken += 37) {
		for (first = 1; first <= 12; first++) {
			for (count = 1; count <= 12; count++) {
				run = pen_months__lay(first, count, taken);
				assert_int_equal(run & taken, 0);
				assert_true(run == 0 || pen_months__count(run) == count);
			}
		}
	}
}

static void january_weighs_12_and_december_1(void **state)
{
	(void)state;
	assert_int_equal(pen_months__weight(0x001), 12);
	assert_int_equal(pen_months__weight(0x800), 1);
	assert_int_equal(pen_months__weight(PEN_MONTHS_ALL), 78);
	assert_int_equal(pen_months__weight(0), 0);
}

static void runs_are_written_with_a_dash(void **state)
{
	char out[32];

	(void)state;
	assert_string_equal(pen_months__format(PEN_MONTHS_ALL, out), "1-12");
	assert_string_equal(pen_months__format(0x13f, out), "1-6,9");
	assert_string_equal(pen_months__format(0x800, out), "12");
	assert_string_equal(pen_months__format(0, out), "");
	assert_string_equal(pen_months__format(0x6db, out), "1-2,4-5,7-8,10-11");
	assert_string_equal(pen_months__format(0x555, out), "1,3,5,7,9,11");
}

static int32_t parsed(const char *s)
{
	return pen_months__parse(s, strlen(s));
}

static void a_list_is_read_as_it_is_written_and_in_other_ways(void **state)
{
	(void)state;
	assert_int_equal(parsed("1-3,7-12"), 0xfc7);
	assert_int_equal(parsed("1-12"), PEN_MONTHS_ALL);
	assert_int_equal(parsed("01、02、03"), 0x7);
	assert_int_equal(parsed("1月至3月; 5月"), 0x17);
	assert_int_equal(parsed("12"), 0x800);
}

static void what_is_no_list_of_months_is_none(void **state)
{
	static const char *const wrong[] = { "", "0", "13", "3-1", "1,1", "1-3,2", "1,", "a", "1-", "123", "2024-01" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (parsed(wrong[i]))
			fail_msg("%s is read as %x", wrong[i], (unsigned)parsed(wrong[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_is_counted),
		cmocka_unit_test(a_span_is_consecutive_months),
		cmocka_unit_test(a_span_over_december_is_none),
		cmocka_unit_test(a_bare_count_is_laid_from_its_first_month),
		cmocka_unit_test(a_bare_count_is_laid_after_what_is_taken),
		cmocka_unit_test(a_count_that_does_not_fit_after_its_first_month_ends_as_late_as_it_can),
		cmocka_unit_test(a_count_for_which_there_is_no_run_is_not_laid),
		cmocka_unit_test(every_lay_is_free_and_of_its_length),
		cmocka_unit_test(january_weighs_12_and_december_1),
		cmocka_unit_test(runs_are_written_with_a_dash),
		cmocka_unit_test(a_list_is_read_as_it_is_written_and_in_other_ways),
		cmocka_unit_test(what_is_no_list_of_months_is_none),
	};

	return cmocka_run_group_tests_name("model/months", tests, NULL, NULL);
}
