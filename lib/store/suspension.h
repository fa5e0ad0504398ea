/* Suspension (R7.3): whether access is cut off. The newest of the acts
 * admin.suspend and admin.resume says so; there is no flag that could be turned. */
#ifndef PEN_STORE_SUSPENSION_H
#define PEN_STORE_SUSPENSION_H

#include "store/journal.h"

#define PEN_ACT_SUSPEND "admin.suspend"
#define PEN_ACT_RESUME "admin.resume"
#define PEN_REASON_ROOM 512	/* bytes of a reason, with its end */

struct pen_suspension {
	bool suspended;		/* the rest is empty where not */
	int64_t at;
	char since[21], by[64], reason[PEN_REASON_ROOM];
};

enum pen_status pen_suspension__now(struct pen_store *store, struct pen_suspension *suspension, struct pen_error *error);

/* Whether an act may be entered meanwhile: verification, backups, the log of the
 * incident, attempts, and the end of it. */
bool pen_suspension__passes(const char *act);

#endif
