#include "store/history.h"

#include "base/error.h"
#include "base/memory.h"

struct work { struct pen_settling *s; struct pen_store *store; };

/* ------------------------------------------------------------ balances -- */

/* Balances at the end of the year before, from one folio of them. */
static enum pen_status read_balances(struct work *work, int64_t folio, bool opening, struct pen_error *error)
{
	struct pen_settling *s = work->s;
	const struct pen_kind *kind = pen_kind__of(opening ? PEN_KIND_OPENING : PEN_KIND_MOVEMENT);
	struct pen_settling_person *person;
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	enum pen_status status;

	status = pen_ledger__open(&rows, work->store, kind, folio, 0, s->plan.as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		if (opening ? row->v[PEN_OPENING_YEAR].i != s->plan.year - 1 : !pen_ledger__is_balance(row))
			continue;
		person = pen_settling__find(s, row->v[PEN_SUBJECT].i);
		if (person && person->prior == folio)
			person->opening = pen_ledger__balance(row);
	}
	pen_ledger__close(rows);
	return status;
}

static enum pen_status read_opening(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	return read_balances(context, folio->id, true, error);
}

static enum pen_status read_settlement(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	return read_balances(context, folio->id, false, error);
}

/* People without a balance before, for whom something was paid the year before
 * that nobody has settled yet: to begin them at nothing would be wrong. */
static enum pen_status read_year_before(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	struct pen_settling_person *person;
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	enum pen_status status;

	status = pen_ledger__open(&rows, work->store, pen_kind__of(PEN_KIND_CONTRIBUTION), folio->id, 0,
	    work->s->plan.as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		person = pen_settling__find(work->s, row->v[PEN_SUBJECT].i);
		if (!person || person->prior || person->fate != PEN_SETTLING_NEW)
			continue;
		person->fate = PEN_SETTLING_GAP;
		person->missing = work->s->plan.year - 1;
	}
	pen_ledger__close(rows);
	return status;
}

static bool any_newcomer(const struct pen_settling *s)
{
	size_t i;

	for (i = 0; i < s->persons; i++)
		if (!s->person[i].prior && s->person[i].fate == PEN_SETTLING_NEW)
			return true;
	return false;
}

/* ------------------------------------------------- what was settled before -- */

/* Compares a person's rows in force with those that would be made: kinds,
 * amounts, months and rate; not what they rest on, nor their lines. */
struct comparison { struct pen_settling_person *person; struct pen_row rows[PEN_SETTLING_ROWS]; int count, at; bool same; };

static bool same_figures(const struct pen_row *a, const struct pen_row *b)
{
	int i;

	for (i = PEN_MOVEMENT_YEAR; i <= PEN_MOVEMENT_RATE; i++)
		if (!pen_value__equal(&a->v[i], &b->v[i]))
			return false;
	return true;
}

static void end_comparison(struct comparison *c)
{
	if (c->person)
		c->person->fate = c->same && c->at == c->count ? PEN_SETTLING_SAME : PEN_SETTLING_AGAIN;
	c->person = NULL;
}

static enum pen_status compare_row(struct work *work, struct comparison *c, int64_t folio,
    const struct pen_row *row, struct pen_error *error)
{
	struct pen_settling_person *person;
	struct pen_account_year year;
	enum pen_status status;

	if (!c->person || c->person->person != row->v[PEN_SUBJECT].i) {
		end_comparison(c);
		person = pen_settling__find(work->s, row->v[PEN_SUBJECT].i);
		if (!person || person->settled != folio || person->fate != PEN_SETTLING_NEW)
			return PEN_OK;
		status = pen_settling__rows(work->s, person, 1, &year, c->rows, &c->count, error);
		if (status != PEN_OK)
			return status;
		c->person = person;
		c->at = 0;
		c->same = true;
	}
	if (c->at < c->count)
		c->same = c->same && same_figures(&c->rows[c->at], row);
	else
		c->same = false;
	c->at++;
	return PEN_OK;
}

static enum pen_status compare_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct comparison comparison = { .person = NULL };
	struct work *work = context;
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	enum pen_status status;

	status = pen_ledger__open(&rows, work->store, pen_kind__of(PEN_KIND_MOVEMENT), folio->id, 0,
	    work->s->plan.as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		status = compare_row(work, &comparison, folio->id, row, error);
		if (status != PEN_OK)
			break;
	}
	end_comparison(&comparison);
	pen_ledger__close(rows);
	return status;
}

/* ----------------------------------------------------------- employers -- */

#define SLICE 2000	/* people looked up in one transaction */

/* The employer of somebody for whom nothing was paid: where they were last. */
static enum pen_status latest_employer(struct work *work, struct pen_settling_person *person, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(work->store, PEN_SQL_HISTORY_EMPLOYER, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":person", person->person);
	pen_db__bind_int(statement, ":as_of", work->s->plan.as_of);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row)
		person->employer = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

static enum pen_status find_employers(struct work *work, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->store);
	struct pen_settling *s = work->s;
	enum pen_status status = PEN_OK;
	size_t i, n = 0;

	for (i = 0; status == PEN_OK && i < s->persons; i++) {
		if (s->person[i].source)
			continue;
		if (n % SLICE == 0) {
			pen_db__rollback(db);
			status = pen_db__begin_read(db, error);
		}
		n++;
		if (status == PEN_OK)
			status = latest_employer(work, &s->person[i], error);
	}
	pen_db__rollback(db);
	return status;
}

/* Folios to their employers, sorted by folio, for those with contributions. */
struct owner { int64_t folio, employer; };
struct owners { struct owner *at; size_t count, room; };

static int compare_owners(const void *a, const void *b)
{
	int64_t x = ((const struct owner *)a)->folio, y = ((const struct owner *)b)->folio;

	return (x > y) - (x < y);
}

static enum pen_status add_owner(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct owners *owners = context;
	struct owner *list;

	list = pen_settling__grown(owners->at, owners->count, &owners->room, sizeof(*list));
	if (!list)
		return pen_error__memory(error);
	owners->at = list;
	owners->at[owners->count++] = (struct owner){ folio->id, folio->employer };
	return PEN_OK;
}

static enum pen_status employ(struct work *work, struct pen_error *error)
{
	struct pen_settling *s = work->s;
	struct owners owners = { 0 };
	struct owner *owner;
	enum pen_status status;
	size_t i;

	status = pen_folio__each_visible(work->store, "breakdown", s->plan.year, 0, s->plan.as_of, add_owner, &owners, error);
	if (status == PEN_OK && owners.count)
		qsort(owners.at, owners.count, sizeof(*owners.at), compare_owners);
	for (i = 0; status == PEN_OK && i < s->persons && owners.count; i++) {
		owner = bsearch(&(struct owner){ .folio = s->person[i].source }, owners.at, owners.count,
		    sizeof(*owners.at), compare_owners);
		if (owner)
			s->person[i].employer = owner->employer;
	}
	pen_memory__free(owners.at);
	return status == PEN_OK ? find_employers(work, error) : status;
}

/* -------------------------------------------------------- who is left -- */

static int compare_left(const void *a, const void *b)
{
	const struct pen_settling_left *x = a, *y = b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	if (x->missing != y->missing)
		return x->missing > y->missing ? 1 : -1;
	if (x->roll != y->roll)
		return x->roll > y->roll ? 1 : -1;
	if (x->untold != y->untold)
		return x->untold ? 1 : -1;
	return (x->folio > y->folio) - (x->folio < y->folio);
}

/* Why somebody is left, but for a breakdown that is not sealed, which stands there already. */
static void say_why(const struct pen_settling_person *person, struct pen_settling_left *left)
{
	if (person->unsealed)
		*left = (struct pen_settling_left){ .folio = person->unsealed, .people = 1, .opening = true };
	else if (person->roll)
		*left = (struct pen_settling_left){ .people = 1, .roll = person->roll, .untold = person->untold };
	else
		*left = (struct pen_settling_left){ .employer = person->employer, .people = 1, .missing = person->missing };
}

/* Those with a gap, a line for each employer and missing year; those whose opening is not
 * sealed, a line for each folio; and those whose pension is not all there, for each month. */
static enum pen_status list_gaps(struct work *work, struct pen_error *error)
{
	struct pen_settling *s = work->s;
	struct pen_settling_left *left;
	size_t i, first = s->lefts, kept = first;

	for (i = 0; i < s->persons; i++) {
		s->fates[s->person[i].fate]++;
		if (s->person[i].fate != PEN_SETTLING_GAP && !s->person[i].unsealed && !s->person[i].roll)
			continue;
		left = pen_settling__left(s);
		if (!left)
			return pen_error__memory(error);
		say_why(&s->person[i], left);
	}
	if (s->lefts > first)
		qsort(s->left + first, s->lefts - first, sizeof(*s->left), compare_left);
	for (i = first; i < s->lefts; i++) {
		if (kept > first && compare_left(&s->left[kept - 1], &s->left[i]) == 0)
			s->left[kept - 1].people++;
		else
			s->left[kept++] = s->left[i];
	}
	s->lefts = kept;
	return PEN_OK;
}

/* ------------------------------------------------------------- in order -- */

static enum pen_status read_history(struct work *work, struct pen_error *error)
{
	const struct pen_settling_plan *plan = &work->s->plan;
	struct pen_store *store = work->store;
	enum pen_status status;

	status = pen_folio__each_visible(store, "opening", 0, 0, plan->as_of, read_opening, work, error);
	if (status == PEN_OK)
		status = pen_folio__each_visible(store, "settlement", plan->year - 1, 0, plan->as_of, read_settlement, work, error);
	if (status == PEN_OK && any_newcomer(work->s))
		status = pen_folio__each_visible(store, "breakdown", plan->year - 1, 0, plan->as_of, read_year_before, work, error);
	if (status == PEN_OK)
		status = pen_folio__each_visible(store, "settlement", plan->year, 0, plan->as_of, compare_folio, work, error);
	return status;
}

enum pen_status pen_history__read(struct pen_settling *settling, struct pen_store *store, struct pen_error *error)
{
	struct work work = { settling, store };
	enum pen_status status = read_history(&work, error);

	if (status == PEN_OK)
		status = employ(&work, error);
	return status == PEN_OK ? list_gaps(&work, error) : status;
}
