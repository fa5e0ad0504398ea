/* Two accounts of one person made one, as a computed batch: what stood on the one at the end
 * of the newest settled year goes over to the other at the turn of the year, part by part,
 * and the one ends with nothing. It counts when its folio is sealed. */
#ifndef PEN_STORE_MERGING_H
#define PEN_STORE_MERGING_H

#include "model/parameter.h"
#include "store/computed.h"
#include "store/ledger.h"

/* What a merge is made from, so that it can be made again. */
struct pen_merging_plan {
	int64_t person, into, as_of;	/* the account of person ends */
	char note[256];			/* which paper says that they are one; no line break */
	char parameters[PEN_DIGEST_HEX];
};

#define PEN_MERGING_ROWS 3
struct pen_merging {
	struct pen_computed computed;
	struct pen_merging_plan plan;
	struct pen_parameters *parameters;	/* as plan.as_of has them */
	struct pen_account_place from, to;	/* of the newest settled year of both */
	struct pen_balance amounts;
	int64_t total_fen, employer;		/* where the other person was last; 0: nowhere */
};

/* Begins one. It must not be moved. */
void pen_merging__start(struct pen_merging *merging, struct pen_session *session);
/* Draws up the plan; as_of and parameters are filled in here. */
enum pen_status pen_merging__plan(struct pen_merging *merging, const struct pen_merging_plan *plan, struct pen_error *error);
/* The plan as a batch keeps it. False: it is the plan of something else. */
enum pen_status pen_merging__read_plan(struct pen_merging *merging, const struct pen_batch *batch, bool *is, struct pen_error *error);
/* Works out what the plan comes to. PEN_REFUSED (R4.2): account.another (not the same person:
 * names, sexes or days of birth differ), account.closed, account.pensioner (one of them draws
 * a pension), account.gap (settled up to different years, or one has to be settled again),
 * account.unready (something is not sealed, or was paid since). */
enum pen_status pen_merging__collect(struct pen_merging *merging, struct pen_error *error);
/* Its rows, in the order of people, but for their lines. */
void pen_merging__rows(const struct pen_merging *merging, struct pen_row rows[PEN_MERGING_ROWS]);
enum pen_status pen_merging__write(struct pen_merging *merging, struct pen_error *error);
void pen_merging__free(struct pen_merging *merging);

#endif
