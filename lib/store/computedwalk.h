/* Batches that were computed, made again from their plans and compared row by row: rolls,
 * assessments, decisions about benefits, what the bank said (settlements: settledwalk). */
#ifndef PEN_STORE_COMPUTEDWALK_H
#define PEN_STORE_COMPUTEDWALK_H

#include "store/batch.h"
#include "store/computed.h"
#include "store/walk.h"

/* Findings under computed.rows for every row that is another, missing or added, and for a
 * folio's amount; with `roots` its root, and folios that are missing. A batch of another
 * form is none of its business. */
enum pen_status pen_computedwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error);

#endif
