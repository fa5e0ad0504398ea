#include "model/rule_main.h"
#include "base/error.h"
#include "model/rule_benefit.h"
#include "model/rule_check.h"

#define COLUMNS 9

/* By kind: the rule, and the columns (a list ending in 0, which is no main field).
 * `nought`: a 0 says something there, and only null is empty. */
static const struct main_fields { const char *rule; bool nought; int column[COLUMNS]; } fields[PEN_KINDS] = {
	[PEN_KIND_EMPLOYER] = { "main.base", false, { PEN_EMPLOYER_CREDIT_CODE, PEN_EMPLOYER_NAME, PEN_EMPLOYER_AREA,
	    PEN_EMPLOYER_INSURED_ON } },
	[PEN_KIND_REGISTRATION] = { "main.base", false, { PEN_REGISTRATION_ID_NUMBER, PEN_REGISTRATION_NAME,
	    PEN_REGISTRATION_SEX, PEN_REGISTRATION_BORN, PEN_REGISTRATION_INSURED_ON, PEN_REGISTRATION_WORKED_ON,
	    PEN_REGISTRATION_PAYER, PEN_REGISTRATION_BASE } },
	[PEN_KIND_CHANGE] = { "main.base", false, { PEN_CHANGE_KIND, PEN_CHANGE_MONTH, PEN_CHANGE_SINCE } },
	[PEN_KIND_SUCCESSION] = { "main.base", false, { PEN_SUCCESSION_SUCCESSOR, PEN_SUCCESSION_SINCE } },
	[PEN_KIND_CONTRIBUTION] = { "main.account", false, { PEN_CONTRIBUTION_KIND, PEN_CONTRIBUTION_BASE,
	    PEN_CONTRIBUTION_MONTHS } },
	[PEN_KIND_LEVY] = { "main.account", false, { PEN_LEVY_VOUCHER, PEN_LEVY_YEAR, PEN_LEVY_PAID_ON,
	    PEN_LEVY_VOUCHER_KIND, PEN_LEVY_INSURANCE } },
	[PEN_KIND_OPENING] = { "main.account", false, { PEN_OPENING_YEAR } },
	[PEN_KIND_MOVEMENT] = { "main.account", false, { PEN_MOVEMENT_YEAR, PEN_MOVEMENT_KIND } },
	[PEN_KIND_RETIREMENT] = { "main.benefit", true, { PEN_RETIREMENT_BENEFIT_FROM, PEN_RETIREMENT_PAID_MONTHS,
	    PEN_RETIREMENT_DEEMED_MONTHS, PEN_RETIREMENT_BASIC, PEN_RETIREMENT_ACCOUNT, PEN_RETIREMENT_PENSION } },
};

static bool is_empty(const struct pen_value *value, bool nought)
{
	switch (value->type) {
	case PEN_NULL:
		return true;
	case PEN_STRING:
		return value->n == 0;
	default:
		return !nought && value->i == 0;
	}
}

void pen_rule_main__row(const struct pen_row *row, struct pen_surroundings *around, struct pen_findings *findings)
{
	const struct main_fields *main = &fields[row->kind->id];
	const int *column;

	/* What is paid back, or in arrears, has not always a base. */
	for (column = main->column; *column; column++) {
		if (!is_empty(&row->v[*column], main->nought))
			continue;
		if (row->kind->id == PEN_KIND_CONTRIBUTION && *column == PEN_CONTRIBUTION_BASE &&
		    row->v[PEN_CONTRIBUTION_KIND].i != PEN_NORMAL)
			continue;
		pen_rule_check__add(findings, main->rule, pen_rule_check__column(row, *column), _("nothing"), _("a main field filled in"));
	}
	if (row->kind->id == PEN_KIND_REGISTRATION)
		pen_rule_benefit__deemed_late(row, around, findings);
}
