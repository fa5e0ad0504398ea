#include "model/shape_fields.h"
#include "base/error.h"

#include <assert.h>
#include <string.h>

/* A field that a record is made of, and the column under which the row rules
 * name it. The form must have it as this type, where text stands for a name and
 * a choice too; a record can do without one that is not needed. In the order of
 * the enums in the header. */
struct wanted { const char *field, *column; enum pen_field_type type; bool needed; };

static const struct wanted employer_fields[] = {
	{ "credit_code", "credit_code", PEN_FIELD_CREDIT_CODE, true },
	{ "name", "name", PEN_FIELD_TEXT, true },
	{ "area", "area", PEN_FIELD_AREA, true },
	{ "insured_on", "insured_on", PEN_FIELD_DATE, true },
	{ "newly_covered", "newly_covered", PEN_FIELD_CHOICE, false },
	{ "unit_number", "unit_number", PEN_FIELD_TEXT, false },
	{ "pseudo_unit", "pseudo_unit", PEN_FIELD_CHOICE, false },
};

static const struct wanted registration_fields[] = {
	{ "id_number", "id_number", PEN_FIELD_CITIZEN_ID, true },
	{ "name", "name", PEN_FIELD_TEXT, true },
	{ "sex", "sex", PEN_FIELD_CHOICE, true },
	{ "born", "born", PEN_FIELD_DATE, true },
	{ "credit_code", "employer", PEN_FIELD_CREDIT_CODE, true },
	{ "insured_on", "insured_on", PEN_FIELD_DATE, true },
	{ "worked_on", "worked_on", PEN_FIELD_DATE, true },
	{ "category", "payer", PEN_FIELD_CHOICE, true },
	{ "base", "base_fen", PEN_FIELD_MONEY, true },
	{ "basis", "basis", PEN_FIELD_TEXT, false },
	{ "deemed_months", "deemed_months", PEN_FIELD_INTEGER, false },
	{ "id_checked", "id_checked", PEN_FIELD_CHOICE, false },
};

static const struct wanted breakdown_fields[] = {
	{ "year", "year", PEN_FIELD_YEAR, true },
	{ "credit_code", "employer", PEN_FIELD_CREDIT_CODE, true },
	{ "id_number", "person", PEN_FIELD_CITIZEN_ID, true },
	{ "name", "name", PEN_FIELD_TEXT, true },
	{ "base", "base_fen", PEN_FIELD_MONEY, true },
	{ "months", "months", PEN_FIELD_INTEGER, true },
	{ "unit", "unit_fen", PEN_FIELD_MONEY, true },
	{ "personal", "personal_fen", PEN_FIELD_MONEY, true },
	{ "first_month", "first_month", PEN_FIELD_INTEGER, false },
	{ "arrived", "arrived", PEN_FIELD_DATE, false },
	{ "voucher", "voucher", PEN_FIELD_TEXT, false },
	{ "period_from", "period_from", PEN_FIELD_MONTH, false },
	{ "period_to", "period_to", PEN_FIELD_MONTH, false },
	{ "period", "period", PEN_FIELD_PERIOD, false },
	{ "month_list", "month_list", PEN_FIELD_MONTHS, false },
	{ "kind", "kind", PEN_FIELD_CHOICE, false },
	{ "for_year", "for_year", PEN_FIELD_YEAR, false },
};

static const struct wanted levy_fields[] = {
	{ "voucher", "voucher", PEN_FIELD_TEXT, true },
	{ "credit_code", "employer", PEN_FIELD_CREDIT_CODE, true },
	{ "year", "year", PEN_FIELD_YEAR, true },
	{ "paid_on", "paid_on", PEN_FIELD_DATE, true },
	{ "amount", "amount_fen", PEN_FIELD_MONEY, true },
	{ "voucher_kind", "voucher_kind", PEN_FIELD_CHOICE, true },
	{ "insurance", "insurance", PEN_FIELD_TEXT, false },
	{ "late_fee", "late_fee_fen", PEN_FIELD_MONEY, false },
	{ "refund", "refund", PEN_FIELD_CHOICE, false },
};

static const struct wanted opening_fields[] = {
	{ "id_number", "person", PEN_FIELD_CITIZEN_ID, true },
	{ "name", "name", PEN_FIELD_TEXT, true },
	{ "year", "year", PEN_FIELD_YEAR, true },
	{ "personal_principal", "personal_principal_fen", PEN_FIELD_MONEY, true },
	{ "personal_interest", "personal_interest_fen", PEN_FIELD_MONEY, false },
	{ "unit_principal", "unit_principal_fen", PEN_FIELD_MONEY, false },
	{ "unit_interest", "unit_interest_fen", PEN_FIELD_MONEY, false },
	{ "paid_months", "paid_months", PEN_FIELD_INTEGER, false },
	{ "wage_index", "wage_index", PEN_FIELD_TEXT, false },
};

#define BENEFIT \
	{ "benefit_from", "benefit_from", PEN_FIELD_MONTH, false }, \
	{ "paid_months", "paid_months", PEN_FIELD_INTEGER, false }, \
	{ "deemed_months", "deemed_months", PEN_FIELD_INTEGER, false }, \
	{ "basic", "basic_fen", PEN_FIELD_MONEY, false }, \
	{ "account", "account_fen", PEN_FIELD_MONEY, false }, \
	{ "transitional", "transitional_fen", PEN_FIELD_MONEY, false }, \
	{ "extra", "extra_fen", PEN_FIELD_MONEY, false }, \
	{ "pension", "pension_fen", PEN_FIELD_MONEY, false }

static const struct wanted retirement_fields[] = {
	{ "id_number", "id_number", PEN_FIELD_CITIZEN_ID, true },
	{ "name", "name", PEN_FIELD_TEXT, true },
	{ "sex", "sex", PEN_FIELD_CHOICE, true },
	{ "born", "born", PEN_FIELD_DATE, true },
	{ "credit_code", "employer", PEN_FIELD_CREDIT_CODE, true },
	{ "worked_on", "worked_on", PEN_FIELD_DATE, false },
	{ "retired_on", "retired_on", PEN_FIELD_DATE, true },
	{ "basis", "basis", PEN_FIELD_CHOICE, true },
	BENEFIT,
};

static const struct wanted supplement_fields[] = {
	{ "id_number", "id_number", PEN_FIELD_CITIZEN_ID, true },
	{ "name", "name", PEN_FIELD_TEXT, true },
	{ "credit_code", "employer", PEN_FIELD_CREDIT_CODE, false },
	BENEFIT,
};

static const struct wanted movement_fields[] = {
	{ "id_number", "person", PEN_FIELD_CITIZEN_ID, true },
	{ "name", "name", PEN_FIELD_TEXT, true },
	{ "kind", "kind", PEN_FIELD_CHOICE, true },
	{ "month", "month", PEN_FIELD_MONTH, true },
	{ "credit_code", "employer", PEN_FIELD_CREDIT_CODE, true },
	{ "to_credit_code", "to_employer", PEN_FIELD_CREDIT_CODE, false },
	{ "reason", "reason", PEN_FIELD_CHOICE, false },
	{ "base", "base_fen", PEN_FIELD_MONEY, false },
};

static const struct wanted successor_fields[] = {
	{ "credit_code", "employer", PEN_FIELD_CREDIT_CODE, true },
	{ "name", "name", PEN_FIELD_TEXT, false },
	{ "successor_code", "successor", PEN_FIELD_CREDIT_CODE, true },
	{ "successor_name", "successor_name", PEN_FIELD_TEXT, false },
	{ "since", "since", PEN_FIELD_DATE, true },
};

#define FIELDS(array) { array, sizeof(array) / sizeof((array)[0]) }
static const struct { const struct wanted *wanted; int count; } tables[PEN_SHAPES] = {
	[PEN_KIND_EMPLOYER] = FIELDS(employer_fields),
	[PEN_KIND_REGISTRATION] = FIELDS(registration_fields),
	[PEN_KIND_CONTRIBUTION] = FIELDS(breakdown_fields),
	[PEN_KIND_LEVY] = FIELDS(levy_fields),
	[PEN_KIND_OPENING] = FIELDS(opening_fields),
	[PEN_KIND_RETIREMENT] = FIELDS(retirement_fields),
	[PEN_KIND_CHANGE] = FIELDS(movement_fields),
	[PEN_KIND_SUCCESSION] = FIELDS(successor_fields),
	[PEN_SHAPE_SUPPLEMENT] = FIELDS(supplement_fields),
};

int pen_shape_fields__of(const struct pen_form *form)
{
	return form->supplement && form->kind->id == PEN_KIND_RETIREMENT ? PEN_SHAPE_SUPPLEMENT : (int)form->kind->id;
}

static bool type_fits(enum pen_field_type wanted, enum pen_field_type type)
{
	return type == wanted ||
	    (wanted == PEN_FIELD_TEXT && (type == PEN_FIELD_NAME || type == PEN_FIELD_CHOICE));
}

enum pen_status pen_shape_fields__find(const struct pen_form *form, int at[PEN_SHAPE_FIELDS_MOST],
    struct pen_error *error)
{
	const struct wanted *wanted;
	int shape = form->kind ? pen_shape_fields__of(form) : 0, i;

	if (!form->kind || !tables[shape].wanted)
		return pen_error__set(error, PEN_INPUT, "form.record",
		    _("form %s makes no records out of a file; \"pen-import forms\" lists those that do"), form->name);
	assert(tables[shape].count <= PEN_SHAPE_FIELDS_MOST);
	for (i = 0; i < tables[shape].count; i++) {
		wanted = &tables[shape].wanted[i];
		at[i] = pen_form__field(form, wanted->field);
		if (at[i] < 0 && wanted->needed)
			return pen_error__set(error, PEN_INPUT, "form.field",
			    _("form %s has no field \"%s\", which records of kind %s need; add it to the form's schema"),
			    form->name, wanted->field, form->kind->name);
		if (at[i] >= 0 && !type_fits(wanted->type, form->fields[at[i]].type))
			return pen_error__set(error, PEN_INPUT, "form.type",
			    _("field \"%s\" of form %s is of another type than records of kind %s need; take the type from the form as it was shipped"),
			    wanted->field, form->name, form->kind->name);
	}
	return PEN_OK;
}

const char *pen_shape_fields__name(int shape, int field)
{
	assert(field < tables[shape].count);
	return tables[shape].wanted[field].field;
}

const char *pen_shape_fields__of_column(int shape, const char *column)
{
	int i;

	for (i = 0; i < tables[shape].count; i++) {
		if (strcmp(tables[shape].wanted[i].column, column) == 0)
			return tables[shape].wanted[i].field;
	}
	return column;
}
