#include "store/adjusting.h"
#include "base/error.h"
#include "base/money.h"
#include "model/schemefile.h"
#include "store/receipt.h"
#include "store/people.h"
#include "store/settings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SLICE 1000	/* people looked up in one read transaction */
#define PLAN "pen-adjustment/v1\n"

static struct pen_store *store_of(const struct pen_adjusting *a)
{
	return a->session->store;
}

/* ------------------------------------------------------------ the scheme -- */

enum pen_status pen_adjusting__open(struct pen_adjusting *a, struct pen_session *session, const char *text, size_t n,
    struct pen_error *error)
{
	*a = (struct pen_adjusting){ .session = session, .reference = -1, .arena = pen_memory__arena() };
	if (!a->arena)
		return pen_error__memory(error);
	pen_text__add(&a->text, text, n);
	if (a->text.failed)
		return pen_error__memory(error);
	if (pen_store__digest(session->store, text, n, a->digest, error) != PEN_OK)
		return error->status;
	return pen_schemefile__read(&a->scheme, text, n, a->arena, error);
}

void pen_adjusting__free(struct pen_adjusting *a)
{
	pen_beneficiary__free(&a->all);
	pen_text__free(&a->text);
	pen_memory__free(a->one);
	pen_memory__free(a->left);
	pen_memory__free(a->group);
	pen_memory__drop(a->arena);
}

/* -------------------------------------------------------------- the plan -- */

/* What it is made from, so that it can be made again: the scheme behind the head. */
static void plan_text(const struct pen_adjusting *a, struct pen_text *plan)
{
	pen_text__printf(plan, PLAN "scheme: %s\nreference: %" PRId64 "\nparameters: %s\n\n", a->digest, a->reference, a->parameters);
	pen_text__add(plan, a->text.s, a->text.n);
}

enum pen_status pen_adjusting__reopen(struct pen_adjusting *a, struct pen_session *session, const char *plan, size_t n,
    struct pen_error *error)
{
	const char *behind = n > strlen(PLAN) && memcmp(plan, PLAN, strlen(PLAN)) == 0 ? strstr(plan, "\n\n") : NULL;
	const char *reference = behind ? strstr(plan, "\nreference: ") : NULL;
	const char *parameters = behind ? strstr(plan, "\nparameters: ") : NULL;

	*a = (struct pen_adjusting){ .session = session };
	if (!reference || reference > behind || !parameters || parameters > behind)
		return pen_error__set(error, PEN_INTEGRITY, "adjust.plan", _("the plan of an adjustment is not one: run pen-verify"));
	if (pen_adjusting__open(a, session, behind + 2, n - (size_t)(behind + 2 - plan), error) != PEN_OK)
		return error->status;
	a->reference = strtoll(reference + strlen("\nreference: "), NULL, 10);
	snprintf(a->parameters, sizeof(a->parameters), "%.*s", (int)strcspn(parameters + strlen("\nparameters: "), "\n"),
	    parameters + strlen("\nparameters: "));
	return PEN_OK;
}

/* The scheme's digest stands in the plan's second line. */
static enum pen_status is_of_scheme(const struct pen_adjusting *a, const char *plan_digest, bool *same, struct pen_error *error)
{
	char *plan, head[128];
	size_t n;
	enum pen_status status = pen_blob__load(store_of(a), plan_digest, &plan, &n, error);

	if (status != PEN_OK)
		return status;
	snprintf(head, sizeof(head), PLAN "scheme: %s\n", a->digest);
	*same = strncmp(plan, head, strlen(head)) == 0;
	pen_memory__free(plan);
	return PEN_OK;
}

/* The batches of the scheme's month that wait. */
struct waiting { int64_t id; char plan[PEN_DIGEST_HEX]; };

static enum pen_status find_waiting(const struct pen_adjusting *a, struct waiting waiting[16], size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(a), PEN_SQL_ADJUSTING_OPEN, &s, error);
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":month", a->scheme.effective);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row && *count < 16) {
		waiting[*count].id = pen_db__int(s, 0);
		snprintf(waiting[(*count)++].plan, PEN_DIGEST_HEX, "%s", pen_db__text(s, 1));
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_adjusting__plan(struct pen_adjusting *a, int64_t *there, struct pen_error *error)
{
	const char *agency = pen_store__identity(store_of(a))->agency;
	struct pen_parameters *parameters;
	struct waiting waiting[16];
	enum pen_status status;
	size_t count, i;
	bool same;

	*there = 0;
	if (!pen_scheme__holds_in(&a->scheme, agency))
		return pen_error__refuse(error, PEN_ADJUSTING_CLAUSE, "adjust.area",
		    _("the scheme %s is for area %s, and this agency is %s: apply the scheme of the agency's own province"),
		    a->scheme.name, a->scheme.area, agency);
	status = find_waiting(a, waiting, &count, error);
	for (i = 0; status == PEN_OK && i < count && !*there; i++) {
		status = is_of_scheme(a, waiting[i].plan, &same, error);
		if (status == PEN_OK && same)
			*there = waiting[i].id;
	}
	if (status == PEN_OK)
		status = pen_journal__newest_change(store_of(a), &a->reference, error);
	if (status == PEN_OK)
		status = pen_settings__parameters(store_of(a), a->reference, &parameters, a->parameters, error);
	if (status == PEN_OK)
		pen_parameter__free(parameters);
	return status;
}

/* ------------------------------------------------------------ one person -- */

/* What is looked up. Areas are asked once for all the people of an employer. */
struct looking { struct pen_adjusting *a; int64_t area_of; char area[16]; };

static enum pen_status look_area(struct looking *looking, int64_t employer, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	if (looking->area_of == employer)
		return PEN_OK;
	status = pen_store__sql(store_of(looking->a), PEN_SQL_ADJUSTING_AREA, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":as_of", looking->a->reference);
	status = pen_db__step(s, &row, error);
	looking->area[0] = '\0';
	if (status == PEN_OK && row)
		pen_people__text(s, 0, looking->area, sizeof(looking->area));
	looking->area_of = employer;
	pen_db__reset(s);
	return status;
}

static enum pen_status look_record(struct looking *looking, const struct pen_beneficiary *one, struct pen_scheme_person *person,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(looking->a), PEN_SQL_ADJUSTING_RETIREMENT, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", one->folio);
	pen_db__bind_int(s, ":person", one->person);
	pen_db__bind_int(s, ":line", one->line);
	pen_db__bind_int(s, ":as_of", looking->a->reference);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		person->retired_on = (int32_t)pen_db__int(s, 0);
		person->born = (int32_t)pen_db__int(s, 1);
		person->sex = (int)pen_db__int(s, 2);
		person->months = pen_db__is_null(s, 3) ? -1 : pen_db__int(s, 3);
	}
	pen_db__reset(s);
	return status;
}

/* The pension of the month that counts, whether it was paid or not; and whether it is at
 * an end before the scheme is effective. */
static enum pen_status look_pension(struct looking *looking, const struct pen_beneficiary *one, struct pen_scheme_person *person,
    bool *ended, struct pen_error *error)
{
	struct pen_adjusting *a = looking->a;
	struct pen_entitlement entitlement;
	struct pen_entitlement_month month;
	enum pen_status status = pen_beneficiary__entitlement(&a->all, one, &entitlement, error);

	if (status != PEN_OK)
		return status;
	*ended = pen_entitlement__state(&entitlement, a->scheme.effective) == PEN_ENTITLEMENT_ENDED;
	entitlement.since = 0;
	entitlement.changes = 0;
	status = pen_entitlement__month(&entitlement, a->scheme.level_of, &month, error);
	person->pension_fen = one->untold ? -1 : month.total_fen;
	return status;
}

/* What the scheme, in an earlier folio, gave already. */
static int64_t given(const struct pen_adjusting *a, const struct pen_beneficiary *one)
{
	size_t i;

	for (i = 0; i < one->increases; i++)
		if (a->all.increase[one->increase + i].increase.month == a->scheme.effective)
			return a->all.increase[one->increase + i].increase.fen;
	return 0;
}

static enum pen_status leave(struct pen_adjusting *a, const struct pen_beneficiary *one, const char *lacks, struct pen_error *error)
{
	size_t room = a->left_room ? a->left_room * 2 : 64;
	struct pen_adjusting_left *grown;

	if (a->lefts == a->left_room) {
		grown = pen_memory__realloc(a->left, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		a->left = grown;
		a->left_room = room;
	}
	a->left[a->lefts++] = (struct pen_adjusting_left){ one->person, one->employer, lacks };
	return PEN_OK;
}

static enum pen_status take_person(struct looking *looking, const struct pen_beneficiary *one, struct pen_error *error)
{
	struct pen_adjusting *a = looking->a;
	struct pen_scheme_person person = { .months = -1, .pension_fen = -1, .area = looking->area };
	struct pen_adjusting_one made = { .person = one->person, .employer = one->employer };
	enum pen_status status;
	const char *lacks;
	bool ended = false;

	status = look_record(looking, one, &person, error);
	if (status == PEN_OK)
		status = look_pension(looking, one, &person, &ended, error);
	if (status == PEN_OK)
		status = look_area(looking, one->employer, error);
	if (status != PEN_OK)
		return status;
	a->counts.ended += ended;
	a->counts.later += !ended && person.retired_on > a->scheme.retired_by;
	if (ended || (person.retired_on > a->scheme.retired_by && !given(a, one)))
		return PEN_OK;
	lacks = person.retired_on > a->scheme.retired_by ? NULL : pen_scheme__lacks(&a->scheme, &person);
	if (lacks)
		return leave(a, one, lacks, error);
	made.before_fen = person.pension_fen;
	status = pen_scheme__increase(&a->scheme, &person, &made.by, error);
	if (status == PEN_OK && made.by.increase_fen == given(a, one))
		a->counts.unchanged += made.by.increase_fen != 0;
	else if (status == PEN_OK)
		a->one[a->ones++] = made;
	return status;
}

/* ------------------------------------------------------------- everybody -- */

static int compare_ones(const void *x, const void *y)
{
	const struct pen_adjusting_one *a = x, *b = y;

	if (a->employer != b->employer)
		return a->employer > b->employer ? 1 : -1;
	return (a->person > b->person) - (a->person < b->person);
}

static bool add_increase(struct pen_scheme_increase *sum, const struct pen_scheme_increase *by)
{
	return pen_money__add(sum->fixed_fen, by->fixed_fen, &sum->fixed_fen) &&
	    pen_money__add(sum->years_fen, by->years_fen, &sum->years_fen) &&
	    pen_money__add(sum->level_fen, by->level_fen, &sum->level_fen) &&
	    pen_money__add(sum->tilt_fen, by->tilt_fen, &sum->tilt_fen) &&
	    pen_money__add(sum->increase_fen, by->increase_fen, &sum->increase_fen);
}

/* Cuts them into employers, and sums. */
static enum pen_status arrange(struct pen_adjusting *a, struct pen_error *error)
{
	struct pen_adjusting_group *group;
	bool fits = true;
	size_t i;

	if (a->ones)
		qsort(a->one, a->ones, sizeof(*a->one), compare_ones);
	a->group = pen_memory__calloc(a->ones + 1, sizeof(*a->group));
	if (!a->group)
		return pen_error__memory(error);
	for (i = 0; fits && i < a->ones; i++) {
		if (i == 0 || a->one[i].employer != a->one[i - 1].employer)
			a->group[a->groups++] = (struct pen_adjusting_group){ .employer = a->one[i].employer, .first = i };
		group = &a->group[a->groups - 1];
		group->count++;
		fits = add_increase(&group->sum, &a->one[i].by) && add_increase(&a->sum, &a->one[i].by) &&
		    pen_money__add(group->before_fen, a->one[i].before_fen, &group->before_fen) &&
		    pen_money__add(a->before_fen, a->one[i].before_fen, &a->before_fen);
	}
	a->counts.adjusted = (int64_t)a->ones;
	if (fits)
		return PEN_OK;
	return pen_error__set(error, PEN_INPUT, "scheme.range", _("the sums of the adjustment do not fit the range of amounts: look for a wrong pension or a wrong amount in the scheme"));
}

static enum pen_status take_slice(struct looking *looking, size_t from, size_t n, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store_of(looking->a));
	enum pen_status status = pen_db__begin_read(db, error);
	const struct pen_beneficiary *one;
	char place[PEN_PEOPLE_CALLED];
	size_t i;

	for (i = from; status == PEN_OK && i < from + n; i++) {
		one = &looking->a->all.at[i];
		if (one->basis == PEN_BENEFICIARY_NONE)
			continue;
		status = take_person(looking, one, error);
		if (status == PEN_INPUT) {
			pen_people__called(store_of(looking->a), one->person, place);
			pen_error__at(error, place, 0, NULL);
		}
	}
	pen_db__rollback(db);
	return status;
}

enum pen_status pen_adjusting__collect(struct pen_adjusting *a, struct pen_error *error)
{
	const struct pen_beneficiary_plan plan = {
		.month = a->scheme.effective, .first = a->scheme.effective, .as_of = a->reference, .previous_as_of = -1
	};
	struct looking looking = { .a = a, .area_of = -1 };
	enum pen_status status = pen_beneficiary__read(&a->all, a->session, &plan, 0, error);
	size_t i, n;

	if (status != PEN_OK)
		return status;
	a->one = pen_memory__calloc(a->all.count + 1, sizeof(*a->one));
	if (!a->one)
		return pen_error__memory(error);
	for (i = 0; status == PEN_OK && i < a->all.count; i += n) {
		n = a->all.count - i < SLICE ? a->all.count - i : SLICE;
		pen_session__progress(a->session, _("adjusting"), (int64_t)i, (int64_t)a->all.count);
		if (pen_session__stopped(a->session))
			status = pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped; nothing was written"));
		else
			status = take_slice(&looking, i, n, error);
	}
	return status == PEN_OK ? arrange(a, error) : status;
}

/* ------------------------------------------------------------- the batch -- */

struct pen_row pen_adjusting__row(const struct pen_adjusting *a, const struct pen_adjusting_one *one)
{
	const int64_t fen[] = { one->before_fen, one->by.fixed_fen, one->by.years_fen, one->by.level_fen, one->by.tilt_fen,
		one->by.increase_fen, one->before_fen + one->by.increase_fen };
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_ADJUSTMENT) };
	size_t i;

	row.v[PEN_SUBJECT] = pen_value__integer(one->person);
	row.v[PEN_ADJUSTMENT_EFFECTIVE] = pen_value__integer(a->scheme.effective);
	for (i = 0; i < sizeof(fen) / sizeof(fen[0]); i++)
		row.v[PEN_ADJUSTMENT_BEFORE + i] = pen_value__integer(fen[i]);
	return row;
}

static enum pen_status put_group(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	struct pen_adjusting *a = context;
	const struct pen_adjusting_group *group = &a->group[folio];
	enum pen_status status = PEN_OK;
	struct pen_row row;
	size_t i;

	for (i = 0; status == PEN_OK && i < group->count; i++) {
		row = pen_adjusting__row(a, &a->one[group->first + i]);
		status = pen_computed__put(computed, &row, a->one[group->first + i].by.increase_fen, error);
	}
	return status;
}

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_adjusting *a = context;
	const struct pen_computed_figure all[] = {
		{ "adjusted", a->counts.adjusted }, { "before_fen", a->before_fen }, { "effective", a->scheme.effective },
		{ "ended", a->counts.ended }, { "fixed_fen", a->sum.fixed_fen }, { "increase_fen", a->sum.increase_fen },
		{ "later", a->counts.later }, { "left", (int64_t)a->lefts }, { "level_fen", a->sum.level_fen },
		{ "tilt_fen", a->sum.tilt_fen }, { "unchanged", a->counts.unchanged }, { "years_fen", a->sum.years_fen },
	};

	memcpy(figures, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

/* What of the scheme is not certain goes into the receipt. */
static void list_assumptions(void *context, struct pen_text *json)
{
	const struct pen_adjusting *a = context;
	struct pen_text why = { NULL, 0, 0, false };
	size_t i;

	for (i = 0; i < a->scheme.doubts; i++) {
		pen_text__clear(&why);
		pen_text__printf(&why, "%s: %s", a->scheme.doubt[i].where, a->scheme.doubt[i].why);
		if (!why.failed)
			pen_receipt__assume(json, "scheme.unverified", 1, why.s);
	}
	json->failed = json->failed || why.failed;
	pen_text__free(&why);
}

static const struct pen_computed_way way = {
	.form = PEN_ADJUSTING_FORM, .act = PEN_ADJUSTING_ACT, .kind = PEN_KIND_ADJUSTMENT, .step = N_("the adjustment"),
	.rows = put_group, .figures = list_figures, .assume = list_assumptions
};

enum pen_status pen_adjusting__batch(struct pen_adjusting *a, struct pen_computed *computed, struct pen_error *error)
{
	enum pen_status status;
	char name[128];
	size_t i;

	*computed = (struct pen_computed){ .session = a->session, .way = &way, .context = a };
	plan_text(a, &computed->plan);
	snprintf(name, sizeof(name), PEN_ADJUSTING_FORM "-%.80s", a->scheme.name);
	status = pen_computed__plan(computed, name, a->reference, a->parameters, error);
	for (i = 0; status == PEN_OK && i < a->groups; i++)
		status = pen_computed__folio(computed, a->group[i].employer, a->scheme.effective, error);
	return status;
}
