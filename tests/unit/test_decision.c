#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/decision.h"

#include <string.h>

static const struct pen_decision death = { .kind = "end", .reason = "death", .person = 12, .employer = 3, .month = 202612,
	.happened_on = 20261103, .amount_fen = -1, .funeral_fen = 940000, .consolation_fen = 4314383, .balance_fen = 0,
	.note = "病故 \"医院\"", .paper = "" };

static void its_row_leaves_empty_what_does_not_apply(void **state)
{
	struct pen_row row = pen_decision__row(&death, 4);

	(void)state;
	assert_int_equal(row.kind->id, PEN_KIND_BENEFIT_CHANGE);
	assert_int_equal(row.v[PEN_SUBJECT].i, 12);
	assert_int_equal(row.v[PEN_LINE].i, 4);
	assert_int_equal(row.v[PEN_BENEFIT_CHANGE_AMOUNT].type, PEN_NULL);
	assert_int_equal(row.v[PEN_BENEFIT_CHANGE_BALANCE].type, PEN_INTEGER);
	assert_int_equal(row.v[PEN_BENEFIT_CHANGE_PAPER].type, PEN_NULL);
	assert_int_equal(row.v[PEN_BENEFIT_CHANGE_MONTH].i, 202612);
}

static void each_kind_has_its_reasons(void **state)
{
	(void)state;
	assert_true(pen_decision__is_reason("stop", "prison"));
	assert_false(pen_decision__is_reason("stop", "death"));
	assert_true(pen_decision__is_reason("end", "death"));
	assert_true(pen_decision__is_reason("resume", "qualified"));
	assert_false(pen_decision__is_reason("resume", ""));
	assert_true(pen_decision__is_reason("repaid", "overpaid"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_row_leaves_empty_what_does_not_apply),
		cmocka_unit_test(each_kind_has_its_reasons),
	};

	return cmocka_run_group_tests_name("model/decision", tests, NULL, NULL);
}
