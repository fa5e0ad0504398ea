#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "backup_fixture.h"
#include "work/underway.h"

#define TWO "20261124T081530Z-330100"

static size_t lost(struct fixture *f, const struct pen_repository *repository)
{
	char (*names)[PEN_SNAPSHOT_ROOM];
	size_t count;

	assert_ok(pen_underway__lost(repository, &names, &count, &f->error));
	if (count)
		assert_string_equal(names[0], ONE);
	pen_memory__free(names);
	return count;
}

static void a_signature_without_a_manifest_is_of_a_lost_snapshot(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_error error;

	assert_int_equal(lost(f, &repository), 0);
	save(f, "snapshots/" ONE ".sig", "", 0);
	save(f, "snapshots/" TWO ".sig", "", 0);
	save(f, "snapshots/" TWO ".manifest", "", 0);
	assert_int_equal(lost(f, &repository), 1);
	assert_int_equal(pen_underway__say_lost(ONE, &error), PEN_INTEGRITY);
	assert_non_null(strstr(error.text, ONE));
	save(f, "snapshots/" ONE ".manifest", "", 0);
	assert_int_equal(lost(f, &repository), 0);
}

static void one_that_a_run_is_about_is_not_lost_and_goes_with_the_next_run(void **state)
{
	static const char names[][PEN_SNAPSHOT_ROOM] = { ONE, TWO };
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_scratch work;
	char path[PATH_MAX];

	assert_ok(pen_underway__begin(&repository, &work, &f->error));
	assert_ok(pen_underway__tell(&repository, &work, names, 2, &f->error));
	save(f, "snapshots/" ONE ".sig", "", 0);
	save(f, "snapshots/" TWO ".sig", "", 0);
	save(f, "snapshots/" TWO ".manifest", "", 0);
	assert_int_equal(lost(f, &repository), 0);
	pen_scratch__leave(&work);
	assert_int_equal(lost(f, &repository), 0);
	assert_ok(pen_underway__begin(&repository, &work, &f->error));
	pen_scratch__clear(&work);
	path_of(f, path, "snapshots");
	assert_int_equal(count_entries(path), 2);	/* those of TWO */
	assert_int_equal(lost(f, &repository), 0);
}

static void one_that_is_gone_already_can_be_removed(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);

	save(f, "snapshots/" ONE ".sig", "", 0);
	assert_ok(pen_underway__remove(&repository, ONE, ".sig", &f->error));
	assert_ok(pen_underway__remove(&repository, ONE, ".sig", &f->error));
	assert_int_equal(lost(f, &repository), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT_STORE(a_signature_without_a_manifest_is_of_a_lost_snapshot),
		WITHOUT_STORE(one_that_a_run_is_about_is_not_lost_and_goes_with_the_next_run),
		WITHOUT_STORE(one_that_is_gone_already_can_be_removed),
	};

	return cmocka_run_group_tests_name("store/underway", tests, NULL, NULL);
}
