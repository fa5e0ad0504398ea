#include "store/issues.h"

#include "base/date.h"
#include "base/error.h"
#include "model/workday.h"

#include <inttypes.h>
#include <string.h>

#define MONTHS 3	/* R4.2.3(3) */

/* ------------------------------------------------------------- reading -- */

static void copy(char *out, size_t room, const char *text)
{
	snprintf(out, room, "%s", text ? text : "");
}

static void take(struct pen_statement *s, struct pen_issue *issue)
{
	*issue = (struct pen_issue){
		.id = pen_db__int(s, 0), .at = pen_db__int(s, 1), .year = (int32_t)pen_db__int(s, 3),
		.employer = pen_db__int(s, 4), .person = pen_db__int(s, 5), .as_of = pen_db__int(s, 6),
		.on = (int32_t)pen_db__int(s, 7)
	};
	copy(issue->form, sizeof(issue->form), pen_db__text(s, 2));
	copy(issue->digest, sizeof(issue->digest), pen_db__text(s, 8));
	copy(issue->time, sizeof(issue->time), pen_db__text(s, 9));
}

/* The one row of a statement that is bound; it is reset. */
static enum pen_status take_one(struct pen_statement *s, struct pen_issue *issue, bool *found, struct pen_error *error)
{
	enum pen_status status = pen_db__step(s, found, error);

	if (status == PEN_OK && *found)
		take(s, issue);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_issues__find(struct pen_store *store, int64_t id, struct pen_issue *issue, bool *found,
    struct pen_error *error)
{
	struct pen_statement *s;

	*found = false;
	if (pen_store__sql(store, PEN_SQL_ISSUES_FIND, &s, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(s, ":id", id);
	return take_one(s, issue, found, error);
}

enum pen_status pen_issues__newest(struct pen_store *store, int64_t person, int64_t employer, int32_t year,
    struct pen_issue *issue, bool *found, struct pen_error *error)
{
	const enum pen_sql which = person ? PEN_SQL_ISSUES_NEWEST_OF_PERSON : PEN_SQL_ISSUES_NEWEST_OF_EMPLOYER;
	struct pen_statement *s;

	*found = false;
	if (pen_store__sql(store, which, &s, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(s, ":whom", person ? person : employer);
	pen_db__bind_int(s, ":year", year);
	return take_one(s, issue, found, error);
}

/* ------------------------------------------------------------ entering -- */

static enum pen_status act(struct pen_session *session, struct pen_issue *issue, struct pen_error *error)
{
	char subject[40];
	enum pen_status status;
	struct pen_body body;
	const char *text;

	snprintf(subject, sizeof(subject), "issue %" PRId64, issue->id);
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "as_of", issue->as_of);
	pen_entry__body_text(&body, "digest", issue->digest);
	if (issue->employer)
		pen_entry__body_int(&body, "employer", issue->employer);
	pen_entry__body_text(&body, "form", issue->form);
	pen_entry__body_int(&body, "on_date", issue->on);
	if (issue->person)
		pen_entry__body_int(&body, "person", issue->person);
	pen_entry__body_int(&body, "year", issue->year);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__act(session, "report.issue", subject, text, false, &issue->at, error)
	    : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

static void bind_or_null(struct pen_statement *s, const char *name, int64_t number)
{
	if (number)
		pen_db__bind_int(s, name, number);
	else
		pen_db__bind_null(s, name);
}

static enum pen_status enter(struct pen_session *session, struct pen_issue *issue, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(session->store, PEN_SQL_ISSUES_NEXT, &s, error);
	bool row;

	if (status == PEN_OK)
		status = pen_db__step(s, &row, error);
	if (status != PEN_OK)
		return status;
	issue->id = row ? pen_db__int(s, 0) : 1;
	pen_db__reset(s);
	issue->on = pen_date__today();
	status = act(session, issue, error);
	if (status == PEN_OK)
		status = pen_store__sql(session->store, PEN_SQL_ISSUES_ENTER, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":id", issue->id);
	pen_db__bind_int(s, ":at", issue->at);
	pen_db__bind_text(s, ":form", issue->form);
	pen_db__bind_int(s, ":year", issue->year);
	bind_or_null(s, ":employer", issue->employer);
	bind_or_null(s, ":person", issue->person);
	pen_db__bind_int(s, ":as_of", issue->as_of);
	pen_db__bind_int(s, ":on", issue->on);
	pen_db__bind_text(s, ":digest", issue->digest);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status;
}

/* Whether it was said before, to the same: then that is the issue. */
static enum pen_status look_back(struct pen_session *session, struct pen_issue *issue, bool *reprint,
    struct pen_error *error)
{
	struct pen_issue last;
	enum pen_status status = pen_issues__newest(session->store, issue->person, issue->employer, issue->year,
	    &last, reprint, error);

	*reprint = status == PEN_OK && *reprint && strcmp(last.digest, issue->digest) == 0;
	if (*reprint)
		*issue = last;
	return status;
}

enum pen_status pen_issues__hand_out(struct pen_session *session, struct pen_issue *issue, bool *reprint,
    struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	bool operator = false;

	issue->id = 0;
	*reprint = false;
	if (pen_store__is_copy(session->store))
		return PEN_OK;
	if (pen_staff__holds(session->store, session->staff.id, "operator", INT64_MAX, &operator, error) != PEN_OK)
		return error->status;
	if (!operator)
		return PEN_OK;
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (look_back(session, issue, reprint, error) != PEN_OK)
		goto err0;
	if (!*reprint && enter(session, issue, error) != PEN_OK)
		goto err0;
	if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

/* ---------------------------------------------------------- the three months -- */

int32_t pen_issues__last_day(const struct pen_parameters *parameters, const char *area, int32_t on)
{
	int32_t month = on / 100 % 100 + MONTHS, end, day;
	int64_t days;
	int i;

	month = (on / 10000 + (month > 12)) * 100 + (month > 12 ? month - 12 : month);
	end = pen_date__month_end(month);
	day = month * 100 + on % 100;
	if (!end)
		return on;
	if (day > end)
		day = end;
	days = pen_date__days(day);
	/* No row of holidays is longer than a fortnight. */
	for (i = 0; i < 15 && !pen_workday__is(parameters, area, "objection", pen_date__of_days(days + i)); i++)
		;
	return pen_date__of_days(days + (i < 15 ? i : 0));
}
