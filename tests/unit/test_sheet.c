#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "form_fixture.h"
#include "base/text.h"
#include "model/sheet.h"

#define TODAY 20261123
#define CODE "91330100MA27Y12345"
#define WANG "330106199008072465"
#define LI "330106198503121231"
#define HEADER "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费\n"
#define ROW "2024," CODE "," WANG ",王敏,6500.00,12,12480.00,6240.00\n"
#define OF(id, unit, personal) "2024," CODE "," id ",某人,6500.00,12," unit "," personal "\n"

static struct pen_form *form;
static struct pen_sheet *sheet;
static struct pen_error error;
static uint32_t given;

/* What each record was taken for: . above the header, h the header, r a row, w one
 * of another width, - something else. */
static char marks[128];
static size_t marked;

static void mark(char c)
{
	assert_true(marked + 1 < sizeof(marks));
	marks[marked++] = c;
	marks[marked] = '\0';
}

static int set_up(void **state)
{
	(void)state;
	form = shipped_form("breakdown");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pen_form__free(form);
	return 0;
}

static int close_sheet(void **state)
{
	(void)state;
	pen_sheet__close(sheet);
	sheet = NULL;
	given = 0;
	return 0;
}

static void add_row(const struct pen_csv_field *fields, size_t count)
{
	const struct pen_sheet_header *header = pen_sheet__header(sheet);
	static struct pen_cell cells[PEN_FIELDS_MOST];
	bool fits = count == header->title_count;
	int i, column;

	memset(cells, 0, sizeof(cells));
	for (i = 0; fits && i < form->count; i++) {
		column = header->columns.column_of[i];
		if (column >= 0)
			pen_field__read(&form->fields[i], fields[column].s, fields[column].n, TODAY, &cells[i]);
	}
	pen_sheet__row(sheet, fits ? cells : NULL);
	mark(fits ? 'r' : 'w');
}

static enum pen_status take(const struct pen_csv_field *fields, size_t count, long line)
{
	enum pen_status status;
	bool other;

	if (!pen_sheet__header(sheet)->found) {
		status = pen_sheet_header__look(pen_sheet__header(sheet), fields, count, line, &error);
		mark(pen_sheet__header(sheet)->found ? 'h' : '.');
		return status;
	}
	status = pen_sheet__other(sheet, fields, count, line, &other, &error);
	if (status == PEN_OK && !other)
		add_row(fields, count);
	else
		mark('-');
	return status;
}

/* A whole sheet, a line a record, its fields between commas. */
static enum pen_status run(const char *text)
{
	struct pen_csv_field fields[300];
	enum pen_status status = PEN_OK;
	size_t count, n;
	long line = 1;

	pen_sheet__close(sheet);
	sheet = NULL;
	marked = 0;
	marks[0] = '\0';
	error = (struct pen_error){ 0 };
	assert_int_equal(pen_sheet__open(&sheet, form, PEN_UTF8, given, TODAY, &error), PEN_OK);
	for (; *text && status == PEN_OK; line++) {
		for (count = 0;; text += n + 1) {
			n = strcspn(text, ",\n");
			fields[count++] = (struct pen_csv_field){ .s = text, .n = n };
			if (text[n] != ',')
				break;
		}
		text += n + (text[n] == '\n');
		if (count == 1 && fields[0].n == 0)
			pen_sheet_header__blank(pen_sheet__header(sheet));
		else
			status = take(fields, count, line);
	}
	if (status == PEN_OK && !pen_sheet__header(sheet)->found)
		status = pen_sheet_header__miss(pen_sheet__header(sheet), &error);
	return status;
}

static void expect(const char *text, const char *expected)
{
	enum pen_status status = run(text);

	if (status != PEN_OK)
		fail_msg("line %ld: %s", error.line, error.text);
	assert_string_equal(marks, expected);
}

static void expect_refused(const char *text, const char *code, long line, const char *part)
{
	assert_int_equal(run(text), PEN_INPUT);
	assert_string_equal(error.code, code);
	assert_int_equal(error.line, line);
	if (!strstr(error.text, part))
		fail_msg("\"%s\" is not in: %s", part, error.text);
}

static const struct pen_sheet_counts *counts(void)
{
	static struct pen_sheet_counts now;

	pen_sheet__counts(sheet, &now);
	return &now;
}

/* --------------------------------------------------------------- header -- */

static void the_header_is_found_below_titles(void **state)
{
	(void)state;
	expect(HEADER ROW, "hr");
	expect("sep=;\n某市缴费分解表,,,\n单位：某公司,,统一社会信用代码：," CODE "\n" HEADER ROW, "...hr");
	expect("表,\xff\xfe\n" HEADER ROW, ".hr");
}

static void no_more_than_thirty_records_are_looked_at(void **state)
{
	struct pen_text text = { 0 };
	int i;

	(void)state;
	pen_text__puts(&text, "说明\n");
	for (i = 0; i < 29; i++)
		pen_text__puts(&text, "说明\n");
	pen_text__puts(&text, HEADER ROW);
	expect(text.s + strlen("说明\n"), ".............................hr");
	expect_refused(text.s, "header.unknown", 1, "none of the columns");
	assert_int_equal(strlen(marks), 30);
	pen_text__free(&text);
}

static void the_nearest_record_tells_what_is_missing(void **state)
{
	(void)state;
	expect_refused("表\n年度,姓名\n年度,统一社会信用代码,公民身份号码,姓名\n" ROW, "header.missing", 3, "缴费基数, 单位缴费");
	expect_refused("表\n年度,统一社会信用代码,公民身份号码,姓名\n" ROW, "header.missing", 2, "found 年度, 统一社会信用代码, 公民身份号码, 姓名;");
	expect_refused("表\n年度,年度,姓名\n", "header.twice", 2, "columns 1 and 2");
	expect_refused("", "input.empty", 0, "nothing");
}

static void a_header_of_two_rows_is_put_together(void **state)
{
	const struct pen_sheet_header *header;

	(void)state;
	expect("年度,统一社会信用代码,公民身份号码,姓名,缴费,,金额,\n,,,,基数,月数,单位缴费,个人缴费\n" ROW, ".hr");
	header = pen_sheet__header(sheet);
	assert_int_equal(header->columns.column_of[pen_form__field(form, "base")], 4);
	assert_int_equal(header->title_count, 8);
	/* As they were matched, so that a rejects file has them in one line. */
	assert_memory_equal(header->titles[4].s, "缴费基数", header->titles[4].n);
	assert_memory_equal(header->titles[7].s, "个人缴费", header->titles[7].n);
	assert_memory_equal(header->titles[0].s, "年度", header->titles[0].n);
	/* Not over a blank line, and not where one of the two will do. */
	expect_refused("年度,统一社会信用代码,公民身份号码,姓名,缴费,,金额,\n\n,,,,基数,月数,单位缴费,个人缴费\n" ROW,
	    "header.missing", 1, "缴费基数");
	expect("年度,姓名\n" HEADER ROW, ".hr");
	assert_int_equal(pen_sheet__header(sheet)->own, 1);
}

static void a_merged_title_goes_for_the_columns_to_its_right_and_names_none_alone(void **state)
{
	(void)state;
	/* 个人缴费 stands over two columns, of which one has a title that the form knows. */
	expect("年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,\n"
	    ",,,,,,,比例,\n2024," CODE "," WANG ",王敏,6500.00,12,12480.00,6240.00,\n", "hrr");
	expect("年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,,\n,,,,,,金额,比例,个人缴费\n"
	    "2024," CODE "," WANG ",王敏,6500.00,12,12480.00,16%,6240.00\n", ".hr");
	assert_int_equal(pen_sheet__header(sheet)->columns.field_of[7], -1);
	assert_int_equal(pen_sheet__header(sheet)->columns.column_of[pen_form__field(form, "unit")], 6);
	assert_int_equal(pen_sheet__header(sheet)->columns.column_of[pen_form__field(form, "personal")], 8);
}

static void rows_above_the_header_refuse_the_file(void **state)
{
	(void)state;
	expect_refused("表\n" ROW HEADER ROW, "header.below", 2, "on line 3");
	/* A title that happens to stand where a code would is none. */
	expect("单位," CODE ",,,,,,\n" HEADER ROW, ".hr");
}

static void a_header_on_each_page_is_passed_over_with_the_lines_above_it(void **state)
{
	(void)state;
	expect("某市表,,,,,,,\n" HEADER ROW "某 市 表\n年 度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费\n"
	    ROW, ".hr--r");
	expect("年度,统一社会信用代码,公民身份号码,姓名,缴费,,金额,\n,,,,基数,月数,单位缴费,个人缴费\n" ROW
	    "年度,统一社会信用代码,公民身份号码,姓名,缴费,,金额,\n,,,,基数,月数,单位缴费,个人缴费\n" ROW, ".hr--r");
	/* By other names of the same columns too, with one column more at the end. */
	expect(HEADER ROW "缴费年度,社会信用代码,身份证号码,职工姓名,缴费基数（元/月）,月数,单位缴费(元),AAE082\n" ROW, "hr-r");
}

static void other_titles_further_down_refuse_the_file(void **state)
{
	(void)state;
	expect_refused(HEADER ROW "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,个人缴费,单位缴费\n" ROW,
	    "header.another", 3, "column 7 is 个人缴费 here (\"个人缴费\"), and 单位缴费 by the titles on line 1");
	expect_refused(HEADER ROW "公民身份号码,姓名,单位缴费\n" WANG ",王敏,1.00\n", "header.another", 3, "column 1");
	expect_refused(HEADER ROW "年度,统一社会信用代码,公民身份号码,备注,缴费基数,缴费月数,单位缴费,个人缴费\n", "header.another", 3,
	    "column 4 is none that the form knows here (\"备注\")");
	expect_refused("表\n" HEADER ROW "年度,统一社会信用代码,公民身份号码,身份证号,缴费基数,缴费月数,单位缴费,个人缴费\n", "header.twice", 4,
	    "columns 3 and 4");
	/* A row that has lost its values, or a line for people, is none. */
	expect(HEADER ROW "年度,2024,,,,,,\n", "hrr");
	expect(HEADER ROW "合计,,,,,,12480.00,6240.00\n姓名：,张三,单位缴费,已核,,,,\n", "hr--");
}

static void amounts_in_another_unit_than_yuan_refuse_the_file(void **state)
{
	const char *row = "2024," CODE "," WANG ",王敏,6500.00,12,12480.00,6240.00\n";
	char text[1024];

	(void)state;
	snprintf(text, sizeof(text), "年度,统一社会信用代码,公民身份号码,姓名,缴费基数【元】,缴费月数,单位缴费(元),个人缴费（单位：元）\n%s", row);
	expect(text, "hr");
	snprintf(text, sizeof(text), "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费/元,个人缴费(万元)\n%s", row);
	expect_refused(text, "header.unit", 1, "column 8 gives 个人缴费 in 万元");
	snprintf(text, sizeof(text), "年度,统一社会信用代码,公民身份号码,姓名,缴费基数(元/年),缴费月数,单位缴费,个人缴费\n%s", row);
	expect_refused(text, "header.unit", 1, "元/年");
	snprintf(text, sizeof(text), "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,金额(万元),\n,,,,,,单位缴费,个人缴费\n%s", row);
	expect_refused(text, "header.unit", 1, "column 7 gives 单位缴费 in 万元");
	expect_refused("分解表,,,金额单位：万元,,,,\n" HEADER ROW, "header.unit", 1, "金额单位:万元");
	expect_refused("分解表（万元）\n" HEADER ROW, "header.unit", 1, "万元");
	expect_refused(HEADER ROW "备注：单位：万元,,,,,,,\n", "header.unit", 3, "万元");
	/* A column of something else may be in any unit. */
	expect("金额单位：元\n年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费,注册资本(万元)\n", ".h");
}

static void a_declared_field_needs_no_column_and_may_have_none(void **state)
{
	(void)state;
	given = UINT32_C(1) << pen_form__field(form, "year");
	expect("统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费\n"
	    CODE "," WANG ",王敏,6500.00,12,12480.00,6240.00\n", "hr");
	expect_refused(HEADER ROW, "header.given", 1, "column 1 gives 年度");
}

/* --------------------------------------------------------------- totals -- */

static void a_total_that_agrees_is_counted_and_no_row(void **state)
{
	static const char *const words[] = { "合计", "总计", "小计", "共计", "总合计", "本页小计", "本页合计", "累计",
		"页计", "合计金额", "合 计", "合　计：", "总计:", " 小计 ", "人民币合计", "合计人民币：", "合计2人", "合计（2人）",
		"合计（元）", "总计：共2人次", "小计2条:" };
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		snprintf(text, sizeof(text), HEADER ROW ROW ",,,%s,,24,24960.00,12480.00\n", words[i]);
		expect(text, "hrr-");
		assert_int_equal(counts()->totals, 1);
		assert_int_equal(counts()->unchecked, 0);
	}
	expect(HEADER ROW "合计,,,,,,12480.00,6240.00,\n", "hr-");	/* of any width */
	expect(HEADER ROW "合计,共 1 人,,,—,12,12480\n", "hr-");
	assert_int_equal(counts()->totals, 1);
	expect(HEADER ROW ",,,合计,,,,\n", "hr-");
	assert_int_equal(counts()->totals, 0);		/* nothing was compared */
	expect(HEADER ROW "合计人,,,,,,1.00,\n", "hrr");
}

static void a_total_that_is_wrong_stops_the_file(void **state)
{
	(void)state;
	expect_refused(HEADER ROW ROW "合计,,,,,,24960.00,12480.01\n", "total.wrong", 4, "says 12480.01");
	assert_string_equal(error.column, "个人缴费");
	assert_non_null(strstr(error.text, "come to 12480.00"));
	expect_refused(HEADER ROW ",,小计,,,,12480.00,6240.00\n" ROW "小计,,,,,,24960.00,12480.00\n", "total.wrong", 5,
	    "since the last one come to 12480.00, all the rows above to 24960.00");
	expect_refused(HEADER ROW ",,小计,,,,12480.00,6240.00\n" ROW "总计,,,,,,12480.00,6240.00\n", "total.wrong", 5,
	    "all the rows above come to 24960.00");
	/* Each figure alone would be one of the two sums. */
	expect_refused(HEADER ROW ",,小计,,,,12480.00,6240.00\n" ROW "合计,,,,,,24960.00,6240.00\n", "total.wrong", 5, "24960.00");
	expect_refused(HEADER "合计,,,,,,12480.00,\n" ROW, "total.wrong", 2, "come to 0.00");
}

static void totals_sum_up_what_stands_above_them_or_their_part_of_it(void **state)
{
	(void)state;
	expect(HEADER ROW "小计,,,,,,12480.00,6240.00\n" ROW ROW "小计,,,,,,24960.00,12480.00\n"
	    "合计,,,,,,37440.00,18720.00\n", "hr-rr--");
	assert_int_equal(counts()->totals, 3);
	/* Subtotals within each of several employers, whose totals follow. */
	expect(HEADER ROW "小计,,,,,,12480.00,\n" ROW "小计,,,,,,12480.00,\n合计,,,,,,24960.00,\n"
	    ROW "小计,,,,,,12480.00,\n合计,,,,,,12480.00,\n总计,,,,,,37440.00,\n", "hr-r--r---");
	assert_int_equal(counts()->totals, 6);
	expect(HEADER ROW "本页合计,,,,,,12480.00,\n累计,,,,,,12480.00,\n" ROW "本页合计,,,,,,12480.00,\n累计,,,,,,24960.00,\n", "hr--r--");
}

static void a_total_of_an_employer_may_name_it_but_nobody(void **state)
{
	(void)state;
	expect(HEADER ROW "2024," CODE ",,小计,,12,12480.00,6240.00\n", "hr-");
	expect(HEADER ROW "2024," CODE "," WANG ",小计,,12,12480.00,6240.00\n", "hrr");
	/* A number that was lost is a person's all the same. */
	expect(HEADER ROW ",,3.30106E+17,小计,,12,1.00,1.00\n", "hrr");
	expect(HEADER ROW ",,3301**********2465,小计,,12,1.00,1.00\n", "hrr");
}

static void an_amount_that_could_not_be_read_leaves_its_column_unchecked(void **state)
{
	(void)state;
	expect(HEADER ROW OF(LI, "12.480.00", "6240.00") "合计,,,,,,99.00,12480.00\n", "hrr-");
	assert_int_equal(counts()->unchecked, 1);
	assert_int_equal(counts()->totals, 0);
	expect_refused(HEADER ROW OF(LI, "12.480.00", "6240.00") "合计,,,,,,99.00,12480.01\n", "total.wrong", 4, "12480.01");
	expect(HEADER ROW "2024," CODE ",王,敏,6500.00,12,12480.00,6240.00,\n" "合计,,,,,,99.00,1.00\n", "hrw-");
	assert_int_equal(counts()->unchecked, 1);
	/* The next part is whole again. */
	expect(HEADER OF(LI, "x", "6240.00") "小计,,,,,,99.00,6240.00\n" ROW "小计,,,,,,12480.00,6240.00\n", "hr-r-");
	assert_int_equal(counts()->unchecked, 1);
	assert_int_equal(counts()->totals, 1);
}

static void rows_that_are_refused_count_as_far_as_they_can_be_read(void **state)
{
	(void)state;
	expect(HEADER ROW OF("330106199008072466", "(80.00)", "") "合计,,,,,,12400.00,6240.00\n", "hrr-");
	assert_int_equal(counts()->totals, 1);
}

static void a_file_without_identifiers_is_looked_at_row_by_row(void **state)
{
	(void)state;
	expect(HEADER ROW, "hr");
	assert_false(pen_sheet__wary(sheet));
	given = UINT32_C(1) << pen_form__field(form, "credit_code") | UINT32_C(1) << pen_form__field(form, "id_number");
	expect("年度,姓名,缴费基数,缴费月数,单位缴费,个人缴费\n2024,王敏,6500.00,12,12480.00,6240.00\n2024,合计,,12,12480.00,6240.00\n", "hr-");
	assert_true(pen_sheet__wary(sheet));
}

static void a_sheet_for_people_without_a_total_is_told(void **state)
{
	(void)state;
	expect("某市表\n" HEADER ROW, ".hr");
	assert_true(counts()->untotalled);
	expect("某市表\n" HEADER ROW "合计,,,,,,12480.00,\n", ".hr-");
	assert_false(counts()->untotalled);
	expect(HEADER ROW, "hr");
	assert_false(counts()->untotalled);
}

/* -------------------------------------------------------------- footers -- */

static void lines_for_people_are_counted_and_kept(void **state)
{
	struct pen_text text = { 0 };
	int i;

	(void)state;
	expect(HEADER ROW "合计,,,,,,12480.00,6240.00\n制表人：张三,,审核：李四,,,,,\n某市\n打印时间,2024-07-01 10:00:00\n" "电话,0571-88888888\n",
	    "hr-----");
	assert_int_equal(counts()->footers, 4);
	assert_int_equal(counts()->footer[0].line, 4);
	assert_string_equal(counts()->footer[0].text, "制表人：张三 审核：李四");
	pen_text__puts(&text, HEADER ROW "备注,");
	for (i = 0; i < 100; i++)
		pen_text__puts(&text, "长");
	for (i = 0; i < 25; i++)
		pen_text__puts(&text, "\n第 1 页 共 2 页");
	assert_int_equal(run(text.s), PEN_OK);
	pen_text__free(&text);
	assert_int_equal(counts()->footers, 26);
	assert_int_equal(strlen(counts()->footer[0].text), 199);	/* in whole characters */
	assert_string_equal(counts()->footer[19].text, "第 1 页 共 2 页");
}

static void without_a_total_above_it_a_footer_begins_like_one(void **state)
{
	static const char *const lines[] = { "制表：张三", "审核人", "复核", ",,打印日期：2024-07-01", "填报单位：某公司", "填表人",
		"单位负责人：", "负责人", "经办人：王", "报送日期,2024.7.1", "备注：", "说明：", "注:以上", "注：以上", "第1页", "共 3 页",
		"共 12 人", "日期：2024年7月1日", "导出时间：2024-07-01" };
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), "%s%s%s\n%s", HEADER, ROW, lines[i], ROW);
		expect(text, "hr-r");
		assert_int_equal(counts()->footers, 1);
	}
	expect(HEADER ROW "某市社会保险局\n", "hrw");
	expect(HEADER ROW "第三车间\n", "hrw");
}

static void what_might_be_data_is_a_row(void **state)
{
	static const char *const lines[] = { ",," WANG, "," CODE ",,,,,,", "备注,,,,,,12.00,", ",,,,,,,3", "备注,12.50",
		",,3.30106E+17,张三,,,,", ",,3301**********2465,,,,,", ",,33010619900807246,,,,,",
		"2024,x,y,张三,a,b,c,d" };
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), "%s%s合计,,,,,,12480.00,\n%s\n", HEADER, ROW, lines[i]);
		assert_int_equal(run(text), PEN_OK);
		if (marks[3] == '-')
			fail_msg("taken for a footer: %s", lines[i]);
	}
	/* And after the next row the sum is behind it. */
	expect(HEADER ROW "合计,,,,,,12480.00,\n" ROW "某市\n", "hr-rw");
}

static void amounts_that_no_sum_holds_leave_their_column_unchecked(void **state)
{
	static const char *const total[] = { "合计", "", "", "", "", "", "99.00", "6240.00" };
	struct pen_csv_field fields[8];
	int64_t fen[PEN_FIELDS_MOST] = { 0 };
	size_t i;

	(void)state;
	expect(HEADER ROW, "hr");
	fen[pen_form__field(form, "unit")] = INT64_MAX;
	pen_sheet__rows(sheet, 2, fen);
	for (i = 0; i < 8; i++)
		fields[i] = (struct pen_csv_field){ .s = total[i], .n = strlen(total[i]) };
	assert_int_equal(take(fields, 8, 5), PEN_OK);
	assert_int_equal(counts()->unchecked, 1);
}

int main(void)
{
#define SHEET(test) cmocka_unit_test_teardown(test, close_sheet)
	const struct CMUnitTest tests[] = {
		SHEET(the_header_is_found_below_titles),
		SHEET(no_more_than_thirty_records_are_looked_at),
		SHEET(the_nearest_record_tells_what_is_missing),
		SHEET(a_header_of_two_rows_is_put_together),
		SHEET(a_merged_title_goes_for_the_columns_to_its_right_and_names_none_alone),
		SHEET(rows_above_the_header_refuse_the_file),
		SHEET(a_header_on_each_page_is_passed_over_with_the_lines_above_it),
		SHEET(other_titles_further_down_refuse_the_file),
		SHEET(amounts_in_another_unit_than_yuan_refuse_the_file),
		SHEET(a_declared_field_needs_no_column_and_may_have_none),
		SHEET(a_total_that_agrees_is_counted_and_no_row),
		SHEET(a_total_that_is_wrong_stops_the_file),
		SHEET(totals_sum_up_what_stands_above_them_or_their_part_of_it),
		SHEET(a_total_of_an_employer_may_name_it_but_nobody),
		SHEET(an_amount_that_could_not_be_read_leaves_its_column_unchecked),
		SHEET(rows_that_are_refused_count_as_far_as_they_can_be_read),
		SHEET(a_file_without_identifiers_is_looked_at_row_by_row),
		SHEET(a_sheet_for_people_without_a_total_is_told),
		SHEET(lines_for_people_are_counted_and_kept),
		SHEET(without_a_total_above_it_a_footer_begins_like_one),
		SHEET(what_might_be_data_is_a_row),
		SHEET(amounts_that_no_sum_holds_leave_their_column_unchecked),
	};
	return cmocka_run_group_tests_name("model/sheet", tests, set_up, tear_down);
}
