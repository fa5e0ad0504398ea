#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

static struct pen_db *db_of(struct fixture *f)
{
	return pen_store__db(f->session.store);
}

/* A person with one role, and a key pair where keys are looked for. */
static struct pen_key *enter_person(struct fixture *f, const char *id, const char *role)
{
	struct pen_staff staff = { .name = "张三", .agency = "330100" };
	char private[128], public[128], dir[96], *pem;
	struct pen_key *key;
	int64_t at = enter_act(f, "staff.add", true);

	snprintf(staff.id, sizeof(staff.id), "%s", id);
	assert_ok(pen_signature__generate(&key, PEN_ED25519_SHA256, &f->error));
	assert_ok(pen_signature__write_public(key, &pem, &f->error));
	assert_ok(pen_staff__enter(store_of(f), &staff, at, &f->error));
	assert_ok(pen_staff__set_key(store_of(f), id, at, pem, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), id, role, at, true, &f->error));
	snprintf(dir, sizeof(dir), "%s/pen", f->dir);
	assert_ok(pen_file__directory(dir, 0700, &f->error));
	snprintf(private, sizeof(private), "%s/%s.pem", dir, id);
	snprintf(public, sizeof(public), "%s/%s.pub", dir, id);
	assert_ok(pen_keypair__write_files(key, NULL, NULL, private, public, &f->error));
	pen_memory__free(pem);
	return key;
}

static enum pen_status open_as(struct fixture *f, const char *staff, const char *key, struct pen_session **session)
{
	struct pen_session_options options = { .store = f->path, .staff = staff, .key = key };

	return pen_session_open(session, &options, &f->error);
}

/* The newest entry's act, subject, and whether it is signed. */
static void assert_newest(struct fixture *f, const char *act, const char *subject, bool is_signed)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SELECT act = '%s' AND subject = '%s' AND (signature IS NOT NULL) = %d"
	    " FROM journal ORDER BY at DESC LIMIT 1", act, subject, is_signed);
	assert_int_equal(ask(f, sql), 1);
}

/* ---- opening ---- */

static void a_session_knows_who_acts_where_and_signs_with_their_key(void **state)
{
	struct fixture *f = *state;
	struct pen_key *key = enter_person(f, "op1", "operator");
	struct pen_session *session;

	assert_ok(open_as(f, "op1", NULL, &session));
	assert_string_equal(session->staff.id, "op1");
	assert_string_equal(session->staff.name, "张三");
	assert_int_equal(strlen(session->terminal), 64);
	assert_true(pen_signature__same(session->key, key));
	assert_ok(pen_session__note(session, "report.read", "test", NULL, &f->error));
	pen_session_close(session);
	assert_newest(f, "report.read", "test", true);
	assert_int_equal(ask(f, "SELECT staff = 'op1' FROM journal ORDER BY at DESC LIMIT 1"), 1);
	pen_signature__free(key);
}

static void a_session_needs_a_store_and_on_a_living_one_somebody(void **state)
{
	struct pen_session_options options = { .store = NULL, .staff = "op1" };
	struct fixture *f = *state;
	struct pen_session *session;

	assert_fails(pen_session_open(&session, &options, &f->error), PEN_USAGE, "store.unnamed");
	options.store = "";
	assert_fails(pen_session_open(&session, &options, &f->error), PEN_USAGE, "store.unnamed");
	options.store = f->dir;
	assert_fails(pen_session_open(&session, &options, &f->error), PEN_INPUT, "store.missing");
	assert_fails(open_as(f, NULL, NULL, &session), PEN_USAGE, "staff.missing");
	assert_fails(open_as(f, "", NULL, &session), PEN_USAGE, "staff.missing");
	assert_int_equal(ask(f, "SELECT count(*) FROM journal"), 1);
	pen_session_close(NULL);
}

static void somebody_unknown_is_refused_and_the_attempt_entered_unsigned(void **state)
{
	struct fixture *f = *state;
	struct pen_session *session;

	assert_fails(open_as(f, "mallory", NULL, &session), PEN_REFUSED, "staff.unknown");
	assert_string_equal(f->error.clause, "R3");
	assert_newest(f, "refused", "staff mallory", false);
	assert_fails(open_as(f, "two\nlines", NULL, &session), PEN_REFUSED, "staff.unknown");
	assert_newest(f, "refused", "staff two?lines", false);
	assert_int_equal(ask(f, "SELECT count(*) FROM journal WHERE staff IS NULL"), 2);
}

static void a_key_that_is_missing_or_anothers_is_refused_and_entered_unsigned(void **state)
{
	struct fixture *f = *state;
	struct pen_session *session;
	char path[128];

	pen_signature__free(enter_person(f, "op1", "operator"));
	pen_signature__free(enter_person(f, "op2", "operator"));
	snprintf(path, sizeof(path), "%s/pen/op2.pem", f->dir);
	assert_fails(open_as(f, "op1", path, &session), PEN_REFUSED, "key.other");
	assert_newest(f, "refused", "staff op1", false);
	assert_fails(open_as(f, "op1", "/nowhere/op1.pem", &session), PEN_REFUSED, "key.missing");
	assert_newest(f, "refused", "staff op1", false);
	assert_fails(open_as(f, "op1", f->dir, &session), PEN_INPUT, "file.directory");
	snprintf(path, sizeof(path), "%s/pen/op1.pub", f->dir);
	assert_fails(open_as(f, "op1", path, &session), PEN_INPUT, "key.unreadable");
}

static void somebody_whose_roles_were_all_taken_away_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_session *session;
	int64_t at;

	pen_signature__free(enter_person(f, "op1", "operator"));
	at = enter_act(f, "staff.revoke", true);
	assert_ok(pen_staff__set_role(store_of(f), "op1", "operator", at, false, &f->error));
	assert_fails(open_as(f, "op1", NULL, &session), PEN_REFUSED, "staff.revoked");
}

static void a_copy_is_read_without_staff_and_key_and_nothing_is_entered(void **state)
{
	static const char *const roles[] = { "operator", NULL };
	struct fixture *f = *state;
	struct pen_session *session;
	char path[128];
	int64_t at = 0;

	pen_signature__free(enter_person(f, "op1", "operator"));
	snprintf(path, sizeof(path), "%s/%s", f->path, PEN_RESTORED_MARKER);
	assert_ok(pen_file__save(path, "", 0, 0600, &f->error));
	assert_ok(open_as(f, NULL, NULL, &session));
	assert_string_equal(session->staff.id, "");
	assert_null(session->key);
	assert_ok(pen_session__note(session, "report.read", "test", NULL, &f->error));
	assert_ok(pen_session__act(session, "import.confirm", "batch 1", NULL, true, &at, &f->error));
	assert_int_equal(at, -1);
	assert_fails(pen_session__writable(session, &f->error), PEN_REFUSED, "store.copy");
	assert_fails(pen_session__require(session, roles, NULL, "R4.1.1", "import.stage", &f->error), PEN_REFUSED, "role.missing");
	pen_session_close(session);
	/* Who names themselves is named, and still needs no key. */
	assert_ok(open_as(f, "op1", "/nowhere", &session));
	assert_string_equal(session->staff.name, "张三");
	pen_session_close(session);
	assert_int_equal(ask(f, "SELECT count(*) FROM journal"), 2);
}

/* ---- what may be done ---- */

static void one_of_the_roles_must_be_held_for_that_agency(void **state)
{
	static const char *const either[] = { "lead", "operator", NULL }, *const lead[] = { "lead", NULL };
	struct fixture *f = *state;
	struct pen_session *session;

	pen_signature__free(enter_person(f, "op1", "operator"));
	assert_ok(open_as(f, "op1", NULL, &session));
	assert_ok(pen_session__require(session, either, NULL, "R4.1.1", "seal.close", &f->error));
	assert_ok(pen_session__require(session, either, "330100", "R4.1.1", "seal.close", &f->error));
	assert_fails(pen_session__require(session, lead, NULL, "R4.2.3", "seal.sign", &f->error), PEN_REFUSED, "role.missing");
	assert_string_equal(f->error.clause, "R4.2.3");
	assert_newest(f, "refused", "staff op1", true);
	assert_int_equal(ask(f, "SELECT text LIKE '%body: {\"act\":\"seal.sign\",\"clause\":\"R4.2.3\",\"code\":\"role.missing\"}%'"
	    " FROM journal ORDER BY at DESC LIMIT 1"), 1);
	assert_fails(pen_session__require(session, either, "330106", "R4.1.1", "seal.close", &f->error), PEN_REFUSED, "role.missing");
	pen_session_close(session);
}

static void a_refusal_that_a_flow_decided_on_is_entered_and_handed_on(void **state)
{
	struct fixture *f = *state;

	pen_error__refuse(&f->error, "R4.2.3", "seal.same-person", "no");
	assert_int_equal(pen_session__refused(&f->session, "seal.sign", "batch 4", &f->error), PEN_REFUSED);
	assert_string_equal(f->error.code, "seal.same-person");
	assert_newest(f, "refused", "batch 4", true);
}

static void an_act_goes_with_its_transaction(void **state)
{
	struct fixture *f = *state;
	int64_t at;

	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_ok(pen_session__act(&f->session, "test.act", NULL, NULL, true, &at, &f->error));
	pen_db__rollback(db_of(f));
	assert_int_equal(ask(f, "SELECT count(*) FROM journal"), 1);
}

/* ---- small things ---- */

/* SHA-256 of "pen-terminal/" and the id, made anew here. */
static void a_terminal_is_the_digest_of_the_machines_id(void **state)
{
	char text[300] = "pen-terminal/", out[PEN_DIGEST_HEX], again[PEN_DIGEST_HEX], *id;
	struct fixture *f = *state;
	size_t n;

	assert_ok(pen_session__terminal(store_of(f), out, &f->error));
	if (pen_file__load("/etc/machine-id", 200, &id, &n, &f->error) == PEN_OK) {
		if (n > 1) {
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%.*s", (int)strcspn(id, "\n"), id);
			assert_ok(pen_store__digest(store_of(f), text, strlen(text), again, &f->error));
			assert_string_equal(out, again);
		}
		pen_memory__free(id);
	}
	assert_ok(pen_session__terminal(store_of(f), again, &f->error));
	assert_string_equal(out, again);
}

static void keys_lie_where_they_are_given_else_in_the_configuration(void **state)
{
	struct fixture *f = *state;
	char out[PATH_MAX];

	assert_ok(pen_session__key_path("/keys", "op1.pem", out, sizeof(out), &f->error));
	assert_string_equal(out, "/keys/op1.pem");
	setenv("XDG_CONFIG_HOME", "/config", 1);
	assert_ok(pen_session__key_path(NULL, "op1.pem", out, sizeof(out), &f->error));
	assert_string_equal(out, "/config/pen/op1.pem");
	setenv("XDG_CONFIG_HOME", "relative", 1);	/* to be ignored, as its specification says */
	setenv("HOME", "/home/op1", 1);
	assert_ok(pen_session__key_path(NULL, "op1.pem", out, sizeof(out), &f->error));
	assert_string_equal(out, "/home/op1/.config/pen/op1.pem");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
	assert_fails(pen_session__key_path(NULL, "op1.pem", out, sizeof(out), &f->error), PEN_USAGE, "key.where");
	assert_fails(pen_session__key_path("/keys", "op1.pem", out, 8, &f->error), PEN_SYSTEM, "system.path");
}

struct told { char step[32]; int64_t done, total; bool stop; };

static void listen(void *context, const char *step, int64_t done, int64_t total)
{
	struct told *told = context;

	snprintf(told->step, sizeof(told->step), "%s", step);
	told->done = done;
	told->total = total;
}

static bool asked_to_stop(void *context)
{
	return ((struct told *)context)->stop;
}

static void progress_is_told_and_a_wish_to_stop_is_heard_where_somebody_listens(void **state)
{
	struct fixture *f = *state;
	struct told told = { .step = "" };

	pen_session__progress(&f->session, "loading", 1, 2);
	assert_false(pen_session__stopped(&f->session));
	f->session.options.context = &told;
	f->session.options.progress = listen;
	f->session.options.stopped = asked_to_stop;
	pen_session__progress(&f->session, "loading", 3, -1);
	assert_string_equal(told.step, "loading");
	assert_int_equal(told.done, 3);
	assert_int_equal(told.total, -1);
	assert_false(pen_session__stopped(&f->session));
	told.stop = true;
	assert_true(pen_session__stopped(&f->session));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_session_knows_who_acts_where_and_signs_with_their_key),
		WITH_STORE(a_session_needs_a_store_and_on_a_living_one_somebody),
		WITH_STORE(somebody_unknown_is_refused_and_the_attempt_entered_unsigned),
		WITH_STORE(a_key_that_is_missing_or_anothers_is_refused_and_entered_unsigned),
		WITH_STORE(somebody_whose_roles_were_all_taken_away_is_refused),
		WITH_STORE(a_copy_is_read_without_staff_and_key_and_nothing_is_entered),
		WITH_STORE(one_of_the_roles_must_be_held_for_that_agency),
		WITH_STORE(a_refusal_that_a_flow_decided_on_is_entered_and_handed_on),
		WITH_STORE(an_act_goes_with_its_transaction),
		WITH_STORE(a_terminal_is_the_digest_of_the_machines_id),
		WITHOUT_STORE(keys_lie_where_they_are_given_else_in_the_configuration),
		WITH_STORE(progress_is_told_and_a_wish_to_stop_is_heard_where_somebody_listens),
	};

	return cmocka_run_group_tests_name("store/session", tests, NULL, NULL);
}
