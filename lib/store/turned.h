/* The lines of a batch that were turned down or mended, under one digest, which
 * the entry of staging names: none of them is changed, added or taken out unseen. */
#ifndef PEN_STORE_TURNED_H
#define PEN_STORE_TURNED_H

#include "store/store.h"

/* Over the rejected lines in order, then the repairs by line, column and code:
 * each a line of its columns as JSON strings and integers (pen-seal(5)). What
 * brought a reject in mended later is left out. */
enum pen_status pen_turned__digest(struct pen_store *store, int64_t batch, char digest[PEN_DIGEST_HEX],
    struct pen_error *error);

#endif
