#include "store/staging.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/rows.h"

#include <assert.h>

#define PERIODS 64	/* years whose answers are remembered side by side */

/* One folio and where its rows lie in the pile: [first, first + folio.rows). */
struct stretch { struct pen_folio folio; size_t first; };

/* Invariant, once open: the stretches cover the pile, in order; taken[] is what
 * other folios have of their months, in the same order. */
struct pen_staging {
	struct pen_store *store;
	const struct pen_form *form;
	struct pen_pile *pile;
	struct stretch *stretch;
	size_t count, room;
	int64_t amount_fen, assumed;
	struct pen_months_taken *taken;
	size_t taken_count, taken_room;
	struct { int32_t period; bool any; } asked[PERIODS];	/* by period; -1: not yet */
};

/* ------------------------------------------------------ months of others -- */

/* Whether any folio of the period has months at all: a first breakdown asks
 * no more than that. */
static enum pen_status ask_period(struct pen_staging *staging, int32_t period, bool *any, struct pen_error *error)
{
	size_t slot = (size_t)period % PERIODS;
	struct pen_statement *s;
	enum pen_status status;

	*any = staging->asked[slot].any;
	if (staging->asked[slot].period == period)
		return PEN_OK;
	status = pen_store__sql(staging->store, PEN_SQL_STAGING_TAKEN_ANY, &s, error);
	if (status)
		return status;
	pen_db__bind_text(s, ":form", staging->form->name);
	pen_db__bind_int(s, ":period", period);
	status = pen_db__step(s, any, error);
	pen_db__reset(s);
	if (!status) {
		staging->asked[slot].period = period;
		staging->asked[slot].any = *any;
	}
	return status;
}

static bool add_taken(struct pen_staging *staging, const struct pen_months_taken *taken)
{
	size_t room = staging->taken_room ? staging->taken_room * 2 : 256;
	struct pen_months_taken *grown;

	if (staging->taken_count == staging->taken_room) {
		grown = pen_memory__realloc(staging->taken, room, sizeof(*grown));
		if (!grown)
			return false;
		staging->taken = grown;
		staging->taken_room = room;
	}
	staging->taken[staging->taken_count++] = *taken;
	return true;
}

/* Reads what the other folios of an employer's year have, once, where its rows
 * begin. */
static enum pen_status read_taken(struct pen_staging *staging, const struct pen_piled *piled, struct pen_error *error)
{
	struct pen_months_taken taken = { .employer = piled->employer, .period = piled->period };
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	if (staging->form->kind->id != PEN_KIND_CONTRIBUTION)
		return PEN_OK;
	status = ask_period(staging, piled->period, &row, error);
	if (status || !row)
		return status;
	status = pen_store__sql(staging->store, PEN_SQL_STAGING_TAKEN, &s, error);
	if (status)
		return status;
	pen_db__bind_text(s, ":form", staging->form->name);
	pen_db__bind_int(s, ":employer", piled->employer);
	pen_db__bind_int(s, ":period", piled->period);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		taken.person = pen_db__int(s, 0);
		taken.folio = pen_db__int(s, 1);
		taken.months = (int32_t)pen_db__int(s, 2);
		if (!add_taken(staging, &taken)) {
			status = pen_error__memory(error);
			break;
		}
	}
	pen_db__reset(s);
	return status;
}

/* Below 0: what was taken comes before the row's person in the pile's order. */
static int order_taken(const struct pen_months_taken *taken, const struct pen_piled *piled)
{
	int64_t person = piled->row.v[PEN_SUBJECT].i;

	if (taken->employer != piled->employer)
		return taken->employer < piled->employer ? -1 : 1;
	if (taken->period != piled->period)
		return taken->period < piled->period ? -1 : 1;
	return (taken->person > person) - (taken->person < person);
}

/* Sets in the run what other folios have of the row's person. */
static void seed(const struct pen_staging *staging, const struct pen_piled *piled, struct pen_row_run *run)
{
	size_t low = 0, high = staging->taken_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (order_taken(&staging->taken[middle], piled) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; high < staging->taken_count && order_taken(&staging->taken[high], piled) == 0; high++)
		;
	run->other_count = high - low;
	run->others = run->other_count ? &staging->taken[low] : NULL;
}

/* ---------------------------------------------------------------- order -- */

/* Walks the pile in order, the months laid and the sequence numbered. Start it
 * as {0}; `again` is true where a folio begins. A step reads the row, which is
 * judged by those before it and by other folios. */
struct walk { struct pen_piled piled; struct pen_row_run run; struct pen_findings findings; bool again; size_t next; };

static bool walk_step(struct walk *walk, const struct pen_pile *pile)
{
	int64_t employer = walk->piled.employer;
	int32_t period = walk->piled.period;

	if (walk->next == pen_pile__count(pile))
		return false;
	pen_pile__read(pile, walk->next, &walk->piled);
	walk->again = walk->next++ == 0 || walk->piled.employer != employer || walk->piled.period != period;
	return true;
}

static void walk_judge(struct walk *walk, const struct pen_staging *staging)
{
	if (walk->again)
		walk->run = (struct pen_row_run){ 0 };
	if (staging->taken_count && walk->piled.row.v[PEN_SUBJECT].i != walk->run.subject)
		seed(staging, &walk->piled, &walk->run);
	walk->findings.count = 0;
	pen_rule__ordered(&walk->run, &walk->piled.row, walk->piled.first_month, &walk->findings);
}

static bool walk_next(struct walk *walk, const struct pen_staging *staging)
{
	bool more = walk_step(walk, staging->pile);

	if (more)
		walk_judge(walk, staging);
	return more;
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
	while (!status && walk_step(&walk, staging->pile)) {
		if (walk.again)
			status = read_taken(staging, &walk.piled, error);
		if (status)
			break;
		walk_judge(&walk, staging);
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

	while (walk_next(&walk, staging)) {
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

enum pen_status pen_staging__open(struct pen_staging **staging, struct pen_store *store,
    const struct pen_form *form, struct pen_pile *pile, struct pen_rejects *rejects, struct pen_error *error)
{
	struct pen_staging *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;
	size_t i;

	if (!made)
		return pen_error__memory(error);
	for (i = 0; i < PERIODS; i++)
		made->asked[i].period = -1;
	made->store = store;
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
	pen_memory__free(staging->taken);
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

static enum pen_status enter_period(struct pen_store *store, int64_t folio, int64_t person, int64_t employer,
    int32_t since, int32_t until, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_STAGING_EMPLOYMENT, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":since", since);
	if (until)
		pen_db__bind_int(s, ":until", until);
	pen_db__bind_int(s, ":folio", folio);
	return pen_db__run(s, error);
}

/* A registration and a change begin a period or end one; a move does both. */
static enum pen_status enter_employment(struct pen_store *store, const struct pen_folio *folio,
    const struct pen_piled *piled, struct pen_error *error)
{
	enum pen_kind_id kind = piled->row.kind->id;
	int64_t person = piled->row.v[PEN_SUBJECT].i;
	enum pen_status status;

	if (!piled->since || (kind != PEN_KIND_REGISTRATION && kind != PEN_KIND_CHANGE))
		return PEN_OK;
	status = enter_period(store, folio->id, person, folio->employer, piled->since, piled->until, error);
	if (status || kind != PEN_KIND_CHANGE || piled->row.v[PEN_CHANGE_TO].type == PEN_NULL)
		return status;
	return enter_period(store, folio->id, person, piled->row.v[PEN_CHANGE_TO].i,
	    (int32_t)piled->row.v[PEN_CHANGE_MONTH].i * 100 + 1, 0, error);
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
	while (!status && walk.next < end && walk_next(&walk, staging)) {
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
