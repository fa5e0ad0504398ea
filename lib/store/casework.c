#include "store/casework.h"

#include "base/date.h"
#include "base/error.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define REASON_LONGEST ((size_t)1000)

static void subject_of(const struct pen_case *looked, char out[40])
{
	snprintf(out, 40, "case %" PRId64, looked->id);
}

/* ------------------------------------------------------------ may it be -- */

enum pen_status pen_casework__require(struct pen_session *session, const struct pen_amendment_turn *turn, const char *agency,
    enum pen_amendment_move move, struct pen_error *error)
{
	const char *const roles[] = { turn->role, NULL };

	assert(turn->role != NULL);	/* what nobody does, a time that is over, is asked of nobody */
	return pen_session__require(session, roles, agency, turn->clause, pen_amendment__act(move), error);
}

/* Whoever asked acts for the county that did; all others act for the store's own agency
 * (NULL), under whose seal the new versions come. */
static const char *agency_of(const struct pen_case *looked, enum pen_amendment_post post)
{
	return post == PEN_AMENDMENT_REQUESTER ? looked->agency : NULL;
}

static enum pen_status check_people(const struct pen_case *looked, enum pen_amendment_move move, enum pen_amendment_post post,
    const char *staff, struct pen_error *error)
{
	struct pen_amendment_part *parts = pen_memory__calloc(looked->steps ? looked->steps : 1, sizeof(*parts));
	enum pen_status status;
	size_t i;

	if (parts == NULL)
		return pen_error__memory(error);
	for (i = 0; i < looked->steps; i++)
		parts[i] = (struct pen_amendment_part){ looked->step[i].post, looked->step[i].staff };
	status = pen_amendment__may(looked->form, move, post, staff, parts, looked->steps, looked->id, error);
	pen_memory__free(parts);
	return status;
}

/* ------------------------------------------------------------ making it -- */

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct pen_casework_detail *)a)->key, ((const struct pen_casework_detail *)b)->key);
}

/* The digest of what the case asks for. */
static enum pen_status find_application(struct pen_store *store, const struct pen_case *looked, char digest[PEN_DIGEST_HEX],
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	if (pen_store__sql(store, PEN_SQL_CASEWORK_APPLICATION, &s, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(s, ":amendment", looked->id);
	pen_db__bind_int(s, ":revision", looked->revision);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		snprintf(digest, PEN_DIGEST_HEX, "%s", pen_db__text(s, 0));
	else if (status == PEN_OK)
		status = pen_error__set(error, PEN_INTEGRITY, "amend.application",
		    _("case %" PRId64 " has no application: run pen-verify"), looked->id);
	pen_db__reset(s);
	return status;
}

/* What the entry binds, in the order of the keys. */
static enum pen_status enter_act(struct pen_session *session, const struct pen_case *looked, const struct pen_casework *work,
    const char *application, int64_t *at, struct pen_error *error)
{
	struct pen_casework_detail details[PEN_CASEWORK_DETAILS + 6];
	char reason[PEN_DIGEST_HEX], subject[40];
	struct pen_body body;
	const char *text;
	enum pen_status status;
	size_t n = 0, i;

	assert(work->details <= PEN_CASEWORK_DETAILS);
	for (i = 0; i < work->details; i++)
		details[n++] = work->detail[i];
	details[n++] = (struct pen_casework_detail){ "application", application, 0 };
	if (work->batch)
		details[n++] = (struct pen_casework_detail){ "batch", NULL, work->batch };
	details[n++] = (struct pen_casework_detail){ "number", NULL, (int64_t)looked->steps + 1 };
	if (work->open_until)
		details[n++] = (struct pen_casework_detail){ "open_until", work->open_until, 0 };
	if (work->reason) {
		if (pen_store__digest(session->store, work->reason, strlen(work->reason), reason, error) != PEN_OK)
			return error->status;
		details[n++] = (struct pen_casework_detail){ "reason", reason, 0 };
	}
	details[n++] = (struct pen_casework_detail){ "revision", NULL, looked->revision };
	qsort(details, n, sizeof(*details), by_key);
	pen_entry__body_open(&body);
	for (i = 0; i < n; i++)
		if (details[i].text)
			pen_entry__body_text(&body, details[i].key, details[i].text);
		else
			pen_entry__body_int(&body, details[i].key, details[i].number);
	text = pen_entry__body_close(&body);
	subject_of(looked, subject);
	status = text ? pen_session__act(session, pen_amendment__act(work->move), subject, text, work->changes, at, error)
	    : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

/* That it stands as it stood when it was looked at outside of the transaction. */
static enum pen_status look_again(struct pen_session *session, const struct pen_case *looked, enum pen_amendment_move move,
    struct pen_error *error)
{
	struct pen_case now = { 0 };
	bool is;
	enum pen_status status = pen_cases__find(session->store, looked->id, &now, &is, error);

	if (status == PEN_OK && is && (now.state != looked->state || now.steps != looked->steps))
		status = pen_amendment__refuse(now.form, now.state, move, now.id, error);
	pen_cases__free(&now);
	return status;
}

/* A step more on the list of those of the case. */
static enum pen_status add_step(struct pen_session *session, struct pen_case *looked, const struct pen_casework *work,
    const struct pen_amendment_turn *turn, int64_t at, struct pen_error *error)
{
	struct pen_case_step *more = pen_memory__realloc(looked->step, looked->steps + 1, sizeof(*more));
	char now[21];

	if (more == NULL)
		return pen_error__memory(error);
	looked->step = more;
	if (looked->arena == NULL && (looked->arena = pen_memory__arena()) == NULL)
		return pen_error__memory(error);
	pen_date__now(now);
	more = &looked->step[looked->steps];
	*more = (struct pen_case_step){ .number = (int64_t)looked->steps + 1, .at = at, .move = work->move, .post = turn->post, .to = turn->to };
	more->staff = pen_memory__copy(looked->arena, session->staff.id, strlen(session->staff.id));
	more->name = pen_memory__copy(looked->arena, session->staff.name, strlen(session->staff.name));
	more->time = pen_memory__copy(looked->arena, now, strlen(now));
	more->reason = work->reason ? pen_memory__copy(looked->arena, work->reason, strlen(work->reason)) : NULL;
	if (!more->staff || !more->name || !more->time || (work->reason && !more->reason))
		return pen_error__memory(error);
	looked->steps++;
	return PEN_OK;
}

enum pen_status pen_casework__make(struct pen_session *session, struct pen_case *looked, const struct pen_casework *work,
    int64_t *at, struct pen_error *error)
{
	const bool begins = looked->state == PEN_AMENDMENT_NONE;
	struct pen_amendment_turn turn;
	char application[PEN_DIGEST_HEX];
	int64_t entered;

	if (!pen_amendment__turn(looked->form, looked->state, work->move, &turn))
		return pen_amendment__refuse(looked->form, looked->state, work->move, looked->id, error);
	if (!begins && look_again(session, looked, work->move, error) != PEN_OK)
		return error->status;
	if (check_people(looked, work->move, turn.post, session->staff.id, error) != PEN_OK)
		return error->status;
	if (work->application)
		snprintf(application, sizeof(application), "%s", work->application);
	else if (find_application(session->store, looked, application, error) != PEN_OK)
		return error->status;
	if (enter_act(session, looked, work, application, &entered, error) != PEN_OK)
		return error->status;
	looked->state = turn.to;
	if (work->open_until)
		snprintf(looked->open_until, sizeof(looked->open_until), "%s", work->open_until);
	if (work->batch)
		looked->batch = work->batch;
	looked->ended_at = pen_amendment__is_over(turn.to) ? entered : -1;
	if (begins)
		looked->at = entered;
	if ((begins ? pen_cases__enter : pen_cases__change)(session->store, looked, error) != PEN_OK ||
	    pen_cases__step(session->store, looked->id, (int64_t)looked->steps + 1, work->move, entered, work->reason, error) != PEN_OK ||
	    add_step(session, looked, work, &turn, entered, error) != PEN_OK)
		return error->status;
	if (at)
		*at = entered;
	return PEN_OK;
}

/* --------------------------------------------------------- before a move -- */

/* What nobody made use of in its time is over: entered, and then refused. */
static enum pen_status expire(struct pen_session *session, struct pen_case *looked, struct pen_error *error)
{
	const struct pen_casework work = { .move = PEN_AMENDMENT_EXPIRE };
	struct pen_db *db = pen_store__db(session->store);
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = pen_casework__make(session, looked, &work, NULL, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status check_time(struct pen_session *session, struct pen_case *looked, enum pen_amendment_move move, bool dry_run,
    struct pen_error *error)
{
	if (!pen_cases__is_expired(looked))
		return PEN_OK;
	if (!dry_run && expire(session, looked, error) != PEN_OK)
		return error->status;
	return pen_error__refuse(error, pen_amendment__clause(looked->form, move), "amend.expired",
	    _("case %" PRId64 " was unsealed until %s and is expired: what is still to be changed is asked for anew (pen-amend request)"),
	    looked->id, looked->open_until);
}

enum pen_status pen_casework__begin(struct pen_session *session, int64_t id, enum pen_amendment_move move, bool dry_run,
    struct pen_case *looked, struct pen_error *error)
{
	struct pen_amendment_turn turn;
	char subject[40];
	bool is;

	if (pen_session__writable(session, error) != PEN_OK || pen_cases__find(session->store, id, looked, &is, error) != PEN_OK)
		return error->status;
	if (!is)
		return pen_error__set(error, PEN_USAGE, "amend.case", _("there is no case %" PRId64 "; pen-amend list shows them"), id);
	subject_of(looked, subject);
	if (check_time(session, looked, move, dry_run, error) != PEN_OK)
		return error->status == PEN_REFUSED ? pen_session__refused(session, pen_amendment__act(move), subject, error) : error->status;
	if (!pen_amendment__turn(looked->form, looked->state, move, &turn)) {
		pen_amendment__refuse(looked->form, looked->state, move, id, error);
		return pen_session__refused(session, pen_amendment__act(move), subject, error);
	}
	if (pen_casework__require(session, &turn, agency_of(looked, turn.post), move, error) != PEN_OK)
		return error->status;
	if (check_people(looked, move, turn.post, session->staff.id, error) != PEN_OK)
		return error->status == PEN_REFUSED ? pen_session__refused(session, pen_amendment__act(move), subject, error) : error->status;
	return PEN_OK;
}

enum pen_status pen_casework__reason(const char *option, const char *text, const char **reason, size_t *n, struct pen_error *error)
{
	size_t bad, i;

	*reason = text ? text : "";
	*n = strlen(*reason);
	pen_text__trim(reason, n);
	if (*n == 0)
		return pen_error__set(error, PEN_USAGE, "amend.reason", _("say why, with --%s TEXT: the case keeps it"), option);
	if (*n > REASON_LONGEST)
		return pen_error__set(error, PEN_USAGE, "amend.reason",
		    _("--%s has %zu bytes, at most %zu are taken: put it on a paper"), option, *n, REASON_LONGEST);
	if (!pen_text__is_utf8(*reason, *n, &bad))
		return pen_error__set(error, PEN_USAGE, "amend.reason", _("--%s is not UTF-8 from byte %zu on"), option, bad + 1);
	for (i = 0; i < *n; i++)
		if ((unsigned char)(*reason)[i] < 0x20 || (*reason)[i] == 0x7f)
			return pen_error__set(error, PEN_USAGE, "amend.reason",
			    _("--%s goes over more than one line, or holds a control character: write it on one line"), option);
	return PEN_OK;
}
