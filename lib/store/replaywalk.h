/* What the store holds, made again: the rows of every batch from the source that it
 * kept, settlements from what their plans name. */
#ifndef PEN_STORE_REPLAYWALK_H
#define PEN_STORE_REPLAYWALK_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/walk.h"

/* Folios of a batch that are looked at together; start it as {0}. */
struct pen_replaywalk_list { struct pen_folio *at; size_t count, room; };
enum pen_status pen_replaywalk__add(struct pen_replaywalk_list *list, const struct pen_folio *folio, struct pen_error *error);
void pen_replaywalk__free(struct pen_replaywalk_list *list);

/* True for a folio whose rows are all there, by an entry that the walk has: from
 * staging on, whether it was let in or not. */
bool pen_replaywalk__due(const struct pen_walk *walk, const struct pen_batch *batch, const struct pen_folio *folio);

/* Folios of one batch, in the order of their numbers: row by row, and with `roots`
 * (all that are due are given then) the roots too. */
enum pen_status pen_replaywalk__folios(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_replaywalk_list *folios, bool roots, struct pen_error *error);

/* Everything, or these batches alone (NULL: all). */
enum pen_status pen_replaywalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error);

#endif
