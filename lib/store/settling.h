/* What a settlement of a year comes to, person by person, worked out in memory
 * from what a journal index shows: about 120 bytes a person and 40 a
 * contribution. Filled by gather and history; nothing is written here. */
#ifndef PEN_STORE_SETTLING_H
#define PEN_STORE_SETTLING_H

#include "model/parameter.h"
#include "store/drawn.h"
#include "store/ledger.h"
#include "store/merged.h"

struct pen_settling_plan {
	int32_t year;
	int64_t as_of;			/* the newest entry that changes something */
	int64_t rate;			/* millionths */
	bool by_arrival;		/* account.credit-month is "arrival" */
	bool provisional;		/* the rate is not published yet: it is settled again then */
	/* Breakdown folios of the year that were held when it was planned: their people are
	 * not to be settled as if nothing had been paid for them. None of a year that is
	 * only looked at to see who would be settled again. Borrowed. */
	const int64_t *held;
	size_t held_count;
};

/* What becomes of a person. */
enum pen_settling_fate {
	PEN_SETTLING_NEW,		/* settled for the first time */
	PEN_SETTLING_AGAIN,		/* the figures are others than those settled before */
	PEN_SETTLING_SAME,		/* they are not: passed over */
	PEN_SETTLING_OPENED,		/* an opening says what stands at the year's end: passed over */
	PEN_SETTLING_UNREADY,		/* left: a folio of the year, or the opening, is not sealed, or held */
	PEN_SETTLING_GAP,		/* left: an earlier year is not settled, or has to be again */
	PEN_SETTLING_CLOSED,		/* the account is closed: passed over */
	PEN_SETTLING_FATES
};

/* One person. Invariant: credits first to first + count are theirs. */
struct pen_settling_person {
	int64_t person, employer;	/* employer 0: none known */
	int64_t prior, settled;		/* folios: of the balance before, of the settlement in force; 0: none */
	int64_t source;			/* folio of the last contribution; 0: none */
	int64_t unsealed;		/* folio of the opening that the account starts from, if not sealed */
	int64_t folio;			/* that the settlement is written to */
	size_t pension;			/* of the drawn, counted from 1; 0: none in the year */
	int32_t roll;			/* UNREADY: month of a pension whose roll is not sealed */
	struct pen_balance merged;	/* into the account at the turn of the year, */
	int64_t merged_in;		/* by this folio; 0: nothing */
	bool untold;			/* it was paid before the store's first roll */
	struct pen_balance opening;
	size_t first, count;
	int32_t months;			/* credited: the union */
	int32_t missing;		/* GAP: the year that is not settled */
	int32_t start;			/* year of the opening that the account starts from; 0: none */
	enum pen_settling_fate fate;
};

/* Who is left, by what has to be done first: a folio to be sealed (missing 0), a year to
 * be settled (folio 0) for people of an employer, or a month's roll to be made and sealed
 * (untold: an opening to be brought in that says what is left after what others paid). */
struct pen_settling_left { int64_t employer, folio, people; int32_t missing, roll; bool held, opening, untold; };

struct pen_settling_credit { int64_t person, folio; struct pen_credit credit; };

struct pen_settling {
	struct pen_store *store;		/* in which a message finds who it is of */
	struct pen_settling_plan plan;
	struct pen_settling_person *person;	/* by number */
	size_t persons;
	struct pen_settling_credit *credit;	/* by person, folio */
	size_t credits;
	struct pen_drawn drawn;
	struct pen_merged joined;
	struct pen_settling_left *left;
	size_t lefts, left_room;
	size_t fates[PEN_SETTLING_FATES];
	/* Under by_arrival: segments without a day of arrival, which go by the months
	 * that they are for; and those that arrived outside of the year, which count
	 * as January or December. */
	int64_t unarrived, outside;
	struct pen_credit *scratch;		/* of one person */
};

void pen_settling__free(struct pen_settling *settling);

/* The rate and the way of crediting of plan->year, by the parameters of
 * plan->as_of: the published rate, else a provisional one. PEN_REFUSED: neither is in
 * force. */
enum pen_status pen_settling__terms(struct pen_store *store, struct pen_settling_plan *plan,
    char parameters_digest[PEN_DIGEST_HEX], struct pen_error *error);

/* The same by parameters that are at hand, of plan->year alone. *rate is among them. */
enum pen_status pen_settling__terms_by(const struct pen_parameters *parameters, const char *agency,
    struct pen_settling_plan *plan, const struct pen_parameter **rate, struct pen_error *error);

/* The list with room for one more; NULL: no memory, and the list as it was. */
void *pen_settling__grown(void *list, size_t count, size_t *room, size_t size);
struct pen_settling_left *pen_settling__left(struct pen_settling *settling);	/* one more; NULL: no memory */
struct pen_settling_person *pen_settling__find(struct pen_settling *settling, int64_t person);	/* NULL: none */

/* What was merged into the person's account. */
void pen_settling__take_merged(const struct pen_settling *settling, struct pen_settling_person *person);
/* Says what of the person's pension the year has, and whether it is all there. */
void pen_settling__take_pension(const struct pen_settling *settling, struct pen_settling_person *person);

/* A person's year, and its rows: credit, merge, interest-opening, interest-merge,
 * interest-year, pension, interest-pension (those there is reason for) and balance, with
 * lines from `line` on. */
#define PEN_SETTLING_ROWS 8
enum pen_status pen_settling__rows(struct pen_settling *settling, const struct pen_settling_person *person,
    int64_t line, struct pen_account_year *year, struct pen_row rows[PEN_SETTLING_ROWS], int *count,
    struct pen_error *error);

/* How a contribution is credited in a year. unarrived and outside count. */
struct pen_credit pen_settling__credit(const struct pen_row *contribution, int32_t year, bool by_arrival,
    int64_t *unarrived, int64_t *outside);

#endif
