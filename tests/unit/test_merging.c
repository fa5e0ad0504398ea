#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
#include "store/merging.h"

/* The agency of versions_fixture.h with its years sealed: 10 and 11 are alike. */
static int start_sealed(void **state)
{
	struct fixture *f;

	start(state);
	f = *state;
	agency(f, 500000);
	putf(f, "UPDATE folio SET state = 'sealed', sealed_at = %" PRId64 " WHERE state = 'confirmed'", enter_act(f, "seal.close", true));
	return 0;
}

static void refused(struct fixture *f, int64_t person, int64_t into, const char *code, const char *says)
{
	struct pen_merging merging;

	pen_merging__start(&merging, &f->session);
	assert_ok(pen_merging__plan(&merging, person, into, "户籍证明 12", &f->error));
	assert_fails(pen_merging__collect(&merging, &f->error), PEN_REFUSED, code);
	if (!strstr(f->error.text, says))
		fail_msg("\"%s\" does not say \"%s\"", f->error.text, says);
	pen_merging__free(&merging);
}

static void merged(struct fixture *f, int64_t person, int64_t into)
{
	struct pen_merging merging;

	pen_merging__start(&merging, &f->session);
	assert_ok(pen_merging__plan(&merging, person, into, "户籍证明 12", &f->error));
	assert_ok(pen_merging__collect(&merging, &f->error));
	assert_ok(pen_ending__write(&merging.end, &f->error));
	pen_merging__free(&merging);
	putf(f, "UPDATE folio SET state = 'sealed', sealed_at = %" PRId64 " WHERE form = 'merge'", enter_act(f, "seal.close", true));
}

static void an_account_from_which_a_pension_is_drawn_stays_one(void **state)
{
	struct fixture *f = *state;

	folio(f, 50, "retirement", 1, 0, 3, 3);
	putf(f, "INSERT INTO retirement VALUES (50, 11, 1, '330106198508120021', '王秀英', 2, 19850812, NULL, 20240601, 202407, 'approval-form', 100, 0, NULL, NULL, NULL, NULL, NULL)");
	refused(f, 10, 11, "account.pensioner", "folio 50");
	refused(f, 11, 10, "account.pensioner", "folio 50");
}

static void both_have_a_balance_and_of_the_same_year(void **state)
{
	struct fixture *f = *state;

	register_person(f, 20, 20200101);
	refused(f, 20, 10, "account.gap", "has no balance");
	folio(f, 50, "opening", 0, 0, 3, 3);
	opened(f, 50, 20, 2022, 100000, 0);
	refused(f, 20, 10, "account.gap", "up to 2022");
	folio(f, 51, "opening", 0, 0, 3, -1);
	putf(f, "DELETE FROM account_year WHERE person = 20");
	opened(f, 51, 20, 2024, 100000, 0);
	refused(f, 20, 10, "account.unready", "stands in folio 51, which is not sealed");
}

static void a_year_that_will_come_out_otherwise_is_settled_again_first(void **state)
{
	static const char rate[] = "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
		"account.interest,000000,,2024-01,2024-12,9.99,percent,made up,yes,\n";
	char digest[PEN_DIGEST_HEX];
	struct fixture *f = *state;

	/* Something of 2024 came in late, for one of them. */
	folio(f, 50, "breakdown", 1, 2024, 30, enter_act(f, "seal.close", true));
	putf(f, "INSERT INTO contribution VALUES (50, 11, 1, 2, 1, 500000, 1, 0, 80000, 40000, NULL, NULL, NULL)");
	refused(f, 10, 11, "account.gap", "not settled for 2024 as it will stay");
	putf(f, "UPDATE folio SET ended_at = 31 WHERE id = 50");
	/* The year went by another rate than that which was published. */
	assert_ok(pen_settings__load(store_of(f), "interest", rate, sizeof(rate) - 1, enter_act(f, "parameters.load", true), digest, &f->error));
	refused(f, 10, 11, "account.gap", "not settled for 2024 as it will stay");
}

static void what_was_merged_into_an_account_is_settled_before_that_goes_over(void **state)
{
	struct fixture *f = *state;

	register_person(f, 20, 20200101);
	folio(f, 50, "opening", 0, 0, 3, 3);
	opened(f, 50, 20, 2024, 100000, 0);
	merged(f, 20, 10);
	refused(f, 10, 11, "account.gap", "not settled for 2025");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start_sealed, stop)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_account_from_which_a_pension_is_drawn_stays_one),
		TEST(both_have_a_balance_and_of_the_same_year),
		TEST(a_year_that_will_come_out_otherwise_is_settled_again_first),
		TEST(what_was_merged_into_an_account_is_settled_before_that_goes_over),
	};

	return cmocka_run_group_tests_name("store/merging", tests, NULL, NULL);
}
