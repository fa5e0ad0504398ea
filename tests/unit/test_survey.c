#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "model/survey.h"

static enum pen_status survey(const char *bytes, size_t n, size_t step, enum pen_encoding *encoding,
    struct pen_error *error)
{
	struct pen_survey *survey;
	enum pen_status status = pen_survey__open(&survey, error);

	assert_int_equal(status, PEN_OK);
	for (size_t i = 0; status == PEN_OK && i < n; i += step)
		status = pen_survey__look(survey, bytes + i, n - i < step ? n - i : step, error);
	if (status == PEN_OK)
		status = pen_survey__decide(survey, encoding, error);
	pen_survey__close(survey);
	return status;
}

static void expect(const char *bytes, size_t n, enum pen_encoding expected)
{
	for (size_t step = 1; step <= n; step += 1 + step / 3) {
		struct pen_error error = { 0 };
		enum pen_encoding encoding = 0;

		assert_int_equal(survey(bytes, n, step, &encoding, &error), PEN_OK);
		assert_int_equal(encoding, expected);
	}
}

static void refuse(const char *bytes, size_t n, const char *code, long line)
{
	for (size_t step = 1; step <= n; step += 1 + step / 3) {
		struct pen_error error = { 0 };
		enum pen_encoding encoding = 0;

		assert_int_equal(survey(bytes, n, step, &encoding, &error), PEN_INPUT);
		assert_string_equal(error.code, code);
		assert_int_equal(error.line, line);
	}
}

static void says(const char *bytes, size_t n, const char *what)
{
	struct pen_error error = { 0 };
	enum pen_encoding encoding = 0;

	assert_int_equal(survey(bytes, n, n, &encoding, &error), PEN_INPUT);
	assert_string_equal(error.code, "file.kind");
	if (!strstr(error.text, what))
		fail_msg("%s: %s", what, error.text);
}

static void utf16_is_known_by_its_mark(void **state)
{
	(void)state;
	expect("\xff\xfe" "a\0,\0\x20\x5f\n\0", 10, PEN_UTF16LE);
	expect("\xfe\xff\0a\0,\x5f\x20\0\n", 10, PEN_UTF16BE);
	expect("\xff\xfe", 2, PEN_UTF16LE);
	expect("a,b\n", 4, PEN_UTF8);
	expect("\xb9\xab\xc3\xf1\n", 5, PEN_GB18030);
}

static void half_a_character_of_utf16_is_refused_with_its_line(void **state)
{
	(void)state;
	refuse("\xff\xfe" "a\0\n\0b\0\x42\xd8x\0", 12, "charset.utf16", 2);
	refuse("\xff\xfe" "a\0\r\0\n\0\xb7\xdf", 10, "charset.utf16", 2);
	refuse("\xff\xfe" "a\0\n\0b", 7, "charset.utf16", 2);
	refuse("\xff\xfe" "a\0\x42\xd8", 6, "charset.utf16", 1);
}

static void utf16_without_a_mark_is_told_as_that(void **state)
{
	struct pen_error error = { 0 };
	enum pen_encoding encoding;

	(void)state;
	refuse("a\0,\0b\0\n\0", 8, "charset.binary", 1);
	assert_int_equal(survey("\0a\0,\0b\0\n\x5f\x20", 10, 3, &encoding, &error), PEN_INPUT);
	assert_non_null(strstr(error.text, "UTF-16 without a byte order mark"));
}

static void utf32_is_called_by_its_name(void **state)
{
	(void)state;
	refuse("\xff\xfe\0\0" "a\0\0\0,\0\0\0", 12, "charset.utf32", 0);
	refuse("\0\0\xfe\xff\0\0\0a\0\0\0,", 12, "charset.utf32", 0);
	refuse("a\0\0\0,\0\0\0\n\0\0\0", 12, "charset.utf32", 1);
	refuse("\0\0\x5f\x20\0\0\0,\0\0\x5f\x20\0\0\0\n", 16, "charset.utf32", 1);
}

/* A hundred lines of text with so many NULs in the middle, and so many at the end. */
static char *text_with(size_t middle, size_t end, size_t *n)
{
	char *s = pen_memory__calloc(1300 + middle + end, 1);

	assert_non_null(s);
	for (int i = 0; i < 50; i++)
		memcpy(s + 13 * i, "0123,56789ab\n", 13);
	for (int i = 50; i < 100; i++)
		memcpy(s + 13 * i + middle, "0123,56789ab\n", 13);
	*n = 1300 + middle + end;
	return s;
}

static void a_few_nuls_are_text_many_are_none(void **state)
{
	size_t n;
	char *s = text_with(20, 0, &n);

	(void)state;
	expect(s, n, PEN_UTF8);
	pen_memory__free(s);
	s = text_with(21, 0, &n);
	refuse(s, n, "charset.binary", 51);
	pen_memory__free(s);
}

static void any_number_of_them_at_the_end_is_padding(void **state)
{
	size_t n;
	char *s = text_with(0, 20000, &n);

	(void)state;
	s[n - 7] = '\x1a';
	expect(s, n, PEN_UTF8);
	pen_memory__free(s);
	expect("a,b\n\x1a", 5, PEN_UTF8);
	expect("\xff\xfe" "a\0\x1a\0\0\0", 8, PEN_UTF16LE);
}

static void a_hole_in_the_text_is_refused_however_long_the_file(void **state)
{
	size_t n = 64 * (PEN_SURVEY_HOLE + 2);
	char *s = pen_memory__calloc(n, 1);
	struct pen_error error = { 0 };
	enum pen_encoding encoding;

	(void)state;
	memset(s, 'a', n);
	s[9] = '\n';
	memset(s + 1000, 0, PEN_SURVEY_HOLE);
	assert_int_equal(survey(s, n, 777, &encoding, &error), PEN_OK);
	s[1000 + PEN_SURVEY_HOLE] = '\0';
	assert_int_equal(survey(s, n, 777, &encoding, &error), PEN_INPUT);
	assert_string_equal(error.code, "charset.binary");
	assert_int_equal(error.line, 2);
	pen_memory__free(s);
}

static void files_of_other_kinds_are_called_by_their_name(void **state)
{
	(void)state;
	says("PK\x03\x04rest", 8, ".xlsx");
	says("\xd0\xcf\x11\xe0\xa1\xb1", 6, ".xls");
	says("%PDF-1.7\n", 9, "PDF");
	says("\x1f\x8b\x08\0", 4, "gunzip");
	says("<?xml version=\"1.0\" encoding=\"GBK\"?>", 36, "XML");
	says("\xef\xbb\xbf\r\n <HTML><table>", 19, "HTML");
	says("<table border=1>", 16, "HTML");
	says("SQLite format 3\0", 16, "database");
	expect("PKZIP,b\n", 8, PEN_UTF8);
	expect("<5,b\n", 5, PEN_UTF8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf16_is_known_by_its_mark),
		cmocka_unit_test(half_a_character_of_utf16_is_refused_with_its_line),
		cmocka_unit_test(utf16_without_a_mark_is_told_as_that),
		cmocka_unit_test(utf32_is_called_by_its_name),
		cmocka_unit_test(a_few_nuls_are_text_many_are_none),
		cmocka_unit_test(any_number_of_them_at_the_end_is_padding),
		cmocka_unit_test(a_hole_in_the_text_is_refused_however_long_the_file),
		cmocka_unit_test(files_of_other_kinds_are_called_by_their_name),
	};

	return cmocka_run_group_tests_name("model/survey", tests, NULL, NULL);
}
