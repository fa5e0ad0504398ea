#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/ledger.h"

/* The lines of a folio's contributions that an index shows, as "1,2,". */
static const char *lines_of(struct fixture *f, int64_t in, int64_t person, int64_t as_of)
{
	static char text[64];
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	size_t n = 0;

	text[0] = '\0';
	assert_ok(pen_ledger__open(&rows, store_of(f), pen_kind__of(PEN_KIND_CONTRIBUTION), in, person, as_of, &f->error));
	for (;;) {
		assert_ok(pen_ledger__next(rows, &row, &f->error));
		if (!row)
			break;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%d,", (int)row->v[PEN_LINE].i);
	}
	pen_ledger__close(rows);
	return text;
}

static void a_replaced_row_is_left_out_from_its_entry_on(void **state)
{
	struct fixture *f = *state;

	folio(f, 1, "breakdown", 1, 2024, 0, 0);
	paid(f, 1, 10, 2, 1, 100);
	paid(f, 1, 10, 3, 2, 100);
	paid(f, 1, 11, 4, 1, 100);
	tamper(f, "INSERT INTO replacement VALUES (1, 10, 3, 7, 2, 1)");
	assert_string_equal(lines_of(f, 1, 0, 6), "2,3,4,");
	assert_string_equal(lines_of(f, 1, 0, 7), "2,4,");
}

static void one_persons_rows_can_be_read_alone(void **state)
{
	struct fixture *f = *state;

	folio(f, 1, "breakdown", 1, 2024, 0, 0);
	paid(f, 1, 10, 2, 1, 100);
	paid(f, 1, 11, 3, 1, 100);
	paid(f, 1, 12, 4, 1, 100);
	assert_string_equal(lines_of(f, 1, 11, 5), "3,");
	assert_string_equal(lines_of(f, 1, 13, 5), "");
}

static void a_settled_year_is_read_from_its_movements(void **state)
{
	struct fixture *f = *state;
	const struct pen_account_place place = { .person = 10, .folio = 2, .year = 2024 };
	struct pen_account_stand stand;
	struct pen_balance closing;
	int64_t total;

	folio(f, 2, "settlement", 1, 2024, 2, 2);
	tamper(f, "INSERT INTO movement VALUES (2, 10, 1, 2024, 'credit', 4800, 0, 0, 0, 4095, NULL, 1),"
	    " (2, 10, 2, 2024, 'interest-opening', 0, 39, 0, 7, 0, 39700, 1),"
	    " (2, 10, 3, 2024, 'interest-year', 0, 10, 0, 0, 4095, 39700, 1),"
	    " (2, 10, 4, 2024, 'balance', 14800, 49, 500, 7, 0, NULL, 1)");
	assert_ok(pen_ledger__stand(store_of(f), &place, 5, &stand, &f->error));
	assert_int_equal(stand.year.credit_personal_fen, 4800);
	assert_int_equal(stand.year.interest_opening_personal_fen, 39);
	assert_int_equal(stand.year.interest_opening_unit_fen, 7);
	assert_int_equal(stand.year.interest_year_personal_fen, 10);
	assert_int_equal(stand.year.rate, 39700);
	assert_int_equal(stand.months, 4095);
	assert_int_equal(stand.year.closing.unit_principal_fen, 500);
	assert_true(pen_ledger__total(&stand.year.closing, &total));
	assert_int_equal(total, 14800 + 49 + 500 + 7);
	assert_ok(pen_ledger__closing(store_of(f), &place, 5, &closing, &f->error));
	assert_memory_equal(&closing, &stand.year.closing, sizeof(closing));
}

static void an_opening_is_read_for_its_own_year_alone(void **state)
{
	struct fixture *f = *state;
	struct pen_account_place place = { .person = 10, .folio = 1, .year = 2023, .opening = true };
	struct pen_account_stand stand;
	struct pen_balance closing;

	folio(f, 1, "opening", 0, 0, 0, 0);
	opened(f, 1, 10, 2023, 700, 30);
	assert_ok(pen_ledger__stand(store_of(f), &place, 5, &stand, &f->error));
	assert_int_equal(stand.year.closing.personal_principal_fen, 700);
	assert_int_equal(stand.year.closing.personal_interest_fen, 30);
	assert_false(stand.has_rate);
	assert_ok(pen_ledger__closing(store_of(f), &place, 5, &closing, &f->error));
	assert_memory_equal(&closing, &stand.year.closing, sizeof(closing));
	place.year = 2022;
	assert_fails(pen_ledger__closing(store_of(f), &place, 5, &closing, &f->error), PEN_INTEGRITY, "account.missing");
	assert_fails(pen_ledger__stand(store_of(f), &place, 5, &stand, &f->error), PEN_INTEGRITY, "account.missing");
}

static void a_total_that_does_not_fit_is_told(void **state)
{
	const struct pen_balance balance = { INT64_MAX, 1, 0, 0 };
	int64_t total;

	(void)state;
	assert_false(pen_ledger__total(&balance, &total));
}

/* ---- folios ---- */

static void the_folios_that_somebody_was_paid_in_are_found(void **state)
{
	struct fixture *f = *state;
	int64_t *folios;
	size_t count;

	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "breakdown", 2, 2024, 3, -1);
	folio(f, 3, "breakdown", 3, 2024, 1, 1);
	folio(f, 4, "breakdown", 1, 2025, 1, 1);
	paid(f, 1, 10, 2, 63, 100);
	paid(f, 2, 10, 2, 64, 100);
	paid(f, 3, 11, 2, 1, 100);
	paid(f, 4, 10, 2, 1, 100);
	assert_ok(pen_ledger__contributed(store_of(f), 10, 2024, 3, &folios, &count, &f->error));
	assert_int_equal(count, 2);
	assert_int_equal(folios[0], 1);
	assert_int_equal(folios[1], 2);
	pen_memory__free(folios);
	assert_ok(pen_ledger__contributed(store_of(f), 10, 2024, 2, &folios, &count, &f->error));
	assert_int_equal(count, 1);
	pen_memory__free(folios);
	assert_ok(pen_ledger__held(store_of(f), 2024, &folios, &count, &f->error));
	assert_int_equal(count, 0);
	pen_memory__free(folios);
	tamper(f, "UPDATE folio SET state = 'held', confirmed_at = NULL WHERE id = 2");
	assert_ok(pen_ledger__held(store_of(f), 2024, &folios, &count, &f->error));
	assert_int_equal(count, 1);
	assert_int_equal(folios[0], 2);
	pen_memory__free(folios);
}

/* ---- writing ---- */

static void a_replacement_names_the_movement_of_the_same_kind(void **state)
{
	struct fixture *f = *state;
	struct pen_account_stand stand;

	folio(f, 1, "settlement", 1, 2024, 1, -1);
	folio(f, 2, "settlement", 1, 2024, 2, -1);
	tamper(f, "INSERT INTO movement VALUES (1, 10, 1, 2024, 'credit', 1, 0, 0, 0, 1, NULL, 1),"
	    " (1, 10, 2, 2024, 'balance', 1, 0, 0, 0, 0, NULL, 1), (1, 11, 3, 2024, 'balance', 1, 0, 0, 0, 0, NULL, 1),"
	    " (2, 10, 7, 2024, 'interest-opening', 0, 0, 0, 0, 0, 100, 1), (2, 10, 8, 2024, 'balance', 5, 0, 0, 0, 0, NULL, 1)");
	assert_ok(pen_ledger__replace(store_of(f), 1, 10, 2, 6, &f->error));
	assert_ok(pen_ledger__replace(store_of(f), 1, 10, 2, 7, &f->error));
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM replacement"), 2);
	/* What has no counterpart is replaced by the balance. */
	assert_int_equal(ask(f, "SELECT by_line FROM replacement WHERE line = 1"), 8);
	assert_int_equal(ask(f, "SELECT by_line FROM replacement WHERE line = 2"), 8);
	assert_int_equal(ask(f, "SELECT MIN(at) FROM replacement"), 6);
	assert_ok(pen_ledger__stand(store_of(f), &(struct pen_account_place){ .person = 10, .folio = 1, .year = 2024 }, 5, &stand, &f->error));
	assert_fails(pen_ledger__stand(store_of(f), &(struct pen_account_place){ .person = 10, .folio = 1, .year = 2024 }, 6, &stand, &f->error),
	    PEN_INTEGRITY, "account.missing");
	assert_ok(pen_ledger__stand(store_of(f), &(struct pen_account_place){ .person = 11, .folio = 1, .year = 2024 }, 6, &stand, &f->error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_replaced_row_is_left_out_from_its_entry_on),
		WITH_STORE(one_persons_rows_can_be_read_alone),
		WITH_STORE(a_settled_year_is_read_from_its_movements),
		WITH_STORE(an_opening_is_read_for_its_own_year_alone),
		cmocka_unit_test(a_total_that_does_not_fit_is_told),
		WITH_STORE(the_folios_that_somebody_was_paid_in_are_found),
		WITH_STORE(a_replacement_names_the_movement_of_the_same_kind),
	};

	return cmocka_run_group_tests_name("store/ledger", tests, NULL, NULL);
}
