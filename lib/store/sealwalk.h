/* All seals read again, with the rows that they cover. */
#ifndef PEN_STORE_SEALWALK_H
#define PEN_STORE_SEALWALK_H

#include "store/walk.h"

/* All seals, the chain of them, and what the journal says of them; all folios
 * with a root; and, where a root differs or is not made yet, the rows against
 * the source file. batches NULL: all. */
enum pen_status pen_sealwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error);

#endif
