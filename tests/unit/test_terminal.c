#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#define ELSEWHERE "00000000000000000000000000000000000000000000000000000000000000aa"

static int64_t enter(struct fixture *f, const char *agency, bool allowed)
{
	struct pen_terminal terminal = { .id = ELSEWHERE, .name = "desk 4" };

	snprintf(terminal.agency, sizeof(terminal.agency), "%s", agency);
	terminal.at = enter_act(f, allowed ? "terminal.add" : "terminal.remove", false);
	assert_ok(pen_terminal__enter(store_of(f), &terminal, allowed, &f->error));
	return terminal.at;
}

static bool registered(struct fixture *f, const char *id, int64_t at, struct pen_terminal *terminal)
{
	bool found;

	assert_ok(pen_terminal__at(store_of(f), id, at, terminal, &found, &f->error));
	return found;
}

/* The digest is in the suite of the store that it is for. */
static void this_computer_is_another_in_each_suite(void **state)
{
	char ed25519[PEN_DIGEST_HEX], sm2[PEN_DIGEST_HEX], again[PEN_DIGEST_HEX];
	struct fixture *f = *state;

	assert_ok(pen_terminal__here(PEN_ED25519_SHA256, ed25519, &f->error));
	assert_ok(pen_terminal__here(PEN_SM2_SM3, sm2, &f->error));
	assert_string_not_equal(ed25519, sm2);
	assert_ok(pen_session__terminal(store_of(f), again, &f->error));
	assert_string_equal(again, ed25519);
	assert_int_equal(strlen(again), 64);
}

static void what_made_the_store_is_registered_from_its_first_entry_on(void **state)
{
	struct fixture *f = *state;
	struct pen_terminal terminal;

	assert_true(registered(f, f->session.terminal, 0, &terminal));
	assert_true(registered(f, f->session.terminal, 1, &terminal));
	assert_string_equal(terminal.name, "here");
	assert_false(registered(f, ELSEWHERE, 1, &terminal));
}

static void a_terminal_counts_from_after_its_entry_up_to_the_one_that_takes_it_away(void **state)
{
	struct fixture *f = *state;
	struct pen_terminal terminal;
	int64_t come, gone;

	come = enter(f, "", true);
	enter_act(f, "test", false);
	gone = enter(f, "", false);
	assert_false(registered(f, ELSEWHERE, come, &terminal));
	assert_true(registered(f, ELSEWHERE, come + 1, &terminal));
	assert_int_equal(terminal.at, come);
	assert_true(registered(f, ELSEWHERE, gone, &terminal));
	assert_false(registered(f, ELSEWHERE, gone + 1, &terminal));
	/* And once more. */
	come = enter(f, "330106", true);
	assert_true(registered(f, ELSEWHERE, come + 1, &terminal));
	assert_string_equal(terminal.agency, "330106");
}

static void a_countys_terminal_serves_its_staff_and_the_stores_own_everybody(void **state)
{
	const struct pen_terminal own = { .agency = "" }, county = { .agency = "330106" };

	(void)state;
	assert_true(pen_terminal__serves(&own, "330100"));
	assert_true(pen_terminal__serves(&own, "330106"));
	assert_true(pen_terminal__serves(&county, "330106"));
	assert_false(pen_terminal__serves(&county, "330108"));
	assert_false(pen_terminal__serves(&county, "330100"));
}

struct seen { int rows, allowed; char newest[128], staff[64], time[21]; };

static enum pen_status see(void *context, const struct pen_terminal *terminal, bool allowed, const char *time,
    const char *staff, struct pen_error *error)
{
	struct seen *seen = context;

	(void)error;
	seen->rows++;
	seen->allowed += allowed;
	snprintf(seen->newest, sizeof(seen->newest), "%s", terminal->name);
	snprintf(seen->staff, sizeof(seen->staff), "%s", staff);
	snprintf(seen->time, sizeof(seen->time), "%s", time);
	return PEN_OK;
}

static void each_registration_and_removal_is_told_with_its_entry(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .rows = 0 };

	enter(f, "", true);
	enter(f, "", false);
	assert_ok(pen_terminal__each(store_of(f), see, &seen, &f->error));
	assert_int_equal(seen.rows, 3);
	assert_int_equal(seen.allowed, 2);
	assert_string_equal(seen.staff, "head1");
	assert_int_equal(strlen(seen.time), 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(this_computer_is_another_in_each_suite),
		WITH_STORE(what_made_the_store_is_registered_from_its_first_entry_on),
		WITH_STORE(a_terminal_counts_from_after_its_entry_up_to_the_one_that_takes_it_away),
		WITHOUT_STORE(a_countys_terminal_serves_its_staff_and_the_stores_own_everybody),
		WITH_STORE(each_registration_and_removal_is_told_with_its_entry),
	};

	return cmocka_run_group_tests_name("store/terminal", tests, NULL, NULL);
}
