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

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_batch_that_turned_nothing_down_has_the_digest_of_nothing),
		WITH_YEAR(rejects_then_repairs_are_hashed_line_by_line),
		WITH_YEAR(what_mended_a_line_later_changes_nothing_and_any_other_column_does),
	};

	return cmocka_run_group_tests_name("store/turned", tests, NULL, NULL);
}
