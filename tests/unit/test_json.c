#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/json.h"

static struct pen_json *read_text(const char *text)
{
	struct pen_error error = { 0 };
	struct pen_json *root = NULL;

	assert_int_equal(pen_json__parse(&root, text, strlen(text), &error), PEN_OK);
	return root;
}

static void expect_refused(const char *text, size_t n, const char *code, long line)
{
	struct pen_error error = { 0 };
	struct pen_json *root = NULL;

	assert_int_equal(pen_json__parse(&root, text, n, &error), PEN_INPUT);
	assert_string_equal(error.code, code);
	assert_int_equal(error.line, line);
	assert_null(root);
}

static void members_are_found_by_their_exact_key(void **state)
{
	struct pen_json *root = read_text("{\"name\": \"张三\", \"fields\": [{\"n\": 1}, {\"n\": 2}], \"ok\": true}");
	const struct pen_json *fields = pen_json__member(root, "fields");

	(void)state;
	assert_string_equal(pen_json__string(pen_json__member(root, "name")), "张三");
	assert_null(pen_json__member(root, "NAME"));
	assert_int_equal(pen_json__count(root), 3);
	assert_int_equal(pen_json__count(fields), 2);
	assert_true(pen_json__is_true(pen_json__member(root, "ok")));
	assert_string_equal(pen_json__key(pen_json__first(root)), "name");
	assert_null(pen_json__key(pen_json__first(fields)));
	assert_null(pen_json__key(root));
	pen_json__free(root);

	root = read_text("{\"a\": \"first\", \"a\": \"second\"}");
	assert_string_equal(pen_json__string(pen_json__member(root, "a")), "first");
	pen_json__free(root);
}

static void children_are_walked_in_their_order(void **state)
{
	struct pen_json *root = read_text("[3, 1, 2]");
	int64_t sum = 0, value = 0;

	(void)state;
	for (const struct pen_json *node = pen_json__first(root); node; node = pen_json__next(node)) {
		assert_true(pen_json__integer(node, &value));
		sum = sum * 10 + value;
	}
	assert_int_equal(sum, 312);
	pen_json__free(root);
}

static void look_ups_chain_over_nothing(void **state)
{
	int64_t value = 7;

	(void)state;
	assert_null(pen_json__member(NULL, "a"));
	assert_null(pen_json__first(NULL));
	assert_null(pen_json__next(NULL));
	assert_int_equal(pen_json__count(NULL), 0);
	assert_null(pen_json__key(NULL));
	assert_null(pen_json__string(pen_json__member(pen_json__member(NULL, "a"), "b")));
	assert_false(pen_json__integer(NULL, &value));
	assert_int_equal(value, 7);
	assert_false(pen_json__is_true(NULL));
	pen_json__free(NULL);
}

static void a_kind_is_not_taken_for_another(void **state)
{
	struct pen_json *root = read_text("[\"1\", 1, false, null, {}, []]");
	const struct pen_json *node = pen_json__first(root);
	int64_t value;

	(void)state;
	assert_false(pen_json__integer(node, &value));
	assert_false(pen_json__is_true(node));
	node = pen_json__next(node);
	assert_null(pen_json__string(node));
	assert_false(pen_json__is_true(node));
	for (node = pen_json__next(node); node; node = pen_json__next(node)) {
		assert_null(pen_json__string(node));
		assert_false(pen_json__integer(node, &value));
		assert_false(pen_json__is_true(node));
		assert_null(pen_json__first(node));
	}
	pen_json__free(root);
}

static void whole_numbers_below_2_to_53_come_out_exactly(void **state)
{
	static const struct { const char *text; int64_t value; } good[] = {
		{ "0", 0 }, { "-0", 0 }, { "1", 1 }, { "-1", -1 }, { "2", 2 }, { "3", 3 },
		{ "650000", 650000 }, { "2147483648", INT64_C(2147483648) },
		{ "-2147483649", INT64_C(-2147483649) },
		{ "4503599627370497", INT64_C(4503599627370497) },
		{ "9007199254740991", INT64_C(9007199254740991) },
		{ "-9007199254740991", INT64_C(-9007199254740991) },
		{ "1e3", 1000 }, { "12.5e1", 125 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct pen_json *root = read_text(good[i].text);
		int64_t value = 77;

		assert_true(pen_json__integer(root, &value));
		assert_true(value == good[i].value);
		pen_json__free(root);
	}
}

static void fractions_and_what_a_double_cannot_hold_are_no_integers(void **state)
{
	static const char *const bad[] = {
		"0.1", "-0.5", "1.5", "6500.01", "1e-1", "4503599627370495.5", "9007199254740992",
		"9007199254740993", "-9007199254740992", "1e300", "1e999", "-1e999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct pen_json *root = read_text(bad[i]);
		int64_t value = 77;

		assert_false(pen_json__integer(root, &value));
		assert_int_equal(value, 77);
		pen_json__free(root);
	}
}

static void escapes_come_out_as_utf8(void **state)
{
	struct pen_json *root = read_text("\"a\\u00e9\\u5f20\\ud840\\udc87\\n\\\\u0000\"");

	(void)state;
	assert_string_equal(pen_json__string(root), "a\xC3\xA9\xE5\xBC\xA0\xF0\xA0\x82\x87\n\\u0000");
	pen_json__free(root);
}

static void a_byte_order_mark_and_white_space_around_are_fine(void **state)
{
	struct pen_json *root = read_text("\xEF\xBB\xBF {\"a\": 1}\r\n\t ");

	(void)state;
	assert_int_equal(pen_json__count(root), 1);
	pen_json__free(root);
}

static void what_is_not_json_is_refused_with_its_line(void **state)
{
	static const struct { const char *text; long line; } bad[] = {
		{ "", 1 }, { "{", 1 }, { "{\"a\": 1", 1 }, { "{\n\"a\": 1,\n}", 3 },
		{ "{\n\"a\": tru\n}\n", 2 }, { "[1, 2\n, 3", 2 }, { "[1]\n\n[2]\n", 3 },
		{ "{'a': 1}", 1 }, { "[1] x", 1 }, { "{\n\"a\": \"b\n", 2 }, { "nul", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		expect_refused(bad[i].text, strlen(bad[i].text), "json.syntax", bad[i].line);
}

static void bytes_beyond_the_length_are_not_looked_at(void **state)
{
	struct pen_error error = { 0 };
	struct pen_json *root = NULL;
	char text[] = { '[', '1', ']', 'x' };

	(void)state;
	assert_int_equal(pen_json__parse(&root, text, 3, &error), PEN_OK);
	pen_json__free(root);
	expect_refused(text, 4, "json.syntax", 1);
	expect_refused(text, 2, "json.syntax", 1);
}

static void bytes_that_are_not_utf8_are_refused(void **state)
{
	(void)state;
	expect_refused("{\n\"a\": \"\xD5\xC5\"}", 12, "json.encoding", 2);
}

static void an_escaped_nul_does_not_cut_a_string(void **state)
{
	(void)state;
	expect_refused("[\n\"a\\u0000b\"]", 13, "json.nul", 2);
	expect_refused("[\"\\\\\\u0000\"]", 12, "json.nul", 1);
}

static void nesting_without_end_is_refused(void **state)
{
	char deep[100000];

	(void)state;
	memset(deep, '[', sizeof deep);
	expect_refused(deep, sizeof deep, "json.syntax", 1);
}

static void the_message_shows_the_place_in_whole_characters(void **state)
{
	struct pen_error error = { 0 };
	struct pen_json *root = NULL;
	const char *text = "[1, 张三李四王五赵六张三李四王五赵六张三李四王五赵六]";

	(void)state;
	assert_int_equal(pen_json__parse(&root, text, strlen(text), &error), PEN_INPUT);
	assert_non_null(strstr(error.text, "\"张三李四王五赵六张三李四王五赵六张三李四\""));
}

static void a_nul_is_refused_escaped_or_not(void **state)
{
	(void)state;
	expect_refused("{\"a\":\"x\0y\"}", 11, "json.nul", 1);
	expect_refused("[1,\r2,\r\n\"\\u0000\"]", 17, "json.nul", 3);
}

/* What is cut off needs another copy; what is wrong needs correcting. */
static void a_slip_before_the_last_bracket_is_told_apart_from_a_text_cut_off(void **state)
{
	struct pen_error error = { 0 };
	struct pen_json *root;

	(void)state;
	assert_int_equal(pen_json__parse(&root, "{\"a\":1,}", 8, &error), PEN_INPUT);
	assert_non_null(strstr(error.text, "\"}\""));
	assert_int_equal(pen_json__parse(&root, "{\"a\":[1]", 8, &error), PEN_INPUT);
	assert_non_null(strstr(error.text, "cut off"));
	assert_int_equal(pen_json__parse(&root, "{\"a\":\"}", 7, &error), PEN_INPUT);
	assert_non_null(strstr(error.text, "cut off"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_their_exact_key),
		cmocka_unit_test(children_are_walked_in_their_order),
		cmocka_unit_test(look_ups_chain_over_nothing),
		cmocka_unit_test(a_kind_is_not_taken_for_another),
		cmocka_unit_test(whole_numbers_below_2_to_53_come_out_exactly),
		cmocka_unit_test(fractions_and_what_a_double_cannot_hold_are_no_integers),
		cmocka_unit_test(escapes_come_out_as_utf8),
		cmocka_unit_test(a_byte_order_mark_and_white_space_around_are_fine),
		cmocka_unit_test(what_is_not_json_is_refused_with_its_line),
		cmocka_unit_test(bytes_beyond_the_length_are_not_looked_at),
		cmocka_unit_test(bytes_that_are_not_utf8_are_refused),
		cmocka_unit_test(an_escaped_nul_does_not_cut_a_string),
		cmocka_unit_test(nesting_without_end_is_refused),
		cmocka_unit_test(the_message_shows_the_place_in_whole_characters),
		cmocka_unit_test(a_nul_is_refused_escaped_or_not),
		cmocka_unit_test(a_slip_before_the_last_bracket_is_told_apart_from_a_text_cut_off),
	};

	return cmocka_run_group_tests_name("adapter/json", tests, NULL, NULL);
}
