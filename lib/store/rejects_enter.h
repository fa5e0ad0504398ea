/* The rejects of a file, and what was mended in it, into the store. */
#ifndef PEN_STORE_REJECTS_ENTER_H
#define PEN_STORE_REJECTS_ENTER_H

#include "store/rejects.h"
#include "store/store.h"

/* Under the batch, inside the caller's transaction. With a parent (else 0), its
 * rejects that came in mended are marked, and what they were tries at; *matched is
 * how many of its own those are. */
enum pen_status pen_rejects_enter__batch(struct pen_rejects *rejects, struct pen_store *store, int64_t batch,
    int64_t parent, int64_t *matched, struct pen_error *error);

#endif
