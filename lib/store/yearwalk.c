#include "store/yearwalk.h"

#include "base/error.h"
#include "base/memory.h"
#include "model/months.h"
#include "store/asidewalk.h"
#include "store/early.h"
#include "store/elsewhere.h"
#include "store/folio.h"
#include "store/monthcount.h"
#include "store/particulars.h"
#include "store/registered.h"
#include "store/rows.h"

#include <inttypes.h>

#define FORM "breakdown"
#define TOLD 10000	/* rows between two words on how far it is */

/* A year under way. */
struct reading {
	struct pen_walk *walk;
	const struct pen_yearwalk *of;
	struct pen_rulewalk *rules;
	struct pen_batch batch;		/* of the folio at hand; id 0: none yet */
	bool under_rules;		/* the folio at hand is one whose rows they are to look at */
	bool released;			/* somebody decided that it comes in as it is */
	bool among;			/* it is of a batch that is asked for */
	struct pen_gapwalk *gaps;		/* NULL: nobody asks */
	bool broken;			/* some folio could not be read to its end */
	struct pen_sumwalk_sum sum;	/* of the folio at hand, as far as it was read */
	struct pen_sumwalk_sums *sums;	/* NULL: nobody asks */
	struct pen_rows *stored;	/* NULL: none opened yet */
	struct pen_elsewhere *elsewhere;
	struct pen_monthcount *months;
	struct pen_particulars *particulars;
	int64_t read;
};

static struct pen_store *store_of(const struct reading *reading)
{
	return reading->walk->session->store;
}

/* ----------------------------------------------------------------- rows -- */

static enum pen_status report(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    const struct pen_finding *finding, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_row(row->kind, row->v, folio);
	char who[PEN_WHO];
	enum pen_status status;

	if (!reading->among || !pen_walk__wants(reading->walk, finding->rule->id))
		return PEN_OK;
	status = pen_walk__who(store_of(reading), row->kind, row->v, who, error);
	if (status != PEN_OK)
		return status;
	return pen_walk__report_of(reading->walk, &key, &(struct pen_walk_place){
	    finding->rule->id, finding->field, finding->found, finding->expected,
	    folio->batch, row->v[PEN_LINE].i }, error, _("%s of %s, folio %" PRId64 "%s%s"),
	    row->kind->name, who, folio->id, folio->credit_code[0] ? _(" of employer ") : "", folio->credit_code);
}

static enum pen_status review(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	int64_t person = row->v[PEN_SUBJECT].i;
	struct pen_findings findings;
	struct pen_months_elsewhere months;
	struct pen_ended ended;
	enum pen_status status = pen_elsewhere__months(reading->elsewhere, folio->employer, folio->period, person, &months, error);

	if (status != PEN_OK)
		return status;
	findings.count = 0;
	pen_particulars__ended(reading->particulars, person, &ended.retired_on, &ended.died_on);
	pen_review__contribution(row, folio->period, &ended, &months, pen_elsewhere__where, reading->elsewhere, &findings);
	pen_elsewhere__add(reading->elsewhere, row);
	return findings.count ? report(reading, folio, row, &findings.at[0], error) : PEN_OK;
}

/* A verification that is narrowed to a person looks at that person's rows alone; who
 * has which month is seen from those of all. */
static bool is_in_scope(const struct reading *reading, const struct pen_row *row)
{
	const struct pen_scope *scope = reading->walk->scope;

	return scope == NULL || !scope->person || scope->person == row->v[PEN_SUBJECT].i;
}

/* A row beside the periods in which its person was employed. */
static enum pen_status check_periods(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	const struct pen_value *year = &row->v[PEN_CONTRIBUTION_FOR_YEAR];
	int64_t kind = row->v[PEN_CONTRIBUTION_KIND].i;
	enum pen_status status = PEN_OK;

	if (reading->among)
		status = pen_early__row(reading->walk, reading->of->periods, folio, row, error);
	if (status == PEN_OK && reading->among)
		status = pen_asidewalk__row(reading->walk, reading->of->periods, folio, row, error);
	if (status == PEN_OK && (kind == PEN_NORMAL || kind == PEN_ARREARS))
		status = pen_gapwalk__paid(reading->gaps, row->v[PEN_SUBJECT].i, year->type == PEN_INTEGER ? year->i : folio->period,
		    pen_months__count((int32_t)(row->v[PEN_CONTRIBUTION_MONTHS].i & PEN_MONTHS_ALL)), error);
	return status;
}

static void add_up(struct pen_sumwalk_sum *sum, const struct pen_row *row)
{
	const int64_t unit = row->v[PEN_CONTRIBUTION_UNIT].i, personal = row->v[PEN_CONTRIBUTION_PERSONAL].i;

	sum->rows++;
	sum->unit_fen = (int64_t)((uint64_t)sum->unit_fen + (uint64_t)unit);
	sum->personal_fen = (int64_t)((uint64_t)sum->personal_fen + (uint64_t)personal);
}

static enum pen_status check_row(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	bool replaced = false;
	enum pen_status status = PEN_OK;

	add_up(&reading->sum, row);
	if (++reading->read % TOLD == 0) {
		status = pen_walk__go_on(reading->walk, _("contributions"), reading->read, -1, error);
		if (status == PEN_OK)
			status = pen_walk__look(reading->walk, error);
	}
	if (status == PEN_OK)
		status = pen_rulewalk__replaced(reading->rules, folio->id, row, &replaced, error);
	if (status != PEN_OK || replaced)
		return status;
	if (reading->under_rules && is_in_scope(reading, row))
		status = pen_rulewalk__row(reading->rules, row, error);
	if (status == PEN_OK && reading->gaps != NULL)
		status = check_periods(reading, folio, row, error);
	if (row->v[PEN_CONTRIBUTION_KIND].i == PEN_NORMAL)
		pen_monthcount__add(reading->months, folio->id, row->v[PEN_SUBJECT].i,
		    pen_months__count((int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i));
	return status != PEN_OK || reading->released ? status : review(reading, folio, row, error);
}

static enum pen_status ask_released(struct reading *reading, int64_t folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_YEARWALK_RELEASED, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	status = pen_db__step(s, &reading->released, error);
	pen_db__reset(s);
	return status;
}

/* Whether the rules look at a folio's rows, and by which batch it came. */
static enum pen_status place_under_rules(struct reading *reading, const struct pen_folio *folio, struct pen_error *error)
{
	const struct pen_scope *scope = reading->walk->scope;
	enum pen_status status = PEN_OK;
	bool found = true;

	reading->among = pen_walk__among(reading->of->batches, reading->of->count, folio->batch);
	reading->under_rules = reading->of->rows && reading->among && (scope == NULL || pen_scope__has_folio(scope, folio->id));
	if (!reading->under_rules)
		return PEN_OK;
	if (reading->batch.id != folio->batch)
		status = pen_batch__find(store_of(reading), folio->batch, &reading->batch, &found, error);
	reading->under_rules = status == PEN_OK && found;
	if (reading->under_rules)
		pen_rulewalk__folio(reading->rules, &reading->batch, pen_kind__of(PEN_KIND_CONTRIBUTION), folio);
	return status;
}

static enum pen_status read_folio(struct reading *reading, const struct pen_folio *folio, struct pen_error *error)
{
	const struct pen_row *row;
	enum pen_status status = pen_walk__look(reading->walk, error);

	if (status == PEN_OK)
		status = ask_released(reading, folio->id, error);
	if (status == PEN_OK)
		status = place_under_rules(reading, folio, error);
	if (status == PEN_OK && reading->gaps != NULL)
		status = pen_gapwalk__employer(reading->gaps, folio->employer, error);
	if (status == PEN_OK && reading->stored != NULL)
		pen_rows__turn(reading->stored, folio->id);
	else if (status == PEN_OK)
		status = pen_rows__open(&reading->stored, store_of(reading), pen_kind__of(PEN_KIND_CONTRIBUTION), folio->id, error);
	reading->sum = (struct pen_sumwalk_sum){ .folio = folio->id };
	while (status == PEN_OK && (status = pen_rows__next(reading->stored, &row, error)) == PEN_OK && row != NULL)
		status = check_row(reading, folio, row, error);
	return status == PEN_OK && reading->sums != NULL ? pen_sumwalk__add(reading->sums, &reading->sum, error) : status;
}

/* A folio that cannot be read is a finding, and no reason not to read the next. */
static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	enum pen_status status = read_folio(reading, folio, error);
	char record[64];

	reading->broken |= status != PEN_OK;
	snprintf(record, sizeof(record), _("batch %" PRId64), folio->batch);
	return pen_walk__damage(reading->walk, status, "seal.state", folio->batch, record, error);
}

/* ---------------------------------------------------------------- years -- */

static enum pen_status name_person(struct reading *reading, int64_t person, char who[PEN_WHO], struct pen_error *error)
{
	struct pen_value values[PEN_COLUMNS_MOST] = { [PEN_SUBJECT] = pen_value__integer(person) };

	return pen_walk__who(store_of(reading), pen_kind__of(PEN_KIND_CONTRIBUTION), values, who, error);
}

/* Who has more months than a year has. */
static enum pen_status sum_up(struct reading *reading, int32_t year, struct pen_error *error)
{
	struct pen_monthcount_of of = { .person = 0 };
	struct pen_findings findings;
	const struct pen_finding *finding = &findings.at[0];
	char who[PEN_WHO];
	enum pen_status status = PEN_OK;

	while (status == PEN_OK && pen_walk__wants(reading->walk, "months.total") && pen_monthcount__over(reading->months, 12, &of)) {
		findings.count = 0;
		pen_review__year(of.months, of.folios, &findings);
		status = name_person(reading, of.person, who, error);
		if (status == PEN_OK)
			status = pen_walk__report_of(reading->walk, &(struct pen_walk_key){ "person", 0, of.person, 0 },
			    &(struct pen_walk_place){ finding->rule->id, finding->field,
			    finding->found, finding->expected, 0, 0 }, error, _("person %s, year %d"), who, (int)year);
	}
	return status;
}

static enum pen_status open_reading(struct reading *reading, int32_t year, struct pen_error *error)
{
	struct pen_store *store = store_of(reading);
	int64_t next, people;
	enum pen_status status = pen_registered__next(store, &next, &people, error);

	if (status == PEN_OK)
		status = pen_rulewalk__open(&reading->rules, reading->walk, reading->of->known, error);
	if (status == PEN_OK)
		status = pen_particulars__open(&reading->particulars, store, NULL, reading->walk->size - 1, error);
	if (status == PEN_OK)
		status = pen_elsewhere__new(&reading->elsewhere, store, FORM, PEN_ELSEWHERE_ADDED, error);
	if (status == PEN_OK && reading->of->periods != NULL)
		status = pen_gapwalk__open(&reading->gaps, reading->of->periods, pen_store__dir(store), year, error);
	if (status != PEN_OK)
		return status;
	reading->months = pen_monthcount__new((size_t)people);
	return reading->months ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_yearwalk__year(struct pen_walk *walk, const struct pen_yearwalk *of, int32_t year,
    struct pen_yearwalk_left *left, struct pen_error *error)
{
	struct reading reading = { .walk = walk, .of = of, .sums = left ? &left->sums : NULL };
	enum pen_status status = open_reading(&reading, year, error);

	if (status == PEN_OK)
		status = pen_folio__each_visible(store_of(&reading), FORM, year, 0, walk->size - 1, visit_folio, &reading, error);
	if (status == PEN_OK)
		status = sum_up(&reading, year, error);
	if (status == PEN_OK && reading.gaps != NULL && !reading.broken)
		status = pen_gapwalk__end(reading.gaps, error);
	pen_walk__look_away(walk);
	if (left != NULL && status == PEN_OK && !reading.broken) {
		left->gaps = reading.gaps;
		reading.gaps = NULL;
	}
	pen_gapwalk__close(reading.gaps);
	pen_rows__close(reading.stored);
	pen_monthcount__free(reading.months);
	pen_elsewhere__free(reading.elsewhere);
	pen_particulars__close(reading.particulars);
	pen_rulewalk__close(reading.rules);
	return status;
}

static bool add(struct pen_yearwalk_years *years, int32_t year)
{
	size_t room = years->room ? years->room * 2 : 32;
	int32_t *grown;

	if (years->count == years->room) {
		grown = pen_memory__realloc(years->year, room, sizeof(*grown));
		if (!grown)
			return false;
		years->year = grown;
		years->room = room;
	}
	years->year[years->count++] = year;
	return true;
}

enum pen_status pen_yearwalk__years(struct pen_store *store, struct pen_yearwalk_years *years, struct pen_error *error)
{
	struct pen_statement *s;
	int64_t after = INT64_MIN;
	enum pen_status status;
	bool row = true;

	*years = (struct pen_yearwalk_years){ .count = 0 };
	status = pen_store__sql(store, PEN_SQL_YEARWALK_YEAR, &s, error);
	while (status == PEN_OK && row) {
		pen_db__bind_text(s, ":form", FORM);
		pen_db__bind_int(s, ":after", after);
		status = pen_db__step(s, &row, error);
		if (status == PEN_OK && row) {
			after = pen_db__int(s, 0);
			status = add(years, (int32_t)after) ? PEN_OK : pen_error__memory(error);
		}
		pen_db__reset(s);
	}
	return status;
}

void pen_yearwalk__drop(struct pen_yearwalk_left *left)
{
	pen_gapwalk__close(left->gaps);
	pen_sumwalk__drop(&left->sums);
	left->gaps = NULL;
}

void pen_yearwalk__free(struct pen_yearwalk_years *years)
{
	pen_memory__free(years->year);
	*years = (struct pen_yearwalk_years){ .count = 0 };
}
