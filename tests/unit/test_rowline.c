#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/decision.h"
#include "model/rowline.h"

#include <string.h>

static const struct pen_decision death = { .kind = "end", .reason = "death", .person = 12, .employer = 3, .month = 202612,
	.happened_on = 20261103, .amount_fen = -1, .funeral_fen = 940000, .consolation_fen = 4314383, .balance_fen = 0,
	.note = "病故 \"医院\"", .paper = "" };

static void a_row_is_a_line_of_canonical_json(void **state)
{
	const struct pen_row row = pen_decision__row(&death, 7);
	struct pen_text text = { 0 };

	(void)state;
	pen_rowline__write(&text, &row, death.employer);
	assert_string_equal(text.s, "{\"balance_fen\":0,\"consolation_fen\":4314383,\"employer\":3,\"funeral_fen\":940000,"
	    "\"happened_on\":20261103,\"kind\":\"end\",\"month\":202612,\"note\":\"病故 \\\"医院\\\"\",\"person\":12,\"reason\":\"death\"}\n");
	pen_text__free(&text);
}

static void what_was_written_is_read_again(void **state)
{
	const struct pen_row row = pen_decision__row(&death, 7);
	struct pen_arena *arena = pen_memory__arena();
	struct pen_text text = { 0 };
	struct pen_error error = { 0 };
	struct pen_row read;
	int64_t employer;
	int i;

	(void)state;
	pen_rowline__write(&text, &row, 3);
	assert_int_equal(pen_rowline__read(&read, &employer, row.kind, text.s, text.n, arena, &error), PEN_OK);
	assert_int_equal(employer, 3);
	for (i = 0; i < row.kind->count; i++)
		if (i != PEN_LINE)
			assert_true(pen_value__equal(&row.v[i], &read.v[i]));
	pen_text__free(&text);
	pen_memory__drop(arena);
}

static void what_is_no_row_is_not_read(void **state)
{
	static const char *const lines[] = { "", "{}", "[]", "{\"kind\":\"stop\"}", "{\"kind\":7,\"person\":1}",
		"{\"kind\":\"stop\",\"person\":\"1\"}", "{\"employer\":\"2\",\"kind\":\"stop\",\"person\":1}",
		"{\"kind\":\"stop\",\"month\":1.5,\"person\":1}" };
	struct pen_arena *arena = pen_memory__arena();
	struct pen_row read;
	int64_t employer;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct pen_error error = { 0 };

		assert_int_equal(pen_rowline__read(&read, &employer, pen_kind__of(PEN_KIND_BENEFIT_CHANGE), lines[i],
		    strlen(lines[i]), arena, &error), PEN_INTEGRITY);
		assert_string_equal(error.code, "plan.row");
	}
	pen_memory__drop(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_a_line_of_canonical_json),
		cmocka_unit_test(what_was_written_is_read_again),
		cmocka_unit_test(what_is_no_row_is_not_read),
	};

	return cmocka_run_group_tests_name("model/rowline", tests, NULL, NULL);
}
