#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store/idtable.h"

#include <string.h>

#define ID_A "330108197906172832"
#define ID_X "33010719760320866X"

static void an_id_comes_back_out_of_its_key(void **state)
{
	char out[19];

	(void)state;
	assert_string_equal(pen_idtable__id(pen_idtable__key(ID_A), out), ID_A);
	assert_string_equal(pen_idtable__id(pen_idtable__key(ID_X), out), ID_X);
	assert_string_equal(pen_idtable__id(pen_idtable__key("000000000000000000"), out), "000000000000000000");
	assert_string_equal(pen_idtable__id(pen_idtable__key("99999999999999999X"), out), "99999999999999999X");
}

static void what_is_no_citizen_id_has_no_key(void **state)
{
	static const char *const none[] = { "", "short", "3301081979061728320", "33010819790617283x",
		"33010819790617283A", "91330106MA1080192C", "X30108197906172832", "33010719760320866" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_true(pen_idtable__key(none[i]) == 0);
}

/* Place by place, whatever byte stands there; an independent reading of the digits. */
static void only_digits_and_a_last_x_make_a_key(void **state)
{
	int at, byte, i;

	(void)state;
	for (at = 0; at < 18; at++) {
		for (byte = 1; byte < 256; byte++) {
			char id[19] = ID_A;
			uint64_t expected = 0;

			id[at] = (char)byte;
			for (i = 0; i < 17; i++)
				expected = expected * 10 + (uint64_t)(id[i] - '0');
			expected = expected * 11 + (id[17] == 'X' ? 10 : (uint64_t)(id[17] - '0')) + 1;
			if ((byte < '0' || byte > '9') && (at < 17 || byte != 'X'))
				expected = 0;
			assert_true(pen_idtable__key(id) == expected);
		}
	}
}

static void keys_order_as_ids_do(void **state)
{
	(void)state;
	assert_true(pen_idtable__key(ID_X) < pen_idtable__key(ID_A));
	assert_true(pen_idtable__key("330108197906172832") < pen_idtable__key("330108197906172840"));
}

static void a_key_that_was_not_added_is_nobody(void **state)
{
	struct pen_idtable *table = pen_idtable__new(0);

	(void)state;
	assert_non_null(table);
	assert_int_equal(pen_idtable__find(table, pen_idtable__key(ID_A)), 0);
	assert_int_equal(pen_idtable__find(table, 0), 0);
	assert_true(pen_idtable__add(table, pen_idtable__key(ID_A), 7));
	assert_int_equal(pen_idtable__find(table, pen_idtable__key(ID_A)), 7);
	assert_int_equal(pen_idtable__find(table, pen_idtable__key(ID_X)), 0);
	pen_idtable__free(table);
}

static void a_key_keeps_its_first_number(void **state)
{
	struct pen_idtable *table = pen_idtable__new(0);

	(void)state;
	assert_true(pen_idtable__add(table, pen_idtable__key(ID_A), 7));
	assert_true(pen_idtable__add(table, pen_idtable__key(ID_A), 8));
	assert_int_equal(pen_idtable__find(table, pen_idtable__key(ID_A)), 7);
	assert_int_equal(pen_idtable__count(table), 1);
	pen_idtable__free(table);
}

static void numbers_beyond_what_it_holds_are_refused(void **state)
{
	struct pen_idtable *table = pen_idtable__new(0);

	(void)state;
	assert_false(pen_idtable__add(table, pen_idtable__key(ID_A), 0));
	assert_false(pen_idtable__add(table, pen_idtable__key(ID_A), INT64_C(1) << 32));
	assert_true(pen_idtable__add(table, pen_idtable__key(ID_A), UINT32_MAX));
	assert_int_equal(pen_idtable__find(table, pen_idtable__key(ID_A)), UINT32_MAX);
	pen_idtable__free(table);
}

/* Neighbours, as ids of one day and one area are, and far more than it was made for. */
static void it_grows_and_everybody_is_found_again(void **state)
{
	struct pen_idtable *table = pen_idtable__new(10);
	uint64_t first = pen_idtable__key("110101190001010000"), i;

	(void)state;
	for (i = 0; i < 200000; i++)
		assert_true(pen_idtable__add(table, first + i * 11, (int64_t)i + 1));
	assert_int_equal(pen_idtable__count(table), 200000);
	for (i = 0; i < 200000; i++)
		assert_int_equal(pen_idtable__find(table, first + i * 11), i + 1);
	assert_int_equal(pen_idtable__find(table, first + 5), 0);
	pen_idtable__free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_comes_back_out_of_its_key),
		cmocka_unit_test(what_is_no_citizen_id_has_no_key),
		cmocka_unit_test(only_digits_and_a_last_x_make_a_key),
		cmocka_unit_test(keys_order_as_ids_do),
		cmocka_unit_test(a_key_that_was_not_added_is_nobody),
		cmocka_unit_test(a_key_keeps_its_first_number),
		cmocka_unit_test(numbers_beyond_what_it_holds_are_refused),
		cmocka_unit_test(it_grows_and_everybody_is_found_again),
	};

	return cmocka_run_group_tests_name("store/idtable", tests, NULL, NULL);
}
