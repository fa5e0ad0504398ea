/* An account closed (death, emigration: 社会保险法 art. 14, 人社部令第13号 art. 6) as a
 * computed batch: interest to the end of the month in which it happened, all of it paid
 * out, nothing left. It counts when its folio is sealed. */
#ifndef PEN_STORE_CLOSING_H
#define PEN_STORE_CLOSING_H

#include "store/balance.h"
#include "store/ending.h"

/* What is told of one. */
struct pen_closing_plan { int64_t person; const char *reason, *note; int32_t happened_on; };

struct pen_closing {
	struct pen_ending end;
	int32_t happened_on;			/* day */
	char reason[16];			/* death, emigration */
	struct pen_balance_before balance;
	struct pen_drawn drawn;			/* of the year, where a pension is paid */
};

/* Begins one. It must not be moved. */
void pen_closing__start(struct pen_closing *closing, struct pen_session *session);
/* Draws up the plan. PEN_REFUSED as of pen_ending__check_open; account.pensioner (the record
 * of the pension is not sealed). */
enum pen_status pen_closing__plan(struct pen_closing *closing, const struct pen_closing_plan *plan, struct pen_error *error);
/* The plan as a batch keeps it. False: it is the plan of something else. */
enum pen_status pen_closing__read_plan(struct pen_closing *closing, const struct pen_batch *batch, bool *is, struct pen_error *error);
/* Works out what the plan comes to, rows included. PEN_REFUSED as of pen_balance__before;
 * account.pensioner (the pension goes on), account.unready (a roll up to the month in which
 * it happened is not sealed). */
enum pen_status pen_closing__collect(struct pen_closing *closing, struct pen_error *error);
void pen_closing__free(struct pen_closing *closing);

#endif
