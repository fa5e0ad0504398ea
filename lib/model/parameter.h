/* Parameters: what changes with year and area, as CSV tables of
 *   name,area,category,valid_from,valid_to,value,unit,source,verified,note
 * valid_from and valid_to are months (YYYY-MM) and inclusive, empty for open;
 * area is GB/T 2260, 000000 for the country; category may be empty. Units:
 * percent (to millionths), yuan (to fen), count, fen, fen/month (to thousandths
 * of a fen), text. pen-forms(5) lists the
 * names. verified is carried on: yes, or what is in doubt. */
#ifndef PEN_MODEL_PARAMETER_H
#define PEN_MODEL_PARAMETER_H

#include "pen.h"

struct pen_parameter {
	const char *name, *area, *category;
	int32_t from, to;		/* months; 0: open */
	int64_t value;			/* millionths, fen or a count; 0 for text */
	const char *text;		/* as it stands in the table */
	const char *unit, *source, *verified;
	const char *table, *digest;	/* it is a row of; digest: NULL until pen_parameter__name_digest */
};

struct pen_parameters;
struct pen_parameters *pen_parameter__new(void);	/* NULL: no memory */
/* Adds a table (UTF-8 CSV). PEN_INPUT with line and column for what cannot be;
 * two rows of one name, area and category that overlap in time are refused.
 * After a failure the parameters are good for nothing but _free. What _find gave
 * before is no longer valid. */
enum pen_status pen_parameter__add(struct pen_parameters *parameters, const char *table_name,
    const char *csv, size_t n, struct pen_error *error);
/* The one in force in `month` for the narrowest area that has any: the agency's
 * own code, its prefecture (330100), its province (330000), the country. Within
 * an area a row of the category goes before one without, which holds for all of
 * them; category may be NULL. NULL if there is none: the caller says so, and does
 * not guess. */
const struct pen_parameter *pen_parameter__find(const struct pen_parameters *parameters,
    const char *name, const char *area, const char *category, int32_t month);
/* The same, where nothing can be done without it. PEN_REFUSED, parameter.missing. */
enum pen_status pen_parameter__need(const struct pen_parameters *parameters, const char *name, const char *area,
    const char *category, int32_t month, const struct pen_parameter **found, struct pen_error *error);
/* The rows of that table must be what their names allow (model/parameter_name): asked when a
 * table is loaded, so that one loaded before a name came into use stays readable.
 * PEN_INPUT, parameter.value, with line and column. */
enum pen_status pen_parameter__check(const struct pen_parameters *parameters, const char *table_name,
    struct pen_error *error);
/* A text that is one of a few words (NULL at their end): which. PEN_REFUSED,
 * parameter.missing, or parameter.value: it is none of them. */
enum pen_status pen_parameter__choose(const struct pen_parameters *parameters, const char *name, const char *area,
    int32_t month, const char *const *words, const struct pen_parameter **found, int *which, struct pen_error *error);
/* The digest under which the text of a table is kept: each of its rows names it from then
 * on. False: no memory. */
bool pen_parameter__name_digest(struct pen_parameters *parameters, const char *table_name, const char *digest);
void pen_parameter__free(struct pen_parameters *parameters);

/* Names in use. */
#define PEN_RATE_UNIT "contribution.unit"		/* by category employee, flexible */
#define PEN_RATE_PERSONAL "contribution.personal"	/* likewise */
#define PEN_BASE_FLOOR "base.floor"
#define PEN_BASE_CAP "base.cap"
#define PEN_SHARE_TOLERANCE "share.tolerance"		/* fen/month, three decimals: thousandths of a fen */
#define PEN_ACCOUNT_INTEREST "account.interest"
#define PEN_ACCOUNT_PROVISIONAL "account.interest-provisional"	/* until that of a year is published */
#define PEN_DEEMED_UNTIL "deemed.until"			/* text: the last month, YYYY-MM, that can be deemed */
#define PEN_CREDIT_MONTH "account.credit-month"		/* text: period or arrival */
/* Retirement: ages and delays in months, by category male60, female55, female50. */
#define PEN_RETIRE_AGE "retirement.age"
#define PEN_RETIRE_DELAY_FROM "retirement.delay-from"	/* of birth, yyyymm: the first month delayed */
#define PEN_RETIRE_DELAY_STEP "retirement.delay-step"	/* months of birth that share one month of delay */
#define PEN_RETIRE_DELAY_MOST "retirement.delay-most"
#define PEN_RETIRE_FLEXIBLE "retirement.flexible"	/* early or late, at most; of no category */
#define PEN_RETIRE_SPECIAL "retirement.special"
#define PEN_RETIRE_MINIMUM "retirement.minimum"		/* contribution months */
#define PEN_RETIRE_MINIMUM_YEAR "retirement.minimum-year"	/* text: statutory or chosen */
#define PEN_DIVISOR "divisor"				/* months, by category: whole years of age */
#define PEN_DIVISOR_MONTHS "divisor.months"		/* text: linear or whole */
/* Benefits: see model/pension. */
#define PEN_WAGE_BASE "wage.base"			/* a month, of the year of retirement; by category 1, 2 */
#define PEN_WAGE_BASE_PROVISIONAL "wage.base-provisional"	/* likewise, until that of the year is published */
#define PEN_WAGE_AVERAGE "wage.average"			/* a month, of a year, for the index */
#define PEN_INDEX_GAPS "index.gaps"			/* text: paid or zero */
#define PEN_INDEX_DECIMALS "index.decimals"
#define PEN_INDEX_WAGE "index.wage"			/* text: fen or exact */
#define PEN_YEARS_ROUNDING "years.rounding"		/* text: hundredths or exact */
#define PEN_BENEFIT_ROUNDING "benefit.rounding"		/* text: fen or jiao */
#define PEN_TRANSITIONAL "transitional.method"
#define PEN_TRANSITIONAL_RATE "transitional.rate"	/* a year; by category: with more paid years than that */
#define PEN_TRANSITIONAL_UNTIL "transitional.until"	/* text: months paid for up to it, YYYY-MM, count like deemed ones */
#define PEN_EXTRA "extra.method"
#define PEN_EXTRA_RATE "extra.rate"			/* a year; by category: beyond so many years */
#define PEN_EXTRA_PAID "extra.paid-months"		/* more than that have to be paid, not deemed */
#define PEN_CONSOLATION_MONTH "consolation.income"	/* a month, of a year, as published */
#define PEN_CONSOLATION_YEAR "consolation.income-year"	/* of a year, not rounded to months first */
/* Texts, numbers with blanks between them; by category network, inspect. */
#define PEN_WORKDAY "workday."
#define PEN_WORKDAY_WEEK "workday.week"			/* days of the week, 1 is Monday */
#define PEN_WORKDAY_OFF "workday.off"			/* days of the month that are not worked */
#define PEN_WORKDAY_ON "workday.on"			/* and that are, in their place */

#endif
