#include "model/rule.h"
#include "base/date.h"
#include "base/error.h"
#include "base/identifier.h"
#include "base/money.h"
#include "base/text.h"
#include "model/months.h"
#include "model/rule_share.h"
#include "model/rule_table.h"

#include <assert.h>
#include <string.h>

/* -------------------------------------------------------- the catalogue -- */

const struct pen_rule *pen_rule__named(const char *id)
{
	size_t i, count;
	const struct pen_rule *rules = pen_rule_table__all(&count);

	for (i = 0; i < count; i++) {
		if (strcmp(rules[i].id, id) == 0)
			return &rules[i];
	}
	return NULL;
}

size_t pen_rule__count(void)
{
	size_t count;

	pen_rule_table__all(&count);
	return count;
}

const struct pen_rule *pen_rule__at(size_t i)
{
	size_t count;
	const struct pen_rule *rules = pen_rule_table__all(&count);

	assert(i < count);
	return &rules[i];
}

const char *pen_rule__class_name(enum pen_rule_class class)
{
	static const char *const names[] = { "correctness", "completeness", "logic", "seal", "workflow" };

	assert(class <= PEN_WORKFLOW);
	return names[class];
}

const char *pen_rule__severity_name(enum pen_severity severity)
{
	static const char *const names[] = { "note", "warning", "error" };

	assert(severity <= PEN_ERROR);
	return names[severity];
}

/* ------------------------------------------------------------- findings -- */

/* Copies what fits, in whole characters. */
static void put(char out[160], const char *s)
{
	size_t n = strnlen(s, 160);

	if (n == 160) {
		for (n = 159; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
			;
	}
	memcpy(out, s, n);
	out[n] = '\0';
}

void pen_rule__add(struct pen_findings *findings, const char *rule, const char *field,
    const char *found, const char *expected)
{
	struct pen_finding *finding;

	assert(pen_rule__named(rule));
	if (findings->count == PEN_FINDINGS_MOST)
		return;
	finding = &findings->at[findings->count++];
	finding->rule = pen_rule__named(rule);
	finding->field = field;
	put(finding->found, found);
	put(finding->expected, expected);
}

static const char *column_name(const struct pen_row *row, int column)
{
	return row->kind->columns[column].name;
}

/* A finding whose found is the value itself, as a person reads it. */
static void add_value(struct pen_findings *findings, const char *rule, const struct pen_row *row,
    int column, const char *expected)
{
	char found[160];

	pen_kind__show(row->kind, column, &row->v[column], found, sizeof(found));
	pen_rule__add(findings, rule, column_name(row, column), found, expected);
}

static bool is_null(const struct pen_row *row, int column)
{
	return row->v[column].type == PEN_NULL;
}

/* ---------------------------------------------------------- single values -- */

/* True for a day of the calendar that is not ahead; a null is neither. */
static bool check_date(const struct pen_row *row, int column, const struct pen_surroundings *around,
    struct pen_findings *findings)
{
	int64_t date = row->v[column].i;
	char text[11];

	if (is_null(row, column))
		return false;
	if (date < 0 || date > INT32_MAX || !pen_date__valid((int32_t)date)) {
		add_value(findings, "date.format", row, column, _("a day of the calendar"));
		return false;
	}
	if (date > around->today) {
		add_value(findings, "date.future", row, column, pen_date__format(around->today, text));
		return false;
	}
	return true;
}

static void check_credit_code(const struct pen_row *row, struct pen_findings *findings)
{
	const struct pen_value *code = &row->v[PEN_EMPLOYER_CREDIT_CODE];
	char check = 0, expected[2] = "";

	if (code->type != PEN_STRING)
		return;
	switch (pen_identifier__credit(code->s, code->n, &check)) {
	case PEN_IDENTIFIER_OK:
		break;
	case PEN_IDENTIFIER_LENGTH:
		add_value(findings, "credit.length", row, PEN_EMPLOYER_CREDIT_CODE, _("18 characters"));
		break;
	case PEN_IDENTIFIER_CHECK:
		expected[0] = check;
		add_value(findings, "credit.check", row, PEN_EMPLOYER_CREDIT_CODE, expected);
		break;
	default:
		add_value(findings, "credit.char", row, PEN_EMPLOYER_CREDIT_CODE,
		    _("digits and capital letters other than I, O, S, V, Z"));
	}
}

/* True, with the 18 characters in id18, if the id holds. */
static bool check_citizen_id(const struct pen_row *row, const struct pen_surroundings *around,
    char id18[19], struct pen_findings *findings)
{
	const struct pen_value *id = &row->v[PEN_REGISTRATION_ID_NUMBER];
	const int column = PEN_REGISTRATION_ID_NUMBER;
	char check = 0, expected[2] = "";

	if (id->type != PEN_STRING)
		return false;
	switch (pen_identifier__citizen(id->s, id->n, around->today, id18, &check)) {
	case PEN_IDENTIFIER_OK:
		return true;
	case PEN_IDENTIFIER_LENGTH:
		add_value(findings, "id.length", row, column, _("18 characters, or 15 of an old number"));
		break;
	case PEN_IDENTIFIER_CHAR:
		add_value(findings, "id.char", row, column, _("digits, and X at the end alone"));
		break;
	case PEN_IDENTIFIER_AREA:
		add_value(findings, "id.area", row, column, _("a province of GB/T 2260 in the first two digits"));
		break;
	case PEN_IDENTIFIER_DATE:
		add_value(findings, "id.date", row, column, _("a birth date of the calendar, since 1900"));
		break;
	case PEN_IDENTIFIER_CHECK:
		expected[0] = check;
		add_value(findings, "id.check", row, column, expected);
		break;
	}
	return false;
}

/* ------------------------------------------------------ base and shares -- */

/* Between floor and cap; -1 is one that is not known. */
static void check_base(const struct pen_row *row, int column, int64_t floor, int64_t cap,
    struct pen_surroundings *around, struct pen_findings *findings)
{
	int64_t base = row->v[column].i;
	char yuan[24], expected[64];

	if (floor < 0 || cap < 0)
		around->base_unchecked = true;
	if (floor >= 0 && base < floor) {
		snprintf(expected, sizeof(expected), _("at least %s"), pen_money__format(floor, yuan));
		add_value(findings, "base.floor", row, column, expected);
	}
	if (cap >= 0 && base > cap) {
		snprintf(expected, sizeof(expected), _("at most %s"), pen_money__format(cap, yuan));
		add_value(findings, "base.cap", row, column, expected);
	}
}

/* A base may change within a year. Assumed months can be any of the year. */
static void check_contribution_base(const struct pen_row *row, const struct pen_rule_year *year,
    struct pen_surroundings *around, struct pen_findings *findings)
{
	bool assumed = row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i != 0;
	int32_t months = assumed ? PEN_MONTHS_ALL : (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;
	int64_t floor, cap;

	pen_rule_share__bounds(year, months, &floor, &cap);
	check_base(row, PEN_CONTRIBUTION_BASE, floor, cap, around, findings);
}

static void check_share(const struct pen_row *row, int column, const char *rule, const int64_t rate[12],
    const struct pen_rule_year *year, struct pen_surroundings *around, struct pen_findings *findings)
{
	int64_t base = row->v[PEN_CONTRIBUTION_BASE].i, fen = row->v[column].i;
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;
	char sum[24], low[24], high[24], expected[160];
	struct pen_share_band band;

	if (is_null(row, column))
		return;
	if (!pen_rule_share__band(rate, year->tolerance, base, months, &band)) {
		around->share_unchecked = true;
		return;
	}
	if (pen_rule_share__within(&band, fen))
		return;
	if (row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i &&
	    pen_rule_share__any_run(rate, year->tolerance, base, pen_months__count(months), fen))
		return;
	snprintf(expected, sizeof(expected), _("%s (%s to %s is let pass)"), pen_money__format(band.sum, sum),
	    pen_money__format(band.low, low), pen_money__format(band.high, high));
	add_value(findings, rule, row, column, expected);
}

/* ------------------------------------------------------- people and names -- */

/* No form lets a name be as long as this. */
#define NAME_ROOM 1024

/* *folded: they are not the same bytes. */
static bool names_match(const char *a, const char *b, bool *folded)
{
	char folded_a[NAME_ROOM], folded_b[NAME_ROOM];
	size_t n = strlen(a), m = strlen(b);

	*folded = n != m || memcmp(a, b, n) != 0;
	if (!*folded)
		return true;
	if (n >= sizeof(folded_a) || m >= sizeof(folded_b))
		return false;
	n = pen_text__fold_name(a, n, folded_a);
	m = pen_text__fold_name(b, m, folded_b);
	return n == m && memcmp(folded_a, folded_b, n) == 0;
}

static void check_person(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_person_facts *person = around->person;

	if (is_null(row, PEN_SUBJECT))
		return;
	if (!person || !person->registered) {
		pen_rule__add(findings, "person.registered", column_name(row, PEN_SUBJECT),
		    person && person->id_number ? person->id_number : _("unknown"),
		    _("a person with a confirmed registration"));
		return;
	}
	if (around->name && person->name && !names_match(around->name, person->name, &around->name_folded))
		pen_rule__add(findings, "name.matches", "name", around->name, person->name);
}

/* ------------------------------------------------------------ the kinds -- */

static void employer_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_value *area = &row->v[PEN_EMPLOYER_AREA];
	char code[7];

	check_credit_code(row, findings);
	if (area->type == PEN_STRING && pen_identifier__area(area->s, area->n, code) != PEN_IDENTIFIER_OK)
		add_value(findings, "area.code", row, PEN_EMPLOYER_AREA, _("six digits of GB/T 2260"));
	else if (area->type == PEN_STRING && around->county && strcmp(code, around->county) != 0)
		add_value(findings, "employer.area", row, PEN_EMPLOYER_AREA, around->county);
	check_date(row, PEN_EMPLOYER_INSURED_ON, around, findings);
}

/* The sex and the birth date that the id tells. */
static void check_id_facts(const struct pen_row *row, const char id18[19], bool born_holds,
    struct pen_findings *findings)
{
	const struct pen_value *sex = &row->v[PEN_REGISTRATION_SEX], *born = &row->v[PEN_REGISTRATION_BORN];
	char expected[64], date[11];

	if (sex->type != PEN_NULL && sex->i != pen_identifier__sex(id18))
		pen_rule__add(findings, "registration.sex", column_name(row, PEN_REGISTRATION_SEX),
		    sex->i == 1 ? _("male (1)") : sex->i == 2 ? _("female (2)") : _("neither 1 nor 2"),
		    sex->i == 1 ? _("female (2), as the citizen id says") :
		    pen_identifier__sex(id18) == 1 ? _("male (1), as the citizen id says") :
		    _("female (2), as the citizen id says"));
	if (born_holds && born->i != pen_identifier__born(id18)) {
		snprintf(expected, sizeof(expected), _("%s, as the citizen id says"),
		    pen_date__format(pen_identifier__born(id18), date));
		add_value(findings, "registration.born", row, PEN_REGISTRATION_BORN, expected);
	}
}

/* Insurance not before work, work not before 16: 0 stands for a date that is
 * missing or wrong by itself. (A 29 February lacks 16 years later only around
 * 1900; the number then stands for 1 March.) */
static void check_date_order(const struct pen_row *row, int64_t born, int64_t insured_on,
    int64_t worked_on, struct pen_findings *findings)
{
	const int64_t least = born + 160000;
	char expected[64], date[11];

	if (insured_on && worked_on && insured_on < worked_on) {
		snprintf(expected, sizeof(expected), _("not before the start of work, %s"),
		    pen_date__format((int32_t)worked_on, date));
		add_value(findings, "registration.dates", row, PEN_REGISTRATION_INSURED_ON, expected);
	}
	if (born && worked_on && worked_on < least) {
		snprintf(expected, sizeof(expected), _("%s or later, 16 years after birth"),
		    pen_date__format((int32_t)least, date));
		add_value(findings, "registration.dates", row, PEN_REGISTRATION_WORKED_ON, expected);
	}
}

/* A question mark or U+FFFD stands where an earlier conversion had no character. */
static void check_name(const struct pen_row *row, struct pen_findings *findings)
{
	static const char *const lost[] = { "?", "？", "\xef\xbf\xbd" };
	const struct pen_value *name = &row->v[PEN_REGISTRATION_NAME];
	char text[160];
	size_t i;

	if (name->type != PEN_STRING)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)(name->n < sizeof(text) ? name->n : sizeof(text) - 1), name->s);
	for (i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		if (strstr(text, lost[i])) {
			add_value(findings, "name.damaged", row, PEN_REGISTRATION_NAME,
			    _("a name of which every character is there"));
			return;
		}
	}
}

static void registration_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	char id18[19];
	bool id = check_citizen_id(row, around, id18, findings);
	bool born = check_date(row, PEN_REGISTRATION_BORN, around, findings);
	bool insured, worked;
	int32_t month;

	if (id)
		check_id_facts(row, id18, born, findings);
	check_name(row, findings);
	insured = check_date(row, PEN_REGISTRATION_INSURED_ON, around, findings);
	worked = check_date(row, PEN_REGISTRATION_WORKED_ON, around, findings);
	check_date_order(row, born ? row->v[PEN_REGISTRATION_BORN].i : 0,
	    insured ? row->v[PEN_REGISTRATION_INSURED_ON].i : 0,
	    worked ? row->v[PEN_REGISTRATION_WORKED_ON].i : 0, findings);
	if (insured && !is_null(row, PEN_REGISTRATION_BASE)) {
		month = (int32_t)(row->v[PEN_REGISTRATION_INSURED_ON].i / 100);
		check_base(row, PEN_REGISTRATION_BASE,
		    pen_rule_share__value(around->parameters, around->area, PEN_BASE_FLOOR, NULL, month),
		    pen_rule_share__value(around->parameters, around->area, PEN_BASE_CAP, NULL, month), around, findings);
	}
}

static void contribution_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_value *months = &row->v[PEN_CONTRIBUTION_MONTHS];
	bool months_hold = months->type != PEN_NULL && months->i > 0 && months->i <= PEN_MONTHS_ALL;
	bool whole = months_hold && around->year && !is_null(row, PEN_CONTRIBUTION_BASE) &&
	    row->v[PEN_CONTRIBUTION_KIND].i == PEN_NORMAL;
	int payer = pen_rule_share__payer(around->person ? around->person->payer : NULL);
	const struct pen_rule_year *year;
	struct pen_rule_year room;

	check_person(row, around, findings);
	year = whole ? pen_rule_share__year(around, around->year, &room) : NULL;
	if (whole)
		check_contribution_base(row, year, around, findings);
	if (months->type != PEN_NULL && !months_hold)
		add_value(findings, "month.range", row, PEN_CONTRIBUTION_MONTHS, _("months from 1 to 12"));
	if (whole && payer >= 0) {
		check_share(row, PEN_CONTRIBUTION_UNIT, "share.unit", year->unit[payer], year, around, findings);
		check_share(row, PEN_CONTRIBUTION_PERSONAL, "share.personal", year->personal[payer], year,
		    around, findings);
	}
	check_date(row, PEN_CONTRIBUTION_ARRIVED, around, findings);
}

static void levy_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	int64_t fen = row->v[PEN_LEVY_AMOUNT].i;
	bool refund = row->v[PEN_LEVY_REFUND].i != 0;

	check_date(row, PEN_LEVY_PAID_ON, around, findings);
	if (!is_null(row, PEN_LEVY_AMOUNT) && (refund ? fen > 0 : fen < 0))
		add_value(findings, "amount.negative", row, PEN_LEVY_AMOUNT,
		    refund ? _("a negative amount, as of every refund") : _("no negative amount but of a refund"));
	if (row->v[PEN_LEVY_LATE_FEE].i < 0)
		add_value(findings, "amount.negative", row, PEN_LEVY_LATE_FEE, _("an amount that is not negative"));
}

static void opening_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	check_person(row, around, findings);
}

void pen_rule__row(const struct pen_row *row, struct pen_surroundings *around, struct pen_findings *findings)
{
	switch (row->kind->id) {
	case PEN_KIND_EMPLOYER:
		employer_row(row, around, findings);
		break;
	case PEN_KIND_REGISTRATION:
		registration_row(row, around, findings);
		break;
	case PEN_KIND_CONTRIBUTION:
		contribution_row(row, around, findings);
		break;
	case PEN_KIND_LEVY:
		levy_row(row, around, findings);
		break;
	case PEN_KIND_OPENING:
		opening_row(row, around, findings);
		break;
	default:	/* movements are recomputed, which says more */
		break;
	}
}

/* --------------------------------------------------------- ordered rows -- */

/* All the months that other folios have. */
static int32_t elsewhere(const struct pen_row_run *run)
{
	int32_t months = 0;
	size_t i;

	for (i = 0; i < run->other_count; i++)
		months |= run->others[i].months;
	return months;
}

/* The folio that has some of the months; 0: none. */
static int64_t folio_having(const struct pen_row_run *run, int32_t months)
{
	size_t i;

	for (i = 0; i < run->other_count; i++) {
		if (run->others[i].months & months)
			return run->others[i].folio;
	}
	return 0;
}

/* `wanted` are the months that the row would need. */
static void add_overlap(struct pen_findings *findings, const struct pen_row *row, const char *found,
    const struct pen_row_run *run, int32_t wanted)
{
	long long folio = (long long)folio_having(run, wanted);
	int32_t taken = folio ? run->taken | elsewhere(run) : run->taken;
	char left[32], expected[160];

	pen_months__format(PEN_MONTHS_ALL & ~taken, left);
	if (taken == PEN_MONTHS_ALL && folio)
		snprintf(expected, sizeof(expected), _("none: earlier lines and folio %lld have the whole year"), folio);
	else if (taken == PEN_MONTHS_ALL)
		snprintf(expected, sizeof(expected), "%s", _("none: earlier lines have the whole year"));
	else if (folio)
		snprintf(expected, sizeof(expected),
		    _("months that neither an earlier line nor folio %lld has: %s"), folio, left);
	else
		snprintf(expected, sizeof(expected), _("months that no earlier line has: %s"), left);
	pen_rule__add(findings, "months.overlap", column_name(row, PEN_CONTRIBUTION_MONTHS), found, expected);
}

/* The months of a normal contribution: laid if they are assumed, free of those
 * before and of those in other folios. False: they are not. */
static bool place_months(const struct pen_row_run *run, struct pen_row *row, int first_month,
    struct pen_findings *findings)
{
	struct pen_value *months = &row->v[PEN_CONTRIBUTION_MONTHS];
	int32_t set = (int32_t)months->i, taken = run->taken | elsewhere(run);
	char found[48];

	if (row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i) {
		set = pen_months__lay(first_month, pen_months__count(set), taken);
		if (!set) {
			snprintf(found, sizeof(found), _("%d consecutive months"), pen_months__count((int32_t)months->i));
			add_overlap(findings, row, found, run, PEN_MONTHS_ALL);
			return false;
		}
		months->i = set;
	} else if (set & taken) {
		add_overlap(findings, row, pen_months__format(set, found), run, set);
		return false;
	}
	return true;
}

static bool next_contribution(struct pen_row_run *run, struct pen_row *row, int first_month,
    struct pen_findings *findings)
{
	if (row->v[PEN_CONTRIBUTION_KIND].i == PEN_NORMAL && !is_null(row, PEN_CONTRIBUTION_MONTHS)) {
		if (!place_months(run, row, first_month, findings))
			return false;
		run->taken |= (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;
	}
	row->v[PEN_CONTRIBUTION_SEQUENCE] = pen_value__integer(run->sequence + 1);
	return true;
}

static bool next_registration(struct pen_row_run *run, const struct pen_row *row,
    struct pen_findings *findings)
{
	int64_t since = row->v[PEN_REGISTRATION_INSURED_ON].i;
	bool again = run->sequence >= PEN_RUN_DAYS;
	int i;

	for (i = 0; i < run->sequence && !again; i++)
		again = run->days[i] == since;
	if (again)
		add_value(findings, "registration.repeated", row, PEN_REGISTRATION_INSURED_ON,
		    _("another day than this person's other lines with this employer, and 16 of them at most"));
	else
		run->days[run->sequence] = (int32_t)since;
	return !again;
}

static bool next_opening(const struct pen_row_run *run, const struct pen_row *row,
    struct pen_findings *findings)
{
	if (run->sequence == 0)
		return true;
	pen_rule__add(findings, "opening.repeated", column_name(row, PEN_SUBJECT),
	    _("a second opening balance of this person"), _("one for each person"));
	return false;
}

void pen_rule__ordered(struct pen_row_run *run, struct pen_row *row, int first_month,
    struct pen_findings *findings)
{
	bool fits = true;

	if (row->v[PEN_SUBJECT].i != run->subject) {
		run->subject = row->v[PEN_SUBJECT].i;
		run->taken = 0;
		run->sequence = 0;
	}
	if (row->kind->id == PEN_KIND_CONTRIBUTION)
		fits = next_contribution(run, row, first_month, findings);
	else if (row->kind->id == PEN_KIND_REGISTRATION)
		fits = next_registration(run, row, findings);
	else if (row->kind->id == PEN_KIND_OPENING)
		fits = next_opening(run, row, findings);
	if (fits)
		run->sequence++;
}
