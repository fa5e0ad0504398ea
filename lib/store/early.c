#include "store/early.h"

#include "base/error.h"
#include "model/months.h"

#include <inttypes.h>

#define RULE "contribution.entry"

/* The day since when somebody is insured, and its month; none: false. */
static bool find_since(const struct pen_periods *periods, int64_t person, int32_t *since)
{
	const struct pen_period *at;
	size_t count, i;

	*since = INT32_MAX;
	at = pen_periods__of(periods, person, &count);
	for (i = 0; i < count; i++)
		if (at[i].since < *since)
			*since = at[i].since;
	return count > 0;
}

/* The month (yyyymm) that the first of the row's months can be at the latest. */
static int64_t first_month(const struct pen_row *row, int32_t year)
{
	int64_t months = row->v[PEN_CONTRIBUTION_MONTHS].i, of = year;
	int month = 1;

	if (row->v[PEN_CONTRIBUTION_FOR_YEAR].type == PEN_INTEGER)
		of = row->v[PEN_CONTRIBUTION_FOR_YEAR].i;
	if (row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i)
		month = 13 - pen_months__count((int32_t)(months & PEN_MONTHS_ALL));
	else
		while (month < 12 && !(months & 1 << (month - 1)))
			month++;
	return of * 100 + month;
}

enum pen_status pen_early__row(struct pen_walk *walk, const struct pen_periods *periods, const struct pen_folio *folio,
    const struct pen_row *row, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_row(row->kind, row->v, folio);
	char id[PEN_WHO], found[32], expected[32];
	enum pen_status status;
	int64_t month;
	int32_t since;

	if (row->v[PEN_CONTRIBUTION_KIND].i != PEN_NORMAL || row->v[PEN_CONTRIBUTION_MONTHS].i <= 0 ||
	    !find_since(periods, row->v[PEN_SUBJECT].i, &since))
		return PEN_OK;
	month = first_month(row, folio->period);
	if (month >= since / 100)
		return PEN_OK;
	status = pen_walk__id(walk->session->store, row->v[PEN_SUBJECT].i, id, error);
	if (status)
		return status;
	snprintf(found, sizeof(found), _("month %" PRId64), month);
	snprintf(expected, sizeof(expected), _("insured since %" PRId32), since);
	return pen_walk__report_of(walk, &key, &(struct pen_walk_place){ RULE, row->kind->columns[PEN_CONTRIBUTION_MONTHS].name,
	    found, expected, folio->batch, row->v[PEN_LINE].i }, error, _("contribution of %s, folio %" PRId64), id, folio->id);
}
