/* Settlements worked out again, from what their plans name: the contributions and
 * balances that a journal index shows, and the parameters in force at it. This names
 * the record where a root only says that there is one. */
#ifndef PEN_STORE_SETTLEDWALK_H
#define PEN_STORE_SETTLEDWALK_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/walk.h"

/* Reports every row and every sum of these folios of a settlement that is another, is
 * missing or was added; with `roots` (all folios of the batch are given then) also
 * every root that is not that of the rows as they come out again, and every employer
 * that has no folio. A batch that came from a file is none, and nothing is said. */
enum pen_status pen_settledwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error);

#endif
