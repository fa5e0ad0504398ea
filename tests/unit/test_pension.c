#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/money.h"
#include "model/consolation.h"
#include "model/pension.h"
#include "parameters.h"

/* What the official forms rest on beyond the shipped tables. */
#define FORMS PARAMETER_HEAD \
	"wage.base,510100,,2024-01,2024-12,8079.00,yuan,form SC1,yes,\n" \
	"wage.base,510100,,2025-01,2025-12,8321.00,yuan,form SC4,yes,\n" \
	"wage.base,510100,,2023-01,2023-12,7822.00,yuan,form SC-2308,yes,\n" \
	"consolation.income,360000,,2022-01,2022-12,2818.50,yuan,DTH1,yes,\n" \
	"consolation.income,320000,,2022-01,2022-12,5015.00,yuan,DTH4,yes,\n"

struct form { const char *id, *area; struct pen_pension_case given; };

/* 50 years; 43.08 is no month's quotient by chance: months are those of the forms. */
static const struct form forms[] = {
	{ "SC1", "510100", { .retired = 202406, .age_months = 600, .paid_months = 208, .index = 8400, .index_decimals = 4, .balance_fen = 9114787 } },
	{ "SC4", "510100", { .retired = 202506, .age_months = 600, .paid_months = 342, .deemed_months = 40, .index = 9350, .index_decimals = 4, .balance_fen = 15039722 } },
	{ "HN-PDS-2412", "410400", { .retired = 202412, .age_months = 600, .paid_months = 360, .deemed_months = 13, .index_decimals = 4,
	    .index = 6297, .told_index = 6050, .balance_fen = 7131026 } },
	{ "HN-ZZ-2512", "410100", { .retired = 202512, .age_months = 720, .paid_months = 372, .deemed_months = 7, .index_decimals = 4,
	    .index = 6399, .told_index = 6283, .balance_fen = 9107468, .told_extra_fen = 45351 } },
	{ "JL-2602", "220200", { .retired = 202602, .age_months = 600, .paid_months = 368, .deemed_months = 4, .index = 7500, .index_decimals = 4, .balance_fen = 11240689 } },
};

static int setup(void **state)
{
	*state = shipped_parameters(FORMS);
	return 0;
}

static int teardown(void **state)
{
	pen_parameter__free(*state);
	return 0;
}

static int64_t item_of(const struct pen_pension *pension, const char *item)
{
	if (strcmp(item, "index_wage") == 0)
		return pension->indexed_fen;
	if (strcmp(item, "basic") == 0)
		return pension->basic_fen;
	if (strcmp(item, "account") == 0)
		return pension->account_fen;
	if (strcmp(item, "transitional") == 0)
		return pension->transitional_fen;
	if (strcmp(item, "extra") == 0)
		return pension->extra_fen;
	assert_string_equal(item, "total");
	return pension->pension_fen;
}

/* id,item,inputs,expected,…: inputs may be in quotes. */
static bool read_vector(const char *line, char *id, char *item, int64_t *fen)
{
	const char *p;
	size_t n;

	if (sscanf(line, "%31[^,],%31[^,],", id, item) != 2)
		return false;
	p = line + strlen(id) + strlen(item) + 2;
	p = *p == '"' ? strchr(p + 1, '"') + 2 : strchr(p, ',') + 1;
	n = strcspn(p, ",");
	return pen_money__decimal(p, n, 2, fen) == PEN_DECIMAL_OK;
}

static void every_figure_of_the_official_forms_comes_out(void **state)
{
	char *text = text_of("tests/reference/benefit_vectors.csv"), *at = text, *line = next_line(&at), id[32], item[32];
	struct pen_pension pension;
	struct pen_error error = { 0 };
	int64_t expected;
	size_t i, met = 0;

	while ((line = next_line(&at)) != NULL) {
		if (!read_vector(line, id, item, &expected))
			continue;
		for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
			if (strcmp(forms[i].id, id) != 0)
				continue;
			assert_int_equal(pen_pension__of(&forms[i].given, *state, forms[i].area, NULL, &pension, &error), PEN_OK);
			assert_int_equal(item_of(&pension, item), expected);
			met++;
		}
	}
	assert_int_equal(met, 25);
	free(text);
}

/* The field of a line of benefit_forms.csv, in 10^-places; an empty one is 0. */
static int64_t field_of(const char *line, int column, int places)
{
	int64_t value = 0;

	while (column--)
		line += strcspn(line, ",") + 1;
	if (*line != ',')
		assert_int_equal(pen_money__decimal(line, strcspn(line, ","), places, &value), PEN_DECIMAL_OK);
	return value;
}

static struct pen_pension_case case_of(const char *line)
{
	const char *retired = strchr(strchr(line, ',') + 1, ',') + 1;

	return (struct pen_pension_case){
		.retired = (int32_t)(strtol(retired, NULL, 10) * 100 + strtol(retired + 5, NULL, 10)),
		.age_months = (int)field_of(line, 3, 0), .paid_months = (int32_t)field_of(line, 4, 0),
		.deemed_months = (int32_t)field_of(line, 5, 0), .early_months = (int32_t)field_of(line, 6, 0),
		.index = field_of(line, 7, 5), .told_index = field_of(line, 8, 5), .index_decimals = 5,
		.told_indexed_fen = field_of(line, 9, 2), .told_wage_fen = field_of(line, 10, 2), .balance_fen = field_of(line, 11, 2),
	};
}

static void further_forms_of_three_provinces_come_out_by_what_is_shipped(void **state)
{
	char *text = text_of("tests/reference/benefit_forms.csv"), *at = text, *line = next_line(&at), area[7];
	struct pen_pension_case given;
	struct pen_pension pension;
	struct pen_error error = { 0 };
	int forms_met = 0;

	while ((line = next_line(&at)) != NULL) {
		given = case_of(line);
		snprintf(area, sizeof(area), "%.6s", strchr(line, ',') + 1);
		assert_int_equal(pen_pension__of(&given, *state, area, NULL, &pension, &error), PEN_OK);
		assert_int_equal(pension.basic_fen, field_of(line, 12, 2));
		assert_int_equal(pension.account_fen, field_of(line, 13, 2));
		assert_int_equal(pension.transitional_fen, field_of(line, 14, 2));
		assert_int_equal(pension.extra_fen, field_of(line, 15, 2));
		assert_int_equal(pension.pension_fen, field_of(line, 16, 2));
		assert_int_equal(pension.provisional, given.retired > 202600);
		forms_met++;
	}
	assert_int_equal(forms_met, 10);
	free(text);
}

static void who_paid_for_no_more_than_twenty_years_has_no_extra_in_jilin(void **state)
{
	struct pen_pension_case given = forms[4].given;
	struct pen_pension pension;
	struct pen_error error = { 0 };

	given.paid_months = 240;
	given.deemed_months = 132;
	assert_int_equal(pen_pension__of(&given, *state, "220100", NULL, &pension, &error), PEN_OK);
	assert_int_equal(pension.extra_fen, 0);
	given.paid_months = 241;
	assert_int_equal(pen_pension__of(&given, *state, "220100", NULL, &pension, &error), PEN_OK);
	assert_true(pension.extra_fen > 0);
}

/* 吉林 has 1.2 %, and 1.4 % beyond twenty years; a province may have others. */
static void the_transitional_rate_is_that_of_the_most_years_that_were_paid_for(void **state)
{
	static const struct { int32_t paid; int64_t rate; } cases[] = { { 180, 12000 }, { 181, 13000 }, { 240, 13000 }, { 241, 14000 }, { 400, 14000 } };
	struct pen_parameters *parameters = shipped_parameters(PARAMETER_HEAD
	    "transitional.rate,220100,15,,,1.3,percent,made up,yes,\ntransitional.rate,220100,20,,,1.4,percent,made up,yes,\n"
	    "transitional.rate,220100,,,,1.2,percent,made up,yes,\n");
	struct pen_pension_case given = forms[4].given;
	struct pen_pension pension;
	struct pen_error error = { 0 };
	char rate[32], wanted[48];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pen_trace trace = { .steps = 0 };

		given.paid_months = cases[i].paid;
		assert_int_equal(pen_pension__of(&given, parameters, "220100", &trace, &pension, &error), PEN_OK);
		snprintf(wanted, sizeof(wanted), " * %s%%\"}", pen_trace__decimal(cases[i].rate, 4, rate));
		assert_non_null(strstr(pen_trace__end(&trace), wanted));
		pen_trace__free(&trace);
	}
	pen_parameter__free(parameters);
}

static void steps_without_a_rate_are_refused(void **state)
{
	struct pen_pension_case given = forms[0].given;
	struct pen_pension pension;
	struct pen_error error = { 0 };

	add_text(*state, "steps", PARAMETER_HEAD "wage.base,340000,,2024-01,2024-12,8000.00,yuan,made up,yes,\n"
	    "extra.method,340000,,,,mean,text,made up,yes,\n");
	assert_int_equal(pen_pension__of(&given, *state, "340100", NULL, &pension, &error), PEN_REFUSED);
	assert_string_equal(error.code, "parameter.missing");
	assert_non_null(strstr(error.text, "extra.rate"));
}

static void a_word_that_is_no_method_is_refused_with_those_that_are(void **state)
{
	struct pen_pension_case given = forms[0].given;
	struct pen_pension pension;
	struct pen_error error = { 0 };

	add_text(*state, "word", PARAMETER_HEAD "wage.base,350000,,2024-01,2024-12,8000.00,yuan,made up,yes,\n"
	    "extra.method,350000,,,,wages,text,made up,yes,\n");
	assert_int_equal(pen_pension__of(&given, *state, "350100", NULL, &pension, &error), PEN_REFUSED);
	assert_string_equal(error.code, "parameter.value");
	assert_non_null(strstr(error.text, "wage, mean, none"));
}

static void figures_beyond_all_range_are_refused_and_do_not_wrap(void **state)
{
	struct pen_pension_case given = forms[1].given;
	struct pen_pension pension;
	struct pen_error error = { 0 };

	given.balance_fen = INT64_MAX;
	assert_int_equal(pen_pension__of(&given, *state, "510100", NULL, &pension, &error), PEN_OK);
	assert_int_equal(pension.account_fen, INT64_MAX / 195);
	given.told_indexed_fen = INT64_MAX;
	assert_int_equal(pen_pension__of(&given, *state, "510100", NULL, &pension, &error), PEN_INPUT);
	assert_string_equal(error.code, "benefit.range");
	given.told_indexed_fen = 0;
	given.balance_fen = -1;
	assert_int_equal(pen_pension__of(&given, *state, "510100", NULL, &pension, &error), PEN_INPUT);
}

static void of_a_death_the_published_cases_come_out(void **state)
{
	static const struct { const char *area; struct pen_consolation_case given; int64_t funeral, consolation; } cases[] = {
		{ "360100", { 202306, 28 * 12 + 9, 42 }, 563700, 5425613 },	/* DTH1 */
		{ "370400", { 202206, 11 * 12, -1 }, 784433, 3529950 },
		{ "370400", { 202206, 11 * 12, 300 }, 784433, 3529950 },	/* nine months at least */
		{ "320500", { 202306, 11 * 12, -1 }, 1003000, 4513500 },
	};
	struct pen_consolation out;
	struct pen_error error = { 0 };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(pen_consolation__of(&cases[i].given, *state, cases[i].area, NULL, &out, &error), PEN_OK);
		assert_int_equal(out.funeral_fen, cases[i].funeral);
		assert_int_equal(out.consolation_fen, cases[i].consolation);
	}
	/* DTH3, DTH4: eleven months of both together. */
	assert_int_equal(784433 + 3529950, 4314383);
	assert_int_equal(1003000 + 4513500, 5516500);
}

/* Three months below five years of contributions, six below ten, nine up to fifteen. */
static void of_a_death_in_service_few_years_come_to_few_months(void **state)
{
	static const struct { int32_t paid; int64_t months; } cases[] = { { 0, 3 }, { 59, 3 }, { 60, 6 }, { 119, 6 }, { 120, 9 }, { 180, 9 }, { 400, 24 } };
	struct pen_consolation out;
	struct pen_error error = { 0 };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pen_consolation_case given = { 202306, cases[i].paid, -1 };

		assert_int_equal(pen_consolation__of(&given, *state, "320500", NULL, &out, &error), PEN_OK);
		assert_int_equal(out.consolation_fen, 501500 * cases[i].months);
	}
}

static void a_death_before_the_law_is_not_worked_out_by_it(void **state)
{
	const struct pen_consolation_case given = { 202108, 200, -1 };
	struct pen_consolation out;
	struct pen_error error = { 0 };

	assert_int_equal(pen_consolation__of(&given, *state, "360100", NULL, &out, &error), PEN_REFUSED);
	assert_string_equal(error.code, "consolation.before");
}

static void a_province_without_a_method_is_refused_for_deemed_years_alone(void **state)
{
	struct pen_pension_case given = forms[0].given;
	struct pen_pension pension;
	struct pen_error error = { 0 };

	add_text(*state, "none", PARAMETER_HEAD "wage.base,330100,,2024-01,2024-12,8000.00,yuan,made up,yes,\n");
	assert_int_equal(pen_pension__of(&given, *state, "330100", NULL, &pension, &error), PEN_OK);
	given.deemed_months = 12;
	assert_int_equal(pen_pension__of(&given, *state, "330100", NULL, &pension, &error), PEN_REFUSED);
	assert_string_equal(error.code, "parameter.missing");
	assert_non_null(strstr(error.text, "transitional.method"));
}

static void shanghai_rounds_each_part_up_to_the_jiao(void **state)
{
	struct pen_pension_case given = forms[0].given;
	struct pen_pension pension;
	struct pen_error error = { 0 };

	add_text(*state, "sh", PARAMETER_HEAD "wage.base,310000,,2024-01,2024-12,8079.00,yuan,made up,yes,\n");
	assert_int_equal(pen_pension__of(&given, *state, "310100", NULL, &pension, &error), PEN_OK);
	assert_int_equal(pension.account_fen, 46750);
	assert_int_equal(pension.basic_fen % 10, 0);
}

static void the_trace_shows_each_formula_with_its_figures(void **state)
{
	struct pen_trace trace = { .steps = 0 };
	struct pen_pension pension;
	struct pen_error error = { 0 };
	const char *json;

	assert_int_equal(pen_pension__of(&forms[1].given, *state, "510100", &trace, &pension, &error), PEN_OK);
	json = pen_trace__end(&trace);
	assert_non_null(strstr(json, "\"with\":\"(8321.00 + 7780.135) / 2 * 31.83 * 1%\""));
	assert_non_null(strstr(json, "\"with\":\"150397.22 / 195\""));
	assert_non_null(strstr(json, "\"name\":\"pension\",\"rounding\":null,\"step\":\"formula\",\"value\":\"3929.92\""));
	/* The divisor is a parameter, and is shown with its table. */
	assert_non_null(strstr(json, "\"name\":\"divisor\",\"source\":"));
	assert_non_null(strstr(json, "\"table\":\"divisors\""));
	pen_trace__free(&trace);
}

static void a_parameter_of_the_trace_names_its_tables_digest(void **state)
{
	struct pen_trace trace = { .steps = 0 };
	struct pen_pension pension;
	struct pen_error error = { 0 };
	const char *json;

	assert_true(pen_parameter__name_digest(*state, "incomes", "0123abcd"));
	assert_int_equal(pen_pension__of(&forms[4].given, *state, "220100", &trace, &pension, &error), PEN_OK);
	json = pen_trace__end(&trace);
	assert_non_null(strstr(json, "\"category\":\"1\",\"digest\":\"0123abcd\",\"month\":\"2026-02\",\"name\":\"wage.base-provisional\""));
	assert_non_null(strstr(json, "\"digest\":null"));
	assert_true(pension.provisional);
	pen_trace__free(&trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_figure_of_the_official_forms_comes_out),
		cmocka_unit_test(further_forms_of_three_provinces_come_out_by_what_is_shipped),
		cmocka_unit_test(who_paid_for_no_more_than_twenty_years_has_no_extra_in_jilin),
		cmocka_unit_test(the_transitional_rate_is_that_of_the_most_years_that_were_paid_for),
		cmocka_unit_test(steps_without_a_rate_are_refused),
		cmocka_unit_test(a_word_that_is_no_method_is_refused_with_those_that_are),
		cmocka_unit_test(figures_beyond_all_range_are_refused_and_do_not_wrap),
		cmocka_unit_test(of_a_death_the_published_cases_come_out),
		cmocka_unit_test(of_a_death_in_service_few_years_come_to_few_months),
		cmocka_unit_test(a_death_before_the_law_is_not_worked_out_by_it),
		cmocka_unit_test(a_province_without_a_method_is_refused_for_deemed_years_alone),
		cmocka_unit_test(shanghai_rounds_each_part_up_to_the_jiao),
		cmocka_unit_test(the_trace_shows_each_formula_with_its_figures),
		cmocka_unit_test(a_parameter_of_the_trace_names_its_tables_digest),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
