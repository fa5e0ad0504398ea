#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/admission.h"
#include "store/settings.h"
#include "work/waiting.h"

/* The breakdown of the second employer, two people, as a folio that waits for a
 * review in a batch that is confirmed. */
static struct pen_folio under_review(struct year *y)
{
	struct fixture *f = y->f;
	struct pen_folio folio;
	char sql[200];
	int64_t id;
	bool found;

	id = ask(f, "SELECT MAX(id) FROM folio WHERE batch = 4");
	snprintf(sql, sizeof(sql), "UPDATE folio SET confirmed_at = NULL WHERE id = %lld", (long long)id);
	tamper(f, sql);
	assert_ok(pen_hold__review(store_of(f), id, "person.retired", "2023-09", "none after 2023-08",
	    ask(f, "SELECT staged_at FROM batch WHERE id = 4"), &f->error));
	assert_ok(pen_folio__find(store_of(f), id, &folio, &found, &f->error));
	assert_int_equal(folio.state, PEN_FOLIO_HELD);
	return folio;
}

/* A look at it by that decision; whether it was let in. */
static bool release(struct year *y, const struct pen_folio *folio, const struct pen_decision *decision)
{
	struct pen_shortfall shortfall;
	struct fixture *f = y->f;
	struct pen_cover *cover;
	bool let_in;

	assert_ok(pen_cover__open(&cover, store_of(f), &f->error));
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_admission__release(&y->lead1, cover, folio, decision, &shortfall, &let_in, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	pen_cover__close(cover);
	return let_in;
}

static enum pen_folio_state state_now(struct year *y, int64_t id)
{
	struct fixture *f = y->f;
	struct pen_folio folio;
	bool found;

	assert_ok(pen_folio__find(store_of(f), id, &folio, &found, &f->error));
	return folio.state;
}

static void a_review_that_is_decided_lets_the_folio_join_its_batch(void **state)
{
	const struct pen_decision decision = { .reviewed = true, .reason = "seen" };
	struct year *y = *state;
	struct pen_folio folio = under_review(y);

	assert_true(release(y, &folio, &decision));
	assert_int_equal(state_now(y, folio.id), PEN_FOLIO_CONFIRMED);
	assert_int_equal(ask(y->f, "SELECT COUNT(*) FROM hold WHERE decision = 'released' AND reason = 'seen'"), 1);
	assert_int_equal(ask(y->f, "SELECT COUNT(*) FROM journal WHERE act = 'import.release' AND text LIKE '%\"reason\":\"seen\"%'"), 1);
}

static void what_nobody_reviewed_stays_whatever_the_levy_says(void **state)
{
	const struct pen_decision by_levy = { .by = "batch 3" };
	struct year *y = *state;
	struct pen_folio folio = under_review(y);

	assert_false(release(y, &folio, &by_levy));
	assert_int_equal(state_now(y, folio.id), PEN_FOLIO_HELD);
	assert_int_equal(ask(y->f, "SELECT COUNT(*) FROM hold WHERE ended_at IS NULL"), 1);
	assert_int_equal(ask(y->f, "SELECT COUNT(*) FROM journal WHERE act = 'import.release'"), 0);
}

/* The levy was used up meanwhile: the review is done, the folio waits on for it. */
static void a_review_lets_nothing_in_that_is_over_its_levy(void **state)
{
	const struct pen_decision decision = { .reviewed = true, .reason = "seen" }, by_levy = { .by = "batch 5" };
	struct year *y = *state;
	struct pen_folio folio = under_review(y);
	struct pen_holds holds;
	struct fixture *f = y->f;

	tamper(f, "UPDATE levy_year SET amount_fen = 100");
	assert_false(release(y, &folio, &decision));
	assert_int_equal(state_now(y, folio.id), PEN_FOLIO_HELD);
	assert_ok(pen_hold__open(store_of(f), folio.id, &holds, &f->error));
	assert_int_equal(holds.count, 1);
	assert_true(holds.levy && !holds.review);
	assert_string_equal(holds.at[0].expected, "1.00");
	tamper(f, "UPDATE levy_year SET amount_fen = 900000000");
	assert_true(release(y, &folio, &by_levy));
	assert_int_equal(state_now(y, folio.id), PEN_FOLIO_CONFIRMED);
}

static void a_folio_held_by_both_is_let_in_by_one_decision_when_it_is_covered(void **state)
{
	const struct pen_hold levy = { .rule = PEN_HOLD_LEVY, .found = "2.00", .expected = "1.00", .at = 5 };
	const struct pen_decision decision = { .reviewed = true, .reason = "seen" };
	struct year *y = *state;
	struct pen_folio folio = under_review(y);
	struct fixture *f = y->f;

	assert_ok(pen_hold__enter(store_of(f), folio.id, &levy, &f->error));
	assert_true(release(y, &folio, &decision));
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold WHERE rule = 'levy.covers' AND decision = 'covered' AND reason IS NULL"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold WHERE rule = 'person.retired' AND decision = 'released'"), 1);
}

static void what_is_turned_down_ends_every_hold_with_the_reason(void **state)
{
	struct year *y = *state;
	struct pen_folio folio = under_review(y);
	struct fixture *f = y->f;

	assert_ok(pen_hold__review(store_of(f), folio.id, "person.elsewhere", "a", "b", 5, &f->error));
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_admission__reject(&y->op1, &folio, "paid in error", &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	assert_int_equal(state_now(y, folio.id), PEN_FOLIO_REJECTED);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM hold WHERE decision = 'rejected' AND reason = 'paid in error'"), 2);
}

/* ---------------------------------------------------- who waits, and how long -- */

static void who_is_to_act_is_told_of_whom_why_and_since_when(void **state)
{
	struct year *y = *state;
	struct pen_folio folio = under_review(y);
	struct pen_waiting waiting;
	struct fixture *f = y->f;
	char id[19];

	tamper(f, "DROP TRIGGER journal_stays_u");
	tamper(f, "UPDATE journal SET time = '2026-11-01T10:00:00Z'");
	setenv("PEN_CLOCK", "1763985600", 1);	/* 2025-11-24, a year before */
	assert_ok(pen_waiting__look(store_of(f), NULL, &folio, &waiting, &f->error));
	assert_int_equal(waiting.holds.count, 1);
	assert_int_equal(waiting.days[0], 0);	/* a clock set back makes no negative age */
	setenv("PEN_CLOCK", "1795521600", 1);	/* 2026-11-24 12:00 */
	assert_ok(pen_waiting__look(store_of(f), NULL, &folio, &waiting, &f->error));
	assert_int_equal(waiting.days[0], 23);
	unsetenv("PEN_CLOCK");
	citizen_id(PEOPLE - 2, id);
	assert_string_equal(waiting.someone.id_number, id);
	assert_string_equal(waiting.someone.name, "王300");
	assert_non_null(strstr(waiting.why, "person.retired"));
	assert_non_null(strstr(waiting.why, "2023-09"));
	/* For two reasons at once both are told. */
	assert_ok(pen_hold__review(store_of(f), folio.id, "person.elsewhere", "found elsewhere", "b", 5, &f->error));
	assert_ok(pen_waiting__look(store_of(f), NULL, &folio, &waiting, &f->error));
	assert_int_equal(waiting.holds.count, 2);
	assert_non_null(strstr(waiting.why, "; person."));
	assert_non_null(strstr(waiting.why, "found elsewhere"));
}

static void what_is_not_held_waits_for_nothing(void **state)
{
	struct year *y = *state;
	struct pen_waiting waiting;
	struct pen_folio folio;
	struct fixture *f = y->f;
	bool found;

	assert_ok(pen_folio__find(store_of(f), 1, &folio, &found, &f->error));
	assert_ok(pen_waiting__look(store_of(f), NULL, &folio, &waiting, &f->error));
	assert_int_equal(waiting.holds.count, 0);
	assert_string_equal(waiting.why, "");
}

static void a_computed_batch_is_not_let_in_whatever_its_state_was_made(void **state)
{
	const struct pen_expectation expect = { .rows = -1 };
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_store *store = store_of(f);
	char form_digest[PEN_DIGEST_HEX], rules[PEN_DIGEST_HEX], sql[256];
	struct pen_admission admission;
	struct pen_batch batch;
	struct pen_form *form;
	bool found;

	assert_ok(pen_settings__form(store, "settlement", &form, form_digest, &f->error));
	pen_form__free(form);
	assert_ok(pen_settings__rules(store, rules, &f->error));
	assert_ok(pen_db__begin_write(pen_store__db(store), &f->error));
	assert_ok(pen_settings__keep(store, "settlement", rules, 9, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store), &f->error));
	snprintf(sql, sizeof(sql), "UPDATE batch SET state = 'staged', form_digest = '%s' WHERE id = 4", form_digest);
	tamper(f, sql);
	assert_ok(pen_batch__find(store, 4, &batch, &found, &f->error));
	assert_fails(pen_admission__confirm(&y->lead1, &batch, &expect, &admission, &f->error), PEN_USAGE, "form.unfit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_review_that_is_decided_lets_the_folio_join_its_batch),
		WITH_YEAR(what_nobody_reviewed_stays_whatever_the_levy_says),
		WITH_YEAR(a_review_lets_nothing_in_that_is_over_its_levy),
		WITH_YEAR(a_folio_held_by_both_is_let_in_by_one_decision_when_it_is_covered),
		WITH_YEAR(what_is_turned_down_ends_every_hold_with_the_reason),
		WITH_YEAR(who_is_to_act_is_told_of_whom_why_and_since_when),
		WITH_YEAR(what_is_not_held_waits_for_nothing),
		WITH_YEAR(a_computed_batch_is_not_let_in_whatever_its_state_was_made),
	};

	return cmocka_run_group_tests_name("store/admission", tests, NULL, NULL);
}
