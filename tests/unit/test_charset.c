#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/charset.h"
#include "base/text.h"

#include <iconv.h>

/* What is decided of the n bytes, looked at in pieces of `step`. */
static enum pen_status decide(const char *bytes, size_t n, size_t step, enum pen_encoding *encoding,
    struct pen_error *error)
{
	struct pen_detector *detector;
	enum pen_status status;

	assert_int_equal(pen_charset__detector(&detector, error), PEN_OK);
	for (size_t i = 0; i < n; i += step)
		pen_charset__look(detector, bytes + i, n - i < step ? n - i : step);
	status = pen_charset__decide(detector, encoding, error);
	pen_charset__forget(detector);
	return status;
}

static void expect(const char *bytes, enum pen_encoding expected)
{
	size_t n = strlen(bytes);

	for (size_t step = 1; step <= n + 1; step++) {
		struct pen_error error = { 0 };
		enum pen_encoding encoding = 0;

		assert_int_equal(decide(bytes, n, step, &encoding, &error), PEN_OK);
		assert_int_equal(encoding, expected);
	}
}

static void expect_refused(const char *bytes, size_t n, const char *code, long line)
{
	for (size_t step = 1; step <= n; step++) {
		struct pen_error error = { 0 };
		enum pen_encoding encoding = 0;

		assert_int_equal(decide(bytes, n, step, &encoding, &error), PEN_INPUT);
		assert_string_equal(error.code, code);
		assert_int_equal(error.line, line);
	}
}

/* 公民身份号码,姓名 and 张三 in GB18030. */
#define GB_TITLES "\xB9\xAB\xC3\xF1\xC9\xED\xB7\xDD\xBA\xC5\xC2\xEB,\xD0\xD5\xC3\xFB"
#define GB_NAME "\xD5\xC5\xC8\xFD"

static void ascii_and_nothing_at_all_are_utf8(void **state)
{
	(void)state;
	expect("", PEN_UTF8);
	expect("a,b\r\nc,d\r\n", PEN_UTF8);
}

static void utf8_is_known_by_its_bytes(void **state)
{
	(void)state;
	expect("公民身份号码,姓名\n1,张三\n", PEN_UTF8);
	expect("\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", PEN_UTF8);
	expect("\xEF\xBB\xBF" "a,b\n", PEN_UTF8_BOM);
	expect("\xEF\xBB\xBF", PEN_UTF8_BOM);
	expect("a\xEF\xBB\xBF", PEN_UTF8);
	/* Nothing but a beginning of the mark. */
	expect("\xC3\xAF\xEF\xBB\xBF", PEN_UTF8);
}

static void gb18030_is_what_only_gb18030_explains(void **state)
{
	(void)state;
	expect(GB_TITLES "\n1," GB_NAME "\n", PEN_GB18030);
	expect("id,name\n1," GB_NAME "\n", PEN_GB18030);
	expect("\x81\x30\x81\x30", PEN_GB18030);
	expect("\xE3\x32\x9A\x35", PEN_GB18030);
	expect("a\x81\x7C" "b", PEN_GB18030);
}

static void the_mark_of_utf8_does_not_make_it_utf8(void **state)
{
	(void)state;
	expect_refused("\xEF\xBB\xBF" "a\n" GB_NAME "\xA1\n", 10, "charset.neither", 2);
}

static void bytes_of_neither_are_refused_where_both_have_failed(void **state)
{
	(void)state;
	expect_refused("a\n\x80\n", 4, "charset.neither", 2);
	expect_refused("a\n\xFF\n", 4, "charset.neither", 2);
	/* Half a character before a comma, at the end, before the newline. */
	expect_refused(GB_NAME "\n\nx\xD5,y\n", 11, "charset.neither", 3);
	expect_refused(GB_NAME "\n" GB_NAME "\n\xD5", 11, "charset.neither", 3);
	expect_refused(GB_NAME "\r\n\xD5\r\n", 9, "charset.neither", 2);
	/* Four-byte codes that no character has. */
	expect_refused("\x84\x31\xA5\x30", 4, "charset.neither", 1);
	expect_refused("\xE3\x32\x9A\x36", 4, "charset.neither", 1);
	expect_refused("\x81\x30\x81" "a", 4, "charset.neither", 1);
	/* Latin-1, where a letter before a comma shows it. */
	expect_refused("name\nJos\xE9,1\n", 12, "charset.neither", 2);
}

static void overlong_forms_and_surrogates_are_not_utf8(void **state)
{
	static const char *const bad[] = {
		"\xC0\xAF,\xFF", "\xE0\x9F\xBF,\xFF", "\xED\xA0\x80,\xFF", "\xED\xBF\xBF,\xFF",
		"\xF0\x8F\xBF\xBF,\xFF", "\xF4\x90\x80\x80,\xFF", "\xF5\x80\x80\x80,\xFF",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		expect_refused(bad[i], strlen(bad[i]), "charset.neither", 1);
}

/* What they mean is for a survey of the file to say. */
static void nul_bytes_are_ascii(void **state)
{
	struct pen_error error = { 0 };
	enum pen_encoding encoding = 0;

	(void)state;
	assert_int_equal(decide("a\nb\0c", 5, 2, &encoding, &error), PEN_OK);
	assert_int_equal(encoding, PEN_UTF8);
	assert_int_equal(decide("\0" GB_NAME, 5, 2, &encoding, &error), PEN_OK);
	assert_int_equal(encoding, PEN_GB18030);
}

/* Every byte at every place of a line, the line in one piece and byte by byte. */
static void what_is_decided_does_not_depend_on_where_in_a_word_a_byte_stands(void **state)
{
	(void)state;
	for (size_t at = 0; at < 20; at++) {
		for (int byte = 0; byte < 256; byte++) {
			char line[] = "abcdefghijklmnopqrstuvwxy\n\xFF";
			enum pen_encoding whole = 0, single = 0;
			struct pen_error error = { 0 }, other = { 0 };

			line[at] = (char)byte;
			assert_int_equal(decide(line, sizeof(line) - 1, sizeof(line), &whole, &error),
			    decide(line, sizeof(line) - 1, 1, &single, &other));
			assert_int_equal(whole, single);
			assert_int_equal(error.line, other.line);
		}
	}
}

static void utf8_lines_followed_by_others_are_refused_where_it_turns(void **state)
{
	(void)state;
	/* Every byte could be GB18030: 12 bytes of UTF-8 are 6 characters of it. */
	expect_refused("张三李四\n\n" GB_TITLES "\n", 12 + 2 + 17 + 1, "charset.mixed", 3);
	expect_refused("张三\r1\r" GB_NAME "\r", 6 + 3 + 4 + 1, "charset.mixed", 3);
}

static void other_lines_followed_by_utf8_are_refused_where_it_turns(void **state)
{
	(void)state;
	expect_refused(GB_NAME "\r\n1\r\n张三李四\r\n", 6 + 3 + 12 + 2, "charset.mixed", 3);
	expect_refused(GB_NAME "\n张三李四", 5 + 12, "charset.mixed", 2);
}

static void a_name_that_could_be_utf8_by_chance_does_not_make_a_file_mixed(void **state)
{
	(void)state;
	/* C4 A3 and D6 B0 are 模 and 职, and U+0123 and U+05B0. */
	expect("id,name\n1,\xC4\xA3\xD6\xB0\n2," GB_NAME "\n", PEN_GB18030);
	expect("1," GB_NAME "\n2,\xC4\xA3\xD6\xB0\xC4\xA3\xD6\xB0\xC4\xA3\n", PEN_GB18030);
}

static void encodings_have_names(void **state)
{
	(void)state;
	assert_string_equal(pen_charset__name(PEN_UTF8), "UTF-8");
	assert_string_equal(pen_charset__name(PEN_UTF8_BOM), "UTF-8 with BOM");
	assert_string_equal(pen_charset__name(PEN_GB18030), "GB18030");
	assert_string_equal(pen_charset__name(PEN_UTF16LE), "UTF-16LE with BOM");
	assert_string_equal(pen_charset__name(PEN_UTF16BE), "UTF-16BE with BOM");
	for (int i = PEN_UTF8; i <= PEN_UTF16BE; i++)
		assert_int_equal(pen_charset__named(pen_charset__name((enum pen_encoding)i)), i);
	assert_int_equal(pen_charset__named("utf-8"), 0);
	assert_int_equal(pen_charset__named(""), 0);
}

/* ------------------------------------------------------------ decoding -- */

static struct pen_decoder *make(enum pen_encoding encoding)
{
	struct pen_error error = { 0 };
	struct pen_decoder *decoder;

	assert_int_equal(pen_charset__decoder(&decoder, encoding, &error), PEN_OK);
	return decoder;
}

/* The code point that the bytes decode to, alone; -1 if they do not. */
static int32_t point_of(struct pen_decoder *decoder, const unsigned char *bytes, size_t n)
{
	struct pen_error error = { 0 };
	const char *out;
	size_t out_n, used;
	int32_t point;

	if (pen_charset__decode(decoder, (const char *)bytes, n, &out, &out_n, &error) != PEN_OK)
		return -1;
	point = pen_text__decode(out, out_n, &used);
	return used == out_n ? point : -2;
}

/* GB 18030-2022 against GB 18030-2005: the positions that were moved. */
static const struct { uint32_t code; int32_t point; } moved[] = {
	{ 0xA6D9, 0xFE10 }, { 0xA6DA, 0xFE12 }, { 0xA6DB, 0xFE11 }, { 0xA6DC, 0xFE13 },
	{ 0xA6DD, 0xFE14 }, { 0xA6DE, 0xFE15 }, { 0xA6DF, 0xFE16 }, { 0xA6EC, 0xFE17 },
	{ 0xA6ED, 0xFE18 }, { 0xA6F3, 0xFE19 }, { 0xFE59, 0x9FB4 }, { 0xFE61, 0x9FB5 },
	{ 0xFE66, 0x9FB6 }, { 0xFE67, 0x9FB7 }, { 0xFE6D, 0x9FB8 }, { 0xFE7E, 0x9FB9 },
	{ 0xFE90, 0x9FBA }, { 0xFEA0, 0x9FBB },
	{ 0x82359037, 0xE81E }, { 0x82359038, 0xE826 }, { 0x82359039, 0xE82B }, { 0x82359130, 0xE82C },
	{ 0x82359131, 0xE832 }, { 0x82359132, 0xE843 }, { 0x82359133, 0xE854 }, { 0x82359134, 0xE864 },
	{ 0x84318236, 0xE78D }, { 0x84318237, 0xE78E }, { 0x84318238, 0xE78F }, { 0x84318239, 0xE790 },
	{ 0x84318330, 0xE791 }, { 0x84318331, 0xE792 }, { 0x84318332, 0xE793 }, { 0x84318333, 0xE794 },
	{ 0x84318334, 0xE795 }, { 0x84318335, 0xE796 },
};

static size_t split(uint32_t code, unsigned char bytes[4])
{
	size_t n = code > 0xFFFF ? 4 : 2;

	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(code >> 8 * (n - 1 - i));
	return n;
}

static bool is_moved(uint32_t code)
{
	for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
		if (moved[i].code == code)
			return true;
	return false;
}

static void the_36_positions_that_2022_moved_are_where_it_put_them(void **state)
{
	struct pen_decoder *decoder = make(PEN_GB18030);
	unsigned char bytes[4];

	(void)state;
	assert_int_equal(sizeof moved / sizeof *moved, 36);
	for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
		assert_int_equal(point_of(decoder, bytes, split(moved[i].code, bytes)), moved[i].point);
	assert_int_equal(pen_charset__private_use(decoder), 18);
	pen_charset__close(decoder);
}

/* The same by iconv; -1 where it knows none. */
static int32_t ask_iconv(iconv_t converter, const unsigned char *bytes, size_t n)
{
	char copy[4], point[4], *in = copy, *out = point;
	const unsigned char *p = (const unsigned char *)point;
	size_t room = sizeof point;

	memcpy(copy, bytes, n);
	iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &in, &n, &out, &room) != 0 || n || room)
		return -1;
	return p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void all_other_positions_are_as_iconv_has_them(void **state)
{
	struct pen_decoder *decoder = make(PEN_GB18030);
	iconv_t converter = iconv_open("UTF-32BE", "GB18030");
	unsigned char bytes[4];
	int two = 0, four = 0;

	(void)state;
	assert_true(converter != (iconv_t)-1);
	for (uint32_t code = 0x8100; code <= 0xFEFF; code++) {
		size_t n = split(code, bytes);

		if (bytes[1] < 0x40 || bytes[1] == 0x7F || bytes[1] == 0xFF || is_moved(code))
			continue;
		assert_int_equal(point_of(decoder, bytes, n), ask_iconv(converter, bytes, n));
		two++;
	}
	/* The rest of the BMP, and what lies behind it. */
	for (int i = 0; i < 39420 + 20; i++) {
		uint32_t code = (uint32_t)(0x81 + i / 12600) << 24 | (uint32_t)(0x30 + i / 1260 % 10) << 16
		    | (uint32_t)(0x81 + i / 10 % 126) << 8 | (uint32_t)(0x30 + i % 10);

		if (is_moved(code))
			continue;
		split(code, bytes);
		assert_int_equal(point_of(decoder, bytes, 4), ask_iconv(converter, bytes, 4));
		four++;
	}
	assert_int_equal(two, 23940 - 18);
	assert_int_equal(four, 39440 - 18);
	iconv_close(converter);
	pen_charset__close(decoder);
}

static void supplementary_planes_are_counted_through(void **state)
{
	struct pen_decoder *decoder = make(PEN_GB18030);
	iconv_t converter = iconv_open("UTF-32BE", "GB18030");

	(void)state;
	for (int i = 189000; i < 189000 + 0x100000; i += 997) {
		const unsigned char bytes[4] = { (unsigned char)(0x81 + i / 12600), (unsigned char)(0x30 + i / 1260 % 10),
			(unsigned char)(0x81 + i / 10 % 126), (unsigned char)(0x30 + i % 10) };

		assert_int_equal(point_of(decoder, bytes, 4), 0x10000 + i - 189000);
		assert_int_equal(ask_iconv(converter, bytes, 4), 0x10000 + i - 189000);
	}
	assert_int_equal(point_of(decoder, (const unsigned char *)"\x90\x30\x81\x30", 4), 0x10000);
	assert_int_equal(point_of(decoder, (const unsigned char *)"\xE3\x32\x9A\x35", 4), 0x10FFFF);
	assert_int_equal(point_of(decoder, (const unsigned char *)"\xE3\x32\x9A\x36", 4), -1);
	iconv_close(converter);
	pen_charset__close(decoder);
}

static void expect_decoded(struct pen_decoder *decoder, const char *bytes, const char *expected)
{
	struct pen_error error = { 0 };
	const char *out;
	size_t n;

	assert_int_equal(pen_charset__decode(decoder, bytes, strlen(bytes), &out, &n, &error), PEN_OK);
	assert_int_equal(n, strlen(expected));
	assert_memory_equal(out, expected, n);
}

static void fields_of_gb18030_come_out_as_utf8(void **state)
{
	struct pen_decoder *decoder = make(PEN_GB18030);

	(void)state;
	expect_decoded(decoder, GB_TITLES, "公民身份号码,姓名");
	expect_decoded(decoder, "x" GB_NAME "y", "x张三y");
	/* 䶮, outside the older set, and 𠂇, outside the BMP, in both its codes. */
	expect_decoded(decoder, "\xFE\x9F", "䶮");
	expect_decoded(decoder, "\xFE\x51" "\x95\x32\x90\x31", "𠂇𠂇");
	assert_int_equal(pen_charset__private_use(decoder), 0);
	pen_charset__close(decoder);
	pen_charset__close(NULL);
}

static void ascii_is_not_copied(void **state)
{
	static const char field[] = "330102199001011234 and more";
	struct pen_decoder *decoder = make(PEN_GB18030);
	struct pen_error error = { 0 };
	const char *out;
	size_t n;

	(void)state;
	for (size_t length = 0; length < sizeof field; length++) {
		assert_int_equal(pen_charset__decode(decoder, field, length, &out, &n, &error), PEN_OK);
		assert_ptr_equal(out, field);
		assert_int_equal(n, length);
	}
	pen_charset__close(decoder);
}

static void utf8_is_looked_through_and_stays(void **state)
{
	struct pen_decoder *decoder = make(PEN_UTF8);
	struct pen_error error = { 0 };
	const char *field = "张三𠂇", *out;
	size_t n;

	(void)state;
	assert_int_equal(pen_charset__decode(decoder, field, strlen(field), &out, &n, &error), PEN_OK);
	assert_ptr_equal(out, field);
	assert_int_equal(pen_charset__decode(decoder, "ab" GB_NAME, 6, &out, &n, &error), PEN_INPUT);
	assert_string_equal(error.code, "charset.bytes");
	assert_non_null(strstr(error.text, " D5 C5 C8 FD at position 3 "));
	pen_charset__close(decoder);
}

static void broken_gb18030_is_refused_with_its_position(void **state)
{
	static const char *const bad[] = {
		"ab\x80", "ab\xFF", "ab\xD5", "ab\xD5,", "ab\xD5\x7F", "ab\x81\x30", "ab\x81\x30\x81", "ab\x81\x30\x81,",
		"ab\x84\x31\xA5\x30",
	};
	struct pen_decoder *decoder = make(PEN_GB18030);

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct pen_error error = { 0 };
		const char *out;
		size_t n;

		assert_int_equal(pen_charset__decode(decoder, bad[i], strlen(bad[i]), &out, &n, &error), PEN_INPUT);
		assert_string_equal(error.code, "charset.bytes");
		assert_non_null(strstr(error.text, "position 3 "));
	}
	pen_charset__close(decoder);
}

static void private_use_characters_are_counted(void **state)
{
	struct pen_decoder *gb = make(PEN_GB18030), *utf8 = make(PEN_UTF8_BOM);

	(void)state;
	/* AAA1 opens the first user-defined area, U+E000. */
	expect_decoded(gb, "a\xAA\xA1" GB_NAME "\xAA\xA2", "a\xEE\x80\x80张三\xEE\x80\x81");
	assert_int_equal(pen_charset__private_use(gb), 2);
	/* Both ends of the BMP's area, plane 15, and what lies beside them. */
	expect_decoded(utf8, "\xEE\x80\x80\xEF\xA3\xBF\xF3\xB0\x80\x80\xED\x9F\xBF\xEF\xA4\x80",
	    "\xEE\x80\x80\xEF\xA3\xBF\xF3\xB0\x80\x80\xED\x9F\xBF\xEF\xA4\x80");
	assert_int_equal(pen_charset__private_use(utf8), 3);
	pen_charset__close(gb);
	pen_charset__close(utf8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_and_nothing_at_all_are_utf8),
		cmocka_unit_test(utf8_is_known_by_its_bytes),
		cmocka_unit_test(gb18030_is_what_only_gb18030_explains),
		cmocka_unit_test(the_mark_of_utf8_does_not_make_it_utf8),
		cmocka_unit_test(bytes_of_neither_are_refused_where_both_have_failed),
		cmocka_unit_test(overlong_forms_and_surrogates_are_not_utf8),
		cmocka_unit_test(nul_bytes_are_ascii),
		cmocka_unit_test(what_is_decided_does_not_depend_on_where_in_a_word_a_byte_stands),
		cmocka_unit_test(utf8_lines_followed_by_others_are_refused_where_it_turns),
		cmocka_unit_test(other_lines_followed_by_utf8_are_refused_where_it_turns),
		cmocka_unit_test(a_name_that_could_be_utf8_by_chance_does_not_make_a_file_mixed),
		cmocka_unit_test(encodings_have_names),
		cmocka_unit_test(the_36_positions_that_2022_moved_are_where_it_put_them),
		cmocka_unit_test(all_other_positions_are_as_iconv_has_them),
		cmocka_unit_test(supplementary_planes_are_counted_through),
		cmocka_unit_test(fields_of_gb18030_come_out_as_utf8),
		cmocka_unit_test(ascii_is_not_copied),
		cmocka_unit_test(utf8_is_looked_through_and_stays),
		cmocka_unit_test(broken_gb18030_is_refused_with_its_position),
		cmocka_unit_test(private_use_characters_are_counted),
	};

	return cmocka_run_group_tests_name("adapter/charset", tests, NULL, NULL);
}
