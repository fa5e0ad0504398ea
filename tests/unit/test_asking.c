#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
#include "work/asking.h"

#define CODE "91330106MA1080192C"
#define TEN "330106198508120027"
#define ELEVEN "330106198508120043"

static struct pen_asking asking;
static struct pen_request_options options;
static char paper[128], file[128];

static int begin(void **state)
{
	struct fixture *f;

	start(state);
	f = *state;
	agency(f, 500000);
	putf(f, "INSERT INTO person_alias VALUES ('citizen-id', '" TEN "', 10, 900)");
	putf(f, "INSERT INTO person_alias VALUES ('citizen-id', '" ELEVEN "', 11, 900)");
	snprintf(paper, sizeof(paper), "%s/paper", f->dir);
	assert_ok(pen_file__save(paper, "x", 1, 0600, &f->error));
	asking = (struct pen_asking){ .session = &f->session, .options = &options, .form = PEN_AMENDMENT_CHANGE };
	return 0;
}

static int end(void **state)
{
	pen_asking__free(&asking);
	return stop(state);
}

static enum pen_status ask_for(struct fixture *f, struct pen_request_options what)
{
	pen_asking__free(&asking);
	options = what;
	options.reason = "基数录错";
	options.original = options.evidence = paper;
	return pen_asking__read(&asking, &f->error);
}

/* One field of somebody's record. */
static enum pen_status one(struct fixture *f, const char *person, const char *employer, int32_t year, const char *kind, const char *const *set)
{
	return ask_for(f, (struct pen_request_options){ .person = person, .employer = employer, .year = year, .kind = kind, .set = set, .sets = 1 });
}

static enum pen_status read_as(struct fixture *f, const char *name, const char *text)
{
	snprintf(file, sizeof(file), "%s/%s", f->dir, name);
	assert_ok(pen_file__save(file, text, strlen(text), 0600, &f->error));
	return ask_for(f, (struct pen_request_options){ .from = file });
}

static void whose_record_it_is_and_what_is_asked_for_has_to_be_said(void **state)
{
	static const char *const base[] = { "base=6500.00" }, *const name[] = { "name=新厂" };
	struct fixture *f = *state;

	assert_fails(ask_for(f, (struct pen_request_options){ .person = TEN }), PEN_USAGE, "amend.what");
	assert_fails(one(f, NULL, NULL, 2022, NULL, base), PEN_USAGE, "amend.whose");
	assert_fails(one(f, NULL, CODE, 0, "registration", name), PEN_USAGE, "amend.whose");
	assert_fails(one(f, TEN, CODE, 0, "employer", name), PEN_USAGE, "amend.whose");
	/* An employer's own record, where nobody is named. */
	assert_ok(one(f, NULL, CODE, 0, NULL, name));
	assert_string_equal(asking.amended.at[0].form, "employer");
	asking.form = PEN_AMENDMENT_REBUILD;
	assert_fails(one(f, TEN, CODE, 0, "registration", name), PEN_REFUSED, "amend.missing");
}

static void of_several_rows_one_is_to_be_named(void **state)
{
	static const char *const base[] = { "base=6500.00" };
	struct fixture *f = *state;

	folio(f, 40, "breakdown", 1, 2022, 3, 3);
	putf(f, "INSERT INTO contribution VALUES (40, 10, 3, 2, 1, 500000, 1, 0, 80000, 40000, NULL, NULL, NULL)");
	assert_fails(one(f, TEN, NULL, 2022, NULL, base), PEN_REFUSED, "amend.several");
	assert_non_null(strstr(f->error.text, "folio 4 line 10, folio 40 line 3"));
	assert_ok(ask_for(f, (struct pen_request_options){ .person = TEN, .year = 2022, .folio = 4, .set = base, .sets = 1 }));
	assert_int_equal(asking.amended.at[0].folio, 4);
}

#define HEADER "数据表,公民身份号码,统一社会信用代码,年度,行号,修改项目,原数据,新数据\n"

static void the_lines_of_a_record_stand_together_in_a_file(void **state)
{
	struct fixture *f = *state;

	assert_ok(read_as(f, "asked.csv", HEADER "缴费分解表," TEN ",,2022,,缴费基数,5000.00,6500.00\n"
	    "缴费分解表," ELEVEN ",,2022,,缴费基数,,6500.00\n缴费分解表," ELEVEN ",,2022,,到账日期,-,2022-12-20\n"));
	assert_int_equal(asking.amended.count, 2);
	assert_fails(read_as(f, "asked.csv", HEADER "缴费分解表," TEN ",,2022,,缴费基数,,6500.00\n"
	    "缴费分解表," ELEVEN ",,2022,,缴费基数,,6500.00\n缴费分解表," TEN ",,2022,,到账日期,,2022-12-20\n"), PEN_REFUSED, "amend.twice");
	assert_non_null(strstr(f->error.text, "line 10 of folio 4"));
	/* What a file does not say is wrong input, with its line. */
	assert_fails(read_as(f, "asked.csv", HEADER ",,,2022,,缴费基数,,6500.00\n"), PEN_INPUT, "amend.whose");
	assert_int_equal(f->error.line, 2);
}

static void rows_that_are_missing_are_told_apart_by_numbers(void **state)
{
	struct fixture *f = *state;

	asking.form = PEN_AMENDMENT_REBUILD;
	assert_ok(read_as(f, "asked.json", "[{\"id_number\":\"" TEN "\",\"credit_code\":\"" CODE "\",\"year\":2021,\"line\":1,\"field\":\"base\",\"value\":\"5000.00\"},"
	    "{\"id_number\":\"" TEN "\",\"credit_code\":\"" CODE "\",\"year\":2021,\"line\":1,\"field\":\"month_list\",\"value\":\"1-3\"},"
	    "{\"id_number\":\"" TEN "\",\"credit_code\":\"" CODE "\",\"year\":2021,\"line\":2,\"field\":\"base\",\"value\":\"5500.00\"},"
	    "{\"id_number\":\"" TEN "\",\"credit_code\":\"" CODE "\",\"year\":2021,\"line\":2,\"field\":\"month_list\",\"value\":\"4-6\"}]"));
	assert_int_equal(asking.amended.count, 2);
}

static void a_document_says_where_it_is_wrong_and_empties_a_field_by_a_dash(void **state)
{
	static const char *const bad[][2] = {
		{ "[{\"field\":\"base\",\"value\":true}]", "amend.json" },
		{ "[{\"field\":\"base\",\"value\":[\"6500.00\"]}]", "amend.json" },
		{ "[{\"felt\":\"base\",\"value\":\"6500.00\"}]", "amend.json" },
		{ "[{\"value\":\"6500.00\"}]", "amend.json" },
		{ "[{\"year\":\"last\",\"field\":\"base\",\"value\":\"6500.00\"}]", "year.range" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_fails(read_as(f, "asked.json", bad[i][0]), PEN_INPUT, bad[i][1]);
		assert_int_equal(f->error.line, 1);
	}
	assert_string_equal(f->error.column, "年度");
	folio(f, 40, "breakdown", 1, 2021, 3, 3);
	putf(f, "INSERT INTO contribution VALUES (40, 10, 3, 1, 1, 500000, 1, 0, 80000, 40000, NULL, 20211220, 'V1')");
	assert_ok(read_as(f, "asked.json", "{\"rows\":[{\"id_number\":\"" TEN "\",\"credit_code\":null,\"year\":2021,\"field\":\"arrived\","
	    "\"old\":\"2021-12-20\",\"value\":\"-\"}]}"));
	assert_int_equal(asking.amended.at[0].new.v[PEN_CONTRIBUTION_ARRIVED].type, PEN_NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whose_record_it_is_and_what_is_asked_for_has_to_be_said),
		TEST(of_several_rows_one_is_to_be_named),
		TEST(the_lines_of_a_record_stand_together_in_a_file),
		TEST(rows_that_are_missing_are_told_apart_by_numbers),
		TEST(a_document_says_where_it_is_wrong_and_empties_a_field_by_a_dash),
	};

	return cmocka_run_group_tests_name("work/asking", tests, NULL, NULL);
}
