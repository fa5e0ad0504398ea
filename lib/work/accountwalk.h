/* Settled accounts, worked out again by what settling itself goes by: each year's
 * balance is the one before and what the year brought, the credits are the sealed
 * contributions, the interest is that of the rate. */
#ifndef PEN_WORK_ACCOUNTWALK_H
#define PEN_WORK_ACCOUNTWALK_H

#include "store/batch.h"
#include "store/walk.h"

/* Settlement by settlement of these batches (NULL: all), from what each of them saw:
 * as much memory as the settlement took. Findings of account.carried,
 * account.credited and account.interest. */
enum pen_status pen_accountwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error);

#endif
