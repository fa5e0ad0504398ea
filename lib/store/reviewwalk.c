#include "store/reviewwalk.h"

#include "base/error.h"
#include "model/months.h"
#include "store/elsewhere.h"
#include "store/folio.h"
#include "store/monthcount.h"
#include "store/particulars.h"
#include "store/registered.h"
#include "store/rows.h"

#include <inttypes.h>

#define FORM "breakdown"
#define TOLD 10000	/* rows between two words on how far it is */

/* The walk; elsewhere and months are those of the year under way. */
struct reading {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	int64_t people;			/* numbers there are */
	struct pen_rows *stored;	/* NULL: none opened yet */
	struct pen_elsewhere *elsewhere;
	struct pen_monthcount *months;
	struct pen_particulars *particulars;
	bool amended;			/* some row of the store was replaced */
	bool released;			/* the folio at hand: somebody decided that it comes in as it is */
	int64_t rows;
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

	if (!pen_walk__among(reading->batches, reading->count, folio->batch) || !pen_walk__wants(reading->walk, finding->rule->id))
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

static enum pen_status check_row(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	bool replaced = false;
	enum pen_status status = PEN_OK;

	if (++reading->rows % TOLD == 0) {
		status = pen_walk__go_on(reading->walk, _("who is where, and until when"), reading->rows, -1, error);
		if (status == PEN_OK)
			status = pen_walk__look(reading->walk, error);
	}
	if (status == PEN_OK && reading->amended)
		status = pen_rows__replaced(store_of(reading), folio->id, row->v[PEN_SUBJECT].i, row->v[PEN_LINE].i,
		    reading->walk->size - 1, &replaced, error);
	if (status != PEN_OK || replaced)
		return status;
	if (row->v[PEN_CONTRIBUTION_KIND].i == PEN_NORMAL)
		pen_monthcount__add(reading->months, folio->id, row->v[PEN_SUBJECT].i,
		    pen_months__count((int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i));
	return reading->released ? PEN_OK : review(reading, folio, row, error);
}

static enum pen_status ask_released(struct reading *reading, int64_t folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_REVIEWWALK_RELEASED, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	status = pen_db__step(s, &reading->released, error);
	pen_db__reset(s);
	return status;
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	const struct pen_row *row;
	enum pen_status status = pen_walk__look(reading->walk, error);

	if (status == PEN_OK)
		status = ask_released(reading, folio->id, error);
	if (status == PEN_OK && reading->stored != NULL)
		pen_rows__turn(reading->stored, folio->id);
	else if (status == PEN_OK)
		status = pen_rows__open(&reading->stored, store_of(reading), pen_kind__of(PEN_KIND_CONTRIBUTION), folio->id, error);
	while (status == PEN_OK && (status = pen_rows__next(reading->stored, &row, error)) == PEN_OK && row != NULL)
		status = check_row(reading, folio, row, error);
	return status;
}

/* ---------------------------------------------------------------- years -- */

/* The year behind another; 0: there is none. */
static enum pen_status next_year(struct reading *reading, int32_t *year, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_REVIEWWALK_YEAR, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_text(s, ":form", FORM);
	pen_db__bind_int(s, ":after", *year);
	status = pen_db__step(s, &row, error);
	*year = status == PEN_OK && row ? (int32_t)pen_db__int(s, 0) : 0;
	pen_db__reset(s);
	return status;
}

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

static enum pen_status walk_year(struct reading *reading, int32_t year, struct pen_error *error)
{
	enum pen_status status = pen_elsewhere__new(&reading->elsewhere, store_of(reading), FORM,
	    PEN_ELSEWHERE_ADDED, error);

	if (status != PEN_OK)
		return status;
	reading->months = pen_monthcount__new((size_t)reading->people);
	status = reading->months ? pen_folio__each_visible(store_of(reading), FORM, year, 0, reading->walk->size - 1,
	    visit_folio, reading, error) : pen_error__memory(error);
	if (status == PEN_OK)
		status = sum_up(reading, year, error);
	pen_monthcount__free(reading->months);
	pen_elsewhere__free(reading->elsewhere);
	return status;
}

static enum pen_status open_reading(struct reading *reading, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_REVIEWWALK_REPLACEMENTS, &s, error);

	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	reading->amended = status == PEN_OK && row;
	pen_db__reset(s);
	if (status != PEN_OK)
		return status;
	return pen_particulars__open(&reading->particulars, store_of(reading), NULL, reading->walk->size - 1, error);
}

enum pen_status pen_reviewwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error)
{
	struct reading reading = { .walk = walk, .batches = batches, .count = count };
	int32_t year = 0;
	int64_t next;
	enum pen_status status;

	if (!pen_walk__wants(walk, "person.died") && !pen_walk__wants(walk, "person.retired") &&
	    !pen_walk__wants(walk, "person.elsewhere") && !pen_walk__wants(walk, "months.total"))
		return PEN_OK;
	status = open_reading(&reading, error);
	if (status == PEN_OK)
		status = pen_registered__next(store_of(&reading), &next, &reading.people, error);
	while (status == PEN_OK) {
		status = next_year(&reading, &year, error);
		if (status != PEN_OK || year == 0)
			break;
		status = walk_year(&reading, year, error);
	}
	pen_walk__look_away(walk);
	pen_rows__close(reading.stored);
	pen_particulars__close(reading.particulars);
	return status;
}
