#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store/assessing.h"

#include <stdlib.h>
#include <string.h>

static void a_plan_reads_as_it_was_written(void **state)
{
	const struct pen_assessing_case asked = { .person = 7, .retired_on = 20250115, .route = PEN_RETIRING_EXCEPTION,
		.category_told = true, .category = PEN_RETIRING_FEMALE55, .told_index = 8415, .told_extra_fen = 45351, .reason = "历史遗留", .paper = "ab" };
	struct pen_assessing_case again = { .person = 7 };
	struct pen_text text = { 0 };
	int64_t formulas, as_of;
	char *at, *line, *colon;

	(void)state;
	pen_assessplan__put_head(&text, 48, "digest");
	pen_assessplan__put(&text, &asked);
	at = text.s;
	assert_true(pen_assessplan__take_head(&at, &formulas, &as_of));
	assert_int_equal(formulas, PEN_PENSION_FORMULAS);
	assert_int_equal(as_of, 48);
	assert_memory_equal(at, "person: 7\n", 10);
	for (line = at + 10; *line; line = strchr(colon + 1, '\0') + 1) {
		*strchr(line, '\n') = '\0';
		colon = strstr(line, ": ");
		*colon = '\0';
		assert_true(pen_assessplan__take(&again, line, colon + 2));
	}
	assert_memory_equal(&again, &asked, sizeof(asked));
	pen_text__free(&text);
}

static void a_plan_of_before_formulas_had_a_number_is_of_the_first(void **state)
{
	char plan[] = "pen-assessment/v1\nreference: 48\nparameters: x\nperson: 7\n", *at = plan;
	int64_t formulas, as_of;

	(void)state;
	assert_true(pen_assessplan__take_head(&at, &formulas, &as_of));
	assert_int_equal(formulas, 1);
	assert_string_equal(at, "person: 7\n");
}

static void what_is_no_plan_is_none(void **state)
{
	static const char *const texts[] = { "", "pen-assessment/v2\nreference: 48\nparameters: x\n", "pen-assessment/v1\nreference: x\nparameters: x\n",
		"pen-assessment/v1\nformulas: 1\n", "pen-assessment/v1\nformulas: 1\nreference: 48" };
	char plan[128], *at;
	int64_t formulas, as_of;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(plan, sizeof(plan), "%s", texts[i]);
		at = plan;
		assert_false(pen_assessplan__take_head(&at, &formulas, &as_of));
	}
}

/* So that replay by a later program calls nobody a forger: the check is not made. */
static void a_plan_of_other_formulas_is_refused_as_such(void **state)
{
	char plan[] = "pen-assessment/v1\nformulas: 99\nreference: 48\nparameters: x\nperson: 7\n";
	struct pen_assessing assessing;
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_assessing__of_plan(&assessing, NULL, plan, &error), PEN_REFUSED);
	assert_string_equal(error.code, "assess.formulas");
	pen_assessing__free(&assessing);
}

static void nobody_is_asked_for_twice(void **state)
{
	struct pen_assessing assessing = { .as_of = 1 };
	struct pen_error error = { 0 };
	int64_t person;

	(void)state;
	for (person = 1; person <= 5000; person++)
		assert_int_equal(pen_assessing__ask(&assessing, &(struct pen_assessing_case){ .person = person }, &error), PEN_OK);
	assert_int_equal(pen_assessing__ask(&assessing, &(struct pen_assessing_case){ .person = 4711 }, &error), PEN_INPUT);
	assert_string_equal(error.code, "assess.twice");
	assert_int_equal(assessing.results, 5000);
	pen_assessing__free(&assessing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_reads_as_it_was_written),
		cmocka_unit_test(a_plan_of_before_formulas_had_a_number_is_of_the_first),
		cmocka_unit_test(what_is_no_plan_is_none),
		cmocka_unit_test(a_plan_of_other_formulas_is_refused_as_such),
		cmocka_unit_test(nobody_is_asked_for_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
