#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/gzip.h"
#include "base/error.h"
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

static void there_and_back(const char *bytes, size_t n)
{
	struct pen_error error = { 0 };
	char *packed, *back;
	size_t packed_n, back_n;

	assert_int_equal(pen_gzip__pack(bytes, n, &packed, &packed_n, &error), PEN_OK);
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
	there_and_back("", 0);
	there_and_back("x", 1);
	/* What does not shrink, at the borders of stored blocks too. */
	for (size_t n = 65530; n <= 65540; n++)
		there_and_back(bytes, n);
	there_and_back(bytes, 300000);
	there_and_back(zeros, 3000000);
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
	/* No flags, time 0, packed fast (4), on Unix (3). */
	static const unsigned char head[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3 };
	struct pen_error error = { 0 };
	char *packed;
	size_t n;

	(void)state;
	assert_int_equal(pen_gzip__pack("hello\n", 6, &packed, &n, &error), PEN_OK);
	assert_true(n > 10);
	assert_memory_equal(packed, head, sizeof head);
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

static void a_length_that_is_not_that_of_the_bytes_is_damage(void **state)
{
	unsigned char copy[sizeof hello];

	(void)state;
	memcpy(copy, hello, sizeof copy);
	copy[sizeof copy - 4] = 7;
	expect_damaged(copy, sizeof copy, 100, "gzip.damaged");
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
	assert_int_equal(pen_gzip__pack(zeros, 1000000, &packed, &n, &error), PEN_OK);
	expect_damaged(packed, n, 0, "gzip.long");
	expect_damaged(packed, n, 1, "gzip.long");
	expect_damaged(packed, n, 999999, "gzip.long");
	assert_int_equal(pen_gzip__unpack(packed, n, 1000000, &back, &back_n, &error), PEN_OK);
	pen_memory__free(back);
	expect_damaged(hello, sizeof hello, 5, "gzip.long");
	pen_memory__free(packed);
	pen_memory__free(zeros);
}

/* What a stream opened to. */
struct opened { char s[200]; size_t n; int64_t all; };

static enum pen_status note(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	struct opened *opened = context;

	(void)error;
	for (size_t i = 0; i < n && opened->n < sizeof opened->s; i++)
		opened->s[opened->n++] = bytes[i];
	opened->all += (int64_t)n;
	return PEN_OK;
}

static enum pen_status open_stream(const void *bytes, size_t n, size_t step, struct opened *opened, struct pen_error *error)
{
	struct pen_gzip *gzip;
	enum pen_status status = pen_gzip__open(&gzip, note, opened, error);

	assert_int_equal(status, PEN_OK);
	*opened = (struct opened){ .n = 0 };
	for (size_t i = 0; status == PEN_OK && i < n; i += step)
		status = pen_gzip__feed(gzip, (const char *)bytes + i, n - i < step ? n - i : step, error);
	if (status == PEN_OK)
		status = pen_gzip__finish(gzip, error);
	pen_gzip__close(gzip);
	return status;
}

static void a_stream_of_members_opens_as_it_comes(void **state)
{
	unsigned char twice[2 * sizeof hello];
	struct opened opened;
	struct pen_error error = { 0 };

	(void)state;
	memcpy(twice, hello, sizeof hello);
	memcpy(twice + sizeof hello, hello, sizeof hello);
	assert_true(pen_gzip__is((const char *)twice, sizeof twice));
	assert_false(pen_gzip__is((const char *)twice, 2));
	assert_false(pen_gzip__is("a,b\n", 4));
	for (size_t step = 1; step <= sizeof twice; step++) {
		assert_int_equal(open_stream(twice, sizeof twice, step, &opened, &error), PEN_OK);
		assert_int_equal(opened.n, 12);
		assert_memory_equal(opened.s, "hello\nhello\n", 12);
	}
}

static void a_stream_that_is_cut_or_changed_or_followed_by_more_is_refused(void **state)
{
	unsigned char copy[sizeof hello + 4] = { 0 };
	struct opened opened;
	struct pen_error error = { 0 };

	(void)state;
	for (size_t n = 1; n < sizeof hello; n++) {
		assert_int_equal(open_stream(hello, n, 5, &opened, &error), PEN_INPUT);
		assert_string_equal(error.code, "gzip.damaged");
	}
	/* The checksum. */
	memcpy(copy, hello, sizeof hello);
	copy[sizeof hello - 8] ^= 1;
	assert_int_equal(open_stream(copy, sizeof hello, 100, &opened, &error), PEN_INPUT);
	assert_string_equal(error.code, "gzip.damaged");
	copy[sizeof hello - 8] ^= 1;
	memcpy(copy + sizeof hello, "tail", 4);
	for (size_t step = 1; step <= sizeof copy; step++) {
		assert_int_equal(open_stream(copy, sizeof copy, step, &opened, &error), PEN_INPUT);
		assert_string_equal(error.code, "gzip.damaged");
		assert_non_null(strstr(error.text, "follows"));
	}
}

static void what_opens_to_a_thousand_times_as_much_costs_no_memory(void **state)
{
	char *zeros = pen_memory__calloc(40000000, 1), *packed;
	struct opened opened;
	struct pen_error error = { 0 };
	size_t n;

	(void)state;
	assert_int_equal(pen_gzip__pack(zeros, 40000000, &packed, &n, &error), PEN_OK);
	pen_memory__free(zeros);
	assert_true(n < 40000000 / 500);
	assert_int_equal(open_stream(packed, n, n, &opened, &error), PEN_OK);
	assert_int_equal(opened.all, 40000000);
	pen_memory__free(packed);
}

static enum pen_status stop(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	(void)context;
	(void)bytes;
	(void)n;
	return pen_error__set(error, PEN_INCOMPLETE, "test.stop", "enough");
}

static void a_sink_that_stops_is_heard(void **state)
{
	struct pen_gzip *gzip;
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_gzip__open(&gzip, stop, NULL, &error), PEN_OK);
	assert_int_equal(pen_gzip__feed(gzip, (const char *)hello, sizeof hello, &error), PEN_INCOMPLETE);
	assert_string_equal(error.code, "test.stop");
	pen_gzip__close(gzip);
	pen_gzip__close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(a_member_of_gnu_gzip_opens),
		cmocka_unit_test(the_header_has_no_name_and_no_time),
		cmocka_unit_test(a_stream_cut_anywhere_is_damaged),
		cmocka_unit_test(a_changed_bit_is_damage_or_changes_nothing),
		cmocka_unit_test(a_length_that_is_not_that_of_the_bytes_is_damage),
		cmocka_unit_test(bytes_after_the_member_are_damage),
		cmocka_unit_test(more_than_the_limit_is_refused_before_it_is_written),
		cmocka_unit_test(a_stream_of_members_opens_as_it_comes),
		cmocka_unit_test(a_stream_that_is_cut_or_changed_or_followed_by_more_is_refused),
		cmocka_unit_test(what_opens_to_a_thousand_times_as_much_costs_no_memory),
		cmocka_unit_test(a_sink_that_stops_is_heard),
	};

	return cmocka_run_group_tests_name("adapter/gzip", tests, NULL, NULL);
}
