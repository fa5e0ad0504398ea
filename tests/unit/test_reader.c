#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "form_fixture.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/reader.h"
#include "model/survey.h"

#define HEADER "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费"

static struct pen_form *form;

static int set_up(void **state)
{
	(void)state;
	form = shipped_form("breakdown");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pen_form__free(form);
	return 0;
}

static enum pen_status note_columns(void *context, const struct pen_csv_field *keys, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	(void)error;
	pen_text__printf(context, "%ld@%lld(%zu %.*s)", line, (long long)byte, count, (int)keys[0].n, keys[0].s);
	return PEN_OK;
}

static enum pen_status note(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	(void)error;
	pen_text__printf(context, "%ld@%lld:", line, (long long)byte);
	for (size_t i = 0; i < count; i++) {
		pen_text__puts(context, "[");
		pen_text__add(context, fields[i].s, fields[i].n);
		pen_text__puts(context, "]");
	}
	pen_text__puts(context, ";");
	return PEN_OK;
}

/* Pieces of `step` bytes; 0: of random length. */
static enum pen_status run(const char *bytes, size_t n, enum pen_encoding encoding, size_t step,
    struct pen_text *seen, int64_t *padding, struct pen_error *error)
{
	const struct pen_reader_plan plan = { .encoding = encoding, .form = form, .record = note,
		.columns = note_columns, .context = seen };
	struct pen_reader *reader;
	enum pen_status status = pen_reader__open(&reader, &plan, error);
	size_t i, part;

	assert_int_equal(status, PEN_OK);
	for (i = 0; status == PEN_OK && i < n; i += part) {
		part = step ? step : 1 + (size_t)rand() % 40;
		if (part > n - i)
			part = n - i;
		status = pen_reader__feed(reader, bytes + i, part, error);
	}
	if (status == PEN_OK)
		status = pen_reader__finish(reader, error);
	*padding = pen_reader__padding(reader);
	pen_reader__close(reader);
	return status;
}

/* However the bytes are cut. */
static void expect_bytes(const char *bytes, size_t n, enum pen_encoding encoding, const char *expected, int64_t padding)
{
	for (size_t step = 0; step <= n; step += 1 + step / 4) {
		struct pen_text seen = { 0 };
		struct pen_error error = { 0 };
		int64_t passed;

		assert_int_equal(run(bytes, n, encoding, step, &seen, &passed, &error), PEN_OK);
		assert_string_equal(seen.s ? seen.s : "", expected);
		assert_int_equal(passed, padding);
		pen_text__free(&seen);
	}
}

static void expect(const char *text, const char *expected)
{
	expect_bytes(text, strlen(text), PEN_UTF8, expected, 0);
}

/* UTF-16 with its mark, of UTF-8. */
static size_t to_utf16(const char *s, bool big, char *out)
{
	size_t n = 0, used;

	for (int32_t point = 0xFEFF; ; point = pen_text__decode(s, strlen(s), &used), s += used) {
		uint16_t units[2] = { (uint16_t)point, 0 };

		if (point >= 0x10000) {
			units[0] = (uint16_t)(0xD800 + ((point - 0x10000) >> 10));
			units[1] = (uint16_t)(0xDC00 + ((point - 0x10000) & 0x3FF));
		}
		for (int i = 0; i < 1 + (units[1] != 0); i++) {
			out[n++] = (char)(big ? units[i] >> 8 : units[i]);
			out[n++] = (char)(big ? units[i] : units[i] >> 8);
		}
		if (!*s)
			return n;
	}
}

/* -------------------------------------------------------------- delimiters -- */

static void comma_tab_and_semicolon_are_found_by_the_titles(void **state)
{
	(void)state;
	expect("年度,姓名\n1;2,3\n", "1@0:[年度][姓名];2@14:[1;2][3];");
	expect("年度\t姓名\n1,5\t2\n", "1@0:[年度][姓名];2@14:[1,5][2];");
	expect("年度;姓名\n1,5;\"2;\n\"\n", "1@0:[年度][姓名];2@14:[1,5][2;\n];");
}

static void a_title_line_above_the_header_does_not_mislead(void **state)
{
	(void)state;
	expect("某市,某年,某表,甲,乙,丙\n\n年度;姓名\n2024;王敏\n",
	    "1@0:[某市,某年,某表,甲,乙,丙];2@33:;3@34:[年度][姓名];4@48:[2024][王敏];");
}

static void of_equals_the_comma_is_taken(void **state)
{
	(void)state;
	expect("甲;乙,丙\n", "1@0:[甲;乙][丙];");
	expect("年度\n2024\n", "1@0:[年度];2@7:[2024];");
	expect("", "");
	expect("\n \n", "1@0:;2@1:[ ];");
}

static void a_line_that_names_the_delimiter_decides_and_stays_a_record(void **state)
{
	(void)state;
	expect("sep=;\n年度,姓名\n", "1@0:[sep=][];2@6:[年度,姓名];");
	expect("sep=\t\r\na\tb\r\n", "1@0:[sep=][];2@7:[a][b];");
	expect("sep=\"\n年度;姓名\n", "1@0:[sep=\"];2@6:[年度][姓名];");
	expect("sep=;;\n年度,姓名\n", "1@0:[sep=;;];2@7:[年度][姓名];");
}

static void titles_in_gb18030_are_known_too(void **state)
{
	static const char text[] = "\xC4\xEA\xB6\xC8;\xD0\xD5\xC3\xFB\n1,5;\xD5\xC5\n";

	(void)state;
	expect_bytes(text, sizeof(text) - 1, PEN_GB18030, "1@0:[\xC4\xEA\xB6\xC8][\xD0\xD5\xC3\xFB];2@10:[1,5][\xD5\xC5];", 0);
}

static void only_the_first_thirty_records_are_asked(void **state)
{
	struct pen_text text = { 0 }, seen = { 0 };
	struct pen_error error = { 0 };
	int64_t padding;
	int i;

	(void)state;
	for (i = 0; i < 30; i++)
		pen_text__puts(&text, "x\n");
	pen_text__puts(&text, "年度;姓名\n");
	assert_int_equal(run(text.s, text.n, PEN_UTF8, 7, &seen, &padding, &error), PEN_OK);
	assert_non_null(strstr(seen.s, "[年度;姓名]"));
	pen_text__clear(&seen);
	assert_int_equal(run(text.s + 2, text.n - 2, PEN_UTF8, 7, &seen, &padding, &error), PEN_OK);
	assert_non_null(strstr(seen.s, "[年度][姓名]"));
	pen_text__free(&text);
	pen_text__free(&seen);
}

/* ---------------------------------------------------------------- encodings -- */

static void the_mark_is_counted_and_passed_over(void **state)
{
	(void)state;
	expect_bytes("\xef\xbb\xbf\"a\",b\n1,2", 12, PEN_UTF8_BOM, "1@3:[a][b];2@9:[1][2];", 0);
	expect_bytes("\xef\xbb\xbf[{\"a\":1}]", 12, PEN_UTF8_BOM, "1@4(1 a)1@4:[1];", 0);
}

static void utf16_becomes_utf8_and_bytes_are_those_of_the_file(void **state)
{
	char file[200];
	size_t n;

	(void)state;
	for (int big = 0; big < 2; big++) {
		enum pen_encoding encoding = big ? PEN_UTF16BE : PEN_UTF16LE;

		n = to_utf16("年度\t姓名\r\n\"1\n\"\t𠮷田\r\n2\t3", big, file);
		expect_bytes(file, n, encoding, "1@2:[年度][姓名];2@16:[1\n][𠮷田];4@36:[2][3];", 0);
		n = to_utf16("[{\"年度\":\"𠮷\"},\r\n {\"年度\":1}]", big, file);
		expect_bytes(file, n, encoding, "1@4(1 年度)1@4:[𠮷];2@34:[1];", 0);
	}
	assert_int_equal(pen_reader__fields(PEN_UTF16LE), PEN_UTF8);
	assert_int_equal(pen_reader__fields(PEN_UTF16BE), PEN_UTF8);
	assert_int_equal(pen_reader__fields(PEN_GB18030), PEN_GB18030);
}

static void half_a_character_of_utf16_stops_the_reading(void **state)
{
	struct pen_text seen = { 0 };
	struct pen_error error = { 0 };
	int64_t padding;

	(void)state;
	assert_int_equal(run("\xff\xfe" "a\0\xb7\xdf", 6, PEN_UTF16LE, 1, &seen, &padding, &error), PEN_INPUT);
	assert_string_equal(error.code, "charset.utf16");
	assert_int_equal(run("\xff\xfe" "a\0b", 5, PEN_UTF16LE, 5, &seen, &padding, &error), PEN_INPUT);
	assert_string_equal(error.code, "charset.utf16");
	pen_text__free(&seen);
}

static void every_way_of_ending_a_line_ends_one_in_every_encoding(void **state)
{
	static const char *const files[] = { "年度,姓名\n1,2\n3,4\n", "年度,姓名\r\n1,2\r\n3,4\r\n",
		"年度,姓名\r1,2\r3,4\r", "年度,姓名\n1,2\r\n3,4" };
	char wide[200];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct pen_text seen = { 0 };
		struct pen_error error = { 0 };
		size_t n = to_utf16(files[i], i % 2, wide);
		int64_t padding;
		const char *s;

		for (int way = 0; way < 3; way++) {
			pen_text__clear(&seen);
			assert_int_equal(way ? run(wide, n, i % 2 ? PEN_UTF16BE : PEN_UTF16LE, way, &seen, &padding, &error) :
			    run(files[i], strlen(files[i]), PEN_UTF8, 1, &seen, &padding, &error), PEN_OK);
			s = strstr(seen.s, "2@");
			assert_non_null(s);
			assert_memory_equal(strchr(s, ':'), ":[1][2];3@", 10);
			assert_string_equal(strrchr(seen.s, ':'), ":[3][4];");
		}
		pen_text__free(&seen);
	}
}

/* ------------------------------------------------------------------ padding -- */

static void nul_and_1a_at_the_end_are_passed_over_and_counted(void **state)
{
	char file[100];
	size_t n;

	(void)state;
	expect_bytes("a,b\n1,2\n\x1a", 9, PEN_UTF8, "1@0:[a][b];2@4:[1][2];", 1);
	expect_bytes("a,b\n1,2\x1a\0\0\0", 11, PEN_UTF8, "1@0:[a][b];2@4:[1][2];", 4);
	expect_bytes("[{\"a\":1}]\n\0\x1a", 12, PEN_UTF8, "1@1(1 a)1@1:[1];", 2);
	expect_bytes("\0\0", 2, PEN_UTF8, "", 2);
	n = to_utf16("a,b\n1,2\x1a", false, file);
	memset(file + n, 0, 4);
	expect_bytes(file, n + 4, PEN_UTF16LE, "1@2:[a][b];2@10:[1][2];", 6);
}

static void within_the_text_they_stay_where_they_are(void **state)
{
	static const char expected[] = "1@0:[a\0\x1a][b];2@6:[1\0][2];";
	struct pen_text seen = { 0 };
	struct pen_error error = { 0 };
	int64_t padding;

	(void)state;
	for (size_t step = 0; step < 12; step++) {
		pen_text__clear(&seen);
		assert_int_equal(run("a\0\x1a,b\n1\0,2\n\0", 12, PEN_UTF8, step, &seen, &padding, &error), PEN_OK);
		assert_int_equal(padding, 1);
		assert_int_equal(seen.n, sizeof(expected) - 1);
		assert_memory_equal(seen.s, expected, seen.n);
	}
	pen_text__free(&seen);
}

static void padding_without_end_costs_no_memory_and_a_hole_stops(void **state)
{
	char *zeros = pen_memory__calloc(100000, 1);
	const struct pen_reader_plan plan = { .encoding = PEN_UTF8, .form = form, .record = note };
	struct pen_error error = { 0 };
	struct pen_reader *reader;

	(void)state;
	assert_int_equal(pen_reader__open(&reader, &plan, &error), PEN_OK);
	for (int i = 0; i < 100; i++)
		assert_int_equal(pen_reader__feed(reader, zeros, 100000, &error), PEN_OK);
	assert_int_equal(pen_reader__padding(reader), 10000000);
	assert_int_equal(pen_reader__feed(reader, "a\n", 2, &error), PEN_INPUT);
	assert_string_equal(error.code, "charset.binary");
	pen_reader__close(reader);
	pen_memory__free(zeros);
}

/* ------------------------------------------------------------------- layout -- */

static void json_is_known_by_its_first_byte(void **state)
{
	(void)state;
	expect("\r\n [{\"a\":\"1\"}]", "2@4(1 a)2@4:[1];");
	expect("{\"a\":\"1\"}\n{\"a\":\"2\"}\n", "1@0(1 a)1@0:[1];2@10:[2];");
	/* A byte later it is text. */
	expect("a[,{\n", "1@0:[a[][{];");
}

static void whatever_the_cuts_the_records_are_the_same(void **state)
{
	struct pen_text text = { 0 }, whole = { 0 }, cut = { 0 };
	struct pen_error error = { 0 };
	int64_t padding;

	(void)state;
	srand(20261125);
	/* Longer than the sample, so that the layout is found on the way. */
	pen_text__puts(&text, "某市\r\n" HEADER "\r");
	for (int i = 0; text.n < 200000; i++)
		pen_text__printf(&text, i % 7 ? "%d,\"A\"\"\n,B\",张𠮷,,x%s" : "%d,a\tb;c,\"\"%s", i, i % 3 ? "\n" : "\r\n");
	assert_int_equal(run(text.s, text.n, PEN_UTF8, text.n, &whole, &padding, &error), PEN_OK);
	for (int i = 0; i < 30; i++) {
		pen_text__clear(&cut);
		assert_int_equal(run(text.s, text.n, PEN_UTF8, i % 3 ? 0 : 65521 + (size_t)i, &cut, &padding, &error), PEN_OK);
		assert_int_equal(cut.n, whole.n);
		assert_memory_equal(cut.s, whole.s, whole.n);
	}
	pen_text__free(&text);
	pen_text__free(&whole);
	pen_text__free(&cut);
}

static void whatever_the_cuts_the_elements_are_the_same(void **state)
{
	struct pen_text text = { 0 }, whole = { 0 }, cut = { 0 };
	struct pen_error error = { 0 };
	int64_t padding;

	(void)state;
	srand(20261126);
	pen_text__puts(&text, "[");
	for (int i = 0; text.n < 200000; i++)
		pen_text__printf(&text, "%s{\"年度\":\"%d\",\"k%d\":[\"}\\\"\",{\"x\":null}],\"姓名\":\"张\\u0041𠮷\"}\n", i ? "," : "", i, i % 5);
	pen_text__puts(&text, "]");
	assert_int_equal(run(text.s, text.n, PEN_UTF8, text.n, &whole, &padding, &error), PEN_OK);
	for (int i = 0; i < 20; i++) {
		pen_text__clear(&cut);
		assert_int_equal(run(text.s, text.n, PEN_UTF8, i % 3 ? 0 : 65521 + (size_t)i, &cut, &padding, &error), PEN_OK);
		assert_int_equal(cut.n, whole.n);
		assert_memory_equal(cut.s, whole.s, whole.n);
	}
	pen_text__free(&text);
	pen_text__free(&whole);
	pen_text__free(&cut);
}

static void closing_nothing_is_fine(void **state)
{
	(void)state;
	pen_reader__close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comma_tab_and_semicolon_are_found_by_the_titles),
		cmocka_unit_test(a_title_line_above_the_header_does_not_mislead),
		cmocka_unit_test(of_equals_the_comma_is_taken),
		cmocka_unit_test(a_line_that_names_the_delimiter_decides_and_stays_a_record),
		cmocka_unit_test(titles_in_gb18030_are_known_too),
		cmocka_unit_test(only_the_first_thirty_records_are_asked),
		cmocka_unit_test(the_mark_is_counted_and_passed_over),
		cmocka_unit_test(utf16_becomes_utf8_and_bytes_are_those_of_the_file),
		cmocka_unit_test(half_a_character_of_utf16_stops_the_reading),
		cmocka_unit_test(every_way_of_ending_a_line_ends_one_in_every_encoding),
		cmocka_unit_test(nul_and_1a_at_the_end_are_passed_over_and_counted),
		cmocka_unit_test(within_the_text_they_stay_where_they_are),
		cmocka_unit_test(padding_without_end_costs_no_memory_and_a_hole_stops),
		cmocka_unit_test(json_is_known_by_its_first_byte),
		cmocka_unit_test(whatever_the_cuts_the_records_are_the_same),
		cmocka_unit_test(whatever_the_cuts_the_elements_are_the_same),
		cmocka_unit_test(closing_nothing_is_fine),
	};

	return cmocka_run_group_tests_name("model/reader", tests, set_up, tear_down);
}
