/* The fields that the records brought in by a file are made of, and where a form
 * has them. An agency may have edited a form, so this is looked at. */
#ifndef PEN_MODEL_SHAPE_FIELDS_H
#define PEN_MODEL_SHAPE_FIELDS_H

#include "model/form.h"

enum { EMPLOYER_CODE, EMPLOYER_NAME, EMPLOYER_AREA, EMPLOYER_INSURED_ON, EMPLOYER_NEWLY_COVERED,
	EMPLOYER_UNIT_NUMBER };
enum { REGISTRATION_ID, REGISTRATION_NAME, REGISTRATION_SEX, REGISTRATION_BORN, REGISTRATION_CODE,
	REGISTRATION_INSURED_ON, REGISTRATION_WORKED_ON, REGISTRATION_CATEGORY, REGISTRATION_BASE,
	REGISTRATION_BASIS, REGISTRATION_DEEMED, REGISTRATION_CHECKED };
enum { BREAKDOWN_YEAR, BREAKDOWN_CODE, BREAKDOWN_ID, BREAKDOWN_NAME, BREAKDOWN_BASE, BREAKDOWN_MONTHS,
	BREAKDOWN_UNIT, BREAKDOWN_PERSONAL, BREAKDOWN_FIRST, BREAKDOWN_ARRIVED, BREAKDOWN_VOUCHER };
enum { LEVY_VOUCHER, LEVY_CODE, LEVY_YEAR, LEVY_PAID_ON, LEVY_AMOUNT, LEVY_KIND, LEVY_INSURANCE,
	LEVY_LATE_FEE, LEVY_REFUND };
enum { OPENING_ID, OPENING_NAME, OPENING_YEAR, OPENING_PARTS };
#define PEN_SHAPE_FIELDS_MOST 12

/* For each field of the form's kind, in the order above, its place in the form,
 * or -1. PEN_INPUT: form.record, form.field, form.type, as pen_shape__open says. */
enum pen_status pen_shape_fields__find(const struct pen_form *form, int at[PEN_SHAPE_FIELDS_MOST],
    struct pen_error *error);

const char *pen_shape_fields__name(enum pen_kind_id kind, int field);
/* The field that a column of the store comes from; the column itself if none does. */
const char *pen_shape_fields__of_column(enum pen_kind_id kind, const char *column);

#endif
