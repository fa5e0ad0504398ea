/* The lead's check of what was entered against what was asked for (R5.3.2): field by
 * field, what stood and what stands, and the lead's signature under the new versions. */
#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/applications.h"
#include "store/casework.h"
#include "store/layout.h"
#include "work/undersign.h"
#include "store/walk.h"

#include <inttypes.h>
#include <string.h>

struct work {
	struct pen_session *session;
	struct pen_store *store;
	struct pen_printer *printer;
	struct pen_case of;
	struct pen_batch batch;
	struct pen_amendeds list;
	struct pen_layout layout;
	int64_t fields, differ;
	bool dry_run;
};

/* ------------------------------------------------------------ field by field -- */

static const char *show(const struct pen_kind *kind, int column, const struct pen_value *value, char out[200])
{
	return value->type == PEN_NULL ? NULL : pen_kind__show(kind, column, value, out, 200);
}

/* A field: as it stood, as it was to stand, and as it stands in the new version. */
static enum pen_status check_field(struct work *work, const struct pen_amended *record, const char *who, int64_t folio,
    const struct pen_row *entered, int column, struct pen_error *error)
{
	const struct pen_kind *kind = record->kind;
	bool same = entered && pen_value__equal(&entered->v[column], &record->new.v[column]);
	const struct pen_value none = pen_value__null();
	char was[200], asked[200], is[200];
	const struct pen_item row[] = {
		PEN_I_TEXT("record", _("record"), who), PEN_I_INT("folio", _("folio"), folio),
		PEN_I_TEXT("field", _("field"), kind->columns[column].name), PEN_I_TEXT("title", _("title"), kind->columns[column].title),
		PEN_I_TEXT("old", _("old value"), show(kind, column, record->old.kind ? &record->old.v[column] : &none, was)),
		PEN_I_TEXT("asked", _("asked for"), show(kind, column, &record->new.v[column], asked)),
		PEN_I_TEXT("entered", _("entered"), show(kind, column, entered ? &entered->v[column] : &none, is)),
		PEN_I_FLAG("same", _("same"), same),
	};

	(void)error;
	pen_printer__row(work->printer, "field", PEN_ITEMS(row));
	work->fields++;
	work->differ += !same;
	return PEN_OK;
}

/* All columns that changed, and any other that should have stayed. */
static enum pen_status check_record(struct work *work, const struct pen_amended *record, int64_t folio, const struct pen_row *entered,
    struct pen_error *error)
{
	char who[PEN_WHO];
	enum pen_status status = pen_walk__who(work->store, record->kind, record->new.v, who, error);
	bool changed, kept;
	int i;

	for (i = PEN_LINE + 1; status == PEN_OK && i < record->kind->count; i++) {
		if (record->kind->id == PEN_KIND_CONTRIBUTION && i == PEN_CONTRIBUTION_SEQUENCE)
			continue;
		changed = record->old.kind ? !pen_value__equal(&record->old.v[i], &record->new.v[i]) : record->new.v[i].type != PEN_NULL;
		kept = entered && pen_value__equal(&entered->v[i], &record->new.v[i]);
		if (changed || !kept)
			status = check_field(work, record, who, folio, entered, i, error);
	}
	return status;
}

static enum pen_status read_entered(struct work *work, const struct pen_layout_group *group, size_t k, struct pen_error *error)
{
	const struct pen_amended *record = pen_layout__record(&work->layout, group, k);
	struct pen_row expected = pen_layout__row(&work->layout, group, k);
	const struct pen_row *row = NULL;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open_subject(&rows, work->store, record->kind, group->folio, expected.v[PEN_SUBJECT].i, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row && row->v[PEN_LINE].i != expected.v[PEN_LINE].i)
		;
	if (status == PEN_OK)
		status = check_record(work, record, group->folio, row, error);
	pen_rows__close(rows);
	return status;
}

static enum pen_status find_group(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	const struct pen_amended *first;
	size_t g;

	(void)error;
	for (g = 0; g < work->layout.groups; g++) {
		first = pen_layout__record(&work->layout, &work->layout.group[g], 0);
		if (strcmp(first->form, folio->form) == 0 && first->employer == folio->employer && first->period == folio->period)
			work->layout.group[g].folio = folio->id;
	}
	return PEN_OK;
}

static enum pen_status check_records(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_applications__load(work->store, work->of.id, work->of.revision, &work->list, error);
	size_t g, k;

	if (status == PEN_OK)
		status = pen_layout__make(&work->layout, &work->list, error);
	if (status == PEN_OK)
		status = pen_folio__each_of_batch(work->store, work->batch.id, find_group, work, error);
	for (g = 0; status == PEN_OK && g < work->layout.groups; g++)
		for (k = 0; status == PEN_OK && k < work->layout.group[g].count; k++)
			status = read_entered(work, &work->layout.group[g], k, error);
	if (status == PEN_OK && work->differ)
		status = pen_error__set(error, PEN_INTEGRITY, "amend.differs",
		    _("%" PRId64 " fields of case %" PRId64 " are not as it asked for; nothing was signed: run pen-verify"), work->differ, work->of.id);
	return status;
}

/* ------------------------------------------------------------ the signature -- */

/* The one seal of the batch: open until the case is closed. */
static enum pen_status take_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct pen_seal *found = context;

	(void)error;
	if (strcmp(seal->state, "open") == 0)
		*found = *seal;
	return PEN_OK;
}

static enum pen_status sign(struct work *work, struct pen_error *error)
{
	struct pen_seal seal = { .id = 0 };
	struct pen_folio *folios = NULL;
	struct pen_form *form = NULL;
	size_t count;
	enum pen_status status = pen_settings__kept_form(work->store, work->batch.form_digest, &form, error);

	if (status == PEN_OK)
		status = pen_sealing__each(work->store, work->batch.id, take_seal, &seal, error);
	if (status == PEN_OK && !seal.id)
		status = pen_error__set(error, PEN_INTEGRITY, "amend.seal",
		    _("batch %" PRId64 " of case %" PRId64 " has no open seal: run pen-verify"), work->batch.id, work->of.id);
	if (status == PEN_OK)
		status = pen_sealing__folios(work->store, seal.id, &folios, &count, error);
	if (status == PEN_OK)
		status = pen_undersign__countersign(work->session, &work->batch, &seal, form->role[1], folios, count, error);
	if (status == PEN_OK)
		pen_memory__free(folios);
	pen_form__free(form);
	return status;
}

static enum pen_status check(struct work *work, struct pen_error *error)
{
	const struct pen_casework made = { .move = PEN_AMENDMENT_CHECK };
	struct pen_db *db = pen_store__db(work->store);
	bool found;
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = pen_batch__find(work->store, work->of.batch, &work->batch, &found, error);
	if (status == PEN_OK && !found)
		status = pen_error__set(error, PEN_INTEGRITY, "amend.batch",
		    _("batch %" PRId64 " of case %" PRId64 " is not in the store: run pen-verify"), work->of.batch, work->of.id);
	if (status == PEN_OK)
		status = check_records(work, error);
	if (status == PEN_OK)
		status = pen_casework__make(work->session, &work->of, &made, NULL, error);
	if (status == PEN_OK)
		status = sign(work, error);
	if (status == PEN_OK && !work->dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

/* ------------------------------------------------------------------ the verb -- */

static void open_table(struct work *work)
{
	const struct pen_item columns[] = {
		PEN_I_TEXT("record", _("record"), NULL), PEN_I_INT("folio", _("folio"), 0), PEN_I_TEXT("field", _("field"), NULL),
		PEN_I_TEXT("title", _("title"), NULL), PEN_I_TEXT("old", _("old value"), NULL), PEN_I_TEXT("asked", _("asked for"), NULL),
		PEN_I_TEXT("entered", _("entered"), NULL), PEN_I_FLAG("same", _("same"), false),
	};
	const struct pen_items row = PEN_ITEMS(columns);

	pen_printer__open_table(work->printer, "check", _("What was entered, against the application"), &row);
}

static void close_table(struct work *work, enum pen_status status)
{
	const struct pen_item summary[] = {
		PEN_I_INT("case", _("case"), work->of.id),
		PEN_I_TEXT("state", _("state"), pen_amendment__state_name(work->of.state)),
		PEN_I_INT("batch", _("batch"), work->batch.id), PEN_I_INT("fields", _("fields"), work->fields),
		PEN_I_INT("differ", _("that differ"), work->differ),
		PEN_I_TEXT("next", _("next"), pen_amendment__next(work->of.form, work->of.state)),
		PEN_I_FLAG("dry_run", _("dry run"), work->dry_run),
	};

	pen_printer__close_table(work->printer, PEN_ITEMS(summary), status);
}

enum pen_status pen_check_case(struct pen_session *session, int64_t id, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store, .printer = printer, .dry_run = dry_run };
	char subject[40];
	enum pen_status status = pen_casework__begin(session, id, PEN_AMENDMENT_CHECK, dry_run, &work.of, error);

	if (status != PEN_OK)
		goto out;
	open_table(&work);
	status = check(&work, error);
	close_table(&work, status);
	snprintf(subject, sizeof(subject), "case %" PRId64, id);
	if (status == PEN_INTEGRITY && !dry_run)
		status = pen_session__stopped_short(session, "amend.check", subject, "R5.3.2", error);
out:
	pen_layout__free(&work.layout);
	pen_amended__free(&work.list);
	pen_cases__free(&work.of);
	return status;
}
