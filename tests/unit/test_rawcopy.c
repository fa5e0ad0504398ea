#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/resource.h>

#include "backup_fixture.h"
#include "store/rawcopy.h"

/* Takes a copy of the fixture's store, and returns the status; scratch is held. */
static enum pen_status take(struct fixture *f, const struct pen_session_options *options,
    struct pen_scratch *scratch, struct pen_manifest *manifest)
{
	struct pen_repository repository = opened(f);
	struct pen_rawcopy *copy = NULL;
	enum pen_status status;
	char path[PATH_MAX];

	if (options)
		repository.options = *options;
	*manifest = (struct pen_manifest){ .count = 0 };
	path_of(f, path, "work.tmp");
	assert_ok(pen_scratch__take(scratch, path, &f->error));
	status = pen_rawcopy__take(&copy, &f->session, &repository, scratch, manifest, &f->error);
	if (status == PEN_OK)
		status = pen_rawcopy__reread(copy, &f->error);
	pen_rawcopy__free(copy);
	return status;
}

static void a_copy_has_the_bytes_of_the_store(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	struct pen_manifest manifest;
	char path[PATH_MAX], *store, *copy;
	size_t store_n, copy_n;

	assert_ok(take(f, NULL, &scratch, &manifest));
	path_of(f, path, "store/pen.db");
	assert_ok(pen_file__load(path, 1 << 24, &store, &store_n, &f->error));
	path_of(f, path, "work.tmp/pen.db");
	assert_ok(pen_file__load(path, 1 << 24, &copy, &copy_n, &f->error));
	assert_int_equal(copy_n, store_n);
	assert_int_equal(manifest.bytes, store_n);
	assert_memory_equal(copy, store, store_n);
	pen_memory__free(store);
	pen_memory__free(copy);
	pen_scratch__clear(&scratch);
	pen_manifest__drop(&manifest);
}

static void the_manifest_says_what_the_store_is_and_holds(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	struct pen_manifest manifest;

	setenv("PEN_CLOCK", "1795421730", 1);
	assert_ok(take(f, NULL, &scratch, &manifest));
	assert_string_equal(manifest.agency, "330100");
	assert_string_equal(manifest.suite, "ed25519-sha256");
	assert_string_equal(manifest.signer, "head1");
	assert_string_equal(manifest.time, "2026-11-23T08:15:30Z");
	assert_int_equal(manifest.journal_size, 1);
	assert_int_equal(manifest.page_size, ask(f, "PRAGMA page_size"));
	assert_non_null(strstr(manifest.facts.s, "count: journal 1\n"));
	assert_non_null(strstr(manifest.facts.s, "count: staff 1\n"));
	assert_int_equal(manifest.count, 0);
	unsetenv("PEN_CLOCK");
	pen_scratch__clear(&scratch);
	pen_manifest__drop(&manifest);
}

static bool always(void *context)
{
	(void)context;
	return true;
}

static void a_copy_that_is_stopped_lets_writers_in_again(void **state)
{
	const struct pen_session_options options = { .stopped = always };
	struct fixture *f = *state;
	struct pen_scratch scratch;
	struct pen_manifest manifest;

	assert_int_equal(take(f, &options, &scratch, &manifest), PEN_INCOMPLETE);
	assert_string_equal(f->error.code, "backup.stopped");
	assert_false(pen_db__in_transaction(pen_store__db(store_of(f))));
	assert_int_equal(enter_act(f, "test", false), 1);
	pen_scratch__clear(&scratch);
	pen_manifest__drop(&manifest);
}

static void a_copy_that_cannot_be_written_lets_writers_in_again(void **state)
{
	const struct rlimit little = { .rlim_cur = 300000, .rlim_max = RLIM_INFINITY };
	struct fixture *f = *state;
	struct pen_scratch scratch;
	struct pen_manifest manifest;
	struct rlimit before;
	enum pen_status status;

	assert_ok(pen_db__exec(pen_store__db(store_of(f)), "CREATE TABLE ballast AS SELECT zeroblob(4000000) AS b", &f->error));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	status = take(f, NULL, &scratch, &manifest);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(status, PEN_SYSTEM);
	assert_false(pen_db__in_transaction(pen_store__db(store_of(f))));
	assert_int_equal(enter_act(f, "test", false), 1);
	pen_scratch__clear(&scratch);
	pen_manifest__drop(&manifest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_copy_has_the_bytes_of_the_store),
		WITH_STORE(the_manifest_says_what_the_store_is_and_holds),
		WITH_STORE(a_copy_that_is_stopped_lets_writers_in_again),
		WITH_STORE(a_copy_that_cannot_be_written_lets_writers_in_again),
	};

	return cmocka_run_group_tests_name("store/rawcopy", tests, NULL, NULL);
}
