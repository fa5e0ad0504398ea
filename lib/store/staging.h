/* The rows of a batch on their way into the store: put in order, folio by folio,
 * chunk by chunk. The order depends on the rows alone, so that a run that was
 * killed goes on behind the last chunk and ends in the same rows. */
#ifndef PEN_STORE_STAGING_H
#define PEN_STORE_STAGING_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/pile.h"
#include "store/reference.h"
#include "store/rejects.h"

#define PEN_STAGING_CHUNK 200000		/* rows a transaction: each ends with some four syncs */
#define PEN_STAGING_STEP 20000		/* rows between two looks whether to stop */

struct pen_staging;

/* Sorts the pile and goes over the rows in order (pen_rule__ordered), beside the
 * months that other folios of the store have: what does not hold joins the rejects,
 * and what somebody has to look at (model/review) is set aside, each person's rows
 * as a held folio of their own. Pile, book and rejects stay the caller's. */
enum pen_status pen_staging__open(struct pen_staging **staging, struct pen_store *store,
    const struct pen_form *form, struct pen_pile *pile, struct pen_book *book, struct pen_rejects *rejects,
    struct pen_error *error);
void pen_staging__close(struct pen_staging *staging);

size_t pen_staging__rows(const struct pen_staging *staging);
int64_t pen_staging__amount(const struct pen_staging *staging);
int64_t pen_staging__assumed(const struct pen_staging *staging);	/* rows whose months were laid */

/* Enters the folios of a batch that was just planned, in order: those set aside
 * behind the others. */
enum pen_status pen_staging__enter(struct pen_staging *staging, struct pen_store *store, int64_t batch,
    struct pen_error *error);
/* Finds the folios of a batch that was interrupted; *same is false if they are
 * not those of these rows. */
enum pen_status pen_staging__find(struct pen_staging *staging, struct pen_store *store, int64_t batch,
    bool *same, struct pen_error *error);

/* Writes the rows from *done on, at most `most`, with their employment periods
 * and accounts; moves *done on. Each chunk begins where the one before ended. */
enum pen_status pen_staging__chunk(struct pen_staging *staging, size_t most, int64_t *done, struct pen_error *error);
/* All rows are in: sums and state of the folios, the levy by employer and year. */
enum pen_status pen_staging__finish(struct pen_staging *staging, struct pen_error *error);

/* The folios set aside, and why. */
struct pen_staging_review { int64_t folio; const char *rule, *found, *expected; };
size_t pen_staging__aside(const struct pen_staging *staging);
struct pen_staging_review pen_staging__review(const struct pen_staging *staging, size_t i);

#endif
