#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "model/field.h"

#define TODAY 20261123

static const struct pen_choice sexes[] = { { "男", "1" }, { "女", "2" }, { "1", "1" }, { "男性", "1" } };
static const struct pen_choice flags[] = { { "是", "1" }, { "Y", "1" }, { "否", "0" } };
static const struct pen_choice pensions[] = { { "基本养老保险", "pension" }, { "110", "pension" } };

static const struct pen_field
	id = { .name = "id_number", .type = PEN_FIELD_CITIZEN_ID, .required = true },
	credit = { .name = "credit_code", .type = PEN_FIELD_CREDIT_CODE, .required = true },
	area = { .name = "area", .type = PEN_FIELD_AREA },
	date = { .name = "born", .type = PEN_FIELD_DATE },
	year = { .name = "year", .type = PEN_FIELD_YEAR, .has_minimum = true, .minimum = 1950 },
	months = { .name = "months", .type = PEN_FIELD_INTEGER, .required = true,
		.has_minimum = true, .minimum = 1, .has_maximum = true, .maximum = 12 },
	deemed = { .name = "deemed_months", .type = PEN_FIELD_INTEGER,
		.has_minimum = true, .minimum = 0, .has_maximum = true, .maximum = 600 },
	count = { .name = "count", .type = PEN_FIELD_INTEGER },
	base = { .name = "base", .type = PEN_FIELD_MONEY, .has_minimum = true, .minimum = 1 },
	amount = { .name = "amount", .type = PEN_FIELD_MONEY },
	share = { .name = "unit", .type = PEN_FIELD_MONEY, .has_minimum = true },
	sex = { .name = "sex", .type = PEN_FIELD_CHOICE, .choices = 4, .choice = sexes },
	flag = { .name = "newly_covered", .type = PEN_FIELD_CHOICE, .choices = 3, .choice = flags },
	insurance = { .name = "insurance", .type = PEN_FIELD_CHOICE, .open = true, .choices = 2, .choice = pensions },
	name = { .name = "name", .type = PEN_FIELD_NAME, .required = true },
	voucher = { .name = "voucher", .type = PEN_FIELD_TEXT },
	month = { .name = "benefit_from", .type = PEN_FIELD_MONTH },
	needed_month = { .name = "month", .type = PEN_FIELD_MONTH, .required = true },
	period = { .name = "period", .type = PEN_FIELD_PERIOD },
	month_list = { .name = "month_list", .type = PEN_FIELD_MONTHS };

static struct pen_cell cell;

static void read_cell(const struct pen_field *field, const char *s)
{
	/* What stood in the cell before must not show through. */
	memset(&cell, 0xa5, sizeof(cell));
	pen_field__read(field, s, strlen(s), TODAY, &cell);
}

static void expect_integer(const struct pen_field *field, const char *s, int64_t value, unsigned repairs)
{
	read_cell(field, s);
	if (cell.rule)
		fail_msg("%s: %s, expected %s", s, cell.rule, cell.expected);
	assert_int_equal(cell.value.type, PEN_INTEGER);
	assert_int_equal(cell.value.i, value);
	assert_int_equal(cell.repairs, repairs);
}

static void expect_text(const struct pen_field *field, const char *s, const char *value, unsigned repairs)
{
	read_cell(field, s);
	if (cell.rule)
		fail_msg("%s: %s, expected %s", s, cell.rule, cell.expected);
	assert_int_equal(cell.value.type, PEN_STRING);
	assert_int_equal(cell.value.n, strlen(value));
	assert_memory_equal(cell.value.s, value, strlen(value));
	assert_int_equal(cell.repairs, repairs);
	assert_string_equal(cell.found, "");
}

static void expect_broken(const struct pen_field *field, const char *s, const char *rule, const char *expected)
{
	read_cell(field, s);
	if (!cell.rule)
		fail_msg("%s: nothing found", s);
	assert_string_equal(cell.rule, rule);
	assert_string_equal(cell.found, s);
	if (!strstr(cell.expected, expected))
		fail_msg("\"%s\" is not in: %s", expected, cell.expected);
	assert_int_equal(cell.value.type, PEN_NULL);
}

/* ------------------------------------------------------------- any type -- */

static void an_empty_cell_is_null_unless_it_is_required(void **state)
{
	(void)state;
	read_cell(&date, "");
	assert_null(cell.rule);
	assert_int_equal(cell.value.type, PEN_NULL);
	assert_int_equal(cell.repairs, 0);
	read_cell(&amount, " \t　");
	assert_null(cell.rule);
	assert_int_equal(cell.value.type, PEN_NULL);
	expect_broken(&id, "", "field.required", "a value");
	expect_broken(&name, "  ", "field.required", "a value");
	pen_field__read(&date, NULL, 0, TODAY, &cell);
	assert_null(cell.rule);
}

static void every_mending_is_listed(void **state)
{
	static const struct { enum pen_repair repair; const char *code; } codes[] = {
		{ PEN_REPAIR_SPACE, "repair.space" }, { PEN_REPAIR_WIDTH, "repair.width" },
		{ PEN_REPAIR_CASE, "repair.case" }, { PEN_REPAIR_ID15, "repair.id15" },
		{ PEN_REPAIR_AREA12, "repair.area12" }, { PEN_REPAIR_QUOTE, "repair.quote" },
		{ PEN_REPAIR_FORMULA, "repair.formula" }, { PEN_REPAIR_SEPARATOR, "repair.separator" },
		{ PEN_REPAIR_CURRENCY, "repair.currency" }, { PEN_REPAIR_BRACKET, "repair.bracket" },
		{ PEN_REPAIR_DASH, "repair.dash" }, { PEN_REPAIR_TIME, "repair.time" },
		{ PEN_REPAIR_POINT, "repair.point" }, { PEN_REPAIR_MONTH, "repair.month" },
		{ PEN_REPAIR_MARK, "repair.mark" }, { 0, NULL }
	};
	int i;

	(void)state;
	expect_integer(&amount, " 12.50\t", 1250, PEN_REPAIR_SPACE);
	expect_integer(&amount, "１２．５", 1250, PEN_REPAIR_WIDTH);
	expect_integer(&months, "　６", 6, PEN_REPAIR_SPACE | PEN_REPAIR_WIDTH);
	expect_text(&flag, "y", "1", PEN_REPAIR_CASE);
	for (i = 0; codes[i].code; i++)
		assert_string_equal(pen_field_mend__code(codes[i].repair), codes[i].code);
	assert_null(pen_field_mend__code(PEN_REPAIR_SPACE | PEN_REPAIR_WIDTH));
}

static void marks_that_nobody_sees_are_taken_out_and_listed(void **state)
{
	(void)state;
	expect_integer(&amount, "\u202d12.50\u202c", 1250, PEN_REPAIR_MARK);
	expect_integer(&amount, "1\ufeff2.\u200e50", 1250, PEN_REPAIR_MARK);
	expect_integer(&months, "\u20686\u2069", 6, PEN_REPAIR_MARK);
	expect_integer(&date, "\u200f2024-07-01", 20240701, PEN_REPAIR_MARK);
	expect_text(&id, "\u202d110000196501150019 ", "110000196501150019", PEN_REPAIR_MARK | PEN_REPAIR_SPACE);
	expect_text(&name, "王\u200e敏", "王敏", PEN_REPAIR_MARK);
	expect_text(&name, "\u202a王敏\u202c", "王敏", PEN_REPAIR_MARK);
	/* The joiners belong to some scripts, and to no number. */
	expect_text(&name, "a\u200db", "a\u200db", 0);
	expect_integer(&amount, "12\u200d.50", 1250, PEN_REPAIR_MARK);
	/* What they hid of a text's own marks is opened as well. */
	expect_text(&id, "\u202d'110000196501150019", "110000196501150019", PEN_REPAIR_MARK | PEN_REPAIR_QUOTE);
	read_cell(&name, "\u202d\u202c");
	assert_string_equal(cell.rule, "field.required");
	assert_string_equal(cell.found, "<U+202D><U+202C>");
	read_cell(&date, "\u202d\u202c");
	assert_null(cell.rule);
	assert_int_equal(cell.value.type, PEN_NULL);
	/* Bytes that are no text are none of them. */
	expect_broken(&amount, "\xe2\x80", "amount.format", "");
}

static void white_space_of_any_kind_is_taken_off_and_a_tab_is_some(void **state)
{
	(void)state;
	expect_text(&id, "\t110000196501150019\t", "110000196501150019", PEN_REPAIR_SPACE);
	expect_text(&id, "\xc2\xa0\xe3\x80\x80" "110000196501150019\xe2\x80\x8b\xef\xbb\xbf", "110000196501150019", PEN_REPAIR_SPACE);
	expect_integer(&amount, "\xe2\x80\x8b 12.50\xc2\xa0", 1250, PEN_REPAIR_SPACE);
}

static void what_makes_a_spreadsheet_take_a_value_for_text_is_opened(void **state)
{
	(void)state;
	expect_text(&id, "'110000196501150019", "110000196501150019", PEN_REPAIR_QUOTE);
	expect_text(&id, "=\"110000196501150019\"", "110000196501150019", PEN_REPAIR_FORMULA);
	expect_text(&id, " '=\" 110000196501150019\"", "110000196501150019",
	    PEN_REPAIR_SPACE | PEN_REPAIR_QUOTE | PEN_REPAIR_FORMULA);
	expect_integer(&amount, "=\"6500.00\"", 650000, PEN_REPAIR_FORMULA);
	expect_text(&name, "'王敏", "王敏", PEN_REPAIR_QUOTE);
	expect_text(&name, "'王敏'", "'王敏'", 0);
	read_cell(&date, "=\"\"");
	assert_null(cell.rule);
	assert_int_equal(cell.value.type, PEN_NULL);
	expect_broken(&name, "'", "field.required", "a value");
	expect_broken(&amount, "=65*100", "amount.format", "nothing to work out");
	expect_broken(&amount, "=\"65\"&\"00\"", "amount.format", "6500.00");
	expect_broken(&amount, "=\"", "amount.format", "6500.00");
	expect_broken(&amount, "''65", "amount.format", "6500.00");
	/* What damaged the number before is still seen. */
	expect_broken(&id, "=\"1.10E+17\"", "id.length", "spreadsheet");
}

static void a_strict_reading_tells_what_would_have_been_mended(void **state)
{
	static const struct { const struct pen_field *field; const char *s, *expected; } cases[] = {
		{ &amount, " 12,480.00", "12480.00 in the file itself (repair.space, repair.separator)" },
		{ &amount, "-", "0.00 in the file itself (repair.dash)" },
		{ &date, "2024/7/1 0:00", "2024-07-01 in the file itself (repair.time)" },
		{ &year, "2024.0", "2024 in the file itself (repair.point)" },
		{ &id, "310000700101002", "31000019700101002X in the file itself (repair.id15)" },
		{ &name, "王敏 ", "王敏 in the file itself (repair.space)" },
		{ &date, "  ", "nothing in the file itself (repair.space)" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_cell(cases[i].field, cases[i].s);
		assert_null(cell.rule);
		pen_field__insist(cases[i].field, cases[i].s, strlen(cases[i].s), &cell);
		assert_string_equal(cell.rule, "repair.strict");
		assert_string_equal(cell.found, cases[i].s);
		assert_string_equal(cell.expected, cases[i].expected);
		assert_int_equal(cell.value.type, PEN_NULL);
	}
}

static void a_long_cell_is_quoted_in_whole_characters(void **state)
{
	char s[301];
	int i;

	(void)state;
	for (i = 0; i < 300; i += 3)
		memcpy(s + i, "某", 3);
	s[300] = '\0';
	read_cell(&date, s);
	assert_string_equal(cell.rule, "field.length");
	assert_int_equal(strlen(cell.found), 93);
	assert_memory_equal(cell.found + 90, "某", 3);
}

/* ----------------------------------------------------------- identifiers -- */

/* Published vectors: GB 11643 as other programs compute it. */
static void a_citizen_id_is_kept_as_received_and_found_by_18(void **state)
{
	(void)state;
	expect_text(&id, "110000196501150019", "110000196501150019", 0);
	assert_string_equal(cell.id18, "110000196501150019");
	assert_int_equal(cell.value.s[18], '\0');
	expect_text(&id, "510000196402291187", "510000196402291187", 0);
	expect_text(&id, "32000019680520007x", "32000019680520007X", PEN_REPAIR_CASE);
	expect_text(&id, "１１００００１９６５０１１５００１９", "110000196501150019", PEN_REPAIR_WIDTH);
	expect_text(&id, "110000196501150019\t", "110000196501150019", PEN_REPAIR_SPACE);
	expect_text(&id, "310000700101002", "310000700101002", PEN_REPAIR_ID15);
	assert_string_equal(cell.id18, "31000019700101002X");
	expect_text(&id, "440000750301003", "440000750301003", PEN_REPAIR_ID15);
	assert_string_equal(cell.id18, "440000197503010037");
}

static void a_damaged_citizen_id_is_never_guessed(void **state)
{
	(void)state;
	expect_broken(&id, "11000019650115001", "id.length", "these are 17");
	expect_broken(&id, "11000065011500", "id.length", "these are 14");
	expect_broken(&id, "1.10E+17", "id.length", "spreadsheet");
	expect_broken(&id, "110000196501150019.0", "id.length", "spreadsheet");
	expect_broken(&id, "110***********0019", "id.char", "masked");
	expect_broken(&id, "1100＊＊0019", "id.char", "masked");
	expect_broken(&id, "110×××××××××××0019", "id.char", "masked");
	expect_broken(&id, "110xxxxxxxxxxx0019", "id.char", "masked");
	expect_broken(&id, "11000019650115001", "id.length", "a final X may have been dropped");
	expect_broken(&id, "6200000000000000018", "id.length", "these are 19, as of an account");
	expect_broken(&id, "6200000000000018", "id.length", "nothing is cut");
	expect_broken(&id, "1.10000196501150E+17", "id.length", "not completed");
	expect_broken(&id, "440000197503010000", "id.check", "zeros at the end");
	expect_text(&id, "110000196501150000", "110000196501150000", 0);
	expect_broken(&id, "11000065011500X", "id.char", "15 digits");
	expect_broken(&id, "110000650115996", "id.char", "996");
	expect_broken(&id, "11000019650115001A", "id.char", "X");
	expect_broken(&id, "110000 19650115001", "id.char", "17 digits");
	expect_broken(&id, "张110000196501150", "id.char", "17 digits");
}

static void a_citizen_id_that_is_wrong_says_what_would_be_right(void **state)
{
	(void)state;
	expect_broken(&id, "110000196501150010", "id.check", "check character 9");
	assert_string_equal(cell.id18, "");
	expect_broken(&id, "990000196501150019", "id.area", "99 is none");
	expect_broken(&id, "310000197002290027", "id.date", "date of birth");
	expect_broken(&id, "110000189912310018", "id.date", "1900-01-01");
	expect_broken(&id, "110000209912310013", "id.date", "today");
	expect_broken(&id, "110000700229001", "id.date", "date of birth");
}

static void a_credit_code_is_checked_by_its_outer_character(void **state)
{
	(void)state;
	expect_text(&credit, "91110000MA00000152", "91110000MA00000152", 0);
	assert_int_equal(cell.value.s[18], '\0');
	expect_text(&credit, "91110000ma00000152", "91110000MA00000152", PEN_REPAIR_CASE);
	expect_text(&credit, "91110000MA00000820", "91110000MA00000820", 0);
	expect_broken(&credit, "91110000MO00000152", "credit.char", "without I, O, S, V and Z");
	expect_broken(&credit, "91110000M0A0000152", "credit.check", "check character");
	expect_broken(&credit, "91110000MA0000015", "credit.length", "these are 17");
}

static void a_credit_code_that_became_a_number_or_was_masked_is_not_completed(void **state)
{
	(void)state;
	expect_broken(&credit, "9.13E+17", "credit.length", "a spreadsheet made a number of it");
	expect_broken(&credit, "913301000000000000.0", "credit.length", "a spreadsheet made a number of it");
	expect_broken(&credit, "9133********12345X", "credit.char", "masked");
}

static void an_area_has_six_digits_and_a_known_province(void **state)
{
	(void)state;
	expect_text(&area, "330106", "330106", 0);
	expect_text(&area, "110000000000", "110000", PEN_REPAIR_AREA12);
	expect_broken(&area, "11010", "area.code", "6 digits");
	expect_broken(&area, "000000", "area.code", "province");
	expect_broken(&area, "33010A", "area.code", "6 digits");
}

/* --------------------------------------------------------------- numbers -- */

static void a_date_is_a_day_of_the_calendar_up_to_today(void **state)
{
	(void)state;
	expect_integer(&date, "2024-02-29", 20240229, 0);
	expect_integer(&date, "2024/1/31", 20240131, 0);
	expect_integer(&date, "2024年1月31日", 20240131, 0);
	expect_integer(&date, "20240131", 20240131, 0);
	expect_integer(&date, "２０２４－０１－３１", 20240131, PEN_REPAIR_WIDTH);
	expect_integer(&date, "2026-11-23", TODAY, 0);
	expect_broken(&date, "2026-11-24", "date.future", "2026-11-23");
	expect_broken(&date, "2023-02-29", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "2024-13-01", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "45322", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "24-01-31", "date.format", "YYYY-MM-DD");
}

static void the_time_behind_a_day_is_cut_off(void **state)
{
	(void)state;
	expect_integer(&date, "2024-07-01 00:00:00", 20240701, PEN_REPAIR_TIME);
	expect_integer(&date, "2024/7/1 0:00", 20240701, PEN_REPAIR_TIME);
	expect_integer(&date, "20240701000000", 20240701, PEN_REPAIR_TIME);
	expect_integer(&date, "20240701153059", 20240701, PEN_REPAIR_TIME);
	expect_integer(&date, "2024-07-01T15:30:59.250", 20240701, PEN_REPAIR_TIME);
	expect_integer(&date, "2024年7月1日　09:30", 20240701, PEN_REPAIR_TIME | PEN_REPAIR_WIDTH);
	expect_broken(&date, "20240701240000", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "2024-07-01 24:00", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "2024-07-01T00:00:00Z", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "2024-07-01 2024-08-01", "date.format", "YYYY-MM-DD");
}

static void a_day_number_of_a_spreadsheet_is_told_in_both_its_calendars(void **state)
{
	(void)state;
	expect_broken(&date, "45322", "date.format", "2024-01-31, or 2028-02-01");
	expect_broken(&date, "45322.5", "date.format", "2024-01-31");
	expect_broken(&date, "29999", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "60001", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "45322:30", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "45322.5a", "date.format", "YYYY-MM-DD");
	expect_broken(&date, "999999", "date.format", "YYYY-MM-DD");
}

static void a_year_is_from_1950_to_this_one(void **state)
{
	(void)state;
	expect_integer(&year, "1950", 1950, 0);
	expect_integer(&year, "2026", 2026, 0);
	expect_broken(&year, "1949", "year.range", "1950 to 2026");
	expect_broken(&year, "2027", "year.range", "1950 to 2026");
	expect_broken(&year, "24", "year.range", "4 digits");
	expect_broken(&year, "-999", "year.range", "4 digits");
	expect_broken(&year, "二〇二四", "year.range", "4 digits");
}

static void months_are_1_to_12(void **state)
{
	(void)state;
	expect_integer(&months, "1", 1, 0);
	expect_integer(&months, "12", 12, 0);
	expect_broken(&months, "13", "month.range", "1 to 12");
	expect_broken(&months, "0", "month.range", "1 to 12");
	expect_broken(&months, "-1", "month.range", "1 to 12");
	expect_broken(&months, "十二", "integer.format", "whole number");
}

static void a_whole_number_is_read_out_of_a_fraction_of_zeros_and_its_word(void **state)
{
	(void)state;
	expect_integer(&months, "12.0", 12, PEN_REPAIR_POINT);
	expect_integer(&months, "6.00", 6, PEN_REPAIR_POINT);
	expect_integer(&year, "2024.0", 2024, PEN_REPAIR_POINT);
	expect_integer(&year, "2024年", 2024, PEN_REPAIR_MONTH);
	expect_integer(&year, "2024年度", 2024, PEN_REPAIR_MONTH);
	expect_integer(&months, "6个月", 6, PEN_REPAIR_MONTH);
	expect_integer(&months, "1月", 1, PEN_REPAIR_MONTH);
	expect_broken(&months, "12.5", "integer.format", "whole number");
	expect_broken(&months, "13.0", "month.range", "1 to 12");
	expect_broken(&months, ".0", "integer.format", "whole number");
	expect_broken(&months, "月", "integer.format", "whole number");
	expect_broken(&count, "6月", "integer.format", "whole number");
	expect_broken(&year, "24年", "year.range", "4 digits");
}

static void an_integer_lies_within_its_bounds(void **state)
{
	(void)state;
	expect_integer(&deemed, "600", 600, 0);
	expect_integer(&deemed, "0", 0, 0);
	expect_broken(&deemed, "601", "integer.range", "0 to 600");
	expect_broken(&deemed, "-", "integer.format", "whole number");
	expect_broken(&deemed, "1e2", "integer.format", "whole number");
	expect_integer(&count, "9007199254740991", INT64_C(9007199254740991), 0);
	expect_integer(&count, "-9007199254740991", -INT64_C(9007199254740991), 0);
	expect_broken(&count, "9007199254740992", "integer.range", "9007199254740991");
	expect_broken(&count, "99999999999999999999999999999999", "integer.range", "-9007199254740991 to");
}

static void an_amount_is_exact_or_refused(void **state)
{
	(void)state;
	expect_integer(&base, "6500", 650000, 0);
	expect_integer(&base, "6500.5", 650050, 0);
	expect_integer(&base, "6500.50", 650050, 0);
	expect_integer(&base, "6500.5000", 650050, 0);
	expect_broken(&base, "6500.505", "amount.places", "2 decimals at most");
	expect_broken(&base, "6.5E+3", "amount.format", "6500.00");
}

static void an_amount_is_freed_of_what_is_written_around_it(void **state)
{
	(void)state;
	expect_integer(&base, "12,480.00", 1248000, PEN_REPAIR_SEPARATOR);
	expect_integer(&base, "1,234,567", 123456700, PEN_REPAIR_SEPARATOR);
	expect_integer(&base, "12，480．00", 1248000, PEN_REPAIR_SEPARATOR | PEN_REPAIR_WIDTH);
	expect_integer(&base, "¥6500", 650000, PEN_REPAIR_CURRENCY);
	expect_integer(&base, "￥ 6,500.00", 650000, PEN_REPAIR_CURRENCY | PEN_REPAIR_SEPARATOR);
	expect_integer(&base, "6500元", 650000, PEN_REPAIR_CURRENCY);
	expect_integer(&base, "RMB6500", 650000, PEN_REPAIR_CURRENCY);
	expect_integer(&base, "6500 cny", 650000, PEN_REPAIR_CURRENCY);
	expect_integer(&amount, "-¥120.00", -12000, PEN_REPAIR_CURRENCY);
	expect_integer(&amount, "¥-120.00", -12000, PEN_REPAIR_CURRENCY);
	expect_integer(&amount, "-12,480.5", -1248050, PEN_REPAIR_SEPARATOR);
	expect_integer(&amount, "(120.00)", -12000, PEN_REPAIR_BRACKET);
	expect_integer(&amount, "（1,120.00）", -112000, PEN_REPAIR_BRACKET | PEN_REPAIR_SEPARATOR | PEN_REPAIR_WIDTH);
	expect_broken(&share, "(120.00)", "amount.negative", "0.00 or more");
}

static void a_dash_is_an_amount_of_nothing(void **state)
{
	(void)state;
	expect_integer(&share, "-", 0, PEN_REPAIR_DASH);
	expect_integer(&share, "--", 0, PEN_REPAIR_DASH);
	expect_integer(&share, "—", 0, PEN_REPAIR_DASH);
	expect_integer(&share, "－", 0, PEN_REPAIR_DASH | PEN_REPAIR_WIDTH);
	expect_broken(&base, "-", "amount.range", "0.01 or more");
	expect_broken(&deemed, "-", "integer.format", "whole number");
}

static void what_is_no_amount_is_not_made_one(void **state)
{
	static const char *const texts[] = { "1,2480", "12,48.00", "0,480.00", ",480", "1234,567", "12,480,00",
		"1.2万元", "6500元整", "12345,678.00", "1,23,4567", "-(120)", "(-120)", "((120))", "--120", "+-5", "¥¥5", "$5", "12 480", "元", "()",
		"6,500.0,0", "6.5E+3", "1,234.5E3", "十二", "99,999,999,999,999,999,999,999,999,999,999,999,999,999,999,999,999,999,999" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_broken(&amount, texts[i], "amount.format", "6500.00");
	expect_broken(&amount, "12,480.505", "amount.places", "2 decimals");
	/* What a total row is compared with holds it all the same. */
	read_cell(&share, "-0.01");
	assert_true(cell.has_fen);
	assert_int_equal(cell.fen, -1);
	read_cell(&share, "12.505");
	assert_false(cell.has_fen);
}

static void an_amount_lies_within_its_bounds(void **state)
{
	(void)state;
	expect_integer(&amount, "-12.50", -1250, 0);
	expect_integer(&share, "0", 0, 0);
	expect_integer(&base, "0.01", 1, 0);
	expect_broken(&base, "0.00", "amount.range", "0.01 or more");
	expect_broken(&base, "-5", "amount.negative", "0.01 or more");
	expect_broken(&share, "-0.01", "amount.negative", "0.00 or more");
	expect_integer(&amount, "90071992547409.91", INT64_C(9007199254740991), 0);
	expect_broken(&amount, "90071992547409.92", "amount.range", "to 90071992547409.91");
	expect_broken(&amount, "999999999999999999999999", "amount.range", "to 90071992547409.91");
	expect_broken(&share, "999999999999999999999999", "amount.range", "0.00 to 90071992547409.91");
}

/* ------------------------------------------------------------------ text -- */

static void a_choice_is_one_of_its_words(void **state)
{
	(void)state;
	expect_text(&sex, "男", "1", 0);
	expect_text(&sex, "男性", "1", 0);
	expect_text(&sex, " 女 ", "2", PEN_REPAIR_SPACE);
	expect_text(&sex, "１", "1", PEN_REPAIR_WIDTH);
	expect_broken(&sex, "未知", "choice.unknown", "one of 男, 女");
	assert_string_equal(cell.expected, "one of 男, 女");
	expect_broken(&sex, "3", "choice.unknown", "one of 男, 女");
	expect_broken(&sex, "男女", "choice.unknown", "one of 男, 女");
	expect_text(&flag, "否", "0", 0);
}

static void an_open_choice_keeps_what_it_does_not_know_as_received(void **state)
{
	(void)state;
	expect_text(&insurance, "基本养老保险", "pension", 0);
	expect_text(&insurance, "１１０", "pension", PEN_REPAIR_WIDTH);
	expect_text(&insurance, "失业保险（单位）", "失业保险（单位）", 0);
	expect_text(&insurance, " 工伤保险", "工伤保险", PEN_REPAIR_SPACE);
}

static void a_name_is_kept_to_the_letter(void **state)
{
	(void)state;
	expect_text(&name, "王  敏", "王  敏", 0);
	expect_text(&name, "　阿依古丽·买买提 ", "阿依古丽·买买提", PEN_REPAIR_SPACE);
	expect_text(&name, "ＡＢ𠮷", "ＡＢ𠮷", 0);
	expect_text(&voucher, "（２０２４）a１", "(2024)a1", PEN_REPAIR_WIDTH);
}

static void a_number_of_a_paper_that_was_counted_with_is_rejected(void **state)
{
	static const char *const broken[] = { "3.30124E+17", "3.3e+17", "3E+17", "3.3E17", "330124.0", "330124000000000000.00",
		"3301240000000000", "330124000000000000", "33012410000000100000", "'3.30124E+17", "=\"330124.0\"" };
	static const char *const good[] = { "330124000000000", "330124000000000001", "33012400000000100001", "3E17", "2024.001",
		"V330124000000000000", "12E", "0", "2024-0.0", "330124.5" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		expect_broken(&voucher, broken[i], "text.number", "from the source");
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect_text(&voucher, good[i], good[i], 0);
	/* Whoever marked it as a text had no number. */
	expect_broken(&voucher, "330124000000000000", "text.number", "put ' before it");
	expect_text(&voucher, "'330124000000000000", "330124000000000000", PEN_REPAIR_QUOTE);
	expect_text(&voucher, "=\"330124000000000000\"", "330124000000000000", PEN_REPAIR_FORMULA);
	expect_text(&voucher, "330124000000000000\t", "330124000000000000", PEN_REPAIR_SPACE);
	/* A choice that became a number is the choice still: the list says so. */
	expect_text(&insurance, "110.0", "pension", PEN_REPAIR_POINT);
	expect_text(&insurance, "410.0", "410.0", 0);
}

static void a_month_that_may_be_two_is_not_guessed(void **state)
{
	(void)state;
	expect_broken(&month, "2024.1", "month.format", "January, or October");
	expect_broken(&period, "2024.1-2024.6", "month.format", "January, or October");
	expect_broken(&period, "2023.12至2024.1", "month.format", "January, or October");
	expect_integer(&month, "2024.01", 202401, 0);
	expect_integer(&month, "2024.10", 202410, 0);
	expect_integer(&month, "2024.2", 202402, 0);
	expect_integer(&month, "2024.1.1", 202401, 0);
	expect_integer(&month, "202410.0", 202410, PEN_REPAIR_POINT);
	expect_broken(&month, "2024.0", "month.format", "YYYY-MM");
	expect_integer(&date, "20241001.0", 20241001, PEN_REPAIR_POINT);
	expect_broken(&date, "2024.1", "date.format", "");
}

static void a_text_beyond_its_room_is_refused(void **state)
{
	char s[1002];

	(void)state;
	memset(s, 'a', sizeof(s));
	s[255] = '\0';
	expect_text(&voucher, s, s, 0);
	s[255] = 'a';
	s[256] = '\0';
	read_cell(&voucher, s);
	assert_string_equal(cell.rule, "field.length");
	assert_string_equal(cell.expected, "255 bytes at most");
	read_cell(&id, s);
	assert_string_equal(cell.rule, "field.length");
	read_cell(&sex, s);
	assert_string_equal(cell.rule, "choice.unknown");
	s[256] = 'a';
	s[1000] = '\0';
	expect_text(&name, s, s, 0);
	s[1000] = 'a';
	s[1001] = '\0';
	read_cell(&name, s);
	assert_string_equal(cell.rule, "field.length");
	/* With a mark in it that would be taken out, too. */
	memcpy(s + 500, "\u200b", 3);
	read_cell(&name, s);
	assert_string_equal(cell.rule, "field.length");
	read_cell(&insurance, s);
	assert_string_equal(cell.rule, "field.length");
}

static void a_month_a_period_and_a_list_are_numbers(void **state)
{
	(void)state;
	expect_integer(&month, "2024年7月", 202407, 0);
	expect_integer(&month, "２０２４０７", 202407, PEN_REPAIR_WIDTH);
	read_cell(&month, "999999");
	assert_null(cell.rule);
	assert_int_equal(cell.value.type, PEN_NULL);
	read_cell(&needed_month, "999999");
	assert_string_equal(cell.rule, "field.required");
	read_cell(&month, "2024");
	assert_string_equal(cell.rule, "month.format");
	expect_integer(&period, "2024-01至2024-06", 202401202406, 0);
	read_cell(&period, "2024");
	assert_string_equal(cell.rule, "month.format");
	expect_integer(&month_list, "1-3,7", 0x47, 0);
	read_cell(&month_list, "1-13");
	assert_string_equal(cell.rule, "month.range");
}

static void bounds_of_a_form_of_ones_own_hold_and_are_told(void **state)
{
	const struct pen_field few = { .name = "few", .type = PEN_FIELD_INTEGER, .has_maximum = true, .maximum = 9 };
	const struct pen_field between = { .name = "year", .type = PEN_FIELD_YEAR, .has_minimum = true, .minimum = 1990,
		.has_maximum = true, .maximum = 1999 };

	(void)state;
	expect_integer(&few, "9", 9, 0);
	expect_broken(&few, "10", "integer.range", "9 or less");
	expect_integer(&between, "1990", 1990, 0);
	expect_broken(&between, "1989", "year.range", "1990 to 1999");
	expect_broken(&between, "2000", "year.range", "1990 to 1999");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_cell_is_null_unless_it_is_required),
		cmocka_unit_test(every_mending_is_listed),
		cmocka_unit_test(marks_that_nobody_sees_are_taken_out_and_listed),
		cmocka_unit_test(white_space_of_any_kind_is_taken_off_and_a_tab_is_some),
		cmocka_unit_test(what_makes_a_spreadsheet_take_a_value_for_text_is_opened),
		cmocka_unit_test(a_strict_reading_tells_what_would_have_been_mended),
		cmocka_unit_test(a_long_cell_is_quoted_in_whole_characters),
		cmocka_unit_test(a_citizen_id_is_kept_as_received_and_found_by_18),
		cmocka_unit_test(a_damaged_citizen_id_is_never_guessed),
		cmocka_unit_test(a_citizen_id_that_is_wrong_says_what_would_be_right),
		cmocka_unit_test(a_credit_code_is_checked_by_its_outer_character),
		cmocka_unit_test(a_credit_code_that_became_a_number_or_was_masked_is_not_completed),
		cmocka_unit_test(an_area_has_six_digits_and_a_known_province),
		cmocka_unit_test(a_date_is_a_day_of_the_calendar_up_to_today),
		cmocka_unit_test(the_time_behind_a_day_is_cut_off),
		cmocka_unit_test(a_day_number_of_a_spreadsheet_is_told_in_both_its_calendars),
		cmocka_unit_test(a_year_is_from_1950_to_this_one),
		cmocka_unit_test(months_are_1_to_12),
		cmocka_unit_test(a_whole_number_is_read_out_of_a_fraction_of_zeros_and_its_word),
		cmocka_unit_test(an_integer_lies_within_its_bounds),
		cmocka_unit_test(an_amount_is_exact_or_refused),
		cmocka_unit_test(an_amount_is_freed_of_what_is_written_around_it),
		cmocka_unit_test(a_dash_is_an_amount_of_nothing),
		cmocka_unit_test(what_is_no_amount_is_not_made_one),
		cmocka_unit_test(an_amount_lies_within_its_bounds),
		cmocka_unit_test(a_choice_is_one_of_its_words),
		cmocka_unit_test(an_open_choice_keeps_what_it_does_not_know_as_received),
		cmocka_unit_test(a_name_is_kept_to_the_letter),
		cmocka_unit_test(a_number_of_a_paper_that_was_counted_with_is_rejected),
		cmocka_unit_test(a_month_that_may_be_two_is_not_guessed),
		cmocka_unit_test(a_text_beyond_its_room_is_refused),
		cmocka_unit_test(a_month_a_period_and_a_list_are_numbers),
		cmocka_unit_test(bounds_of_a_form_of_ones_own_hold_and_are_told),
	};

	return cmocka_run_group_tests_name("model/field", tests, NULL, NULL);
}
