#include "store/hold.h"

#include "base/error.h"

#include <assert.h>
#include <string.h>

bool pen_hold__is_review(const char *rule)
{
	static const char *const rules[] = { "person.died", "person.elsewhere", "person.retired" };
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rule, rules[i]) == 0)
			return true;
	return false;
}

static void take(struct pen_statement *s, struct pen_hold *hold)
{
	snprintf(hold->rule, sizeof(hold->rule), "%s", pen_db__text(s, 0));
	snprintf(hold->found, sizeof(hold->found), "%s", pen_db__text(s, 1));
	snprintf(hold->expected, sizeof(hold->expected), "%s", pen_db__text(s, 2));
	hold->at = pen_db__int(s, 3);
}

enum pen_status pen_hold__open(struct pen_store *store, int64_t folio, struct pen_holds *holds, struct pen_error *error)
{
	struct pen_hold hold;
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_HOLD_OPEN, &s, error);
	bool row;

	*holds = (struct pen_holds){ .count = 0 };
	if (status)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		take(s, &hold);
		/* Whatever is not the levy's takes a person: an unknown rule lets nothing in. */
		holds->levy |= strcmp(hold.rule, PEN_HOLD_LEVY) == 0;
		holds->review |= strcmp(hold.rule, PEN_HOLD_LEVY) != 0;
		if (holds->count < PEN_HOLDS_MOST)
			holds->at[holds->count++] = hold;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_hold__enter(struct pen_store *store, int64_t folio, const struct pen_hold *hold, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_HOLD_ENTER, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	pen_db__bind_text(s, ":rule", hold->rule);
	pen_db__bind_int(s, ":at", hold->at);
	pen_db__bind_text(s, ":found", hold->found);
	pen_db__bind_text(s, ":expected", hold->expected);
	return pen_db__run(s, error);
}

enum pen_status pen_hold__review(struct pen_store *store, int64_t folio, const char *rule,
    const char *found, const char *expected, int64_t at, struct pen_error *error)
{
	struct pen_hold hold = { .at = at };
	enum pen_status status;

	assert(pen_hold__is_review(rule));
	snprintf(hold.rule, sizeof(hold.rule), "%s", rule);
	snprintf(hold.found, sizeof(hold.found), "%s", found);
	snprintf(hold.expected, sizeof(hold.expected), "%s", expected);
	status = pen_hold__enter(store, folio, &hold, error);
	return status ? status : pen_folio__set_state(store, folio, PEN_FOLIO_HELD, at, error);
}

enum pen_status pen_hold__end(struct pen_store *store, int64_t folio, const char *rule, const char *decision,
    const char *reason, int64_t at, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, rule ? PEN_SQL_HOLD_END_OF : PEN_SQL_HOLD_END, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	if (rule)
		pen_db__bind_text(s, ":rule", rule);
	pen_db__bind_text(s, ":decision", decision);
	pen_db__bind_text(s, ":reason", reason);
	pen_db__bind_int(s, ":at", at);
	return pen_db__run(s, error);
}

enum pen_status pen_hold__each(struct pen_store *store, pen_folio_visit *visit, void *context, struct pen_error *error)
{
	struct pen_statement *s;
	struct pen_folio folio;
	int64_t id = 0;
	enum pen_status status;
	bool row, found;

	/* One at a time behind the last, since a visit may end the holding. */
	for (;;) {
		status = pen_store__sql(store, PEN_SQL_HOLD_FOLIOS, &s, error);
		if (status)
			return status;
		pen_db__bind_int(s, ":after", id);
		status = pen_db__step(s, &row, error);
		if (!status && row)
			id = pen_db__int(s, 0);
		pen_db__reset(s);
		if (status || !row)
			return status;
		status = pen_folio__find(store, id, &folio, &found, error);
		if (!status && found)
			status = visit(context, &folio, error);
		if (status)
			return status;
	}
}
