/* Objections against statements (R4.2.3(3)): which statement is meant, whether there is
 * still time, and whether what is asked for lies in what it said. */
#ifndef PEN_STORE_OBJECTING_H
#define PEN_STORE_OBJECTING_H

#include "model/amended.h"
#include "store/issues.h"
#include "store/session.h"

/* The statement that is meant: by its number (`id`, not 0), or the newest to a person, or
 * to an employer, for a year. PEN_USAGE: it is not said which. PEN_REFUSED, R4.2.3
 * (objection.none): nothing was handed out. */
enum pen_status pen_objecting__issue(struct pen_store *store, int64_t id, const char *person, const char *employer,
    int32_t year, struct pen_issue *issue, struct pen_error *error);
/* PEN_REFUSED, R4.2.3 (objection.late), from the day after the last one on: names that and
 * the way that is left. */
enum pen_status pen_objecting__time(struct pen_store *store, const struct pen_issue *issue, struct pen_error *error);
/* PEN_REFUSED, R4.2.3 (objection.beyond): a record that the statement does not speak of. A
 * statement speaks of its person: the contributions of the year, the balance that the
 * account goes on from, the registration; a detail of the contributions to its employer
 * in the year. */
enum pen_status pen_objecting__within(const struct pen_issue *issue, const struct pen_amendeds *amended, struct pen_error *error);

/* Objections and attempts at one in the order of their entries, after `after`, as of an
 * index, at most `room`. An attempt has case 0, and the code of the refusal. */
struct pen_objecting {
	int64_t at, amendment;
	struct pen_issue issue;
	char time[21], staff[64], name[128], code[48];
};
enum pen_status pen_objecting__slice(struct pen_store *store, int64_t after, int64_t as_of, struct pen_objecting *list,
    size_t room, size_t *count, struct pen_error *error);

#endif
