#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/sealwalk.h"

static void walk(struct year *y)
{
	struct fixture *f = y->f;

	y->count = 0;
	assert_ok(pen_sealwalk__run(&y->walk, NULL, 0, &f->error));
}

static void what_was_sealed_holds(void **state)
{
	struct year *y = *state;

	walk(y);
	assert_clean(y);
	assert_int_equal(y->walk.seals, 4);
	assert_int_equal(y->walk.folios, ask(y->f, "SELECT COUNT(*) FROM folio WHERE state = 'sealed'"));
	assert_int_equal(y->walk.leaves, 2 * PEOPLE + 4);
}

static void a_sealed_amount_that_was_changed_is_named_by_record(void **state)
{
	struct year *y = *state;
	const struct kept_finding *found;

	break_in(y, "UPDATE contribution SET personal_fen = 676000 WHERE person = 5");
	walk(y);
	finding(y, "seal.root");
	assert_string_equal(finding(y, "seal.sums")->field, "personal_fen");
	found = finding(y, "source.rows");
	assert_string_equal(found->field, "personal_fen");
	assert_string_equal(found->found, "6760.00");
	assert_string_equal(found->expected, "5760.00");
	assert_int_equal(found->batch, 4);
	assert_int_equal(found->line, 6);
	assert_non_null(strstr(found->record, "王4"));
}

static void a_signature_that_was_changed_does_not_hold(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE seal_signature SET signature = zeroblob(64) WHERE seal = 3 AND role = 'lead'");
	walk(y);
	assert_int_equal(y->count, 1);
	assert_string_equal(finding(y, "seal.signature")->record, "seal 3 of batch 3");
	assert_string_equal(finding(y, "seal.signature")->field, "lead");
}

static void a_role_that_was_not_held_then_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "DELETE FROM staff_role WHERE staff = 'lead1'");
	walk(y);
	assert_string_equal(finding(y, "seal.role")->found, "lead1: the role was not held at that entry");
}

static void one_person_for_two_roles_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE batch SET planned_by = 'lead1' WHERE id = 2");
	walk(y);
	assert_string_equal(finding(y, "seal.role")->record, "seal 2 of batch 2");
	tamper(y->f, "UPDATE batch SET planned_by = 'op1'");
	tamper(y->f, "UPDATE seal_signature SET staff = 'op1' WHERE seal = 1");
	walk(y);
	finding(y, "seal.role");
	finding(y, "seal.signature");
}

static void a_closed_seal_without_all_its_signatures_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "DELETE FROM seal_signature WHERE seal = 2 AND role = 'lead'");
	walk(y);
	assert_string_equal(finding(y, "seal.role")->found, "1 signatures");
}

static void a_state_that_no_entry_made_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE seal SET state = 'void' WHERE id = 1");
	walk(y);
	assert_string_equal(finding(y, "seal.state")->record, "seal 1 of batch 1");
}

static void a_seal_taken_out_breaks_the_chain(void **state)
{
	struct year *y = *state;

	tamper(y->f, "DELETE FROM seal WHERE id = 2");
	walk(y);
	assert_string_equal(finding(y, "seal.chain")->record, "seal 2");
	tamper(y->f, "DELETE FROM seal WHERE id = 4");
	walk(y);
	assert_non_null(strstr(y->at[y->count - 1].record, "signed by journal entry"));
}

static void what_a_seal_speaks_of_is_compared_line_by_line(void **state)
{
	struct year *y = *state;
	const struct kept_finding *found;

	tamper(y->f, "UPDATE folio SET amount_fen = amount_fen + 1 WHERE batch = 3");
	walk(y);
	found = finding(y, "seal.text");
	assert_string_equal(found->field, "amount");
	assert_string_equal(found->found, "amount: 18000000.01");
	assert_string_equal(found->expected, "amount: 18000000.00");
	assert_non_null(strstr(found->record, "seal 3 of batch 3, folio "));
}

static void an_answer_that_was_changed_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE acknowledgement SET answered_on = 20200101");
	walk(y);
	finding(y, "seal.answers");
	assert_string_equal(finding(y, "seal.text")->field, "agreed-on");
}

static void a_root_taken_away_is_found_and_stops_nothing(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE folio SET root = NULL WHERE batch = 1");
	walk(y);
	assert_string_equal(finding(y, "seal.root")->found, "none");
	finding(y, "seal.text");
}

static void a_kept_node_that_was_changed_is_told_apart_from_a_row(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE folio_node SET hash = zeroblob(32) WHERE folio = (SELECT MIN(id) FROM folio WHERE batch = 4)");
	walk(y);
	assert_int_equal(y->count, 1);
	finding(y, "seal.nodes");
}

static void only_the_batches_asked_for_are_read(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	const int64_t batches[] = { 3 };

	break_in(y, "UPDATE contribution SET personal_fen = 676000 WHERE person = 5");
	assert_ok(pen_sealwalk__run(&y->walk, batches, 1, &f->error));
	assert_clean(y);
	assert_int_equal(y->walk.seals, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SEALS(what_was_sealed_holds),
		WITH_SEALS(a_sealed_amount_that_was_changed_is_named_by_record),
		WITH_SEALS(a_signature_that_was_changed_does_not_hold),
		WITH_SEALS(a_role_that_was_not_held_then_is_found),
		WITH_SEALS(one_person_for_two_roles_is_found),
		WITH_SEALS(a_closed_seal_without_all_its_signatures_is_found),
		WITH_SEALS(a_state_that_no_entry_made_is_found),
		WITH_SEALS(a_seal_taken_out_breaks_the_chain),
		WITH_SEALS(what_a_seal_speaks_of_is_compared_line_by_line),
		WITH_SEALS(an_answer_that_was_changed_is_found),
		WITH_SEALS(a_root_taken_away_is_found_and_stops_nothing),
		WITH_SEALS(a_kept_node_that_was_changed_is_told_apart_from_a_row),
		WITH_SEALS(only_the_batches_asked_for_are_read),
	};

	return cmocka_run_group_tests_name("store/sealwalk", tests, NULL, NULL);
}
