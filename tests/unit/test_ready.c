#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/ready.h"
#include "store/settings.h"

/* What stands in the way of the second employer's breakdown. */
static struct pen_ready look(struct year *y)
{
	struct fixture *f = y->f;
	struct pen_cover *cover;
	struct pen_folio folio;
	struct pen_batch batch;
	struct pen_form *form;
	struct pen_ready ready;
	bool found;

	assert_ok(pen_batch__find(store_of(f), 4, &batch, &found, &f->error));
	assert_ok(pen_settings__kept_form(store_of(f), batch.form_digest, &form, &f->error));
	assert_ok(pen_folio__find(store_of(f), ask(f, "SELECT MAX(id) FROM folio WHERE batch = 4"), &folio, &found, &f->error));
	assert_ok(pen_cover__open(&cover, store_of(f), &f->error));
	assert_ok(pen_ready__look(store_of(f), cover, form, &folio, &ready, &f->error));
	pen_cover__close(cover);
	pen_form__free(form);
	return ready;
}

static void a_folio_waits_for_its_employer_then_is_ready(void **state)
{
	struct year *y = *state;
	struct pen_ready ready = look(y);

	assert_int_equal(ready.is, PEN_READY_LEFT);
	assert_non_null(strstr(ready.reason, "no answer"));
	answer(y, 2, "objected");
	ready = look(y);
	assert_int_equal(ready.is, PEN_READY_LEFT);
	assert_non_null(strstr(ready.reason, "objected"));
	answer(y, 2, "agreed");
	assert_int_equal(look(y).is, PEN_READY);
}

static void a_folio_over_its_levy_by_now_is_left(void **state)
{
	struct year *y = *state;
	struct pen_ready ready;

	answer(y, 2, "agreed");
	tamper(y->f, "UPDATE levy_year SET amount_fen = 100 WHERE employer = 2");
	ready = look(y);
	assert_int_equal(ready.is, PEN_READY_LEFT);
	assert_non_null(strstr(ready.reason, "levy of 1.00"));
}

static void what_is_in_a_seal_or_has_ended_is_nobodys_business(void **state)
{
	struct year *y = *state;

	answer(y, 2, "agreed");
	assert_int_equal(sign(y, &y->op1, "4"), PEN_FINDINGS);
	assert_int_equal(look(y).is, PEN_READY_DONE);
	tamper(y->f, "UPDATE folio SET state = 'rejected' WHERE batch = 4");
	assert_int_equal(look(y).is, PEN_READY_DONE);
}

static void what_is_not_confirmed_is_left(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE folio SET state = 'staged' WHERE batch = 4");
	assert_non_null(strstr(look(y).reason, "pen-import confirm 4"));
	tamper(y->f, "UPDATE folio SET state = 'held' WHERE batch = 4");
	assert_string_equal(look(y).reason, "held");
}

static void notes_count_what_is_done_and_what_is_left(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_ready_list list = { .at = NULL };
	struct pen_ready_note note = { .batch = 4, .outcome = "signed" };
	struct pen_folio folio;
	bool found;

	assert_ok(pen_ready__note(&list, &note, &f->error));
	snprintf(note.outcome, sizeof(note.outcome), "void");
	assert_ok(pen_ready__note(&list, &note, &f->error));
	assert_ok(pen_folio__find(store_of(f), ask(f, "SELECT MAX(id) FROM folio WHERE batch = 4"), &folio, &found, &f->error));
	assert_ok(pen_ready__leave(store_of(f), &list, &folio, "it waits", &f->error));
	assert_int_equal(list.done, 1);
	assert_int_equal(list.left, 2);
	assert_string_equal(list.at[2].reason, "第2机械厂: it waits");
	pen_ready__free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_folio_waits_for_its_employer_then_is_ready),
		WITH_YEAR(a_folio_over_its_levy_by_now_is_left),
		WITH_YEAR(what_is_in_a_seal_or_has_ended_is_nobodys_business),
		WITH_YEAR(what_is_not_confirmed_is_left),
		WITH_YEAR(notes_count_what_is_done_and_what_is_left),
	};

	return cmocka_run_group_tests_name("store/ready", tests, NULL, NULL);
}
