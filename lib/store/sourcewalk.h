/* Rows against the file that they came from, which the store kept: this names
 * the record where a root only says that there is one. */
#ifndef PEN_STORE_SOURCEWALK_H
#define PEN_STORE_SOURCEWALK_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/walk.h"

/* Reads a batch's source again under the form, the parameters and the reference data
 * that it was read under, and reports every row of these folios that differs, is
 * missing or was added; with `roots`, also every root that is not that of the source's
 * rows. A computed batch has no source, and nothing is said. */
enum pen_status pen_sourcewalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error);

#endif
