#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "model/shape_named.h"

static struct pen_named *named;

static void put(int64_t person, const char *name, int64_t line)
{
	assert_true(pen_shape_named__put(named, person, name, strlen(name), line));
}

static void expect(int64_t person, const char *name, enum pen_named_as as, int64_t line)
{
	int64_t found;

	assert_int_equal(pen_shape_named__look(named, person, name, strlen(name), &found), as);
	assert_int_equal(found, line);
}

static int set_up(void **state)
{
	(void)state;
	named = pen_shape_named__new();
	return named ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	pen_shape_named__free(named);
	return 0;
}

static void another_name_is_told_with_the_line_of_the_first(void **state)
{
	(void)state;
	expect(7, "王敏", PEN_NAMED_NOT, 0);
	put(7, "王敏", 12);
	expect(7, "王敏", PEN_NAMED_SAME, 12);
	expect(7, "王　敏", PEN_NAMED_FOLDED, 12);
	expect(7, "王梅", PEN_NAMED_OTHER, 12);
	expect(8, "王敏", PEN_NAMED_NOT, 0);
}

static void people_are_told_apart_however_many_and_in_any_order(void **state)
{
	char name[32];
	int64_t i;

	(void)state;
	for (i = 0; i < 6000; i++) {
		/* New ones in a row, and between them some whose numbers are old. */
		snprintf(name, sizeof(name), "某%ld", (long)i);
		put(i % 5 ? 1000000 + i : 1 + i, name, i + 2);
	}
	for (i = 0; i < 6000; i++) {
		snprintf(name, sizeof(name), "某%ld", (long)i);
		expect(i % 5 ? 1000000 + i : 1 + i, name, PEN_NAMED_SAME, i + 2);
		expect(i % 5 ? 1000000 + i : 1 + i, "某人", PEN_NAMED_OTHER, i + 2);
	}
	/* A line beyond those that there is room for is told as the last of them. */
	put(5000000, "王敏", INT64_C(1) << 40);
	expect(5000000, "王梅", PEN_NAMED_OTHER, (INT64_C(1) << 27) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(another_name_is_told_with_the_line_of_the_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(people_are_told_apart_however_many_and_in_any_order, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("model/shape_named", tests, NULL, NULL);
}
