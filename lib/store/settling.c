#include "store/settling.h"

#include "base/error.h"
#include "base/memory.h"
#include "model/months.h"
#include "store/movement.h"
#include "store/people.h"
#include "store/settings.h"

#include <string.h>

/* --------------------------------------------------------------- lists -- */

void *pen_settling__grown(void *list, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 1024;
	void *made;

	if (count < *room)
		return list;
	made = pen_memory__realloc(list, wanted, size);
	if (made)
		*room = wanted;
	return made;
}

struct pen_settling_left *pen_settling__left(struct pen_settling *s)
{
	struct pen_settling_left *list;

	list = pen_settling__grown(s->left, s->lefts, &s->left_room, sizeof(*list));
	if (!list)
		return NULL;
	s->left = list;
	s->left[s->lefts] = (struct pen_settling_left){ 0 };
	return &s->left[s->lefts++];
}

struct pen_settling_person *pen_settling__find(struct pen_settling *s, int64_t number)
{
	size_t low = 0, high = s->persons, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (s->person[middle].person < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->persons && s->person[low].person == number ? &s->person[low] : NULL;
}

void pen_settling__free(struct pen_settling *settling)
{
	pen_memory__free(settling->person);
	pen_memory__free(settling->credit);
	pen_memory__free(settling->left);
	pen_memory__free(settling->scratch);
	pen_drawn__free(&settling->drawn);
	pen_merged__free(&settling->joined);
	*settling = (struct pen_settling){ .person = NULL };
}

/* --------------------------------------------------------------- terms -- */

/* The published rate of a year, else the one that is gone by until then. */
static const struct pen_parameter *find_rate(const struct pen_parameters *parameters, const char *agency,
    struct pen_settling_plan *plan)
{
	const struct pen_parameter *rate;

	rate = pen_parameter__find(parameters, PEN_ACCOUNT_INTEREST, agency, NULL, plan->year * 100 + 12);
	plan->provisional = !rate;
	return rate ? rate : pen_parameter__find(parameters, PEN_ACCOUNT_PROVISIONAL, agency, NULL, plan->year * 100 + 12);
}

enum pen_status pen_settling__terms_by(const struct pen_parameters *parameters, const char *agency,
    struct pen_settling_plan *plan, const struct pen_parameter **rate, struct pen_error *error)
{
	const struct pen_parameter *month;

	*rate = find_rate(parameters, agency, plan);
	month = pen_parameter__find(parameters, PEN_CREDIT_MONTH, agency, NULL, plan->year * 100 + 12);
	if (!*rate)
		return pen_error__refuse(error, "R4.2", "parameter.missing",
		    _("there is no account interest rate for %d (parameter %s, agency %s): put the published rate in force with pen-admin param load"),
		    plan->year, PEN_ACCOUNT_INTEREST, agency);
	if (month && strcmp(month->text, "period") != 0 && strcmp(month->text, "arrival") != 0)
		return pen_error__refuse(error, "R4.2", "parameter.value",
		    _("parameter %s is \"%s\", expected period or arrival: load the table corrected with pen-admin param load"),
		    PEN_CREDIT_MONTH, month->text);
	plan->rate = (*rate)->value;
	plan->by_arrival = month && strcmp(month->text, "arrival") == 0;
	return PEN_OK;
}

enum pen_status pen_settling__terms(struct pen_store *store, struct pen_settling_plan *plan,
    char parameters_digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_parameters *parameters;
	const struct pen_parameter *rate;
	enum pen_status status;

	status = pen_settings__parameters(store, plan->as_of, &parameters, parameters_digest, error);
	if (status != PEN_OK)
		return status;
	status = pen_settling__terms_by(parameters, pen_store__identity(store)->agency, plan, &rate, error);
	pen_parameter__free(parameters);
	return status;
}

/* ---------------------------------------------------------------- rows -- */

struct pen_credit pen_settling__credit(const struct pen_row *contribution, int32_t year, bool by_arrival,
    int64_t *unarrived, int64_t *outside)
{
	const struct pen_value *arrived = &contribution->v[PEN_CONTRIBUTION_ARRIVED];
	struct pen_credit credit = {
		.personal_fen = contribution->v[PEN_CONTRIBUTION_PERSONAL].i,
		.months = (int32_t)contribution->v[PEN_CONTRIBUTION_MONTHS].i
	};
	int32_t month;

	/* What is for another year has no month in this one but that of its arrival. */
	if (!by_arrival && contribution->v[PEN_CONTRIBUTION_FOR_YEAR].type != PEN_INTEGER)
		return credit;
	if (arrived->type != PEN_INTEGER || !arrived->i) {
		(*unarrived)++;
		return credit;
	}
	month = (int32_t)(arrived->i / 100 % 100);
	if (arrived->i / 10000 != year) {
		(*outside)++;
		month = arrived->i / 10000 < year ? 1 : 12;
	}
	credit.months = pen_months__span(month, 1);
	return credit;
}

void pen_settling__take_merged(const struct pen_settling *settling, struct pen_settling_person *person)
{
	const struct pen_merged_person *one = pen_merged__find(&settling->joined, person->person);

	person->merged_in = one ? one->folio : 0;
	if (one)
		person->merged = one->amounts;
}

void pen_settling__take_pension(const struct pen_settling *settling, struct pen_settling_person *person)
{
	const struct pen_drawn_person *one = pen_drawn__find(&settling->drawn, person->person);

	person->pension = 0;
	if (one == NULL || (one->pension.from == 12 && !one->months))
		return;
	person->pension = (size_t)(one - settling->drawn.at) + 1;
	if (person->fate != PEN_SETTLING_NEW)
		return;
	person->roll = pen_drawn__missing(&settling->drawn, one, 12, &person->untold);
	if (person->roll)
		person->fate = PEN_SETTLING_UNREADY;
}

/* The pension of the year; NULL: none. */
static const struct pen_drawn_person *pension_of(const struct pen_settling *s, const struct pen_settling_person *person)
{
	return person->pension ? &s->drawn.at[person->pension - 1] : NULL;
}

static enum pen_status work_out(const struct pen_settling *s, const struct pen_settling_person *person,
    struct pen_account_year *year, struct pen_error *error)
{
	const struct pen_drawn_person *pension = pension_of(s, person);
	enum pen_status status;
	char who[PEN_PEOPLE_CALLED], place[PEN_PEOPLE_CALLED + 16];
	size_t i;

	for (i = 0; i < person->count; i++)
		s->scratch[i] = s->credit[person->first + i].credit;
	*year = (struct pen_account_year){ .opening = person->opening, .merged = person->merged, .rate = s->plan.rate };
	if (pension)
		status = pen_account__paid(year, &pension->pension, 12, s->scratch, person->count, error);
	else
		status = pen_account__settle(year, s->scratch, person->count, error);
	if (status == PEN_OK)
		return PEN_OK;
	pen_people__called(s->store, person->person, who);
	snprintf(place, sizeof(place), _("%s in %d"), who, s->plan.year);
	return pen_error__at(error, place, 0, NULL);
}

enum pen_status pen_settling__rows(struct pen_settling *settling, const struct pen_settling_person *person,
    int64_t line, struct pen_account_year *year, struct pen_row rows[PEN_SETTLING_ROWS], int *count,
    struct pen_error *error)
{
	enum pen_status status = work_out(settling, person, year, error);
	const struct pen_movement_year of = { .person = person->person, .year = settling->plan.year, .figures = year, .months = 12,
		.prior = person->prior, .merged = person->merged_in, .paid = person->count > 0, .credited = person->months, .source = person->source,
		.pension = pension_of(settling, person) };
	int i, n;

	if (status != PEN_OK)
		return status;
	n = pen_movement__year(&of, rows);
	rows[n++] = pen_movement__row(person->person, settling->plan.year, "balance", year->closing, 0, NULL, person->prior);
	for (i = 0; i < n; i++)
		rows[i].v[PEN_LINE] = pen_value__integer(line + i);
	*count = n;
	return PEN_OK;
}
