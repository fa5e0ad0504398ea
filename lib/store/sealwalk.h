/* Seals read again: their texts, signatures and signers, and the rows that they
 * cover. */
#ifndef PEN_STORE_SEALWALK_H
#define PEN_STORE_SEALWALK_H

#include "store/sealing.h"
#include "store/walk.h"

/* One seal without its rows: the text as the store would draw it up now, byte
 * for byte; its digest; each signature by the key in force and a role held at
 * its entry, of the batch's agency, by people who may; its state by the journal. */
enum pen_status pen_sealwalk__seal(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_seal *seal, struct pen_error *error);

/* The rows of a batch's folios that have a root: root, nodes, number and sums, on both
 * cores. Each folio is told in its turn, at once or later: `differs` if its rows are not
 * what they were. */
struct pen_sealwalk_rows;
typedef enum pen_status pen_sealwalk_told(void *context, const struct pen_folio *folio, bool differs, struct pen_error *error);
enum pen_status pen_sealwalk__open(struct pen_sealwalk_rows **rows, struct pen_walk *walk, const struct pen_batch *batch,
    pen_sealwalk_told *told, void *context, struct pen_error *error);	/* told may be NULL */
enum pen_status pen_sealwalk__add(struct pen_sealwalk_rows *rows, const struct pen_folio *folio, struct pen_error *error);
enum pen_status pen_sealwalk__end(struct pen_sealwalk_rows *rows, struct pen_error *error);	/* all that were added are told */
void pen_sealwalk__close(struct pen_sealwalk_rows *rows);
/* All of some folios. */
enum pen_status pen_sealwalk__folios(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, struct pen_error *error);

/* All seals, the chain of them, and what the journal says of them; all folios
 * with a root; and, where a root differs or is not made yet, the rows against
 * the source file. batches NULL: all. */
enum pen_status pen_sealwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error);

#endif
