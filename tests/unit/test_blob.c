#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#include "store/blob.h"

#include <zlib.h>

#define MIB ((size_t)1 << 20)

static struct pen_db *db_of(struct fixture *f)
{
	return pen_store__db(f->session.store);
}

/* n bytes that do not pack to nothing; the caller frees. */
static char *bytes_of(size_t n)
{
	char *bytes = malloc(n ? n : 1);
	uint32_t x = 1;
	size_t i;

	assert_non_null(bytes);
	for (i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (char)(x >> 24 & 63);
	}
	return bytes;
}

static void keep(struct fixture *f, const char *bytes, size_t n, char digest[PEN_DIGEST_HEX])
{
	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_ok(pen_blob__keep(store_of(f), "source", "a.csv", bytes, n, digest, &f->error));
	assert_ok(pen_db__commit(db_of(f), &f->error));
}

static void assert_kept(struct fixture *f, const char *digest, const char *bytes, size_t n)
{
	char *found;
	size_t found_n;

	assert_ok(pen_blob__load(store_of(f), digest, &found, &found_n, &f->error));
	assert_int_equal(found_n, n);
	assert_memory_equal(found, bytes, n);
	assert_int_equal(found[n], 0);
	pen_memory__free(found);
}

static void what_is_kept_comes_back_under_its_digest(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];

	keep(f, "abc", 3, digest);
	assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_kept(f, digest, "abc", 3);
	assert_int_equal(ask(f, "SELECT count(*) FROM blob WHERE kind = 'source' AND name = 'a.csv' AND bytes = 3"), 1);
}

static void the_same_bytes_are_kept_once(void **state)
{
	struct fixture *f = *state;
	char first[PEN_DIGEST_HEX], second[PEN_DIGEST_HEX];

	keep(f, "abc", 3, first);
	keep(f, "abc", 3, second);
	assert_string_equal(first, second);
	assert_int_equal(ask(f, "SELECT count(*) FROM blob"), 1);
	assert_int_equal(ask(f, "SELECT count(*) FROM blob_chunk"), 1);
}

static void every_length_around_a_chunk_comes_back(void **state)
{
	static const size_t lengths[] = { 0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 7 };
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];
	char *bytes;
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		bytes = bytes_of(lengths[i]);
		keep(f, bytes, lengths[i], digest);
		assert_kept(f, digest, bytes, lengths[i]);
		free(bytes);
	}
	/* Nothing is one empty member; a full MiB is one chunk, and one more byte two. */
	assert_int_equal(ask(f, "SELECT count(*) FROM blob_chunk"), 1 + 1 + 1 + 1 + 2 + 2 + 3);
}

/* zlib's own reader is the witness: the chunks one after the other. */
static void the_chunks_joined_open_with_gunzip(void **state)
{
	struct fixture *f = *state;
	struct pen_statement *statement;
	char digest[PEN_DIGEST_HEX], path[128];
	size_t n = 2 * MIB + 12345, packed_n;
	char *bytes = bytes_of(n), *out = malloc(n + 1);
	const void *packed;
	FILE *file;
	gzFile in;
	bool row;

	keep(f, bytes, n, digest);
	snprintf(path, sizeof(path), "%s/joined.gz", f->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_ok(pen_db__prepare(db_of(f), "SELECT content FROM blob_chunk ORDER BY number", &statement, &f->error));
	while (pen_db__step(statement, &row, &f->error) == PEN_OK && row) {
		packed = pen_db__bytes(statement, 0, &packed_n);
		assert_int_equal(fwrite(packed, 1, packed_n, file), packed_n);
	}
	pen_db__finalize(statement);
	fclose(file);
	in = gzopen(path, "r");
	assert_int_equal(gzread(in, out, (unsigned)n + 1), n);
	gzclose(in);
	assert_memory_equal(out, bytes, n);
	free(bytes);
	free(out);
}

static void a_stream_in_odd_pieces_is_kept_like_the_whole(void **state)
{
	struct fixture *f = *state;
	struct pen_blob_writer *writer;
	char digest[PEN_DIGEST_HEX];
	size_t n = MIB + 4321, at, part;
	char *bytes = bytes_of(n);

	assert_ok(pen_store__digest(store_of(f), bytes, n, digest, &f->error));
	assert_false(pen_blob__has(store_of(f), digest));
	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_ok(pen_blob__open(&writer, store_of(f), "source", "stdin", digest, &f->error));
	for (at = 0; at < n; at += part) {
		part = n - at < 65537 ? n - at : 65537;
		assert_ok(pen_blob__add(writer, bytes + at, part, &f->error));
	}
	assert_ok(pen_blob__close(writer, &f->error));
	assert_ok(pen_db__commit(db_of(f), &f->error));
	assert_true(pen_blob__has(store_of(f), digest));
	assert_kept(f, digest, bytes, n);
	free(bytes);
}

static void an_abandoned_stream_goes_with_the_rollback(void **state)
{
	struct fixture *f = *state;
	struct pen_blob_writer *writer;
	char digest[PEN_DIGEST_HEX];
	char *bytes = bytes_of(2 * MIB);

	assert_ok(pen_store__digest(store_of(f), bytes, 2 * MIB, digest, &f->error));
	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_ok(pen_blob__open(&writer, store_of(f), "source", "x", digest, &f->error));
	assert_ok(pen_blob__add(writer, bytes, 2 * MIB, &f->error));
	pen_blob__abandon(writer);
	pen_db__rollback(db_of(f));
	assert_int_equal(ask(f, "SELECT count(*) FROM blob_chunk"), 0);
	keep(f, bytes, 2 * MIB, digest);
	assert_kept(f, digest, bytes, 2 * MIB);
	pen_blob__abandon(NULL);
	free(bytes);
}

/* Every way in which what is kept can be changed behind the tools' back. */
static void what_was_changed_in_the_store_is_noticed(void **state)
{
	static const char *const changes[] = {
		"UPDATE blob SET bytes = bytes + 1",
		"UPDATE blob_chunk SET content = x'00' WHERE number = 1",
		"UPDATE blob_chunk SET content = (SELECT b.content FROM blob_chunk AS b WHERE b.number = 0) WHERE number = 1",
		"DELETE FROM blob_chunk WHERE number = 2",
		"DELETE FROM blob_chunk WHERE number = 0",
		"INSERT INTO blob_chunk SELECT digest, 3, content FROM blob_chunk WHERE number = 2",
		"DELETE FROM blob"
	};
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];
	char *bytes = bytes_of(2 * MIB + 1), *found;
	size_t n, i;

	keep(f, bytes, 2 * MIB + 1, digest);
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		assert_ok(pen_db__begin_write(db_of(f), &f->error));
		tamper(f, changes[i]);
		assert_fails(pen_blob__load(store_of(f), digest, &found, &n, &f->error), PEN_INTEGRITY, "blob.damaged");
		assert_non_null(strstr(f->error.text, digest));
		pen_db__rollback(db_of(f));
	}
	assert_kept(f, digest, bytes, 2 * MIB + 1);
	free(bytes);
}

static void what_is_not_there_is_noticed(void **state)
{
	struct fixture *f = *state;
	char *bytes;
	size_t n;

	assert_fails(pen_blob__load(store_of(f), "00", &bytes, &n, &f->error), PEN_INTEGRITY, "blob.damaged");
	assert_false(pen_blob__has(store_of(f), "00"));
}

/* A reader that has enough after `left` chunks. */
static enum pen_status stop_early(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	int *left = context;

	(void)bytes;
	(void)n;
	return --*left > 0 ? PEN_OK : pen_error__set(error, PEN_INPUT, "test.enough", "enough");
}

static void a_reader_that_fails_ends_the_reading(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];
	char *bytes = bytes_of(3 * MIB);
	int left = 2;

	keep(f, bytes, 3 * MIB, digest);
	assert_fails(pen_blob__read(store_of(f), digest, stop_early, &left, &f->error), PEN_INPUT, "test.enough");
	assert_int_equal(left, 0);
	free(bytes);
}

/* Verification reads one while it reads another. */
static enum pen_status read_within(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	struct fixture *f = context;
	char *inner;
	size_t inner_n;

	(void)bytes;
	(void)n;
	if (pen_blob__load(store_of(f), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	    &inner, &inner_n, error) != PEN_OK)
		return error->status;
	assert_int_equal(inner_n, 3);
	pen_memory__free(inner);
	return PEN_OK;
}

static void one_can_be_read_while_another_is(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];
	char *bytes = bytes_of(3 * MIB);

	keep(f, "abc", 3, digest);
	keep(f, bytes, 3 * MIB, digest);
	assert_ok(pen_blob__read(store_of(f), digest, read_within, f, &f->error));
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(what_is_kept_comes_back_under_its_digest),
		WITH_STORE(the_same_bytes_are_kept_once),
		WITH_STORE(every_length_around_a_chunk_comes_back),
		WITH_STORE(the_chunks_joined_open_with_gunzip),
		WITH_STORE(a_stream_in_odd_pieces_is_kept_like_the_whole),
		WITH_STORE(an_abandoned_stream_goes_with_the_rollback),
		WITH_STORE(what_was_changed_in_the_store_is_noticed),
		WITH_STORE(what_is_not_there_is_noticed),
		WITH_STORE(a_reader_that_fails_ends_the_reading),
		WITH_STORE(one_can_be_read_while_another_is),
	};

	return cmocka_run_group_tests_name("store/blob", tests, NULL, NULL);
}
