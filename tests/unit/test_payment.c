#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/payment.h"

static struct pen_payment make(const struct pen_entitlement *entitlement, const struct pen_payment_before *before,
    int32_t month, int64_t keep_most)
{
	struct pen_error error = { 0 };
	struct pen_payment payment;

	assert_int_equal(pen_payment__make(entitlement, before, month, keep_most, &payment, &error), PEN_OK);
	assert_true(payment.amount_fen >= 0 && payment.overpaid_fen >= 0);
	assert_int_equal(payment.amount_fen, payment.regular.total_fen + payment.arrears_fen + payment.once_fen - payment.recovered_fen);
	assert_int_equal(payment.paid_total_fen, payment.due_total_fen + payment.overpaid_fen);
	assert_int_equal(payment.paid_total_fen,
	    before->paid_total_fen - before->returned_fen - before->repaid_fen + payment.amount_fen);
	if (before->drawn_total_fen >= 0)
		assert_int_equal(payment.drawn_total_fen, before->drawn_total_fen + payment.drawn_fen);
	return payment;
}

static struct pen_payment_before goes_on(const struct pen_payment *payment)
{
	return (struct pen_payment_before){ payment->month, payment->since, payment->regular.total_fen, payment->once_total_fen,
		payment->due_total_fen, payment->paid_total_fen, payment->overpaid_fen, 0, 0,
		payment->drawn_total_fen };
}

static const struct pen_payment_before nothing = { .month = 0 };

static void the_first_line_pays_the_month_and_what_is_late(void **state)
{
	const struct pen_entitlement e = { .since = 202601, .parts = { 100, 20, 3, 0 } };
	struct pen_payment p;

	(void)state;
	p = make(&e, &nothing, 202601, -1);
	assert_int_equal(p.amount_fen, 123);
	assert_int_equal(p.arrears_fen, 0);
	assert_int_equal(p.change, PEN_PAYMENT_JOINED);
	p = make(&e, &nothing, 202603, -1);
	assert_int_equal(p.amount_fen, 369);
	assert_int_equal(p.arrears_fen, 246);
}

static void a_month_like_the_last_pays_itself(void **state)
{
	const struct pen_entitlement e = { .since = 202601, .parts = { 100, 0, 0, 0 } };
	struct pen_payment p = make(&e, &nothing, 202601, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	p = make(&e, &before, 202602, -1);
	assert_int_equal(p.amount_fen, 100);
	assert_int_equal(p.change, PEN_PAYMENT_SAME);
	assert_int_equal(p.paid_total_fen, 200);
}

static void an_increase_that_reaches_back_is_paid_in_arrears(void **state)
{
	const struct pen_entitlement_increase increase = { 202601, 7 };
	struct pen_entitlement e = { .since = 202512, .parts = { 100, 0, 0, 0 } };
	struct pen_payment p = make(&e, &nothing, 202603, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	e.increase = &increase;
	e.increases = 1;
	p = make(&e, &before, 202604, -1);
	assert_int_equal(p.regular.adjustment_fen, 7);
	assert_int_equal(p.arrears_fen, 21);
	assert_int_equal(p.amount_fen, 128);
	assert_int_equal(p.change, PEN_PAYMENT_CHANGED);
}

static void what_the_bank_sent_back_is_paid_with_the_next_month(void **state)
{
	const struct pen_entitlement e = { .since = 202601, .parts = { 100, 0, 0, 0 } };
	struct pen_payment p = make(&e, &nothing, 202601, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	before.returned_fen = 100;
	p = make(&e, &before, 202602, -1);
	assert_int_equal(p.arrears_fen, 100);
	assert_int_equal(p.amount_fen, 200);
	assert_int_equal(p.paid_total_fen, 200);
}

static void what_the_account_pays_is_its_part_of_what_is_due(void **state)
{
	const struct pen_entitlement_change death = { PEN_ENTITLEMENT_ENDED, 202604, 0 };
	struct pen_entitlement e = { .since = 202601, .parts = { 100, 20, 3, 0 } };
	struct pen_payment p = make(&e, &nothing, 202603, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	/* The month, and what is late. */
	assert_int_equal(p.drawn_fen, 60);
	p = make(&e, &before, 202604, -1);
	assert_int_equal(p.drawn_fen, 20);
	/* What the bank sends back is owed still: the account has paid it. */
	before = goes_on(&p);
	before.returned_fen = 123;
	p = make(&e, &before, 202605, -1);
	assert_int_equal(p.amount_fen, 246);
	assert_int_equal(p.drawn_fen, 20);
	/* Months that were not due were not the account's to pay, whoever makes them good. */
	before = goes_on(&p);
	e.change = &death;
	e.changes = 1;
	p = make(&e, &before, 202606, -1);
	assert_int_equal(p.drawn_fen, -40);
	assert_int_equal(p.drawn_total_fen, 60);
}

static void after_a_line_that_does_not_say_it_the_account_pays_the_month(void **state)
{
	const struct pen_entitlement e = { .since = 202601, .parts = { 100, 20, 3, 0 } };
	struct pen_payment p = make(&e, &nothing, 202603, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	before.drawn_total_fen = -1;
	p = make(&e, &before, 202604, -1);
	assert_int_equal(p.drawn_fen, 20);
	assert_int_equal(p.drawn_total_fen, 80);
}

static void a_death_told_late_is_tracked_until_it_is_made_good(void **state)
{
	const struct pen_entitlement_change death = { PEN_ENTITLEMENT_ENDED, 202602, 0 };
	struct pen_entitlement e = { .since = 202601, .parts = { 100, 0, 0, 0 } };
	struct pen_payment p = make(&e, &nothing, 202604, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	e.change = &death;
	e.changes = 1;
	p = make(&e, &before, 202605, -1);
	assert_int_equal(p.change, PEN_PAYMENT_LEFT);
	assert_int_equal(p.amount_fen, 0);
	assert_int_equal(p.overpaid_fen, 300);
	assert_false(p.closed);
	before = goes_on(&p);
	p = make(&e, &before, 202606, -1);
	assert_int_equal(p.overpaid_fen, 300);
	assert_false(p.closed);
	before = goes_on(&p);
	before.repaid_fen = 120;
	p = make(&e, &before, 202607, -1);
	assert_int_equal(p.overpaid_fen, 180);
	before = goes_on(&p);
	before.repaid_fen = 180;
	p = make(&e, &before, 202608, -1);
	assert_int_equal(p.overpaid_fen, 0);
	assert_true(p.closed);
}

static void a_funeral_is_paid_once_less_what_was_overpaid(void **state)
{
	const struct pen_entitlement_change death = { PEN_ENTITLEMENT_ENDED, 202603, 1000 };
	struct pen_entitlement e = { .since = 202601, .parts = { 100, 0, 0, 0 } };
	struct pen_payment p = make(&e, &nothing, 202604, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	e.change = &death;
	e.changes = 1;
	p = make(&e, &before, 202605, -1);
	assert_int_equal(p.once_fen, 1000);
	assert_int_equal(p.recovered_fen, 200);
	assert_int_equal(p.amount_fen, 800);
	assert_int_equal(p.overpaid_fen, 0);
	before = goes_on(&p);
	p = make(&e, &before, 202606, -1);
	assert_int_equal(p.once_fen, 0);
	assert_int_equal(p.amount_fen, 0);
	assert_true(p.closed);
}

static void what_was_overpaid_is_kept_back_by_instalments(void **state)
{
	struct pen_entitlement e = { .since = 202601, .parts = { 300, 0, 0, 0 } };
	struct pen_payment p = make(&e, &nothing, 202603, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	/* Assessed anew: 200 a month from the beginning. */
	e.parts.basic_fen = 200;
	p = make(&e, &before, 202604, 50);
	assert_int_equal(p.recovered_fen, 50);
	assert_int_equal(p.amount_fen, 150);
	assert_int_equal(p.overpaid_fen, 250);
	before = goes_on(&p);
	p = make(&e, &before, 202605, 0);
	assert_int_equal(p.amount_fen, 200);
	assert_int_equal(p.overpaid_fen, 250);
	before = goes_on(&p);
	p = make(&e, &before, 202606, -1);
	assert_int_equal(p.recovered_fen, 200);
	assert_int_equal(p.amount_fen, 0);
	before = goes_on(&p);
	p = make(&e, &before, 202607, -1);
	assert_int_equal(p.recovered_fen, 50);
	assert_int_equal(p.amount_fen, 150);
	assert_int_equal(p.overpaid_fen, 0);
}

static void an_end_that_was_a_mistake_is_paid_after_and_takes_the_funeral_back(void **state)
{
	const struct pen_entitlement_change changes[] = {
		{ PEN_ENTITLEMENT_ENDED, 202602, 250 }, { PEN_ENTITLEMENT_PAID, 202602, 0 } };
	struct pen_entitlement e = { .since = 202601, .parts = { 100, 0, 0, 0 }, .change = changes, .changes = 1 };
	struct pen_payment p = make(&e, &nothing, 202602, -1);
	struct pen_payment_before before = goes_on(&p);

	(void)state;
	assert_int_equal(p.amount_fen, 350);
	e.changes = 2;
	p = make(&e, &before, 202603, -1);
	assert_int_equal(p.change, PEN_PAYMENT_JOINED);
	assert_int_equal(p.amount_fen, 0);
	assert_int_equal(p.overpaid_fen, 50);
}

static void whoever_is_suspended_stays_on_the_roll(void **state)
{
	const struct pen_entitlement_change stop = { PEN_ENTITLEMENT_STOPPED, 202602, 0 };
	const struct pen_entitlement e = { .since = 202601, .parts = { 100, 0, 0, 0 }, .change = &stop, .changes = 1 };
	struct pen_payment_before before = { 202602, 202601, 0, 0, 100, 100, 0, 0, 0, 0 };
	struct pen_payment p;

	(void)state;
	p = make(&e, &before, 202603, -1);
	assert_int_equal(p.amount_fen, 0);
	assert_false(p.closed);
}

static void a_month_adds_up_with_the_one_before(void **state)
{
	struct pen_payment_balance b = { .before = { 0, 0 } };

	(void)state;
	pen_payment__compare(&b, 0, 100);
	pen_payment__compare(&b, 50, 0);
	pen_payment__compare(&b, 70, 90);
	pen_payment__compare(&b, 70, 60);
	pen_payment__compare(&b, 30, 30);
	pen_payment__compare(&b, 0, 0);
	assert_int_equal(b.before.people, 4);
	assert_int_equal(b.before.fen, 220);
	assert_int_equal(b.after.people, 4);
	assert_int_equal(b.after.fen, 280);
	assert_int_equal(b.raised.fen, 20);
	assert_int_equal(b.lowered.people, 1);
	assert_true(pen_payment__balances(&b));
	b.before.fen++;
	assert_false(pen_payment__balances(&b));
}

static uint64_t seed = 11;

static int64_t drawn(int64_t most)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)(seed >> 33) % most;
}

/* Whatever happens on the way, in the end all that was due was paid, and no more, once
 * what was overpaid is made good. */
static void whatever_happens_on_the_way_what_was_due_is_paid(void **state)
{
	struct pen_entitlement_change change[1];
	struct pen_entitlement e;
	struct pen_payment_before before;
	struct pen_payment p;
	int32_t month;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		e = (struct pen_entitlement){ .since = 202601, .parts = { 1 + drawn(1000), drawn(100), 0, 0 }, .change = change };
		before = nothing;
		for (month = 202601; month <= 202712; month = pen_entitlement__later(month, 1)) {
			if (drawn(6) == 0)
				e.parts.basic_fen = 1 + drawn(1000);
			if (drawn(12) == 0) {
				change[0] = (struct pen_entitlement_change){ PEN_ENTITLEMENT_STOPPED, pen_entitlement__later(month, -(int32_t)drawn(4)), 0 };
				e.changes = (size_t)drawn(2);
			}
			p = make(&e, &before, month, drawn(3) ? -1 : drawn(200));
			before = goes_on(&p);
			before.returned_fen = p.amount_fen && drawn(9) == 0 ? p.amount_fen : 0;
			before.repaid_fen = p.overpaid_fen && drawn(5) == 0 ? drawn(p.overpaid_fen) : 0;
		}
		e.changes = 0;
		while (p.overpaid_fen || before.returned_fen || before.repaid_fen) {
			p = make(&e, &before, month, -1);
			before = goes_on(&p);
			month = pen_entitlement__later(month, 1);
		}
		assert_int_equal(p.paid_total_fen, p.due_total_fen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_pays_the_month_and_what_is_late),
		cmocka_unit_test(a_month_like_the_last_pays_itself),
		cmocka_unit_test(an_increase_that_reaches_back_is_paid_in_arrears),
		cmocka_unit_test(what_the_bank_sent_back_is_paid_with_the_next_month),
		cmocka_unit_test(what_the_account_pays_is_its_part_of_what_is_due),
		cmocka_unit_test(after_a_line_that_does_not_say_it_the_account_pays_the_month),
		cmocka_unit_test(a_death_told_late_is_tracked_until_it_is_made_good),
		cmocka_unit_test(a_funeral_is_paid_once_less_what_was_overpaid),
		cmocka_unit_test(what_was_overpaid_is_kept_back_by_instalments),
		cmocka_unit_test(an_end_that_was_a_mistake_is_paid_after_and_takes_the_funeral_back),
		cmocka_unit_test(whoever_is_suspended_stays_on_the_roll),
		cmocka_unit_test(a_month_adds_up_with_the_one_before),
		cmocka_unit_test(whatever_happens_on_the_way_what_was_due_is_paid),
	};

	return cmocka_run_group_tests_name("model/payment", tests, NULL, NULL);
}
