#include "store/versions.h"

#include "base/date.h"
#include "base/error.h"
#include "base/money.h"
#include "store/aside.h"
#include "store/batch.h"
#include "store/places.h"
#include "store/layout.h"
#include "store/verdict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A case being written. */
struct work {
	struct pen_session *session;
	struct pen_store *store;
	int64_t at, lines, amount;
	const struct pen_amendeds *list;
	struct pen_trial *trial;
	struct pen_batch batch;
	struct pen_text plan;
	struct pen_layout layout;
};

/* ------------------------------------------------------------- as it stands -- */

static enum pen_status moved(const struct pen_amended *record, int column, const struct pen_value *found, struct pen_error *error)
{
	char now[160], then[160];

	pen_kind__show(record->kind, column, found, now, sizeof(now));
	pen_kind__show(record->kind, column, &record->old.v[column], then, sizeof(then));
	return pen_error__refuse(error, "R5.3.1", "amend.moved",
	    _("line %" PRId64 " of folio %" PRId64 ": %s is %s now and was %s when it was asked for: withdraw the case and ask again"),
	    record->old.v[PEN_LINE].i, record->folio, record->kind->columns[column].title, now, then);
}

static enum pen_status gone(const struct pen_amended *record, const char *why, struct pen_error *error)
{
	return pen_error__refuse(error, "R5.3.1", "amend.moved",
	    _("line %" PRId64 " of folio %" PRId64 " %s: withdraw the case and ask again for the record as it stands"),
	    record->old.v[PEN_LINE].i, record->folio, why);
}

static enum pen_status compare(const struct pen_amended *record, const struct pen_row *row, struct pen_error *error)
{
	int i;

	for (i = 0; i < record->kind->count; i++)
		if (!pen_value__equal(&row->v[i], &record->old.v[i]))
			return moved(record, i, &row->v[i], error);
	return PEN_OK;
}

static enum pen_status find_row(struct work *work, const struct pen_amended *record, struct pen_error *error)
{
	struct pen_rows *rows;
	const struct pen_row *row;
	enum pen_status status = pen_rows__open_subject(&rows, work->store, record->kind, record->folio,
	    record->old.v[PEN_SUBJECT].i, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row && row->v[PEN_LINE].i != record->old.v[PEN_LINE].i)
		;
	if (status == PEN_OK)
		status = row ? compare(record, row, error) : gone(record, _("is not there"), error);
	pen_rows__close(rows);
	return status;
}

static enum pen_status check_standing(struct work *work, const struct pen_amended *record, struct pen_error *error)
{
	bool replaced;
	enum pen_status status = pen_rows__replaced(work->store, record->folio, record->old.v[PEN_SUBJECT].i,
	    record->old.v[PEN_LINE].i, INT64_MAX, &replaced, error);

	if (status == PEN_OK && replaced)
		return gone(record, _("was replaced meanwhile"), error);
	return status == PEN_OK ? find_row(work, record, error) : status;
}

static enum pen_status not_sealed(const struct pen_folio *folio, struct pen_error *error)
{
	if (folio->state == PEN_FOLIO_CONFIRMED)
		return pen_error__refuse(error, "R5.1", "amend.unsealed",
		    _("folio %" PRId64 " of batch %" PRId64 " is confirmed and not sealed, and what is not sealed is not amended: seal it first (pen-seal sign, close)"),
		    folio->id, folio->batch);
	return pen_error__refuse(error, "R5.1", "amend.unsealed",
	    _("folio %" PRId64 " of batch %" PRId64 " is %s, not sealed: what has not entered is not amended"),
	    folio->id, folio->batch, pen_folio__state_name(folio->state));
}

/* Every record is as it was when the case was approved, in a sealed folio. Those of one
 * folio come after each other. */
static enum pen_status check_all_standing(struct work *work, struct pen_error *error)
{
	struct pen_folio folio = { .id = 0 };
	const struct pen_amended *record;
	enum pen_status status = PEN_OK;
	bool found;
	size_t i;

	for (i = 0; status == PEN_OK && i < work->list->count; i++) {
		record = &work->list->at[work->layout.order[i]];
		if (!record->old.kind)
			continue;
		if (folio.id != record->folio) {
			status = pen_folio__find(work->store, record->folio, &folio, &found, error);
			if (status == PEN_OK && !found)
				status = gone(record, _("is in no folio"), error);
			if (status == PEN_OK && folio.state != PEN_FOLIO_SEALED)
				status = not_sealed(&folio, error);
		}
		if (status == PEN_OK)
			status = check_standing(work, record, error);
	}
	return status;
}

/* ---------------------------------------------------------------------- batch -- */

static enum pen_status enter_batch(struct work *work, const char *form_name, int64_t amendment, struct pen_error *error)
{
	struct pen_batch *batch = &work->batch;
	struct pen_parameters *parameters = NULL;
	struct pen_form *form = NULL;
	char kept[PEN_DIGEST_HEX];
	enum pen_status status = pen_journal__newest_change(work->store, &batch->reference_at, error);

	batch->amendment = amendment;
	if (status == PEN_OK)
		status = pen_settings__form(work->store, form_name, &form, batch->form_digest, error);
	pen_form__free(form);
	if (status == PEN_OK)
		status = pen_settings__rules(work->store, batch->rules_digest, error);
	if (status == PEN_OK)
		status = pen_settings__parameters(work->store, batch->reference_at, &parameters, batch->parameters_digest, error);
	pen_parameter__free(parameters);
	pen_text__printf(&work->plan, "pen-amendment/v1\ncase: %" PRId64 "\nentry: %" PRId64 "\nreference: %" PRId64 "\nrecords: %zu\n",
	    amendment, work->at, batch->reference_at, work->list->count);
	if (status == PEN_OK && work->plan.failed)
		status = pen_error__memory(error);
	snprintf(batch->agency, sizeof(batch->agency), "%s", pen_store__identity(work->store)->agency);
	snprintf(batch->form, sizeof(batch->form), "%s", form_name);
	snprintf(batch->file_name, sizeof(batch->file_name), "amendment-%" PRId64, amendment);
	snprintf(batch->encoding, sizeof(batch->encoding), "computed");
	snprintf(batch->planned_by, sizeof(batch->planned_by), "%s", work->session->staff.id);
	batch->file_bytes = (int64_t)work->plan.n;
	if (status == PEN_OK)
		status = pen_settings__keep(work->store, form_name, batch->rules_digest, batch->reference_at, error);
	if (status == PEN_OK)
		status = pen_blob__keep(work->store, "source", batch->file_name, work->plan.s, work->plan.n, kept, error);
	if (status != PEN_OK)
		return status;
	snprintf(batch->file_digest, sizeof(batch->file_digest), "%s", kept);
	return pen_batch__plan(work->store, batch, error);
}

static enum pen_status confirm_batch(struct work *work, struct pen_error *error)
{
	struct pen_batch *batch = &work->batch;
	enum pen_status status;

	batch->rows_done = batch->lines_read = batch->lines_accepted = work->lines;
	batch->read_fen = work->amount;
	batch->staged_at = work->at;
	snprintf(batch->state, sizeof(batch->state), "staged");
	status = pen_batch__staged(work->store, batch, "[]", error);
	return status == PEN_OK ? pen_batch__set_state(work->store, batch->id, "confirmed", work->at, error) : status;
}

/* ----------------------------------------------------------------------- rows -- */

static bool add(int64_t *sum, const struct pen_row *row, int column)
{
	return column < 0 || pen_money__add(*sum, row->v[column].i, sum);
}

/* What the row adds to its folio: as a receipt counts it. */
static enum pen_status add_up(struct pen_folio *folio, const struct pen_row *row, struct pen_error *error)
{
	bool fits = add(&folio->unit_fen, row, row->kind->unit) && add(&folio->personal_fen, row, row->kind->personal);
	int i;

	if (row->kind->id == PEN_KIND_CONTRIBUTION)
		fits = fits && add(&folio->amount_fen, row, PEN_CONTRIBUTION_UNIT) && add(&folio->amount_fen, row, PEN_CONTRIBUTION_PERSONAL);
	for (i = PEN_OPENING_PERSONAL_PRINCIPAL; row->kind->id == PEN_KIND_OPENING && i <= PEN_OPENING_UNIT_INTEREST; i++)
		fits = fits && add(&folio->amount_fen, row, i);
	folio->rows++;
	return fits ? PEN_OK : pen_error__set(error, PEN_INPUT, "amount.range",
	    _("the amounts of the case do not fit the range of amounts: look for a wrong one"));
}

static enum pen_status replace(struct work *work, size_t i, int64_t folio, struct pen_error *error)
{
	const struct pen_amended *record = &work->list->at[i];
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(work->store, PEN_SQL_VERSIONS_REPLACE, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", record->folio);
	pen_db__bind_int(s, ":subject", record->old.v[PEN_SUBJECT].i);
	pen_db__bind_int(s, ":line", record->old.v[PEN_LINE].i);
	pen_db__bind_int(s, ":at", work->at);
	pen_db__bind_int(s, ":by_folio", folio);
	pen_db__bind_int(s, ":by_line", work->layout.line[i]);
	return pen_db__run(s, error);
}

static enum pen_status employ(struct work *work, const struct pen_amended *record, int64_t folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(work->store, PEN_SQL_VERSIONS_EMPLOY, &s, error);

	if (status != PEN_OK || !record->employer)
		return status;
	pen_db__bind_int(s, ":person", record->new.v[PEN_SUBJECT].i);
	pen_db__bind_int(s, ":employer", record->employer);
	pen_db__bind_int(s, ":since", record->new.v[PEN_REGISTRATION_INSURED_ON].i);
	pen_db__bind_int(s, ":folio", folio);
	return pen_db__run(s, error);
}

/* What stands beside the row in other tables. */
static enum pen_status enter_beside(struct work *work, size_t i, const struct pen_folio *folio, struct pen_error *error)
{
	const struct pen_amended *record = &work->list->at[i];
	enum pen_status status = record->old.kind ? replace(work, i, folio->id, error) : PEN_OK;

	if (status == PEN_OK && record->kind->id == PEN_KIND_REGISTRATION)
		status = employ(work, record, folio->id, error);
	if (status == PEN_OK && record->kind->id == PEN_KIND_CONTRIBUTION)
		status = pen_aside__enter(work->store, folio, record->new.v[PEN_SUBJECT].i, error);
	if (status == PEN_OK && record->kind->id == PEN_KIND_OPENING)
		status = pen_places__enter(work->store, record->new.v[PEN_SUBJECT].i,
		    (int32_t)record->new.v[PEN_OPENING_YEAR].i, folio->id, error);
	return status;
}

static enum pen_status write_rows(struct work *work, const struct pen_layout_group *group, struct pen_folio *folio, struct pen_error *error)
{
	struct pen_rows_writer *writer;
	struct pen_row row;
	enum pen_status status = pen_rows__writer(&writer, work->store, pen_layout__record(&work->layout, group, 0)->kind, error);
	size_t k;

	if (status != PEN_OK)
		return status;
	for (k = 0; status == PEN_OK && k < group->count; k++) {
		row = pen_layout__row(&work->layout, group, k);
		status = add_up(folio, &row, error);
		if (status == PEN_OK)
			status = pen_rows__write(writer, folio->id, &row, error);
	}
	if (status == PEN_OK)
		return pen_rows__end_writer(writer, error);
	pen_rows__drop_writer(writer);
	return status;
}

static enum pen_status write_group(struct work *work, struct pen_layout_group *group, struct pen_error *error)
{
	const struct pen_amended *first = pen_layout__record(&work->layout, group, 0);
	struct pen_folio folio = { .batch = work->batch.id, .employer = first->employer, .period = first->period,
		.state = PEN_FOLIO_STAGING };
	enum pen_status status;
	size_t k;

	snprintf(folio.form, sizeof(folio.form), "%s", first->form);
	status = pen_folio__enter(work->store, &folio, error);
	if (status == PEN_OK)
		status = write_rows(work, group, &folio, error);
	for (k = 0; status == PEN_OK && k < group->count; k++)
		status = enter_beside(work, work->layout.order[group->first + k], &folio, error);
	if (status == PEN_OK)
		status = pen_folio__sums(work->store, &folio, error);
	if (status == PEN_OK)
		status = pen_folio__set_state(work->store, folio.id, PEN_FOLIO_CONFIRMED, work->at, error);
	group->folio = folio.id;
	if (status == PEN_OK && !pen_money__add(work->amount, folio.amount_fen, &work->amount))
		work->amount = INT64_MAX;
	return status;
}

/* ------------------------------------------------------------------ all of it -- */

static enum pen_status settle_again(struct work *work, struct pen_error *error)
{
	struct pen_resettle run;
	enum pen_status status = pen_resettle__open(&run, work->session, work->batch.id, work->at, work->layout.person, work->layout.persons, error);
	bool more = true;

	run.year.computed.rows = work->lines;
	while (status == PEN_OK && more) {
		status = pen_resettle__next(&run, &more, error);
		if (status != PEN_OK || !more)
			break;
		status = pen_settlement__enter(&run.year, work->at, error);
		pen_resettle__carry(&run);
		work->trial->settled += (int64_t)run.year.orders;
		if (!pen_money__add(work->amount, run.year.computed.amount, &work->amount))
			work->amount = INT64_MAX;
	}
	if (status == PEN_OK)
		work->lines = run.year.computed.rows;
	pen_resettle__close(&run);
	return status;
}

/* What the rules say, before anything is written and after. */
static enum pen_status judge(struct work *work, struct pen_verdict *verdict, bool after, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t g;

	for (g = 0; status == PEN_OK && g < work->layout.groups; g++)
		status = pen_verdict__group(verdict, &work->layout, &work->layout.group[g], after, error);
	return status;
}

static enum pen_status write_all(struct work *work, int64_t amendment, const char *form, struct pen_error *error)
{
	struct pen_verdict *verdict = NULL;
	enum pen_status status = check_all_standing(work, error);
	size_t g;

	if (status == PEN_OK)
		status = pen_verdict__open(&verdict, work->session, work->at, work->trial, error);
	if (status == PEN_OK)
		status = judge(work, verdict, false, error);
	if (status == PEN_OK)
		status = pen_effect__before(work->trial, work->store, work->layout.person, work->layout.persons, work->at, error);
	if (status == PEN_OK)
		status = enter_batch(work, form, amendment, error);
	for (g = 0; status == PEN_OK && g < work->layout.groups; g++)
		status = write_group(work, &work->layout.group[g], error);
	work->lines = work->trial->versions = (int64_t)work->list->count;
	if (status == PEN_OK)
		status = judge(work, verdict, true, error);
	if (status == PEN_OK)
		status = pen_verdict__end(verdict, error);
	if (status == PEN_OK)
		status = settle_again(work, error);
	if (status == PEN_OK)
		status = pen_effect__after(work->trial, work->store, work->at, error);
	if (status == PEN_OK)
		status = confirm_batch(work, error);
	pen_verdict__close(verdict);
	return status;
}

enum pen_status pen_versions__write(struct pen_session *session, const struct pen_versions_case *of, int64_t at,
    struct pen_trial *trial, struct pen_batch *batch, struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store, .at = at, .list = of->amended, .trial = trial };
	enum pen_status status;

	work.batch.staged_at = work.batch.confirmed_at = work.batch.ended_at = -1;
	if (!of->amended->count)
		return pen_error__refuse(error, "R5.1", "amend.nothing", _("the case changes no record: name at least one"));
	status = pen_layout__make(&work.layout, of->amended, error);
	if (status == PEN_OK)
		status = write_all(&work, of->amendment, of->objection ? "objections" : "amendments", error);
	if (status == PEN_OK) {
		work.batch.confirmed_at = at;
		snprintf(work.batch.state, sizeof(work.batch.state), "confirmed");
		*batch = work.batch;
	}
	pen_text__free(&work.plan);
	pen_layout__free(&work.layout);
	return status;
}
