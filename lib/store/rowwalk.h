/* The rows of a store, batch by batch, under the rules on rows. */
#ifndef PEN_STORE_ROWWALK_H
#define PEN_STORE_ROWWALK_H

#include "store/rulewalk.h"

/* Rows that reports show now, of these batches (NULL: all) and of kinds whose rules ask for
 * people, or of the others. Contributions go by years: yearwalk.h. */
enum pen_status pen_rowwalk__run(struct pen_walk *walk, const struct pen_known *known, bool people, const int64_t *batches,
    size_t count, struct pen_error *error);

#endif
