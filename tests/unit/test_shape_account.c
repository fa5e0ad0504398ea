#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "shape_fixture.h"

#define ROW "credit_code=" CODE ";id_number=" WANG ";name=王敏;base=8000.00;unit=1280.00;personal=640.00;"

static void a_period_says_the_year_and_the_months(void **state)
{
	(void)state;
	open_form("breakdown");
	line(ROW "period=202401-202406");
	assert_findings("");
	assert_int_equal(shaped.period, 2024);
	assert_number(PEN_CONTRIBUTION_MONTHS, 0x3f);
	assert_number(PEN_CONTRIBUTION_MONTHS_ASSUMED, 0);
	line(ROW "period_from=2024-03-01;period_to=2024-03-31;year=2024;months=1");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_MONTHS, 0x4);
	line(ROW "year=2024;month_list=1-3,7;months=4;first_month=1");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_MONTHS, 0x47);
	line(ROW "year=2024;months=4");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_MONTHS_ASSUMED, 1);
}

static void a_period_is_within_one_year_that_is_not_ahead(void **state)
{
	(void)state;
	open_form("breakdown");
	line(ROW "period=202311-202402");
	assert_findings("period:period.range");
	line(ROW "period_from=202402;period_to=202401");
	assert_findings("period_from:period.range");
	line(ROW "period=202611-202612");
	assert_findings("period:period.range");
	line(ROW "period_from=202402");
	assert_findings("period_to:field.required");
	line(ROW "year=2024");
	assert_findings("months:field.required");
	line(ROW "months=3");
	assert_findings("year:field.required");
}

static void what_stands_beside_a_period_says_the_same(void **state)
{
	(void)state;
	open_form("breakdown");
	line(ROW "period=202401-202406;year=2023");
	assert_findings("year:period.differs");
	line(ROW "period=202401-202406;months=5");
	assert_findings("months:period.differs");
	assert_string_equal(findings.at[0].expected, "6, which the months 1-6 are");
	line(ROW "period=202401-202406;first_month=2");
	assert_findings("first_month:period.differs");
	line(ROW "period=202401-202406;month_list=1-5");
	assert_findings("month_list:period.differs");
	line(ROW "period=202401-202406;period_from=202401;period_to=202405");
	assert_findings("period:period.differs");
	line(ROW "period=202401;year=2024;for_year=2023");
	assert_int_equal(findings.count, 1);
}

static void refunds_are_negative_however_they_come(void **state)
{
	(void)state;
	open_form("breakdown");
	line("credit_code=" CODE ";id_number=" WANG ";name=王敏;base=8000.00;unit=-1280.00;personal=-640.00;period=202401");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_KIND, PEN_REFUND);
	assert_int_equal(shaped.amount_fen, -192000);
	line(ROW "period=202401;kind=退费");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_UNIT, -128000);
	assert_number(PEN_CONTRIBUTION_PERSONAL, -64000);
	assert_int_equal(shaped.amount_fen, -192000);
	line("credit_code=" CODE ";id_number=" WANG ";name=王敏;base=8000.00;unit=-1280.00;personal=640.00;period=202401");
	assert_findings("unit:amount.negative");
	line("credit_code=" CODE ";id_number=" WANG ";name=王敏;base=8000.00;unit=-1280.00;personal=-640.00;period=202401;kind=补缴");
	assert_findings("unit:amount.negative personal:amount.negative");
	/* What is expected and what to do say the same. */
	line("credit_code=" CODE ";id_number=" WANG ";name=王敏;base=8000.00;unit=-1280.00;personal=640.00;period=202401;kind=退费");
	assert_findings("personal:amount.negative");
	assert_string_equal(findings.at[0].expected, "both amounts of a refund without a sign, or both with a minus");
	assert_non_null(strstr(findings.at[0].rule->advice, "without a sign, or those of a refund all with a minus"));
	line("credit_code=" CODE ";id_number=" WANG ";name=王敏;base=8000.00;unit=-1.00;personal=0.50;period=202401;kind=补差");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_KIND, PEN_ADJUSTMENT);
	line(ROW "period=202401;kind=10");
	assert_findings("kind:choice.unknown");
}

static void arrears_are_for_the_year_of_their_period(void **state)
{
	(void)state;
	open_form("breakdown");
	line(ROW "year=2024;period=202212;kind=补缴");
	assert_findings("");
	assert_int_equal(shaped.period, 2024);
	assert_number(PEN_CONTRIBUTION_FOR_YEAR, 2022);
	assert_number(PEN_CONTRIBUTION_MONTHS, 0x800);
	line(ROW "year=2024;months=2;for_year=2022;kind=补缴");
	assert_findings("");
	assert_number(PEN_CONTRIBUTION_FOR_YEAR, 2022);
	line(ROW "year=2024;months=2;for_year=2022");
	assert_findings("year:period.differs");
	line(ROW "period=202401;kind=补缴");
	assert_findings("");
	assert_int_equal(shaped.row.v[PEN_CONTRIBUTION_FOR_YEAR].type, PEN_NULL);
}

static void months_after_a_succession_are_the_successors(void **state)
{
	(void)state;
	open_form("breakdown");
	known.succeeded_on = 20240715;
	line(ROW "period=202401-202407");
	assert_findings("");
	line(ROW "period=202401-202408");
	assert_findings("credit_code:employer.succeeded");
	assert_string_equal(findings.at[0].found, "2024-08");
	assert_string_equal(findings.at[0].expected, "employer " OTHER ", which succeeded it on 2024-07-15");
	line(ROW "period=202501");
	assert_findings("credit_code:employer.succeeded");
	line(ROW "period=202501;kind=退费");
	assert_findings("");
}

static void months_that_a_form_of_ones_own_lets_through_fit_into_a_year_all_the_same(void **state)
{
	int months;

	(void)state;
	open_form("breakdown");
	months = pen_form__field(form, "months");
	form->fields[months].has_minimum = form->fields[months].has_maximum = false;
	line(ROW "year=2024;months=13");
	assert_findings("months:month.range");
	assert_string_equal(findings.at[0].found, "13 months");
	line(ROW "year=2024;months=0");
	assert_findings("months:month.range");
	line(ROW "year=2024;months=0;first_month=3");
	assert_findings("first_month:month.range");
	assert_string_equal(findings.at[0].found, "0 months from month 3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHAPE(a_period_says_the_year_and_the_months),
		SHAPE(a_period_is_within_one_year_that_is_not_ahead),
		SHAPE(what_stands_beside_a_period_says_the_same),
		SHAPE(refunds_are_negative_however_they_come),
		SHAPE(arrears_are_for_the_year_of_their_period),
		SHAPE(months_after_a_succession_are_the_successors),
		SHAPE(months_that_a_form_of_ones_own_lets_through_fit_into_a_year_all_the_same),
	};

	return cmocka_run_group_tests_name("model/shape_account", tests, NULL, NULL);
}
