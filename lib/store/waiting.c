#include "store/waiting.h"

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

static void say(struct pen_waiting *waiting, const struct pen_hold *hold)
{
	const bool levy = strcmp(hold->rule, PEN_HOLD_LEVY) == 0;
	size_t n = strlen(waiting->why);

	if (n)
		n += (size_t)snprintf(waiting->why + n, sizeof(waiting->why) - n, "; ");
	if (n < sizeof(waiting->why))
		snprintf(waiting->why + n, sizeof(waiting->why) - n,
		    levy ? _("%s: found %s, expected at most %s") : _("%s: found %s, expected %s"),
		    hold->rule, hold->found, hold->expected);
}

enum pen_status pen_waiting__look(struct pen_store *store, const struct pen_folio *folio, struct pen_waiting *waiting,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	char time[21];
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
		say(waiting, &waiting->holds.at[i]);
	}
	return status || !waiting->holds.review ? status : find_someone(store, folio, &waiting->someone, error);
}
