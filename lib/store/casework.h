/* What every move of a case goes by: who may make it, whether it is its turn, and
 * the entry that binds it. */
#ifndef PEN_STORE_CASEWORK_H
#define PEN_STORE_CASEWORK_H

#include "store/cases.h"
#include "store/session.h"

/* Before a move, outside of a transaction: finds the case (start it as {0}, free it
 * whatever comes back), and refuses whoever may not make the move, a move out of turn,
 * and anybody who acted in the case as something else; the attempt is entered. A case
 * whose time is over is entered as expired, unless nothing is to be changed
 * (`dry_run`), and refused: amend.expired. PEN_USAGE: there is no such case. */
enum pen_status pen_casework__begin(struct pen_session *session, int64_t id, enum pen_amendment_move move, bool dry_run,
    struct pen_case *looked, struct pen_error *error);
/* Whether somebody may act so for an agency (of the case; NULL: the store's own): for
 * moves that begin a case. Outside of a transaction. */
enum pen_status pen_casework__require(struct pen_session *session, const struct pen_amendment_turn *turn, const char *agency,
    enum pen_amendment_move move, struct pen_error *error);

/* What the entry of a move binds beside the case's own; text NULL: a number. */
struct pen_casework_detail { const char *key, *text; int64_t number; };
#define PEN_CASEWORK_DETAILS 40
/* What a move brings with it. */
struct pen_casework {
	enum pen_amendment_move move;
	const char *reason;		/* NULL: none */
	const char *open_until;		/* of unseal */
	int64_t batch;			/* of apply */
	const char *application;	/* digest of its text; NULL: as it stands */
	bool changes;			/* what reports show changes */
	/* Further keys of the body, in any order, beside those of every move: application,
	 * batch, number, open_until, reason, revision. */
	const struct pen_casework_detail *detail;
	size_t details;
};
/* Makes the move, in the caller's write transaction: looks once more whether the case
 * stands as it did, enters the act with what it binds and the step, and brings *looked
 * (of _begin, or a new one with state NONE and its id) up to date. The entry will have
 * the index that pen_journal__size gives before. Keys of the body: see actwalk.c. */
enum pen_status pen_casework__make(struct pen_session *session, struct pen_case *looked, const struct pen_casework *work,
    int64_t *at, struct pen_error *error);

/* Whether a reason is one: a text on one line, not blank (PEN_USAGE names the option). */
enum pen_status pen_casework__reason(const char *option, const char *text, const char **reason, size_t *n, struct pen_error *error);

#endif
