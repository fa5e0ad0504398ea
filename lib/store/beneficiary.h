/* Who draws a benefit, and all that says how much: the record that they are paid by,
 * increases, what stopped or ended it, the newest line of a roll and what came to light
 * since. Everybody, or one person, as the seals of a journal index have it: what is not
 * sealed by then does not count. */
#ifndef PEN_STORE_BENEFICIARY_H
#define PEN_STORE_BENEFICIARY_H

#include "model/payment.h"
#include "store/folio.h"
#include "store/session.h"

/* The month of a roll, and what it goes on from. */
struct pen_beneficiary_plan {
	int32_t month, first;		/* first: month of the store's first roll; this one's, if it is that */
	int64_t as_of;
	int64_t previous, previous_as_of;	/* batch of the roll before, and its reference; 0, -1: none */
	int32_t previous_month;			/* 0: none */
};

/* By what somebody is paid. The later of these goes before the earlier. */
enum pen_beneficiary_basis { PEN_BENEFICIARY_NONE, PEN_BENEFICIARY_FORM, PEN_BENEFICIARY_ASSESSED };

/* One person. Invariant: increases and changes `increase` and `change` on are theirs. */
struct pen_beneficiary {
	int64_t person, employer;	/* of the record; 0: none known */
	int64_t folio, line;		/* the record */
	enum pen_beneficiary_basis basis;
	bool untold;			/* the record does not say what the pension is */
	int32_t since;
	int32_t paid_months, drawn_from;	/* paid and deemed, -1: not told; month of the first pension */
	struct pen_entitlement_parts parts;
	size_t increase, increases, change, changes;
	int64_t newest;			/* the entry that sealed the newest of all this */
	int64_t keep_most;		/* as pen_payment__make has it */
	struct pen_payment_before before;
};

struct pen_beneficiary_increase { int64_t person, folio, line, sealed; struct pen_entitlement_increase increase; };
struct pen_beneficiary_change { int64_t person, folio, line; struct pen_entitlement_change change; };

struct pen_beneficiaries {
	struct pen_beneficiary_plan plan;
	struct pen_beneficiary *at;			/* by person */
	size_t count, room;
	struct pen_beneficiary_increase *increase;	/* by person, month: of the newest folio that says one */
	size_t increases, increase_room;
	struct pen_beneficiary_change *change;		/* by person, in the order of their seals' folios */
	size_t changes, change_room;
	struct pen_payment_side before;			/* the roll before: who was due something, and what */
	/* Of one person at a time, handed to the arithmetic. */
	struct pen_entitlement_increase *increase_scratch;
	struct pen_entitlement_change *change_scratch;
	size_t scratch_room;
};

/* person 0: everybody. Free it whatever comes back. PEN_REFUSED, roll.base: somebody who
 * was paid has no record any more that they could be paid by. */
enum pen_status pen_beneficiary__read(struct pen_beneficiaries *all, struct pen_session *session,
    const struct pen_beneficiary_plan *plan, int64_t person, struct pen_error *error);
void pen_beneficiary__free(struct pen_beneficiaries *all);
struct pen_beneficiary *pen_beneficiary__find(struct pen_beneficiaries *all, int64_t person);	/* NULL: none */

/* What they are entitled to; valid until the next. */
enum pen_status pen_beneficiary__entitlement(struct pen_beneficiaries *all, const struct pen_beneficiary *one,
    struct pen_entitlement *entitlement, struct pen_error *error);

/* The newest roll whose folios are confirmed as of an index, and whether all of it is
 * sealed. batch 0: there is none. Of a month, or (0) of any. */
struct pen_beneficiary_roll { int64_t batch, reference; int32_t month; bool sealed; };
enum pen_status pen_beneficiary__roll(struct pen_store *store, int32_t month, int64_t as_of,
    struct pen_beneficiary_roll *roll, struct pen_error *error);
/* The month of the first; 0: there is none. */
enum pen_status pen_beneficiary__first(struct pen_store *store, int64_t as_of, int32_t *month, struct pen_error *error);

#endif
