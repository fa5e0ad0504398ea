#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "form_fixture.h"
#include "model/amended.h"
#include "model/follow.h"
#include "model/months.h"

#define TODAY 20261123
#define HEADER "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
#define RATES HEADER "contribution.unit,000000,employee,2024-01,2024-12,16,percent,X,V2,\n" \
	"contribution.personal,000000,employee,2024-01,2024-12,8,percent,X,V2,\n" \
	"contribution.unit,000000,flexible,2024-01,2024-12,12,percent,X,V2,\n" \
	"contribution.personal,000000,flexible,2024-01,2024-12,8,percent,X,V2,\n" \
	"share.tolerance,000000,,,,0.500,fen/month,X,I,\n"

static struct pen_amendeds list;
static struct pen_form *form;
static struct pen_error error;
static struct pen_parameters *parameters;

static int start(void **state)
{
	(void)state;
	list = (struct pen_amendeds){ .count = 0 };
	error = (struct pen_error){ 0 };
	form = NULL;
	return 0;
}

static int stop(void **state)
{
	(void)state;
	pen_amended__free(&list);
	pen_form__free(form);
	pen_parameter__free(parameters);
	parameters = NULL;
	return 0;
}

static struct pen_value text(const char *s)
{
	return pen_value__string(s, strlen(s));
}

static void fill(struct pen_row *row, const struct pen_value *values, int count)
{
	int i;

	assert_int_equal(count, row->kind->count);
	for (i = 0; i < count; i++)
		row->v[i] = values[i];
}

#define N(i) { PEN_INTEGER, i, NULL, 0 }
#define NOTHING { PEN_NULL, 0, NULL, 0 }

/* 5000.00 a month for all of 2024, told by its number of months. */
static struct pen_amended *contribution(void)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };
	const struct pen_value values[] = { N(7), N(3), N(1), N(PEN_NORMAL), N(500000), N(0xfff), N(0), N(960000),
		N(480000), NOTHING, NOTHING, NOTHING };

	form = shipped_form("breakdown");
	fill(&row, values, 12);
	return pen_amended__standing(&list, "breakdown", 5, 2, 2024, &row);
}

static struct pen_amended *registration(void)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_REGISTRATION) };
	const struct pen_value values[] = { N(7), N(3), text("330102198508120027"), text("王秀英"), N(2), N(19850812),
		N(20100301), N(20080701), text("worker"), text("employee"), N(500000), NOTHING, N(0) };

	form = shipped_form("registration");
	fill(&row, values, 13);
	return pen_amended__standing(&list, "registration", 4, 2, 0, &row);
}

static struct pen_amended *retirement(bool whole)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_RETIREMENT) };
	const struct pen_value values[] = { N(7), N(3), text("330102196001010011"), text("李"), N(1), N(19600101), N(19800101),
		N(20200101), N(202002), text("approval-form"), N(300), N(0), N(100000), N(50000), N(0),
		whole ? (struct pen_value)N(0) : (struct pen_value)NOTHING, N(150000) };

	form = shipped_form("retirement");
	fill(&row, values, 17);
	return pen_amended__standing(&list, "retirement", 9, 2, 0, &row);
}

static void set(struct pen_amended *record, const char *field, const char *value)
{
	if (pen_amended__set(&list, record, form, field, value, TODAY, &error) != PEN_OK)
		fail_msg("%s=%s: %s", field, value, error.text);
}

static void refused(struct pen_amended *record, const char *field, const char *value, enum pen_status status, const char *code)
{
	struct pen_amended before = *record;

	assert_int_equal(pen_amended__set(&list, record, form, field, value, TODAY, &error), status);
	assert_string_equal(error.code, code);
	assert_memory_equal(&before, record, sizeof(before));
}

static struct pen_surroundings around(const struct pen_person_facts *person)
{
	if (!parameters) {
		parameters = pen_parameter__new();
		assert_int_equal(pen_parameter__add(parameters, "rates", RATES, sizeof(RATES) - 1, &error), PEN_OK);
	}
	return (struct pen_surroundings){ .parameters = parameters, .area = "330100", .year = 2024, .today = TODAY, .person = person };
}

static void follow(struct pen_amended *record, const char *payer)
{
	struct pen_person_facts facts = { .person = 7, .payer = payer };
	struct pen_surroundings s = around(&facts);

	if (pen_follow__record(record, &s, &error) != PEN_OK)
		fail_msg("%s", error.text);
}

static void does_not_follow(struct pen_amended *record, enum pen_status status, const char *code)
{
	struct pen_surroundings s = around(NULL);

	assert_int_equal(pen_follow__record(record, &s, &error), status);
	assert_string_equal(error.code, code);
}

static void a_field_is_asked_for_by_title_key_code_or_in_fen(void **state)
{
	static const char *const names[] = { "base", "缴费基数", "AAE180", "人员缴费基数" };
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct pen_amended *record = contribution();

		set(record, names[i], "6500.00");
		assert_int_equal(record->new.v[PEN_CONTRIBUTION_BASE].i, 650000);
		assert_int_equal(record->old.v[PEN_CONTRIBUTION_BASE].i, 500000);
		assert_int_equal(record->set, 1U << PEN_CONTRIBUTION_BASE);
		pen_form__free(form);
		form = NULL;
	}
	form = NULL;
	set(contribution(), "base_fen", "650000");
	assert_int_equal(list.at[4].new.v[PEN_CONTRIBUTION_BASE].i, 650000);
}

static void keys_unknown_fields_and_what_is_no_amount_are_refused_and_the_record_is_as_it_was(void **state)
{
	struct pen_amended *record = contribution();

	(void)state;
	refused(record, "公民身份号码", "330102198508120027", PEN_REFUSED, "amend.key");
	assert_string_equal(error.clause, "R5.1");
	refused(record, "name", "张三", PEN_REFUSED, "amend.key");
	refused(record, "year", "2023", PEN_REFUSED, "amend.key");
	refused(record, "colour", "red", PEN_INPUT, "amend.field");
	refused(record, "base", "6500.005", PEN_INPUT, "amend.value");
	assert_string_equal(error.column, "缴费基数");
	refused(record, "base", "lots", PEN_INPUT, "amend.value");
	refused(record, "base", "", PEN_INPUT, "amend.value");
	refused(record, "arrived", "2024-02-30", PEN_INPUT, "amend.value");
	set(record, "base", "6500.00");
	refused(record, "缴费基数", "6600.00", PEN_INPUT, "amend.twice");
}

static void both_shares_follow_a_base_by_the_rates_of_the_year(void **state)
{
	struct pen_amended *record = contribution();

	(void)state;
	set(record, "base", "6500.33");
	follow(record, "employee");
	/* 6500.33 × 0.16 = 1040.0528, × 0.08 = 520.0264, each month to the fen */
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_UNIT].i, 12 * 104005);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_PERSONAL].i, 12 * 52003);
	assert_int_equal(record->follow, 1U << PEN_CONTRIBUTION_UNIT | 1U << PEN_CONTRIBUTION_PERSONAL);
	follow(record, "flexible");
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_UNIT].i, 12 * 78004);
}

static void a_share_that_is_set_itself_does_not_follow(void **state)
{
	struct pen_amended *record = contribution();

	(void)state;
	set(record, "base", "6500.00");
	set(record, "unit", "9600.00");
	follow(record, "employee");
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_UNIT].i, 960000);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_PERSONAL].i, 624000);
	assert_int_equal(record->follow, 1U << PEN_CONTRIBUTION_PERSONAL);
}

static void months_are_told_as_a_set_or_by_number_and_first(void **state)
{
	struct pen_amended *record = contribution();

	(void)state;
	set(record, "month_list", "1-3,9");
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_MONTHS].i, 0x107);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i, 0);
	refused(record, "months", "4", PEN_INPUT, "amend.twice");
	record = pen_amended__standing(&list, "breakdown", 5, 2, 2024, &record->old);
	set(record, "months", "4");
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_MONTHS].i, 0xf);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i, 1);
	set(record, "first_month", "9");
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_MONTHS].i, 0xf00);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i, 0);
	follow(record, "employee");
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_PERSONAL].i, 160000);
	refused(record, "months", "3", PEN_INPUT, "amend.twice");
	record = pen_amended__standing(&list, "breakdown", 5, 2, 2024, &record->old);
	set(record, "first_month", "9");
	does_not_follow(record, PEN_REFUSED, "amend.months");
	refused(record, "period", "2024-01/2024-03", PEN_INPUT, "amend.value");
	refused(record, "period_from", "2024-01", PEN_INPUT, "amend.field");
}

static void a_year_without_rates_wants_the_shares_themselves(void **state)
{
	struct pen_amended *record = contribution();

	(void)state;
	record->period = 2019;
	set(record, "base", "6500.00");
	does_not_follow(record, PEN_REFUSED, "amend.rate");
	set(record, "unit", "10000.00");
	set(record, "personal", "6000.00");
	follow(record, "employee");
}

static void what_stands_so_already_is_no_change(void **state)
{
	struct pen_amended *record = contribution();

	(void)state;
	set(record, "base", "5000.00");
	does_not_follow(record, PEN_REFUSED, "amend.nothing");
}

static void a_missing_record_is_told_whole(void **state)
{
	struct pen_amended *record;

	(void)state;
	form = shipped_form("breakdown");
	record = pen_amended__missing(&list, form, 7, 2, 2024);
	assert_null(record->old.kind);
	does_not_follow(record, PEN_INPUT, "amend.value");
	set(record, "base", "6500.00");
	set(record, "months", "12");
	follow(record, "employee");
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_KIND].i, PEN_NORMAL);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_UNIT].i, 1248000);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_PERSONAL].i, 624000);
	assert_int_equal(record->new.v[PEN_SUBJECT].i, 7);
	pen_form__free(form);
	form = shipped_form("opening");
	record = pen_amended__missing(&list, form, 7, 0, 2019);
	set(record, "personal_principal", "100.00");
	follow(record, NULL);
	assert_int_equal(record->new.v[PEN_OPENING_YEAR].i, 2019);
	assert_int_equal(record->new.v[PEN_OPENING_UNIT_INTEREST].i, 0);
}

static void a_category_sets_how_somebody_pays_and_a_mans_status_goes(void **state)
{
	struct pen_amended *record = registration();

	(void)state;
	set(record, "性别", "男");
	set(record, "姓名", "王秀瑛");
	follow(record, NULL);
	assert_int_equal(record->new.v[PEN_REGISTRATION_SEX].i, 1);
	assert_int_equal(record->new.v[PEN_REGISTRATION_STATUS].type, PEN_NULL);
	assert_int_equal(record->follow, 1U << PEN_REGISTRATION_STATUS);
	refused(record, "AAC002", "330102198508120027", PEN_REFUSED, "amend.key");
	record = pen_amended__standing(&list, "registration", 4, 2, 0, &record->old);
	set(record, "用工类别", "女干部");
	set(record, "视同缴费月数", "");
	assert_memory_equal(record->new.v[PEN_REGISTRATION_STATUS].s, "cadre", 5);
	assert_memory_equal(record->new.v[PEN_REGISTRATION_PAYER].s, "employee", 8);
	assert_int_equal(record->new.v[PEN_REGISTRATION_DEEMED_MONTHS].i, 0);
}

static void a_pension_follows_its_parts(void **state)
{
	struct pen_amended *record = retirement(true);

	(void)state;
	set(record, "basic", "1200.50");
	follow(record, NULL);
	assert_int_equal(record->new.v[PEN_RETIREMENT_PENSION].i, 170050);
	assert_int_equal(record->follow, 1U << PEN_RETIREMENT_PENSION);
	pen_form__free(form);
	record = retirement(false);
	set(record, "extra", "10.00");
	does_not_follow(record, PEN_REFUSED, "amend.pension");
	set(record, "pension", "1510.00");
	follow(record, NULL);
	/* On what day somebody began to work a form need not say. */
	pen_form__free(form);
	record = retirement(true);
	set(record, "worked_on", "");
	follow(record, NULL);
	assert_int_equal(record->new.v[PEN_RETIREMENT_WORKED_ON].type, PEN_NULL);
}

static void values_go_to_json_and_back(void **state)
{
	static const struct { struct pen_value value; const char *text; } samples[] = {
		{ N(650000), "650000" }, { N(-5), "-5" }, { N(0), "0" }, { NOTHING, "null" },
		{ { PEN_STRING, 0, "张\"三", 7 }, "\"张\\\"三\"" }, { { PEN_STRING, 0, "", 0 }, "\"\"" } };
	static const char *const bad[] = { "", "01", "-", "1.5", "nul", "\"", "{}", "99999999999999999999999", "[1]", "true" };
	struct pen_arena *arena = pen_memory__arena();
	struct pen_text out = { 0 };
	struct pen_value value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		pen_text__clear(&out);
		pen_amended__scalar(&out, &samples[i].value);
		assert_string_equal(out.s, samples[i].text);
		assert_int_equal(pen_amended__value(arena, out.s, out.n, &value, &error), PEN_OK);
		assert_true(pen_value__equal(&value, &samples[i].value));
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pen_amended__value(arena, bad[i], strlen(bad[i]), &value, &error), PEN_INTEGRITY);
	pen_text__free(&out);
	pen_memory__drop(arena);
}

static void an_old_value_is_compared_as_a_file_would_write_it(void **state)
{
	struct pen_amended *record = contribution();
	bool same;

	(void)state;
	set(record, "base", "6500.00");
	assert_int_equal(pen_amended__tells(record, form, "base", "5000.00", TODAY, &same, &error), PEN_OK);
	assert_true(same);
	assert_int_equal(pen_amended__tells(record, form, "base", "6500.00", TODAY, &same, &error), PEN_OK);
	assert_false(same);
	assert_int_equal(pen_amended__tells(record, form, "months", "12", TODAY, &same, &error), PEN_OK);
	assert_true(same);
	assert_int_equal(pen_amended__tells(record, form, "month_list", "1-11", TODAY, &same, &error), PEN_OK);
	assert_false(same);
	assert_int_equal(pen_amended__tells(record, form, "base", "x", TODAY, &same, &error), PEN_INPUT);
}

static void only_five_forms_are_amended(void **state)
{
	(void)state;
	assert_true(pen_amended__is_form("breakdown"));
	assert_true(pen_amended__is_form("retirement"));
	assert_false(pen_amended__is_form("levy"));
	assert_false(pen_amended__is_form("settlement"));
}

static void each_category_says_how_somebody_pays(void **state)
{
	static const struct { const char *word, *status, *payer; } cases[] = {
		{ "女工人", "worker", "employee" }, { "灵活就业", NULL, "flexible" }, { "男职工", NULL, "employee" } };
	const struct pen_row row = registration()->old;
	struct pen_amended *record;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		record = pen_amended__standing(&list, "registration", 4, 2, 0, &row);
		set(record, "用工类别", cases[i].word);
		assert_memory_equal(record->new.v[PEN_REGISTRATION_PAYER].s, cases[i].payer, strlen(cases[i].payer));
		if (cases[i].status)
			assert_memory_equal(record->new.v[PEN_REGISTRATION_STATUS].s, cases[i].status, strlen(cases[i].status));
		else
			assert_int_equal(record->new.v[PEN_REGISTRATION_STATUS].type, PEN_NULL);
	}
}

static void of_a_record_that_is_missing_nothing_stands(void **state)
{
	struct pen_amended *record;
	bool same = true;

	(void)state;
	form = shipped_form("employer");
	record = pen_amended__missing(&list, form, 7, 0, 0);
	assert_int_equal(record->new.v[PEN_EMPLOYER_NEWLY_COVERED].i, 0);
	assert_int_equal(record->new.v[PEN_EMPLOYER_NAME].type, PEN_NULL);
	assert_int_equal(pen_amended__tells(record, form, "name", "某厂", TODAY, &same, &error), PEN_OK);
	assert_false(same);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_field_is_asked_for_by_title_key_code_or_in_fen),
		TEST(keys_unknown_fields_and_what_is_no_amount_are_refused_and_the_record_is_as_it_was),
		TEST(both_shares_follow_a_base_by_the_rates_of_the_year),
		TEST(a_share_that_is_set_itself_does_not_follow),
		TEST(months_are_told_as_a_set_or_by_number_and_first),
		TEST(a_year_without_rates_wants_the_shares_themselves),
		TEST(what_stands_so_already_is_no_change),
		TEST(a_missing_record_is_told_whole),
		TEST(a_category_sets_how_somebody_pays_and_a_mans_status_goes),
		TEST(a_pension_follows_its_parts),
		TEST(values_go_to_json_and_back),
		TEST(an_old_value_is_compared_as_a_file_would_write_it),
		TEST(only_five_forms_are_amended),
		TEST(each_category_says_how_somebody_pays),
		TEST(of_a_record_that_is_missing_nothing_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
