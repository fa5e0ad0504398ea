/* An act of one person on the store: who may, the store held meanwhile, and the attempt
 * entered where it is refused. */
#ifndef PEN_WORK_ACT_H
#define PEN_WORK_ACT_H

#include "store/session.h"

struct pen_act { const char *name, *role, *clause, *command; };	/* "account.settle", "operator", "R4.2.3", "pen-account settle" */

/* PEN_REFUSED as of pen_session__require, PEN_BUSY as of pen_session__hold. */
enum pen_status pen_act__begin(struct pen_session *session, const struct pen_act *act, struct pen_error *error);
/* Lets go; of what began alone. `subject` is what a refusal was about. Returns the status. */
enum pen_status pen_act__end(struct pen_session *session, const struct pen_act *act, enum pen_status status, const char *subject,
    struct pen_error *error);

#endif
