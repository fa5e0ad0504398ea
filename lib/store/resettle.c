#include "store/resettle.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* What is known of somebody's year before it is settled again. Sums of what had been
 * credited are compared with what was settled: if they differ, something was paid where
 * nobody looked. */
struct look {
	struct pen_resettle *run;
	size_t index;				/* of the person */
	int64_t person;
	int32_t year;
	struct pen_account_place *place;
	size_t places;
	const struct pen_account_place *at;	/* of the year; NULL: none */
	int64_t settled, settled_batch, settled_at;	/* the settlement in force; 0: none */
	struct pen_row row[PEN_SETTLING_ROWS];	/* its rows */
	struct pen_value kind[PEN_SETTLING_ROWS];
	int rows;
	struct pen_balance closing;
	int64_t credited, paid;			/* fen: as settled, as was paid till then */
	int32_t credited_months, paid_months;
	bool unready;				/* something was paid that is not sealed */
};

static struct pen_store *store_of(const struct pen_resettle *run)
{
	return run->session->store;
}

/* ------------------------------------------------------------------ opening -- */

static enum pen_status find_last(struct pen_resettle *run, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(run), PEN_SQL_RESETTLE_LAST, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	/* What the batch settles itself is of these years too. */
	pen_db__bind_int(s, ":as_of", run->at - 1);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		run->last = (int32_t)pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_resettle__open(struct pen_resettle *run, struct pen_session *session, int64_t batch, int64_t at,
    const struct pen_resettle_person *person, size_t persons, struct pen_error *error)
{
	enum pen_status status;
	size_t i;

	*run = (struct pen_resettle){ .session = session, .batch = batch, .at = at, .person = person, .persons = persons };
	pen_settlement__start(&run->year, session);
	run->year.computed.batch.id = batch;
	run->carried = pen_memory__calloc(persons ? persons : 1, sizeof(*run->carried));
	if (!run->carried)
		return pen_error__memory(error);
	status = find_last(run, error);
	run->next = INT32_MAX;
	for (i = 0; i < persons; i++)
		if (person[i].from < run->next)
			run->next = person[i].from;
	/* Before 2006 nothing is settled. */
	if (run->next < PEN_SETTLEMENT_FIRST)
		run->next = PEN_SETTLEMENT_FIRST;
	return status;
}

static void clear_year(struct pen_resettle *run)
{
	int64_t rows = run->year.computed.rows;

	pen_settlement__free(&run->year);
	pen_settlement__start(&run->year, run->session);
	run->year.computed.rows = rows;
	run->year.computed.batch.id = run->batch;
	run->credit_room = run->most = 0;
}

void pen_resettle__close(struct pen_resettle *run)
{
	pen_settlement__free(&run->year);
	pen_memory__free(run->carried);
	*run = (struct pen_resettle){ .persons = 0 };
}

/* ------------------------------------------------------- what was settled -- */

static struct pen_value kind_of(const char *text)
{
	static const char *const kinds[] = { "credit", "merge", "interest-opening", "interest-merge", "interest-year",
		"pension", "interest-pension", "balance" };
	size_t i;

	for (i = 0; text && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], text) == 0)
			return pen_value__string(kinds[i], strlen(kinds[i]));
	return pen_value__null();
}

static void take_settled(struct look *look, struct pen_statement *s)
{
	struct pen_row *row = &look->row[look->rows++];
	const char *kind = pen_db__text(s, 0);
	int i;

	row->kind = pen_kind__of(PEN_KIND_MOVEMENT);
	row->v[PEN_MOVEMENT_YEAR] = pen_value__integer(look->year);
	row->v[PEN_MOVEMENT_KIND] = kind_of(kind);
	for (i = 0; i < 4; i++)
		row->v[PEN_MOVEMENT_PERSONAL_PRINCIPAL + i] = pen_value__integer(pen_db__int(s, 1 + i));
	row->v[PEN_MOVEMENT_MONTHS] = pen_value__integer(pen_db__int(s, 5));
	row->v[PEN_MOVEMENT_RATE] = pen_db__is_null(s, 6) ? pen_value__null() : pen_value__integer(pen_db__int(s, 6));
	look->settled_at = pen_db__int(s, 8);
	look->settled_batch = pen_db__int(s, 9);
	if (kind && strcmp(kind, "credit") == 0) {
		look->credited = pen_db__int(s, 1);
		look->credited_months = (int32_t)pen_db__int(s, 5);
	} else if (kind && strcmp(kind, "balance") == 0) {
		look->closing = pen_ledger__balance(row);
	}
}

static enum pen_status read_settled(struct look *look, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(look->run), PEN_SQL_RESETTLE_SETTLED, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", look->settled);
	pen_db__bind_int(s, ":person", look->person);
	pen_db__bind_int(s, ":at", look->run->at);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row && look->rows < PEN_SETTLING_ROWS)
		take_settled(look, s);
	pen_db__reset(s);
	return status;
}

/* ------------------------------------------------------------ what was paid -- */

/* The last month of a set; 0 for none. */
static int last_month(int32_t months)
{
	return months > 0 ? 32 - __builtin_clz((unsigned)months) : 0;
}

static enum pen_status add_credit(struct look *look, struct pen_settling_person *person, int64_t folio, int64_t employer,
    const struct pen_row *row, int *reach, struct pen_error *error)
{
	struct pen_settling *s = &look->run->year.s;
	struct pen_settling_credit *credit = pen_settling__grown(s->credit, s->credits, &look->run->credit_room, sizeof(*credit));

	if (!credit)
		return pen_error__memory(error);
	s->credit = credit;
	credit += s->credits++;
	*credit = (struct pen_settling_credit){ .person = look->person, .folio = folio,
		.credit = pen_settling__credit(row, look->year, s->plan.by_arrival, &s->unarrived, &s->outside) };
	person->count++;
	person->months |= credit->credit.months;
	if (last_month(credit->credit.months) < *reach)
		return PEN_OK;
	person->source = folio;
	person->employer = employer;
	*reach = last_month(credit->credit.months);
	return PEN_OK;
}

/* What had been paid when the year was settled, whatever has become of it by the batch. */
static void count_paid(struct look *look, int64_t batch, bool sealed, int64_t sealed_at, int64_t replaced_at,
    const struct pen_row *row)
{
	const struct pen_settling *s = &look->run->year.s;
	int64_t ignored = 0;

	if (batch == look->run->batch || (replaced_at >= 0 && replaced_at < look->run->at) ||
	    (batch != look->settled_batch && (!sealed || sealed_at > look->settled_at)))
		return;
	look->paid += row->v[PEN_CONTRIBUTION_PERSONAL].i;
	look->paid_months |= pen_settling__credit(row, look->year, s->plan.by_arrival, &ignored, &ignored).months;
}

static enum pen_status take_row(struct look *look, struct pen_settling_person *person, struct pen_statement *s, int *reach,
    struct pen_error *error)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };
	bool sealed = !pen_db__is_null(s, 1) && pen_db__int(s, 1) <= look->run->at;
	int64_t replaced_at = pen_db__is_null(s, 9) ? -1 : pen_db__int(s, 9), batch = pen_db__int(s, 3);

	row.v[PEN_CONTRIBUTION_MONTHS] = pen_value__integer(pen_db__int(s, 5));
	row.v[PEN_CONTRIBUTION_PERSONAL] = pen_value__integer(pen_db__int(s, 6));
	row.v[PEN_CONTRIBUTION_FOR_YEAR] = pen_db__is_null(s, 7) ? pen_value__null() : pen_value__integer(pen_db__int(s, 7));
	row.v[PEN_CONTRIBUTION_ARRIVED] = pen_db__is_null(s, 8) ? pen_value__null() : pen_value__integer(pen_db__int(s, 8));
	count_paid(look, batch, sealed, pen_db__int(s, 1), replaced_at, &row);
	if (replaced_at >= 0)
		return PEN_OK;
	if (!sealed && batch != look->run->batch) {
		look->unready = true;
		return PEN_OK;
	}
	return add_credit(look, person, pen_db__int(s, 0), pen_db__int(s, 4), &row, reach, error);
}

static enum pen_status read_rows(struct look *look, struct pen_settling_person *person, enum pen_sql which, struct pen_error *error)
{
	struct pen_settling *s = &look->run->year.s;
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store_of(look->run), which, &statement, error);
	int reach = -1;
	bool row;

	if (status != PEN_OK)
		return status;
	s->credits = person->first;
	person->count = 0;
	person->months = 0;
	person->source = 0;
	look->paid = 0;
	look->paid_months = 0;
	pen_db__bind_int(statement, ":person", look->person);
	pen_db__bind_int(statement, ":year", look->year);
	pen_db__bind_int(statement, ":at", look->run->at);
	if (which == PEN_SQL_RESETTLE_ROWS) {
		pen_db__bind_int(statement, ":batch", look->run->batch);
		pen_db__bind_int(statement, ":settled", look->settled);
	}
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		status = take_row(look, person, statement, &reach, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(statement);
	return status;
}

/* Where people worked is looked at first; where that does not explain what was settled,
 * all that was paid in the year. */
static enum pen_status read_paid(struct look *look, struct pen_settling_person *person, struct pen_error *error)
{
	enum pen_status status = read_rows(look, person, PEN_SQL_RESETTLE_ROWS, error);

	if (status != PEN_OK || !look->settled)
		return status;
	if (look->paid == look->credited && look->paid_months == look->credited_months)
		return PEN_OK;
	return read_rows(look, person, PEN_SQL_RESETTLE_ALL_ROWS, error);
}

/* Whether anything was paid for a newcomer in the year before, which nobody has settled. */
static enum pen_status paid_before(struct look *look, bool *paid, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(look->run), PEN_SQL_RESETTLE_ROWS, &s, error);

	*paid = false;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", look->person);
	pen_db__bind_int(s, ":year", look->year - 1);
	pen_db__bind_int(s, ":at", look->run->at);
	pen_db__bind_int(s, ":batch", look->run->batch);
	pen_db__bind_int(s, ":settled", 0);
	status = pen_db__step(s, paid, error);
	pen_db__reset(s);
	return status;
}

/* ----------------------------------------------------------------- employer -- */

static enum pen_status find_employer(struct look *look, struct pen_settling_person *person, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	if (person->source)
		return PEN_OK;
	status = pen_store__sql(store_of(look->run), PEN_SQL_HISTORY_EMPLOYER, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", look->person);
	pen_db__bind_int(s, ":as_of", look->run->at);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		person->employer = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

/* ------------------------------------------------------------ one person's year -- */

static bool same_figures(const struct pen_row *a, const struct pen_row *b)
{
	int i;

	for (i = PEN_MOVEMENT_YEAR; i <= PEN_MOVEMENT_RATE; i++)
		if (!pen_value__equal(&a->v[i], &b->v[i]))
			return false;
	return true;
}

static bool comes_out_the_same(const struct look *look, const struct pen_row *rows, int count)
{
	int i;

	if (!look->settled || count != look->rows)
		return false;
	for (i = 0; i < count; i++)
		if (!same_figures(&look->row[i], &rows[i]))
			return false;
	return true;
}

static enum pen_status make_room(struct pen_resettle *run, size_t count, struct pen_error *error)
{
	struct pen_settling *s = &run->year.s;
	struct pen_credit *grown;

	if (s->scratch && count <= run->most)
		return PEN_OK;
	run->most = count > 16 ? count : 16;
	grown = pen_memory__realloc(s->scratch, run->most, sizeof(*grown));
	if (!grown)
		return pen_error__memory(error);
	s->scratch = grown;
	return PEN_OK;
}

/* Works the year out; it is settled if it does not come out as it did before. */
static enum pen_status work_out(struct look *look, struct pen_settling_person *person, struct pen_error *error)
{
	struct pen_resettle *run = look->run;
	struct pen_settling *s = &run->year.s;
	struct pen_resettle_carried *carried = &run->carried[look->index];
	struct pen_row rows[PEN_SETTLING_ROWS];
	struct pen_account_year year;
	int count;
	enum pen_status status = make_room(run, person->count, error);

	if (status == PEN_OK)
		status = pen_settling__rows(s, person, 1, &year, rows, &count, error);
	if (status != PEN_OK)
		return status;
	carried->known = false;
	if (comes_out_the_same(look, rows, count)) {
		s->credits = person->first;
		return PEN_OK;
	}
	carried->balance = year.closing;
	status = find_employer(look, person, error);
	person->fate = look->settled ? PEN_SETTLING_AGAIN : PEN_SETTLING_NEW;
	s->fates[person->fate]++;
	s->persons++;
	return status;
}

/* The balance that the year goes on from. */
static enum pen_status take_prior(struct look *look, struct pen_settling_person *person, struct pen_error *error)
{
	const struct pen_resettle_carried *carried = &look->run->carried[look->index];
	const struct pen_account_place *place = pen_places__at(look->place, look->places, look->year - 1);

	if (carried->known) {
		person->opening = carried->balance;
		person->prior = carried->folio;
		return PEN_OK;
	}
	if (!place)
		return PEN_OK;
	person->prior = place->folio;
	return pen_ledger__closing(store_of(look->run), place, look->run->at, &person->opening, error);
}

/* Somebody whom the year was not settled for: only if all that comes before is there. */
static enum pen_status may_begin(struct look *look, const struct pen_settling_person *person, bool *may, struct pen_error *error)
{
	bool paid = false, ended = look->unready;
	enum pen_status status = PEN_OK;
	size_t i;

	*may = false;
	for (i = 0; i < look->places && !person->prior; i++)
		ended |= look->place[i].year < look->year;
	if (!ended && !person->prior && !person->count)
		return PEN_OK;
	if (!ended && !person->prior)
		status = paid_before(look, &paid, error);
	*may = status == PEN_OK && !ended && !paid;
	look->run->carried[look->index].ended = !*may;
	return status;
}

/* The pension of the year, and what was merged; *there false: not all of it is. */
static enum pen_status take_pension(struct look *look, struct pen_settling_person *person, bool *there, struct pen_error *error)
{
	struct pen_settling *s = &look->run->year.s;
	enum pen_status status = pen_drawn__read(&s->drawn, store_of(look->run), look->year, look->person, look->run->at, error);

	if (status == PEN_OK)
		status = pen_merged__read(&s->joined, store_of(look->run), look->year, look->person, look->run->at, error);
	if (status == PEN_OK) {
		pen_settling__take_pension(s, person);
		pen_settling__take_merged(s, person);
	}
	*there = !person->roll;
	return status;
}

static enum pen_status look_at_year(struct look *look, struct pen_error *error)
{
	struct pen_settling *s = &look->run->year.s;
	struct pen_settling_person *person = &s->person[s->persons];
	const struct pen_account_place *start = pen_places__start(look->place, look->places, look->year);
	bool may = true, there;
	enum pen_status status;

	*person = (struct pen_settling_person){ .person = look->person, .first = s->credits, .settled = look->settled };
	status = take_pension(look, person, &there, error);
	if (status == PEN_OK && (!there || (start && !start->sealed))) {
		look->run->carried[look->index].ended = true;
		return PEN_OK;
	}
	if (status == PEN_OK && look->settled)
		status = read_settled(look, error);
	if (status == PEN_OK)
		status = take_prior(look, person, error);
	if (status == PEN_OK)
		status = read_paid(look, person, error);
	if (status == PEN_OK && !look->settled)
		status = may_begin(look, person, &may, error);
	if (status != PEN_OK)
		return status;
	if (!may) {
		s->credits = person->first;
		return PEN_OK;
	}
	return work_out(look, person, error);
}

static enum pen_status look_at(struct pen_resettle *run, size_t index, int32_t year, struct pen_error *error)
{
	struct look look = { .run = run, .index = index, .person = run->person[index].person, .year = year };
	enum pen_status status;

	if (run->person[index].from > year || run->carried[index].ended)
		return PEN_OK;
	status = pen_places__of_person_before(store_of(run), look.person, run->at, run->batch, &look.place, &look.places, error);
	if (status != PEN_OK)
		return status;
	look.at = pen_places__at(look.place, look.places, year);
	if (look.places && look.place[look.places - 1].closed && look.place[look.places - 1].year <= year) {
		run->carried[index].ended = true;
	} else if (look.at && look.at->opening) {
		/* The account starts anew from what the opening says. */
		run->carried[index].known = false;
	} else {
		look.settled = look.at ? look.at->folio : 0;
		status = look_at_year(&look, error);
	}
	pen_memory__free(look.place);
	return status;
}

/* --------------------------------------------------------------- year by year -- */

static enum pen_status begin_year(struct pen_resettle *run, int32_t year, struct pen_error *error)
{
	struct pen_settling *s = &run->year.s;
	char digest[PEN_DIGEST_HEX];

	clear_year(run);
	s->plan = (struct pen_settling_plan){ .year = year, .as_of = run->at };
	s->person = pen_memory__calloc(run->persons + 1, sizeof(*s->person));
	if (!s->person)
		return pen_error__memory(error);
	return pen_settling__terms(store_of(run), &s->plan, digest, error);
}

enum pen_status pen_resettle__next(struct pen_resettle *run, bool *more, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	*more = false;
	while (status == PEN_OK && !*more && run->next <= run->last) {
		status = begin_year(run, run->next, error);
		for (i = 0; status == PEN_OK && i < run->persons; i++)
			status = look_at(run, i, run->next, error);
		run->next++;
		*more = status == PEN_OK && run->year.s.persons > 0;
	}
	return *more ? pen_settlement__arrange(&run->year, error) : status;
}

static int compare_people(const void *key, const void *at)
{
	int64_t x = *(const int64_t *)key, y = ((const struct pen_resettle_person *)at)->person;

	return (x > y) - (x < y);
}

void pen_resettle__carry(struct pen_resettle *run)
{
	const struct pen_settlement *year = &run->year;
	const struct pen_resettle_person *person;
	struct pen_resettle_carried *carried;
	size_t g, i;

	for (g = 0; g < year->groups; g++) {
		for (i = 0; i < year->group[g].count; i++) {
			person = bsearch(&year->order[year->group[g].first + i]->person, run->person, run->persons,
			    sizeof(*person), compare_people);
			carried = &run->carried[person - run->person];
			carried->folio = year->computed.folio[g].id;
			carried->known = true;
		}
	}
}
