#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/shape_seen.h"

static void what_was_put_is_got_and_nothing_else(void **state)
{
	struct pen_seen *seen = pen_shape_seen__new();
	int64_t i;

	(void)state;
	assert_non_null(seen);
	assert_int_equal(pen_shape_seen__get(seen, 1, 2), 0);
	/* Beyond the first room, in both orders of the two numbers. */
	for (i = 1; i <= 5000; i++)
		assert_true(pen_shape_seen__put(seen, i, i % 7, i));
	for (i = 1; i <= 5000; i++) {
		assert_int_equal(pen_shape_seen__get(seen, i, i % 7), i);
		assert_int_equal(pen_shape_seen__get(seen, i, 7), 0);
	}
	assert_true(pen_shape_seen__put(seen, 3, 3, 9));
	assert_int_equal(pen_shape_seen__get(seen, 3, 3), 9);
	pen_shape_seen__free(seen);
	pen_shape_seen__free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_put_is_got_and_nothing_else) };

	return cmocka_run_group_tests_name("model/shape_seen", tests, NULL, NULL);
}
