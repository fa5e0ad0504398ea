#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
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

static void a_plan_asks_for_each_of_its_people(void **state)
{
	static const char *const bad[] = { "person 7\n", "person: 7\nheight: 180\n", "person: 7\nroute: flight\n" };
	struct fixture *f = *state;
	struct pen_assessing assessing;
	char plan[256];
	size_t i;

	snprintf(plan, sizeof(plan), "pen-assessment/v1\nformulas: %d\nreference: 1\nparameters: x\nperson: 7\nretired: 20250115\nperson: 8\nretired: 20250215\n",
	    PEN_PENSION_FORMULAS);
	assert_ok(pen_assessing__of_plan(&assessing, &f->session, plan, &f->error));
	assert_int_equal(assessing.results, 2);
	assert_int_equal(assessing.result[1].asked.person, 8);
	assert_int_equal(assessing.result[1].asked.retired_on, 20250215);
	pen_assessing__free(&assessing);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(plan, sizeof(plan), "pen-assessment/v1\nformulas: %d\nreference: 1\nparameters: x\n%s", PEN_PENSION_FORMULAS, bad[i]);
		assert_fails(pen_assessing__of_plan(&assessing, &f->session, plan, &f->error), PEN_INTEGRITY, "assess.plan");
		pen_assessing__free(&assessing);
	}
	snprintf(plan, sizeof(plan), "pen-settlement/v1\n");
	assert_fails(pen_assessing__of_plan(&assessing, &f->session, plan, &f->error), PEN_INTEGRITY, "assess.plan");
	pen_assessing__free(&assessing);
}

static void refused(struct fixture *f, struct pen_assessing *assessing, int64_t person, const char *code, const char *says)
{
	const struct pen_assessing_case asked = { .person = person, .retired_on = 20250115 };
	struct pen_assessing_result *result;

	assert_ok(pen_assessing__ask(assessing, &asked, &f->error));
	result = &assessing->result[assessing->results - 1];
	assert_ok(pen_assessing__make(assessing, result, true, &f->error));
	assert_string_equal(result->refused.code, code);
	if (!strstr(result->refused.text, says))
		fail_msg("\"%s\" does not say \"%s\"", result->refused.text, says);
}

static void who_has_a_pension_by_a_form_and_of_whom_the_age_is_not_known_are_left_with_the_reason(void **state)
{
	struct fixture *f = *state;
	struct pen_assessing assessing;

	folio(f, 2, "registration", 1, 0, 0, 0);
	register_person(f, 10, 20100301);
	register_person(f, 11, 20100301);
	folio(f, 3, "retirement", 1, 0, 0, 0);
	putf(f, "INSERT INTO retirement VALUES (3, 10, 1, '330106198508120027', '王秀英', 2, 19500812, NULL, 20100105, 201002, 'approval-form', 300, 24, NULL, NULL, NULL, NULL, NULL)");
	/* As no form lets it in: neither cadre nor worker. */
	putf(f, "INSERT INTO registration SELECT 2, 12, 12, id_number, name, sex, born, insured_on, worked_on, NULL, payer, base_fen, basis, deemed_months"
	    " FROM registration WHERE person = 11");
	putf(f, "INSERT INTO employment VALUES (12, 1, 20100301, NULL, 2)");
	assert_ok(pen_assessing__open(&assessing, &f->session, enter_act(f, "test", true), &f->error));
	refused(f, &assessing, 10, "assess.form", "folio 3");
	refused(f, &assessing, 12, "retire.category", "--category female55");
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
		WITH_STORE(a_plan_asks_for_each_of_its_people),
		WITH_STORE(who_has_a_pension_by_a_form_and_of_whom_the_age_is_not_known_are_left_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
