#include "store/ledger.h"

#include "adapter/db_bulk.h"
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

/* --------------------------------------------- where balances stand -- */

/* A folio of balances that is shown; sorted by id. */
struct shown { int64_t id, confirmed; bool opening, closed, sealed; };

/* The columns form and sealed_at, which follow each other in all the lists. */
static void take_form(struct pen_statement *s, int column, int64_t as_of, bool *opening, bool *closed, bool *sealed)
{
	const char *form = pen_db__text(s, column);

	*closed = form && (strcmp(form, "close-out") == 0 || strcmp(form, "merge") == 0);
	*opening = form && strcmp(form, "opening") == 0;
	*sealed = !pen_db__is_null(s, column + 1) && pen_db__int(s, column + 1) <= as_of;
}

/* Makes room for one more in a list that grows by doubling. */
static bool room_for(void **list, size_t count, size_t size)
{
	void *grown;

	if (count & (count - 1))	/* room is the next power of two */
		return true;
	grown = pen_memory__realloc(*list, count ? count * 2 : 1, size);
	if (!grown)
		return false;
	*list = grown;
	return true;
}

static enum pen_status read_shown(struct pen_store *store, int64_t as_of, struct shown **list,
    size_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_FOLIOS, &statement, error);
	void *made = NULL;
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":as_of", as_of);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		struct shown *shown;

		if (!room_for(&made, *count, sizeof(*shown))) {
			status = pen_error__memory(error);
			break;
		}
		shown = (struct shown *)made + (*count)++;
		shown->id = pen_db__int(statement, 0);
		take_form(statement, 1, as_of, &shown->opening, &shown->closed, &shown->sealed);
		shown->confirmed = pen_db__int(statement, 3);
	}
	pen_db__reset(statement);
	*list = made;
	return status;
}

static int compare_shown(const void *a, const void *b)
{
	int64_t x = ((const struct shown *)a)->id, y = ((const struct shown *)b)->id;

	return (x > y) - (x < y);
}

#define SLICE 5000	/* places read at a time: a few milliseconds */

/* The next places, at most SLICE, after the last one of before. */
static enum pen_status read_slice(struct pen_store *store, struct pen_account_place *places,
    const struct pen_account_place *after, size_t *n, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_ACCOUNTS, &s, error);
	bool row;

	*n = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", after->person);
	pen_db__bind_int(s, ":year", after->year);
	pen_db__bind_int(s, ":folio", after->folio);
	pen_db__bind_int(s, ":most", SLICE);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row && *n < SLICE)
		places[(*n)++] = (struct pen_account_place){
			.person = pen_db__int(s, 0), .year = (int32_t)pen_db__int(s, 1), .folio = pen_db__int(s, 2)
		};
	pen_db__reset(s);
	return status;
}

/* An opening of which a case made a new version; sorted by person, folio. */
struct amended { int64_t person, folio, by_folio, confirmed; };
struct amendeds { struct amended *at; size_t count; };

static enum pen_status read_amended(struct pen_store *store, int64_t as_of, struct amendeds *list, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_AMENDED_OPENINGS, &s, error);
	void *made = NULL;
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":as_of", as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		if (!room_for(&made, list->count, sizeof(*list->at))) {
			status = pen_error__memory(error);
			break;
		}
		((struct amended *)made)[list->count++] = (struct amended){ pen_db__int(s, 0), pen_db__int(s, 1), pen_db__int(s, 2), pen_db__int(s, 3) };
	}
	pen_db__reset(s);
	list->at = made;
	return status;
}

/* False: a new version has taken the opening's place. One that took another's came in
 * when that did. */
static bool place_opening(const struct amendeds *list, struct pen_account_place *place)
{
	size_t low = 0, high = list->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (list->at[middle].person < place->person)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < list->count && list->at[low].person == place->person; low++) {
		if (list->at[low].folio == place->folio)
			return false;
		if (list->at[low].confirmed < place->confirmed)
			place->confirmed = list->at[low].confirmed;
	}
	return true;
}

enum pen_status pen_ledger__each(struct pen_store *store, int64_t as_of, pen_account_visit *visit,
    void *context, struct pen_error *error)
{
	struct pen_account_place after = { .person = -1 }, *places;
	struct amendeds amended = { NULL, 0 };
	struct shown *list = NULL, *found;
	enum pen_status status;
	size_t count, n, i;

	places = pen_memory__calloc(SLICE, sizeof(*places));
	if (!places)
		return pen_error__memory(error);
	status = read_shown(store, as_of, &list, &count, error);
	if (status == PEN_OK)
		status = read_amended(store, as_of, &amended, error);
	/* What stands in a folio that is not shown does not count. */
	for (n = SLICE; status == PEN_OK && n == SLICE; ) {
		status = read_slice(store, places, &after, &n, error);
		for (i = 0; status == PEN_OK && i < n; i++) {
			after = places[i];
			found = list ? bsearch(&(struct shown){ .id = after.folio }, list, count, sizeof(*list), compare_shown) : NULL;
			if (!found)
				continue;
			places[i].opening = found->opening;
			places[i].closed = found->closed;
			places[i].sealed = found->sealed;
			places[i].confirmed = found->confirmed;
			if (!places[i].opening || place_opening(&amended, &places[i]))
				status = visit(context, &places[i], error);
		}
	}
	pen_memory__free(amended.at);
	pen_memory__free(list);
	pen_memory__free(places);
	return status;
}

/* Whether a settlement of the opening's year, or an earlier settlement of a later
 * one, has taken the opening's place. */
static bool overtaken(const struct pen_account_place *opening, const struct pen_account_place *places, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!places[i].opening && (places[i].year == opening->year ||
		    (places[i].year > opening->year && places[i].confirmed < opening->confirmed)))
			return true;
	return false;
}

/* What no longer counts, or does not yet, since the account was closed: has no folio then. */
static void leave_closed(struct pen_account_place *places, size_t count)
{
	const struct pen_account_place *closed = NULL;
	size_t i;

	for (i = 0; i < count; i++)
		if (places[i].closed && places[i].sealed)
			closed = &places[i];
	for (i = 0; i < count; i++)
		if (&places[i] != closed && (places[i].closed || (closed && places[i].year >= closed->year)))
			places[i].folio = 0;
}

size_t pen_ledger__in_force(struct pen_account_place *places, size_t count)
{
	struct pen_account_place *last;
	size_t i, n = 0;

	leave_closed(places, count);
	for (i = 0; i < count; i++)
		if (places[i].folio && places[i].opening && overtaken(&places[i], places, count))
			places[i].folio = 0;
	for (i = 0; i < count; i++) {
		if (!places[i].folio)
			continue;
		/* Of several for a year, the one that counts takes the place: what
		 * comes later is newer. */
		last = n ? &places[n - 1] : NULL;
		if (!last || last->year != places[i].year)
			places[n++] = places[i];
		else if (!last->opening || places[i].sealed || !last->sealed)
			*last = places[i];
	}
	return n;
}

const struct pen_account_place *pen_ledger__start(const struct pen_account_place *places, size_t count, int32_t year)
{
	const struct pen_account_place *start = NULL;
	size_t i;

	for (i = 0; i < count && places[i].year <= year; i++)
		if (places[i].opening)
			start = &places[i];
	return start;
}

enum pen_status pen_ledger__of_person(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_account_place **places, size_t *count, struct pen_error *error)
{
	return pen_ledger__of_person_before(store, person, as_of, 0, places, count, error);
}

enum pen_status pen_ledger__of_person_before(struct pen_store *store, int64_t person, int64_t as_of, int64_t batch,
    struct pen_account_place **places, size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_ACCOUNTS_OF, &s, error);
	struct pen_account_place place;
	void *made = NULL;
	size_t n = 0;
	bool row;

	*places = NULL;
	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	pen_db__bind_int(s, ":batch", batch);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		place = (struct pen_account_place){ .person = person, .year = (int32_t)pen_db__int(s, 1), .folio = pen_db__int(s, 2) };
		take_form(s, 3, as_of, &place.opening, &place.closed, &place.sealed);
		place.confirmed = pen_db__int(s, 5);
		if (!room_for(&made, n, sizeof(place))) {
			status = pen_error__memory(error);
			break;
		}
		((struct pen_account_place *)made)[n++] = place;
	}
	pen_db__reset(s);
	if (status == PEN_OK) {
		*places = made;
		*count = pen_ledger__in_force(made, n);
		return PEN_OK;
	}
	pen_memory__free(made);
	return status;
}

const struct pen_account_place *pen_ledger__at(const struct pen_account_place *places, size_t count, int32_t year)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (places[i].year == year)
			return &places[i];
	return NULL;
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
	enum pen_status status;
	void *made = NULL;
	bool row;

	*count = 0;
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		if (!room_for(&made, *count, sizeof(int64_t))) {
			status = pen_error__memory(error);
			break;
		}
		((int64_t *)made)[(*count)++] = pen_db__int(statement, 0);
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

enum pen_status pen_ledger__writer(struct pen_bulk **writer, struct pen_store *store, struct pen_error *error)
{
	static const char *const columns[] = { "person", "year", "folio" };

	return pen_db_bulk__open(writer, pen_store__db(store), "account_year", columns, 3, error);
}

enum pen_status pen_ledger__write(struct pen_bulk *writer, int64_t person, int32_t year, int64_t folio, struct pen_error *error)
{
	const struct pen_value values[] = { pen_value__integer(person), pen_value__integer(year), pen_value__integer(folio) };

	return pen_db_bulk__row(writer, values, error);
}

enum pen_status pen_ledger__enter(struct pen_store *store, int64_t person, int32_t year, int64_t folio, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LEDGER_ENTER, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":person", person);
	pen_db__bind_int(statement, ":year", year);
	pen_db__bind_int(statement, ":folio", folio);
	return pen_db__run(statement, error);
}

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
