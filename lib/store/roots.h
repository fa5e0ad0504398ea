/* The root of a folio: its rows as leaves, in storage order. */
#ifndef PEN_STORE_ROOTS_H
#define PEN_STORE_ROOTS_H

#include "model/leaf.h"
#include "model/merkle.h"
#include "store/batch.h"
#include "store/folio.h"
#include "store/rows.h"

/* What a folio's rows come to when all of them are read again. */
struct pen_roots_sum { int64_t rows, unit_fen, personal_fen; char root[PEN_DIGEST_HEX]; };

/* The maker of leaves for a batch's rows, whose salts are the batch's. */
enum pen_status pen_roots__leaf(struct pen_leaf **leaf, struct pen_store *store, const struct pen_batch *batch,
    const struct pen_kind *kind, struct pen_error *error);

/* What rows from elsewhere would come to as a folio of the batch, in storage order;
 * the store is not looked at. */
enum pen_status pen_roots__of(struct pen_store *store, const struct pen_batch *batch, const struct pen_kind *kind,
    pen_rows_supply *supply, void *context, struct pen_roots_sum *sum, struct pen_error *error);

/* Each leaf's text, for export. */
typedef enum pen_status pen_roots_leaf(void *context, const char *text, size_t n, struct pen_error *error);
enum pen_status pen_roots__each_leaf(struct pen_store *store, const struct pen_batch *batch,
    const struct pen_folio *folio, pen_roots_leaf *leaf, void *context, struct pen_error *error);

/* A row's leaf and its way to the folio's root, by the kept nodes and the leaves of
 * the subtrees below them. PEN_INTEGRITY if it does not lead there. */
struct pen_roots_place { int64_t index; struct pen_merkle_path path; };
enum pen_status pen_roots__path(struct pen_store *store, const struct pen_batch *batch, const struct pen_folio *folio,
    const struct pen_row *row, struct pen_text *leaf, struct pen_roots_place *place, struct pen_error *error);

/* The kind of a folio's rows: that of its batch, but for a case's, whose folios are each
 * of a form of their own. */
enum pen_status pen_roots__kind(struct pen_store *store, const struct pen_batch *batch, const struct pen_folio *folio,
    const struct pen_kind **kind, struct pen_error *error);

/* Root over folio roots (their 32 bytes, each a leaf), in order. */
enum pen_status pen_roots__over(struct pen_store *store, const char (*roots)[PEN_DIGEST_HEX], size_t count,
    char out[PEN_DIGEST_HEX], struct pen_error *error);

#endif
