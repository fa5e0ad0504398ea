#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#include "base/file.h"
#include "store/making.h"

#include <sys/wait.h>

static int entries(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

/* A store as it stands before its mark goes; returned by a run that was killed there. */
static void make_and_die(struct fixture *f, const char *dir)
{
	struct pen_making making;
	struct pen_identity identity;
	struct pen_store *store;
	int status;
	pid_t child = fork();

	if (child == 0) {
		fill_identity(f, PEN_ED25519_SHA256, &identity);
		if (pen_making__take(&making, dir, &f->error) != PEN_OK ||
		    pen_store__create(&store, dir, &identity, &f->error) != PEN_OK)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void a_store_whose_making_was_stopped_is_not_opened_and_is_made_anew(void **state)
{
	struct fixture *f = *state;
	struct pen_identity identity;
	struct pen_making making;
	struct pen_store *store;

	make_and_die(f, f->path);
	assert_fails(pen_store__open(&store, f->path, true, &f->error), PEN_INPUT, "store.unfinished");
	assert_ok(pen_making__take(&making, f->path, &f->error));
	assert_int_equal(entries(f->path), 1);
	fill_identity(f, PEN_ED25519_SHA256, &identity);
	assert_ok(pen_store__create(&store, f->path, &identity, &f->error));
	pen_store__close(store);
	assert_ok(pen_making__finish(&making, NULL, &f->error));
	assert_ok(pen_store__open(&store, f->path, true, &f->error));
	pen_store__close(store);
	/* And a whole one is not made again. */
	assert_fails(pen_making__take(&making, f->path, &f->error), PEN_USAGE, "store.exists");
}

static void it_gets_its_name_when_it_is_whole_also_in_place_of_an_empty_directory(void **state)
{
	struct fixture *f = *state;
	struct pen_making making;
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s/named//", f->dir);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_ok(pen_making__take(&making, f->path, &f->error));
	assert_ok(pen_making__finish(&making, name, &f->error));
	assert_int_equal(entries(name), 0);
	assert_int_equal(entries(f->path), -1);
}

static void what_is_given_up_goes_and_a_directory_that_was_there_stays(void **state)
{
	struct fixture *f = *state;
	struct pen_making making;

	assert_ok(pen_making__take(&making, f->path, &f->error));
	pen_making__give_up(&making);
	assert_int_equal(entries(f->path), -1);
	assert_int_equal(mkdir(f->path, 0700), 0);
	assert_ok(pen_making__take(&making, f->path, &f->error));
	pen_making__give_up(&making);
	assert_int_equal(entries(f->path), 0);
	pen_making__give_up(&making);	/* harmless */
}

static void while_another_run_makes_it_it_is_busy(void **state)
{
	struct fixture *f = *state;
	struct pen_making making, second;

	assert_ok(pen_making__take(&making, f->path, &f->error));
	assert_fails(pen_making__take(&second, f->path, &f->error), PEN_BUSY, "store.busy");
	assert_int_equal(entries(f->path), 1);
	pen_making__give_up(&making);
}

static void a_directory_with_anything_else_in_it_is_not_taken(void **state)
{
	struct fixture *f = *state;
	struct pen_making making;
	char path[PATH_MAX];

	make_and_die(f, f->path);
	snprintf(path, sizeof(path), "%s/notes.txt", f->path);
	assert_ok(pen_file__save(path, "mine", 4, 0600, &f->error));
	assert_fails(pen_making__take(&making, f->path, &f->error), PEN_USAGE, "store.exists");
	assert_true(entries(f->path) > 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start_empty, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_store_whose_making_was_stopped_is_not_opened_and_is_made_anew),
		TEST(it_gets_its_name_when_it_is_whole_also_in_place_of_an_empty_directory),
		TEST(what_is_given_up_goes_and_a_directory_that_was_there_stays),
		TEST(while_another_run_makes_it_it_is_busy),
		TEST(a_directory_with_anything_else_in_it_is_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
