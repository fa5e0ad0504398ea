#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/sumwalk.h"

static void run_with(struct year *y, const struct pen_sumwalk *of)
{
	struct fixture *f = y->f;

	y->count = 0;
	assert_ok(pen_sumwalk__run(&y->walk, of, &f->error));
}

static void run(struct year *y, const char *sql)
{
	if (sql)
		break_in(y, sql);
	run_with(y, &(struct pen_sumwalk){ .lists = 0 });
}

static void assert_found(struct year *y, size_t i, const char *field, const char *found, const char *expected)
{
	assert_true(i < y->count);
	assert_string_equal(y->at[i].rule, "folio.sums");
	assert_string_equal(y->at[i].field, field);
	assert_string_equal(y->at[i].found, found);
	assert_string_equal(y->at[i].expected, expected);
}

static void what_was_staged_comes_to_its_rows(void **state)
{
	struct year *y = *state;

	run(y, NULL);
	assert_clean(y);
}

static void amounts_and_rows_that_differ_are_told_field_by_field(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE contribution SET unit_fen = unit_fen + 5 WHERE person = 302");
	assert_int_equal(y->count, 2);
	assert_found(y, 0, "amount_fen", "34560.05", "34560.00");
	assert_found(y, 1, "unit_fen", "23040.05", "23040.00");
	assert_int_equal(y->at[0].batch, 4);
	run(y, "DELETE FROM contribution WHERE person IN (301, 302)");
	assert_int_equal(y->count, 4);
	assert_found(y, 2, "rows", "0", "2");
}

/* A row of another kind counts where it lies. */
static void rows_of_every_table_count(void **state)
{
	struct year *y = *state;

	run(y, "INSERT INTO opening SELECT (SELECT folio FROM registration WHERE person = 302), 5, 1, 2022, 1, 2, 3, 4, NULL, NULL");
	assert_int_equal(y->count, 2);
	assert_found(y, 0, "amount_fen", "0.10", "0.00");
	assert_found(y, 1, "rows", "3", "2");
}

/* More than a number has room for goes round, and is not the sum that it was. */
static void sums_beyond_all_bounds_are_found_too(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE contribution SET unit_fen = 9223372036854775807 WHERE person IN (301, 302)");
	assert_true(y->count >= 1);
	assert_string_equal(y->at[y->count - 1].field, "unit_fen");
}

static void what_was_added_up_elsewhere_is_not_read_again(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_statement *s;
	struct pen_sumwalk_sums sums = { .count = 0 };
	struct pen_sumwalk_sum sum = { .rows = 2, .unit_fen = 2304000, .personal_fen = 1152001 };
	bool row;

	assert_ok(pen_db__prepare(pen_store__db(store_of(f)), "SELECT folio FROM contribution WHERE person = 302", &s, &f->error));
	assert_ok(pen_db__step(s, &row, &f->error));
	sum.folio = pen_db__int(s, 0);
	pen_db__finalize(s);
	assert_ok(pen_sumwalk__add(&sums, &sum, &f->error));
	run_with(y, &(struct pen_sumwalk){ &sums, 1, NULL, 0 });
	assert_int_equal(y->count, 2);
	assert_found(y, 1, "personal_fen", "11520.01", "11520.00");
	pen_sumwalk__drop(&sums);
}

static void folios_of_other_batches_are_not_told_of(void **state)
{
	const int64_t batches[] = { 2 };
	struct year *y = *state;

	break_in(y, "UPDATE folio SET rows = 7 WHERE batch IN (2, 4)");
	run_with(y, &(struct pen_sumwalk){ NULL, 0, batches, 1 });
	assert_int_equal(y->count, 2);
	assert_int_equal(y->at[0].batch, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(what_was_staged_comes_to_its_rows),
		WITH_YEAR(amounts_and_rows_that_differ_are_told_field_by_field),
		WITH_YEAR(rows_of_every_table_count),
		WITH_YEAR(sums_beyond_all_bounds_are_found_too),
		WITH_YEAR(what_was_added_up_elsewhere_is_not_read_again),
		WITH_YEAR(folios_of_other_batches_are_not_told_of),
	};

	return cmocka_run_group_tests_name("store/sumwalk", tests, NULL, NULL);
}
