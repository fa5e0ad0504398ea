/* The record kinds: for each the columns of its table but for folio, in the
 * order of the table. Storing, reading, comparing and leaf-making go by this. */
#ifndef PEN_MODEL_KIND_H
#define PEN_MODEL_KIND_H

#include "base/value.h"

enum pen_kind_id {
	PEN_KIND_EMPLOYER, PEN_KIND_REGISTRATION, PEN_KIND_CONTRIBUTION,
	PEN_KIND_LEVY, PEN_KIND_OPENING, PEN_KIND_MOVEMENT,
	PEN_KIND_RETIREMENT, PEN_KIND_CHANGE, PEN_KIND_SUCCESSION, PEN_KIND_ADJUSTMENT,
	PEN_KIND_BENEFIT_CHANGE, PEN_KIND_PAYMENT, PEN_KIND_PAYMENT_RETURN, PEN_KINDS
};

enum pen_column_type {
	PEN_COLUMN_NUMBER, PEN_COLUMN_FEN, PEN_COLUMN_DATE, PEN_COLUMN_YEAR,
	PEN_COLUMN_TEXT, PEN_COLUMN_FLAG, PEN_COLUMN_RATE,
	PEN_COLUMN_MONTHS,	/* a set of a year's */
	PEN_COLUMN_MONTH,	/* yyyymm */
	PEN_COLUMN_EMPLOYER	/* the number of one, beside the subject */
};

struct pen_column {
	const char *name;	/* in the table, in leaves, in JSON */
	const char *title;	/* the Chinese term */
	enum pen_column_type type;
};

#define PEN_COLUMNS_MOST 24

/* Invariant: column 0 is the subject (person or employer number), column 1 the
 * line; with the folio before them they are the primary key. */
struct pen_kind {
	enum pen_kind_id id;
	const char *name;	/* "contribution" */
	const char *table;
	const char *title;
	bool of_people;		/* the subject is a person */
	int unit, personal;	/* columns summed as a folio's unit_fen and personal_fen, or -1 */
	int count;
	struct pen_column columns[PEN_COLUMNS_MOST];
};

struct pen_row { const struct pen_kind *kind; struct pen_value v[PEN_COLUMNS_MOST]; };

const struct pen_kind *pen_kind__of(enum pen_kind_id id);
const struct pen_kind *pen_kind__named(const char *name);	/* NULL: none */

/* Columns by name, for the code that knows a kind. */
enum { PEN_SUBJECT = 0, PEN_LINE = 1 };
enum pen_employer_column {
	PEN_EMPLOYER_CREDIT_CODE = 2, PEN_EMPLOYER_NAME, PEN_EMPLOYER_AREA, PEN_EMPLOYER_INSURED_ON,
	PEN_EMPLOYER_NEWLY_COVERED, PEN_EMPLOYER_UNIT_NUMBER, PEN_EMPLOYER_PSEUDO_UNIT
};
enum pen_registration_column {
	PEN_REGISTRATION_ID_NUMBER = 2, PEN_REGISTRATION_NAME, PEN_REGISTRATION_SEX,
	PEN_REGISTRATION_BORN, PEN_REGISTRATION_INSURED_ON, PEN_REGISTRATION_WORKED_ON,
	PEN_REGISTRATION_STATUS, PEN_REGISTRATION_PAYER, PEN_REGISTRATION_BASE,
	PEN_REGISTRATION_BASIS, PEN_REGISTRATION_DEEMED_MONTHS
};
enum pen_contribution_column {
	PEN_CONTRIBUTION_SEQUENCE = 2, PEN_CONTRIBUTION_KIND, PEN_CONTRIBUTION_BASE,
	PEN_CONTRIBUTION_MONTHS, PEN_CONTRIBUTION_MONTHS_ASSUMED, PEN_CONTRIBUTION_UNIT,
	PEN_CONTRIBUTION_PERSONAL, PEN_CONTRIBUTION_FOR_YEAR, PEN_CONTRIBUTION_ARRIVED,
	PEN_CONTRIBUTION_VOUCHER
};
enum pen_contribution_kind { PEN_NORMAL = 1, PEN_ARREARS, PEN_ADJUSTMENT, PEN_REFUND };
enum pen_levy_column {
	PEN_LEVY_VOUCHER = 2, PEN_LEVY_YEAR, PEN_LEVY_PAID_ON, PEN_LEVY_AMOUNT, PEN_LEVY_VOUCHER_KIND,
	PEN_LEVY_INSURANCE, PEN_LEVY_LATE_FEE, PEN_LEVY_REFUND
};
#define PEN_INSURANCE_PENSION "pension"
enum pen_opening_column {
	PEN_OPENING_YEAR = 2, PEN_OPENING_PERSONAL_PRINCIPAL, PEN_OPENING_PERSONAL_INTEREST,
	PEN_OPENING_UNIT_PRINCIPAL, PEN_OPENING_UNIT_INTEREST
};
enum pen_movement_column {
	PEN_MOVEMENT_YEAR = 2, PEN_MOVEMENT_KIND, PEN_MOVEMENT_PERSONAL_PRINCIPAL,
	PEN_MOVEMENT_PERSONAL_INTEREST, PEN_MOVEMENT_UNIT_PRINCIPAL, PEN_MOVEMENT_UNIT_INTEREST,
	PEN_MOVEMENT_MONTHS, PEN_MOVEMENT_RATE, PEN_MOVEMENT_SOURCE
};
/* Up to the birth date as in a registration, so that the same rules look at them. */
enum pen_retirement_column {
	PEN_RETIREMENT_ID_NUMBER = PEN_REGISTRATION_ID_NUMBER, PEN_RETIREMENT_NAME, PEN_RETIREMENT_SEX,
	PEN_RETIREMENT_BORN, PEN_RETIREMENT_WORKED_ON, PEN_RETIREMENT_RETIRED_ON,
	PEN_RETIREMENT_BENEFIT_FROM, PEN_RETIREMENT_BASIS, PEN_RETIREMENT_PAID_MONTHS,
	PEN_RETIREMENT_DEEMED_MONTHS, PEN_RETIREMENT_BASIC, PEN_RETIREMENT_ACCOUNT,
	PEN_RETIREMENT_TRANSITIONAL, PEN_RETIREMENT_EXTRA, PEN_RETIREMENT_PENSION
};
/* Changes of who works where: form movement, kind employment-change. */
enum pen_change_column {
	PEN_CHANGE_KIND = 2, PEN_CHANGE_MONTH, PEN_CHANGE_SINCE, PEN_CHANGE_TO, PEN_CHANGE_REASON,
	PEN_CHANGE_BASE
};
enum pen_succession_column {
	PEN_SUCCESSION_NAME = 2, PEN_SUCCESSION_SUCCESSOR, PEN_SUCCESSION_SUCCESSOR_NAME,
	PEN_SUCCESSION_SINCE
};

/* What a scheme adds to somebody's pension. */
enum pen_adjustment_column {
	PEN_ADJUSTMENT_EFFECTIVE = 2, PEN_ADJUSTMENT_BEFORE, PEN_ADJUSTMENT_FIXED, PEN_ADJUSTMENT_YEARS,
	PEN_ADJUSTMENT_LEVEL, PEN_ADJUSTMENT_TILT, PEN_ADJUSTMENT_INCREASE, PEN_ADJUSTMENT_AFTER
};

/* What stops, resumes or ends a benefit; the roll of a month; what the bank says to it. */
enum pen_benefit_change_column {
	PEN_BENEFIT_CHANGE_KIND = 2, PEN_BENEFIT_CHANGE_REASON, PEN_BENEFIT_CHANGE_MONTH, PEN_BENEFIT_CHANGE_HAPPENED_ON,
	PEN_BENEFIT_CHANGE_AMOUNT, PEN_BENEFIT_CHANGE_FUNERAL, PEN_BENEFIT_CHANGE_CONSOLATION, PEN_BENEFIT_CHANGE_BALANCE,
	PEN_BENEFIT_CHANGE_NOTE, PEN_BENEFIT_CHANGE_PAPER
};
enum pen_payment_column {
	PEN_PAYMENT_MONTH = 2, PEN_PAYMENT_CHANGE, PEN_PAYMENT_SINCE, PEN_PAYMENT_BASIC, PEN_PAYMENT_ACCOUNT,
	PEN_PAYMENT_TRANSITIONAL, PEN_PAYMENT_EXTRA, PEN_PAYMENT_ADJUSTMENT, PEN_PAYMENT_ARREARS, PEN_PAYMENT_RECOVERED,
	PEN_PAYMENT_ONCE, PEN_PAYMENT_AMOUNT, PEN_PAYMENT_ONCE_TOTAL, PEN_PAYMENT_DUE_TOTAL, PEN_PAYMENT_PAID_TOTAL,
	PEN_PAYMENT_OVERPAID
};
enum pen_payment_return_column {
	PEN_PAYMENT_RETURN_FOLIO = 2, PEN_PAYMENT_RETURN_LINE, PEN_PAYMENT_RETURN_RESULT, PEN_PAYMENT_RETURN_AMOUNT,
	PEN_PAYMENT_RETURN_TOLD_ON, PEN_PAYMENT_RETURN_REASON
};

/* A value as a person reads it (money in yuan, dates ISO). out holds `room`. */
char *pen_kind__show(const struct pen_kind *kind, int column, const struct pen_value *value,
    char *out, size_t room);

#endif
