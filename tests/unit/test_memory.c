#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"

#include <stdalign.h>
#include <string.h>

static void memory_from_calloc_is_zero(void **state)
{
	unsigned char zero[64] = { 0 };
	void *p = pen_memory__calloc(8, 8);

	(void)state;
	assert_non_null(p);
	assert_memory_equal(p, zero, sizeof(zero));
	pen_memory__free(p);
}

static void a_product_that_overflows_is_no_memory(void **state)
{
	char *p = pen_memory__calloc(1, 4);

	(void)state;
	assert_null(pen_memory__calloc(SIZE_MAX / 2, 3));
	assert_null(pen_memory__calloc(SIZE_MAX, 1));
	assert_null(pen_memory__realloc(p, SIZE_MAX / 4, 5));
	assert_null(pen_memory__realloc(p, SIZE_MAX, 1));
	/* The old piece is still there and still ours. */
	memcpy(p, "old", 4);
	assert_string_equal(p, "old");
	pen_memory__free(p);
}

static void nothing_asked_for_is_still_an_address(void **state)
{
	void *p = pen_memory__calloc(0, 8);
	void *q = pen_memory__realloc(NULL, 0, 8);

	(void)state;
	assert_non_null(p);
	assert_non_null(q);
	pen_memory__free(p);
	pen_memory__free(q);
	pen_memory__free(NULL);
}

static void realloc_keeps_what_was_there(void **state)
{
	char *p = pen_memory__realloc(NULL, 4, 1);

	(void)state;
	memcpy(p, "abc", 4);
	p = pen_memory__realloc(p, 10000, 2);
	assert_string_equal(p, "abc");
	pen_memory__free(p);
}

static void a_list_has_room_for_one_more_each_time_and_keeps_what_it_has(void **state)
{
	int *list = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++) {
		list = pen_memory__more(list, i, sizeof(*list));
		assert_non_null(list);
		list[i] = (int)i;
	}
	for (i = 0; i < 100; i++)
		assert_int_equal(list[i], i);
	assert_null(pen_memory__more(list, (size_t)1 << 62, sizeof(*list)));
	pen_memory__free(list);
}

static void pieces_of_an_arena_are_aligned_zero_and_apart(void **state)
{
	struct pen_arena *arena = pen_memory__arena();
	unsigned char zero[100] = { 0 };
	unsigned char *p, *last = NULL;
	size_t size;

	(void)state;
	for (size = 0; size < 100; size++) {
		p = pen_memory__take(arena, size);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		assert_memory_equal(p, zero, size);
		assert_true(p != last);
		/* A piece that reached into its neighbour would spoil the zeros. */
		memset(p, 0xff, size);
		last = p;
	}
	pen_memory__drop(arena);
}

static void a_piece_larger_than_any_block_is_given(void **state)
{
	struct pen_arena *arena = pen_memory__arena();
	unsigned char *small = pen_memory__take(arena, 1);
	unsigned char *large = pen_memory__take(arena, 5000000);

	(void)state;
	assert_non_null(large);
	*small = 7;
	assert_int_equal(large[0] | large[4999999], 0);
	memset(large, 0xff, 5000000);
	assert_int_equal(*small, 7);
	assert_null(pen_memory__take(arena, SIZE_MAX));
	assert_null(pen_memory__take(arena, PTRDIFF_MAX - alignof(max_align_t)));
	pen_memory__drop(arena);
}

static void a_copy_ends_in_a_nul_and_may_hold_one(void **state)
{
	struct pen_arena *arena = pen_memory__arena();

	(void)state;
	assert_string_equal(pen_memory__copy(arena, "pension", 3), "pen");
	assert_string_equal(pen_memory__copy(arena, NULL, 0), "");
	assert_memory_equal(pen_memory__copy(arena, "a\0b", 3), "a\0b", 4);
	assert_null(pen_memory__copy(arena, "a", SIZE_MAX));
	pen_memory__drop(arena);
}

static void a_reset_arena_gives_its_largest_block_again_and_zero(void **state)
{
	struct pen_arena *arena = pen_memory__arena();
	unsigned char zero[3000] = { 0 };
	unsigned char *large, *again;
	int i;

	(void)state;
	pen_memory__reset(arena);	/* with nothing in it */
	memset(pen_memory__take(arena, 3000), 0xff, 3000);
	large = pen_memory__take(arena, 300000);
	memset(large, 0xff, 300000);
	for (i = 0; i < 10; i++)
		memset(pen_memory__take(arena, 3000), 0xff, 3000);
	pen_memory__reset(arena);
	again = pen_memory__take(arena, 3000);
	assert_ptr_equal(again, large);
	assert_memory_equal(again, zero, sizeof(zero));
	pen_memory__drop(arena);
}

static void a_table_of_any_size_is_zero(void **state)
{
	static const size_t counts[] = { 0, 10, ((size_t)2 << 20) - 1, (size_t)5 << 20 };
	unsigned char *table;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		table = pen_memory__table(counts[i], 1);
		assert_non_null(table);
		for (at = 0; at < counts[i]; at++)
			assert_int_equal(table[at], 0);
		memset(table, 'x', counts[i]);
		pen_memory__free(table);
	}
	assert_null(pen_memory__table(SIZE_MAX / 2, 4));
	assert_null(pen_memory__table(PTRDIFF_MAX, 1));
}

static void dropping_no_arena_is_fine(void **state)
{
	(void)state;
	pen_memory__drop(NULL);
	pen_memory__drop(pen_memory__arena());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_from_calloc_is_zero),
		cmocka_unit_test(a_product_that_overflows_is_no_memory),
		cmocka_unit_test(nothing_asked_for_is_still_an_address),
		cmocka_unit_test(realloc_keeps_what_was_there),
		cmocka_unit_test(a_list_has_room_for_one_more_each_time_and_keeps_what_it_has),
		cmocka_unit_test(pieces_of_an_arena_are_aligned_zero_and_apart),
		cmocka_unit_test(a_piece_larger_than_any_block_is_given),
		cmocka_unit_test(a_copy_ends_in_a_nul_and_may_hold_one),
		cmocka_unit_test(a_reset_arena_gives_its_largest_block_again_and_zero),
		cmocka_unit_test(a_table_of_any_size_is_zero),
		cmocka_unit_test(dropping_no_arena_is_fine),
	};

	return cmocka_run_group_tests_name("base/memory", tests, NULL, NULL);
}
