/* What is decided on a case (R5.2): approved, sent back, rejected, withdrawn, and its
 * data unsealed for a stated time. */
#include "base/date.h"
#include "base/error.h"
#include "model/printer.h"
#include "store/casework.h"

#include <string.h>

#define UNSEALED_LEAST 60		/* seconds */
#define UNSEALED_MOST (31 * 86400)
#define UNSEALED_USUALLY 86400

static const char *or_null(const char *s)
{
	return s && s[0] ? s : NULL;
}

static void print(const struct pen_case *decided, enum pen_amendment_move move, const char *reason, bool dry_run, struct pen_printer *printer)
{
	const struct pen_case_step *step = &decided->step[decided->steps - 1];
	const struct pen_item items[] = {
		PEN_I_INT("case", _("case"), decided->id),
		PEN_I_TEXT("form", _("form"), pen_amendment__form_name(decided->form)),
		PEN_I_TEXT("move", _("move"), pen_amendment__move_name(move)),
		PEN_I_TEXT("state", _("state"), pen_amendment__state_name(decided->state)),
		PEN_I_TEXT("as", _("as"), pen_amendment__post_name(step->post)),
		PEN_I_TEXT("reason", _("reason"), reason),
		PEN_I_TEXT("open_until", _("open until"), or_null(decided->open_until)),
		PEN_I_TEXT("next", _("next"), pen_amendment__next(decided->form, decided->state)),
		PEN_I_FLAG("dry_run", _("dry run"), dry_run),
	};

	pen_printer__one(printer, "case", NULL, PEN_ITEMS(items), PEN_OK);
}

static enum pen_status make(struct pen_session *session, struct pen_case *decided, const struct pen_casework *work, bool dry_run,
    struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = pen_casework__make(session, decided, work, NULL, error);
	if (status == PEN_OK && !dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);	/* harmless after the commit */
	return status;
}

static enum pen_status decide(struct pen_session *session, int64_t id, const struct pen_casework *work, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_case decided = { 0 };
	enum pen_status status = pen_casework__begin(session, id, work->move, dry_run, &decided, error);

	if (status == PEN_OK)
		status = make(session, &decided, work, dry_run, error);
	if (status == PEN_OK)
		print(&decided, work->move, work->reason, dry_run, printer);
	pen_cases__free(&decided);
	return status;
}

/* A move that has to say why. */
static enum pen_status decide_why(struct pen_session *session, int64_t id, enum pen_amendment_move move, const char *reason,
    bool dry_run, struct pen_printer *printer, struct pen_error *error)
{
	char text[1024];
	const char *trimmed;
	size_t n;

	if (pen_casework__reason("reason", reason, &trimmed, &n, error) != PEN_OK)
		return error->status;
	snprintf(text, sizeof(text), "%.*s", (int)n, trimmed);
	return decide(session, id, &(struct pen_casework){ .move = move, .reason = text }, dry_run, printer, error);
}

enum pen_status pen_decide_approve(struct pen_session *session, int64_t id, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	return decide(session, id, &(struct pen_casework){ .move = PEN_AMENDMENT_APPROVE }, dry_run, printer, error);
}

enum pen_status pen_decide_return(struct pen_session *session, int64_t id, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	return decide_why(session, id, PEN_AMENDMENT_RETURN, reason, dry_run, printer, error);
}

enum pen_status pen_decide_reject(struct pen_session *session, int64_t id, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	return decide_why(session, id, PEN_AMENDMENT_REJECT, reason, dry_run, printer, error);
}

enum pen_status pen_decide_withdraw(struct pen_session *session, int64_t id, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	return decide_why(session, id, PEN_AMENDMENT_WITHDRAW, reason, dry_run, printer, error);
}

/* So many seconds from now (a day, where nothing is said), or until a local day is over. */
static enum pen_status end_of(int64_t seconds, int32_t until, char out[21], struct pen_error *error)
{
	char now[21];
	int64_t left;

	pen_date__now(now);
	if (until)
		pen_date__ends(until, out);
	else
		pen_date__later(now, seconds ? seconds : UNSEALED_USUALLY, out);
	left = pen_date__between(now, out);
	if (left >= UNSEALED_LEAST && left <= UNSEALED_MOST)
		return PEN_OK;
	return pen_error__refuse(error, "R5.2", "amend.time",
	    _("the data would be open until %s: they are unsealed for at least a minute and at most 31 days, as --for TIME or --until DATE says"), out);
}

enum pen_status pen_decide_unseal(struct pen_session *session, int64_t id, int64_t seconds, int32_t until, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	char end[21], subject[40];

	if (seconds && until)
		return pen_error__set(error, PEN_USAGE, "amend.for",
		    _("say for how long the data are open either with --for TIME (2h, 3d) or with --until DATE"));
	snprintf(subject, sizeof(subject), "case %lld", (long long)id);
	if (end_of(seconds, until, end, error) != PEN_OK)
		return pen_session__refused(session, "amend.unseal", subject, error);
	return decide(session, id, &(struct pen_casework){ .move = PEN_AMENDMENT_UNSEAL, .open_until = end }, dry_run, printer, error);
}
