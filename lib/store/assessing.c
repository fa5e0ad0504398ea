#include "store/assessing.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/months.h"
#include "store/assessed.h"
#include "store/balance.h"
#include "store/blob.h"

#include <inttypes.h>
#include <string.h>

#define CLAUSE "R4.3.1b"
#define INDEX_PLACES 4		/* of a told index */

static const char *agency_of(const struct pen_assessing *assessing)
{
	return pen_store__identity(assessing->session->store)->agency;
}

enum pen_status pen_assessing__open(struct pen_assessing *assessing, struct pen_session *session, int64_t as_of, struct pen_error *error)
{
	*assessing = (struct pen_assessing){ .session = session, .as_of = as_of };
	return pen_settings__parameters(session->store, as_of, &assessing->parameters, assessing->parameters_digest, error);
}

void pen_assessing__free(struct pen_assessing *assessing)
{
	size_t i;

	for (i = 0; i < assessing->results; i++)
		pen_memory__free(assessing->result[i].trace);
	pen_memory__free(assessing->result);
	pen_idtable__free(assessing->asked);
	pen_memory__free(assessing->order);
	pen_memory__free(assessing->group);
	pen_computed__free(&assessing->computed);
	pen_parameter__free(assessing->parameters);
}

enum pen_status pen_assessing__ask(struct pen_assessing *assessing, const struct pen_assessing_case *asked, struct pen_error *error)
{
	size_t room = assessing->room ? 2 * assessing->room : 16;
	struct pen_assessing_result *grown;

	if (!assessing->asked && !(assessing->asked = pen_idtable__new(room)))
		return pen_error__memory(error);
	if (pen_idtable__find(assessing->asked, (uint64_t)asked->person))
		return pen_error__set(error, PEN_INPUT, "assess.twice", _("they are asked for twice"));
	if (!pen_idtable__add(assessing->asked, (uint64_t)asked->person, asked->person))
		return pen_error__memory(error);
	if (assessing->results == assessing->room) {
		grown = pen_memory__realloc(assessing->result, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		assessing->result = grown;
		assessing->room = room;
	}
	assessing->result[assessing->results++] = (struct pen_assessing_result){ .asked = *asked };
	return PEN_OK;
}

/* ------------------------------------------------------------ one person -- */

struct one {
	struct pen_assessing *assessing;
	struct pen_assessing_result *out;
	struct pen_careers careers;
	struct pen_trace trace;
	struct pen_error *error;
};

/* What was told of a retirement is signed: made again, it comes to something else by what
 * is known since, and not by telling it otherwise. That takes the head (R5.1). */
static enum pen_status check_told(struct one *one, const struct pen_assessed *there)
{
	const struct pen_assessing_case *asked = &one->out->asked;
	const char *route = pen_retiring__route_name(asked->route);
	char before[11], now[11];

	if (asked->route == PEN_RETIRING_EXCEPTION || (there->retired_on == asked->retired_on && strcmp(there->route, route) == 0))
		return PEN_OK;
	return pen_error__refuse(one->error, "R5.1", "assess.told",
	    _("they retired on %s, %s, by the sealed assessment in folio %" PRId64 ", and now on %s, %s: only the head changes what was told then, as an exception with its reason and paper (--route exception)"),
	    pen_date__format(there->retired_on, before), there->route, there->folio, pen_date__format(asked->retired_on, now), route);
}

/* Whoever is assessed, or came in by a form, has a pension already. */
static enum pen_status check_there(struct one *one)
{
	struct pen_store *store = one->assessing->session->store;
	struct pen_assessed there;
	int64_t form = 0;
	enum pen_status status = pen_assessed__by_form(store, one->out->asked.person, one->assessing->as_of, &form, one->error);

	if (status == PEN_OK && form)
		return pen_error__refuse(one->error, CLAUSE, "assess.form",
		    _("their benefit came in by the retirement form, folio %" PRId64 ": it is not computed again; what is wrong of it goes by pen-amend"), form);
	if (status == PEN_OK)
		status = pen_assessed__of_person(store, one->out->asked.person, one->assessing->as_of, &there, one->error);
	if (status == PEN_OK && there.folio && !there.sealed)
		return pen_error__refuse(one->error, CLAUSE, "assess.waiting",
		    _("they are assessed in folio %" PRId64 " of batch %" PRId64 ", which waits for its signatures: pen-benefit approve"), there.folio, there.batch);
	return status == PEN_OK && there.folio ? check_told(one, &there) : status;
}

/* The same figures by the same steps again are nothing new. */
static enum pen_status check_fresh(struct one *one)
{
	struct pen_assessed there;
	char pension[24];
	enum pen_status status = pen_assessed__of_person(one->assessing->session->store, one->out->asked.person, one->assessing->as_of,
	    &there, one->error);

	if (status != PEN_OK || !there.folio || strcmp(there.trace, one->out->trace_digest) != 0)
		return status;
	return pen_error__refuse(one->error, CLAUSE, "assess.same",
	    _("they are assessed already, in folio %" PRId64 ", and come to the same: %s"), there.folio, pen_money__format(there.pension_fen, pension));
}

static enum pen_status find_category(struct one *one)
{
	struct pen_assessing_result *out = one->out;
	const struct pen_careers *c = &one->careers;

	out->category = out->asked.category;
	if (out->asked.category_told ||
	    pen_retiring__category_of(c->sex, c->status[0] ? c->status : NULL, c->payer[0] ? c->payer : NULL, &out->category))
		return PEN_OK;
	return pen_error__refuse(one->error, CLAUSE, "retire.category",
	    _("the registration does not say whether she is a cadre or a worker, by which the age goes: say so with --category female55 or female50"));
}

static void trace_person(struct one *one)
{
	const struct pen_careers *c = &one->careers;
	const struct pen_assessing_result *out = one->out;
	char from[64], day[11], month[8];

	snprintf(from, sizeof(from), "registration folio %" PRId64 " line %" PRId64, c->folio, c->line);
	pen_trace__input(&one->trace, "born", pen_date__format(c->born, day), from);
	pen_trace__input(&one->trace, "category", pen_retiring__category_name(out->category), out->asked.category_told ? "told" : from);
	pen_trace__input(&one->trace, "retired on", pen_date__format(out->asked.retired_on, day), "told");
	pen_trace__input(&one->trace, "route", pen_retiring__route_name(out->asked.route), "told");
	pen_trace__formula(&one->trace, "statutory month", "birth + age + delay", NULL, NULL, pen_date__format_month(out->ages.statutory, month));
}

/* Age, route and the months that the law asks for. */
static enum pen_status check_age(struct one *one)
{
	struct pen_assessing_result *out = one->out;
	int32_t month = out->asked.retired_on / 100;
	enum pen_status status = pen_retiring__ages(one->assessing->parameters, agency_of(one->assessing), out->category, one->careers.born,
	    &out->ages, one->error);

	if (status == PEN_OK)
		status = pen_retiring__check(&out->ages, out->asked.route, month, one->error);
	if (status != PEN_OK)
		return status;
	out->age_months = pen_retiring__months(out->ages.born, month);
	trace_person(one);
	return pen_retiring__minimum(one->assessing->parameters, agency_of(one->assessing), &out->ages, month, &out->least_months, one->error);
}

/* What stands before the citizen id of another number of theirs. */
static const char *of(const struct pen_careers *careers, size_t number)
{
	return careers->number[number].id_number[0] ? " of " : "";
}

static void trace_numbers(struct one *one)
{
	const struct pen_careers *c = &one->careers;
	char from[64];
	size_t i;

	for (i = 1; i < c->numbers; i++) {
		snprintf(from, sizeof(from), "merge folio %" PRId64, c->number[i].folio);
		pen_trace__input(&one->trace, "other number", c->number[i].id_number, from);
	}
}

static void trace_opening(struct one *one)
{
	const struct pen_careers_opening *o = &one->careers.opening;
	char name[64], from[128], index[32];

	if (!o->folio)
		return;
	snprintf(from, sizeof(from), "opening folio %" PRId64 " line %" PRId64 " seal %" PRId64 "%s%s", o->folio, o->line, o->seal,
	    of(&one->careers, o->number), one->careers.number[o->number].id_number);
	snprintf(name, sizeof(name), "paid until %d", o->year);
	pen_trace__input_count(&one->trace, name, o->paid_months, from);
	snprintf(name, sizeof(name), "average index until %d", o->year);
	pen_trace__input(&one->trace, name, pen_trace__decimal(o->index, 6, index), from);
	if (one->careers.opened)
		pen_trace__note(&one->trace, "career.opening", "contributions of the opening's year and before are in its months, and do not count again");
}

static void trace_rows(struct one *one)
{
	const struct pen_careers *c = &one->careers;
	char name[64], from[128], text[64], months[32], base[24];
	size_t i;

	trace_numbers(one);
	trace_opening(one);
	for (i = 0; i < c->rows; i++) {
		snprintf(name, sizeof(name), "paid %d", c->row[i].year);
		snprintf(from, sizeof(from), "contribution folio %" PRId64 " line %" PRId64 "%s%s", c->row[i].folio, c->row[i].line,
		    of(c, c->row[i].number), c->number[c->row[i].number].id_number);
		snprintf(text, sizeof(text), "%s%s at %s", c->row[i].kind == PEN_REFUND ? "refund " : "",
		    pen_months__format(c->row[i].months, months), pen_money__format(c->row[i].base_fen, base));
		pen_trace__input(&one->trace, name, text, from);
	}
	if (c->career.deemed_months) {
		snprintf(from, sizeof(from), "registration folio %" PRId64 " line %" PRId64, c->deemed_folio, c->deemed_line);
		pen_trace__input_count(&one->trace, "deemed months", c->career.deemed_months, from);
	}
	if (c->twice)
		pen_trace__note(&one->trace, "career.twice", "months that were paid for twice count once, with the larger base");
	if (c->refunded)
		pen_trace__note(&one->trace, "career.refunded", "months that were paid back do not count");
}

static void trace_balance(struct one *one, const struct pen_balance_before *b)
{
	char from[64], with[160], value[24], rate[32];
	struct pen_balance opening = b->figures.opening;
	int64_t before = 0;

	if (pen_ledger__total(&opening, &before) && b->prior.folio) {
		snprintf(from, sizeof(from), "%s folio %" PRId64, b->prior.opening ? "opening" : "settlement", b->prior.folio);
		pen_trace__input_fen(&one->trace, "balance of the year before", before, from);
	}
	if (b->rate)
		pen_trace__parameter(&one->trace, b->rate, b->year * 100 + 12);
	if (b->months) {
		snprintf(with, sizeof(with), "%s + interest of %d months at %s%% + credits", pen_money__format(before, value), b->months,
		    pen_trace__decimal(b->figures.rate, 4, rate));
		pen_trace__formula(&one->trace, "balance", "S0 (1 + r k / 12) + credits + M r / 12", with, "half up, fen, each part",
		    pen_money__format(b->total_fen, value));
	}
	if (b->provisional || b->prior_provisional)
		pen_trace__note(&one->trace, "account.provisional",
		    "the rate of a year is not published yet: the account goes by the provisional one, and the pension is to be assessed again");
}

static enum pen_status find_balance(struct one *one)
{
	struct pen_balance_before before;
	struct pen_store *store = one->assessing->session->store;
	enum pen_status status = pen_balance__before(store, one->assessing->parameters, one->out->asked.person, one->out->benefit_from,
	    one->assessing->as_of, &before, one->error);

	if (status == PEN_OK) {
		one->out->balance_fen = before.total_fen;
		one->out->balanced = true;
		one->out->provisional = before.provisional || before.prior_provisional;
		trace_balance(one, &before);
	}
	pen_balance__free(&before);
	return status;
}

/* What the law leaves open to them. Where the account is not settled its balance is not said. */
static enum pen_status refuse_short(struct one *one)
{
	struct pen_assessing_result *out = one->out;
	struct pen_shortfall_case given = { .ages = out->ages, .retired = out->asked.retired_on / 100, .insured = out->insured,
		.have = out->paid_months + out->deemed_months, .balance_fen = -1 };
	enum pen_status status = find_balance(one);
	char ways[640];

	if (status != PEN_OK && status != PEN_REFUSED && status != PEN_INPUT)
		return status;
	if (out->balanced)
		given.balance_fen = out->balance_fen;
	status = pen_shortfall__of(&given, one->assessing->parameters, agency_of(one->assessing), &out->shortfall, one->error);
	return status == PEN_OK ? pen_error__refuse(one->error, CLAUSE, "retire.months",
	    _("%d months of contribution, %d deemed ones included, are %" PRId64 " short of the %" PRId64 " that a pension needs; the law leaves open: %s (人社部令第13号)"),
	    out->paid_months + out->deemed_months, out->deemed_months, out->shortfall.missing, out->shortfall.least,
	    pen_shortfall__say_all(&out->shortfall, ways, sizeof(ways))) : status;
}

static enum pen_status check_months(struct one *one)
{
	struct pen_assessing_result *out = one->out;
	enum pen_status status;

	trace_rows(one);
	status = pen_career__sum(&one->careers.career, one->assessing->parameters, agency_of(one->assessing), out->asked.retired_on / 100,
	    &one->trace, &out->sum, one->error);
	if (status != PEN_OK)
		return status;
	out->paid_months = out->sum.paid_months;
	out->deemed_months = one->careers.career.deemed_months;
	if (out->paid_months + out->deemed_months >= out->least_months || out->asked.route == PEN_RETIRING_EXCEPTION)
		return PEN_OK;
	return refuse_short(one);
}

static enum pen_status find_pension(struct one *one)
{
	struct pen_assessing_result *out = one->out;
	struct pen_pension_case given = {
		.retired = out->asked.retired_on / 100, .age_months = out->age_months, .paid_months = out->paid_months,
		.deemed_months = out->deemed_months, .index = out->sum.index, .index_decimals = out->sum.decimals,
		.early_months = out->sum.early_months, .balance_fen = out->balance_fen, .told_extra_fen = out->asked.told_extra_fen
	};
	enum pen_status status;
	int i;

	/* A told index has four places; the average may have others. */
	given.told_index = out->asked.told_index;
	for (i = INDEX_PLACES; i < given.index_decimals; i++)
		given.told_index *= 10;
	for (i = given.index_decimals; i < INDEX_PLACES; i++)
		given.told_index = (given.told_index + 5) / 10;
	status = pen_pension__of(&given, one->assessing->parameters, agency_of(one->assessing), &one->trace, &out->pension, one->error);
	out->provisional |= out->pension.provisional;
	return status;
}

static enum pen_status keep_trace(struct one *one)
{
	struct pen_assessing_result *out = one->out;
	const char *json = pen_trace__end(&one->trace);

	if (!json)
		return pen_error__memory(one->error);
	out->trace = one->trace.json.s;
	one->trace.json = (struct pen_text){ .s = NULL };
	return pen_store__digest(one->assessing->session->store, out->trace, strlen(out->trace), out->trace_digest, one->error);
}

static enum pen_status read_career(struct one *one)
{
	struct pen_assessing_result *out = one->out;
	enum pen_status status = pen_careers__read(&one->careers, one->assessing->session->store, out->asked.person,
	    out->asked.retired_on / 100, one->assessing->as_of, one->error);

	out->employer = one->careers.employer;
	out->born = one->careers.born;
	out->insured = one->careers.insured_on / 100;
	out->benefit_from = pen_retiring__after(out->asked.retired_on / 100, 1);
	return status;
}

static enum pen_status make_one(struct one *one, bool fresh)
{
	static enum pen_status (*const steps[])(struct one *) = {
		check_there, read_career, find_category, check_age, check_months, find_balance, find_pension, keep_trace
	};
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = fresh ? 0 : 1; status == PEN_OK && i < sizeof(steps) / sizeof(steps[0]); i++)
		status = steps[i](one);
	return status == PEN_OK && fresh ? check_fresh(one) : status;
}

enum pen_status pen_assessing__make(struct pen_assessing *assessing, struct pen_assessing_result *result, bool fresh, struct pen_error *error)
{
	struct one one = { .assessing = assessing, .out = result, .error = error };
	enum pen_status status = make_one(&one, fresh);

	pen_careers__free(&one.careers);
	pen_trace__free(&one.trace);
	if (status != PEN_REFUSED && status != PEN_INPUT)
		return status;
	result->refused = *error;
	*error = (struct pen_error){ .status = PEN_OK };
	return PEN_OK;
}

/* --------------------------------------------------------------- the row -- */

static struct pen_value word(const char *s)
{
	return s[0] ? pen_value__string(s, strlen(s)) : pen_value__null();
}

struct pen_row pen_assessing__row(const struct pen_assessing_result *r)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_ASSESSMENT) };
	int64_t index = r->sum.index;
	int i;

	for (i = r->sum.decimals; i < 6; i++)
		index *= 10;
	row.v[PEN_SUBJECT] = pen_value__integer(r->asked.person);
	row.v[PEN_LINE] = pen_value__integer(0);
	row.v[PEN_ASSESSMENT_RETIRED_ON] = pen_value__integer(r->asked.retired_on);
	row.v[PEN_ASSESSMENT_BENEFIT_FROM] = pen_value__integer(r->benefit_from);
	row.v[PEN_ASSESSMENT_CATEGORY] = word(pen_retiring__category_name(r->category));
	row.v[PEN_ASSESSMENT_ROUTE] = word(pen_retiring__route_name(r->asked.route));
	row.v[PEN_ASSESSMENT_AGE_MONTHS] = pen_value__integer(r->age_months);
	row.v[PEN_ASSESSMENT_PAID_MONTHS] = pen_value__integer(r->paid_months);
	row.v[PEN_ASSESSMENT_DEEMED_MONTHS] = pen_value__integer(r->deemed_months);
	row.v[PEN_ASSESSMENT_WAGE_INDEX] = pen_value__integer(index);
	row.v[PEN_ASSESSMENT_WAGE_BASE_1] = pen_value__integer(r->pension.wage_base_1_fen);
	row.v[PEN_ASSESSMENT_WAGE_BASE_2] = pen_value__integer(r->pension.wage_base_2_fen);
	row.v[PEN_ASSESSMENT_BALANCE] = pen_value__integer(r->balance_fen);
	row.v[PEN_ASSESSMENT_DIVISOR] = pen_value__integer(r->pension.divisor);
	row.v[PEN_ASSESSMENT_BASIC] = pen_value__integer(r->pension.basic_fen);
	row.v[PEN_ASSESSMENT_ACCOUNT] = pen_value__integer(r->pension.account_fen);
	row.v[PEN_ASSESSMENT_TRANSITIONAL] = pen_value__integer(r->pension.transitional_fen);
	row.v[PEN_ASSESSMENT_EXTRA] = pen_value__integer(r->pension.extra_fen);
	row.v[PEN_ASSESSMENT_PENSION] = pen_value__integer(r->pension.pension_fen);
	row.v[PEN_ASSESSMENT_PROVISIONAL] = pen_value__integer(r->provisional);
	row.v[PEN_ASSESSMENT_REASON] = word(r->asked.reason);
	row.v[PEN_ASSESSMENT_PAPER] = word(r->asked.paper);
	row.v[PEN_ASSESSMENT_TRACE] = word(r->trace_digest);
	return row;
}

/* -------------------------------------------------------------- the plan -- */

static enum pen_status no_plan(struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "assess.plan", _("the plan of an assessment does not read as one: run pen-verify"));
}

/* The lines behind the head: "person" begins a case. */
static enum pen_status take_cases(struct pen_assessing *assessing, char *text, struct pen_error *error)
{
	struct pen_assessing_case c = { .person = 0 };
	char *line, *end, *colon;
	enum pen_status status = PEN_OK;

	for (line = text; status == PEN_OK && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		colon = strstr(line, ": ");
		if (!colon)
			return no_plan(error);
		*colon = '\0';
		if (strcmp(line, "person") != 0) {
			if (!pen_assessplan__take(&c, line, colon + 2))
				return no_plan(error);
			continue;
		}
		if (c.person)
			status = pen_assessing__ask(assessing, &c, error);
		c = (struct pen_assessing_case){ .person = strtoll(colon + 2, NULL, 10) };
	}
	return status == PEN_OK && c.person ? pen_assessing__ask(assessing, &c, error) : status;
}

enum pen_status pen_assessing__of_plan(struct pen_assessing *assessing, struct pen_session *session, char *plan, struct pen_error *error)
{
	int64_t as_of, formulas;
	char *end = plan;
	enum pen_status status;

	*assessing = (struct pen_assessing){ .session = session };
	if (!pen_assessplan__take_head(&end, &formulas, &as_of))
		return no_plan(error);
	if (formulas != PEN_PENSION_FORMULAS)
		return pen_error__refuse(error, CLAUSE, "assess.formulas",
		    _("it was worked out by formulas %" PRId64 ", and this program has formulas %d: verify it with a program of its time"),
		    formulas, PEN_PENSION_FORMULAS);
	status = pen_assessing__open(assessing, session, as_of, error);
	return status == PEN_OK ? take_cases(assessing, end, error) : status;
}

/* ------------------------------------------------------------- the batch -- */

static int compare_order(const void *a, const void *b)
{
	const struct pen_assessing_result *x = *(struct pen_assessing_result *const *)a, *y = *(struct pen_assessing_result *const *)b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	return (x->asked.person > y->asked.person) - (x->asked.person < y->asked.person);
}

static enum pen_status put_group(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	struct pen_assessing *assessing = context;
	const struct pen_assessing_group *group = &assessing->group[folio];
	const struct pen_assessing_result *result;
	char digest[PEN_DIGEST_HEX], name[64];
	struct pen_row row;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < group->count; i++) {
		result = assessing->order[group->first + i];
		row = pen_assessing__row(result);
		snprintf(name, sizeof(name), "person-%" PRId64 "-%d", result->asked.person, result->asked.retired_on);
		if (computed->writer)
			status = pen_blob__keep_as(assessing->session->store, "trace", name, result->trace, strlen(result->trace),
			    result->trace_digest, error);
		if (status == PEN_OK && computed->writer && assessing->paper)
			status = pen_blob__keep(assessing->session->store, "paper", assessing->paper_name, assessing->paper,
			    assessing->paper_bytes, digest, error);
		if (status == PEN_OK)
			status = pen_computed__put(computed, &row, result->pension.pension_fen, error);
	}
	return status;
}

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_assessing *assessing = context;
	int64_t pensions = 0, provisional = 0;
	size_t i;

	for (i = 0; i < assessing->orders; i++) {
		pensions += assessing->order[i]->pension.pension_fen;
		provisional += assessing->order[i]->provisional;
	}
	figures[0] = (struct pen_computed_figure){ "pension_fen", pensions };
	figures[1] = (struct pen_computed_figure){ "people", (int64_t)assessing->orders };
	figures[2] = (struct pen_computed_figure){ "provisional", provisional };
	return 3;
}

static const struct pen_computed_way ways[] = {
	{ .form = PEN_ASSESSING_FORM, .act = PEN_ASSESSING_ACT, .kind = PEN_KIND_ASSESSMENT, .step = N_("assessing"),
	    .rows = put_group, .figures = list_figures },
	{ .form = PEN_ASSESSING_EXCEPTION, .act = PEN_ASSESSING_ACT, .kind = PEN_KIND_ASSESSMENT, .step = N_("assessing"),
	    .rows = put_group, .figures = list_figures },
};

/* Those that came to something, by employer and person, in groups. */
static enum pen_status arrange(struct pen_assessing *assessing, struct pen_error *error)
{
	struct pen_assessing_result *r;
	size_t i;

	assessing->order = pen_memory__calloc(assessing->results + 1, sizeof(struct pen_assessing_result *));
	assessing->group = pen_memory__calloc(assessing->results + 1, sizeof(*assessing->group));
	if (!assessing->order || !assessing->group)
		return pen_error__memory(error);
	for (i = 0; i < assessing->results; i++)
		if (assessing->result[i].trace && !assessing->result[i].refused.status)
			assessing->order[assessing->orders++] = &assessing->result[i];
	qsort(assessing->order, assessing->orders, sizeof(struct pen_assessing_result *), compare_order);
	for (i = 0; i < assessing->orders; i++) {
		r = assessing->order[i];
		if (i == 0 || r->employer != assessing->order[i - 1]->employer)
			assessing->group[assessing->groups++] = (struct pen_assessing_group){ .employer = r->employer, .first = i };
		assessing->group[assessing->groups - 1].count++;
	}
	return PEN_OK;
}

static const struct pen_computed_way *way_of(const struct pen_assessing *assessing)
{
	size_t i;

	for (i = 0; i < assessing->orders; i++)
		if (assessing->order[i]->asked.route == PEN_RETIRING_EXCEPTION)
			return &ways[1];
	return &ways[0];
}

static void put_plan(const struct pen_assessing *assessing, struct pen_text *text)
{
	size_t i;

	pen_assessplan__put_head(text, assessing->as_of, assessing->parameters_digest);
	for (i = 0; i < assessing->orders; i++)
		pen_assessplan__put(text, &assessing->order[i]->asked);
}

enum pen_status pen_assessing__batch(struct pen_assessing *assessing, struct pen_error *error)
{
	struct pen_computed *computed = &assessing->computed;
	char name[64];
	enum pen_status status = arrange(assessing, error);
	size_t i;

	*computed = (struct pen_computed){ .session = assessing->session, .context = assessing, .way = way_of(assessing) };
	if (status != PEN_OK || !assessing->orders)
		return status;
	for (i = 0; status == PEN_OK && i < assessing->groups; i++)
		status = pen_computed__folio(computed, assessing->group[i].employer, 0, error);
	put_plan(assessing, &computed->plan);
	snprintf(name, sizeof(name), "%s-%" PRId64, computed->way->form, assessing->as_of);
	return status == PEN_OK ? pen_computed__plan(computed, name, assessing->as_of, assessing->parameters_digest, error) : status;
}
