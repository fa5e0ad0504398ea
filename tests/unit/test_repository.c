#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "backup_fixture.h"

/* ---- snapshots ---- */

static void snapshots_are_listed_oldest_first_and_other_files_are_not(void **state)
{
	static const char *const files[] = {
		"20261123T081530Z-330100-02.manifest", "20261123T081530Z-330100.manifest", "20251123T081530Z-330100.manifest",
		"20261123T081530Z-330100.sig", "notes.manifest", "20261123T081530Z-33010.manifest", "20261123T081530Z-330100-2.manifest",
		"20261123T081530Z-330100.manifest.tmp", "20261123T081530Z-330100-022.manifest", ".manifest",
	};
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	char (*names)[PEN_SNAPSHOT_ROOM], name[80];
	size_t count;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(name, sizeof(name), "snapshots/%s", files[i]);
		save(f, name, "", 0);
	}
	assert_ok(pen_repository__list(&repository, &names, &count, &f->error));
	assert_int_equal(count, 3);
	assert_string_equal(names[0], "20251123T081530Z-330100");
	assert_string_equal(names[1], "20261123T081530Z-330100");
	assert_string_equal(names[2], "20261123T081530Z-330100-02");
	pen_memory__free(names);
}

static void the_newest_is_taken_where_none_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found;
	static const char *const newest[] = { NULL, "latest" };

	fill(f, &repository, &made);
	snprintf(made.time, sizeof(made.time), "2026-11-22T23:59:59Z");
	enter(f, &made);
	snprintf(made.time, sizeof(made.time), "2026-11-23T00:00:00Z");
	enter(f, &made);
	for (size_t i = 0; i < 2; i++) {
		memset(&found, 0, sizeof(found));
		assert_ok(pen_repository__load(&repository, newest[i], &found, &f->error));
		assert_string_equal(found.snapshot, "20261123T000000Z-330100");
		pen_manifest__drop(&found);
	}
	pen_manifest__drop(&made);
}

static void a_snapshot_that_is_not_there_is_wrong_usage(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest found = { .count = 0 };

	assert_fails(pen_repository__load(&repository, ONE, &found, &f->error), PEN_USAGE, "backup.unknown");
	assert_fails(pen_repository__load(&repository, "../../etc/passwd", &found, &f->error), PEN_USAGE, "backup.unknown");
	assert_fails(pen_repository__load(&repository, NULL, &found, &f->error), PEN_INPUT, "backup.none");
}

static void a_directory_that_is_no_repository_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository;

	assert_fails(pen_repository__open(&repository, f->dir, NULL, &f->error), PEN_INPUT, "backup.missing");
}

/* ---- holding ---- */

static void a_repository_is_made_and_held_by_one_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct pen_repository held, second;
	char dir[PATH_MAX];

	path_of(f, dir, "new/backup");
	assert_ok(pen_repository__hold(&held, dir, NULL, &f->error));
	assert_int_equal(count_entries(dir), 3);	/* chunks, snapshots, lock */
	assert_fails(pen_repository__hold(&second, dir, NULL, &f->error), PEN_BUSY, "backup.busy");
	pen_repository__let_go(&second);	/* harmless */
	assert_ok(pen_repository__open(&second, dir, NULL, &f->error));
	pen_repository__let_go(&held);
	assert_ok(pen_repository__hold(&held, dir, NULL, &f->error));
	pen_repository__let_go(&held);
}

static void killed_verifications_are_cleared_away_and_those_at_work_are_not(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_scratch working;
	char path[PATH_MAX];

	path_of(f, path, "verify-dead");
	assert_int_equal(mkdir(path, 0700), 0);
	save(f, "verify-dead/" PEN_SCRATCH_MARK, "", 0);
	save(f, "verify-dead/pen.db", "x", 1);
	path_of(f, path, "verify-live");
	assert_ok(pen_scratch__take(&working, path, &f->error));
	assert_ok(pen_repository__hold(&repository, f->dir, NULL, &f->error));
	assert_int_equal(count_entries(path), 1);
	path_of(f, path, "verify-dead");
	assert_int_equal(count_entries(path), -1);
	pen_repository__let_go(&repository);
	pen_scratch__clear(&working);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT_STORE(snapshots_are_listed_oldest_first_and_other_files_are_not),
		WITHOUT_STORE(the_newest_is_taken_where_none_is_named),
		WITHOUT_STORE(a_snapshot_that_is_not_there_is_wrong_usage),
		WITHOUT_STORE(a_directory_that_is_no_repository_is_refused),
		WITHOUT_STORE(a_repository_is_made_and_held_by_one_at_a_time),
		WITHOUT_STORE(killed_verifications_are_cleared_away_and_those_at_work_are_not),
	};

	return cmocka_run_group_tests_name("store/repository", tests, NULL, NULL);
}
