/* The ledger: where people's accounts stand by year, and what settled years
 * came to; what settling, reports and statements share. All of it as a report
 * of a journal index sees it. */
#ifndef PEN_STORE_LEDGER_H
#define PEN_STORE_LEDGER_H

#include "adapter/db_bulk.h"
#include "model/account.h"
#include "store/folio.h"
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

/* A balance at the end of a year stands in this folio, confirmed at an entry. */
struct pen_account_place { int64_t person, folio, confirmed; int32_t year; bool opening, closed, sealed; };	/* closed: by a close-out or a merge */

typedef enum pen_status pen_account_visit(void *context, const struct pen_account_place *place, struct pen_error *error);
/* Everybody's, by person, year, folio. Read in slices; a visit may read, not write. */
enum pen_status pen_ledger__each(struct pen_store *store, int64_t as_of, pen_account_visit *visit,
    void *context, struct pen_error *error);
/* Of all the places of one person, by year and folio: keeps those that count, one
 * for each year, and returns how many. A settlement goes before an opening, the
 * newest before older ones, an opening that is sealed before one that is not; and
 * an opening does not count if the person was settled for its year or a later one
 * when it came in. A close-out counts once it is sealed, and then nothing else of its
 * year or a later one does. */
size_t pen_ledger__in_force(struct pen_account_place *places, size_t count);
/* One person's that count, in the order of years. Free with pen_memory__free. */
enum pen_status pen_ledger__of_person(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_account_place **places, size_t *count, struct pen_error *error);
/* The same without what was settled in a batch, and with openings of cases as if they
 * were sealed: what stood before the batch settled anything. */
enum pen_status pen_ledger__of_person_before(struct pen_store *store, int64_t person, int64_t as_of, int64_t batch,
    struct pen_account_place **places, size_t *count, struct pen_error *error);
/* The opening from which the account of a year goes on, that of the year itself
 * included: the newest among places that count; NULL: it begins at nothing. */
const struct pen_account_place *pen_ledger__start(const struct pen_account_place *places, size_t count, int32_t year);

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
/* The place among places of a year, or NULL. */
const struct pen_account_place *pen_ledger__at(const struct pen_account_place *places, size_t count, int32_t year);

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

/* Writing, in the caller's transaction: that a balance stands in a folio, of many (in
 * the order of people: ten times faster than at random; ended as db_bulk.h says) or of
 * one; and that somebody's movements in `folio` were replaced at an entry by those in
 * `by_folio`. */
enum pen_status pen_ledger__writer(struct pen_bulk **writer, struct pen_store *store, struct pen_error *error);
enum pen_status pen_ledger__write(struct pen_bulk *writer, int64_t person, int32_t year, int64_t folio, struct pen_error *error);
enum pen_status pen_ledger__enter(struct pen_store *store, int64_t person, int32_t year, int64_t folio, struct pen_error *error);
enum pen_status pen_ledger__replace(struct pen_store *store, int64_t folio, int64_t person, int64_t by_folio,
    int64_t at, struct pen_error *error);

#endif
