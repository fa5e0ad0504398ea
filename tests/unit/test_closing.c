#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "case_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
#include "store/blob.h"
#include "store/closing.h"
#include "pen.h"

#define TEN "330106198508120027"

/* The agency of versions_fixture.h with its years sealed; op1 acts. */
static int begin(void **state)
{
	struct fixture *f;

	start_cases(state);
	f = *state;
	agency(f, 500000);
	putf(f, "INSERT INTO person_alias VALUES ('citizen-id', '" TEN "', 10, 900)");
	putf(f, "UPDATE folio SET state = 'sealed', sealed_at = %" PRId64 " WHERE state = 'confirmed'", enter_act(f, "seal.close", true));
	act_as(f, "op1");
	return 0;
}

static enum pen_status close_it(struct fixture *f, int32_t on)
{
	const struct pen_closing_plan plan = { .person = 10, .reason = "death", .note = "死亡证明 7", .happened_on = on };
	struct pen_closing closing;
	enum pen_status status;

	pen_closing__start(&closing, &f->session);
	status = pen_closing__plan(&closing, &plan, &f->error);
	if (status == PEN_OK)
		status = pen_closing__collect(&closing, &f->error);
	pen_closing__free(&closing);
	return status;
}

/* By form from July of 2024 on. */
static void retired(struct fixture *f, int64_t sealed)
{
	folio(f, 50, "retirement", 1, 0, 3, sealed);
	putf(f, "INSERT INTO retirement VALUES (50, 10, 1, '" TEN "', '王秀英', 2, 19850812, NULL, 20240605, 202407, 'approval-form', 300, 24, 120000, 30000, 10000, 0, 160000)");
}

static void a_pension_that_is_not_sealed_yet_is_sealed_or_taken_out_first(void **state)
{
	struct fixture *f = *state;

	assert_ok(close_it(f, 20250310));
	retired(f, -1);
	assert_fails(close_it(f, 20250310), PEN_REFUSED, "account.pensioner");
	assert_non_null(strstr(f->error.text, "folio 50, which is not sealed"));
}

static void what_others_paid_of_the_account_before_the_first_roll_nobody_knows(void **state)
{
	struct fixture *f = *state;

	retired(f, 3);
	folio(f, 51, "benefit-change", 1, 0, 9, 9);
	putf(f, "INSERT INTO benefit_change VALUES (51, 10, 1, 'end', 'death', 202501, 20241210, NULL, NULL, NULL, NULL, NULL, NULL)");
	assert_fails(close_it(f, 20250310), PEN_REFUSED, "account.unready");
	assert_non_null(strstr(f->error.text, "others paid the pension"));
	/* At the turn of a year nothing of the new one is asked for, and the last roll of the old. */
	assert_fails(close_it(f, 20241210), PEN_REFUSED, "account.unready");
	assert_non_null(strstr(f->error.text, "the roll of 2024-12 is not sealed"));
}

static void what_is_held_may_still_come_into_the_account(void **state)
{
	const struct pen_close_out given = { .person = TEN, .reason = "death", .note = "死亡证明 7", .on = 20250310 };
	struct pen_printer *printer;
	struct fixture *f = *state;
	FILE *nowhere = fopen("/dev/null", "w");

	folio(f, 60, "breakdown", 1, 2025, 9, -1);
	putf(f, "UPDATE folio SET state = 'held', confirmed_at = NULL WHERE id = 60");
	paid(f, 60, 10, 1, 1, 40000);
	assert_ok(pen_printer_open(&printer, nowhere, PEN_JSON, &f->error));
	assert_fails(pen_close_out(&f->session, &given, printer, &f->error), PEN_REFUSED, "account.unready");
	assert_non_null(strstr(f->error.text, "folio 60"));
	pen_printer_free(printer);
	fclose(nowhere);
}

static void a_plan_without_a_day_is_none(void **state)
{
	static const char plan[] = "person: 10\nreason: death\n";
	struct fixture *f = *state;
	struct pen_batch batch = { .id = 9 };
	struct pen_closing closing;
	bool is;

	pen_closing__start(&closing, &f->session);
	snprintf(batch.form, sizeof(batch.form), "%s", closing.end.computed.way->form);
	assert_ok(pen_blob__keep(store_of(f), "source", "plan", plan, strlen(plan), batch.file_digest, &f->error));
	assert_fails(pen_closing__read_plan(&closing, &batch, &is, &f->error), PEN_INPUT, "account.plan");
	pen_closing__free(&closing);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, stop)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pension_that_is_not_sealed_yet_is_sealed_or_taken_out_first),
		TEST(what_others_paid_of_the_account_before_the_first_roll_nobody_knows),
		TEST(what_is_held_may_still_come_into_the_account),
		TEST(a_plan_without_a_day_is_none),
	};

	return cmocka_run_group_tests_name("store/closing", tests, NULL, NULL);
}
