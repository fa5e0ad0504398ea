#include "store/objecting.h"

#include "adapter/json.h"
#include "base/date.h"
#include "base/error.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define CLAUSE "R4.2.3"

/* ------------------------------------------------------- which statement -- */

static enum pen_status by_number(struct pen_store *store, int64_t id, struct pen_issue *issue, struct pen_error *error)
{
	bool found;

	if (pen_issues__find(store, id, issue, &found, error) != PEN_OK || found)
		return error->status;
	return pen_error__set(error, PEN_USAGE, "objection.issue",
	    _("nothing was handed out under number %" PRId64 ": leave --issue out, and the newest statement of the year is meant"), id);
}

static enum pen_status none(const char *who, int32_t year, struct pen_error *error)
{
	return pen_error__refuse(error, CLAUSE, "objection.none",
	    _("nothing was handed out to %s for %d that could be objected to: print it first (pen-report statement, or statement-detail --employer), or ask for a change (pen-amend request)"),
	    who, year);
}

enum pen_status pen_objecting__issue(struct pen_store *store, int64_t id, const char *person, const char *employer,
    int32_t year, struct pen_issue *issue, struct pen_error *error)
{
	struct pen_someone someone = { .person = 0 };
	struct pen_business business = { .employer = 0 };
	bool found = false;

	if (id)
		return by_number(store, id, issue, error);
	if ((!person && !employer) || !year)
		return pen_error__set(error, PEN_USAGE, "objection.which",
		    _("say which statement is objected to: --year, and --person or --employer; or --issue with its number"));
	if (person && pen_people__person(store, person, INT64_MAX, &someone, error) != PEN_OK)
		return error->status;
	if (employer && pen_people__employer(store, employer, INT64_MAX, &business, error) != PEN_OK)
		return error->status;
	/* A person's own statement goes before the detail of their employer. */
	if (person && pen_issues__newest(store, someone.person, 0, year, issue, &found, error) != PEN_OK)
		return error->status;
	if (!found && employer && pen_issues__newest(store, 0, business.employer, year, issue, &found, error) != PEN_OK)
		return error->status;
	return found ? PEN_OK : none(person ? someone.name : business.name, year, error);
}

/* ---------------------------------------------------------------- the time -- */

enum pen_status pen_objecting__time(struct pen_store *store, const struct pen_issue *issue, struct pen_error *error)
{
	struct pen_parameters *parameters;
	char digest[PEN_DIGEST_HEX], on[11], last_day[11];
	int32_t last;

	if (pen_settings__parameters(store, INT64_MAX, &parameters, digest, error) != PEN_OK)
		return error->status;
	last = pen_issues__last_day(parameters, pen_store__identity(store)->agency, issue->on);
	pen_parameter__free(parameters);
	if (pen_date__today() <= last)
		return PEN_OK;
	return pen_error__refuse(error, CLAUSE, "objection.late",
	    _("the %s of %d was handed out on %s, and could be objected to until %s: what is wrong is changed by a case of R5 now (pen-amend request)"),
	    issue->form, issue->year, pen_date__format(issue->on, on), pen_date__format(last, last_day));
}

/* ------------------------------------------------------- what it speaks of -- */

static bool speaks_of(const struct pen_issue *issue, const struct pen_amended *record)
{
	const struct pen_value *subject = &record->new.v[PEN_SUBJECT];

	if (record->kind->id == PEN_KIND_CONTRIBUTION && record->period != issue->year)
		return false;
	if (issue->employer)
		return record->kind->id == PEN_KIND_CONTRIBUTION && record->employer == issue->employer;
	if (!record->kind->of_people || subject->i != issue->person)
		return false;
	if (record->kind->id == PEN_KIND_OPENING)
		return record->new.v[PEN_OPENING_YEAR].i < issue->year;
	return record->kind->id == PEN_KIND_CONTRIBUTION || record->kind->id == PEN_KIND_REGISTRATION;
}

enum pen_status pen_objecting__within(const struct pen_issue *issue, const struct pen_amendeds *amended, struct pen_error *error)
{
	size_t i;

	for (i = 0; i < amended->count; i++)
		if (!speaks_of(issue, &amended->at[i]))
			return pen_error__refuse(error, CLAUSE, "objection.beyond",
			    _("the %s of %d does not speak of record %zu of the objection (%s of %d): what it does not say is changed by a case of R5 (pen-amend request)"),
			    issue->form, issue->year, i + 1, amended->at[i].form, amended->at[i].period);
	return PEN_OK;
}

/* ---------------------------------------------------------------- the list -- */

static void copy(char *out, size_t room, const char *text)
{
	snprintf(out, room, "%s", text ? text : "");
}

/* The code of a refusal, from the body of its entry. */
static void take_code(const char *text, char *code, size_t room)
{
	struct pen_error unread = { .status = PEN_OK };
	const char *at = text ? strstr(text, "\nbody: ") : NULL;
	struct pen_json *body = NULL;

	code[0] = '\0';
	if (at && pen_json__parse(&body, at + 7, strcspn(at + 7, "\n"), &unread) == PEN_OK)
		copy(code, room, pen_json__string(pen_json__member(body, "code")));
	pen_json__free(body);
}

static void take(struct pen_statement *s, struct pen_objecting *one)
{
	*one = (struct pen_objecting){ .at = pen_db__int(s, 0), .amendment = pen_db__int(s, 1), .issue = { .id = pen_db__int(s, 2) } };
	copy(one->time, sizeof(one->time), pen_db__text(s, 3));
	copy(one->staff, sizeof(one->staff), pen_db__text(s, 4));
	copy(one->name, sizeof(one->name), pen_db__text(s, 5));
	if (!one->amendment)
		take_code(pen_db__text(s, 6), one->code, sizeof(one->code));
}

enum pen_status pen_objecting__slice(struct pen_store *store, int64_t after, int64_t as_of, struct pen_objecting *list,
    size_t room, size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_OBJECTING_SLICE, &s, error);
	bool row, found;
	size_t i;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":after", after);
	pen_db__bind_int(s, ":as_of", as_of);
	pen_db__bind_int(s, ":most", (int64_t)room);
	while (*count < room && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		take(s, &list[(*count)++]);
	pen_db__reset(s);
	for (i = 0; status == PEN_OK && i < *count; i++)
		status = pen_issues__find(store, list[i].issue.id, &list[i].issue, &found, error);
	return status;
}
