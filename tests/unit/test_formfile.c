#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "base/text.h"
#include "work/formfile.h"

#define TITLES "运行日期,端口运行状况,服务器工作状况,通信设备工作状况,故障处理排除情况"

static int begin(void **state)
{
	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	return start_empty(state);
}

/* What was handed out: how many lines, and the last of them. */
struct seen { int lines; long line; int64_t on; char faults[64]; bool responsible, refuse; };

static enum pen_status look(void *context, const struct pen_formfile_row *row, struct pen_error *error)
{
	const struct pen_value *faults = pen_formfile__value(row, "faults");
	struct seen *seen = context;

	seen->lines++;
	seen->line = row->line;
	seen->on = pen_formfile__value(row, "on_date")->i;
	seen->responsible = pen_formfile__value(row, "responsible")->type != PEN_NULL;
	snprintf(seen->faults, sizeof(seen->faults), "%.*s", (int)faults->n, faults->s);
	return seen->refuse ? pen_error__set(error, PEN_INPUT, "test.refused", "refused") : PEN_OK;
}

static enum pen_status read_file(struct fixture *f, const char *bytes, struct seen *seen)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/log.csv", f->dir);
	assert_ok(pen_file__save(path, bytes, strlen(bytes), 0600, &f->error));
	return pen_formfile__read(path, "network-log", look, seen, &f->error);
}

static void lines_come_one_by_one_in_the_fields_of_the_form(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };

	assert_ok(read_file(f, "故障处理排除情况," "运行日期,端口运行状况,服务器工作状况,通信设备工作状况,天气\n"
	    "无,2024-11-20,正常,正常,正常,晴\n\n\"重启, 已恢复\",2024年11月21日,正常,正常,正常,雨\n", &seen));
	assert_int_equal(seen.lines, 2);
	assert_int_equal(seen.line, 4);
	assert_int_equal(seen.on, 20241121);
	assert_string_equal(seen.faults, "重启, 已恢复");
	assert_false(seen.responsible);
}

static void a_cell_that_cannot_be_ends_the_reading_at_its_place(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };

	assert_fails(read_file(f, TITLES "\n2024-11-20,正常,正常,正常,无\n2024-11-31,正常,正常,正常,无\n", &seen), PEN_INPUT, "date.format");
	assert_int_equal(seen.lines, 1);
	assert_int_equal(f->error.line, 3);
	assert_string_equal(f->error.column, "运行日期");
	assert_non_null(strstr(f->error.file, "log.csv"));
}

static void what_a_visit_refuses_gets_its_line(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .refuse = true };

	assert_fails(read_file(f, TITLES "\n\n2024-11-20,正常,正常,正常,无\n", &seen), PEN_INPUT, "test.refused");
	assert_int_equal(f->error.line, 3);
}

static void a_column_that_is_missing_is_named(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };

	assert_fails(read_file(f, "运行日期,端口运行状况,服务器工作状况,通信设备工作状况\n", &seen), PEN_INPUT, "header.missing");
	assert_non_null(strstr(f->error.text, "故障处理排除情况"));
	assert_fails(pen_formfile__read("/nowhere/log.csv", "network-log", look, &seen, &f->error), PEN_INPUT, "file.missing");
}

static void columns_beyond_those_of_any_form_are_not_looked_at(void **state)
{
	struct fixture *f = *state;
	struct pen_text text = { 0 };
	struct seen seen = { 0 };
	int i;

	pen_text__puts(&text, TITLES);
	for (i = 0; i < 300; i++)
		pen_text__printf(&text, ",第%d列", i);
	pen_text__puts(&text, "\n2024-11-20,正常,正常,正常,无");
	for (i = 0; i < 300; i++)
		pen_text__puts(&text, ",x");
	pen_text__puts(&text, "\n");
	assert_ok(read_file(f, text.s, &seen));
	assert_int_equal(seen.lines, 1);
	pen_text__free(&text);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_come_one_by_one_in_the_fields_of_the_form),
		TEST(a_cell_that_cannot_be_ends_the_reading_at_its_place),
		TEST(what_a_visit_refuses_gets_its_line),
		TEST(a_column_that_is_missing_is_named),
		TEST(columns_beyond_those_of_any_form_are_not_looked_at),
	};

	return cmocka_run_group_tests_name("store/formfile", tests, NULL, NULL);
}
