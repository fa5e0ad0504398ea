/* A read that is entered (R7.5): which index it shows, an entry before its first
 * byte and one with the counts at its end. */
#ifndef PEN_WORK_READING_H
#define PEN_WORK_READING_H

#include "store/session.h"

struct pen_reading {
	struct pen_session *session;
	int64_t as_of;
	char time[21];			/* of that entry */
	char subject[96];		/* report statement 2024 … */
};

/* Which index is read: as_of as a person gives it; NULL: now. Then the entry,
 * under a subject, in which what is not plain text becomes '?'. */
enum pen_status pen_reading__open(struct pen_reading *reading, struct pen_session *session,
    const char *as_of, struct pen_error *error);
enum pen_status pen_reading__begin(struct pen_reading *reading, const char *subject, struct pen_error *error);
enum pen_status pen_reading__end(const struct pen_reading *reading, int64_t rows, struct pen_error *error);

#endif
