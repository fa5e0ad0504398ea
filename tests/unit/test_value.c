#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/value.h"

/* Values in ascending order. */
static const struct pen_value ladder[] = {
	{ PEN_NULL, 0, NULL, 0 },
	{ PEN_INTEGER, INT64_MIN, NULL, 0 },
	{ PEN_INTEGER, -1, NULL, 0 },
	{ PEN_INTEGER, 0, NULL, 0 },
	{ PEN_INTEGER, INT64_MAX, NULL, 0 },
	{ PEN_STRING, 0, NULL, 0 },
	{ PEN_STRING, 0, "", 1 },	/* one NUL */
	{ PEN_STRING, 0, "A", 1 },
	{ PEN_STRING, 0, "AB", 2 },
	{ PEN_STRING, 0, "B", 1 },
	{ PEN_STRING, 0, "王", 3 },
	{ PEN_STRING, 0, "𠮷", 4 },
	{ PEN_BYTES, 0, NULL, 0 },
	{ PEN_BYTES, 0, "A", 1 },
};

static void every_two_values_stand_in_the_order_of_the_ladder(void **state)
{
	size_t i, j, n = sizeof(ladder) / sizeof(ladder[0]);

	(void)state;
	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			assert_int_equal(pen_value__compare(&ladder[i], &ladder[j]), (i > j) - (i < j));
			assert_int_equal(pen_value__equal(&ladder[i], &ladder[j]), i == j);
		}
	}
}

static void equal_bytes_at_other_addresses_are_equal(void **state)
{
	const char a[] = "王敏", b[] = "王敏";
	struct pen_value x = pen_value__string(a, 6), y = pen_value__string(b, 6);
	struct pen_value empty = pen_value__string("", 0), none = pen_value__string(NULL, 0);

	(void)state;
	assert_true(pen_value__equal(&x, &y));
	assert_true(pen_value__equal(&empty, &none));
}

static void the_makers_fill_what_they_say(void **state)
{
	struct pen_value null = pen_value__null(), seven = pen_value__integer(7);

	(void)state;
	assert_int_equal(null.type, PEN_NULL);
	assert_int_equal(seven.type, PEN_INTEGER);
	assert_int_equal(seven.i, 7);
	assert_false(pen_value__equal(&null, &seven));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_two_values_stand_in_the_order_of_the_ladder),
		cmocka_unit_test(equal_bytes_at_other_addresses_are_equal),
		cmocka_unit_test(the_makers_fill_what_they_say),
	};

	return cmocka_run_group_tests_name("base/value", tests, NULL, NULL);
}
