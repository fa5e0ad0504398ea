/* A scheme of adjustment applied to everybody who retired in time: whose pension grows by
 * how much, employer by employer. A computed batch of form `adjustment`; the scheme stands
 * whole in its plan. What it goes by is what was sealed as of its reference. */
#ifndef PEN_STORE_ADJUSTING_H
#define PEN_STORE_ADJUSTING_H

#include "base/memory.h"
#include "model/scheme.h"
#include "store/beneficiary.h"
#include "store/computed.h"

#define PEN_ADJUSTING_FORM "adjustment"
#define PEN_ADJUSTING_ACT "benefit.adjust"
#define PEN_ADJUSTING_CLAUSE "R4.3.1d"

/* Fen a month; before: without the increase. */
struct pen_adjusting_one { int64_t person, employer, before_fen; struct pen_scheme_increase by; };
/* Left, since something that the scheme goes by is not known: "months", "pension", "area". */
struct pen_adjusting_left { int64_t person, employer; const char *lacks; };

/* People of one employer, `first` and on of the order: one folio, and what it comes to. */
struct pen_adjusting_group {
	int64_t employer;
	size_t first, count;
	int64_t before_fen;
	struct pen_scheme_increase sum;
};

/* Whom it concerns and whom it does not. */
struct pen_adjusting_counts {
	int64_t adjusted, unchanged;	/* unchanged: they have had it */
	int64_t later, ended;		/* retired too late; ended before it is effective */
};

struct pen_adjusting {
	struct pen_session *session;
	struct pen_arena *arena;
	struct pen_scheme scheme;
	struct pen_text text;			/* of the scheme */
	char digest[PEN_DIGEST_HEX];		/* of that text */
	int64_t reference;
	char parameters[PEN_DIGEST_HEX];	/* in force then */
	struct pen_beneficiaries all;
	struct pen_adjusting_one *one;		/* by employer and number */
	size_t ones;
	struct pen_adjusting_left *left;
	size_t lefts, left_room;
	struct pen_adjusting_group *group;
	size_t groups;
	struct pen_adjusting_counts counts;
	int64_t before_fen;
	struct pen_scheme_increase sum;
};

/* Begins with a scheme's text. PEN_INPUT: it is none (pen-scheme(5)). Free it whatever
 * comes back. */
enum pen_status pen_adjusting__open(struct pen_adjusting *adjusting, struct pen_session *session, const char *text, size_t n,
    struct pen_error *error);
/* The same from the plan of a batch that was made: reference and parameters are the plan's.
 * PEN_INTEGRITY, adjust.plan: it is no such plan. */
enum pen_status pen_adjusting__reopen(struct pen_adjusting *adjusting, struct pen_session *session, const char *plan, size_t n,
    struct pen_error *error);
void pen_adjusting__free(struct pen_adjusting *adjusting);

/* Goes by what is sealed now. PEN_REFUSED, adjust.area: the scheme is not for the agency.
 * *there: a batch of this scheme that waits for signatures; 0: none. */
enum pen_status pen_adjusting__plan(struct pen_adjusting *adjusting, int64_t *there, struct pen_error *error);
/* Works everybody's increase out. */
enum pen_status pen_adjusting__collect(struct pen_adjusting *adjusting, struct pen_error *error);
/* The batch of what was collected: its plan, folios and rows. Free *computed. */
enum pen_status pen_adjusting__batch(struct pen_adjusting *adjusting, struct pen_computed *computed, struct pen_error *error);

/* Somebody's row, but for its line. */
struct pen_row pen_adjusting__row(const struct pen_adjusting *adjusting, const struct pen_adjusting_one *one);

#endif
