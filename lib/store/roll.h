/* The roll of a month: who is paid what, employer by employer, and how it compares with
 * the month before. A computed batch of form `roll`; what it goes by is what was sealed as
 * of its reference, and its plan says so. */
#ifndef PEN_STORE_ROLL_H
#define PEN_STORE_ROLL_H

#include "base/text.h"
#include "store/beneficiary.h"
#include "store/computed.h"

#define PEN_ROLL_FORM "roll"
#define PEN_ROLL_ACT "benefit.run"
/* An assumption, as the receipt lists it. */
#define PEN_ROLL_UNTOLD N_("retired by a form that does not say the pension: left out; pen-verify rules --rule main.benefit names them, benefit-supplement fills them in")

/* People of one employer, `first` and on of the order. */
struct pen_roll_group { int64_t employer; size_t first, count; };

/* What a roll comes to. Fen, but for people and rows. */
struct pen_roll_sums {
	int64_t rows, paid, stopped, owing;	/* people: with something to be paid, suspended, overpaid */
	int64_t basic, account, transitional, extra, adjustment;
	int64_t arrears, recovered, once, amount, overpaid;
	struct pen_payment_balance balance;
};

struct pen_roll {
	struct pen_session *session;
	struct pen_beneficiaries all;
	struct pen_beneficiary **order;		/* those who have a row: by employer and number */
	size_t orders;
	struct pen_roll_group *group;
	size_t groups;
	size_t untold;				/* left out: their records do not say the pension */
	struct pen_roll_sums sums;
};

/* What the roll of a month goes on from, as of the newest entry that changes something.
 * PEN_REFUSED, R4.3.1d: roll.order (the month before has none), roll.open (it is not
 * sealed), roll.ahead (the month has not come). *there: the month has its roll already. */
enum pen_status pen_roll__plan(struct pen_store *store, int32_t month, struct pen_beneficiary_plan *plan,
    struct pen_beneficiary_roll *there, struct pen_error *error);
/* The plan as a text, whose digest names it; and the way back. PEN_INTEGRITY: it is none. */
enum pen_status pen_roll__text(const struct pen_beneficiary_plan *plan, const char *parameters_digest,
    struct pen_text *text, struct pen_error *error);
enum pen_status pen_roll__read_text(char *text, struct pen_beneficiary_plan *plan, struct pen_error *error);

/* Reads all that the plan rests on, works every line out once, and compares the month
 * with the one before. PEN_REFUSED: roll.balance (it does not add up), roll.base,
 * roll.none (nobody is to be paid). */
enum pen_status pen_roll__collect(struct pen_roll *roll, struct pen_session *session,
    const struct pen_beneficiary_plan *plan, struct pen_error *error);
/* The batch of a roll that was collected: its plan, folios and rows. Free *computed. */
enum pen_status pen_roll__batch(struct pen_roll *roll, struct pen_computed *computed, struct pen_error *error);
void pen_roll__free(struct pen_roll *roll);

/* Somebody's line of the month; *on: the roll has one of them. */
enum pen_status pen_roll__line(struct pen_roll *roll, const struct pen_beneficiary *one, struct pen_payment *payment,
    bool *on, struct pen_error *error);
/* As a row of kind payment. */
struct pen_row pen_roll__row(int64_t person, int64_t line, const struct pen_payment *payment);

#endif
