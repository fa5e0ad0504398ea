#include "model/months.h"

#include <stdio.h>

int pen_months__count(int32_t set)
{
	return __builtin_popcount((unsigned)set & PEN_MONTHS_ALL);
}

int32_t pen_months__span(int first, int count)
{
	if (first < 1 || count < 1 || count > 13 - first)
		return 0;
	return ((1 << count) - 1) << (first - 1);
}

int32_t pen_months__lay(int first, int count, int32_t taken)
{
	int32_t run;
	int start;

	/* A start that overruns December gives 0 and is passed over. */
	for (start = first; start >= 1 && start <= 12; start++) {
		run = pen_months__span(start, count);
		if (run && !(run & taken))
			return run;
	}
	/* Nothing from there on: now as late in the year as there is room. */
	for (start = first < 12 ? first - 1 : 12; start >= 1; start--) {
		run = pen_months__span(start, count);
		if (run && !(run & taken))
			return run;
	}
	return 0;
}

int pen_months__weight(int32_t set)
{
	int month, sum = 0;

	for (month = 1; month <= 12; month++) {
		if (set & 1 << (month - 1))
			sum += 13 - month;
	}
	return sum;
}

char *pen_months__format(int32_t set, char out[32])
{
	int first, last;
	size_t n = 0;

	out[0] = '\0';
	/* One run of months after the other; the longest text, "1-2,4-5,7-8,10-11",
	 * is well within the room. */
	for (first = 1; first <= 12; first = last + 1) {
		last = first;
		if (!(set & 1 << (first - 1)))
			continue;
		while (last < 12 && set & 1 << last)
			last++;
		n += (size_t)snprintf(out + n, 32 - n, n ? ",%d" : "%d", first);
		if (last > first)
			n += (size_t)snprintf(out + n, 32 - n, "-%d", last);
	}
	return out;
}
