#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/issues.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"

/* The head is given the operator's role too. */
static int start_operator(void **state)
{
	struct fixture *f;

	start(state);
	f = *state;
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_staff__set_role(store_of(f), "head1", "operator", 0, true, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	return 0;
}

static struct pen_issue to_person(int64_t person, int32_t year, const char *digest)
{
	struct pen_issue issue = { .form = "statement", .person = person, .year = year, .as_of = 0 };

	snprintf(issue.digest, sizeof(issue.digest), "%s", digest);
	return issue;
}

static bool hand_out(struct fixture *f, struct pen_issue *issue)
{
	bool reprint;

	assert_ok(pen_issues__hand_out(&f->session, issue, &reprint, &f->error));
	return reprint;
}

static void what_is_handed_out_is_entered_with_its_day_and_to_whom(void **state)
{
	struct fixture *f = *state;
	struct pen_issue issue = to_person(7, 2024, "aa"), read;
	bool found;

	setenv("PEN_CLOCK", "1795421730", 1);	/* 2026-11-23T08:15:30Z */
	assert_false(hand_out(f, &issue));
	assert_int_equal(issue.id, 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM journal WHERE act = 'report.issue' AND subject = 'issue 1' AND text LIKE"
	    " '%body: {\"as_of\":0,\"digest\":\"aa\",\"form\":\"statement\",\"on_date\":20261123,\"person\":7,\"year\":2024}%'"), 1);
	assert_ok(pen_issues__find(store_of(f), 1, &read, &found, &f->error));
	assert_true(found);
	assert_int_equal(read.person, 7);
	assert_int_equal(read.employer, 0);
	assert_int_equal(read.on, 20261123);
	assert_string_equal(read.digest, "aa");
	assert_string_equal(read.time, "2026-11-23T08:15:30Z");
	assert_ok(pen_issues__find(store_of(f), 2, &read, &found, &f->error));
	assert_false(found);
}

static void a_reprint_keeps_the_day_of_the_first_and_another_content_is_new(void **state)
{
	struct fixture *f = *state;
	struct pen_issue first = to_person(7, 2024, "aa"), again = first, other = to_person(7, 2024, "bb"), back = first;

	setenv("PEN_CLOCK", "1795421730", 1);
	assert_false(hand_out(f, &first));
	setenv("PEN_CLOCK", "1798013730", 1);	/* thirty days on */
	assert_true(hand_out(f, &again));
	assert_int_equal(again.id, first.id);
	assert_int_equal(again.on, 20261123);
	assert_false(hand_out(f, &other));
	assert_int_equal(other.id, 2);
	assert_int_equal(other.on, 20261223);
	assert_false(hand_out(f, &back));
	assert_int_equal(back.id, 3);
}

static void another_year_or_another_person_is_another_issue(void **state)
{
	struct fixture *f = *state;
	struct pen_issue a = to_person(7, 2024, "aa"), b = to_person(7, 2023, "aa"), c = to_person(8, 2024, "aa"), read;
	struct pen_issue d = { .form = "statement-detail", .employer = 7, .year = 2024, .digest = "aa" };
	bool found;

	assert_false(hand_out(f, &a));
	assert_false(hand_out(f, &b));
	assert_false(hand_out(f, &c));
	assert_false(hand_out(f, &d));
	assert_ok(pen_issues__newest(store_of(f), 7, 0, 2024, &read, &found, &f->error));
	assert_true(found);
	assert_int_equal(read.id, 1);
	assert_ok(pen_issues__newest(store_of(f), 0, 7, 2024, &read, &found, &f->error));
	assert_true(found);
	assert_int_equal(read.id, 4);
	assert_ok(pen_issues__newest(store_of(f), 0, 8, 2024, &read, &found, &f->error));
	assert_false(found);
}

static void who_is_no_operator_only_looks(void **state)
{
	struct fixture *f = *state;
	struct pen_issue issue = to_person(7, 2024, "aa");

	assert_false(hand_out(f, &issue));
	assert_int_equal(issue.id, 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM statement_issue"), 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM journal WHERE act = 'report.issue'"), 0);
}

static void what_was_handed_out_is_never_changed(void **state)
{
	struct fixture *f = *state;
	struct pen_issue issue = to_person(7, 2024, "aa");
	struct pen_db *db = pen_store__db(store_of(f));

	hand_out(f, &issue);
	assert_int_equal(pen_db__exec(db, "UPDATE statement_issue SET on_date = 20270101", &f->error), PEN_REFUSED);
	assert_int_equal(pen_db__exec(db, "DELETE FROM statement_issue", &f->error), PEN_REFUSED);
}

static void three_months_end_on_the_day_of_the_same_number_or_the_months_last(void **state)
{
	struct pen_parameters *p = pen_parameter__new();

	(void)state;
	/* cal(1): all of these are worked days. */
	assert_int_equal(pen_issues__last_day(p, "330100", 20260110), 20260410);
	assert_int_equal(pen_issues__last_day(p, "330100", 20251130), 20260302);	/* February 28 is a Saturday */
	assert_int_equal(pen_issues__last_day(p, "330100", 20231130), 20240229);
	assert_int_equal(pen_issues__last_day(p, "330100", 20251031), 20260202);	/* January 31 is a Saturday */
	assert_int_equal(pen_issues__last_day(p, "330100", 20261001), 20270101);
	/* Of what is no day that can be counted from it is that. */
	assert_int_equal(pen_issues__last_day(p, "330100", 99991201), 99991201);
	pen_parameter__free(p);
}

static void a_last_day_that_is_a_holiday_moves_to_the_next_worked_one(void **state)
{
	static const char csv[] = HEAD
	    "workday.off,000000,,2026-10,2026-10,1 2 3 4 5 6 7,text,x,yes,\n"
	    "workday.on,000000,,2026-10,2026-10,10,text,x,yes,\n";
	struct pen_parameters *p = pen_parameter__new();
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_parameter__add(p, "workdays", csv, strlen(csv), &error), PEN_OK);
	assert_int_equal(pen_issues__last_day(p, "330100", 20260701), 20261008);
	assert_int_equal(pen_issues__last_day(p, "330100", 20260709), 20261009);
	assert_int_equal(pen_issues__last_day(p, "330100", 20260710), 20261010);	/* a Saturday that is worked */
	assert_int_equal(pen_issues__last_day(p, "330100", 20260711), 20261012);	/* a Sunday */
	pen_parameter__free(p);
}

#define AS_OPERATOR(test) cmocka_unit_test_setup_teardown(test, start_operator, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AS_OPERATOR(what_is_handed_out_is_entered_with_its_day_and_to_whom),
		AS_OPERATOR(a_reprint_keeps_the_day_of_the_first_and_another_content_is_new),
		AS_OPERATOR(another_year_or_another_person_is_another_issue),
		WITH_STORE(who_is_no_operator_only_looks),
		AS_OPERATOR(what_was_handed_out_is_never_changed),
		cmocka_unit_test(three_months_end_on_the_day_of_the_same_number_or_the_months_last),
		cmocka_unit_test(a_last_day_that_is_a_holiday_moves_to_the_next_worked_one),
	};

	return cmocka_run_group_tests_name("store/issues", tests, NULL, NULL);
}
