/* One seal read again, without the rows that it covers. */
#ifndef PEN_STORE_SIGNEDWALK_H
#define PEN_STORE_SIGNEDWALK_H

#include "store/sealing.h"
#include "store/walk.h"

/* The text as the store would draw it up now, byte for byte; its digest; each signature
 * by the key in force and a role held at its entry, of the batch's agency, by people who
 * may; its state by the journal. */
enum pen_status pen_signedwalk__seal(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_seal *seal, struct pen_error *error);

#endif
