#include "work/standing.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/settling.h"

/* A person's years on the way; before and now are of the year being looked at. */
struct walk {
	struct pen_store *store;
	int64_t as_of;
	struct pen_account_stand before, now;
	struct pen_credit *credit;	/* of that year */
	size_t credits, room;
	int32_t months;			/* their union */
	struct pen_drawn drawn;		/* the pension of that year */
	const struct pen_drawn_person *pension;	/* NULL: none */
};

/* ------------------------------------------------- what was paid, anew -- */

static enum pen_status read_credits(struct walk *walk, int64_t folio, bool by_arrival, struct pen_error *error)
{
	const struct pen_account_place *place = &walk->now.place;
	int64_t unarrived = 0, outside = 0;
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	struct pen_credit *list;
	enum pen_status status;

	status = pen_ledger__open(&rows, walk->store, pen_kind__of(PEN_KIND_CONTRIBUTION), folio, place->person,
	    walk->as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		list = pen_settling__grown(walk->credit, walk->credits, &walk->room, sizeof(*list));
		if (!list) {
			status = pen_error__memory(error);
			break;
		}
		walk->credit = list;
		list[walk->credits] = pen_settling__credit(row, place->year, by_arrival, &unarrived, &outside);
		walk->months |= list[walk->credits++].months;
	}
	pen_ledger__close(rows);
	return status;
}

static enum pen_status read_sealed(struct walk *walk, const int64_t *folios, size_t count, bool by_arrival, struct pen_error *error)
{
	struct pen_folio folio;
	enum pen_status status = PEN_OK;
	bool found;
	size_t i;

	walk->credits = 0;
	walk->months = 0;
	for (i = 0; status == PEN_OK && i < count; i++) {
		status = pen_folio__find(walk->store, folios[i], &folio, &found, error);
		if (status == PEN_OK && found && folio.sealed_at >= 0 && folio.sealed_at <= walk->as_of)
			status = read_credits(walk, folios[i], by_arrival, error);
	}
	return status;
}

static enum pen_status read_pension(struct walk *walk, struct pen_error *error)
{
	const struct pen_account_place *place = &walk->now.place;
	enum pen_status status;

	pen_drawn__free(&walk->drawn);
	walk->pension = NULL;
	status = pen_drawn__read(&walk->drawn, walk->store, place->year, place->person, walk->as_of, error);
	if (status == PEN_OK)
		walk->pension = pen_drawn__find(&walk->drawn, place->person);
	if (walk->pension && walk->pension->pension.from == 12 && !walk->pension->months)
		walk->pension = NULL;
	return status;
}

static bool same_pension(const struct pen_account_year *a, const struct pen_account_year *b)
{
	int64_t x = 0, y = 0;

	pen_ledger__total(&a->pension, &x);
	pen_ledger__total(&b->pension, &y);
	return x == y && a->interest_pension_personal_fen == b->interest_pension_personal_fen &&
	    a->interest_pension_unit_fen == b->interest_pension_unit_fen;
}

/* The year settled again, at its own rate, by period or by arrival: one of the two
 * gives what was settled, unless something came in since. */
static enum pen_status same_again(struct walk *walk, bool *same, struct pen_error *error)
{
	const struct pen_account_year *was = &walk->now.year;
	struct pen_account_year year;
	enum pen_status status;
	int64_t *folios;
	size_t count;
	int arrival;

	*same = false;
	status = pen_ledger__contributed(walk->store, walk->now.place.person, walk->now.place.year, walk->as_of,
	    &folios, &count, error);
	for (arrival = 0; status == PEN_OK && !*same && arrival < 2; arrival++) {
		status = read_sealed(walk, folios, count, arrival, error);
		year = (struct pen_account_year){ .opening = walk->before.year.closing, .merged = was->merged, .rate = was->rate };
		if (status == PEN_OK && walk->pension)
			status = pen_account__paid(&year, &walk->pension->pension, 12, walk->credit, walk->credits, error);
		else if (status == PEN_OK)
			status = pen_account__settle(&year, walk->credit, walk->credits, error);
		*same = status == PEN_OK && walk->months == walk->now.months &&
		    year.credit_personal_fen == was->credit_personal_fen &&
		    year.interest_year_personal_fen == was->interest_year_personal_fen && same_pension(&year, was);
	}
	pen_memory__free(folios);
	return status;
}

/* ---------------------------------------------------------- year by year -- */

/* Whether the year goes on from the balance before it as that stands now. */
static bool goes_on(const struct pen_balance *before, const struct pen_account_year *year)
{
	const struct pen_balance *taken = &year->pension, *more = &year->merged;

	return year->closing.personal_principal_fen == before->personal_principal_fen + more->personal_principal_fen +
	    year->credit_personal_fen + taken->personal_principal_fen &&
	    year->closing.unit_principal_fen == before->unit_principal_fen + more->unit_principal_fen +
	    year->credit_unit_fen + taken->unit_principal_fen &&
	    year->closing.personal_interest_fen == before->personal_interest_fen + more->personal_interest_fen +
	    taken->personal_interest_fen + year->interest_opening_personal_fen + year->interest_merge_personal_fen +
	    year->interest_year_personal_fen + year->interest_pension_personal_fen &&
	    year->closing.unit_interest_fen == before->unit_interest_fen + more->unit_interest_fen +
	    taken->unit_interest_fen + year->interest_opening_unit_fen + year->interest_merge_unit_fen +
	    year->interest_year_unit_fen + year->interest_pension_unit_fen;
}

static enum pen_status any_late(struct walk *walk, int32_t year, bool *late, struct pen_error *error)
{
	enum pen_status status;
	int64_t *folios;
	size_t count;

	status = pen_ledger__late(walk->store, &walk->now.place, year, walk->as_of, &folios, &count, error);
	*late = status == PEN_OK && count > 0;
	if (status == PEN_OK)
		pen_memory__free(folios);
	return status;
}

/* The year that has to be settled for the one at hand to hold; 0: it holds. Only
 * what was sealed since can have changed what was paid. */
static enum pen_status look_at_year(struct walk *walk, int32_t *stale, struct pen_error *error)
{
	int32_t year = walk->now.place.year;
	enum pen_status status;
	bool late = false, same = true;

	if (!walk->before.place.folio) {
		status = any_late(walk, year - 1, &late, error);
		if (status != PEN_OK || late) {
			*stale = year - 1;
			return status;
		}
	}
	status = any_late(walk, year, &late, error);
	if (status == PEN_OK)
		status = read_pension(walk, error);
	if (status == PEN_OK && (late || walk->pension || walk->now.pensioner))
		status = same_again(walk, &same, error);
	if (!same || !goes_on(&walk->before.year.closing, &walk->now.year))
		*stale = year;
	return status;
}

/* From the opening, or the first year, to the year asked for. */
static enum pen_status walk_years(struct walk *walk, const struct pen_account_place *from, size_t count,
    int32_t year, int32_t *stale, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < count && from[i].year <= year; i++) {
		walk->before = i && from[i - 1].year == from[i].year - 1 ? walk->now : (struct pen_account_stand){ .months = 0 };
		status = pen_ledger__stand(walk->store, &from[i], walk->as_of, &walk->now, error);
		if (status == PEN_OK && !from[i].opening && !from[i].closed && !*stale)
			status = look_at_year(walk, stale, error);
	}
	return status;
}

enum pen_status pen_standing__read(struct pen_store *store, int64_t person, int32_t year, int64_t as_of,
    struct pen_standing *standing, struct pen_error *error)
{
	struct walk walk = { .store = store, .as_of = as_of };
	const struct pen_account_place *start, *from;
	struct pen_account_place *places;
	enum pen_status status;
	size_t count;

	*standing = (struct pen_standing){ .stale = 0 };
	status = pen_places__of_person(store, person, as_of, &places, &count, error);
	if (status != PEN_OK)
		return status;
	start = pen_places__start(places, count, year);
	from = start ? start : places;
	if (start && !start->sealed)
		standing->unsealed = start->folio;
	if (pen_places__at(places, count, year))
		status = walk_years(&walk, from, count - (size_t)(from - places), year, &standing->stale, error);
	if (walk.now.place.year == year) {
		standing->before = walk.before;
		standing->settled = walk.now;
	}
	pen_memory__free(walk.credit);
	pen_drawn__free(&walk.drawn);
	pen_memory__free(places);
	return status;
}
