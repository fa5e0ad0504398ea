#include "store/closedwalk.h"

#include "base/error.h"
#include "base/money.h"
#include "store/closing.h"
#include "store/merging.h"
#include "store/rowmatch.h"

#include <inttypes.h>
#include <string.h>

#define RULE "settlement.rows"

/* The rows of a close-out or a merge, with their lines, given out one by one; and what they
 * amount to. */
struct supply { struct pen_row row[PEN_ENDING_ROWS]; int count, next; int64_t amount; };

static enum pen_status next_row(void *context, const struct pen_row **row, struct pen_error *error)
{
	struct supply *supply = context;

	(void)error;
	*row = supply->next < supply->count ? &supply->row[supply->next++] : NULL;
	return PEN_OK;
}

static void take_made(struct supply *supply, const struct pen_ending *made)
{
	for (supply->count = 0; supply->count < made->rows; supply->count++) {
		supply->row[supply->count] = made->row[supply->count];
		supply->row[supply->count].v[PEN_LINE] = pen_value__integer(supply->count + 1);
	}
	supply->amount = made->total_fen;
}

static enum pen_status compare_amount(struct pen_walk *walk, const struct pen_folio *folio, int64_t amount,
    struct pen_error *error)
{
	char found[24], expected[24];

	if (folio->amount_fen == amount)
		return PEN_OK;
	pen_money__format(folio->amount_fen, found);
	pen_money__format(amount, expected);
	return pen_walk__report(walk, &(struct pen_walk_place){ RULE, "amount_fen", found, expected, folio->batch, 0 }, error,
	    _("folio %" PRId64 " (%s%s%s) of batch %" PRId64), folio->id, folio->form, folio->credit_code[0] ? " " : "",
	    folio->credit_code, folio->batch);
}

static enum pen_status compare_folio(struct pen_walk *walk, const struct pen_batch *batch, const struct pen_folio *folio,
    struct supply *supply, bool roots, struct pen_error *error)
{
	const struct pen_rowmatch match = { .walk = walk, .batch = batch, .folio = folio, .kind = pen_kind__of(PEN_KIND_MOVEMENT),
		.rule = RULE, .row = _("the row of the settlement made again"), .rows = _("the rows of the settlement made again"),
		.none = _("no such row: the settlement made again does not have it"), .supply = next_row, .context = supply };
	enum pen_status status;

	supply->next = 0;
	status = pen_rowmatch__rows(&match, error);
	if (status == PEN_OK)
		status = compare_amount(walk, folio, supply->amount, error);
	supply->next = 0;
	return status == PEN_OK && roots ? pen_rowmatch__root(&match, error) : status;
}

static enum pen_status compare(struct pen_walk *walk, const struct pen_batch *batch, const struct pen_folio *folios, size_t count,
    struct supply *supply, bool roots, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	char record[300];
	size_t i;

	for (i = 0; status == PEN_OK && i < count; i++)
		status = compare_folio(walk, batch, &folios[i], supply, roots, error);
	if (status != PEN_OK || count || !roots)
		return status;
	snprintf(record, sizeof(record), _("batch %" PRId64 " (%s)"), batch->id, batch->file_name);
	return pen_walk__report(walk, &(struct pen_walk_place){ RULE, "folio", _("no such folio"),
	    _("the folio of the settlement made again"), batch->id, 0 }, error, "%s", record);
}

static enum pen_status make_closing(struct pen_walk *walk, const struct pen_batch *batch, struct supply *supply, bool *is, struct pen_error *error)
{
	struct pen_closing made;
	enum pen_status status;

	pen_closing__start(&made, walk->session);
	status = pen_closing__read_plan(&made, batch, is, error);
	if (status == PEN_OK && *is)
		status = pen_closing__collect(&made, error);
	if (status == PEN_OK && *is)
		take_made(supply, &made.end);
	pen_closing__free(&made);
	return status;
}

static enum pen_status make_merging(struct pen_walk *walk, const struct pen_batch *batch, struct supply *supply, bool *is, struct pen_error *error)
{
	struct pen_merging made;
	enum pen_status status;

	pen_merging__start(&made, walk->session);
	status = pen_merging__read_plan(&made, batch, is, error);
	if (status == PEN_OK && *is)
		status = pen_merging__collect(&made, error);
	if (status == PEN_OK && *is)
		take_made(supply, &made.end);
	pen_merging__free(&made);
	return status;
}

enum pen_status pen_closedwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error)
{
	struct supply supply = { .count = 0 };
	char record[300];
	bool is = false;
	enum pen_status status = make_closing(walk, batch, &supply, &is, error);

	if (status == PEN_OK && !is)
		status = make_merging(walk, batch, &supply, &is, error);
	if (is)
		walk->sources++;
	if (status == PEN_OK && is)
		status = compare(walk, batch, folios, count, &supply, roots, error);
	snprintf(record, sizeof(record), _("batch %" PRId64 " (%s)"), batch->id, batch->file_name);
	if (status == PEN_REFUSED || status == PEN_INPUT)
		status = pen_walk__not_made(walk, RULE, record, error->text, error);
	return pen_walk__damage(walk, status, RULE, batch->id, record, error);
}
