#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "model/cell_text.h"

static const struct pen_choice flags[] = { { "是", "1" }, { "Y", "1" }, { "否", "0" }, { "N", "0" } };
static const struct pen_choice sexes[] = { { "男", "1" }, { "女", "2" } };
static const struct pen_field
	text = { .name = "t", .type = PEN_FIELD_TEXT }, name = { .name = "n", .type = PEN_FIELD_NAME },
	id = { .name = "i", .type = PEN_FIELD_CITIZEN_ID }, code = { .name = "c", .type = PEN_FIELD_CREDIT_CODE },
	area = { .name = "a", .type = PEN_FIELD_AREA }, day = { .name = "d", .type = PEN_FIELD_DATE },
	year = { .name = "y", .type = PEN_FIELD_YEAR }, whole = { .name = "w", .type = PEN_FIELD_INTEGER },
	yuan = { .name = "base", .type = PEN_FIELD_MONEY }, fen = { .name = "base", .type = PEN_FIELD_MONEY, .fen = true },
	flag = { .name = "f", .type = PEN_FIELD_CHOICE, .choices = 4, .choice = flags },
	sex = { .name = "s", .type = PEN_FIELD_CHOICE, .choices = 2, .choice = sexes };

static char expected[96];
static struct pen_csv_field cell;

static const char *check(const struct pen_field *field, const char *s, size_t n, enum pen_token token)
{
	cell = (struct pen_csv_field){ s, n, token };
	return pen_cell_text__check(field, &cell, token, expected, sizeof(expected));
}

static void assert_rule(const char *rule, const struct pen_field *field, const char *s, enum pen_token token)
{
	const char *found = check(field, s, strlen(s), token);

	if (rule)
		assert_string_equal(found, rule);
	else
		assert_null(found);
}

static void text_is_read_as_it_stands(void **state)
{
	(void)state;
	assert_rule(NULL, &text, "a b\tc\r\nd", PEN_TOKEN_TEXT);
	assert_rule(NULL, &name, "张𠮷·Ａ", PEN_TOKEN_TEXT);
	assert_rule(NULL, &yuan, "", PEN_TOKEN_NULL);
	/* Its bytes are among those that begin, or go on with, a control character. */
	assert_rule(NULL, &name, "a·\xc2\xa0§éÅ“\xe2\x82\x80", PEN_TOKEN_TEXT);
}

static void control_characters_are_refused_wherever_they_stand(void **state)
{
	char s[20];

	(void)state;
	for (size_t n = 1; n <= sizeof(s); n++) {
		for (size_t i = 0; i < n; i++) {
			memset(s, 'a', n);
			s[i] = '\0';
			assert_string_equal(check(&text, s, n, PEN_TOKEN_TEXT), "text.control");
			s[i] = '\x1f';
			assert_string_equal(check(&text, s, n, PEN_TOKEN_TEXT), "text.control");
			s[i] = '\x7f';
			assert_string_equal(check(&text, s, n, PEN_TOKEN_TEXT), "text.control");
			s[i] = '\t';
			assert_null(check(&text, s, n, PEN_TOKEN_TEXT));
		}
	}
}

static void so_are_those_of_two_bytes(void **state)
{
	char s[20];

	(void)state;
	for (int point = 0x80; point < 0xc0; point++) {
		for (size_t i = 0; i + 2 <= sizeof(s); i++) {
			memset(s, 'a', sizeof(s));
			s[i] = '\xc2';
			s[i + 1] = (char)point;
			if (point < 0xa0)
				assert_string_equal(check(&text, s, i + 2, PEN_TOKEN_TEXT), "text.control");
			else
				assert_null(check(&text, s, i + 2, PEN_TOKEN_TEXT));
		}
	}
}

static void they_are_shown_by_their_pictures_and_cut_at_a_character(void **state)
{
	char out[12];

	(void)state;
	pen_cell_text__show(&(struct pen_csv_field){ "a\0\x1a", 3, PEN_TOKEN_TEXT }, out, sizeof(out));
	assert_string_equal(out, "a␀␚");
	pen_cell_text__show(&(struct pen_csv_field){ "\x7f\xc2\x85", 3, PEN_TOKEN_TEXT }, out, sizeof(out));
	assert_string_equal(out, "␡<U+0085>");
	pen_cell_text__show(&(struct pen_csv_field){ "\0\0\0\0\0", 5, PEN_TOKEN_TEXT }, out, sizeof(out));
	assert_string_equal(out, "␀␀␀");
	pen_cell_text__show(&(struct pen_csv_field){ "", 0, PEN_TOKEN_TEXT }, out, sizeof(out));
	assert_string_equal(out, "");
}

static void a_number_is_refused_where_digits_could_be_lost(void **state)
{
	(void)state;
	assert_rule("json.number", &yuan, "6500.00", PEN_TOKEN_NUMBER);
	assert_non_null(strstr(expected, "base_fen"));
	assert_rule("json.number", &yuan, "6500", PEN_TOKEN_NUMBER);
	assert_rule("json.number", &id, "330106199008072465", PEN_TOKEN_NUMBER);
	assert_rule("json.number", &code, "913301001", PEN_TOKEN_NUMBER);
	assert_rule("json.number", &area, "330100", PEN_TOKEN_NUMBER);
	assert_rule("json.number", &text, "7", PEN_TOKEN_NUMBER);
	assert_rule("json.number", &name, "7", PEN_TOKEN_NUMBER);
}

static void a_number_is_fine_where_it_is_one(void **state)
{
	(void)state;
	assert_rule(NULL, &fen, "650000", PEN_TOKEN_NUMBER);
	assert_rule(NULL, &whole, "12", PEN_TOKEN_NUMBER);
	assert_rule(NULL, &year, "2024", PEN_TOKEN_NUMBER);
	assert_rule(NULL, &day, "20240701", PEN_TOKEN_NUMBER);
	assert_rule(NULL, &flag, "1", PEN_TOKEN_NUMBER);
}

static void true_and_false_are_the_forms_words_for_yes_and_no(void **state)
{
	(void)state;
	assert_rule(NULL, &flag, "true", PEN_TOKEN_TRUTH);
	assert_memory_equal(cell.s, "是", cell.n);
	assert_rule(NULL, &flag, "false", PEN_TOKEN_TRUTH);
	assert_memory_equal(cell.s, "否", cell.n);
	/* As a rejects file has it. */
	assert_rule(NULL, &flag, "true", PEN_TOKEN_TEXT);
	assert_memory_equal(cell.s, "是", cell.n);
	/* Nobody's sex is true. */
	assert_rule(NULL, &sex, "true", PEN_TOKEN_TRUTH);
	assert_memory_equal(cell.s, "true", cell.n);
	assert_rule("json.truth", &name, "true", PEN_TOKEN_TRUTH);
	assert_rule("json.truth", &yuan, "false", PEN_TOKEN_TRUTH);
	assert_rule(NULL, &name, "true", PEN_TOKEN_TEXT);
}

static void objects_and_lists_are_no_values(void **state)
{
	(void)state;
	assert_rule("json.nested", &name, "[\"王敏\"]", PEN_TOKEN_NESTED);
	assert_rule("json.nested", &flag, "{}", PEN_TOKEN_NESTED);
}

static void bytes_that_are_no_character_are_shown_as_such(void **state)
{
	char out[16];

	(void)state;
	pen_cell_text__show(&(struct pen_csv_field){ "a\xff" "b", 3, PEN_TOKEN_TEXT }, out, sizeof(out));
	assert_string_equal(out, "a\xef\xbf\xbd" "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_as_it_stands),
		cmocka_unit_test(control_characters_are_refused_wherever_they_stand),
		cmocka_unit_test(so_are_those_of_two_bytes),
		cmocka_unit_test(they_are_shown_by_their_pictures_and_cut_at_a_character),
		cmocka_unit_test(a_number_is_refused_where_digits_could_be_lost),
		cmocka_unit_test(a_number_is_fine_where_it_is_one),
		cmocka_unit_test(true_and_false_are_the_forms_words_for_yes_and_no),
		cmocka_unit_test(objects_and_lists_are_no_values),
		cmocka_unit_test(bytes_that_are_no_character_are_shown_as_such),
	};

	return cmocka_run_group_tests_name("model/cell_text", tests, NULL, NULL);
}
