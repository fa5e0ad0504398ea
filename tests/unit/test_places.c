#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/places.h"

/* ---- everybody's places ---- */

struct tally { int64_t count, openings, sealed, last; bool sorted; };

static enum pen_status tally(void *context, const struct pen_account_place *place, struct pen_error *error)
{
	struct tally *t = context;

	(void)error;
	t->sorted = t->sorted && place->person >= t->last;
	t->last = place->person;
	t->count++;
	t->openings += place->opening;
	t->sealed += place->sealed;
	return PEN_OK;
}

static struct tally tally_of(struct fixture *f, int64_t as_of)
{
	struct tally t = { .sorted = true };

	assert_ok(pen_places__each(store_of(f), as_of, tally, &t, &f->error));
	assert_true(t.sorted);
	return t;
}

static void places_are_those_of_the_folios_that_the_index_shows(void **state)
{
	struct fixture *f = *state;

	folio(f, 1, "opening", 0, 0, 2, 4);
	folio(f, 2, "settlement", 1, 2024, 5, -1);
	opened(f, 1, 10, 2023, 100, 1);
	opened(f, 1, 11, 2023, 100, 1);
	settled(f, 2, 10, 2024, 200);
	assert_int_equal(tally_of(f, 1).count, 0);
	assert_int_equal(tally_of(f, 2).count, 2);
	assert_int_equal(tally_of(f, 3).sealed, 0);
	assert_int_equal(tally_of(f, 4).sealed, 2);
	assert_int_equal(tally_of(f, 5).count, 3);
	assert_int_equal(tally_of(f, 5).openings, 2);
	tamper(f, "UPDATE folio SET state = 'replaced', ended_at = 6 WHERE id = 2");
	assert_int_equal(tally_of(f, 6).count, 2);
	assert_int_equal(tally_of(f, 5).count, 3);
}

static void more_places_than_a_slice_are_all_given_once(void **state)
{
	struct fixture *f = *state;

	folio(f, 1, "opening", 0, 0, 0, 0);
	folio(f, 2, "opening", 0, 0, 0, 0);
	tamper(f, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6001)"
	    " INSERT INTO account_year SELECT i, 2023, 1 + i % 2 FROM n");
	tamper(f, "INSERT INTO account_year SELECT person, 2022, 1 FROM account_year WHERE person % 2 = 0");
	assert_int_equal(tally_of(f, 0).count, 6001 + 3000);
}

/* ---- one person's ---- */

static void of_several_balances_of_a_year_one_counts(void **state)
{
	struct fixture *f = *state;
	struct pen_account_place *places;
	size_t count;

	folio(f, 1, "opening", 0, 0, 1, 1);
	folio(f, 2, "settlement", 1, 2024, 2, 2);
	folio(f, 3, "settlement", 1, 2024, 4, -1);
	opened(f, 1, 10, 2023, 100, 1);
	settled(f, 2, 10, 2024, 200);
	settled(f, 3, 10, 2024, 300);
	settled(f, 3, 10, 2025, 400);

	assert_ok(pen_places__of_person(store_of(f), 10, 5, &places, &count, &f->error));
	assert_int_equal(count, 3);
	assert_int_equal(places[0].folio, 1);
	assert_true(places[0].opening && places[0].sealed);
	assert_int_equal(places[1].folio, 3);
	assert_false(places[1].sealed);
	assert_ptr_equal(pen_places__at(places, count, 2024), &places[1]);
	assert_null(pen_places__at(places, count, 2022));
	pen_memory__free(places);

	assert_ok(pen_places__of_person(store_of(f), 10, 3, &places, &count, &f->error));
	assert_int_equal(pen_places__at(places, count, 2024)->folio, 2);
	pen_memory__free(places);

	assert_ok(pen_places__of_person(store_of(f), 12, 5, &places, &count, &f->error));
	assert_int_equal(count, 0);
	pen_memory__free(places);
}

/* Who has the balances 2022 to 2025 in force, as "year:folio ". */
static const char *in_force(struct fixture *f, int64_t person, int64_t as_of)
{
	static char text[128];
	struct pen_account_place *places;
	size_t count, n = 0, i;

	text[0] = '\0';
	assert_ok(pen_places__of_person(store_of(f), person, as_of, &places, &count, &f->error));
	for (i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%d:%d ", places[i].year, (int)places[i].folio);
	pen_memory__free(places);
	return text;
}

static void an_opening_that_comes_after_a_settlement_never_counts(void **state)
{
	struct fixture *f = *state;

	folio(f, 1, "opening", 0, 0, 1, 2);
	folio(f, 2, "settlement", 1, 2024, 3, 3);
	folio(f, 3, "opening", 0, 0, 5, -1);
	folio(f, 4, "opening", 0, 0, 6, 6);
	opened(f, 1, 10, 2023, 100, 0);
	settled(f, 2, 10, 2024, 200);
	opened(f, 3, 10, 2024, 999, 0);	/* for the settled year, */
	opened(f, 4, 10, 2023, 888, 0);	/* and before it; the one before counts */
	assert_string_equal(in_force(f, 10, 9), "2023:1 2024:2 ");
	settled(f, 2, 11, 2024, 200);
	opened(f, 3, 11, 2023, 999, 0);	/* nothing was known then */
	opened(f, 4, 11, 2025, 888, 0);	/* a later year */
	assert_string_equal(in_force(f, 11, 9), "2024:2 2025:4 ");
	/* Even one that was there first, for the very year. */
	opened(f, 1, 12, 2024, 100, 0);
	settled(f, 2, 12, 2024, 200);
	assert_string_equal(in_force(f, 12, 9), "2024:2 ");
	assert_string_equal(in_force(f, 12, 2), "2024:1 ");
}

static void of_two_openings_the_sealed_one_counts(void **state)
{
	struct fixture *f = *state;

	folio(f, 1, "opening", 0, 0, 1, 2);
	folio(f, 2, "opening", 0, 0, 3, -1);
	folio(f, 3, "opening", 0, 0, 4, 5);
	opened(f, 1, 10, 2023, 100, 0);
	opened(f, 2, 10, 2023, 200, 0);
	assert_string_equal(in_force(f, 10, 9), "2023:1 ");
	opened(f, 3, 10, 2023, 300, 0);
	assert_string_equal(in_force(f, 10, 4), "2023:1 ");
	assert_string_equal(in_force(f, 10, 5), "2023:3 ");
}

static void a_balance_is_entered_once(void **state)
{
	struct fixture *f = *state;

	assert_ok(pen_places__enter(store_of(f), 10, 2024, 3, &f->error));
	assert_int_equal(ask(f, "SELECT folio FROM account_year WHERE person = 10 AND year = 2024"), 3);
	assert_int_not_equal(pen_places__enter(store_of(f), 10, 2024, 3, &f->error), PEN_OK);
}

static void a_close_out_counts_once_it_is_sealed_and_nothing_of_its_year_or_later_beside_it(void **state)
{
	struct pen_account_place places[] = {
		{ .person = 1, .folio = 1, .year = 2022, .opening = true, .sealed = true },
		{ .person = 1, .folio = 2, .year = 2023, .sealed = true },
		{ .person = 1, .folio = 3, .year = 2024, .sealed = true },
		{ .person = 1, .folio = 4, .year = 2024, .closed = true },
		{ .person = 1, .folio = 5, .year = 2025, .sealed = true },
	}, again[5];

	(void)state;
	memcpy(again, places, sizeof(again));
	assert_int_equal(pen_places__in_force(places, 5), 4);
	assert_int_equal(places[2].folio, 3);
	again[3].sealed = true;
	assert_int_equal(pen_places__in_force(again, 5), 3);
	assert_int_equal(again[1].folio, 2);
	assert_int_equal(again[2].folio, 4);
	assert_true(again[2].closed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(places_are_those_of_the_folios_that_the_index_shows),
		WITH_STORE(more_places_than_a_slice_are_all_given_once),
		WITH_STORE(of_several_balances_of_a_year_one_counts),
		WITH_STORE(an_opening_that_comes_after_a_settlement_never_counts),
		WITH_STORE(of_two_openings_the_sealed_one_counts),
		WITH_STORE(a_balance_is_entered_once),
		cmocka_unit_test(a_close_out_counts_once_it_is_sealed_and_nothing_of_its_year_or_later_beside_it),
	};

	return cmocka_run_group_tests_name("store/places", tests, NULL, NULL);
}
