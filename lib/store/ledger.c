#include "store/ledger.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/people.h"

#include <assert.h>
#include <string.h>

/* ------------------------------------------------- rows that are shown -- */

struct pen_ledger_rows {
	struct pen_store *store;
	struct pen_rows *rows;
	int64_t folio, as_of;
	bool amended;		/* something of the folio was replaced: look at each row */
};

/* Whether a statement that is bound gives a row; it is reset. */
static enum pen_status any(struct pen_statement *statement, bool *row, struct pen_error *error)
{
	enum pen_status status = pen_db__step(statement, row, error);

	pen_db__reset(statement);
	return status;
}

static enum pen_status any_replaced(struct pen_ledger_rows *rows, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(rows->store, PEN_SQL_LEDGER_ANY_REPLACED, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", rows->folio);
	pen_db__bind_int(statement, ":as_of", rows->as_of);
	return any(statement, &rows->amended, error);
}

enum pen_status pen_ledger__open(struct pen_ledger_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, int64_t subject, int64_t as_of, struct pen_error *error)
{
	struct pen_ledger_rows *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	*made = (struct pen_ledger_rows){ .store = store, .folio = folio, .as_of = as_of };
	status = any_replaced(made, error);
	if (status == PEN_OK)
		status = subject ? pen_rows__open_subject(&made->rows, store, kind, folio, subject, error)
		    : pen_rows__open(&made->rows, store, kind, folio, error);
	if (status != PEN_OK) {
		pen_memory__free(made);
		return status;
	}
	*rows = made;
	return PEN_OK;
}

enum pen_status pen_ledger__turn(struct pen_ledger_rows *rows, int64_t folio, struct pen_error *error)
{
	rows->folio = folio;
	pen_rows__turn(rows->rows, folio);
	return any_replaced(rows, error);
}

enum pen_status pen_ledger__next(struct pen_ledger_rows *rows, const struct pen_row **row, struct pen_error *error)
{
	enum pen_status status;
	bool replaced;

	do {
		replaced = false;
		status = pen_rows__next(rows->rows, row, error);
		if (status == PEN_OK && *row && rows->amended)
			status = pen_rows__replaced(rows->store, rows->folio, (*row)->v[PEN_SUBJECT].i,
			    (*row)->v[PEN_LINE].i, rows->as_of, &replaced, error);
	} while (status == PEN_OK && replaced);
	return status;
}

void pen_ledger__close(struct pen_ledger_rows *rows)
{
	if (!rows)
		return;
	pen_rows__close(rows->rows);
	pen_memory__free(rows);
}

/* --------------------------------------------------- what a year came to -- */

struct pen_balance pen_ledger__balance(const struct pen_row *row)
{
	int first = row->kind->id == PEN_KIND_OPENING ? PEN_OPENING_PERSONAL_PRINCIPAL
	    : PEN_MOVEMENT_PERSONAL_PRINCIPAL;

	assert(row->kind->id == PEN_KIND_OPENING || row->kind->id == PEN_KIND_MOVEMENT);
	return (struct pen_balance){ row->v[first].i, row->v[first + 1].i, row->v[first + 2].i, row->v[first + 3].i };
}

bool pen_ledger__total(const struct pen_balance *b, int64_t *total)
{
	return pen_money__add(b->personal_principal_fen, b->personal_interest_fen, total) &&
	    pen_money__add(*total, b->unit_principal_fen, total) &&
	    pen_money__add(*total, b->unit_interest_fen, total);
}

static bool is(const struct pen_value *value, const char *word)
{
	return value->type == PEN_STRING && value->n == strlen(word) && memcmp(value->s, word, value->n) == 0;
}

bool pen_ledger__is_balance(const struct pen_row *row)
{
	return is(&row->v[PEN_MOVEMENT_KIND], "balance");
}

/* One movement into the year; true if it was the balance. */
static bool take_movement(const struct pen_row *row, struct pen_account_stand *stand)
{
	const struct pen_value *kind = &row->v[PEN_MOVEMENT_KIND];
	struct pen_account_year *year = &stand->year;
	struct pen_balance amounts = pen_ledger__balance(row);

	if (row->v[PEN_MOVEMENT_RATE].type == PEN_INTEGER) {
		year->rate = row->v[PEN_MOVEMENT_RATE].i;
		stand->has_rate = true;
	}
	if (is(kind, "credit")) {
		year->credit_personal_fen = amounts.personal_principal_fen;
		year->credit_unit_fen = amounts.unit_principal_fen;
		stand->months = (int32_t)row->v[PEN_MOVEMENT_MONTHS].i;
	} else if (is(kind, "interest-opening")) {
		year->interest_opening_personal_fen = amounts.personal_interest_fen;
		year->interest_opening_unit_fen = amounts.unit_interest_fen;
	} else if (is(kind, "interest-year")) {
		year->interest_year_personal_fen = amounts.personal_interest_fen;
		year->interest_year_unit_fen = amounts.unit_interest_fen;
	} else if (is(kind, "pension")) {
		year->pension = amounts;
	} else if (is(kind, "interest-pension")) {
		year->interest_pension_personal_fen = amounts.personal_interest_fen;
		year->interest_pension_unit_fen = amounts.unit_interest_fen;
		stand->pension_months = (int32_t)row->v[PEN_MOVEMENT_MONTHS].i;
		stand->pensioner = true;
	} else if (is(kind, "merge")) {
		year->merged = amounts;
		stand->merged = true;
	} else if (is(kind, "interest-merge")) {
		year->interest_merge_personal_fen = amounts.personal_interest_fen;
		year->interest_merge_unit_fen = amounts.unit_interest_fen;
	} else if (is(kind, "payout")) {
		stand->payout = amounts;
		stand->paid_out = true;
	} else if (is(kind, "balance")) {
		year->closing = amounts;
		return true;
	}
	return false;
}

static enum pen_status missing(struct pen_store *store, const struct pen_account_place *place, struct pen_error *error)
{
	char who[PEN_PEOPLE_CALLED];

	return pen_error__set(error, PEN_INTEGRITY, "account.missing",
	    _("folio %lld should hold the balance of %s at the end of %d and does not: run pen-verify"),
	    (long long)place->folio, pen_people__called(store, place->person, who), place->year);
}

enum pen_status pen_ledger__closing(struct pen_store *store, const struct pen_account_place *place,
    int64_t as_of, struct pen_balance *balance, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store,
	    place->opening ? PEN_SQL_LEDGER_OPENING : PEN_SQL_LEDGER_BALANCE, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", place->folio);
	pen_db__bind_int(s, ":person", place->person);
	pen_db__bind_int(s, ":year", place->year);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*balance = (struct pen_balance){ pen_db__int(s, 0), pen_db__int(s, 1), pen_db__int(s, 2), pen_db__int(s, 3) };
	pen_db__reset(s);
	return status == PEN_OK && !row ? missing(store, place, error) : status;
}

enum pen_status pen_ledger__stand(struct pen_store *store, const struct pen_account_place *place,
    int64_t as_of, struct pen_account_stand *stand, struct pen_error *error)
{
	const struct pen_kind *kind = pen_kind__of(place->opening ? PEN_KIND_OPENING : PEN_KIND_MOVEMENT);
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	enum pen_status status;
	bool found = false;

	*stand = (struct pen_account_stand){ .place = *place };
	status = pen_ledger__open(&rows, store, kind, place->folio, place->person, as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		if (!place->opening) {
			found |= take_movement(row, stand);
		} else if (row->v[PEN_OPENING_YEAR].i == place->year) {
			stand->year.closing = pen_ledger__balance(row);
			found = true;
		}
	}
	pen_ledger__close(rows);
	return status == PEN_OK && !found ? missing(store, place, error) : status;
}

/* ------------------------------------------------------ lists of folios -- */

/* All the ids that a bound statement gives; it is reset. */
static enum pen_status read_ids(struct pen_statement *statement, int64_t **ids, size_t *count,
    struct pen_error *error)
{
	int64_t *made = NULL, *grown;
	enum pen_status status;
	bool row;

	*count = 0;
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		grown = pen_memory__more(made, *count, sizeof(*made));
		if (!grown) {
			status = pen_error__memory(error);
			break;
		}
		made = grown;
		made[(*count)++] = pen_db__int(statement, 0);
	}
	pen_db__reset(statement);
	*ids = made;
	if (status == PEN_OK)
		return PEN_OK;
	pen_memory__free(made);
	*ids = NULL;
	return status;
}

enum pen_status pen_ledger__contributed(struct pen_store *store, int64_t person, int32_t year,
    int64_t as_of, int64_t **folios, size_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_CONTRIBUTED, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":person", person);
	pen_db__bind_int(statement, ":year", year);
	pen_db__bind_int(statement, ":as_of", as_of);
	return read_ids(statement, folios, count, error);
}

enum pen_status pen_ledger__late(struct pen_store *store, const struct pen_account_place *settled, int32_t year,
    int64_t as_of, int64_t **folios, size_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_LATE, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":person", settled->person);
	pen_db__bind_int(statement, ":folio", settled->folio);
	pen_db__bind_int(statement, ":year", year);
	pen_db__bind_int(statement, ":as_of", as_of);
	return read_ids(statement, folios, count, error);
}

enum pen_status pen_ledger__held(struct pen_store *store, int32_t year, int64_t **folios, size_t *count,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_HELD, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":year", year);
	return read_ids(statement, folios, count, error);
}

/* ------------------------------------------------------------- writing -- */

enum pen_status pen_ledger__replace(struct pen_store *store, int64_t folio, int64_t person, int64_t by_folio,
    int64_t at, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_REPLACE, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":person", person);
	pen_db__bind_int(statement, ":by_folio", by_folio);
	pen_db__bind_int(statement, ":at", at);
	return pen_db__run(statement, error);
}
