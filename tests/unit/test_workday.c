#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "model/workday.h"

#include <stdio.h>
#include <string.h>

#define HEAD "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"

static struct pen_parameters *parameters(const char *rows)
{
	struct pen_parameters *made = pen_parameter__new();
	struct pen_error error = { 0 };
	char csv[2000];

	snprintf(csv, sizeof(csv), HEAD "%s", rows);
	if (pen_parameter__add(made, "workdays", csv, strlen(csv), &error) != PEN_OK)
		fail_msg("%s", error.text);
	return made;
}

/* The days of a month that are worked, as a list. */
static const char *worked(const struct pen_parameters *p, const char *area, const char *category, int32_t month, int days)
{
	static char list[200];
	int day, n = 0;

	list[0] = '\0';
	for (day = 1; day <= days; day++)
		if (pen_workday__is(p, area, category, month * 100 + day))
			n += snprintf(list + n, sizeof(list) - (size_t)n, "%s%d", n ? " " : "", day);
	return list;
}

static void without_parameters_it_is_monday_to_friday(void **state)
{
	struct pen_parameters *p = parameters("");

	(void)state;
	/* cal(1): the first of June 2026 is a Monday, of February 2032 a Sunday. */
	assert_string_equal(worked(p, "330100", "network", 202606, 14), "1 2 3 4 5 8 9 10 11 12");
	assert_string_equal(worked(p, "330100", "network", 203202, 9), "2 3 4 5 6 9");
	pen_parameter__free(p);
}

static void holidays_are_off_and_what_is_worked_in_their_place_is_on(void **state)
{
	struct pen_parameters *p = parameters(
	    "workday.off,000000,,2026-10,2026-10,1 2 3 4 5 6 7,text,x,yes,\n"
	    "workday.on,000000,,2026-10,2026-10,10,text,x,yes,\n");

	(void)state;
	assert_string_equal(worked(p, "330100", "network", 202610, 18), "8 9 10 12 13 14 15 16");
	assert_string_equal(worked(p, "330100", "network", 202611, 8), "2 3 4 5 6");
	pen_parameter__free(p);
}

static void an_area_and_a_duty_can_have_days_of_their_own(void **state)
{
	struct pen_parameters *p = parameters(
	    "workday.week,000000,,,,1 2 3 4 5,text,x,yes,\n"
	    "workday.week,330000,inspect,,,1,text,x,yes,\n"
	    "workday.off,330100,,2026-06,2026-06,8,text,x,yes,\n");

	(void)state;
	assert_string_equal(worked(p, "330100", "network", 202606, 9), "1 2 3 4 5 9");
	assert_string_equal(worked(p, "330200", "network", 202606, 9), "1 2 3 4 5 8 9");
	assert_string_equal(worked(p, "330200", "inspect", 202606, 16), "1 8 15");
	assert_string_equal(worked(p, "330100", "inspect", 202606, 16), "1 15");
	pen_parameter__free(p);
}

/* As calendars that were printed for the two years count them. */
static void the_shipped_years_have_as_many_working_days_as_were_announced(void **state)
{
	static const struct { int32_t year; int days; } years[] = { { 2025, 248 }, { 2026, 248 } };
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct pen_parameters *p = pen_parameter__new();
	struct pen_error error = { 0 };
	int i, month, day, n;
	size_t size;
	char *csv;

	(void)state;
	assert_int_equal(pen_file__load(PEN_SOURCE "/share/params/workdays.csv", 1 << 20, &csv, &size, &error), PEN_OK);
	assert_int_equal(pen_parameter__add(p, "workdays", csv, size, &error), PEN_OK);
	pen_memory__free(csv);
	for (i = 0; i < 2; i++) {
		for (n = 0, month = 1; month <= 12; month++)
			for (day = 1; day <= lengths[month - 1]; day++)
				n += pen_workday__is(p, "330100", "network", years[i].year * 10000 + month * 100 + day);
		assert_int_equal(n, years[i].days);
	}
	assert_false(pen_workday__is(p, "330100", "network", 20260219));
	assert_true(pen_workday__is(p, "330100", "network", 20260228));
	pen_parameter__free(p);
}

static void what_is_no_list_of_days_is_refused(void **state)
{
	static const char *const bad[] = { "1,2", "1  2", "0", "32", "1 2 ", " 1", "x", "1-5" };
	struct pen_parameters *p;
	struct pen_error error;
	char csv[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		p = pen_parameter__new();
		error = (struct pen_error){ 0 };
		snprintf(csv, sizeof(csv), HEAD "workday.off,000000,,2026-10,2026-10,\"%s\",text,x,yes,\n", bad[i]);
		assert_int_equal(pen_parameter__add(p, "workdays", csv, strlen(csv), &error), PEN_INPUT);
		assert_string_equal(error.code, "parameter.value");
		assert_int_equal(error.line, 2);
		pen_parameter__free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_parameters_it_is_monday_to_friday),
		cmocka_unit_test(holidays_are_off_and_what_is_worked_in_their_place_is_on),
		cmocka_unit_test(an_area_and_a_duty_can_have_days_of_their_own),
		cmocka_unit_test(the_shipped_years_have_as_many_working_days_as_were_announced),
		cmocka_unit_test(what_is_no_list_of_days_is_refused),
	};

	return cmocka_run_group_tests_name("model/workday", tests, NULL, NULL);
}
