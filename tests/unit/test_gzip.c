#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/gzip.h"
#include "base/memory.h"

/* "hello\n" by GNU gzip -n -9, which writes what RFC 1952 asks for. */
static const unsigned char hello[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9,
	0xc9, 0xe7, 0x02, 0x00, 0x20, 0x30, 0x3a, 0x36, 0x06, 0x00, 0x00, 0x00,
};

/* Bytes that look like nothing in particular, the same each time. */
static char *noise(size_t n)
{
	char *bytes = pen_memory__calloc(n ? n : 1, 1);
	uint32_t x = 2463534242u;

	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		bytes[i] = (char)x;
	}
	return bytes;
}

static void there_and_back(const char *bytes, size_t n, int level)
{
	struct pen_error error = { 0 };
	char *packed, *back;
	size_t packed_n, back_n;

	assert_int_equal(pen_gzip__pack(bytes, n, level, &packed, &packed_n, &error), PEN_OK);
	assert_int_equal(pen_gzip__unpack(packed, packed_n, n, &back, &back_n, &error), PEN_OK);
	assert_int_equal(back_n, n);
	assert_memory_equal(back, bytes, n);
	pen_memory__free(back);
	pen_memory__free(packed);
}

static void what_is_packed_comes_back(void **state)
{
	char *bytes = noise(300000), *zeros = pen_memory__calloc(3000000, 1);

	(void)state;
	for (int level = 1; level <= 9; level += 4) {
		there_and_back("", 0, level);
		there_and_back("x", 1, level);
		there_and_back(bytes, 300000, level);
		there_and_back(zeros, 3000000, level);
	}
	pen_memory__free(bytes);
	pen_memory__free(zeros);
}

static void a_member_of_gnu_gzip_opens(void **state)
{
	struct pen_error error = { 0 };
	char *back;
	size_t n;

	(void)state;
	assert_int_equal(pen_gzip__unpack(hello, sizeof hello, 100, &back, &n, &error), PEN_OK);
	assert_int_equal(n, 6);
	assert_memory_equal(back, "hello\n", 6);
	pen_memory__free(back);
}

static void the_header_has_no_name_and_no_time(void **state)
{
	struct pen_error error = { 0 };
	char *packed;
	size_t n;

	(void)state;
	assert_int_equal(pen_gzip__pack("hello\n", 6, 9, &packed, &n, &error), PEN_OK);
	assert_int_equal(n, sizeof hello);
	assert_memory_equal(packed, hello, n);
	pen_memory__free(packed);
}

static void expect_damaged(const void *bytes, size_t n, size_t limit, const char *code)
{
	struct pen_error error = { 0 };
	char *back;
	size_t back_n;

	assert_int_equal(pen_gzip__unpack(bytes, n, limit, &back, &back_n, &error), PEN_INTEGRITY);
	assert_string_equal(error.code, code);
}

static void a_stream_cut_anywhere_is_damaged(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof hello; n++)
		expect_damaged(hello, n, 100, "gzip.damaged");
}

static void a_changed_bit_is_damage_or_changes_nothing(void **state)
{
	unsigned char copy[sizeof hello];
	int damaged = 0;

	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof hello; bit++) {
		struct pen_error error = { 0 };
		char *back;
		size_t n;

		memcpy(copy, hello, sizeof copy);
		copy[bit / 8] ^= (unsigned char)(1 << bit % 8);
		if (pen_gzip__unpack(copy, sizeof copy, 100, &back, &n, &error) == PEN_OK) {
			assert_int_equal(n, 6);
			assert_memory_equal(back, "hello\n", 6);
			pen_memory__free(back);
		} else {
			assert_string_equal(error.code, "gzip.damaged");
			damaged++;
		}
	}
	/* All but the header's time, flags and system, and the padding bits. */
	assert_true(damaged >= 8 * ((int)sizeof hello - 7 - 1));
}

static void bytes_after_the_member_are_damage(void **state)
{
	unsigned char twice[2 * sizeof hello];

	(void)state;
	memcpy(twice, hello, sizeof hello);
	memcpy(twice + sizeof hello, hello, sizeof hello);
	expect_damaged(twice, sizeof twice, 100, "gzip.damaged");
	expect_damaged(twice, sizeof hello + 1, 100, "gzip.damaged");
}

static void more_than_the_limit_is_refused_before_it_is_written(void **state)
{
	struct pen_error error = { 0 };
	char *zeros = pen_memory__calloc(1000000, 1), *packed, *back;
	size_t n, back_n;

	(void)state;
	assert_int_equal(pen_gzip__pack(zeros, 1000000, 1, &packed, &n, &error), PEN_OK);
	expect_damaged(packed, n, 0, "gzip.long");
	expect_damaged(packed, n, 1, "gzip.long");
	expect_damaged(packed, n, 999999, "gzip.long");
	assert_int_equal(pen_gzip__unpack(packed, n, 1000000, &back, &back_n, &error), PEN_OK);
	pen_memory__free(back);
	expect_damaged(hello, sizeof hello, 5, "gzip.long");
	pen_memory__free(packed);
	pen_memory__free(zeros);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(a_member_of_gnu_gzip_opens),
		cmocka_unit_test(the_header_has_no_name_and_no_time),
		cmocka_unit_test(a_stream_cut_anywhere_is_damaged),
		cmocka_unit_test(a_changed_bit_is_damage_or_changes_nothing),
		cmocka_unit_test(bytes_after_the_member_are_damage),
		cmocka_unit_test(more_than_the_limit_is_refused_before_it_is_written),
	};

	return cmocka_run_group_tests_name("adapter/gzip", tests, NULL, NULL);
}
