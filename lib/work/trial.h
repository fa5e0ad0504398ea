/* A change made and taken back, to see what it would come to. */
#ifndef PEN_WORK_TRIAL_H
#define PEN_WORK_TRIAL_H

#include "store/versions.h"

/* Makes the change in a transaction of its own, which is rolled back, and enters
 * nothing: what pen_versions__write would say, in *trial and as its status. The
 * caller is outside of a transaction; free *trial whatever comes back. */
enum pen_status pen_trial__run(struct pen_session *session, const struct pen_versions_case *of,
    struct pen_trial *trial, struct pen_error *error);

#endif
