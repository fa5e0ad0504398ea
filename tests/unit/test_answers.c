#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "base/date.h"
#include "work/answers.h"

#define A "91330106MA1080192C"
#define B "91330105MA11593861"

static int begin(void **state)
{
	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	return start_empty(state);
}

static enum pen_status read_answers(struct fixture *f, const char *bytes, struct pen_answer **answers, size_t *count)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/answers.csv", f->dir);
	assert_ok(pen_file__save(path, bytes, strlen(bytes), 0600, &f->error));
	return pen_answers__read(path, answers, count, &f->error);
}

static void answers_come_with_their_day_their_note_and_their_line(void **state)
{
	struct fixture *f = *state;
	struct pen_answer *answers;
	size_t count;

	assert_ok(read_answers(f, "统一社会信用代码,核对意见,答复日期,说明\n" A ",一致,2025-02-11,单位盖章\n\n" B ",有异议,,\n", &answers, &count));
	assert_int_equal(count, 2);
	assert_string_equal(answers[0].code, A);
	assert_string_equal(answers[0].answer, "agreed");
	assert_string_equal(answers[0].note, "单位盖章");
	assert_int_equal(answers[0].on, 20250211);
	assert_int_equal(answers[0].line, 2);
	assert_string_equal(answers[1].answer, "objected");
	assert_int_equal(answers[1].on, pen_date__today());
	assert_int_equal(answers[1].line, 4);
	assert_int_equal(answers[1].year, 0);
	pen_memory__free(answers);
}

static void gb18030_and_a_byte_order_mark_are_read_too(void **state)
{
	struct fixture *f = *state;
	struct pen_answer *answers;
	size_t count;

	/* 统一社会信用代码,核对意见 / 一致 */
	assert_ok(read_answers(f, "\xcd\xb3\xd2\xbb\xc9\xe7\xbb\xe1\xd0\xc5\xd3\xc3\xb4\xfa\xc2\xeb,\xba\xcb\xb6\xd4\xd2\xe2\xbc\xfb\n"
	    A ",\xd2\xbb\xd6\xc2\n", &answers, &count));
	assert_string_equal(answers[0].answer, "agreed");
	pen_memory__free(answers);
	assert_ok(read_answers(f, "\xef\xbb\xbf" "credit_code,answer,year\n" A ",agreed,2024\n", &answers, &count));
	assert_int_equal(answers[0].year, 2024);
	pen_memory__free(answers);
}

static void a_line_that_cannot_be_is_refused_with_its_place(void **state)
{
	struct fixture *f = *state;
	struct pen_answer *answers;
	size_t count;

	assert_fails(read_answers(f, "credit_code,answer\n" A ",agreed\n" B ",perhaps\n", &answers, &count), PEN_INPUT, "choice.unknown");
	assert_int_equal(f->error.line, 3);
	assert_string_equal(f->error.column, "核对意见");
	assert_fails(read_answers(f, "credit_code,answer\n91330106MA1080192D,agreed\n", &answers, &count), PEN_INPUT, "credit.check");
	assert_fails(read_answers(f, "credit_code,answer\n" A "\n", &answers, &count), PEN_INPUT, "row.columns");
}

static void a_file_without_answers_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_answer *answers;
	size_t count;

	assert_fails(read_answers(f, "credit_code,answer\n", &answers, &count), PEN_INPUT, "answers.none");
	assert_fails(read_answers(f, "", &answers, &count), PEN_INPUT, "answers.none");
}

static void a_note_is_cut_between_two_characters(void **state)
{
	struct fixture *f = *state;
	struct pen_answer *answers;
	struct pen_text text = { 0 };
	size_t count;
	int i;

	pen_text__puts(&text, "统一社会信用代码,核对意见,说明\n" A ",一致,x");
	for (i = 0; i < 100; i++)
		pen_text__puts(&text, "某");
	pen_text__puts(&text, "\n");
	assert_ok(read_answers(f, text.s, &answers, &count));
	pen_text__free(&text);
	assert_int_equal(strlen(answers[0].note), 1 + 84 * 3);
	assert_memory_equal(answers[0].note + 250, "某", 3);
	pen_memory__free(answers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers_come_with_their_day_their_note_and_their_line, begin, stop),
		cmocka_unit_test_setup_teardown(gb18030_and_a_byte_order_mark_are_read_too, begin, stop),
		cmocka_unit_test_setup_teardown(a_line_that_cannot_be_is_refused_with_its_place, begin, stop),
		cmocka_unit_test_setup_teardown(a_file_without_answers_is_refused, begin, stop),
		cmocka_unit_test_setup_teardown(a_note_is_cut_between_two_characters, begin, stop),
	};

	return cmocka_run_group_tests_name("store/answers", tests, NULL, NULL);
}
