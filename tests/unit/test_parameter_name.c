#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "parameters.h"
#include "base/money.h"

/* The row as a table of one, and what is said to it: NULL, if it can be. */
static const char *said(const char *row, struct pen_error *error)
{
	struct pen_parameters *p = pen_parameter__new();
	char csv[600];
	enum pen_status status;

	*error = (struct pen_error){ 0 };
	snprintf(csv, sizeof(csv), "%s%s\n", PARAMETER_HEAD, row);
	assert_int_equal(pen_parameter__add(p, "t", csv, strlen(csv), error), PEN_OK);
	status = pen_parameter__check(p, "t", error);
	pen_parameter__free(p);
	if (status == PEN_OK)
		return NULL;
	assert_int_equal(status, PEN_INPUT);
	assert_string_equal(error->code, "parameter.value");
	assert_string_equal(error->file, "t");
	assert_int_equal(error->line, 2);
	return error->column;
}

static void expect_fits(const char *row)
{
	struct pen_error error;

	if (said(row, &error))
		fail_msg("%s: %s", row, error.text);
}

static void expect_refused(const char *row, const char *column, const char *expected)
{
	struct pen_error error;
	const char *at = said(row, &error);

	if (!at)
		fail_msg("%s was taken", row);
	assert_string_equal(at, column);
	if (!strstr(error.text, expected))
		fail_msg("%s: %s", row, error.text);
}

static void a_way_of_working_is_one_of_its_words(void **state)
{
	static const struct { const char *name, *words; } ways[] = {
		{ "index.gaps", "paid zero" }, { "years.rounding", "hundredths exact" }, { "benefit.rounding", "fen jiao" },
		{ "transitional.method", "mean wage base none" }, { "extra.method", "wage mean none" },
		{ "divisor.months", "linear whole" }, { "retirement.minimum-year", "statutory chosen" },
		{ "account.credit-month", "period arrival" },
	};
	char row[200], words[64], *word, *rest;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		snprintf(words, sizeof(words), "%s", ways[i].words);
		for (word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
			snprintf(row, sizeof(row), "%s,000000,,,,%s,text,s,yes,", ways[i].name, word);
			expect_fits(row);
			snprintf(row, sizeof(row), "%s,000000,,,,%sx,text,s,yes,", ways[i].name, word);
			expect_refused(row, "value", ways[i].words);
		}
		snprintf(row, sizeof(row), "%s,000000,,,,%s,text,s,yes,", ways[i].name, ways[i].words);
		expect_refused(row, "value", ways[i].words);
		snprintf(row, sizeof(row), "%s,000000,,,,1,count,s,yes,", ways[i].name);
		expect_refused(row, "unit", "text");
	}
	expect_refused("index.gaps,000000,,,,Paid,text,s,yes,", "value", "paid zero");
}

static void a_wage_in_another_unit_is_not_taken_for_fen(void **state)
{
	(void)state;
	expect_fits("wage.base,330100,1,2025-01,2025-12,8433.00,yuan,s,yes,");
	expect_refused("wage.base,330100,1,2025-01,2025-12,8433,count,s,yes,", "unit", "yuan");
	expect_refused("wage.average,330100,,2025-01,2025-12,843300,fen,s,yes,", "unit", "yuan");
	expect_refused("base.floor,330100,,2025-01,2025-12,4986,text,s,yes,", "unit", "yuan");
	expect_refused("account.interest,000000,,2025-01,2025-12,2.62,yuan,s,yes,", "unit", "percent");
}

static void what_is_divided_by_or_multiplied_with_is_above_0(void **state)
{
	(void)state;
	expect_refused("divisor,000000,60,,,0,count,s,yes,", "value", "from 1 to 1200");
	expect_refused("divisor,000000,60,,,-139,count,s,yes,", "value", "from 1 to 1200");
	expect_refused("retirement.delay-step,000000,male60,,,0,count,s,yes,", "value", "from 1");
	expect_refused("transitional.rate,510000,,,,0,percent,s,yes,", "value", "from 0.0001 to 100");
	expect_refused("extra.rate,220000,20,,,-0.15,percent,s,yes,", "value", "from 0.0001 to 100");
	expect_refused("account.interest,000000,,2025-01,2025-12,0,percent,s,yes,", "value", "from 0.0001 to 100");
	expect_refused("account.interest-provisional,000000,,2026-01,,150,percent,s,I,", "value", "from 0.0001 to 100");
	expect_refused("wage.average,330100,,2025-01,2025-12,0.00,yuan,s,yes,", "value", "from 0.01 to 10000000.00");
	expect_refused("consolation.income,330100,,2025-01,2025-12,-1,yuan,s,yes,", "value", "from 0.01");
	expect_refused("index.decimals,000000,,,,9,count,s,yes,", "value", "from 0 to 8");
	/* 2020 let employers off their part. */
	expect_fits("contribution.unit,420000,employee,2020-02,2020-06,0,percent,s,V2,");
	expect_refused("contribution.unit,420000,employee,2020-02,2020-06,-16,percent,s,V2,", "value", "from 0 to 100");
	expect_fits("index.decimals,000000,,,,0,count,s,yes,");
	expect_fits("share.tolerance,000000,,,,0,fen/month,s,yes,");
}

static void days_that_are_worked_are_numbers_with_blanks_between_them(void **state)
{
	(void)state;
	expect_fits("workday.week,000000,,,,1 2 3 4 5,text,s,yes,");
	expect_fits("workday.week,330100,inspect,,,7,text,s,yes,");
	expect_fits("workday.off,000000,,2025-01,2025-01,1 28 29 30 31,text,s,yes,");
	expect_refused("workday.week,000000,,,,1 8,text,s,yes,", "value", "numbers from 1 to 7");
	expect_refused("workday.on,000000,backup,2025-01,2025-01,26,text,s,yes,", "category", "network inspect");
}

static void a_month_is_one(void **state)
{
	(void)state;
	expect_fits("retirement.delay-from,000000,male60,,,196501,count,s,yes,");
	expect_refused("retirement.delay-from,000000,male60,,,196513,count,s,yes,", "value", "196501");
	expect_refused("retirement.delay-from,000000,male60,,,196500,count,s,yes,", "value", "YYYYMM");
	expect_refused("retirement.delay-from,000000,male60,,,19650101,count,s,yes,", "value", "YYYYMM");
	expect_refused("retirement.delay-from,000000,male60,,,1965-01,text,s,yes,", "unit", "count");
	expect_fits("deemed.until,330000,,,,1997-12,text,s,V2,");
	expect_refused("deemed.until,330000,,,,in 1997,text,s,V2,", "value", "YYYY-MM");
}

static void a_category_that_nobody_would_look_for_is_refused(void **state)
{
	(void)state;
	expect_refused("contribution.unit,000000,employees,,,16,percent,s,V2,", "category", "employee flexible");
	expect_refused("retirement.age,000000,female60,,,720,count,s,V2,", "category", "male60 female55 female50");
	expect_refused("wage.base,330100,C1,2025-01,2025-12,8433.00,yuan,s,yes,", "category", "1 2");
	expect_refused("divisor,000000,60.5,,,136,count,s,yes,", "category", "whole years");
	expect_refused("divisor,000000,060,,,139,count,s,yes,", "category", "whole years");
	expect_refused("extra.rate,220000,twenty,,,0.15,percent,s,yes,", "category", "whole years");
	expect_fits("wage.base,330100,,2025-01,2025-12,8433.00,yuan,s,yes,");
	expect_fits("base.floor,440100,anything,2025-01,2025-12,4986.00,yuan,s,yes,");
}

static void other_names_are_nobodys_business(void **state)
{
	(void)state;
	expect_fits("index.gap,000000,,,,whatever,text,s,yes,");
	expect_fits("our.own,330100,x,,,-1,count,s,yes,");
}

static void the_first_line_that_cannot_be_is_told_of_that_table_alone(void **state)
{
	static const char other[] = PARAMETER_HEAD "divisor,000000,41,,,0,count,s,yes,\n";
	static const char csv[] = PARAMETER_HEAD "wage.base,330100,,2025-01,2025-12,1,yuan,s,yes,\n"
	    "index.gaps,330100,,,,none,text,s,yes,\n" "benefit.rounding,330100,,,,yuan,text,s,yes,\n";
	struct pen_parameters *p = pen_parameter__new();
	struct pen_error error = { 0 };

	(void)state;
	add_text(p, "other", other);
	add_text(p, "mine", csv);
	assert_int_equal(pen_parameter__check(p, "mine", &error), PEN_INPUT);
	assert_int_equal(error.line, 3);
	assert_string_equal(error.column, "value");
	assert_int_equal(pen_parameter__check(p, "other", &error), PEN_INPUT);
	assert_int_equal(error.line, 2);
	assert_int_equal(pen_parameter__check(p, "none", &error), PEN_OK);
	pen_parameter__free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_way_of_working_is_one_of_its_words),
		cmocka_unit_test(a_wage_in_another_unit_is_not_taken_for_fen),
		cmocka_unit_test(what_is_divided_by_or_multiplied_with_is_above_0),
		cmocka_unit_test(days_that_are_worked_are_numbers_with_blanks_between_them),
		cmocka_unit_test(a_month_is_one),
		cmocka_unit_test(a_category_that_nobody_would_look_for_is_refused),
		cmocka_unit_test(other_names_are_nobodys_business),
		cmocka_unit_test(the_first_line_that_cannot_be_is_told_of_that_table_alone),
	};

	return cmocka_run_group_tests_name("model/parameter_name", tests, NULL, NULL);
}
