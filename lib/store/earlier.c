#include "store/earlier.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/gather.h"
#include "store/history.h"

/* People whose account has to be settled for an earlier year first: the first such
 * year. Invariant: of each person the first entry is the one that counts. */
struct stale { int64_t person; int32_t year; };
struct stales { struct stale *at; size_t count, room; };

static enum pen_status add_stale(struct stales *stales, int64_t person, int32_t year, struct pen_error *error)
{
	struct stale *list = pen_settling__grown(stales->at, stales->count, &stales->room, sizeof(*list));

	if (!list)
		return pen_error__memory(error);
	stales->at = list;
	stales->at[stales->count++] = (struct stale){ person, year };
	return PEN_OK;
}

/* They are left, unless the account starts anew from an opening after that year. */
static void leave(struct pen_settling *s, const struct stales *stales)
{
	struct pen_settling_person *person;
	size_t i;

	for (i = 0; i < stales->count; i++) {
		person = pen_settling__find(s, stales->at[i].person);
		if (!person || person->fate != PEN_SETTLING_NEW || person->start >= stales->at[i].year)
			continue;
		person->fate = PEN_SETTLING_GAP;
		person->missing = stales->at[i].year;
	}
}

static enum pen_status read_year(struct pen_settling *s, struct pen_session *session,
    const struct pen_settling_plan *plan, const struct stales *stales, struct pen_error *error)
{
	enum pen_status status = pen_gather__people(s, session, plan, error);

	if (status != PEN_OK)
		return status;
	leave(s, stales);
	return pen_history__read(s, session->store, error);
}

/* Who was settled for the year and would be settled again, or cannot be yet. */
static enum pen_status take_stale(const struct pen_settling *s, struct stales *stales, struct pen_error *error)
{
	const struct pen_settling_person *person;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < s->persons; i++) {
		person = &s->person[i];
		if (!person->settled)
			continue;
		if (person->fate == PEN_SETTLING_GAP)
			status = add_stale(stales, person->person, person->missing, error);
		else if (person->fate == PEN_SETTLING_AGAIN || person->fate == PEN_SETTLING_UNREADY)
			status = add_stale(stales, person->person, s->plan.year, error);
	}
	return status;
}

static enum pen_status look_back(struct stales *stales, struct pen_session *session,
    const struct pen_settling_plan *plan, int32_t year, struct pen_error *error)
{
	struct pen_settling_plan past = { .year = year, .as_of = plan->as_of };
	struct pen_settling s = { .person = NULL };
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	status = pen_settling__terms(session->store, &past, digest, error);
	if (status == PEN_OK)
		status = read_year(&s, session, &past, stales, error);
	if (status == PEN_OK)
		status = take_stale(&s, stales, error);
	pen_settling__free(&s);
	return status;
}

/* The years to be looked at, in order. Since 2006 there are not many. */
struct years { int32_t at[256]; size_t count; };

static enum pen_status read_moved(struct years *years, struct pen_store *store,
    const struct pen_settling_plan *plan, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_EARLIER_MOVED, &statement, error);
	bool row;

	years->count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":year", plan->year);
	pen_db__bind_int(statement, ":as_of", plan->as_of);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row &&
	    years->count < sizeof(years->at) / sizeof(years->at[0]))
		years->at[years->count++] = (int32_t)pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_earlier__collect(struct pen_settling *settling, struct pen_session *session,
    const struct pen_settling_plan *plan, struct pen_error *error)
{
	struct stales stales = { .at = NULL };
	struct years years;
	enum pen_status status;
	size_t i;

	*settling = (struct pen_settling){ .store = session->store, .plan = *plan };
	status = read_moved(&years, session->store, plan, error);
	for (i = 0; status == PEN_OK && i < years.count; i++)
		status = look_back(&stales, session, plan, years.at[i], error);
	if (status == PEN_OK)
		status = read_year(settling, session, plan, &stales, error);
	pen_memory__free(stales.at);
	return status;
}
