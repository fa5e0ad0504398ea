#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/actwalk.h"

static void walk(struct year *y)
{
	struct fixture *f = y->f;

	y->count = 0;
	assert_ok(pen_actwalk__run(&y->walk, &f->error));
}

static void what_the_flows_wrote_is_what_their_entries_say(void **state)
{
	struct year *y = *state;

	walk(y);
	assert_clean(y);
}

static void a_batch_planned_by_somebody_else_is_found(void **state)
{
	struct year *y = *state;
	const struct kept_finding *found;

	tamper(y->f, "UPDATE batch SET planned_by = 'op2' WHERE id = 2");
	walk(y);
	found = finding(y, "journal.acts");
	assert_string_equal(found->field, "staff");
	assert_string_equal(found->found, "op2");
	assert_string_equal(found->expected, "op1");
	assert_int_equal(found->batch, 2);
}

static void a_receipt_that_was_changed_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE batch SET lines_rejected = 1 WHERE id = 4");
	walk(y);
	assert_int_equal(y->count, 1);
	assert_string_equal(finding(y, "journal.acts")->field, "rejected");
}

static void a_folio_more_than_were_confirmed_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE folio SET confirmed_at = (SELECT confirmed_at FROM folio WHERE batch = 1), batch = 1 WHERE batch = 3");
	walk(y);
	assert_string_equal(finding(y, "journal.acts")->field, "amount_fen");
}

static void a_record_taken_out_is_told_as_gone(void **state)
{
	struct year *y = *state;

	tamper(y->f, "DELETE FROM batch WHERE id = 3");
	walk(y);
	assert_string_equal(finding(y, "journal.acts")->found, "no such record");
	assert_int_equal(finding(y, "journal.acts")->batch, 3);
}

static void keys_are_bound_by_their_digest(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	char digest[PEN_DIGEST_HEX];
	struct pen_body body;
	int64_t at;

	/* As pen-admin enters somebody. */
	assert_ok(pen_store__digest(store_of(f), f->pem, strlen(f->pem), digest, &f->error));
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "agency", "330100");
	pen_entry__body_text(&body, "key", digest);
	pen_entry__body_text(&body, "name", "钱六");
	pen_entry__body_text(&body, "role", "dba");
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_session__act(&f->session, "staff.add", "staff dba1", pen_entry__body_close(&body), true, &at, &f->error));
	assert_ok(pen_staff__enter(store_of(f), &(struct pen_staff){ "dba1", "钱六", "330100" }, at, &f->error));
	assert_ok(pen_staff__set_key(store_of(f), "dba1", at, f->pem, &f->error));
	assert_ok(pen_staff__set_role(store_of(f), "dba1", "dba", at, true, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	pen_entry__body_free(&body);
	walk(y);
	assert_clean(y);
	tamper(f, "UPDATE staff_key SET public_key = (SELECT public_key FROM staff_key WHERE staff = 'op1') WHERE staff = 'dba1'");
	tamper(f, "UPDATE staff SET agency = '330106' WHERE id = 'dba1'");
	walk(y);
	assert_int_equal(y->count, 2);
	assert_string_equal(y->at[0].field, "agency");
	assert_string_equal(y->at[1].field, "key");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(what_the_flows_wrote_is_what_their_entries_say),
		WITH_YEAR(a_batch_planned_by_somebody_else_is_found),
		WITH_YEAR(a_receipt_that_was_changed_is_found),
		WITH_YEAR(a_folio_more_than_were_confirmed_is_found),
		WITH_YEAR(a_record_taken_out_is_told_as_gone),
		WITH_YEAR(keys_are_bound_by_their_digest),
	};

	return cmocka_run_group_tests_name("store/actwalk", tests, NULL, NULL);
}
