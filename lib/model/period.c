#include "model/period.h"
#include "base/date.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool pen_period__doubtful(const char *s, size_t n)
{
	size_t i, run = 0;

	for (i = 0; i < n; i++) {
		if (run == 4 && i + 1 < n && s[i] == '.' && s[i + 1] == '1' &&
		    (i + 2 == n || (!is_digit(s[i + 2]) && s[i + 2] != '.')))
			return true;
		run = is_digit(s[i]) ? run + 1 : 0;
	}
	return false;
}

int32_t pen_period__month(const char *s, size_t n)
{
	int32_t month, date;

	if (n == 6 && memcmp(s, "999999", 6) == 0)
		return PEN_PERIOD_NONE;
	if (pen_period__doubtful(s, n))
		return 0;
	month = pen_date__parse_month(s, n);
	if (month)
		return month;
	date = pen_date__parse(s, n);
	return date && (date % 100 == 1 || date == pen_date__month_end(date / 100)) ? date / 100 : 0;
}

/* What stands between two months at the front of s, in bytes; 0: nothing does. */
static size_t separator(const char *s, size_t n)
{
	static const char *const marks[] = { "-", "~", "—", "–", "至", "到" };
	size_t i, m;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		m = strlen(marks[i]);
		if (n >= m && memcmp(s, marks[i], m) == 0)
			return m;
	}
	return 0;
}

static int32_t month_within(const char *s, size_t n)
{
	int32_t month;

	while (n && *s == ' ')
		s++, n--;
	while (n && s[n - 1] == ' ')
		n--;
	month = pen_period__month(s, n);
	return month == PEN_PERIOD_NONE ? 0 : month;
}

bool pen_period__range(const char *s, size_t n, int32_t *from, int32_t *to)
{
	size_t i, m;

	*from = *to = month_within(s, n);
	/* A dash within a month leaves no month before it. */
	for (i = 1; !*from && i < n; i++) {
		m = separator(s + i, n - i);
		if (!m)
			continue;
		*from = month_within(s, i);
		*to = month_within(s + i + m, n - i - m);
		if (!*to)
			*from = 0;
	}
	return *from != 0;
}
