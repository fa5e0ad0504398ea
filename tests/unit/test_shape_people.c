#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "shape_fixture.h"
#include "model/shape_fields.h"

#define RETIRED "id_number=" ZHANG ";name=张三;sex=男;born=1950-01-01;credit_code=" CODE ";"

static void who_retired_before_the_system_needs_no_registration(void **state)
{
	(void)state;
	open_form("retirement");
	line(RETIRED "retired_on=2010-01-05;basis=退休审批表;benefit_from=201002;basic=1200.00");
	assert_findings("");
	assert_int_equal(shaped.employer, 1);
	assert_number(PEN_SUBJECT, 90);
	assert_number(PEN_RETIREMENT_RETIRED_ON, 20100105);
	assert_number(PEN_RETIREMENT_BENEFIT_FROM, 201002);
	assert_number(PEN_RETIREMENT_BASIC, 120000);
	assert_int_equal(shaped.row.v[PEN_RETIREMENT_PENSION].type, PEN_NULL);
	assert_int_equal(shaped.row.v[PEN_RETIREMENT_WORKED_ON].type, PEN_NULL);
}

static void a_basis_is_of_its_time_and_its_employer(void **state)
{
	(void)state;
	open_form("retirement");
	line(RETIRED "retired_on=2023-12-31;basis=其他法定退休档案");
	assert_findings("");
	line("id_number=" WANG ";name=王敏;sex=女;born=1990-08-07;credit_code=" CODE ";retired_on=2024-01-01;basis=退休审批表");
	assert_findings("retired_on:retirement.dates retired_on:retirement.basis");
	line("id_number=" LI ";name=李强;sex=男;born=1985-03-12;credit_code=" CODE ";retired_on=2020-01-05;basis=新扩面");
	assert_findings("retired_on:retirement.dates basis:retirement.basis");
	close_form(NULL);
	open_form("retirement");
	line("id_number=" ZHANG ";name=张三;sex=男;born=1950-01-01;credit_code=" OTHER ";retired_on=2023-06-01;basis=新扩面");
	assert_findings("retired_on:retirement.basis");
	assert_string_equal(findings.at[0].expected, "a day before the employer was insured, 2023-06-01");
	line("id_number=" ZHANG ";name=张三;sex=男;born=1950-01-01;credit_code=" OTHER ";retired_on=2023-05-31;basis=expansion");
	assert_findings("");
}

static void the_parts_of_a_pension_are_its_total(void **state)
{
	static const char parts[] = RETIRED "retired_on=2010-01-05;basis=退休审批表;basic=1.00;account=2.00;transitional=3.00;";
	char text[512];

	(void)state;
	open_form("retirement");
	snprintf(text, sizeof(text), "%sextra=0.50;pension=6.49", parts);
	line(text);
	assert_findings("pension:retirement.sum");
	snprintf(text, sizeof(text), "%spension=5.99", parts);
	line(text);
	assert_findings("pension:retirement.sum");
	snprintf(text, sizeof(text), "%spension=6.50", parts);
	line(text);
	assert_findings("");
}

static void dates_of_a_retirement_are_in_order(void **state)
{
	(void)state;
	open_form("retirement");
	line(RETIRED "worked_on=1949-01-01;retired_on=1994-12-31;basis=退休审批表;benefit_from=1994-11");
	assert_findings("worked_on:retirement.dates retired_on:retirement.dates benefit_from:retirement.dates");
	line(RETIRED "worked_on=1970-01-01;retired_on=1970-01-01;basis=退休审批表");
	assert_findings("retired_on:retirement.dates");
	line(RETIRED "retired_on=2010-01-05;basis=退休审批表;benefit_from=999999");
	assert_findings("");
	assert_int_equal(shaped.row.v[PEN_RETIREMENT_BENEFIT_FROM].type, PEN_NULL);
}

static void nobody_retires_twice_or_dead_or_by_another_name(void **state)
{
	(void)state;
	open_form("retirement");
	line(RETIRED "retired_on=2010-01-05;basis=退休审批表");
	assert_findings("");
	line(RETIRED "retired_on=2010-01-05;basis=退休审批表");
	assert_findings("id_number:retirement.repeated");
	assert_string_equal(findings.at[0].found, "retired by line 2 already");
	known.died_on = 20200131;
	line("id_number=" WANG ";name=王明;sex=女;born=1990-08-07;credit_code=" CODE ";retired_on=2023-12-31;basis=退休审批表");
	assert_findings("id_number:retirement.dead name:name.matches retired_on:retirement.dates");
}

/* ------------------------------------------------------------ supplements -- */

static void stand_retired(void)
{
	struct pen_value *v = standing.row.v;

	known.retired = true;
	snprintf(known.claimed, sizeof(known.claimed), ZHANG);
	standing = (struct pen_retired){ .folio = 4, .employer = 1, .row = { .kind = pen_kind__of(PEN_KIND_RETIREMENT) } };
	v[PEN_SUBJECT] = pen_value__integer(90);
	v[PEN_LINE] = pen_value__integer(77);
	v[PEN_RETIREMENT_ID_NUMBER] = text_value(ZHANG);
	v[PEN_RETIREMENT_NAME] = text_value("张三");
	v[PEN_RETIREMENT_SEX] = pen_value__integer(1);
	v[PEN_RETIREMENT_BORN] = pen_value__integer(19500101);
	v[PEN_RETIREMENT_RETIRED_ON] = pen_value__integer(20100105);
	v[PEN_RETIREMENT_BASIS] = text_value("approval-form");
	v[PEN_RETIREMENT_BASIC] = pen_value__integer(120000);
}

static void a_supplement_is_the_retirement_with_more_in_it(void **state)
{
	(void)state;
	open_form("benefit-supplement");
	stand_retired();
	line("id_number=" ZHANG ";name=张三;basic=1200;pension=1500.00;benefit_from=2010-02");
	assert_findings("");
	assert_int_equal(shaped.employer, 1);
	assert_number(PEN_SUBJECT, 90);
	assert_number(PEN_LINE, 2);
	assert_number(PEN_RETIREMENT_RETIRED_ON, 20100105);
	assert_number(PEN_RETIREMENT_BASIC, 120000);
	assert_number(PEN_RETIREMENT_PENSION, 150000);
	line("id_number=" ZHANG ";name=张三;deemed_months=3");
	assert_findings("id_number:supplement.repeated");
}

static void a_supplement_changes_nothing(void **state)
{
	(void)state;
	open_form("benefit-supplement");
	line("id_number=" WANG ";name=王敏;pension=1500.00");
	assert_findings("id_number:supplement.none");
	stand_retired();
	line("id_number=" ZHANG ";name=张三;basic=1200.01;pension=1500.00");
	assert_findings("basic:supplement.filled");
	assert_string_equal(findings.at[0].found, "1200.01");
	assert_string_equal(findings.at[0].expected, "1200.00");
	line("id_number=" ZHANG ";name=张三;basic=1200.00");
	assert_findings("id_number:supplement.nothing");
	line("id_number=" ZHANG ";name=张四;pension=1500.00");
	assert_findings("name:name.matches");
	line("id_number=" ZHANG ";name=张三;credit_code=" OTHER ";pension=1500.00");
	assert_findings("credit_code:supplement.filled");
	/* What it fills in is held to the rules of the whole. */
	line("id_number=" ZHANG ";name=张三;pension=100.00");
	assert_findings("pension:retirement.sum");
}

static void an_employee_is_not_registered_under_the_agencys_own_unit(void **state)
{
	(void)state;
	open_form("registration");
	line("id_number=" ZHANG ";name=张三;sex=男;born=1950-01-01;credit_code=" OWN
	    ";insured_on=2010-01-01;worked_on=1970-01-01;category=男职工;base=8000.00");
	assert_findings("category:registration.unit");
	line("id_number=" ZHANG ";name=张三;sex=男;born=1950-01-01;credit_code=" OWN
	    ";insured_on=2010-01-01;worked_on=1970-01-01;category=灵活就业;base=8000.00");
	assert_findings("");
}

static void a_word_that_a_form_of_ones_own_keeps_as_received_is_no_number(void **state)
{
	(void)state;
	open_form("retirement");
	form->fields[pen_form__field(form, "sex")].open = true;
	line("id_number=" ZHANG ";name=张三;sex=不详;born=1950-01-01;credit_code=" CODE ";retired_on=2010-01-05;basis=退休审批表");
	assert_int_equal(shaped.row.v[PEN_RETIREMENT_SEX].type, PEN_NULL);
}

static void a_column_that_no_field_stands_for_is_told_by_its_own_name(void **state)
{
	(void)state;
	open_form("retirement");
	assert_string_equal(pen_shape_fields__of_column(pen_shape_fields__of(form), "pension_fen"), "pension");
	assert_string_equal(pen_shape_fields__of_column(pen_shape_fields__of(form), "line"), "line");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHAPE(who_retired_before_the_system_needs_no_registration),
		SHAPE(a_basis_is_of_its_time_and_its_employer),
		SHAPE(the_parts_of_a_pension_are_its_total),
		SHAPE(dates_of_a_retirement_are_in_order),
		SHAPE(nobody_retires_twice_or_dead_or_by_another_name),
		SHAPE(a_supplement_is_the_retirement_with_more_in_it),
		SHAPE(a_supplement_changes_nothing),
		SHAPE(an_employee_is_not_registered_under_the_agencys_own_unit),
		SHAPE(a_word_that_a_form_of_ones_own_keeps_as_received_is_no_number),
		SHAPE(a_column_that_no_field_stands_for_is_told_by_its_own_name),
	};

	return cmocka_run_group_tests_name("model/shape_people", tests, NULL, NULL);
}
