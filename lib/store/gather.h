/* The first half of working out a settlement: who has contributions or a balance,
 * and what was paid for them. */
#ifndef PEN_STORE_GATHER_H
#define PEN_STORE_GATHER_H

#include "store/session.h"
#include "store/settling.h"

/* Fills *settling but for opening balances, employers and what was settled
 * before; free it whatever comes back. PEN_INCOMPLETE if the session wants to
 * stop. */
enum pen_status pen_gather__people(struct pen_settling *settling, struct pen_session *session,
    const struct pen_settling_plan *plan, struct pen_error *error);

#endif
