#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "model/months.h"
#include "store/elsewhere.h"

/* Folio N of employer N for 2024, confirmed, in batch N + 10; person 1 has January to
 * June at the first and person 2 eight months at the second, which are only counted. */
static void fill(struct fixture *f)
{
	tamper(f, "INSERT INTO person (id, batch) VALUES (1, 1), (2, 1), (3, 1);"
	    "INSERT INTO employer_alias VALUES ('credit-code', '91330106MA1080192C', 1, 1);"
	    "INSERT INTO batch (id, agency, form, state, file_name, file_digest, encoding, file_bytes, form_digest, rules_digest,"
	    "  parameters_digest, reference_at, planned_by) VALUES (11, '330100', 'breakdown', 'confirmed', 'a', 'a', 'UTF-8', 1, 'a', 'a', 'a', 0, 'op1'),"
	    " (12, '330100', 'breakdown', 'confirmed', 'b', 'b', 'UTF-8', 1, 'a', 'a', 'a', 0, 'op1');"
	    "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (1, 11, 'breakdown', 1, 2024, 1, 'confirmed', 1, 0, 0, 0, 5), (2, 12, 'breakdown', 2, 2024, 1, 'confirmed', 1, 0, 0, 0, 6);"
	    "INSERT INTO contribution (folio, person, line, sequence, kind, base_fen, months, months_assumed, unit_fen, personal_fen)"
	    " VALUES (1, 1, 2, 1, 1, 1, 63, 0, 0, 0), (1, 3, 4, 1, 2, 1, 4095, 0, 0, 0), (2, 2, 3, 1, 1, 1, 255, 1, 0, 0)");
}

static struct pen_elsewhere *open(struct fixture *f, int64_t batch)
{
	struct pen_elsewhere *elsewhere;

	assert_ok(pen_elsewhere__new(&elsewhere, store_of(f), "breakdown", batch, &f->error));
	return elsewhere;
}

static void has(struct fixture *f, struct pen_elsewhere *e, int64_t employer, int64_t person, int32_t known, int count)
{
	struct pen_months_elsewhere months;

	assert_ok(pen_elsewhere__months(e, employer, 2024, person, &months, &f->error));
	assert_int_equal(months.known, known);
	assert_int_equal(months.count, count);
}

/* A row of whoever was asked about last. */
static void add(struct pen_elsewhere *e, int64_t person, int32_t months, bool assumed)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };

	row.v[PEN_SUBJECT] = pen_value__integer(person);
	row.v[PEN_CONTRIBUTION_KIND] = pen_value__integer(PEN_NORMAL);
	row.v[PEN_CONTRIBUTION_MONTHS] = pen_value__integer(months);
	row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(assumed);
	pen_elsewhere__add(e, &row);
}

static void months_that_are_told_are_known_and_the_others_counted(void **state)
{
	struct fixture *f = *state;
	struct pen_elsewhere *e;

	fill(f);
	e = open(f, 0);
	has(f, e, 9, 1, 63, 6);
	has(f, e, 9, 2, 0, 8);
	has(f, e, 9, 3, 0, 0);	/* arrears lay claim to no months */
	has(f, e, 9, 999, 0, 0);
	pen_elsewhere__free(e);
}

static void who_has_them_is_named_as_far_as_it_is_known(void **state)
{
	struct fixture *f = *state;
	struct pen_elsewhere *e;

	fill(f);
	e = open(f, 0);
	has(f, e, 9, 1, 63, 6);
	assert_string_equal(pen_elsewhere__where(e), "folio 1 of employer 91330106MA1080192C has them");
	has(f, e, 9, 3, 0, 0);
	assert_string_equal(pen_elsewhere__where(e), "another employer of this file has them");
	pen_elsewhere__free(e);
}

static void what_is_added_counts_against_others_and_not_where_it_is(void **state)
{
	struct fixture *f = *state;
	struct pen_elsewhere *e;

	fill(f);
	e = open(f, 0);
	has(f, e, 7, 3, 0, 0);
	add(e, 3, pen_months__span(1, 2), false);
	has(f, e, 7, 3, 0, 0);
	add(e, 3, pen_months__span(1, 3), true);
	has(f, e, 8, 3, pen_months__span(1, 2), 5);
	/* Where there is something elsewhere, the months of here are in the count. */
	add(e, 3, pen_months__span(5, 4), false);
	has(f, e, 8, 3, pen_months__span(1, 2), 9);
	pen_elsewhere__free(e);
}

static void a_batch_may_be_left_out_and_the_store_altogether(void **state)
{
	struct fixture *f = *state;
	struct pen_elsewhere *e;

	fill(f);
	e = open(f, 11);
	has(f, e, 9, 1, 0, 0);
	has(f, e, 9, 2, 0, 8);
	pen_elsewhere__free(e);
	e = open(f, PEN_ELSEWHERE_ADDED);
	has(f, e, 9, 2, 0, 0);
	pen_elsewhere__free(e);
}

static void what_waits_for_its_levy_counts_and_what_waits_for_a_review_does_not(void **state)
{
	struct fixture *f = *state;
	struct pen_elsewhere *e;

	fill(f);
	tamper(f, "UPDATE folio SET state = 'held', confirmed_at = NULL;"
	    "INSERT INTO hold (folio, rule, at, found, expected) VALUES (1, 'levy.covers', 5, 'a', 'b'), (2, 'levy.covers', 5, 'a', 'b'), (2, 'person.died', 5, 'a', 'b')");
	e = open(f, 0);
	has(f, e, 9, 1, 63, 6);
	has(f, e, 9, 2, 0, 0);
	pen_elsewhere__free(e);
	/* A batch that is only staged has entered nothing. */
	tamper(f, "UPDATE batch SET state = 'staged'");
	e = open(f, 0);
	has(f, e, 9, 1, 0, 0);
	pen_elsewhere__free(e);
}

static void a_row_that_was_replaced_has_no_months(void **state)
{
	struct fixture *f = *state;
	struct pen_elsewhere *e;

	fill(f);
	tamper(f, "INSERT INTO replacement (folio, subject, line, at, by_folio, by_line) VALUES (1, 1, 2, 7, 1, 9)");
	e = open(f, 0);
	has(f, e, 9, 1, 0, 0);
	pen_elsewhere__free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(months_that_are_told_are_known_and_the_others_counted),
		WITH_STORE(who_has_them_is_named_as_far_as_it_is_known),
		WITH_STORE(what_is_added_counts_against_others_and_not_where_it_is),
		WITH_STORE(a_batch_may_be_left_out_and_the_store_altogether),
		WITH_STORE(what_waits_for_its_levy_counts_and_what_waits_for_a_review_does_not),
		WITH_STORE(a_row_that_was_replaced_has_no_months),
	};

	return cmocka_run_group_tests_name("store/elsewhere", tests, NULL, NULL);
}
