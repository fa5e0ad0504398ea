#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/periodwalk.h"

/* What is found after this was done behind the tools' back. */
static void run_of(struct year *y, const int64_t *of, const char *sql)
{
	struct fixture *f = y->f;
	struct pen_periods *periods;

	if (sql)
		break_in(y, sql);
	y->count = 0;
	assert_ok(pen_periods__open(&periods, &y->walk, &f->error));
	assert_ok(pen_periodwalk__run(&y->walk, periods, of, of ? 1 : 0, &f->error));
	pen_periods__close(periods);
}

static void run(struct year *y, const char *sql)
{
	run_of(y, NULL, sql);
}

static void assert_found(struct year *y, size_t i, const char *found, const char *expected)
{
	assert_true(i < y->count);
	assert_string_equal(y->at[i].rule, "employment.told");
	assert_string_equal(y->at[i].found, found);
	assert_string_equal(y->at[i].expected, expected);
}

static void registrations_tell_of_the_periods_that_there_are(void **state)
{
	struct year *y = *state;

	run(y, NULL);
	assert_clean(y);
}

static void a_period_that_is_gone_and_one_that_nobody_told_of_are_both_found(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE employment SET since = 20090101 WHERE person = 3");
	assert_int_equal(y->count, 2);
	assert_non_null(strstr(y->at[0].record, "person number 3, employer number 1"));
	assert_found(y, 0, "a period since 20090101", "a registration or a change that tells of it");
	assert_found(y, 1, "no period since 20100101", "the period of the registration or the change");
	run(y, "DELETE FROM employment WHERE person = 302");
	assert_int_equal(y->count, 3);
	run(y, "INSERT INTO employment VALUES (-4, 1, 20100101, NULL, 1), (5, 99999999999, 20100101, NULL, 1)");
	assert_int_equal(y->count, 5);
}

static void an_end_that_no_form_told_of_is_found(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE employment SET until = 20231231 WHERE person = 3");
	assert_int_equal(y->count, 1);
	assert_found(y, 0, "a period since 20100101, with an end on 20231231", "a period without an end, as it was registered");
}

/* What is kept and what told of it are read one after the other. */
static void what_came_in_while_it_was_verified_is_left_alone(void **state)
{
	struct year *y = *state;
	const int64_t size = y->walk.size;

	y->walk.size = 1;	/* it began when there was the store's first entry alone */
	run(y, "DELETE FROM employment WHERE person = 3");
	assert_clean(y);
	y->walk.size = size;
	run(y, NULL);
	assert_int_equal(y->count, 1);
}

/* A folio of changes: one joins, one leaves in a leap February, one moves in January. */
static void changes_begin_and_end_periods(void **state)
{
	struct year *y = *state;

	run(y, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (90, 9, 'movement', 1, 0, 1, 'confirmed', 3, 0, 0, 0, 7);"
	    "INSERT INTO employment_change (folio, person, line, kind, month, since, to_employer) VALUES"
	    " (90, 9, 2, 'join', 202401, 20240101, NULL), (90, 10, 3, 'leave', 202402, 20100101, NULL), (90, 11, 4, 'move', 202401, 20100101, 2);"
	    "INSERT INTO employment VALUES (9, 1, 20240101, NULL, 90), (10, 1, 20100101, 20240229, 90),"
	    " (11, 1, 20100101, 20231231, 90), (11, 2, 20240101, NULL, 90)");
	assert_clean(y);
	run(y, "UPDATE employment SET until = 20240228 WHERE person = 10 AND folio = 90");
	assert_int_equal(y->count, 1);
	assert_found(y, 0, "a period since 20100101, with an end on 20240228", "a period with an end on 20240229");
	run(y, "DELETE FROM employment WHERE person = 11 AND employer = 2");
	assert_int_equal(y->count, 2);
	assert_found(y, 1, "no period since 20240101", "the period of the registration or the change");
}

/* What one form brought and another door again: two folios, one day. A later day is
 * another registration, and what was replaced is none. */
static void a_registration_that_is_there_twice_is_found(void **state)
{
	static const char again[] = "INSERT INTO registration SELECT 90, person, %d, id_number, name, sex, born, %s, worked_on, status, payer,"
	    " base_fen, basis, deemed_months FROM registration WHERE person = %d AND folio <> 90;";
	struct year *y = *state;
	char sql[1600];
	int n;

	n = snprintf(sql, sizeof(sql), "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen,"
	    " amount_fen, confirmed_at) VALUES (90, 9, 'registration', 1, 0, 1, 'confirmed', 3, 0, 0, 0, 7);");
	n += snprintf(sql + n, sizeof(sql) - (size_t)n, again, 9001, "insured_on", 9);
	n += snprintf(sql + n, sizeof(sql) - (size_t)n, again, 9002, "20110101", 10);
	n += snprintf(sql + n, sizeof(sql) - (size_t)n, again, 9003, "insured_on", 11);
	snprintf(sql + n, sizeof(sql) - (size_t)n, "INSERT INTO replacement VALUES (90, 11, 9003, 3, 90, 9003)");
	y->walk.rule = "registration.repeated";
	run(y, sql);
	assert_int_equal(y->count, 1);
	assert_non_null(strstr(y->at[0].record, "王8"));
	assert_non_null(strstr(y->at[0].found, "2 since 20100101, the first in folio "));
	assert_non_null(strstr(y->at[0].found, ", the last in folio 90"));
	assert_int_equal(y->at[0].batch, 9);
	run_of(y, &(const int64_t){ 9 }, NULL);
	assert_int_equal(y->count, 1);
	run_of(y, &(const int64_t){ 2 }, NULL);
	assert_int_equal(y->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(registrations_tell_of_the_periods_that_there_are),
		WITH_YEAR(a_period_that_is_gone_and_one_that_nobody_told_of_are_both_found),
		WITH_YEAR(an_end_that_no_form_told_of_is_found),
		WITH_YEAR(what_came_in_while_it_was_verified_is_left_alone),
		WITH_YEAR(changes_begin_and_end_periods),
		WITH_YEAR(a_registration_that_is_there_twice_is_found),
	};

	return cmocka_run_group_tests_name("store/periodwalk", tests, NULL, NULL);
}
