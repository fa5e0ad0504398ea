/* Rows of kind movement: what a year, or the part of it up to a month, brought to an
 * account and took out of it. */
#ifndef PEN_STORE_MOVEMENT_H
#define PEN_STORE_MOVEMENT_H

#include "store/drawn.h"
#include "store/ledger.h"

/* Four amounts; a set of months; the rate (NULL) and the folio that it rests on (0), where
 * there are any. The line is left to the caller. */
struct pen_row pen_movement__row(int64_t person, int32_t year, const char *kind, struct pen_balance amounts, int32_t months,
    const int64_t *rate, int64_t source);

/* What the rows of a year are made from. */
struct pen_movement_year {
	int64_t person;
	int32_t year;
	const struct pen_account_year *figures;
	int months;				/* of the year that it reaches to: 12, of a whole year */
	int64_t prior;				/* folio of the balance before; 0: none */
	bool paid;				/* something was paid in the year, */
	int32_t credited;			/* for these months, */
	int64_t source;				/* the last of it in this folio */
	int64_t merged;				/* folio of what was merged into the account; 0: nothing was */
	const struct pen_drawn_person *pension;	/* NULL: none in the year */
};

/* All but the balance: credit, merge, interest-opening, interest-merge, interest-year, pension,
 * interest-pension, those there is reason for; returns how many. */
#define PEN_MOVEMENT_YEAR_ROWS 7
int pen_movement__year(const struct pen_movement_year *of, struct pen_row rows[PEN_MOVEMENT_YEAR_ROWS]);

#endif
