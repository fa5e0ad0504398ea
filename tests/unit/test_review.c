#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/months.h"
#include "model/review.h"

#include <string.h>

static struct pen_findings findings;
static int asked;

static const char *where(void *context)
{
	asked++;
	return context;
}

static struct pen_row row(int32_t months, bool assumed)
{
	struct pen_row made = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };

	made.v[PEN_CONTRIBUTION_KIND] = pen_value__integer(PEN_NORMAL);
	made.v[PEN_CONTRIBUTION_MONTHS] = pen_value__integer(months);
	made.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(assumed);
	return made;
}

static void look(const struct pen_row *r, int32_t year, struct pen_ended ended, struct pen_months_elsewhere elsewhere)
{
	static char folio[] = "folio 9";

	findings.count = 0;
	asked = 0;
	pen_review__contribution(r, year, &ended, &elsewhere, where, folio, &findings);
}

static void fires(const char *rule)
{
	assert_int_equal(findings.count, 1);
	assert_string_equal(findings.at[0].rule->id, rule);
}

static const struct pen_ended none, retired = { .retired_on = 20240815 }, died = { .died_on = 20231202 };
static const struct pen_months_elsewhere nowhere;

static void months_up_to_that_of_retirement_are_fine(void **state)
{
	struct pen_row r = row(pen_months__span(1, 8), false);

	(void)state;
	look(&r, 2024, retired, nowhere);
	assert_int_equal(findings.count, 0);
	r = row(PEN_MONTHS_ALL, false);
	look(&r, 2023, retired, nowhere);
	assert_int_equal(findings.count, 0);
}

static void a_month_after_retirement_is_held(void **state)
{
	struct pen_row r = row(pen_months__span(9, 1), false);

	(void)state;
	look(&r, 2024, retired, nowhere);
	fires("person.retired");
	assert_string_equal(findings.at[0].found, "months 9 of 2024");
	assert_non_null(strstr(findings.at[0].expected, "2024-08-15"));
	r = row(pen_months__span(1, 1), false);
	look(&r, 2025, retired, nowhere);
	fires("person.retired");
}

/* A laying that runs past it is only an assumption. */
static void months_that_are_assumed_are_held_only_if_there_are_too_many(void **state)
{
	struct pen_row r = row(pen_months__span(5, 8), true);

	(void)state;
	look(&r, 2024, retired, nowhere);
	assert_int_equal(findings.count, 0);
	r = row(pen_months__span(1, 9), true);
	look(&r, 2024, retired, nowhere);
	fires("person.retired");
	assert_string_equal(findings.at[0].found, "9 months of 2024");
}

static void nobody_pays_after_death(void **state)
{
	struct pen_row r = row(pen_months__span(1, 1), false);
	struct pen_ended both = { .retired_on = 20200101, .died_on = 20231202 };

	(void)state;
	look(&r, 2024, died, nowhere);
	fires("person.died");
	look(&r, 2024, both, nowhere);
	fires("person.died");
	look(&r, 2022, both, nowhere);
	fires("person.retired");
}

static void the_same_month_at_two_employers_is_held_and_says_where(void **state)
{
	struct pen_row r = row(pen_months__span(1, 6), false);

	(void)state;
	look(&r, 2024, none, (struct pen_months_elsewhere){ pen_months__span(6, 7), 7 });
	fires("person.elsewhere");
	assert_non_null(strstr(findings.at[0].expected, "folio 9"));
	look(&r, 2024, none, (struct pen_months_elsewhere){ pen_months__span(7, 6), 6 });
	assert_int_equal(findings.count, 0);
	assert_int_equal(asked, 0);
}

/* Six here and six there can be one year, whichever way they were laid. */
static void months_only_counted_collide_when_they_are_more_than_a_year(void **state)
{
	struct pen_row r = row(pen_months__span(1, 6), true);

	(void)state;
	look(&r, 2024, none, (struct pen_months_elsewhere){ pen_months__span(1, 6), 6 });
	assert_int_equal(findings.count, 0);
	look(&r, 2024, none, (struct pen_months_elsewhere){ 0, 7 });
	fires("person.elsewhere");
}

static void arrears_and_refunds_lay_no_claim_to_months(void **state)
{
	struct pen_row r = row(PEN_MONTHS_ALL, false);

	(void)state;
	r.v[PEN_CONTRIBUTION_KIND] = pen_value__integer(PEN_REFUND);
	look(&r, 2024, died, (struct pen_months_elsewhere){ PEN_MONTHS_ALL, 12 });
	assert_int_equal(findings.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_up_to_that_of_retirement_are_fine),
		cmocka_unit_test(a_month_after_retirement_is_held),
		cmocka_unit_test(months_that_are_assumed_are_held_only_if_there_are_too_many),
		cmocka_unit_test(nobody_pays_after_death),
		cmocka_unit_test(the_same_month_at_two_employers_is_held_and_says_where),
		cmocka_unit_test(months_only_counted_collide_when_they_are_more_than_a_year),
		cmocka_unit_test(arrears_and_refunds_lay_no_claim_to_months),
	};

	return cmocka_run_group_tests_name("model/review", tests, NULL, NULL);
}
