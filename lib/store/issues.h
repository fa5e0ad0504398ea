/* Statements that were handed out (R4.2.3): to whom, on which day, what they said;
 * and how long whoever got one can object to it. */
#ifndef PEN_STORE_ISSUES_H
#define PEN_STORE_ISSUES_H

#include "base/text.h"
#include "model/parameter.h"
#include "store/people.h"
#include "store/session.h"

/* form: statement (to a person) or statement-detail (to an employer). The other of
 * person and employer is 0. */
struct pen_issue {
	int64_t id, at, person, employer, as_of;
	char form[24], digest[PEN_DIGEST_HEX], time[21];
	int32_t year, on;		/* on: the local day, from which the time runs */
};

/* Enters that it was handed out by whoever acts, in a transaction of its own, and fills
 * id, at and on. A print that says the same as the newest one to the same for the same
 * year is a reprint: *reprint, and the issue is that one, with its day. Nothing is
 * entered, and id is 0, where somebody only looked: on a copy, or who is no operator. */
enum pen_status pen_issues__hand_out(struct pen_session *session, struct pen_issue *issue, bool *reprint,
    struct pen_error *error);

enum pen_status pen_issues__find(struct pen_store *store, int64_t id, struct pen_issue *issue, bool *found,
    struct pen_error *error);
/* The newest to a person or an employer for a year. */
enum pen_status pen_issues__newest(struct pen_store *store, int64_t person, int64_t employer, int32_t year,
    struct pen_issue *issue, bool *found, struct pen_error *error);

/* The last day on which there can be an objection: of the same number three months on,
 * or the last of that month, moved to the next day that is worked. */
int32_t pen_issues__last_day(const struct pen_parameters *parameters, const char *area, int32_t on);

#endif
