#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/file.h"
#include "model/schemefile.h"

#include <stdio.h>
#include <string.h>

#define HEAD "\"name\":\"s\",\"title\":\"t\",\"area\":\"140000\",\"source\":\"x\",\"verified\":\"yes\"," \
	"\"effective\":\"2022-01\",\"retired-by\":\"2021-12-31\","

static struct pen_arena *arena;

static int make_arena(void **state)
{
	(void)state;
	arena = pen_memory__arena();
	return arena ? 0 : -1;
}

static int drop_arena(void **state)
{
	(void)state;
	pen_memory__drop(arena);
	return 0;
}

static struct pen_scheme read_good(const char *parts)
{
	struct pen_error error = { 0 };
	struct pen_scheme scheme;
	char json[4096];

	snprintf(json, sizeof(json), "{" HEAD "%s}", parts);
	if (pen_schemefile__read(&scheme, json, strlen(json), arena, &error) != PEN_OK)
		fail_msg("%s: %s", json, error.text);
	return scheme;
}

static void refused(const char *json, const char *code, const char *says)
{
	struct pen_error error = { 0 };
	struct pen_scheme scheme;

	assert_int_equal(pen_schemefile__read(&scheme, json, strlen(json), arena, &error), PEN_INPUT);
	assert_string_equal(error.code, code);
	if (!strstr(error.text, says))
		fail_msg("\"%s\" does not say \"%s\"", error.text, says);
}

/* A part of a scheme that is otherwise right. */
static void refused_part(const char *part, const char *code, const char *says)
{
	char json[8704];

	snprintf(json, sizeof(json), "{" HEAD "%s}", part);
	refused(json, code, says);
}

static struct pen_scheme_increase increase(const struct pen_scheme *scheme, struct pen_scheme_person person)
{
	struct pen_scheme_increase result;
	struct pen_error error = { 0 };

	if (!person.area)
		person.area = "140100";
	if (!person.retired_on)
		person.retired_on = 20150630;
	if (!person.born)
		person.born = 19550615;
	assert_null(pen_scheme__lacks(scheme, &person));
	assert_int_equal(pen_scheme__increase(scheme, &person, &result, &error), PEN_OK);
	assert_int_equal(result.increase_fen, result.fixed_fen + result.years_fen + result.level_fen + result.tilt_fen);
	return result;
}

/* The example as it is shipped. */
static struct pen_scheme shanxi(void)
{
	struct pen_error error = { 0 };
	struct pen_scheme scheme;
	char *text;
	size_t n;

	assert_int_equal(pen_file__load(PEN_SOURCE "/share/examples/scheme-shanxi-2022.json", 1 << 20, &text, &n, &error), PEN_OK);
	assert_int_equal(pen_schemefile__read(&scheme, text, n, arena, &error), PEN_OK);
	pen_memory__free(text);
	return scheme;
}

static void the_scheme_of_shanxi_for_2022(void **state)
{
	struct pen_scheme scheme = shanxi();
	struct pen_scheme_increase i;

	(void)state;
	/* 31 years and a month count as 32; born 1950: 71. */
	i = increase(&scheme, (struct pen_scheme_person){ .born = 19500801, .months = 373, .pension_fen = 301178 });
	assert_int_equal(i.fixed_fen, 4500);
	assert_int_equal(i.years_fen, 4320);
	assert_int_equal(i.level_fen, 3825);	/* 3011.78 x 1.27% = 38.2496 */
	assert_int_equal(i.tilt_fen, 3200);
	assert_int_equal(i.increase_fen, 15845);
	/* Seven years count as ten. */
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 84, .pension_fen = 0 }).years_fen, 1350);
	/* 360 months are thirty years, and not one more. */
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 360, .pension_fen = 0 }).years_fen, 4050);
}

static void an_age_is_reached_on_the_birthday(void **state)
{
	struct pen_scheme scheme = shanxi();

	(void)state;
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .born = 19511231, .months = 0 }).tilt_fen, 3200);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .born = 19520101, .months = 0 }).tilt_fen, 0);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .born = 19470101, .months = 0 }).tilt_fen, 3200);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .born = 19461231, .months = 0 }).tilt_fen, 0);
}

static void who_retired_later_gets_nothing(void **state)
{
	struct pen_scheme scheme = shanxi();

	(void)state;
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .retired_on = 20211231, .months = 360 }).increase_fen, 8550);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .retired_on = 20220101, .months = 360 }).increase_fen, 0);
}

static void what_is_not_certain_is_told_with_its_place(void **state)
{
	struct pen_scheme scheme = shanxi();

	(void)state;
	assert_int_equal(scheme.doubts, 2);
	assert_string_equal(scheme.doubt[0].where, "shanxi-2022");
	assert_string_equal(scheme.doubt[1].where, "tilt[1]");
	assert_true(strstr(scheme.doubt[1].why, "75") != NULL);
	assert_int_equal(read_good("\"fixed\":{\"amount\":\"1\"}").doubts, 0);
}

#define TIERS "[{\"over\":0,\"to\":15,\"amount\":\"0.5\"},{\"over\":15,\"to\":30,\"amount\":\"1\"},{\"over\":30,\"amount\":\"1.5\"}]"

static void tiers_are_summed_band_by_band(void **state)
{
	struct pen_scheme scheme = read_good("\"years\":{\"part-years\":\"up\",\"bands\":" TIERS "}");

	(void)state;
	/* 15 x 0.5 + 15 x 1 + 5 x 1.5, and not 35 x 1.5 */
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 420 }).years_fen, 3000);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 180 }).years_fen, 750);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 181 }).years_fen, 850);
}

static void the_band_of_the_whole_holds_where_the_scheme_says_so(void **state)
{
	struct pen_scheme scheme = read_good("\"years\":{\"by\":\"whole-band\",\"part-years\":\"up\",\"bands\":" TIERS "}");

	(void)state;
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 420 }).years_fen, 5250);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 180 }).years_fen, 750);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 192 }).years_fen, 1600);
}

static void part_years_count_as_the_scheme_says(void **state)
{
	struct pen_scheme down = read_good("\"years\":{\"part-years\":\"down\",\"bands\":[{\"over\":0,\"amount\":\"1.35\"}]}");
	struct pen_scheme months = read_good("\"years\":{\"part-years\":\"months\",\"bands\":[{\"over\":0,\"amount\":\"1.35\"}]}");

	(void)state;
	assert_int_equal(increase(&down, (struct pen_scheme_person){ .months = 371 }).years_fen, 4050);
	assert_int_equal(increase(&months, (struct pen_scheme_person){ .months = 371 }).years_fen, 4174);	/* 41.7375 */
}

static void the_pension_counts_by_bands_and_within_bounds(void **state)
{
	struct pen_scheme scheme = read_good("\"level\":{\"least\":\"20\",\"most\":\"100\",\"bands\":"
	    "[{\"over\":\"0\",\"to\":\"3000\",\"rate\":\"2%\"},{\"over\":\"3000.00\",\"rate\":\"1%\"}]}");

	(void)state;
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 0, .pension_fen = 350000 }).level_fen, 6500);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 0, .pension_fen = 50000 }).level_fen, 2000);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .months = 0, .pension_fen = 900000 }).level_fen, 10000);
}

static void each_part_is_rounded_as_the_scheme_says(void **state)
{
	const char *level = "\"level\":{\"bands\":[{\"over\":0,\"rate\":\"1.27%\"}]}";
	struct pen_scheme_person person = { .months = 0, .pension_fen = 301178 };	/* 38.2496 */
	struct pen_scheme scheme;
	char parts[256];

	(void)state;
	snprintf(parts, sizeof(parts), "\"rounding\":\"jiao\",%s", level);
	scheme = read_good(parts);
	assert_int_equal(increase(&scheme, person).level_fen, 3820);
	snprintf(parts, sizeof(parts), "\"rounding\":\"jiao-up\",%s", level);
	scheme = read_good(parts);
	assert_int_equal(increase(&scheme, person).level_fen, 3830);
	person.pension_fen = 301181;	/* 38.249987: 38.25 */
	assert_int_equal(increase(&scheme, person).level_fen, 3830);
	person.pension_fen = 300787;	/* 38.199949: 38.20, which is whole */
	assert_int_equal(increase(&scheme, person).level_fen, 3820);
}

static void tilts_go_by_sex_and_area_and_add_up(void **state)
{
	struct pen_scheme scheme = read_good("\"tilt\":[{\"by\":\"age\",\"on\":\"2021-12-31\",\"sex\":\"female\",\"bands\":"
	    "[{\"from\":65,\"amount\":\"30\"}]},{\"by\":\"area\",\"areas\":[\"140221\",\"140300\"],\"amount\":\"5.5\"}]");

	(void)state;
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .sex = 2, .area = "140221" }).tilt_fen, 3550);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .sex = 1, .area = "140221" }).tilt_fen, 550);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .sex = 1, .area = "140321" }).tilt_fen, 550);
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .sex = 1, .area = "140222" }).tilt_fen, 0);
}

static void what_a_scheme_goes_by_has_to_be_known(void **state)
{
	struct pen_scheme scheme = shanxi();
	struct pen_scheme area = read_good("\"tilt\":[{\"by\":\"area\",\"areas\":[\"140221\"],\"amount\":\"5\"}]");
	struct pen_scheme fixed = read_good("\"fixed\":{\"amount\":\"1\"}");
	struct pen_scheme_person person = { .area = "", .months = -1, .pension_fen = -1 };

	(void)state;
	assert_string_equal(pen_scheme__lacks(&scheme, &person), "months");
	assert_string_equal(pen_scheme__lacks(&fixed, &person), "pension");
	person.months = person.pension_fen = 0;
	assert_null(pen_scheme__lacks(&scheme, &person));
	assert_string_equal(pen_scheme__lacks(&area, &person), "area");
}

static void a_scheme_holds_in_its_area(void **state)
{
	struct pen_scheme scheme = shanxi();

	(void)state;
	assert_true(pen_scheme__holds_in(&scheme, "140100"));
	assert_false(pen_scheme__holds_in(&scheme, "330100"));
	scheme.area = "000000";
	assert_true(pen_scheme__holds_in(&scheme, "330100"));
	scheme.area = "140200";
	assert_false(pen_scheme__holds_in(&scheme, "140100"));
	assert_true(pen_scheme__holds_in(&scheme, "140221"));
}

static void amounts_beyond_their_range_are_told(void **state)
{
	struct pen_scheme scheme = shanxi();
	struct pen_scheme_person person = { .retired_on = 20150630, .area = "", .months = 360, .pension_fen = INT64_MAX };
	struct pen_scheme_increase result;
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_scheme__increase(&scheme, &person, &result, &error), PEN_INPUT);
	assert_string_equal(error.code, "scheme.range");
	person.pension_fen = 100;
	person.months = INT64_MAX;
	assert_int_equal(pen_scheme__increase(&scheme, &person, &result, &error), PEN_INPUT);
}

static void bands_that_overlap_are_refused(void **state)
{
	(void)state;
	refused_part("\"years\":{\"part-years\":\"up\",\"bands\":[{\"over\":0,\"to\":16,\"amount\":\"1\"},{\"over\":15,\"amount\":\"2\"}]}",
	    "scheme.bands", "years.bands[2] overlaps");
	refused_part("\"years\":{\"part-years\":\"up\",\"bands\":[{\"over\":0,\"amount\":\"1\"},{\"over\":15,\"amount\":\"2\"}]}",
	    "scheme.bands", "years.bands[2] overlaps");
	refused_part("\"tilt\":[{\"by\":\"age\",\"on\":\"2021-12-31\",\"bands\":[{\"from\":70,\"below\":76,\"amount\":\"1\"},{\"from\":75,\"amount\":\"2\"}]}]",
	    "scheme.bands", "tilt[1].bands[2] overlaps");
	refused_part("\"level\":{\"bands\":[{\"over\":\"3000\",\"rate\":\"1%\"},{\"over\":\"0\",\"to\":\"3000\",\"rate\":\"2%\"}]}",
	    "scheme.bands", "level.bands[1] leaves out");
}

static void bands_with_a_gap_are_refused_but_for_ages(void **state)
{
	struct pen_scheme scheme;

	(void)state;
	refused_part("\"years\":{\"part-years\":\"up\",\"bands\":[{\"over\":0,\"to\":15,\"amount\":\"1\"},{\"over\":16,\"amount\":\"2\"}]}",
	    "scheme.bands", "gap");
	refused_part("\"years\":{\"part-years\":\"up\",\"bands\":[{\"over\":10,\"amount\":\"1\"}]}", "scheme.bands", "begin at 0");
	refused_part("\"years\":{\"part-years\":\"up\",\"bands\":[{\"over\":0,\"to\":0,\"amount\":\"1\"}]}", "scheme.bands", "ends at or before");
	scheme = read_good("\"tilt\":[{\"by\":\"age\",\"on\":\"2021-12-31\",\"bands\":[{\"from\":70,\"below\":75,\"amount\":\"1\"},"
	    "{\"from\":80,\"amount\":\"2\"}]}]");
	assert_int_equal(increase(&scheme, (struct pen_scheme_person){ .born = 19441231 }).tilt_fen, 0);
}

static void a_slip_of_the_pen_is_told_with_its_place(void **state)
{
	(void)state;
	refused("{\"name\":", "json.syntax", "not JSON");
	refused("[]", "scheme.key", "name");
	refused("{\"name\":\"s\",\"titel\":\"t\"}", "scheme.key", "titel is not known");
	refused_part("\"fixd\":{\"amount\":\"1\"}", "scheme.key", "fixd is not known");
	refused_part("\"fixed\":{\"amount\":\"1\"},\"fixed\":{\"amount\":\"2\"}", "scheme.key", "fixed is there twice");
	refused_part("\"rounding\":\"fen\"", "scheme.key", "increases nothing");
	refused_part("\"fixed\":{\"amount\":1.35}", "scheme.value", "fixed.amount: expected yuan as a text");
	refused_part("\"fixed\":{\"amount\":\"-1\"}", "scheme.value", "fixed.amount");
	refused_part("\"fixed\":{\"amount\":\"1.355\"}", "scheme.value", "fixed.amount");
	refused_part("\"fixed\":\"1\"", "scheme.value", "fixed: expected an object");
	refused_part("\"fixed\":{\"amount\":\"1\",\"verified\":false}", "scheme.value", "fixed.verified");
	refused_part("\"years\":{\"bands\":[{\"over\":0,\"amount\":\"1\"}]}", "scheme.key", "years.part-years is missing");
	refused_part("\"years\":{\"part-years\":\"halb\",\"bands\":[]}", "scheme.value", "years.part-years: expected up, down or months");
	refused_part("\"years\":{\"part-years\":\"up\",\"bands\":[]}", "scheme.value", "years.bands: expected a list");
	refused_part("\"years\":{\"part-years\":\"up\",\"bands\":[{\"over\":0,\"to\":\"\",\"amount\":\"1\"}]}", "scheme.value", "years.bands[1].to");
	refused_part("\"level\":{\"bands\":[{\"over\":0,\"rate\":\"0.0127\"}]}", "scheme.value", "level.bands[1].rate: expected percent");
	refused_part("\"level\":{\"bands\":[{\"over\":0,\"rate\":\"1%\"}],\"least\":\"2\",\"most\":\"1\"}", "scheme.value", "level.most");
	refused_part("\"tilt\":{\"by\":\"age\"}", "scheme.value", "tilt: expected a list");
	refused_part("\"tilt\":[{\"by\":\"altitude\"}]", "scheme.value", "tilt[1].by: expected age or area");
	refused_part("\"tilt\":[{\"by\":\"area\",\"areas\":[\"1402\"],\"amount\":\"1\"}]", "scheme.value", "tilt[1].areas");
	refused_part("\"level-of\":\"2022-01\",\"fixed\":{\"amount\":\"1\"}", "scheme.value", "level-of");
	refused_part("\"fixed\":{\"verified\":\"yes\"}", "scheme.key", "fixed.amount is missing");
	refused_part("\"level\":{\"bands\":[{\"over\":0}]}", "scheme.key", "rate is missing");
	refused_part("\"level\":{\"most\":\"9\"}", "scheme.key", "level.bands is missing");
	refused_part("\"years\":{\"part-years\":\"up\",\"least\":101,\"bands\":[{\"over\":0,\"amount\":\"1\"}]}", "scheme.value", "at most 100 years");
	refused_part("\"tilt\":[{\"amount\":\"1\"}]", "scheme.key", "by is missing");
	refused_part("\"tilt\":[{\"by\":\"age\",\"bands\":[{\"from\":70,\"amount\":\"1\"}]}]", "scheme.key", "tilt[1].on is missing");
	refused_part("\"tilt\":[{\"by\":\"area\",\"amount\":\"1\"}]", "scheme.key", "areas is missing");
	refused_part("\"tilt\":[{\"by\":\"area\",\"areas\":[],\"amount\":\"1\"}]", "scheme.value", "tilt[1].areas");
}

/* A head of which one key is wanting, or not as it is to be. */
static void the_head_of_a_scheme_is_told_whole(void **state)
{
	(void)state;
	refused("{\"name\":\"s\",\"title\":\"t\",\"source\":\"x\",\"area\":\"140000\",\"fixed\":{\"amount\":\"1\"}}",
	    "scheme.key", "verified is missing");
	refused("{\"name\":\"s\",\"title\":\"t\",\"source\":\"x\",\"verified\":\"yes\",\"area\":\"14000\",\"fixed\":{\"amount\":\"1\"}}",
	    "scheme.value", "area: expected a code of six digits");
	refused("{\"name\":\"s\",\"title\":\"t\",\"source\":\"x\",\"verified\":\"yes\",\"area\":\"140000\",\"fixed\":{\"amount\":\"1\"}}",
	    "scheme.key", "effective is missing");
}

static void doubts_beyond_those_that_can_be_told_are_refused(void **state)
{
	char part[8192] = "\"tilt\":[{\"by\":\"age\",\"on\":\"2021-12-31\",\"bands\":[";
	size_t n = strlen(part);
	int i;

	(void)state;
	for (i = 0; i < 65; i++)
		n += (size_t)snprintf(part + n, sizeof(part) - n, "%s{\"from\":%d,\"below\":%d,\"amount\":\"1\",\"verified\":\"V2\"}",
		    i ? "," : "", 30 + i, 31 + i);
	snprintf(part + n, sizeof(part) - n, "]}]");
	refused_part(part, "scheme.value", "tilt[1].bands[65].verified: expected at most 64 doubts");
}

#define DATED(effective, retired) "{\"name\":\"s\",\"title\":\"t\",\"area\":\"140000\",\"source\":\"x\",\"verified\":\"yes\"," \
	"\"effective\":\"" effective "\",\"retired-by\":\"" retired "\",\"fixed\":{\"amount\":\"1\"}}"

static void the_dates_of_a_scheme_go_together(void **state)
{
	struct pen_error error = { 0 };
	struct pen_scheme scheme;
	const char *json = DATED("2022-01", "2021-12-31");

	(void)state;
	refused(DATED("2022-01", "2022-01-31"), "scheme.value", "retired-by: expected a day before");
	refused(DATED("2022-13", "2021-12-31"), "scheme.value", "effective: expected a month");
	assert_int_equal(pen_schemefile__read(&scheme, json, strlen(json), arena, &error), PEN_OK);
	assert_int_equal(scheme.level_of, 202112);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_scheme_of_shanxi_for_2022),
		cmocka_unit_test(an_age_is_reached_on_the_birthday),
		cmocka_unit_test(who_retired_later_gets_nothing),
		cmocka_unit_test(what_is_not_certain_is_told_with_its_place),
		cmocka_unit_test(tiers_are_summed_band_by_band),
		cmocka_unit_test(the_band_of_the_whole_holds_where_the_scheme_says_so),
		cmocka_unit_test(part_years_count_as_the_scheme_says),
		cmocka_unit_test(the_pension_counts_by_bands_and_within_bounds),
		cmocka_unit_test(each_part_is_rounded_as_the_scheme_says),
		cmocka_unit_test(tilts_go_by_sex_and_area_and_add_up),
		cmocka_unit_test(what_a_scheme_goes_by_has_to_be_known),
		cmocka_unit_test(a_scheme_holds_in_its_area),
		cmocka_unit_test(amounts_beyond_their_range_are_told),
		cmocka_unit_test(bands_that_overlap_are_refused),
		cmocka_unit_test(bands_with_a_gap_are_refused_but_for_ages),
		cmocka_unit_test(a_slip_of_the_pen_is_told_with_its_place),
		cmocka_unit_test(the_head_of_a_scheme_is_told_whole),
		cmocka_unit_test(doubts_beyond_those_that_can_be_told_are_refused),
		cmocka_unit_test(the_dates_of_a_scheme_go_together),
	};

	return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
