/* What an import would set aside for somebody to look at, over what is entered: a
 * person in two places in one month, contributions after retirement or death (R8.1);
 * and who has more months than a year has. */
#ifndef PEN_STORE_REVIEWWALK_H
#define PEN_STORE_REVIEWWALK_H

#include "store/batch.h"
#include "store/walk.h"

/* Goes through the contributions year by year, two bytes a person at a time, by what
 * is known now; reports those of these batches (NULL: all). What was let in by
 * somebody's decision is passed over, and speaks against nobody. */
enum pen_status pen_reviewwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error);

#endif
