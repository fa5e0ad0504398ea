#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "form_fixture.h"
#include "model/header.h"

static const char *const names[] = {
	"employer", "registration", "levy", "breakdown", "opening", "settlement", "answers"
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static const struct pen_field *field(const struct pen_form *form, const char *name)
{
	int i = pen_form__field(form, name);

	assert_true(i >= 0);
	return &form->fields[i];
}

/* --------------------------------------------------- the forms we ship -- */

static void every_shipped_form_is_read(void **state)
{
	struct pen_form *form;
	size_t i;

	(void)state;
	for (i = 0; i < NAMES; i++) {
		form = shipped_form(names[i]);
		assert_string_equal(form->name, names[i]);
		assert_int_equal(form->clause[0], 'R');
		pen_form__free(form);
	}
}

static void the_breakdown_is_a_folio_for_each_employer_and_year_and_wants_agreement(void **state)
{
	struct pen_form *form = shipped_form("breakdown");

	(void)state;
	assert_string_equal(form->title, "年度职工社会保险费缴费分解表");
	assert_string_equal(form->clause, "R4.2.1");
	assert_ptr_equal(form->kind, pen_kind__of(PEN_KIND_CONTRIBUTION));
	assert_true(form->folio_by_employer && form->folio_by_year && form->agreement);
	assert_false(form->computed);
	assert_int_equal(form->roles, 2);
	assert_string_equal(form->role[0], "operator");
	assert_string_equal(form->role[1], "lead");
	pen_form__free(form);
}

static void a_fields_bounds_are_in_fen_and_whole_numbers(void **state)
{
	struct pen_form *form = shipped_form("breakdown");

	(void)state;
	assert_int_equal(field(form, "base")->type, PEN_FIELD_MONEY);
	assert_true(field(form, "base")->has_minimum);
	assert_int_equal(field(form, "base")->minimum, 1);
	assert_false(field(form, "base")->has_maximum);
	/* Refunds are negative. */
	assert_false(field(form, "unit")->has_minimum);
	assert_int_equal(field(form, "months")->type, PEN_FIELD_INTEGER);
	assert_int_equal(field(form, "months")->minimum, 1);
	assert_int_equal(field(form, "months")->maximum, 12);
	assert_true(!field(form, "months")->required && field(form, "months")->optional);
	assert_int_equal(form->groups, 2);
	assert_int_equal(form->group[1].count, 4);
	assert_int_equal(form->group[1].field[0], pen_form__field(form, "months"));
	assert_true(!field(form, "first_month")->required && field(form, "first_month")->optional);
	assert_string_equal(field(form, "base")->code, "AAE180");
	assert_null(field(form, "first_month")->code);
	assert_int_equal(pen_form__field(form, "base_fen"), -1);
	pen_form__free(form);
}

static const char *choice(const struct pen_field *f, const char *from)
{
	int i;

	for (i = 0; i < f->choices; i++) {
		if (strcmp(f->choice[i].from, from) == 0)
			return f->choice[i].to;
	}
	return "";
}

static void values_stand_for_what_the_store_keeps(void **state)
{
	struct pen_form *form = shipped_form("registration");

	(void)state;
	assert_int_equal(field(form, "sex")->type, PEN_FIELD_CHOICE);
	assert_string_equal(choice(field(form, "sex"), "男"), "1");
	assert_string_equal(choice(field(form, "sex"), "女性"), "2");
	assert_string_equal(choice(field(form, "category"), "女干部"), "female-cadre");
	assert_string_equal(choice(field(form, "basis"), "两个确认"), "two-confirmations");
	pen_form__free(form);

	form = shipped_form("levy");
	assert_true(field(form, "insurance")->open);
	assert_string_equal(choice(field(form, "insurance"), "企业职工基本养老保险"), PEN_INSURANCE_PENSION);
	assert_string_equal(choice(field(form, "insurance"), "1101"), PEN_INSURANCE_PENSION);
	assert_string_equal(choice(field(form, "insurance"), "城乡居民基本养老保险"), "");
	assert_string_equal(choice(field(form, "refund"), "退费"), "1");
	assert_string_equal(choice(field(form, "refund"), "缴费"), "0");
	assert_string_equal(choice(field(form, "voucher_kind"), "电子税票"), "levy-data");
	assert_false(field(form, "amount")->has_minimum);
	pen_form__free(form);

	form = shipped_form("employer");
	assert_string_equal(choice(field(form, "newly_covered"), "是"), "1");
	assert_string_equal(choice(field(form, "newly_covered"), "N"), "0");
	pen_form__free(form);
}

static void the_settlement_is_computed_and_has_the_columns_of_movements(void **state)
{
	struct pen_form *form = shipped_form("settlement");
	int i;

	(void)state;
	assert_true(form->computed);
	assert_int_equal(form->count, form->kind->count);
	for (i = 0; i < form->count; i++)
		assert_string_equal(form->fields[i].name, form->kind->columns[i].name);
	pen_form__free(form);
}

static void answers_make_no_record(void **state)
{
	struct pen_form *form = shipped_form("answers");

	(void)state;
	assert_null(form->kind);
	assert_int_equal(form->roles, 0);
	assert_string_equal(choice(field(form, "answer"), "无异议"), "agreed");
	assert_string_equal(choice(field(form, "answer"), "不一致"), "objected");
	pen_form__free(form);
}

/* ----------------------------------------------------------- matching -- */

static enum pen_status match(const struct pen_form *form, const char *titles, struct pen_header *header,
    struct pen_error *error)
{
	struct pen_csv_field fields[300];
	size_t count = 0, n;

	*error = (struct pen_error){ 0 };
	for (;; titles += n + 1) {
		n = strcspn(titles, ",");
		fields[count++] = (struct pen_csv_field){ titles, n, PEN_TOKEN_TEXT };
		if (!titles[n])
			break;
	}
	return pen_header__match(form, fields, count, 0, header, error);
}

static void the_titles_of_the_year_match_in_any_order(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	struct pen_header header;
	struct pen_error error;

	(void)state;
	assert_int_equal(match(form, "姓名,年度,统一社会信用代码,公民身份号码,缴费基数,缴费月数,单位缴费,个人缴费",
	    &header, &error), PEN_OK);
	assert_int_equal(header.source_count, 8);
	assert_int_equal(header.field_of[0], pen_form__field(form, "name"));
	assert_int_equal(header.column_of[pen_form__field(form, "year")], 1);
	assert_int_equal(header.column_of[pen_form__field(form, "first_month")], -1);
	pen_form__free(form);
}

static void codes_english_names_and_synonyms_match_folded(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	struct pen_header header;
	struct pen_error error;

	(void)state;
	assert_int_equal(match(form, "AAE001,credit_code,ＡＡＣ００２,姓　名,缴费基数（月）, aae202 ,单位缴费金额,Personal,备注,",
	    &header, &error), PEN_OK);
	assert_int_equal(header.column_of[pen_form__field(form, "id_number")], 2);
	assert_int_equal(header.column_of[pen_form__field(form, "name")], 3);
	assert_int_equal(header.column_of[pen_form__field(form, "base")], 4);
	assert_int_equal(header.column_of[pen_form__field(form, "months")], 5);
	assert_int_equal(header.column_of[pen_form__field(form, "unit")], 6);
	assert_int_equal(header.column_of[pen_form__field(form, "personal")], 7);
	assert_int_equal(header.field_of[8], -1);	/* known to nobody: kept */
	assert_int_equal(header.field_of[9], -1);
	pen_form__free(form);
}

static void of_some_columns_one_will_do(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	struct pen_header header;
	struct pen_error error;

	(void)state;
	assert_int_equal(match(form, "统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费,AAE003", &header, &error), PEN_OK);
	assert_int_equal(match(form, "AAE001,缴费月份,统一社会信用代码,公民身份号码,姓名,缴费基数,单位缴费,个人缴费", &header, &error), PEN_OK);
	pen_form__free(form);
}

static void missing_columns_are_all_named(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	struct pen_header header;
	struct pen_error error;

	(void)state;
	assert_int_equal(match(form, "年度,统一社会信用代码,姓名,缴费基数,单位缴费,个人缴费", &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.missing");
	assert_non_null(strstr(error.text, "missing: 公民身份号码, 缴费月数/缴费月份/费款所属期起/费款所属期;"));
	assert_null(strstr(error.text, "起始月份"));
	pen_form__free(form);
}

static void a_column_given_twice_is_refused(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	struct pen_header header;
	struct pen_error error;

	(void)state;
	assert_int_equal(match(form, "年度,统一社会信用代码,公民身份号码,身份证号码,姓名,缴费基数,缴费月数,单位缴费,个人缴费",
	    &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.twice");
	assert_non_null(strstr(error.text, "columns 3 and 4"));
	assert_non_null(strstr(error.text, "身份证号码"));
	pen_form__free(form);
}

static void a_declared_field_stands_for_its_column(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	static const char *const columns[] = { "公民身份号码", "姓名", "缴费基数", "缴费月数", "单位缴费", "个人缴费", "年度" };
	struct pen_csv_field fields[7];
	struct pen_header header;
	struct pen_error error = { 0 };
	uint32_t given = UINT32_C(1) << pen_form__field(form, "year") | UINT32_C(1) << pen_form__field(form, "credit_code");
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++)
		fields[i] = (struct pen_csv_field){ .s = columns[i], .n = strlen(columns[i]) };
	assert_int_equal(pen_header__match(form, fields, 6, given, &header, &error), PEN_OK);
	assert_int_equal(header.known, 6);
	assert_int_equal(header.given, given);
	assert_int_equal(header.column_of[pen_form__field(form, "year")], -1);
	assert_int_equal(pen_header__match(form, fields, 6, 0, &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.missing");
	assert_int_equal(pen_header__match(form, fields, 7, given, &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.given");
	assert_non_null(strstr(error.text, "年度"));
	pen_form__free(form);
}

static void titles_in_full_width_parentheses_are_the_same(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	const char *title = "缴费基数（月）";

	(void)state;
	assert_int_equal(pen_form__called(form, title, strlen(title), NULL), pen_form__field(form, "base"));
	title = "缴费基数 (月)";
	assert_int_equal(pen_form__called(form, title, strlen(title), NULL), pen_form__field(form, "base"));
	assert_int_equal(pen_form__called(form, "应补（退）费额", strlen("应补（退）费额"), NULL), -1);
	pen_form__free(form);
}

static void a_header_that_the_form_does_not_know_is_told_what_it_does_know(void **state)
{
	struct pen_form *form = shipped_form("employer");
	struct pen_header header;
	struct pen_error error;
	char many[600] = "";
	int i;

	(void)state;
	assert_int_equal(match(form, "a,b,c", &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.unknown");
	assert_non_null(strstr(error.text, "统一社会信用代码, 单位名称, 行政区划, 参保日期"));
	assert_int_equal(match(form, "", &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.unknown");
	/* Titles of several lines are told in one. */
	assert_int_equal(match(form, "工资\n总额,b", &header, &error), PEN_INPUT);
	assert_non_null(strstr(error.text, "found 工资 总额, b;"));
	for (i = 0; i < 256; i++)
		many[i] = ',';
	assert_int_equal(match(form, many, &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.columns");
	pen_form__free(form);
}

/* Longer than any title, and not UTF-8: neither may reach beyond its room. */
static void titles_of_any_length_and_bytes_are_only_unknown(void **state)
{
	struct pen_form *form = shipped_form("employer");
	char title[400];
	struct pen_csv_field fields[2] = { { .s = title, .n = sizeof(title) }, { .s = title, .n = 255 } };
	struct pen_header header;
	struct pen_error error = { 0 };

	(void)state;
	memset(title, 0xe4, sizeof(title));
	assert_int_equal(pen_header__match(form, fields, 2, 0, &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.unknown");
	pen_form__free(form);
}

/* ------------------------------------------------------- forms of others -- */

#define HEAD "{\"name\":\"f\",\"title\":\"表\",\"pen:clause\":\"R1\","
#define ONE(rest) HEAD "\"fields\":[{\"name\":\"a\",\"title\":\"甲\"," rest "}]}"

static void expect_refused(const char *json, const char *code, const char *part)
{
	struct pen_form *form = NULL;
	struct pen_error error = { 0 };

	assert_int_equal(pen_form__read(&form, json, strlen(json), &error), PEN_INPUT);
	assert_null(form);
	assert_string_equal(error.code, code);
	if (!strstr(error.text, part))
		fail_msg("\"%s\" is not in: %s", part, error.text);
}

static void a_form_of_ones_own_is_read(void **state)
{
	const char json[] = ONE("\"type\":\"number\",\"constraints\":{\"required\":true,\"minimum\":-5,\"maximum\":\"10.50\"}");
	struct pen_form *form;
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_form__read(&form, json, sizeof(json) - 1, &error), PEN_OK);
	assert_null(form->kind);
	assert_int_equal(form->fields[0].minimum, -500);
	assert_int_equal(form->fields[0].maximum, 1050);
	assert_int_equal(form->fields[0].titles, 0);
	pen_form__free(form);
	pen_form__free(NULL);
}

static void a_schema_that_cannot_be_is_refused_by_name(void **state)
{
	(void)state;
	expect_refused("{", "json.syntax", "JSON");
	expect_refused("[]", "form.key", "\"name\"");
	expect_refused("{\"name\":\"f\",\"title\":\"表\"}", "form.key", "pen:clause");
	expect_refused(HEAD "\"fields\":[]}", "form.fields", "0 fields");
	expect_refused(HEAD "\"pen:record\":\"pension\",\"fields\":[]}", "form.record", "pension");
	expect_refused(HEAD "\"pen:folio\":[\"month\"],\"fields\":[]}", "form.folio", "month");
	expect_refused(HEAD "\"pen:signatures\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"fields\":[]}", "form.signatures", "5");
	expect_refused(HEAD "\"pen:one-of\":[[\"a\",\"b\"]],\"fields\":[{\"name\":\"a\",\"title\":\"甲\",\"type\":\"string\"}]}", "form.one-of", "b");
	expect_refused(HEAD "\"pen:signatures\":[null],\"fields\":[]}", "form.signatures", "not a list of roles");
	expect_refused(HEAD "\"pen:one-of\":[[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"]],"
	    "\"fields\":[{\"name\":\"a\",\"title\":\"甲\",\"type\":\"string\"}]}", "form.one-of", "longer than can be");
	expect_refused(HEAD "\"pen:singatures\":[],\"fields\":[]}", "form.key", "pen:singatures");
	expect_refused(ONE("\"type\":\"string\",\"pen:title\":[]"), "form.key", "pen:title");
	expect_refused(HEAD "\"fields\":[{\"title\":\"甲\"}]}", "form.key", "\"name\"");
}

static void a_field_that_cannot_be_is_refused_by_name(void **state)
{
	(void)state;
	expect_refused(ONE("\"type\":\"duration\""), "form.type", "duration");
	expect_refused(ONE("\"type\":\"citizen-id\""), "form.type", "citizen-id");
	expect_refused(ONE("\"type\":\"date\",\"pen:type\":\"name\""), "form.type", "name");
	expect_refused(ONE("\"type\":\"integer\",\"pen:values\":{\"1\":\"2\"}"), "form.type", "field a");
	expect_refused(ONE("\"type\":\"string\",\"pen:values\":{\"x\":1}"), "form.values", "field a");
	expect_refused(ONE("\"type\":\"string\",\"pen:values\":[\"x\"]"), "form.values", "field a");
	expect_refused(ONE("\"type\":\"boolean\""), "form.values", "trueValues");
	expect_refused(ONE("\"type\":\"boolean\",\"trueValues\":[1],\"falseValues\":[0]"), "form.values", "quotes");
	expect_refused(ONE("\"type\":\"number\",\"constraints\":{\"minimum\":0.01}"), "form.bound", "field a");
	expect_refused(ONE("\"type\":\"number\",\"constraints\":{\"minimum\":\"0.001\"}"), "form.bound", "field a");
	expect_refused(ONE("\"type\":\"string\",\"constraints\":{\"minimum\":1}"), "form.bound", "field a");
	expect_refused(ONE("\"type\":\"string\",\"pen:titles\":[1]"), "form.titles", "field a");
}

static void a_title_that_leads_to_two_fields_is_refused(void **state)
{
	(void)state;
	expect_refused(HEAD "\"fields\":[{\"name\":\"a\",\"title\":\"甲\",\"type\":\"string\"},"
	    "{\"name\":\"b\",\"title\":\"乙\",\"type\":\"string\",\"pen:titles\":[\"丙\",\"甲 \"]}]}", "form.titles", "fields a and b");
	expect_refused(HEAD "\"fields\":[{\"name\":\"a\",\"title\":\"甲\",\"type\":\"string\"},"
	    "{\"name\":\"a\",\"title\":\"乙\",\"type\":\"string\"}]}", "form.twice", "named a");
}

static void an_amounts_name_with_fen_behind_it_is_its_column_in_fen(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	struct pen_header header;
	struct pen_error error;

	(void)state;
	assert_int_equal(match(form, "year,credit_code,id_number,name,Base_fen,months,unit,personal_fen,months_fen,缴费基数_fen",
	    &header, &error), PEN_OK);
	assert_int_equal(header.column_of[pen_form__field(form, "base")], 4);
	assert_true(header.fen[pen_form__field(form, "base")]);
	assert_true(header.fen[pen_form__field(form, "personal")]);
	assert_false(header.fen[pen_form__field(form, "unit")]);
	assert_int_equal(header.field_of[8], -1);	/* months are no money */
	assert_int_equal(header.field_of[9], -1);	/* only behind the English name */
	assert_int_equal(match(form, "base_fen,缴费基数", &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.twice");
	pen_form__free(form);
}

static void keys_may_be_matched_before_all_of_them_are_met(void **state)
{
	struct pen_form *form = shipped_form("breakdown");
	const struct pen_csv_field keys[] = { { "姓名", 6, 0 }, { "年度", 6, 0 } }, none[] = { { "x", 1, 0 } };
	struct pen_header header;
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_header__match_keys(form, keys, 2, 0, &header, &error), PEN_OK);
	assert_int_equal(header.column_of[pen_form__field(form, "year")], 1);
	assert_int_equal(pen_header__complete(form, NULL, 0, &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.missing");
	assert_int_equal(pen_header__match_keys(form, none, 1, 0, &header, &error), PEN_INPUT);
	assert_string_equal(error.code, "header.unknown");
	assert_int_equal(pen_header__known(form, keys, 2), 2);
	assert_int_equal(pen_header__known(form, none, 1), 0);
	pen_form__free(form);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_form_is_read),
		cmocka_unit_test(the_breakdown_is_a_folio_for_each_employer_and_year_and_wants_agreement),
		cmocka_unit_test(a_fields_bounds_are_in_fen_and_whole_numbers),
		cmocka_unit_test(values_stand_for_what_the_store_keeps),
		cmocka_unit_test(the_settlement_is_computed_and_has_the_columns_of_movements),
		cmocka_unit_test(answers_make_no_record),
		cmocka_unit_test(the_titles_of_the_year_match_in_any_order),
		cmocka_unit_test(codes_english_names_and_synonyms_match_folded),
		cmocka_unit_test(of_some_columns_one_will_do),
		cmocka_unit_test(missing_columns_are_all_named),
		cmocka_unit_test(a_column_given_twice_is_refused),
		cmocka_unit_test(a_declared_field_stands_for_its_column),
		cmocka_unit_test(titles_in_full_width_parentheses_are_the_same),
		cmocka_unit_test(a_header_that_the_form_does_not_know_is_told_what_it_does_know),
		cmocka_unit_test(titles_of_any_length_and_bytes_are_only_unknown),
		cmocka_unit_test(a_form_of_ones_own_is_read),
		cmocka_unit_test(a_schema_that_cannot_be_is_refused_by_name),
		cmocka_unit_test(a_field_that_cannot_be_is_refused_by_name),
		cmocka_unit_test(a_title_that_leads_to_two_fields_is_refused),
		cmocka_unit_test(an_amounts_name_with_fen_behind_it_is_its_column_in_fen),
		cmocka_unit_test(keys_may_be_matched_before_all_of_them_are_met),
	};

	return cmocka_run_group_tests_name("model/form", tests, NULL, NULL);
}
