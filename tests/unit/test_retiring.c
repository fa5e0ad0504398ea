#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/retiring.h"
#include "parameters.h"

#define AREA "510100"

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

static struct pen_retiring_ages ages_of(void **state, enum pen_retiring_category category, int32_t born)
{
	struct pen_retiring_ages ages;
	struct pen_error error = { 0 };

	assert_int_equal(pen_retiring__ages(*state, AREA, category, born, &ages, &error), PEN_OK);
	return ages;
}

static int32_t month(const char *text)
{
	return *text ? (int32_t)(strtol(text, NULL, 10) * 100 + strtol(text + 5, NULL, 10)) : 0;
}

/* category,birth_ym,statutory_years,statutory_months,statutory_retire_ym,delay_months,
 * original_retire_ym,flex_earliest_ym,flex_latest_ym,min_contrib_months_at_statutory,in_annex */
static void the_whole_table_of_ages_comes_out(void **state)
{
	char *text = text_of("tests/reference/retirement_age.csv"), *at = text, *line = next_line(&at), field[11][32];
	struct pen_retiring_ages ages;
	struct pen_error error = { 0 };
	enum pen_retiring_category category;
	int64_t least;
	int rows = 0, i, n;

	while ((line = next_line(&at)) != NULL) {
		for (i = 0; i < 11; i++) {
			n = (int)strcspn(line, ",");
			snprintf(field[i], sizeof(field[i]), "%.*s", n, line);
			line += n + (line[n] == ',');
		}
		assert_true(pen_retiring__category_named(field[0], &category));
		ages = ages_of(state, category, month(field[1]));
		assert_int_equal(ages.statutory, month(field[4]));
		assert_int_equal(ages.delay, strtol(field[5], NULL, 10));
		assert_int_equal(ages.original, month(field[6]));
		if (*field[7]) {
			assert_int_equal(ages.earliest, month(field[7]));
			assert_int_equal(ages.latest, month(field[8]));
		} else {
			assert_int_equal(ages.earliest, ages.statutory);
		}
		assert_int_equal(pen_retiring__minimum(*state, AREA, &ages, ages.statutory, &least, &error), PEN_OK);
		assert_int_equal(least, strtol(field[9], NULL, 10));
		rows++;
	}
	assert_true(rows > 500);
	free(text);
}

static void a_month_leads_back_to_whoever_is_of_age_in_it(void **state)
{
	struct pen_retiring_ages ages;
	struct pen_error error = { 0 };
	int32_t born, month, found;
	int category;

	for (category = 0; category <= PEN_RETIRING_FEMALE50; category++) {
		for (born = 196001; born <= 199001; born = pen_retiring__after(born, 1)) {
			ages = ages_of(state, (enum pen_retiring_category)category, born);
			assert_int_equal(pen_retiring__born_for(*state, AREA, (enum pen_retiring_category)category, ages.statutory, &found, &error), PEN_OK);
			assert_int_equal(found, born);
		}
	}
	/* Born 1964-12 is 60 in 2024-12, and born 1965-01 a month late: nobody in 2025-01. */
	month = 202501;
	assert_int_equal(pen_retiring__born_for(*state, AREA, PEN_RETIRING_MALE60, month, &found, &error), PEN_OK);
	assert_int_equal(found, 0);
}

static void the_first_who_are_delayed_wait_a_month(void **state)
{
	assert_int_equal(ages_of(state, PEN_RETIRING_MALE60, 19650115).statutory, 202502);
	assert_int_equal(ages_of(state, PEN_RETIRING_MALE60, 19641231).statutory, 202412);
}

static void who_is_too_early_is_told_from_when_on(void **state)
{
	struct pen_retiring_ages ages = ages_of(state, PEN_RETIRING_MALE60, 196701);
	struct pen_error error = { 0 };

	assert_int_equal(ages.statutory, 202708);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_STATUTORY, 202707, &error), PEN_REFUSED);
	assert_non_null(strstr(error.text, "2027-08"));
	assert_string_equal(error.code, "retire.age");
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_STATUTORY, 202708, &error), PEN_OK);
}

static void flexible_retirement_keeps_within_its_bounds(void **state)
{
	struct pen_retiring_ages ages = ages_of(state, PEN_RETIRING_FEMALE50, 198411);
	struct pen_error error = { 0 };

	assert_int_equal(ages.statutory, 203911);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_EARLY, 203611, &error), PEN_OK);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_EARLY, 203610, &error), PEN_REFUSED);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_EARLY, 203911, &error), PEN_REFUSED);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_LATE, 203911, &error), PEN_REFUSED);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_LATE, 204211, &error), PEN_OK);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_LATE, 204212, &error), PEN_REFUSED);
}

static void nobody_was_flexible_before_it_was_law(void **state)
{
	struct pen_retiring_ages ages = ages_of(state, PEN_RETIRING_MALE60, 196410);
	struct pen_error error = { 0 };

	assert_int_equal(ages.earliest, 202410);
	assert_int_equal(ages.latest, 202410);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_LATE, 202501, &error), PEN_REFUSED);
}

static void a_special_trade_lets_go_at_55_and_45(void **state)
{
	struct pen_error error = { 0 };
	struct pen_retiring_ages ages = ages_of(state, PEN_RETIRING_MALE60, 197003);

	assert_int_equal(ages.special, 202503);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_SPECIAL, 202502, &error), PEN_REFUSED);
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_SPECIAL, 202503, &error), PEN_OK);
	assert_int_equal(ages_of(state, PEN_RETIRING_FEMALE50, 198003).special, 202503);
	/* Who has come of age needs no trade. */
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_SPECIAL, ages.statutory, &error), PEN_REFUSED);
	assert_string_equal(error.code, "retire.route");
	/* As an exception in principle whoever is to go goes. */
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_EXCEPTION, 202502, &error), PEN_OK);
	ages.special = 0;
	assert_int_equal(pen_retiring__check(&ages, PEN_RETIRING_SPECIAL, 202503, &error), PEN_REFUSED);
	assert_string_equal(error.code, "parameter.missing");
	assert_non_null(strstr(error.text, PEN_RETIRE_SPECIAL));
}

static void whose_minimum_holds_is_not_guessed(void **state)
{
	struct pen_parameters *parameters = pen_parameter__new();
	struct pen_retiring_ages ages = ages_of(state, PEN_RETIRING_MALE60, 197001);
	struct pen_error error = { 0 };
	int64_t least;

	assert_int_equal(pen_retiring__minimum(parameters, AREA, &ages, 203001, &least, &error), PEN_REFUSED);
	assert_non_null(strstr(error.text, PEN_RETIRE_MINIMUM_YEAR));
	add_text(parameters, "own", PARAMETER_HEAD "retirement.minimum-year,000000,,,,statutory,text,made up,yes,\n"
	    "retirement.minimum,000000,,,2029-12,180,count,made up,yes,\nretirement.minimum,000000,,2030-01,,186,count,made up,yes,\n");
	/* The statutory month is 2031-05; to retire in 2029 by the year's own minimum would be 180. */
	assert_int_equal(ages.statutory, 203105);
	assert_int_equal(pen_retiring__minimum(parameters, AREA, &ages, 202904, &least, &error), PEN_OK);
	assert_int_equal(least, 186);
	pen_parameter__free(parameters);
}

static void a_woman_is_55_or_50_by_her_status_and_55_if_she_pays_herself(void **state)
{
	enum pen_retiring_category category;

	(void)state;
	assert_true(pen_retiring__category_of(2, "cadre", "employee", &category));
	assert_int_equal(category, PEN_RETIRING_FEMALE55);
	assert_true(pen_retiring__category_of(2, "worker", "employee", &category));
	assert_int_equal(category, PEN_RETIRING_FEMALE50);
	assert_true(pen_retiring__category_of(2, NULL, "flexible", &category));
	assert_int_equal(category, PEN_RETIRING_FEMALE55);
	assert_false(pen_retiring__category_of(2, NULL, "employee", &category));
	assert_true(pen_retiring__category_of(1, NULL, "employee", &category));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_table_of_ages_comes_out),
		cmocka_unit_test(a_month_leads_back_to_whoever_is_of_age_in_it),
		cmocka_unit_test(the_first_who_are_delayed_wait_a_month),
		cmocka_unit_test(who_is_too_early_is_told_from_when_on),
		cmocka_unit_test(flexible_retirement_keeps_within_its_bounds),
		cmocka_unit_test(nobody_was_flexible_before_it_was_law),
		cmocka_unit_test(a_special_trade_lets_go_at_55_and_45),
		cmocka_unit_test(whose_minimum_holds_is_not_guessed),
		cmocka_unit_test(a_woman_is_55_or_50_by_her_status_and_55_if_she_pays_herself),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
