/* Admission: the moment at which staged folios enter the database (R4.1.2), and
 * what waits for the levy is let in (R4.2.1). All of it inside the caller's
 * transaction, with the journal entries of the acts. */
#ifndef PEN_STORE_ADMISSION_H
#define PEN_STORE_ADMISSION_H

#include "store/batch.h"
#include "store/cover.h"
#include "store/folio.h"
#include "store/session.h"

/* What a confirming came to. */
struct pen_admission {
	bool already;			/* it was confirmed before; nothing was done */
	int64_t folios, rows, amount_fen;	/* admitted */
	int64_t held;			/* folios of the batch that wait */
	int64_t released;		/* folios of other batches that this one's levy covers */
};

/* Confirms a batch. PEN_REFUSED with R4.1.2: it is not staged, a total declared is
 * not what is there (both are named), or rows of it came in meanwhile by another
 * batch; with R4.2.1 or R4.2.3: another folio has months of it, or has settled an
 * account that it opens. */
enum pen_status pen_admission__confirm(struct pen_session *session, const struct pen_batch *batch,
    const struct pen_expectation *expect, struct pen_admission *admission, struct pen_error *error);

/* A decision on held folios: by a person, who gives a reason where a review holds
 * them; or by the levy of a batch (`by`), which decides no review. */
struct pen_decision { bool reviewed; const char *by, *reason; };

/* Looks at a held folio again. A review's hold ends if it is decided on, the levy's
 * if the folio is covered; one that is found over its levy when the review is decided
 * is held by that from then on. What ends is entered in the journal, and if no hold is
 * left (*let_in) the folio joins its batch: confirmed if that is, else staged. If
 * nothing ends, nothing is done. */
enum pen_status pen_admission__release(struct pen_session *session, struct pen_cover *cover,
    const struct pen_folio *folio, const struct pen_decision *decision,
    struct pen_shortfall *shortfall, bool *let_in, struct pen_error *error);

/* Turns a held folio down for a reason: its rows stay, and are in no report. */
enum pen_status pen_admission__reject(struct pen_session *session, const struct pen_folio *folio,
    const char *reason, struct pen_error *error);

#endif
