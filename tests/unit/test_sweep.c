#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "backup_fixture.h"
#include "work/sweep.h"

static bool there(struct fixture *f, const struct pen_repository *repository, const struct pen_chunk *chunk)
{
	char path[PATH_MAX];

	assert_ok(pen_chunks__path(repository, chunk, path, &f->error));
	return access(path, F_OK) == 0;
}

static void chunks_that_nobody_names_go_and_the_others_stay(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest all, some = { .count = 0 };
	struct pen_sweep sweep = { .count = 0 };

	fill(f, &repository, &all);
	assert_ok(pen_sweep__keep(&sweep, &some, &f->error));	/* of a file without a byte */
	assert_int_equal(sweep.count, 0);
	assert_ok(pen_manifest__add(&some, &all.chunks[2], &f->error));
	assert_ok(pen_manifest__add(&some, &all.chunks[0], &f->error));
	assert_ok(pen_manifest__add(&some, &all.chunks[0], &f->error));
	assert_ok(pen_sweep__keep(&sweep, &some, &f->error));
	assert_ok(pen_sweep__keep(&sweep, &some, &f->error));
	assert_int_equal(sweep.count, 2);
	assert_ok(pen_sweep__run(&sweep, &repository, true, &f->error));
	assert_int_equal(sweep.chunks, 1);
	assert_true(sweep.bytes > 0);
	assert_true(there(f, &repository, &all.chunks[1]));
	sweep.chunks = 0;
	assert_ok(pen_sweep__run(&sweep, &repository, false, &f->error));
	assert_int_equal(sweep.chunks, 1);
	assert_true(there(f, &repository, &all.chunks[0]));
	assert_false(there(f, &repository, &all.chunks[1]));
	assert_true(there(f, &repository, &all.chunks[2]));
	pen_sweep__drop(&sweep);
	pen_manifest__drop(&some);
	pen_manifest__drop(&all);
}

static void what_is_no_chunk_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest all;
	struct pen_sweep sweep = { .count = 0 };
	char hex[PEN_DIGEST_HEX], name[120], path[PATH_MAX];
	static const char *const odd[] = { "notes", "x.gz" };

	fill(f, &repository, &all);
	pen_encode__hex(all.chunks[0].name, 32, hex);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		snprintf(name, sizeof(name), "chunks/%.2s/%s", hex, odd[i]);
		save(f, name, "", 0);
	}
	snprintf(name, sizeof(name), "chunks/%.2s/%s", hex, hex);
	save(f, name, "", 0);
	snprintf(name, sizeof(name), "chunks/%.2s/%s.gz.bak", hex, hex);
	save(f, name, "", 0);
	snprintf(name, sizeof(name), "chunks/%.2s/%.2sz%s.gz", hex, hex, hex + 3);
	save(f, name, "", 0);
	assert_ok(pen_sweep__run(&sweep, &repository, false, &f->error));
	assert_int_equal(sweep.chunks, 3);
	snprintf(name, sizeof(name), "chunks/%.2s", hex);
	path_of(f, path, name);
	assert_int_equal(count_entries(path), 5);
	pen_sweep__drop(&sweep);
	pen_manifest__drop(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT_STORE(chunks_that_nobody_names_go_and_the_others_stay),
		WITHOUT_STORE(what_is_no_chunk_is_left_alone),
	};

	return cmocka_run_group_tests_name("store/sweep", tests, NULL, NULL);
}
