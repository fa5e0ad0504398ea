#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/hold.h"

static int64_t folio(struct fixture *f, const char *folio_state)
{
	char sql[300];

	snprintf(sql, sizeof(sql), "INSERT INTO folio (batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (2, 'breakdown', 1, 2024, 1, '%s', 1, 2, 1, 3)", folio_state);
	tamper(f, sql);
	return ask(f, "SELECT MAX(id) FROM folio");
}

static struct pen_holds holds_of(struct fixture *f, int64_t id)
{
	struct pen_holds holds;

	assert_ok(pen_hold__open(store_of(f), id, &holds, &f->error));
	return holds;
}

static void a_review_says_why_and_has_the_folio_wait(void **state)
{
	struct fixture *f = *state;
	int64_t id = folio(f, "staged");
	struct pen_holds holds;

	assert_ok(pen_hold__review(store_of(f), id, "person.retired", "2024-09 to 2024-12", "none after 2024-08", 5, &f->error));
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE state = 'held'"), 1);
	holds = holds_of(f, id);
	assert_int_equal(holds.count, 1);
	assert_true(holds.review && !holds.levy);
	assert_string_equal(holds.at[0].rule, "person.retired");
	assert_string_equal(holds.at[0].found, "2024-09 to 2024-12");
	assert_string_equal(holds.at[0].expected, "none after 2024-08");
	assert_int_equal(holds.at[0].at, 5);
}

static void the_rules_of_a_review_are_those_about_people(void **state)
{
	(void)state;
	assert_true(pen_hold__is_review("person.elsewhere"));
	assert_true(pen_hold__is_review("person.retired"));
	assert_true(pen_hold__is_review("person.died"));
	assert_false(pen_hold__is_review("person.registered"));
	assert_false(pen_hold__is_review(PEN_HOLD_LEVY));
}

static void the_hold_that_takes_a_person_is_named_first(void **state)
{
	struct fixture *f = *state;
	const struct pen_hold levy = { .rule = PEN_HOLD_LEVY, .found = "2.00", .expected = "1.00", .at = 3 };
	int64_t id = folio(f, "held");

	assert_ok(pen_hold__enter(store_of(f), id, &levy, &f->error));
	assert_ok(pen_hold__review(store_of(f), id, "person.retired", "a", "b", 5, &f->error));
	assert_ok(pen_hold__review(store_of(f), id, "person.elsewhere", "c", "d", 5, &f->error));
	assert_int_equal(holds_of(f, id).count, 3);
	assert_string_equal(holds_of(f, id).at[0].rule, "person.elsewhere");
	assert_string_equal(holds_of(f, id).at[1].rule, "person.retired");
	assert_string_equal(holds_of(f, id).at[2].rule, PEN_HOLD_LEVY);
}

static void a_hold_ends_by_itself_or_with_all_of_its_folio(void **state)
{
	struct fixture *f = *state;
	int64_t id = folio(f, "staged"), other = folio(f, "staged");

	assert_ok(pen_hold__review(store_of(f), id, "person.retired", "a", "b", 5, &f->error));
	assert_ok(pen_hold__review(store_of(f), id, "person.elsewhere", "c", "d", 5, &f->error));
	assert_ok(pen_hold__review(store_of(f), other, "person.elsewhere", "c", "d", 5, &f->error));
	assert_ok(pen_hold__end(store_of(f), id, "person.retired", "released", "seen", 8, &f->error));
	assert_int_equal(holds_of(f, id).count, 1);
	assert_ok(pen_hold__end(store_of(f), id, NULL, "rejected", "not seen", 9, &f->error));
	assert_int_equal(holds_of(f, id).count, 0);
	assert_int_equal(holds_of(f, other).count, 1);
	/* What had ended keeps its end. */
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold WHERE decision = 'released' AND reason = 'seen' AND ended_at = 8"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold WHERE decision = 'rejected' AND reason = 'not seen' AND ended_at = 9"), 1);
}

static enum pen_status end_hold(void *context, const struct pen_folio *held, struct pen_error *error)
{
	struct fixture *f = context;

	assert_int_equal(held->state, PEN_FOLIO_HELD);
	return pen_folio__set_state(store_of(f), held->id, PEN_FOLIO_REJECTED, 9, error);
}

static void every_held_folio_is_visited_and_may_be_decided_on_the_way(void **state)
{
	struct fixture *f = *state;

	folio(f, "held");
	folio(f, "staged");
	folio(f, "held");
	assert_ok(pen_hold__each(store_of(f), end_hold, f, &f->error));
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE state = 'rejected'"), 2);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE state = 'held'"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_review_says_why_and_has_the_folio_wait),
		WITH_STORE(the_rules_of_a_review_are_those_about_people),
		WITH_STORE(the_hold_that_takes_a_person_is_named_first),
		WITH_STORE(a_hold_ends_by_itself_or_with_all_of_its_folio),
		WITH_STORE(every_held_folio_is_visited_and_may_be_decided_on_the_way),
	};

	return cmocka_run_group_tests_name("store/hold", tests, NULL, NULL);
}
