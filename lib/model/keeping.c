#include "model/keeping.h"
#include "base/date.h"

/* The day, week or month of a date, as a number that grows with it. */
static int64_t period_of(int32_t date, unsigned reason)
{
	/* 1970-01-01 was a Thursday: three days after a Monday. */
	return reason == PEN_KEEP_MONTHLY ? date / 100 : reason == PEN_KEEP_WEEKLY ? (pen_date__days(date) + 3 + 7 * 10000) / 7 : date;
}

static void keep_newest(const int32_t *dates, size_t count, int64_t most, unsigned reason, unsigned *why)
{
	int64_t kept = 0, last = 0, period;
	size_t i;

	for (i = count; i > 0 && kept < most; i--) {
		period = period_of(dates[i - 1], reason);
		if (kept && period == last)
			continue;
		why[i - 1] |= reason;
		last = period;
		kept++;
	}
}

void pen_keeping__choose(const struct pen_keeping *keeping, const int32_t *dates, size_t count, unsigned *why)
{
	size_t i;

	for (i = 0; i < count; i++)
		why[i] = 0;
	keep_newest(dates, count, keeping->daily, PEN_KEEP_DAILY, why);
	keep_newest(dates, count, keeping->weekly, PEN_KEEP_WEEKLY, why);
	keep_newest(dates, count, keeping->monthly, PEN_KEEP_MONTHLY, why);
}
