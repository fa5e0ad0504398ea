#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "backup_fixture.h"

#include <sys/wait.h>

static void scratch_goes_away_with_all_that_is_in_it(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];

	path_of(f, path, "work.tmp");
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	save(f, "work.tmp/pen.db", "x", 1);
	pen_scratch__clear(&scratch);
	assert_int_equal(count_entries(path), -1);
	pen_scratch__clear(&scratch);	/* harmless */
}

static void what_a_killed_run_left_in_scratch_is_removed(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];
	int status;
	pid_t child;

	path_of(f, path, "work.tmp");
	child = fork();
	if (child == 0) {
		if (pen_scratch__take(&scratch, path, &f->error) != PEN_OK)
			_exit(1);
		save(f, "work.tmp/pen.db", "x", 1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(count_entries(path), 2);
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	assert_int_equal(count_entries(path), 1);	/* the mark */
	pen_scratch__clear(&scratch);
}

/* (What cannot be removed is a directory here; a failing disk leaves files.) */
static void what_could_not_be_removed_is_known_for_ours_by_the_next_run(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX], stuck[PATH_MAX];

	path_of(f, path, "work.tmp");
	path_of(f, stuck, "work.tmp/stuck");
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	assert_int_equal(mkdir(stuck, 0700), 0);
	pen_scratch__clear(&scratch);
	assert_int_equal(count_entries(path), 2);	/* with the mark */
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	assert_int_equal(rmdir(stuck), 0);
	pen_scratch__clear(&scratch);
	assert_int_equal(count_entries(path), -1);
}

static void scratch_in_use_is_busy(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch, second;
	char path[PATH_MAX];

	path_of(f, path, "work.tmp");
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	save(f, "work.tmp/pen.db", "x", 1);
	assert_fails(pen_scratch__take(&second, path, &f->error), PEN_BUSY, "backup.busy");
	assert_int_equal(count_entries(path), 2);
	pen_scratch__clear(&scratch);
}

static void a_directory_of_somebody_else_is_no_scratch(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];

	path_of(f, path, "store.tmp");
	assert_int_equal(mkdir(path, 0700), 0);
	save(f, "store.tmp/pen.db", "x", 1);
	assert_fails(pen_scratch__take(&scratch, path, &f->error), PEN_USAGE, "backup.in-the-way");
	assert_int_equal(count_entries(path), 1);
	pen_scratch__clear(&scratch);
	assert_int_equal(count_entries(path), 1);
}

static void an_empty_directory_will_do_for_scratch(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];

	path_of(f, path, "work.tmp");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	pen_scratch__clear(&scratch);
}

static void scratch_gets_its_name_and_loses_its_mark(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX], target[PATH_MAX];

	path_of(f, path, "work.tmp");
	path_of(f, target, "done");
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	save(f, "work.tmp/pen.db", "x", 1);
	assert_ok(pen_scratch__publish(&scratch, target, &f->error));
	assert_int_equal(count_entries(path), -1);
	assert_int_equal(count_entries(target), 1);
	pen_scratch__clear(&scratch);	/* it is not scratch any more */
	assert_int_equal(count_entries(target), 1);
}

static void scratch_takes_the_name_of_nothing_that_is_there(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX], target[PATH_MAX];

	path_of(f, path, "work.tmp");
	path_of(f, target, "done");
	assert_int_equal(mkdir(target, 0700), 0);
	save(f, "done/pen.db", "x", 1);
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	assert_fails(pen_scratch__publish(&scratch, target, &f->error), PEN_SYSTEM, "system.io");
	pen_scratch__clear(&scratch);
	assert_int_equal(count_entries(path), -1);
	assert_int_equal(count_entries(target), 1);
}

/* ---- files ---- */

static void a_file_is_put_in_its_place_for_its_owner_alone(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX], place[PATH_MAX], *bytes;
	struct stat st;
	size_t n;

	path_of(f, path, "work.tmp");
	path_of(f, place, "file");
	save(f, "file", "before", 6);
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	assert_ok(pen_scratch__place(&scratch, place, "after", 5, &f->error));
	assert_ok(pen_scratch__sync(f->dir, &f->error));
	assert_int_equal(count_entries(path), 1);	/* the mark */
	pen_scratch__clear(&scratch);
	assert_ok(pen_file__load(place, 100, &bytes, &n, &f->error));
	assert_string_equal(bytes, "after");
	assert_int_equal(stat(place, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	pen_memory__free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT_STORE(scratch_goes_away_with_all_that_is_in_it),
		WITHOUT_STORE(what_a_killed_run_left_in_scratch_is_removed),
		WITHOUT_STORE(what_could_not_be_removed_is_known_for_ours_by_the_next_run),
		WITHOUT_STORE(scratch_in_use_is_busy),
		WITHOUT_STORE(a_directory_of_somebody_else_is_no_scratch),
		WITHOUT_STORE(an_empty_directory_will_do_for_scratch),
		WITHOUT_STORE(scratch_gets_its_name_and_loses_its_mark),
		WITHOUT_STORE(scratch_takes_the_name_of_nothing_that_is_there),
		WITHOUT_STORE(a_file_is_put_in_its_place_for_its_owner_alone),
	};

	return cmocka_run_group_tests_name("store/scratch", tests, NULL, NULL);
}
