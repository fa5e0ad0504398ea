#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/folio.h"

static struct pen_folio enter(struct fixture *f, const char *form, int64_t employer, int32_t period)
{
	struct pen_folio folio = { .batch = 1, .employer = employer, .period = period, .state = PEN_FOLIO_STAGING };

	snprintf(folio.form, sizeof(folio.form), "%s", form);
	assert_ok(pen_folio__enter(store_of(f), &folio, &f->error));
	return folio;
}

static struct pen_folio find(struct fixture *f, int64_t id)
{
	struct pen_folio folio;
	bool found;

	assert_ok(pen_folio__find(store_of(f), id, &folio, &found, &f->error));
	assert_true(found);
	return folio;
}

static void set_state(struct fixture *f, int64_t id, enum pen_folio_state to, int64_t at)
{
	assert_ok(pen_folio__set_state(store_of(f), id, to, at, &f->error));
}

static void a_late_form_has_the_next_number_of_its_employer_form_and_period(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(enter(f, "breakdown", 1, 2024).number, 1);
	assert_int_equal(enter(f, "breakdown", 1, 2024).number, 2);
	assert_int_equal(enter(f, "breakdown", 2, 2024).number, 1);
	assert_int_equal(enter(f, "breakdown", 1, 2025).number, 1);
	assert_int_equal(enter(f, "opening", 1, 2024).number, 1);
	assert_int_equal(enter(f, "breakdown", 1, 2024).number, 3);
}

static void deliveries_without_an_employer_are_numbered_too(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(enter(f, "levy", 0, 0).number, 1);
	assert_int_equal(enter(f, "levy", 0, 0).number, 2);
	assert_int_equal(find(f, 2).employer, 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE employer IS NULL"), 2);
}

static void the_number_of_a_discarded_form_is_free_again_and_its_id_is_not(void **state)
{
	struct fixture *f = *state;
	struct pen_folio again;

	set_state(f, enter(f, "breakdown", 1, 2024).id, PEN_FOLIO_DISCARDED, 4);
	again = enter(f, "breakdown", 1, 2024);
	assert_int_equal(again.number, 1);
	assert_int_equal(again.id, 2);
}

static void sums_state_and_root_are_read_as_they_were_set(void **state)
{
	struct fixture *f = *state;
	struct pen_folio folio = enter(f, "breakdown", 3, 2024);

	assert_string_equal(find(f, folio.id).root, "");
	folio.rows = 25;
	folio.unit_fen = 160000;
	folio.personal_fen = -80000;
	folio.amount_fen = 80000;
	folio.state = PEN_FOLIO_STAGED;
	assert_ok(pen_folio__sums(store_of(f), &folio, &f->error));
	assert_ok(pen_folio__set_root(store_of(f), folio.id, "ab", &f->error));
	folio = find(f, folio.id);
	assert_int_equal(folio.rows, 25);
	assert_int_equal(folio.unit_fen, 160000);
	assert_int_equal(folio.personal_fen, -80000);
	assert_int_equal(folio.amount_fen, 80000);
	assert_int_equal(folio.state, PEN_FOLIO_STAGED);
	assert_string_equal(folio.root, "ab");
	assert_int_equal(folio.replaces, 0);
	assert_int_equal(folio.confirmed_at, -1);
}

static void each_state_keeps_the_index_of_its_entry(void **state)
{
	struct fixture *f = *state;
	int64_t id = enter(f, "breakdown", 1, 2024).id;
	struct pen_folio folio;

	set_state(f, id, PEN_FOLIO_CONFIRMED, 5);
	set_state(f, id, PEN_FOLIO_SEALED, 8);
	set_state(f, id, PEN_FOLIO_REPLACED, 9);
	folio = find(f, id);
	assert_int_equal(folio.confirmed_at, 5);
	assert_int_equal(folio.sealed_at, 8);
	assert_int_equal(folio.ended_at, 9);
	assert_string_equal(pen_folio__state_name(folio.state), "replaced");
}

static void the_credit_code_is_that_of_the_alias(void **state)
{
	struct fixture *f = *state;

	tamper(f, "INSERT INTO employer_alias VALUES ('unit-number', '99', 4, 1), ('credit-code', '91330106MA1080192C', 4, 1)");
	assert_string_equal(find(f, enter(f, "breakdown", 4, 2024).id).credit_code, "91330106MA1080192C");
	assert_string_equal(find(f, enter(f, "breakdown", 5, 2024).id).credit_code, "");
}

static void a_state_that_there_is_not_is_damage(void **state)
{
	struct fixture *f = *state;
	struct pen_folio folio;
	bool found;

	enter(f, "breakdown", 1, 2024);
	tamper(f, "PRAGMA ignore_check_constraints = 1; UPDATE folio SET state = 'signed'");
	assert_fails(pen_folio__find(store_of(f), 1, &folio, &found, &f->error), PEN_INTEGRITY, "folio.state");
}

/* ---- lists ---- */

struct seen { int64_t id[8]; enum pen_folio_state state[8]; size_t n; };

static enum pen_status see(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct seen *seen = context;

	(void)error;
	assert_true(seen->n < 8);
	seen->id[seen->n] = folio->id;
	seen->state[seen->n++] = folio->state;
	return PEN_OK;
}

static struct seen visible(struct fixture *f, int32_t period, int64_t employer, int64_t as_of)
{
	struct seen seen = { .n = 0 };

	assert_ok(pen_folio__each_visible(store_of(f), "breakdown", period, employer, as_of, see, &seen, &f->error));
	return seen;
}

static void a_report_sees_what_was_confirmed_and_not_ended_at_its_index(void **state)
{
	struct fixture *f = *state;
	struct seen seen;

	enter(f, "breakdown", 1, 2024);
	enter(f, "breakdown", 2, 2024);
	enter(f, "breakdown", 2, 2025);
	enter(f, "breakdown", 3, 2024);		/* stays staged */
	set_state(f, 1, PEN_FOLIO_CONFIRMED, 5);
	set_state(f, 2, PEN_FOLIO_CONFIRMED, 6);
	set_state(f, 3, PEN_FOLIO_CONFIRMED, 6);
	set_state(f, 1, PEN_FOLIO_SEALED, 7);
	set_state(f, 2, PEN_FOLIO_REPLACED, 8);
	assert_int_equal(visible(f, 2024, 0, 4).n, 0);
	seen = visible(f, 2024, 0, 6);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.state[0], PEN_FOLIO_CONFIRMED);	/* sealed later only */
	assert_int_equal(seen.state[1], PEN_FOLIO_CONFIRMED);	/* replaced later only */
	seen = visible(f, 2024, 0, 8);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.id[0], 1);
	assert_int_equal(seen.state[0], PEN_FOLIO_SEALED);
	assert_int_equal(visible(f, 0, 0, 6).n, 3);
	assert_int_equal(visible(f, 0, 2, 6).n, 2);
	assert_int_equal(visible(f, 2025, 2, 9).id[0], 3);
	assert_int_equal(visible(f, 2025, 1, 9).n, 0);
}

static enum pen_status enter_another(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct fixture *f = context;

	(void)folio;
	(void)error;
	enter(f, "breakdown", 9, 2024);
	return PEN_OK;
}

static void a_visit_may_write_and_does_not_see_what_it_wrote(void **state)
{
	struct fixture *f = *state;

	enter(f, "breakdown", 1, 2024);
	enter(f, "breakdown", 2, 2024);
	assert_ok(pen_folio__each_of_batch(store_of(f), 1, enter_another, f, &f->error));
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio"), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_late_form_has_the_next_number_of_its_employer_form_and_period),
		WITH_STORE(deliveries_without_an_employer_are_numbered_too),
		WITH_STORE(the_number_of_a_discarded_form_is_free_again_and_its_id_is_not),
		WITH_STORE(sums_state_and_root_are_read_as_they_were_set),
		WITH_STORE(each_state_keeps_the_index_of_its_entry),
		WITH_STORE(the_credit_code_is_that_of_the_alias),
		WITH_STORE(a_state_that_there_is_not_is_damage),
		WITH_STORE(a_report_sees_what_was_confirmed_and_not_ended_at_its_index),
		WITH_STORE(a_visit_may_write_and_does_not_see_what_it_wrote),
	};

	return cmocka_run_group_tests_name("store/folio", tests, NULL, NULL);
}
