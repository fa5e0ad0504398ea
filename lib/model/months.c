#include "model/months.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

/* ---- reading ---- */

struct slice { const char *s; size_t n; };

/* Takes one of the marks, or none; spaces around it too. */
static bool mark(struct slice *in, const char *const *marks)
{
	bool found = false;

	for (;;) {
		const char *const *m = marks;

		while (in->n && *in->s == ' ')
			in->s++, in->n--;
		while (*m && (in->n < strlen(*m) || memcmp(in->s, *m, strlen(*m)) != 0))
			m++;
		if (!*m || found)
			return found;
		in->s += strlen(*m);
		in->n -= strlen(*m);
		found = true;
	}
}

/* A month, 1 to 12; 0: there is none. */
static int month_of(struct slice *in)
{
	static const char *const suffix[] = { "月份", "月", NULL };
	int month = 0, digits;

	for (digits = 0; in->n && *in->s >= '0' && *in->s <= '9' && digits < 2; digits++) {
		month = month * 10 + (*in->s - '0');
		in->s++;
		in->n--;
	}
	mark(in, suffix);
	return month <= 12 ? month : 0;
}

int32_t pen_months__parse(const char *s, size_t n)
{
	static const char *const between[] = { ",", "、", ";", "，", NULL };
	static const char *const within[] = { "-", "~", "至", "到", "—", NULL };
	struct slice in = { s, n };
	int32_t set = 0, run;
	int first, last;

	do {
		first = last = month_of(&in);
		if (mark(&in, within))
			last = month_of(&in);
		run = first && last >= first ? pen_months__span(first, last - first + 1) : 0;
		if (!run || run & set)
			return 0;
		set |= run;
	} while (mark(&in, between));
	return in.n ? 0 : set;
}
