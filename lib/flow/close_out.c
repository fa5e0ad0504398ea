#include "base/date.h"
#include "base/error.h"
#include "store/closing.h"
#include "store/people.h"
#include "work/act.h"
#include "work/moved.h"

#include <inttypes.h>
#include <string.h>

/* ------------------------------------------------------------ printing -- */

static void print(struct pen_closing *closing, const struct pen_someone *who, struct pen_printer *printer)
{
	const struct pen_item head[] = {
		PEN_I_TEXT("id_number", "公民身份号码", who->id_number),
		PEN_I_TEXT("name", "姓名", who->name),
		PEN_I_TEXT("reason", "原因", closing->reason),
		PEN_I_DATE("on", "日期", closing->happened_on),
		PEN_I_INT("months", "计息月数", closing->balance.months),
		PEN_I_FLAG("provisional", "暂行利率", closing->balance.provisional || closing->balance.prior_provisional),
		PEN_I_INT("reference_at", "截至记录", closing->end.plan.as_of),
	};
	const struct pen_item summary[] = {
		{ .key = "batch", .title = "批次", .type = PEN_ITEM_INT, .i = closing->end.computed.batch.id, .null = !closing->end.computed.batch.id },
		PEN_I_FEN("payout_fen", "支付", closing->end.total_fen),
	};
	const struct pen_moved moved = { "close-out", "个人账户清算", PEN_ITEMS(head), PEN_ITEMS(summary) };

	pen_moved__print(&moved, closing->end.row, closing->end.rows, printer);
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status check_given(const struct pen_close_out *given, struct pen_error *error)
{
	if (strcmp(given->reason, "death") != 0 && strcmp(given->reason, "emigration") != 0)
		return pen_error__set(error, PEN_USAGE, "account.reason", _("\"%s\" is no reason to close an account: expected death or emigration"), given->reason);
	if (!pen_date__valid(given->on) || given->on > pen_date__today() || given->on / 10000 < 2006)
		return pen_error__set(error, PEN_USAGE, "account.day", _("%d is no day on which an account can have ended: expected one from 2006 to today"), (int)given->on);
	return pen_ending__check_note(given->note, error);
}

static enum pen_status check_held(struct pen_closing *closing, struct pen_error *error)
{
	int64_t folio;
	enum pen_status status = pen_balance__held(closing->end.computed.session->store, closing->end.plan.person, closing->balance.year, &folio, error);

	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2.1", "account.unready",
	    _("folio %lld has contributions of the person in %d and is held: bring in the levy that is missing, or have a lead decide (pen-import release)"),
	    (long long)folio, closing->balance.year);
}

static enum pen_status close_out(struct pen_closing *closing, const struct pen_close_out *given, struct pen_someone *who, struct pen_error *error)
{
	struct pen_closing_plan plan = { .reason = given->reason, .note = given->note, .happened_on = given->on };
	struct pen_store *store = closing->end.computed.session->store;
	enum pen_status status = pen_people__person(store, given->person, INT64_MAX, who, error);

	if (status != PEN_OK)
		return status;
	plan.person = who->person;
	status = pen_closing__plan(closing, &plan, error);
	if (status == PEN_OK)
		status = pen_closing__collect(closing, error);
	if (status == PEN_OK)
		status = check_held(closing, error);
	return status == PEN_OK && !given->dry_run ? pen_ending__write(&closing->end, error) : status;
}

enum pen_status pen_close_out(struct pen_session *session, const struct pen_close_out *given,
    struct pen_printer *printer, struct pen_error *error)
{
	static const struct pen_act act = { "account.close", "operator", "R4.2.3", "pen-account close-out" };
	struct pen_closing closing;
	struct pen_someone who = { .person = 0 };
	enum pen_status status = check_given(given, error);
	char subject[64];

	if (status == PEN_OK)
		status = pen_act__begin(session, &act, error);
	if (status != PEN_OK)
		return status;
	pen_closing__start(&closing, session);
	status = close_out(&closing, given, &who, error);
	snprintf(subject, sizeof(subject), "person %" PRId64, who.person);
	status = pen_act__end(session, &act, status, subject, error);
	if (status == PEN_OK)
		print(&closing, &who, printer);
	pen_closing__free(&closing);
	return status;
}
