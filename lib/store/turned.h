/* The lines of a batch that were turned down or mended, under one digest, which
 * the entry of staging names: none of them is changed, added or taken out unseen.
 * Likewise what an entry held, and which rejects a batch brought in. */
#ifndef PEN_STORE_TURNED_H
#define PEN_STORE_TURNED_H

#include "store/store.h"

/* Over the rejected lines in order, then which of them were tries at lines of the
 * batch that it mends, then the repairs by line, column and code: each a line of its
 * columns as JSON strings and integers (pen-seal(5)). What brought a reject in mended
 * later is left out: the entry that confirms that batch says so. */
enum pen_status pen_turned__digest(struct pen_store *store, int64_t batch, char digest[PEN_DIGEST_HEX],
    struct pen_error *error);

/* Over the holds that an entry made, by folio and rule; "": it made none. */
enum pen_status pen_turned__holds(struct pen_store *store, int64_t at, char digest[PEN_DIGEST_HEX],
    struct pen_error *error);
/* Over the rejects of the batches that a batch mends, and they mend, which it brought
 * in, by batch and line; "": none. */
enum pen_status pen_turned__brought(struct pen_store *store, int64_t batch, char digest[PEN_DIGEST_HEX],
    struct pen_error *error);

/* One of them; the texts are valid during the visit, which may use the store. */
struct pen_turned {
	int64_t line, byte, mended_by;	/* mended_by: a batch that is not confirmed yet; 0: none */
	const char *column, *rule, *found, *expected, *message;
	const char *code, *old;		/* of a repair; NULL of a reject */
};
typedef enum pen_status pen_turned_visit(void *context, const struct pen_turned *turned, struct pen_error *error);
/* The rejected lines that no confirmed batch brought in mended, in order; and what
 * was mended on the way in. Read in slices, so that nobody waits for it. */
enum pen_status pen_turned__each_open(struct pen_store *store, int64_t batch, pen_turned_visit *visit, void *context,
    struct pen_error *error);
enum pen_status pen_turned__each_repair(struct pen_store *store, int64_t batch, pen_turned_visit *visit, void *context,
    struct pen_error *error);

#endif
