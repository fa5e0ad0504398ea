#include "store/meanwhile.h"

#include "base/error.h"
#include "model/rule_check.h"
#include "store/elsewhere.h"
#include "store/particulars.h"
#include "store/rows.h"

#include <string.h>

/* Going through a batch; what is NULL has not changed since. */
struct looking {
	struct pen_store *store;
	const struct pen_batch *batch;
	struct pen_elsewhere *elsewhere;
	struct pen_particulars *particulars;
};

static enum pen_status any(struct pen_store *store, enum pen_sql which, const struct pen_batch *batch, bool *is,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	if (status)
		return status;
	if (which != PEN_SQL_MEANWHILE_ENDED)
		pen_db__bind_int(s, ":batch", batch->id);
	if (which == PEN_SQL_MEANWHILE_MONTHS)
		pen_db__bind_text(s, ":form", batch->form);
	pen_db__bind_int(s, ":since", batch->reference_at);
	status = pen_db__step(s, is, error);
	pen_db__reset(s);
	return status;
}

static enum pen_status open_looking(struct looking *looking, struct pen_error *error)
{
	bool months, ended = false;
	enum pen_status status = any(looking->store, PEN_SQL_MEANWHILE_MONTHS, looking->batch, &months, error);

	if (!status)
		status = any(looking->store, PEN_SQL_MEANWHILE_ENDED, looking->batch, &ended, error);
	if (!status && months)
		status = pen_elsewhere__new(&looking->elsewhere, looking->store, looking->batch->form, looking->batch->id, error);
	if (!status && ended)
		status = pen_particulars__open(&looking->particulars, looking->store, NULL, INT64_MAX, error);
	return status;
}

static enum pen_status refuse(struct looking *looking, const struct pen_row *row, const struct pen_finding *finding,
    struct pen_error *error)
{
	long long id = (long long)looking->batch->id;
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(looking->store, PEN_SQL_MEANWHILE_PERSON, &s, error);
	const char *person = NULL;
	bool found;

	if (status)
		return status;
	pen_db__bind_int(s, ":person", row->v[PEN_SUBJECT].i);
	status = pen_db__step(s, &found, error);
	if (!status && found)
		person = pen_db__text(s, 0);
	if (!status)
		status = pen_error__refuse(error, finding->rule->clause,
		    strcmp(finding->rule->id, "person.elsewhere") == 0 ? "confirm.elsewhere" : "confirm.ended",
		    _("line %lld of batch %lld gives %s of %s, and by what was confirmed meanwhile there may be %s: discard batch %lld and bring its file in again"),
		    (long long)row->v[PEN_LINE].i, id, finding->found, person ? person : _("unknown"), finding->expected, id);
	pen_db__reset(s);
	return status;
}

static enum pen_status look_at(struct looking *looking, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	struct pen_months_elsewhere months = { 0, 0 };
	struct pen_findings findings = { .count = 0 };
	struct pen_ended ended = { 0, 0 };
	int64_t person = row->v[PEN_SUBJECT].i;
	enum pen_status status;

	if (looking->elsewhere) {
		status = pen_elsewhere__months(looking->elsewhere, folio->employer, folio->period, person, &months, error);
		if (status)
			return status;
	}
	if (looking->particulars)
		pen_particulars__ended(looking->particulars, person, &ended.retired_on, &ended.died_on);
	pen_review__contribution(row, folio->period, &ended, &months, pen_elsewhere__where, looking->elsewhere, &findings);
	if (findings.count)
		return refuse(looking, row, &findings.at[0], error);
	if (looking->elsewhere)
		pen_elsewhere__add(looking->elsewhere, row);
	return PEN_OK;
}

/* What was set aside is decided by somebody, or was. */
static enum pen_status is_reviewed(struct looking *looking, int64_t folio, bool *is, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(looking->store, PEN_SQL_MEANWHILE_REVIEWED, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	status = pen_db__step(s, is, error);
	pen_db__reset(s);
	return status;
}

static enum pen_status visit(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct looking *looking = context;
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status;
	bool reviewed;

	if (folio->state != PEN_FOLIO_STAGED && folio->state != PEN_FOLIO_HELD)
		return PEN_OK;
	status = is_reviewed(looking, folio->id, &reviewed, error);
	if (status || reviewed)
		return status;
	status = pen_rows__open(&rows, looking->store, pen_kind__of(PEN_KIND_CONTRIBUTION), folio->id, error);
	if (status)
		return status;
	while (!(status = pen_rows__next(rows, &row, error)) && row) {
		status = look_at(looking, folio, row, error);
		if (status)
			break;
	}
	pen_rows__close(rows);
	return status;
}

enum pen_status pen_meanwhile__check(struct pen_store *store, const struct pen_batch *batch, struct pen_error *error)
{
	struct looking looking = { .store = store, .batch = batch };
	enum pen_status status = open_looking(&looking, error);

	if (!status && (looking.elsewhere || looking.particulars))
		status = pen_folio__each_of_batch(store, batch->id, visit, &looking, error);
	pen_elsewhere__free(looking.elsewhere);
	pen_particulars__close(looking.particulars);
	return status;
}

/* --------------------------------------------------------------- names -- */

static enum pen_status refuse_name(const struct pen_batch *batch, struct pen_statement *s, struct pen_error *error)
{
	long long id = (long long)batch->id;

	return pen_error__refuse(error, "R4.1.1", "confirm.names",
	    _("line %lld of batch %lld names %s %s, and batch %lld has meanwhile brought in %s under this number: compare name and citizen id with the identity card, discard batch %lld, and bring its file in again"),
	    (long long)pen_db__int(s, 1), id, pen_db__text(s, 4), pen_db__text(s, 2), (long long)pen_db__int(s, 0),
	    pen_db__text(s, 3), id);
}

enum pen_status pen_meanwhile__names(struct pen_store *store, const struct pen_batch *batch, struct pen_error *error)
{
	const bool registers = strcmp(batch->form, "registration") == 0;
	struct pen_statement *s;
	bool row, folded;
	enum pen_status status = any(store, PEN_SQL_MEANWHILE_REGISTERED, batch, &row, error);

	if (!status && row)
		status = pen_store__sql(store, registers ? PEN_SQL_MEANWHILE_REGISTRATION_NAMES :
		    PEN_SQL_MEANWHILE_RETIREMENT_NAMES, &s, error);
	if (status || !row)
		return status;
	pen_db__bind_int(s, ":batch", batch->id);
	pen_db__bind_int(s, ":since", batch->reference_at);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		if (!pen_rule_check__names_match(pen_db__text(s, 2), pen_db__text(s, 3), &folded)) {
			status = refuse_name(batch, s, error);
			break;
		}
	}
	pen_db__reset(s);
	return status;
}
