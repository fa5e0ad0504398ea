/* A case of amendment is asked for (R5.1): with its papers, and only if it could be
 * applied; or handed in again, when a reviewer sent it back. */
#include "base/error.h"
#include "work/handin.h"
#include "store/objecting.h"

#include <string.h>

static enum pen_status may_ask(struct pen_asking *asking, const char *form, struct pen_error *error)
{
	struct pen_amendment_turn turn;

	if (!pen_amendment__form_named(form, &asking->form) || asking->form == PEN_AMENDMENT_OBJECTION)
		return pen_error__set(error, PEN_USAGE, "amend.form",
		    _("--form is '%s'; expected change (业务数据修改申请表) or rebuild-account (补建个人帐户申请表)"), form ? form : "");
	pen_amendment__turn(asking->form, PEN_AMENDMENT_NONE, PEN_AMENDMENT_REQUEST, &turn);
	if (pen_session__writable(asking->session, error) != PEN_OK)
		return error->status;
	return pen_casework__require(asking->session, &turn, asking->session->staff.agency, PEN_AMENDMENT_REQUEST, error);
}

/* An objection that is handed in again is about what its statement said, as before. */
static enum pen_status stays_within(struct pen_asking *asking, struct pen_error *error)
{
	struct pen_issue issue;

	if (!asking->issue)
		return PEN_OK;
	if (pen_objecting__issue(asking->session->store, asking->issue, NULL, NULL, 0, &issue, error) != PEN_OK)
		return error->status;
	return pen_objecting__within(&issue, &asking->amended, error);
}

/* What is refused stands in the journal as an attempt, under whatever it was about. */
static enum pen_status hand_in(struct pen_asking *asking, struct pen_case *entered, const char *subject, struct pen_printer *printer,
    struct pen_error *error)
{
	const enum pen_amendment_move move = asking->revises ? PEN_AMENDMENT_REVISE : PEN_AMENDMENT_REQUEST;
	enum pen_status status = pen_asking__read(asking, error);

	if (status == PEN_OK)
		status = stays_within(asking, error);
	if (status == PEN_OK)
		status = pen_asking__try(asking, error);
	if (status == PEN_OK)
		status = pen_handin__enter(asking, entered, error);
	if (status == PEN_OK)
		return pen_handin__print(asking, entered, printer, error);
	if (status == PEN_REFUSED)
		status = pen_session__refused(asking->session, pen_amendment__act(move), subject, error);
	pen_handin__print_findings(&asking->trial, printer, status);
	return status;
}

enum pen_status pen_request(struct pen_session *session, const struct pen_request_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_asking asking = { .session = session, .options = options };
	struct pen_case entered = { 0 };
	enum pen_status status = may_ask(&asking, options->form, error);

	if (status == PEN_OK)
		status = hand_in(&asking, &entered, "case new", printer, error);
	pen_asking__free(&asking);
	pen_cases__free(&entered);
	return status;
}

enum pen_status pen_request_revise(struct pen_session *session, int64_t id, const struct pen_request_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_asking asking = { .session = session, .options = options, .revises = id };
	struct pen_case entered = { 0 };
	char subject[40];
	enum pen_status status = pen_casework__begin(session, id, PEN_AMENDMENT_REVISE, options->dry_run, &entered, error);

	asking.form = entered.form;
	asking.issue = entered.issue;
	snprintf(subject, sizeof(subject), "case %lld", (long long)id);
	if (status == PEN_OK && options->form && strcmp(options->form, pen_amendment__form_name(entered.form)) != 0)
		status = pen_error__set(error, PEN_USAGE, "amend.form", _("case %lld is of form %s, and stays so: leave --form out"),
		    (long long)id, pen_amendment__form_name(entered.form));
	if (status == PEN_OK)
		status = hand_in(&asking, &entered, subject, printer, error);
	pen_asking__free(&asking);
	pen_cases__free(&entered);
	return status;
}
