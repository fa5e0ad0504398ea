#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "store/objecting.h"

static enum pen_status within(enum pen_kind_id kind, int64_t subject, int32_t year)
{
	struct pen_amended record = { .kind = pen_kind__of(kind), .period = year };
	const struct pen_amendeds list = { .at = &record, .count = 1 };
	const struct pen_issue issue = { .form = "statement", .person = 12, .year = 2024 };
	struct pen_error error = { 0 };

	record.new.v[PEN_SUBJECT] = pen_value__integer(subject);
	if (kind == PEN_KIND_OPENING)
		record.new.v[PEN_OPENING_YEAR] = pen_value__integer(year);
	return pen_objecting__within(&issue, &list, &error);
}

static void a_statement_speaks_of_its_year_and_of_what_the_account_began_with(void **state)
{
	(void)state;
	assert_int_equal(within(PEN_KIND_CONTRIBUTION, 12, 2024), PEN_OK);
	assert_int_equal(within(PEN_KIND_CONTRIBUTION, 12, 2023), PEN_REFUSED);
	assert_int_equal(within(PEN_KIND_OPENING, 12, 2023), PEN_OK);
	assert_int_equal(within(PEN_KIND_OPENING, 12, 2024), PEN_REFUSED);
	assert_int_equal(within(PEN_KIND_OPENING, 13, 2023), PEN_REFUSED);
	assert_int_equal(within(PEN_KIND_REGISTRATION, 12, 0), PEN_OK);
	assert_int_equal(within(PEN_KIND_RETIREMENT, 12, 0), PEN_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_speaks_of_its_year_and_of_what_the_account_began_with),
	};

	return cmocka_run_group_tests_name("store/objecting", tests, NULL, NULL);
}
