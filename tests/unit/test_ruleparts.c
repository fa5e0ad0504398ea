#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "work/ruleparts.h"

/* All rules on rows and records, as a verification has them looked at. */
static void walk(struct year *y)
{
	struct fixture *f = y->f;
	struct pen_sqlrules *rules;

	y->count = 0;
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	assert_ok(pen_ruleparts__run(&y->walk, rules, NULL, 0, &f->error));
	pen_sqlrule__free(rules);
}

static void what_import_let_in_passes_the_rules(void **state)
{
	struct year *y = *state;

	/* The people of this store were entered without what init says of them. */
	y->walk.rule = "folio.sums,month.range";
	walk(y);
	assert_clean(y);
	assert_int_equal(y->walk.rows, 2 * PEOPLE + 4);
	assert_true(y->walk.base_unchecked);
	assert_true(y->walk.share_unchecked);
	assert_int_equal(y->walk.not_made, 0);
}

static void a_rule_over_a_row_names_the_row(void **state)
{
	struct year *y = *state;
	const struct kept_finding *found;

	break_in(y, "UPDATE contribution SET months = 0 WHERE person = 5");
	walk(y);
	found = finding(y, "month.range");
	assert_int_equal(found->batch, 4);
	assert_int_equal(found->line, 6);
	assert_non_null(strstr(found->record, "王4"));
}

static void a_contribution_of_somebody_no_longer_registered_is_found(void **state)
{
	struct year *y = *state;

	break_in(y, "DELETE FROM registration WHERE person = 5");
	walk(y);
	finding(y, "person.registered");
	assert_string_equal(finding(y, "folio.sums")->found, "299");
}

static void months_that_overlap_within_a_folio_are_found(void **state)
{
	struct year *y = *state;

	break_in(y, "INSERT INTO contribution SELECT folio, person, 9999, 2, kind, base_fen, 1, 0, "
	    "unit_fen, personal_fen, for_year, arrived, voucher FROM contribution WHERE person = 9");
	walk(y);
	assert_int_equal(finding(y, "months.overlap")->line, 9999);
}

static void a_payment_that_is_there_twice_is_found(void **state)
{
	struct year *y = *state;

	break_in(y, "INSERT INTO levy SELECT folio, employer, 9999, voucher, year, paid_on, amount_fen, voucher_kind, insurance, "
	    "late_fee_fen, refund FROM levy WHERE employer = 1");
	walk(y);
	assert_non_null(strstr(finding(y, "levy.repeated")->found, "2 payments"));
	assert_string_equal(finding(y, "levy.year")->expected, "18000000.00");
}

static void a_breakdown_over_its_levy_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE levy_year SET amount_fen = 100 WHERE employer = 2");
	walk(y);
	assert_string_equal(finding(y, "levy.covers")->expected, "1.00");
	finding(y, "levy.year");
}

static void a_folio_that_was_declared_sealed_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE folio SET state = 'sealed', sealed_at = 9 WHERE batch = 3");
	walk(y);
	assert_string_equal(finding(y, "folio.seal")->found, "sealed by entry 9");
}

static void a_confirming_that_no_entry_tells_of_is_found(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE folio SET confirmed_at = 1 WHERE batch = 3");
	walk(y);
	assert_non_null(strstr(finding(y, "journal.cites")->found, "entry 1: "));
}

static void one_rule_alone_can_be_asked_for(void **state)
{
	struct year *y = *state;

	y->walk.rule = "levy.covers";
	tamper(y->f, "UPDATE levy_year SET amount_fen = 100 WHERE employer = 2");
	walk(y);
	assert_int_equal(y->count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(what_import_let_in_passes_the_rules),
		WITH_YEAR(a_rule_over_a_row_names_the_row),
		WITH_YEAR(a_contribution_of_somebody_no_longer_registered_is_found),
		WITH_YEAR(months_that_overlap_within_a_folio_are_found),
		WITH_YEAR(a_payment_that_is_there_twice_is_found),
		WITH_YEAR(a_breakdown_over_its_levy_is_found),
		WITH_YEAR(a_folio_that_was_declared_sealed_is_found),
		WITH_YEAR(a_confirming_that_no_entry_tells_of_is_found),
		WITH_YEAR(one_rule_alone_can_be_asked_for),
	};

	return cmocka_run_group_tests_name("store/ruleparts", tests, NULL, NULL);
}
