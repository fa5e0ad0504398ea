#include "model/rule_benefit.h"
#include "base/date.h"
#include "base/error.h"
#include "base/money.h"
#include "model/rule_check.h"

#include <string.h>

static bool is(const struct pen_value *value, const char *text)
{
	return value->type == PEN_STRING && value->n == strlen(text) && memcmp(value->s, text, value->n) == 0;
}

/* The day, or 0 if it is missing or wrong by itself, which was found before. */
static int64_t day_of(const struct pen_row *row, int column, const struct pen_surroundings *around,
    struct pen_findings *findings)
{
	return pen_rule_check__date(row, column, around, findings) ? row->v[column].i : 0;
}

/* ---------------------------------------------------------- retirements -- */

#define LEAST_AGE 45	/* of the earliest ways out that the law has had */

/* Born, at work, retired, drawing: in this order. */
static void check_order(const struct pen_row *row, int64_t born, int64_t worked, int64_t retired,
    struct pen_findings *findings)
{
	const struct pen_value *from = &row->v[PEN_RETIREMENT_BENEFIT_FROM];
	const int64_t least = born + LEAST_AGE * 10000;
	char expected[96], text[11];

	if (born && worked && worked <= born) {
		snprintf(expected, sizeof(expected), _("after the birth date, %s"), pen_date__format((int32_t)born, text));
		pen_rule_check__add_value(findings, "retirement.dates", row, PEN_RETIREMENT_WORKED_ON, expected);
	}
	if (worked && retired && retired <= worked) {
		snprintf(expected, sizeof(expected), _("after the start of work, %s"), pen_date__format((int32_t)worked, text));
		pen_rule_check__add_value(findings, "retirement.dates", row, PEN_RETIREMENT_RETIRED_ON, expected);
	} else if (born && retired && retired < least) {
		snprintf(expected, sizeof(expected), _("%s or later, %d years after birth"),
		    pen_date__format((int32_t)least, text), LEAST_AGE);
		pen_rule_check__add_value(findings, "retirement.dates", row, PEN_RETIREMENT_RETIRED_ON, expected);
	}
	if (retired && from->type != PEN_NULL && from->i < retired / 100) {
		snprintf(expected, sizeof(expected), _("the month of retirement, %s, or later"),
		    pen_date__format_month((int32_t)(retired / 100), text));
		pen_rule_check__add_value(findings, "retirement.dates", row, PEN_RETIREMENT_BENEFIT_FROM, expected);
	}
}

/* Who may come in without the system's own computation: those who retired before
 * it was there, and those of employers newly brought in (R4.3.1). */
static void check_basis(const struct pen_row *row, int64_t retired, const struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_value *basis = &row->v[PEN_RETIREMENT_BASIS];
	const struct pen_employer_facts *employer = around->employer;
	char expected[160], text[11];

	if (basis->type != PEN_STRING || !retired)
		return;
	if (!is(basis, "expansion")) {
		if (around->live_on && retired < around->live_on)
			return;
		snprintf(expected, sizeof(expected), _("a day before the system went live, %s"),
		    pen_date__format(around->live_on, text));
		pen_rule_check__add_value(findings, "retirement.basis", row, PEN_RETIREMENT_RETIRED_ON, expected);
	} else if (employer && !employer->newly_covered) {
		pen_rule_check__add_value(findings, "retirement.basis", row, PEN_RETIREMENT_BASIS,
		    _("退休审批表 or 其他法定退休档案, or an employer that is marked as newly covered"));
	} else if (employer && retired >= employer->insured_on) {
		snprintf(expected, sizeof(expected), _("a day before the employer was insured, %s"),
		    pen_date__format(employer->insured_on, text));
		pen_rule_check__add_value(findings, "retirement.basis", row, PEN_RETIREMENT_RETIRED_ON, expected);
	}
}

/* The parts are the total; while one is not told, they are no more than it. */
static void check_sum(const struct pen_row *row, struct pen_findings *findings)
{
	static const int parts[] = { PEN_RETIREMENT_BASIC, PEN_RETIREMENT_ACCOUNT,
		PEN_RETIREMENT_TRANSITIONAL, PEN_RETIREMENT_EXTRA };
	const struct pen_value *total = &row->v[PEN_RETIREMENT_PENSION];
	int64_t sum = 0;
	char yuan[24], expected[96];
	bool whole = true;
	size_t i;

	if (total->type == PEN_NULL)
		return;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		whole &= row->v[parts[i]].type != PEN_NULL;
		if (!pen_money__add(sum, row->v[parts[i]].i, &sum))
			sum = INT64_MAX;
	}
	if (whole ? sum == total->i : sum <= total->i)
		return;
	snprintf(expected, sizeof(expected), whole ? _("%s, the sum of the parts") : _("at least %s, the sum of the parts that are there"),
	    pen_money__format(sum, yuan));
	pen_rule_check__add_value(findings, "retirement.sum", row, PEN_RETIREMENT_PENSION, expected);
}

/* Months of the calendar from one to another, the first counted and the last not;
 * 0 where there are none. */
static int64_t months_between(int64_t from, int64_t to)
{
	int64_t count = (to / 100 - from / 100) * 12 + to % 100 - from % 100;

	return count > 0 ? count : 0;
}

/* Nobody has more months than lie between the first day at work and the last. */
static void check_months(const struct pen_row *row, int64_t worked, int64_t retired, struct pen_findings *findings)
{
	const int64_t months = row->v[PEN_RETIREMENT_PAID_MONTHS].i + row->v[PEN_RETIREMENT_DEEMED_MONTHS].i;
	const int64_t most = months_between(worked / 100, retired / 100) + 1;
	char found[96], expected[96];

	if (!worked || !retired || retired <= worked || months <= most)
		return;
	snprintf(found, sizeof(found), _("%lld months, paid and deemed"), (long long)months);
	snprintf(expected, sizeof(expected), _("at most %lld months, from the start of work to retirement"), (long long)most);
	pen_rule_check__add(findings, "retirement.months", pen_rule_check__column(row,
	    pen_rule_check__is_null(row, PEN_RETIREMENT_PAID_MONTHS) ? PEN_RETIREMENT_DEEMED_MONTHS : PEN_RETIREMENT_PAID_MONTHS),
	    found, expected);
}

void pen_rule_benefit__retirement(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_person_facts *person = around->person;
	char id18[19];
	bool id = pen_rule_check__citizen_id(row, around, id18, findings);
	int64_t born = day_of(row, PEN_RETIREMENT_BORN, around, findings);
	int64_t worked, retired;

	if (id)
		pen_rule_check__id_facts(row, id18, born != 0, findings);
	if (person && person->registered && around->name && person->name &&
	    !pen_rule_check__names_match(around->name, person->name, &around->name_folded))
		pen_rule_check__add(findings, "name.matches", "name", around->name, person->name);
	worked = day_of(row, PEN_RETIREMENT_WORKED_ON, around, findings);
	retired = day_of(row, PEN_RETIREMENT_RETIRED_ON, around, findings);
	check_order(row, born, worked, retired, findings);
	check_months(row, worked, retired, findings);
	check_basis(row, retired, around, findings);
	check_sum(row, findings);
}

/* ---------------------------------------------------------- deemed months -- */

static void add_deemed(const struct pen_row *row, const char *rule, int64_t most, const char *until,
    struct pen_findings *findings)
{
	char expected[160], worked[11];

	pen_date__format((int32_t)row->v[PEN_REGISTRATION_WORKED_ON].i, worked);
	snprintf(expected, sizeof(expected), _("at most %lld: the months from the start of work, %s, to %s"),
	    (long long)most, worked, until);
	pen_rule_check__add_value(findings, rule, row, PEN_REGISTRATION_DEEMED_MONTHS, expected);
}

void pen_rule_benefit__deemed(const struct pen_row *row, struct pen_findings *findings)
{
	int64_t worked = row->v[PEN_REGISTRATION_WORKED_ON].i, insured = row->v[PEN_REGISTRATION_INSURED_ON].i;
	int64_t most = months_between(worked / 100, insured / 100);
	char date[11];

	if (row->v[PEN_REGISTRATION_DEEMED_MONTHS].i > most)
		add_deemed(row, "registration.deemed", most, pen_date__format((int32_t)insured, date), findings);
}

void pen_rule_benefit__deemed_late(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings)
{
	int64_t worked = row->v[PEN_REGISTRATION_WORKED_ON].i, insured = row->v[PEN_REGISTRATION_INSURED_ON].i;
	int64_t deemed = row->v[PEN_REGISTRATION_DEEMED_MONTHS].i, most;
	const struct pen_parameter *until;
	int32_t last;

	if (deemed <= 0)
		return;
	until = pen_parameter__find(around->parameters, PEN_DEEMED_UNTIL, around->area, NULL, around->today / 100);
	last = until ? pen_date__parse_month(until->text, strlen(until->text)) : 0;
	if (!last) {
		around->deemed_unchecked = true;
		return;
	}
	most = months_between(worked / 100, last) + (last >= worked / 100);
	if (deemed > most && deemed <= months_between(worked / 100, insured / 100))
		add_deemed(row, "deemed.late", most, until->text, findings);
}

/* --------------------------------------------------------------- changes -- */

void pen_rule_benefit__change(const struct pen_row *row, const struct pen_surroundings *around,
    struct pen_findings *findings)
{
	const struct pen_value *month = &row->v[PEN_CHANGE_MONTH], *since = &row->v[PEN_CHANGE_SINCE];
	int32_t next = around->today / 100 % 100 == 12 ? around->today / 100 + 89 : around->today / 100 + 1;
	bool leaves = is(&row->v[PEN_CHANGE_KIND], "leave");
	const char *payer = around->person ? around->person->payer : NULL;
	char expected[96], text[11];

	if (month->type == PEN_NULL)
		return;
	if (month->i > next) {
		snprintf(expected, sizeof(expected), _("at most next month, %s"), pen_date__format_month(next, text));
		pen_rule_check__add_value(findings, "movement.order", row, PEN_CHANGE_MONTH, expected);
	}
	/* Whoever moves was there for the whole month before. */
	if (since->i && (leaves ? month->i < since->i / 100 : row->v[PEN_CHANGE_TO].type != PEN_NULL && month->i <= since->i / 100)) {
		snprintf(expected, sizeof(expected), leaves ? _("the month in which the employment began, %s, or later") :
		    _("a month after the one in which the employment began, %s"), pen_date__format_month((int32_t)(since->i / 100), text));
		pen_rule_check__add_value(findings, "movement.order", row, PEN_CHANGE_MONTH, expected);
	}
	if (!leaves && around->employer && around->employer->pseudo_unit && payer && strcmp(payer, "flexible") != 0)
		pen_rule_check__add(findings, "movement.unit", "employer", payer,
		    _("flexible: the employer is the agency's own unit for flexible payers"));
	pen_rule_check__succeeded(around, month->i * 100 + 1, month->i, findings);
}
