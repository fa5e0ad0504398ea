#include "store/asidewalk.h"

#include "base/error.h"

#include <inttypes.h>

#define RULE "contribution.aside"

static bool was_employed(const struct pen_periods *periods, int64_t person, int64_t employer)
{
	const struct pen_period *at;
	size_t count, i;

	at = pen_periods__of(periods, person, &count);
	for (i = 0; i < count; i++)
		if (at[i].employer == employer)
			return true;
	return false;
}

static enum pen_status find_listed(struct pen_walk *walk, const struct pen_folio *folio, int64_t person, bool *listed,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_ASIDEWALK_LISTED, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":year", folio->period);
	pen_db__bind_int(s, ":folio", folio->id);
	status = pen_db__step(s, listed, error);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_asidewalk__row(struct pen_walk *walk, const struct pen_periods *periods, const struct pen_folio *folio,
    const struct pen_row *row, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_row(row->kind, row->v, folio);
	int64_t person = row->v[PEN_SUBJECT].i;
	char id[PEN_WHO];
	bool listed = false;
	enum pen_status status;

	if (!pen_walk__wants(walk, RULE) || was_employed(periods, person, folio->employer))
		return PEN_OK;
	status = find_listed(walk, folio, person, &listed, error);
	if (!status && !listed)
		status = pen_walk__id(walk->session->store, person, id, error);
	if (status || listed)
		return status;
	return pen_walk__report_of(walk, &key, &(struct pen_walk_place){ RULE, "person", _("neither employed there nor listed"),
	    _("an employment period with the employer, or a line in the list of contributions aside"), folio->batch,
	    row->v[PEN_LINE].i }, error, _("contribution of %s, folio %" PRId64), id, folio->id);
}
