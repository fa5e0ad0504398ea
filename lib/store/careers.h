/* What the store knows of somebody who is to retire: who they are by their registrations,
 * and what was paid for in all their years, from sealed records alone. As a report of a
 * journal index sees it. */
#ifndef PEN_STORE_CAREERS_H
#define PEN_STORE_CAREERS_H

#include "model/career.h"
#include "store/ledger.h"

/* A number that they go by, and its citizen id: 0 is their own, the others' accounts were
 * merged into it, by this folio. since: its first day of insurance. */
struct pen_careers_number { int64_t person, folio; char id_number[32]; int32_t since; };

/* A contribution of theirs: months as a set of `year`, the one that it is for. number: under
 * which it was paid. */
struct pen_careers_row { int64_t folio, line, base_fen; size_t number; int32_t year, months; enum pen_contribution_kind kind; };

/* What an opening says of the years until its own; folio 0: there is none that does. */
struct pen_careers_opening { int64_t folio, line, seal; size_t number; int32_t year, paid_months; int64_t index; };	/* index: millionths */

/* folio and line are those of the newest registration, which says sex, birth, status and
 * payer; the day of insurance and the start of work are the earliest of all. employer: of
 * the newest period, 0 for none. Strings "": not told. */
struct pen_careers {
	int64_t person, employer, folio, line;
	struct pen_careers_number *number;
	size_t numbers;
	int64_t deemed_folio, deemed_line;		/* that says the deemed months */
	int sex;
	int32_t born, insured_on, worked_on;
	char status[16], payer[16];
	struct pen_careers_opening opening;
	struct pen_careers_row *row;			/* by year, number, folio, line; what came in since the opening */
	size_t rows;
	int32_t opened;					/* months that rows of before the opening have beside it */
	/* The same as months: one that several say counts once, with the largest base; one that
	 * was paid back does not count, unless it was paid under another number too. spans are the
	 * careers' own. */
	struct pen_career career;
	int32_t twice, refunded;			/* months of which this was so */
};

/* Up to the month `until`, that one included. PEN_REFUSED: career.unsealed (a registration
 * or a breakdown is not sealed: which, and what comes first), career.unknown (nobody is
 * registered), career.deemed (registrations say different deemed months), career.opening
 * (an opening says fewer months than the contributions of its years come to, a month of
 * them was paid back since, or what was paid under another number may be among them). Free
 * it whatever comes back. */
enum pen_status pen_careers__read(struct pen_careers *careers, struct pen_store *store, int64_t person, int32_t until,
    int64_t as_of, struct pen_error *error);
void pen_careers__free(struct pen_careers *careers);

#endif
