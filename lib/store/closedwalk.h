/* Close-outs and merges worked out again, from what their plans name (settlement.rows). */
#ifndef PEN_STORE_CLOSEDWALK_H
#define PEN_STORE_CLOSEDWALK_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/walk.h"

/* As pen_settledwalk__compare, of a close-out or a merge; of another batch nothing is said. */
enum pen_status pen_closedwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error);

#endif
