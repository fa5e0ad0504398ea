#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/folio.h"
#include "store/payee.h"

#define PAID_IN 77	/* the folio of the payment, line 1, of person 5 */

/* What the bank said of it, in a batch of its own; the folio is being written still. */
static int64_t returned(struct fixture *f, int64_t batch, const char *result)
{
	struct pen_folio folio = { .batch = batch, .form = "payment-return", .period = 202601, .state = PEN_FOLIO_STAGING };
	char sql[256];

	assert_ok(pen_folio__enter(store_of(f), &folio, &f->error));
	snprintf(sql, sizeof(sql), "INSERT INTO payment_return (folio, person, line, payment_folio, payment_line, result, amount_fen, told_on)"
	    " VALUES (%lld, 5, 1, %d, 1, '%s', 160000, 20260115)", (long long)folio.id, PAID_IN, result);
	tamper(f, sql);
	return folio.id;
}

static void assert_said(struct fixture *f, int64_t expected, bool expect_failed, size_t batches)
{
	int64_t batch, told[PEN_PAYEE_BATCHES];
	size_t count;
	bool failed;

	assert_ok(pen_payee__returned(store_of(f), 5, PAID_IN, 1, &failed, &batch, &f->error));
	assert_int_equal(batch, expected);
	assert_int_equal(failed, expect_failed);
	assert_ok(pen_payee__told(store_of(f), 5, PAID_IN, 1, told, &count, &f->error));
	assert_int_equal(count, batches);
}

static void a_bank_that_said_nothing_has_no_batch(void **state)
{
	assert_said(*state, 0, false, 0);
}

/* The same file, given again, is to write it on, and not to be refused as told before. */
static void what_a_stopped_run_has_written_of_a_return_says_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t folio = returned(f, 3, "failed");

	assert_said(f, 0, false, 0);
	assert_ok(pen_folio__set_state(store_of(f), folio, PEN_FOLIO_CONFIRMED, 4, &f->error));
	assert_said(f, 3, true, 1);
}

static void what_was_taken_out_again_says_nothing_either(void **state)
{
	struct fixture *f = *state;

	assert_ok(pen_folio__set_state(store_of(f), returned(f, 3, "failed"), PEN_FOLIO_DISCARDED, 4, &f->error));
	assert_said(f, 0, false, 0);
}

static void the_last_word_of_a_bank_counts_and_each_batch_is_named_once(void **state)
{
	struct fixture *f = *state;

	assert_ok(pen_folio__set_state(store_of(f), returned(f, 3, "failed"), PEN_FOLIO_SEALED, 4, &f->error));
	assert_ok(pen_folio__set_state(store_of(f), returned(f, 8, "paid"), PEN_FOLIO_CONFIRMED, 5, &f->error));
	assert_said(f, 8, false, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_bank_that_said_nothing_has_no_batch),
		WITH_STORE(what_a_stopped_run_has_written_of_a_return_says_nothing),
		WITH_STORE(what_was_taken_out_again_says_nothing_either),
		WITH_STORE(the_last_word_of_a_bank_counts_and_each_batch_is_named_once),
	};

	return cmocka_run_group_tests_name("store/payee", tests, NULL, NULL);
}
