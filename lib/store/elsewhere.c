#include "store/elsewhere.h"

#include "base/error.h"
#include "base/memory.h"
#include "model/months.h"
#include "store/registered.h"

#include <assert.h>
#include <string.h>

#define YEARS 64		/* more in one file are looked at anew each */
#define NAMED_MOST 1000		/* people of whom it is looked up where the months are */
#define KNOWN 0xfff
#define COUNT_SHIFT 12

/* A year's people by number: the months that are known in the lower twelve bits,
 * how many there are, up to 15, above. */
struct year { int32_t year; uint16_t *person; size_t people; };

/* `own` are months of the person and employer at hand, not yet in their year. */
struct pen_elsewhere {
	struct pen_store *store;
	char form[64];
	int64_t batch;
	size_t people;			/* numbers there are */
	struct year year[YEARS];
	size_t years;
	struct year *at;
	int64_t employer, person;
	struct pen_months_elsewhere own;
	int64_t named;
	char where[96];
};

enum pen_status pen_elsewhere__new(struct pen_elsewhere **elsewhere, struct pen_store *store, const char *form,
    int64_t batch, struct pen_error *error)
{
	struct pen_elsewhere *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;
	int64_t next, people;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->batch = batch;
	snprintf(made->form, sizeof(made->form), "%s", form);
	status = pen_registered__next(store, &next, &people, error);
	if (status) {
		pen_memory__free(made);
		return status;
	}
	made->people = (size_t)people;
	*elsewhere = made;
	return PEN_OK;
}

void pen_elsewhere__free(struct pen_elsewhere *elsewhere)
{
	size_t i;

	if (!elsewhere)
		return;
	for (i = 0; i < elsewhere->years; i++)
		pen_memory__free(elsewhere->year[i].person);
	pen_memory__free(elsewhere);
}

/* ----------------------------------------------------------------- years -- */

static void count_in(struct year *year, int64_t person, const struct pen_months_elsewhere *months)
{
	int count;

	if (!months->count || person <= 0 || (uint64_t)person >= year->people)
		return;
	count = (year->person[person] >> COUNT_SHIFT) + months->count;
	year->person[person] = (uint16_t)((year->person[person] & KNOWN) | months->known |
	    (count < 15 ? count : 15) << COUNT_SHIFT);
}

static struct pen_months_elsewhere months_of(int32_t months, bool assumed)
{
	return (struct pen_months_elsewhere){ assumed ? 0 : months & PEN_MONTHS_ALL, pen_months__count(months) };
}

/* The folio of a year behind another; 0: there is none. */
static enum pen_status next_folio(struct pen_elsewhere *e, int32_t year, int64_t *folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(e->store, PEN_SQL_ELSEWHERE_FOLIOS, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_text(s, ":form", e->form);
	pen_db__bind_int(s, ":period", year);
	pen_db__bind_int(s, ":batch", e->batch);
	pen_db__bind_int(s, ":after", *folio);
	status = pen_db__step(s, &row, error);
	*folio = !status && row ? pen_db__int(s, 0) : 0;
	pen_db__reset(s);
	return status;
}

static enum pen_status read_folio(struct pen_elsewhere *e, struct year *year, int64_t folio, struct pen_error *error)
{
	struct pen_months_elsewhere months;
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(e->store, PEN_SQL_ELSEWHERE_MONTHS, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		months = months_of((int32_t)pen_db__int(s, 1), pen_db__int(s, 2) != 0);
		count_in(year, pen_db__int(s, 0), &months);
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status read_year(struct pen_elsewhere *e, struct year *year, struct pen_error *error)
{
	enum pen_status status;
	int64_t folio = 0;

	do {
		status = next_folio(e, year->year, &folio, error);
		if (!status && folio)
			status = read_folio(e, year, folio, error);
	} while (!status && folio);
	return status;
}

static enum pen_status turn_to(struct pen_elsewhere *e, int32_t number, struct pen_error *error)
{
	struct year *year;
	size_t i;

	for (i = 0; i < e->years && e->year[i].year != number; i++)
		;
	e->at = &e->year[i < YEARS ? i : YEARS - 1];
	if (i < e->years && i < YEARS)
		return PEN_OK;
	year = e->at;
	pen_memory__free(year->person);
	*year = (struct year){ .year = number, .people = e->people };
	e->years = i < YEARS ? i + 1 : YEARS;
	year->person = pen_memory__calloc(e->people ? e->people : 1, sizeof(*year->person));
	if (!year->person)
		return pen_error__memory(error);
	return e->batch == PEN_ELSEWHERE_ADDED ? PEN_OK : read_year(e, year, error);
}

/* ---------------------------------------------------------------- asking -- */

enum pen_status pen_elsewhere__months(struct pen_elsewhere *e, int64_t employer, int32_t year, int64_t person,
    struct pen_months_elsewhere *months, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	uint16_t bits;

	if (e->at && (e->person != person || e->employer != employer || e->at->year != year)) {
		count_in(e->at, e->person, &e->own);
		e->own = (struct pen_months_elsewhere){ 0, 0 };
	}
	e->employer = employer;
	e->person = person;
	if (!e->at || e->at->year != year)
		status = turn_to(e, year, error);
	if (status)
		return status;
	bits = person > 0 && (uint64_t)person < e->at->people ? e->at->person[person] : 0;
	*months = (struct pen_months_elsewhere){ bits & KNOWN, bits >> COUNT_SHIFT };
	/* A year has twelve months, however they are told line by line. */
	if (months->count)
		months->count += e->own.count;
	return PEN_OK;
}

void pen_elsewhere__add(struct pen_elsewhere *e, const struct pen_row *row)
{
	struct pen_months_elsewhere months;

	assert(e->at && row->v[PEN_SUBJECT].i == e->person);
	if (row->v[PEN_CONTRIBUTION_KIND].i != PEN_NORMAL)
		return;
	months = months_of((int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i, row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i != 0);
	e->own.known |= months.known;
	e->own.count += months.count;
}

/* A look over all employers of the year: for the first ones it is worth it. */
const char *pen_elsewhere__where(void *context)
{
	struct pen_elsewhere *e = context;
	struct pen_error ignored = { 0 };
	struct pen_statement *s;
	bool row = false;

	if (e->named++ < NAMED_MOST && !pen_store__sql(e->store, PEN_SQL_ELSEWHERE_WHERE, &s, &ignored)) {
		pen_db__bind_int(s, ":person", e->person);
		pen_db__bind_text(s, ":form", e->form);
		pen_db__bind_int(s, ":period", e->at->year);
		pen_db__bind_int(s, ":employer", e->employer);
		pen_db__bind_int(s, ":batch", e->batch);
		if (pen_db__step(s, &row, &ignored) == PEN_OK && row)
			snprintf(e->where, sizeof(e->where), _("folio %lld of employer %s has them"),
			    (long long)pen_db__int(s, 0), pen_db__text(s, 1) ? pen_db__text(s, 1) : "");
		pen_db__reset(s);
	}
	if (!row)
		snprintf(e->where, sizeof(e->where), "%s", _("another employer of this file has them"));
	return e->where;
}
