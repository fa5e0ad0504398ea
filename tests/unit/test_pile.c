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

static void a_row_comes_out_as_it_went_in(void **state)
{
	struct pen_pile *pile = pen_pile__new(pen_kind__of(PEN_KIND_LEVY));
	const struct pen_shaped in = levy(3, 2024, 9, 17);
	struct pen_piled out;
	int i;

	(void)state;
	put(pile, 3, 2024, 9, 17);
	pen_pile__read(pile, 0, &out);
	assert_int_equal(out.employer, 3);
	assert_int_equal(out.period, 2024);
	assert_int_equal(out.amount_fen, -17);
	assert_int_equal(out.byte, 1700);
	assert_int_equal(out.first_month, 7);
	assert_int_equal(out.since, 20240701);
	assert_int_equal(out.until, 0);
	for (i = 0; i < in.row.kind->count; i++)
		assert_true(pen_value__equal(&in.row.v[i], &out.row.v[i]));
	pen_pile__free(pile);
}

/* Whatever order they come in: employer, period, subject, line. */
static void rows_are_sorted_as_they_are_stored(void **state)
{
	struct pen_pile *pile = pen_pile__new(pen_kind__of(PEN_KIND_LEVY));
	struct pen_piled before, now;
	size_t i;

	(void)state;
	srand(7);
	for (i = 0; i < 20000; i++)
		put(pile, rand() % 10, 2020 + rand() % 3, rand() % 50, (int64_t)i + 2);
	pen_pile__sort(pile);
	assert_int_equal(pen_pile__count(pile), 20000);
	for (i = 0; i < 20000; i++) {
		pen_pile__read(pile, i, &now);
		assert_int_equal(now.amount_fen, -now.row.v[PEN_LINE].i);
		if (i && now.employer == before.employer && now.period == before.period) {
			assert_true(now.row.v[PEN_SUBJECT].i >= before.row.v[PEN_SUBJECT].i);
			if (now.row.v[PEN_SUBJECT].i == before.row.v[PEN_SUBJECT].i)
				assert_true(now.row.v[PEN_LINE].i > before.row.v[PEN_LINE].i);
		} else if (i) {
			assert_true(now.employer > before.employer || now.period > before.period);
		}
		before = now;
	}
	pen_pile__free(pile);
}

static void rows_that_are_dropped_leave_the_others_in_order(void **state)
{
	static const bool gone[] = { true, false, true, false };
	struct pen_pile *pile = pen_pile__new(pen_kind__of(PEN_KIND_LEVY));
	struct pen_piled out;
	int64_t line;

	(void)state;
	for (line = 1; line <= 4; line++)
		put(pile, 1, 0, 1, line);
	pen_pile__drop(pile, gone);
	assert_int_equal(pen_pile__count(pile), 2);
	pen_pile__read(pile, 1, &out);
	assert_int_equal(out.row.v[PEN_LINE].i, 4);
	pen_pile__free(pile);
}

static void a_number_that_does_not_fit_is_refused(void **state)
{
	struct pen_pile *pile = pen_pile__new(pen_kind__of(PEN_KIND_LEVY));
	struct pen_shaped shaped = levy(1, 0, INT64_C(1) << 32, 2);
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_pile__add(pile, &shaped, 0, &error), PEN_SYSTEM);
	assert_string_equal(error.code, "import.size");
	pen_pile__free(pile);
}

static void an_empty_pile_is_sorted_and_dropped_from(void **state)
{
	struct pen_pile *pile = pen_pile__new(pen_kind__of(PEN_KIND_LEVY));

	(void)state;
	pen_pile__sort(pile);
	pen_pile__drop(pile, NULL);
	assert_int_equal(pen_pile__count(pile), 0);
	pen_pile__free(pile);
	pen_pile__free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_comes_out_as_it_went_in),
		cmocka_unit_test(rows_are_sorted_as_they_are_stored),
		cmocka_unit_test(rows_that_are_dropped_leave_the_others_in_order),
		cmocka_unit_test(a_number_that_does_not_fit_is_refused),
		cmocka_unit_test(an_empty_pile_is_sorted_and_dropped_from),
	};

	return cmocka_run_group_tests_name("store/pile", tests, NULL, NULL);
}
