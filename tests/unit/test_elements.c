#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "model/elements.h"

/* What came out: "(keys)" when they are told, "line@byte:[field]…;" a record, with
 * a letter for what is not text. */
static enum pen_status note_columns(void *context, const struct pen_csv_field *keys, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct pen_text *seen = context;

	(void)error;
	pen_text__printf(seen, "%ld@%lld(", line, (long long)byte);
	for (size_t i = 0; i < count; i++)
		pen_text__printf(seen, i ? " %.*s" : "%.*s", (int)keys[i].n, keys[i].s);
	pen_text__puts(seen, ")");
	return PEN_OK;
}

static enum pen_status note(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct pen_text *seen = context;

	(void)error;
	pen_text__printf(seen, "%ld@%lld:", line, (long long)byte);
	for (size_t i = 0; i < count; i++)
		pen_text__printf(seen, "[%c%.*s]", "-ntx{"[fields[i].token], (int)fields[i].n, fields[i].s);
	pen_text__puts(seen, ";");
	return PEN_OK;
}

static enum pen_status run(const char *text, size_t n, size_t step, struct pen_text *seen, struct pen_error *error)
{
	struct pen_elements *elements;
	enum pen_status status = pen_elements__open(&elements, note, note_columns, seen, NULL, error);

	assert_int_equal(status, PEN_OK);
	for (size_t i = 0; status == PEN_OK && i < n; i += step)
		status = pen_elements__feed(elements, text + i, n - i < step ? n - i : step, error);
	if (status == PEN_OK)
		status = pen_elements__finish(elements, error);
	pen_elements__close(elements);
	return status;
}

static void expect(const char *text, const char *expected)
{
	size_t n = strlen(text);

	for (size_t step = 1; step <= n; step++) {
		struct pen_text seen = { 0 };
		struct pen_error error = { 0 };

		assert_int_equal(run(text, n, step, &seen, &error), PEN_OK);
		assert_string_equal(seen.s, expected);
		pen_text__free(&seen);
	}
}

static void refuse_bytes(const char *text, size_t n, const char *code, long line)
{
	for (size_t step = 1; step <= n; step++) {
		struct pen_text seen = { 0 };
		struct pen_error error = { 0 };

		assert_int_equal(run(text, n, step, &seen, &error), PEN_INPUT);
		assert_string_equal(error.code, code);
		assert_int_equal(error.line, line);
		pen_text__free(&seen);
	}
}

static void refuse(const char *text, const char *code, long line)
{
	refuse_bytes(text, strlen(text), code, line);
}

static void an_array_and_objects_in_a_row_come_to_the_same_records(void **state)
{
	(void)state;
	expect("[{\"a\":\"1\"},\n {\"a\":\"2\"}]\n", "1@1(a)1@1:[-1];2@13:[-2];");
	expect("{\"a\":\"1\"}\n{\"a\":\"2\"}", "1@0(a)1@0:[-1];2@10:[-2];");
	expect("\n\r {\"a\":\"1\"}\r\n\r\n{\"a\":\"2\"}\r", "3@3(a)3@3:[-1];5@16:[-2];");
}

static void a_value_is_known_for_what_it_was(void **state)
{
	(void)state;
	expect("[{\"a\" : -12.50e1 , \"b\":true,\"c\":false,\"d\":null,\"e\":[1, {\"x\":\"]\"}],\"f\":\"\\u5f20\\\"\\n\",\"g\":{}}]",
	    "1@1(a b c d e f g)1@1:[n-12.50e1][ttrue][tfalse][x][{[1, {\"x\":\"]\"}]][-张\"\n][{{}];");
	expect("[{\"a\":0},{\"a\":20240701 }]", "1@1(a)1@1:[n0];2@9:[n20240701];");
}

static void keys_may_change_their_order_and_be_added(void **state)
{
	(void)state;
	expect("[{\"a\":\"1\",\"b\":\"2\"}\n,{\"b\":\"3\",\"a\":\"4\"}\n,{\"c\":\"5\"}\n,{}\n,{\"a\":\"6\"}]",
	    "1@1(a b)1@1:[-1][-2];2@20:[-4][-3];3@39(a b c)3@39:[x][x][-5];4@50:[x][x][x];5@54:[-6][x][x];");
	/* Nothing is told as long as there is no key. */
	expect("{}\n{\"a\":\"1\"}", "1@0:;2@3(a)2@3:[-1];");
}

static void no_two_records_have_one_line(void **state)
{
	(void)state;
	expect("[{\"a\":\"1\"},{\"a\":\"2\"},{\"a\":\"3\"}]", "1@1(a)1@1:[-1];2@11:[-2];3@21:[-3];");
	expect("[{\"a\":\"1\"},{\"a\":\"2\"},\n{\"a\":\"3\"},\n\n{\"a\":\"4\"}]", "1@1(a)1@1:[-1];2@11:[-2];3@22:[-3];4@34:[-4];");
}

static void brackets_and_quotes_within_strings_are_text(void **state)
{
	(void)state;
	expect("{\"a\":\"}{][\\\"}\"}{\"a\":\"\\\\\"}", "1@0(a)1@0:[-}{][\"}];2@15:[-\\];");
}

static void an_element_that_is_no_object_is_refused(void **state)
{
	(void)state;
	refuse("[1]", "json.element", 1);
	refuse("[{\"a\":1},\n\"x\"]", "json.element", 2);
	refuse("[[]]", "json.element", 1);
	refuse("{\"a\":1}\n[2]", "json.element", 2);
	refuse("[null]", "json.element", 1);
}

static void a_key_twice_is_refused(void **state)
{
	(void)state;
	refuse("[{\"a\":1},\n{\"a\":1,\"b\":2,\n\"a\":3}]", "json.twice", 2);
	refuse("{\"a\":1,\"\\u0061\":1}", "json.twice", 1);
}

static void what_is_no_json_is_refused_with_its_line(void **state)
{
	(void)state;
	refuse("[{\"a\":1},\n]", "json.syntax", 2);			/* a comma too many */
	refuse("[{\"a\":1}\n{\"a\":1}]", "json.syntax", 2);		/* one too few */
	refuse("[\n{\"a\":1,}]", "json.syntax", 2);
	refuse("[\n{\"a\":1,\r\nb:1}]", "json.syntax", 3);
	refuse("[{\"a\":1}]\n[]", "json.syntax", 2);			/* something behind */
	refuse("[] x", "json.syntax", 1);
	refuse("// rows\n", "json.syntax", 1);
	refuse("[{\"a\":1}, /* one */ {\"a\":1}]", "json.syntax", 1);
	refuse("[{\"a\": /* one */ 1}]", "json.syntax", 1);
	refuse("[{\"a\":1}]\xef\xbb\xbf", "json.syntax", 1);
	refuse("[{\"a\":007}]", "json.syntax", 1);			/* which cJSON would read */
	refuse("[{\"a\":1.}]", "json.syntax", 1);
	refuse("[{\"a\":\"\xd5\xc5\"}]", "json.encoding", 1);
	refuse("[\n{\"a\":\"\\u0000\"}]", "json.nul", 2);
	refuse_bytes("[\n{\"a\":\"\0\"}]", 12, "json.nul", 2);
}

static void a_text_that_is_cut_off_is_refused_wherever_it_is(void **state)
{
	static const char text[] = "[\n{\"a\":\"1\"}, {\"b\":[2]}\n]";
	size_t n;

	(void)state;
	for (n = 1; n < sizeof(text) - 1; n++) {
		struct pen_text seen = { 0 };
		struct pen_error error = { 0 };

		assert_int_equal(run(text, n, n, &seen, &error), PEN_INPUT);
		assert_string_equal(error.code, "json.syntax");
		pen_text__free(&seen);
	}
}

static void an_array_of_nothing_has_no_rows(void **state)
{
	(void)state;
	refuse(" [ ]\n", "input.rows", 0);
}

static void an_element_longer_than_a_row_can_be_is_refused(void **state)
{
	struct pen_text text = { 0 }, seen = { 0 };
	struct pen_error error = { 0 };

	(void)state;
	pen_text__puts(&text, "[\n{\"a\":\"");
	while (text.n < PEN_ELEMENTS_LONGEST + 100)
		pen_text__puts(&text, "0123456789");
	pen_text__puts(&text, "\"}]");
	assert_int_equal(run(text.s, text.n, 65536, &seen, &error), PEN_INPUT);
	assert_string_equal(error.code, "json.long");
	assert_int_equal(error.line, 2);
	/* Also where the file says nothing of its end. */
	assert_int_equal(run(text.s, text.n - 3, 65536, &seen, &error), PEN_INPUT);
	assert_string_equal(error.code, "json.long");
	pen_text__free(&text);
	pen_text__free(&seen);
}

static enum pen_status pass_over(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	size_t *bytes = context;

	(void)line;
	(void)byte;
	(void)error;
	/* Every byte of every field can be read. */
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < fields[i].n; k++)
			*bytes += (unsigned char)fields[i].s[k];
	return PEN_OK;
}

/* A document with some of its bytes exchanged for others that mean something. */
static void whatever_the_bytes_the_reading_ends_well(void **state)
{
	static const char document[] = "[{\"a\":\"1\",\"b\":[2,{\"c\":null}]},\n{\"b\":true,\"a\":-1.5e3 }]";
	static const char letters[] = "{}[]\",:\\ \n\r\t\x01\xe5\0.-+e019tfnu";
	char text[sizeof(document)];
	uint32_t x = 88172645u;
	int good = 0;

	(void)state;
	for (int round = 0; round < 50000; round++) {
		struct pen_elements *elements;
		struct pen_error error = { 0 };
		enum pen_status status;
		size_t bytes = 0, n = sizeof(document) - 1;

		memcpy(text, document, sizeof(text));
		for (int i = 0; i < 1 + round % 4; i++) {
			x ^= x << 13;
			x ^= x >> 17;
			x ^= x << 5;
			text[x % n] = letters[(x >> 8) % (sizeof(letters) - 1)];
		}
		assert_int_equal(pen_elements__open(&elements, pass_over, NULL, &bytes, NULL, &error), PEN_OK);
		status = pen_elements__feed(elements, text, n, &error);
		if (status == PEN_OK)
			status = pen_elements__finish(elements, &error);
		pen_elements__close(elements);
		good += status == PEN_OK;
		assert_true(status == PEN_OK || (status == PEN_INPUT && error.code[0]));
	}
	assert_true(good > 1000);
}

/* An object with a value's worth of keys: { "2024-01-01": …, "2024-01-02": … }. */
static void a_value_used_as_a_key_is_refused_with_its_line(void **state)
{
	struct pen_text text = { 0 }, seen = { 0 };
	struct pen_error error = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 5000; i++)
		pen_text__printf(&text, "{\"k%d\":\"1\"}\n", i);
	assert_int_equal(run(text.s, text.n, text.n, &seen, &error), PEN_INPUT);
	assert_string_equal(error.code, "json.keys");
	assert_true(error.line > 1000);
	pen_text__free(&text);
	pen_text__free(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_array_and_objects_in_a_row_come_to_the_same_records),
		cmocka_unit_test(a_value_is_known_for_what_it_was),
		cmocka_unit_test(keys_may_change_their_order_and_be_added),
		cmocka_unit_test(no_two_records_have_one_line),
		cmocka_unit_test(brackets_and_quotes_within_strings_are_text),
		cmocka_unit_test(an_element_that_is_no_object_is_refused),
		cmocka_unit_test(a_key_twice_is_refused),
		cmocka_unit_test(what_is_no_json_is_refused_with_its_line),
		cmocka_unit_test(a_text_that_is_cut_off_is_refused_wherever_it_is),
		cmocka_unit_test(an_array_of_nothing_has_no_rows),
		cmocka_unit_test(an_element_longer_than_a_row_can_be_is_refused),
		cmocka_unit_test(whatever_the_bytes_the_reading_ends_well),
		cmocka_unit_test(a_value_used_as_a_key_is_refused_with_its_line),
	};

	return cmocka_run_group_tests_name("model/elements", tests, NULL, NULL);
}
