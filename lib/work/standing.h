/* How one person stands in a settled year, and whether what was settled still
 * holds: every year from the opening on is looked at. */
#ifndef PEN_WORK_STANDING_H
#define PEN_WORK_STANDING_H

#include "store/ledger.h"

struct pen_standing {
	struct pen_account_stand before, settled;	/* folio 0: there is none */
	int64_t unsealed;	/* folio of the opening that all rests on, if it is not sealed; 0 */
	int32_t stale;		/* the first year to be settled (again) since something came in late; 0 */
};

enum pen_status pen_standing__read(struct pen_store *store, int64_t person, int32_t year, int64_t as_of,
    struct pen_standing *standing, struct pen_error *error);

#endif
