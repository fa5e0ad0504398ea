#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#include "base/workplace.h"

static void a_path_is_numbered_and_a_directory_of_ours_is_taken_again(void **state)
{
	struct fixture *f = *state;
	char first[PATH_MAX], second[PATH_MAX];

	assert_ok(pen_workplace__at(f->dir, "work", 0, first, &f->error));
	assert_ok(pen_workplace__at(f->dir, "work", 1, second, &f->error));
	assert_string_not_equal(first, second);
	assert_int_equal(mkdir(first, 0700), 0);
	assert_ok(pen_workplace__at(f->dir, "work", 0, second, &f->error));
	assert_string_equal(first, second);
}

static void what_others_can_reach_is_none(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX];

	umask(0);
	assert_ok(pen_workplace__at(f->dir, "work", 0, path, &f->error));
	assert_int_equal(mkdir(path, 0770), 0);
	assert_fails(pen_workplace__at(f->dir, "work", 0, path, &f->error), PEN_BUSY, "system.workplace");
	assert_ok(pen_workplace__at(f->dir, "work", 1, path, &f->error));
	assert_int_equal(symlink("/tmp", path), 0);
	assert_fails(pen_workplace__at(f->dir, "work", 1, path, &f->error), PEN_BUSY, "system.workplace");
	umask(022);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start_empty, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_path_is_numbered_and_a_directory_of_ours_is_taken_again),
		TEST(what_others_can_reach_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
