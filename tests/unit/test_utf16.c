#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/utf16.h"

/* However the bytes are cut, the same comes out; false if some cut is refused. */
static bool convert(const char *bytes, size_t n, bool big, const char *expected, size_t expected_n)
{
	char out[256], part[PEN_UTF16_ROOM(64)];
	bool good = false;

	for (size_t step = 1; step <= n; step++) {
		struct pen_utf16 walk = { .big = big };
		size_t out_n = 0, part_n;

		good = true;
		for (size_t i = 0; good && i < n; i += step) {
			size_t length = n - i < step ? n - i : step;

			good = pen_utf16__convert(&walk, bytes + i, length, part, &part_n);
			assert_true(part_n <= PEN_UTF16_ROOM(length));
			memcpy(out + out_n, part, part_n);
			out_n += part_n;
		}
		assert_int_equal(out_n, expected_n);
		assert_memory_equal(out, expected, expected_n);
		good = good && pen_utf16__ends(&walk);
	}
	return good;
}

static void characters_come_out_as_utf8_in_either_order(void **state)
{
	(void)state;
	/* a, é, 张, 𠮷 */
	assert_true(convert("a\0\xe9\0\x20\x5f\x42\xd8\xb7\xdf", 10, false, "aé张𠮷", 10));
	assert_true(convert("\0a\0\xe9\x5f\x20\xd8\x42\xdf\xb7", 10, true, "aé张𠮷", 10));
	assert_true(convert("\xff\xff\0\0\x1a\0", 6, false, "\xef\xbf\xbf\0\x1a", 5));
}

static void a_surrogate_alone_is_none(void **state)
{
	(void)state;
	assert_false(convert("a\0\xb7\xdf", 4, false, "a", 1));		/* a low one first */
	assert_false(convert("a\0\x42\xd8x\0", 6, false, "a", 1));		/* a high one without */
	assert_false(convert("\x42\xd8\x42\xd8", 4, false, "", 0));
}

static void a_text_may_not_end_inside_a_character(void **state)
{
	(void)state;
	assert_false(convert("a\0b", 3, false, "a", 1));
	assert_false(convert("a\0\x42\xd8", 4, false, "a", 1));
	assert_true(pen_utf16__ends(&(struct pen_utf16){ .big = true }));
}

static void utf8_is_measured_as_what_it_came_from(void **state)
{
	(void)state;
	assert_int_equal(pen_utf16__measure("aé张𠮷", 10), 10);
	assert_int_equal(pen_utf16__measure("", 0), 0);
	/* Cut inside the last: it counts with its first byte. */
	assert_int_equal(pen_utf16__measure("张𠮷", 5) + pen_utf16__measure("张𠮷" + 5, 2), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_come_out_as_utf8_in_either_order),
		cmocka_unit_test(a_surrogate_alone_is_none),
		cmocka_unit_test(a_text_may_not_end_inside_a_character),
		cmocka_unit_test(utf8_is_measured_as_what_it_came_from),
	};

	return cmocka_run_group_tests_name("base/utf16", tests, NULL, NULL);
}
