#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/divisor.h"
#include "parameters.h"

static int setup(void **state)
{
	*state = shipped_parameters(NULL);
	return 0;
}

static int teardown(void **state)
{
	pen_parameter__free(*state);
	return 0;
}

/* age_years,age_months,divisor,… */
static void every_month_of_age_has_the_divisor_of_the_table(void **state)
{
	char *text = text_of("tests/reference/divisors_monthly.csv"), *at = text, *line = next_line(&at);
	struct pen_error error = { 0 };
	int years, months, whole, part, rows = 0;
	int64_t tenths;

	while ((line = next_line(&at)) != NULL) {
		part = 0;
		assert_true(sscanf(line, "%d,%d,%d.%d", &years, &months, &whole, &part) >= 3);
		assert_int_equal(pen_divisor__of(*state, "510100", years * 12 + months, 202501, NULL, &tenths, &error), PEN_OK);
		assert_int_equal(tenths, whole * 10 + part);
		rows++;
	}
	assert_int_equal(rows, 361);
	free(text);
}

static void before_2025_the_whole_year_counted(void **state)
{
	struct pen_error error = { 0 };
	int64_t tenths;

	assert_int_equal(pen_divisor__of(*state, "510100", 50 * 12 + 11, 202412, NULL, &tenths, &error), PEN_OK);
	assert_int_equal(tenths, 1950);
}

static void an_age_beyond_the_table_is_refused(void **state)
{
	struct pen_error error = { 0 };
	int64_t tenths;

	assert_int_equal(pen_divisor__of(*state, "510100", 39 * 12 + 11, 202501, NULL, &tenths, &error), PEN_REFUSED);
	assert_string_equal(error.code, "divisor.age");
	assert_int_equal(pen_divisor__of(*state, "510100", 70 * 12, 202501, NULL, &tenths, &error), PEN_OK);
	assert_int_equal(pen_divisor__of(*state, "510100", 70 * 12 + 1, 202501, NULL, &tenths, &error), PEN_REFUSED);
	assert_int_equal(pen_divisor__of(*state, "510100", -1, 202501, NULL, &tenths, &error), PEN_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_month_of_age_has_the_divisor_of_the_table),
		cmocka_unit_test(before_2025_the_whole_year_counted),
		cmocka_unit_test(an_age_beyond_the_table_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
