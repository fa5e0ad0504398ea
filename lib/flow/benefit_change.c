#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/consolation.h"
#include "model/decision.h"
#include "model/months.h"
#include "model/printer.h"
#include "store/beneficiary.h"
#include "store/careers.h"
#include "store/listed.h"
#include "store/payee.h"
#include "work/act.h"
#include "work/approving.h"

#include <inttypes.h>
#include <string.h>

#define ACT "benefit.change"
#define CLAUSE "R4.3.1d"
#define LARGEST ((size_t)64 << 20)	/* of a paper */

/* One decision: who it is about, how they stand, and what it becomes. */
struct work {
	struct pen_session *session;
	const struct pen_benefit_change_options *options;
	int64_t as_of;
	struct pen_someone who;
	struct pen_beneficiaries all;
	const struct pen_beneficiary *one;	/* NULL: nothing was ever due to them */
	struct pen_decision decision;
	struct pen_trace trace;
	char *paper;
	size_t paper_bytes;
	struct pen_listed listed;
	struct pen_approving signature;
};

static bool is(const struct work *work, const char *kind)
{
	return strcmp(work->options->kind, kind) == 0;
}

/* ------------------------------------------------------------ what is asked -- */

static enum pen_status check_reason(struct work *work, struct pen_error *error)
{
	const char *const *known = pen_decision__reasons(work->options->kind);
	const char *reason = work->options->reason ? work->options->reason : "";
	char list[200] = "";
	size_t n = 0;

	if (pen_decision__is_reason(work->options->kind, reason)) {
		snprintf(work->decision.reason, sizeof(work->decision.reason), "%s", reason);
		if (strcmp(reason, "other") != 0 || (work->options->note && work->options->note[0]))
			return PEN_OK;
		return pen_error__set(error, PEN_USAGE, "benefit.note", _("reason other is one that --note tells"));
	}
	for (; *known; known++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", *known);
	return pen_error__set(error, PEN_USAGE, "benefit.reason", _("\"%s\" is no reason to %s: expected one of %s"), reason, work->options->kind, list);
}

static enum pen_status read_asked(struct work *work, struct pen_error *error)
{
	const struct pen_benefit_change_options *o = work->options;
	struct pen_decision *d = &work->decision;
	enum pen_status status = check_reason(work, error);

	*d = (struct pen_decision){ .happened_on = o->on, .amount_fen = o->amount_fen, .funeral_fen = -1, .consolation_fen = -1,
		.balance_fen = -1 };
	if (status != PEN_OK)
		return status;
	snprintf(d->kind, sizeof(d->kind), "%s", o->kind);
	snprintf(d->reason, sizeof(d->reason), "%s", o->reason);
	if (o->note && (size_t)snprintf(d->note, sizeof(d->note), "%s", o->note) >= sizeof(d->note))
		return pen_error__set(error, PEN_USAGE, "benefit.note", _("the note is longer than %zu bytes"), sizeof(d->note) - 1);
	if (o->on > pen_date__today())
		return pen_error__set(error, PEN_USAGE, "benefit.ahead", _("%d has not come yet: --on is a day up to today"), o->on);
	if (o->month)
		d->month = pen_date__parse_month(o->month, strlen(o->month));
	if (o->month && !d->month)
		return pen_error__set(error, PEN_USAGE, "roll.month", _("\"%s\" is not a month: say it as YYYY-MM"), o->month);
	if (o->paper)
		status = pen_file__load(o->paper, LARGEST, &work->paper, &work->paper_bytes, error);
	if (status == PEN_OK && o->paper)
		status = pen_store__digest(work->session->store, work->paper, work->paper_bytes, d->paper, error);
	return status;
}

/* ------------------------------------------------------------ how it stands -- */

static enum pen_status find_person(struct work *work, struct pen_error *error)
{
	struct pen_beneficiary_plan plan = { .previous_as_of = -1 };
	struct pen_beneficiary_roll before;
	int64_t waiting = 0;
	enum pen_status status = pen_journal__newest_change(work->session->store, &work->as_of, error);

	plan.as_of = work->as_of;
	if (status == PEN_OK)
		status = pen_payee__person(work->session->store, work->options->person, work->as_of, &work->who, error);
	if (status == PEN_OK)
		status = pen_payee__waiting(work->session->store, work->who.person, &waiting, error);
	/* Stopped before its first signature, it is signed now. */
	if (status == PEN_OK && waiting && !work->options->dry_run)
		status = pen_approving__go_on(work->session, waiting, &work->signature, error);
	if (status == PEN_OK && waiting)
		return pen_error__refuse(error, CLAUSE, "benefit.waiting",
		    _("batch %" PRId64 " holds a decision about the same person that is not sealed yet: approve it first (pen-benefit approve %" PRId64 ")"),
		    waiting, waiting);
	if (status == PEN_OK)
		status = pen_beneficiary__roll(work->session->store, 0, work->as_of, &before, error);
	if (status == PEN_OK)
		status = pen_beneficiary__first(work->session->store, work->as_of, &plan.first, error);
	if (status != PEN_OK)
		return status;
	plan.month = before.month ? pen_entitlement__later(before.month, 1) : pen_date__today() / 100;
	if (before.batch) {
		plan.previous = before.batch;
		plan.previous_as_of = before.reference;
		plan.previous_month = before.month;
	}
	status = pen_beneficiary__read(&work->all, work->session, &plan, work->who.person, error);
	work->one = status == PEN_OK ? pen_beneficiary__find(&work->all, work->who.person) : NULL;
	if (status == PEN_OK && work->one && work->one->basis == PEN_BENEFICIARY_NONE && !is(work, "end"))
		work->one = NULL;
	return status;
}

/* The month, where it was not told: of a death the one after it; of a resumption, unless
 * there was a reason not to pay, that of the stop. */
static enum pen_status choose_month(struct work *work, const struct pen_entitlement *entitlement, struct pen_error *error)
{
	struct pen_decision *d = &work->decision;
	size_t i;

	if (!d->month && is(work, "end") && d->happened_on)
		d->month = pen_entitlement__later(d->happened_on / 100, 1);
	for (i = entitlement->changes; !d->month && is(work, "resume") && strcmp(d->reason, "released") != 0 && i > 0; i--)
		if (entitlement->change[i - 1].state != PEN_ENTITLEMENT_PAID)
			d->month = entitlement->change[i - 1].month;
	if (!d->month && (is(work, "repaid") || is(work, "recover")))
		d->month = work->all.plan.month;
	return d->month ? PEN_OK : pen_error__set(error, PEN_USAGE, "benefit.month",
	    _("say from which month on, with --month: the first that is not paid, or that is paid again"));
}

/* Nothing is decided of a month before there was a benefit, which a wrong digit makes of a
 * late one. */
static enum pen_status check_order(struct work *work, const struct pen_entitlement *entitlement, struct pen_error *error)
{
	const struct pen_decision *d = &work->decision;
	int32_t from = work->one && work->one->basis != PEN_BENEFICIARY_NONE ? work->one->drawn_from : 0;
	char day[11], month[8], first[8];

	if (from && is(work, "end") && strcmp(d->reason, "death") == 0 && d->happened_on &&
	    d->happened_on / 100 < pen_entitlement__later(from, -1))
		return pen_error__refuse(error, CLAUSE, "benefit.before",
		    _("a death on %s lies before the retirement from which %s draws a pension since %s: look at the day; if it is right, the retirement is not, and goes by pen-amend"),
		    pen_date__format(d->happened_on, day), work->options->person, pen_date__format_month(from, first));
	if ((is(work, "stop") || is(work, "resume")) && d->month < entitlement->since)
		return pen_error__refuse(error, CLAUSE, "benefit.before", _("%s lies before %s, from which on the benefit of %s is paid here: look at the month"),
		    pen_date__format_month(d->month, month), pen_date__format_month(entitlement->since, first), work->options->person);
	return PEN_OK;
}

static enum pen_status check_state(struct work *work, const struct pen_entitlement *entitlement, struct pen_error *error)
{
	const struct pen_decision *d = &work->decision;
	enum pen_entitlement_state state = pen_entitlement__state(entitlement, d->month);
	bool stopped = state == PEN_ENTITLEMENT_STOPPED, ended = state == PEN_ENTITLEMENT_ENDED;

	if (((is(work, "stop") && stopped) || ended) && !is(work, "resume"))
		return pen_error__refuse(error, CLAUSE, "benefit.stopped",
		    _("the benefit of %s has %s by %d-%02d already"), work->options->person, ended ? _("ended") : _("stopped"),
		    d->month / 100, d->month % 100);
	if (is(work, "resume") && !stopped && !ended)
		return pen_error__refuse(error, CLAUSE, "benefit.paid",
		    _("the benefit of %s is paid in %d-%02d as it stands: there is nothing to resume"), work->options->person,
		    d->month / 100, d->month % 100);
	if (strcmp(d->reason, "death") == 0 && (!d->happened_on || d->month <= d->happened_on / 100))
		return pen_error__set(error, PEN_USAGE, "benefit.death",
		    _("of a death say the day with --on; the month of it is paid, and the next is the first that is not"));
	return PEN_OK;
}

static enum pen_status check_debt(struct work *work, struct pen_error *error)
{
	const struct pen_payment_before *before = &work->one->before;
	int64_t owed = before->overpaid_fen - before->repaid_fen - before->returned_fen;
	char yuan[24];

	if (work->decision.amount_fen < 0)
		return pen_error__set(error, PEN_USAGE, "benefit.amount", _("say how much, in yuan, with --amount"));
	if (owed > 0 && (is(work, "recover") || (work->decision.amount_fen > 0 && work->decision.amount_fen <= owed)))
		return PEN_OK;
	pen_money__format(owed > 0 ? owed : 0, yuan);
	return pen_error__refuse(error, CLAUSE, "benefit.owed", _("what %s was overpaid, by the newest roll and what came back since, is %s"),
	    work->options->person, yuan);
}

static enum pen_status check(struct work *work, struct pen_error *error)
{
	struct pen_entitlement entitlement = { .since = 0 };
	enum pen_status status = PEN_OK;

	if (!work->one && (!is(work, "end") || strcmp(work->decision.reason, "death") != 0))
		return pen_error__refuse(error, CLAUSE, "benefit.none",
		    _("%s draws no benefit by a sealed record: pen-benefit assess, or pen-import retirement, comes first"), work->options->person);
	if (work->one)
		status = pen_beneficiary__entitlement(&work->all, work->one, &entitlement, error);
	if (status == PEN_OK)
		status = choose_month(work, &entitlement, error);
	if (status == PEN_OK)
		status = check_order(work, &entitlement, error);
	if (status == PEN_OK)
		status = is(work, "recover") || is(work, "repaid") ? check_debt(work, error) : check_state(work, &entitlement, error);
	return status;
}

/* ---------------------------------------------------------------- a death -- */

static int32_t months_between(int32_t from, int32_t to)
{
	return (to / 100 - from / 100) * 12 + to % 100 - from % 100;
}

/* Of somebody in service: the months that were paid for, and deemed; the employer is that
 * of the newest period. */
static enum pen_status read_service(struct work *work, int32_t died, struct pen_consolation_case *given, struct pen_error *error)
{
	struct pen_careers careers;
	enum pen_status status = pen_careers__read(&careers, work->session->store, work->who.person, died, work->as_of, error);
	size_t i;

	given->paid_months = careers.career.deemed_months;
	for (i = 0; status == PEN_OK && i < careers.career.spans; i++)
		given->paid_months += pen_months__count(careers.career.span[i].months);
	work->decision.employer = careers.employer;
	pen_careers__free(&careers);
	return status;
}

/* Funeral and consolation (人社部发〔2021〕18号), with what they come from in the plan. */
static enum pen_status work_out_death(struct work *work, struct pen_error *error)
{
	int32_t died = work->decision.happened_on / 100;
	struct pen_consolation_case given = { .died = died, .drawn_months = -1 };
	struct pen_consolation due;
	struct pen_parameters *parameters;
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = PEN_OK;

	if (work->one && work->one->basis != PEN_BENEFICIARY_NONE) {
		given.paid_months = work->one->paid_months;
		given.drawn_months = months_between(work->one->drawn_from, died) + 1;
		if (given.drawn_months < 0)
			given.drawn_months = 0;
		if (given.paid_months < 0)
			return pen_error__refuse(error, "R4.3.2", "benefit.months",
			    _("the retirement form of %s does not say the months that were paid for, by which consolation goes: fill them in with benefit-supplement"),
			    work->options->person);
	} else {
		status = read_service(work, died, &given, error);
	}
	if (status == PEN_OK)
		status = pen_settings__parameters(work->session->store, work->as_of, &parameters, digest, error);
	if (status != PEN_OK)
		return status;
	status = pen_consolation__of(&given, parameters, pen_store__identity(work->session->store)->agency, &work->trace, &due, error);
	pen_parameter__free(parameters);
	work->decision.funeral_fen = due.funeral_fen;
	work->decision.consolation_fen = due.consolation_fen;
	return status;
}

/* ----------------------------------------------------------------- writing -- */

static enum pen_status plan(struct work *work, struct pen_error *error)
{
	struct pen_text head = { 0 };
	struct pen_row row = pen_decision__row(&work->decision, 0);
	char name[80];
	enum pen_status status = pen_listed__open(&work->listed, work->session, "benefit-change", error);

	if (status == PEN_OK)
		status = pen_listed__add(&work->listed, &row, work->decision.employer, error);
	if (work->trace.steps)
		pen_text__printf(&head, "trace: %s\n", pen_trace__end(&work->trace));
	snprintf(name, sizeof(name), "%s-%" PRId64 "-%d", work->decision.kind, work->who.person, work->decision.month);
	if (status == PEN_OK && head.failed)
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = pen_listed__plan(&work->listed, name, head.s ? head.s : "", error);
	pen_text__free(&head);
	return status;
}

static enum pen_status keep_paper(struct work *work, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	const char *slash = strrchr(work->options->paper, '/');
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = pen_db__begin_write(db, error);

	if (status == PEN_OK)
		status = pen_blob__keep(work->session->store, "paper", slash ? slash + 1 : work->options->paper, work->paper,
		    work->paper_bytes, digest, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status write(struct work *work, struct pen_error *error)
{
	enum pen_status status = plan(work, error);

	if (status != PEN_OK || work->options->dry_run)
		return status;
	if (work->options->paper)
		status = keep_paper(work, error);
	if (status == PEN_OK)
		status = pen_computed__write(&work->listed.computed, error);
	return status == PEN_OK ? pen_approving__sign(work->session, work->listed.computed.batch.id, &work->signature, error) : status;
}

static void print(struct work *work, struct pen_printer *printer)
{
	const struct pen_decision *d = &work->decision;
	int64_t batch = work->listed.computed.batch.id;
	const struct pen_item record[] = {
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = batch, .null = !batch },
		PEN_I_TEXT("person", _("citizen id"), work->options->person),
		PEN_I_TEXT("kind", _("kind"), d->kind),
		PEN_I_TEXT("reason", _("reason"), d->reason),
		PEN_I_DATE("month", _("month"), d->month),
		PEN_I_DATE("happened_on", _("happened on"), d->happened_on),
		{ .key = "amount_fen", .title = _("amount"), .type = PEN_ITEM_FEN, .i = d->amount_fen, .null = d->amount_fen < 0 },
		{ .key = "funeral_fen", .title = _("funeral"), .type = PEN_ITEM_FEN, .i = d->funeral_fen, .null = d->funeral_fen < 0 },
		{ .key = "consolation_fen", .title = _("consolation"), .type = PEN_ITEM_FEN, .i = d->consolation_fen, .null = d->consolation_fen < 0 },
		{ .key = "seal", .title = _("seal"), .type = PEN_ITEM_INT, .i = work->signature.seal, .null = !work->signature.seal },
		PEN_I_TEXT("next_role", _("next to sign"), work->signature.seal ? work->signature.next : NULL),
		PEN_I_FLAG("dry_run", _("dry run"), work->options->dry_run),
	};

	pen_printer__one(printer, "benefit-change", _("A benefit that changes"), PEN_ITEMS(record), PEN_OK);
}

static enum pen_status decide(struct work *work, struct pen_error *error)
{
	enum pen_status status = read_asked(work, error);

	if (status == PEN_OK)
		status = find_person(work, error);
	if (status == PEN_OK)
		status = check(work, error);
	if (status != PEN_OK)
		return status;
	work->decision.person = work->who.person;
	work->decision.employer = work->one ? work->one->employer : 0;
	if (strcmp(work->decision.reason, "death") == 0)
		status = work_out_death(work, error);
	return status == PEN_OK ? write(work, error) : status;
}

enum pen_status pen_benefit_change(struct pen_session *session, const struct pen_benefit_change_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	static const struct pen_act act = { ACT, "operator", CLAUSE, "pen-benefit" };
	struct work work = { .session = session, .options = options };
	enum pen_status status = pen_act__begin(session, &act, error);
	char subject[64];

	if (status != PEN_OK)
		return status;
	status = decide(&work, error);
	snprintf(subject, sizeof(subject), "person %" PRId64, work.who.person);
	status = pen_act__end(session, &act, status, subject, error);
	if (status == PEN_OK)
		print(&work, printer);
	pen_beneficiary__free(&work.all);
	pen_listed__free(&work.listed);
	pen_trace__free(&work.trace);
	pen_memory__free(work.paper);
	return status;
}
