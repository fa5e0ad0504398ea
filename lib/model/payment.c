#include "model/payment.h"
#include "base/error.h"
#include "base/money.h"

#include <assert.h>

const char *pen_payment__change_name(enum pen_payment_change change)
{
	static const char *const names[] = {
		[PEN_PAYMENT_SAME] = "same", [PEN_PAYMENT_JOINED] = "joined",
		[PEN_PAYMENT_CHANGED] = "changed", [PEN_PAYMENT_LEFT] = "left"
	};

	assert(change <= PEN_PAYMENT_LEFT);
	return names[change];
}

static enum pen_payment_change change_of(int64_t before_fen, int64_t after_fen)
{
	if (before_fen == after_fen)
		return PEN_PAYMENT_SAME;
	if (!before_fen)
		return PEN_PAYMENT_JOINED;
	return after_fen ? PEN_PAYMENT_CHANGED : PEN_PAYMENT_LEFT;
}

/* What was paid and has stayed so. */
static bool paid_before(const struct pen_payment_before *before, int64_t *paid)
{
	return pen_money__add(before->paid_total_fen, -before->returned_fen, paid) &&
	    pen_money__add(*paid, -before->repaid_fen, paid);
}

/* Of `open` fen the month itself and what falls due once are `due`: more is arrears, less
 * is kept back, as far as there is something to keep and no more than keep_most. */
static void share_out(struct pen_payment *payment, int64_t due, int64_t open, int64_t keep_most)
{
	int64_t most = keep_most < 0 || keep_most > due ? due : keep_most;

	if (open >= due) {
		payment->arrears_fen = open - due;
		payment->amount_fen = open;
		return;
	}
	payment->recovered_fen = due - open < most ? due - open : most;
	payment->amount_fen = due - payment->recovered_fen;
}

/* What the line takes out of the account: all its part so far, less what was taken. Of a
 * line that does not say that, it is what is known now of the months up to it. */
static enum pen_status draw(const struct pen_entitlement *entitlement, const struct pen_payment_before *before,
    struct pen_payment *payment, struct pen_error *error)
{
	int64_t taken = before->drawn_total_fen, ignored;
	enum pen_status status = PEN_OK;

	if (taken < 0)
		status = pen_entitlement__total(entitlement, before->month, &ignored, &taken, error);
	payment->drawn_fen = payment->drawn_total_fen - taken;
	return status;
}

enum pen_status pen_payment__make(const struct pen_entitlement *entitlement, const struct pen_payment_before *before,
    int32_t month, int64_t keep_most, struct pen_payment *payment, struct pen_error *error)
{
	int64_t paid = 0, due = 0, open = 0;
	enum pen_status status;
	bool fits;

	*payment = (struct pen_payment){ .month = month, .since = entitlement->since,
		.once_total_fen = pen_entitlement__once(entitlement) };
	status = pen_entitlement__month(entitlement, month, &payment->regular, error);
	if (status == PEN_OK)
		status = pen_entitlement__total(entitlement, month, &payment->due_total_fen, &payment->drawn_total_fen, error);
	if (status == PEN_OK)
		status = draw(entitlement, before, payment, error);
	if (status != PEN_OK)
		return status;
	if (payment->once_total_fen > before->once_total_fen)
		payment->once_fen = payment->once_total_fen - before->once_total_fen;
	fits = pen_money__add(payment->due_total_fen, payment->once_total_fen, &payment->due_total_fen) &&
	    paid_before(before, &paid) &&
	    pen_money__add(payment->regular.total_fen, payment->once_fen, &due) &&
	    pen_money__add(payment->due_total_fen, -paid, &open);
	if (fits)
		share_out(payment, due, open, keep_most);
	if (!fits || !pen_money__add(paid, payment->amount_fen, &payment->paid_total_fen))
		return pen_error__set(error, PEN_INPUT, "benefit.range",
		    _("the pension does not fit the range of amounts: look for a wrong part of it, or a wrong adjustment"));
	payment->overpaid_fen = payment->paid_total_fen - payment->due_total_fen;
	payment->change = change_of(before->regular_fen, payment->regular.total_fen);
	payment->closed = pen_entitlement__state(entitlement, month) == PEN_ENTITLEMENT_ENDED &&
	    !payment->amount_fen && !payment->overpaid_fen && !payment->recovered_fen &&
	    payment->change == PEN_PAYMENT_SAME;
	return PEN_OK;
}

/* ------------------------------------------------------- reconciliation -- */

static void count(struct pen_payment_side *side, int64_t fen)
{
	side->people++;
	side->fen += fen;
}

void pen_payment__compare(struct pen_payment_balance *balance, int64_t before_fen, int64_t after_fen)
{
	if (before_fen)
		count(&balance->before, before_fen);
	if (after_fen)
		count(&balance->after, after_fen);
	switch (change_of(before_fen, after_fen)) {
	case PEN_PAYMENT_JOINED:
		count(&balance->joined, after_fen);
		break;
	case PEN_PAYMENT_LEFT:
		count(&balance->left, before_fen);
		break;
	case PEN_PAYMENT_CHANGED:
		if (after_fen > before_fen)
			count(&balance->raised, after_fen - before_fen);
		else
			count(&balance->lowered, before_fen - after_fen);
		break;
	default:
		break;
	}
}

bool pen_payment__balances(const struct pen_payment_balance *b)
{
	return b->before.people + b->joined.people - b->left.people == b->after.people &&
	    b->before.fen + b->joined.fen - b->left.fen + b->raised.fen - b->lowered.fen == b->after.fen;
}
