#include "store/gather.h"

#include "base/error.h"
#include "base/memory.h"

/* The gathering under way. People come in the order of their numbers, from the
 * credits and from the places at once. */
struct work {
	struct pen_settling *s;
	struct pen_session *session;
	struct pen_store *store;
	struct pen_ledger_rows *rows;	/* turned from folio to folio; NULL: none yet */
	size_t credit_room, person_room;
	size_t next_credit;		/* the first that no person has yet */
	int64_t person;			/* the person being read; -1: none yet */
	struct pen_account_place *place;	/* theirs */
	size_t places, place_room;
};

static enum pen_status go_on(struct work *work, const char *step, int64_t done, int64_t total, struct pen_error *error)
{
	pen_session__progress(work->session, step, done, total);
	if (!pen_session__stopped(work->session))
		return PEN_OK;
	return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped; nothing was changed: run the command again"));
}

/* ------------------------------------------------------- contributions -- */

/* The months of what stands in a folio that is not sealed: no set. */
#define UNREADY (-1)

static enum pen_status open_folio(struct work *work, int64_t folio, struct pen_error *error)
{
	if (work->rows)
		return pen_ledger__turn(work->rows, folio, error);
	return pen_ledger__open(&work->rows, work->store, pen_kind__of(PEN_KIND_CONTRIBUTION), folio, 0, work->s->plan.as_of, error);
}

static enum pen_status read_folio(struct work *work, const struct pen_folio *folio, struct pen_error *error)
{
	bool ready = folio->state == PEN_FOLIO_SEALED;
	struct pen_settling *s = work->s;
	struct pen_settling_credit *credit;
	struct pen_settling_left *left;
	const struct pen_row *row;
	enum pen_status status;
	int64_t last = 0, people = 0;

	status = open_folio(work, folio->id, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(work->rows, &row, error)) == PEN_OK && row) {
		credit = pen_settling__grown(s->credit, s->credits, &work->credit_room, sizeof(*credit));
		if (!credit) {
			status = pen_error__memory(error);
			break;
		}
		s->credit = credit;
		credit += s->credits++;
		*credit = (struct pen_settling_credit){ .person = row->v[PEN_SUBJECT].i, .folio = folio->id };
		if (ready)
			credit->credit = pen_settling__credit(row, s->plan.year, s->plan.by_arrival, &s->unarrived, &s->outside);
		else
			credit->credit.months = UNREADY;
		people += credit->person != last;
		last = credit->person;
	}
	if (status != PEN_OK || ready || !people)
		return status;
	left = pen_settling__left(s);
	if (!left)
		return pen_error__memory(error);
	*left = (struct pen_settling_left){ .employer = folio->employer, .folio = folio->id, .people = people,
	    .held = folio->state == PEN_FOLIO_HELD };
	return PEN_OK;
}

static enum pen_status read_visible(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	enum pen_status status = go_on(work, _("reading contributions"), (int64_t)work->s->credits, -1, error);

	return status == PEN_OK ? read_folio(work, folio, error) : status;
}

/* What was held when it was planned, whatever has become of it since. */
static enum pen_status read_held(struct work *work, struct pen_error *error)
{
	const struct pen_settling_plan *plan = &work->s->plan;
	struct pen_folio folio;
	enum pen_status status = PEN_OK;
	size_t i;
	bool found;

	for (i = 0; status == PEN_OK && i < plan->held_count; i++) {
		status = pen_folio__find(work->store, plan->held[i], &folio, &found, error);
		if (status != PEN_OK || !found)
			continue;
		folio.state = PEN_FOLIO_HELD;
		status = read_folio(work, &folio, error);
	}
	return status;
}

static int compare_credits(const void *a, const void *b)
{
	const struct pen_settling_credit *x = a, *y = b;

	if (x->person != y->person)
		return x->person > y->person ? 1 : -1;
	if (x->folio != y->folio)
		return x->folio > y->folio ? 1 : -1;
	return (x->credit.months > y->credit.months) - (x->credit.months < y->credit.months);
}

/* -------------------------------------------------------------- people -- */

/* The last month of a set; 0 for none. */
static int last_month(int32_t months)
{
	return months > 0 ? 32 - __builtin_clz((unsigned)months) : 0;
}

/* Takes the person's credits up: how many, which months, and the folio of the
 * last, which is the one that reaches furthest into the year. */
static void take_credits(struct work *work, struct pen_settling_person *person)
{
	struct pen_settling *s = work->s;
	const struct pen_settling_credit *credit;
	int reach = -1;

	person->first = work->next_credit;
	for (; work->next_credit < s->credits; work->next_credit++) {
		credit = &s->credit[work->next_credit];
		if (credit->person != person->person)
			break;
		person->count++;
		person->months |= credit->credit.months;
		if (credit->credit.months == UNREADY)
			person->fate = PEN_SETTLING_UNREADY;
		if (last_month(credit->credit.months) >= reach) {
			person->source = credit->folio;
			reach = last_month(credit->credit.months);
		}
	}
}

/* What the person's places say: the balances that count for this year and the one
 * before, and whether there is all that has to come before this year. */
static void take_places(struct work *work, struct pen_settling_person *person)
{
	const size_t count = pen_places__in_force(work->place, work->places);
	const struct pen_account_place *place, *start;
	int32_t year = work->s->plan.year, last = 0;
	bool opened = false;
	size_t i;

	for (i = 0; i < count; i++) {
		place = &work->place[i];
		if (place->year == year && place->opening)
			opened = true;
		else if (place->year == year)
			person->settled = place->folio;
		else if (place->year == year - 1)
			person->prior = place->folio;
		else if (place->year < year)
			last = place->year;
	}
	if (count && work->place[count - 1].closed && work->place[count - 1].year <= year) {
		person->fate = PEN_SETTLING_CLOSED;
		person->prior = person->settled = 0;
		return;
	}
	start = pen_places__start(work->place, count, year);
	if (start)
		person->start = start->year;
	/* Nothing is settled from, or passed over for, what is not sealed. */
	if (start && !start->sealed && (start->year < year || person->count)) {
		person->unsealed = start->folio;
		person->fate = PEN_SETTLING_UNREADY;
	} else if (opened) {
		person->fate = PEN_SETTLING_OPENED;
	} else if (person->fate == PEN_SETTLING_NEW && last && !person->prior) {
		person->fate = PEN_SETTLING_GAP;
		person->missing = last + 1;
	}
}

/* Enters a person with what was read of them. */
static enum pen_status add_person(struct work *work, int64_t number, struct pen_error *error)
{
	struct pen_settling *s = work->s;
	struct pen_settling_person *person;

	person = pen_settling__grown(s->person, s->persons, &work->person_room, sizeof(*person));
	if (!person)
		return pen_error__memory(error);
	s->person = person;
	person += s->persons;
	*person = (struct pen_settling_person){ .person = number, .fate = PEN_SETTLING_NEW };
	take_credits(work, person);
	if (number == work->person)
		take_places(work, person);
	pen_settling__take_merged(s, person);
	pen_settling__take_pension(s, person);
	/* Whoever has neither is of no concern this year. */
	if (person->count || person->prior || person->settled || person->missing || person->unsealed)
		s->persons++;
	return PEN_OK;
}

/* Everybody with credits alone, up to a number. */
static enum pen_status add_newcomers(struct work *work, int64_t before, struct pen_error *error)
{
	struct pen_settling *s = work->s;
	enum pen_status status = PEN_OK;

	while (status == PEN_OK && work->next_credit < s->credits && s->credit[work->next_credit].person < before)
		status = add_person(work, s->credit[work->next_credit].person, error);
	return status;
}

/* The person whose places were read is complete. */
static enum pen_status end_person(struct work *work, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (work->person >= 0) {
		status = add_newcomers(work, work->person, error);
		if (status == PEN_OK)
			status = add_person(work, work->person, error);
	}
	work->places = 0;
	return status;
}

/* Places come by person, year, folio. */
static enum pen_status take_place(void *context, const struct pen_account_place *place, struct pen_error *error)
{
	struct pen_account_place *list;
	struct work *work = context;
	enum pen_status status;

	if (place->person != work->person) {
		status = end_person(work, error);
		if (status != PEN_OK)
			return status;
		work->person = place->person;
	}
	list = pen_settling__grown(work->place, work->places, &work->place_room, sizeof(*list));
	if (!list)
		return pen_error__memory(error);
	work->place = list;
	work->place[work->places++] = *place;
	return PEN_OK;
}

static enum pen_status read_people(struct work *work, struct pen_error *error)
{
	struct pen_settling *s = work->s;
	enum pen_status status;
	size_t i, most = 1;

	if (s->credits)
		qsort(s->credit, s->credits, sizeof(*s->credit), compare_credits);
	status = pen_places__each(work->store, s->plan.as_of, take_place, work, error);
	if (status == PEN_OK)
		status = end_person(work, error);
	if (status == PEN_OK)
		status = add_newcomers(work, INT64_MAX, error);
	if (status != PEN_OK)
		return status;
	for (i = 0; i < s->persons; i++)
		if (s->person[i].count > most)
			most = s->person[i].count;
	s->scratch = pen_memory__calloc(most, sizeof(*s->scratch));
	return s->scratch ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_gather__people(struct pen_settling *settling, struct pen_session *session,
    const struct pen_settling_plan *plan, struct pen_error *error)
{
	struct work work = { .s = settling, .session = session, .store = session->store, .person = -1 };
	enum pen_status status;

	*settling = (struct pen_settling){ .store = session->store, .plan = *plan };
	status = pen_folio__each_visible(work.store, "breakdown", plan->year, 0, plan->as_of, read_visible, &work, error);
	if (status == PEN_OK)
		status = read_held(&work, error);
	if (status == PEN_OK)
		status = pen_drawn__read(&settling->drawn, work.store, plan->year, 0, plan->as_of, error);
	if (status == PEN_OK)
		status = pen_merged__read(&settling->joined, work.store, plan->year, 0, plan->as_of, error);
	if (status == PEN_OK)
		status = read_people(&work, error);
	pen_ledger__close(work.rows);
	pen_memory__free(work.place);
	return status;
}
