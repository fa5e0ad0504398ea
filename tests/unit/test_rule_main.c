#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "model/rule_main.h"

static struct pen_findings findings;
static struct pen_surroundings around;
static struct pen_parameters *parameters;
static struct pen_row row;

static int set_up(void **state)
{
	static const char table[] = "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
	    "deemed.until,330000,,,,1997-12,text,test,yes,\n" "deemed.until,110000,,,,in 1992,text,test,yes,\n";
	struct pen_error error = { 0 };

	(void)state;
	parameters = pen_parameter__new();
	return parameters && pen_parameter__add(parameters, "test", table, strlen(table), &error) == PEN_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	pen_parameter__free(parameters);
	return 0;
}

/* A row in which every column says something. */
static void full(enum pen_kind_id kind)
{
	int i;

	row = (struct pen_row){ .kind = pen_kind__of(kind) };
	for (i = 0; i < row.kind->count; i++)
		row.v[i] = row.kind->columns[i].type == PEN_COLUMN_TEXT ? pen_value__string("x", 1) : pen_value__integer(1);
	around = (struct pen_surroundings){ .parameters = parameters, .area = "330106", .today = 20261123 };
}

static int look(void)
{
	findings.count = 0;
	pen_rule_main__row(&row, &around, &findings);
	return findings.count;
}

static void what_is_filled_in_is_not_missing(void **state)
{
	int kind;

	(void)state;
	for (kind = 0; kind < PEN_KINDS; kind++) {
		full((enum pen_kind_id)kind);
		row.v[PEN_REGISTRATION_DEEMED_MONTHS] = kind == PEN_KIND_REGISTRATION ? pen_value__integer(0) : row.v[PEN_REGISTRATION_DEEMED_MONTHS];
		assert_int_equal(look(), 0);
	}
}

static void an_empty_main_field_is_named_by_its_class_of_data(void **state)
{
	(void)state;
	full(PEN_KIND_LEVY);
	row.v[PEN_LEVY_VOUCHER] = pen_value__string("", 0);
	assert_int_equal(look(), 1);
	assert_string_equal(findings.at[0].rule->id, "main.account");
	assert_string_equal(findings.at[0].field, "voucher");
	full(PEN_KIND_EMPLOYER);
	row.v[PEN_EMPLOYER_INSURED_ON] = pen_value__integer(0);
	assert_int_equal(look(), 1);
	assert_string_equal(findings.at[0].rule->id, "main.base");
	full(PEN_KIND_RETIREMENT);
	row.v[PEN_RETIREMENT_ACCOUNT] = pen_value__null();
	row.v[PEN_RETIREMENT_BASIC] = pen_value__integer(0);	/* a part that comes to nothing is told */
	assert_int_equal(look(), 1);
	assert_string_equal(findings.at[0].rule->id, "main.benefit");
	assert_string_equal(findings.at[0].field, "account_fen");
}

static void money_paid_back_needs_no_base(void **state)
{
	(void)state;
	full(PEN_KIND_CONTRIBUTION);
	row.v[PEN_CONTRIBUTION_BASE] = pen_value__integer(0);
	assert_int_equal(look(), 1);
	row.v[PEN_CONTRIBUTION_KIND] = pen_value__integer(PEN_REFUND);
	assert_int_equal(look(), 0);
}

static int deemed(const char *area, int64_t months)
{
	full(PEN_KIND_REGISTRATION);
	around.area = area;
	row.v[PEN_REGISTRATION_BORN] = pen_value__integer(19700101);
	row.v[PEN_REGISTRATION_WORKED_ON] = pen_value__integer(19971001);
	row.v[PEN_REGISTRATION_INSURED_ON] = pen_value__integer(19980601);
	row.v[PEN_REGISTRATION_DEEMED_MONTHS] = pen_value__integer(months);
	return look();
}

static void deemed_months_beyond_the_beginning_of_the_accounts_are_told(void **state)
{
	(void)state;
	assert_int_equal(deemed("330106", 3), 0);
	assert_int_equal(deemed("330106", 4), 1);
	assert_string_equal(findings.at[0].rule->id, "deemed.late");
	assert_false(around.deemed_unchecked);
	/* More than lie before insurance is registration.deemed's. */
	assert_int_equal(deemed("330106", 9), 0);
}

static void where_nobody_says_when_the_accounts_began_nothing_is_passed(void **state)
{
	(void)state;
	assert_int_equal(deemed("440106", 4), 0);
	assert_true(around.deemed_unchecked);
	assert_int_equal(deemed("110101", 4), 0);	/* what stands there is no month */
	assert_true(around.deemed_unchecked);
	assert_int_equal(deemed("440106", 0), 0);
	assert_false(around.deemed_unchecked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_filled_in_is_not_missing),
		cmocka_unit_test(an_empty_main_field_is_named_by_its_class_of_data),
		cmocka_unit_test(money_paid_back_needs_no_base),
		cmocka_unit_test(deemed_months_beyond_the_beginning_of_the_accounts_are_told),
		cmocka_unit_test(where_nobody_says_when_the_accounts_began_nothing_is_passed),
	};

	return cmocka_run_group_tests_name("model/rule_main", tests, set_up, tear_down);
}
