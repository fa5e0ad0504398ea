#include "store/balance.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/people.h"
#include "store/settling.h"

#include <assert.h>

/* What a balance is worked out from. */
struct work {
	struct pen_store *store;
	const struct pen_parameters *parameters;
	int64_t as_of;
	struct pen_settling_plan plan;		/* the terms of the year */
	struct pen_balance_before *out;
	size_t room;
	char called[PEN_PEOPLE_CALLED];		/* of whom a message is */
};

static const char *agency_of(const struct work *work)
{
	return pen_store__identity(work->store)->agency;
}

static const char *called(struct work *work)
{
	return pen_people__called(work->store, work->out->person, work->called);
}

/* ------------------------------------------------------ what stood before -- */

static enum pen_status refuse_gap(struct work *work, int32_t year, struct pen_error *error)
{
	return pen_error__refuse(error, "R4.2", "account.gap",
	    _("the account of %s is not settled for %d: run pen-account settle --year %d, and have it signed and sealed, first"),
	    called(work), year, year);
}

/* The rate that a settled year went by is still that of the year. */
static enum pen_status check_rate(struct work *work, const struct pen_account_stand *stand, struct pen_error *error)
{
	const struct pen_parameter *rate;
	int32_t year = stand->place.year;

	rate = pen_parameter__find(work->parameters, PEN_ACCOUNT_INTEREST, agency_of(work), NULL, year * 100 + 12);
	work->out->prior_provisional = !rate && stand->has_rate;
	if (!rate || !stand->has_rate || rate->value == stand->year.rate)
		return PEN_OK;
	return pen_error__refuse(error, "R4.2", "account.gap",
	    _("the account of %s was settled for %d before its rate was published: run pen-account settle --year %d again, and have it signed and sealed, first"),
	    called(work), year, year);
}

/* The place of the year before, which is to be sealed, and what stands there. */
static enum pen_status take_prior(struct work *work, const struct pen_account_place *place, struct pen_error *error)
{
	struct pen_account_stand stand;
	enum pen_status status;

	if (!place->sealed)
		return pen_error__refuse(error, "R4.2.3", "account.unready",
		    _("the balance of %s at the end of %d stands in folio %lld, which is not sealed: pen-seal sign, close"),
		    called(work), place->year, (long long)place->folio);
	status = pen_ledger__stand(work->store, place, work->as_of, &stand, error);
	if (status != PEN_OK)
		return status;
	work->out->prior = *place;
	work->out->figures.opening = stand.year.closing;
	if (place->opening)
		return PEN_OK;
	if (work->out->pension && work->out->pension->since <= place->year * 100 + 12 && !stand.pensioner)
		return pen_error__refuse(error, "R4.2", "account.gap",
		    _("the account of %s was settled for %d before the pension was known: run pen-account settle --year %d again, and have it signed and sealed, first"),
		    called(work), place->year, place->year);
	return check_rate(work, &stand, error);
}

/* Somebody without a balance before: nothing is to be missing that would make one. */
static enum pen_status check_beginning(struct work *work, const struct pen_account_place *places, size_t count, struct pen_error *error)
{
	int32_t year = work->out->year;
	enum pen_status status;
	int64_t *folios;
	size_t paid, i;

	for (i = count; i > 0; i--)
		if (places[i - 1].year < year)
			return refuse_gap(work, places[i - 1].year + 1, error);
	status = pen_ledger__contributed(work->store, work->out->person, year - 1, work->as_of, &folios, &paid, error);
	if (status != PEN_OK)
		return status;
	pen_memory__free(folios);
	return paid ? refuse_gap(work, year - 1, error) : PEN_OK;
}

static enum pen_status read_prior(struct work *work, struct pen_error *error)
{
	struct pen_balance_before *out = work->out;
	const struct pen_account_place *prior, *at;
	struct pen_account_place *places;
	enum pen_status status;
	size_t count;

	status = pen_places__of_person(work->store, out->person, work->as_of, &places, &count, error);
	if (status != PEN_OK)
		return status;
	prior = pen_places__at(places, count, out->year - 1);
	at = pen_places__at(places, count, out->year);
	if (count && places[count - 1].closed)
		status = pen_error__refuse(error, "R4.2", "account.closed",
		    _("the account of %s is closed (folio %lld)"), called(work), (long long)places[count - 1].folio);
	else if (prior)
		status = take_prior(work, prior, error);
	else if (at && at->opening)
		status = pen_error__refuse(error, "R4.2", "account.opened",
		    _("of the account of %s only the balance at the end of %d is known (folio %lld), nothing of its months: bring in the opening of the year before"),
		    called(work), out->year, (long long)at->folio);
	else
		status = check_beginning(work, places, count, error);
	pen_memory__free(places);
	return status;
}

/* ------------------------------------------------------- what came in since -- */

static enum pen_status add_credit(struct work *work, int64_t folio, const struct pen_row *row, struct pen_error *error)
{
	struct pen_balance_before *out = work->out;
	struct pen_balance_credit *list;
	int64_t unarrived = 0, outside = 0;
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;

	if (row->v[PEN_CONTRIBUTION_FOR_YEAR].type != PEN_INTEGER && months >> out->months)
		return pen_error__refuse(error, "R4.3", "account.after",
		    _("folio %lld, line %lld: %s paid for a month of %d after the %d of the account: a later month to begin from, or a correction with pen-amend"),
		    (long long)folio, (long long)row->v[PEN_LINE].i, called(work), out->year, out->months);
	list = pen_settling__grown(out->credit, out->credits, &work->room, sizeof(*list));
	if (!list)
		return pen_error__memory(error);
	out->credit = list;
	list += out->credits++;
	*list = (struct pen_balance_credit){ .folio = folio, .line = row->v[PEN_LINE].i,
		.credit = pen_settling__credit(row, out->year, work->plan.by_arrival, &unarrived, &outside) };
	list->weight = pen_account__weight(list->credit.months, out->months);
	return PEN_OK;
}

static enum pen_status read_folio(struct work *work, int64_t id, struct pen_error *error)
{
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	struct pen_folio folio;
	enum pen_status status;
	bool found;

	status = pen_folio__find(work->store, id, &folio, &found, error);
	if (status != PEN_OK)
		return status;
	if (!found || folio.sealed_at < 0 || folio.sealed_at > work->as_of)
		return pen_error__refuse(error, "R4.2.3", "account.unready",
		    _("folio %lld has contributions of %s in %d and is not sealed: pen-seal acknowledge, sign, close"),
		    (long long)id, called(work), work->out->year);
	status = pen_ledger__open(&rows, work->store, pen_kind__of(PEN_KIND_CONTRIBUTION), id, work->out->person, work->as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		status = add_credit(work, id, row, error);
		if (status != PEN_OK)
			break;
	}
	pen_ledger__close(rows);
	return status;
}

static enum pen_status read_credits(struct work *work, struct pen_error *error)
{
	enum pen_status status;
	int64_t *folios;
	size_t count, i;

	status = pen_ledger__contributed(work->store, work->out->person, work->out->year, work->as_of, &folios, &count, error);
	if (status != PEN_OK)
		return status;
	for (i = 0; status == PEN_OK && i < count; i++)
		status = read_folio(work, folios[i], error);
	pen_memory__free(folios);
	return status;
}

static enum pen_status read_merged(struct work *work, struct pen_error *error)
{
	const struct pen_merged_person *one;
	struct pen_merged merged = { .at = NULL };
	enum pen_status status = pen_merged__read(&merged, work->store, work->out->year, work->out->person, work->as_of, error);

	one = pen_merged__find(&merged, work->out->person);
	if (one) {
		work->out->merged = one->folio;
		work->out->figures.merged = one->amounts;
	}
	pen_merged__free(&merged);
	return status;
}

/* ---------------------------------------------------------------- in order -- */

static enum pen_status find_terms(struct work *work, struct pen_error *error)
{
	struct pen_balance_before *out = work->out;
	enum pen_status status;

	work->plan = (struct pen_settling_plan){ .year = out->year, .as_of = work->as_of };
	if (!out->months)	/* nothing of the year is in it */
		return PEN_OK;
	status = pen_settling__terms_by(work->parameters, agency_of(work), &work->plan, &out->rate, error);
	out->figures.rate = work->plan.rate;
	out->by_arrival = work->plan.by_arrival;
	out->provisional = work->plan.provisional;
	return status;
}

static enum pen_status work_out(struct work *work, struct pen_error *error)
{
	struct pen_balance_before *out = work->out;
	struct pen_credit *credits = pen_memory__calloc(out->credits ? out->credits : 1, sizeof(*credits));
	enum pen_status status;
	char place[PEN_PEOPLE_CALLED + 16];
	size_t i;

	if (!credits)
		return pen_error__memory(error);
	for (i = 0; i < out->credits; i++)
		credits[i] = out->credit[i].credit;
	if (out->pension)
		status = pen_account__paid(&out->figures, &out->pension->pension, out->months, credits, out->credits, error);
	else
		status = pen_account__until(&out->figures, out->months, credits, out->credits, error);
	pen_memory__free(credits);
	if (status == PEN_OK && !pen_ledger__total(&out->figures.closing, &out->total_fen))
		status = pen_error__set(error, PEN_INPUT, "account.range", _("the account does not fit the range of amounts: look for a wrong opening balance, contribution or interest rate"));
	if (status != PEN_INPUT)
		return status;
	snprintf(place, sizeof(place), _("%s in %d"), called(work), out->year);
	return pen_error__at(error, place, 0, NULL);
}

enum pen_status pen_balance__before(struct pen_store *store, const struct pen_parameters *parameters,
    int64_t person, int32_t month, int64_t as_of, struct pen_balance_before *before, struct pen_error *error)
{
	return pen_balance__after(store, parameters, person, month, as_of, NULL, before, error);
}

enum pen_status pen_balance__after(struct pen_store *store, const struct pen_parameters *parameters,
    int64_t person, int32_t month, int64_t as_of, const struct pen_drawn_person *pension, struct pen_balance_before *before,
    struct pen_error *error)
{
	struct work work = { .store = store, .parameters = parameters, .as_of = as_of, .out = before };
	enum pen_status status;

	assert(pen_date__valid_month(month));
	*before = (struct pen_balance_before){ .person = person, .month = month, .year = month / 100, .months = month % 100 - 1,
		.pension = pension };
	status = find_terms(&work, error);
	if (status == PEN_OK)
		status = read_prior(&work, error);
	if (status == PEN_OK)
		status = read_merged(&work, error);
	if (status == PEN_OK && before->months)
		status = read_credits(&work, error);
	if (status == PEN_OK)
		status = work_out(&work, error);
	if (status != PEN_OK)
		pen_balance__free(before);
	return status;
}

void pen_balance__free(struct pen_balance_before *before)
{
	pen_memory__free(before->credit);
	before->credit = NULL;
	before->credits = 0;
}

enum pen_status pen_balance__held(struct pen_store *store, int64_t person, int32_t year, int64_t *folio, struct pen_error *error)
{
	struct pen_rows *rows;
	const struct pen_row *row;
	enum pen_status status;
	int64_t *held;
	size_t count, i;

	*folio = 0;
	status = pen_ledger__held(store, year, &held, &count, error);
	for (i = 0; status == PEN_OK && i < count && !*folio; i++) {
		status = pen_rows__open_subject(&rows, store, pen_kind__of(PEN_KIND_CONTRIBUTION), held[i], person, error);
		if (status != PEN_OK)
			break;
		status = pen_rows__next(rows, &row, error);
		if (status == PEN_OK && row)
			*folio = held[i];
		pen_rows__close(rows);
	}
	pen_memory__free(held);
	return status;
}
