/*
 * A date is an integer whose decimal digits are its parts, so that dates
 * compare as integers do and can be read in a store by anybody. Arithmetic
 * goes through days since a beginning.
 */
#include "base/date.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_YEAR 1800
#define LAST_YEAR 2999

/* Gregorian, also for the years before it was introduced. */
static bool leap(int32_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t days_in(int32_t year, int32_t month)
{
	static const int32_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && leap(year));
}

bool pen_date__valid_month(int32_t month)
{
	int32_t year = month / 100, m = month % 100;

	return year >= FIRST_YEAR && year <= LAST_YEAR && m >= 1 && m <= 12;
}

bool pen_date__valid(int32_t date)
{
	int32_t day = date % 100;

	return pen_date__valid_month(date / 100) && day >= 1 &&
	    day <= days_in(date / 10000, date / 100 % 100);
}

/* ---- reading ---- */

/* A slice that is being read; what is read is taken from its front. */
struct slice { const char *s; size_t n; };

/* `least` to `most` digits; -1 if there are fewer. */
static int32_t number(struct slice *in, int least, int most)
{
	int32_t value = 0;
	int digits = 0;

	while (in->n > 0 && digits < most && *in->s >= '0' && *in->s <= '9') {
		value = value * 10 + (*in->s - '0');
		in->s++;
		in->n--;
		digits++;
	}
	return digits >= least ? value : -1;
}

/* Takes a mark from the front; the empty mark is always there. */
static bool mark(struct slice *in, const char *text)
{
	size_t n = strlen(text);

	if (in->n < n || memcmp(in->s, text, n) != 0)
		return false;
	in->s += n;
	in->n -= n;
	return true;
}

/* What stands behind the year, the month and the day, by style; the last style
 * has nothing, so its numbers have all their digits. */
static const struct style { const char *year, *month, *day; int least; } styles[] = {
	{ "-", "-", "", 1 }, { "/", "/", "", 1 }, { ".", ".", "", 1 },
	{ "年", "月", "日", 1 }, { "", "", "", 2 },
};

/* Reads in one style: a date, or a month alone. 0 if the text is not that. */
static int32_t parse_style(struct slice in, const struct style *style, bool with_day)
{
	/* A month ends in its mark only where a day would, too: 2024年1月. */
	const char *end = with_day || style->day[0] ? style->month : "";
	int32_t year, month, day = 0;

	/* Four digits of year: with two nobody knows the century. */
	year = number(&in, 4, 4);
	if (year < 0 || !mark(&in, style->year))
		return 0;
	month = number(&in, style->least, 2);
	if (month < 0 || !mark(&in, end))
		return 0;
	if (with_day) {
		day = number(&in, style->least, 2);
		if (day < 0 || !mark(&in, style->day))
			return 0;
	}
	/* Nothing may follow: half a date is no date. */
	if (in.n > 0)
		return 0;
	return with_day ? year * 10000 + month * 100 + day : year * 100 + month;
}

/* The styles exclude each other, so the first that fits is the only one. */
int32_t pen_date__parse(const char *s, size_t n)
{
	int32_t date = 0;
	size_t i;

	for (i = 0; i < sizeof(styles) / sizeof(styles[0]) && date == 0; i++)
		date = parse_style((struct slice){ s, n }, &styles[i], true);
	return pen_date__valid(date) ? date : 0;
}

int32_t pen_date__parse_month(const char *s, size_t n)
{
	int32_t month = 0;
	size_t i;

	for (i = 0; i < sizeof(styles) / sizeof(styles[0]) && month == 0; i++)
		month = parse_style((struct slice){ s, n }, &styles[i], false);
	return pen_date__valid_month(month) ? month : 0;
}

/* ---- writing ---- */

/* `value` as `digits` decimal digits; returns what follows them. */
static char *put(char *out, int32_t value, int digits)
{
	int i;

	for (i = digits; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + digits;
}

char *pen_date__format_month(int32_t month, char out[8])
{
	char *p = out;

	assert(month >= 0);
	if (month > 0) {
		p = put(p, month / 100, 4);
		*p++ = '-';
		p = put(p, month % 100, 2);
	}
	*p = '\0';
	return out;
}

char *pen_date__format(int32_t date, char out[11])
{
	assert(date >= 0);
	pen_date__format_month(date / 100, out);
	if (date > 0) {
		out[7] = '-';
		*put(out + 8, date % 100, 2) = '\0';
	}
	return out;
}

/* ---- counting ---- */

int32_t pen_date__month_end(int32_t month)
{
	return pen_date__valid_month(month) ? month * 100 + days_in(month / 100, month % 100) : 0;
}

int32_t pen_date__month_before(int32_t month)
{
	int32_t before = month % 100 == 1 ? month - 89 : month - 1;

	return pen_date__valid_month(month) && pen_date__valid_month(before) ? before : 0;
}

/* Days from 0000-03-01 to 1970-01-01. Years are counted from March, so that
 * the leap day is a year's last; 146097 days make 400 years. */
#define EPOCH 719468

int64_t pen_date__days(int32_t date)
{
	int32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
	int32_t from_march = (month + 9) % 12;

	assert(pen_date__valid(date));
	/* January and February belong to the year before. */
	year -= month <= 2;
	/* (153 m + 2) / 5: days in the m months before this one. */
	return (int64_t)year * 365 + year / 4 - year / 100 + year / 400 +
	    (153 * from_march + 2) / 5 + day - 1 - EPOCH;
}

int32_t pen_date__of_days(int64_t days)
{
	int32_t era, rest, year_of_era, day_of_year, from_march, year, month;

	if (days < -62091 || days > 376199)	/* 1800-01-01, 2999-12-31 */
		return 0;
	/* Eras of 400 years, years, then months, each a division with the leap
	 * days taken out first. */
	rest = (int32_t)days + EPOCH;	/* positive, as far as the calendar goes */
	era = rest / 146097;
	rest %= 146097;
	/* An era's days, less the leap days so far: one each four years, but none
	 * each hundred, but one each four hundred. */
	year_of_era = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
	day_of_year = rest - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	/* The inverse of the sum over months in pen_date__days. */
	from_march = (5 * day_of_year + 2) / 153;
	month = from_march < 10 ? from_march + 3 : from_march - 9;
	year = era * 400 + year_of_era + (month <= 2);
	return year * 10000 + month * 100 + day_of_year - (153 * from_march + 2) / 5 + 1;
}

/* ---- the clock ---- */

/* PEN_CLOCK counts only as a whole number within the calendar. */
static time_t seconds(void)
{
	const char *text = getenv("PEN_CLOCK");
	long long value;
	char *end;

	if (text && *text >= '0' && *text <= '9') {
		errno = 0;
		value = strtoll(text, &end, 10);
		if (errno == 0 && *end == '\0' && pen_date__of_days(value / 86400))
			return (time_t)value;
	}
	return time(NULL);
}

char *pen_date__now(char out[21])
{
	time_t now = seconds();
	int32_t rest = (int32_t)(now % 86400);
	char *p = out + 10;

	/* UTC has no zones and POSIX time no leap seconds: plain division. */
	pen_date__format(pen_date__of_days(now / 86400), out);
	*p++ = 'T';
	p = put(p, rest / 3600, 2);
	*p++ = ':';
	p = put(p, rest / 60 % 60, 2);
	*p++ = ':';
	p = put(p, rest % 60, 2);
	*p++ = 'Z';
	*p = '\0';
	return out;
}

/* The zone of the process; where there is none to be had, UTC. */
static int32_t local_date(time_t when)
{
	struct tm local;

	if (!localtime_r(&when, &local))
		return pen_date__of_days(when / 86400);
	return (local.tm_year + 1900) * 10000 + (local.tm_mon + 1) * 100 + local.tm_mday;
}

int32_t pen_date__today(void)
{
	return local_date(seconds());
}

/* Seconds since the epoch of "2026-11-23T08:15:30Z"; false if it is none. */
static bool read_time(const char *text, time_t *out)
{
	static const int at[] = { 11, 14, 17 }, most[] = { 23, 59, 60 };
	int32_t date = strlen(text) == 20 && text[10] == 'T' && text[19] == 'Z' ? pen_date__parse(text, 10) : 0;
	int part, i;

	if (!date || text[13] != ':' || text[16] != ':')
		return false;
	*out = (time_t)pen_date__days(date) * 86400;
	for (i = 0; i < 3; i++) {
		if (text[at[i]] < '0' || text[at[i]] > '9' || text[at[i] + 1] < '0' || text[at[i] + 1] > '9')
			return false;
		part = (text[at[i]] - '0') * 10 + text[at[i] + 1] - '0';
		if (part > most[i])
			return false;
		*out += part * (i == 0 ? 3600 : i == 1 ? 60 : 1);
	}
	return true;
}

int32_t pen_date__local(const char *time)
{
	time_t when;

	return read_time(time, &when) ? local_date(when) : 0;
}

int64_t pen_date__age(const char *time)
{
	time_t when, now = seconds();

	return read_time(time, &when) && when < now ? (now - when) / 86400 : 0;
}

int64_t pen_date__between(const char *from, const char *to)
{
	time_t first, second;

	return read_time(from, &first) && read_time(to, &second) ? second - first : 0;
}

void pen_date__later(const char *time, int64_t seconds, char out[21])
{
	struct tm day;
	time_t at;

	out[0] = '\0';
	if (!read_time(time, &at))
		return;
	at += seconds;
	gmtime_r(&at, &day);
	strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &day);
}

void pen_date__ends(int32_t date, char out[21])
{
	struct tm day = {
		.tm_year = date / 10000 - 1900, .tm_mon = date / 100 % 100 - 1, .tm_mday = date % 100 + 1, .tm_isdst = -1
	};
	time_t end = mktime(&day);

	gmtime_r(&end, &day);
	strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &day);
}
