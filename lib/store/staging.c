#include "store/staging.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/rows.h"

#include <assert.h>

/* One folio and where its rows lie in the pile: [first, first + folio.rows). */
struct stretch { struct pen_folio folio; size_t first; };

/* Invariant, once open: the stretches cover the pile, in order. */
struct pen_staging {
	const struct pen_form *form;
	struct pen_pile *pile;
	struct stretch *stretch;
	size_t count, room;
	int64_t amount_fen, assumed;
};

/* ---------------------------------------------------------------- order -- */

/* Walks the pile in order, the months laid and the sequence numbered. Start it
 * as {0}; `again` is true where a folio begins. */
struct walk { struct pen_piled piled; struct pen_row_run run; struct pen_findings findings; bool again; size_t next; };

static bool walk_next(struct walk *walk, const struct pen_pile *pile)
{
	int64_t employer = walk->piled.employer;
	int32_t period = walk->piled.period;

	if (walk->next == pen_pile__count(pile))
		return false;
	pen_pile__read(pile, walk->next, &walk->piled);
	walk->again = walk->next++ == 0 || walk->piled.employer != employer || walk->piled.period != period;
	if (walk->again)
		walk->run = (struct pen_row_run){ 0 };
	walk->findings.count = 0;
	pen_rule__ordered(&walk->run, &walk->piled.row, walk->piled.first_month, &walk->findings);
	return true;
}

/* What its neighbours speak against goes to the rejects. */
static enum pen_status reject_disordered(struct pen_staging *staging, struct pen_rejects *rejects,
    struct pen_error *error)
{
	size_t count = pen_pile__count(staging->pile);
	bool *gone = pen_memory__calloc(count, sizeof(*gone));
	enum pen_status status = PEN_OK;
	struct walk walk = { .next = 0 };
	bool any = false;

	if (!gone)
		return pen_error__memory(error);
	while (!status && walk_next(&walk, staging->pile)) {
		if (!walk.findings.count)
			continue;
		gone[walk.next - 1] = any = true;
		status = pen_rejects__add(rejects, walk.piled.row.v[PEN_LINE].i, walk.piled.byte,
		    walk.piled.amount_fen, &walk.findings, error);
	}
	if (!status && any)
		pen_pile__drop(staging->pile, gone);
	pen_memory__free(gone);
	return status;
}

/* --------------------------------------------------------------- folios -- */

static struct stretch *add_stretch(struct pen_staging *staging, const struct pen_piled *piled, size_t first)
{
	struct stretch *stretch = staging->stretch;

	if (staging->count == staging->room) {
		size_t room = staging->room ? staging->room * 2 : 64;

		stretch = pen_memory__realloc(staging->stretch, room, sizeof(*stretch));
		if (!stretch)
			return NULL;
		staging->stretch = stretch;
		staging->room = room;
	}
	stretch += staging->count++;
	*stretch = (struct stretch){ .first = first, .folio = {
		.employer = piled->employer, .period = piled->period, .state = PEN_FOLIO_STAGING } };
	snprintf(stretch->folio.form, sizeof(stretch->folio.form), "%s", staging->form->name);
	return stretch;
}

/* False: a sum over more than there is money. */
static bool add_row(struct pen_staging *staging, struct pen_folio *folio, const struct pen_piled *piled)
{
	const struct pen_kind *kind = piled->row.kind;

	folio->rows++;
	if (kind->id == PEN_KIND_CONTRIBUTION)
		staging->assumed += piled->row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i != 0;
	return pen_money__add(folio->amount_fen, piled->amount_fen, &folio->amount_fen) &&
	    pen_money__add(staging->amount_fen, piled->amount_fen, &staging->amount_fen) &&
	    (kind->unit < 0 || pen_money__add(folio->unit_fen, piled->row.v[kind->unit].i, &folio->unit_fen)) &&
	    (kind->personal < 0 || pen_money__add(folio->personal_fen, piled->row.v[kind->personal].i, &folio->personal_fen));
}

static enum pen_status lay_out(struct pen_staging *staging, struct pen_error *error)
{
	struct stretch *stretch = NULL;
	struct walk walk = { .next = 0 };

	while (walk_next(&walk, staging->pile)) {
		if (walk.again)
			stretch = add_stretch(staging, &walk.piled, walk.next - 1);
		if (!stretch)
			return pen_error__memory(error);
		if (!add_row(staging, &stretch->folio, &walk.piled))
			return pen_error__set(error, PEN_INPUT, "amount.range",
			    _("the amounts of the file add up to more than can be counted: compare them with the papers"));
	}
	return PEN_OK;
}

enum pen_status pen_staging__open(struct pen_staging **staging, const struct pen_form *form,
    struct pen_pile *pile, struct pen_rejects *rejects, struct pen_error *error)
{
	struct pen_staging *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->form = form;
	made->pile = pile;
	pen_pile__sort(pile);
	status = reject_disordered(made, rejects, error);
	if (!status)
		status = lay_out(made, error);
	if (status)
		goto err0;
	*staging = made;
	return PEN_OK;
err0:
	pen_staging__close(made);
	return status;
}

void pen_staging__close(struct pen_staging *staging)
{
	if (!staging)
		return;
	pen_memory__free(staging->stretch);
	pen_memory__free(staging);
}

size_t pen_staging__rows(const struct pen_staging *staging)
{
	return pen_pile__count(staging->pile);
}

int64_t pen_staging__amount(const struct pen_staging *staging)
{
	return staging->amount_fen;
}

int64_t pen_staging__assumed(const struct pen_staging *staging)
{
	return staging->assumed;
}

/* A folio that is being staged has no sums yet: they come when its rows are in. */
enum pen_status pen_staging__enter(struct pen_staging *staging, struct pen_store *store, int64_t batch,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct pen_folio folio;
	size_t i;

	for (i = 0; !status && i < staging->count; i++) {
		struct pen_folio *own = &staging->stretch[i].folio;

		own->batch = batch;
		folio = *own;
		folio.rows = folio.unit_fen = folio.personal_fen = folio.amount_fen = 0;
		status = pen_folio__enter(store, &folio, error);
		own->id = folio.id;
		own->number = folio.number;
	}
	return status;
}

struct finding { struct pen_staging *staging; size_t next; bool same; };

static enum pen_status find_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct finding *finding = context;
	struct pen_folio *own;

	(void)error;
	if (finding->next == finding->staging->count) {
		finding->same = false;
		return PEN_OK;
	}
	own = &finding->staging->stretch[finding->next++].folio;
	if (own->employer != folio->employer || own->period != folio->period)
		finding->same = false;
	own->id = folio->id;
	own->number = folio->number;
	own->batch = folio->batch;
	return PEN_OK;
}

enum pen_status pen_staging__find(struct pen_staging *staging, struct pen_store *store, int64_t batch,
    bool *same, struct pen_error *error)
{
	struct finding finding = { .staging = staging, .same = true };
	enum pen_status status = pen_folio__each_of_batch(store, batch, find_folio, &finding, error);

	*same = finding.same && finding.next == staging->count;
	return status;
}

/* ----------------------------------------------------------------- rows -- */

static enum pen_status enter_employment(struct pen_store *store, const struct pen_folio *folio,
    const struct pen_piled *piled, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;

	if (!piled->since || piled->row.kind->id != PEN_KIND_REGISTRATION)
		return PEN_OK;
	status = pen_store__sql(store, PEN_SQL_STAGING_EMPLOYMENT, &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":person", piled->row.v[PEN_SUBJECT].i);
	pen_db__bind_int(s, ":employer", folio->employer);
	pen_db__bind_int(s, ":since", piled->since);
	if (piled->until)
		pen_db__bind_int(s, ":until", piled->until);
	pen_db__bind_int(s, ":folio", folio->id);
	return pen_db__run(s, error);
}

/* Where an opening balance stands. */
static enum pen_status enter_account(struct pen_store *store, const struct pen_folio *folio,
    const struct pen_piled *piled, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;

	if (piled->row.kind->id != PEN_KIND_OPENING)
		return PEN_OK;
	status = pen_store__sql(store, PEN_SQL_STAGING_ACCOUNT, &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":person", piled->row.v[PEN_SUBJECT].i);
	pen_db__bind_int(s, ":year", piled->row.v[PEN_OPENING_YEAR].i);
	pen_db__bind_int(s, ":folio", folio->id);
	return pen_db__run(s, error);
}

/* The stretch that holds row i, the first of all if i is 0. */
static size_t stretch_of(const struct pen_staging *staging, size_t i)
{
	size_t low = 0, high = staging->count, middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (staging->stretch[middle].first <= i)
			low = middle;
		else
			high = middle;
	}
	return low;
}

enum pen_status pen_staging__chunk(struct pen_staging *staging, struct pen_store *store, size_t most,
    int64_t *done, struct pen_error *error)
{
	size_t at = stretch_of(staging, (size_t)*done), end = (size_t)*done + most;
	/* From the start of its folio, so that months and sequence come out alike. */
	struct walk walk = { .next = staging->count ? staging->stretch[at].first : 0 };
	struct pen_rows_writer *writer;
	enum pen_status status;

	status = pen_rows__writer(&writer, store, staging->form->kind, error);
	if (status)
		return status;
	walk.piled.employer = -1;	/* no folio's: the first row begins one */
	while (!status && walk.next < end && walk_next(&walk, staging->pile)) {
		assert(!walk.findings.count);
		if (walk.again)
			at = stretch_of(staging, walk.next - 1);
		if ((int64_t)walk.next <= *done)
			continue;
		status = pen_rows__write(writer, staging->stretch[at].folio.id, &walk.piled.row, error);
		if (!status)
			status = enter_employment(store, &staging->stretch[at].folio, &walk.piled, error);
		if (!status)
			status = enter_account(store, &staging->stretch[at].folio, &walk.piled, error);
		*done = (int64_t)walk.next;
	}
	pen_rows__close_writer(writer);
	return status;
}

static enum pen_status enter_levy_years(struct pen_store *store, int64_t folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_STAGING_LEVY_YEARS, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	pen_db__bind_text(s, ":insurance", PEN_INSURANCE_PENSION);
	return pen_db__run(s, error);
}

enum pen_status pen_staging__finish(struct pen_staging *staging, struct pen_store *store, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && i < staging->count; i++) {
		struct pen_folio *folio = &staging->stretch[i].folio;

		folio->state = PEN_FOLIO_STAGED;
		status = pen_folio__sums(store, folio, error);
		if (!status && staging->form->kind->id == PEN_KIND_LEVY)
			status = enter_levy_years(store, folio->id, error);
	}
	return status;
}
