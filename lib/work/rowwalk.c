#include "work/rowwalk.h"

#include "base/error.h"
#include "model/amended.h"
#include "store/rows.h"
#include "store/settings.h"

#include <inttypes.h>

#define TOLD 10000	/* rows between two words on how far it is */
#define BLOCK 16	/* folios that stay in one piece */

/* The walk; batch, kind and rows (NULL: none opened yet) are those under way. */
struct reading {
	struct pen_walk *walk;
	const struct pen_rowwalk *of;
	struct pen_rulewalk *rules;
	const struct pen_batch *batch;
	const struct pen_kind *kind;
	struct pen_rows *rows;
	int64_t read;
};

static struct pen_store *store_of(const struct reading *reading)
{
	return reading->walk->session->store;
}

static enum pen_status check_row(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	bool replaced = false;
	enum pen_status status = PEN_OK;

	if (++reading->read % TOLD == 0) {
		status = pen_walk__go_on(reading->walk, _("the rules on rows"), reading->walk->rows, -1, error);
		if (status == PEN_OK)
			status = pen_walk__look(reading->walk, error);
	}
	if (status == PEN_OK)
		status = pen_rulewalk__replaced(reading->rules, folio->id, row, &replaced, error);
	return status != PEN_OK || replaced ? status : pen_rulewalk__row(reading->rules, row, error);
}

/* The rows of a folio, for one statement serves all those of a batch; or those that
 * the walk is narrowed to. */
static enum pen_status turn_to(struct reading *reading, int64_t folio, struct pen_error *error)
{
	const struct pen_scope *scope = reading->walk->scope;
	int64_t subject = scope == NULL ? 0 : reading->kind->of_people ? scope->person : scope->employer;

	if (reading->rows != NULL && !subject) {
		pen_rows__turn(reading->rows, folio);
		return PEN_OK;
	}
	pen_rows__close(reading->rows);
	reading->rows = NULL;
	return subject ? pen_rows__open_subject(&reading->rows, store_of(reading), reading->kind, folio, subject, error) :
	    pen_rows__open(&reading->rows, store_of(reading), reading->kind, folio, error);
}

static bool is_wanted(const struct pen_kind *kind)
{
	return kind != NULL && kind->id != PEN_KIND_CONTRIBUTION;
}

/* The folios of a case's batch are each of a kind of their own. */
static bool turn_to_kind(struct reading *reading, const struct pen_folio *folio)
{
	const struct pen_kind *kind = pen_amended__kind(folio->form);

	if (!is_wanted(kind))
		return false;
	if (kind != reading->kind) {
		pen_rows__close(reading->rows);
		reading->rows = NULL;
	}
	reading->kind = kind;
	return true;
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	const struct pen_scope *scope = reading->walk->scope;
	const struct pen_row *row;
	enum pen_status status;

	if ((int64_t)((uint64_t)folio->id / BLOCK % (uint64_t)reading->of->pieces) != reading->of->piece)
		return PEN_OK;
	if (folio->confirmed_at < 0 || folio->confirmed_at >= reading->walk->size ||
	    (folio->state != PEN_FOLIO_CONFIRMED && folio->state != PEN_FOLIO_SEALED))
		return PEN_OK;
	if (scope != NULL && !pen_scope__has_folio(scope, folio->id))
		return PEN_OK;
	if (reading->batch->amendment && !turn_to_kind(reading, folio))
		return PEN_OK;
	pen_rulewalk__folio(reading->rules, reading->batch, reading->kind, folio);
	status = pen_walk__look(reading->walk, error);
	if (status == PEN_OK)
		status = turn_to(reading, folio->id, error);
	while (status == PEN_OK && (status = pen_rows__next(reading->rows, &row, error)) == PEN_OK && row != NULL)
		status = check_row(reading, folio, row, error);
	return status;
}

static enum pen_status visit_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_form *form = NULL;
	char record[64];
	enum pen_status status;

	if (!pen_walk__among(reading->of->batches, reading->of->count, batch->id))
		return PEN_OK;
	snprintf(record, sizeof(record), _("batch %" PRId64), batch->id);
	status = pen_settings__kept_form(store_of(reading), batch->form_digest, &form, error);
	if (status == PEN_OK && (batch->amendment || is_wanted(form->kind))) {
		reading->batch = batch;
		reading->kind = form->kind;
		status = pen_folio__each_of_batch(store_of(reading), batch->id, visit_folio, reading, error);
		pen_rows__close(reading->rows);
		reading->rows = NULL;
		if (status == PEN_OK)
			status = pen_walk__go_on(reading->walk, _("the rules on rows"), reading->walk->rows, -1, error);
	}
	pen_form__free(form);
	return pen_walk__damage(reading->walk, status, "seal.state", batch->id, record, error);
}

enum pen_status pen_rowwalk__run(struct pen_walk *walk, const struct pen_rowwalk *of, struct pen_error *error)
{
	struct reading reading = { .walk = walk, .of = of };
	enum pen_status status = pen_rulewalk__open(&reading.rules, walk, of->known, error);

	if (status != PEN_OK)
		return status;
	status = pen_batch__each(store_of(&reading), visit_batch, &reading, error);
	pen_walk__look_away(walk);
	pen_rulewalk__close(reading.rules);
	return status;
}
