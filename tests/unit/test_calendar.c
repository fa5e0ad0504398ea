#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/calendar.h"

#include <time.h>

/* Noon of a day, UTC, as `date -u -d 2026-11-20T12:00Z +%s` prints it. */
#define FRIDAY "1795176000"
#define SATURDAY "1795262400"
#define TUESDAY "1795521600"

/* A store made on a Friday. */
static int begin(void **state)
{
	setenv("TZ", "CST-8", 1);
	tzset();
	start_empty(state);
	setenv("PEN_CLOCK", FRIDAY, 1);
	return 0;
}

static void make(struct fixture *f, int32_t live_on)
{
	struct pen_identity identity;

	fill_identity(f, PEN_ED25519_SHA256, &identity);
	identity.live_on = live_on;
	assert_ok(pen_store__create(&f->session.store, f->path, &identity, &f->error));
	enter_head(f);
}

static int end(void **state)
{
	unsetenv("PEN_CLOCK");
	unsetenv("TZ");
	tzset();
	return stop(state);
}

static void expect(struct fixture *f, const char *days)
{
	struct pen_text text = { NULL, 0, 0, false };
	struct pen_calendar calendar;

	assert_ok(pen_calendar__open(&calendar, store_of(f), &f->error));
	pen_calendar__text(&calendar, &text);
	assert_string_equal(text.s ? text.s : "", days);
	pen_text__free(&text);
	pen_calendar__close(&calendar);
}

static void of_the_day_on_which_the_store_was_made_nothing_is_due(void **state)
{
	struct fixture *f = *state;

	make(f, 20240101);
	expect(f, "2026-11-20 2026-11-19T16:00:00Z --\n");
	setenv("PEN_CLOCK", SATURDAY, 1);
	expect(f, "2026-11-20 2026-11-19T16:00:00Z --\n2026-11-21 2026-11-20T16:00:00Z --\n");
}

static void working_days_are_due_when_they_are_over(void **state)
{
	struct fixture *f = *state;

	make(f, 20240101);
	setenv("PEN_CLOCK", TUESDAY, 1);
	expect(f, "2026-11-20 2026-11-19T16:00:00Z --\n2026-11-21 2026-11-20T16:00:00Z --\n"
	    "2026-11-22 2026-11-21T16:00:00Z --\n2026-11-23 2026-11-22T16:00:00Z ni\n2026-11-24 2026-11-23T16:00:00Z --\n");
}

static void a_system_that_goes_live_later_has_its_days_from_then_on(void **state)
{
	struct fixture *f = *state;

	make(f, 20261123);
	expect(f, "");
	setenv("PEN_CLOCK", TUESDAY, 1);
	expect(f, "2026-11-23 2026-11-22T16:00:00Z ni\n2026-11-24 2026-11-23T16:00:00Z --\n");
}

static void the_next_day_due_is_the_working_day_after(void **state)
{
	struct fixture *f = *state;
	struct pen_calendar calendar;

	make(f, 20240101);
	assert_ok(pen_calendar__open(&calendar, store_of(f), &f->error));
	assert_int_equal(pen_calendar__next(&calendar, "network", 0), 20261123);
	assert_int_equal(pen_calendar__next(&calendar, "network", 20261123), 20261124);
	assert_int_equal(pen_calendar__next(&calendar, "network", 20261127), 20261130);
	assert_int_equal(pen_calendar__next(&calendar, "network", 20261299), 20261123);
	pen_calendar__close(&calendar);
}

static void a_store_whose_first_entry_is_gone_or_whose_days_are_none_has_no_days(void **state)
{
	struct fixture *f = *state;
	struct pen_calendar calendar;

	make(f, 99999999);
	setenv("PEN_CLOCK", SATURDAY, 1);
	expect(f, "2026-11-20 2026-11-19T16:00:00Z --\n2026-11-21 2026-11-20T16:00:00Z --\n");
	tamper(f, "DROP TRIGGER journal_stays_d");
	tamper(f, "DELETE FROM journal");
	assert_ok(pen_calendar__open(&calendar, store_of(f), &f->error));
	assert_int_equal(pen_calendar__next(&calendar, "network", 20261123), 0);
	pen_calendar__close(&calendar);
	expect(f, "");
}

static void in_a_copy_today_is_the_day_of_its_newest_entry(void **state)
{
	struct fixture *f = *state;
	struct pen_calendar calendar;
	char marker[200];

	make(f, 20240101);
	snprintf(marker, sizeof(marker), "%s/restored", f->path);
	assert_ok(pen_file__save(marker, "", 0, 0600, &f->error));
	pen_store__close(f->session.store);
	assert_ok(pen_store__open(&f->session.store, f->path, true, &f->error));
	setenv("PEN_CLOCK", TUESDAY, 1);
	assert_ok(pen_calendar__open(&calendar, store_of(f), &f->error));
	assert_int_equal(calendar.today, 20261120);
	pen_calendar__close(&calendar);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_the_day_on_which_the_store_was_made_nothing_is_due),
		TEST(working_days_are_due_when_they_are_over),
		TEST(a_system_that_goes_live_later_has_its_days_from_then_on),
		TEST(the_next_day_due_is_the_working_day_after),
		TEST(a_store_whose_first_entry_is_gone_or_whose_days_are_none_has_no_days),
		TEST(in_a_copy_today_is_the_day_of_its_newest_entry),
	};

	return cmocka_run_group_tests_name("store/calendar", tests, NULL, NULL);
}
