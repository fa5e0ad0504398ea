#include "store/rulewalk.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/rule_main.h"
#include "store/folio.h"
#include "store/known.h"
#include "store/rows.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define TOLD 10000	/* rows between two words on how far it is */

/* The walk over the rows; batch, kind and folio are those under way. */
struct reading {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	struct pen_parameters *parameters;
	bool amended;			/* some row of the store was replaced */
	const struct pen_batch *batch;
	const struct pen_kind *kind;
	struct pen_surroundings around;
	struct pen_rule_cache cache;
	struct pen_known *known;
	struct pen_person_facts person;
	struct pen_rows *rows;		/* of `kind`; NULL: none opened yet */
	int64_t employer;		/* whose facts these are; 0: nobody's yet */
	bool entered;
	struct pen_employer_facts facts;
	char name[256];			/* in the row under way */
	char registered[256];		/* of its person */
};

static struct pen_store *store_of(const struct pen_walk *walk)
{
	return walk->session->store;
}

/* ---------------------------------------------------------------- facts -- */

static void copy(char *out, size_t room, const char *s)
{
	snprintf(out, room, "%s", s ? s : "");
}

/* The name that somebody was registered with when a folio came in, or by now; asked for
 * rows that name their person themselves. */
static enum pen_status find_name(struct reading *reading, int64_t folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading->walk), PEN_SQL_RULEWALK_NAME, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", reading->person.person);
	pen_db__bind_int(s, ":folio", folio);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		copy(reading->registered, sizeof(reading->registered), pen_db__text(s, 0));
		reading->person.name = reading->registered;
	}
	pen_db__reset(s);
	return status;
}

/* What was entered of an employer when the batch was read. */
static enum pen_status find_employer(struct reading *reading, int64_t employer, struct pen_error *error)
{
	static const enum pen_sql which[] = { PEN_SQL_RULEWALK_EMPLOYER, PEN_SQL_RULEWALK_SUCCESSION };
	struct pen_employer_facts *facts = &reading->facts;
	enum pen_status status = PEN_OK;
	struct pen_statement *s;
	bool row;
	int i;

	*facts = (struct pen_employer_facts){ 0 };
	reading->employer = employer;
	for (i = 0; status == PEN_OK && i < 2; i++) {
		status = pen_store__sql(store_of(reading->walk), which[i], &s, error);
		if (status != PEN_OK)
			break;
		pen_db__bind_int(s, ":employer", employer);
		pen_db__bind_int(s, ":as_of", reading->batch->reference_at);
		status = pen_db__step(s, &row, error);
		if (i == 0)
			reading->entered = status == PEN_OK && row;
		if (status == PEN_OK && row && i == 0) {
			facts->insured_on = (int32_t)pen_db__int(s, 0);
			facts->newly_covered = pen_db__int(s, 1) != 0;
			facts->pseudo_unit = pen_db__int(s, 2) != 0;
		} else if (status == PEN_OK && row) {
			facts->succeeded_on = (int32_t)pen_db__int(s, 0);
			facts->successor = pen_db__int(s, 1);
			copy(facts->successor_code, sizeof(facts->successor_code), pen_db__text(s, 2));
		}
		pen_db__reset(s);
	}
	return status;
}

/* The employer that a row's person comes under: of a move the one moved to. */
static enum pen_status meet_employer(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	bool moved = reading->kind->id == PEN_KIND_CHANGE && row->v[PEN_CHANGE_TO].type == PEN_INTEGER;
	int64_t employer = moved ? row->v[PEN_CHANGE_TO].i : folio->employer;
	enum pen_status status = PEN_OK;

	if (employer && employer != reading->employer)
		status = find_employer(reading, employer, error);
	reading->around.employer = employer && reading->entered ? &reading->facts : NULL;
	return status;
}

/* ----------------------------------------------------------------- rows -- */

static enum pen_status report(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    const struct pen_findings *findings, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_row(reading->kind, row->v, folio);
	const struct pen_finding *finding;
	char who[PEN_WHO];
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < findings->count && status == PEN_OK; i++) {
		finding = &findings->at[i];
		if (!pen_walk__wants(reading->walk, finding->rule->id))
			continue;
		status = pen_walk__who(store_of(reading->walk), reading->kind, row->v, who, error);
		if (status == PEN_OK)
			status = pen_walk__report_of(reading->walk, &key, &(struct pen_walk_place){
			    finding->rule->id, finding->field, finding->found, finding->expected,
			    folio->batch, row->v[PEN_LINE].i }, error, _("%s of %s, folio %" PRId64 "%s%s"),
			    reading->kind->name, who, folio->id,
			    folio->credit_code[0] ? _(" of employer ") : "", folio->credit_code);
	}
	return status;
}

/* The rules on a row by itself, then among its person's in the folio. What is
 * stored has its months: they are looked at, and laid no more. */
static void look_at(struct reading *reading, const struct pen_row *row, struct pen_row_run *run,
    struct pen_findings *findings)
{
	struct pen_row again = *row;

	pen_rule__row(row, &reading->around, findings);
	if (reading->kind->id == PEN_KIND_CONTRIBUTION)
		again.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(0);
	pen_rule__ordered(run, &again, 1, findings);
}

static enum pen_status go_on(struct reading *reading, struct pen_error *error)
{
	enum pen_status status = pen_walk__go_on(reading->walk, _("the rules on rows"), reading->walk->rows, -1, error);

	return status == PEN_OK ? pen_walk__look(reading->walk, error) : status;
}

/* The name that the row gives its person, beside the registered one; NULL: none. */
static const char *name_in(const struct pen_row *row, char room[256])
{
	const struct pen_value *name = &row->v[PEN_RETIREMENT_NAME];

	if (row->kind->id != PEN_KIND_RETIREMENT || name->type != PEN_STRING)
		return NULL;
	snprintf(room, 256, "%.*s", (int)(name->n < 255 ? name->n : 255), name->s);
	return room;
}

/* What the row adds to the amounts looked at: as a receipt counts it. */
static void add_amount(struct pen_walk *walk, const struct pen_row *row)
{
	static const int contribution[] = { PEN_CONTRIBUTION_UNIT, PEN_CONTRIBUTION_PERSONAL, 0 };
	static const int levy[] = { PEN_LEVY_AMOUNT, 0 };
	static const int opening[] = { PEN_OPENING_PERSONAL_PRINCIPAL, PEN_OPENING_PERSONAL_INTEREST,
		PEN_OPENING_UNIT_PRINCIPAL, PEN_OPENING_UNIT_INTEREST, 0 };
	const int *column = row->kind->id == PEN_KIND_CONTRIBUTION ? contribution :
	    row->kind->id == PEN_KIND_LEVY ? levy : row->kind->id == PEN_KIND_OPENING ? opening : NULL;

	for (; column && *column; column++)
		if (!pen_money__add(walk->amount_fen, row->v[*column].i, &walk->amount_fen))
			walk->amount_fen = INT64_MAX;
}

static enum pen_status check_row(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_row_run *run, struct pen_error *error)
{
	struct pen_findings findings;
	bool replaced = false, people = reading->kind->id == PEN_KIND_CONTRIBUTION ||
	    reading->kind->id == PEN_KIND_OPENING || reading->kind->id == PEN_KIND_CHANGE ||
	    reading->kind->id == PEN_KIND_RETIREMENT;
	enum pen_status status = PEN_OK;

	findings.count = 0;	/* not the whole struct: its room alone would cost more than the rules */
	if (reading->amended)
		status = pen_rows__replaced(store_of(reading->walk), folio->id, row->v[PEN_SUBJECT].i,
		    row->v[PEN_LINE].i, reading->walk->size - 1, &replaced, error);
	if (status != PEN_OK || replaced)
		return status;
	if (people)
		pen_known__find(reading->known, row->v[PEN_SUBJECT].i, folio->id, &reading->person);
	reading->around.name = name_in(row, reading->name);
	if (reading->around.name != NULL && reading->person.registered)
		status = find_name(reading, folio->id, error);
	if (status == PEN_OK)
		status = meet_employer(reading, folio, row, error);
	if (status != PEN_OK)
		return status;
	reading->around.person = people ? &reading->person : NULL;
	look_at(reading, row, run, &findings);
	add_amount(reading->walk, row);
	if (++reading->walk->rows % TOLD == 0)
		status = go_on(reading, error);
	if (status == PEN_OK)
		status = report(reading, folio, row, &findings, error);
	findings.count = 0;
	pen_rule_main__row(row, &reading->around, &findings);
	return status == PEN_OK ? report(reading, folio, row, &findings, error) : status;
}

/* The rows of a folio, for one statement serves all those of a batch; or those that
 * the walk is narrowed to. */
static enum pen_status turn_to(struct reading *reading, int64_t folio, struct pen_error *error)
{
	const struct pen_scope *scope = reading->walk->scope;
	int64_t subject = scope == NULL ? 0 : reading->kind->of_people ? scope->person : scope->employer;

	if (reading->rows != NULL && !subject) {
		pen_rows__turn(reading->rows, folio);
		return PEN_OK;
	}
	pen_rows__close(reading->rows);
	reading->rows = NULL;
	return subject ? pen_rows__open_subject(&reading->rows, store_of(reading->walk), reading->kind, folio, subject, error) :
	    pen_rows__open(&reading->rows, store_of(reading->walk), reading->kind, folio, error);
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	const struct pen_scope *scope = reading->walk->scope;
	struct pen_row_run run = { .subject = 0 };
	const struct pen_row *row;
	enum pen_status status;

	if (folio->confirmed_at < 0 || folio->confirmed_at >= reading->walk->size ||
	    (folio->state != PEN_FOLIO_CONFIRMED && folio->state != PEN_FOLIO_SEALED))
		return PEN_OK;
	if (scope != NULL && !pen_scope__has_folio(scope, folio->id))
		return PEN_OK;
	reading->around.year = folio->period;
	status = pen_walk__look(reading->walk, error);
	if (status == PEN_OK)
		status = turn_to(reading, folio->id, error);
	while (status == PEN_OK && (status = pen_rows__next(reading->rows, &row, error)) == PEN_OK && row != NULL)
		status = check_row(reading, folio, row, &run, error);
	return status;
}

static enum pen_status visit_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_form *form = NULL;
	char record[64];
	enum pen_status status;

	if (!pen_walk__among(reading->batches, reading->count, batch->id))
		return PEN_OK;
	snprintf(record, sizeof(record), _("batch %" PRId64), batch->id);
	status = pen_settings__kept_form(store_of(reading->walk), batch->form_digest, &form, error);
	if (status == PEN_OK && form->kind != NULL) {
		reading->batch = batch;
		reading->kind = form->kind;
		reading->around.area = batch->agency;
		reading->employer = 0;
		memset(&reading->cache, 0, sizeof(reading->cache));
		status = pen_folio__each_of_batch(store_of(reading->walk), batch->id, visit_folio, reading, error);
		pen_rows__close(reading->rows);
		reading->rows = NULL;
		if (status == PEN_OK)
			status = pen_walk__go_on(reading->walk, _("the rules on rows"), reading->walk->rows, -1, error);
	}
	pen_form__free(form);
	return pen_walk__damage(reading->walk, status, "seal.state", batch->id, record, error);
}

/* An unamended store is told by one look, not by one for each row. */
static enum pen_status ask_amended(struct reading *reading, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store_of(reading->walk), PEN_SQL_RULEWALK_REPLACEMENTS, &s, error);

	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK)
		reading->amended = row && pen_db__int(s, 0) != 0;
	pen_db__reset(s);
	return status;
}

enum pen_status pen_rulewalk__rows(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error)
{
	struct reading *reading = pen_memory__calloc(1, sizeof(*reading));
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	if (reading == NULL)
		return pen_error__memory(error);
	*reading = (struct reading){ .walk = walk, .batches = batches, .count = count };
	status = pen_settings__parameters(store_of(walk), walk->size, &reading->parameters, digest, error);
	if (status != PEN_OK)
		goto out;
	reading->around.parameters = reading->parameters;
	reading->around.cache = &reading->cache;
	reading->around.today = pen_date__today();
	reading->around.live_on = pen_store__identity(store_of(walk))->live_on;
	status = ask_amended(reading, error);
	if (status == PEN_OK)
		status = pen_known__open(&reading->known, store_of(walk), error);
	if (status == PEN_OK)
		status = pen_batch__each(store_of(walk), visit_batch, reading, error);
	pen_walk__look_away(walk);
	walk->base_unchecked |= reading->around.base_unchecked;
	walk->share_unchecked |= reading->around.share_unchecked;
	pen_known__close(reading->known);
	walk->deemed_unchecked |= reading->around.deemed_unchecked;
	pen_parameter__free(reading->parameters);
out:
	pen_memory__free(reading);
	return status;
}
