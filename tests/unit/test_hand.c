#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/hand.h"

/* The breakdown's batch and its two folios. */
static void folios_of(struct year *y, struct pen_batch *batch, struct pen_folio folios[2])
{
	struct fixture *f = y->f;
	int64_t id = ask(f, "SELECT MIN(id) FROM folio WHERE batch = 4");
	bool found;

	assert_ok(pen_batch__find(store_of(f), 4, batch, &found, &f->error));
	assert_ok(pen_folio__find(store_of(f), id, &folios[0], &found, &f->error));
	assert_ok(pen_folio__find(store_of(f), id + 1, &folios[1], &found, &f->error));
}

static bool had_hand(struct year *y, const char *staff, const struct pen_batch *batch, const struct pen_folio folios[2])
{
	struct fixture *f = y->f;
	bool had;

	assert_ok(pen_hand__had(store_of(f), staff, batch, folios, 2, &had, &f->error));
	return had;
}

static void who_planned_or_confirmed_had_a_hand_in_it(void **state)
{
	struct year *y = *state;
	struct pen_folio folios[2];
	struct pen_batch batch;

	folios_of(y, &batch, folios);
	assert_true(had_hand(y, "op1", &batch, folios));
	assert_false(had_hand(y, "lead1", &batch, folios));
	/* Planned by somebody else, confirmed by op1. */
	snprintf(batch.planned_by, sizeof(batch.planned_by), "op2");
	assert_true(had_hand(y, "op1", &batch, folios));
}

/* An entry by lead1 by which the second folio came in. */
static void release(struct year *y, const char *rule, struct pen_folio *folio)
{
	struct fixture *f = y->f;
	char sql[300];
	int64_t at;

	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_session__act(&y->lead1, "import.release", "folio", NULL, true, &at, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	snprintf(sql, sizeof(sql), "INSERT INTO hold VALUES (%lld, '%s', 1, 'a', 'b', %lld, 'released', 'c')",
	    (long long)folio->id, rule, (long long)at);
	tamper(f, sql);
	folio->confirmed_at = at;
}

static void who_released_after_a_review_approved_and_entered_nothing(void **state)
{
	struct year *y = *state;
	struct pen_folio folios[2];
	struct pen_batch batch;

	folios_of(y, &batch, folios);
	release(y, "person.retired", &folios[1]);
	assert_false(had_hand(y, "lead1", &batch, folios));
	assert_true(had_hand(y, "op1", &batch, folios));
	release(y, "levy.covers", &folios[1]);
	assert_true(had_hand(y, "lead1", &batch, folios));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(who_planned_or_confirmed_had_a_hand_in_it),
		WITH_YEAR(who_released_after_a_review_approved_and_entered_nothing),
	};

	return cmocka_run_group_tests_name("store/hand", tests, NULL, NULL);
}
