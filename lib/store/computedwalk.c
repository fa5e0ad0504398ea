#include "store/computedwalk.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/adjusting.h"
#include "store/assessing.h"
#include "store/listed.h"
#include "store/roll.h"
#include "store/rowmatch.h"

#include <inttypes.h>
#include <string.h>

#define RULE "computed.rows"

/* A batch made again. The rows of the folio at hand are kept, to be given out. */
struct again {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	struct pen_roll roll;
	struct pen_listed listed;
	struct pen_assessing assessing;
	struct pen_adjusting adjusting;
	struct pen_computed own, *made;		/* of a roll or an adjustment `own`, else that of the others */
	int64_t *line;				/* before the first of each folio */
	bool *met;
	struct pen_row *row;
	size_t rows, room, next;
};

static struct pen_store *store_of(const struct again *again)
{
	return again->walk->session->store;
}

/* -------------------------------------------------------------- made again -- */

static enum pen_status make_roll(struct again *again, char *text, struct pen_error *error)
{
	struct pen_beneficiary_plan plan;
	enum pen_status status = pen_roll__read_text(text, &plan, error);

	if (status == PEN_OK)
		status = pen_roll__collect(&again->roll, again->walk->session, &plan, error);
	if (status == PEN_OK)
		status = pen_roll__batch(&again->roll, &again->own, error);
	again->made = &again->own;
	return status;
}

static enum pen_status make_list(struct again *again, const char *text, struct pen_error *error)
{
	enum pen_status status = pen_listed__open(&again->listed, again->walk->session, again->batch->form, error);

	again->made = &again->listed.computed;
	return status == PEN_OK ? pen_listed__read(&again->listed, text, error) : status;
}

/* Without a parameter that was there then, nothing can be said of the row. */
static enum pen_status assess_again(struct pen_assessing *assessing, struct pen_assessing_result *result, struct pen_error *error)
{
	enum pen_status status = pen_assessing__make(assessing, result, false, error);

	if (status == PEN_OK && strcmp(result->refused.code, "parameter.missing") == 0) {
		*error = result->refused;
		status = error->status;
	}
	return status;
}

/* Whoever comes to nothing now has no row: that is told as a row that is not the batch's. */
static enum pen_status make_assessments(struct again *again, char *text, struct pen_error *error)
{
	struct pen_assessing *assessing = &again->assessing;
	enum pen_status status = pen_assessing__of_plan(assessing, again->walk->session, text, error);
	size_t i;

	again->made = &assessing->computed;
	for (i = 0; status == PEN_OK && i < assessing->results; i++)
		status = assess_again(assessing, &assessing->result[i], error);
	return status == PEN_OK ? pen_assessing__batch(assessing, error) : status;
}

static enum pen_status make_adjustment(struct again *again, const char *text, size_t n, struct pen_error *error)
{
	struct pen_adjusting *adjusting = &again->adjusting;
	enum pen_status status = pen_adjusting__reopen(adjusting, again->walk->session, text, n, error);

	again->made = &again->own;
	if (status == PEN_OK)
		status = pen_adjusting__collect(adjusting, error);
	return status == PEN_OK ? pen_adjusting__batch(adjusting, &again->own, error) : status;
}

static bool is_assessed(const char *form)
{
	return strcmp(form, PEN_ASSESSING_FORM) == 0 || strcmp(form, PEN_ASSESSING_EXCEPTION) == 0;
}

static enum pen_status make(struct again *again, struct pen_error *error)
{
	char *text;
	size_t n;
	enum pen_status status = pen_blob__load(store_of(again), again->batch->file_digest, &text, &n, error);

	if (status != PEN_OK)
		return status;
	if (is_assessed(again->batch->form))
		status = make_assessments(again, text, error);
	else if (strcmp(again->batch->form, PEN_ADJUSTING_FORM) == 0)
		status = make_adjustment(again, text, n, error);
	else
		status = strcmp(again->batch->form, PEN_ROLL_FORM) == 0 ? make_roll(again, text, error) : make_list(again, text, error);
	pen_memory__free(text);
	return status;
}

/* ---------------------------------------------------------------- supplying -- */

static enum pen_status take_row(void *context, const struct pen_row *row, struct pen_error *error)
{
	struct again *again = context;
	size_t room = again->room ? 2 * again->room : 256;
	struct pen_row *grown;

	if (again->rows == again->room) {
		grown = pen_memory__realloc(again->row, room, sizeof(*grown));
		if (grown == NULL)
			return pen_error__memory(error);
		again->row = grown;
		again->room = room;
	}
	again->row[again->rows++] = *row;
	return PEN_OK;
}

static enum pen_status next_row(void *context, const struct pen_row **row, struct pen_error *error)
{
	struct again *again = context;

	(void)error;
	*row = again->next < again->rows ? &again->row[again->next++] : NULL;
	return PEN_OK;
}

/* The lines of each folio, which are counted through the batch. */
static enum pen_status count_lines(struct again *again, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	again->line = pen_memory__calloc(again->made->folios + 1, sizeof(*again->line));
	again->met = pen_memory__calloc(again->made->folios + 1, sizeof(*again->met));
	if (again->line == NULL || again->met == NULL)
		return pen_error__memory(error);
	for (i = 0; status == PEN_OK && i < again->made->folios; i++) {
		again->line[i] = again->made->rows;
		status = again->made->way->rows(again->made->context, again->made, i, error);
	}
	return status;
}

/* ---------------------------------------------------------------- comparing -- */

static size_t find_folio(const struct again *again, const struct pen_folio *folio)
{
	size_t i;

	for (i = 0; i < again->made->folios; i++)
		if (again->made->folio[i].employer == folio->employer && again->made->folio[i].period == folio->period)
			return i;
	return i;
}

static enum pen_status compare_amount(struct again *again, const struct pen_folio *folio, int64_t amount, struct pen_error *error)
{
	char found[24], expected[24];

	if (folio->amount_fen == amount)
		return PEN_OK;
	pen_money__format(folio->amount_fen, found);
	pen_money__format(amount, expected);
	return pen_walk__report(again->walk, &(struct pen_walk_place){ RULE, "amount_fen", found, expected, folio->batch, 0 }, error,
	    _("folio %" PRId64 " (%s) of batch %" PRId64), folio->id, folio->form, folio->batch);
}

static enum pen_status compare_folio(struct again *again, const struct pen_folio *folio, bool roots, struct pen_error *error)
{
	size_t i = find_folio(again, folio);
	const struct pen_rowmatch match = { .walk = again->walk, .batch = again->batch, .folio = folio,
		.kind = pen_kind__of(again->made->way->kind), .rule = RULE, .row = _("the row of the batch made again"),
		.rows = _("the rows of the batch made again"), .none = _("no such row: the batch made again does not have it"),
		.supply = next_row, .context = again };
	enum pen_status status = PEN_OK;

	again->rows = again->next = 0;
	again->made->at = (struct pen_folio){ .id = 0 };
	if (i < again->made->folios) {
		again->met[i] = true;
		again->made->rows = again->line[i];
		status = again->made->way->rows(again->made->context, again->made, i, error);
	}
	if (status == PEN_OK)
		status = pen_rowmatch__rows(&match, error);
	if (status == PEN_OK)
		status = compare_amount(again, folio, again->made->at.amount_fen, error);
	again->next = 0;
	return status == PEN_OK && roots ? pen_rowmatch__root(&match, error) : status;
}

static enum pen_status report_unmet(struct again *again, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < again->made->folios && status == PEN_OK; i++)
		if (!again->met[i])
			status = pen_walk__report(again->walk, &(struct pen_walk_place){ RULE, "folio", _("no such folio"),
			    _("the folio of the batch made again"), again->batch->id, 0 }, error,
			    _("batch %" PRId64 " (%s), employer number %" PRId64), again->batch->id, again->batch->file_name,
			    again->made->folio[i].employer);
	return status;
}

static enum pen_status compare(struct again *again, const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error)
{
	enum pen_status status = make(again, error);
	size_t i;

	if (status == PEN_OK)
		status = count_lines(again, error);
	again->made->take = take_row;
	again->made->taking = again;
	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_walk__go_on(again->walk, _("what was computed"), (int64_t)i, (int64_t)count, error);
		if (status == PEN_OK)
			status = compare_folio(again, &folios[i], roots, error);
	}
	return status == PEN_OK && roots ? report_unmet(again, error) : status;
}

enum pen_status pen_computedwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error)
{
	struct again again = { .walk = walk, .batch = batch };
	char record[300];
	enum pen_status status;

	if (strcmp(batch->form, PEN_ROLL_FORM) != 0 && strcmp(batch->form, PEN_ADJUSTING_FORM) != 0 && !is_assessed(batch->form) &&
	    pen_listed__way(batch->form) == NULL)
		return PEN_OK;
	again.made = &again.own;
	walk->sources++;
	status = compare(&again, folios, count, roots, error);
	snprintf(record, sizeof(record), _("batch %" PRId64 " (%s)"), batch->id, batch->file_name);
	if (status == PEN_REFUSED || status == PEN_INPUT)
		status = pen_walk__not_made(walk, RULE, record, error->text, error);
	status = pen_walk__damage(walk, status, RULE, batch->id, record, error);
	if (again.made == &again.own)
		pen_computed__free(&again.own);
	pen_assessing__free(&again.assessing);
	pen_adjusting__free(&again.adjusting);
	pen_listed__free(&again.listed);
	pen_roll__free(&again.roll);
	pen_memory__free(again.line);
	pen_memory__free(again.met);
	pen_memory__free(again.row);
	return status;
}
