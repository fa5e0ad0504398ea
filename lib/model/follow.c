#include "model/follow.h"
#include "base/error.h"
#include "base/money.h"
#include "model/rule_share.h"

#include <string.h>

static bool asks(const struct pen_amended *record, int column)
{
	return record->set & 1U << column;
}

/* A column that was not asked for takes a value; it follows if that is another one. */
static void put(struct pen_amended *record, int column, struct pen_value value)
{
	record->new.v[column] = value;
	if (!record->old.kind || !pen_value__equal(&value, &record->old.v[column]))
		record->follow |= 1U << column;
	else
		record->follow &= ~(1U << column);
}

/* ------------------------------------------------------------ contributions -- */

static enum pen_status no_rate(const struct pen_amended *record, const char *payer, struct pen_error *error)
{
	return pen_error__refuse(error, "R5.1", "amend.rate",
	    _("there is no contribution rate for payers of kind %s in all the months of %d, by which the shares would follow: set unit and personal themselves, or load the rates with pen-admin param load"),
	    payer, record->period);
}

static enum pen_status follow_shares(struct pen_amended *record, const struct pen_surroundings *around, struct pen_error *error)
{
	const char *payer = around->person && around->person->payer ? around->person->payer : "employee";
	int kind = pen_rule_share__payer(payer);
	int64_t base = record->new.v[PEN_CONTRIBUTION_BASE].i;
	int32_t months = (int32_t)record->new.v[PEN_CONTRIBUTION_MONTHS].i;
	const struct pen_rule_year *year;
	struct pen_share_band unit, personal;
	struct pen_rule_year room;

	if (asks(record, PEN_CONTRIBUTION_UNIT) && asks(record, PEN_CONTRIBUTION_PERSONAL))
		return PEN_OK;
	year = pen_rule_share__year(around, record->period, &room);
	if (kind < 0 || !pen_rule_share__band(year->unit[kind], year->tolerance, base, months, &unit) ||
	    !pen_rule_share__band(year->personal[kind], year->tolerance, base, months, &personal))
		return no_rate(record, payer, error);
	if (!asks(record, PEN_CONTRIBUTION_UNIT))
		put(record, PEN_CONTRIBUTION_UNIT, pen_value__integer(unit.sum));
	if (!asks(record, PEN_CONTRIBUTION_PERSONAL))
		put(record, PEN_CONTRIBUTION_PERSONAL, pen_value__integer(personal.sum));
	return PEN_OK;
}

static enum pen_status follow_contribution(struct pen_amended *record, const struct pen_surroundings *around, struct pen_error *error)
{
	const uint32_t rests_on = 1U << PEN_CONTRIBUTION_BASE | 1U << PEN_CONTRIBUTION_MONTHS;

	if (asks(record, PEN_CONTRIBUTION_MONTHS) && !record->new.v[PEN_CONTRIBUTION_MONTHS].i)
		return pen_error__refuse(error, "R5.1", "amend.months",
		    _("the months do not end within the year: give fewer, an earlier first_month, or the set itself as month_list (1-6,9)"));
	/* What arrears and refunds come to is what was paid, at the rates of their own years. */
	if (!(record->set & rests_on) || record->new.v[PEN_CONTRIBUTION_KIND].i != PEN_NORMAL ||
	    record->new.v[PEN_CONTRIBUTION_BASE].type == PEN_NULL || record->new.v[PEN_CONTRIBUTION_MONTHS].type == PEN_NULL)
		return PEN_OK;
	return follow_shares(record, around, error);
}

/* ------------------------------------------------------ the other records -- */

static enum pen_status follow_retirement(struct pen_amended *record, struct pen_error *error)
{
	const uint32_t parts = 1U << PEN_RETIREMENT_BASIC | 1U << PEN_RETIREMENT_ACCOUNT |
	    1U << PEN_RETIREMENT_TRANSITIONAL | 1U << PEN_RETIREMENT_EXTRA;
	int64_t sum = 0;
	int i;

	/* A pension that nobody told is not made up of the parts that were. */
	if (!(record->set & parts) || asks(record, PEN_RETIREMENT_PENSION) ||
	    record->new.v[PEN_RETIREMENT_PENSION].type == PEN_NULL)
		return PEN_OK;
	for (i = PEN_RETIREMENT_BASIC; i <= PEN_RETIREMENT_EXTRA; i++) {
		/* With a part unknown the sum is; what was known of it moves by the change. */
		if (record->new.v[i].type == PEN_NULL || record->old.v[i].type == PEN_NULL) {
			if (record->new.v[i].type != record->old.v[i].type)
				return pen_error__refuse(error, "R5.1", "amend.pension",
				    _("a part of the pension is added or taken out: set pension itself, which is the whole of it"));
			continue;
		}
		if (!pen_money__add(sum, record->new.v[i].i - record->old.v[i].i, &sum))
			return pen_error__set(error, PEN_INPUT, "amend.value", _("the parts of the pension are out of range"));
	}
	if (!pen_money__add(sum, record->old.v[PEN_RETIREMENT_PENSION].i, &sum))
		return pen_error__set(error, PEN_INPUT, "amend.value", _("the parts of the pension are out of range"));
	put(record, PEN_RETIREMENT_PENSION, pen_value__integer(sum));
	return PEN_OK;
}

static void follow_registration(struct pen_amended *record)
{
	if (record->new.v[PEN_REGISTRATION_SEX].i == 1 && asks(record, PEN_REGISTRATION_SEX) &&
	    !asks(record, PEN_REGISTRATION_STATUS))
		put(record, PEN_REGISTRATION_STATUS, pen_value__null());
}

/* ------------------------------------------------------------- the whole -- */

/* The columns that the table wants a value in, and the form does not give one for. */
static bool may_lack(const struct pen_kind *kind, int column)
{
	switch (kind->id) {
	case PEN_KIND_CONTRIBUTION:
		return column == PEN_CONTRIBUTION_SEQUENCE || column >= PEN_CONTRIBUTION_FOR_YEAR;
	case PEN_KIND_REGISTRATION:
		return column == PEN_REGISTRATION_STATUS || column == PEN_REGISTRATION_BASIS;
	case PEN_KIND_EMPLOYER:
		return column >= PEN_EMPLOYER_UNIT_NUMBER;
	case PEN_KIND_RETIREMENT:
		return column == PEN_RETIREMENT_WORKED_ON || column == PEN_RETIREMENT_BENEFIT_FROM ||
		    column >= PEN_RETIREMENT_PAID_MONTHS;
	case PEN_KIND_OPENING:
		return column >= PEN_OPENING_PAID_MONTHS;
	default:
		return false;
	}
}

static enum pen_status check_whole(const struct pen_amended *record, struct pen_error *error)
{
	int i;

	for (i = PEN_LINE + 1; i < record->kind->count; i++) {
		if (record->new.v[i].type != PEN_NULL || may_lack(record->kind, i))
			continue;
		pen_error__set(error, PEN_INPUT, "amend.value",
		    _("found nothing, expected a value: a record has to be told whole"));
		return pen_error__at(error, NULL, 0, record->kind->columns[i].title);
	}
	return PEN_OK;
}

static bool changes(const struct pen_amended *record)
{
	int i;

	for (i = PEN_LINE + 1; i < record->kind->count; i++)
		if (!record->old.kind || !pen_value__equal(&record->old.v[i], &record->new.v[i]))
			return true;
	return false;
}

enum pen_status pen_follow__record(struct pen_amended *record, const struct pen_surroundings *around,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (record->kind->id == PEN_KIND_CONTRIBUTION)
		status = follow_contribution(record, around, error);
	else if (record->kind->id == PEN_KIND_RETIREMENT && record->old.kind)
		status = follow_retirement(record, error);
	else if (record->kind->id == PEN_KIND_REGISTRATION)
		follow_registration(record);
	if (status == PEN_OK)
		status = check_whole(record, error);
	if (status == PEN_OK && !changes(record))
		status = pen_error__refuse(error, "R5.1", "amend.nothing",
		    _("the record stands so already: a case changes at least one field of each record that it names"));
	return status;
}
