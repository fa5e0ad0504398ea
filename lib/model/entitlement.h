/* What somebody is entitled to, month by month: the parts of the pension as they were
 * assessed, the increases of the yearly adjustments, and what stopped it, let it go on or
 * ended it. Pure: the same facts give the same fen. Months are yyyymm. */
#ifndef PEN_MODEL_ENTITLEMENT_H
#define PEN_MODEL_ENTITLEMENT_H

#include "pen.h"

/* Fen a month. */
struct pen_entitlement_parts { int64_t basic_fen, account_fen, transitional_fen, extra_fen; };

/* What an adjustment adds from a month on. */
struct pen_entitlement_increase { int32_t month; int64_t fen; };

enum pen_entitlement_state { PEN_ENTITLEMENT_PAID, PEN_ENTITLEMENT_STOPPED, PEN_ENTITLEMENT_ENDED };
/* From its month on it is in that state, until a later one of the list says something
 * else of a month. once_fen: what falls due once with an end (funeral, consolation, what
 * is left of the account). */
struct pen_entitlement_change { enum pen_entitlement_state state; int32_t month; int64_t once_fen; };

/* Invariant: changes in the order in which they were decided, increases in any. */
struct pen_entitlement {
	int32_t since;				/* the first month that is due */
	struct pen_entitlement_parts parts;
	const struct pen_entitlement_increase *increase;
	size_t increases;
	const struct pen_entitlement_change *change;
	size_t changes;
};

/* The month so many after another, which may be before it. 0 where there is none. */
int32_t pen_entitlement__later(int32_t month, int32_t months);

/* In which state a month is; before `since` nothing is due either way. */
enum pen_entitlement_state pen_entitlement__state(const struct pen_entitlement *entitlement, int32_t month);

/* What is due for a month. All 0 before `since`, and where it is stopped or ended. */
struct pen_entitlement_month { struct pen_entitlement_parts parts; int64_t adjustment_fen, total_fen; };
enum pen_status pen_entitlement__month(const struct pen_entitlement *entitlement, int32_t month,
    struct pen_entitlement_month *due, struct pen_error *error);
/* What is due for all the months from `since` to this one, and what of it is the account's
 * part. PEN_INPUT: beyond the range of amounts. */
enum pen_status pen_entitlement__total(const struct pen_entitlement *entitlement, int32_t through, int64_t *total_fen,
    int64_t *account_fen, struct pen_error *error);
/* What is due once: that of the last change, if it is an end. */
int64_t pen_entitlement__once(const struct pen_entitlement *entitlement);

#endif
