/* The ledger: what is shown of a folio's rows, and what settled years came to; what
 * settling, reports and statements share. All of it as a report of a journal index sees
 * it. */
#ifndef PEN_STORE_LEDGER_H
#define PEN_STORE_LEDGER_H

#include "model/account.h"
#include "store/folio.h"
#include "store/places.h"
#include "store/rows.h"

/* The rows of a folio without those that were replaced at or before as_of; of
 * one subject, or of all (0). A row is valid until the next. */
struct pen_ledger_rows;
enum pen_status pen_ledger__open(struct pen_ledger_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, int64_t subject, int64_t as_of, struct pen_error *error);
enum pen_status pen_ledger__next(struct pen_ledger_rows *rows, const struct pen_row **row, struct pen_error *error);	/* NULL at the end */
/* On to another folio, of all subjects. */
enum pen_status pen_ledger__turn(struct pen_ledger_rows *rows, int64_t folio, struct pen_error *error);
void pen_ledger__close(struct pen_ledger_rows *rows);

/* What a year came to: of an opening only the closing balance is known. */
struct pen_account_stand {
	struct pen_account_place place;
	struct pen_account_year year;	/* but for its opening balance */
	struct pen_balance payout;	/* of a closing, below 0 */
	int32_t months;			/* credited */
	int32_t pension_months;		/* whose rolls took something out */
	bool has_rate, paid_out;
	bool merged, pensioner;		/* merged: another account came in, or (below 0) this went into another;
					 * pensioner: a pension was paid in the year, or was due */
};
/* PEN_INTEGRITY if the folio has no balance of the person. */
enum pen_status pen_ledger__stand(struct pen_store *store, const struct pen_account_place *place,
    int64_t as_of, struct pen_account_stand *stand, struct pen_error *error);
/* The closing balance alone: for many people in one read transaction. */
enum pen_status pen_ledger__closing(struct pen_store *store, const struct pen_account_place *place,
    int64_t as_of, struct pen_balance *balance, struct pen_error *error);

/* The visible breakdown folios of a year in which somebody has rows, in order.
 * Free with pen_memory__free. */
enum pen_status pen_ledger__contributed(struct pen_store *store, int64_t person, int32_t year,
    int64_t as_of, int64_t **folios, size_t *count, struct pen_error *error);
/* Those of them that were sealed after the settlement in `settled` was drawn up. */
enum pen_status pen_ledger__late(struct pen_store *store, const struct pen_account_place *settled, int32_t year,
    int64_t as_of, int64_t **folios, size_t *count, struct pen_error *error);
/* The breakdown folios of a year that are held now. Likewise. */
enum pen_status pen_ledger__held(struct pen_store *store, int32_t year, int64_t **folios, size_t *count,
    struct pen_error *error);

/* The four amounts of a row of an opening or a movement. */
struct pen_balance pen_ledger__balance(const struct pen_row *row);
bool pen_ledger__is_balance(const struct pen_row *row);	/* of a movement: its kind */
/* Their sum; false if it does not fit. */
bool pen_ledger__total(const struct pen_balance *balance, int64_t *total);

/* Writing, in the caller's transaction: that somebody's movements in `folio` were replaced
 * at an entry by those in `by_folio`. */
enum pen_status pen_ledger__replace(struct pen_store *store, int64_t folio, int64_t person, int64_t by_folio,
    int64_t at, struct pen_error *error);

#endif
