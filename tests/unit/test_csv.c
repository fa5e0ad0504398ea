#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/csv.h"
#include "base/error.h"
#include "base/text.h"

/* What came out, one record a line: "line@byte:[a][b]". */
struct seen { struct pen_text text; int records, stop_at; };

static enum pen_status note(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct seen *seen = context;

	pen_text__printf(&seen->text, "%ld@%lld:", line, (long long)byte);
	for (size_t i = 0; i < count; i++)
		pen_text__printf(&seen->text, "[%.*s]", (int)fields[i].n, fields[i].s);
	pen_text__puts(&seen->text, ";");
	if (++seen->records == seen->stop_at)
		return pen_error__set(error, PEN_REFUSED, "test.stop", "enough");
	return PEN_OK;
}

/* Feeds n bytes in pieces of `step` and finishes. */
static enum pen_status run(struct seen *seen, const char *bytes, size_t n, size_t step, char delimiter,
    struct pen_error *error)
{
	struct pen_csv *csv;
	enum pen_status status;

	assert_int_equal(pen_csv__open(&csv, delimiter, note, seen, error), PEN_OK);
	status = PEN_OK;
	for (size_t i = 0; i < n && status == PEN_OK; i += step)
		status = pen_csv__feed(csv, bytes + i, n - i < step ? n - i : step, error);
	if (status == PEN_OK)
		status = pen_csv__finish(csv, error);
	pen_csv__close(csv);
	return status;
}

/* However the bytes are cut, the same has to come out. */
static void expect_delimited(const char *bytes, char delimiter, const char *expected)
{
	size_t n = strlen(bytes);

	for (size_t step = 1; step <= n + 1; step++) {
		struct seen seen = { 0 };
		struct pen_error error = { 0 };

		assert_int_equal(run(&seen, bytes, n, step, delimiter, &error), PEN_OK);
		assert_string_equal(seen.text.s ? seen.text.s : "", expected);
		pen_text__free(&seen.text);
	}
}

static void expect(const char *bytes, const char *expected)
{
	expect_delimited(bytes, ',', expected);
}

static void expect_refused(const char *bytes, const char *code, long line)
{
	size_t n = strlen(bytes);

	for (size_t step = 1; step <= n; step++) {
		struct seen seen = { 0 };
		struct pen_error error = { 0 };

		assert_int_equal(run(&seen, bytes, n, step, ',', &error), PEN_INPUT);
		assert_string_equal(error.code, code);
		assert_int_equal(error.line, line);
		pen_text__free(&seen.text);
	}
}

static void records_know_their_line_and_byte(void **state)
{
	(void)state;
	expect("a,b\nc,d\n", "1@0:[a][b];2@4:[c][d];");
}

static void nothing_is_no_record(void **state)
{
	(void)state;
	expect("", "");
}

static void the_last_record_may_lack_its_newline(void **state)
{
	(void)state;
	expect("a,b\nc,d", "1@0:[a][b];2@4:[c][d];");
	expect("a,", "1@0:[a][];");
}

static void all_three_line_ends_end_a_line(void **state)
{
	(void)state;
	expect("a\r\nb\rc\nd", "1@0:[a];2@3:[b];3@5:[c];4@7:[d];");
	expect("a\n\rb", "1@0:[a];2@2:;3@3:[b];");
}

static void empty_lines_are_records_of_no_fields(void **state)
{
	(void)state;
	expect("\na\n\n\nb\n", "1@0:;2@1:[a];3@3:;4@4:;5@5:[b];");
	expect("\r\n\r\na\r\n\r\n", "1@0:;2@2:;3@4:[a];4@7:;");
	expect("\r\ra\r", "1@0:;2@1:;3@2:[a];");
}

static void empty_fields_are_fields(void **state)
{
	(void)state;
	expect(",\n\"\"\n,,\n", "1@0:[][];2@2:[];3@5:[][][];");
}

static void white_space_is_kept(void **state)
{
	(void)state;
	expect(" a ,\tb\t\n   \n", "1@0:[ a ][\tb\t];2@8:[   ];");
}

static void quoted_fields_hold_delimiters_and_quotes(void **state)
{
	(void)state;
	expect("\"a,b\",\"say \"\"hi\"\"\"\n", "1@0:[a,b][say \"hi\"];");
}

static void a_quoted_newline_belongs_to_the_record_of_its_first_line(void **state)
{
	(void)state;
	expect("x,\"a\nb\n\nc\",y\nz\n", "1@0:[x][a\nb\n\nc][y];5@13:[z];");
	expect("x,\"a\r\nb\rc\"\r\nz\r\n", "1@0:[x][a\r\nb\rc];4@12:[z];");
}

static void a_quote_inside_an_unquoted_field_is_a_character(void **state)
{
	(void)state;
	expect("ab\"c,d\"\"e\n\"f\",5\"\n", "1@0:[ab\"c][d\"\"e];2@10:[f][5\"];");
	expect("a, \"b\"\nc\n", "1@0:[a][ \"b\"];2@7:[c];");
}

static void other_delimiters_serve(void **state)
{
	(void)state;
	expect_delimited("a,b\tc\n\"d\te\"\tf\n", '\t', "1@0:[a,b][c];2@6:[d\te][f];");
	expect_delimited("a;b\n", ';', "1@0:[a][b];");
}

static void gb18030_passes_through(void **state)
{
	(void)state;
	/* 张三 with trail bytes of all ranges: 0x40, 0x7C, a four-byte code. */
	expect("\xD5\xC5\xC8\xFD,\x81\x40,\x81\x7C,\x81\x30\x81\x30\n",
	    "1@0:[\xD5\xC5\xC8\xFD][\x81\x40][\x81\x7C][\x81\x30\x81\x30];");
}

static void a_quote_that_is_never_closed_is_refused_with_its_line(void **state)
{
	(void)state;
	expect_refused("a,b\nc,\"d\ne,f\ng,h\n", "csv.open", 2);
	expect_refused("a,\"b\nc\",\"d\ne\n", "csv.open", 2);
	expect_refused("\"", "csv.open", 1);
	expect_refused("a,\"b\r\nc\r\n", "csv.open", 1);
}

static void text_after_a_closing_quote_is_refused_with_its_line(void **state)
{
	(void)state;
	expect_refused("a\n\"b\"c,d\n1,2\n", "csv.quote", 2);
	expect_refused("a\n\"b\nb\" ,d\n", "csv.quote", 3);
}

static void a_status_of_the_receiver_stops_the_parse(void **state)
{
	struct seen seen = { .stop_at = 2 };
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(run(&seen, "a\nb\nc\n", 6, 6, ',', &error), PEN_REFUSED);
	assert_string_equal(error.code, "test.stop");
	assert_string_equal(seen.text.s, "1@0:[a];2@2:[b];");
	pen_text__free(&seen.text);

	seen = (struct seen){ .stop_at = 1 };
	assert_int_equal(run(&seen, "a", 1, 1, ',', &error), PEN_REFUSED);
	pen_text__free(&seen.text);
}

static enum pen_status measure(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	size_t *total = context;

	(void)line, (void)byte, (void)error;
	for (size_t i = 0; i < count; i++)
		*total += fields[i].n + 1;
	return PEN_OK;
}

static void long_fields_and_many_fields_fit(void **state)
{
	enum { FIELD = 300000, FIELDS = 2000 };
	struct pen_error error = { 0 };
	struct pen_text text = { 0 };
	struct pen_csv *csv;
	size_t total = 0;

	(void)state;
	for (int i = 0; i < FIELD; i++)
		pen_text__puts(&text, "x");
	for (int i = 0; i < FIELDS; i++)
		pen_text__puts(&text, ",y");
	pen_text__puts(&text, "\n");
	assert_false(text.failed);
	assert_int_equal(pen_csv__open(&csv, ',', measure, &total, &error), PEN_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pen_csv__feed(csv, text.s, text.n, &error), PEN_OK);
	assert_int_equal(pen_csv__finish(csv, &error), PEN_OK);
	assert_int_equal(total, 3 * (FIELD + 1 + 2 * FIELDS));
	pen_csv__close(csv);
	pen_text__free(&text);
}

static void closing_nothing_is_fine(void **state)
{
	(void)state;
	pen_csv__close(NULL);
}

static size_t twice(const char *s, size_t n)
{
	(void)s;
	return 2 * n;
}

static void the_byte_may_be_that_of_a_file_that_was_converted(void **state)
{
	struct seen seen = { 0 };
	struct pen_error error = { 0 };
	struct pen_csv *csv;

	(void)state;
	assert_int_equal(pen_csv__open(&csv, ',', note, &seen, &error), PEN_OK);
	pen_csv__measure(csv, twice);
	assert_int_equal(pen_csv__feed(csv, "a,b\r", 4, &error), PEN_OK);
	assert_int_equal(pen_csv__feed(csv, "\n\"c\nd\"\ne", 8, &error), PEN_OK);
	assert_int_equal(pen_csv__finish(csv, &error), PEN_OK);
	pen_csv__close(csv);
	assert_string_equal(seen.text.s, "1@0:[a][b];2@10:[c\nd];4@22:[e];");
	pen_text__free(&seen.text);
}

/* A whole line in sight is cut at its delimiters, one that comes in pieces goes
 * through libcsv: both have to come to the same, whatever the line is. */
static void lines_in_one_piece_and_in_many_come_to_the_same(void **state)
{
	static const char letters[] = "ab,,\"\n\r\t \xd5\0";
	uint32_t x = 2463534242u;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct seen whole = { 0 }, pieces = { 0 };
		struct pen_error error = { 0 }, other = { 0 };
		char text[24];
		size_t n;

		for (n = 0; n < sizeof(text); n++) {
			x ^= x << 13;
			x ^= x >> 17;
			x ^= x << 5;
			/* Quotes in every fourth only: they refuse most. */
			text[n] = letters[x % (sizeof(letters) - 1)];
			if (text[n] == '"' && round % 4)
				text[n] = ',';
		}
		assert_int_equal(run(&whole, text, n, n, ',', &error), run(&pieces, text, n, 1, ',', &other));
		assert_string_equal(error.code, other.code);
		assert_int_equal(error.line, other.line);
		assert_int_equal(whole.text.n, pieces.text.n);
		if (whole.text.n)
			assert_memory_equal(whole.text.s, pieces.text.s, whole.text.n);
		pen_text__free(&whole.text);
		pen_text__free(&pieces.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_know_their_line_and_byte),
		cmocka_unit_test(nothing_is_no_record),
		cmocka_unit_test(the_last_record_may_lack_its_newline),
		cmocka_unit_test(all_three_line_ends_end_a_line),
		cmocka_unit_test(empty_lines_are_records_of_no_fields),
		cmocka_unit_test(empty_fields_are_fields),
		cmocka_unit_test(white_space_is_kept),
		cmocka_unit_test(quoted_fields_hold_delimiters_and_quotes),
		cmocka_unit_test(a_quoted_newline_belongs_to_the_record_of_its_first_line),
		cmocka_unit_test(a_quote_inside_an_unquoted_field_is_a_character),
		cmocka_unit_test(other_delimiters_serve),
		cmocka_unit_test(gb18030_passes_through),
		cmocka_unit_test(a_quote_that_is_never_closed_is_refused_with_its_line),
		cmocka_unit_test(text_after_a_closing_quote_is_refused_with_its_line),
		cmocka_unit_test(a_status_of_the_receiver_stops_the_parse),
		cmocka_unit_test(long_fields_and_many_fields_fit),
		cmocka_unit_test(closing_nothing_is_fine),
		cmocka_unit_test(the_byte_may_be_that_of_a_file_that_was_converted),
		cmocka_unit_test(lines_in_one_piece_and_in_many_come_to_the_same),
	};

	return cmocka_run_group_tests_name("adapter/csv", tests, NULL, NULL);
}
