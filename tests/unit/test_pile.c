#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store/pile.h"

#include <stdlib.h>
#include <string.h>

static struct pen_shaped levy(int64_t employer, int32_t period, int64_t subject, int64_t line)
{
	struct pen_shaped shaped = { .employer = employer, .period = period, .amount_fen = -line,
		.row = { .kind = pen_kind__of(PEN_KIND_LEVY) }, .first_month = 7, .since = 20240701 };

	shaped.row.v[PEN_SUBJECT] = pen_value__integer(subject);
	shaped.row.v[PEN_LINE] = pen_value__integer(line);
	shaped.row.v[PEN_LEVY_AMOUNT] = pen_value__integer(subject % 2 ? INT64_MIN : INT64_MAX);
	shaped.row.v[PEN_LEVY_VOUCHER] = pen_value__string("凭证\0-1 and more", 9);
	return shaped;
}

static void put(struct pen_pile *pile, int64_t employer, int32_t period, int64_t subject, int64_t line)
{
	const struct pen_shaped shaped = levy(employer, period, subject, line);
	struct pen_error error = { 0 };

	assert_int_equal(pen_pile__add(pile, &shaped, line * 100, &error), PEN_OK);
}

static struct pen_pile *new_pile(size_t run)
{
	const char *dir = getenv("TMPDIR");
	struct pen_pile *pile = pen_pile__new(pen_kind__of(PEN_KIND_LEVY), dir ? dir : "/tmp", run);

	assert_non_null(pile);
	return pile;
}

static struct pen_pile_walk *sorted(struct pen_pile *pile)
{
	struct pen_error error = { 0 };
	struct pen_pile_walk *walk;

	assert_int_equal(pen_pile__sort(pile, &error), PEN_OK);
	assert_int_equal(pen_pile__walk(&walk, pile, &error), PEN_OK);
	return walk;
}

static bool next(struct pen_pile_walk *walk, struct pen_piled *out)
{
	struct pen_error error = { 0 };
	bool row;

	assert_int_equal(pen_pile__next(walk, out, &row, &error), PEN_OK);
	return row;
}

static void comes_out_as_it_went_in(size_t run)
{
	const struct pen_shaped in = levy(3, 2024, 9, 17);
	struct pen_pile *pile = new_pile(run);
	struct pen_pile_walk *walk;
	struct pen_piled out;
	int i;

	put(pile, 3, 2024, 9, 17);
	put(pile, 3, 2024, 9, 18);
	walk = sorted(pile);
	assert_true(next(walk, &out));
	assert_int_equal(out.employer, 3);
	assert_int_equal(out.period, 2024);
	assert_int_equal(out.amount_fen, -17);
	assert_int_equal(out.byte, 1700);
	assert_int_equal(out.first_month, 7);
	assert_int_equal(out.since, 20240701);
	assert_int_equal(out.until, 0);
	for (i = 0; i < in.row.kind->count; i++)
		assert_true(pen_value__equal(&in.row.v[i], &out.row.v[i]));
	assert_true(next(walk, &out));
	assert_int_equal(out.row.v[PEN_LINE].i, 18);
	assert_false(next(walk, &out));
	pen_pile__close(walk);
	pen_pile__free(pile);
}

static void a_row_comes_out_as_it_went_in(void **state)
{
	(void)state;
	comes_out_as_it_went_in(PEN_PILE_RUN);
}

static void and_so_it_does_from_a_run_that_was_set_aside(void **state)
{
	(void)state;
	comes_out_as_it_went_in(1);
}

static void are_sorted(size_t run)
{
	struct pen_pile *pile = new_pile(run);
	struct pen_piled before, now;
	struct pen_pile_walk *walk;
	size_t i;

	srand(7);
	for (i = 0; i < 20000; i++)
		put(pile, rand() % 10, 2020 + rand() % 3, rand() % 50, (int64_t)i + 2);
	walk = sorted(pile);
	assert_int_equal(pen_pile__count(pile), 20000);
	for (i = 0; i < 20000; i++) {
		assert_true(next(walk, &now));
		assert_int_equal(now.amount_fen, -now.row.v[PEN_LINE].i);
		if (i && now.employer == before.employer && now.period == before.period) {
			assert_true(now.row.v[PEN_SUBJECT].i >= before.row.v[PEN_SUBJECT].i);
			if (now.row.v[PEN_SUBJECT].i == before.row.v[PEN_SUBJECT].i)
				assert_true(now.row.v[PEN_LINE].i > before.row.v[PEN_LINE].i);
		} else if (i) {
			assert_true(now.employer > before.employer ||
			    (now.employer == before.employer && now.period > before.period));
		}
		before = now;
	}
	assert_false(next(walk, &now));
	pen_pile__close(walk);
	pen_pile__free(pile);
}

/* Whatever order they come in: employer, period, subject, line. */
static void rows_are_sorted_as_they_are_stored(void **state)
{
	(void)state;
	are_sorted(PEN_PILE_RUN);
}

static void runs_that_were_set_aside_are_merged_in_the_same_order(void **state)
{
	(void)state;
	are_sorted(100000);
	are_sorted(1000000);
}

/* A walk that ended, or was given up, leaves the pile to the next. */
static void a_pile_is_gone_through_again_and_again(void **state)
{
	struct pen_pile *pile = new_pile(200);
	struct pen_pile_walk *walk;
	struct pen_error error = { 0 };
	struct pen_piled out;
	int i;

	(void)state;
	for (i = 0; i < 9; i++)
		put(pile, 9 - i, 0, 1, i + 1);
	walk = sorted(pile);
	assert_true(next(walk, &out));
	pen_pile__close(walk);
	assert_int_equal(pen_pile__walk(&walk, pile, &error), PEN_OK);
	for (i = 1; i <= 9; i++) {
		assert_true(next(walk, &out));
		assert_int_equal(out.employer, i);
	}
	assert_false(next(walk, &out));
	pen_pile__close(walk);
	pen_pile__free(pile);
}

static void a_number_that_does_not_fit_is_refused(void **state)
{
	struct pen_shaped shaped = levy(1, 0, INT64_C(1) << 32, 2);
	struct pen_pile *pile = new_pile(PEN_PILE_RUN);
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_pile__add(pile, &shaped, 0, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "import.size");
	pen_pile__free(pile);
}

static void an_empty_pile_has_no_rows(void **state)
{
	struct pen_pile *pile = new_pile(PEN_PILE_RUN);
	struct pen_pile_walk *walk = sorted(pile);
	struct pen_piled out;

	(void)state;
	assert_false(next(walk, &out));
	assert_int_equal(pen_pile__count(pile), 0);
	pen_pile__close(walk);
	pen_pile__close(NULL);
	pen_pile__free(pile);
	pen_pile__free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_comes_out_as_it_went_in),
		cmocka_unit_test(and_so_it_does_from_a_run_that_was_set_aside),
		cmocka_unit_test(rows_are_sorted_as_they_are_stored),
		cmocka_unit_test(runs_that_were_set_aside_are_merged_in_the_same_order),
		cmocka_unit_test(a_pile_is_gone_through_again_and_again),
		cmocka_unit_test(a_number_that_does_not_fit_is_refused),
		cmocka_unit_test(an_empty_pile_has_no_rows),
	};

	return cmocka_run_group_tests_name("store/pile", tests, NULL, NULL);
}
