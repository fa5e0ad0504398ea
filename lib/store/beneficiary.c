#include "store/beneficiary.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/lastroll.h"
#include "store/people.h"
#include "store/sealedform.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The columns that all the statements begin with. */
enum { FOLIO, EMPLOYER, SEALED, PERSON, LINE, OWN = PEN_SEALEDFORM_OWN };

/* What is being read. `insured` is of `insured_employer`: the month in which it joined. */
struct reading {
	struct pen_session *session;
	struct pen_beneficiaries *all;
	int64_t insured_employer;
	int32_t insured;
};

static struct pen_store *store_of(const struct reading *reading)
{
	return reading->session->store;
}

/* --------------------------------------------------------------- lists -- */

static bool grow(void **list, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 64;
	void *made;

	if (count < *room)
		return true;
	made = pen_memory__realloc(*list, wanted, size);
	if (made == NULL)
		return false;
	*list = made;
	*room = wanted;
	return true;
}

static struct pen_beneficiary *add_one(struct pen_beneficiaries *all)
{
	if (!grow((void **)&all->at, all->count, &all->room, sizeof(*all->at)))
		return NULL;
	all->at[all->count] = (struct pen_beneficiary){ .keep_most = -1 };
	return &all->at[all->count++];
}

static int by_number(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* By person; of one person by basis, and among these the newest last. */
static int compare_records(const void *a, const void *b)
{
	const struct pen_beneficiary *x = a, *y = b;
	int order = by_number(x->person, y->person);

	if (!order)
		order = by_number((int64_t)x->basis, (int64_t)y->basis);
	if (!order)
		order = by_number(x->folio, y->folio);
	return order ? order : by_number(x->line, y->line);
}

static int compare_increases(const void *a, const void *b)
{
	const struct pen_beneficiary_increase *x = a, *y = b;
	int order = by_number(x->person, y->person);

	if (!order)
		order = by_number(x->increase.month, y->increase.month);
	if (!order)
		order = by_number(x->folio, y->folio);
	return order ? order : by_number(x->line, y->line);
}

static int compare_changes(const void *a, const void *b)
{
	const struct pen_beneficiary_change *x = a, *y = b;
	int order = by_number(x->person, y->person);

	if (!order)
		order = by_number(x->folio, y->folio);
	return order ? order : by_number(x->line, y->line);
}

/* Most often it is in order already: one employer's people, or a single person's. */
static void sort(void *list, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	const char *at = list;
	size_t i;

	for (i = 1; i < count; i++)
		if (compare(at + (i - 1) * size, at + i * size) > 0) {
			qsort(list, count, size, compare);
			return;
		}
}

struct pen_beneficiary *pen_beneficiary__find(struct pen_beneficiaries *all, int64_t person)
{
	size_t low = 0, high = all->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (all->at[middle].person < person)
			low = middle + 1;
		else
			high = middle;
	}
	return low < all->count && all->at[low].person == person ? &all->at[low] : NULL;
}

void pen_beneficiary__free(struct pen_beneficiaries *all)
{
	pen_memory__free(all->at);
	pen_memory__free(all->increase);
	pen_memory__free(all->change);
	pen_memory__free(all->increase_scratch);
	pen_memory__free(all->change_scratch);
	*all = (struct pen_beneficiaries){ .count = 0 };
}

/* ----------------------------------------------------- what they are paid by -- */

static int32_t later_of(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* The month in which an employer joined; 0: not told. Asked once for all the people of it. */
static enum pen_status month_insured(struct reading *reading, int64_t employer, int32_t *month, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = PEN_OK;
	bool row;

	*month = reading->insured;
	if (reading->insured_employer == employer)
		return PEN_OK;
	status = pen_store__sql(store_of(reading), PEN_SQL_BENEFICIARY_INSURED, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":as_of", reading->all->plan.as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK) {
		reading->insured_employer = employer;
		reading->insured = *month = row ? (int32_t)(pen_db__int(s, 0) / 100) : 0;
	}
	pen_db__reset(s);
	return status;
}

/* Of whoever came by form others paid before the store's first roll; and those of an
 * employer newly covered before it joined. */
static enum pen_status since_of_form(struct reading *reading, const struct pen_value *v, int64_t employer, int32_t *since,
    struct pen_error *error)
{
	int32_t retired = pen_entitlement__later((int32_t)(v[OWN].i / 100), 1), insured;
	const char *basis = v[OWN + 2].s;
	enum pen_status status = PEN_OK;

	*since = v[OWN + 1].type == PEN_NULL ? retired : (int32_t)v[OWN + 1].i;
	*since = later_of(*since, reading->all->plan.first);
	if (basis != NULL && strcmp(basis, "expansion") == 0 && employer) {
		status = month_insured(reading, employer, &insured, error);
		*since = later_of(*since, insured);
	}
	return status;
}

/* The parts as the paper has them; what it does not part is among the others. */
static enum pen_status take_retirement(void *context, const struct pen_value *v, struct pen_error *error)
{
	struct reading *reading = context;
	int64_t employer = v[EMPLOYER].i, parts;
	int32_t since;
	struct pen_beneficiary *one;
	enum pen_status status = since_of_form(reading, v, employer, &since, error);
	int i;

	if (status != PEN_OK)
		return status;
	one = add_one(reading->all);
	if (one == NULL)
		return pen_error__memory(error);
	one->person = v[PERSON].i;
	one->employer = employer;
	one->folio = v[FOLIO].i;
	one->line = v[LINE].i;
	one->newest = v[SEALED].i;
	one->basis = PEN_BENEFICIARY_FORM;
	one->since = since;
	one->parts = (struct pen_entitlement_parts){ v[OWN + 3].i, v[OWN + 4].i, v[OWN + 5].i, v[OWN + 6].i };
	for (parts = 0, i = 3; i < 7; i++)
		parts += v[OWN + i].i;
	if (v[OWN + 7].type != PEN_NULL)
		one->parts.extra_fen += v[OWN + 7].i - parts;
	one->untold = v[OWN + 7].type == PEN_NULL && parts == 0;
	one->paid_months = v[OWN + 8].type == PEN_NULL ? -1 : (int32_t)(v[OWN + 8].i + v[OWN + 9].i);
	one->drawn_from = v[OWN + 1].type == PEN_NULL ? pen_entitlement__later((int32_t)(v[OWN].i / 100), 1) : (int32_t)v[OWN + 1].i;
	return PEN_OK;
}

/* What the system found: due from the month that it says, whenever it was approved. */
static enum pen_status take_assessment(void *context, const struct pen_value *v, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_beneficiary *one = add_one(reading->all);

	if (one == NULL)
		return pen_error__memory(error);
	one->person = v[PERSON].i;
	one->employer = v[EMPLOYER].i;
	one->folio = v[FOLIO].i;
	one->line = v[LINE].i;
	one->newest = v[SEALED].i;
	one->basis = PEN_BENEFICIARY_ASSESSED;
	one->since = one->drawn_from = (int32_t)v[OWN].i;
	one->parts = (struct pen_entitlement_parts){ v[OWN + 1].i, v[OWN + 2].i, v[OWN + 3].i, v[OWN + 4].i };
	one->paid_months = (int32_t)v[OWN + 5].i;
	return PEN_OK;
}

/* Of each person's records the one that counts stays, with the newest seal of all. Who is
 * known by a change alone (a death in service) has none to be paid by. */
static void keep_those_that_count(struct pen_beneficiaries *all)
{
	size_t i, kept = 0;

	sort(all->at, all->count, sizeof(*all->at), compare_records);
	for (i = 0; i < all->count; i++) {
		if (kept && all->at[kept - 1].person == all->at[i].person) {
			if (all->at[i].newest < all->at[kept - 1].newest)
				all->at[i].newest = all->at[kept - 1].newest;
			kept--;
		}
		all->at[kept++] = all->at[i];
	}
	all->count = kept;
}

/* ------------------------------------------------------------- changes -- */

static enum pen_status add_change(struct reading *reading, const struct pen_value *v, enum pen_entitlement_state state,
    struct pen_error *error)
{
	struct pen_beneficiaries *all = reading->all;
	struct pen_beneficiary *one;

	if (!grow((void **)&all->change, all->changes, &all->change_room, sizeof(*all->change)))
		return pen_error__memory(error);
	all->change[all->changes++] = (struct pen_beneficiary_change){ v[PERSON].i, v[FOLIO].i,
		v[LINE].i, { state, (int32_t)v[OWN + 1].i,
		v[OWN + 3].i + v[OWN + 4].i + v[OWN + 5].i } };
	one = add_one(all);
	if (one == NULL)
		return pen_error__memory(error);
	one->person = v[PERSON].i;
	one->employer = v[EMPLOYER].i;
	one->folio = v[FOLIO].i;
	one->line = v[LINE].i;
	one->newest = v[SEALED].i;
	one->since = (int32_t)v[OWN + 1].i;
	return PEN_OK;
}

static enum pen_status take_change(void *context, const struct pen_value *v, struct pen_error *error)
{
	struct reading *reading = context;
	static const struct { const char *kind; enum pen_entitlement_state state; } kinds[] = {
		{ "stop", PEN_ENTITLEMENT_STOPPED }, { "resume", PEN_ENTITLEMENT_PAID }, { "end", PEN_ENTITLEMENT_ENDED } };
	const char *kind = v[OWN].s;
	size_t i;

	for (i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i].kind) == 0)
			return add_change(reading, v, kinds[i].state, error);
	return PEN_OK;
}

static enum pen_status take_increase(void *context, const struct pen_value *v, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_beneficiaries *all = reading->all;

	if (!grow((void **)&all->increase, all->increases, &all->increase_room, sizeof(*all->increase)))
		return pen_error__memory(error);
	all->increase[all->increases++] = (struct pen_beneficiary_increase){ v[PERSON].i, v[FOLIO].i,
		v[LINE].i, v[SEALED].i, { (int32_t)v[OWN].i, v[OWN + 1].i } };
	return PEN_OK;
}

/* Of what schemes say of somebody from the same month on, the newest folio counts. */
static void keep_newest_increases(struct pen_beneficiaries *all)
{
	size_t i, kept = 0;

	sort(all->increase, all->increases, sizeof(*all->increase), compare_increases);
	for (i = 0; i < all->increases; i++) {
		if (kept && all->increase[kept - 1].person == all->increase[i].person &&
		    all->increase[kept - 1].increase.month == all->increase[i].increase.month)
			kept--;
		all->increase[kept++] = all->increase[i];
	}
	all->increases = kept;
}

/* The instalments by which something is recovered, and what was handed back since the
 * roll before. In the order in which they were sealed, the last counts. */
static enum pen_status take_recovery(void *context, const struct pen_value *v, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_beneficiary *one = pen_beneficiary__find(reading->all, v[PERSON].i);
	const char *kind = v[OWN].s;
	int32_t month = (int32_t)v[OWN + 1].i;

	(void)error;
	if (one == NULL || kind == NULL)
		return PEN_OK;
	if (strcmp(kind, "recover") == 0 && month <= reading->all->plan.month)
		one->keep_most = v[OWN + 2].type == PEN_NULL ? -1 : v[OWN + 2].i;
	if (strcmp(kind, "repaid") == 0 && v[SEALED].i > reading->all->plan.previous_as_of)
		one->before.repaid_fen += v[OWN + 2].i;
	if (v[SEALED].i > one->newest)
		one->newest = v[SEALED].i;
	return PEN_OK;
}

static enum pen_status take_return(void *context, const struct pen_value *v, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_beneficiary *one = pen_beneficiary__find(reading->all, v[PERSON].i);
	const char *result = v[OWN].s;

	(void)error;
	if (one == NULL || result == NULL || strcmp(result, "failed") != 0 ||
	    v[SEALED].i <= reading->all->plan.previous_as_of)
		return PEN_OK;
	one->before.returned_fen += v[OWN + 1].i;
	if (v[SEALED].i > one->newest)
		one->newest = v[SEALED].i;
	return PEN_OK;
}

/* Lists are in the order of people; each gets their part of them. Whoever has a change is
 * among the people, and an increase may be of somebody who is not. */
static void hand_out_changes(struct pen_beneficiaries *all)
{
	size_t i, change = 0, increase = 0;

	sort(all->change, all->changes, sizeof(*all->change), compare_changes);
	keep_newest_increases(all);
	for (i = 0; i < all->count; i++) {
		while (increase < all->increases && all->increase[increase].person < all->at[i].person)
			increase++;
		all->at[i].change = change;
		all->at[i].increase = increase;
		while (change < all->changes && all->change[change].person == all->at[i].person)
			change++, all->at[i].changes++;
		for (; increase < all->increases && all->increase[increase].person == all->at[i].person; increase++) {
			all->at[i].increases++;
			if (all->at[i].newest < all->increase[increase].sealed)
				all->at[i].newest = all->increase[increase].sealed;
		}
	}
}

/* ------------------------------------------------------ the roll before -- */

/* What became known since is there already. */
static void take_line(struct pen_beneficiary *one, const struct pen_payment_before *line)
{
	const struct pen_payment_before since = one->before;

	one->before = *line;
	one->before.returned_fen = since.returned_fen;
	one->before.repaid_fen = since.repaid_fen;
	/* The month from which others had paid stays what it was when they joined. */
	if (one->basis == PEN_BENEFICIARY_FORM)
		one->since = one->before.since;
}

static enum pen_status no_record(struct reading *reading, const struct pen_lastroll_line *line, struct pen_error *error)
{
	char who[PEN_PEOPLE_CALLED];

	return pen_error__refuse(error, "R4.3.1d", "roll.base",
	    _("%s stands on the roll of %" PRId32 ", folio %" PRId64 ", and no sealed record says any more what they are paid by: bring the record back in, or run pen-verify"),
	    pen_people__called(store_of(reading), line->person, who), line->before.month, line->folio);
}

/* Both are by person. */
static enum pen_status hand_out_lines(struct reading *reading, const struct pen_lastroll_line *line, size_t lines,
    struct pen_error *error)
{
	struct pen_beneficiaries *all = reading->all;
	size_t i, one = 0;

	for (i = 0; i < lines; i++) {
		while (one < all->count && all->at[one].person < line[i].person)
			one++;
		if (one == all->count || all->at[one].person != line[i].person)
			return no_record(reading, &line[i], error);
		take_line(&all->at[one], &line[i].before);
		all->before.people += line[i].before.regular_fen != 0;
		all->before.fen += line[i].before.regular_fen;
	}
	return PEN_OK;
}

/* Whose newest line is in an older roll: they were closed, and something has come since. */
static enum pen_status find_newest(struct reading *reading, struct pen_beneficiary *one, int64_t employer, struct pen_error *error)
{
	const struct pen_beneficiary_plan *plan = &reading->all->plan;
	struct pen_payment_before newest;
	enum pen_status status = pen_lastroll__newest(store_of(reading), one->person, employer, plan->month, plan->as_of, &newest, error);

	if (status != PEN_OK || !newest.month)
		return status;
	if (newest.month > one->before.month)
		take_line(one, &newest);
	/* What was due for an older month is not what was due for the last one. */
	if (one->before.month != plan->previous_month)
		one->before.regular_fen = 0;
	return PEN_OK;
}

static bool was_closed(const struct pen_beneficiaries *all, const struct pen_beneficiary *one)
{
	size_t i;

	for (i = 0; i < one->changes; i++)
		if (all->change[one->change + i].change.state == PEN_ENTITLEMENT_ENDED)
			return true;
	return false;
}

/* Those whom the roll before does not name: they are new, or they were closed. */
static enum pen_status find_closed(struct reading *reading, bool everybody, struct pen_error *error)
{
	struct pen_beneficiaries *all = reading->all;
	struct pen_beneficiary *one;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < all->count; i++) {
		one = &all->at[i];
		if (everybody || (!one->before.month && one->newest > all->plan.previous_as_of && was_closed(all, one)))
			status = find_newest(reading, one, one->employer, error);
	}
	return status;
}

static enum pen_status take_lines(struct reading *reading, struct pen_lastroll *roll, struct pen_error *error)
{
	const struct pen_lastroll_line *line;
	size_t lines;
	enum pen_status status = pen_lastroll__lines(roll, &line, &lines, error);

	return status == PEN_OK ? hand_out_lines(reading, line, lines, error) : status;
}

/* ----------------------------------------------------------------- all -- */

/* What people are paid by, and what of that changes. */
static enum pen_status read_records(struct reading *reading, int64_t person, struct pen_error *error)
{
	const struct pen_sealedform records[] = {
		{ "retirement", 0, PEN_SQL_BENEFICIARY_RETIREMENTS, PEN_SQL_BENEFICIARY_RETIREMENTS_OF, -1, take_retirement },
		{ "benefit-supplement", 0, PEN_SQL_BENEFICIARY_RETIREMENTS, PEN_SQL_BENEFICIARY_RETIREMENTS_OF, -1, take_retirement },
		{ "assessment", 0, PEN_SQL_BENEFICIARY_ASSESSMENTS, PEN_SQL_BENEFICIARY_ASSESSMENTS_OF, -1, take_assessment },
		{ "assessment-exception", 0, PEN_SQL_BENEFICIARY_ASSESSMENTS, PEN_SQL_BENEFICIARY_ASSESSMENTS_OF, -1, take_assessment },
		{ "benefit-change", 0, PEN_SQL_BENEFICIARY_CHANGES, PEN_SQL_BENEFICIARY_CHANGES_OF, -1, take_change },
		{ "adjustment", 0, PEN_SQL_BENEFICIARY_ADJUSTMENTS, PEN_SQL_BENEFICIARY_ADJUSTMENTS_OF, -1, take_increase },
	};
	struct pen_beneficiaries *all = reading->all;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < sizeof(records) / sizeof(records[0]); i++)
		if (!person || i == 0 || records[i].one != records[i - 1].one)	/* one person's are found at once */
			status = pen_sealedform__read(reading->session, &records[i], all->plan.as_of, person, reading, error);
	if (status == PEN_OK) {
		keep_those_that_count(all);
		hand_out_changes(all);
	}
	return status;
}

/* What became known since the roll before. */
static enum pen_status read_later(struct reading *reading, int64_t person, struct pen_error *error)
{
	const struct pen_beneficiary_plan *plan = &reading->all->plan;
	const struct pen_sealedform later[] = {
		{ "benefit-change", 0, PEN_SQL_BENEFICIARY_CHANGES, PEN_SQL_BENEFICIARY_CHANGES_OF, -1, take_recovery },
		{ "payment-return", 0, PEN_SQL_BENEFICIARY_RETURNS, PEN_SQL_BENEFICIARY_RETURNS_OF, plan->previous_as_of, take_return },
	};
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < sizeof(later) / sizeof(later[0]); i++)
		status = pen_sealedform__read(reading->session, &later[i], plan->as_of, person, reading, error);
	return status;
}

enum pen_status pen_beneficiary__read(struct pen_beneficiaries *all, struct pen_session *session,
    const struct pen_beneficiary_plan *plan, int64_t person, struct pen_error *error)
{
	struct reading reading = { .session = session, .all = all, .insured_employer = -1 };
	struct pen_lastroll *roll = NULL;
	enum pen_status status = PEN_OK;

	*all = (struct pen_beneficiaries){ .plan = *plan };
	if (plan->previous && !person)
		status = pen_lastroll__begin(&roll, session, plan->previous_month, plan->as_of, error);
	if (status == PEN_OK)
		status = read_records(&reading, person, error);
	if (status == PEN_OK)
		status = read_later(&reading, person, error);
	if (status == PEN_OK && roll != NULL)
		status = take_lines(&reading, roll, error);
	if (status == PEN_OK && plan->previous)
		status = find_closed(&reading, person != 0, error);
	pen_lastroll__free(roll);
	return status;
}

enum pen_status pen_beneficiary__entitlement(struct pen_beneficiaries *all, const struct pen_beneficiary *one,
    struct pen_entitlement *entitlement, struct pen_error *error)
{
	size_t i, most = one->increases > one->changes ? one->increases : one->changes;
	void *made;

	if (most > all->scratch_room) {
		made = pen_memory__realloc(all->increase_scratch, most, sizeof(*all->increase_scratch));
		if (made == NULL)
			return pen_error__memory(error);
		all->increase_scratch = made;
		made = pen_memory__realloc(all->change_scratch, most, sizeof(*all->change_scratch));
		if (made == NULL)
			return pen_error__memory(error);
		all->change_scratch = made;
		all->scratch_room = most;
	}
	for (i = 0; i < one->increases; i++)
		all->increase_scratch[i] = all->increase[one->increase + i].increase;
	for (i = 0; i < one->changes; i++)
		all->change_scratch[i] = all->change[one->change + i].change;
	*entitlement = (struct pen_entitlement){ .since = one->since, .parts = one->parts, .increase = all->increase_scratch,
		.increases = one->increases, .change = all->change_scratch, .changes = one->changes };
	return PEN_OK;
}

/* --------------------------------------------------------------- rolls -- */

enum pen_status pen_beneficiary__roll(struct pen_store *store, int32_t month, int64_t as_of,
    struct pen_beneficiary_roll *roll, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_BENEFICIARY_ROLL, &s, error);
	bool row;

	*roll = (struct pen_beneficiary_roll){ .reference = -1 };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":month", month);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*roll = (struct pen_beneficiary_roll){ pen_db__int(s, 0), pen_db__int(s, 1), (int32_t)pen_db__int(s, 2), pen_db__int(s, 3) == 0 };
	pen_db__reset(s);
	return status;
}

enum pen_status pen_beneficiary__first(struct pen_store *store, int64_t as_of, int32_t *month, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_BENEFICIARY_FIRST, &s, error);
	bool row;

	*month = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*month = (int32_t)pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}
