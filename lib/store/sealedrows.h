/* The rows of folios that have a root, read again. */
#ifndef PEN_STORE_SEALEDROWS_H
#define PEN_STORE_SEALEDROWS_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/walk.h"

/* Root, nodes, number and sums of a batch's folios, on both cores. Each folio is told in
 * its turn, at once or later: `differs` if its rows are not what they were. */
struct pen_sealedrows;
typedef enum pen_status pen_sealedrows_told(void *context, const struct pen_folio *folio, bool differs, struct pen_error *error);
enum pen_status pen_sealedrows__open(struct pen_sealedrows **rows, struct pen_walk *walk, const struct pen_batch *batch,
    pen_sealedrows_told *told, void *context, struct pen_error *error);	/* told may be NULL */
enum pen_status pen_sealedrows__add(struct pen_sealedrows *rows, const struct pen_folio *folio, struct pen_error *error);
enum pen_status pen_sealedrows__end(struct pen_sealedrows *rows, struct pen_error *error);	/* all that were added are told */
void pen_sealedrows__close(struct pen_sealedrows *rows);
/* All of some folios. */
enum pen_status pen_sealedrows__folios(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, struct pen_error *error);

#endif
