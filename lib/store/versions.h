/* New versions of rows, and all that follows from them: one batch of the form
 * `amendments` (or `objections`) for a case, in it a folio of each form, employer and
 * year that is touched, and one for each employer and year that is settled again. */
#ifndef PEN_STORE_VERSIONS_H
#define PEN_STORE_VERSIONS_H

#include "model/amended.h"
#include "store/batch.h"
#include "store/effect.h"
#include "store/session.h"

/* What is written: the records of a case (0: on trial), upheld as an objection or not. */
struct pen_versions_case { int64_t amendment; bool objection; const struct pen_amendeds *amended; };

/* In the caller's write transaction, which it rolls back if this fails: writes the
 * new versions as shown from the entry `at` on, which the caller enters next (it is the
 * journal's size), and fills *batch with the batch that holds them.
 * PEN_REFUSED: amend.moved, R5.3.1 (a value is no longer the one that was approved);
 * amend.unsealed, R5.1 (the row's folio is not sealed: what to do instead);
 * amend.rule, R5.3.1 (a rule finds what it did not find before: trial->finding). */
enum pen_status pen_versions__write(struct pen_session *session, const struct pen_versions_case *of, int64_t at,
    struct pen_trial *trial, struct pen_batch *batch, struct pen_error *error);

#endif
