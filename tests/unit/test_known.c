#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/known.h"
#include "store/registered.h"

static struct pen_person_facts known(struct year *y, int64_t person, int64_t folio)
{
	struct pen_person_facts facts;
	struct pen_known *all;
	struct fixture *f = y->f;

	assert_ok(pen_known__open(&all, store_of(f), &f->error));
	pen_known__find(all, person, folio, &facts);
	pen_known__close(all);
	return facts;
}

static int64_t number(struct year *y, const char *sql)
{
	struct pen_statement *s;
	struct fixture *f = y->f;
	int64_t found;
	bool row;

	assert_ok(pen_db__prepare(pen_store__db(store_of(f)), sql, &s, &f->error));
	assert_ok(pen_db__step(s, &row, &f->error));
	assert_true(row);
	found = pen_db__int(s, 0);
	pen_db__finalize(s);
	return found;
}

struct counted { int64_t rows, first, last; };

static enum pen_status count(void *context, const struct pen_registered *registered, struct pen_error *error)
{
	struct counted *counted = context;

	(void)error;
	if (!counted->rows++)
		counted->first = registered->folio;
	counted->last = registered->folio;
	return PEN_OK;
}

static void the_halves_are_all_that_there_is_and_no_more(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_db *db = pen_store__db(store_of(f));
	struct counted first = { 0 }, second = { 0 };
	int64_t middle;

	assert_ok(pen_registered__middle(db, INT64_MAX, &middle, &f->error));
	assert_ok(pen_registered__half(db, INT64_MAX, PEN_REGISTERED_FIRST, middle, count, &first, &f->error));
	assert_ok(pen_registered__half(db, INT64_MAX, PEN_REGISTERED_SECOND, middle, count, &second, &f->error));
	assert_int_equal(first.rows + second.rows, PEOPLE);
	assert_int_equal(first.last, middle);
	assert_true(second.first > middle);
}

/* Person 9, of the first employer, is registered with the second too, and there is read
 * in the other half. */
static void what_was_registered_when_a_folio_came_in_counts_whichever_half_it_lies_in(void **state)
{
	struct year *y = *state;
	int64_t later = number(y, "SELECT folio FROM registration WHERE person = 302");

	assert_true(number(y, "SELECT folio FROM registration WHERE person = 9") < later);
	break_in(y, "INSERT INTO registration SELECT (SELECT folio FROM registration WHERE person = 302), 9, 9999, id_number, name, sex, born, "
	    "20200101, worked_on, status, payer, base_fen, basis, deemed_months FROM registration WHERE person = 9");
	assert_int_equal(known(y, 9, later).insured_on, 20100101);
	assert_int_equal(known(y, 9, later + 1).insured_on, 20200101);
	assert_int_equal(known(y, 302, later).insured_on, 20100101);	/* known by now */
	assert_true(known(y, 302, later).registered);
	assert_false(known(y, 303, later).registered);
	assert_false(known(y, -1, later).registered);
}

static void where_nobody_is_registered_nobody_is_known(void **state)
{
	struct year *y = *state;

	break_in(y, "DELETE FROM registration");
	assert_false(known(y, 9, 9999).registered);
}

static void whose_payer_is_none_that_there_is_has_none_and_numbers_that_are_none_are_passed_over(void **state)
{
	struct year *y = *state;

	break_in(y, "INSERT INTO registration SELECT folio, -5, line + 1000, id_number, name, sex, born, insured_on, worked_on, status, payer, base_fen, basis,"
	    " deemed_months FROM registration WHERE person = 4; UPDATE registration SET payer = 'nobody' WHERE person = 3");
	assert_string_equal(known(y, 3, 100).payer, "");
	assert_string_equal(known(y, 4, 100).payer, "employee");
	assert_false(known(y, -5, 100).registered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(the_halves_are_all_that_there_is_and_no_more),
		WITH_YEAR(what_was_registered_when_a_folio_came_in_counts_whichever_half_it_lies_in),
		WITH_YEAR(where_nobody_is_registered_nobody_is_known),
		WITH_YEAR(whose_payer_is_none_that_there_is_has_none_and_numbers_that_are_none_are_passed_over),
	};

	return cmocka_run_group_tests_name("store/known", tests, NULL, NULL);
}
