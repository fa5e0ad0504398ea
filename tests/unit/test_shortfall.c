#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/shortfall.h"
#include "parameters.h"

#define AREA "330100"
#define RATES PARAMETER_HEAD \
	"contribution.unit,000000,flexible,2006-01,2026-12,12,percent,the test,yes,\n" \
	"contribution.unit,000000,flexible,2027-01,,13,percent,the test,yes,\n" \
	"contribution.personal,000000,flexible,2006-01,,8,percent,the test,yes,\n"

static int setup(void **state)
{
	*state = shipped_parameters(RATES);
	return 0;
}

static int teardown(void **state)
{
	pen_parameter__free(*state);
	return 0;
}

static struct pen_shortfall of(void **state, const struct pen_shortfall_case *given)
{
	struct pen_shortfall shortfall;
	struct pen_error error = { 0 };

	assert_int_equal(pen_shortfall__of(given, *state, AREA, &shortfall, &error), PEN_OK);
	return shortfall;
}

static void who_has_enough_needs_no_way_out(void **state)
{
	const struct pen_shortfall_case given = { .ages = { .statutory = 202501 }, .retired = 202501, .have = 180, .balance_fen = 0 };
	struct pen_shortfall s = of(state, &given);

	assert_int_equal(s.ways, 0);
	assert_int_equal(s.missing, 0);
	assert_int_equal(s.least, 180);
}

static void who_came_in_under_the_law_pays_on_moves_or_ends_the_relation(void **state)
{
	const struct pen_shortfall_case given = { .ages = { .statutory = 202501 }, .retired = 202501, .insured = 201201, .have = 154, .balance_fen = 4512345 };
	struct pen_shortfall s = of(state, &given);
	char text[PEN_SHORTFALL_ROOM];

	assert_int_equal(s.missing, 26);
	assert_int_equal(s.ways, 3);
	assert_int_equal(s.way[0].option, PEN_SHORTFALL_PAY_ON);
	assert_int_equal(s.way[0].from, 202502);
	assert_int_equal(s.way[0].until, 202703);
	assert_int_equal(s.way[0].months, 26);
	assert_int_equal(s.way[0].benefit_from, 202704);
	assert_int_equal(s.way[0].fen, -1);
	assert_int_equal(s.way[1].option, PEN_SHORTFALL_TRANSFER);
	assert_int_equal(s.way[2].option, PEN_SHORTFALL_END);
	assert_int_equal(s.way[2].fen, 4512345);
	assert_non_null(strstr(pen_shortfall__say(&s.way[0], text), "2027-03 (26 months)"));
	assert_non_null(strstr(pen_shortfall__say(&s.way[2], text), "45123.45"));
}

/* 180 until 2029, 186 in 2030 and 192 in 2031: at 170 in 2029-08 four months more are 174,
 * twelve 186 in 2030, which are enough then. */
static void the_minimum_rises_while_somebody_pays_on(void **state)
{
	const struct pen_shortfall_case given = { .ages = { .statutory = 202908 }, .retired = 202908, .insured = 201501, .have = 170, .balance_fen = -1 };
	struct pen_shortfall s = of(state, &given);

	assert_int_equal(s.missing, 10);
	assert_int_equal(s.way[0].until, 203012);
	assert_int_equal(s.way[0].months, 16);
	assert_int_equal(s.way[0].least, 186);
	assert_int_equal(s.way[2].fen, -1);
}

/* The law: insured before 2011-07-01, and short still after five years. */
static void the_rest_at_once_is_for_those_of_before_the_law_after_five_years(void **state)
{
	struct pen_shortfall_case given = { .ages = { .statutory = 202501 }, .retired = 202501, .insured = 201106, .have = 110, .balance_fen = -1 };
	struct pen_shortfall s = of(state, &given);

	/* 2030 asks for 186; 60 months on there are 170. */
	assert_int_equal(s.ways, 4);
	assert_int_equal(s.way[1].option, PEN_SHORTFALL_PAY_AT_ONCE);
	assert_int_equal(s.way[1].from, 203001);
	assert_int_equal(s.way[1].months, 16);
	assert_int_equal(s.way[1].benefit_from, 203002);
	given.insured = 201107;
	assert_int_equal(of(state, &given).ways, 3);
	given.insured = 201106;
	given.have = 126;		/* enough by then */
	assert_int_equal(of(state, &given).ways, 3);
	/* Five years are over: now. */
	given = (struct pen_shortfall_case){ .ages = { .statutory = 201801 }, .retired = 202501, .insured = 201106, .have = 110, .balance_fen = -1 };
	s = of(state, &given);
	assert_int_equal(s.way[1].from, 202501);
	assert_int_equal(s.way[1].months, 70);
}

/* 7162 * 12 % and 8 %, as 京人社发〔2025〕11号 has them: 1432.40; from 2027 on 13 %. */
static void a_base_that_is_supposed_gives_the_amounts_at_the_rates_of_each_month(void **state)
{
	const struct pen_shortfall_case given = { .ages = { .statutory = 202610 }, .retired = 202610, .have = 177, .base_fen = 716200, .balance_fen = -1 };
	struct pen_shortfall s = of(state, &given);

	assert_int_equal(s.way[0].months, 3);
	assert_int_equal(s.way[0].fen, 2 * 143240 + 150402);
}

static void who_goes_early_moves_or_ends_the_relation_at_the_age_alone(void **state)
{
	const struct pen_shortfall_case given = { .ages = { .statutory = 202610 }, .retired = 202510, .have = 170, .balance_fen = 1 };
	struct pen_shortfall s = of(state, &given);

	assert_int_equal(s.way[0].until, 202608);
	assert_int_equal(s.way[1].from, 202610);
	assert_int_equal(s.way[2].from, 202610);
}

static void a_rate_that_is_missing_is_said(void **state)
{
	const struct pen_shortfall_case given = { .ages = { .statutory = 200501 }, .retired = 200501, .have = 170, .base_fen = 100000, .balance_fen = -1 };
	struct pen_shortfall shortfall;
	struct pen_error error = { 0 };

	assert_int_equal(pen_shortfall__of(&given, *state, AREA, &shortfall, &error), PEN_REFUSED);
	assert_string_equal(error.code, "parameter.missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_enough_needs_no_way_out),
		cmocka_unit_test(who_came_in_under_the_law_pays_on_moves_or_ends_the_relation),
		cmocka_unit_test(the_minimum_rises_while_somebody_pays_on),
		cmocka_unit_test(the_rest_at_once_is_for_those_of_before_the_law_after_five_years),
		cmocka_unit_test(a_base_that_is_supposed_gives_the_amounts_at_the_rates_of_each_month),
		cmocka_unit_test(who_goes_early_moves_or_ends_the_relation_at_the_age_alone),
		cmocka_unit_test(a_rate_that_is_missing_is_said),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
