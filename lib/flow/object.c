/* An objection against a statement (R4.2.3(3)): in its time, about what it said, and
 * then a case of its own, which an operator verified and the lead signs. */
#include "base/error.h"
#include "work/handin.h"
#include "store/objecting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum pen_status may_object(struct pen_asking *asking, struct pen_error *error)
{
	struct pen_amendment_turn turn;

	pen_amendment__turn(asking->form, PEN_AMENDMENT_NONE, PEN_AMENDMENT_OBJECT, &turn);
	if (pen_session__writable(asking->session, error) != PEN_OK)
		return error->status;
	return pen_casework__require(asking->session, &turn, asking->session->staff.agency, PEN_AMENDMENT_OBJECT, error);
}

/* What the statement is about need not be said twice. */
static enum pen_status point_at(const struct pen_issue *issue, struct pen_store *store, struct pen_request_options *options,
    struct pen_someone *someone, struct pen_business *business, struct pen_error *error)
{
	const bool of_year = !options->kind || strcmp(options->kind, "breakdown") == 0;

	if (options->from) {
		options->person = options->employer = NULL;	/* the file says it of each line */
		options->year = 0;
		return PEN_OK;
	}
	/* A registration or an opening is of no year of a statement. */
	options->year = of_year ? issue->year : 0;
	if (issue->person && !options->person) {
		if (pen_people__name(store, issue->person, INT64_MAX, someone, error) != PEN_OK)
			return error->status;
		options->person = someone->id_number;
	}
	if (issue->employer && !options->employer) {
		if (pen_people__business(store, issue->employer, INT64_MAX, business, error) != PEN_OK)
			return error->status;
		options->employer = business->credit_code;
	}
	return PEN_OK;
}

static enum pen_status hand_in(struct pen_asking *asking, const struct pen_issue *issue, struct pen_case *entered,
    struct pen_printer *printer, struct pen_error *error)
{
	enum pen_status status = pen_objecting__time(asking->session->store, issue, error);

	if (status == PEN_OK)
		status = pen_asking__read(asking, error);
	if (status == PEN_OK)
		status = pen_objecting__within(issue, &asking->amended, error);
	if (status == PEN_OK)
		status = pen_asking__try(asking, error);
	if (status == PEN_OK)
		status = pen_handin__enter(asking, entered, error);
	return status == PEN_OK ? pen_handin__print(asking, entered, printer, error) : status;
}

enum pen_status pen_object(struct pen_session *session, const struct pen_request_options *options, int64_t number,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_request_options asked = *options;
	struct pen_asking asking = { .session = session, .options = &asked, .form = PEN_AMENDMENT_OBJECTION };
	struct pen_case entered = { 0 };
	struct pen_someone someone;
	struct pen_business business;
	struct pen_issue issue = { .id = 0 };
	char subject[40] = "case new";
	enum pen_status status = may_object(&asking, error);

	if (status != PEN_OK)
		return status;
	status = pen_objecting__issue(session->store, number, options->person, options->employer, options->year, &issue, error);
	if (status == PEN_OK) {
		snprintf(subject, sizeof(subject), "issue %" PRId64, issue.id);
		asking.issue = issue.id;
		status = point_at(&issue, session->store, &asked, &someone, &business, error);
	}
	if (status == PEN_OK)
		status = hand_in(&asking, &issue, &entered, printer, error);
	if (status == PEN_REFUSED)
		status = pen_session__refused(session, "amend.object", subject, error);
	if (status != PEN_OK)
		pen_handin__print_findings(&asking.trial, printer, status);
	pen_asking__free(&asking);
	pen_cases__free(&entered);
	return status;
}
