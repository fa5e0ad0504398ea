/* An account closed (death, emigration: 社会保险法 art. 14, 人社部令第13号 art. 6) as a
 * computed batch: interest to the end of the month in which it happened, all of it paid
 * out, nothing left. It counts when its folio is sealed. */
#ifndef PEN_STORE_CLOSING_H
#define PEN_STORE_CLOSING_H

#include "store/balance.h"
#include "store/computed.h"
#include "store/movement.h"

/* What a closing is made from, so that it can be made again. */
struct pen_closing_plan {
	int64_t person, as_of;
	int32_t happened_on;		/* day */
	char reason[16];		/* death, emigration */
	char note[256];			/* which paper says so; no line break */
	char parameters[PEN_DIGEST_HEX];
};

#define PEN_CLOSING_ROWS (PEN_MOVEMENT_YEAR_ROWS + 2)
struct pen_closing {
	struct pen_computed computed;
	struct pen_closing_plan plan;
	struct pen_parameters *parameters;	/* as plan.as_of has them */
	struct pen_balance_before balance;
	struct pen_drawn drawn;			/* of the year, where a pension is paid */
	int64_t employer;			/* where the person was last; 0: nowhere */
};

/* Begins one. It must not be moved. */
void pen_closing__start(struct pen_closing *closing, struct pen_session *session);
/* Draws up the plan; as_of and parameters are filled in here. PEN_REFUSED as of
 * pen_balance__before; account.closed, account.pensioner (the record of the pension is not
 * sealed). */
enum pen_status pen_closing__plan(struct pen_closing *closing, const struct pen_closing_plan *plan, struct pen_error *error);
/* The plan as a batch keeps it. False: it is the plan of something else. */
enum pen_status pen_closing__read_plan(struct pen_closing *closing, const struct pen_batch *batch, bool *is, struct pen_error *error);
/* Works out what the plan comes to. Also PEN_REFUSED: account.pensioner (the pension goes
 * on), account.unready (a roll up to the month in which it happened is not sealed). */
enum pen_status pen_closing__collect(struct pen_closing *closing, struct pen_error *error);
/* Its rows, but for their lines; returns how many. */
int pen_closing__rows(const struct pen_closing *closing, struct pen_row rows[PEN_CLOSING_ROWS]);
enum pen_status pen_closing__write(struct pen_closing *closing, struct pen_error *error);
void pen_closing__free(struct pen_closing *closing);

#endif
