#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/career.h"
#include "parameters.h"

#define ALL 0xfff
#define WAGES PARAMETER_HEAD \
	"wage.average,330100,,2018-01,2018-12,3000.00,yuan,made up,yes,\n" \
	"wage.average,330100,,2019-01,2019-12,7000.00,yuan,made up,yes,\n" \
	"wage.average,330100,,2020-01,2020-12,3000.00,yuan,made up,yes,\n"

static int setup(void **state)
{
	*state = shipped_parameters(WAGES);
	return 0;
}

static int teardown(void **state)
{
	pen_parameter__free(*state);
	return 0;
}

static struct pen_career_sum sum_of(void **state, const char *area, const struct pen_career *career)
{
	struct pen_career_sum sum;
	struct pen_error error = { 0 };

	assert_int_equal(pen_career__sum(career, *state, area, 202501, NULL, &sum, &error), PEN_OK);
	return sum;
}

static void a_base_goes_by_the_wage_of_the_year_before(void **state)
{
	const struct pen_career_span span[] = { { 2019, ALL, 240000 }, { 2020, ALL, 700000 } };
	const struct pen_career career = { .span = span, .spans = 2, .since = 0, .until = 0 };
	struct pen_career_sum sum = sum_of(state, "330100", &career);

	assert_int_equal(sum.paid_months, 24);
	assert_int_equal(sum.index, 9000);	/* (0.8 + 1.0) / 2 */
}

/* 1/3 and 2/3 of a wage: their sum is whole, which no number of digits shows. */
static void an_index_that_lies_on_the_half_is_rounded_up(void **state)
{
	const struct pen_career_span span[] = { { 2019, 1, 100000 }, { 2021, 1, 200000 + 90 } };
	const struct pen_career career = { .span = span, .spans = 2, .since = 0, .until = 0 };

	/* (1/3 + 2/3 + 0.0003) / 2 = 0.50015: to four decimals 0.5002. */
	assert_int_equal(sum_of(state, "330100", &career).index, 5002);
}

/* 100 months at 0.812345, and 24 at 0.8 and 1: once rounded, 103.2345... / 124. */
static void months_of_before_the_store_count_with_their_average(void **state)
{
	const struct pen_career_span span[] = { { 2019, ALL, 240000 }, { 2020, ALL, 700000 } };
	const struct pen_career career = { .span = span, .spans = 2, .opened_months = 100, .opened_until = 201812, .opened_index = 812345 };
	struct pen_career_sum sum = sum_of(state, "330100", &career);

	assert_int_equal(sum.paid_months, 124);
	assert_int_equal(sum.index, 8293);	/* (81.2345 + 9.6 + 12) / 124 = 0.82931 */
}

static void nothing_but_an_opening_is_a_career(void **state)
{
	const struct pen_career career = { .opened_months = 200, .opened_until = 201812, .opened_index = 812350 };
	struct pen_career_sum sum = sum_of(state, "330100", &career);

	assert_int_equal(sum.paid_months, 200);
	assert_int_equal(sum.index, 8124);	/* half up */
}

/* Sichuan counts months of before 1996 like deemed ones. */
static void how_many_months_of_an_opening_are_early_is_not_guessed(void **state)
{
	struct pen_career career = { .opened_months = 200, .opened_until = 201812, .opened_index = 812350, .since = 199001, .until = 202412 };
	struct pen_career_sum sum;
	struct pen_error error = { 0 };

	assert_int_equal(pen_career__sum(&career, *state, "510100", 202501, NULL, &sum, &error), PEN_REFUSED);
	assert_string_equal(error.code, "career.early");
	career.since = 199601;
	assert_int_equal(pen_career__sum(&career, *state, "510100", 202501, NULL, &sum, &error), PEN_OK);
	assert_int_equal(sum.early_months, 0);
}

static void gaps_count_as_nothing_where_the_province_says_so(void **state)
{
	const struct pen_career_span span[] = { { 2019, 0x03f, 300000 }, { 2021, 0xfc0, 300000 } };
	const struct pen_career career = { .span = span, .spans = 2, .since = 201901, .until = 202112 };
	struct pen_career_sum sum = sum_of(state, "330100", &career);

	assert_int_equal(sum.gap_months, 24);
	assert_int_equal(sum.index, 10000);
	add_text(*state, "beijing", PARAMETER_HEAD "wage.average,110100,,2018-01,2020-12,3000.00,yuan,made up,yes,\n");
	assert_int_equal(sum_of(state, "110100", &career).index, 3333);
}

/* 四川: what was paid for before 1996 counts for the transitional pension too. */
static void months_paid_for_before_there_were_accounts_are_counted_apart(void **state)
{
	const struct pen_career_span span[] = { { 1994, 0xe00, 50000 }, { 1995, ALL, 50000 }, { 1996, ALL, 50000 } };
	const struct pen_career career = { .span = span, .spans = 3, .since = 0, .until = 0 };
	struct pen_career_sum sum = sum_of(state, "510100", &career);

	assert_int_equal(sum.paid_months, 27);
	assert_int_equal(sum.early_months, 15);
	assert_int_equal(sum.decimals, 3);
	assert_int_equal(sum_of(state, "410100", &(const struct pen_career){ .span = span + 2, .spans = 1 }).early_months, 0);
}

static void a_year_without_a_wage_is_refused_and_named(void **state)
{
	const struct pen_career_span span[] = { { 2018, ALL, 240000 } };
	const struct pen_career career = { .span = span, .spans = 1, .since = 0, .until = 0 };
	struct pen_career_sum sum;
	struct pen_error error = { 0 };

	assert_int_equal(pen_career__sum(&career, *state, "330100", 202501, NULL, &sum, &error), PEN_REFUSED);
	assert_string_equal(error.code, "parameter.missing");
	assert_non_null(strstr(error.text, "2017-12"));
}

static void a_month_that_is_there_twice_is_refused(void **state)
{
	const struct pen_career_span span[] = { { 2019, 0x00f, 240000 }, { 2019, 0x008, 240000 } };
	const struct pen_career career = { .span = span, .spans = 2, .since = 0, .until = 0 };
	struct pen_career_sum sum;
	struct pen_error error = { 0 };

	assert_int_equal(pen_career__sum(&career, *state, "330100", 202501, NULL, &sum, &error), PEN_INPUT);
	assert_string_equal(error.code, "career.months");
}

static void the_trace_names_each_year_and_its_wage(void **state)
{
	const struct pen_career_span span[] = { { 2019, ALL, 240000 }, { 2020, ALL, 700000 } };
	const struct pen_career career = { .span = span, .spans = 2, .since = 0, .until = 0 };
	struct pen_trace trace = { .steps = 0 };
	struct pen_career_sum sum;
	struct pen_error error = { 0 };
	const char *json;

	assert_int_equal(pen_career__sum(&career, *state, "330100", 202501, &trace, &sum, &error), PEN_OK);
	json = pen_trace__end(&trace);
	assert_non_null(strstr(json, "\"with\":\"12 * 2400.00 / 3000.00\""));
	assert_non_null(strstr(json, "\"month\":\"2019-12\""));
	assert_non_null(strstr(json, "\"name\":\"index\",\"rounding\":\"half up, 4 decimals\",\"step\":\"formula\",\"value\":\"0.9\""));
	pen_trace__free(&trace);
}

static void refused(void **state, const struct pen_career *career, enum pen_status status, const char *code, const char *says)
{
	struct pen_career_sum sum;
	struct pen_error error = { 0 };

	assert_int_equal(pen_career__sum(career, *state, "330100", 202501, NULL, &sum, &error), status);
	assert_string_equal(error.code, code);
	assert_non_null(strstr(error.text, says));
}

static void a_career_without_a_month_and_a_wage_of_nothing_give_no_index(void **state)
{
	const struct pen_career_span span[] = { { 2022, ALL, 240000 } };

	refused(state, &(const struct pen_career){ .spans = 0 }, PEN_REFUSED, "career.empty", "no month that was paid for");
	add_text(*state, "zero", PARAMETER_HEAD "wage.average,330100,,2021-01,2021-12,0.00,yuan,made up,yes,\n");
	refused(state, &(const struct pen_career){ .span = span, .spans = 1 }, PEN_INPUT, "career.base",
	    "2022: a base of 2400.00 and an average wage of 0.00");
}

static void what_the_province_says_has_to_be_one_of_what_can_be(void **state)
{
	const struct pen_career_span span[] = { { 2019, ALL, 240000 } };
	const struct pen_career career = { .span = span, .spans = 1 };

	add_text(*state, "until", PARAMETER_HEAD "transitional.until,330100,,,,1996,text,made up,yes,\n");
	refused(state, &career, PEN_REFUSED, "parameter.value", "transitional.until is \"1996\", expected YYYY-MM");
	add_text(*state, "gaps", PARAMETER_HEAD "index.gaps,330100,,,,half,text,made up,yes,\n");
	refused(state, &career, PEN_REFUSED, "parameter.value", "index.gaps is \"half\"");
}

static void the_month_up_to_which_months_are_early_is_in_the_trace(void **state)
{
	const struct pen_career_span span[] = { { 1995, ALL, 50000 } };
	const struct pen_career career = { .span = span, .spans = 1 };
	struct pen_trace trace = { .steps = 0 };
	struct pen_career_sum sum;
	struct pen_error error = { 0 };

	assert_int_equal(pen_career__sum(&career, *state, "510100", 202501, &trace, &sum, &error), PEN_OK);
	assert_int_equal(sum.early_months, 12);
	assert_non_null(strstr(pen_trace__end(&trace), PEN_TRANSITIONAL_UNTIL));
	pen_trace__free(&trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_base_goes_by_the_wage_of_the_year_before),
		cmocka_unit_test(an_index_that_lies_on_the_half_is_rounded_up),
		cmocka_unit_test(months_of_before_the_store_count_with_their_average),
		cmocka_unit_test(nothing_but_an_opening_is_a_career),
		cmocka_unit_test(how_many_months_of_an_opening_are_early_is_not_guessed),
		cmocka_unit_test(gaps_count_as_nothing_where_the_province_says_so),
		cmocka_unit_test(months_paid_for_before_there_were_accounts_are_counted_apart),
		cmocka_unit_test(a_year_without_a_wage_is_refused_and_named),
		cmocka_unit_test(a_month_that_is_there_twice_is_refused),
		cmocka_unit_test(the_trace_names_each_year_and_its_wage),
		cmocka_unit_test(a_career_without_a_month_and_a_wage_of_nothing_give_no_index),
		cmocka_unit_test(what_the_province_says_has_to_be_one_of_what_can_be),
		cmocka_unit_test(the_month_up_to_which_months_are_early_is_in_the_trace),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
