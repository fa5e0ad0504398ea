#include "store/verdict.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/months.h"
#include "model/rule_main.h"
#include "store/cover.h"
#include "store/personrule.h"

#include <inttypes.h>
#include <string.h>

#define KEPT 100	/* findings that are told; the rest is counted */

/* What a record's row was found with before; what an employer's year claimed. */
struct seen { size_t record; const struct pen_rule *rule; const char *field; };
struct claim { int64_t employer; int32_t period; int64_t fen; };

/* Somebody as registered, in the store's own words. */
struct known { struct pen_person_facts facts; char name[256], id_number[32]; };

/* The records of the folio that is looked at, as before: by their places in the list. */
struct folio { const struct pen_amendeds *list; const size_t *order; size_t count; const int64_t *line; int64_t folio; };

struct pen_verdict {
	struct pen_store *store;
	struct pen_trial *trial;
	int64_t at, found;
	struct pen_parameters *parameters;
	struct pen_surroundings around;
	struct pen_rule_cache cache;
	struct pen_cover *cover;
	struct pen_personrule *people;		/* NULL: nobody's dates were looked at yet */
	struct seen *seen;
	size_t seen_count, seen_room, seen_next;
	struct claim *claim;
	size_t claims, claim_room;
	struct known known;			/* whoever was looked up last */
	int64_t known_as_of;
	int64_t employer, employer_as_of;
	bool entered;
	struct pen_employer_facts facts;
};

enum pen_status pen_verdict__open(struct pen_verdict **verdict, struct pen_session *session, int64_t at,
    struct pen_trial *trial, struct pen_error *error)
{
	struct pen_verdict *made = pen_memory__calloc(1, sizeof(*made));
	const struct pen_identity *identity = pen_store__identity(session->store);
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = session->store;
	made->trial = trial;
	made->at = at;
	made->around = (struct pen_surroundings){ .area = identity->agency, .cache = &made->cache, .today = pen_date__today(),
		.live_on = identity->live_on };
	status = pen_settings__parameters(made->store, at, &made->parameters, digest, error);
	made->around.parameters = made->parameters;
	if (status == PEN_OK)
		status = pen_cover__open(&made->cover, made->store, error);
	if (status != PEN_OK) {
		pen_verdict__close(made);
		return status;
	}
	*verdict = made;
	return PEN_OK;
}

void pen_verdict__close(struct pen_verdict *verdict)
{
	if (!verdict)
		return;
	pen_parameter__free(verdict->parameters);
	pen_cover__close(verdict->cover);
	pen_personrule__close(verdict->people);
	pen_memory__free(verdict->seen);
	pen_memory__free(verdict->claim);
	pen_memory__free(verdict);
}

/* The list with room for one more; NULL: no memory. */
static void *grown(void *list, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 16;
	void *made;

	if (count < *room)
		return list;
	made = pen_memory__realloc(list, wanted, size);
	if (made)
		*room = wanted;
	return made;
}

/* ----------------------------------------------------------------------- facts -- */

static void copy(char *out, size_t room, const char *s)
{
	snprintf(out, room, "%s", s ? s : "");
}

static void take_person(struct known *known, struct pen_statement *s)
{
	static const char *const payers[] = { "employee", "flexible" };
	const char *payer = pen_db__text(s, 1);
	size_t i;

	known->facts.registered = true;
	known->facts.insured_on = (int32_t)pen_db__int(s, 0);
	for (i = 0; payer && i < 2; i++)
		if (strcmp(payer, payers[i]) == 0)
			known->facts.payer = payers[i];
	known->facts.born = (int32_t)pen_db__int(s, 2);
	known->facts.sex = (int)pen_db__int(s, 3);
	copy(known->name, sizeof(known->name), pen_db__text(s, 4));
	copy(known->id_number, sizeof(known->id_number), pen_db__text(s, 5));
	known->facts.name = known->name;
	known->facts.id_number = known->id_number;
}

static enum pen_status find_person(struct pen_verdict *verdict, int64_t person, int64_t as_of, struct pen_error *error)
{
	struct known *known = &verdict->known;
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	if (known->facts.person == person && verdict->known_as_of == as_of)
		return PEN_OK;
	*known = (struct known){ .facts = { .person = person } };
	verdict->known_as_of = as_of;
	status = pen_store__sql(verdict->store, PEN_SQL_VERSIONS_PERSON, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		take_person(known, s);
	pen_db__reset(s);
	return status;
}

static enum pen_status find_employer(struct pen_verdict *verdict, int64_t employer, int64_t as_of, struct pen_error *error)
{
	static const enum pen_sql which[] = { PEN_SQL_RULEWALK_EMPLOYER, PEN_SQL_RULEWALK_SUCCESSION };
	struct pen_employer_facts *facts = &verdict->facts;
	enum pen_status status = PEN_OK;
	struct pen_statement *s;
	bool row;
	int i;

	if (verdict->employer == employer && verdict->employer_as_of == as_of)
		return PEN_OK;
	*facts = (struct pen_employer_facts){ 0 };
	verdict->employer = employer;
	verdict->employer_as_of = as_of;
	for (i = 0; status == PEN_OK && i < 2; i++) {
		status = pen_store__sql(verdict->store, which[i], &s, error);
		if (status != PEN_OK)
			break;
		pen_db__bind_int(s, ":employer", employer);
		pen_db__bind_int(s, ":as_of", as_of);
		status = pen_db__step(s, &row, error);
		if (i == 0)
			verdict->entered = status == PEN_OK && row;
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

/* Whom the record is about, by an entry. */
static enum pen_status meet(struct pen_verdict *verdict, const struct pen_amended *record, int64_t as_of, struct pen_error *error)
{
	struct pen_surroundings *around = &verdict->around;
	enum pen_status status = PEN_OK;

	around->year = record->period;
	around->person = NULL;
	around->employer = NULL;
	if (record->kind->of_people) {
		status = find_person(verdict, record->new.v[PEN_SUBJECT].i, as_of, error);
		around->person = &verdict->known.facts;
	}
	if (status == PEN_OK && record->employer) {
		status = find_employer(verdict, record->employer, as_of, error);
		around->employer = verdict->entered ? &verdict->facts : NULL;
	}
	return status;
}

/* -------------------------------------------------------------------- findings -- */

static void name_record(const struct pen_verdict *verdict, const struct pen_amended *record, char *out, size_t room)
{
	const struct known *known = &verdict->known;
	const struct pen_value *name = &record->new.v[PEN_EMPLOYER_NAME], *code = &record->new.v[PEN_EMPLOYER_CREDIT_CODE];

	if (!record->kind->of_people)
		snprintf(out, room, "%s %.*s %.*s", record->form, (int)code->n, code->s ? code->s : "", (int)name->n, name->s ? name->s : "");
	else if (record->period)
		snprintf(out, room, "%s %s %.120s, %d", record->form, known->id_number, known->name, record->period);
	else
		snprintf(out, room, "%s %s %.120s", record->form, known->id_number, known->name);
}

static enum pen_status keep(struct pen_verdict *verdict, const struct pen_amended *record,
    const struct pen_effect_finding *what, struct pen_error *error)
{
	struct pen_trial *trial = verdict->trial;
	struct pen_effect_finding *list;

	if (verdict->found++ >= KEPT)
		return PEN_OK;
	list = grown(trial->finding, trial->findings, &trial->finding_room, sizeof(*list));
	if (!list)
		return pen_error__memory(error);
	trial->finding = list;
	list += trial->findings++;
	*list = *what;
	name_record(verdict, record, list->record, sizeof(list->record));
	return PEN_OK;
}

static enum pen_status keep_finding(struct pen_verdict *verdict, const struct pen_amended *record,
    const struct pen_finding *finding, struct pen_error *error)
{
	struct pen_effect_finding what = { .severity = pen_rule__severity_name(finding->rule->severity),
		.clause = finding->rule->clause, .advice = finding->rule->advice };

	snprintf(what.rule, sizeof(what.rule), "%s", finding->rule->id);
	snprintf(what.field, sizeof(what.field), "%s", finding->field);
	snprintf(what.found, sizeof(what.found), "%s", finding->found);
	snprintf(what.expected, sizeof(what.expected), "%s", finding->expected);
	return keep(verdict, record, &what, error);
}

static enum pen_status say(struct pen_verdict *verdict, const struct pen_amended *record, const char *rule, const char *clause,
    const char *field, const char *found, const char *expected, struct pen_error *error)
{
	struct pen_effect_finding what = { .severity = "error", .clause = clause, .advice = "" };

	snprintf(what.rule, sizeof(what.rule), "%s", rule);
	snprintf(what.field, sizeof(what.field), "%s", field);
	snprintf(what.found, sizeof(what.found), "%s", found);
	snprintf(what.expected, sizeof(what.expected), "%s", expected);
	return keep(verdict, record, &what, error);
}

/* ------------------------------------------------------------ rules on a row -- */

/* The findings that the record had before stand by its place in the list, in the order
 * in which records are looked at, both times. */
static enum pen_status remember(struct pen_verdict *verdict, size_t record, const struct pen_findings *findings, struct pen_error *error)
{
	struct seen *list;
	int i;

	for (i = 0; i < findings->count; i++) {
		list = grown(verdict->seen, verdict->seen_count, &verdict->seen_room, sizeof(*list));
		if (!list)
			return pen_error__memory(error);
		verdict->seen = list;
		list[verdict->seen_count++] = (struct seen){ record, findings->at[i].rule, findings->at[i].field };
	}
	return PEN_OK;
}

static bool was_there(const struct pen_verdict *verdict, size_t first, size_t record, const struct pen_finding *finding)
{
	size_t i;

	for (i = first; i < verdict->seen_count && verdict->seen[i].record == record; i++)
		if (verdict->seen[i].rule == finding->rule && strcmp(verdict->seen[i].field, finding->field) == 0)
			return true;
	return false;
}

static enum pen_status compare(struct pen_verdict *verdict, size_t record, const struct pen_amended *amended,
    const struct pen_findings *findings, struct pen_error *error)
{
	size_t first = verdict->seen_next;
	enum pen_status status = PEN_OK;
	int i;

	while (verdict->seen_next < verdict->seen_count && verdict->seen[verdict->seen_next].record == record)
		verdict->seen_next++;
	for (i = 0; status == PEN_OK && i < findings->count; i++)
		if (findings->at[i].rule->severity != PEN_NOTE && !was_there(verdict, first, record, &findings->at[i]))
			status = keep_finding(verdict, amended, &findings->at[i], error);
	return status;
}

/* The rules that an import runs on a row, and those of the record as it stands. */
static void look_at_row(struct pen_verdict *verdict, const struct pen_row *row, struct pen_findings *findings)
{
	const struct pen_value *name = &row->v[PEN_RETIREMENT_NAME];
	char given[256];

	verdict->around.name = NULL;
	if (row->kind->id == PEN_KIND_RETIREMENT && name->type == PEN_STRING && verdict->known.facts.registered) {
		snprintf(given, sizeof(given), "%.*s", (int)(name->n < 255 ? name->n : 255), name->s);
		verdict->around.name = given;
	}
	pen_rule__row(row, &verdict->around, findings);
	pen_rule_main__row(row, &verdict->around, findings);
	verdict->around.name = NULL;
}

static enum pen_status check_row(struct pen_verdict *verdict, const struct folio *group, size_t k, bool after,
    struct pen_error *error)
{
	const struct pen_amended *record = &group->list->at[group->order[k]];
	struct pen_findings findings;
	enum pen_status status;

	findings.count = 0;
	if (!after && !record->old.kind)
		return PEN_OK;
	status = meet(verdict, record, after ? verdict->at : verdict->at - 1, error);
	if (status != PEN_OK)
		return status;
	look_at_row(verdict, after ? &record->new : &record->old, &findings);
	return after ? compare(verdict, group->order[k], record, &findings, error) :
	    remember(verdict, group->order[k], &findings, error);
}

/* ---------------------------------------------------------- among the others -- */

/* A month that another row of the employer's year has, unless it had it before too. */
static enum pen_status check_overlap(struct pen_verdict *verdict, const struct folio *group, int64_t line,
    int64_t folio, int32_t months, struct pen_error *error)
{
	int64_t first = group->line[group->order[0]];
	const struct pen_amended *record = &group->list->at[group->order[line - first]];
	int32_t both = (int32_t)record->new.v[PEN_CONTRIBUTION_MONTHS].i & months;
	char found[48], shown[32], expected[96];
	enum pen_status status;

	if (record->old.kind && record->old.v[PEN_CONTRIBUTION_KIND].i == PEN_NORMAL)
		both &= ~(int32_t)record->old.v[PEN_CONTRIBUTION_MONTHS].i;
	if (!both)
		return PEN_OK;
	status = meet(verdict, record, verdict->at, error);
	if (status != PEN_OK)
		return status;
	snprintf(found, sizeof(found), "%s", pen_months__format(both, shown));
	snprintf(expected, sizeof(expected), _("months that folio %" PRId64 " does not have of the same person"), folio);
	return say(verdict, record, "months.overlap", "R2.2", "months", found, expected, error);
}

struct overlap { int64_t line, folio; int32_t months; };

static enum pen_status check_overlaps(struct pen_verdict *verdict, const struct folio *group, struct pen_error *error)
{
	const struct pen_amended *first = &group->list->at[group->order[0]];
	struct overlap list[KEPT];
	struct pen_statement *s;
	size_t n = 0, i;
	enum pen_status status = pen_store__sql(verdict->store, PEN_SQL_VERSIONS_OVERLAP, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":employer", first->employer);
	pen_db__bind_int(s, ":period", first->period);
	pen_db__bind_int(s, ":folio", group->folio);
	while (n < KEPT && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		list[n++] = (struct overlap){ pen_db__int(s, 0), pen_db__int(s, 1), (int32_t)pen_db__int(s, 2) };
	pen_db__reset(s);
	for (i = 0; status == PEN_OK && i < n; i++)
		status = check_overlap(verdict, group, list[i].line, list[i].folio, list[i].months, error);
	return status;
}

static enum pen_status check_entry(struct pen_verdict *verdict, const struct pen_amended *record, struct pen_error *error)
{
	int64_t month = pen_amended__first_month(&record->new, record->period), before = pen_amended__first_month(&record->old, record->period), since = 0;
	struct pen_statement *s;
	char found[16], expected[64], date[11];
	enum pen_status status;
	bool row;

	if (!month || (before && before <= month))
		return PEN_OK;
	status = pen_store__sql(verdict->store, PEN_SQL_VERSIONS_SINCE, &s, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", record->new.v[PEN_SUBJECT].i);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		since = pen_db__int(s, 0);
	pen_db__reset(s);
	if (status != PEN_OK || !since || month >= since / 100)
		return status;
	status = meet(verdict, record, verdict->at, error);
	pen_date__format_month((int32_t)month, found);
	snprintf(expected, sizeof(expected), _("months since %s, when the person was insured"), pen_date__format((int32_t)since, date));
	return status == PEN_OK ? say(verdict, record, "contribution.entry", "R2.2", "months", found, expected, error) : status;
}

/* The person is registered once with the employer since a day. A period that was ended
 * keeps the day on which it began: its end is told by that. */
static enum pen_status ask_period(struct pen_verdict *verdict, enum pen_sql which, const struct pen_amended *record,
    int64_t since, int64_t folio, int64_t *by, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(verdict->store, which, &s, error);
	bool row;

	*by = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", record->new.v[PEN_SUBJECT].i);
	pen_db__bind_int(s, ":employer", record->employer);
	pen_db__bind_int(s, ":since", since);
	if (which == PEN_SQL_VERSIONS_REGISTERED)
		pen_db__bind_int(s, ":folio", folio);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*by = pen_db__int(s, which == PEN_SQL_VERSIONS_REGISTERED ? 0 : 1);
	pen_db__reset(s);
	return status;
}

static enum pen_status check_period(struct pen_verdict *verdict, const struct pen_amended *record, int64_t folio, struct pen_error *error)
{
	int64_t since = record->new.v[PEN_REGISTRATION_INSURED_ON].i, was = record->old.kind ?
	    record->old.v[PEN_REGISTRATION_INSURED_ON].i : since, by;
	char found[64], date[11];
	enum pen_status status = ask_period(verdict, PEN_SQL_VERSIONS_REGISTERED, record, since, folio, &by, error);

	if (status == PEN_OK)
		status = meet(verdict, record, verdict->at, error);
	if (status == PEN_OK && by) {
		snprintf(found, sizeof(found), _("%s, as in folio %" PRId64), pen_date__format((int32_t)since, date), by);
		status = say(verdict, record, "registration.repeated", "R4.1.1", "insured_on", found,
		    _("another day than this person's other registrations with the employer"), error);
	}
	if (status != PEN_OK || was == since)
		return status;
	status = ask_period(verdict, PEN_SQL_VERSIONS_ENDED, record, was, folio, &by, error);
	if (status != PEN_OK || !by)
		return status;
	snprintf(found, sizeof(found), _("another first day of a period that folio %" PRId64 " has ended"), by);
	return say(verdict, record, "employment.told", "R2.2", "insured_on", found, pen_date__format((int32_t)was, date), error);
}

struct told { struct pen_verdict *verdict; const struct pen_amended *record; };

static enum pen_status take_told(void *context, const struct pen_sqlrule *rule, const struct pen_sqlfinding *finding,
    struct pen_error *error)
{
	const struct told *told = context;
	enum pen_status status = meet(told->verdict, told->record, told->verdict->at, error);

	/* The rule's own clause goes with it; R2 is what those that are run here rest on. */
	return status == PEN_OK ? say(told->verdict, told->record, rule->rule.id, "R2", finding->field, finding->found,
	    finding->expected, error) : status;
}

/* The dates of registration, retirement and death beside each other, as pen-verify has it. */
static enum pen_status check_dates(struct pen_verdict *verdict, const struct folio *group, bool after, struct pen_error *error)
{
	enum pen_status status = verdict->people ? PEN_OK : pen_personrule__open(&verdict->people, verdict->store, error);
	const struct pen_amended *record;
	int64_t person, folio;
	size_t k;

	for (k = 0; status == PEN_OK && k < group->count; k++) {
		record = &group->list->at[group->order[k]];
		person = record->new.v[PEN_SUBJECT].i;
		folio = record->kind->id != PEN_KIND_REGISTRATION ? 0 : after ? group->folio : record->folio;
		status = after ? pen_personrule__after(verdict->people, person, folio, take_told, &(struct told){ verdict, record }, error) :
		    pen_personrule__before(verdict->people, person, folio, error);
	}
	return status;
}

/* ------------------------------------------------------------------ the levy -- */

static struct claim *claim_of(struct pen_verdict *verdict, const struct pen_amended *first)
{
	size_t i;

	for (i = 0; i < verdict->claims; i++)
		if (verdict->claim[i].employer == first->employer && verdict->claim[i].period == first->period)
			return &verdict->claim[i];
	return NULL;
}

/* Some folio of the employer's year, before the new one is there; 0: none. */
static enum pen_status any_folio(struct pen_verdict *verdict, const struct pen_amended *first, int64_t *folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(verdict->store, PEN_SQL_VERSIONS_FOLIO_OF_YEAR, &s, error);
	bool row;

	*folio = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":employer", first->employer);
	pen_db__bind_int(s, ":period", first->period);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*folio = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

static int64_t fen_of(const char *yuan)
{
	int64_t fen;

	return pen_money__decimal(yuan, strlen(yuan), 2, &fen) == PEN_DECIMAL_OK ? fen : 0;
}

/* What claimed more than was levied already may claim less, and no more. */
static enum pen_status check_levy(struct pen_verdict *verdict, const struct folio *group, bool after, struct pen_error *error)
{
	const struct pen_amended *first = &group->list->at[group->order[0]];
	struct pen_shortfall shortfall = { .covered = true };
	struct claim *claim = after ? claim_of(verdict, first) : NULL;
	int64_t folio = group->folio;
	enum pen_status status = after ? PEN_OK : any_folio(verdict, first, &folio, error);

	if (status == PEN_OK && folio)
		status = pen_cover__folio(verdict->cover, folio, &shortfall, error);
	if (status != PEN_OK || shortfall.covered)
		return status;
	if (after)
		return claim && fen_of(shortfall.found) <= claim->fen ? PEN_OK :
		    say(verdict, first, PEN_HOLD_LEVY, "R4.2.1", "amount_fen", shortfall.found, shortfall.expected, error);
	claim = grown(verdict->claim, verdict->claims, &verdict->claim_room, sizeof(*claim));
	if (!claim)
		return pen_error__memory(error);
	verdict->claim = claim;
	claim[verdict->claims++] = (struct claim){ first->employer, first->period, fen_of(shortfall.found) };
	return PEN_OK;
}

/* ------------------------------------------------------------------ all of it -- */

static enum pen_status check_contributions(struct pen_verdict *verdict, const struct folio *group, bool after,
    struct pen_error *error)
{
	enum pen_status status = check_levy(verdict, group, after, error);
	size_t k;

	if (status != PEN_OK || !after)
		return status;
	status = check_overlaps(verdict, group, error);
	for (k = 0; status == PEN_OK && k < group->count; k++)
		status = check_entry(verdict, &group->list->at[group->order[k]], error);
	return status;
}

enum pen_status pen_verdict__group(struct pen_verdict *verdict, const struct pen_layout *layout,
    const struct pen_layout_group *of, bool after, struct pen_error *error)
{
	const struct folio all = { layout->list, layout->order + of->first, of->count, layout->line, of->folio }, *group = &all;
	enum pen_kind_id kind = group->list->at[group->order[0]].kind->id;
	enum pen_status status = PEN_OK;
	size_t k;

	for (k = 0; status == PEN_OK && k < group->count; k++)
		status = check_row(verdict, group, k, after, error);
	if (status == PEN_OK && kind == PEN_KIND_CONTRIBUTION)
		status = check_contributions(verdict, group, after, error);
	if (status == PEN_OK && (kind == PEN_KIND_REGISTRATION || kind == PEN_KIND_RETIREMENT))
		status = check_dates(verdict, group, after, error);
	for (k = 0; status == PEN_OK && after && kind == PEN_KIND_REGISTRATION && k < group->count; k++)
		status = check_period(verdict, &group->list->at[group->order[k]], group->folio, error);
	return status;
}

enum pen_status pen_verdict__end(struct pen_verdict *verdict, struct pen_error *error)
{
	const struct pen_effect_finding *first = verdict->trial->finding;

	if (!verdict->found)
		return PEN_OK;
	return pen_error__refuse(error, "R5.3.1", "amend.rule",
	    _("%s: %s: found %s, expected %s (%s); nothing was changed, %" PRId64 " findings in all: ask for values that the rules let in"),
	    first->record, first->field, first->found, first->expected, first->rule, verdict->found);
}
