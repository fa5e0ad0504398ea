#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/date.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void the_calendar_ends_where_it_says(void **state)
{
	(void)state;
	assert_true(pen_date__valid(18000101));
	assert_true(pen_date__valid(29991231));
	assert_false(pen_date__valid(17991231));
	assert_false(pen_date__valid(30000101));
	assert_true(pen_date__valid_month(180001));
	assert_true(pen_date__valid_month(299912));
	assert_false(pen_date__valid_month(179912));
	assert_false(pen_date__valid_month(300001));
}

static void leap_days_come_every_four_years_but_for_centuries(void **state)
{
	(void)state;
	assert_true(pen_date__valid(20240229));
	assert_true(pen_date__valid(20000229));
	assert_false(pen_date__valid(20230229));
	assert_false(pen_date__valid(19000229));
	assert_false(pen_date__valid(21000229));
	assert_true(pen_date__valid(24000229));
}

static void what_is_no_day_or_no_month_is_refused(void **state)
{
	static const int32_t days[] = { 0, 1, -20240101, 20240100, 20240132, 20240431, 20241301, 20240001, INT32_MAX, INT32_MIN };
	static const int32_t months[] = { 0, -202401, 202400, 202413, 999999, INT32_MAX, INT32_MIN };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(days); i++)
		assert_false(pen_date__valid(days[i]));
	for (i = 0; i < COUNT(months); i++)
		assert_false(pen_date__valid_month(months[i]));
}

struct reading { const char *text; int32_t date, month; };

static void check(const struct reading *cases, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *s = cases[i].text;

		if (pen_date__parse(s, strlen(s)) != cases[i].date)
			fail_msg("\"%s\" is read as the date %d", s, pen_date__parse(s, strlen(s)));
		if (pen_date__parse_month(s, strlen(s)) != cases[i].month)
			fail_msg("\"%s\" is read as the month %d", s, pen_date__parse_month(s, strlen(s)));
	}
}

/* The `date` lines of the identifier vectors. */
static void the_vectors_read_as_expected(void **state)
{
	static const struct reading cases[] = {
		{ "202401", 0, 202401 },
		{ "2024-01", 0, 202401 },
		{ "2024/1/31", 20240131, 0 },
		{ "45322", 0, 0 },		/* an Excel serial */
		{ "202413", 0, 0 },
		{ "202400", 0, 0 },
		{ "20240229", 20240229, 0 },
		{ "19000229", 0, 0 },
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void every_style_is_read(void **state)
{
	static const struct reading cases[] = {
		{ "2024-01-31", 20240131, 0 }, { "2024/01/31", 20240131, 0 }, { "2024.1.31", 20240131, 0 },
		{ "2024.01.31", 20240131, 0 }, { "20240131", 20240131, 0 }, { "2024年1月31日", 20240131, 0 },
		{ "2024年01月31日", 20240131, 0 }, { "2024-1-5", 20240105, 0 },
		{ "2024/1", 0, 202401 }, { "2024/01", 0, 202401 }, { "2024.1", 0, 202401 },
		{ "2024.10", 0, 202410 }, { "2024年1月", 0, 202401 }, { "2024年12月", 0, 202412 },
		{ "1800-01-01", 18000101, 0 }, { "2999-12-31", 29991231, 0 },
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void what_is_almost_a_date_is_refused(void **state)
{
	static const struct reading cases[] = {
		{ "", 0, 0 }, { "-", 0, 0 }, { "2024", 0, 0 }, { "24-01-31", 0, 0 }, { "24/1/31", 0, 0 },
		{ "240131", 0, 0 }, { "2024-01-32", 0, 0 }, { "2024-13", 0, 0 }, { "2024-0", 0, 0 },
		{ "2024-02-30", 0, 0 }, { "2024-01/31", 0, 0 }, { "2024年1月31", 0, 0 }, { "2024年1", 0, 0 },
		{ "2024年1月31日 ", 0, 0 }, { " 2024-01-31", 0, 0 }, { "2024-01-31T00:00:00Z", 0, 0 },
		{ "2024-01-", 0, 0 }, { "2024-01-311", 0, 0 }, { "2024-001-31", 0, 0 }, { "2024131", 0, 0 },
		{ "20241", 0, 0 }, { "2024013", 0, 0 }, { "202401310", 0, 0 }, { "999999", 0, 0 },
		{ "99999999", 0, 0 }, { "00000000", 0, 0 }, { "000000", 0, 0 }, { "+2024-01", 0, 0 },
		{ "2024--1", 0, 0 }, { "31/1/2024", 0, 0 }, { "20240131x", 0, 0 }, { "45322.5", 0, 0 },
		{ "二〇二四年一月", 0, 0 }, { "2024\xe5\xb9", 0, 0 },
	};

	(void)state;
	check(cases, COUNT(cases));
	assert_int_equal(pen_date__parse("2024-01-31\0", 11), 0);
	/* Only the slice counts. */
	assert_int_equal(pen_date__parse("2024-01-319", 10), 20240131);
	assert_int_equal(pen_date__parse_month("2024-01-31", 7), 202401);
}

static void dates_are_written_as_iso_8601(void **state)
{
	char out[11];

	(void)state;
	assert_string_equal(pen_date__format(20240105, out), "2024-01-05");
	assert_string_equal(pen_date__format(0, out), "");
	assert_string_equal(pen_date__format_month(202412, out), "2024-12");
	assert_string_equal(pen_date__format_month(0, out), "");
}

/* Expected from GNU date: $(date -u -d DAY +%s) / 86400. */
static void days_are_counted_as_gnu_date_counts_them(void **state)
{
	static const struct { int32_t date; int64_t days; } cases[] = {
		{ 18000101, -62091 }, { 18991231, -25568 }, { 19000228, -25509 }, { 19000301, -25508 },
		{ 19691231, -1 }, { 19700101, 0 }, { 19991231, 10956 }, { 20000229, 11016 },
		{ 20000301, 11017 }, { 20240229, 19782 }, { 20241231, 20088 }, { 21000228, 47540 },
		{ 21000301, 47541 }, { 29991231, 376199 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(pen_date__days(cases[i].date), cases[i].days);
		assert_int_equal(pen_date__of_days(cases[i].days), cases[i].date);
	}
}

/* The C library's calendar is the witness for each day. */
static void every_day_of_the_calendar_is_counted(void **state)
{
	int32_t date;
	struct tm tm;
	time_t at;
	int64_t day;

	(void)state;
	for (day = -62091; day <= 376199; day++) {
		at = (time_t)day * 86400;
		gmtime_r(&at, &tm);
		date = (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
		if (!pen_date__valid(date) || pen_date__days(date) != day)
			fail_msg("day %lld is %d", (long long)day, date);
	}
}

/* From the epoch to the calendar's end, the C library being the witness. */
static void the_clock_names_each_day_of_the_calendar(void **state)
{
	char set[24], out[21], expected[21];
	struct tm tm;
	time_t at;

	(void)state;
	for (at = 0; at <= (time_t)376199 * 86400; at += 86400) {
		gmtime_r(&at, &tm);
		strftime(expected, sizeof(expected), "%Y-%m-%dT00:00:00Z", &tm);
		snprintf(set, sizeof(set), "%lld", (long long)at);
		setenv("PEN_CLOCK", set, 1);
		if (strcmp(pen_date__now(out), expected) != 0)
			fail_msg("%s is %s, not %s", set, expected, out);
	}
	unsetenv("PEN_CLOCK");
}

static void the_clock_can_be_set_for_a_test(void **state)
{
	char out[21];

	(void)state;
	setenv("PEN_CLOCK", "1795421730", 1);
	assert_string_equal(pen_date__now(out), "2026-11-23T08:15:30Z");
	setenv("PEN_CLOCK", "0", 1);
	assert_string_equal(pen_date__now(out), "1970-01-01T00:00:00Z");
	setenv("PEN_CLOCK", "86399", 1);
	assert_string_equal(pen_date__now(out), "1970-01-01T23:59:59Z");
	unsetenv("PEN_CLOCK");
}

static void a_clock_that_is_no_number_is_passed_over(void **state)
{
	static const char *const bad[] = {
		"", "x", "12x", "-5", " 5", "99999999999999999999", "99999999999999", "1.5",
		"32503680000",	/* 3000-01-01, a day after the calendar's end */
	};
	char before[21], after[21], out[21];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		unsetenv("PEN_CLOCK");
		pen_date__now(before);
		setenv("PEN_CLOCK", bad[i], 1);
		pen_date__now(out);
		unsetenv("PEN_CLOCK");
		pen_date__now(after);
		assert_true(strcmp(before, out) <= 0 && strcmp(out, after) <= 0);
	}
}

static void a_day_is_over_at_the_local_midnight(void **state)
{
	char out[21];

	(void)state;
	setenv("TZ", "CST-8", 1);
	tzset();
	pen_date__ends(20231231, out);
	assert_string_equal(out, "2023-12-31T16:00:00Z");
	pen_date__ends(20240228, out);
	assert_string_equal(out, "2024-02-28T16:00:00Z");
	setenv("TZ", "UTC0", 1);
	tzset();
	pen_date__ends(20240228, out);
	assert_string_equal(out, "2024-02-29T00:00:00Z");
	unsetenv("TZ");
}

static void today_is_the_local_day(void **state)
{
	(void)state;
	setenv("PEN_CLOCK", "1704038400", 1);	/* 2023-12-31T16:00:00Z */
	setenv("TZ", "CST-8", 1);
	tzset();
	assert_int_equal(pen_date__today(), 20240101);
	setenv("TZ", "UTC0", 1);
	tzset();
	assert_int_equal(pen_date__today(), 20231231);
	unsetenv("TZ");
	unsetenv("PEN_CLOCK");
	tzset();
	assert_true(pen_date__valid(pen_date__today()));
}

static void a_month_has_a_last_day_and_one_before_it(void **state)
{
	(void)state;
	assert_int_equal(pen_date__month_end(202402), 20240229);
	assert_int_equal(pen_date__month_end(202302), 20230228);
	assert_int_equal(pen_date__month_end(202412), 20241231);
	assert_int_equal(pen_date__month_end(202413), 0);
	assert_int_equal(pen_date__month_before(202401), 202312);
	assert_int_equal(pen_date__month_before(202412), 202411);
	assert_int_equal(pen_date__month_before(180001), 0);
	assert_int_equal(pen_date__month_before(0), 0);
}

static void seconds_lie_between_two_times_either_way(void **state)
{
	(void)state;
	assert_int_equal(pen_date__between("1970-01-01T00:00:00Z", "2026-11-23T08:15:30Z"), 1795421730);
	assert_int_equal(pen_date__between("2026-11-23T08:15:30Z", "2026-11-23T08:10:30Z"), -300);
	assert_int_equal(pen_date__between("2024-02-28T23:59:59Z", "2024-03-01T00:00:00Z"), 86401);
	assert_int_equal(pen_date__between("", "2026-11-23T08:15:30Z"), 0);
	assert_int_equal(pen_date__between("2026-11-23T08:15:30Z", "2026-11-23 08:15"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_calendar_ends_where_it_says),
		cmocka_unit_test(leap_days_come_every_four_years_but_for_centuries),
		cmocka_unit_test(what_is_no_day_or_no_month_is_refused),
		cmocka_unit_test(the_vectors_read_as_expected),
		cmocka_unit_test(every_style_is_read),
		cmocka_unit_test(what_is_almost_a_date_is_refused),
		cmocka_unit_test(dates_are_written_as_iso_8601),
		cmocka_unit_test(days_are_counted_as_gnu_date_counts_them),
		cmocka_unit_test(every_day_of_the_calendar_is_counted),
		cmocka_unit_test(the_clock_names_each_day_of_the_calendar),
		cmocka_unit_test(the_clock_can_be_set_for_a_test),
		cmocka_unit_test(a_clock_that_is_no_number_is_passed_over),
		cmocka_unit_test(a_day_is_over_at_the_local_midnight),
		cmocka_unit_test(today_is_the_local_day),
		cmocka_unit_test(a_month_has_a_last_day_and_one_before_it),
		cmocka_unit_test(seconds_lie_between_two_times_either_way),
	};

	return cmocka_run_group_tests_name("base/date", tests, NULL, NULL);
}
