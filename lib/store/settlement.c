#include "store/settlement.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/earlier.h"
#include "store/receipt.h"

#include <inttypes.h>
#include <string.h>

#define FORM "settlement"

/* ------------------------------------------------------------ the plan -- */

/* What the settlement is made from, so that it can be made again: an equal
 * text, and only that, gives the same rows. */
static enum pen_status plan_text(struct pen_settlement *work, struct pen_settling_plan *plan, const char *parameters_digest,
    struct pen_error *error)
{
	struct pen_text *text = &work->computed.plan;
	enum pen_status status;
	size_t i;

	pen_text__printf(text, "pen-settlement/v1\nyear: %d\nreference: %" PRId64 "\nparameters: %s\n",
	    plan->year, plan->as_of, parameters_digest);
	status = pen_ledger__held(work->computed.session->store, plan->year, &work->held, &plan->held_count, error);
	plan->held = work->held;
	for (i = 0; status == PEN_OK && i < plan->held_count; i++)
		pen_text__printf(text, "held: %" PRId64 "\n", plan->held[i]);
	return status == PEN_OK && text->failed ? pen_error__memory(error) : status;
}

enum pen_status pen_settlement__plan(struct pen_settlement *work, struct pen_session *session,
    int32_t year, struct pen_settling_plan *plan, struct pen_error *error)
{
	char parameters_digest[PEN_DIGEST_HEX], name[40];
	enum pen_status status;

	pen_settlement__start(work, session);
	*plan = (struct pen_settling_plan){ .year = year };
	if (plan->year < PEN_SETTLEMENT_FIRST || plan->year > pen_date__today() / 10000)
		return pen_error__set(error, PEN_USAGE, "account.year",
		    _("%d cannot be settled: expected %d to this year; balances from before come in by the opening form"),
		    plan->year, PEN_SETTLEMENT_FIRST);
	status = pen_journal__newest_change(session->store, &plan->as_of, error);
	if (status == PEN_OK)
		status = pen_settling__terms(session->store, plan, parameters_digest, error);
	work->credit_month = plan->by_arrival ? "arrival" : "period";
	if (status == PEN_OK)
		status = plan_text(work, plan, parameters_digest, error);
	snprintf(name, sizeof(name), FORM "-%d", plan->year);
	return status == PEN_OK ? pen_computed__plan(&work->computed, name, plan->as_of, parameters_digest, error) : status;
}

/* ------------------------------------------------------------ the folios -- */

static int compare_order(const void *a, const void *b)
{
	const struct pen_settling_person *x = *(struct pen_settling_person *const *)a;
	const struct pen_settling_person *y = *(struct pen_settling_person *const *)b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	return (x->person > y->person) - (x->person < y->person);
}

enum pen_status pen_settlement__arrange(struct pen_settlement *work, struct pen_error *error)
{
	struct pen_settling *s = &work->s;
	size_t i, most = s->fates[PEN_SETTLING_NEW] + s->fates[PEN_SETTLING_AGAIN];
	enum pen_status status = PEN_OK;

	if (!most)
		return PEN_OK;
	work->order = pen_memory__calloc(most, sizeof(struct pen_settling_person *));
	work->group = pen_memory__calloc(most, sizeof(*work->group));
	if (!work->order || !work->group)
		return pen_error__memory(error);
	for (i = 0; i < s->persons; i++)
		if (s->person[i].fate == PEN_SETTLING_NEW || s->person[i].fate == PEN_SETTLING_AGAIN)
			work->order[work->orders++] = &s->person[i];
	qsort(work->order, work->orders, sizeof(struct pen_settling_person *), compare_order);
	for (i = 0; i < work->orders; i++) {
		if (i == 0 || work->order[i]->employer != work->order[i - 1]->employer)
			work->group[work->groups++] = (struct pen_settlement_group){ .first = i, .employer = work->order[i]->employer };
		work->group[work->groups - 1].count++;
	}
	for (i = 0; status == PEN_OK && i < work->groups; i++)
		status = pen_computed__folio(&work->computed, work->group[i].employer, s->plan.year, error);
	return status;
}

enum pen_status pen_settlement__collect(struct pen_settlement *work, const struct pen_settling_plan *plan,
    struct pen_error *error)
{
	enum pen_status status = pen_earlier__collect(&work->s, work->computed.session, plan, error);

	return status == PEN_OK ? pen_settlement__arrange(work, error) : status;
}

/* One person: their rows, and the sums. The balance is what counts. */
static enum pen_status settle_person(struct pen_settlement *work, const struct pen_settling_person *person, struct pen_error *error)
{
	struct pen_row rows[PEN_SETTLING_ROWS];
	struct pen_account_year year;
	enum pen_status status;
	int64_t total = INT64_MAX, pension = 0, merged = 0;
	int count, i;

	status = pen_settling__rows(&work->s, person, work->computed.rows + 1, &year, rows, &count, error);
	if (status == PEN_OK && (!pen_ledger__total(&year.closing, &total) || !pen_ledger__total(&year.pension, &pension) ||
	    !pen_ledger__total(&year.merged, &merged)))
		return pen_error__set(error, PEN_INPUT, "account.range", _("the balances do not fit the range of amounts: look for a wrong opening balance or contribution"));
	for (i = 0; status == PEN_OK && i < count; i++)
		status = pen_computed__put(&work->computed, &rows[i], i == count - 1 ? total : 0, error);
	if (status != PEN_OK)
		return status;
	work->credited += year.credit_personal_fen + year.credit_unit_fen;
	work->interest_opening += year.interest_opening_personal_fen + year.interest_opening_unit_fen;
	work->interest_year += year.interest_year_personal_fen + year.interest_year_unit_fen;
	work->pension -= pension;
	work->merged += merged;
	work->interest_merge += year.interest_merge_personal_fen + year.interest_merge_unit_fen;
	work->interest_pension += year.interest_pension_personal_fen + year.interest_pension_unit_fen;
	return PEN_OK;
}

static enum pen_status settle_group(void *context, struct pen_computed *computed, size_t g, struct pen_error *error)
{
	struct pen_settlement *work = context;
	enum pen_status status = PEN_OK;
	size_t i;

	(void)computed;
	for (i = 0; status == PEN_OK && i < work->group[g].count; i++)
		status = settle_person(work, work->order[work->group[g].first + i], error);
	return status;
}

/* ---------------------------------------------------------- confirming -- */

/* What was taken for granted, as JSON. */
static void list_assumptions(void *context, struct pen_text *json)
{
	const struct pen_settlement *work = context;

	if (work->s.unarrived)
		pen_receipt__assume(json, "credit.period", work->s.unarrived, PEN_SETTLEMENT_UNARRIVED);
	if (work->s.outside)
		pen_receipt__assume(json, "credit.outside", work->s.outside, PEN_SETTLEMENT_OUTSIDE);
	if (work->s.plan.provisional)
		pen_receipt__assume(json, "rate.provisional", (int64_t)work->orders, PEN_SETTLEMENT_PROVISIONAL);
}

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_settlement *work = context;
	const size_t *fates = work->s.fates;
	const struct pen_computed_figure all[] = {
		{ "again", (int64_t)fates[PEN_SETTLING_AGAIN] }, { "balance_fen", work->computed.amount },
		{ "credited_fen", work->credited }, { "left", (int64_t)(fates[PEN_SETTLING_UNREADY] + fates[PEN_SETTLING_GAP]) },
		{ "merged_fen", work->merged }, { "pension_fen", work->pension }, { "people", (int64_t)work->orders }, { "provisional", work->s.plan.provisional }, { "rate", work->s.plan.rate },
		{ "unchanged", (int64_t)fates[PEN_SETTLING_SAME] }, { "year", work->s.plan.year },
	};

	memcpy(figures, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

/* Where the balances stand, in the order of people; what was settled before is
 * replaced, and stays. */
static enum pen_status enter_people(struct pen_settlement *work, struct pen_bulk *writer, int64_t at, struct pen_error *error)
{
	const struct pen_settling_person *person;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < work->s.persons; i++) {
		person = &work->s.person[i];
		if (!person->folio)
			continue;
		status = pen_places__write(writer, person->person, work->s.plan.year, person->folio, error);
		if (status == PEN_OK && person->settled)
			status = pen_ledger__replace(work->computed.session->store, person->settled, person->person, person->folio, at, error);
	}
	return status;
}

static enum pen_status enter_accounts(void *context, struct pen_computed *computed, int64_t at, struct pen_error *error)
{
	struct pen_settlement *work = context;
	struct pen_bulk *writer;
	enum pen_status status = pen_places__writer(&writer, computed->session->store, error);
	size_t g, i;

	if (status != PEN_OK)
		return status;
	for (g = 0; g < work->groups; g++)
		for (i = 0; i < work->group[g].count; i++)
			work->order[work->group[g].first + i]->folio = computed->folio[g].id;
	status = enter_people(work, writer, at, error);
	if (status == PEN_OK)
		return pen_db_bulk__end(writer, error);
	pen_db_bulk__drop(writer);
	return status;
}

static const struct pen_computed_way way = {
	.form = FORM, .act = "account.settle", .kind = PEN_KIND_MOVEMENT, .step = N_("settling"), .rows = settle_group,
	.figures = list_figures, .assume = list_assumptions, .show = enter_accounts
};

void pen_settlement__start(struct pen_settlement *work, struct pen_session *session)
{
	*work = (struct pen_settlement){ .computed = { .session = session, .way = &way, .context = work },
	    .s = { .store = session->store } };
}

enum pen_status pen_settlement__write(struct pen_settlement *work, struct pen_error *error)
{
	return pen_computed__write(&work->computed, error);
}

enum pen_status pen_settlement__enter(struct pen_settlement *work, int64_t at, struct pen_error *error)
{
	return pen_computed__enter(&work->computed, at, error);
}

enum pen_status pen_settlement__count(struct pen_settlement *work, bool note, struct pen_error *error)
{
	char subject[40];

	snprintf(subject, sizeof(subject), "year %d", work->s.plan.year);
	return pen_computed__count(&work->computed, note ? subject : NULL, error);
}

void pen_settlement__free(struct pen_settlement *work)
{
	pen_settling__free(&work->s);
	pen_computed__free(&work->computed);
	pen_memory__free(work->held);
	pen_memory__free(work->order);
	pen_memory__free(work->group);
}
