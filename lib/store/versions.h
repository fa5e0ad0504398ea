/* New versions of rows, and all that follows from them: one batch of the form
 * `amendments` for a case, in it a folio of each form, employer and year that is
 * touched, and one for each employer and year that is settled again. */
#ifndef PEN_STORE_VERSIONS_H
#define PEN_STORE_VERSIONS_H

#include "model/amended.h"
#include "store/effect.h"
#include "store/session.h"

/* In the caller's write transaction, which it rolls back if this fails: writes the
 * new versions under the entry `at` and, into *batch, the batch that holds them.
 * PEN_REFUSED, R5.3.1: amend.moved (a value is no longer the one that was approved),
 * amend.unsealed (the row's folio is not sealed: what to do instead), amend.rule (a
 * rule finds what it did not find before: trial->finding). */
enum pen_status pen_versions__write(struct pen_session *session, int64_t amendment, int64_t at,
    const struct pen_amendeds *amended, struct pen_trial *trial, int64_t *batch, struct pen_error *error);

#endif
