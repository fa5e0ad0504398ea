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

/* The rules at work; batch (its id, 0: none yet), kind and folio are those under way. */
struct pen_rulewalk {
	struct pen_walk *walk;
	struct pen_parameters *parameters;
	bool amended;			/* some row of the store was replaced */
	int64_t batch, reference_at;
	const struct pen_kind *kind;
	const struct pen_folio *folio;
	char area[7];
	struct pen_surroundings around;
	struct pen_rule_cache cache;
	struct pen_row_run run;
	const struct pen_known *known;
	struct pen_person_facts person;
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
static enum pen_status find_name(struct pen_rulewalk *rules, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(rules->walk), PEN_SQL_RULEWALK_NAME, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", rules->person.person);
	pen_db__bind_int(s, ":folio", rules->folio->id);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		copy(rules->registered, sizeof(rules->registered), pen_db__text(s, 0));
		rules->person.name = rules->registered;
	}
	pen_db__reset(s);
	return status;
}

/* What was entered of an employer when the batch was read. */
static enum pen_status find_employer(struct pen_rulewalk *rules, int64_t employer, struct pen_error *error)
{
	static const enum pen_sql which[] = { PEN_SQL_RULEWALK_EMPLOYER, PEN_SQL_RULEWALK_SUCCESSION };
	struct pen_employer_facts *facts = &rules->facts;
	enum pen_status status = PEN_OK;
	struct pen_statement *s;
	bool row;
	int i;

	*facts = (struct pen_employer_facts){ 0 };
	rules->employer = employer;
	for (i = 0; status == PEN_OK && i < 2; i++) {
		status = pen_store__sql(store_of(rules->walk), which[i], &s, error);
		if (status != PEN_OK)
			break;
		pen_db__bind_int(s, ":employer", employer);
		pen_db__bind_int(s, ":as_of", rules->reference_at);
		status = pen_db__step(s, &row, error);
		if (i == 0)
			rules->entered = status == PEN_OK && row;
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
static enum pen_status meet_employer(struct pen_rulewalk *rules, const struct pen_row *row, struct pen_error *error)
{
	bool moved = rules->kind->id == PEN_KIND_CHANGE && row->v[PEN_CHANGE_TO].type == PEN_INTEGER;
	int64_t employer = moved ? row->v[PEN_CHANGE_TO].i : rules->folio->employer;
	enum pen_status status = PEN_OK;

	if (employer && employer != rules->employer)
		status = find_employer(rules, employer, error);
	rules->around.employer = employer && rules->entered ? &rules->facts : NULL;
	return status;
}

/* ----------------------------------------------------------------- rows -- */

static enum pen_status report(struct pen_rulewalk *rules, const struct pen_row *row, const struct pen_findings *findings,
    struct pen_error *error)
{
	const struct pen_folio *folio = rules->folio;
	const struct pen_walk_key key = pen_walk__key_of_row(rules->kind, row->v, folio);
	const struct pen_finding *finding;
	char who[PEN_WHO];
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < findings->count && status == PEN_OK; i++) {
		finding = &findings->at[i];
		if (!pen_walk__wants(rules->walk, finding->rule->id))
			continue;
		status = pen_walk__who(store_of(rules->walk), rules->kind, row->v, who, error);
		if (status == PEN_OK)
			status = pen_walk__report_of(rules->walk, &key, &(struct pen_walk_place){
			    finding->rule->id, finding->field, finding->found, finding->expected,
			    folio->batch, row->v[PEN_LINE].i }, error, _("%s of %s, folio %" PRId64 "%s%s"),
			    rules->kind->name, who, folio->id,
			    folio->credit_code[0] ? _(" of employer ") : "", folio->credit_code);
	}
	return status;
}

/* The rules on a row by itself, then among its person's in the folio. What is
 * stored has its months: they are looked at, and laid no more. */
static void look_at(struct pen_rulewalk *rules, const struct pen_row *row, struct pen_findings *findings)
{
	struct pen_row again = *row;

	pen_rule__row(row, &rules->around, findings);
	if (rules->kind->id == PEN_KIND_CONTRIBUTION)
		again.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(0);
	pen_rule__ordered(&rules->run, &again, 1, findings);
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

/* Whom the row is about, and under which employer, as the rules are to know them. */
static enum pen_status meet(struct pen_rulewalk *rules, const struct pen_row *row, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	rules->around.name = name_in(row, rules->name);
	rules->around.person = NULL;
	if (pen_rulewalk__asks_people(rules->kind)) {
		pen_known__find(rules->known, row->v[PEN_SUBJECT].i, rules->folio->id, &rules->person);
		rules->around.person = &rules->person;
		if (rules->around.name != NULL && rules->person.registered)
			status = find_name(rules, error);
	}
	return status == PEN_OK ? meet_employer(rules, row, error) : status;
}

enum pen_status pen_rulewalk__row(struct pen_rulewalk *rules, const struct pen_row *row, struct pen_error *error)
{
	struct pen_findings findings;
	enum pen_status status = meet(rules, row, error);

	if (status != PEN_OK)
		return status;
	findings.count = 0;	/* not the whole struct: its room alone would cost more than the rules */
	look_at(rules, row, &findings);
	add_amount(rules->walk, row);
	rules->walk->rows++;
	status = report(rules, row, &findings, error);
	findings.count = 0;
	pen_rule_main__row(row, &rules->around, &findings);
	return status == PEN_OK ? report(rules, row, &findings, error) : status;
}

enum pen_status pen_rulewalk__replaced(struct pen_rulewalk *rules, int64_t folio, const struct pen_row *row, bool *replaced,
    struct pen_error *error)
{
	*replaced = false;
	return !rules->amended ? PEN_OK : pen_rows__replaced(store_of(rules->walk), folio, row->v[PEN_SUBJECT].i,
	    row->v[PEN_LINE].i, rules->walk->size - 1, replaced, error);
}

void pen_rulewalk__folio(struct pen_rulewalk *rules, const struct pen_batch *batch, const struct pen_kind *kind,
    const struct pen_folio *folio)
{
	if (rules->batch != batch->id) {
		rules->batch = batch->id;
		rules->reference_at = batch->reference_at;
		rules->employer = 0;
		snprintf(rules->area, sizeof(rules->area), "%s", batch->agency);
		memset(&rules->cache, 0, sizeof(rules->cache));
	}
	rules->kind = kind;
	rules->folio = folio;
	rules->around.year = folio->period;
	rules->run = (struct pen_row_run){ .subject = 0 };
}

bool pen_rulewalk__asks_people(const struct pen_kind *kind)
{
	return kind->id == PEN_KIND_CONTRIBUTION || kind->id == PEN_KIND_OPENING || kind->id == PEN_KIND_CHANGE ||
	    kind->id == PEN_KIND_RETIREMENT;
}

/* --------------------------------------------------------------- opening -- */

/* An unamended store is told by one look, not by one for each row. */
static enum pen_status ask_amended(struct pen_rulewalk *rules, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store_of(rules->walk), PEN_SQL_RULEWALK_REPLACEMENTS, &s, error);

	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK)
		rules->amended = row && pen_db__int(s, 0) != 0;
	pen_db__reset(s);
	return status;
}

enum pen_status pen_rulewalk__open(struct pen_rulewalk **rules, struct pen_walk *walk, const struct pen_known *known,
    struct pen_error *error)
{
	struct pen_rulewalk *made = pen_memory__calloc(1, sizeof(*made));
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	if (made == NULL)
		return pen_error__memory(error);
	made->walk = walk;
	made->known = known;
	made->around = (struct pen_surroundings){ .area = made->area, .cache = &made->cache, .today = pen_date__today(),
		.live_on = pen_store__identity(store_of(walk))->live_on };
	status = pen_settings__parameters(store_of(walk), walk->size, &made->parameters, digest, error);
	made->around.parameters = made->parameters;
	if (status == PEN_OK)
		status = ask_amended(made, error);
	if (status != PEN_OK) {
		pen_rulewalk__close(made);
		return status;
	}
	*rules = made;
	return PEN_OK;
}

void pen_rulewalk__close(struct pen_rulewalk *rules)
{
	if (rules == NULL)
		return;
	rules->walk->base_unchecked |= rules->around.base_unchecked;
	rules->walk->share_unchecked |= rules->around.share_unchecked;
	rules->walk->deemed_unchecked |= rules->around.deemed_unchecked;
	pen_parameter__free(rules->parameters);
	pen_memory__free(rules);
}
