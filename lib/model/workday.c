#include "model/workday.h"

#include "base/date.h"

#include <stdlib.h>

/* Whether the list of a parameter names a number; false where there is no list. */
static bool names(const struct pen_parameter *parameter, long number)
{
	const char *s = parameter ? parameter->text : "";
	char *end;

	while (*s) {
		if (strtol(s, &end, 10) == number)
			return true;
		s = *end ? end + 1 : end;
	}
	return false;
}

/* 1 is Monday; the first of January 1970 was a Thursday. */
static long weekday(int32_t date)
{
	return (long)((pen_date__days(date) % 7 + 7 + 3) % 7 + 1);
}

bool pen_workday__is(const struct pen_parameters *parameters, const char *area, const char *category, int32_t date)
{
	const int32_t month = date / 100;
	const struct pen_parameter *week = pen_parameter__find(parameters, PEN_WORKDAY_WEEK, area, category, month);

	if (names(pen_parameter__find(parameters, PEN_WORKDAY_ON, area, category, month), date % 100))
		return true;
	if (names(pen_parameter__find(parameters, PEN_WORKDAY_OFF, area, category, month), date % 100))
		return false;
	return week ? names(week, weekday(date)) : weekday(date) <= 5;
}
