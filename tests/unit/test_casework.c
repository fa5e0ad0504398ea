#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "case_fixture.h"

static void a_case_goes_its_whole_way_and_keeps_who_took_each_step(void **state)
{
	static const char *const names[] = { "request", "approve", "approve", "unseal", "apply", "check", "close" };
	static const char *const people[] = { "op1", "lead1", "head2", "sys1", "amender1", "lead1", "lead2" };
	static const char *const posts[] = { "requester", "lead", "head", "syslead", "amender", "lead", "lead" };
	struct fixture *f = *state;
	struct pen_case found = { 0 };
	const int64_t id = request(f);
	size_t i;

	go(f, id, "lead1", PEN_AMENDMENT_APPROVE);
	go(f, id, "head2", PEN_AMENDMENT_APPROVE);
	unseal(f, id, "2099-01-01T00:00:00Z");
	go(f, id, "amender1", PEN_AMENDMENT_APPLY);
	go(f, id, "lead1", PEN_AMENDMENT_CHECK);
	go(f, id, "lead2", PEN_AMENDMENT_CLOSE);
	look(f, id, &found);
	assert_int_equal(found.state, PEN_AMENDMENT_CLOSED);
	assert_int_equal(found.steps, 7);
	for (i = 0; i < 7; i++) {
		assert_string_equal(pen_amendment__move_name(found.step[i].move), names[i]);
		assert_string_equal(found.step[i].staff, people[i]);
		assert_string_equal(pen_amendment__post_name(found.step[i].post), posts[i]);
		assert_int_equal(found.step[i].number, i + 1);
		assert_int_equal(strlen(found.step[i].time), 20);
	}
	assert_int_equal(found.ended_at, found.step[6].at);
	assert_int_equal(found.batch, 77);
	pen_cases__free(&found);
}

static void each_step_is_an_entry_that_binds_the_application(void **state)
{
	struct fixture *f = *state;
	const int64_t id = request(f);

	go(f, id, "lead1", PEN_AMENDMENT_APPROVE);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM journal AS j JOIN amendment_step AS s ON s.at = j.at"
	    " JOIN amendment_application AS p ON p.amendment = s.amendment"
	    " WHERE j.act = 'amend.' || s.move AND j.subject = 'case 1' AND j.text LIKE '%\"application\":\"' || p.digest || '\"%'"), 2);
}

static void a_move_out_of_turn_is_refused_and_entered_as_an_attempt(void **state)
{
	struct fixture *f = *state;
	const int64_t id = request(f);

	refuse(f, id, "sys1", PEN_AMENDMENT_UNSEAL, "amend.state", "R5.2");
	refuse(f, id, "amender1", PEN_AMENDMENT_APPLY, "amend.state", "R5.3.1");
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM journal WHERE act = 'refused' AND subject = 'case 1'"), 2);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM amendment_step"), 1);
}

static void a_role_that_somebody_has_not_is_refused(void **state)
{
	struct fixture *f = *state;
	const int64_t id = request(f);

	refuse(f, id, "head2", PEN_AMENDMENT_APPROVE, "role.missing", "R5.2");
}

static void whoever_has_a_part_in_a_case_takes_no_other(void **state)
{
	struct fixture *f = *state;
	const int64_t id = request(f);

	assert_ok(pen_staff__set_role(store_of(f), "op1", "lead", enter_act(f, "staff.add", true), true, &f->error));
	refuse(f, id, "op1", PEN_AMENDMENT_APPROVE, "amend.people", "R5.2");
	go(f, id, "lead1", PEN_AMENDMENT_APPROVE);
	assert_ok(pen_staff__set_role(store_of(f), "lead1", "head", enter_act(f, "staff.add", true), true, &f->error));
	refuse(f, id, "lead1", PEN_AMENDMENT_APPROVE, "amend.people", "R5.2");
}

static void what_was_not_made_use_of_in_time_expires_and_is_entered(void **state)
{
	struct fixture *f = *state;
	struct pen_case found = { 0 };
	const int64_t id = request(f);

	go(f, id, "lead1", PEN_AMENDMENT_APPROVE);
	go(f, id, "head2", PEN_AMENDMENT_APPROVE);
	unseal(f, id, "2020-01-01T00:00:00Z");
	refuse(f, id, "amender1", PEN_AMENDMENT_APPLY, "amend.expired", "R5.3.1");
	look(f, id, &found);
	assert_int_equal(found.state, PEN_AMENDMENT_EXPIRED);
	assert_string_equal(pen_amendment__move_name(found.step[found.steps - 1].move), "expire");
	refuse(f, id, "amender1", PEN_AMENDMENT_APPLY, "amend.state", "R5.3.1");
	pen_cases__free(&found);
}

static void a_dry_run_says_that_it_is_over_and_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct pen_case found = { 0 };
	const int64_t id = request(f);

	go(f, id, "lead1", PEN_AMENDMENT_APPROVE);
	go(f, id, "head2", PEN_AMENDMENT_APPROVE);
	unseal(f, id, "2020-01-01T00:00:00Z");
	act_as(f, "amender1");
	assert_fails(pen_casework__begin(&f->session, id, PEN_AMENDMENT_APPLY, true, &found, &f->error), PEN_REFUSED, "amend.expired");
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM amendment WHERE state = 'unsealed'"), 1);
	pen_cases__free(&found);
}

static void two_who_move_at_the_same_time_do_not_both_get_through(void **state)
{
	struct fixture *f = *state;
	struct pen_case first = { 0 };
	const int64_t id = request(f);

	act_as(f, "lead1");
	assert_ok(pen_casework__begin(&f->session, id, PEN_AMENDMENT_APPROVE, false, &first, &f->error));
	go(f, id, "lead2", PEN_AMENDMENT_APPROVE);
	act_as(f, "lead1");
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_fails(pen_casework__make(&f->session, &first, &(struct pen_casework){ .move = PEN_AMENDMENT_APPROVE }, NULL, &f->error),
	    PEN_REFUSED, "amend.state");
	pen_db__rollback(pen_store__db(store_of(f)));
	pen_cases__free(&first);
}

static void a_record_is_claimed_while_its_case_is_open(void **state)
{
	static const struct pen_cases_claim claim = { .folio = 5, .subject = 21, .line = 17, .kind = "contribution" };
	struct fixture *f = *state;
	const int64_t id = request(f);
	int64_t other;

	assert_ok(pen_cases__claimed(store_of(f), &claim, 0, &other, &f->error));
	assert_int_equal(other, id);
	assert_ok(pen_cases__claimed(store_of(f), &claim, id, &other, &f->error));
	assert_int_equal(other, 0);
	go(f, id, "op1", PEN_AMENDMENT_WITHDRAW);
	assert_ok(pen_cases__claimed(store_of(f), &claim, 0, &other, &f->error));
	assert_int_equal(other, 0);
}

static void nothing_of_a_case_is_changed_or_deleted(void **state)
{
	static const char *const attempts[] = {
		"DELETE FROM amendment", "UPDATE amendment SET agency = '330106'", "UPDATE amendment SET requested_by = 'op2'",
		"DELETE FROM amendment_application", "UPDATE amendment_application SET reason = 'x'",
		"DELETE FROM amendment_record", "UPDATE amendment_record SET line = 1",
		"DELETE FROM amendment_field", "UPDATE amendment_field SET new = '1'",
		"DELETE FROM amendment_step", "UPDATE amendment_step SET at = 1",
	};
	struct fixture *f = *state;
	size_t i;

	request(f);
	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		assert_int_equal(pen_db__exec(pen_store__db(store_of(f)), attempts[i], &f->error), PEN_REFUSED);
}

static void a_reason_is_one_line_that_says_something(void **state)
{
	struct fixture *f = *state;
	const char *reason;
	size_t n;

	assert_ok(pen_casework__reason("reason", "  录错 ", &reason, &n, &f->error));
	assert_int_equal(n, strlen("录错"));
	assert_fails(pen_casework__reason("reason", NULL, &reason, &n, &f->error), PEN_USAGE, "amend.reason");
	assert_fails(pen_casework__reason("reason", " ", &reason, &n, &f->error), PEN_USAGE, "amend.reason");
	assert_fails(pen_casework__reason("reason", "a\nb", &reason, &n, &f->error), PEN_USAGE, "amend.reason");
	assert_fails(pen_casework__reason("reason", "\xff", &reason, &n, &f->error), PEN_USAGE, "amend.reason");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASES(a_case_goes_its_whole_way_and_keeps_who_took_each_step),
		WITH_CASES(each_step_is_an_entry_that_binds_the_application),
		WITH_CASES(a_move_out_of_turn_is_refused_and_entered_as_an_attempt),
		WITH_CASES(a_role_that_somebody_has_not_is_refused),
		WITH_CASES(whoever_has_a_part_in_a_case_takes_no_other),
		WITH_CASES(what_was_not_made_use_of_in_time_expires_and_is_entered),
		WITH_CASES(a_dry_run_says_that_it_is_over_and_writes_nothing),
		WITH_CASES(two_who_move_at_the_same_time_do_not_both_get_through),
		WITH_CASES(a_record_is_claimed_while_its_case_is_open),
		WITH_CASES(nothing_of_a_case_is_changed_or_deleted),
		WITH_CASES(a_reason_is_one_line_that_says_something),
	};

	return cmocka_run_group_tests_name("store/casework", tests, NULL, NULL);
}
