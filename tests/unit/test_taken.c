#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/taken.h"

/* Employer 1 has two folios of 2024, confirmed: people 1 and 3 in the first, 1 again
 * in the second; employer 2 has one of its own, with person 2. */
static void fill(struct fixture *f)
{
	tamper(f, "INSERT INTO batch (id, agency, form, state, file_name, file_digest, encoding, file_bytes, form_digest, rules_digest,"
	    "  parameters_digest, reference_at, planned_by, confirmed_at) VALUES (11, '330100', 'breakdown', 'confirmed', 'a', 'a', 'UTF-8', 1, 'a', 'a', 'a', 0, 'op1', 5);"
	    "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (1, 11, 'breakdown', 1, 2024, 1, 'confirmed', 2, 0, 0, 0, 5), (2, 11, 'breakdown', 1, 2024, 2, 'confirmed', 1, 0, 0, 0, 5),"
	    " (3, 11, 'breakdown', 2, 2024, 1, 'confirmed', 1, 0, 0, 0, 5);"
	    "INSERT INTO contribution (folio, person, line, sequence, kind, base_fen, months, months_assumed, unit_fen, personal_fen)"
	    " VALUES (1, 1, 2, 1, 1, 1, 7, 0, 0, 0), (1, 3, 3, 1, 1, 1, 4095, 1, 0, 0), (2, 1, 4, 1, 1, 1, 56, 0, 0, 0), (3, 2, 5, 1, 1, 1, 1, 0, 0, 0)");
}

static struct pen_taken *open_at(struct fixture *f, int64_t as_of)
{
	struct pen_taken *taken;

	assert_ok(pen_taken__new(&taken, store_of(f), "breakdown", as_of, &f->error));
	return taken;
}

static struct pen_taken *open(struct fixture *f)
{
	return open_at(f, INT64_MAX);
}

static struct pen_row_run seeded(struct pen_taken *taken, int64_t person)
{
	struct pen_row_run run = { 0 };

	pen_taken__seed(taken, person, &run);
	return run;
}

static void each_person_has_the_months_of_all_folios_of_the_year(void **state)
{
	struct fixture *f = *state;
	struct pen_taken *taken;
	struct pen_row_run run;

	fill(f);
	taken = open(f);
	assert_ok(pen_taken__read(taken, 1, 2024, &f->error));
	run = seeded(taken, 1);
	assert_int_equal(run.other_count, 2);
	assert_int_equal(run.others[0].months, 7);
	assert_int_equal(run.others[0].folio, 1);
	assert_int_equal(run.others[1].months, 56);
	assert_int_equal(run.others[1].folio, 2);
	assert_int_equal(seeded(taken, 2).other_count, 0);
	assert_int_equal(seeded(taken, 3).other_count, 1);
	pen_taken__free(taken);
}

static void another_year_or_employer_takes_nothing(void **state)
{
	struct fixture *f = *state;
	struct pen_taken *taken;

	fill(f);
	taken = open(f);
	assert_ok(pen_taken__read(taken, 1, 2023, &f->error));
	assert_int_equal(seeded(taken, 1).other_count, 0);
	assert_ok(pen_taken__read(taken, 2, 2024, &f->error));
	assert_int_equal(seeded(taken, 1).other_count, 0);
	assert_int_equal(seeded(taken, 2).other_count, 1);
	/* What was read before is gone. */
	assert_ok(pen_taken__read(taken, 2, 2088, &f->error));
	assert_int_equal(seeded(taken, 2).other_count, 0);
	pen_taken__free(taken);
}

static void a_held_folio_takes_its_months_once_its_batch_is_confirmed(void **state)
{
	struct fixture *f = *state;
	struct pen_taken *taken;

	fill(f);
	tamper(f, "UPDATE folio SET state = 'held', confirmed_at = NULL");
	taken = open(f);
	assert_ok(pen_taken__read(taken, 1, 2024, &f->error));
	assert_int_equal(seeded(taken, 3).other_count, 1);
	pen_taken__free(taken);
	tamper(f, "UPDATE batch SET state = 'staged', confirmed_at = NULL");
	taken = open(f);
	assert_ok(pen_taken__read(taken, 1, 2024, &f->error));
	assert_int_equal(seeded(taken, 3).other_count, 0);
	pen_taken__free(taken);
}

static void what_was_turned_down_or_replaced_takes_nothing(void **state)
{
	struct fixture *f = *state;
	struct pen_taken *taken;

	fill(f);
	tamper(f, "UPDATE folio SET state = 'rejected', ended_at = 7 WHERE id = 2;"
	    "INSERT INTO replacement (folio, subject, line, at, by_folio, by_line) VALUES (1, 3, 3, 7, 1, 9)");
	taken = open(f);
	assert_ok(pen_taken__read(taken, 1, 2024, &f->error));
	assert_int_equal(seeded(taken, 1).other_count, 1);
	assert_int_equal(seeded(taken, 3).other_count, 0);
	pen_taken__free(taken);
}

static void as_of_an_entry_counts_what_stood_then(void **state)
{
	struct fixture *f = *state;
	struct pen_taken *taken;

	fill(f);
	tamper(f, "UPDATE folio SET state = 'rejected', ended_at = 7 WHERE id = 2;"
	    "INSERT INTO replacement (folio, subject, line, at, by_folio, by_line) VALUES (1, 3, 3, 7, 1, 9)");
	taken = open_at(f, 6);
	assert_ok(pen_taken__read(taken, 1, 2024, &f->error));
	assert_int_equal(seeded(taken, 1).other_count, 2);
	assert_int_equal(seeded(taken, 3).other_count, 1);
	pen_taken__free(taken);
	taken = open_at(f, 4);
	assert_ok(pen_taken__read(taken, 1, 2024, &f->error));
	assert_int_equal(seeded(taken, 1).other_count, 0);
	pen_taken__free(taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(each_person_has_the_months_of_all_folios_of_the_year),
		WITH_STORE(another_year_or_employer_takes_nothing),
		WITH_STORE(as_of_an_entry_counts_what_stood_then),
		WITH_STORE(a_held_folio_takes_its_months_once_its_batch_is_confirmed),
		WITH_STORE(what_was_turned_down_or_replaced_takes_nothing),
	};

	return cmocka_run_group_tests_name("store/taken", tests, NULL, NULL);
}
