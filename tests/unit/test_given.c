#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "form_fixture.h"
#include "model/given.h"

#define TODAY 20261123

static struct pen_form *form;
static struct pen_given_set set;
static struct pen_error error;

static int start(void **state)
{
	(void)state;
	set = (struct pen_given_set){ .count = 0 };
	error = (struct pen_error){ 0 };
	form = shipped_form("breakdown");
	return 0;
}

static int stop(void **state)
{
	(void)state;
	pen_given__free(&set);
	pen_form__free(form);
	return 0;
}

static void read_all(const char *const *texts, size_t count)
{
	assert_int_equal(pen_given__read(&set, form, texts, count, TODAY, &error), PEN_OK);
}

static void refused(const char *text, const char *code)
{
	error = (struct pen_error){ 0 };
	assert_int_equal(pen_given__read(&set, form, &text, 1, TODAY, &error), PEN_USAGE);
	assert_string_equal(error.code, code);
	assert_int_equal(set.count, 0);
}

static void fields_are_named_by_key_title_or_code_and_kept_in_order(void **state)
{
	const char *const texts[] = { "年度=2024", "AAB998=91330106MA1080192C", "first_month=3" };
	char json[200];

	(void)state;
	read_all(texts, 3);
	assert_int_equal(set.count, 3);
	assert_string_equal(set.at[0].field, "credit_code");
	assert_string_equal(set.at[1].field, "first_month");
	assert_string_equal(set.at[2].field, "year");
	assert_int_equal(pen_given__text(&set, json, sizeof(json), &error), PEN_OK);
	assert_string_equal(json, "{\"credit_code\":\"91330106MA1080192C\",\"first_month\":\"3\",\"year\":\"2024\"}");
	/* And by another title that the form has for it. */
	pen_given__free(&set);
	read_all(&(const char *const){ "人员缴费基数=6500.00" }, 1);
	assert_string_equal(set.at[0].field, "base");
}

static void the_order_of_declaring_makes_no_other_plan(void **state)
{
	const char *const one[] = { "year=2024", "first_month=3" }, *const other[] = { "first_month=3", "year=2024" };
	char a[100], b[100];

	(void)state;
	read_all(one, 2);
	assert_int_equal(pen_given__text(&set, a, sizeof(a), &error), PEN_OK);
	pen_given__free(&set);
	read_all(other, 2);
	assert_int_equal(pen_given__text(&set, b, sizeof(b), &error), PEN_OK);
	assert_string_equal(a, b);
}

static void what_cannot_be_declared_is_wrong_usage(void **state)
{
	const char *const twice[] = { "year=2024", "年度=2024" };

	(void)state;
	refused("year", "set.syntax");
	refused("=2024", "set.syntax");
	refused("height=180", "set.field");
	refused("year=24", "set.value");
	assert_int_equal(pen_given__read(&set, form, twice, 2, TODAY, &error), PEN_USAGE);
	assert_string_equal(error.code, "set.twice");
	assert_int_equal(set.count, 0);
}

static void the_kept_text_reads_back_whatever_stands_in_it(void **state)
{
	const char *const text = "voucher=a\"b\\c";
	struct pen_given_set again = { .count = 0 };
	char json[100];

	(void)state;
	read_all(&text, 1);
	assert_int_equal(pen_given__text(&set, json, sizeof(json), &error), PEN_OK);
	assert_int_equal(pen_given__parse(&again, json, &error), PEN_OK);
	assert_int_equal(again.count, 1);
	assert_string_equal(again.at[0].field, "voucher");
	assert_string_equal(again.at[0].value, "a\"b\\c");
	pen_given__free(&again);
}

static void nothing_declared_is_an_empty_object_and_a_torn_one_is_damage(void **state)
{
	char json[3];

	(void)state;
	assert_int_equal(pen_given__text(&set, json, sizeof(json), &error), PEN_OK);
	assert_string_equal(json, "{}");
	assert_int_equal(pen_given__parse(&set, "{}", &error), PEN_OK);
	assert_int_equal(pen_given__parse(&set, "", &error), PEN_OK);
	assert_int_equal(set.count, 0);
	assert_int_equal(pen_given__parse(&set, "{\"year\":2024}", &error), PEN_INTEGRITY);
	assert_int_equal(pen_given__parse(&set, "{\"year\"", &error), PEN_INTEGRITY);
}

static void too_much_to_keep_is_said_and_not_cut(void **state)
{
	const char *const text = "year=2024";
	char json[8];

	(void)state;
	read_all(&text, 1);
	assert_int_equal(pen_given__text(&set, json, sizeof(json), &error), PEN_USAGE);
	assert_string_equal(error.code, "set.room");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_are_named_by_key_title_or_code_and_kept_in_order),
		TEST(the_order_of_declaring_makes_no_other_plan),
		TEST(what_cannot_be_declared_is_wrong_usage),
		TEST(the_kept_text_reads_back_whatever_stands_in_it),
		TEST(nothing_declared_is_an_empty_object_and_a_torn_one_is_damage),
		TEST(too_much_to_keep_is_said_and_not_cut),
	};

	return cmocka_run_group_tests_name("model/given", tests, NULL, NULL);
}
