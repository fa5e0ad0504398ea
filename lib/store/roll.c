#include "store/roll.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/people.h"
#include "store/receipt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "pen-roll/v2\n"

/* ------------------------------------------------------------ the plan -- */

static enum pen_status check_order(const struct pen_beneficiary_roll *before, int32_t month, struct pen_error *error)
{
	int32_t next = pen_entitlement__later(before->month, 1);

	if (before->batch && month != next)
		return pen_error__refuse(error, "R4.3.1d", "roll.order",
		    _("the newest roll is of %d-%02d: the next month is %d-%02d, and none is left out"),
		    before->month / 100, before->month % 100, next / 100, next % 100);
	if (before->batch && !before->sealed)
		return pen_error__refuse(error, "R4.3.1d", "roll.open",
		    _("the roll of %d-%02d, batch %" PRId64 ", is not sealed yet: approve it first (pen-benefit approve, or pen-seal sign and close)"),
		    before->month / 100, before->month % 100, before->batch);
	return PEN_OK;
}

enum pen_status pen_roll__plan(struct pen_store *store, int32_t month, struct pen_beneficiary_plan *plan,
    struct pen_beneficiary_roll *there, struct pen_error *error)
{
	struct pen_beneficiary_roll before = { .batch = 0 };
	enum pen_status status;

	*plan = (struct pen_beneficiary_plan){ .month = month, .previous_as_of = -1 };
	*there = (struct pen_beneficiary_roll){ .batch = 0 };
	if (!pen_date__valid_month(month))
		return pen_error__set(error, PEN_USAGE, "roll.month", _("%d is not a month: say it as YYYY-MM"), month);
	if (month > pen_date__today() / 100)
		return pen_error__refuse(error, "R4.3.1d", "roll.ahead",
		    _("%d-%02d has not come yet: the roll of a month is made in that month or later"), month / 100, month % 100);
	status = pen_journal__newest_change(store, &plan->as_of, error);
	if (status == PEN_OK)
		status = pen_beneficiary__roll(store, month, plan->as_of, there, error);
	if (status != PEN_OK || there->batch)
		return status;
	status = pen_beneficiary__roll(store, 0, plan->as_of, &before, error);
	if (status == PEN_OK)
		status = check_order(&before, month, error);
	if (status == PEN_OK)
		status = pen_beneficiary__first(store, plan->as_of, &plan->first, error);
	if (!plan->first)
		plan->first = month;
	if (before.batch) {
		plan->previous = before.batch;
		plan->previous_as_of = before.reference;
		plan->previous_month = before.month;
	}
	return status;
}

/* What the roll is made from, so that it can be made again: an equal text, and only
 * that, gives the same rows. */
enum pen_status pen_roll__text(const struct pen_beneficiary_plan *plan, const char *parameters_digest,
    struct pen_text *text, struct pen_error *error)
{
	pen_text__printf(text, HEAD "month: %" PRId32 "\nfirst: %" PRId32 "\nreference: %" PRId64 "\nparameters: %s\n",
	    plan->month, plan->first, plan->as_of, parameters_digest);
	if (plan->previous)
		pen_text__printf(text, "previous: %" PRId64 "\nprevious-month: %" PRId32 "\nprevious-reference: %" PRId64 "\n",
		    plan->previous, plan->previous_month, plan->previous_as_of);
	return text->failed ? pen_error__memory(error) : PEN_OK;
}

/* One line "key: number"; what is not a number's is passed over. */
static void take_line(const char *line, struct pen_beneficiary_plan *plan)
{
	const char *colon = strstr(line, ": ");
	size_t n = colon ? (size_t)(colon - line) : 0;
	int64_t value = colon ? strtoll(colon + 2, NULL, 10) : 0;

	if (n == 5 && memcmp(line, "month", n) == 0)
		plan->month = (int32_t)value;
	else if (n == 5 && memcmp(line, "first", n) == 0)
		plan->first = (int32_t)value;
	else if (n == 9 && memcmp(line, "reference", n) == 0)
		plan->as_of = value;
	else if (n == 8 && memcmp(line, "previous", n) == 0)
		plan->previous = value;
	else if (n == 14 && memcmp(line, "previous-month", n) == 0)
		plan->previous_month = (int32_t)value;
	else if (n == 18 && memcmp(line, "previous-reference", n) == 0)
		plan->previous_as_of = value;
}

static enum pen_status no_plan(struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "roll.plan", _("the plan of a roll does not read as one: run pen-verify"));
}

enum pen_status pen_roll__read_text(char *text, struct pen_beneficiary_plan *plan, struct pen_error *error)
{
	char *line, *end;

	*plan = (struct pen_beneficiary_plan){ .previous_as_of = -1 };
	if (strncmp(text, HEAD, strlen(HEAD)) != 0)
		return no_plan(error);
	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		take_line(line, plan);
	}
	if (!pen_date__valid_month(plan->month) || !pen_date__valid_month(plan->first))
		return no_plan(error);
	return PEN_OK;
}

/* ------------------------------------------------------------ the lines -- */

/* Whoever was closed before the last roll, and of whom nothing was sealed since, is
 * closed still. */
static bool long_closed(const struct pen_beneficiaries *all, const struct pen_beneficiary *one)
{
	size_t i;

	if (one->before.month || one->newest > all->plan.previous_as_of)
		return false;
	for (i = 0; i < one->changes; i++)
		if (all->change[one->change + i].change.state == PEN_ENTITLEMENT_ENDED)
			return true;
	return false;
}

enum pen_status pen_roll__line(struct pen_roll *roll, const struct pen_beneficiary *one, struct pen_payment *payment,
    bool *on, struct pen_error *error)
{
	struct pen_entitlement entitlement;
	enum pen_status status;
	char place[PEN_PEOPLE_CALLED];

	*on = false;
	if (long_closed(&roll->all, one) || (one->untold && !one->before.month))
		return PEN_OK;
	status = pen_beneficiary__entitlement(&roll->all, one, &entitlement, error);
	if (status == PEN_OK)
		status = pen_payment__make(&entitlement, &one->before, roll->all.plan.month, one->keep_most, payment, error);
	if (status != PEN_OK) {
		return pen_error__at(error, pen_people__called(roll->session->store, one->person, place), 0, NULL);
	}
	/* Before their first month there is nothing to say of them yet. */
	*on = !payment->closed && ((one->before.month && one->before.month == roll->all.plan.previous_month) ||
	    payment->amount_fen || payment->overpaid_fen ||
	    (one->since <= roll->all.plan.month && one->basis != PEN_BENEFICIARY_NONE));
	return PEN_OK;
}

struct pen_row pen_roll__row(int64_t person, int64_t line, const struct pen_payment *p)
{
	const int64_t fen[] = { p->regular.parts.basic_fen, p->regular.parts.account_fen, p->regular.parts.transitional_fen,
		p->regular.parts.extra_fen, p->regular.adjustment_fen, p->arrears_fen, p->recovered_fen, p->once_fen,
		p->amount_fen, p->once_total_fen, p->due_total_fen, p->paid_total_fen, p->overpaid_fen,
		p->drawn_fen, p->drawn_total_fen };
	const char *change = pen_payment__change_name(p->change);
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_PAYMENT) };
	size_t i;

	row.v[PEN_SUBJECT] = pen_value__integer(person);
	row.v[PEN_LINE] = pen_value__integer(line);
	row.v[PEN_PAYMENT_MONTH] = pen_value__integer(p->month);
	row.v[PEN_PAYMENT_CHANGE] = pen_value__string(change, strlen(change));
	row.v[PEN_PAYMENT_SINCE] = pen_value__integer(p->since);
	for (i = 0; i < sizeof(fen) / sizeof(fen[0]); i++)
		row.v[PEN_PAYMENT_BASIC + i] = pen_value__integer(fen[i]);
	return row;
}

/* -------------------------------------------------------------- the whole -- */

static bool add(int64_t *sum, int64_t fen)
{
	return pen_money__add(*sum, fen, sum);
}

static enum pen_status count(struct pen_roll *roll, const struct pen_beneficiary *one, const struct pen_payment *p,
    struct pen_error *error)
{
	struct pen_roll_sums *s = &roll->sums;

	s->rows++;
	s->paid += p->amount_fen > 0;
	s->owing += p->overpaid_fen > 0;
	s->stopped += !p->regular.total_fen && p->change == PEN_PAYMENT_SAME && !p->overpaid_fen && !p->amount_fen;
	pen_payment__compare(&s->balance, one->before.regular_fen, p->regular.total_fen);
	if (!add(&s->basic, p->regular.parts.basic_fen) || !add(&s->account, p->regular.parts.account_fen) ||
	    !add(&s->transitional, p->regular.parts.transitional_fen) || !add(&s->extra, p->regular.parts.extra_fen) ||
	    !add(&s->adjustment, p->regular.adjustment_fen) || !add(&s->arrears, p->arrears_fen) ||
	    !add(&s->recovered, p->recovered_fen) || !add(&s->once, p->once_fen) || !add(&s->amount, p->amount_fen) ||
	    !add(&s->overpaid, p->overpaid_fen))
		return pen_error__set(error, PEN_INPUT, "benefit.range", _("the sums of the roll do not fit the range of amounts"));
	return PEN_OK;
}

static int compare_order(const void *a, const void *b)
{
	const struct pen_beneficiary *x = *(struct pen_beneficiary *const *)a, *y = *(struct pen_beneficiary *const *)b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	return (x->person > y->person) - (x->person < y->person);
}

/* Everybody's line once: who has one, and what all come to. */
static enum pen_status take_everybody(struct pen_roll *roll, struct pen_error *error)
{
	struct pen_payment payment;
	enum pen_status status = PEN_OK;
	bool on;
	size_t i;

	for (i = 0; status == PEN_OK && i < roll->all.count; i++) {
		roll->untold += roll->all.at[i].untold && !roll->all.at[i].before.month;
		status = pen_roll__line(roll, &roll->all.at[i], &payment, &on, error);
		if (status != PEN_OK || !on)
			continue;
		roll->order[roll->orders++] = &roll->all.at[i];
		status = count(roll, &roll->all.at[i], &payment, error);
	}
	return status;
}

static void arrange(struct pen_roll *roll)
{
	size_t i;

	qsort(roll->order, roll->orders, sizeof(struct pen_beneficiary *), compare_order);
	for (i = 0; i < roll->orders; i++) {
		if (i == 0 || roll->order[i]->employer != roll->order[i - 1]->employer)
			roll->group[roll->groups++] = (struct pen_roll_group){ .employer = roll->order[i]->employer, .first = i };
		roll->group[roll->groups - 1].count++;
	}
}

/* What the roll before says was due then is what this one goes on from, and with who
 * joined, who left and what changed it comes to this month's. */
static enum pen_status check_balance(const struct pen_roll *roll, struct pen_error *error)
{
	const struct pen_payment_balance *b = &roll->sums.balance;
	char before[24], here[24];

	if (pen_payment__balances(b) && b->before.people == roll->all.before.people && b->before.fen == roll->all.before.fen)
		return PEN_OK;
	pen_money__format(roll->all.before.fen, before);
	pen_money__format(b->before.fen, here);
	return pen_error__refuse(error, "R4.3.1d", "roll.balance",
	    _("the roll does not add up with that of the month before: %" PRId64 " people and %s there, %" PRId64 " people and %s here; nothing was written: run pen-verify"),
	    roll->all.before.people, before, b->before.people, here);
}

enum pen_status pen_roll__collect(struct pen_roll *roll, struct pen_session *session,
    const struct pen_beneficiary_plan *plan, struct pen_error *error)
{
	enum pen_status status;

	*roll = (struct pen_roll){ .session = session };
	status = pen_beneficiary__read(&roll->all, session, plan, 0, error);
	if (status != PEN_OK)
		return status;
	roll->order = pen_memory__calloc(roll->all.count + 1, sizeof(struct pen_beneficiary *));
	roll->group = pen_memory__calloc(roll->all.count + 1, sizeof(*roll->group));
	if (roll->order == NULL || roll->group == NULL)
		return pen_error__memory(error);
	status = take_everybody(roll, error);
	if (status != PEN_OK)
		return status;
	arrange(roll);
	if (!roll->orders)
		return pen_error__refuse(error, "R4.3.1d", "roll.none",
		    _("nobody is to be paid in %d-%02d: benefits come out of sealed assessments (pen-benefit assess, approve) and sealed retirement forms (pen-import retirement)"),
		    plan->month / 100, plan->month % 100);
	return check_balance(roll, error);
}

/* ------------------------------------------------------------ the batch -- */

static enum pen_status put_group(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	struct pen_roll *roll = context;
	const struct pen_roll_group *group = &roll->group[folio];
	const struct pen_beneficiary *one;
	struct pen_payment payment;
	struct pen_row row;
	enum pen_status status = PEN_OK;
	bool on;
	size_t i;

	for (i = 0; status == PEN_OK && i < group->count; i++) {
		one = roll->order[group->first + i];
		status = pen_roll__line(roll, one, &payment, &on, error);
		if (status != PEN_OK || !on)
			continue;
		row = pen_roll__row(one->person, 0, &payment);
		status = pen_computed__put(computed, &row, payment.amount_fen, error);
	}
	return status;
}

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_roll *roll = context;
	const struct pen_roll_sums *s = &roll->sums;
	const struct pen_payment_balance *b = &s->balance;
	const struct pen_computed_figure all[] = {
		{ "after_fen", b->after.fen }, { "after_people", b->after.people }, { "amount_fen", s->amount },
		{ "arrears_fen", s->arrears }, { "before_fen", b->before.fen }, { "before_people", b->before.people },
		{ "joined_fen", b->joined.fen }, { "joined_people", b->joined.people }, { "left_fen", b->left.fen },
		{ "left_people", b->left.people }, { "lowered_fen", b->lowered.fen }, { "month", roll->all.plan.month },
		{ "once_fen", s->once }, { "overpaid_fen", s->overpaid }, { "paid", s->paid }, { "raised_fen", b->raised.fen },
		{ "recovered_fen", s->recovered },
	};

	memcpy(figures, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

static void list_assumptions(void *context, struct pen_text *json)
{
	const struct pen_roll *roll = context;

	if (roll->untold)
		pen_receipt__assume(json, "roll.untold", (int64_t)roll->untold, PEN_ROLL_UNTOLD);
}

static const struct pen_computed_way way = {
	.form = PEN_ROLL_FORM, .act = PEN_ROLL_ACT, .kind = PEN_KIND_PAYMENT, .step = N_("the roll"), .rows = put_group,
	.figures = list_figures, .assume = list_assumptions
};

enum pen_status pen_roll__batch(struct pen_roll *roll, struct pen_computed *computed, struct pen_error *error)
{
	const struct pen_beneficiary_plan *plan = &roll->all.plan;
	struct pen_parameters *parameters;
	char digest[PEN_DIGEST_HEX], name[32];
	enum pen_status status = pen_settings__parameters(roll->session->store, plan->as_of, &parameters, digest, error);
	size_t i;

	*computed = (struct pen_computed){ .session = roll->session, .way = &way, .context = roll };
	if (status != PEN_OK)
		return status;
	pen_parameter__free(parameters);
	status = pen_roll__text(plan, digest, &computed->plan, error);
	snprintf(name, sizeof(name), PEN_ROLL_FORM "-%d-%02d", plan->month / 100, plan->month % 100);
	if (status == PEN_OK)
		status = pen_computed__plan(computed, name, plan->as_of, digest, error);
	for (i = 0; status == PEN_OK && i < roll->groups; i++)
		status = pen_computed__folio(computed, roll->group[i].employer, plan->month, error);
	return status;
}

void pen_roll__free(struct pen_roll *roll)
{
	pen_beneficiary__free(&roll->all);
	pen_memory__free(roll->order);
	pen_memory__free(roll->group);
}
