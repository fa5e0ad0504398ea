/* Who had a hand in what is to be approved: nobody approves what they entered. */
#ifndef PEN_STORE_HAND_H
#define PEN_STORE_HAND_H

#include "store/batch.h"
#include "store/folio.h"

/* True if somebody brought in what is to be sealed: planned the batch, or
 * confirmed or released one of the folios. Who did so, or signed before, may
 * not sign in a later role (R4.1.1, R4.2.3). A lead who released a folio after a
 * review approved what others brought in (R8.1), and may go on to sign it. */
enum pen_status pen_hand__had(struct pen_store *store, const char *staff, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool *had, struct pen_error *error);

#endif
