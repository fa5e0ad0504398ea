/* Gathers a proof: rows with their paths, their seals, and the entries and keys by which
 * those can be judged without the store. */
#ifndef PEN_STORE_PROVING_H
#define PEN_STORE_PROVING_H

#include "model/proof.h"
#include "store/folio.h"
#include "store/rows.h"
#include "store/session.h"

/* It reads many small things: the caller has a read transaction around its calls, for
 * some milliseconds. */
struct pen_proving;
enum pen_status pen_proving__open(struct pen_proving **proving, struct pen_store *store, struct pen_error *error);
void pen_proving__close(struct pen_proving *proving);

/* Adds a row of a folio. PEN_REFUSED if the folio is not sealed, or was signed before
 * signatures named its paragraph; PEN_INTEGRITY if rows, seal and entries do not agree. */
enum pen_status pen_proving__add(struct pen_proving *proving, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error);
/* How many entries of the journal a checkpoint has to bind for what was added. */
int64_t pen_proving__size(const struct pen_proving *proving);
/* Ends the proof in a checkpoint of the store, and writes it. */
enum pen_status pen_proving__end(struct pen_proving *proving, const char *note, const struct pen_checkpoint *checkpoint,
    struct pen_text *text, struct pen_error *error);

/* The folios in which somebody's contributions of a year may lie: of the employers that
 * they were with, or of one. pen_memory__free. */
enum pen_status pen_proving__folios(struct pen_store *store, int64_t person, int64_t employer, int32_t year,
    int64_t **folios, size_t *count, struct pen_error *error);
/* Where the row lies by which a number is a person's (of_people) or an employer's:
 * folio 0: nowhere. */
enum pen_status pen_proving__whose(struct pen_store *store, bool of_people, int64_t subject, int64_t *folio,
    int64_t *line, struct pen_error *error);

#endif
