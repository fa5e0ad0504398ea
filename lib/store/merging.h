/* Two accounts of one person made one, as a computed batch: what stood on the one at the end
 * of the newest settled year goes over to the other at the turn of the year, part by part,
 * and the one ends with nothing. It counts when its folio is sealed. */
#ifndef PEN_STORE_MERGING_H
#define PEN_STORE_MERGING_H

#include "store/ending.h"

/* The account of the person of `end` goes over to that of `into`. */
struct pen_merging {
	struct pen_ending end;
	int64_t into;
	struct pen_account_place from, to;	/* of the newest settled year of both */
	struct pen_balance amounts;
};

/* Begins one. It must not be moved. */
void pen_merging__start(struct pen_merging *merging, struct pen_session *session);
/* Draws up the plan. */
enum pen_status pen_merging__plan(struct pen_merging *merging, int64_t person, int64_t into, const char *note, struct pen_error *error);
/* The plan as a batch keeps it. False: it is the plan of something else. */
enum pen_status pen_merging__read_plan(struct pen_merging *merging, const struct pen_batch *batch, bool *is, struct pen_error *error);
/* Works out what the plan comes to; its rows are in the order of people. PEN_REFUSED (R4.2):
 * account.another (not the same person: names, sexes or days of birth differ), account.closed,
 * account.pensioner (one of them draws a pension), account.gap (settled up to different years,
 * or one has to be settled again), account.unready (something is not sealed, or was paid since). */
enum pen_status pen_merging__collect(struct pen_merging *merging, struct pen_error *error);
void pen_merging__free(struct pen_merging *merging);

#endif
