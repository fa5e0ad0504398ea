#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "adapter/db.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/months.h"
#include "model/rule.h"
#include "model/rule_share.h"

#define TODAY 20261123

/* Rates that change in May 2019, bounds that change in July 2024 and of which
 * 2023 has none, no rate for flexible payers before 2020, no tolerance before
 * 2010. */
static const char table[] =
	"name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
	"contribution.unit,000000,employee,,2019-04,20,percent,test,yes,\n"
	"contribution.unit,000000,employee,2019-05,,16,percent,test,yes,\n"
	"contribution.personal,000000,employee,,,8,percent,test,yes,\n"
	"contribution.unit,000000,flexible,2020-01,,12,percent,test,yes,\n"
	"contribution.personal,000000,flexible,2020-01,,8,percent,test,yes,\n"
	"base.floor,330000,,2024-01,2024-06,4462.00,yuan,test,yes,\n"
	"base.floor,330000,,2024-07,2024-12,4812.00,yuan,test,yes,\n"
	"base.cap,330000,,2024-01,2024-06,24060.00,yuan,test,yes,\n"
	"base.cap,330000,,2024-07,2024-12,25299.00,yuan,test,yes,\n"
	"share.tolerance,000000,,2010-01,,0.500,fen/month,test,yes,\n";

static struct pen_parameters *parameters;
static struct pen_error error;
static struct pen_surroundings around;
static struct pen_findings findings;
static struct pen_row row;

static const struct pen_person_facts wang = {
	.person = 7, .registered = true, .name = "王敏", .id_number = "330106199008072465",
	.payer = "employee", .born = 19900807, .insured_on = 20120901, .sex = 2
};
static const struct pen_person_facts flexible = {
	.person = 8, .registered = true, .name = "李强", .payer = "flexible"
};

static int set_up(void **state)
{
	(void)state;
	parameters = pen_parameter__new();
	assert_non_null(parameters);
	assert_int_equal(pen_parameter__add(parameters, "test", table, strlen(table), &error), PEN_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pen_parameter__free(parameters);
	return 0;
}

static struct pen_value number(int64_t i)
{
	return pen_value__integer(i);
}

static struct pen_value string(const char *s)
{
	return pen_value__string(s, strlen(s));
}

static void start(enum pen_kind_id kind, int64_t subject)
{
	findings.count = 0;
	around = (struct pen_surroundings){ .parameters = parameters, .area = "330106", .year = 2024,
		.today = TODAY, .person = &wang };
	row = (struct pen_row){ .kind = pen_kind__of(kind) };
	row.v[PEN_SUBJECT] = number(subject);
	row.v[PEN_LINE] = number(2);
}

/* A normal contribution that is right: 6500.00 a month for the year 2024. */
static void contribution(int64_t base, int32_t months, int64_t unit, int64_t personal)
{
	start(PEN_KIND_CONTRIBUTION, 7);
	row.v[PEN_CONTRIBUTION_SEQUENCE] = number(1);
	row.v[PEN_CONTRIBUTION_KIND] = number(PEN_NORMAL);
	row.v[PEN_CONTRIBUTION_BASE] = number(base);
	row.v[PEN_CONTRIBUTION_MONTHS] = number(months);
	row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = number(0);
	row.v[PEN_CONTRIBUTION_UNIT] = number(unit);
	row.v[PEN_CONTRIBUTION_PERSONAL] = number(personal);
}

static void registration(const char *id, int64_t sex, int64_t born, int64_t insured_on, int64_t worked_on)
{
	start(PEN_KIND_REGISTRATION, 7);
	row.v[PEN_REGISTRATION_ID_NUMBER] = string(id);
	row.v[PEN_REGISTRATION_NAME] = string("王敏");
	row.v[PEN_REGISTRATION_SEX] = number(sex);
	row.v[PEN_REGISTRATION_BORN] = number(born);
	row.v[PEN_REGISTRATION_INSURED_ON] = number(insured_on);
	row.v[PEN_REGISTRATION_WORKED_ON] = number(worked_on);
	row.v[PEN_REGISTRATION_PAYER] = string("employee");
	row.v[PEN_REGISTRATION_BASE] = number(650000);
	row.v[PEN_REGISTRATION_DEEMED_MONTHS] = number(0);
}

static void employer(const char *code, const char *area, int64_t insured_on)
{
	start(PEN_KIND_EMPLOYER, 1);
	row.v[PEN_EMPLOYER_CREDIT_CODE] = string(code);
	row.v[PEN_EMPLOYER_NAME] = string("某公司");
	row.v[PEN_EMPLOYER_AREA] = string(area);
	row.v[PEN_EMPLOYER_INSURED_ON] = number(insured_on);
	row.v[PEN_EMPLOYER_NEWLY_COVERED] = number(0);
}

static void levy(int64_t amount, int64_t refund)
{
	start(PEN_KIND_LEVY, 1);
	row.v[PEN_LEVY_VOUCHER] = string("V1");
	row.v[PEN_LEVY_YEAR] = number(2024);
	row.v[PEN_LEVY_PAID_ON] = number(20240715);
	row.v[PEN_LEVY_AMOUNT] = number(amount);
	row.v[PEN_LEVY_VOUCHER_KIND] = string("levy-data");
	row.v[PEN_LEVY_INSURANCE] = string(PEN_INSURANCE_PENSION);
	row.v[PEN_LEVY_LATE_FEE] = number(0);
	row.v[PEN_LEVY_REFUND] = number(refund);
}

/* Looks at the row: the rules that fired, in order, parted by a space. */
static void assert_fires(const char *rules)
{
	char fired[512] = "";
	size_t n = 0;
	int i;

	pen_rule__row(&row, &around, &findings);
	for (i = 0; i < findings.count; i++)
		n += (size_t)snprintf(fired + n, sizeof(fired) - n, "%s%s", i ? " " : "",
		    findings.at[i].rule->id);
	assert_string_equal(fired, rules);
}

static void assert_finding(int i, const char *field, const char *found, const char *expected)
{
	assert_string_equal(findings.at[i].field, field);
	assert_string_equal(findings.at[i].found, found);
	assert_string_equal(findings.at[i].expected, expected);
}

/* ------------------------------------------------------- the catalogue -- */

static void every_rule_says_what_it_is_and_is_found_by_its_id(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < pen_rule__count(); i++) {
		const struct pen_rule *rule = pen_rule__at(i);

		assert_ptr_equal(pen_rule__named(rule->id), rule);
		assert_int_equal(rule->clause[0], 'R');
		assert_true(strlen(rule->looks_at) > 0 && strlen(rule->advice) > 0);
		if (i > 0)
			assert_true(strcmp(pen_rule__at(i - 1)->id, rule->id) < 0);
	}
	assert_null(pen_rule__named("no.such"));
	assert_null(pen_rule__named(""));
}

static void classes_and_severities_have_names(void **state)
{
	(void)state;
	assert_string_equal(pen_rule__class_name(PEN_CORRECTNESS), "correctness");
	assert_string_equal(pen_rule__class_name(PEN_COMPLETENESS), "completeness");
	assert_string_equal(pen_rule__class_name(PEN_LOGIC), "logic");
	assert_string_equal(pen_rule__class_name(PEN_SEAL), "seal");
	assert_string_equal(pen_rule__class_name(PEN_WORKFLOW), "workflow");
	assert_string_equal(pen_rule__severity_name(PEN_NOTE), "note");
	assert_string_equal(pen_rule__severity_name(PEN_WARNING), "warning");
	assert_string_equal(pen_rule__severity_name(PEN_ERROR), "error");
}

static void a_long_finding_is_cut_at_a_character_and_too_many_are_left_out(void **state)
{
	struct pen_findings some = { 0 };
	char text[302];
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		memcpy(text + 1 + 3 * i, "敏", 3);
	text[0] = 'x';
	text[301] = '\0';
	pen_rule__add(&some, "name.matches", "name", text, text + 1);
	assert_int_equal(strlen(some.at[0].found), 157);	/* 1 + 52 * 3: one more does not fit */
	assert_int_equal(strlen(some.at[0].expected), 159);
	for (i = 0; i < 20; i++)
		pen_rule__add(&some, "name.matches", "name", "a", "b");
	assert_int_equal(some.count, PEN_FINDINGS_MOST);
}

/* ------------------------------------------------- base and the shares -- */

static void a_year_at_the_rates_is_right(void **state)
{
	(void)state;
	contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
	assert_fires("");
	assert_false(around.base_unchecked || around.share_unchecked);
}

static void rounding_by_month_and_by_year_both_pass_and_nothing_beyond(void **state)
{
	static const struct { int64_t unit; const char *rules; } cases[] = {
		/* 6543.21 * 16% = 1046.9136 a month; 12562.9632 a year, ± 0.06 */
		{ 1256290, "share.unit" }, { 1256291, "" }, { 1256292, "" }, { 1256296, "" },
		{ 1256302, "" }, { 1256303, "share.unit" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		contribution(654321, PEN_MONTHS_ALL, cases[i].unit, 628148);
		assert_fires(cases[i].rules);
	}
	assert_finding(0, "unit_fen", "12563.03", "12562.92: 6543.21 times 16% in each of the months 1-12 (12562.91 to 12563.02 is let pass)");
}

static void a_single_month_has_one_right_amount(void **state)
{
	(void)state;
	/* 5000.05 * 16% = 800.008, 8% = 400.004 */
	contribution(500005, 1, 80001, 40000);
	assert_fires("");
	contribution(500005, 1, 80000, 40000);
	assert_fires("share.unit");
	contribution(500005, 1, 80002, 40000);
	assert_fires("share.unit");
}

static void unit_and_personal_share_are_told_apart(void **state)
{
	(void)state;
	contribution(650000, PEN_MONTHS_ALL, 624000, 1248000);
	assert_fires("share.unit share.personal");
	assert_finding(0, "unit_fen", "6240.00", "12480.00: 6500.00 times 16% in each of the months 1-12 (12479.94 to 12480.06 is let pass)");
	assert_finding(1, "personal_fen", "12480.00", "6240.00: 6500.00 times 8% in each of the months 1-12 (6239.94 to 6240.06 is let pass)");
}

static void a_rate_that_changes_within_the_year_counts_by_month(void **state)
{
	(void)state;
	/* 2019: four months at 20%, eight at 16% */
	contribution(500000, PEN_MONTHS_ALL, 4 * 100000 + 8 * 80000, 480000);
	around.year = 2019;
	assert_fires("");
	contribution(500000, pen_months__span(1, 6), 6 * 80000, 240000);
	around.year = 2019;
	assert_fires("share.unit");
	assert_finding(0, "unit_fen", "4800.00",
	    "5600.00: 5000.00 times the rate of each of the months 1-6 (5599.97 to 5600.03 is let pass)");
}

static void assumed_months_are_right_by_any_run_of_their_count(void **state)
{
	static const struct { int64_t unit; const char *rules; } cases[] = {
		{ 560000, "" },		/* January to June: 4 and 2 */
		{ 540000, "" },		/* February to July: 3 and 3 */
		{ 480000, "" },		/* any six from May on */
		{ 530000, "share.unit" }, { 600000, "share.unit" },
	};
	int32_t laid[] = { 0x3f, 0xfc0 };
	size_t i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			contribution(500000, laid[k], cases[i].unit, 240000);
			row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = number(1);
			around.year = 2019;
			assert_fires(cases[i].rules);
		}
	}
}

static void flexible_payers_have_rates_of_their_own(void **state)
{
	(void)state;
	contribution(500000, PEN_MONTHS_ALL, 720000, 480000);
	around.person = &flexible;
	row.v[PEN_SUBJECT] = number(8);
	assert_fires("");
	contribution(300000, PEN_MONTHS_ALL, 432000, 288000);
	around.person = &flexible;
	assert_fires("base.floor");
}

static void a_missing_rate_is_said_and_not_guessed(void **state)
{
	(void)state;
	contribution(500000, PEN_MONTHS_ALL, 1, 1);
	around.person = &flexible;
	around.year = 2019;
	assert_fires("");
	assert_true(around.share_unchecked);
	contribution(500000, PEN_MONTHS_ALL, 1, 1);
	around.year = 2009;		/* rates, but no tolerance */
	assert_fires("");
	assert_true(around.share_unchecked);
}

static void a_base_lies_between_the_lowest_floor_and_the_highest_cap_of_its_months(void **state)
{
	static const struct { int64_t base; int32_t months; bool assumed; const char *rules; } cases[] = {
		{ 446200, PEN_MONTHS_ALL, false, "" }, { 446199, PEN_MONTHS_ALL, false, "base.floor" },
		{ 2529900, PEN_MONTHS_ALL, false, "" }, { 2529901, PEN_MONTHS_ALL, false, "base.cap" },
		{ 446200, 0xfc0, false, "base.floor" }, { 481200, 0xfc0, false, "" },
		{ 2529900, 0x03f, false, "base.cap" }, { 2406000, 0x03f, false, "" },
		/* where the months are assumed they may be those of the other half */
		{ 446200, 0xfc0, true, "" }, { 2529900, 0x03f, true, "" }, { 446199, 0xfc0, true, "base.floor" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int n = pen_months__count(cases[i].months);

		contribution(cases[i].base, cases[i].months, cases[i].base * 16 * n / 100, cases[i].base * 8 * n / 100);
		row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = number(cases[i].assumed);
		assert_fires(cases[i].rules);
		assert_false(around.base_unchecked);
	}
	contribution(100000, 1, 16000, 8000);
	assert_fires("base.floor");
	assert_finding(0, "base_fen", "1000.00", "at least 4462.00");
}

static void without_floor_and_cap_the_base_is_said_to_be_unchecked(void **state)
{
	(void)state;
	contribution(100, PEN_MONTHS_ALL, 192, 96);
	around.year = 2023;
	assert_fires("");
	assert_true(around.base_unchecked);
	assert_false(around.share_unchecked);
	contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
	around.area = "110101";		/* another province */
	assert_fires("");
	assert_true(around.base_unchecked);
}

static void only_normal_contributions_are_held_to_base_and_rate(void **state)
{
	(void)state;
	contribution(100, 1, -7, -3);
	row.v[PEN_CONTRIBUTION_KIND] = number(PEN_ADJUSTMENT);
	assert_fires("");
	assert_false(around.base_unchecked || around.share_unchecked);
}

static void a_cache_gives_the_same_whatever_the_order_of_years(void **state)
{
	static struct pen_rule_cache cache;
	int i;

	(void)state;
	memset(&cache, 0, sizeof(cache));
	/* 1987 and 2019 have the same place in it. */
	for (i = 0; i < 4; i++) {
		contribution(500000, PEN_MONTHS_ALL, i % 2 ? 1200000 : 1040000, 480000);
		around.year = i % 2 ? 1987 : 2019;
		around.cache = &cache;
		assert_fires("");
		assert_int_equal(around.share_unchecked, i % 2);	/* no tolerance then */
	}
}

static void numbers_beyond_reason_do_not_overflow(void **state)
{
	(void)state;
	contribution(INT64_MAX, PEN_MONTHS_ALL, INT64_MAX, INT64_MIN);
	assert_fires("base.cap amount.negative share.personal");
	contribution(INT64_MIN, PEN_MONTHS_ALL, 0, 0);
	assert_fires("base.floor share.unit share.personal");
}

/* ----------------------------------------------------- people and names -- */

static void nobody_without_a_confirmed_registration_contributes(void **state)
{
	struct pen_person_facts staged = wang;

	(void)state;
	contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
	around.person = NULL;
	assert_fires("person.registered");
	assert_finding(0, "person", "unknown", "a person with a confirmed registration");
	staged.registered = false;
	contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
	around.person = &staged;
	assert_fires("person.registered");
	assert_string_equal(findings.at[0].found, "330106199008072465");
	start(PEN_KIND_OPENING, 7);
	around.person = NULL;
	assert_fires("person.registered");
	start(PEN_KIND_OPENING, 7);
	assert_fires("");
}

static void names_are_compared_folded(void **state)
{
	struct pen_person_facts person = wang;
	static const struct { const char *file, *registered; bool same; } cases[] = {
		{ "王敏", "王敏", true }, { "王 敏", "王敏", true }, { "王　敏", "王敏", true },
		{ "王敏敏", "王敏", false }, { "王玟", "王敏", false },
		{ "古丽·买买提", "古丽•买买提", true }, { "Ｓmith", "SMITH", true },
		{ "𠮷田", "吉田", false }, { "𠮷田", "𠮷 田", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
		person.name = cases[i].registered;
		around.person = &person;
		around.name = cases[i].file;
		assert_fires(cases[i].same ? "" : "name.matches");
	}
	/* A stored row carries no name. */
	contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
	around.name = NULL;
	assert_fires("");
}

/* ------------------------------------------------------- registrations -- */

static void a_registration_that_agrees_with_itself_is_right(void **state)
{
	(void)state;
	registration("330106199008072465", 2, 19900807, 20120901, 20120820);
	assert_fires("");
	/* an old number of 15, lifted: 440000750301003 is 440000197503010037 */
	registration("440000750301003", 1, 19750301, 20120901, 20120820);
	assert_fires("");
	registration("330106199008072465", 2, 19900807, 20060807, 20060807);	/* the day of 16 */
	assert_fires("");
}

static void what_the_id_says_counts_for_sex_and_birth(void **state)
{
	(void)state;
	registration("330106199008072465", 1, 19900807, 20120901, 20120820);
	assert_fires("registration.sex");
	assert_finding(0, "sex", "male (1)", "female (2), as the citizen id says");
	registration("330106198503121231", 2, 19850312, 20120901, 20120820);
	assert_fires("registration.sex");
	assert_finding(0, "sex", "female (2)", "male (1), as the citizen id says");
	registration("330106199008072465", 9, 19900807, 20120901, 20120820);
	assert_fires("registration.sex");
	assert_finding(0, "sex", "neither 1 nor 2", "female (2), as the citizen id says");
	registration("330106199008072465", 2, 19900808, 20120901, 20120820);
	assert_fires("registration.born");
	assert_finding(0, "born", "1990-08-08", "1990-08-07, as the citizen id says");
}

static void insurance_does_not_begin_before_work_nor_work_before_sixteen(void **state)
{
	(void)state;
	registration("330106199008072465", 2, 19900807, 20120819, 20120820);
	assert_fires("registration.dates");
	assert_finding(0, "insured_on", "2012-08-19", "not before the start of work, 2012-08-20");
	registration("330106199008072465", 2, 19900807, 20120901, 20060806);
	assert_fires("registration.dates");
	assert_finding(0, "worked_on", "2006-08-06", "2006-08-07 or later, 16 years after birth");
}

static void a_stored_id_is_held_to_the_same_checks_as_a_cell(void **state)
{
	static const struct { const char *id, *rule; } cases[] = {
		{ "33010619900807246", "id.length" }, { "3301061990080724X5", "id.char" },
		{ "990106199008072465", "id.area" }, { "310000197002290027", "id.date" },
		{ "330106199008072466", "id.check" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		registration(cases[i].id, 2, 19900807, 20120901, 20120820);
		assert_fires(cases[i].rule);
	}
	assert_finding(0, "id_number", "330106199008072466", "5");
}

static void a_name_that_lost_a_character_is_damaged(void **state)
{
	static const struct { const char *name, *rule; } cases[] = {
		{ "王敏", "" }, { "阿依古丽·买买提", "" }, { "𠮷田", "" }, { "王\xee\xa0\x80", "" },
		{ "王?", "name.damaged" }, { "？敏", "name.damaged" }, { "王\xef\xbf\xbd", "name.damaged" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		registration("330106199008072465", 2, 19900807, 20120901, 20120820);
		row.v[PEN_REGISTRATION_NAME] = pen_value__string(cases[i].name, strlen(cases[i].name));
		assert_fires(cases[i].rule);
	}
}

static void a_registered_base_is_held_to_the_bounds_of_the_month(void **state)
{
	(void)state;
	registration("330106199008072465", 2, 19900807, 20240601, 20240601);
	row.v[PEN_REGISTRATION_BASE] = number(446200);
	assert_fires("");
	registration("330106199008072465", 2, 19900807, 20240701, 20240701);
	row.v[PEN_REGISTRATION_BASE] = number(446200);
	assert_fires("base.floor");
	registration("330106199008072465", 2, 19900807, 20240601, 20240601);
	row.v[PEN_REGISTRATION_BASE] = number(2406001);
	assert_fires("base.cap");
	registration("330106199008072465", 2, 19900807, 20230601, 20230601);
	row.v[PEN_REGISTRATION_BASE] = number(1);
	assert_fires("");
	assert_true(around.base_unchecked);
}

static void dates_are_days_of_the_calendar_and_not_ahead(void **state)
{
	(void)state;
	registration("330106199008072465", 2, 19900807, TODAY + 1, 20120820);
	assert_fires("date.future");
	assert_finding(0, "insured_on", "2026-11-24", "2026-11-23");
	registration("330106199008072465", 2, 19900807, 20120901, 20120230);
	assert_fires("date.format");
	assert_string_equal(findings.at[0].field, "worked_on");
	contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
	row.v[PEN_CONTRIBUTION_ARRIVED] = number(20241301);
	assert_fires("date.format");
	contribution(650000, PEN_MONTHS_ALL, 1248000, 624000);
	row.v[PEN_CONTRIBUTION_ARRIVED] = number(INT64_MAX);
	assert_fires("date.format");
}

/* ----------------------------------------------------- the other kinds -- */

static void an_employer_has_a_credit_code_an_area_and_a_date(void **state)
{
	(void)state;
	employer("91330100MA27Y12345", "330106", 20100101);
	assert_fires("");
	employer("91330100MA27Y12346", "000106", TODAY + 1);
	assert_fires("credit.check area.code date.future");
	assert_finding(0, "credit_code", "91330100MA27Y12346", "5");
	employer("91330100MA27Y1234", "330106", 20100101);
	assert_fires("credit.length");
	employer("91330100MO27Y12345", "330106", 20100101);
	assert_fires("credit.char");
}

static void county_staff_bring_in_the_employers_of_their_county(void **state)
{
	(void)state;
	employer("91330100MA27Y12345", "330106", 20100101);
	around.county = "330102";
	assert_fires("employer.area");
	assert_finding(0, "area", "330106", "330102");
	employer("91330100MA27Y12345", "330106", 20100101);
	around.county = "330106";
	assert_fires("");
	around.county = NULL;
}

static void an_amount_is_negative_exactly_when_it_is_a_refund(void **state)
{
	(void)state;
	levy(100, 0);
	assert_fires("");
	levy(-100, 1);
	assert_fires("");
	levy(0, 1);
	assert_fires("");
	levy(-100, 0);
	assert_fires("amount.negative");
	levy(100, 1);
	assert_fires("amount.negative");
	levy(100, 0);
	row.v[PEN_LEVY_PAID_ON] = number(TODAY + 1);
	assert_fires("date.future");
	levy(100, 0);
	row.v[PEN_LEVY_LATE_FEE] = number(-1);
	assert_fires("amount.negative");
}

static void months_are_within_the_year(void **state)
{
	(void)state;
	contribution(650000, 0, 0, 0);
	assert_fires("month.range");
	contribution(650000, 0x1000, 0, 0);
	assert_fires("month.range");
}

static void what_is_missing_was_found_before_and_is_passed_over(void **state)
{
	enum pen_kind_id kind;

	(void)state;
	for (kind = 0; kind < PEN_KINDS; kind++) {
		start(kind, 7);
		row.v[PEN_SUBJECT] = pen_value__null();
		around.person = NULL;
		assert_fires("");
		assert_false(around.base_unchecked || around.share_unchecked);
	}
}

/* -------------------------------------------------------- ordered rows -- */

/* The next row of a person in the folio: what it came to, as months. */
static int32_t order(struct pen_row_run *run, int64_t person, int32_t months, bool assumed, int first)
{
	contribution(650000, months, 0, 0);
	row.v[PEN_SUBJECT] = number(person);
	row.v[PEN_CONTRIBUTION_SEQUENCE] = number(0);
	row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = number(assumed);
	pen_rule__ordered(run, &row, first, &findings);
	return findings.count ? -1 : (int32_t)row.v[PEN_CONTRIBUTION_MONTHS].i;
}

static void assumed_months_are_laid_where_earlier_lines_left_room(void **state)
{
	struct pen_row_run run = { 0 };

	(void)state;
	assert_int_equal(order(&run, 1, 0x3f, true, 1), 0x03f);
	assert_int_equal(row.v[PEN_CONTRIBUTION_SEQUENCE].i, 1);
	assert_int_equal(order(&run, 1, 0x1f, true, 1), 0x7c0);
	assert_int_equal(row.v[PEN_CONTRIBUTION_SEQUENCE].i, 2);
	assert_int_equal(order(&run, 1, 0x3, true, 1), -1);
	assert_string_equal(findings.at[0].rule->id, "months.overlap");
	assert_finding(0, "months", "2 consecutive months", "months that no earlier line has: 12");
	/* The one refused leaves no trace. */
	assert_int_equal(order(&run, 1, 0x1, true, 1), 0x800);
	assert_int_equal(row.v[PEN_CONTRIBUTION_SEQUENCE].i, 3);
	assert_int_equal(order(&run, 1, 0x1, true, 1), -1);
	assert_finding(0, "months", "1 consecutive months", "none: earlier lines have the whole year");
	/* Somebody else begins anew, here in July. */
	assert_int_equal(order(&run, 2, 0x3f, true, 7), 0xfc0);
	assert_int_equal(row.v[PEN_CONTRIBUTION_SEQUENCE].i, 1);
}

static void known_months_stay_and_may_not_overlap(void **state)
{
	struct pen_row_run run = { 0 };

	(void)state;
	assert_int_equal(order(&run, 1, 0x0f0, false, 1), 0x0f0);
	assert_int_equal(order(&run, 1, 0x180, false, 1), -1);
	assert_finding(0, "months", "8-9", "months that no earlier line has: 1-4,9-12");
	assert_int_equal(order(&run, 1, 0xf00, false, 1), 0xf00);
	assert_int_equal(order(&run, 1, 0x00f, true, 1), 0x00f);
}

static void months_that_another_folio_has_are_not_given_again(void **state)
{
	const struct pen_months_taken others[] = { { .folio = 14, .months = 0x00f }, { .folio = 15, .months = 0xf00 } };
	struct pen_row_run run = { .others = others, .other_count = 2 };

	(void)state;
	assert_int_equal(order(&run, 1, 0x180, false, 1), -1);
	assert_string_equal(findings.at[0].rule->id, "months.overlap");
	assert_finding(0, "months", "8-9", "months that neither an earlier line nor folio 15 has: 5-8");
	/* What is only counted is laid into what is left. */
	assert_int_equal(order(&run, 1, 0x7, true, 1), 0x070);
	assert_int_equal(order(&run, 1, 0x3, true, 1), -1);
	assert_finding(0, "months", "2 consecutive months", "months that neither an earlier line nor folio 14 has: 8");
	assert_int_equal(order(&run, 1, 0x080, false, 1), 0x080);
	assert_int_equal(order(&run, 1, 0x1, true, 1), -1);
	assert_finding(0, "months", "1 consecutive months", "none: earlier lines and folio 14 have the whole year");
	/* The lines of this folio are named as such. */
	assert_int_equal(order(&run, 1, 0x080, false, 1), -1);
	assert_finding(0, "months", "8", "months that no earlier line has: 1-4,9-12");
	run.other_count = 0;
	assert_int_equal(order(&run, 2, 0x180, false, 1), 0x180);
}

static void other_kinds_than_normal_lay_no_claim_to_months(void **state)
{
	struct pen_row_run run = { 0 };

	(void)state;
	assert_int_equal(order(&run, 1, PEN_MONTHS_ALL, false, 1), PEN_MONTHS_ALL);
	contribution(650000, 0x3, 0, 0);
	row.v[PEN_SUBJECT] = number(1);
	row.v[PEN_CONTRIBUTION_KIND] = number(PEN_REFUND);
	pen_rule__ordered(&run, &row, 1, &findings);
	assert_int_equal(findings.count, 0);
	assert_int_equal(row.v[PEN_CONTRIBUTION_SEQUENCE].i, 2);
	assert_int_equal(row.v[PEN_CONTRIBUTION_MONTHS].i, 0x3);
}

static void a_second_opening_of_a_person_is_refused(void **state)
{
	struct pen_row_run run = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		start(PEN_KIND_OPENING, i < 2 ? 7 : 8);
		pen_rule__ordered(&run, &row, 0, &findings);
		assert_int_equal(findings.count, i == 1);
	}
}

static int64_t deemed(int64_t months)
{
	registration("330106199008072465", 2, 19900807, 20120901, 20120715);
	row.v[PEN_REGISTRATION_DEEMED_MONTHS] = number(months);
	pen_rule__row(&row, &around, &findings);
	return findings.count;
}

static void deemed_months_lie_between_the_start_of_work_and_insurance(void **state)
{
	(void)state;
	assert_int_equal(deemed(2), 0);
	assert_int_equal(deemed(3), 1);
	assert_string_equal(findings.at[0].rule->id, "registration.deemed");
	assert_string_equal(findings.at[0].field, "deemed_months");
	assert_string_equal(findings.at[0].expected, "at most 2: the months from the start of work, 2012-07-15, to 2012-09-01");
}

static int64_t retirement(int64_t worked_on, int64_t retired_on, int64_t paid_months, int64_t deemed_months)
{
	start(PEN_KIND_RETIREMENT, 7);
	row.v[PEN_RETIREMENT_WORKED_ON] = number(worked_on);
	row.v[PEN_RETIREMENT_RETIRED_ON] = number(retired_on);
	row.v[PEN_RETIREMENT_PAID_MONTHS] = number(paid_months);
	row.v[PEN_RETIREMENT_DEEMED_MONTHS] = number(deemed_months);
	pen_rule__row(&row, &around, &findings);
	return findings.count;
}

static void nobody_has_more_months_than_lie_between_work_and_retirement(void **state)
{
	(void)state;
	assert_int_equal(retirement(20000115, 20010110, 10, 3), 0);
	assert_int_equal(retirement(20000115, 20010110, 10, 4), 1);
	assert_string_equal(findings.at[0].rule->id, "retirement.months");
	assert_string_equal(findings.at[0].found, "14 months, paid and deemed");
	/* What is not told is not held against anybody. */
	assert_int_equal(retirement(20000115, 20010110, 13, 0), 0);
	row.v[PEN_RETIREMENT_WORKED_ON] = pen_value__null();
	row.v[PEN_RETIREMENT_PAID_MONTHS] = number(900);
	findings.count = 0;
	pen_rule__row(&row, &around, &findings);
	assert_int_equal(findings.count, 0);
}

static void a_registration_given_twice_in_a_folio_is_refused(void **state)
{
	static const int32_t days[] = { 20120901, 20150301, 20120901, 20150302 };
	struct pen_row_run run = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		registration("330106199008072465", 2, 19900807, days[i], 20120820);
		pen_rule__ordered(&run, &row, 0, &findings);
		assert_int_equal(findings.count, i == 2);
	}
	/* The room for the days of one person is bounded, and nothing slips through. */
	for (i = 0; i < 40; i++) {
		registration("330106199008072465", 2, 19900807, 20200101 + i, 20120820);
		pen_rule__ordered(&run, &row, 0, &findings);
		assert_int_equal(findings.count, 3 + i >= PEN_RUN_DAYS);
	}
	registration("330106199008072465", 2, 19900807, days[0], 20120820);
	row.v[PEN_SUBJECT] = number(8);
	pen_rule__ordered(&run, &row, 0, &findings);
	assert_int_equal(findings.count, 0);
}

/* -------------------------------------------------------- levy.covers -- */

struct scratch { char path[64]; struct pen_db *db; struct pen_statement *covers; };
static struct scratch scratch;

static char *load(const char *path)
{
	char *text;
	size_t n;

	assert_int_equal(pen_file__load(path, 1 << 20, &text, &n, &error), PEN_OK);
	return text;
}

static int open_scratch(void **state)
{
	char *schema = load(PEN_SOURCE "/share/schema/0001-ground-floor.sql");
	char *covers = load(PEN_SOURCE "/share/rules/levy.covers.sql");
	int fd;

	(void)state;
	snprintf(scratch.path, sizeof(scratch.path), "/tmp/test_rule.XXXXXX");
	fd = mkstemp(scratch.path);
	assert_true(fd >= 0);
	close(fd);
	unlink(scratch.path);
	assert_int_equal(pen_db__open(&scratch.db, scratch.path, PEN_DB_CREATE, &error), PEN_OK);
	assert_int_equal(pen_db__exec(scratch.db, schema, &error), PEN_OK);
	assert_int_equal(pen_db__exec(scratch.db,
	    "INSERT INTO employer (id, batch) VALUES (1, 1), (2, 1), (3, 1);"
	    "INSERT INTO employer_alias (kind, value, employer, batch) VALUES"
	    " ('credit-code', '91330100123456789K', 1, 1), ('credit-code', '91330100MA27Y12345', 1, 2),"
	    " ('credit-code', '91110000MA00000152', 2, 1), ('unit-number', '0003', 3, 1);", &error), PEN_OK);
	assert_int_equal(pen_db__prepare(scratch.db, covers, &scratch.covers, &error), PEN_OK);
	pen_memory__free(schema);
	pen_memory__free(covers);
	return 0;
}

static int close_scratch(void **state)
{
	static const char *const tails[] = { "", "-journal", "-wal", "-shm" };
	char path[80];
	size_t i;

	(void)state;
	pen_db__finalize(scratch.covers);
	pen_db__close(scratch.db);
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", scratch.path, tails[i]);
		unlink(path);
	}
	return 0;
}

static void folio(int id, int batch, const char *form, int of_employer, int period, const char *state,
    int unit, int personal)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "INSERT INTO folio (id, batch, form, employer, period, number, state, rows,"
	    " unit_fen, personal_fen, amount_fen) VALUES (%d, %d, '%s', %d, %d, 1, '%s', 1, %d, %d, %d);",
	    id, batch, form, of_employer, period, state, unit, personal, unit + personal);
	assert_int_equal(pen_db__exec(scratch.db, sql, &error), PEN_OK);
}

static void paid(int of_employer, int year, int of_folio, int fen)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "INSERT INTO levy_year (employer, year, folio, amount_fen) VALUES (%d, %d, %d, %d);",
	    of_employer, year, of_folio, fen);
	assert_int_equal(pen_db__exec(scratch.db, sql, &error), PEN_OK);
}

/* What the rule finds: "record field found>expected employer period; …". */
static void assert_uncovered(int64_t batch, int64_t of_folio, const char *expected)
{
	char text[1024] = "";
	size_t n = 0;
	bool there;

	pen_db__bind_int(scratch.covers, ":batch", batch);
	pen_db__bind_int(scratch.covers, ":folio", of_folio);
	while (pen_db__step(scratch.covers, &there, &error) == PEN_OK && there) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s %s %lld>%lld %lld %lld", n ? "; " : "",
		    pen_db__text(scratch.covers, 0), pen_db__text(scratch.covers, 1),
		    (long long)pen_db__int(scratch.covers, 2), (long long)pen_db__int(scratch.covers, 3),
		    (long long)pen_db__int(scratch.covers, 4), (long long)pen_db__int(scratch.covers, 5));
	}
	pen_db__reset(scratch.covers);
	assert_string_equal(text, expected);
}

#define ONE(claimed, paid) "employer 91330100MA27Y12345 year 2024 amount_fen " #claimed ">" #paid " 1 2024"

static void levy_covers_gives_the_columns_that_a_rule_gives(void **state)
{
	static const char *const names[] = { "record", "field", "found", "expected", "employer", "period" };
	int i;

	(void)state;
	assert_int_equal(pen_db__columns(scratch.covers), 6);
	for (i = 0; i < 6; i++)
		assert_string_equal(pen_db__column_name(scratch.covers, i), names[i]);
}

static void a_breakdown_up_to_the_levy_is_covered_and_one_fen_over_is_not(void **state)
{
	(void)state;
	folio(1, 1, "levy", 0, 0, "confirmed", 0, 0);
	paid(1, 2024, 1, 300);
	folio(10, 2, "breakdown", 1, 2024, "staged", 200, 100);
	assert_uncovered(2, 0, "");
	assert_uncovered(0, 10, "");
	folio(11, 3, "breakdown", 1, 2024, "staged", 1, 0);
	/* Each batch alone is covered or over by itself; together once one is in. */
	assert_uncovered(3, 0, "");
	assert_uncovered(0, 0, "");
	assert_int_equal(pen_db__exec(scratch.db, "UPDATE folio SET state = 'confirmed' WHERE id = 10;", &error), PEN_OK);
	assert_uncovered(3, 0, ONE(301, 300));
	assert_uncovered(0, 11, ONE(301, 300));
	assert_uncovered(0, 0, "");
	assert_uncovered(2, 0, "");
}

static void only_levies_that_are_in_count_and_refunds_take_away(void **state)
{
	(void)state;
	folio(1, 1, "levy", 0, 0, "sealed", 0, 0);
	folio(2, 5, "levy", 0, 0, "staged", 0, 0);
	folio(3, 6, "levy", 0, 0, "replaced", 0, 0);
	folio(4, 7, "levy", 0, 0, "confirmed", 0, 0);
	paid(1, 2024, 1, 300);
	paid(1, 2024, 2, 1000);
	paid(1, 2024, 3, 1000);
	paid(1, 2023, 1, 1000);
	paid(2, 2024, 1, 1000);
	folio(10, 2, "breakdown", 1, 2024, "sealed", 200, 100);
	assert_uncovered(0, 0, "");
	paid(1, 2024, 4, -1);
	assert_uncovered(0, 0, ONE(300, 299));
}

static void an_employer_without_levy_or_credit_code_is_still_named(void **state)
{
	(void)state;
	folio(10, 2, "breakdown", 3, 2024, "confirmed", 200, 100);
	folio(11, 2, "breakdown", 2, 2023, "sealed", 5, 0);
	assert_uncovered(0, 0, "employer 91110000MA00000152 year 2023 amount_fen 5>0 2 2023; "
	    "employer number 3 year 2024 amount_fen 300>0 3 2024");
}

static void folios_that_are_out_do_not_claim_and_others_are_not_looked_at(void **state)
{
	(void)state;
	folio(10, 2, "breakdown", 1, 2024, "discarded", 200, 100);
	folio(11, 2, "breakdown", 1, 2024, "replaced", 200, 100);
	folio(12, 2, "breakdown", 1, 2024, "rejected", 200, 100);
	folio(13, 2, "registration", 1, 2024, "confirmed", 200, 100);
	assert_uncovered(0, 0, "");
	assert_uncovered(2, 0, "");
	/* The held folio of a batch counts; another employer's trouble is not the batch's. */
	folio(14, 2, "breakdown", 1, 2024, "held", 3, 4);
	folio(15, 3, "breakdown", 2, 2024, "confirmed", 50, 50);
	assert_uncovered(2, 0, ONE(7, 0));
	assert_uncovered(0, 14, ONE(7, 0));
	/* A folio is counted whatever its state, when it is asked for. */
	assert_uncovered(0, 12, ONE(300, 0));
	assert_uncovered(9, 0, "");
}

static void a_share_may_always_be_the_sum_of_its_rounded_months(void **state)
{
	int64_t rate[12], none[12] = { 0 };
	struct pen_share_band band;
	int i;

	(void)state;
	for (i = 0; i < 12; i++)
		rate[i] = 160000;
	/* 6543.21 * 16% = 1046.9136 a month: twelve times 1046.91 is less than the exact 12562.9632. */
	assert_true(pen_rule_share__band(rate, none, 654321, PEN_MONTHS_ALL, &band));
	assert_int_equal(band.sum, 1256292);
	assert_int_equal(band.low, 1256292);
	assert_true(band.high >= band.sum);
	/* 6543.23 * 16% = 1046.9168: 1046.92 is more. */
	assert_true(pen_rule_share__band(rate, none, 654323, PEN_MONTHS_ALL, &band));
	assert_int_equal(band.sum, 1256304);
	assert_int_equal(band.high, 1256304);
	assert_true(pen_rule_share__within(&band, band.sum));
}

int main(void)
{
#define COVERS(test) cmocka_unit_test_setup_teardown(test, open_scratch, close_scratch)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_says_what_it_is_and_is_found_by_its_id),
		cmocka_unit_test(classes_and_severities_have_names),
		cmocka_unit_test(a_long_finding_is_cut_at_a_character_and_too_many_are_left_out),
		cmocka_unit_test(a_year_at_the_rates_is_right),
		cmocka_unit_test(rounding_by_month_and_by_year_both_pass_and_nothing_beyond),
		cmocka_unit_test(a_single_month_has_one_right_amount),
		cmocka_unit_test(unit_and_personal_share_are_told_apart),
		cmocka_unit_test(a_rate_that_changes_within_the_year_counts_by_month),
		cmocka_unit_test(assumed_months_are_right_by_any_run_of_their_count),
		cmocka_unit_test(flexible_payers_have_rates_of_their_own),
		cmocka_unit_test(a_missing_rate_is_said_and_not_guessed),
		cmocka_unit_test(a_base_lies_between_the_lowest_floor_and_the_highest_cap_of_its_months),
		cmocka_unit_test(without_floor_and_cap_the_base_is_said_to_be_unchecked),
		cmocka_unit_test(only_normal_contributions_are_held_to_base_and_rate),
		cmocka_unit_test(a_cache_gives_the_same_whatever_the_order_of_years),
		cmocka_unit_test(numbers_beyond_reason_do_not_overflow),
		cmocka_unit_test(nobody_without_a_confirmed_registration_contributes),
		cmocka_unit_test(names_are_compared_folded),
		cmocka_unit_test(a_registration_that_agrees_with_itself_is_right),
		cmocka_unit_test(what_the_id_says_counts_for_sex_and_birth),
		cmocka_unit_test(insurance_does_not_begin_before_work_nor_work_before_sixteen),
		cmocka_unit_test(a_stored_id_is_held_to_the_same_checks_as_a_cell),
		cmocka_unit_test(a_name_that_lost_a_character_is_damaged),
		cmocka_unit_test(a_registered_base_is_held_to_the_bounds_of_the_month),
		cmocka_unit_test(dates_are_days_of_the_calendar_and_not_ahead),
		cmocka_unit_test(an_employer_has_a_credit_code_an_area_and_a_date),
		cmocka_unit_test(county_staff_bring_in_the_employers_of_their_county),
		cmocka_unit_test(an_amount_is_negative_exactly_when_it_is_a_refund),
		cmocka_unit_test(months_are_within_the_year),
		cmocka_unit_test(what_is_missing_was_found_before_and_is_passed_over),
		cmocka_unit_test(assumed_months_are_laid_where_earlier_lines_left_room),
		cmocka_unit_test(known_months_stay_and_may_not_overlap),
		cmocka_unit_test(months_that_another_folio_has_are_not_given_again),
		cmocka_unit_test(other_kinds_than_normal_lay_no_claim_to_months),
		cmocka_unit_test(a_second_opening_of_a_person_is_refused),
		cmocka_unit_test(deemed_months_lie_between_the_start_of_work_and_insurance),
		cmocka_unit_test(nobody_has_more_months_than_lie_between_work_and_retirement),
		cmocka_unit_test(a_registration_given_twice_in_a_folio_is_refused),
		COVERS(levy_covers_gives_the_columns_that_a_rule_gives),
		COVERS(a_breakdown_up_to_the_levy_is_covered_and_one_fen_over_is_not),
		COVERS(only_levies_that_are_in_count_and_refunds_take_away),
		COVERS(an_employer_without_levy_or_credit_code_is_still_named),
		COVERS(folios_that_are_out_do_not_claim_and_others_are_not_looked_at),
		COVERS(a_share_may_always_be_the_sum_of_its_rounded_months),
	};
	return cmocka_run_group_tests_name("model/rule", tests, set_up, tear_down);
}
