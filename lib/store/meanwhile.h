/* What became known while a batch lay staged, and would have set rows of it aside
 * for somebody to look at (R8.1): two batches can each pass alone. */
#ifndef PEN_STORE_MEANWHILE_H
#define PEN_STORE_MEANWHILE_H

#include "store/batch.h"
#include "store/folio.h"

/* PEN_REFUSED with R8.1 if a row of a batch of contributions, but for those that
 * were set aside for review, has months after a retirement or death (confirm.ended)
 * or at two employers (confirm.elsewhere) by what was confirmed since the batch was
 * read. Reads no row if nothing was. */
enum pen_status pen_meanwhile__check(struct pen_store *store, const struct pen_batch *batch, struct pen_error *error);

/* PEN_REFUSED with R4.1.1 (confirm.names) if a row of a batch of registrations or of
 * retirements names somebody otherwise than what was confirmed since the batch was read;
 * for writing alone is let pass, as at import. Reads no row if nothing was. */
enum pen_status pen_meanwhile__names(struct pen_store *store, const struct pen_batch *batch, struct pen_error *error);

#endif
