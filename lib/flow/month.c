#include "base/date.h"
#include "base/error.h"
#include "model/printer.h"
#include "store/roll.h"
#include "work/act.h"
#include "work/approving.h"

#include <string.h>

#define CLAUSE "R4.3.1d"

/* A run: the roll, and the batch that it becomes. */
struct work {
	struct pen_roll roll;
	struct pen_computed computed;
	struct pen_beneficiary_plan plan;
	struct pen_approving signature;		/* seal 0: not signed */
	bool dry_run;
};

/* ------------------------------------------------------------ printing -- */

static void print_side(struct pen_printer *printer, const char *side, const char *title, const struct pen_payment_side *of)
{
	const struct pen_item row[] = {
		PEN_I_TEXT("side", _("people and pensions"), title),
		PEN_I_INT("people", _("people"), of->people),
		PEN_I_FEN("amount_fen", _("yuan"), of->fen),
		{ .key = "id", .title = "", .type = PEN_ITEM_TEXT, .s = side, .machine = true },
	};

	pen_printer__row(printer, "side", PEN_ITEMS(row));
}

static void print_sides(struct pen_printer *printer, const struct pen_payment_balance *b)
{
	print_side(printer, "before", _("the month before"), &b->before);
	print_side(printer, "joined", _("joined"), &b->joined);
	print_side(printer, "left", _("left"), &b->left);
	print_side(printer, "raised", _("raised"), &b->raised);
	print_side(printer, "lowered", _("lowered"), &b->lowered);
	print_side(printer, "after", _("this month"), &b->after);
}

static enum pen_status print(struct work *work, struct pen_printer *printer)
{
	const struct pen_roll_sums *s = &work->roll.sums;
	const struct pen_item untold[] = { PEN_I_TEXT("code", NULL, "roll.untold"),
		PEN_I_INT("count", NULL, (int64_t)work->roll.untold), PEN_I_TEXT("text", NULL, _(PEN_ROLL_UNTOLD)) };
	const struct pen_items assumptions[] = { PEN_ITEMS(untold) };
	enum pen_status outcome = work->roll.untold ? PEN_FINDINGS : PEN_OK;
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", _("agency"), work->computed.batch.agency),
		PEN_I_DATE("month", _("month"), work->plan.month),
		PEN_I_INT("reference_at", _("as of entry"), work->plan.as_of),
	};
	const struct pen_item summary[] = {
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = work->computed.batch.id, .null = !work->computed.batch.id },
		PEN_I_INT("folios", _("folios"), (int64_t)work->roll.groups),
		PEN_I_INT("rows", _("people on the roll"), s->rows),
		PEN_I_INT("paid", _("to be paid"), s->paid),
		PEN_I_FEN("basic_fen", _("basic pension"), s->basic),
		PEN_I_FEN("account_fen", _("account pension"), s->account),
		PEN_I_FEN("transitional_fen", _("transitional pension"), s->transitional),
		PEN_I_FEN("extra_fen", _("others"), s->extra),
		PEN_I_FEN("adjustment_fen", _("adjustments"), s->adjustment),
		PEN_I_FEN("arrears_fen", _("arrears"), s->arrears),
		PEN_I_FEN("once_fen", _("due once"), s->once),
		PEN_I_FEN("recovered_fen", _("kept back"), s->recovered),
		PEN_I_FEN("amount_fen", _("amount"), s->amount),
		PEN_I_FEN("overpaid_fen", _("overpaid still"), s->overpaid),
		PEN_I_INT("owing", _("people who owe"), s->owing),
		{ .key = "seal", .title = _("seal"), .type = PEN_ITEM_INT, .i = work->signature.seal, .null = !work->signature.seal },
		PEN_I_TEXT("next_role", _("next to sign"), work->signature.seal ? work->signature.next : NULL),
		PEN_I_FLAG("dry_run", _("dry run"), work->dry_run),
		PEN_I_LIST("assumptions", _("assumptions"), assumptions, work->roll.untold ? 1 : 0),
	};

	pen_printer__open_table(printer, PEN_ROLL_FORM, _("The roll of a month, and how it goes on from the one before"), NULL);
	pen_printer__head(printer, PEN_ITEMS(head));
	print_sides(printer, &s->balance);
	pen_printer__close_table(printer, PEN_ITEMS(summary), outcome);
	return outcome;
}

/* The month has its roll: it stays as it is. Where a run was stopped before the first
 * signature, that is made good. */
static enum pen_status leave_there(struct work *work, struct pen_session *session, const struct pen_beneficiary_roll *there,
    struct pen_printer *printer, struct pen_error *error)
{
	enum pen_status status = work->dry_run || there->sealed ? PEN_OK : pen_approving__go_on(session, there->batch, &work->signature, error);
	const struct pen_item record[] = {
		PEN_I_INT("batch", _("batch"), there->batch),
		PEN_I_DATE("month", _("month"), there->month),
		PEN_I_FLAG("sealed", _("sealed"), there->sealed),
		PEN_I_FLAG("changed", _("changed"), work->signature.seal != 0),
	};

	if (status != PEN_OK)
		return status;
	pen_printer__one(printer, "roll-there", work->signature.seal
	    ? _("The month has its roll; it is signed now, and waits for the next signature")
	    : _("The month has its roll; nothing was changed"), PEN_ITEMS(record), PEN_OK);
	return PEN_OK;
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status make(struct work *work, struct pen_session *session, struct pen_error *error)
{
	enum pen_status status = pen_roll__collect(&work->roll, session, &work->plan, error);

	if (status == PEN_OK)
		status = pen_roll__batch(&work->roll, &work->computed, error);
	if (status != PEN_OK)
		return status;
	if (work->dry_run)
		return pen_computed__count(&work->computed, NULL, error);
	work->computed.signs = true;
	status = pen_computed__write(&work->computed, error);
	return status == PEN_OK ? pen_approving__sign_written(session, &work->computed, &work->signature, error) : status;
}

static enum pen_status run(struct work *work, struct pen_session *session, int32_t month, struct pen_printer *printer,
    struct pen_error *error)
{
	struct pen_beneficiary_roll there;
	enum pen_status status = pen_roll__plan(session->store, month, &work->plan, &there, error);

	if (status == PEN_OK && there.batch)
		return leave_there(work, session, &there, printer, error);
	if (status == PEN_OK)
		status = make(work, session, error);
	return status == PEN_OK ? print(work, printer) : status;
}

enum pen_status pen_month_run(struct pen_session *session, const char *month, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	static const struct pen_act act = { PEN_ROLL_ACT, "operator", CLAUSE, "pen-benefit run" };
	struct work work = { .dry_run = dry_run };
	int32_t number = pen_date__parse_month(month, strlen(month));
	enum pen_status status;
	char subject[64];

	if (!number)
		return pen_error__set(error, PEN_USAGE, "roll.month", _("\"%s\" is not a month: say it as YYYY-MM"), month);
	status = pen_act__begin(session, &act, error);
	if (status != PEN_OK)
		return status;
	status = run(&work, session, number, printer, error);
	snprintf(subject, sizeof(subject), "month %d", number);
	status = pen_act__end(session, &act, status, subject, error);
	pen_roll__free(&work.roll);
	pen_computed__free(&work.computed);
	return status;
}
