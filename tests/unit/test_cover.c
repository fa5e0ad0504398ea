#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/cover.h"

/* Employer 1 paid 100.00 of pension for 2024 (folio 1, confirmed). */
static void pay(struct fixture *f)
{
	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	tamper(f, "INSERT INTO employer_alias VALUES ('credit-code', '91330106MA1080192C', 1, 1);"
	    "INSERT INTO folio (id, batch, form, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (1, 1, 'levy', 0, 1, 'confirmed', 1, 0, 0, 10000);"
	    "INSERT INTO levy_year VALUES (1, 2024, 1, 10000)");
}

static int64_t breakdown(struct fixture *f, int64_t batch, int64_t employer, const char *folio_state, int64_t fen)
{
	char sql[400];

	snprintf(sql, sizeof(sql), "INSERT INTO folio (batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (%lld, 'breakdown', %lld, 2024, 1, '%s', 1, %lld, %lld, %lld)", (long long)batch, (long long)employer, folio_state,
	    (long long)(fen - fen / 3), (long long)(fen / 3), (long long)fen);
	tamper(f, sql);
	return ask(f, "SELECT MAX(id) FROM folio");
}

static enum pen_folio_state state_of(struct fixture *f, int64_t id)
{
	struct pen_folio folio;
	bool found;

	assert_ok(pen_folio__find(store_of(f), id, &folio, &found, &f->error));
	return folio.state;
}

static void look(struct fixture *f, int64_t batch, int64_t at)
{
	struct pen_cover *cover;

	assert_ok(pen_cover__open(&cover, store_of(f), &f->error));
	assert_ok(pen_cover__look(cover, batch, at, &f->error));
	pen_cover__close(cover);
}

static struct pen_shortfall shortfall_of(struct fixture *f, int64_t folio)
{
	struct pen_shortfall shortfall;
	struct pen_cover *cover;

	assert_ok(pen_cover__open(&cover, store_of(f), &f->error));
	assert_ok(pen_cover__folio(cover, folio, &shortfall, &f->error));
	pen_cover__close(cover);
	return shortfall;
}

static void a_breakdown_up_to_the_levy_is_let_through_to_the_fen(void **state)
{
	struct fixture *f = *state;
	int64_t exact, over;

	pay(f);
	exact = breakdown(f, 2, 1, "staged", 10000);
	look(f, 2, 5);
	assert_int_equal(state_of(f, exact), PEN_FOLIO_STAGED);
	assert_true(shortfall_of(f, exact).covered);
	tamper(f, "UPDATE folio SET state = 'discarded' WHERE batch = 2");
	over = breakdown(f, 3, 1, "staged", 10001);
	look(f, 3, 6);
	assert_int_equal(state_of(f, over), PEN_FOLIO_HELD);
}

static void a_held_folio_says_what_was_found_and_what_was_paid(void **state)
{
	struct fixture *f = *state;
	struct pen_shortfall shortfall;
	struct pen_holds holds;
	int64_t folio;

	pay(f);
	folio = breakdown(f, 2, 1, "staged", 10001);
	look(f, 2, 5);
	assert_ok(pen_hold__open(store_of(f), folio, &holds, &f->error));
	assert_int_equal(holds.count, 1);
	assert_true(holds.levy && !holds.review);
	assert_string_equal(holds.at[0].rule, "levy.covers");
	assert_string_equal(holds.at[0].found, "100.01");
	assert_string_equal(holds.at[0].expected, "100.00");
	assert_int_equal(holds.at[0].at, 5);
	shortfall = shortfall_of(f, folio);
	assert_false(shortfall.covered);
	assert_string_equal(shortfall.found, "100.01");
}

static void an_employer_without_any_levy_is_held_and_its_neighbour_is_not(void **state)
{
	struct fixture *f = *state;
	int64_t paid, unpaid;

	pay(f);
	paid = breakdown(f, 2, 1, "staged", 100);
	unpaid = breakdown(f, 2, 2, "staged", 100);
	look(f, 2, 5);
	assert_int_equal(state_of(f, paid), PEN_FOLIO_STAGED);
	assert_int_equal(state_of(f, unpaid), PEN_FOLIO_HELD);
}

/* Each passes alone, both together do not: the second is looked at again. */
static void what_another_batch_has_taken_is_not_there_any_more(void **state)
{
	struct fixture *f = *state;
	int64_t first, second;

	pay(f);
	first = breakdown(f, 2, 1, "staged", 6000);
	second = breakdown(f, 3, 1, "staged", 6000);
	look(f, 2, 5);
	look(f, 3, 6);
	assert_int_equal(state_of(f, second), PEN_FOLIO_STAGED);
	assert_ok(pen_folio__set_state(store_of(f), first, PEN_FOLIO_CONFIRMED, 7, &f->error));
	look(f, 3, 8);
	assert_int_equal(state_of(f, second), PEN_FOLIO_HELD);
	assert_int_equal(state_of(f, first), PEN_FOLIO_CONFIRMED);
}

static void a_levy_that_comes_later_ends_the_hold(void **state)
{
	struct fixture *f = *state;
	struct pen_holds holds;
	int64_t folio;

	pay(f);
	folio = breakdown(f, 2, 1, "staged", 15000);
	look(f, 2, 5);
	look(f, 2, 6);	/* once is enough */
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold"), 1);
	tamper(f, "INSERT INTO folio (id, batch, form, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (90, 9, 'levy', 0, 2, 'staged', 1, 0, 0, 5000); INSERT INTO levy_year VALUES (1, 2024, 90, 5000)");
	look(f, 2, 7);
	assert_int_equal(state_of(f, folio), PEN_FOLIO_HELD);	/* staged levy is no levy */
	tamper(f, "UPDATE folio SET state = 'confirmed' WHERE id = 90");
	look(f, 2, 8);
	assert_int_equal(state_of(f, folio), PEN_FOLIO_STAGED);
	assert_ok(pen_hold__open(store_of(f), folio, &holds, &f->error));
	assert_int_equal(holds.count, 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold WHERE decision = 'covered' AND ended_at = 8"), 1);
}

static struct pen_holds holds_of(struct fixture *f, int64_t folio)
{
	struct pen_holds holds;

	assert_ok(pen_hold__open(store_of(f), folio, &holds, &f->error));
	return holds;
}

/* A review is a person's to decide: whatever the levy says, it stays. */
static void a_levy_that_covers_ends_no_review(void **state)
{
	struct fixture *f = *state;
	int64_t folio;

	pay(f);
	folio = breakdown(f, 2, 1, "staged", 100);
	assert_ok(pen_hold__review(store_of(f), folio, "person.retired", "2024-09", "before 2024-07", 5, &f->error));
	look(f, 2, 5);
	look(f, 2, 6);
	assert_int_equal(state_of(f, folio), PEN_FOLIO_HELD);
	assert_int_equal(holds_of(f, folio).count, 1);
	assert_true(holds_of(f, folio).review);
	assert_false(holds_of(f, folio).levy);
}

/* Either may come first; the one that ends leaves the other. */
static void a_folio_held_by_both_is_let_go_by_neither_alone(void **state)
{
	struct fixture *f = *state;
	int64_t first, second;

	pay(f);
	breakdown(f, 2, 1, "staged", 15000);	/* beside it, and over */
	first = breakdown(f, 2, 1, "staged", 100);
	second = breakdown(f, 3, 1, "staged", 15000);
	assert_ok(pen_hold__review(store_of(f), first, "person.died", "2024-09", "before 2024-07", 5, &f->error));
	look(f, 2, 5);
	look(f, 3, 6);
	assert_ok(pen_hold__review(store_of(f), second, "person.elsewhere", "2024-09", "no other", 6, &f->error));
	assert_true(holds_of(f, first).levy && holds_of(f, first).review);
	assert_true(holds_of(f, second).levy && holds_of(f, second).review);
	tamper(f, "UPDATE levy_year SET amount_fen = 50000");
	look(f, 2, 7);
	assert_int_equal(state_of(f, first), PEN_FOLIO_HELD);
	assert_int_equal(holds_of(f, first).count, 1);
	assert_string_equal(holds_of(f, first).at[0].rule, "person.died");
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold WHERE decision = 'covered' AND rule = 'levy.covers'"), 2);
}

/* It may never come in: when it is let go, it is looked at by itself. */
static void what_waits_for_a_review_takes_nothing_from_those_beside_it(void **state)
{
	struct fixture *f = *state;
	int64_t beside, reviewed;

	pay(f);
	beside = breakdown(f, 2, 1, "staged", 9000);
	reviewed = breakdown(f, 2, 1, "staged", 2000);
	assert_ok(pen_hold__review(store_of(f), reviewed, "person.retired", "2024-09", "before 2024-07", 5, &f->error));
	look(f, 2, 5);
	assert_int_equal(state_of(f, beside), PEN_FOLIO_STAGED);
	assert_false(holds_of(f, reviewed).levy);
	assert_ok(pen_folio__set_state(store_of(f), beside, PEN_FOLIO_CONFIRMED, 6, &f->error));
	assert_false(shortfall_of(f, reviewed).covered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_breakdown_up_to_the_levy_is_let_through_to_the_fen),
		WITH_STORE(a_held_folio_says_what_was_found_and_what_was_paid),
		WITH_STORE(an_employer_without_any_levy_is_held_and_its_neighbour_is_not),
		WITH_STORE(what_another_batch_has_taken_is_not_there_any_more),
		WITH_STORE(a_levy_that_comes_later_ends_the_hold),
		WITH_STORE(a_levy_that_covers_ends_no_review),
		WITH_STORE(a_folio_held_by_both_is_let_go_by_neither_alone),
		WITH_STORE(what_waits_for_a_review_takes_nothing_from_those_beside_it),
	};

	return cmocka_run_group_tests_name("store/cover", tests, NULL, NULL);
}
