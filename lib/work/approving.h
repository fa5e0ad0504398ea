/* Signatures that go with a computed batch: the first with the act that made it, the next
 * ones as it is approved, and its seal closed after the last (R4.3.1, R8.1). pen-seal sign
 * and close do the same in single steps. */
#ifndef PEN_WORK_APPROVING_H
#define PEN_WORK_APPROVING_H

#include "store/computed.h"

/* What came of it. next: the role whose turn it is, "": all have signed, and it is closed. */
struct pen_approving { int64_t batch, seal, folios; char form[64], role[16], next[16]; };

/* The first signature, for whoever made the batch in this session, in a transaction of its
 * own: the batch is confirmed, and stays so if this fails. */
enum pen_status pen_approving__sign(struct pen_session *session, int64_t batch, struct pen_approving *done, struct pen_error *error);
/* The same of a batch that was written just now; if it had `signs` set, with the roots that
 * were made meanwhile. */
enum pen_status pen_approving__sign_written(struct pen_session *session, const struct pen_computed *written, struct pen_approving *done,
    struct pen_error *error);

/* The first signature of a batch that has none, because whoever made it was stopped between
 * the two: for the same person, who gives the same command again. done->seal is 0 where
 * there was nothing to do. */
enum pen_status pen_approving__go_on(struct pen_session *session, int64_t batch, struct pen_approving *done, struct pen_error *error);

/* Signs in the role whose turn it is; after the last, seals. One of the forms alone (NULL
 * ends the list). PEN_USAGE: no such batch, or of another form. PEN_REFUSED: approve.done
 * (nothing waits), approve.role, approve.own (nobody approves what they entered);
 * PEN_INTEGRITY: it does not hold any more. The attempt is entered. */
enum pen_status pen_approving__approve(struct pen_session *session, int64_t batch, const char *const *forms, bool dry_run,
    struct pen_approving *done, struct pen_error *error);

#endif
