#include "base/error.h"
#include "model/printer.h"
#include "store/hold.h"
#include "store/people.h"
#include "store/settlement.h"
#include "work/act.h"

/* ------------------------------------------------------------ printing -- */

/* What comes first, for those who are left. */
static void say_next(const struct pen_settling_left *left, bool review, char *next, size_t room)
{
	int32_t year = left->roll / 100, month = left->roll % 100;

	if (left->missing)
		snprintf(next, room, _("settle %d first, when it is sealed"), left->missing);
	else if (left->roll && left->untold)
		snprintf(next, room, _("others paid the pension of %d-%02d, before the first roll: bring in the opening balance at the end of %d"), year, month, year);
	else if (left->roll)
		snprintf(next, room, _("the roll of %d-%02d is not sealed: pen-benefit run --month, approve"), year, month);
	else if (left->opening)
		snprintf(next, room, _("folio %lld is not sealed: pen-seal sign, close"), (long long)left->folio);
	else
		snprintf(next, room, "%s", review ? _("folio waits for a review: a lead decides with pen-import release (R8.1)")
		    : left->held ? _("folio is held: bring in the levy that is missing (R4.2.1)")
		    : _("folio is not sealed: pen-seal acknowledge, sign, close"));
}

static enum pen_status print_left(struct pen_settlement *work, const struct pen_settling_left *left,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_business business;
	struct pen_holds holds = { .count = 0 };
	enum pen_status status;
	char next[200];

	status = pen_people__business(work->computed.session->store, left->employer, work->s.plan.as_of, &business, error);
	if (status == PEN_OK && left->held)
		status = pen_hold__open(work->computed.session->store, left->folio, &holds, error);
	if (status != PEN_OK)
		return status;
	say_next(left, holds.review, next, sizeof(next));
	const struct pen_item row[] = {
		PEN_I_TEXT("credit_code", _("credit code"), business.credit_code[0] ? business.credit_code : NULL),
		PEN_I_TEXT("employer", _("employer"), business.name[0] ? business.name : NULL),
		{ .key = "folio", .title = _("folio"), .type = PEN_ITEM_INT, .i = left->folio, .null = !left->folio },
		{ .key = "missing_year", .title = _("missing year"), .type = PEN_ITEM_INT, .i = left->missing, .null = !left->missing },
		{ .key = "roll", .title = _("missing roll"), .type = PEN_ITEM_DATE, .i = left->roll, .null = !left->roll },
		PEN_I_INT("people", _("people"), left->people),
		PEN_I_TEXT("next", _("what comes first"), next),
	};
	pen_printer__row(printer, "left", PEN_ITEMS(row));
	return PEN_OK;
}

static void print_head(struct pen_settlement *work, struct pen_printer *printer)
{
	char digest[16 + PEN_DIGEST_HEX];
	const struct pen_item columns[] = {
		PEN_I_TEXT("credit_code", _("credit code"), NULL), PEN_I_TEXT("employer", _("employer"), NULL),
		PEN_I_INT("folio", _("folio"), 0), PEN_I_INT("missing_year", _("missing year"), 0), PEN_I_DATE("roll", _("missing roll"), 0),
		PEN_I_INT("people", _("people"), 0), PEN_I_TEXT("next", _("what comes first"), NULL),
	};
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", _("agency"), work->computed.batch.agency),
		PEN_I_INT("year", _("year"), work->s.plan.year),
		PEN_I_RATE("rate", _("interest rate"), work->s.plan.rate),
		PEN_I_FLAG("provisional", _("provisional"), work->s.plan.provisional),
		PEN_I_TEXT("credit_month", _("credited by"), work->credit_month),
		PEN_I_INT("reference_at", _("as of entry"), work->s.plan.as_of),
		PEN_I_TEXT("parameters", _("parameters"), digest),
	};
	const struct pen_items row = PEN_ITEMS(columns);

	snprintf(digest, sizeof(digest), "%s:%s", pen_digest__name(pen_store__suite(work->computed.session->store)),
	    work->computed.batch.parameters_digest);
	pen_printer__open_table(printer, "settle", _("Yearly settlement of personal accounts; who is left:"), &row);
	pen_printer__head(printer, PEN_ITEMS(head));
}

static enum pen_status print(struct pen_settlement *work, struct pen_printer *printer, struct pen_error *error)
{
	const struct pen_settling *s = &work->s;
	const size_t *fates = s->fates;
	int64_t left = (int64_t)(fates[PEN_SETTLING_UNREADY] + fates[PEN_SETTLING_GAP]);
	enum pen_status status = PEN_OK, outcome = left ? PEN_FINDINGS : PEN_OK;
	const struct pen_item period[] = { PEN_I_TEXT("code", NULL, "credit.period"),
		PEN_I_INT("count", NULL, s->unarrived), PEN_I_TEXT("text", NULL, _(PEN_SETTLEMENT_UNARRIVED)) };
	const struct pen_item outside[] = { PEN_I_TEXT("code", NULL, "credit.outside"),
		PEN_I_INT("count", NULL, s->outside), PEN_I_TEXT("text", NULL, _(PEN_SETTLEMENT_OUTSIDE)) };
	const struct pen_item provisional[] = { PEN_I_TEXT("code", NULL, "rate.provisional"),
		PEN_I_INT("count", NULL, (int64_t)work->orders), PEN_I_TEXT("text", NULL, _(PEN_SETTLEMENT_PROVISIONAL)) };
	struct pen_items assumptions[3];
	size_t n = 0, i;

	if (s->unarrived)
		assumptions[n++] = PEN_ITEMS(period);
	if (s->outside)
		assumptions[n++] = PEN_ITEMS(outside);
	if (s->plan.provisional)
		assumptions[n++] = PEN_ITEMS(provisional);
	const struct pen_item summary[] = {
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = work->computed.batch.id, .null = !work->computed.batch.id },
		PEN_I_INT("folios", _("folios"), (int64_t)work->groups),
		PEN_I_INT("people.settled", _("settled"), (int64_t)fates[PEN_SETTLING_NEW]),
		PEN_I_INT("people.again", _("settled again"), (int64_t)fates[PEN_SETTLING_AGAIN]),
		PEN_I_INT("people.unchanged", _("settled before"), (int64_t)fates[PEN_SETTLING_SAME]),
		PEN_I_INT("people.opened", _("with an opening balance of the year"), (int64_t)fates[PEN_SETTLING_OPENED]),
		PEN_I_INT("people.left", _("left"), left),
		PEN_I_INT("closed", _("with contributions to a closed account"), (int64_t)fates[PEN_SETTLING_CLOSED]),
		PEN_I_FEN("credited_fen", _("credited"), work->credited),
		PEN_I_FEN("interest_opening_fen", _("interest on opening balances"), work->interest_opening),
		PEN_I_FEN("interest_year_fen", _("interest of the year"), work->interest_year),
		PEN_I_FEN("merged_fen", _("merged from other accounts"), work->merged),
		PEN_I_FEN("interest_merge_fen", _("interest on what was merged"), work->interest_merge),
		PEN_I_FEN("pension_fen", _("pensions paid from accounts"), work->pension),
		PEN_I_FEN("interest_pension_fen", _("interest from the first pension on"), work->interest_pension),
		PEN_I_FEN("balance_fen", _("balances"), work->computed.amount),
		PEN_I_LIST("assumptions", _("assumptions"), assumptions, n),
	};

	print_head(work, printer);
	for (i = 0; status == PEN_OK && i < s->lefts; i++)
		status = print_left(work, &s->left[i], printer, error);
	if (status != PEN_OK)
		return status;
	pen_printer__close_table(printer, PEN_ITEMS(summary), outcome);
	return outcome;
}

/* ------------------------------------------------------------ the verb -- */

/* If nobody at all has a balance at the end of the year before, that year was
 * left out. */
static enum pen_status check_gap(const struct pen_settling *s, struct pen_error *error)
{
	int32_t missing = 0;
	size_t i;

	for (i = 0; i < s->persons; i++) {
		if (s->person[i].prior)
			return PEN_OK;
		if (s->person[i].missing && (!missing || s->person[i].missing < missing))
			missing = s->person[i].missing;
	}
	if (!missing)
		return PEN_OK;
	return pen_error__refuse(error, "R4.2", "account.gap",
	    _("%d cannot be settled before %d, for which nobody is settled yet: run pen-account settle --year %d first"),
	    s->plan.year, missing, missing);
}

/* A year of which nothing is in yet would be settled with interest alone. */
static enum pen_status check_paid(const struct pen_settling *s, struct pen_error *error)
{
	if (s->credits)
		return PEN_OK;
	return pen_error__refuse(error, "R4.2.1", "account.empty",
	    _("there is no breakdown of %d yet: bring it in (pen-import breakdown), and have it signed and sealed first"),
	    s->plan.year);
}

static enum pen_status settle(struct pen_settlement *work, const struct pen_settling_plan *plan, bool dry_run, struct pen_error *error)
{
	enum pen_status status;

	status = pen_settlement__collect(work, plan, error);
	if (status == PEN_OK)
		status = check_paid(&work->s, error);
	if (status == PEN_OK)
		status = check_gap(&work->s, error);
	if (status != PEN_OK)
		return status;
	if (dry_run || !work->groups)
		return pen_settlement__count(work, !dry_run, error);
	return pen_settlement__write(work, error);
}

enum pen_status pen_settle(struct pen_session *session, int32_t year, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	static const struct pen_act act = { "account.settle", "operator", "R4.2.3", "pen-account settle" };
	struct pen_settlement work;
	struct pen_settling_plan plan;
	enum pen_status status;
	char subject[40];

	status = pen_act__begin(session, &act, error);
	if (status != PEN_OK)
		return status;
	status = pen_settlement__plan(&work, session, year, &plan, error);
	if (status == PEN_OK)
		status = settle(&work, &plan, dry_run, error);
	snprintf(subject, sizeof(subject), "year %d", year);
	status = pen_act__end(session, &act, status, subject, error);
	if (status == PEN_OK)
		status = print(&work, printer, error);
	pen_settlement__free(&work);
	return status;
}
