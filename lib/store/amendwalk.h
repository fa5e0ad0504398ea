/* The batches of cases made again: the new versions from what each case asked for, and
 * the account years that were settled again, from what stood when it was applied. */
#ifndef PEN_STORE_AMENDWALK_H
#define PEN_STORE_AMENDWALK_H

#include "store/batch.h"
#include "store/layout.h"
#include "store/walk.h"

/* Folios of one batch, in the order of their numbers: row by row, and with `roots` (all
 * that are due are given then) the roots too. Batches of no case are passed over. */
enum pen_status pen_amendwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error);

#endif
