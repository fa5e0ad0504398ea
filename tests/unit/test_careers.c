#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/careers.h"

#define SEALED 5

/* Registered with employer 1 since July 2010: a cadre, with deemed months. */
static void registered(struct fixture *f, int64_t in, int64_t person, int32_t since, int deemed, int64_t sealed)
{
	folio(f, in, "registration", 1, 0, 0, sealed);
	putf(f, "INSERT INTO registration VALUES (%" PRId64 ", %" PRId64 ", 7, '11010119750101001X', '王敏', 2, 19750101, %d, 19950701,"
	    " 'cadre', 'employee', 500000, NULL, %d)", in, person, since, deemed);
	putf(f, "INSERT INTO employment VALUES (%" PRId64 ", 1, %d, NULL, %" PRId64 ")", person, since, in);
}

static void row(struct fixture *f, int64_t in, int64_t person, int64_t line, int kind, int64_t base, int months, const char *for_year)
{
	putf(f, "INSERT INTO contribution VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", 1, %d, %" PRId64 ", %d, 0, 0, 0, %s, NULL, NULL)",
	    in, person, line, kind, base, months, for_year);
}

static enum pen_status read_to(struct fixture *f, int64_t person, int32_t until, struct pen_careers *careers)
{
	memset(&f->error, 0, sizeof(f->error));
	return pen_careers__read(careers, store_of(f), person, until, 1000, &f->error);
}

static void a_career_is_who_somebody_is_and_what_was_paid(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20100701, 36, SEALED);
	folio(f, 2, "breakdown", 1, 2010, 0, SEALED);
	row(f, 2, 10, 3, PEN_NORMAL, 300000, 0xfc0, "NULL");
	folio(f, 3, "breakdown", 1, 2011, 0, SEALED);
	row(f, 3, 10, 3, PEN_NORMAL, 300000, 0x03f, "NULL");
	row(f, 3, 10, 4, PEN_NORMAL, 400000, 0xfc0, "NULL");
	assert_ok(read_to(f, 10, 201109, &careers));
	assert_int_equal(careers.employer, 1);
	assert_int_equal(careers.sex, 2);
	assert_string_equal(careers.status, "cadre");
	assert_int_equal(careers.worked_on, 19950701);
	assert_int_equal(careers.career.deemed_months, 36);
	assert_int_equal(careers.career.since, 201007);
	assert_int_equal(careers.career.spans, 3);
	assert_int_equal(careers.career.span[2].months, 0x1c0);		/* to September */
	assert_int_equal(careers.career.span[2].base_fen, 400000);
	pen_careers__free(&careers);
}

/* An opening of the end of 2011 with months and an index. */
static void opened_with(struct fixture *f, int64_t in, int64_t person, int months, const char *index, int64_t sealed)
{
	folio(f, in, "opening", 0, 0, 0, sealed);
	putf(f, "INSERT INTO opening VALUES (%" PRId64 ", %" PRId64 ", 4, 2011, 100, 0, 0, 0, %d, %s)", in, person, months, index);
	putf(f, "INSERT INTO account_year VALUES (%" PRId64 ", 2011, %" PRId64 ")", person, in);
}

static void refused_as(struct fixture *f, const char *code)
{
	struct pen_careers careers;

	assert_int_equal(read_to(f, 10, 201309, &careers), PEN_REFUSED);
	assert_string_equal(f->error.code, code);
	pen_careers__free(&careers);
}

static void what_an_opening_says_stands_for_the_years_until_its_own(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20020101, 36, SEALED);
	folio(f, 2, "breakdown", 1, 2011, 0, SEALED);
	row(f, 2, 10, 3, PEN_NORMAL, 300000, 0xfff, "NULL");
	folio(f, 3, "breakdown", 1, 2012, 0, SEALED);
	row(f, 3, 10, 3, PEN_NORMAL, 300000, 0xfff, "NULL");
	/* A month of 2005 that was paid for in 2012 is not in what stood at the end of 2011. */
	row(f, 3, 10, 4, PEN_ARREARS, 200000, 0x001, "2005");
	opened_with(f, 4, 10, 100, "'0.8512'", SEALED);
	assert_ok(read_to(f, 10, 201309, &careers));
	assert_int_equal(careers.career.opened_months, 100);
	assert_int_equal(careers.career.opened_until, 201112);
	assert_int_equal(careers.career.opened_index, 851200);
	assert_int_equal(careers.opened, 12);
	assert_int_equal(careers.career.spans, 2);
	assert_int_equal(careers.career.span[0].year, 2005);
	assert_int_equal(careers.career.span[1].year, 2012);
	assert_int_equal(careers.rows, 2);
	pen_careers__free(&careers);
}

static void an_opening_that_contradicts_its_years_is_refused(void **state)
{
	struct fixture *f = *state;

	registered(f, 1, 10, 20020101, 0, SEALED);
	folio(f, 2, "breakdown", 1, 2011, 0, SEALED);
	row(f, 2, 10, 3, PEN_NORMAL, 300000, 0xfff, "NULL");
	opened_with(f, 4, 10, 11, "'0.8512'", SEALED);
	refused_as(f, "career.opening");
}

static void a_refund_of_what_an_opening_has_is_refused(void **state)
{
	struct fixture *f = *state;

	registered(f, 1, 10, 20020101, 0, SEALED);
	folio(f, 3, "breakdown", 1, 2012, 0, SEALED);
	row(f, 3, 10, 3, PEN_REFUND, 300000, 0x001, "2010");
	opened_with(f, 4, 10, 100, "'0.8512'", SEALED);
	refused_as(f, "career.opening");
}

static void an_opening_counts_when_it_is_sealed_and_says_an_index(void **state)
{
	struct fixture *f = *state;

	registered(f, 1, 10, 20020101, 0, SEALED);
	opened_with(f, 4, 10, 100, "'0.8512'", -1);
	refused_as(f, "career.unsealed");
	putf(f, "UPDATE folio SET sealed_at = %d WHERE id = 4", SEALED);
	putf(f, "DROP TRIGGER opening_stays_u");
	putf(f, "UPDATE opening SET wage_index = NULL");
	refused_as(f, "career.opening");
	putf(f, "UPDATE opening SET wage_index = '0.8512', year = 2013");
	putf(f, "UPDATE account_year SET year = 2013");
	refused_as(f, "career.opening");
}

static void arrears_count_for_the_year_that_they_are_for(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20100701, 0, SEALED);
	folio(f, 2, "breakdown", 1, 2011, 0, SEALED);
	row(f, 2, 10, 3, PEN_ARREARS, 250000, 0x800, "2010");
	row(f, 2, 10, 4, PEN_NORMAL, 400000, 0x001, "NULL");
	assert_ok(read_to(f, 10, 201112, &careers));
	assert_int_equal(careers.career.spans, 2);
	assert_int_equal(careers.career.span[0].year, 2010);
	assert_int_equal(careers.career.span[0].base_fen, 250000);
	pen_careers__free(&careers);
}

static void a_month_counts_once_and_one_that_was_paid_back_not_at_all(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20100701, 0, SEALED);
	folio(f, 2, "breakdown", 1, 2010, 0, SEALED);
	row(f, 2, 10, 3, PEN_NORMAL, 300000, 0xfc0, "NULL");
	row(f, 2, 10, 4, PEN_ARREARS, 350000, 0x800, "NULL");
	row(f, 2, 10, 5, PEN_REFUND, 300000, 0x040, "NULL");
	assert_ok(read_to(f, 10, 201012, &careers));
	assert_int_equal(careers.twice, 1);
	assert_int_equal(careers.refunded, 1);
	assert_int_equal(careers.career.spans, 2);
	assert_int_equal(careers.career.span[0].months, 0x780);
	assert_int_equal(careers.career.span[1].months, 0x800);
	assert_int_equal(careers.career.span[1].base_fen, 350000);
	pen_careers__free(&careers);
}

/* The account of one number went into that of another by a sealed merge. */
static void merged(struct fixture *f, int64_t in, int64_t person, int64_t into, int64_t sealed)
{
	folio(f, in, "merge", 1, 2014, 0, sealed);
	putf(f, "INSERT INTO movement VALUES (%" PRId64 ", %" PRId64 ", 1, 2014, 'merge', -1, 0, 0, 0, 0, NULL, 1)", in, person);
	putf(f, "INSERT INTO movement VALUES (%" PRId64 ", %" PRId64 ", 2, 2014, 'balance', 0, 0, 0, 0, 0, NULL, 1)", in, person);
	putf(f, "INSERT INTO movement VALUES (%" PRId64 ", %" PRId64 ", 3, 2014, 'merge', 1, 0, 0, 0, 0, NULL, 1)", in, into);
}

static void months_of_numbers_that_were_merged_count_once_and_from_the_earliest_insurance_on(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20120101, 36, SEALED);
	registered(f, 2, 20, 20100701, 36, SEALED);
	registered(f, 3, 30, 20110101, 0, SEALED);
	folio(f, 4, "breakdown", 1, 2012, 0, SEALED);
	row(f, 4, 10, 1, PEN_NORMAL, 300000, 0x00f, "NULL");
	row(f, 4, 20, 2, PEN_NORMAL, 350000, 0x038, "NULL");
	row(f, 4, 30, 3, PEN_NORMAL, 200000, 0x800, "NULL");
	merged(f, 5, 30, 20, SEALED);
	assert_ok(read_to(f, 10, 201312, &careers));
	assert_int_equal(careers.numbers, 1);
	pen_careers__free(&careers);
	merged(f, 6, 20, 10, SEALED);
	assert_ok(read_to(f, 10, 201312, &careers));
	assert_int_equal(careers.numbers, 3);
	assert_int_equal(careers.number[1].person, 20);
	assert_int_equal(careers.number[1].folio, 6);
	assert_int_equal(careers.number[2].person, 30);
	assert_int_equal(careers.folio, 1);	/* who they are is what their own number says */
	assert_int_equal(careers.career.since, 201007);
	assert_int_equal(careers.career.deemed_months, 36);
	assert_int_equal(careers.twice, 1);
	assert_int_equal(careers.rows, 3);
	assert_int_equal(careers.row[1].number, 1);
	assert_int_equal(careers.career.spans, 3);
	assert_int_equal(careers.career.span[0].months, 0x007);
	assert_int_equal(careers.career.span[1].months, 0x038);	/* the larger base of the month of both */
	assert_int_equal(careers.career.span[1].base_fen, 350000);
	assert_int_equal(careers.career.span[2].months, 0x800);
	pen_careers__free(&careers);
}

static void a_month_that_was_paid_back_under_one_number_counts_by_the_other(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20100701, 0, SEALED);
	registered(f, 2, 20, 20100701, 0, SEALED);
	folio(f, 4, "breakdown", 1, 2012, 0, SEALED);
	row(f, 4, 10, 1, PEN_NORMAL, 300000, 0x003, "NULL");
	row(f, 4, 20, 2, PEN_NORMAL, 350000, 0x006, "NULL");
	row(f, 4, 20, 3, PEN_REFUND, 350000, 0x002, "NULL");
	merged(f, 6, 20, 10, SEALED);
	assert_ok(read_to(f, 10, 201312, &careers));
	assert_int_equal(careers.twice, 0);
	assert_int_equal(careers.refunded, 1);
	assert_int_equal(careers.career.span[0].months, 0x003);
	assert_int_equal(careers.career.span[1].months, 0x004);
	pen_careers__free(&careers);
}

static void a_merge_counts_when_it_is_sealed_and_numbers_that_say_each_other_end(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20100701, 0, SEALED);
	registered(f, 2, 20, 20100701, 0, SEALED);
	merged(f, 6, 20, 10, -1);
	assert_ok(read_to(f, 10, 201312, &careers));
	assert_int_equal(careers.numbers, 1);
	pen_careers__free(&careers);
	putf(f, "UPDATE folio SET sealed_at = %d WHERE id = 6", SEALED);
	merged(f, 7, 10, 20, SEALED);
	assert_ok(read_to(f, 10, 201312, &careers));
	assert_int_equal(careers.numbers, 2);
	pen_careers__free(&careers);
}

static void months_of_another_number_that_an_opening_may_have_are_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20080101, 0, SEALED);
	registered(f, 2, 20, 20020101, 0, SEALED);
	merged(f, 3, 20, 10, SEALED);
	opened_with(f, 4, 10, 40, "'0.8512'", SEALED);
	folio(f, 5, "breakdown", 1, 2007, 0, SEALED);
	row(f, 5, 20, 1, PEN_NORMAL, 300000, 0xfff, "NULL");
	/* Before the opening's number was insured nothing can be of its months. */
	assert_ok(read_to(f, 10, 201309, &careers));
	assert_int_equal(careers.career.opened_months, 40);
	assert_int_equal(careers.career.spans, 1);
	assert_int_equal(careers.opened, 0);
	pen_careers__free(&careers);
	folio(f, 6, "breakdown", 1, 2008, 0, SEALED);
	row(f, 6, 20, 1, PEN_NORMAL, 300000, 0x001, "NULL");
	refused_as(f, "career.opening");
	putf(f, "UPDATE folio SET ended_at = 6 WHERE id = 6");
	opened_with(f, 7, 20, 60, "'0.7'", SEALED);
	refused_as(f, "career.opening");
}

static void what_is_not_sealed_is_refused_and_named(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20100701, 0, SEALED);
	folio(f, 2, "breakdown", 1, 2010, 0, -1);
	row(f, 2, 10, 3, PEN_NORMAL, 300000, 0xfc0, "NULL");
	assert_fails(read_to(f, 10, 201012, &careers), PEN_REFUSED, "career.unsealed");
	pen_careers__free(&careers);
	assert_fails(read_to(f, 99, 201012, &careers), PEN_REFUSED, "career.unknown");
	pen_careers__free(&careers);
	registered(f, 3, 11, 20100701, 0, -1);
	assert_fails(read_to(f, 11, 201012, &careers), PEN_REFUSED, "career.unsealed");
	assert_non_null(strstr(f->error.text, "folio 3"));
	pen_careers__free(&careers);
}

static void registrations_that_say_different_deemed_months_are_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_careers careers;

	registered(f, 1, 10, 20100701, 36, SEALED);
	registered(f, 2, 10, 20120701, 24, SEALED);
	assert_fails(read_to(f, 10, 201312, &careers), PEN_REFUSED, "career.deemed");
	pen_careers__free(&careers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_career_is_who_somebody_is_and_what_was_paid),
		WITH_STORE(what_an_opening_says_stands_for_the_years_until_its_own),
		WITH_STORE(an_opening_that_contradicts_its_years_is_refused),
		WITH_STORE(a_refund_of_what_an_opening_has_is_refused),
		WITH_STORE(an_opening_counts_when_it_is_sealed_and_says_an_index),
		WITH_STORE(arrears_count_for_the_year_that_they_are_for),
		WITH_STORE(a_month_counts_once_and_one_that_was_paid_back_not_at_all),
		WITH_STORE(months_of_numbers_that_were_merged_count_once_and_from_the_earliest_insurance_on),
		WITH_STORE(a_month_that_was_paid_back_under_one_number_counts_by_the_other),
		WITH_STORE(a_merge_counts_when_it_is_sealed_and_numbers_that_say_each_other_end),
		WITH_STORE(months_of_another_number_that_an_opening_may_have_are_refused),
		WITH_STORE(what_is_not_sealed_is_refused_and_named),
		WITH_STORE(registrations_that_say_different_deemed_months_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
