/* The days on which duties fall due: from the store's first day to today. */
#ifndef PEN_STORE_CALENDAR_H
#define PEN_STORE_CALENDAR_H

#include "base/text.h"
#include "model/parameter.h"
#include "store/store.h"

struct pen_calendar {
	struct pen_parameters *parameters;	/* in force now */
	const char *agency;			/* the store's; valid while it is open */
	int32_t made;				/* the day on which the store was made */
	int32_t first;				/* that, or the day on which the system went live if that came later; 0: not to be told */
	int32_t today;				/* by the clock; in a copy, which knows no more, the day of its newest entry */
};
enum pen_status pen_calendar__open(struct pen_calendar *calendar, struct pen_store *store, struct pen_error *error);
void pen_calendar__close(struct pen_calendar *calendar);

/* Whether a log (network, inspect) falls due on a day: it is worked, and a whole day
 * of the store. */
bool pen_calendar__is_due(const struct pen_calendar *calendar, const char *log, int32_t date);
/* The first such day after `date` (0: the first of all); 0 if there is none for a year. */
int32_t pen_calendar__next(const struct pen_calendar *calendar, const char *log, int32_t date);

/* All days from the first to today, as a rule is given them (:calendar): 35 bytes each,
 *   2026-11-25 2026-11-24T16:00:00Z ni
 * and LF: the day, the moment at which it begins, n if a network log is due of it, i
 * if an inspection is, '-' if not. Nothing is due of today, which is not over. */
void pen_calendar__text(const struct pen_calendar *calendar, struct pen_text *text);

#endif
