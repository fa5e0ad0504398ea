#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/printer.h"
#include "store/assessed.h"
#include "store/people.h"
#include "work/act.h"
#include "work/approving.h"
#include "work/assessors.h"
#include "work/formfile.h"
#include "work/leftopen.h"
#include "work/supposed.h"

#include <inttypes.h>
#include <string.h>

#define CLAUSE "R4.3.1b"
#define PAPER_LARGEST ((size_t)256 << 20)

struct work {
	struct pen_session *session;
	const struct pen_assess_options *options;
	struct pen_printer *printer;
	struct pen_assessing assessing;
	struct pen_approving signature;		/* seal 0: not signed */
	char *paper;
};

/* --------------------------------------------------------- what is asked for -- */

static enum pen_status usage(struct pen_error *error, const char *text)
{
	return pen_error__set(error, PEN_USAGE, "assess.usage", "%s", text);
}

static enum pen_status take_route(const char *text, struct pen_assessing_case *c, struct pen_error *error)
{
	if (!text || pen_retiring__route_named(text, &c->route))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "assess.route",
	    _("\"%s\" is no route; expected statutory, early, late, special-trade or exception"), text);
}

static enum pen_status take_category(const char *text, struct pen_assessing_case *c, struct pen_error *error)
{
	if (!text)
		return PEN_OK;
	c->category_told = pen_retiring__category_named(text, &c->category);
	return c->category_told ? PEN_OK : pen_error__set(error, PEN_USAGE, "assess.category",
	    _("\"%s\" is no category; expected male60, female55 or female50"), text);
}

static enum pen_status take_index(const char *text, struct pen_assessing_case *c, struct pen_error *error)
{
	if (!text || (pen_money__decimal(text, strlen(text), 4, &c->told_index) == PEN_DECIMAL_OK && c->told_index > 0))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "assess.index", _("\"%s\" is no index; expected a number with at most four decimals, such as 0.8415"), text);
}

/* An exception in principle has a reason and a paper, and nothing else has (R4.3.1b). */
static enum pen_status take_exception(struct work *work, struct pen_assessing_case *c, struct pen_error *error)
{
	const struct pen_assess_options *o = work->options;
	size_t n;
	enum pen_status status;

	if (c->route != PEN_RETIRING_EXCEPTION)
		return o->reason || o->paper ? usage(error, _("reason and paper are of an exception: say --route exception")) : PEN_OK;
	if (!o->reason || !o->paper)
		return pen_error__refuse(error, CLAUSE, "assess.exception",
		    _("an exception in principle needs its reason and its paper: say them with --reason and --paper"));
	if (strlen(o->reason) >= sizeof(c->reason) || strchr(o->reason, '\n'))
		return usage(error, _("the reason is one line of at most 250 bytes: the paper says the rest"));
	snprintf(c->reason, sizeof(c->reason), "%s", o->reason);
	if (pen_file__load(o->paper, PAPER_LARGEST, &work->paper, &n, error) != PEN_OK)
		return error->status;
	status = pen_store__digest(work->session->store, work->paper, n, c->paper, error);
	work->assessing.paper = work->paper;
	work->assessing.paper_bytes = n;
	work->assessing.paper_name = strrchr(o->paper, '/') ? strrchr(o->paper, '/') + 1 : o->paper;
	return status;
}

static enum pen_status ask_one(struct work *work, struct pen_error *error)
{
	const struct pen_assess_options *o = work->options;
	struct pen_assessing_case c = { .retired_on = o->retired_on, .told_extra_fen = o->extra_fen };
	struct pen_someone someone;
	enum pen_status status = o->retired_on ? PEN_OK : usage(error, _("say on which day, with --retired-on"));

	if (status == PEN_OK && !o->what_if && o->retired_on > pen_date__today())
		status = usage(error, _("the day of --retired-on has not come yet; what it would come to says --what-if"));
	if (status == PEN_OK)
		status = take_route(o->route, &c, error);
	if (status == PEN_OK)
		status = take_category(o->category, &c, error);
	if (status == PEN_OK)
		status = take_index(o->index, &c, error);
	if (status == PEN_OK)
		status = pen_people__person(work->session->store, o->person, work->assessing.as_of, &someone, error);
	if (status == PEN_OK)
		status = take_exception(work, &c, error);
	if (status != PEN_OK)
		return status;
	c.person = someone.person;
	return pen_assessing__ask(&work->assessing, &c, error);
}

static const char *text_of(const struct pen_formfile_row *row, const char *field, char *out, size_t room)
{
	const struct pen_value *value = pen_formfile__value(row, field);

	if (value->type != PEN_STRING)
		return NULL;
	snprintf(out, room, "%.*s", (int)(value->n < room ? value->n : room - 1), value->s);
	return out;
}

static enum pen_status ask_row(void *context, const struct pen_formfile_row *row, struct pen_error *error)
{
	struct work *work = context;
	struct pen_assessing_case c = { .line = row->line };
	const struct pen_value *extra = pen_formfile__value(row, "extra");
	struct pen_someone someone;
	char id[32], text[32];
	enum pen_status status;

	c.retired_on = (int32_t)pen_formfile__value(row, "retired_on")->i;
	c.told_extra_fen = extra->type == PEN_INTEGER ? extra->i : 0;
	status = take_route(text_of(row, "route", text, sizeof(text)), &c, error);
	if (status == PEN_OK)
		status = take_category(text_of(row, "category", text, sizeof(text)), &c, error);
	if (status == PEN_OK)
		status = take_index(text_of(row, "transitional_index", text, sizeof(text)), &c, error);
	if (status == PEN_OK && text_of(row, "id_number", id, sizeof(id)))
		status = pen_people__person(work->session->store, id, work->assessing.as_of, &someone, error);
	if (status != PEN_OK) {
		error->status = PEN_INPUT;
		return PEN_INPUT;
	}
	c.person = someone.person;
	return pen_assessing__ask(&work->assessing, &c, error);
}

static enum pen_status ask(struct work *work, struct pen_error *error)
{
	const struct pen_assess_options *o = work->options;

	if (o->person && !o->list)
		return ask_one(work, error);
	if (o->list && !o->person)
		return pen_formfile__read(o->list, "retirement-application", ask_row, work, error);
	return usage(error, _("say who retires: with --person, or with the file of a list"));
}

/* ------------------------------------------------------------- printing -- */

static enum pen_status print_row(struct work *work, const struct pen_assessing_result *r, struct pen_error *error)
{
	struct pen_someone someone;
	struct pen_business business;
	struct pen_leftopen leftopen;
	struct pen_item options;
	char why[1400], index[32];
	bool left = r->refused.status != PEN_OK;
	enum pen_status status = pen_people__name(work->session->store, r->asked.person, work->assessing.as_of, &someone, error);

	if (status == PEN_OK)
		status = pen_people__business(work->session->store, r->employer, work->assessing.as_of, &business, error);
	if (status != PEN_OK)
		return status;
	options = pen_leftopen__list(&leftopen, &r->shortfall);
	options.machine = true;
	pen_trace__decimal(r->sum.index, r->sum.decimals, index);
	snprintf(why, sizeof(why), "%s%s%s%s (%s)", r->refused.text, r->refused.clause[0] ? " [" : "", r->refused.clause,
	    r->refused.clause[0] ? "]" : "", r->refused.code);
	const struct pen_item row[] = {
		PEN_I_TEXT("id_number", _("citizen id"), someone.id_number), PEN_I_TEXT("name", _("name"), someone.name),
		PEN_I_TEXT("employer", _("employer"), business.name[0] ? business.name : NULL),
		PEN_I_TEXT("outcome", _("outcome"), left ? "left" : "assessed"),
		PEN_I_DATE("retired_on", _("retired on"), r->asked.retired_on),
		PEN_I_DATE("benefit_from", _("pension from"), r->benefit_from),
		PEN_I_TEXT("category", _("category"), r->ages.born ? pen_retiring__category_name(r->category) : NULL),
		PEN_I_TEXT("route", _("route"), pen_retiring__route_name(r->asked.route)),
		PEN_I_INT("paid_months", _("paid months"), r->paid_months), PEN_I_INT("deemed_months", _("deemed months"), r->deemed_months),
		PEN_I_TEXT("index", _("average index"), left ? NULL : index),
		PEN_I_FEN("balance_fen", _("account"), r->balance_fen),
		PEN_I_FEN("basic_fen", _("basic pension"), r->pension.basic_fen), PEN_I_FEN("account_fen", _("account pension"), r->pension.account_fen),
		PEN_I_FEN("transitional_fen", _("transitional pension"), r->pension.transitional_fen), PEN_I_FEN("extra_fen", _("others"), r->pension.extra_fen),
		PEN_I_FEN("pension_fen", _("pension"), r->pension.pension_fen),
		PEN_I_FLAG("provisional", _("provisional"), r->provisional),
		PEN_I_TEXT("why", _("why"), left ? why : NULL),
		{ .key = "line", .title = "", .type = PEN_ITEM_INT, .i = r->asked.line, .null = !r->asked.line, .machine = true },
		{ .key = "trace", .title = "", .type = PEN_ITEM_TEXT, .s = left ? NULL : r->trace_digest, .machine = true },
		{ .key = "missing_months", .title = "", .type = PEN_ITEM_INT, .i = r->shortfall.missing, .null = !r->shortfall.ways, .machine = true },
		options,
	};
	pen_printer__row(work->printer, "assessment", PEN_ITEMS(row));
	return PEN_OK;
}

static enum pen_status print(struct work *work, enum pen_status outcome, struct pen_error *error)
{
	struct pen_assessing *a = &work->assessing;
	int64_t pensions = 0, provisional = 0;
	enum pen_status status = PEN_OK;
	size_t i;

	pen_printer__open_table(work->printer, "assess", _("Assessment of pensions"), NULL);
	for (i = 0; status == PEN_OK && i < a->results; i++)
		status = print_row(work, &a->result[i], error);
	if (status != PEN_OK)
		return status;
	for (i = 0; i < a->orders; i++) {
		pensions += a->order[i]->pension.pension_fen;
		provisional += a->order[i]->provisional;
	}
	if (outcome == PEN_OK && a->orders < a->results)
		outcome = PEN_FINDINGS;
	const struct pen_item summary[] = {
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = a->computed.batch.id, .null = !a->computed.batch.id },
		PEN_I_TEXT("form", _("form"), a->orders ? a->computed.way->form : NULL),
		PEN_I_INT("folios", _("folios"), (int64_t)a->groups),
		PEN_I_INT("people", _("assessed"), (int64_t)a->orders), PEN_I_INT("left", _("left"), (int64_t)(a->results - a->orders)),
		PEN_I_FEN("pension_fen", _("pensions"), pensions), PEN_I_INT("provisional", _("provisional"), provisional),
		{ .key = "seal", .title = _("seal"), .type = PEN_ITEM_INT, .i = work->signature.seal, .null = !work->signature.seal },
		PEN_I_TEXT("next_role", _("next to sign"), work->signature.seal ? work->signature.next : NULL),
		PEN_I_FLAG("dry_run", _("dry run"), work->options->dry_run),
	};
	pen_printer__close_table(work->printer, PEN_ITEMS(summary), outcome);
	return outcome;
}

/* ------------------------------------------------------------ assessing -- */

/* One alone that comes to nothing is refused as such. */
static enum pen_status make_all(struct work *work, struct pen_error *error)
{
	struct pen_assessing *a = &work->assessing;
	enum pen_status status = pen_assessors__run(a, error);

	if (status == PEN_OK && work->options->person && a->result[0].refused.status) {
		*error = a->result[0].refused;
		return error->status;
	}
	return status;
}

/* Everything is as of one entry, and nobody else writes meanwhile: the store is held. */
static enum pen_status make_batch(struct work *work, struct pen_error *error)
{
	struct pen_assessing *a = &work->assessing;
	enum pen_status status = ask(work, error);

	if (status == PEN_OK)
		status = make_all(work, error);
	if (status == PEN_OK)
		status = pen_assessing__batch(a, error);
	if (status != PEN_OK || !a->orders)
		return status;
	if (work->options->dry_run)
		return pen_computed__count(&a->computed, NULL, error);
	status = pen_computed__write(&a->computed, error);
	return status == PEN_OK ? pen_approving__sign(work->session, a->computed.batch.id, &work->signature, error) : status;
}

/* Who is refused for too few months is printed too: with what the law leaves open. */
static enum pen_status print_short(struct work *work, struct pen_error *error)
{
	struct pen_error refused = *error;

	if (!work->options->person || !work->assessing.results || !work->assessing.result[0].shortfall.ways)
		return error->status;
	if (print(work, PEN_REFUSED, error) == PEN_REFUSED)
		*error = refused;
	return error->status;
}

/* Whoever waits for signatures is refused; one whose assessment was stopped before the first
 * is signed for now, so that the next can follow. */
static enum pen_status go_on(struct work *work, int64_t as_of, struct pen_error *error)
{
	struct pen_error refused = *error;
	struct pen_assessed there;
	enum pen_status status;

	if (strcmp(error->code, "assess.waiting") != 0 || !work->options->person || work->options->dry_run || !work->assessing.results)
		return error->status;
	status = pen_assessed__of_person(work->session->store, work->assessing.result[0].asked.person, as_of, &there, error);
	if (status == PEN_OK)
		status = pen_approving__go_on(work->session, there.batch, &work->signature, error);
	if (status == PEN_OK)
		*error = refused;
	return error->status;
}

static enum pen_status assess(struct work *work, struct pen_error *error)
{
	static const struct pen_act act = { PEN_ASSESSING_ACT, "operator", CLAUSE, "pen-benefit assess" };
	enum pen_status status = pen_act__begin(work->session, &act, error);
	int64_t as_of;

	if (status != PEN_OK)
		return status;
	status = pen_journal__newest_change(work->session->store, &as_of, error);
	if (status == PEN_OK)
		status = pen_assessing__open(&work->assessing, work->session, as_of, error);
	if (status == PEN_OK)
		status = make_batch(work, error);
	if (status == PEN_REFUSED)
		status = go_on(work, as_of, error);
	status = pen_act__end(work->session, &act, status, work->options->person ? "person" : "list", error);
	return status == PEN_OK ? print(work, PEN_OK, error) : status == PEN_REFUSED ? print_short(work, error) : status;
}

/* -------------------------------------------------------------- what if -- */

/* A question, and what comes of it. */
struct question {
	struct pen_supposed given;
	bool balanced;			/* the account is known, or supposed */
	struct pen_shortfall_case short_of;
	struct pen_shortfall shortfall;
	struct pen_pension pension;
	struct pen_trace trace;
	char why[1024];			/* there is no figure of a pension; "": there is */
};

static const char *agency_of(const struct work *work)
{
	return pen_store__identity(work->session->store)->agency;
}

static enum pen_status suppose(struct work *work, struct question *question, struct pen_error *error)
{
	const char *const *set = work->options->set;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < work->options->sets; i++) {
		status = pen_supposed__set(&question->given, set[i], error);
		question->balanced |= strncmp(set[i], "balance=", strlen("balance=")) == 0;
	}
	return status;
}

/* Of a person of whom nothing is supposed the trace is the whole one. */
static const char *trace_of(struct work *work, struct pen_trace *trace)
{
	const struct pen_assessing *a = &work->assessing;

	return a->results && !work->options->sets && a->result[0].trace ? a->result[0].trace : pen_trace__end(trace);
}

static struct pen_item fen_of(const char *key, const char *title, int64_t fen, bool known)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_FEN, .i = fen, .null = !known };
}

static enum pen_status print_supposed(struct work *work, struct question *question, struct pen_error *error)
{
	const struct pen_pension_case *given = &question->given.figures;
	const struct pen_pension *p = &question->pension;
	const struct pen_shortfall *s = &question->shortfall;
	const char *json = trace_of(work, &question->trace);
	const bool known = !question->why[0], whole = known && question->balanced;
	struct pen_leftopen leftopen;
	char index[32];

	if (!json)
		return pen_error__memory(error);
	pen_trace__decimal(given->index, given->index_decimals, index);
	const struct pen_item record[] = {
		PEN_I_DATE("retired", _("retired"), given->retired), PEN_I_INT("age_months", _("age in months"), given->age_months),
		PEN_I_INT("paid_months", _("paid months"), given->paid_months), PEN_I_INT("deemed_months", _("deemed months"), given->deemed_months),
		PEN_I_INT("least_months", _("minimum months"), s->least), PEN_I_INT("missing_months", _("missing months"), s->missing),
		PEN_I_TEXT("index", _("average index"), index), fen_of("balance_fen", _("account"), given->balance_fen, question->balanced),
		fen_of("wage_base_1_fen", _("wage base 1"), p->wage_base_1_fen, known), fen_of("wage_base_2_fen", _("wage base 2"), p->wage_base_2_fen, known),
		fen_of("indexed_fen", _("indexed wage"), p->indexed_fen, known),
		fen_of("basic_fen", _("basic pension"), p->basic_fen, known), fen_of("account_fen", _("account pension"), p->account_fen, whole),
		fen_of("transitional_fen", _("transitional pension"), p->transitional_fen, known), fen_of("extra_fen", _("others"), p->extra_fen, known),
		fen_of("pension_fen", _("pension"), p->pension_fen, whole),
		PEN_I_TEXT("why", _("why"), known ? NULL : question->why),
		pen_leftopen__list(&leftopen, s),
		{ .key = "trace", .title = "", .type = PEN_ITEM_TEXT, .s = json, .machine = true },
	};
	pen_printer__one(work->printer, "what-if", s->ways ? _("What a pension would come to if the months were enough; nothing was written") :
	    _("What a pension would come to; nothing was written"), PEN_ITEMS(record), PEN_OK);
	return PEN_OK;
}

/* Of a person, as far as it is not supposed. */
static enum pen_status of_person(struct work *work, struct question *question, struct pen_error *error)
{
	struct pen_assessing_result *r;
	enum pen_status status = ask_one(work, error);

	if (status != PEN_OK)
		return status;
	r = &work->assessing.result[0];
	status = pen_assessing__make(&work->assessing, r, false, error);
	if (status == PEN_OK && r->refused.status && strcmp(r->refused.code, "retire.months") != 0) {
		*error = r->refused;
		return error->status;
	}
	question->given.figures = (struct pen_pension_case){ .age_months = r->age_months, .paid_months = r->paid_months,
		.deemed_months = r->deemed_months, .early_months = r->sum.early_months, .index = r->sum.index, .index_decimals = r->sum.decimals,
		.balance_fen = r->balance_fen, .told_extra_fen = r->asked.told_extra_fen };
	question->balanced = r->balanced;
	question->short_of = (struct pen_shortfall_case){ .ages = r->ages, .insured = r->insured };
	return status;
}

/* Of nobody: by the category if one is told, else whoever it is has the age then. */
static enum pen_status of_nobody(struct work *work, struct question *question, struct pen_error *error)
{
	struct pen_assessing_case c = { .person = 0 };
	int32_t retired = question->given.figures.retired;
	enum pen_status status = take_category(work->options->category, &c, error);

	question->short_of = (struct pen_shortfall_case){ .ages = { .statutory = retired } };
	if (status != PEN_OK || !c.category_told)
		return status;
	return pen_retiring__ages(work->assessing.parameters, agency_of(work), c.category,
	    pen_retiring__after(retired, -question->given.figures.age_months), &question->short_of.ages, error);
}

static enum pen_status find_shortfall(struct work *work, struct question *question, struct pen_error *error)
{
	const struct pen_pension_case *figures = &question->given.figures;
	struct pen_shortfall_case *given = &question->short_of;

	given->retired = figures->retired;
	given->have = (int64_t)figures->paid_months + figures->deemed_months;
	given->base_fen = question->given.base_fen;
	given->balance_fen = question->balanced ? figures->balance_fen : -1;
	return pen_shortfall__of(given, work->assessing.parameters, agency_of(work), &question->shortfall, error);
}

/* Whoever has too few months is told what is open to them, whatever the pension would be. */
static enum pen_status find_pension(struct work *work, struct question *question, struct pen_error *error)
{
	enum pen_status status = pen_pension__of(&question->given.figures, work->assessing.parameters, agency_of(work), &question->trace,
	    &question->pension, error);

	if (status != PEN_REFUSED || !question->shortfall.ways)
		return status;
	snprintf(question->why, sizeof(question->why), "%s", error->text);
	return PEN_OK;
}

static enum pen_status answer(struct work *work, struct question *question, struct pen_error *error)
{
	struct pen_pension_case *figures = &question->given.figures;
	enum pen_status status = work->options->retired_on ? PEN_OK : usage(error, _("say on which day, with --retired-on"));

	if (status == PEN_OK && work->options->person)
		status = of_person(work, question, error);
	if (status == PEN_OK)
		status = suppose(work, question, error);
	if (status == PEN_OK && !work->options->person && !pen_supposed__enough(figures))
		status = usage(error, _("without a person say with --set: age-months, paid-months, index or indexed-wage, balance"));
	figures->retired = work->options->retired_on / 100;
	if (status == PEN_OK && !work->options->person)
		status = of_nobody(work, question, error);
	if (status == PEN_OK)
		status = find_shortfall(work, question, error);
	if (status == PEN_OK)
		status = find_pension(work, question, error);
	return status == PEN_OK ? print_supposed(work, question, error) : status;
}

static enum pen_status what_if(struct work *work, struct pen_error *error)
{
	struct question question = { .given = { .figures = { .index_decimals = 4 } } };
	enum pen_status status = pen_assessing__open(&work->assessing, work->session, INT64_MAX, error);

	if (status == PEN_OK)
		status = answer(work, &question, error);
	pen_trace__free(&question.trace);
	return status;
}

enum pen_status pen_assess(struct pen_session *session, const struct pen_assess_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .options = options, .printer = printer };
	enum pen_status status;

	if (options->sets && !options->what_if)
		return usage(error, _("a figure is only supposed: say --what-if with --set"));
	status = options->what_if ? what_if(&work, error) : assess(&work, error);
	pen_assessing__free(&work.assessing);
	pen_memory__free(work.paper);
	return status;
}
