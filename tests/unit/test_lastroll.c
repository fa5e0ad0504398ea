#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/folio.h"
#include "store/lastroll.h"

/* A folio of the roll of a month, with a line for each of the people, in the order of the
 * table; what is regularly due is their number in hundreds of yuan. */
static int64_t roll_of(struct fixture *f, int32_t month, int64_t employer, bool sealed, int64_t first, int64_t step, int people)
{
	struct pen_folio folio = { .batch = 1, .form = "roll", .employer = employer, .period = month, .state = PEN_FOLIO_STAGING };
	char sql[512];
	int i;

	assert_ok(pen_folio__enter(store_of(f), &folio, &f->error));
	for (i = 0; i < people; i++) {
		int64_t person = first + i * step;

		snprintf(sql, sizeof(sql), "INSERT INTO payment VALUES (%lld, %lld, 1, %d, 'same', 202001, %lld, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 7, 8, %s)",
		    (long long)folio.id, (long long)person, (int)month, (long long)person * 10000, i % 2 ? "NULL, NULL" : "1, 9");
		tamper(f, sql);
	}
	assert_ok(pen_folio__set_state(store_of(f), folio.id, PEN_FOLIO_CONFIRMED, 3, &f->error));
	if (sealed)
		assert_ok(pen_folio__set_state(store_of(f), folio.id, PEN_FOLIO_SEALED, 4, &f->error));
	return folio.id;
}

static void lines_come_by_person_though_employers_have_theirs_as_they_will(void **state)
{
	struct fixture *f = *state;
	int64_t odd = roll_of(f, 202601, 1, true, 1, 2, 3), even = roll_of(f, 202601, 2, true, 2, 2, 2), open = roll_of(f, 202601, 3, false, 50, 1, 1);
	const struct pen_lastroll_line *line;
	struct pen_lastroll *roll;
	size_t count, i;

	assert_true(open > even);
	roll_of(f, 202512, 1, true, 1, 2, 3);
	assert_ok(pen_lastroll__begin(&roll, &f->session, 202601, 9, &f->error));
	assert_ok(pen_lastroll__lines(roll, &line, &count, &f->error));
	assert_int_equal(count, 5);
	for (i = 0; i < count; i++) {
		assert_int_equal(line[i].person, i + 1);
		assert_int_equal(line[i].folio, i % 2 ? even : odd);
		assert_int_equal(line[i].before.month, 202601);
		assert_int_equal(line[i].before.regular_fen, (i + 1) * 10000);
	}
	assert_int_equal(line[0].before.once_total_fen, 5);
	assert_int_equal(line[0].before.overpaid_fen, 8);
	assert_int_equal(line[0].before.drawn_total_fen, 9);
	assert_int_equal(line[2].before.drawn_total_fen, -1);
	pen_lastroll__free(roll);
}

static void a_roll_that_nobody_waits_for_ends_all_the_same(void **state)
{
	struct fixture *f = *state;
	struct pen_lastroll *roll;

	roll_of(f, 202601, 1, true, 1, 1, 20);
	assert_ok(pen_lastroll__begin(&roll, &f->session, 202601, 9, &f->error));
	pen_lastroll__free(roll);
	pen_lastroll__free(NULL);
}

static bool stopped(void *context)
{
	(void)context;
	return true;
}

static void a_stop_is_told_where_the_lines_are_waited_for(void **state)
{
	struct fixture *f = *state;
	const struct pen_lastroll_line *line;
	struct pen_lastroll *roll;
	size_t count;

	roll_of(f, 202601, 1, true, 1, 1, 1);
	f->session.options.stopped = stopped;
	assert_ok(pen_lastroll__begin(&roll, &f->session, 202601, 9, &f->error));
	assert_fails(pen_lastroll__lines(roll, &line, &count, &f->error), PEN_INCOMPLETE, "stopped");
	pen_lastroll__free(roll);
}

static void somebodys_newest_line_is_of_the_employers_rolls_before_the_month(void **state)
{
	struct fixture *f = *state;
	struct pen_payment_before before;

	roll_of(f, 202510, 1, true, 7, 1, 1);
	roll_of(f, 202511, 1, true, 7, 1, 1);
	roll_of(f, 202512, 0, true, 7, 1, 1);
	roll_of(f, 202601, 1, true, 7, 1, 1);
	assert_ok(pen_lastroll__newest(store_of(f), 7, 1, 202601, 9, &before, &f->error));
	assert_int_equal(before.month, 202511);
	assert_ok(pen_lastroll__newest(store_of(f), 7, 0, 202601, 9, &before, &f->error));
	assert_int_equal(before.month, 202512);
	assert_ok(pen_lastroll__newest(store_of(f), 8, 1, 202601, 9, &before, &f->error));
	assert_int_equal(before.month, 0);
	/* As of an index before its seal there was none. */
	assert_ok(pen_lastroll__newest(store_of(f), 7, 1, 202601, 3, &before, &f->error));
	assert_int_equal(before.month, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(lines_come_by_person_though_employers_have_theirs_as_they_will),
		WITH_STORE(a_roll_that_nobody_waits_for_ends_all_the_same),
		WITH_STORE(a_stop_is_told_where_the_lines_are_waited_for),
		WITH_STORE(somebodys_newest_line_is_of_the_employers_rolls_before_the_month),
	};

	return cmocka_run_group_tests_name("store/lastroll", tests, NULL, NULL);
}
