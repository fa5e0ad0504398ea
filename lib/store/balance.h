/* The balance of a person's account at the end of the month before a month: what a
 * pension from that month on, or the closing of an account, is worked out from. The
 * year before has to be settled and sealed (or an opening says what stood then); of the
 * year itself what stood before earns r k/12 for its k months, and what was paid earns
 * from its month on (rules.md section 4). Interest is rounded half up to fen once for
 * each part, as when a year is settled. */
#ifndef PEN_STORE_BALANCE_H
#define PEN_STORE_BALANCE_H

#include "model/parameter.h"
#include "store/drawn.h"
#include "store/ledger.h"

/* One contribution of the year, and how many months it has earned, all together: a
 * part of its interest is amount x weight / count of its months x rate / 12. */
struct pen_balance_credit { int64_t folio, line; struct pen_credit credit; int weight; };

/* All steps of the arithmetic. figures.opening and figures.closing are the balances at
 * the end of the year before, and of the month; the parts of personal and unit stay
 * apart in each. Free with pen_balance__free. */
struct pen_balance_before {
	int64_t person;
	int32_t month;				/* yyyymm: the first that is not in it */
	int32_t year;				/* that the month is of */
	int months;				/* k: months of the year before it, 0 to 11 */
	struct pen_account_place prior;		/* of the end of the year before; folio 0: the account begins in the year */
	bool prior_provisional;			/* it was settled before its rate was published */
	struct pen_account_year figures;
	int64_t merged;				/* folio of what was merged into it at the turn of the year; 0: nothing */
	const struct pen_drawn_person *pension;	/* borrowed; NULL: none is paid by then */
	bool provisional;			/* the rate of the year is not published yet */
	const struct pen_parameter *rate;	/* of the year, among the parameters given; NULL: k is 0, or there is none */
	bool by_arrival;			/* account.credit-month */
	struct pen_balance_credit *credit;	/* in the order of folios and lines */
	size_t credits;
	int64_t total_fen;			/* of figures.closing */
};

/* As a journal index shows it, by the parameters that are in force at it. PEN_REFUSED:
 *   account.unready    a breakdown of the year, or what stood before, is not sealed
 *   account.closed     it is
 *   account.gap        the year before is not settled, or has to be again (its rate is another)
 *   account.opened     an opening says what stood at the end of the year itself: nobody knows of its months
 *   account.after      a contribution is for a month from then on
 *   parameter.missing  there is no rate of the year, not even a provisional one
 * Somebody of whom nothing was ever paid, and with no opening, has nothing. */
enum pen_status pen_balance__before(struct pen_store *store, const struct pen_parameters *parameters,
    int64_t person, int32_t month, int64_t as_of, struct pen_balance_before *before, struct pen_error *error);
/* The same of somebody who draws a pension: what rolls took out of the account up to the
 * month, and its late_fen, is out of it. `pension` is of the year, and stays the caller's.
 * Also account.gap: the year before was settled as if there were no pension. */
enum pen_status pen_balance__after(struct pen_store *store, const struct pen_parameters *parameters,
    int64_t person, int32_t month, int64_t as_of, const struct pen_drawn_person *pension, struct pen_balance_before *before,
    struct pen_error *error);
void pen_balance__free(struct pen_balance_before *before);

/* A breakdown of the year that is held now and has rows of the person; 0: none. For who
 * writes something that rests on a balance: what is held may yet count. */
enum pen_status pen_balance__held(struct pen_store *store, int64_t person, int32_t year, int64_t *folio, struct pen_error *error);

#endif
