/* Where people's accounts stand: the folio that holds each balance, by person and year, as a
 * report of a journal index sees it. */
#ifndef PEN_STORE_PLACES_H
#define PEN_STORE_PLACES_H

#include "adapter/db_bulk.h"
#include "store/store.h"

/* A balance at the end of a year stands in this folio, confirmed at an entry. */
struct pen_account_place { int64_t person, folio, confirmed; int32_t year; bool opening, closed, sealed; };	/* closed: by a close-out or a merge */

typedef enum pen_status pen_account_visit(void *context, const struct pen_account_place *place, struct pen_error *error);
/* Everybody's, by person, year, folio. Read in slices; a visit may read, not write. */
enum pen_status pen_places__each(struct pen_store *store, int64_t as_of, pen_account_visit *visit,
    void *context, struct pen_error *error);
/* Of all the places of one person, by year and folio: keeps those that count, one
 * for each year, and returns how many. A settlement goes before an opening, the
 * newest before older ones, an opening that is sealed before one that is not; and
 * an opening does not count if the person was settled for its year or a later one
 * when it came in. A close-out counts once it is sealed, and then nothing else of its
 * year or a later one does. */
size_t pen_places__in_force(struct pen_account_place *places, size_t count);
/* One person's that count, in the order of years. Free with pen_memory__free. */
enum pen_status pen_places__of_person(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_account_place **places, size_t *count, struct pen_error *error);
/* The same without what was settled in a batch, and with openings of cases as if they
 * were sealed: what stood before the batch settled anything. */
enum pen_status pen_places__of_person_before(struct pen_store *store, int64_t person, int64_t as_of, int64_t batch,
    struct pen_account_place **places, size_t *count, struct pen_error *error);
/* The opening from which the account of a year goes on, that of the year itself
 * included: the newest among places that count; NULL: it begins at nothing. */
const struct pen_account_place *pen_places__start(const struct pen_account_place *places, size_t count, int32_t year);

/* The place among places of a year, or NULL. */
const struct pen_account_place *pen_places__at(const struct pen_account_place *places, size_t count, int32_t year);

/* Writing, in the caller's transaction: that a balance stands in a folio, of many (in
 * the order of people: ten times faster than at random; ended as db_bulk.h says) or of
 * one. */
enum pen_status pen_places__writer(struct pen_bulk **writer, struct pen_store *store, struct pen_error *error);
enum pen_status pen_places__write(struct pen_bulk *writer, int64_t person, int32_t year, int64_t folio, struct pen_error *error);
enum pen_status pen_places__enter(struct pen_store *store, int64_t person, int32_t year, int64_t folio, struct pen_error *error);

#endif
