#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/text.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void appending_makes_one_string(void **state)
{
	struct pen_text text = { 0 };
	int i;

	(void)state;
	pen_text__add(&text, "abcdef", 3);
	pen_text__puts(&text, "王敏");
	pen_text__printf(&text, "%d-%s", 7, "x");
	pen_text__add(&text, NULL, 0);
	assert_string_equal(text.s, "abc王敏7-x");
	assert_int_equal(text.n, 12);
	for (i = 0; i < 10000; i++)
		pen_text__printf(&text, "%04d", i);
	assert_int_equal(text.n, 40012);
	assert_string_equal(text.s + 40008, "9999");
	assert_false(text.failed);
	pen_text__free(&text);
	assert_null(text.s);
}

static void a_printed_text_longer_than_the_room_is_whole(void **state)
{
	struct pen_text text = { 0 };

	(void)state;
	pen_text__printf(&text, "%5000d", 1);
	assert_int_equal(text.n, 5000);
	assert_int_equal(strlen(text.s), 5000);
	pen_text__printf(&text, "%s", "");
	assert_int_equal(text.n, 5000);
	pen_text__free(&text);
}

static void an_empty_text_that_was_appended_to_is_a_string(void **state)
{
	struct pen_text text = { 0 };

	(void)state;
	pen_text__puts(&text, "");
	assert_string_equal(text.s, "");
	pen_text__puts(&text, "x");
	pen_text__clear(&text);
	assert_string_equal(text.s, "");
	assert_int_equal(text.n, 0);
	assert_true(text.room > 0);
	pen_text__free(&text);
	pen_text__clear(&text);
	pen_text__free(&text);
}

static void a_failed_allocation_stays_known_and_harms_nothing(void **state)
{
	struct pen_text text = { 0 };

	(void)state;
	pen_text__puts(&text, "kept");
	pen_text__add(&text, "x", SIZE_MAX - 2);	/* no such room */
	assert_true(text.failed);
	pen_text__puts(&text, "more");
	pen_text__printf(&text, "%d", 1);
	assert_true(text.failed);
	assert_string_equal(text.s, "kept");
	pen_text__clear(&text);
	assert_true(text.failed);
	pen_text__free(&text);
}

static void code_points_go_both_ways_at_every_boundary(void **state)
{
	static const struct { int32_t point; const char *bytes; } cases[] = {
		{ 0x01, "\x01" }, { 0x7f, "\x7f" }, { 0x80, "\xc2\x80" }, { 0x7ff, "\xdf\xbf" },
		{ 0x800, "\xe0\xa0\x80" }, { 0xd7ff, "\xed\x9f\xbf" }, { 0xe000, "\xee\x80\x80" },
		{ 0xfffd, "\xef\xbf\xbd" }, { 0xffff, "\xef\xbf\xbf" }, { 0x10000, "\xf0\x90\x80\x80" },
		{ 0x20bb7, "\xf0\xa0\xae\xb7" }, { 0x10ffff, "\xf4\x8f\xbf\xbf" },
	};
	char out[4];
	size_t i, used, n;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		n = strlen(cases[i].bytes);
		assert_int_equal(pen_text__decode(cases[i].bytes, n, &used), cases[i].point);
		assert_int_equal(used, n);
		assert_int_equal(pen_text__encode(cases[i].point, out), n);
		assert_memory_equal(out, cases[i].bytes, n);
	}
	assert_int_equal(pen_text__decode("\0", 1, &used), 0);
	assert_int_equal(used, 1);
}

/* After Markus Kuhn's UTF-8 decoder stress test, sections 2 to 5. */
static void bytes_that_are_not_utf8_are_refused_one_at_a_time(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf",
		"\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
		"\xc2", "\xe7\x8e", "\xf0\xa0\xae", "\xc2" "A", "\xe7\x8e" "A", "\xf0\xa0\xae" "A",
		"\xcd\xf5",	/* 王 with its high bits, as GBK has it */
	};
	size_t i, used;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		used = 9;
		assert_int_equal(pen_text__decode(bad[i], strlen(bad[i]), &used), -1);
		assert_int_equal(used, 1);
	}
}

static void the_first_bad_byte_is_named(void **state)
{
	size_t bad = 99;

	(void)state;
	assert_true(pen_text__is_utf8("", 0, &bad));
	assert_true(pen_text__is_utf8(NULL, 0, &bad));
	assert_true(pen_text__is_utf8("养老𠮷a\0b", 13, &bad));
	assert_int_equal(bad, 99);
	assert_false(pen_text__is_utf8("养a\xff" "b", 6, &bad));
	assert_int_equal(bad, 4);
	assert_false(pen_text__is_utf8("养老", 5, &bad));	/* cut */
	assert_int_equal(bad, 3);
}

static void han_takes_two_columns_and_combining_marks_none(void **state)
{
	static const struct { const char *text; size_t width; } cases[] = {
		{ "", 0 }, { "abc", 3 }, { "王敏", 4 }, { "𠮷", 2 }, { "\xf0\xb1\x8d\x90", 2 },
		{ "ＡＢ（）", 8 }, { "　", 2 }, { "ｱ", 1 }, { "阿·买", 5 }, { "e\xcc\x81", 1 },
		{ "\xef\xbb\xbf" "a", 1 }, { "\xe2\x80\x8b", 0 }, { "葛\xf3\xa0\x84\x80", 2 },
		{ "한글", 4 }, { "བོད", 2 }, { "😀", 2 }, { "a\xff" "b", 3 }, { "\t", 0 }, { "¥", 1 },
		{ "￥", 2 }, { "“”", 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_int_equal(pen_text__width(cases[i].text), cases[i].width);
}

/* The C library's own table is the witness for the blocks whose characters
 * have not changed in years. */
static void widths_agree_with_the_c_library(void **state)
{
	static const struct { int32_t first, last; } blocks[] = {
		{ 0x20, 0x7e }, { 0xc0, 0x36f }, { 0x3001, 0x3029 }, { 0x3041, 0x3096 }, { 0x3099, 0x30ff },
		{ 0x3105, 0x312f }, { 0x3400, 0x4db5 }, { 0x4e00, 0x9fa5 }, { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfa2d }, { 0xff01, 0xff5e }, { 0xff61, 0xff9f }, { 0xffe0, 0xffe6 },
		{ 0x20000, 0x2a6d6 }, { 0x2a700, 0x2b734 },
	};
	char s[5];
	int32_t point;
	size_t i;

	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (i = 0; i < COUNT(blocks); i++) {
		for (point = blocks[i].first; point <= blocks[i].last; point++) {
			s[pen_text__encode(point, s)] = '\0';
			if ((int)pen_text__width(s) != wcwidth((wchar_t)point))
				fail_msg("U+%04X has width %zu", (unsigned)point, pen_text__width(s));
		}
	}
	setlocale(LC_CTYPE, "C");
}

static void trimming_takes_blanks_from_both_ends_only(void **state)
{
	static const struct { const char *text, *expected; } cases[] = {
		{ "", "" }, { " ", "" }, { "\t\r\n\v\f ", "" }, { "a", "a" }, { " a b ", "a b" },
		{ "\xef\xbb\xbf" "年度", "年度" }, { "　王　敏　", "王　敏" },
		{ "\xc2\xa0" "x\xc2\xa0 \xc2\xa0", "x" }, { "\xef\xbb\xbf\xe3\x80\x80", "" },
		{ "\xe2\x80\x8b" "x\xe2\x80\x8b", "x" }, { "\xe3\x80", "\xe3\x80" }, { "\x80\x80", "\x80\x80" }, { "\xa0", "\xa0" },
	};
	const char *s;
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		s = cases[i].text;
		n = strlen(s);
		pen_text__trim(&s, &n);
		assert_int_equal(n, strlen(cases[i].expected));
		assert_memory_equal(s, cases[i].expected, n);
	}
}

static void full_width_letters_become_ascii(void **state)
{
	static const struct { const char *text, *expected; bool changed; } cases[] = {
		{ "", "", false }, { "110000", "110000", false },
		{ "１１００００１９６５０１１５００１９", "110000196501150019", true },
		{ "应补（退）费额", "应补(退)费额", true }, { "！～", "!~", true }, { "王　敏", "王 敏", true },
		{ "\xef\xbd\x9f\xef\xbc\x80ｱ", "\xef\xbd\x9f\xef\xbc\x80ｱ", false },	/* U+FF5F U+FF00 */
		{ "\xff\xef\xbc", "\xff\xef\xbc", false },
	};
	char out[64];
	bool changed;
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		changed = !cases[i].changed;
		n = pen_text__fold_width(cases[i].text, strlen(cases[i].text), out, &changed);
		assert_int_equal(n, strlen(cases[i].expected));
		assert_memory_equal(out, cases[i].expected, n);
		assert_int_equal(changed, cases[i].changed);
	}
}

static void a_text_may_be_folded_in_place(void **state)
{
	char s[] = "Ａ王Ｂ";
	bool changed;
	size_t n = pen_text__fold_width(s, strlen(s), s, &changed);

	(void)state;
	assert_int_equal(n, 5);
	assert_memory_equal(s, "A王B", 5);
}

static void names_written_differently_fold_to_one(void **state)
{
	static const char *const same[][5] = {
		{ "王敏", "王 敏", "王　敏", " 王\xc2\xa0敏\t", "王\xe2\x80\x82敏\xef\xbb\xbf" },
		{ "买买提·艾力", "买买提•艾力", "买买提‧艾力", "买买提・艾力", "买买提．艾力" },
		{ "买买提.艾力", "买买提 · 艾力", "买买提･艾力", "买买提·艾力", "买买提\xe2\x80\x8b·艾力" },
		{ "Anna B", "ANNAB", "ａｎｎａ　ｂ", "Anna b", "annaB" },
		{ "𠮷野", "𠮷 野", "𠮷　野", "𠮷\n野", "𠮷野 " },
	};
	char first[64], other[64];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(same); i++) {
		pen_text__fold_name(same[i][0], strlen(same[i][0]), first);
		for (j = 1; j < 5; j++) {
			assert_true(pen_text__fold_name(same[i][j], strlen(same[i][j]), other) <= strlen(same[i][j]));
			assert_string_equal(other, first);
		}
	}
	pen_text__fold_name("吉野", strlen("吉野"), other);
	assert_string_not_equal(other, "𠮷野");
}

/* Under ASan this sees a byte written behind n + 1. */
static void a_folded_name_never_outgrows_the_name(void **state)
{
	static const char dots[] = "...a.";
	size_t n = strlen(dots);
	char *out = malloc(n + 1);

	(void)state;
	assert_int_equal(pen_text__fold_name(dots, n, out), n);
	assert_string_equal(out, "...A.");
	assert_int_equal(pen_text__fold_name("", 0, out), 0);
	assert_string_equal(out, "");
	free(out);
}

static void check_quoted(void (*quote)(struct pen_text *, const char *, size_t),
    const char *s, size_t n, const char *expected)
{
	struct pen_text text = { 0 };

	quote(&text, s, n);
	assert_false(text.failed);
	assert_string_equal(text.s, expected);
	assert_int_equal(text.n, strlen(expected));
	pen_text__free(&text);
}

static void json_strings_escape_what_rfc_8785_says(void **state)
{
	/* The example of RFC 8785, section 3.2.2. */
	static const char example[] = "€$\x0f\nA'B\"\\\\\"/";

	(void)state;
	check_quoted(pen_text__json, example, strlen(example), "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
	check_quoted(pen_text__json, "", 0, "\"\"");
	check_quoted(pen_text__json, NULL, 0, "\"\"");
	check_quoted(pen_text__json, "\b\t\n\f\r", 5, "\"\\b\\t\\n\\f\\r\"");
	check_quoted(pen_text__json, "\0\x1f\x7f", 3, "\"\\u0000\\u001f\x7f\"");
	check_quoted(pen_text__json, "王𠮷</script>", 16, "\"王𠮷</script>\"");
}

static void json_strings_of_broken_text_stay_json_and_apart(void **state)
{
	(void)state;
	check_quoted(pen_text__json, "a\xff" "b", 3, "\"a\\udcffb\"");
	check_quoted(pen_text__json, "a\xfe" "b", 3, "\"a\\udcfeb\"");
	check_quoted(pen_text__json, "\xe7\x8e", 2, "\"\\udce7\\udc8e\"");
	check_quoted(pen_text__json, "\xef\xbf\xbd", 3, "\"\xef\xbf\xbd\"");
}

static void csv_fields_are_quoted_where_they_must_be(void **state)
{
	(void)state;
	check_quoted(pen_text__csv, "", 0, "");
	check_quoted(pen_text__csv, NULL, 0, "");
	check_quoted(pen_text__csv, "王敏", 6, "王敏");
	check_quoted(pen_text__csv, "a b;c'd", 7, "a b;c'd");
	check_quoted(pen_text__csv, "-6500.00", 8, "-6500.00");
	check_quoted(pen_text__csv, "a,b", 3, "\"a,b\"");
	check_quoted(pen_text__csv, "a\nb", 3, "\"a\nb\"");
	check_quoted(pen_text__csv, "a\rb", 3, "\"a\rb\"");
	check_quoted(pen_text__csv, "\"", 1, "\"\"\"\"");
	check_quoted(pen_text__csv, "a\"\"b", 4, "\"a\"\"\"\"b\"");
	check_quoted(pen_text__csv, "say \"x\"", 7, "\"say \"\"x\"\"\"");
	check_quoted(pen_text__csv, " a", 2, "\" a\"");
	check_quoted(pen_text__csv, "a\t", 2, "\"a\t\"");
}

static void numbers_are_written_in_digits(void **state)
{
	static const struct { int64_t number; const char *text; } numbers[] = {
		{ 0, "0" }, { 7, "7" }, { -7, "-7" }, { 10, "10" }, { -100, "-100" }, { INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};
	struct pen_text text = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		pen_text__clear(&text);
		pen_text__number(&text, numbers[i].number);
		assert_string_equal(text.s, numbers[i].text);
	}
	pen_text__free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_in_digits),
		cmocka_unit_test(appending_makes_one_string),
		cmocka_unit_test(a_printed_text_longer_than_the_room_is_whole),
		cmocka_unit_test(an_empty_text_that_was_appended_to_is_a_string),
		cmocka_unit_test(a_failed_allocation_stays_known_and_harms_nothing),
		cmocka_unit_test(code_points_go_both_ways_at_every_boundary),
		cmocka_unit_test(bytes_that_are_not_utf8_are_refused_one_at_a_time),
		cmocka_unit_test(the_first_bad_byte_is_named),
		cmocka_unit_test(han_takes_two_columns_and_combining_marks_none),
		cmocka_unit_test(widths_agree_with_the_c_library),
		cmocka_unit_test(trimming_takes_blanks_from_both_ends_only),
		cmocka_unit_test(full_width_letters_become_ascii),
		cmocka_unit_test(a_text_may_be_folded_in_place),
		cmocka_unit_test(names_written_differently_fold_to_one),
		cmocka_unit_test(a_folded_name_never_outgrows_the_name),
		cmocka_unit_test(json_strings_escape_what_rfc_8785_says),
		cmocka_unit_test(json_strings_of_broken_text_stay_json_and_apart),
		cmocka_unit_test(csv_fields_are_quoted_where_they_must_be),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
