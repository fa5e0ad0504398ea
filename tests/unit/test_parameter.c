#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "model/parameter.h"

#define TITLES "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"

static enum pen_status add(struct pen_parameters *parameters, const char *csv, struct pen_error *error)
{
	return pen_parameter__add(parameters, "t.csv", csv, strlen(csv), error);
}

static struct pen_parameters *given(const char *csv)
{
	struct pen_parameters *parameters = pen_parameter__new();
	struct pen_error error = { 0 };

	assert_non_null(parameters);
	if (add(parameters, csv, &error) != PEN_OK)
		fail_msg("%s", error.text);
	return parameters;
}

static int64_t value(const struct pen_parameters *parameters, const char *name, const char *area,
    const char *category, int32_t month)
{
	const struct pen_parameter *p = pen_parameter__find(parameters, name, area, category, month);

	return p ? p->value : -1;
}

static void each_unit_has_its_own_decimals(void **state)
{
	struct pen_parameters *p = given(TITLES
	    "a.percent,000000,,,,2.62,percent,s,yes,\n"
	    "a.yuan,000000,,,,4986.5,yuan,s,yes,\n"
	    "a.count,000000,,,,180,count,s,yes,\n"
	    "a.fen,000000,,,,7,fen,s,yes,\n"
	    "a.part,000000,,,,0.500,fen/month,s,yes,\n"
	    "a.text,000000,,,,period,text,s,no,\n");
	const struct pen_parameter *text;

	(void)state;
	assert_int_equal(value(p, "a.percent", "330100", "", 202401), 26200);
	assert_int_equal(value(p, "a.yuan", "330100", "", 202401), 498650);
	assert_int_equal(value(p, "a.count", "330100", "", 202401), 180);
	assert_int_equal(value(p, "a.fen", "330100", "", 202401), 7);
	assert_int_equal(value(p, "a.part", "330100", "", 202401), 500);
	text = pen_parameter__find(p, "a.text", "330100", NULL, 202401);
	assert_string_equal(text->text, "period");
	assert_int_equal(text->value, 0);
	assert_string_equal(text->verified, "no");
	pen_parameter__free(p);
}

static void a_parameter_is_in_force_from_its_first_month_to_its_last(void **state)
{
	struct pen_parameters *p = given(TITLES
	    "rate,000000,employee,2019-05,,16,percent,s,V2,\n"
	    "rate,000000,employee,,2019-04,20,percent,s,V2,\n"
	    "once,000000,,2024-03,2024-03,1,count,s,yes,\n");

	(void)state;
	assert_int_equal(value(p, "rate", "330100", "employee", 201904), 200000);
	assert_int_equal(value(p, "rate", "330100", "employee", 201905), 160000);
	assert_int_equal(value(p, "rate", "330100", "employee", 199001), 200000);
	assert_int_equal(value(p, "rate", "330100", "employee", 209912), 160000);
	assert_int_equal(value(p, "once", "330100", NULL, 202402), -1);
	assert_int_equal(value(p, "once", "330100", NULL, 202403), 1);
	assert_int_equal(value(p, "once", "330100", NULL, 202404), -1);
	pen_parameter__free(p);
}

static void the_narrowest_area_goes_before_the_wider(void **state)
{
	struct pen_parameters *p = given(TITLES
	    "x,000000,,,,1,count,s,yes,\n"
	    "x,330000,,,,2,count,s,yes,\n"
	    "x,330100,,,,3,count,s,yes,\n"
	    "x,330106,,2024-01,2024-12,4,count,s,yes,\n");

	(void)state;
	assert_int_equal(value(p, "x", "330106", NULL, 202406), 4);
	assert_int_equal(value(p, "x", "330106", NULL, 202506), 3);	/* its own has ended */
	assert_int_equal(value(p, "x", "330108", NULL, 202406), 3);
	assert_int_equal(value(p, "x", "330200", NULL, 202406), 2);
	assert_int_equal(value(p, "x", "110000", NULL, 202406), 1);
	assert_int_equal(value(p, "x", "000000", NULL, 202406), 1);
	assert_int_equal(value(p, "y", "330106", NULL, 202406), -1);
	pen_parameter__free(p);
}

static void a_row_without_category_holds_for_those_that_have_none_of_their_own(void **state)
{
	struct pen_parameters *p = given(TITLES
	    "x,330000,,,,2,count,s,yes,\n"
	    "x,000000,flexible,,,1,count,s,yes,\n"
	    "x,330000,employee,,,3,count,s,yes,\n");

	(void)state;
	assert_int_equal(value(p, "x", "330100", "employee", 202401), 3);
	assert_int_equal(value(p, "x", "330100", "flexible", 202401), 2);
	assert_int_equal(value(p, "x", "110000", "flexible", 202401), 1);
	assert_int_equal(value(p, "x", "110000", "employee", 202401), -1);
	assert_int_equal(value(p, "x", "330100", NULL, 202401), 2);
	assert_int_equal(value(p, "x", "110000", "", 202401), -1);
	pen_parameter__free(p);
}

static void expect_refused(const char *csv, const char *code, long line, const char *column)
{
	struct pen_parameters *parameters = pen_parameter__new();
	struct pen_error error = { 0 };

	assert_int_equal(add(parameters, csv, &error), PEN_INPUT);
	assert_string_equal(error.code, code);
	assert_string_equal(error.file, "t.csv");
	assert_int_equal(error.line, line);
	assert_string_equal(error.column, column);
	pen_parameter__free(parameters);
}

static void a_row_that_cannot_be_is_refused_with_line_and_column(void **state)
{
	(void)state;
	expect_refused(TITLES ",000000,,,,1,count,s,yes,\n", "parameter.value", 2, "name");
	expect_refused(TITLES "x,3301,,,,1,count,s,yes,\n", "parameter.value", 2, "area");
	expect_refused(TITLES "x,33010a,,,,1,count,s,yes,\n", "parameter.value", 2, "area");
	expect_refused(TITLES "x,000000,,2024-13,,1,count,s,yes,\n", "parameter.value", 2, "valid_from");
	expect_refused(TITLES "x,000000,,2024-02,2024-01,1,count,s,yes,\n", "parameter.value", 2, "valid_to");
	expect_refused(TITLES "x,000000,,,999999,1,count,s,yes,\n", "parameter.value", 2, "valid_to");
	expect_refused(TITLES "x,000000,,,,,count,s,yes,\n", "parameter.value", 2, "value");
	expect_refused(TITLES "x,000000,,,,1.5,count,s,yes,\n", "parameter.value", 2, "value");
	expect_refused(TITLES "x,000000,,,,16%,percent,s,yes,\n", "parameter.value", 2, "value");
	expect_refused(TITLES "x,000000,,,,1,per mille,s,yes,\n", "parameter.value", 2, "unit");
	expect_refused(TITLES "x,000000,,,,1,count,,yes,\n", "parameter.value", 2, "source");
	expect_refused(TITLES "x,000000,,,,1,count,s,,\n", "parameter.value", 2, "verified");
	expect_refused(TITLES "\nx,000000,,,,1,count,s\n", "parameter.columns", 3, "");
}

static void a_table_without_its_titles_is_refused(void **state)
{
	(void)state;
	expect_refused("x,000000,,,,1,count,s,yes,\n", "parameter.value", 1, "name");
	expect_refused("", "parameter.columns", 0, "");
}

static void two_rows_for_the_same_month_are_refused(void **state)
{
	(void)state;
	expect_refused(TITLES
	    "x,000000,,2024-01,2024-06,1,count,s,yes,\n"
	    "x,000000,,2024-06,2024-12,2,count,s,yes,\n", "parameter.overlap", 3, "valid_from");
	expect_refused(TITLES
	    "x,000000,,2024-01,,1,count,s,yes,\n"
	    "x,000000,,2025-01,,2,count,s,yes,\n", "parameter.overlap", 3, "valid_from");
	pen_parameter__free(given(TITLES
	    "x,000000,,2024-01,2024-06,1,count,s,yes,\n"
	    "x,000000,a,2024-06,2024-12,2,count,s,yes,\n"
	    "x,330000,,2024-06,2024-12,2,count,s,yes,\n"));
}

static void two_tables_that_contradict_each_other_are_refused(void **state)
{
	struct pen_parameters *p = given(TITLES "x,000000,,2024-01,,1,count,s,yes,\n");
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(add(p, TITLES "y,000000,,,,1,count,s,yes,\n", &error), PEN_OK);
	assert_int_equal(add(p, TITLES "x,000000,,2023-01,2024-01,2,count,s,yes,\n", &error), PEN_INPUT);
	assert_string_equal(error.code, "parameter.overlap");
	pen_parameter__free(p);
}

static void a_byte_order_mark_and_quotes_are_read(void **state)
{
	struct pen_parameters *p = given("\xef\xbb\xbf" TITLES
	    "x,000000,,,,1,count,\"a, b\",yes,\"said \"\"so\"\"\"\r\n");

	(void)state;
	assert_string_equal(pen_parameter__find(p, "x", "000000", NULL, 202401)->source, "a, b");
	pen_parameter__free(p);
}

/* ------------------------------------------------- the tables we ship -- */

static struct pen_parameters *shipped(void)
{
	static const char *const names[] = { "interest", "rates", "bases", "policy" };
	struct pen_parameters *parameters = pen_parameter__new();
	struct pen_error error = { 0 };
	char path[512], *csv;
	size_t i, n;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/share/params/%s.csv", PEN_SOURCE, names[i]);
		assert_int_equal(pen_file__load(path, 1 << 20, &csv, &n, &error), PEN_OK);
		if (pen_parameter__add(parameters, names[i], csv, n, &error) != PEN_OK)
			fail_msg("%s:%ld: %s: %s", error.file, error.line, error.column, error.text);
		pen_memory__free(csv);
	}
	return parameters;
}

/* The witness: the rates as 人社部 has published them, 2016 to 2025. */
static void the_shipped_interest_is_what_was_published_and_no_more(void **state)
{
	static const int64_t published[] = {
		83100, 71200, 82900, 76100, 60400, 66900, 61200, 39700, 26200, 15000
	};
	struct pen_parameters *p = shipped();
	int32_t i;

	(void)state;
	for (i = 0; i < 10; i++) {
		assert_int_equal(value(p, PEN_ACCOUNT_INTEREST, "330100", NULL, (2016 + i) * 100 + 1), published[i]);
		assert_int_equal(value(p, PEN_ACCOUNT_INTEREST, "330100", NULL, (2016 + i) * 100 + 12), published[i]);
	}
	assert_null(pen_parameter__find(p, PEN_ACCOUNT_INTEREST, "330100", NULL, 201512));
	assert_null(pen_parameter__find(p, PEN_ACCOUNT_INTEREST, "330100", NULL, 202601));
	pen_parameter__free(p);
}

static void the_shipped_rates_change_in_may_2019(void **state)
{
	struct pen_parameters *p = shipped();

	(void)state;
	assert_int_equal(value(p, PEN_RATE_UNIT, "330106", "employee", 201904), 200000);
	assert_int_equal(value(p, PEN_RATE_UNIT, "330106", "employee", 201905), 160000);
	assert_int_equal(value(p, PEN_RATE_PERSONAL, "330106", "employee", 202401), 80000);
	assert_int_equal(value(p, PEN_RATE_PERSONAL, "330106", "employee", 200512), -1);
	assert_int_equal(value(p, PEN_RATE_UNIT, "330106", "flexible", 202401), 120000);
	assert_int_equal(value(p, PEN_RATE_PERSONAL, "330106", "flexible", 202401), 80000);
	pen_parameter__free(p);
}

static void the_shipped_bases_hold_for_their_base_year_alone(void **state)
{
	struct pen_parameters *p = shipped();

	(void)state;
	assert_int_equal(value(p, PEN_BASE_FLOOR, "330106", "", 202501), 498600);
	assert_int_equal(value(p, PEN_BASE_CAP, "330106", "", 202512), 2529900);
	assert_int_equal(value(p, PEN_BASE_CAP, "330106", "", 202412), -1);
	assert_int_equal(value(p, PEN_BASE_CAP, "330106", "", 202601), -1);
	assert_int_equal(value(p, PEN_BASE_FLOOR, "440106", "", 202507), 551000);
	assert_int_equal(value(p, PEN_BASE_FLOOR, "440300", "", 202507), 477500);
	assert_int_equal(value(p, PEN_BASE_FLOOR, "440300", "", 202506), -1);
	assert_int_equal(value(p, PEN_BASE_FLOOR, "230100", "", 202507), -1);
	pen_parameter__free(p);
}

static void the_shipped_policy_allows_half_a_fen_a_month(void **state)
{
	struct pen_parameters *p = shipped();

	(void)state;
	assert_int_equal(value(p, PEN_SHARE_TOLERANCE, "330106", "", 202501), 500);
	assert_string_equal(pen_parameter__find(p, PEN_CREDIT_MONTH, "330106", NULL, 202501)->text, "period");
	pen_parameter__free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_unit_has_its_own_decimals),
		cmocka_unit_test(a_parameter_is_in_force_from_its_first_month_to_its_last),
		cmocka_unit_test(the_narrowest_area_goes_before_the_wider),
		cmocka_unit_test(a_row_without_category_holds_for_those_that_have_none_of_their_own),
		cmocka_unit_test(a_row_that_cannot_be_is_refused_with_line_and_column),
		cmocka_unit_test(a_table_without_its_titles_is_refused),
		cmocka_unit_test(two_rows_for_the_same_month_are_refused),
		cmocka_unit_test(two_tables_that_contradict_each_other_are_refused),
		cmocka_unit_test(a_byte_order_mark_and_quotes_are_read),
		cmocka_unit_test(the_shipped_interest_is_what_was_published_and_no_more),
		cmocka_unit_test(the_shipped_rates_change_in_may_2019),
		cmocka_unit_test(the_shipped_bases_hold_for_their_base_year_alone),
		cmocka_unit_test(the_shipped_policy_allows_half_a_fen_a_month),
	};

	return cmocka_run_group_tests_name("model/parameter", tests, NULL, NULL);
}
