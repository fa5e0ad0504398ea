#include "store/particulars.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Somebody who retired or died; 0 for what did not happen. */
struct ended { int64_t person; int32_t retired_on, died_on; };

/* employer[] is indexed by number; one that was not entered has no insured_on.
 * ended[] is in the order of people, each of them once. */
struct pen_particulars {
	struct pen_store *store;
	int64_t as_of;
	struct pen_employer_facts *employer;
	size_t employers;
	struct ended *ended;
	size_t count, room;
	struct pen_arena *strings;	/* of `retired` */
	struct pen_retired retired;	/* the last one given out */
	struct pen_reference *reference;
	struct pen_error error;		/* once reference->failed */
};

static enum pen_status statement(const struct pen_particulars *p, enum pen_sql which, struct pen_statement **s,
    struct pen_error *error)
{
	enum pen_status status = pen_store__sql(p->store, which, s, error);

	if (!status)
		pen_db__bind_int(*s, ":as_of", p->as_of);
	return status;
}

/* ------------------------------------------------------------ employers -- */

/* The facts of a number, with room made for it; NULL: no memory. */
static struct pen_employer_facts *place_of(struct pen_particulars *p, int64_t employer)
{
	size_t room = p->employers ? p->employers : 256;
	struct pen_employer_facts *grown;

	if ((uint64_t)employer < p->employers)
		return &p->employer[employer];
	while (room <= (uint64_t)employer)
		room *= 2;
	grown = pen_memory__realloc(p->employer, room, sizeof(*grown));
	if (!grown)
		return NULL;
	memset(grown + p->employers, 0, (room - p->employers) * sizeof(*grown));
	p->employer = grown;
	p->employers = room;
	return &grown[employer];
}

static enum pen_status load_employers(struct pen_particulars *p, struct pen_error *error)
{
	struct pen_employer_facts *facts;
	struct pen_statement *s;
	const char *area;
	enum pen_status status = statement(p, PEN_SQL_PARTICULARS_EMPLOYERS, &s, error);
	bool row;

	if (status)
		return status;
	while (!(status = pen_db__step(s, &row, error)) && row) {
		if (pen_db__int(s, 0) <= 0 || pen_db__int(s, 0) > UINT32_MAX)
			continue;
		facts = place_of(p, pen_db__int(s, 0));
		if (!facts) {
			status = pen_error__memory(error);
			break;
		}
		area = pen_db__text(s, 4);
		facts->insured_on = (int32_t)pen_db__int(s, 1);
		facts->newly_covered = pen_db__int(s, 2) != 0;
		facts->pseudo_unit = pen_db__int(s, 3) != 0;
		facts->area = area ? (int32_t)strtol(area, NULL, 10) : 0;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status load_successions(struct pen_particulars *p, struct pen_error *error)
{
	struct pen_employer_facts *facts;
	struct pen_statement *s;
	enum pen_status status = statement(p, PEN_SQL_PARTICULARS_SUCCESSIONS, &s, error);
	bool row;

	if (status)
		return status;
	while (!(status = pen_db__step(s, &row, error)) && row) {
		if ((uint64_t)pen_db__int(s, 0) >= p->employers)
			continue;
		facts = &p->employer[pen_db__int(s, 0)];
		facts->successor = pen_db__int(s, 1);
		facts->succeeded_on = (int32_t)pen_db__int(s, 2);
		snprintf(facts->successor_code, sizeof(facts->successor_code), "%s", pen_db__text(s, 3) ? pen_db__text(s, 3) : "");
	}
	pen_db__reset(s);
	return status;
}

static const struct pen_employer_facts *ask_facts(void *known, int64_t employer)
{
	const struct pen_particulars *p = known;

	if (employer <= 0 || (uint64_t)employer >= p->employers || !p->employer[employer].insured_on)
		return NULL;
	return &p->employer[employer];
}

static int64_t ask_pseudo_unit(void *known, const char *county)
{
	const struct pen_particulars *p = known;
	int32_t area = county ? (int32_t)strtol(county, NULL, 10) : 0;
	int64_t found = 0;
	size_t i;

	for (i = 1; i < p->employers; i++) {
		if (!p->employer[i].pseudo_unit || (area && p->employer[i].area != area))
			continue;
		if (found)
			return -1;
		found = (int64_t)i;
	}
	return found;
}

/* --------------------------------------------------- retired, and dead -- */

static struct ended *add_ended(struct pen_particulars *p, int64_t person)
{
	size_t room = p->room ? p->room * 2 : 256;
	struct ended *grown;

	if (p->count == p->room) {
		grown = pen_memory__realloc(p->ended, room, sizeof(*grown));
		if (!grown)
			return NULL;
		p->ended = grown;
		p->room = room;
	}
	p->ended[p->count] = (struct ended){ .person = person };
	return &p->ended[p->count++];
}

static int by_person(const void *a, const void *b)
{
	const struct ended *x = a, *y = b;

	return (x->person > y->person) - (x->person < y->person);
}

/* In order, what is known of one person together: the first day of each. */
static void join_ended(struct pen_particulars *p)
{
	size_t i, kept = 0;

	if (p->count)
		qsort(p->ended, p->count, sizeof(*p->ended), by_person);
	for (i = 0; i < p->count; i++) {
		struct ended *one = &p->ended[kept], *next = &p->ended[i];

		if (i && one->person == next->person) {
			if (next->retired_on && (!one->retired_on || next->retired_on < one->retired_on))
				one->retired_on = next->retired_on;
			if (next->died_on && (!one->died_on || next->died_on < one->died_on))
				one->died_on = next->died_on;
		} else if (i) {
			p->ended[++kept] = *next;
		}
	}
	p->count = p->count ? kept + 1 : 0;
}

/* Retirements say the day; who left for good did so on the last day of a month. */
static enum pen_status load_ended(struct pen_particulars *p, enum pen_sql which, struct pen_error *error)
{
	struct pen_statement *s;
	struct ended *ended;
	int32_t day;
	enum pen_status status = statement(p, which, &s, error);
	bool row, left = which == PEN_SQL_PARTICULARS_LEFT;

	if (status)
		return status;
	while (!(status = pen_db__step(s, &row, error)) && row) {
		ended = add_ended(p, pen_db__int(s, 0));
		if (!ended) {
			status = pen_error__memory(error);
			break;
		}
		day = (int32_t)pen_db__int(s, 1);
		if (left)
			day = pen_date__month_end(day);
		if (left && strcmp(pen_db__text(s, 2), "death") == 0)
			ended->died_on = day;
		else
			ended->retired_on = day;
	}
	pen_db__reset(s);
	return status;
}

void pen_particulars__ended(const struct pen_particulars *p, int64_t person, int32_t *retired_on, int32_t *died_on)
{
	const struct ended wanted = { .person = person }, *found = NULL;

	if (p->count)
		found = bsearch(&wanted, p->ended, p->count, sizeof(*p->ended), by_person);
	*retired_on = found ? found->retired_on : 0;
	*died_on = found ? found->died_on : 0;
}

/* ----------------------------------------------------------- answering -- */

/* Answers are not statuses: the first failure is kept for _failure. */
static bool failed(struct pen_particulars *p, enum pen_status status)
{
	if (status)
		p->reference->failed = true;
	return p->reference->failed;
}

/* A column's value; a text is copied. */
static enum pen_status take_value(struct pen_particulars *p, struct pen_statement *s, int column,
    enum pen_column_type type, struct pen_value *out)
{
	const char *text;

	*out = pen_value__null();
	if (pen_db__is_null(s, column))
		return PEN_OK;
	if (type != PEN_COLUMN_TEXT) {
		*out = pen_value__integer(pen_db__int(s, column));
		return PEN_OK;
	}
	text = pen_db__text(s, column);
	text = pen_memory__copy(p->strings, text, strlen(text));
	if (!text)
		return pen_error__memory(&p->error);
	*out = pen_value__string(text, strlen(text));
	return PEN_OK;
}

static const struct pen_retired *ask_retired(void *known, int64_t person)
{
	struct pen_particulars *p = known;
	const struct pen_kind *kind = pen_kind__of(PEN_KIND_RETIREMENT);
	struct pen_statement *s;
	enum pen_status status;
	bool row = false;
	int i;

	if (p->reference->failed || failed(p, statement(p, PEN_SQL_PARTICULARS_RETIREMENT, &s, &p->error)))
		return NULL;
	pen_memory__reset(p->strings);
	pen_db__bind_int(s, ":person", person);
	status = pen_db__step(s, &row, &p->error);
	if (!status && row) {
		p->retired = (struct pen_retired){ pen_db__int(s, 0), pen_db__int(s, 1), { .kind = kind } };
		for (i = 0; !status && i < kind->count; i++)
			status = take_value(p, s, 2 + i, kind->columns[i].type, &p->retired.row.v[i]);
	}
	pen_db__reset(s);
	return failed(p, status) || !row ? NULL : &p->retired;
}

static int32_t ask_period(void *known, int64_t person, int64_t employer)
{
	struct pen_particulars *p = known;
	struct pen_statement *s;
	int32_t since = 0;
	bool row = false;

	if (p->reference->failed || failed(p, statement(p, PEN_SQL_PARTICULARS_PERIOD, &s, &p->error)))
		return 0;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":employer", employer);
	if (!failed(p, pen_db__step(s, &row, &p->error)) && row)
		since = (int32_t)pen_db__int(s, 0);
	pen_db__reset(s);
	return since;
}

void pen_particulars__answer(struct pen_particulars *p, struct pen_reference *reference)
{
	p->reference = reference;
	reference->live_on = pen_store__identity(p->store)->live_on;
	reference->known = p;
	reference->facts = ask_facts;
	reference->pseudo_unit = ask_pseudo_unit;
	reference->retired = ask_retired;
	reference->period = ask_period;
}

enum pen_status pen_particulars__failure(const struct pen_particulars *p, struct pen_error *error)
{
	if (p->error.status != PEN_OK)
		*error = p->error;
	return p->error.status;
}

/* -------------------------------------------------------------- opening -- */

enum pen_status pen_particulars__open(struct pen_particulars **particulars, struct pen_store *store,
    const struct pen_form *form, int64_t as_of, struct pen_error *error)
{
	struct pen_particulars *made = pen_memory__calloc(1, sizeof(*made));
	bool people = !form || form->kind->of_people;
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->as_of = as_of;
	made->strings = pen_memory__arena();
	status = made->strings ? load_employers(made, error) : pen_error__memory(error);
	if (!status)
		status = load_successions(made, error);
	if (!status && people)
		status = load_ended(made, PEN_SQL_PARTICULARS_RETIRED, error);
	if (!status && people)
		status = load_ended(made, PEN_SQL_PARTICULARS_LEFT, error);
	if (status)
		goto err0;
	join_ended(made);
	*particulars = made;
	return PEN_OK;
err0:
	pen_particulars__close(made);
	return status;
}

void pen_particulars__close(struct pen_particulars *p)
{
	if (!p)
		return;
	pen_memory__free(p->employer);
	pen_memory__free(p->ended);
	pen_memory__drop(p->strings);
	pen_memory__free(p);
}
