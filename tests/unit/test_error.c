#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/error.h"

#include <errno.h>
#include <string.h>

static void a_full_error_shows_place_text_clause_and_code(void **state)
{
	struct pen_error error = { 0 };
	char line[2048];

	(void)state;
	assert_int_equal(pen_error__refuse(&error, "R4.2.1", "month.range",
	    "found %d, expected 1 to 12", 13), PEN_REFUSED);
	assert_int_equal(pen_error__at(&error, "breakdown.csv", 17, "缴费月数"), PEN_REFUSED);
	assert_string_equal(pen_error_format(&error, line, sizeof(line)),
	    "breakdown.csv:17: 缴费月数: found 13, expected 1 to 12 [R4.2.1] (month.range)");
}

static void what_does_not_apply_is_left_out(void **state)
{
	struct pen_error error = { 0 };
	char line[200];

	(void)state;
	assert_string_equal(pen_error_format(&error, line, sizeof(line)), "");
	assert_int_equal(pen_error__set(&error, PEN_USAGE, "option.unknown", "no such option"), PEN_USAGE);
	assert_string_equal(pen_error_format(&error, line, sizeof(line)), "no such option (option.unknown)");
	pen_error__at(&error, "a.csv", 0, NULL);
	assert_string_equal(pen_error_format(&error, line, sizeof(line)), "a.csv: no such option (option.unknown)");
	pen_error__at(&error, "", 3, NULL);
	assert_string_equal(pen_error_format(&error, line, sizeof(line)), "line 3: no such option (option.unknown)");
}

static void a_part_of_a_place_can_be_added_later(void **state)
{
	struct pen_error error = { 0 };

	(void)state;
	pen_error__set(&error, PEN_INPUT, "c", "t");
	pen_error__at(&error, NULL, 5, "b");
	assert_int_equal(pen_error__at(&error, "f", 0, NULL), PEN_INPUT);
	assert_string_equal(error.file, "f");
	assert_int_equal(error.line, 5);
	assert_string_equal(error.column, "b");
}

static void a_new_error_forgets_the_old_place_and_clause(void **state)
{
	struct pen_error error = { 0 };

	(void)state;
	pen_error__refuse(&error, "R5.1", "a", "first");
	pen_error__at(&error, "file", 9, "column");
	pen_error__set(&error, PEN_BUSY, "b", "second");
	assert_int_equal(error.status, PEN_BUSY);
	assert_string_equal(error.code, "b");
	assert_string_equal(error.clause, "");
	assert_string_equal(error.file, "");
	assert_int_equal(error.line, 0);
	assert_string_equal(error.column, "");
}

static void an_error_may_be_made_from_its_own_text(void **state)
{
	struct pen_error error = { 0 };

	(void)state;
	pen_error__set(&error, PEN_INPUT, "a", "inner");
	pen_error__set(&error, PEN_SYSTEM, error.code, "outer: %s", error.text);
	assert_string_equal(error.text, "outer: inner");
	assert_string_equal(error.code, "a");
}

static void no_error_to_fill_still_gives_the_status(void **state)
{
	(void)state;
	assert_int_equal(pen_error__set(NULL, PEN_INPUT, "a", "b"), PEN_INPUT);
	assert_int_equal(pen_error__errno(NULL, "b"), PEN_SYSTEM);
	assert_int_equal(pen_error__memory(NULL), PEN_SYSTEM);
	assert_int_equal(pen_error__refuse(NULL, "R1", "a", "b"), PEN_REFUSED);
}

static void a_failed_call_says_what_the_system_said(void **state)
{
	static const struct { int number; const char *code; } cases[] = {
		{ ENOSPC, "system.full" }, { EDQUOT, "system.full" },
		{ ENOMEM, "system.memory" }, { EIO, "system.io" }, { EACCES, "system.io" },
	};
	struct pen_error error = { 0 };
	char expected[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		errno = cases[i].number;
		assert_int_equal(pen_error__errno(&error, "cannot write %s", "x"), PEN_SYSTEM);
		assert_string_equal(error.code, cases[i].code);
		snprintf(expected, sizeof(expected), "cannot write x: %s", strerror(cases[i].number));
		assert_string_equal(error.text, expected);
	}
	assert_int_equal(pen_error__memory(&error), PEN_SYSTEM);
	assert_string_equal(error.code, "system.memory");
}

static void what_is_too_long_is_cut_between_characters(void **state)
{
	struct pen_error error = { 0 };
	char name[400], line[32];
	int i;

	(void)state;
	for (i = 0; i < 133; i++)
		memcpy(name + 3 * i, "险", 3);
	name[399] = '\0';
	pen_error__set(&error, PEN_INPUT, "c", "%s%s%s", name, name, name);
	/* 1023 bytes are 341 characters to the byte; 255 are 85; 63 are 21. */
	assert_int_equal(strlen(error.text), 1023);
	pen_error__at(&error, name + 3, 1, name);
	assert_int_equal(strlen(error.file), 255);
	assert_int_equal(strlen(error.column), 63);
	/* One byte more in front, and the last character no longer fits. */
	pen_error__set(&error, PEN_INPUT, "c", "a%s%s%s", name, name, name);
	assert_int_equal(strlen(error.text), 1021);
	/* 31 bytes of room: "a" and ten characters, to the byte. */
	pen_error_format(&error, line, sizeof(line));
	assert_int_equal(strlen(line), 31);
	pen_error_format(&error, line, sizeof(line) - 1);
	assert_int_equal(strlen(line), 28);
}

static void a_tiny_buffer_is_not_overrun(void **state)
{
	struct pen_error error = { 0 };
	char line[4] = "zzz";

	(void)state;
	pen_error__set(&error, PEN_INPUT, "code", "text");
	assert_ptr_equal(pen_error_format(&error, line, 0), line);
	assert_string_equal(line, "zzz");
	assert_string_equal(pen_error_format(&error, line, 1), "");
	assert_string_equal(pen_error_format(&error, line, 4), "tex");
}

static void quoted_input_cannot_steer_the_terminal(void **state)
{
	struct pen_error error = { 0 };

	(void)state;
	pen_error__set(&error, PEN_INPUT, "c", "found \"%s\"", "\x1b[2J\n\x7f\xc2\x9b" "王·\xc2\xa0");
	assert_string_equal(error.text, "found \"?[2J????王·\xc2\xa0\"");
	pen_error__at(&error, "a\nb", 1, "c\rd");
	assert_string_equal(error.file, "a?b");
	assert_string_equal(error.column, "c?d");
}

static void the_library_knows_its_version(void **state)
{
	(void)state;
	assert_string_equal(pen_version(), PEN_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_error_shows_place_text_clause_and_code),
		cmocka_unit_test(what_does_not_apply_is_left_out),
		cmocka_unit_test(a_part_of_a_place_can_be_added_later),
		cmocka_unit_test(a_new_error_forgets_the_old_place_and_clause),
		cmocka_unit_test(an_error_may_be_made_from_its_own_text),
		cmocka_unit_test(no_error_to_fill_still_gives_the_status),
		cmocka_unit_test(a_failed_call_says_what_the_system_said),
		cmocka_unit_test(what_is_too_long_is_cut_between_characters),
		cmocka_unit_test(a_tiny_buffer_is_not_overrun),
		cmocka_unit_test(quoted_input_cannot_steer_the_terminal),
		cmocka_unit_test(the_library_knows_its_version),
	};

	return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}
