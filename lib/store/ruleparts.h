/* All the rules over what is stored, as parts that both cores share. */
#ifndef PEN_STORE_RULEPARTS_H
#define PEN_STORE_RULEPARTS_H

#include "store/walk.h"

/* Rows, what is to be looked at, people's ids and periods, and each file of share/rules; rows of
 * these batches (NULL: all), records of the whole store. A file that cannot run is
 * reported as not made. */
enum pen_status pen_ruleparts__run(struct pen_walk *walk, const int64_t *batches, size_t count, struct pen_error *error);

#endif
