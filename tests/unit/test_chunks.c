#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "backup_fixture.h"

/* ---- joining ---- */

/* Joins the chunks to out.db, and returns the status. */
static enum pen_status unpack(struct fixture *f, const struct pen_manifest *manifest, bool strict)
{
	struct pen_repository repository = opened(f);
	char path[PATH_MAX];

	path_of(f, path, "out.db");
	memset(&f->error, 0, sizeof(f->error));
	return pen_chunks__unpack(&repository, manifest, path, strict, &f->error);
}

static void chunks_joined_are_the_file(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n;

	fill(f, &repository, &made);
	assert_ok(unpack(f, &made, true));
	path_of(f, path, "out.db");
	assert_ok(pen_file__load(path, 100, &bytes, &n, &f->error));
	assert_string_equal(bytes, "the first chunkanotherthe last");
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

static void chunks_in_another_order_do_not_make_up_the_digest(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	struct pen_chunk first;

	fill(f, &repository, &made);
	first = made.chunks[0];
	made.chunks[0] = made.chunks[1];
	made.chunks[1] = first;
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.manifest");
	pen_manifest__drop(&made);
}

/* As manifests had it, before, of stores of the suite sm2-sm3. */
static void a_digest_of_before_in_sm3_is_compared(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;

	fill(f, &repository, &made);
	/* printf 'the first chunkanotherthe last' | openssl dgst -sm3 */
	snprintf(made.digest, sizeof(made.digest), "sm3:8d826b7b433dfff29b156973e0e2b3a20a082ce1f1920058c99f0234e75e34df");
	assert_ok(unpack(f, &made, true));
	made.digest[4] = '9';
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.manifest");
	pen_manifest__drop(&made);
}

/* The second chunk's file holds these bytes instead: what is said of it. */
static void expect_bad(struct fixture *f, struct pen_manifest *made, const char *bytes, size_t n)
{
	struct pen_repository repository = opened(f);
	char path[PATH_MAX], hex[PEN_DIGEST_HEX];

	snprintf(made->snapshot, sizeof(made->snapshot), ONE);
	assert_ok(pen_chunks__path(&repository, &made->chunks[1], path, &f->error));
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
	assert_fails(unpack(f, made, true), PEN_INTEGRITY, "backup.chunk");
	assert_non_null(strstr(f->error.text, ONE));
	assert_non_null(strstr(f->error.text, pen_encode__hex(made->chunks[1].name, 32, hex)));
}

static void a_chunk_with_any_byte_changed_or_cut_anywhere_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n, i;

	fill(f, &repository, &made);
	assert_ok(pen_chunks__path(&repository, &made.chunks[1], path, &f->error));
	assert_ok(pen_file__load(path, 1000, &bytes, &n, &f->error));
	for (i = 0; i < n; i++) {
		bytes[i] ^= (char)0xff;
		expect_bad(f, &made, bytes, n);
		bytes[i] ^= (char)0xff;
		expect_bad(f, &made, bytes, i);
	}
	/* More behind it, and then none of it. */
	bytes = pen_memory__realloc(bytes, n + 1, 1);
	bytes[n] = '\n';
	expect_bad(f, &made, bytes, n + 1);
	assert_int_equal(unlink(path), 0);
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.chunk");
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

static void a_chunk_that_is_another_one_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char *packed;
	size_t n;

	fill(f, &repository, &made);
	assert_ok(pen_gzip__pack("anothes", 7, &packed, &n, &f->error));
	expect_bad(f, &made, packed, n);
	pen_memory__free(packed);
	pen_manifest__drop(&made);
}

static void a_chunk_packed_by_another_program_restores_but_is_not_verified(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n;

	fill(f, &repository, &made);
	assert_ok(pen_chunks__path(&repository, &made.chunks[1], path, &f->error));
	assert_ok(pen_file__load(path, 1000, &bytes, &n, &f->error));
	bytes[4] = 1;	/* the time in the gzip header */
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
	assert_ok(unpack(f, &made, false));
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.chunk");
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

static void the_file_of_a_chunk_is_the_one_that_the_manifest_tells_of(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n;

	fill(f, &repository, &made);
	assert_ok(pen_chunks__path(&repository, &made.chunks[1], path, &f->error));
	assert_ok(pen_file__load(path, 1000, &bytes, &n, &f->error));
	bytes[4] = 1;	/* the time in the gzip header: it opens as before */
	made.chunks[1].has_crc = true;
	made.chunks[1].crc = pen_gzip__crc(0, bytes, n);
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
	assert_ok(unpack(f, &made, true));
	bytes[4] = 2;
	expect_bad(f, &made, bytes, n);
	/* Mended by what packs today: good, whatever packed it before. */
	bytes[4] = 0;
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
	assert_ok(unpack(f, &made, true));
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

/* ---- packing ---- */

/* A file of many pieces: zeros, so that the pieces are few different ones. */
#define MANY 200000

/* Packs these bytes, and returns the status. */
static enum pen_status pack(struct fixture *f, const struct pen_repository *repository, const char *bytes, size_t n,
    struct pen_manifest *manifest, struct pen_packing_added *added)
{
	struct pen_scratch scratch;
	enum pen_status status;
	char path[PATH_MAX];

	*manifest = (struct pen_manifest){ .suite = "sm2-sm3", .bytes = (int64_t)n };
	path_of(f, path, "work.tmp");
	assert_ok(pen_scratch__take(&scratch, path, &f->error));
	save(f, "work.tmp/pen.db", bytes, n);
	path_of(f, path, "work.tmp/pen.db");
	status = pen_packing__store(repository, &scratch, path, manifest, added, &f->error);
	pen_scratch__clear(&scratch);
	return status;
}

static void make_chunks(struct fixture *f)
{
	char path[PATH_MAX];

	path_of(f, path, "chunks");
	assert_ok(pen_file__directory(path, 0700, &f->error));
}

static void packed(struct fixture *f, const struct pen_repository *repository, struct pen_manifest *manifest,
    struct pen_packing_added *added)
{
	char *bytes = pen_memory__calloc(MANY, 1);

	assert_non_null(bytes);
	make_chunks(f);
	assert_ok(pack(f, repository, bytes, MANY, manifest, added));
	pen_memory__free(bytes);
}

static void a_file_packed_joins_to_what_it_was(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_packing_added added;
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n, i;

	packed(f, &repository, &made, &added);
	/* head -c 200000 /dev/zero | sha256sum */
	assert_string_equal(made.digest, "sha256:4cbbd9be0cba685835755f827758705db5a413c5494c34262cd25946a73e7582");
	assert_int_equal(made.count, 4);	/* three of 64 KiB, and the rest */
	assert_int_equal(added.chunks, 2);	/* the three are one */
	assert_true(added.bytes > 0 && added.bytes < 2000);
	assert_ok(unpack(f, &made, true));
	path_of(f, path, "out.db");
	assert_ok(pen_file__load(path, MANY, &bytes, &n, &f->error));
	assert_int_equal(n, MANY);
	for (i = 0; i < n; i++)
		if (bytes[i])
			fail_msg("byte %zu", i);
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

static void what_is_there_is_not_stored_again(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_packing_added added;
	struct pen_manifest first, second;

	packed(f, &repository, &first, &added);
	packed(f, &repository, &second, &added);
	assert_int_equal(added.chunks, 0);
	assert_int_equal(added.bytes, 0);
	assert_int_equal(second.count, 4);
	assert_string_equal(second.digest, first.digest);
	pen_manifest__drop(&first);
	pen_manifest__drop(&second);
}

static void what_is_there_and_damaged_is_stored_anew(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_packing_added added;
	struct pen_manifest first, second;
	char path[PATH_MAX], *bytes;
	size_t n;

	packed(f, &repository, &first, &added);
	assert_ok(pen_chunks__path(&repository, &first.chunks[3], path, &f->error));
	assert_ok(pen_file__load(path, MANY, &bytes, &n, &f->error));
	bytes[n / 2] ^= 1;
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
	packed(f, &repository, &second, &added);
	assert_int_equal(added.chunks, 0);
	assert_int_equal(added.mended, 1);
	assert_true(added.bytes > 0);
	assert_ok(unpack(f, &first, true));
	pen_memory__free(bytes);
	pen_manifest__drop(&first);
	pen_manifest__drop(&second);
}

/* A hundred pieces of 64 KiB, of seven kinds. */
#define HUNDRED ((size_t)100 << 16)
static char *of_seven_kinds(void)
{
	char *bytes = pen_memory__calloc(HUNDRED, 1);

	assert_non_null(bytes);
	for (size_t i = 0; i < 100; i++)
		memset(bytes + (i << 16), 'a' + (int)(i * i % 13 % 7), 1 << 16);
	return bytes;
}

static void equal_pieces_are_stored_once_whoever_packs_them(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_packing_added added;
	struct pen_manifest made;
	char path[PATH_MAX], *bytes = of_seven_kinds(), *back;
	bool kinds[128] = { false };
	int64_t count = 0;
	size_t n, i;

	make_chunks(f);
	assert_ok(pack(f, &repository, bytes, HUNDRED, &made, &added));
	for (i = 0; i < 100; i++) {
		count += !kinds[(int)bytes[i << 16]];
		kinds[(int)bytes[i << 16]] = true;
	}
	assert_int_equal(made.count, 100);
	assert_int_equal(added.chunks, count);
	for (i = 0; i < 100; i++)
		assert_true(made.chunks[i].has_crc);
	assert_ok(unpack(f, &made, true));
	path_of(f, path, "out.db");
	assert_ok(pen_file__load(path, HUNDRED, &back, &n, &f->error));
	assert_int_equal(n, HUNDRED);
	assert_memory_equal(back, bytes, HUNDRED);
	pen_memory__free(back);
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

static void chunks_that_cannot_be_written_end_the_packing(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_packing_added added;
	struct pen_manifest made;
	char *bytes = of_seven_kinds();

	save(f, "chunks", "a file in the way", 17);
	assert_int_equal(pack(f, &repository, bytes, HUNDRED, &made, &added), PEN_SYSTEM);
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

static void of_many_chunks_the_first_that_is_gone_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_packing_added added;
	struct pen_manifest made;
	char path[PATH_MAX], hex[PEN_DIGEST_HEX], *bytes = of_seven_kinds();

	make_chunks(f);
	assert_ok(pack(f, &repository, bytes, HUNDRED, &made, &added));
	for (size_t i = 1; i <= 2; i++) {
		assert_ok(pen_chunks__path(&repository, &made.chunks[i], path, &f->error));
		assert_int_equal(unlink(path), 0);
	}
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.chunk");
	assert_non_null(strstr(f->error.text, pen_encode__hex(made.chunks[1].name, 32, hex)));
	pen_memory__free(bytes);
	pen_manifest__drop(&made);
}

/* ---- looking ---- */

static void a_look_finds_a_chunk_that_is_gone(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX];

	fill(f, &repository, &made);
	assert_ok(pen_chunks__look(&repository, &made, &f->error));
	assert_ok(pen_chunks__path(&repository, &made.chunks[2], path, &f->error));
	assert_int_equal(unlink(path), 0);
	assert_fails(pen_chunks__look(&repository, &made, &f->error), PEN_INTEGRITY, "backup.chunk");
	pen_manifest__drop(&made);
}

/* ---- stopping ---- */

static bool always(void *context)
{
	(void)context;
	return true;
}

static void a_caller_who_wants_to_stop_is_heard(void **state)
{
	const struct pen_session_options options = { .stopped = always };
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX];

	fill(f, &repository, &made);
	assert_ok(pen_repository__open(&repository, f->dir, &options, &f->error));
	path_of(f, path, "out.db");
	assert_fails(pen_chunks__unpack(&repository, &made, path, false, &f->error), PEN_INCOMPLETE, "backup.stopped");
	pen_manifest__drop(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT_STORE(chunks_joined_are_the_file),
		WITHOUT_STORE(chunks_in_another_order_do_not_make_up_the_digest),
		WITHOUT_STORE(a_digest_of_before_in_sm3_is_compared),
		WITHOUT_STORE(a_chunk_with_any_byte_changed_or_cut_anywhere_is_named),
		WITHOUT_STORE(a_chunk_that_is_another_one_is_named),
		WITHOUT_STORE(a_chunk_packed_by_another_program_restores_but_is_not_verified),
		WITHOUT_STORE(the_file_of_a_chunk_is_the_one_that_the_manifest_tells_of),
		WITHOUT_STORE(a_file_packed_joins_to_what_it_was),
		WITHOUT_STORE(what_is_there_is_not_stored_again),
		WITHOUT_STORE(what_is_there_and_damaged_is_stored_anew),
		WITHOUT_STORE(equal_pieces_are_stored_once_whoever_packs_them),
		WITHOUT_STORE(chunks_that_cannot_be_written_end_the_packing),
		WITHOUT_STORE(of_many_chunks_the_first_that_is_gone_is_named),
		WITHOUT_STORE(a_look_finds_a_chunk_that_is_gone),
		WITHOUT_STORE(a_caller_who_wants_to_stop_is_heard),
	};

	return cmocka_run_group_tests_name("store/chunks", tests, NULL, NULL);
}
