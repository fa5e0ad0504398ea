/* A folio that waits, as somebody has to be told of it who is to act: by what it is
 * held, since when, and whom a review is about. */
#ifndef PEN_WORK_WAITING_H
#define PEN_WORK_WAITING_H

#include "store/cover.h"
#include "store/people.h"

struct pen_waiting {
	struct pen_holds holds;
	int32_t since[PEN_HOLDS_MOST];	/* local date of each hold */
	int64_t days[PEN_HOLDS_MOST];	/* whole days since; never below 0 */
	struct pen_someone someone;	/* of a review, as registered now; person 0: none */
	char why[512];			/* all the holds on one line */
};
/* count 0: it is not held. What the levy's hold found and expects are the sums of
 * now, not those of the day on which it was held: *cover is opened when it is first
 * needed, and the caller's to close; cover NULL: as they were entered. */
enum pen_status pen_waiting__look(struct pen_store *store, struct pen_cover **cover, const struct pen_folio *folio,
    struct pen_waiting *waiting, struct pen_error *error);

#endif
