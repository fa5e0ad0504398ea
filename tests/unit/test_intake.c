#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "form_fixture.h"
#include "base/error.h"
#include "base/text.h"
#include "model/intake.h"
#include "model/reader.h"

#define TODAY 20261123
#define CODE "91330100MA27Y12345"
#define WANG "330106199008072465"
#define HEADER "年度,统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费"
#define ROW "2024," CODE "," WANG ",王敏,6500.00,12,12480.00,6240.00"

static struct pen_parameters *parameters;
static struct pen_form *form;
static struct pen_error error;
static struct pen_reference reference;
static struct pen_intake *intake;
static struct pen_reader *reader;
static struct pen_intake_counts counts;
static enum pen_status sink_status;
static const struct pen_given *given;
static size_t given_count;
static bool strict;

/* What the sink was given, a line each: "line@byte amount field:rule … [width]". */
static struct pen_text taken;

static const struct pen_person_facts *ask_person(void *context, const char id18[19], bool claim)
{
	static const struct pen_person_facts wang = { .person = 7, .registered = true, .name = "王敏",
		.payer = "employee" };

	(void)context;
	(void)claim;
	return strcmp(id18, WANG) == 0 ? &wang : NULL;
}

static int64_t ask_employer(void *context, const char *credit_code, bool claim)
{
	(void)context;
	(void)claim;
	return strcmp(credit_code, CODE) == 0 ? 1 : 0;
}

static bool ask_nothing(void *context, int64_t employer, const struct pen_row *row)
{
	(void)context;
	(void)employer;
	(void)row;
	return false;
}

static bool ask_registered(void *context, int64_t person, int64_t employer, int32_t since)
{
	(void)context;
	(void)person;
	(void)employer;
	(void)since;
	return false;
}

static enum pen_status take(void *context, const struct pen_intake_line *line, struct pen_error *e)
{
	int i;

	assert_ptr_equal(context, &taken);
	pen_text__printf(&taken, "%ld@%lld %lld", line->line, (long long)line->byte,
	    (long long)line->judged.shaped.amount_fen);
	for (i = 0; i < line->judged.findings->count; i++)
		pen_text__printf(&taken, " %s:%s", line->judged.findings->at[i].field, line->judged.findings->at[i].rule->id);
	for (i = 0; i < form->count; i++) {
		if (line->judged.cells[i].repairs)
			pen_text__printf(&taken, " %s~%u", form->fields[i].name, line->judged.cells[i].repairs);
	}
	pen_text__printf(&taken, " [%zu]\n", line->source_count);
	if (sink_status != PEN_OK)
		return pen_error__set(e, sink_status, "test.sink", "the sink stops");
	return PEN_OK;
}

static int set_up(void **state)
{
	static const char table[] =
		"name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
		"contribution.unit,000000,employee,,,16,percent,test,yes,\n"
		"contribution.personal,000000,employee,,,8,percent,test,yes,\n"
		"share.tolerance,000000,,,,0.500,fen/month,test,yes,\n";

	(void)state;
	parameters = pen_parameter__new();
	assert_non_null(parameters);
	assert_int_equal(pen_parameter__add(parameters, "test", table, strlen(table), &error), PEN_OK);
	form = shipped_form("breakdown");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pen_form__free(form);
	pen_parameter__free(parameters);
	pen_text__free(&taken);
	return 0;
}

static void open_intake(enum pen_encoding encoding)
{
	const struct pen_intake_plan plan = { .judging = { .form = form, .parameters = parameters,
		.reference = &reference, .encoding = pen_reader__fields(encoding), .area = "330100", .today = TODAY,
		.given = given, .given_count = given_count, .strict = strict }, .sink = take, .context = &taken };
	struct pen_reader_plan reader_plan = { .encoding = encoding, .form = form,
		.record = pen_intake__record, .columns = pen_intake__columns };

	reference = (struct pen_reference){ .person = ask_person, .employer = ask_employer,
		.levy_known = ask_nothing, .registered = ask_registered };
	sink_status = PEN_OK;
	pen_text__clear(&taken);
	error = (struct pen_error){ 0 };
	pen_reader__close(reader);	/* of the run before, in a test with several */
	reader = NULL;
	assert_int_equal(pen_intake__open(&intake, &plan, &error), PEN_OK);
	/* One that a test has left from a file before. */
	pen_reader__close(reader);
	reader_plan.context = intake;
	assert_int_equal(pen_reader__open(&reader, &reader_plan, &error), PEN_OK);
}

static int close_intake(void **state)
{
	(void)state;
	pen_reader__close(reader);
	pen_intake__close(intake);
	reader = NULL;
	intake = NULL;
	given = NULL;
	given_count = 0;
	strict = false;
	return 0;
}

/* Runs a whole file through, `step` bytes at a time. */
static enum pen_status run(const char *bytes, size_t n, size_t step)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < n && status == PEN_OK; i += step)
		status = pen_reader__feed(reader, bytes + i, n - i < step ? n - i : step, &error);
	if (status == PEN_OK)
		status = pen_reader__finish(reader, &error);
	if (status == PEN_OK)
		status = pen_intake__finish(intake, &error);
	pen_intake__counts(intake, &counts);
	return status;
}

static enum pen_status run_text(const char *text)
{
	open_intake(PEN_UTF8);
	return run(text, strlen(text), strlen(text) + 1);
}

static void assert_taken(const char *expected)
{
	assert_string_equal(taken.s ? taken.s : "", expected);
}

/* ----------------------------------------------------------------- rows -- */

static void rows_come_out_shaped_with_line_and_byte(void **state)
{
	char expected[64];

	(void)state;
	assert_int_equal(run_text(HEADER "\n" ROW "\n"), PEN_OK);
	snprintf(expected, sizeof(expected), "2@%zu 1872000 [8]\n", strlen(HEADER "\n"));
	assert_taken(expected);
	assert_int_equal(counts.read, 2);
	assert_int_equal(counts.other, 1);
	assert_int_equal(counts.judge.private_use, 0);
	assert_true(counts.judge.base_unchecked);
	assert_false(counts.judge.share_unchecked);
}

static void it_makes_no_difference_how_the_bytes_are_cut(void **state)
{
	static const char file[] = "\xef\xbb\xbf\"年度\"" ",统一社会信用代码,公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费\r\n"
	    "\r\n" ROW "\r\n" "2024," CODE "," WANG ",\"王\n敏\",6500.00,12,12480.00,6240.00\r\n" ROW;
	char whole[512];
	size_t step;

	(void)state;
	open_intake(PEN_UTF8_BOM);
	assert_int_equal(run(file, sizeof(file) - 1, sizeof(file)), PEN_OK);
	assert_int_equal(counts.read, 5);
	assert_int_equal(counts.other, 2);
	snprintf(whole, sizeof(whole), "%s", taken.s);
	assert_non_null(strstr(whole, "\n4@"));
	assert_non_null(strstr(whole, "\n6@"));
	pen_intake__close(intake);
	for (step = 1; step < 8; step++) {
		open_intake(PEN_UTF8_BOM);
		assert_int_equal(run(file, sizeof(file) - 1, step), PEN_OK);
		assert_taken(whole);
		if (step < 7)
			pen_intake__close(intake);
	}
}

static void the_byte_is_that_of_the_file_with_its_bom(void **state)
{
	static const char file[] = "\xef\xbb\xbf" HEADER "\n" ROW "\n";
	char expected[64];

	(void)state;
	open_intake(PEN_UTF8_BOM);
	assert_int_equal(run(file, sizeof(file) - 1, 2), PEN_OK);
	snprintf(expected, sizeof(expected), "2@%zu 1872000 [8]\n", 3 + strlen(HEADER "\n"));
	assert_taken(expected);
}

static void lines_of_nothing_are_other_wherever_they_stand(void **state)
{
	(void)state;
	assert_int_equal(run_text("\n ,,\n" HEADER "\n\n,,,,,,,\n" ROW "\n\t\n\x1a"), PEN_OK);
	assert_int_equal(counts.read, 7);
	assert_int_equal(counts.other, 6);
	assert_int_equal(pen_reader__padding(reader), 1);	/* 0x1a at the end is no line */
	assert_non_null(strstr(taken.s, "6@"));
}

static void columns_may_come_in_any_order_and_unknown_ones_are_passed_over(void **state)
{
	size_t n;

	(void)state;
	/* AAC003 is the code of 姓名: the same column twice */
	assert_int_equal(run_text("个人缴费,序号,单位缴费,AAC003,姓 名,缴费月数,缴费基数,公民身份号码,统一社会信用代码,年度\n"), PEN_INPUT);
	pen_intake__close(intake);
	assert_int_equal(run_text("personal,序号,unit,name,months,base,id_number,credit_code,year\n"
	    "6240.00,\xff\xfe,12480.00,王敏,12,6500.00," WANG "," CODE ",2024\n"), PEN_OK);
	assert_non_null(strstr(taken.s, " 1872000 [9]"));
	assert_int_equal(pen_intake__header(intake)->field_of[1], -1);
	assert_int_equal(pen_intake__titles(intake, &n)[1].n, strlen("序号"));
	assert_int_equal(n, 9);
}

static void repairs_and_findings_go_to_the_sink(void **state)
{
	(void)state;
	assert_int_equal(run_text(HEADER "\n"
	    "2024," CODE ", " WANG " ,王敏,6500.00,１２,12480.00,6240.00\n"
	    "2024," CODE ",330106199008072466,,6500.00,12,12480.00,6240.00\n" ROW "\n"), PEN_OK);
	assert_non_null(strstr(taken.s, " 1872000 id_number~1 months~2 [8]\n"));
	assert_non_null(strstr(taken.s, " 1872000 id_number:id.check name:field.required [8]\n"));
	/* Nothing of a bad line hangs on to the next. */
	assert_non_null(strstr(taken.s, "4@"));
	assert_non_null(strstr(strstr(taken.s, "4@"), " 1872000 [8]\n"));
}

static void a_line_of_another_width_is_refused_whole(void **state)
{
	(void)state;
	assert_int_equal(run_text(HEADER "\n" ROW ",\n" ROW ",, \n" ROW ",x\n" "2024," CODE "," WANG "\n"
	    "2024," CODE ", " WANG ",王,敏,6500.00,12,12480.00,6240.00\n"), PEN_OK);
	assert_int_equal(counts.read, 6);
	assert_int_equal(counts.other, 1);
	assert_non_null(strstr(taken.s, "2@"));
	assert_non_null(strstr(taken.s, " 1872000 [9]\n"));
	assert_non_null(strstr(taken.s, " 1872000 [10]\n"));
	assert_non_null(strstr(taken.s, " 0 :row.columns [9]\n"));
	assert_non_null(strstr(taken.s, " 0 :row.columns [3]\n"));
	/* The last field is empty, because an amount before it has its comma. */
	pen_intake__close(intake);
	assert_int_equal(run_text(HEADER "\n2024," CODE "," WANG ",王敏,6 ,500.00,12,12480.00,\n"), PEN_OK);
	assert_non_null(strstr(taken.s, " 0 :row.columns [9]\n"));
}

/* --------------------------------------------------------------- sheets -- */

static size_t to_gb18030(const char *text, char *out, size_t room)
{
	iconv_t cd = iconv_open("GB18030", "UTF-8");
	char *in = (char *)(uintptr_t)text, *to = out;
	size_t n = strlen(text), left = room;

	assert_true(cd != (iconv_t)-1);
	assert_int_equal(iconv(cd, &in, &n, &to, &left), 0);
	iconv_close(cd);
	return room - left;
}

static void what_is_no_row_goes_to_no_sink_and_is_counted(void **state)
{
	(void)state;
	assert_int_equal(run_text("某公司缴费分解表\n" HEADER "\n" ROW "\n小计,,,,,,12480.00,6240.00\n" HEADER "\n" ROW "\n"
	    "合计,,,,,,24960.00,12480.00\n制表：张三\n"), PEN_OK);
	assert_int_equal(counts.read, 8);
	assert_int_equal(counts.other, 6);
	assert_int_equal(counts.totals, 2);
	assert_int_equal(counts.sheet.footers, 1);
	assert_string_equal(counts.sheet.footer[0].text, "制表：张三");
	assert_non_null(strstr(taken.s, "3@"));
	assert_non_null(strstr(taken.s, "\n6@"));
	pen_intake__close(intake);
	assert_int_equal(run_text(HEADER "\n" ROW "\n合计,,,,,,12480.00,6240.01\n" ROW "\n"), PEN_INPUT);
	assert_string_equal(error.code, "total.wrong");
	assert_int_equal(error.line, 3);
	assert_int_equal(counts.read, 3);
}

static void sheets_in_gb18030_are_sheets_too(void **state)
{
	char file[1024];
	size_t n = to_gb18030("缴费表\n年度,统一社会信用代码,公民身份号码,姓名,缴费,,金额,\n,,,,基数,月数,单位缴费,个人缴费\n"
	    ROW "\n小　计：,,,,,,12480.00,6240.00\n制表：\n", file, sizeof(file)), count;

	(void)state;
	open_intake(PEN_GB18030);
	assert_int_equal(run(file, n, 5), PEN_OK);
	assert_non_null(strstr(taken.s, "4@"));
	assert_non_null(strstr(taken.s, " 1872000 [8]\n"));
	assert_int_equal(counts.other, 5);
	/* The titles are raw: 缴费基数 in GB18030. */
	assert_int_equal(pen_intake__titles(intake, &count)[4].n, 8);
}

static void what_is_declared_stands_in_every_row(void **state)
{
	static const struct pen_given both[] = { { "年度", " 2024 " }, { "credit_code", "91330100ma27y12345" } };

	(void)state;
	given = both;
	given_count = 2;
	assert_int_equal(run_text("公民身份号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费\n" WANG ",王敏,6500.00,12,12480.00,6240.00\n"
	    WANG ",王,敏,6500.00,12,12480.00,6240.00\n" WANG ",王敏,6500.00,12,12480.00,6240.00\n"), PEN_OK);
	assert_non_null(strstr(taken.s, "2@"));
	assert_non_null(strstr(taken.s, " 1872000 [6]\n3@"));
	assert_non_null(strstr(taken.s, " 0 :row.columns [7]\n4@"));
	assert_non_null(strstr(strstr(taken.s, "\n4@"), " 1872000 [6]\n"));	/* no repair, no finding */
}

static void what_is_declared_must_be_a_value_of_a_field_and_the_only_one(void **state)
{
	static const struct { struct pen_given given[2]; size_t count; const char *code, *part; } cases[] = {
		{ { { "年度", "24" } }, 1, "given.value", "年度 was declared as \"24\"" },
		{ { { "凭证号码", " " } }, 1, "given.value", "a value" },
		{ { { "险种", "养老" } }, 1, "given.field", "险种" },
		{ { { "year", "2024" }, { "AAE001", "2024" } }, 2, "given.field", "each once" },
	};
	const struct pen_intake_plan plan = { .judging = { .form = form, .parameters = parameters, .reference = &reference,
		.encoding = PEN_UTF8, .area = "330100", .today = TODAY }, .sink = take };
	struct pen_intake_plan with;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with = plan;
		with.judging.given = cases[i].given;
		with.judging.given_count = cases[i].count;
		assert_int_equal(pen_intake__open(&intake, &with, &error), PEN_INPUT);
		assert_string_equal(error.code, cases[i].code);
		assert_non_null(strstr(error.text, cases[i].part));
	}
	given = &(const struct pen_given){ "年度", "2024" };
	given_count = 1;
	assert_int_equal(run_text(HEADER "\n" ROW "\n"), PEN_INPUT);
	assert_string_equal(error.code, "header.given");
}

static void strictly_read_a_row_that_needs_mending_is_refused(void **state)
{
	(void)state;
	strict = true;
	assert_int_equal(run_text(HEADER "\n" ROW "\n2024," CODE "," WANG ",王敏,\"6,500.00\",12.0,12480.00,6240.00\n"
	    "小 计：,,,,,,\"24,960.00\",12480.00\n"), PEN_OK);
	assert_non_null(strstr(taken.s, " 1872000 [8]\n3@"));
	assert_non_null(strstr(taken.s, " 1872000 base:repair.strict months:repair.strict"));
	assert_int_equal(counts.sheet.totals, 1);
}

static void a_nearest_header_is_told_when_the_file_ends(void **state)
{
	(void)state;
	assert_int_equal(run_text("表\n年度,姓名\n1,2\n"), PEN_INPUT);
	assert_string_equal(error.code, "header.missing");
	assert_int_equal(error.line, 2);
	assert_int_equal(counts.read, counts.other);
}

/* ------------------------------------------------------------ encodings -- */

static void a_gb18030_file_reads_as_its_utf8_twin(void **state)
{
	char file[1024];
	size_t n = to_gb18030(HEADER ",到账日期,凭证号码\n"
	    "2024," CODE "," WANG ",王　敏,6500.00,12,12480.00,6240.00,2024年12月1日,凭证一二三四五六七\n"
	    "2024," CODE "," WANG ",𠮷田,6500.00,12,12480.00,6240.00,,\n", file, sizeof(file));

	(void)state;
	open_intake(PEN_GB18030);
	assert_int_equal(run(file, n, 7), PEN_OK);
	assert_non_null(strstr(taken.s, "2@"));
	assert_non_null(strstr(taken.s, " 1872000 [10]\n"));
	assert_non_null(strstr(taken.s, " 1872000 name:name.matches [10]\n"));
}

static void bytes_that_are_no_text_are_a_finding_of_their_cell(void **state)
{
	static const char line[] = "2024," CODE "," WANG ",\xcd\xf5\xff,6500.00,12,12480.00,6240.00\n"
	    "2024," CODE "," WANG ",\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff,6500.00,12,12480.00,6240.00\n";
	char file[1024];
	size_t n = to_gb18030(HEADER "\n", file, sizeof(file));

	(void)state;
	memcpy(file + n, line, sizeof(line) - 1);
	open_intake(PEN_GB18030);
	assert_int_equal(run(file, n + sizeof(line) - 1, 100), PEN_OK);
	assert_non_null(strstr(taken.s, " 1872000 name:text.encoding [8]\n"));
	assert_int_equal(error.status, PEN_OK);		/* a finding, and no error */
}

static void private_use_characters_are_counted(void **state)
{
	(void)state;
	assert_int_equal(run_text(HEADER "\n2024," CODE "," WANG ",王\xee\xa0\xa0,6500.00,12,12480.00,6240.00\n"), PEN_OK);
	assert_int_equal(counts.judge.private_use, 1);
}

/* ----------------------------------------------------------------- JSON -- */

#define JSON_ROW "\"year\":2024,\"credit_code\":\"" CODE "\",\"AAC002\":\"" WANG "\",\"姓名\":\"王敏\"," \
	"\"base\":\"6500.00\",\"months\":12,"

static void json_comes_to_the_same_rows_by_its_keys(void **state)
{
	(void)state;
	assert_int_equal(run_text("[{" JSON_ROW "\"unit_fen\":1248000,\"personal_fen\":\"624000\"},\n"
	    "{\"personal_fen\":624000," JSON_ROW "\"unit_fen\":1248000,\"x\":{}}]"), PEN_OK);
	assert_non_null(strstr(taken.s, "1@1 1872000 [8]\n2@"));
	assert_non_null(strstr(taken.s, " 1872000 [9]\n"));
	assert_int_equal(counts.read, 2);
	assert_int_equal(counts.other, 0);	/* no record is the header */
	pen_intake__close(intake);
	assert_int_equal(run_text("[{" JSON_ROW "\"unit\":\"12480.00\",\"personal\":\"6240\"},\n"
	    "{\"personal_fen\":624000," JSON_ROW "\"unit\":\"12480\"}]"), PEN_INPUT);
	assert_string_equal(error.code, "header.twice");
	assert_int_equal(error.line, 2);
}

static void fen_are_whole_in_csv_too(void **state)
{
	(void)state;
	assert_int_equal(run_text("年度,统一社会信用代码,公民身份号码,姓名,base_fen,缴费月数,单位缴费,personal_fen\n"
	    "2024," CODE "," WANG ",王敏,650000,12,12480.00,624000\n"
	    "2024," CODE "," WANG ",王敏,6500.00,12,12480.00,624000\n"
	    "2024," CODE "," WANG ",王敏,65e4,12,12480.00,624000\n"), PEN_OK);
	assert_non_null(strstr(taken.s, " 1872000 [8]\n3@"));
	assert_non_null(strstr(strstr(taken.s, "\n3@"), "base:amount.format"));
	assert_non_null(strstr(strstr(taken.s, "\n4@"), "base:amount.format"));
}

static void what_json_made_of_a_value_is_a_finding(void **state)
{
	(void)state;
	assert_int_equal(run_text("{\"year\":2024,\"credit_code\":\"" CODE "\",\"id_number\":" WANG ",\"name\":null,"
	    "\"base\":6500.00,\"months\":[12],\"unit\":\"1\",\"personal\":true}"), PEN_OK);
	assert_non_null(strstr(taken.s, "id_number:json.number"));
	assert_non_null(strstr(taken.s, "name:field.required"));
	assert_non_null(strstr(taken.s, "base:json.number"));
	assert_non_null(strstr(taken.s, "months:json.nested"));
	assert_non_null(strstr(taken.s, "personal:json.truth"));
}

static void a_key_that_a_row_lacks_is_a_finding_and_one_that_all_lack_refuses(void **state)
{
	(void)state;
	assert_int_equal(run_text("{" JSON_ROW "\"unit\":\"1\"}\n{" JSON_ROW "\"unit\":\"1\",\"personal\":\"1\"}"), PEN_OK);
	assert_non_null(strstr(taken.s, "personal:field.required [7]\n"));
	pen_intake__close(intake);
	assert_int_equal(run_text("{" JSON_ROW "\"unit\":\"1\"}"), PEN_INPUT);
	assert_string_equal(error.code, "header.missing");
	pen_intake__close(intake);
	assert_int_equal(run_text("[]"), PEN_INPUT);
	assert_string_equal(error.code, "input.rows");
	pen_intake__close(intake);
	assert_int_equal(run_text("[{\"rows\":[]}]"), PEN_INPUT);
	assert_string_equal(error.code, "header.unknown");
	assert_int_equal(error.line, 1);
}

static void control_characters_reject_their_row_alone(void **state)
{
	static const char file[] = HEADER "\n2024," CODE "," WANG ",王\0敏,6500.00,12,12480.00,6240.00\n" ROW "\n";

	(void)state;
	open_intake(PEN_UTF8);
	assert_int_equal(run(file, sizeof(file), 50), PEN_OK);
	assert_non_null(strstr(taken.s, "name:text.control"));
	assert_non_null(strstr(taken.s, " 1872000 [8]\n"));
	assert_int_equal(counts.read, 3);
	assert_int_equal(pen_reader__padding(reader), 1);
}

/* ------------------------------------------------------------- refusals -- */

static void a_file_without_header_or_without_rows_is_unusable(void **state)
{
	(void)state;
	assert_int_equal(run_text(""), PEN_INPUT);
	assert_string_equal(error.code, "input.empty");
	pen_intake__close(intake);
	assert_int_equal(run_text("\n\n,,\n"), PEN_INPUT);
	assert_string_equal(error.code, "input.empty");
	assert_null(pen_intake__header(intake));
	pen_intake__close(intake);
	assert_int_equal(run_text(HEADER "\n\n"), PEN_INPUT);
	assert_string_equal(error.code, "input.rows");
	assert_non_null(pen_intake__header(intake));
}

static void a_header_of_another_form_is_refused_with_its_line(void **state)
{
	char many[2048];
	size_t i;

	(void)state;
	assert_int_equal(run_text("\n甲,乙\n1,2\n"), PEN_INPUT);
	assert_int_equal(error.line, 2);
	pen_intake__close(intake);
	assert_int_equal(run_text("年度,姓名\n1,2\n"), PEN_INPUT);
	assert_int_equal(error.line, 1);
	pen_intake__close(intake);
	for (i = 0; i < 300; i++)
		memcpy(many + 2 * i, "a,", 2);
	many[600] = '\0';
	assert_int_equal(run_text(many), PEN_INPUT);
	assert_string_equal(error.code, "header.columns");
}

static void a_sink_or_a_store_that_fails_stops_the_intake(void **state)
{
	(void)state;
	open_intake(PEN_UTF8);
	sink_status = PEN_INCOMPLETE;
	assert_int_equal(run(HEADER "\n" ROW "\n" ROW "\n", strlen(HEADER "\n" ROW "\n" ROW "\n"), 1000), PEN_INCOMPLETE);
	assert_string_equal(error.code, "test.sink");
	assert_int_equal(counts.read, 2);
	pen_intake__close(intake);
	open_intake(PEN_UTF8);
	reference.failed = true;
	assert_int_equal(run(HEADER "\n" ROW "\n", strlen(HEADER "\n" ROW "\n"), 1000), PEN_SYSTEM);
	assert_string_equal(error.code, "system.reference");
	assert_int_equal(error.line, 2);
	assert_taken("");
}

static void a_quote_that_is_never_closed_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run_text(HEADER "\n" ROW "\n\"2024,\n"), PEN_INPUT);
	assert_int_equal(error.line, 3);
}

int main(void)
{
#define INTAKE(test) cmocka_unit_test_teardown(test, close_intake)
	const struct CMUnitTest tests[] = {
		INTAKE(rows_come_out_shaped_with_line_and_byte),
		INTAKE(it_makes_no_difference_how_the_bytes_are_cut),
		INTAKE(the_byte_is_that_of_the_file_with_its_bom),
		INTAKE(lines_of_nothing_are_other_wherever_they_stand),
		INTAKE(columns_may_come_in_any_order_and_unknown_ones_are_passed_over),
		INTAKE(repairs_and_findings_go_to_the_sink),
		INTAKE(a_line_of_another_width_is_refused_whole),
		INTAKE(what_is_no_row_goes_to_no_sink_and_is_counted),
		INTAKE(sheets_in_gb18030_are_sheets_too),
		INTAKE(what_is_declared_stands_in_every_row),
		INTAKE(what_is_declared_must_be_a_value_of_a_field_and_the_only_one),
		INTAKE(strictly_read_a_row_that_needs_mending_is_refused),
		INTAKE(a_nearest_header_is_told_when_the_file_ends),
		INTAKE(a_gb18030_file_reads_as_its_utf8_twin),
		INTAKE(bytes_that_are_no_text_are_a_finding_of_their_cell),
		INTAKE(private_use_characters_are_counted),
		INTAKE(json_comes_to_the_same_rows_by_its_keys),
		INTAKE(fen_are_whole_in_csv_too),
		INTAKE(what_json_made_of_a_value_is_a_finding),
		INTAKE(a_key_that_a_row_lacks_is_a_finding_and_one_that_all_lack_refuses),
		INTAKE(control_characters_reject_their_row_alone),
		INTAKE(a_file_without_header_or_without_rows_is_unusable),
		INTAKE(a_header_of_another_form_is_refused_with_its_line),
		INTAKE(a_sink_or_a_store_that_fails_stops_the_intake),
		INTAKE(a_quote_that_is_never_closed_is_refused),
	};
	return cmocka_run_group_tests_name("model/intake", tests, set_up, tear_down);
}
