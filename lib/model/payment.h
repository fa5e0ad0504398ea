/* A person's line of a month's roll: what is due for all the months up to it, less what
 * was paid. So a late approval, an increase that reaches back, a payment that the bank
 * sent back or a mistake that came to light changes the next payment, and nothing is
 * forgotten. Of the past, the newest line alone is needed. Pure. */
#ifndef PEN_MODEL_PAYMENT_H
#define PEN_MODEL_PAYMENT_H

#include "model/entitlement.h"

/* Against the month before: by what is due for the month itself. */
enum pen_payment_change { PEN_PAYMENT_SAME, PEN_PAYMENT_JOINED, PEN_PAYMENT_CHANGED, PEN_PAYMENT_LEFT };
const char *pen_payment__change_name(enum pen_payment_change change);

/* The newest line (month 0: there is none), and what became known since: what the bank
 * sent back, and what the person has paid back. */
struct pen_payment_before {
	int32_t month, since;
	int64_t regular_fen;		/* the parts and the adjustment */
	int64_t once_total_fen, due_total_fen, paid_total_fen, overpaid_fen;
	int64_t returned_fen, repaid_fen;
	int64_t drawn_total_fen;	/* -1: an earlier release made the line, and it does not say */
};

/* Invariants, each line and each sum over lines:
 *   amount = parts + adjustment + arrears + once - recovered, never below 0
 *   paid_total = paid_total before - returned - repaid + amount
 *   due_total + overpaid = paid_total, and overpaid is never below 0
 *   drawn_total = drawn_total before + drawn
 * drawn_total is what of due_total is the account's part: the personal account pays it, as
 * far as it reaches. drawn is what this line takes out of it: the month's, and that of
 * arrears; below 0 where months turned out not to be due. */
struct pen_payment {
	int32_t month, since;
	enum pen_payment_change change;
	struct pen_entitlement_month regular;
	int64_t arrears_fen, recovered_fen, once_fen, amount_fen;
	int64_t once_total_fen, due_total_fen, paid_total_fen, overpaid_fen;
	int64_t drawn_fen, drawn_total_fen;
	/* Nothing is due any more and nothing is open: the roll goes on without them. */
	bool closed;
};

/* keep_most: at most so much is kept back of a month's payment for what was overpaid; -1:
 * all that there is. PEN_INPUT: beyond the range of amounts. */
enum pen_status pen_payment__make(const struct pen_entitlement *entitlement, const struct pen_payment_before *before,
    int32_t month, int64_t keep_most, struct pen_payment *payment, struct pen_error *error);

/* How a month compares with the one before, in people and fen. Both are of what is due
 * for the month itself. */
struct pen_payment_side { int64_t people, fen; };
struct pen_payment_balance {
	struct pen_payment_side before, joined, left, raised, lowered, after;
};
void pen_payment__compare(struct pen_payment_balance *balance, int64_t before_fen, int64_t after_fen);
/* before + joined - left = after, in people; and in fen with raised - lowered. */
bool pen_payment__balances(const struct pen_payment_balance *balance);

#endif
