#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/door.h"

#define ELSEWHERE "00000000000000000000000000000000000000000000000000000000000000aa"

static int64_t enter_with(struct fixture *f, const char *act, const char *subject, const char *body)
{
	int64_t at;

	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_session__act(&f->session, act, subject, body, false, &at, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	return at;
}

static void suspend(struct fixture *f)
{
	enter_with(f, PEN_ACT_SUSPEND, "store", "{\"reason\":\"\xe7\x97\x85\xe6\xaf\x92 \\\"a\\\"\"}");
}

static enum pen_status pass(struct fixture *f, const char *machine, const char *act, const char *subject)
{
	memset(&f->error, 0, sizeof(f->error));
	return pen_door__pass(store_of(f), machine, "330100", act, subject, &f->error);
}

static void assert_newest(struct fixture *f, const char *act, const char *subject)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SELECT act = '%s' AND subject = '%s' AND signature IS NOT NULL"
	    " FROM journal ORDER BY at DESC LIMIT 1", act, subject);
	assert_int_equal(ask(f, sql), 1);
}

/* ---- suspension ---- */

static void the_newest_of_suspend_and_resume_says_whether_it_is_suspended(void **state)
{
	struct fixture *f = *state;
	struct pen_suspension now;

	assert_ok(pen_suspension__now(store_of(f), &now, &f->error));
	assert_false(now.suspended);
	suspend(f);
	assert_ok(pen_suspension__now(store_of(f), &now, &f->error));
	assert_true(now.suspended);
	assert_int_equal(now.at, 1);
	assert_string_equal(now.by, "head1");
	assert_string_equal(now.reason, "\xe7\x97\x85\xe6\xaf\x92 \"a\"");
	assert_int_equal(strlen(now.since), 20);
	enter_with(f, PEN_ACT_RESUME, "store", NULL);
	assert_ok(pen_suspension__now(store_of(f), &now, &f->error));
	assert_false(now.suspended);
	assert_string_equal(now.reason, "");
}

static void a_reason_that_cannot_be_read_suspends_all_the_same(void **state)
{
	struct fixture *f = *state;
	struct pen_suspension now;

	enter_with(f, PEN_ACT_SUSPEND, "store", NULL);
	assert_ok(pen_suspension__now(store_of(f), &now, &f->error));
	assert_true(now.suspended);
	assert_string_equal(now.reason, "");
}

static void only_what_looks_after_the_store_passes_meanwhile(void **state)
{
	static const char *const through[] = { "verify.begin", "verify.read", "backup.create", "log.incident", PEN_ACT_RESUME, NULL };
	static const char *const shut[] = { "import.stage", "import.staged", "seal.sign", "report.read", "staff.add",
	    "terminal.add", "terminal.remove", PEN_ACT_SUSPEND, "account.settle", "seal.checkpoint", NULL };
	struct fixture *f = *state;
	const char *const *act;

	suspend(f);
	for (act = through; *act; act++)
		assert_int_equal(pass(f, f->session.terminal, *act, "store"), PEN_OK);
	for (act = shut; *act; act++) {
		assert_fails(pass(f, f->session.terminal, *act, "store"), PEN_REFUSED, "store.suspended");
		assert_string_equal(f->error.clause, "R7.3");
	}
	enter_with(f, PEN_ACT_RESUME, "store", NULL);
	for (act = shut; *act; act++)
		assert_int_equal(pass(f, f->session.terminal, *act, "store"), PEN_OK);
}

/* ---- terminals ---- */

static void on_another_computer_nothing_passes_but_its_own_registration(void **state)
{
	struct fixture *f = *state;

	assert_fails(pass(f, ELSEWHERE, "import.stage", "batch 1"), PEN_REFUSED, "terminal.unknown");
	assert_string_equal(f->error.clause, "R7.4");
	assert_fails(pass(f, ELSEWHERE, "verify.begin", "store"), PEN_REFUSED, "terminal.unknown");
	assert_fails(pass(f, ELSEWHERE, "terminal.add", "terminal 00"), PEN_REFUSED, "terminal.unknown");
	assert_fails(pass(f, ELSEWHERE, "terminal.add", NULL), PEN_REFUSED, "terminal.unknown");
	assert_fails(pass(f, ELSEWHERE, "terminal.remove", "terminal " ELSEWHERE), PEN_REFUSED, "terminal.unknown");
	assert_int_equal(pass(f, ELSEWHERE, "terminal.add", "terminal " ELSEWHERE), PEN_OK);
	suspend(f);
	assert_int_equal(pass(f, ELSEWHERE, "terminal.add", "terminal " ELSEWHERE), PEN_OK);
}

/* ---- a session ---- */

static struct pen_session_options options_of(struct fixture *f, const char *key)
{
	return (struct pen_session_options){ .store = f->path, .staff = "head1", .key = key, .command = "pen-test" };
}

/* The head's private key where options can name it. */
static void write_key(struct fixture *f, char *path, size_t room)
{
	char public[128];

	snprintf(path, room, "%s/head1.pem", f->dir);
	snprintf(public, sizeof(public), "%s/head1.pub", f->dir);
	assert_ok(pen_keypair__write_files(f->session.key, NULL, NULL, path, public, &f->error));
}

static void what_is_shut_out_in_the_middle_of_the_work_is_entered_when_the_session_ends(void **state)
{
	struct fixture *f = *state;
	struct pen_session_options options;
	struct pen_session *session;
	char key[128];

	write_key(f, key, sizeof(key));
	options = options_of(f, key);
	assert_ok(pen_session_open(&session, &options, &f->error));
	suspend(f);
	assert_fails(pen_session__note(session, "report.read", "test", NULL, &f->error), PEN_REFUSED, "store.suspended");
	assert_newest(f, PEN_ACT_SUSPEND, "store");
	pen_session_close(session);
	assert_newest(f, "refused", "test");
	assert_int_equal(ask(f, "SELECT text LIKE '%{\"act\":\"report.read\",\"clause\":\"R7.3\",\"code\":\"store.suspended\",\"command\":\"pen-test\"}%'"
	    " FROM journal ORDER BY at DESC LIMIT 1"), 1);
}

static void a_session_that_claims_to_be_let_through_gets_no_further_than_its_acts(void **state)
{
	struct fixture *f = *state;
	struct pen_session_options options;
	struct pen_session *session;
	char key[128];

	write_key(f, key, sizeof(key));
	suspend(f);
	options = options_of(f, key);
	assert_fails(pen_session_open(&session, &options, &f->error), PEN_REFUSED, "store.suspended");
	assert_newest(f, "refused", "staff head1");
	options.while_suspended = true;
	assert_ok(pen_session_open(&session, &options, &f->error));
	assert_fails(pen_session__note(session, "report.read", "test", NULL, &f->error), PEN_REFUSED, "store.suspended");
	assert_ok(pen_session__note(session, "verify.begin", "store", NULL, &f->error));
	pen_session_close(session);
	assert_newest(f, "refused", "test");
}

static void on_a_computer_that_was_taken_away_a_session_does_not_open(void **state)
{
	struct fixture *f = *state;
	struct pen_session_options options;
	struct pen_terminal terminal = { .name = "here" };
	struct pen_session *session;
	char key[128], subject[80];

	write_key(f, key, sizeof(key));
	memcpy(terminal.id, f->session.terminal, sizeof(terminal.id));
	snprintf(subject, sizeof(subject), "terminal %s", terminal.id);
	terminal.at = enter_with(f, "terminal.remove", subject, "{\"name\":\"here\"}");
	assert_ok(pen_terminal__enter(store_of(f), &terminal, false, &f->error));
	options = options_of(f, key);
	assert_fails(pen_session_open(&session, &options, &f->error), PEN_REFUSED, "terminal.unknown");
	assert_newest(f, "refused", "staff head1");
	options.anywhere = true;
	assert_ok(pen_session_open(&session, &options, &f->error));
	assert_fails(pen_session__note(session, "report.read", "test", NULL, &f->error), PEN_REFUSED, "terminal.unknown");
	pen_session_close(session);
}

static void a_computer_that_the_journal_did_not_take_away_was_changed(void **state)
{
	struct fixture *f = *state;
	struct pen_session_options options;
	struct pen_session *session;
	char key[128];

	write_key(f, key, sizeof(key));
	tamper(f, "UPDATE terminal SET machine = '" ELSEWHERE "'");
	options = options_of(f, key);
	assert_fails(pen_session_open(&session, &options, &f->error), PEN_INTEGRITY, "terminal.changed");
	assert_string_equal(f->error.clause, "R7.4");
	assert_newest(f, "refused", "staff head1");
	options.anywhere = true;
	assert_ok(pen_session_open(&session, &options, &f->error));
	assert_fails(pen_session__note(session, "report.read", "test", NULL, &f->error), PEN_INTEGRITY, "terminal.changed");
	pen_session_close(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(the_newest_of_suspend_and_resume_says_whether_it_is_suspended),
		WITH_STORE(a_reason_that_cannot_be_read_suspends_all_the_same),
		WITH_STORE(only_what_looks_after_the_store_passes_meanwhile),
		WITH_STORE(on_another_computer_nothing_passes_but_its_own_registration),
		WITH_STORE(what_is_shut_out_in_the_middle_of_the_work_is_entered_when_the_session_ends),
		WITH_STORE(a_session_that_claims_to_be_let_through_gets_no_further_than_its_acts),
		WITH_STORE(on_a_computer_that_was_taken_away_a_session_does_not_open),
		WITH_STORE(a_computer_that_the_journal_did_not_take_away_was_changed),
	};

	return cmocka_run_group_tests_name("store/door", tests, NULL, NULL);
}
