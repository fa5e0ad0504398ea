#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/doorwalk.h"
#include "store/suspension.h"

/* An entry as somebody says it; at NULL: now, here, of the store's own agency. */
struct claim { int64_t at; const char *time, *staff, *act, *subject, *agency, *terminal; };

#define LATE 100000	/* an index after everything that the fixture did */

static void walk(struct year *y, struct pen_doorwalk *door, const struct claim *claim)
{
	struct fixture *f = y->f;
	char text[512];

	snprintf(text, sizeof(text), "pen-entry/v1\nat: 9\nagency: %s\nterminal: %s\n", claim->agency ? claim->agency : "330100",
	    claim->terminal ? claim->terminal : f->session.terminal);
	y->count = 0;
	assert_ok(pen_doorwalk__entry(door, &y->walk, &(struct pen_doorwalk_entry){
		claim->at ? claim->at : LATE, claim->time ? claim->time : "2026-11-23T08:00:00Z", claim->staff,
		claim->act, claim->subject ? claim->subject : "store", text }, &f->error));
}

static void expect(struct year *y, struct claim claim, const char *rule)
{
	struct pen_doorwalk door = { .suspended = false };

	walk(y, &door, &claim);
	if (rule)
		finding(y, rule);
	assert_int_equal(y->count, rule != NULL);
}

static void an_act_needs_a_role_for_it_at_its_index(void **state)
{
	struct year *y = *state;

	expect(y, (struct claim){ .staff = "head1", .act = "staff.add" }, NULL);
	expect(y, (struct claim){ .staff = "op1", .act = "staff.add" }, "journal.role");
	expect(y, (struct claim){ .staff = "lead1", .act = "staff.revoke" }, "journal.role");
	expect(y, (struct claim){ .staff = "op1", .act = "parameters.load" }, "journal.role");
	expect(y, (struct claim){ .staff = "op1", .act = "terminal.add" }, "journal.role");
	expect(y, (struct claim){ .staff = "head1", .act = PEN_ACT_SUSPEND }, "journal.role");
	expect(y, (struct claim){ .staff = "head1", .act = PEN_ACT_RESUME }, NULL);
	expect(y, (struct claim){ .staff = "op1", .act = PEN_ACT_RESUME }, "journal.role");
	expect(y, (struct claim){ .staff = "lead1", .act = "import.confirm", .subject = "batch 1" }, "journal.role");
	expect(y, (struct claim){ .staff = "op1", .act = "import.confirm", .subject = "batch 1" }, NULL);
	/* Before it was granted. */
	expect(y, (struct claim){ .at = 1, .staff = "op1", .act = "import.stage", .subject = "batch 1" }, "journal.role");
}

static void a_role_taken_away_counts_no_more(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	int64_t at = enter_act(f, "staff.revoke", true);

	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", at, false, &f->error));
	expect(y, (struct claim){ .at = at, .staff = "op1", .act = "report.read" }, NULL);
	expect(y, (struct claim){ .at = at + 1, .staff = "op1", .act = "report.read" }, "journal.role");
}

static void a_store_is_made_once(void **state)
{
	expect(*state, (struct claim){ .staff = "head1", .act = "admin.init" }, "journal.role");
}

static void an_act_is_for_the_agency_of_who_acts(void **state)
{
	struct year *y = *state;

	expect(y, (struct claim){ .staff = "op1", .act = "report.read", .agency = "330106" }, "journal.role");
	tamper(y->f, "UPDATE staff SET agency = '330106' WHERE id IN ('op1', 'head1')");
	expect(y, (struct claim){ .staff = "op1", .act = "report.read", .agency = "330106" }, NULL);
	expect(y, (struct claim){ .staff = "op1", .act = "import.confirm", .subject = "batch 1", .agency = "330106" }, "journal.role");
	expect(y, (struct claim){ .staff = "head1", .act = "staff.add", .agency = "330106" }, "journal.role");
	tamper(y->f, "UPDATE batch SET agency = '330106' WHERE id = 1");
	expect(y, (struct claim){ .staff = "op1", .act = "import.confirm", .subject = "batch 1", .agency = "330106" }, NULL);
}

static void an_act_is_made_on_a_computer_that_is_registered(void **state)
{
	struct year *y = *state;

	expect(y, (struct claim){ .staff = "op1", .act = "report.read", .terminal = "aa" }, "journal.terminal");
	expect(y, (struct claim){ .staff = NULL, .act = "refused", .terminal = "aa" }, NULL);
	expect(y, (struct claim){ .staff = "op1", .act = "refused", .terminal = "aa" }, NULL);
	expect(y, (struct claim){ .staff = "head1", .act = "terminal.add", .subject = "terminal aa", .terminal = "aa" }, NULL);
	expect(y, (struct claim){ .staff = "head1", .act = "terminal.add", .subject = "terminal bb", .terminal = "aa" }, "journal.terminal");
	tamper(y->f, "INSERT INTO terminal (machine, at, name, allowed, agency) VALUES ('aa', 5, 'x', 1, '330106')");
	expect(y, (struct claim){ .staff = "op1", .act = "report.read", .terminal = "aa" }, "journal.terminal");
	tamper(y->f, "UPDATE terminal SET agency = NULL WHERE machine = 'aa'");
	expect(y, (struct claim){ .staff = "op1", .act = "report.read", .terminal = "aa" }, NULL);
}

static void nothing_is_done_while_the_store_is_suspended(void **state)
{
	const struct claim suspends = { .staff = "head1", .act = PEN_ACT_SUSPEND }, reads = { .staff = "op1", .act = "report.read" };
	const struct claim verifies = { .staff = "op1", .act = "verify.read" }, resumes = { .staff = "head1", .act = PEN_ACT_RESUME };
	struct pen_doorwalk door = { .suspended = false };
	struct year *y = *state;

	walk(y, &door, &suspends);
	walk(y, &door, &reads);
	finding(y, "journal.suspended");
	walk(y, &door, &suspends);	/* twice is once too often */
	finding(y, "journal.suspended");
	walk(y, &door, &verifies);
	assert_int_equal(y->count, 0);
	walk(y, &door, &resumes);
	walk(y, &door, &reads);
	assert_int_equal(y->count, 0);
}

static void a_clock_set_back_by_minutes_is_noted_once_and_by_seconds_not(void **state)
{
	struct claim claim = { .staff = "op1", .act = "report.read", .time = "2026-11-23T08:00:00Z" };
	struct pen_doorwalk door = { .suspended = false };
	struct year *y = *state;

	walk(y, &door, &claim);
	claim.time = "2026-11-23T07:55:00Z";
	walk(y, &door, &claim);
	assert_int_equal(y->count, 0);
	claim.time = "2026-11-23T07:49:59Z";
	walk(y, &door, &claim);
	assert_string_equal(finding(y, "journal.clock")->found, "2026-11-23T07:49:59Z");
	assert_int_equal(y->count, 1);
	walk(y, &door, &claim);
	claim.time = "2026-11-23T09:00:00Z";
	walk(y, &door, &claim);
	assert_int_equal(y->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(an_act_needs_a_role_for_it_at_its_index),
		WITH_YEAR(a_role_taken_away_counts_no_more),
		WITH_YEAR(a_store_is_made_once),
		WITH_YEAR(an_act_is_for_the_agency_of_who_acts),
		WITH_YEAR(an_act_is_made_on_a_computer_that_is_registered),
		WITH_YEAR(nothing_is_done_while_the_store_is_suspended),
		WITH_YEAR(a_clock_set_back_by_minutes_is_noted_once_and_by_seconds_not),
	};

	return cmocka_run_group_tests_name("store/doorwalk", tests, NULL, NULL);
}
