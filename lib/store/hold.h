/* Why folios wait: each hold by a rule, entered by an act and ended by one. A hold
 * is of one of two kinds: the levy's (levy.covers, see cover.h), which goes when the
 * levy covers the folio and which no person can decide; and a review's (R8.1), which
 * a person decides and nothing else. A folio may have several, and is let in when
 * none is open. All of it inside the caller's transaction. */
#ifndef PEN_STORE_HOLD_H
#define PEN_STORE_HOLD_H

#include "store/folio.h"

#define PEN_HOLD_LEVY "levy.covers"

struct pen_hold { char rule[64], found[160], expected[160]; int64_t at; };

/* The open holds of a folio: those of a review first, and the oldest first. */
#define PEN_HOLDS_MOST 8
struct pen_holds {
	struct pen_hold at[PEN_HOLDS_MOST];
	size_t count;
	bool levy, review;		/* there is one of that kind */
};
enum pen_status pen_hold__open(struct pen_store *store, int64_t folio, struct pen_holds *holds, struct pen_error *error);

/* person.elsewhere, person.retired, person.died: rows of one person that somebody
 * has to look at before they count. */
bool pen_hold__is_review(const char *rule);

/* Has a folio wait for a person's decision: enters the hold and makes the folio held.
 * For the staging, which puts such a person's rows into a folio of their own: to be
 * called where the figures of a batch are entered, with the index of import.staged,
 * before or after the levy was looked at; once for each rule that speaks against it. */
enum pen_status pen_hold__review(struct pen_store *store, int64_t folio, const char *rule,
    const char *found, const char *expected, int64_t at, struct pen_error *error);

/* Enters a hold alone; the state of the folio is the caller's business. */
enum pen_status pen_hold__enter(struct pen_store *store, int64_t folio, const struct pen_hold *hold, struct pen_error *error);
/* Ends the folio's open holds, those of a rule or all of them (NULL). The decision
 * is covered, released, rejected or discarded. */
enum pen_status pen_hold__end(struct pen_store *store, int64_t folio, const char *rule, const char *decision,
    const char *reason, int64_t at, struct pen_error *error);

/* The held folios of all batches, in id order; a visit may end their holding. */
enum pen_status pen_hold__each(struct pen_store *store, pen_folio_visit *visit, void *context, struct pen_error *error);

#endif
