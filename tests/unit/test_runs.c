#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/runs.h"

#include <stdlib.h>
#include <string.h>

static struct pen_error error;

static struct pen_runs *new_runs(size_t memory)
{
	const char *dir = getenv("TMPDIR");
	struct pen_runs *runs;

	assert_int_equal(pen_runs__new(&runs, dir ? dir : "/tmp", memory, &error), PEN_OK);
	return runs;
}

/* A record of key % 40 bytes, each of them the key's lowest. */
static void put(struct pen_runs *runs, uint64_t high, uint64_t low)
{
	const struct pen_runs_key key = { high, low };
	unsigned char *out;

	assert_int_equal(pen_runs__room(runs, 100, &out, &error), PEN_OK);
	memset(out, (int)(low & 255), low % 40);
	pen_runs__put(runs, &key, low % 40);
}

static struct pen_runs_walk *walk_of(struct pen_runs *runs)
{
	struct pen_runs_walk *walk;

	assert_int_equal(pen_runs__sort(runs, &error), PEN_OK);
	assert_int_equal(pen_runs__walk(&walk, runs, &error), PEN_OK);
	return walk;
}

/* False at the end; else the record is the one that was put under its key. */
static bool next(struct pen_runs_walk *walk, struct pen_runs_key *key)
{
	const unsigned char *bytes;
	size_t n, i;

	assert_int_equal(pen_runs__next(walk, key, &bytes, &n, &error), PEN_OK);
	if (!bytes)
		return false;
	assert_int_equal(n, key->low % 40);
	for (i = 0; i < n; i++)
		assert_int_equal(bytes[i], key->low & 255);
	return true;
}

static bool is_before(const struct pen_runs_key *a, const struct pen_runs_key *b)
{
	return a->high != b->high ? a->high < b->high : a->low < b->low;
}

static void come_in_order(size_t memory)
{
	struct pen_runs *runs = new_runs(memory);
	struct pen_runs_key before = { 0, 0 }, key;
	struct pen_runs_walk *walk;
	int i;

	srand(7);
	for (i = 1; i <= 20000; i++)
		put(runs, (uint64_t)(rand() % 9) << 40, (uint64_t)i);
	assert_int_equal(pen_runs__count(runs), 20000);
	walk = walk_of(runs);
	for (i = 0; i < 20000; i++) {
		assert_true(next(walk, &key));
		assert_true(is_before(&before, &key));
		before = key;
	}
	assert_false(next(walk, &key));
	assert_false(next(walk, &key));
	pen_runs__close(walk);
	pen_runs__free(runs);
}

static void records_come_in_the_order_of_their_keys_whether_memory_holds_them_or_not(void **state)
{
	(void)state;
	come_in_order(SIZE_MAX);
	come_in_order(100000);
	come_in_order(5000);
}

static void what_comes_first_in_order_and_then_in_another_is_merged(void **state)
{
	struct pen_runs *runs = new_runs(3000);
	struct pen_runs_walk *walk;
	struct pen_runs_key key;
	uint64_t i;

	(void)state;
	for (i = 0; i < 4000; i++)
		if (i % 5)
			put(runs, 0, i);
	for (i = 0; i < 4000; i += 5)
		put(runs, 0, (i * 7 + 35) % 4000);
	walk = walk_of(runs);
	for (i = 0; i < 4000; i++) {
		assert_true(next(walk, &key));
		assert_int_equal(key.low, i);
	}
	assert_false(next(walk, &key));
	pen_runs__close(walk);
	pen_runs__free(runs);
}

/* Keys that differ in all of their bytes, and records whose low halves come in order
 * while the high ones do not. */
static void every_byte_of_a_key_counts(void **state)
{
	struct pen_runs *runs = new_runs(SIZE_MAX);
	struct pen_runs_key before = { 0, 0 }, key;
	struct pen_runs_walk *walk;
	uint64_t i, n = 0;

	(void)state;
	for (i = 1; i < 3000; i++)
		put(runs, i * UINT64_C(0x9e3779b97f4a7c15), i * UINT64_C(0xd6e8feb86659fd93));
	for (i = 1; i < 3000; i++)
		put(runs, 3000 - i, i << 32 | 1);
	for (walk = walk_of(runs); next(walk, &key); before = key, n++)
		assert_true(is_before(&before, &key));
	assert_int_equal(n, 5998);
	pen_runs__close(walk);
	pen_runs__free(runs);
}

static void several_go_through_at_a_time_each_at_its_own_pace(void **state)
{
	struct pen_runs *runs = new_runs(500);
	struct pen_runs_walk *slow, *fast;
	struct pen_runs_key key;
	uint64_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		put(runs, 0, 999 - i);
	slow = walk_of(runs);
	fast = walk_of(runs);
	for (i = 0; i < 1000; i++) {
		assert_true(next(fast, &key));
		assert_int_equal(key.low, i);
		if (i % 10 == 0) {
			assert_true(next(slow, &key));
			assert_int_equal(key.low, i / 10);
		}
	}
	pen_runs__close(slow);
	pen_runs__close(fast);
	pen_runs__free(runs);
}

static void a_record_larger_than_the_bound_is_held_all_the_same(void **state)
{
	const struct pen_runs_key key = { 1, 1 };
	struct pen_runs *runs = new_runs(10);
	struct pen_runs_key found;
	struct pen_runs_walk *walk;
	const unsigned char *bytes;
	unsigned char *out;
	size_t n;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(pen_runs__room(runs, 200000, &out, &error), PEN_OK);
		memset(out, 'x', 200000);
		pen_runs__put(runs, &key, 200000);
	}
	walk = walk_of(runs);
	for (i = 0; i < 3; i++) {
		assert_int_equal(pen_runs__next(walk, &found, &bytes, &n, &error), PEN_OK);
		assert_int_equal(n, 200000);
		assert_int_equal(bytes[199999], 'x');
	}
	pen_runs__close(walk);
	pen_runs__free(runs);
}

static void without_records_there_is_nothing_to_go_through(void **state)
{
	struct pen_runs *runs = new_runs(1);
	struct pen_runs_walk *walk = walk_of(runs);
	struct pen_runs_key key;

	(void)state;
	assert_int_equal(pen_runs__count(runs), 0);
	assert_false(next(walk, &key));
	pen_runs__close(walk);
	pen_runs__close(NULL);
	pen_runs__free(runs);
	pen_runs__free(NULL);
}

static void a_directory_that_takes_no_file_is_told_when_memory_is_full(void **state)
{
	const struct pen_runs_key key = { 1, 1 };
	struct pen_runs *runs;
	enum pen_status status = PEN_OK;
	unsigned char *out;
	int i;

	(void)state;
	assert_int_equal(pen_runs__new(&runs, "/nowhere/at/all", 1 << 16, &error), PEN_OK);
	for (i = 0; status == PEN_OK && i < 100; i++) {
		status = pen_runs__room(runs, 60000, &out, &error);
		if (!status) {
			memset(out, 'x', 60000);
			pen_runs__put(runs, &key, 60000);
		}
	}
	assert_int_equal(status, PEN_SYSTEM);
	assert_non_null(strstr(error.text, "/nowhere/at/all"));
	pen_runs__free(runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_in_the_order_of_their_keys_whether_memory_holds_them_or_not),
		cmocka_unit_test(what_comes_first_in_order_and_then_in_another_is_merged),
		cmocka_unit_test(every_byte_of_a_key_counts),
		cmocka_unit_test(several_go_through_at_a_time_each_at_its_own_pace),
		cmocka_unit_test(a_record_larger_than_the_bound_is_held_all_the_same),
		cmocka_unit_test(without_records_there_is_nothing_to_go_through),
		cmocka_unit_test(a_directory_that_takes_no_file_is_told_when_memory_is_full),
	};

	return cmocka_run_group_tests_name("base/runs", tests, NULL, NULL);
}
