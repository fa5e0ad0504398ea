#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/yearwalk.h"

/* What the years come to beside the periods, after this was done behind the tools' back. */
static void run(struct year *y, const char *sql)
{
	struct pen_yearwalk_years years;
	struct pen_yearwalk_left left[8] = { 0 };
	struct pen_gapwalk *gaps[8];
	struct fixture *f = y->f;
	struct pen_periods *periods;
	size_t i;

	if (sql)
		break_in(y, sql);
	y->count = 0;
	y->walk.rule = "contribution.gaps,contribution.entry";
	assert_ok(pen_periods__open(&periods, &y->walk, &f->error));
	assert_ok(pen_yearwalk__years(store_of(f), &years, &f->error));
	for (i = 0; i < years.count; i++) {
		assert_ok(pen_yearwalk__year(&y->walk, &(struct pen_yearwalk){ .periods = periods }, years.year[i], &left[i], &f->error));
		gaps[i] = left[i].gaps;
	}
	assert_ok(pen_gapwalk__run(&y->walk, gaps, years.count, &f->error));
	for (i = 0; i < years.count; i++)
		pen_yearwalk__drop(&left[i]);
	pen_yearwalk__free(&years);
	pen_periods__close(periods);
}

static void assert_found(struct year *y, size_t i, const char *rule, const char *found, const char *expected)
{
	assert_true(i < y->count);
	assert_string_equal(y->at[i].rule, rule);
	assert_string_equal(y->at[i].found, found);
	assert_string_equal(y->at[i].expected, expected);
}

static void whoever_has_paid_all_months_has_no_gap(void **state)
{
	struct year *y = *state;

	run(y, NULL);
	assert_clean(y);
}

static void months_that_are_missing_are_told_by_person_and_year(void **state)
{
	struct year *y = *state;
	char id[19], record[64];

	run(y, "UPDATE contribution SET months = 4088 WHERE person = 9; DELETE FROM contribution WHERE person = 3");
	assert_int_equal(y->count, 2);
	citizen_id(2, id);
	snprintf(record, sizeof(record), "person %s year 2023", id);
	assert_string_equal(y->at[0].record, record);
	assert_found(y, 0, "contribution.gaps", "0 months paid", "12 months employed");
	assert_found(y, 1, "contribution.gaps", "9 months paid", "12 months employed");
}

/* Arrears that are on a form of another year fill the gap of their own. */
static void arrears_count_for_the_year_that_they_are_for(void **state)
{
	struct year *y = *state;

	break_in(y, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (90, 4, 'breakdown', 1, 2022, 1, 'confirmed', 1, 0, 0, 0, 7)");
	y->walk.rule = "contribution.gaps";
	run(y, "DELETE FROM contribution WHERE person <> 9; DELETE FROM employment WHERE person <> 9;"
	    "UPDATE contribution SET kind = 2, for_year = 2022 WHERE person = 9");
	assert_int_equal(y->count, 1);
	assert_found(y, 0, "contribution.gaps", "0 months paid", "12 months employed");
	assert_non_null(strstr(y->at[0].record, "year 2023"));
	run(y, "INSERT INTO contribution SELECT folio, person, 9999, 2, 2, base_fen, 63, 0, 0, 0, 2023, NULL, NULL FROM contribution WHERE person = 9");
	assert_found(y, 0, "contribution.gaps", "6 months paid", "12 months employed");
}

static void nobody_is_missed_before_they_joined_after_they_left_or_once_retired(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE contribution SET months = 63 WHERE person IN (9, 10, 11);"	/* January to June */
	    "UPDATE employment SET until = 20230630 WHERE person = 9;"
	    "INSERT INTO employment SELECT person, employer, since, 20230630, folio + 1 FROM employment WHERE person = 10;"
	    "INSERT INTO retirement (folio, person, line, id_number, name, sex, born, retired_on, basis)"
	    " VALUES (1, 11, 1, '', '', 1, 19600101, 20230630, 'approval-form');"
	    "UPDATE contribution SET months = 4032 WHERE person = 12; UPDATE employment SET since = 20230701 WHERE person = 12");
	assert_clean(y);
	run(y, "UPDATE employment SET until = 20230731 WHERE person IN (9, 10) AND until IS NOT NULL");
	assert_int_equal(y->count, 2);
	assert_found(y, 0, "contribution.gaps", "6 months paid", "7 months employed");
}

/* What no form of an employer's year is there of, nobody can be on. */
static void years_without_a_form_of_the_employer_are_none(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE employment SET employer = 7 WHERE person = 9; DELETE FROM contribution WHERE person = 9");
	assert_clean(y);
	run(y, "UPDATE folio SET state = 'replaced', ended_at = 8 WHERE form = 'breakdown' AND employer = 2");
	assert_clean(y);
}

static void a_row_that_was_replaced_is_no_months(void **state)
{
	struct year *y = *state;

	run(y, "INSERT INTO replacement SELECT folio, person, line, 3, folio, line FROM contribution WHERE person = 9");
	assert_int_equal(y->count, 1);
	assert_found(y, 0, "contribution.gaps", "0 months paid", "12 months employed");
}

static void a_month_before_anybody_told_of_the_person_is_found(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE employment SET since = 20230301 WHERE person = 9");
	assert_int_equal(y->count, 1);
	assert_found(y, 0, "contribution.entry", "month 202301", "insured since 20230301");
	assert_int_equal(y->at[0].batch, 4);
	assert_int_equal(y->at[0].line, 10);
	/* Two months that may lie anywhere can lie behind it; eleven cannot. */
	run(y, "UPDATE contribution SET months = 3, months_assumed = 1 WHERE person = 9");
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].rule, "contribution.gaps");
	run(y, "UPDATE contribution SET months = 2047 WHERE person = 9");
	assert_found(y, 0, "contribution.entry", "month 202302", "insured since 20230301");
}

/* One number beyond all others, one below, and one that no day can be. */
static void periods_that_cannot_be_are_no_reason_to_stop(void **state)
{
	struct year *y = *state;

	run(y, "INSERT INTO employment VALUES (4000000000, 1, 20100101, NULL, 1), (-4, 1, 20100101, NULL, 1),"
	    " (5, 1, 99999999999, NULL, 1), (6, 99999999999, 20100101, NULL, 1)");
	assert_clean(y);
}

static void a_year_that_could_not_be_read_is_not_said_to_be_whole(void **state)
{
	struct pen_gapwalk *gaps[1] = { NULL };
	struct year *y = *state;
	struct fixture *f = y->f;

	assert_ok(pen_gapwalk__run(&y->walk, gaps, 1, &f->error));
	assert_int_equal(y->walk.not_made, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(whoever_has_paid_all_months_has_no_gap),
		WITH_YEAR(months_that_are_missing_are_told_by_person_and_year),
		WITH_YEAR(arrears_count_for_the_year_that_they_are_for),
		WITH_YEAR(nobody_is_missed_before_they_joined_after_they_left_or_once_retired),
		WITH_YEAR(years_without_a_form_of_the_employer_are_none),
		WITH_YEAR(a_row_that_was_replaced_is_no_months),
		WITH_YEAR(a_month_before_anybody_told_of_the_person_is_found),
		WITH_YEAR(periods_that_cannot_be_are_no_reason_to_stop),
		WITH_YEAR(a_year_that_could_not_be_read_is_not_said_to_be_whole),
	};

	return cmocka_run_group_tests_name("store/gapwalk", tests, NULL, NULL);
}
