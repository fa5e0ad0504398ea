#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/yearwalk.h"

/* What is set aside of all years, and told of these batches. */
static void run_batches(struct year *y, const int64_t *batches, size_t count)
{
	struct pen_yearwalk_years years = { .count = 0 };
	struct fixture *f = y->f;
	size_t i;

	y->count = 0;
	assert_ok(pen_yearwalk__years(store_of(f), &years, &f->error));
	assert_int_equal(years.count, 1);
	for (i = 0; i < years.count; i++)
		assert_ok(pen_yearwalk__year(&y->walk, &(struct pen_yearwalk){ .batches = batches, .count = count },
		    years.year[i], NULL, &f->error));
	pen_yearwalk__free(&years);
}

static void run(struct year *y)
{
	run_batches(y, NULL, 0);
}

/* Person 302, of the second employer, has the row of person 9 of the first too. */
static void work_twice(struct year *y)
{
	break_in(y, "UPDATE contribution SET person = 9 WHERE person = 302");
}

static void what_came_in_without_a_review_is_clean(void **state)
{
	struct year *y = *state;

	run(y);
	assert_clean(y);
}

static void somebody_in_two_places_is_named_once_with_the_other_place(void **state)
{
	struct year *y = *state;
	char code[19];

	credit_code(1, code);
	work_twice(y);
	run(y);
	assert_int_equal(y->count, 2);
	assert_string_equal(y->at[0].rule, "person.elsewhere");
	assert_string_equal(y->at[0].found, "months 1-12 of 2023");
	assert_non_null(strstr(y->at[0].expected, code));
	assert_non_null(strstr(y->at[0].record, "王8"));
	assert_int_equal(y->at[0].line, 303);
	assert_string_equal(y->at[1].rule, "months.total");
	assert_string_equal(y->at[1].found, "24 months in 2 forms");
	assert_non_null(strstr(y->at[1].record, "王8"));
}

/* A thirteenth month within one form, and arrears, which are none of the year's own. */
static void months_are_counted_over_all_rows_of_the_year(void **state)
{
	static const char more[] = "INSERT INTO contribution SELECT folio, person, 9999, 2, %d, base_fen, 1, 0, "
	    "unit_fen, personal_fen, for_year, arrived, voucher FROM contribution WHERE person = %d";
	struct year *y = *state;
	char sql[300];

	snprintf(sql, sizeof(sql), more, 1, 9);
	break_in(y, sql);
	snprintf(sql, sizeof(sql), more, 2, 10);
	break_in(y, sql);
	run(y);
	assert_int_equal(y->count, 1);
	assert_string_equal(finding(y, "months.total")->found, "13 months in 1 forms");
}

static void what_was_let_in_by_a_decision_is_not_found(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;

	work_twice(y);
	tamper(f, "INSERT INTO hold (folio, rule, at, found, expected, ended_at, decision, reason)"
	    " SELECT MAX(id), 'person.elsewhere', 5, 'a', 'b', 6, 'released', 'c' FROM folio WHERE batch = 4");
	run(y);
	assert_int_equal(y->count, 1);
	finding(y, "months.total");
	/* One that was turned down let nothing in. */
	tamper(f, "UPDATE hold SET decision = 'rejected'");
	run(y);
	assert_int_equal(y->count, 2);
	finding(y, "person.elsewhere");
}

static void who_left_for_good_in_the_year_is_found_by_how_many_months_there_are(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;

	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (90, 9, 'movement', 1, 0, 1, 'confirmed', 2, 0, 0, 0, 7);"
	    "INSERT INTO employment_change (folio, person, line, kind, month, since, reason) VALUES"
	    " (90, 9, 2, 'leave', 202306, 20100101, 'death'), (90, 10, 3, 'leave', 202306, 20100101, 'retirement'), (90, 11, 4, 'leave', 202306, 20100101, 'other'), (90, 12, 5, 'leave', 202312, 20100101, 'death')");
	run(y);
	assert_int_equal(y->count, 2);
	assert_string_equal(finding(y, "person.died")->expected, "no month after the death on 2023-06-30");
	assert_string_equal(finding(y, "person.retired")->expected, "no month after the retirement on 2023-06-30");
	/* Of the batches that are asked for. */
	run_batches(y, (const int64_t[]){ 3 }, 1);
	assert_clean(y);
}

static void a_row_that_was_replaced_is_in_no_place(void **state)
{
	struct year *y = *state;

	work_twice(y);
	tamper(y->f, "INSERT INTO replacement (folio, subject, line, at, by_folio, by_line)"
	    " SELECT folio, person, line, 6, folio, line FROM contribution WHERE person = 9 AND line = 10");
	run(y);
	assert_clean(y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(what_came_in_without_a_review_is_clean),
		WITH_YEAR(somebody_in_two_places_is_named_once_with_the_other_place),
		WITH_YEAR(months_are_counted_over_all_rows_of_the_year),
		WITH_YEAR(what_was_let_in_by_a_decision_is_not_found),
		WITH_YEAR(who_left_for_good_in_the_year_is_found_by_how_many_months_there_are),
		WITH_YEAR(a_row_that_was_replaced_is_in_no_place),
	};

	return cmocka_run_group_tests_name("store/yearwalk", tests, NULL, NULL);
}
