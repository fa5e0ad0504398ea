/* The fields that the records brought in by a file are made of, and where a form
 * has them. An agency may have edited a form, so this is looked at. */
#ifndef PEN_MODEL_SHAPE_FIELDS_H
#define PEN_MODEL_SHAPE_FIELDS_H

#include "model/form.h"

enum { EMPLOYER_CODE, EMPLOYER_NAME, EMPLOYER_AREA, EMPLOYER_INSURED_ON, EMPLOYER_NEWLY_COVERED,
	EMPLOYER_UNIT_NUMBER, EMPLOYER_PSEUDO_UNIT };
enum { REGISTRATION_ID, REGISTRATION_NAME, REGISTRATION_SEX, REGISTRATION_BORN, REGISTRATION_CODE,
	REGISTRATION_INSURED_ON, REGISTRATION_WORKED_ON, REGISTRATION_CATEGORY, REGISTRATION_BASE,
	REGISTRATION_BASIS, REGISTRATION_DEEMED, REGISTRATION_CHECKED };
enum { BREAKDOWN_YEAR, BREAKDOWN_CODE, BREAKDOWN_ID, BREAKDOWN_NAME, BREAKDOWN_BASE, BREAKDOWN_MONTHS,
	BREAKDOWN_UNIT, BREAKDOWN_PERSONAL, BREAKDOWN_FIRST, BREAKDOWN_ARRIVED, BREAKDOWN_VOUCHER,
	BREAKDOWN_FROM, BREAKDOWN_TO, BREAKDOWN_PERIOD, BREAKDOWN_LIST, BREAKDOWN_KIND, BREAKDOWN_FOR_YEAR };
enum { LEVY_VOUCHER, LEVY_CODE, LEVY_YEAR, LEVY_PAID_ON, LEVY_AMOUNT, LEVY_KIND, LEVY_INSURANCE,
	LEVY_LATE_FEE, LEVY_REFUND };
enum { OPENING_ID, OPENING_NAME, OPENING_YEAR, OPENING_PARTS };
enum { RETIREMENT_ID, RETIREMENT_NAME, RETIREMENT_SEX, RETIREMENT_BORN, RETIREMENT_CODE, RETIREMENT_WORKED_ON,
	RETIREMENT_RETIRED_ON, RETIREMENT_BASIS, RETIREMENT_BENEFIT };
enum { SUPPLEMENT_ID, SUPPLEMENT_NAME, SUPPLEMENT_CODE, SUPPLEMENT_BENEFIT };
#define BENEFIT_FIELDS 8	/* from _BENEFIT on */
enum { MOVEMENT_ID, MOVEMENT_NAME, MOVEMENT_KIND, MOVEMENT_MONTH, MOVEMENT_CODE, MOVEMENT_TO, MOVEMENT_REASON,
	MOVEMENT_BASE };
enum { SUCCESSOR_OLD, SUCCESSOR_OLD_NAME, SUCCESSOR_NEW, SUCCESSOR_NEW_NAME, SUCCESSOR_SINCE };
#define PEN_SHAPE_FIELDS_MOST 18

/* How a form's rows are shaped: by its kind, but for a supplement. */
enum { PEN_SHAPE_SUPPLEMENT = PEN_KINDS, PEN_SHAPES };
int pen_shape_fields__of(const struct pen_form *form);

/* For each field of the form's shape, in the order above, its place in the form,
 * or -1. PEN_INPUT: form.record, form.field, form.type, as pen_shape__open says. */
enum pen_status pen_shape_fields__find(const struct pen_form *form, int at[PEN_SHAPE_FIELDS_MOST],
    struct pen_error *error);

const char *pen_shape_fields__name(int shape, int field);
/* The field that a column of the store comes from; the column itself if none does. */
const char *pen_shape_fields__of_column(int shape, const char *column);

#endif
