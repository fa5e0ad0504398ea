#include "model/rule.h"
#include "base/date.h"
#include "base/error.h"
#include "base/identifier.h"
#include "base/money.h"
#include "base/text.h"
#include "model/months.h"
#include "model/rule_benefit.h"
#include "model/rule_check.h"
#include "model/rule_share.h"
#include "model/rule_table.h"

#include <assert.h>
#include <string.h>

/* -------------------------------------------------------- the catalogue -- */

const struct pen_rule *pen_rule__named(const char *id)
{
	return pen_rule_check__named(id);
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

void pen_rule__add(struct pen_findings *findings, const char *rule, const char *field,
    const char *found, const char *expected)
{
	pen_rule_check__add(findings, rule, field, found, expected);
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
		pen_rule_check__add_value(findings, "base.floor", row, column, expected);
	}
	if (cap >= 0 && base > cap) {
		snprintf(expected, sizeof(expected), _("at most %s"), pen_money__format(cap, yuan));
		pen_rule_check__add_value(findings, "base.cap", row, column, expected);
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

/* "16%", where every one of the months has that rate, else empty. */
static void say_rate(const int64_t rate[12], int32_t months, char *out, size_t room)
{
	int64_t one = -1;
	bool same = true;
	size_t n;
	int i;

	for (i = 0; i < 12; i++) {
		if (!(months & 1 << i))
			continue;
		same = same && (one < 0 || rate[i] == one);
		one = rate[i];
	}
	out[0] = '\0';
	if (!same || one < 0)
		return;
	n = (size_t)snprintf(out, room, "%lld.%04lld", (long long)(one / 10000), (long long)(one % 10000));
	while (out[n - 1] == '0')
		n--;
	n -= out[n - 1] == '.';
	snprintf(out + n, room - n, "%%");
}

/* What the contribution would be, and of what it is worked out. */
static void say_share(const struct pen_row *row, const int64_t rate[12], const struct pen_share_band *band,
    char *out, size_t room)
{
	int32_t set = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;
	char sum[24], low[24], high[24], base[24], percent[32], months[32];

	pen_money__format(band->sum, sum);
	pen_money__format(band->low, low);
	pen_money__format(band->high, high);
	pen_money__format(row->v[PEN_CONTRIBUTION_BASE].i, base);
	pen_months__format(set, months);
	say_rate(rate, set, percent, sizeof(percent));
	if (percent[0])
		snprintf(out, room, _("%s: %s times %s in each of the months %s (%s to %s is let pass)"), sum, base, percent,
		    months, low, high);
	else
		snprintf(out, room, _("%s: %s times the rate of each of the months %s (%s to %s is let pass)"), sum, base,
		    months, low, high);
}

static void check_share(const struct pen_row *row, int column, const char *rule, const int64_t rate[12],
    const struct pen_rule_year *year, struct pen_surroundings *around, struct pen_findings *findings)
{
	int64_t base = row->v[PEN_CONTRIBUTION_BASE].i, fen = row->v[column].i;
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;
	struct pen_share_band band;
	char expected[160];

	if (pen_rule_check__is_null(row, column))
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
	say_share(row, rate, &band, expected, sizeof(expected));
	pen_rule_check__add_value(findings, rule, row, column, expected);
}

/* ------------------------------------------------------- people and names -- */

/* The name that a row gives somebody who has one. */
static void check_named(struct pen_surroundings *around, struct pen_findings *findings)
{
	const struct pen_person_facts *person = around->person;

	if (person && person->registered && around->name && person->name &&
	    !pen_rule_check__names_match(around->name, person->name, &around->name_folded))
		pen_rule__add(findings, "name.matches", "name", around->name, person->name);
}

static void check_person(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_person_facts *person = around->person;

	if (pen_rule_check__is_null(row, PEN_SUBJECT))
		return;
	if (!person || !person->registered) {
		pen_rule__add(findings, "person.registered", pen_rule_check__column(row, PEN_SUBJECT),
		    person && person->id_number ? person->id_number : _("unknown"),
		    _("a person with a confirmed registration"));
		return;
	}
	check_named(around, findings);
}

/* ------------------------------------------------------------ the kinds -- */

static void employer_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_value *area = &row->v[PEN_EMPLOYER_AREA];
	char code[7];

	pen_rule_check__credit_code(row, findings);
	if (area->type == PEN_STRING && pen_identifier__area(area->s, area->n, code) != PEN_IDENTIFIER_OK)
		pen_rule_check__add_value(findings, "area.code", row, PEN_EMPLOYER_AREA, _("six digits of GB/T 2260"));
	else if (area->type == PEN_STRING && around->county && strcmp(code, around->county) != 0)
		pen_rule_check__add_value(findings, "employer.area", row, PEN_EMPLOYER_AREA, around->county);
	pen_rule_check__date(row, PEN_EMPLOYER_INSURED_ON, around, findings);
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
		pen_rule_check__add_value(findings, "registration.dates", row, PEN_REGISTRATION_INSURED_ON, expected);
	}
	if (born && worked_on && worked_on < least) {
		snprintf(expected, sizeof(expected), _("%s or later, 16 years after birth"),
		    pen_date__format((int32_t)least, date));
		pen_rule_check__add_value(findings, "registration.dates", row, PEN_REGISTRATION_WORKED_ON, expected);
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
			pen_rule_check__add_value(findings, "name.damaged", row, PEN_REGISTRATION_NAME,
			    _("a name of which every character is there"));
			return;
		}
	}
}

/* Only flexible payers stand under the agency's own unit. */
static void check_unit(const struct pen_row *row, const struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_value *payer = &row->v[PEN_REGISTRATION_PAYER];

	if (around->employer && around->employer->pseudo_unit && payer->type == PEN_STRING &&
	    !(payer->n == 8 && memcmp(payer->s, "flexible", 8) == 0))
		pen_rule_check__add_value(findings, "registration.unit", row, PEN_REGISTRATION_PAYER,
		    _("flexible: the employer is the agency's own unit for flexible payers"));
}

/* The base against floor and cap of the month of a day; with a cache by the year's. */
static void check_base_of_day(const struct pen_row *row, int32_t day, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_parameters *all = around->parameters;
	const struct pen_rule_year *year;
	int64_t floor, cap;

	if (around->cache) {
		year = pen_rule_share__year(around, day / 10000, NULL);
		floor = year->floor[day / 100 % 100 - 1];
		cap = year->cap[day / 100 % 100 - 1];
	} else {
		floor = pen_rule_share__value(all, around->area, PEN_BASE_FLOOR, NULL, day / 100);
		cap = pen_rule_share__value(all, around->area, PEN_BASE_CAP, NULL, day / 100);
	}
	check_base(row, PEN_REGISTRATION_BASE, floor, cap, around, findings);
}

static void registration_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	char id18[19];
	bool id = pen_rule_check__citizen_id(row, around, id18, findings);
	bool born = pen_rule_check__date(row, PEN_REGISTRATION_BORN, around, findings);
	bool insured, worked;

	if (id)
		pen_rule_check__id_facts(row, id18, born, findings);
	check_name(row, findings);
	check_named(around, findings);
	insured = pen_rule_check__date(row, PEN_REGISTRATION_INSURED_ON, around, findings);
	worked = pen_rule_check__date(row, PEN_REGISTRATION_WORKED_ON, around, findings);
	check_date_order(row, born ? row->v[PEN_REGISTRATION_BORN].i : 0,
	    insured ? row->v[PEN_REGISTRATION_INSURED_ON].i : 0,
	    worked ? row->v[PEN_REGISTRATION_WORKED_ON].i : 0, findings);
	if (insured && worked)
		pen_rule_benefit__deemed(row, findings);
	if (insured && !pen_rule_check__is_null(row, PEN_REGISTRATION_BASE))
		check_base_of_day(row, (int32_t)row->v[PEN_REGISTRATION_INSURED_ON].i, around, findings);
	if (insured)
		pen_rule_check__succeeded(around, row->v[PEN_REGISTRATION_INSURED_ON].i,
		    row->v[PEN_REGISTRATION_INSURED_ON].i, findings);
	check_unit(row, around, findings);
}

/* Months that an employer had a successor for are the successor's. What is paid
 * back is paid back to who paid it. */
static void check_contribution_employer(const struct pen_row *row, const struct pen_surroundings *around,
    struct pen_findings *findings)
{
	int64_t year = row->v[PEN_CONTRIBUTION_FOR_YEAR].i ? row->v[PEN_CONTRIBUTION_FOR_YEAR].i : around->year;
	int64_t month;

	if (row->v[PEN_CONTRIBUTION_KIND].i == PEN_REFUND || !year)
		return;
	for (month = 12; !(row->v[PEN_CONTRIBUTION_MONTHS].i & 1 << (month - 1)); month--)
		;
	month += year * 100;
	pen_rule_check__succeeded(around, month * 100 + 1, month, findings);
}

/* Refunds are negative, adjustments may be, nothing else is. A refund that comes without
 * a sign gets one where it is read, but not if the other amount has one. */
static void check_sign(const struct pen_row *row, int column, int other, struct pen_findings *findings)
{
	int64_t kind = row->v[PEN_CONTRIBUTION_KIND].i, fen = row->v[column].i;
	const char *expected;

	if (kind == PEN_REFUND ? fen <= 0 : fen >= 0 || kind == PEN_ADJUSTMENT)
		return;
	if (kind != PEN_REFUND)
		expected = _("no negative amount but of a refund or an adjustment");
	else if (row->v[other].i < 0)
		expected = _("both amounts of a refund without a sign, or both with a minus");
	else
		expected = _("a negative amount, as of every refund");
	pen_rule_check__add_value(findings, "amount.negative", row, column, expected);
}

static void contribution_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_value *months = &row->v[PEN_CONTRIBUTION_MONTHS];
	bool months_hold = months->type != PEN_NULL && months->i > 0 && months->i <= PEN_MONTHS_ALL;
	bool whole = months_hold && around->year && !pen_rule_check__is_null(row, PEN_CONTRIBUTION_BASE) &&
	    row->v[PEN_CONTRIBUTION_KIND].i == PEN_NORMAL;
	int payer = pen_rule_share__payer(around->person ? around->person->payer : NULL);
	const struct pen_rule_year *year;
	struct pen_rule_year room;

	check_person(row, around, findings);
	if (months_hold && around->employer)
		check_contribution_employer(row, around, findings);
	year = whole ? pen_rule_share__year(around, around->year, &room) : NULL;
	if (whole)
		check_contribution_base(row, year, around, findings);
	if (months->type != PEN_NULL && !months_hold)
		pen_rule_check__add_value(findings, "month.range", row, PEN_CONTRIBUTION_MONTHS, _("months from 1 to 12"));
	check_sign(row, PEN_CONTRIBUTION_UNIT, PEN_CONTRIBUTION_PERSONAL, findings);
	check_sign(row, PEN_CONTRIBUTION_PERSONAL, PEN_CONTRIBUTION_UNIT, findings);
	if (whole && payer >= 0) {
		check_share(row, PEN_CONTRIBUTION_UNIT, "share.unit", year->unit[payer], year, around, findings);
		check_share(row, PEN_CONTRIBUTION_PERSONAL, "share.personal", year->personal[payer], year,
		    around, findings);
	}
	pen_rule_check__date(row, PEN_CONTRIBUTION_ARRIVED, around, findings);
}

static void levy_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	int64_t fen = row->v[PEN_LEVY_AMOUNT].i;
	bool refund = row->v[PEN_LEVY_REFUND].i != 0;

	pen_rule_check__date(row, PEN_LEVY_PAID_ON, around, findings);
	if (!pen_rule_check__is_null(row, PEN_LEVY_AMOUNT) && (refund ? fen > 0 : fen < 0))
		pen_rule_check__add_value(findings, "amount.negative", row, PEN_LEVY_AMOUNT,
		    refund ? _("a negative amount, as of every refund") : _("no negative amount but of a refund"));
	if (row->v[PEN_LEVY_LATE_FEE].i < 0)
		pen_rule_check__add_value(findings, "amount.negative", row, PEN_LEVY_LATE_FEE, _("an amount that is not negative"));
}

/* An average index, as it was told. */
static bool is_index(const struct pen_value *value)
{
	int64_t index;

	return pen_money__decimal(value->s, value->n, 6, &index) == PEN_DECIMAL_OK && index > 0 && index < 100 * PEN_MILLION;
}

static void opening_row(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	static const int told[] = { PEN_OPENING_PAID_MONTHS, PEN_OPENING_WAGE_INDEX };
	const bool months = !pen_rule_check__is_null(row, told[0]), index = !pen_rule_check__is_null(row, told[1]);

	check_person(row, around, findings);
	if (months != index)
		pen_rule__add(findings, "field.required", pen_rule_check__column(row, told[months]), "",
		    _("months that were paid for and their average index: both, or neither"));
	if (index && !is_index(&row->v[PEN_OPENING_WAGE_INDEX]))
		pen_rule_check__add_value(findings, "amount.format", row, PEN_OPENING_WAGE_INDEX, _("an index with at most six decimals, such as 0.8512"));
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
	case PEN_KIND_RETIREMENT:
		pen_rule_benefit__retirement(row, around, findings);
		break;
	case PEN_KIND_CHANGE:
		check_person(row, around, findings);
		pen_rule_benefit__change(row, around, findings);
		break;
	case PEN_KIND_SUCCESSION:
		pen_rule_check__date(row, PEN_SUCCESSION_SINCE, around, findings);
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
	pen_rule__add(findings, "months.overlap", pen_rule_check__column(row, PEN_CONTRIBUTION_MONTHS), found, expected);
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
	if (row->v[PEN_CONTRIBUTION_KIND].i == PEN_NORMAL && !pen_rule_check__is_null(row, PEN_CONTRIBUTION_MONTHS)) {
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
		pen_rule_check__add_value(findings, "registration.repeated", row, PEN_REGISTRATION_INSURED_ON,
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
	pen_rule__add(findings, "opening.repeated", pen_rule_check__column(row, PEN_SUBJECT),
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
