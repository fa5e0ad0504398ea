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

static void trace_it(struct pen_trace *trace, const struct pen_parameter *low, const struct pen_parameter *high, int months, int64_t tenths)
{
	char with[96], value[32];

	snprintf(with, sizeof(with), "(%lld * %d + %lld * %d) / 12", (long long)low->value, 12 - months, (long long)high->value, months);
	pen_trace__formula(trace, "divisor", "months of the whole years, linear to those of the next", with,
	    "half up, 1 decimal", pen_trace__decimal(tenths, 1, value));
}

enum pen_status pen_divisor__of(const struct pen_parameters *parameters, const char *area, int age_months, int32_t retired,
    struct pen_trace *trace, int64_t *tenths, struct pen_error *error)
{
	static const char *const ways[] = { "whole", "linear", NULL };
	const struct pen_parameter *way, *low, *high;
	int months = age_months % 12, linear;

	if (age_months <= 0)
		return beyond(0, error);
	if (pen_parameter__choose(parameters, PEN_DIVISOR_MONTHS, area, retired, ways, &way, &linear, error) != PEN_OK)
		return error->status;
	low = of_year(parameters, area, age_months / 12, retired);
	if (!low)
		return beyond(age_months, error);
	*tenths = low->value * 10;
	if (trace) {
		pen_trace__parameter(trace, way, retired);
		pen_trace__parameter(trace, low, retired);
	}
	if (!months || !linear)
		return PEN_OK;
	high = of_year(parameters, area, age_months / 12 + 1, retired);
	if (!high)
		return beyond(age_months, error);
	/* Rounded once, as a whole: the fall from year to year is negative. */
	if (!pen_money__scale(low->value * (12 - months) + high->value * months, 10, 12, tenths))
		return beyond(age_months, error);
	if (!trace)
		return PEN_OK;
	pen_trace__parameter(trace, high, retired);
	trace_it(trace, low, high, months, *tenths);
	return PEN_OK;
}
