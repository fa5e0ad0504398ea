#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "case_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
#include "pen.h"

#define TEN "330106198508120027"
#define ZHANG "330106195001010116"
#define LI "33010619510101013X"

/* The agency of versions_fixture.h, of whom 10 is somebody in service; 20 draws a pension by
 * a form, and so does 21, whose form does not say by how many months. op1 acts. */
static int begin(void **state)
{
	static const char income[] = "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
		"consolation.income,330000,,2023-01,2026-12,4000.00,yuan,made up,yes,\n";
	char digest[PEN_DIGEST_HEX];
	struct fixture *f;

	start_cases(state);
	f = *state;
	agency(f, 500000);
	assert_ok(pen_settings__load(store_of(f), "consolation", income, sizeof(income) - 1, enter_act(f, "parameters.load", true), digest, &f->error));
	putf(f, "INSERT INTO person_alias VALUES ('citizen-id', '" TEN "', 10, 900)");
	putf(f, "INSERT INTO person_alias VALUES ('citizen-id', '" ZHANG "', 20, 900)");
	putf(f, "INSERT INTO person_alias VALUES ('citizen-id', '" LI "', 21, 900)");
	folio(f, 50, "retirement", 1, 0, 3, 3);
	putf(f, "INSERT INTO retirement VALUES (50, 20, 1, '" ZHANG "', '张三', 1, 19500101, NULL, 20100105, 201002, 'approval-form', 300, 24, 120000, 30000, 10000, 0, 160000)");
	putf(f, "INSERT INTO retirement VALUES (50, 21, 2, '" LI "', '李四', 1, 19510101, NULL, 20110105, 201102, 'approval-form', NULL, NULL, 120000, 30000, 10000, 0, 160000)");
	act_as(f, "op1");
	return 0;
}

static enum pen_status decide(struct fixture *f, struct pen_benefit_change_options options)
{
	FILE *out = fopen("/dev/null", "w");
	struct pen_printer *printer;
	enum pen_status status;

	assert_non_null(out);
	assert_ok(pen_printer_open(&printer, out, PEN_JSON, &f->error));
	status = pen_benefit_change(&f->session, &options, printer, &f->error);
	pen_printer_free(printer);
	fclose(out);
	return status;
}

#define ASKED(k, who, why, ...) (struct pen_benefit_change_options){ .kind = k, .person = who, .reason = why, .amount_fen = -1, __VA_ARGS__ }
#define refused(asked, status, code) assert_fails(decide(f, asked), status, code)

static void what_is_left_out_or_told_wrongly_is_refused_by_name(void **state)
{
	struct fixture *f = *state;
	char note[2048];

	memset(note, 'x', sizeof(note) - 1);
	note[sizeof(note) - 1] = '\0';
	refused(ASKED("stop", ZHANG, "prison", .month = "2026-02", .note = note), PEN_USAGE, "benefit.note");
	refused(ASKED("stop", ZHANG, "prison", .month = "2026-13"), PEN_USAGE, "roll.month");
	refused(ASKED("end", ZHANG, "death", .month = "2026-02"), PEN_USAGE, "benefit.death");
	refused(ASKED("recover", ZHANG, "overpaid"), PEN_USAGE, "benefit.amount");
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM batch WHERE form = 'benefit-change'"), 0);
}

static void who_draws_nothing_has_no_benefit_to_be_stopped(void **state)
{
	struct fixture *f = *state;

	refused(ASKED("stop", TEN, "prison", .month = "2026-02"), PEN_REFUSED, "benefit.none");
	refused(ASKED("end", TEN, "emigration", .month = "2026-02"), PEN_REFUSED, "benefit.none");
}

static void consolation_goes_by_months_that_a_form_has_to_say(void **state)
{
	struct fixture *f = *state;

	refused(ASKED("end", LI, "death", .on = 20250310), PEN_REFUSED, "benefit.months");
	assert_string_equal(f->error.clause, "R4.3.2");
}

/* 36 months were paid for: three incomes, and two for the funeral. */
static void of_a_death_in_service_the_months_that_were_paid_for_count(void **state)
{
	struct fixture *f = *state;

	assert_ok(decide(f, ASKED("end", TEN, "death", .on = 20250310)));
	assert_int_equal(ask(f, "SELECT consolation_fen FROM benefit_change WHERE person = 10"), 3 * 400000);
	assert_int_equal(ask(f, "SELECT funeral_fen FROM benefit_change WHERE person = 10"), 2 * 400000);
	assert_int_equal(ask(f, "SELECT employer FROM folio WHERE form = 'benefit-change'"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, stop)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_left_out_or_told_wrongly_is_refused_by_name),
		TEST(who_draws_nothing_has_no_benefit_to_be_stopped),
		TEST(consolation_goes_by_months_that_a_form_has_to_say),
		TEST(of_a_death_in_service_the_months_that_were_paid_for_count),
	};

	return cmocka_run_group_tests_name("flow/benefit_change", tests, NULL, NULL);
}
