#include "store/rulewalk.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/folio.h"
#include "store/rows.h"
#include "store/settings.h"
#include "store/sqlrule.h"

#include <inttypes.h>
#include <string.h>

#define TOLD 10000	/* rows between two words on how far it is */

/* What is registered of one person, and the texts of it. */
struct registered { struct pen_person_facts facts; char id_number[64], name[256], payer[16]; };

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
	struct registered person;
	int64_t employer;		/* whose facts these are; 0: nobody's yet */
	bool entered;
	struct pen_employer_facts facts;
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

/* What was known of a person when a folio came in, or, if nothing was, what is
 * known by now. Rows come by person, so that one is kept. */
static enum pen_status find_person(struct reading *reading, int64_t person, int64_t folio, struct pen_error *error)
{
	struct registered *known = &reading->person;
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store_of(reading->walk), PEN_SQL_RULEWALK_FACTS, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":folio", folio);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK) {
		*known = (struct registered){ .facts = { .person = person, .registered = row } };
		if (row) {
			copy(known->id_number, sizeof(known->id_number), pen_db__text(s, 0));
			copy(known->name, sizeof(known->name), pen_db__text(s, 1));
			copy(known->payer, sizeof(known->payer), pen_db__text(s, 2));
			known->facts.born = (int32_t)pen_db__int(s, 3);
			known->facts.insured_on = (int32_t)pen_db__int(s, 4);
			known->facts.sex = (int)pen_db__int(s, 5);
		}
		known->facts.id_number = known->id_number;
		known->facts.name = known->name;
		known->facts.payer = known->payer;
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
			status = pen_walk__report(reading->walk, &(struct pen_walk_place){
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

static enum pen_status check_row(struct reading *reading, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_row_run *run, struct pen_error *error)
{
	struct pen_findings findings = { .count = 0 };
	bool replaced = false, people = reading->kind->id == PEN_KIND_CONTRIBUTION ||
	    reading->kind->id == PEN_KIND_OPENING || reading->kind->id == PEN_KIND_CHANGE;
	enum pen_status status = PEN_OK;

	if (reading->amended)
		status = pen_rows__replaced(store_of(reading->walk), folio->id, row->v[PEN_SUBJECT].i,
		    row->v[PEN_LINE].i, reading->walk->size - 1, &replaced, error);
	if (status != PEN_OK || replaced)
		return status;
	if (people && reading->person.facts.person != row->v[PEN_SUBJECT].i)
		status = find_person(reading, row->v[PEN_SUBJECT].i, folio->id, error);
	if (status == PEN_OK)
		status = meet_employer(reading, folio, row, error);
	if (status != PEN_OK)
		return status;
	reading->around.person = people ? &reading->person.facts : NULL;
	look_at(reading, row, run, &findings);
	if (++reading->walk->rows % TOLD == 0)
		status = pen_walk__go_on(reading->walk, _("the rules on rows"), reading->walk->rows, -1, error);
	return status == PEN_OK ? report(reading, folio, row, &findings, error) : status;
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_row_run run = { .subject = 0 };
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status;

	if (folio->confirmed_at < 0 || folio->confirmed_at >= reading->walk->size ||
	    (folio->state != PEN_FOLIO_CONFIRMED && folio->state != PEN_FOLIO_SEALED))
		return PEN_OK;
	reading->around.year = folio->period;
	reading->person.facts.person = 0;
	status = pen_rows__open(&rows, store_of(reading->walk), reading->kind, folio->id, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row != NULL) {
		status = check_row(reading, folio, row, &run, error);
		if (status != PEN_OK)
			break;
	}
	pen_rows__close(rows);
	return status == PEN_OK ? pen_walk__go_on(reading->walk, _("the rules on rows"), reading->walk->rows, -1, error) : status;
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
		status = pen_batch__each(store_of(walk), visit_batch, reading, error);
	walk->base_unchecked |= reading->around.base_unchecked;
	walk->share_unchecked |= reading->around.share_unchecked;
	pen_parameter__free(reading->parameters);
out:
	pen_memory__free(reading);
	return status;
}

/* -------------------------------------------------------------- records -- */

static enum pen_status take_finding(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error)
{
	struct pen_walk *walk = context;

	walk->found++;
	return walk->visit(walk->context, &(struct pen_walk_found){
		.rule = rule->rule.id, .class = pen_rule__class_name(rule->rule.class),
		.severity = pen_rule__severity_name(rule->rule.severity),
		.clause = rule->rule.clause, .advice = rule->rule.advice, .record = finding->record,
		.field = finding->field, .found = finding->found, .expected = finding->expected,
	}, error);
}

/* True for a failure of the rule itself, and not of the store beneath it. */
static bool is_rules_own(const struct pen_error *error)
{
	return error->status == PEN_INPUT || error->status == PEN_INCOMPLETE ||
	    (error->status == PEN_SYSTEM && strncmp(error->code, "system.", 7) != 0);
}

static enum pen_status run_rule(struct pen_walk *walk, const struct pen_sqlrule *rule, struct pen_error *error)
{
	char why[sizeof(error->text)];
	enum pen_status status;

	if (!pen_walk__wants(walk, rule->rule.id))
		return PEN_OK;
	status = pen_sqlrule__run(store_of(walk), rule, 0, 0, take_finding, walk, error);
	if (status == PEN_OK || !is_rules_own(error))
		return pen_walk__damage(walk, status, "seal.state", 0, rule->file, error);
	snprintf(why, sizeof(why), "%s", error->text);
	return pen_walk__not_made(walk, rule->rule.id, rule->file, why, error);
}

/* The rules, or, where they cannot be read, NULL and a note. */
static enum pen_status load_rules(struct pen_walk *walk, const char *rule, struct pen_sqlrules **rules, struct pen_error *error)
{
	char why[sizeof(error->text)];

	*rules = NULL;
	if (pen_sqlrule__load(rules, error) == PEN_OK)
		return PEN_OK;
	snprintf(why, sizeof(why), "%s", error->text);
	*rules = NULL;
	return pen_walk__not_made(walk, rule, "share/rules", why, error);
}

enum pen_status pen_rulewalk__records(struct pen_walk *walk, struct pen_error *error)
{
	struct pen_sqlrules *rules;
	enum pen_status status = load_rules(walk, "levy.covers", &rules, error);
	size_t i;

	for (i = 0; rules != NULL && i < pen_sqlrule__count(rules) && status == PEN_OK; i++) {
		status = pen_walk__go_on(walk, _("the rules over records"), (int64_t)i, (int64_t)pen_sqlrule__count(rules), error);
		if (status == PEN_OK)
			status = run_rule(walk, pen_sqlrule__at(rules, i), error);
	}
	pen_sqlrule__free(rules);
	return status;
}

enum pen_status pen_rulewalk__record(struct pen_walk *walk, const char *rule, struct pen_error *error)
{
	struct pen_sqlrules *rules;
	const struct pen_sqlrule *found = NULL;
	enum pen_status status = load_rules(walk, rule, &rules, error);

	if (rules != NULL)
		found = pen_sqlrule__named(rules, rule);
	if (found != NULL)
		status = run_rule(walk, found, error);
	else if (rules != NULL)
		status = pen_walk__not_made(walk, rule, "share/rules", _("there is no file of this rule"), error);
	pen_sqlrule__free(rules);
	return status;
}
