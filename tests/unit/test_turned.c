#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/turned.h"

/* Of no bytes, and of the three lines below, by sha256sum(1). */
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define THREE "1c068dae52247841eb5d0ae525cde71f19d5dcd1cc3b884642dcb9c4a6422f29"

static void add_lines(struct fixture *f)
{
	tamper(f, "INSERT INTO reject VALUES (4, 7, 120, '缴费基数', 'amount.format', 'x\"y', 'a sum', 'no', NULL),"
	    " (4, 3, 20, '姓名', 'name.matches', '王', '李', 'no', 9), (5, 1, 1, 'a', 'b', 'c', 'd', 'e', NULL)");
	tamper(f, "INSERT INTO repair VALUES (4, 2, '姓名', 'repair.space', ' 王')");
}

static void a_batch_that_turned_nothing_down_has_the_digest_of_nothing(void **state)
{
	struct fixture *f = ((struct year *)*state)->f;
	char digest[PEN_DIGEST_HEX];

	assert_ok(pen_turned__digest(store_of(f), 4, digest, &f->error));
	assert_string_equal(digest, NOTHING);
}

static void rejects_then_repairs_are_hashed_line_by_line(void **state)
{
	struct fixture *f = ((struct year *)*state)->f;
	char digest[PEN_DIGEST_HEX];

	add_lines(f);
	assert_ok(pen_turned__digest(store_of(f), 4, digest, &f->error));
	assert_string_equal(digest, THREE);
}

static void what_mended_a_line_later_changes_nothing_and_any_other_column_does(void **state)
{
	struct fixture *f = ((struct year *)*state)->f;
	char digest[PEN_DIGEST_HEX];

	add_lines(f);
	tamper(f, "UPDATE reject SET mended_by = 12");
	assert_ok(pen_turned__digest(store_of(f), 4, digest, &f->error));
	assert_string_equal(digest, THREE);
	tamper(f, "UPDATE repair SET old = '王'");
	assert_ok(pen_turned__digest(store_of(f), 4, digest, &f->error));
	assert_string_not_equal(digest, THREE);
}

static void what_a_line_was_a_try_at_is_under_the_digest_too(void **state)
{
	struct fixture *f = ((struct year *)*state)->f;
	char digest[PEN_DIGEST_HEX], tried[PEN_DIGEST_HEX];

	add_lines(f);
	tamper(f, "INSERT INTO retry VALUES (4, 7, 30)");
	assert_ok(pen_turned__digest(store_of(f), 4, tried, &f->error));
	assert_string_not_equal(tried, THREE);
	tamper(f, "UPDATE retry SET parent_line = 31");
	assert_ok(pen_turned__digest(store_of(f), 4, digest, &f->error));
	assert_string_not_equal(digest, tried);
}

/* What a list gave, a line each. */
static enum pen_status write_down(void *context, const struct pen_turned *turned, struct pen_error *error)
{
	(void)error;
	pen_text__printf(context, "%lld %s %s\n", (long long)turned->line, turned->column, turned->code ? turned->old : turned->rule);
	return PEN_OK;
}

static void open_rejects_and_repairs_are_listed_in_order_however_many_there_are(void **state)
{
	struct fixture *f = ((struct year *)*state)->f;
	struct pen_text list = { NULL, 0, 0, false };
	size_t lines = 0, i;

	add_lines(f);
	assert_ok(pen_turned__each_open(store_of(f), 4, write_down, &list, &f->error));
	assert_string_equal(list.s, "3 姓名 name.matches\n7 缴费基数 amount.format\n");
	/* By a batch that is confirmed: batch 3. */
	tamper(f, "UPDATE reject SET mended_by = 3 WHERE line = 7");
	pen_text__clear(&list);
	assert_ok(pen_turned__each_open(store_of(f), 4, write_down, &list, &f->error));
	assert_string_equal(list.s, "3 姓名 name.matches\n");
	/* More than one slice, two codes on a line at its seam. */
	tamper(f, "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 260)"
	    " INSERT INTO repair SELECT 4, i, 'a', 'repair.case', 'x' FROM n UNION ALL SELECT 4, i, 'a', 'repair.width', 'y' FROM n");
	pen_text__clear(&list);
	assert_ok(pen_turned__each_repair(store_of(f), 4, write_down, &list, &f->error));
	for (i = 0; i < list.n; i++)
		lines += list.s[i] == '\n';
	assert_int_equal(lines, 1 + 2 * 251);
	pen_text__free(&list);
}

static void what_an_entry_held_and_what_a_batch_brought_in_are_lists_of_their_own(void **state)
{
	static const char held[] = "[\"hold\",2,\"levy.covers\",\"2.00\",\"1.00\"]\n[\"hold\",5,\"person.died\",\"x\",\"y\"]\n";
	static const char brought[] = "[\"mended\",3,9]\n[\"mended\",4,7]\n";
	struct fixture *f = ((struct year *)*state)->f;
	char digest[PEN_DIGEST_HEX], expected[PEN_DIGEST_HEX];

	assert_ok(pen_turned__holds(store_of(f), 20, digest, &f->error));
	assert_string_equal(digest, "");
	assert_ok(pen_turned__brought(store_of(f), 9, digest, &f->error));
	assert_string_equal(digest, "");
	tamper(f, "INSERT INTO hold (folio, rule, at, found, expected) VALUES (5, 'person.died', 20, 'x', 'y'),"
	    " (2, 'levy.covers', 20, '2.00', '1.00'), (2, 'levy.covers', 21, '3.00', '1.00')");
	assert_ok(pen_turned__holds(store_of(f), 20, digest, &f->error));
	assert_ok(pen_store__digest(store_of(f), held, strlen(held), expected, &f->error));
	assert_string_equal(digest, expected);
	/* Batch 9 mends 4, which mends 3; what it is said to have brought of 2 is not its. */
	tamper(f, "UPDATE batch SET parent = 3 WHERE id = 4;"
	    "INSERT INTO batch (id, agency, form, state, parent, file_name, file_digest, encoding, file_bytes, form_digest, rules_digest,"
	    " parameters_digest, reference_at, planned_by) VALUES (9, '330100', 'breakdown', 'staged', 4, 'a', 'a', 'utf-8', 1, 'a', 'a', 'a', 0, 'op1');"
	    "INSERT INTO reject SELECT b, l, 0, '', '', '', '', '', 9 FROM (SELECT 2 AS b, 5 AS l UNION ALL SELECT 3, 9 UNION ALL SELECT 4, 7)");
	assert_ok(pen_turned__brought(store_of(f), 9, digest, &f->error));
	assert_ok(pen_store__digest(store_of(f), brought, strlen(brought), expected, &f->error));
	assert_string_equal(digest, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_batch_that_turned_nothing_down_has_the_digest_of_nothing),
		WITH_YEAR(rejects_then_repairs_are_hashed_line_by_line),
		WITH_YEAR(what_mended_a_line_later_changes_nothing_and_any_other_column_does),
		WITH_YEAR(what_a_line_was_a_try_at_is_under_the_digest_too),
		WITH_YEAR(what_an_entry_held_and_what_a_batch_brought_in_are_lists_of_their_own),
		WITH_YEAR(open_rejects_and_repairs_are_listed_in_order_however_many_there_are),
	};

	return cmocka_run_group_tests_name("store/turned", tests, NULL, NULL);
}
