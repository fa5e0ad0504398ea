#include "model/divisor.h"
#include "base/error.h"
#include "base/money.h"

#include <string.h>

static const struct pen_parameter *of_year(const struct pen_parameters *parameters, const char *area, int years, int32_t month)
{
	char category[16];

	snprintf(category, sizeof(category), "%d", years);
	return pen_parameter__find(parameters, PEN_DIVISOR, area, category, month);
}

static enum pen_status beyond(int age_months, struct pen_error *error)
{
	return pen_error__refuse(error, "R4.3.1b", "divisor.age",
	    _("an age of %d years and %d months lies beyond the table of divisors (parameter %s): compare birth date and month of retirement, or load the table with pen-admin param load"),
	    age_months / 12, age_months % 12, PEN_DIVISOR);
}

enum pen_status pen_divisor__of(const struct pen_parameters *parameters, const char *area, int age_months, int32_t retired,
    int64_t *tenths, struct pen_error *error)
{
	const struct pen_parameter *way = pen_parameter__find(parameters, PEN_DIVISOR_MONTHS, area, NULL, retired);
	const struct pen_parameter *low, *high;
	int months = age_months % 12;

	if (age_months <= 0)
		return beyond(0, error);
	low = of_year(parameters, area, age_months / 12, retired);
	if (!low)
		return beyond(age_months, error);
	*tenths = low->value * 10;
	if (!months || !way || strcmp(way->text, "linear") != 0)
		return PEN_OK;
	high = of_year(parameters, area, age_months / 12 + 1, retired);
	if (!high)
		return beyond(age_months, error);
	/* Rounded once, as a whole: the fall from year to year is negative. */
	if (!pen_money__scale(low->value * (12 - months) + high->value * months, 10, 12, tenths))
		return beyond(age_months, error);
	return PEN_OK;
}
