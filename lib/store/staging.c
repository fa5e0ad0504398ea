#include "store/staging.h"

#include "adapter/db_bulk.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/aside.h"
#include "store/elsewhere.h"
#include "store/rows.h"
#include "store/taken.h"

#include <assert.h>
#include <string.h>

/* A folio of the batch; `left` are its rows still to be written. One that is set
 * aside has the finding of its first row: why somebody has to look at it. */
struct stretch { struct pen_folio folio; int64_t left; int64_t subject; const struct pen_rule *rule; char found[160], expected[160]; };
struct stretches { struct stretch *at; size_t count, room; };

/* What becomes of a row, two bits each, in the pile's order. */
enum mark { STAYS, GONE, ASIDE };

/* Going through the pile in order, the months laid and the sequence numbered. `run`
 * is that of the folio, `aside` that of what is set aside of the subject at hand.
 * `again` is true where a folio begins. */
struct walk {
	struct pen_pile_walk *pile;
	struct pen_piled piled;
	struct pen_row_run run, aside;
	int64_t subject;		/* of the row at hand, in whichever of them */
	struct pen_findings findings;
	size_t next;			/* rows read */
	bool row, again;
};

/* Invariant, once open: mark[] says for each row which folio it is of: the ones
 * that stay make `main`, in their order, those set aside `aside`. */
struct pen_staging {
	struct pen_store *store;
	const struct pen_form *form;
	struct pen_pile *pile;
	struct pen_book *book;
	unsigned char *mark;
	struct stretches main, aside;
	size_t rows;			/* that stay or are set aside */
	int64_t amount_fen, assumed;
	struct pen_taken *taken;
	struct pen_elsewhere *elsewhere;
	struct walk walk;		/* of the writing */
	size_t main_at, aside_at;	/* one behind the folio at hand */
	int64_t written;		/* rows gone through so far */
};

/* ---------------------------------------------------------------- marks -- */

static enum mark mark_of(const struct pen_staging *staging, size_t i)
{
	return (enum mark)(staging->mark[i / 4] >> 2 * (i % 4) & 3);
}

static void set_mark(struct pen_staging *staging, size_t i, enum mark mark)
{
	staging->mark[i / 4] = (unsigned char)(staging->mark[i / 4] | mark << 2 * (i % 4));
}

/* -------------------------------------------------------------- walking -- */

static enum pen_status walk_step(struct pen_staging *staging, struct walk *walk, struct pen_error *error)
{
	int64_t employer = walk->piled.employer, before = walk->subject;
	int32_t period = walk->piled.period;
	enum pen_status status = pen_pile__next(walk->pile, &walk->piled, &walk->row, error);

	if (status || !walk->row)
		return status;
	walk->subject = walk->piled.row.v[PEN_SUBJECT].i;
	walk->again = walk->next++ == 0 || walk->piled.employer != employer || walk->piled.period != period;
	if (walk->again) {
		walk->run = (struct pen_row_run){ 0 };
		if (staging->taken)
			status = pen_taken__read(staging->taken, walk->piled.employer, walk->piled.period, error);
	}
	if (status || (!walk->again && walk->subject == before))
		return status;
	if (staging->taken) {
		pen_taken__seed(staging->taken, walk->subject, &walk->run);
		walk->aside = (struct pen_row_run){ 0 };
		walk->aside.others = walk->run.others;
		walk->aside.other_count = walk->run.other_count;
	}
	return status;
}

static void judge(struct walk *walk, struct pen_row_run *run)
{
	walk->findings.count = 0;
	pen_rule__ordered(run, &walk->piled.row, walk->piled.first_month, &walk->findings);
}

/* -------------------------------------------------------------- folios -- */

static struct stretch *add_stretch(struct pen_staging *staging, struct stretches *stretches, const struct pen_piled *piled)
{
	struct stretch *stretch;

	if (stretches->count == stretches->room) {
		size_t room = stretches->room ? stretches->room * 2 : 64;

		stretch = pen_memory__realloc(stretches->at, room, sizeof(*stretch));
		if (!stretch)
			return NULL;
		stretches->at = stretch;
		stretches->room = room;
	}
	stretch = &stretches->at[stretches->count++];
	*stretch = (struct stretch){ .subject = piled->row.v[PEN_SUBJECT].i, .folio = {
		.employer = piled->employer, .period = piled->period, .state = PEN_FOLIO_STAGING } };
	snprintf(stretch->folio.form, sizeof(stretch->folio.form), "%s", staging->form->name);
	return stretch;
}

static bool is_of(const struct stretch *stretch, const struct pen_piled *piled)
{
	return stretch->folio.employer == piled->employer && stretch->folio.period == piled->period;
}

static struct stretch *last_of(struct stretches *stretches)
{
	return stretches->count ? &stretches->at[stretches->count - 1] : NULL;
}

/* False: a sum over more than there is money. */
static bool add_row(struct pen_staging *staging, struct pen_folio *folio, const struct pen_piled *piled)
{
	const struct pen_kind *kind = piled->row.kind;

	folio->rows++;
	staging->rows++;
	if (kind->id == PEN_KIND_CONTRIBUTION)
		staging->assumed += piled->row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i != 0;
	return pen_money__add(folio->amount_fen, piled->amount_fen, &folio->amount_fen) &&
	    pen_money__add(staging->amount_fen, piled->amount_fen, &staging->amount_fen) &&
	    (kind->unit < 0 || pen_money__add(folio->unit_fen, piled->row.v[kind->unit].i, &folio->unit_fen)) &&
	    (kind->personal < 0 || pen_money__add(folio->personal_fen, piled->row.v[kind->personal].i, &folio->personal_fen));
}

static enum pen_status count_in(struct pen_staging *staging, struct stretch *stretch, const struct pen_piled *piled,
    struct pen_error *error)
{
	if (!stretch)
		return pen_error__memory(error);
	if (!add_row(staging, &stretch->folio, piled))
		return pen_error__set(error, PEN_INPUT, "amount.range",
		    _("the amounts of the file add up to more than can be counted: compare them with the papers"));
	return PEN_OK;
}

/* ----------------------------------------------------------- sorting out -- */

/* What somebody has to look at: the rows of one person for one reason are a folio
 * of their own, so that each can be decided by itself. */
static enum pen_status look(struct pen_staging *staging, struct walk *walk, struct pen_error *error)
{
	const struct pen_piled *piled = &walk->piled;
	int64_t person = piled->row.v[PEN_SUBJECT].i;
	struct pen_months_elsewhere months;
	struct pen_ended ended;
	enum pen_status status;

	if (!staging->elsewhere)
		return PEN_OK;
	status = pen_elsewhere__months(staging->elsewhere, piled->employer, piled->period, person, &months, error);
	if (status)
		return status;
	pen_reference__ended(staging->book, person, &ended);
	pen_review__contribution(&piled->row, piled->period, &ended, &months, pen_elsewhere__where, staging->elsewhere,
	    &walk->findings);
	if (!walk->findings.count)
		pen_elsewhere__add(staging->elsewhere, &piled->row);
	return PEN_OK;
}

static enum pen_status set_aside(struct pen_staging *staging, struct walk *walk, const struct pen_finding *finding,
    struct pen_error *error)
{
	struct stretch *stretch = last_of(&staging->aside);

	if (!stretch || !is_of(stretch, &walk->piled) || stretch->subject != walk->piled.row.v[PEN_SUBJECT].i ||
	    stretch->rule != finding->rule) {
		stretch = add_stretch(staging, &staging->aside, &walk->piled);
		if (!stretch)
			return pen_error__memory(error);
		stretch->rule = finding->rule;
		memcpy(stretch->found, finding->found, sizeof(stretch->found));
		memcpy(stretch->expected, finding->expected, sizeof(stretch->expected));
	}
	set_mark(staging, walk->next - 1, ASIDE);
	return count_in(staging, stretch, &walk->piled, error);
}

static enum pen_status turn_away(struct pen_staging *staging, struct walk *walk, struct pen_rejects *rejects,
    struct pen_error *error)
{
	set_mark(staging, walk->next - 1, GONE);
	return pen_rejects__add(rejects, walk->piled.row.v[PEN_LINE].i, walk->piled.byte,
	    walk->piled.amount_fen, &walk->findings, error);
}

/* A row that its neighbours speak against joins the rejects; one that is to be
 * looked at is as if it had not been there for those after it; the others make the
 * folios. */
static enum pen_status sort_out(struct pen_staging *staging, struct walk *walk, struct pen_rejects *rejects,
    struct pen_error *error)
{
	const struct pen_row_run before = walk->run;
	struct stretch *stretch = last_of(&staging->main);
	struct pen_finding why;
	enum pen_status status;

	judge(walk, &walk->run);
	if (walk->findings.count)
		return turn_away(staging, walk, rejects, error);
	status = look(staging, walk, error);
	if (status)
		return status;
	if (walk->findings.count) {
		why = walk->findings.at[0];
		walk->run = before;
		/* Those set aside of one person are not to speak against each other. */
		judge(walk, &walk->aside);
		return walk->findings.count ? turn_away(staging, walk, rejects, error) :
		    set_aside(staging, walk, &why, error);
	}
	if (!stretch || !is_of(stretch, &walk->piled))
		stretch = add_stretch(staging, &staging->main, &walk->piled);
	return count_in(staging, stretch, &walk->piled, error);
}

static enum pen_status sort_all(struct pen_staging *staging, struct pen_rejects *rejects, struct pen_error *error)
{
	struct walk walk = { .piled = { .employer = -1 } };
	enum pen_status status = pen_pile__walk(&walk.pile, staging->pile, error);

	while (!status) {
		status = walk_step(staging, &walk, error);
		if (status || !walk.row)
			break;
		status = sort_out(staging, &walk, rejects, error);
	}
	pen_pile__close(walk.pile);
	return status;
}

/* Contributions have months that others may have. */
static enum pen_status open_months(struct pen_staging *staging, struct pen_error *error)
{
	enum pen_status status;

	if (staging->form->kind->id != PEN_KIND_CONTRIBUTION)
		return PEN_OK;
	status = pen_taken__new(&staging->taken, staging->store, staging->form->name, INT64_MAX, error);
	if (!status)
		status = pen_elsewhere__new(&staging->elsewhere, staging->store, staging->form->name, 0, error);
	return status;
}

enum pen_status pen_staging__open(struct pen_staging **staging, struct pen_store *store,
    const struct pen_form *form, struct pen_pile *pile, struct pen_book *book, struct pen_rejects *rejects,
    struct pen_error *error)
{
	struct pen_staging *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->form = form;
	made->pile = pile;
	made->book = book;
	made->mark = pen_memory__calloc(pen_pile__count(pile) / 4 + 1, 1);
	status = made->mark ? open_months(made, error) : pen_error__memory(error);
	if (!status)
		status = pen_pile__sort(pile, error);
	if (!status)
		status = sort_all(made, rejects, error);
	if (status) {
		pen_staging__close(made);
		return status;
	}
	/* Only the sorting out asks for it. */
	pen_elsewhere__free(made->elsewhere);
	made->elsewhere = NULL;
	*staging = made;
	return PEN_OK;
}

void pen_staging__close(struct pen_staging *staging)
{
	if (!staging)
		return;
	pen_pile__close(staging->walk.pile);
	pen_taken__free(staging->taken);
	pen_elsewhere__free(staging->elsewhere);
	pen_memory__free(staging->main.at);
	pen_memory__free(staging->aside.at);
	pen_memory__free(staging->mark);
	pen_memory__free(staging);
}

size_t pen_staging__rows(const struct pen_staging *staging)
{
	return staging->rows;
}

int64_t pen_staging__amount(const struct pen_staging *staging)
{
	return staging->amount_fen;
}

int64_t pen_staging__assumed(const struct pen_staging *staging)
{
	return staging->assumed;
}

/* ------------------------------------------------------------- entering -- */

/* A folio that is being staged has no sums yet: they come when its rows are in. */
static enum pen_status enter_folio(struct pen_folio *own, struct pen_store *store, int64_t batch, struct pen_error *error)
{
	struct pen_folio folio = *own;
	enum pen_status status;

	folio.batch = own->batch = batch;
	folio.rows = folio.unit_fen = folio.personal_fen = folio.amount_fen = 0;
	status = pen_folio__enter(store, &folio, error);
	own->id = folio.id;
	own->number = folio.number;
	return status;
}

enum pen_status pen_staging__enter(struct pen_staging *staging, struct pen_store *store, int64_t batch,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && i < staging->main.count; i++)
		status = enter_folio(&staging->main.at[i].folio, store, batch, error);
	for (i = 0; !status && i < staging->aside.count; i++)
		status = enter_folio(&staging->aside.at[i].folio, store, batch, error);
	return status;
}

/* The folios in the order in which they are entered. */
static struct pen_folio *folio_at(struct pen_staging *staging, size_t i)
{
	if (i < staging->main.count)
		return &staging->main.at[i].folio;
	i -= staging->main.count;
	return i < staging->aside.count ? &staging->aside.at[i].folio : NULL;
}

struct finding { struct pen_staging *staging; size_t next; bool same; };

static enum pen_status find_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct finding *finding = context;
	struct pen_folio *own = folio_at(finding->staging, finding->next);

	(void)error;
	if (!own) {
		finding->same = false;
		return PEN_OK;
	}
	finding->next++;
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

	*same = finding.same && !folio_at(staging, finding.next);
	return status;
}

/* ----------------------------------------------------------------- rows -- */

/* What is written into: the rows' own table, and what goes beside them. */
struct writing { struct pen_rows_writer *rows; struct pen_bulk *beside; };

/* Where a person's rows are found, and where an opening balance stands. */
static enum pen_status open_writing(struct writing *writing, struct pen_staging *staging, struct pen_error *error)
{
	static const char *const employment[] = { "person", "employer", "since", "until", "folio" };
	static const char *const account[] = { "person", "year", "folio" };
	struct pen_db *db = pen_store__db(staging->store);
	enum pen_kind_id kind = staging->form->kind->id;
	enum pen_status status;

	*writing = (struct writing){ NULL, NULL };
	status = pen_rows__writer(&writing->rows, staging->store, staging->form->kind, error);
	if (!status && (kind == PEN_KIND_REGISTRATION || kind == PEN_KIND_CHANGE))
		status = pen_db_bulk__open(&writing->beside, db, "employment", employment, 5, error);
	if (!status && kind == PEN_KIND_OPENING)
		status = pen_db_bulk__open(&writing->beside, db, "account_year", account, 3, error);
	return status;
}

/* After a failure what is left is not written. */
static enum pen_status close_writing(struct writing *writing, enum pen_status status, struct pen_error *error)
{
	if (!status) {
		status = pen_rows__end_writer(writing->rows, error);
		writing->rows = NULL;
	}
	if (!status && writing->beside) {
		status = pen_db_bulk__end(writing->beside, error);
		writing->beside = NULL;
	}
	pen_rows__drop_writer(writing->rows);
	pen_db_bulk__drop(writing->beside);
	return status;
}

static enum pen_status write_period(struct writing *writing, const struct pen_folio *folio, const struct pen_value *person,
    int64_t employer, int32_t since, int32_t until, struct pen_error *error)
{
	const struct pen_value period[] = { *person, pen_value__integer(employer), pen_value__integer(since),
		until ? pen_value__integer(until) : pen_value__null(), pen_value__integer(folio->id) };

	return pen_db_bulk__row(writing->beside, period, error);
}

/* Most people are registered with the employer that pays for them; the others are few. */
static enum pen_status write_contribution(struct pen_staging *staging, const struct pen_folio *folio, int64_t person,
    struct pen_error *error)
{
	return pen_reference__employed(staging->book, person, folio->employer) ? PEN_OK :
	    pen_aside__enter(staging->store, folio, person, error);
}

/* A registration and a change begin a period or end one; a move does both. */
static enum pen_status write_periods(struct writing *writing, const struct pen_folio *folio, const struct pen_piled *piled,
    struct pen_error *error)
{
	const struct pen_value *v = piled->row.v;
	enum pen_status status;

	status = write_period(writing, folio, &v[PEN_SUBJECT], folio->employer, piled->since, piled->until, error);
	if (status || piled->row.kind->id != PEN_KIND_CHANGE || v[PEN_CHANGE_TO].type == PEN_NULL)
		return status;
	return write_period(writing, folio, &v[PEN_SUBJECT], v[PEN_CHANGE_TO].i,
	    (int32_t)v[PEN_CHANGE_MONTH].i * 100 + 1, 0, error);
}

static enum pen_status write_beside(struct pen_staging *staging, struct writing *writing, const struct pen_folio *folio,
    struct pen_error *error)
{
	const struct pen_piled *piled = &staging->walk.piled;
	const struct pen_value *v = piled->row.v;

	if (piled->row.kind->id == PEN_KIND_CONTRIBUTION)
		return write_contribution(staging, folio, v[PEN_SUBJECT].i, error);
	if (!writing->beside)
		return PEN_OK;
	if (piled->row.kind->id == PEN_KIND_OPENING) {
		const struct pen_value account[] = { v[PEN_SUBJECT], v[PEN_OPENING_YEAR], pen_value__integer(folio->id) };

		return pen_db_bulk__row(writing->beside, account, error);
	}
	return piled->since ? write_periods(writing, folio, piled, error) : PEN_OK;
}

/* The folio that the row at hand belongs to, by its mark. The folios come in the
 * order of the rows, so that the next one begins where the one before ended. */
static const struct pen_folio *place(struct pen_staging *staging, enum mark mark)
{
	struct stretches *stretches = mark == ASIDE ? &staging->aside : &staging->main;
	size_t *at = mark == ASIDE ? &staging->aside_at : &staging->main_at;
	struct stretch *stretch = *at ? &stretches->at[*at - 1] : NULL;

	if (!stretch || stretch->left == 0) {
		stretch = &stretches->at[(*at)++];
		stretch->left = stretch->folio.rows;
	}
	stretch->left--;
	return &stretch->folio;
}

static enum pen_status write_row(struct pen_staging *staging, struct writing *writing, int64_t done, bool *counts,
    struct pen_error *error)
{
	struct walk *walk = &staging->walk;
	enum mark mark = mark_of(staging, walk->next - 1);
	const struct pen_folio *folio;
	enum pen_status status;

	*counts = mark != GONE;
	if (!*counts)
		return PEN_OK;
	folio = place(staging, mark);
	judge(walk, mark == ASIDE ? &walk->aside : &walk->run);
	assert(!walk->findings.count);
	/* Gone through again behind an interruption. */
	if (staging->written++ < done)
		return PEN_OK;
	status = pen_rows__write(writing->rows, folio->id, &walk->piled.row, error);
	return status ? status : write_beside(staging, writing, folio, error);
}

enum pen_status pen_staging__chunk(struct pen_staging *staging, size_t most, int64_t *done, struct pen_error *error)
{
	int64_t end = *done + (int64_t)most;
	struct writing writing;
	enum pen_status status = open_writing(&writing, staging, error);
	bool counts;

	if (!status && !staging->walk.pile) {
		staging->walk.piled.employer = -1;
		status = pen_pile__walk(&staging->walk.pile, staging->pile, error);
	}
	while (!status && staging->written < end) {
		status = walk_step(staging, &staging->walk, error);
		if (status || !staging->walk.row)
			break;
		status = write_row(staging, &writing, *done, &counts, error);
	}
	status = close_writing(&writing, status, error);
	if (!status && staging->written > *done)
		*done = staging->written;
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

static enum pen_status finish_folio(struct pen_staging *staging, struct pen_folio *folio, enum pen_folio_state state,
    struct pen_error *error)
{
	enum pen_status status;

	folio->state = state;
	status = pen_folio__sums(staging->store, folio, error);
	if (!status && staging->form->kind->id == PEN_KIND_LEVY)
		status = enter_levy_years(staging->store, folio->id, error);
	return status;
}

enum pen_status pen_staging__finish(struct pen_staging *staging, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && i < staging->main.count; i++)
		status = finish_folio(staging, &staging->main.at[i].folio, PEN_FOLIO_STAGED, error);
	for (i = 0; !status && i < staging->aside.count; i++)
		status = finish_folio(staging, &staging->aside.at[i].folio, PEN_FOLIO_HELD, error);
	return status;
}

size_t pen_staging__aside(const struct pen_staging *staging)
{
	return staging->aside.count;
}

struct pen_staging_review pen_staging__review(const struct pen_staging *staging, size_t i)
{
	const struct stretch *stretch = &staging->aside.at[i];

	return (struct pen_staging_review){ stretch->folio.id, stretch->rule->id, stretch->found, stretch->expected };
}
