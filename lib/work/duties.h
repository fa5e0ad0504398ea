/* What the regulation asks for again and again, when it was last done, and by when it
 * has to be done next. What was missed is found by the rules duty.*. */
#ifndef PEN_WORK_DUTIES_H
#define PEN_WORK_DUTIES_H

#include "store/store.h"

#define PEN_DUTIES 5

/* last 0: never. due 0: nothing is, as of the amendment log of months in which nothing
 * was changed. Overdue is what is due on a day before today. */
struct pen_duty {
	const char *name, *clause;
	int32_t last, due;
	bool overdue;
};

/* Backup (R7.2), inspection (R7.1), network log (R6.1), amendment log (R5.3.3) and
 * clean-up (R7.6), in that order, all of them also where one could not be read. */
enum pen_status pen_duties__read(struct pen_store *store, struct pen_duty duties[PEN_DUTIES], struct pen_error *error);

#endif
