#include "work/waiting.h"

#include "base/date.h"
#include "base/error.h"
#include "store/journal.h"
#include "store/rows.h"

#include <string.h>

/* A folio of a review is one person's contributions: that of its first row. */
static enum pen_status find_someone(struct pen_store *store, const struct pen_folio *folio,
    struct pen_someone *someone, struct pen_error *error)
{
	const struct pen_row *row = NULL;
	struct pen_rows *rows;
	int64_t person = 0;
	enum pen_status status = pen_rows__open(&rows, store, pen_kind__of(PEN_KIND_CONTRIBUTION), folio->id, error);

	if (status)
		return status;
	status = pen_rows__next(rows, &row, error);
	if (!status && row)
		person = row->v[PEN_SUBJECT].i;
	pen_rows__close(rows);
	return status || !person ? status : pen_people__name(store, person, INT64_MAX, someone, error);
}

static void say(struct pen_waiting *waiting, const struct pen_hold *hold, bool covered)
{
	const bool levy = strcmp(hold->rule, PEN_HOLD_LEVY) == 0;
	size_t n = strlen(waiting->why);

	if (n)
		n += (size_t)snprintf(waiting->why + n, sizeof(waiting->why) - n, "; ");
	if (n < sizeof(waiting->why))
		snprintf(waiting->why + n, sizeof(waiting->why) - n,
		    covered ? "%s: %s: %s" : levy ? _("%s: found %s, expected at most %s") : _("%s: found %s, expected %s"),
		    hold->rule, hold->found, hold->expected);
}

/* The sums of now. What is covered by now is let in when somebody asks for it. */
static enum pen_status compare_again(struct pen_store *store, struct pen_cover **cover, const struct pen_folio *folio,
    struct pen_hold *hold, bool *covered, struct pen_error *error)
{
	struct pen_shortfall shortfall;
	enum pen_status status = *cover ? PEN_OK : pen_cover__open(cover, store, error);

	if (!status)
		status = pen_cover__folio(*cover, folio->id, &shortfall, error);
	if (status)
		return status;
	snprintf(hold->found, sizeof(hold->found), "%s", shortfall.covered ? _("covered by now") : shortfall.found);
	*covered = shortfall.covered;
	if (!shortfall.covered)
		snprintf(hold->expected, sizeof(hold->expected), "%s", shortfall.expected);
	else
		snprintf(hold->expected, sizeof(hold->expected), "pen-import release %lld", (long long)folio->id);
	return PEN_OK;
}

enum pen_status pen_waiting__look(struct pen_store *store, struct pen_cover **cover, const struct pen_folio *folio,
    struct pen_waiting *waiting, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	char time[21];
	bool covered;
	size_t i;

	*waiting = (struct pen_waiting){ .holds = { .count = 0 } };
	if (folio->state != PEN_FOLIO_HELD)
		return PEN_OK;
	status = pen_hold__open(store, folio->id, &waiting->holds, error);
	for (i = 0; i < waiting->holds.count && !status; i++) {
		status = pen_journal__time(store, waiting->holds.at[i].at, time, error);
		if (status)
			return status;
		waiting->since[i] = pen_date__local(time);
		waiting->days[i] = pen_date__age(time);
		covered = false;
		if (cover && strcmp(waiting->holds.at[i].rule, PEN_HOLD_LEVY) == 0)
			status = compare_again(store, cover, folio, &waiting->holds.at[i], &covered, error);
		say(waiting, &waiting->holds.at[i], covered);
	}
	return status || !waiting->holds.review ? status : find_someone(store, folio, &waiting->someone, error);
}
