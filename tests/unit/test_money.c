#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/money.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct reading { const char *text; int places; enum pen_decimal result; int64_t value; };

static void check(const struct reading *cases, size_t n)
{
	enum pen_decimal result;
	int64_t value;
	size_t i;

	for (i = 0; i < n; i++) {
		value = 4711;
		result = pen_money__decimal(cases[i].text, strlen(cases[i].text), cases[i].places, &value);
		if (result != cases[i].result)
			fail_msg("\"%s\" gives %d", cases[i].text, result);
		/* What cannot be read leaves the value alone. */
		assert_int_equal(value, result == PEN_DECIMAL_OK ? cases[i].value : 4711);
	}
}

static void plain_decimals_are_read_exactly(void **state)
{
	static const struct reading cases[] = {
		{ "0", 2, PEN_DECIMAL_OK, 0 }, { "-0", 2, PEN_DECIMAL_OK, 0 }, { "-0.00", 2, PEN_DECIMAL_OK, 0 },
		{ "12", 2, PEN_DECIMAL_OK, 1200 }, { "-12.5", 2, PEN_DECIMAL_OK, -1250 },
		{ "+12.5", 2, PEN_DECIMAL_OK, 1250 }, { "0.05", 2, PEN_DECIMAL_OK, 5 },
		{ "-0.05", 2, PEN_DECIMAL_OK, -5 }, { "6500.00", 2, PEN_DECIMAL_OK, 650000 },
		{ "0.29", 2, PEN_DECIMAL_OK, 29 },	/* 0.29 * 100 is 28.999… in binary */
		{ "1.15", 2, PEN_DECIMAL_OK, 115 }, { "4.35", 2, PEN_DECIMAL_OK, 435 },
		{ "000012.30", 2, PEN_DECIMAL_OK, 1230 }, { "7", 0, PEN_DECIMAL_OK, 7 },
		{ "7.0", 0, PEN_DECIMAL_OK, 7 }, { "1.500000", 2, PEN_DECIMAL_OK, 150 },
		{ "0.0613", 6, PEN_DECIMAL_OK, 61300 }, { "1", 18, PEN_DECIMAL_OK, INT64_C(1000000000000000000) },
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void nothing_is_rounded(void **state)
{
	static const struct reading cases[] = {
		{ "1.005", 2, PEN_DECIMAL_PLACES, 0 }, { "0.001", 2, PEN_DECIMAL_PLACES, 0 },
		{ "1.2300000001", 2, PEN_DECIMAL_PLACES, 0 }, { "7.1", 0, PEN_DECIMAL_PLACES, 0 },
		{ "6500.0000000001", 2, PEN_DECIMAL_PLACES, 0 },
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void what_is_no_plain_decimal_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "-", "+", ".", "-.", "5.", ".5", "1e3", "1E3", "1,000.00", "1 000", "--1", "+-1", "1-",
		"1.2.3", " 1", "1 ", "0x10", "nan", "inf", "12元", "¥12", "１２", "1.-5", "1.+5", "1..5", "1.5 ",
	};
	struct reading one = { NULL, 2, PEN_DECIMAL_SYNTAX, 0 };
	int64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		one.text = bad[i];
		check(&one, 1);
	}
	assert_int_equal(pen_money__decimal("12\0", 3, 2, &value), PEN_DECIMAL_SYNTAX);
	assert_int_equal(pen_money__decimal("129", 2, 2, &value), PEN_DECIMAL_OK);
	assert_int_equal(value, 1200);
}

static void the_range_ends_at_the_last_fen(void **state)
{
	static const struct reading cases[] = {
		{ "92233720368547758.07", 2, PEN_DECIMAL_OK, INT64_MAX },
		{ "92233720368547758.08", 2, PEN_DECIMAL_RANGE, 0 },
		{ "-92233720368547758.08", 2, PEN_DECIMAL_OK, INT64_MIN },
		{ "-92233720368547758.09", 2, PEN_DECIMAL_RANGE, 0 },
		{ "9223372036854775807", 0, PEN_DECIMAL_OK, INT64_MAX },
		{ "9223372036854775808", 0, PEN_DECIMAL_RANGE, 0 },
		{ "9223372036854775807", 2, PEN_DECIMAL_RANGE, 0 },
		{ "99999999999999999999999999999999999999999999", 2, PEN_DECIMAL_RANGE, 0 },
		{ "10", 18, PEN_DECIMAL_RANGE, 0 },
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void fen_are_shown_as_yuan_and_read_back(void **state)
{
	static const struct { int64_t fen; const char *text; } cases[] = {
		{ 0, "0.00" }, { 5, "0.05" }, { -5, "-0.05" }, { 99, "0.99" }, { 100, "1.00" }, { -100, "-1.00" },
		{ 650000, "6500.00" }, { INT64_MAX, "92233720368547758.07" }, { INT64_MIN, "-92233720368547758.08" },
	};
	char out[24];
	int64_t back;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_string_equal(pen_money__format(cases[i].fen, out), cases[i].text);
		assert_int_equal(pen_money__decimal(out, strlen(out), 2, &back), PEN_DECIMAL_OK);
		assert_int_equal(back, cases[i].fen);
	}
}

/* Expected from Python's decimal module, 60 digits, ROUND_HALF_UP. */
static void products_are_rounded_once_half_away_from_zero(void **state)
{
	static const struct { int64_t a, b, c, expected; } cases[] = {
		{ 650000, 80000, PEN_MILLION, 52000 }, { 333, 1, 2, 167 }, { -333, 1, 2, -167 },
		{ 1, 1, 2, 1 }, { -1, 1, 2, -1 }, { 1, -1, 2, -1 }, { -1, -1, 2, 1 },
		{ 1, 49, 100, 0 }, { -1, 49, 100, 0 }, { 5, 1, 3, 2 }, { 4, 1, 3, 1 }, { 0, 7, 3, 0 },
		{ INT64_MAX, PEN_MILLION, PEN_MILLION, INT64_MAX }, { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
		{ INT64_MIN, INT64_MAX, INT64_MAX, INT64_MIN }, { 1234567890123, 999999, PEN_MILLION, 1234566655555 },
		{ -1234567890123, 999999, PEN_MILLION, -1234566655555 }, { INT64_MAX, 3, 4, 6917529027641081855 },
		{ 123456789, 61300, 12 * PEN_MILLION, 630658 }, { 1, 1, INT64_MAX, 0 },
	};
	int64_t out;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_true(pen_money__scale(cases[i].a, cases[i].b, cases[i].c, &out));
		assert_int_equal(out, cases[i].expected);
	}
}

static void a_product_that_does_not_fit_is_refused(void **state)
{
	int64_t out = 4711;

	(void)state;
	assert_false(pen_money__scale(INT64_MAX, 2, 1, &out));
	assert_false(pen_money__scale(INT64_MIN, -1, 1, &out));
	assert_false(pen_money__scale(INT64_MIN, INT64_MIN, 1, &out));
	assert_false(pen_money__scale(INT64_MAX, PEN_MILLION + 1, PEN_MILLION, &out));
	assert_int_equal(out, 4711);
	assert_true(pen_money__scale(INT64_MIN, 1, 1, &out));
	assert_true(out == INT64_MIN);
}

static void a_sum_that_overflows_leaves_the_total_alone(void **state)
{
	int64_t sum = 1;

	(void)state;
	assert_true(pen_money__add(sum, 2, &sum));
	assert_int_equal(sum, 3);
	assert_false(pen_money__add(INT64_MAX, 1, &sum));
	assert_false(pen_money__add(INT64_MIN, -1, &sum));
	assert_int_equal(sum, 3);
	assert_true(pen_money__add(INT64_MAX, INT64_MIN, &sum));
	assert_int_equal(sum, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_decimals_are_read_exactly),
		cmocka_unit_test(nothing_is_rounded),
		cmocka_unit_test(what_is_no_plain_decimal_is_refused),
		cmocka_unit_test(the_range_ends_at_the_last_fen),
		cmocka_unit_test(fen_are_shown_as_yuan_and_read_back),
		cmocka_unit_test(products_are_rounded_once_half_away_from_zero),
		cmocka_unit_test(a_product_that_does_not_fit_is_refused),
		cmocka_unit_test(a_sum_that_overflows_leaves_the_total_alone),
	};

	return cmocka_run_group_tests_name("base/money", tests, NULL, NULL);
}
