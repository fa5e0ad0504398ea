/* The second half of working out a settlement: the balances that it goes on from,
 * what was settled before, whose people they are, and who is left. */
#ifndef PEN_STORE_HISTORY_H
#define PEN_STORE_HISTORY_H

#include "store/settling.h"

/* Completes what was gathered. */
enum pen_status pen_history__read(struct pen_settling *settling, struct pen_store *store, struct pen_error *error);

#endif
