/* All of the working out of a settlement, earlier years first: whose account of an
 * earlier year would come out otherwise now has to be settled for that again. */
#ifndef PEN_STORE_EARLIER_H
#define PEN_STORE_EARLIER_H

#include "store/session.h"
#include "store/settling.h"

/* Fills *settling; free it whatever comes back. PEN_INCOMPLETE if the session
 * wants to stop. */
enum pen_status pen_earlier__collect(struct pen_settling *settling, struct pen_session *session,
    const struct pen_settling_plan *plan, struct pen_error *error);

#endif
