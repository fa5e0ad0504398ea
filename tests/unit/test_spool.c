#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/spool.h"

#include <stdlib.h>
#include <string.h>

static struct pen_error error;
static const char *directory;

static int set_up(void **state)
{
	(void)state;
	directory = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
	return 0;
}

/* Record i: i % 300 bytes, each of them i. */
static size_t record(int i, char out[300])
{
	memset(out, i, (size_t)i % 300);
	return (size_t)i % 300;
}

static struct pen_spool *filled(size_t memory, int count, int64_t *places)
{
	struct pen_spool *spool;
	char bytes[300];
	int i;

	assert_int_equal(pen_spool__new(&spool, directory, memory, &error), PEN_OK);
	for (i = 0; i < count; i++)
		assert_int_equal(pen_spool__add(spool, bytes, record(i, bytes), places ? &places[i] : NULL, &error), PEN_OK);
	return spool;
}

static void is_record(struct pen_spool_cursor *cursor, int i)
{
	char expected[300];
	const void *bytes;
	size_t n;

	assert_int_equal(pen_spool__next(cursor, &bytes, &n, &error), PEN_OK);
	assert_non_null(bytes);
	assert_int_equal(n, record(i, expected));
	assert_memory_equal(bytes, expected, n);
}

static void comes_back(size_t memory)
{
	struct pen_spool *spool = filled(memory, 5000, NULL);
	struct pen_spool_cursor *cursor;
	const void *bytes;
	size_t n;
	int i;

	assert_int_equal(pen_spool__cursor(&cursor, spool, 0, pen_spool__end(spool), &error), PEN_OK);
	for (i = 0; i < 5000; i++)
		is_record(cursor, i);
	assert_int_equal(pen_spool__next(cursor, &bytes, &n, &error), PEN_OK);
	assert_null(bytes);
	pen_spool__close(cursor);
	pen_spool__free(spool);
}

static void records_come_back_in_order_from_memory(void **state)
{
	(void)state;
	comes_back(1 << 24);
}

/* Half of them in the file, half in memory, and hardly any in memory. */
static void and_from_the_file_that_memory_ran_over_to(void **state)
{
	(void)state;
	comes_back(400000);
	comes_back(1);
}

static void two_cursors_go_through_parts_of_their_own(void **state)
{
	int64_t places[1000];
	struct pen_spool *spool = filled(5000, 1000, places);
	struct pen_spool_cursor *low, *high;
	const void *bytes;
	size_t n;
	int i;

	(void)state;
	assert_int_equal(pen_spool__cursor(&low, spool, 0, places[500], &error), PEN_OK);
	assert_int_equal(pen_spool__cursor(&high, spool, places[500], pen_spool__end(spool), &error), PEN_OK);
	for (i = 0; i < 500; i++) {
		is_record(low, i);
		is_record(high, 500 + i);
	}
	assert_int_equal(pen_spool__next(low, &bytes, &n, &error), PEN_OK);
	assert_null(bytes);
	pen_spool__close(low);
	pen_spool__close(high);
	pen_spool__free(spool);
}

static void a_place_is_found_again(void **state)
{
	int64_t places[1000];
	struct pen_spool *spool = filled(5000, 1000, places);
	struct pen_spool_cursor *cursor;
	int i;

	(void)state;
	assert_int_equal(pen_spool__cursor(&cursor, spool, 0, pen_spool__end(spool), &error), PEN_OK);
	for (i = 999; i >= 0; i -= 37) {
		pen_spool__seek(cursor, places[i]);
		is_record(cursor, i);
	}
	pen_spool__close(cursor);
	pen_spool__free(spool);
}

static void a_record_may_be_longer_than_memory_and_window(void **state)
{
	struct pen_spool *spool = filled(1000, 10, NULL);
	struct pen_spool_cursor *cursor;
	size_t n, size = 1000000;
	char *large = calloc(size, 1);
	const void *bytes;
	int i;

	(void)state;
	large[size - 1] = 'x';
	assert_int_equal(pen_spool__add(spool, large, size, NULL, &error), PEN_OK);
	assert_int_equal(pen_spool__add(spool, "end", 3, NULL, &error), PEN_OK);
	assert_int_equal(pen_spool__cursor(&cursor, spool, 0, pen_spool__end(spool), &error), PEN_OK);
	for (i = 0; i < 10; i++)
		is_record(cursor, i);
	assert_int_equal(pen_spool__next(cursor, &bytes, &n, &error), PEN_OK);
	assert_int_equal(n, size);
	assert_memory_equal(bytes, large, size);
	assert_int_equal(pen_spool__next(cursor, &bytes, &n, &error), PEN_OK);
	assert_memory_equal(bytes, "end", 3);
	pen_spool__close(cursor);
	pen_spool__free(spool);
	free(large);
}

static void a_directory_that_is_not_there_is_named(void **state)
{
	struct pen_spool *spool;

	(void)state;
	assert_int_equal(pen_spool__new(&spool, "/no/such/directory", 1, &error), PEN_OK);
	assert_int_equal(pen_spool__add(spool, "a", 1, NULL, &error), PEN_OK);
	assert_int_equal(pen_spool__add(spool, "b", 1, NULL, &error), PEN_SYSTEM);
	assert_non_null(strstr(error.text, "/no/such/directory"));
	pen_spool__free(spool);
	pen_spool__free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_in_order_from_memory),
		cmocka_unit_test(and_from_the_file_that_memory_ran_over_to),
		cmocka_unit_test(two_cursors_go_through_parts_of_their_own),
		cmocka_unit_test(a_place_is_found_again),
		cmocka_unit_test(a_record_may_be_longer_than_memory_and_window),
		cmocka_unit_test(a_directory_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests_name("base/spool", tests, set_up, NULL);
}
