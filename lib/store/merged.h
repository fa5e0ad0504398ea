/* Accounts that were merged into others: what came into whose account at the turn of a
 * year, as the seals of a journal index have it. */
#ifndef PEN_STORE_MERGED_H
#define PEN_STORE_MERGED_H

#include "model/account.h"
#include "store/store.h"

/* Of several that were merged into one, the sum, and the folio of the last. */
struct pen_merged_person { int64_t person, folio; struct pen_balance amounts; };
struct pen_merged { struct pen_merged_person *at; size_t count, room; };	/* by person */

/* Adds those of a year to a list, of everybody (person 0) or of one person who is not on it. */
enum pen_status pen_merged__read(struct pen_merged *merged, struct pen_store *store, int32_t year, int64_t person,
    int64_t as_of, struct pen_error *error);
void pen_merged__free(struct pen_merged *merged);
const struct pen_merged_person *pen_merged__find(const struct pen_merged *merged, int64_t person);	/* NULL: none */

/* A number that somebody goes by: the first is their own, folio 0; the account of any other
 * went into theirs, or into that of another such, by this folio of a merge. */
struct pen_merged_number { int64_t person, folio; };
/* All of a person, whenever they were merged. Free with pen_memory__free. */
enum pen_status pen_merged__numbers(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_merged_number **numbers, size_t *count, struct pen_error *error);

#endif
