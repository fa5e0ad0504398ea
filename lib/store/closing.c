#include "store/closing.h"

#include "base/date.h"
#include "base/error.h"
#include "store/beneficiary.h"
#include "store/people.h"

#include <inttypes.h>
#include <string.h>

static struct pen_store *store_of(const struct pen_closing *closing)
{
	return closing->end.computed.session->store;
}

/* ------------------------------------------------------------ the plan -- */

static enum pen_status check_person(const struct pen_closing *closing, struct pen_error *error)
{
	int64_t person = closing->end.plan.person, folio = 0;
	char who[PEN_PEOPLE_CALLED];
	enum pen_status status = pen_ending__check_open(&closing->end, person, error);

	if (status == PEN_OK)
		status = pen_ending__find(&closing->end, PEN_SQL_CLOSING_PENSIONER, person, 0, &folio, error);
	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2", "account.pensioner",
	    _("%s is to draw a pension by folio %lld, which is not sealed: have it sealed, or taken out, first"),
	    pen_people__called(store_of(closing), person, who), (long long)folio);
}

enum pen_status pen_closing__plan(struct pen_closing *closing, const struct pen_closing_plan *plan, struct pen_error *error)
{
	char own[64], about[32];
	enum pen_status status = pen_ending__begin(&closing->end, plan->person, plan->note, error);

	closing->happened_on = plan->happened_on;
	snprintf(closing->reason, sizeof(closing->reason), "%s", plan->reason);
	if (status == PEN_OK)
		status = check_person(closing, error);
	if (status != PEN_OK)
		return status;
	snprintf(own, sizeof(own), "reason: %s\non: %d\n", closing->reason, (int)closing->happened_on);
	snprintf(about, sizeof(about), "%" PRId64, plan->person);
	return pen_ending__plan(&closing->end, own, about, error);
}

static void take_line(struct pen_ending *ending, const char *key, const char *value)
{
	struct pen_closing *closing = (struct pen_closing *)ending;

	if (strcmp(key, "reason") == 0)
		snprintf(closing->reason, sizeof(closing->reason), "%s", value);
	else if (strcmp(key, "on") == 0)
		closing->happened_on = (int32_t)strtol(value, NULL, 10);
}

enum pen_status pen_closing__read_plan(struct pen_closing *closing, const struct pen_batch *batch, bool *is, struct pen_error *error)
{
	enum pen_status status = pen_ending__read(&closing->end, batch, take_line, is, error);

	if (status != PEN_OK || !*is || pen_date__valid(closing->happened_on))
		return status;
	return pen_error__set(error, PEN_INPUT, "account.plan", _("the plan of batch %lld names no day"), (long long)batch->id);
}

/* --------------------------------------------------------- worked out -- */

/* The month after the one in which it happened: that one earns still. */
static int32_t first_without(int32_t day)
{
	int32_t month = day / 100;

	return month % 100 == 12 ? month + 89 : month + 1;
}

/* The pension, if one was paid by then: of the year that the account is worked out in. */
static enum pen_status find_pension(struct pen_closing *closing, struct pen_drawn_person **pension, struct pen_error *error)
{
	int32_t first = first_without(closing->happened_on);
	enum pen_status status = pen_drawn__read(&closing->drawn, store_of(closing), first / 100, closing->end.plan.person,
	    closing->end.plan.as_of, error);

	*pension = status == PEN_OK ? pen_drawn__find(&closing->drawn, closing->end.plan.person) : NULL;
	if (*pension && (*pension)->since >= first)
		*pension = NULL;
	return status;
}

static enum pen_status check_rolls(const struct pen_closing *closing, const struct pen_drawn_person *pension, struct pen_error *error)
{
	int32_t first = first_without(closing->happened_on), last = closing->happened_on / 100, missing;
	char who[PEN_PEOPLE_CALLED];
	bool untold;

	missing = pen_drawn__missing(&closing->drawn, pension, first % 100 - 1, &untold);
	if (untold)
		return pen_error__refuse(error, "R4.2", "account.unready",
		    _("others paid the pension of %s in %d-%02d, before the first roll, and nobody has told what they took out of the account: bring in the opening balance at the end of %d"),
		    pen_people__called(store_of(closing), closing->end.plan.person, who), missing / 100, missing % 100, missing / 100);
	if (!missing && closing->drawn.newest < last)
		missing = last;
	if (!missing)
		return PEN_OK;
	return pen_error__refuse(error, "R4.3.1d", "account.unready",
	    _("the roll of %d-%02d is not sealed, and the account of %s pays its part of it: pen-benefit run --month, approve"),
	    missing / 100, missing % 100, pen_people__called(store_of(closing), closing->end.plan.person, who));
}

/* The account's part of what is due up to that month, as it is known now, and what rolls
 * took of it by then: the difference came to light, or was paid, later. */
static enum pen_status compare_due(struct pen_closing *closing, struct pen_beneficiaries *all, struct pen_drawn_person *pension,
    struct pen_error *error)
{
	const struct pen_beneficiary *one = pen_beneficiary__find(all, closing->end.plan.person);
	int32_t last = closing->happened_on / 100;
	struct pen_entitlement entitlement = { .since = 0 };
	int64_t total, account = 0;
	char who[PEN_PEOPLE_CALLED];
	enum pen_status status = PEN_OK;

	if (one)
		status = pen_beneficiary__entitlement(all, one, &entitlement, error);
	if (status == PEN_OK && (!one || pen_entitlement__state(&entitlement, all->plan.month) != PEN_ENTITLEMENT_ENDED))
		return pen_error__refuse(error, "R4.3.1d", "account.pensioner",
		    _("the pension of %s goes on after %d-%02d: end it first (pen-benefit end --reason death or emigration, approve)"),
		    pen_people__called(store_of(closing), closing->end.plan.person, who), last / 100, last % 100);
	if (status == PEN_OK)
		status = pen_entitlement__total(&entitlement, last, &total, &account, error);
	if (status == PEN_OK && one->before.drawn_total_fen >= 0)
		pension->pension.late_fen = account - one->before.drawn_total_fen;
	return status;
}

static enum pen_status read_pension(struct pen_closing *closing, struct pen_drawn_person *pension, struct pen_error *error)
{
	struct pen_beneficiary_plan plan = { .month = first_without(closing->happened_on), .as_of = closing->end.plan.as_of };
	struct pen_beneficiaries all = { .count = 0 };
	struct pen_beneficiary_roll roll;
	enum pen_status status;

	status = pen_beneficiary__roll(store_of(closing), closing->happened_on / 100, plan.as_of, &roll, error);
	if (status == PEN_OK)
		status = pen_beneficiary__first(store_of(closing), plan.as_of, &plan.first, error);
	if (status != PEN_OK)
		return status;
	plan.previous = roll.batch;
	plan.previous_as_of = roll.reference;
	plan.previous_month = roll.month;
	status = pen_beneficiary__read(&all, closing->end.computed.session, &plan, closing->end.plan.person, error);
	if (status == PEN_OK)
		status = compare_due(closing, &all, pension, error);
	pen_beneficiary__free(&all);
	return status == PEN_OK ? check_rolls(closing, pension, error) : status;
}

static void make_rows(struct pen_closing *closing)
{
	const struct pen_balance_before *before = &closing->balance;
	const struct pen_balance *left = &before->figures.closing;
	struct pen_ending *end = &closing->end;
	struct pen_movement_year of = { .person = end->plan.person, .year = before->year, .figures = &before->figures,
		.months = before->months, .prior = before->prior.folio, .merged = before->merged, .paid = before->credits > 0, .pension = before->pension };
	size_t i;

	for (i = 0; i < before->credits; i++) {
		of.credited |= before->credit[i].credit.months;
		of.source = before->credit[i].folio;
	}
	end->rows = pen_movement__year(&of, end->row);
	end->row[end->rows++] = pen_movement__row(of.person, of.year, "payout", (struct pen_balance){ -left->personal_principal_fen,
		-left->personal_interest_fen, -left->unit_principal_fen, -left->unit_interest_fen }, 0, NULL, 0);
	end->row[end->rows++] = pen_movement__row(of.person, of.year, "balance", (struct pen_balance){ 0 }, 0, NULL, of.prior);
	end->total_fen = before->total_fen;
}

enum pen_status pen_closing__collect(struct pen_closing *closing, struct pen_error *error)
{
	struct pen_drawn_person *pension;
	enum pen_status status = find_pension(closing, &pension, error);

	if (status == PEN_OK && pension)
		status = read_pension(closing, pension, error);
	if (status == PEN_OK)
		status = pen_balance__after(store_of(closing), closing->end.parameters, closing->end.plan.person,
		    first_without(closing->happened_on), closing->end.plan.as_of, pension, &closing->balance, error);
	if (status != PEN_OK)
		return status;
	make_rows(closing);
	return pen_ending__folio(&closing->end, closing->end.plan.person, closing->balance.year, error);
}

/* ------------------------------------------------------------- writing -- */

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_closing *closing = context;
	const struct pen_computed_figure all[] = {
		{ "amount_fen", closing->end.computed.amount }, { "happened_on", closing->happened_on },
		{ "person", closing->end.plan.person }, { "provisional", closing->balance.provisional },
	};

	memcpy(figures, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

static const struct pen_computed_way way = {
	.form = "close-out", .act = "account.close", .kind = PEN_KIND_MOVEMENT, .step = N_("closing"), .rows = pen_ending__rows,
	.figures = list_figures, .show = pen_ending__show
};

void pen_closing__start(struct pen_closing *closing, struct pen_session *session)
{
	*closing = (struct pen_closing){ .end = { .computed = { .session = session, .way = &way, .context = closing } } };
}

void pen_closing__free(struct pen_closing *closing)
{
	pen_ending__free(&closing->end);
	pen_balance__free(&closing->balance);
	pen_drawn__free(&closing->drawn);
}
