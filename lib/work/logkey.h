/* The store's log key, and the checkpoints that are signed with it. */
#ifndef PEN_WORK_LOGKEY_H
#define PEN_WORK_LOGKEY_H

#include "store/session.h"

/* Reads it from a file (NULL: log-AGENCY.pem among the keys). PEN_REFUSED if it is not
 * the one that the store names; PEN_INPUT if there is no such file. */
enum pen_status pen_logkey__load(struct pen_session *session, const char *path, struct pen_key **key,
    struct pen_error *error);
/* Enters the act, then signs a checkpoint that covers it: to note. */
enum pen_status pen_logkey__checkpoint(struct pen_session *session, const struct pen_key *key, struct pen_text *note,
    struct pen_error *error);

#endif
