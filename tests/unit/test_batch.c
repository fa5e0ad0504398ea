#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/batch.h"
#include "store/receipt.h"

/* A batch in state staging, whose file's digest is all of one digit. */
static struct pen_batch plan(struct fixture *f, const char *form, char digit)
{
	struct pen_batch batch = { .agency = "330100", .encoding = "UTF-8", .file_bytes = 12, .reference_at = 0 };

	snprintf(batch.form, sizeof(batch.form), "%s", form);
	snprintf(batch.file_name, sizeof(batch.file_name), "%c.csv", digit);
	snprintf(batch.planned_by, sizeof(batch.planned_by), "op1");
	memset(batch.file_digest, digit, 64);
	assert_ok(pen_batch__plan(store_of(f), &batch, &f->error));
	return batch;
}

static struct pen_batch find(struct fixture *f, int64_t id)
{
	struct pen_batch batch;
	bool found;

	assert_ok(pen_batch__find(store_of(f), id, &batch, &found, &f->error));
	assert_true(found);
	return batch;
}

static void batches_are_numbered_from_1_in_the_order_of_their_plans(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(plan(f, "levy", '1').id, 1);
	assert_int_equal(plan(f, "levy", '2').id, 2);
	assert_int_equal(plan(f, "breakdown", '3').id, 3);
}

static void a_plan_is_read_as_it_was_entered(void **state)
{
	struct fixture *f = *state;
	struct pen_batch made, read;

	plan(f, "levy", '1');
	made = plan(f, "levy", '2');
	read = find(f, made.id);
	assert_string_equal(read.state, "staging");
	assert_string_equal(read.form, "levy");
	assert_string_equal(read.file_digest, made.file_digest);
	assert_string_equal(read.planned_by, "op1");
	assert_int_equal(read.parent, 0);
	assert_int_equal(read.rows_done, 0);
	assert_int_equal(read.staged_at, -1);
	assert_int_equal(read.confirmed_at, -1);
	assert_int_equal(read.ended_at, -1);
}

static void what_is_not_there_is_not_found(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch;
	bool found = true;

	assert_ok(pen_batch__find(store_of(f), 1, &batch, &found, &f->error));
	assert_false(found);
	assert_ok(pen_batch__of_file(store_of(f), "00", "levy", &batch, &found, &f->error));
	assert_false(found);
}

static void a_file_is_found_by_digest_and_form_until_it_is_discarded(void **state)
{
	struct fixture *f = *state;
	struct pen_batch made = plan(f, "levy", '7'), read;
	bool found;

	assert_ok(pen_batch__of_file(store_of(f), made.file_digest, "levy", &read, &found, &f->error));
	assert_true(found);
	assert_int_equal(read.id, made.id);
	assert_ok(pen_batch__of_file(store_of(f), made.file_digest, "breakdown", &read, &found, &f->error));
	assert_false(found);
	assert_ok(pen_batch__set_state(store_of(f), made.id, "discarded", 5, &f->error));
	assert_ok(pen_batch__of_file(store_of(f), made.file_digest, "levy", &read, &found, &f->error));
	assert_false(found);
	assert_int_equal(plan(f, "levy", '7').id, made.id + 1);
}

static void the_same_file_cannot_be_planned_twice_for_one_form(void **state)
{
	struct fixture *f = *state;
	struct pen_batch again = plan(f, "levy", '7');

	assert_fails(pen_batch__plan(store_of(f), &again, &f->error), PEN_SYSTEM, "db.constraint");
	assert_int_equal(plan(f, "breakdown", '7').id, 2);
}

static void each_state_keeps_the_index_of_its_entry(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = plan(f, "levy", '1');

	assert_ok(pen_batch__set_state(store_of(f), batch.id, "staged", 3, &f->error));
	assert_ok(pen_batch__set_state(store_of(f), batch.id, "confirmed", 4, &f->error));
	batch = find(f, batch.id);
	assert_string_equal(batch.state, "confirmed");
	assert_int_equal(batch.staged_at, 3);
	assert_int_equal(batch.confirmed_at, 4);
	assert_int_equal(batch.ended_at, -1);
}

static void progress_and_figures_are_kept(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = plan(f, "levy", '1');
	char *json;

	assert_ok(pen_batch__progress(store_of(f), batch.id, 50000, &f->error));
	assert_int_equal(find(f, batch.id).rows_done, 50000);
	snprintf(batch.state, sizeof(batch.state), "staged");
	batch.rows_done = batch.lines_accepted = 60000;
	batch.lines_read = 60003;
	batch.lines_rejected = 2;
	batch.lines_other = 1;
	batch.read_fen = INT64_MAX;
	batch.staged_at = 9;
	snprintf(batch.rejects_file, sizeof(batch.rejects_file), "r.csv");
	assert_ok(pen_batch__staged(store_of(f), &batch, "[{\"code\":\"x\"}]", &f->error));
	batch = find(f, batch.id);
	assert_string_equal(batch.state, "staged");
	assert_int_equal(batch.lines_read, 60003);
	assert_int_equal(batch.read_fen, INT64_MAX);
	assert_string_equal(batch.rejects_file, "r.csv");
	assert_int_equal(batch.staged_at, 9);
	assert_ok(pen_batch__assumptions(store_of(f), batch.id, &json, &f->error));
	assert_string_equal(json, "[{\"code\":\"x\"}]");
	pen_memory__free(json);
}

/* ---- selection ---- */

static void assert_selects(struct fixture *f, const char *text, size_t count, const int64_t *expected)
{
	size_t n;
	int64_t *ids;

	assert_ok(pen_batch__select(store_of(f), "batch", text, &ids, &n, &f->error));
	assert_int_equal(n, count);
	assert_memory_equal(ids, expected, count * sizeof(*ids));
	pen_memory__free(ids);
}

static void batches_are_named_by_number_range_and_list(void **state)
{
	struct fixture *f = *state;
	char digit;

	for (digit = '1'; digit <= '5'; digit++)
		plan(f, "levy", digit);
	assert_selects(f, "4", 1, (const int64_t[]){ 4 });
	assert_selects(f, "1-4", 4, (const int64_t[]){ 1, 2, 3, 4 });
	assert_selects(f, "1,3-5", 4, (const int64_t[]){ 1, 3, 4, 5 });
	assert_selects(f, "3,1-3,2", 3, (const int64_t[]){ 1, 2, 3 });
	assert_selects(f, "5-5", 1, (const int64_t[]){ 5 });
}

static void a_number_that_is_not_there_is_named(void **state)
{
	struct fixture *f = *state;
	int64_t *ids;
	size_t n;

	plan(f, "levy", '1');
	assert_fails(pen_batch__select(store_of(f), "batch", "1-999999999999", &ids, &n, &f->error), PEN_USAGE, "select.none");
	assert_non_null(strstr(f->error.text, "batch 2"));
	assert_fails(pen_batch__select(store_of(f), "folio", "1", &ids, &n, &f->error), PEN_USAGE, "select.none");
	assert_non_null(strstr(f->error.text, "folio 1"));
}

static void what_is_no_list_of_numbers_is_refused(void **state)
{
	static const char *const bad[] = { "", "0", "-1", "1-", "1,", ",1", "2-1", "1 2", "a", "1-2-3", "1,,2",
		"99999999999999999999", "１" };
	struct fixture *f = *state;
	int64_t *ids;
	size_t n, i;

	plan(f, "levy", '1');
	plan(f, "levy", '2');
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_fails(pen_batch__select(store_of(f), "batch", bad[i], &ids, &n, &f->error), PEN_USAGE, "select.syntax");
	assert_fails(pen_batch__select(store_of(f), "folio", "x", &ids, &n, &f->error), PEN_USAGE, "select.syntax");
	assert_non_null(strstr(f->error.text, "names no folio"));
}

/* ---- each ---- */

static enum pen_status discard_visited(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct fixture *f = context;

	return pen_batch__set_state(store_of(f), batch->id, "discarded", batch->id, error);
}

static void a_visit_may_write(void **state)
{
	struct fixture *f = *state;

	plan(f, "levy", '1');
	plan(f, "levy", '2');
	assert_ok(pen_batch__each(store_of(f), discard_visited, f, &f->error));
	assert_string_equal(find(f, 2).state, "discarded");
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM batch WHERE ended_at = id"), 2);
}

static void what_is_still_staged_has_a_receipt_that_need_not_add_up(void **state)
{
	struct fixture *f = *state;
	struct pen_receipt *receipt;
	struct pen_batch made = plan(f, "levy", '1');
	char *json;

	tamper(f, "UPDATE batch SET lines_read = 7");
	assert_ok(pen_receipt__load(store_of(f), made.id, &receipt, &f->error));
	assert_int_equal(receipt->accepted, 0);
	pen_receipt__free(receipt);
	assert_fails(pen_receipt__load(store_of(f), made.id + 1, &receipt, &f->error), PEN_USAGE, "select.none");
	assert_ok(pen_batch__assumptions(store_of(f), made.id + 1, &json, &f->error));
	assert_string_equal(json, "[]");
	pen_memory__free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(batches_are_numbered_from_1_in_the_order_of_their_plans),
		WITH_STORE(a_plan_is_read_as_it_was_entered),
		WITH_STORE(what_is_not_there_is_not_found),
		WITH_STORE(a_file_is_found_by_digest_and_form_until_it_is_discarded),
		WITH_STORE(the_same_file_cannot_be_planned_twice_for_one_form),
		WITH_STORE(each_state_keeps_the_index_of_its_entry),
		WITH_STORE(progress_and_figures_are_kept),
		WITH_STORE(batches_are_named_by_number_range_and_list),
		WITH_STORE(a_number_that_is_not_there_is_named),
		WITH_STORE(what_is_no_list_of_numbers_is_refused),
		WITH_STORE(a_visit_may_write),
		WITH_STORE(what_is_still_staged_has_a_receipt_that_need_not_add_up),
	};

	return cmocka_run_group_tests_name("store/batch", tests, NULL, NULL);
}
