#include "option_value.h"
#include "option.h"

#include <stdlib.h>
#include <string.h>

static enum pen_status cannot_be(const struct option_row *row, const char *text, const char *expected,
    struct pen_error *error)
{
	return wrong_usage(error, _("--%s \"%s\" cannot be: expected %s"), row->name, text, expected);
}

/* Digits alone, at most n of them; false for anything else, and for none. */
static bool whole(const char *s, size_t n, int64_t *out)
{
	size_t length = strspn(s, "0123456789");

	if (length == 0 || length != n || length > 18)
		return false;
	*out = strtoll(s, NULL, 10);
	return true;
}

static bool count(const char *text, int64_t *out)
{
	return whole(text, strlen(text), out);
}

static bool year(const char *text, int32_t *out)
{
	int64_t value;

	if (strlen(text) != 4 || !count(text, &value) || value < 1949 || value > 2999)
		return false;
	*out = (int32_t)value;
	return true;
}

static int month_days(int64_t y, int64_t m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return days[m - 1] + (m == 2 && leap);
}

/* YYYY-MM-DD, a day of the calendar. */
static bool date(const char *text, int32_t *out)
{
	int64_t y, m, d;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return false;
	if (strspn(text, "0123456789") != 4 || strspn(text + 5, "0123456789") != 2 || !count(text + 8, &d))
		return false;
	y = strtoll(text, NULL, 10);
	m = strtoll(text + 5, NULL, 10);
	if (y < 1800 || y > 2999 || m < 1 || m > 12 || d < 1 || d > month_days(y, m))
		return false;
	*out = (int32_t)(y * 10000 + m * 100 + d);
	return true;
}

/* "1234.50", "-3", "0.5": yuan with at most two decimals, to fen. */
static bool yuan(const char *text, int64_t *out)
{
	bool minus = text[0] == '-';
	const char *s = text + minus;
	size_t n = strspn(s, "0123456789"), decimals = 0;
	int64_t value, fen = 0;

	if (n > 15 || !whole(s, n, &value))
		return false;
	if (s[n] == '.') {
		decimals = strlen(s + n + 1);
		if (decimals > 2 || !whole(s + n + 1, decimals, &fen))
			return false;
	} else if (s[n]) {
		return false;
	}
	if (decimals == 1)
		fen *= 10;
	value = value * 100 + fen;
	*out = minus ? -value : value;
	return true;
}

/* "5d", "36h", "90m", "30s". */
static bool age(const char *text, int64_t *out)
{
	static const struct { char unit; int64_t seconds; } units[] = {
		{ 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 }
	};
	size_t n = strspn(text, "0123456789"), i;
	int64_t value;

	if (n == 0 || n > 9 || strlen(text) != n + 1)
		return false;
	value = strtoll(text, NULL, 10);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].unit == text[n]) {
			*out = value * units[i].seconds;
			return true;
		}
	}
	return false;
}

static bool add(struct option_list *list, const char *text)
{
	if (list->count == OPTION_LIST_MOST)
		return false;
	list->at[list->count++] = text;
	return true;
}

enum pen_status option_value(const struct option_row *row, const char *text, struct pen_error *error)
{
	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)row->into = true;
		break;
	case OPTION_TEXT:
		*(const char **)row->into = text;
		break;
	case OPTION_COUNT:
		if (!count(text, row->into))
			return cannot_be(row, text, _("a whole number, 0 or more"), error);
		break;
	case OPTION_YEAR:
		if (!year(text, row->into))
			return cannot_be(row, text, _("a year, such as 2024"), error);
		break;
	case OPTION_DATE:
		if (!date(text, row->into))
			return cannot_be(row, text, _("a date, such as 2024-12-31"), error);
		break;
	case OPTION_YUAN:
		if (!yuan(text, row->into))
			return cannot_be(row, text, _("an amount in yuan, such as 1234.50"), error);
		break;
	case OPTION_AGE:
		if (!age(text, row->into))
			return cannot_be(row, text, _("an age, such as 5d or 36h"), error);
		break;
	case OPTION_LIST:
		if (!add(row->into, text))
			return cannot_be(row, text, _("at most 32 of them"), error);
		break;
	}
	if (row->given)
		*row->given = true;
	return PEN_OK;
}
