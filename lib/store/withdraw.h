/* Taking out again what was staged and never confirmed (R4.1.2): the rows, what
 * was kept beside them, and the numbers that nothing else uses. The batch and
 * its folios stay as discarded ones, so that their ids mean one thing only. */
#ifndef PEN_STORE_WITHDRAW_H
#define PEN_STORE_WITHDRAW_H

#include "model/kind.h"
#include "store/batch.h"

/* Inside the caller's transaction; `at` is the entry that says so. The state
 * was looked at by the caller: staging or staged. */
enum pen_status pen_withdraw__batch(struct pen_store *store, int64_t batch, const struct pen_kind *kind,
    int64_t at, struct pen_error *error);

#endif
