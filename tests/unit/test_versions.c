#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
#include "base/money.h"

#define TODAY 20261123

/* What a test asks for. */
static struct pen_amendeds list;
static struct pen_trial trial;
static struct pen_batch batch;

static int begin(void **state)
{
	list = (struct pen_amendeds){ .count = 0 };
	trial = (struct pen_trial){ .effects = 0 };
	return start(state);
}

static int end(void **state)
{
	pen_amended__free(&list);
	pen_effect__free(&trial);
	return stop(state);
}

static void set(struct fixture *f, struct pen_amended *record, const char *field, const char *value)
{
	struct pen_form *form = shipped_form(record->form);

	assert_ok(pen_amended__set(&list, record, form, field, value, TODAY, &f->error));
	pen_form__free(form);
}

/* Both shares at 16 and 8 percent. */
static void set_base(struct fixture *f, struct pen_amended *record, int64_t base)
{
	char yuan[24];

	set(f, record, "base", pen_money__format(base, yuan));
	set(f, record, "unit", pen_money__format(base * 12 * 16 / 100, yuan));
	set(f, record, "personal", pen_money__format(base * 12 * 8 / 100, yuan));
}

static const struct pen_versions_case *the_case(void)
{
	static struct pen_versions_case made;

	made = (struct pen_versions_case){ .amendment = 7, .amended = &list };
	return &made;
}

/* Applied, as the flow does it. */
static int64_t apply(struct fixture *f)
{
	struct pen_db *db = pen_store__db(store_of(f));
	int64_t at, entered;

	assert_ok(pen_db__begin_write(db, &f->error));
	assert_ok(pen_journal__size(store_of(f), &at, &f->error));
	assert_ok(pen_versions__write(&f->session, the_case(), at, &trial, &batch, &f->error));
	assert_ok(pen_session__act(&f->session, "amend.apply", "case 7", NULL, true, &entered, &f->error));
	assert_int_equal(at, entered);
	assert_ok(pen_db__commit(db, &f->error));
	return at;
}

static void refused(struct fixture *f, const char *code)
{
	int64_t before = ask(f, "SELECT (SELECT COUNT(*) FROM folio) + (SELECT COUNT(*) FROM replacement) + (SELECT COUNT(*) FROM journal)");

	assert_fails(pen_trial__run(&f->session, the_case(), &trial, &f->error), PEN_REFUSED, code);
	assert_int_equal(before, ask(f, "SELECT (SELECT COUNT(*) FROM folio) + (SELECT COUNT(*) FROM replacement) + (SELECT COUNT(*) FROM journal)"));
}

static struct pen_balance closing(struct fixture *f, int64_t person, int32_t year)
{
	struct pen_account_place *places;
	struct pen_balance balance = { 0 };
	size_t count;
	int64_t newest = ask(f, "SELECT MAX(at) FROM journal");

	assert_ok(pen_places__of_person(store_of(f), person, newest, &places, &count, &f->error));
	assert_non_null(pen_places__at(places, count, year));
	assert_ok(pen_ledger__closing(store_of(f), pen_places__at(places, count, year), newest, &balance, &f->error));
	pen_memory__free(places);
	return balance;
}

/* ------------------------------------------------------------------------------ */

static void an_amended_base_comes_out_as_if_it_had_been_right_from_the_start(void **state)
{
	struct fixture *f = *state, *right;
	struct pen_balance made, expected;
	void *other;
	int year;

	agency(f, 500000);
	start(&other);
	right = other;
	agency(right, 650000);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	apply(f);
	for (year = 2022; year <= 2024; year++) {
		made = closing(f, 10, year);
		expected = closing(right, 10, year);
		assert_memory_equal(&made, &expected, sizeof(made));
		made = closing(f, 11, year);
		expected = closing(right, 11, year);
		assert_memory_equal(&made, &expected, sizeof(made));
	}
	assert_int_equal(trial.versions, 1);
	assert_int_equal(trial.settled, 3);
	assert_int_equal(trial.effects, 1);
	assert_memory_equal(&trial.effect[0].after, &(struct pen_balance[1]){ closing(right, 10, 2024) }, sizeof(made));
	stop(&other);
}

static void what_another_case_changed_counts_before_it_is_sealed(void **state)
{
	struct fixture *f = *state, *right;
	struct pen_balance made, expected;
	void *other;

	agency(f, 500000);
	start(&other);
	right = other;
	agency(right, 500000);
	/* Both at once, and one after the other, with nothing sealed in between. */
	set_base(right, standing(right, &list, "breakdown", 4, 1, 2022, 10), 650000);
	set_base(right, standing(right, &list, "breakdown", 5, 1, 2023, 10), 700000);
	apply(right);
	pen_amended__free(&list);
	pen_effect__free(&trial);
	set_base(f, standing(f, &list, "breakdown", 5, 1, 2023, 10), 700000);
	apply(f);
	pen_amended__free(&list);
	pen_effect__free(&trial);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	apply(f);
	made = closing(f, 10, 2024);
	expected = closing(right, 10, 2024);
	assert_memory_equal(&made, &expected, sizeof(made));
	stop(&other);
}

static void only_years_from_the_first_touched_one_on_are_settled_again(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	set_base(f, standing(f, &list, "breakdown", 5, 1, 2023, 10), 650000);
	apply(f);
	assert_int_equal(trial.settled, 2);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE batch = (SELECT MAX(id) FROM batch)"), 3);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM replacement WHERE subject = 11"), 0);
	/* Lines are counted through the batch: no two rows have one salt. */
	assert_int_equal(ask(f, "SELECT COUNT(DISTINCT line) FROM (SELECT line FROM contribution WHERE folio IN (SELECT id FROM folio WHERE batch = (SELECT MAX(id) FROM batch))"
	    " UNION ALL SELECT line FROM movement WHERE folio IN (SELECT id FROM folio WHERE batch = (SELECT MAX(id) FROM batch)))"), batch.lines_read);
}

static void once_sealed_nobody_would_be_settled_otherwise(void **state)
{
	struct fixture *f = *state;
	struct pen_settling_plan plan;
	struct pen_settlement work;
	int year;

	agency(f, 500000);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	apply(f);
	putf(f, "UPDATE folio SET state = 'sealed', sealed_at = %" PRId64 " WHERE batch = %" PRId64, enter_act(f, "seal.close", true), batch.id);
	for (year = 2022; year <= 2024; year++) {
		assert_ok(pen_settlement__plan(&work, &f->session, year, &plan, &f->error));
		assert_ok(pen_settlement__collect(&work, &plan, &f->error));
		assert_int_equal(work.s.fates[PEN_SETTLING_SAME], 2);
		assert_int_equal(work.orders, 0);
		pen_settlement__free(&work);
	}
}

static void a_trial_says_what_it_comes_to_and_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t before;

	agency(f, 500000);
	before = ask(f, "SELECT (SELECT COUNT(*) FROM folio) + (SELECT COUNT(*) FROM movement) + (SELECT COUNT(*) FROM replacement)"
	    " + (SELECT COUNT(*) FROM journal) + (SELECT COUNT(*) FROM batch) + (SELECT COUNT(*) FROM blob)");
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	assert_ok(pen_trial__run(&f->session, the_case(), &trial, &f->error));
	assert_int_equal(trial.effects, 1);
	assert_int_equal(trial.effect[0].year, 2024);
	assert_int_equal(trial.effect[0].after.personal_principal_fen - trial.effect[0].before.personal_principal_fen, 150000 * 12 * 8 / 100);
	assert_int_equal(before, ask(f, "SELECT (SELECT COUNT(*) FROM folio) + (SELECT COUNT(*) FROM movement) + (SELECT COUNT(*) FROM replacement)"
	    " + (SELECT COUNT(*) FROM journal) + (SELECT COUNT(*) FROM batch) + (SELECT COUNT(*) FROM blob)"));
}

static void what_has_moved_since_or_is_not_sealed_is_refused(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	list.at[0].old.v[PEN_CONTRIBUTION_BASE].i = 499999;
	refused(f, "amend.moved");
	assert_string_equal(f->error.clause, "R5.3.1");
	list.at[0].old.v[PEN_CONTRIBUTION_BASE].i = 500000;
	apply(f);
	refused(f, "amend.moved");	/* replaced meanwhile */
	list.count = 0;
	folio(f, 50, "breakdown", 1, 2025, 2, -1);
	pay_year(f, 50, 10, 500000);
	set_base(f, standing(f, &list, "breakdown", 50, 1, 2025, 10), 650000);
	refused(f, "amend.unsealed");
	/* What is said to be done can be. */
	assert_non_null(strstr(f->error.text, "pen-seal sign"));
	assert_null(strstr(f->error.text, "--replaces"));
}

static void what_the_rules_would_turn_down_at_import_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_amended *record;

	agency(f, 500000);
	record = standing(f, &list, "breakdown", 4, 1, 2022, 10);
	set(f, record, "base", "6500.00");	/* and the shares as they were */
	refused(f, "amend.rule");
	assert_true(trial.findings > 0);
	assert_string_equal(trial.finding[0].rule, "share.unit");
	list.count = 0;
	pen_effect__free(&trial);
	putf(f, "UPDATE levy_year SET amount_fen = 2880000 WHERE year = 2022");	/* what was claimed, to the fen */
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 500025);
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "levy.covers");
	list.count = 0;
	pen_effect__free(&trial);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 499975);
	assert_ok(pen_trial__run(&f->session, the_case(), &trial, &f->error));
}

static void a_month_that_another_row_has_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_amended *record;

	agency(f, 500000);
	folio(f, 40, "breakdown", 1, 2023, 3, 3);
	putf(f, "DELETE FROM contribution WHERE 0");
	putf(f, "INSERT INTO contribution VALUES (40, 12, 2, 1, 1, 500000, 63, 0, 480000, 240000, NULL, NULL, NULL)");
	putf(f, "INSERT INTO contribution VALUES (5, 12, 12, 1, 1, 500000, 4032, 0, 480000, 240000, NULL, NULL, NULL)");
	register_person(f, 12, 20100301);
	record = standing(f, &list, "breakdown", 40, 1, 2023, 12);
	set(f, record, "month_list", "2-7");
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "months.overlap");
	assert_string_equal(trial.finding[0].found, "7");
}

static void months_before_somebody_was_insured_are_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_amended *record;
	struct pen_form *form = shipped_form("breakdown");

	agency(f, 500000);
	register_person(f, 12, 20220601);
	record = pen_amended__missing(&list, form, 12, 1, 2022);
	set(f, record, "month_list", "5-12");
	set(f, record, "base", "5000.00");
	set(f, record, "unit", "6400.00");
	set(f, record, "personal", "3200.00");
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "contribution.entry");
	pen_form__free(form);
}

static void a_missing_account_is_rebuilt_through_to_the_last_settled_year(void **state)
{
	struct fixture *f = *state;
	struct pen_form *form = shipped_form("breakdown");
	struct pen_amended *record;
	struct pen_balance like, made;
	int year;

	agency(f, 500000);
	register_person(f, 12, 20100301);
	for (year = 2022; year <= 2024; year++) {
		record = pen_amended__missing(&list, form, 12, 1, year);
		set(f, record, "months", "12");
		set_base(f, record, 500000);
	}
	apply(f);
	assert_int_equal(trial.settled, 3);
	like = closing(f, 11, 2024);
	made = closing(f, 12, 2024);
	assert_memory_equal(&like, &made, sizeof(like));
	pen_form__free(form);
}

static void what_was_paid_where_no_period_tells_of_it_is_found_all_the_same(void **state)
{
	struct fixture *f = *state, *right;
	struct pen_balance made, expected;
	void *other;

	agency(f, 500000);
	start(&other);
	right = other;
	agency(right, 650000);
	putf(f, "DELETE FROM employment WHERE person = 10");
	putf(f, "INSERT INTO employment VALUES (10, 2, 20100301, NULL, 2)");
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	apply(f);
	made = closing(f, 10, 2024);
	expected = closing(right, 10, 2024);
	assert_memory_equal(&made, &expected, sizeof(made));
	stop(&other);
}

/* A man of 1950, insured in 2010, retired in June of 2012. */
static void retired_person(struct fixture *f)
{
	putf(f, "INSERT INTO person VALUES (13, 900)");
	putf(f, "INSERT INTO registration VALUES (2, 13, 13, '330106195008120015', '李强', 1, 19500812, 20100301, 19700701, NULL, 'employee', 500000, NULL, 0)");
	putf(f, "INSERT INTO employment VALUES (13, 1, 20100301, NULL, 2)");
	folio(f, 50, "retirement", 0, 0, 3, 3);
	putf(f, "INSERT INTO retirement VALUES (50, 13, 1, '330106195008120015', '李强', 1, 19500812, 19700701, 20120601, 201207, 'approval-form', 100, 300, NULL, NULL, NULL, NULL, NULL)");
}

static void refused_by(struct fixture *f, const char *rule)
{
	size_t i;

	refused(f, "amend.rule");
	for (i = 0; i < trial.findings && strcmp(trial.finding[i].rule, rule) != 0; i++)
		;
	assert_true(i < trial.findings);
	list.count = 0;
	pen_effect__free(&trial);
}

static void a_day_of_insurance_after_the_retirement_is_refused_at_once(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	retired_person(f);
	set(f, standing(f, &list, "registration", 2, 1, 0, 13), "insured_on", "2012-07-01");
	refused_by(f, "person.dates");
	set(f, standing(f, &list, "registration", 2, 1, 0, 13), "insured_on", "2012-05-01");
	assert_ok(pen_trial__run(&f->session, the_case(), &trial, &f->error));
}

static void a_retirement_before_the_day_of_insurance_is_refused_at_once(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	retired_person(f);
	set(f, standing(f, &list, "retirement", 50, 0, 0, 13), "retired_on", "2010-02-01");
	refused_by(f, "person.dates");
}

static void an_entry_at_the_age_of_retirement_is_refused_at_once(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	retired_person(f);
	set(f, standing(f, &list, "registration", 2, 1, 0, 13), "insured_on", "2013-09-01");
	refused_by(f, "entry.age");
}

static void what_was_found_of_somebody_before_does_not_keep_another_field_from_being_mended(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	retired_person(f);
	putf(f, "INSERT INTO person VALUES (14, 900)");
	putf(f, "INSERT INTO registration VALUES (2, 14, 14, '330106194008120013', '李刚', 1, 19400812, 20100301, 19700701, NULL, 'employee', 500000, NULL, 0)");
	putf(f, "INSERT INTO employment VALUES (14, 1, 20100301, NULL, 2)");
	set(f, standing(f, &list, "registration", 2, 1, 0, 14), "name", "李钢");
	assert_ok(pen_trial__run(&f->session, the_case(), &trial, &f->error));
}

static void a_registration_gets_a_new_version_and_its_period(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	set(f, standing(f, &list, "registration", 2, 1, 0, 10), "name", "王秀瑛");
	apply(f);
	assert_int_equal(trial.settled, 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM employment WHERE person = 10"), 2);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM replacement WHERE folio = 2 AND subject = 10"), 1);
}

static void an_amended_opening_stands_in_its_place(void **state)
{
	struct fixture *f = *state;
	struct pen_balance before, after;
	struct pen_account_place *places;
	struct pen_settling_plan plan;
	struct pen_settlement work;
	size_t count;

	agency(f, 500000);
	folio(f, 30, "opening", 0, 0, 1, 1);
	opened(f, 30, 13, 2022, 1000000, 0);
	opened(f, 30, 9, 2022, 200, 0);
	register_person(f, 13, 20100301);
	register_person(f, 9, 20100301);
	settle_year(f, 2023);
	settle_year(f, 2024);
	before = closing(f, 13, 2024);
	set(f, standing(f, &list, "opening", 30, 0, 0, 13), "personal_principal", "11000.00");
	set(f, standing(f, &list, "opening", 30, 0, 0, 9), "personal_principal", "1.00");
	apply(f);
	after = closing(f, 13, 2024);
	assert_int_equal(after.personal_principal_fen - before.personal_principal_fen, 100000);
	assert_true(after.personal_interest_fen > before.personal_interest_fen);
	assert_int_equal(closing(f, 13, 2022).personal_principal_fen, 1100000);
	/* Nobody would be settled otherwise, once it is sealed. */
	putf(f, "UPDATE folio SET state = 'sealed', sealed_at = %" PRId64 " WHERE batch = %" PRId64, enter_act(f, "seal.close", true), batch.id);
	assert_ok(pen_settlement__plan(&work, &f->session, 2023, &plan, &f->error));
	assert_ok(pen_settlement__collect(&work, &plan, &f->error));
	assert_int_equal(work.orders, 0);
	assert_int_equal(work.s.fates[PEN_SETTLING_SAME], 4);
	pen_settlement__free(&work);
	/* What was given before is given still. */
	assert_ok(pen_places__of_person(store_of(f), 13, batch.confirmed_at - 1, &places, &count, &f->error));
	assert_int_equal(pen_places__at(places, count, 2022)->folio, 30);
	pen_memory__free(places);
}

static void what_claimed_more_than_was_levied_already_may_claim_less(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	putf(f, "UPDATE levy_year SET amount_fen = 100 WHERE year = 2022");
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 500025);
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "levy.covers");
	list.count = 0;
	pen_effect__free(&trial);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 499975);
	assert_ok(pen_trial__run(&f->session, the_case(), &trial, &f->error));
}

static void months_that_overlapped_before_do_not_keep_another_field_from_being_mended(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	register_person(f, 12, 20100301);
	folio(f, 40, "breakdown", 1, 2023, 3, 3);
	pay_year(f, 40, 12, 500000);
	pay_year(f, 5, 12, 500000);
	set_base(f, standing(f, &list, "breakdown", 40, 1, 2023, 12), 500025);
	assert_ok(pen_trial__run(&f->session, the_case(), &trial, &f->error));
}

static void a_day_that_another_registration_has_and_one_that_was_ended_are_refused(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	folio(f, 40, "registration", 1, 0, 3, 3);
	putf(f, "INSERT INTO registration SELECT 40, person, 20, id_number, name, sex, born, 20150101, worked_on, status, payer, base_fen, basis,"
	    " deemed_months FROM registration WHERE folio = 2 AND person = 10");
	putf(f, "INSERT INTO employment VALUES (10, 1, 20150101, NULL, 40)");
	set(f, standing(f, &list, "registration", 2, 1, 0, 10), "insured_on", "2015-01-01");
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "registration.repeated");
	assert_string_equal(trial.finding[0].found, "2015-01-01, as in folio 40");
	list.count = 0;
	pen_effect__free(&trial);
	putf(f, "UPDATE employment SET until = 20121231 WHERE person = 10 AND since = 20100301");
	set(f, standing(f, &list, "registration", 2, 1, 0, 10), "insured_on", "2010-02-01");
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "employment.told");
	assert_string_equal(trial.finding[0].expected, "2010-03-01");
}

static void months_after_the_employer_had_a_successor_are_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_form *form = shipped_form("breakdown");
	struct pen_amended *record;

	agency(f, 500000);
	putf(f, "INSERT INTO employer VALUES (2, 900)");
	putf(f, "INSERT INTO employer_alias VALUES ('credit-code', '91330106MA00000029', 2, 900)");
	folio(f, 40, "successor", 0, 0, 3, 3);
	putf(f, "INSERT INTO succession VALUES (40, 1, 1, '某厂', 2, '新厂', 20230701)");
	register_person(f, 12, 20100301);
	record = pen_amended__missing(&list, form, 12, 1, 2023);
	set(f, record, "months", "12");
	set_base(f, record, 500000);
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "employer.succeeded");
	assert_non_null(strstr(trial.finding[0].expected, "91330106MA00000029"));
	pen_form__free(form);
}

static void of_many_findings_a_hundred_are_told_and_all_are_counted(void **state)
{
	struct fixture *f = *state;
	int i;

	agency(f, 500000);
	for (i = 20; i < 71; i++) {
		register_person(f, i, 20100301);
		pay_year(f, 4, i, 500000);
		set(f, standing(f, &list, "breakdown", 4, 1, 2022, i), "base", "6500.00");	/* and the shares as they were */
	}
	refused(f, "amend.rule");
	assert_int_equal(trial.findings, 100);
	assert_non_null(strstr(f->error.text, "102 findings in all"));
}

static void what_a_rule_finds_of_an_employer_is_told_by_code_and_name(void **state)
{
	struct fixture *f = *state;
	struct pen_amended *record;

	agency(f, 500000);
	record = standing(f, &list, "employer", 1, 1, 0, 1);
	record->new.v[PEN_EMPLOYER_AREA] = pen_value__string("999999", 6);	/* which no field lets through */
	record->set = 1U << PEN_EMPLOYER_AREA;
	refused(f, "amend.rule");
	assert_string_equal(trial.finding[0].rule, "area.code");
	assert_string_equal(trial.finding[0].record, "employer 91330106MA1080192C 某厂");
}

/* Half a year at an employer where no period tells of it, and half at the own one, by which
 * the balance is found. */
static void what_was_paid_at_two_employers_counts_wherever_it_was(void **state)
{
	struct fixture *f = *state;
	struct pen_balance before, after;

	agency(f, 500000);
	register_person(f, 12, 20100301);
	folio(f, 40, "breakdown", 2, 2022, 3, 3);
	putf(f, "INSERT INTO levy_year VALUES (2, 2022, 3, 100000000)");
	putf(f, "INSERT INTO contribution VALUES (4, 12, 12, 1, 1, 500000, 4032, 0, 480000, 240000, NULL, NULL, NULL)");
	putf(f, "INSERT INTO contribution VALUES (40, 12, 1, 1, 1, 500000, 63, 0, 480000, 240000, NULL, NULL, NULL)");
	settle_year(f, 2022);
	before = closing(f, 12, 2022);
	assert_int_equal(before.personal_principal_fen, 480000);
	/* The later half comes first, as its folio does: where somebody was last is by the month. */
	set(f, standing(f, &list, "breakdown", 40, 2, 2022, 12), "base", "6000.00");
	set(f, &list.at[0], "unit", "5760.00");
	set(f, &list.at[0], "personal", "2880.00");
	apply(f);
	after = closing(f, 12, 2022);
	assert_int_equal(after.personal_principal_fen, 480000 + 48000);
}

static void years_that_are_not_all_there_are_left_to_the_settlement(void **state)
{
	struct fixture *f = *state;
	struct pen_form *form = shipped_form("breakdown");
	struct pen_amended *record;

	agency(f, 500000);
	register_person(f, 12, 20100301);
	folio(f, 40, "breakdown", 1, 2023, 3, -1);	/* not sealed */
	pay_year(f, 40, 12, 500000);
	record = pen_amended__missing(&list, form, 12, 1, 2022);
	set(f, record, "months", "12");
	set_base(f, record, 500000);
	apply(f);
	assert_int_equal(trial.settled, 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM account_year WHERE person = 12"), 1);
	pen_form__free(form);
}

static void an_opening_of_before_2006_is_amended_and_the_years_since_are_left_to_the_settlement(void **state)
{
	static const char rates[] = "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
		"account.interest,000000,,2006-01,2015-12,2.50,percent,made up,yes,\n";
	char digest[PEN_DIGEST_HEX];
	struct fixture *f = *state;

	agency(f, 500000);
	assert_ok(pen_settings__load(store_of(f), "old", rates, sizeof(rates) - 1, enter_act(f, "parameters.load", true), digest, &f->error));
	register_person(f, 13, 20000301);
	folio(f, 30, "opening", 0, 0, 1, 1);
	opened(f, 30, 13, 2004, 1000000, 0);
	set(f, standing(f, &list, "opening", 30, 0, 0, 13), "personal_principal", "11000.00");
	apply(f);
	assert_int_equal(trial.settled, 0);
	assert_int_equal(closing(f, 13, 2004).personal_principal_fen, 1100000);
}

static void an_account_that_was_closed_is_settled_again_up_to_that_year(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	folio(f, 60, "close-out", 1, 2024, 8, 8);
	settled(f, 60, 10, 2024, 0);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	apply(f);
	assert_int_equal(trial.settled, 2);
}

static void a_year_in_which_a_pension_began_waits_for_its_rolls(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	folio(f, 50, "assessment", 1, 0, 8, 8);
	putf(f, "INSERT INTO assessment VALUES (50, 10, 1, 20240615, 202407, 'female50', 'statutory', 600, 300, 24, 1000000, 800000, 800000,"
	    " 4170000, 1950, 120000, 30000, 10000, 0, 160000, 0, NULL, NULL, 'aa')");
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	apply(f);
	assert_int_equal(trial.settled, 2);
}

static void a_case_without_a_record_or_of_a_folio_that_has_not_entered_is_refused(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	refused(f, "amend.nothing");
	folio(f, 50, "breakdown", 1, 2025, 2, -1);
	putf(f, "UPDATE folio SET state = 'held', confirmed_at = NULL WHERE id = 50");
	pay_year(f, 50, 10, 500000);
	set_base(f, standing(f, &list, "breakdown", 50, 1, 2025, 10), 650000);
	refused(f, "amend.unsealed");
	assert_non_null(strstr(f->error.text, "is held, not sealed"));
}

static void several_rows_of_somebody_are_amended_at_once_from_the_first_year_on(void **state)
{
	struct fixture *f = *state;
	struct pen_rows *rows;
	const struct pen_row *row;
	int64_t before;

	agency(f, 500000);
	register_person(f, 12, 20100301);
	putf(f, "INSERT INTO contribution VALUES (4, 12, 12, 1, 1, 500000, 63, 0, 480000, 240000, NULL, NULL, NULL)");
	putf(f, "INSERT INTO contribution VALUES (4, 12, 13, 2, 1, 500000, 4032, 0, 480000, 240000, NULL, NULL, NULL)");
	pay_year(f, 5, 12, 500000);
	settle_year(f, 2022);
	settle_year(f, 2023);
	before = closing(f, 12, 2023).personal_principal_fen;
	set_base(f, standing(f, &list, "breakdown", 5, 1, 2023, 12), 500025);
	assert_ok(pen_rows__open_subject(&rows, store_of(f), pen_amended__kind("breakdown"), 4, 12, &f->error));
	while (pen_rows__next(rows, &row, &f->error) == PEN_OK && row) {
		assert_non_null(pen_amended__standing(&list, "breakdown", 4, 1, 2022, row));
		set(f, &list.at[list.count - 1], "base", "6000.00");
		set(f, &list.at[list.count - 1], "unit", "5760.00");
		set(f, &list.at[list.count - 1], "personal", "2880.00");
	}
	pen_rows__close(rows);
	assert_int_equal(list.count, 3);
	apply(f);
	assert_int_equal(trial.settled, 3);	/* up to the last year that the agency has settled */
	assert_int_equal(ask(f, "SELECT MAX(sequence) FROM contribution WHERE folio = (SELECT MAX(id) FROM folio WHERE form = 'breakdown' AND period = 2022)"), 2);
	assert_int_equal(closing(f, 12, 2023).personal_principal_fen - before, 2 * 48000 + 24);
}

static void what_a_pension_was_and_will_be_is_told(void **state)
{
	struct fixture *f = *state;
	struct pen_amended *record;

	agency(f, 500000);
	retired_person(f);
	putf(f, "UPDATE folio SET ended_at = 1 WHERE id = 50");
	folio(f, 51, "retirement", 0, 0, 3, 3);
	putf(f, "INSERT INTO retirement VALUES (51, 13, 1, '330106195008120015', '李强', 1, 19500812, 19700701, 20120601, 201207, 'approval-form', 100, 300,"
	    " 120000, 30000, 0, 0, 150000)");
	record = standing(f, &list, "retirement", 51, 0, 0, 13);
	set(f, record, "basic", "1300.00");
	set(f, record, "pension", "1600.00");
	assert_ok(pen_trial__run(&f->session, the_case(), &trial, &f->error));
	assert_int_equal(trial.effects, 1);
	assert_int_equal(trial.effect[0].pension_before_fen, 150000);
	assert_int_equal(trial.effect[0].pension_after_fen, 160000);
}

static void a_movement_that_no_settlement_makes_has_the_year_settled_anew(void **state)
{
	struct fixture *f = *state;

	agency(f, 500000);
	putf(f, "INSERT INTO movement SELECT folio, person, line + 1000, year, 'payout', 0, 0, 0, 0, 0, NULL, NULL FROM movement"
	    " WHERE person = 10 AND year = 2022 AND kind = 'balance'");
	set(f, standing(f, &list, "registration", 2, 1, 0, 10), "name", "王秀瑛");
	set_base(f, standing(f, &list, "breakdown", 5, 1, 2023, 10), 650000);
	set_base(f, standing(f, &list, "breakdown", 4, 1, 2022, 10), 500025);
	apply(f);
	assert_int_equal(trial.settled, 3);
	assert_int_equal(closing(f, 10, 2022).personal_principal_fen, 480024);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_amended_base_comes_out_as_if_it_had_been_right_from_the_start),
		TEST(what_another_case_changed_counts_before_it_is_sealed),
		TEST(only_years_from_the_first_touched_one_on_are_settled_again),
		TEST(once_sealed_nobody_would_be_settled_otherwise),
		TEST(a_trial_says_what_it_comes_to_and_leaves_nothing),
		TEST(what_has_moved_since_or_is_not_sealed_is_refused),
		TEST(what_the_rules_would_turn_down_at_import_is_refused),
		TEST(a_month_that_another_row_has_is_refused),
		TEST(months_before_somebody_was_insured_are_refused),
		TEST(a_missing_account_is_rebuilt_through_to_the_last_settled_year),
		TEST(what_was_paid_where_no_period_tells_of_it_is_found_all_the_same),
		TEST(a_day_of_insurance_after_the_retirement_is_refused_at_once),
		TEST(a_retirement_before_the_day_of_insurance_is_refused_at_once),
		TEST(an_entry_at_the_age_of_retirement_is_refused_at_once),
		TEST(what_was_found_of_somebody_before_does_not_keep_another_field_from_being_mended),
		TEST(a_registration_gets_a_new_version_and_its_period),
		TEST(an_amended_opening_stands_in_its_place),
		TEST(what_claimed_more_than_was_levied_already_may_claim_less),
		TEST(months_that_overlapped_before_do_not_keep_another_field_from_being_mended),
		TEST(a_day_that_another_registration_has_and_one_that_was_ended_are_refused),
		TEST(months_after_the_employer_had_a_successor_are_refused),
		TEST(of_many_findings_a_hundred_are_told_and_all_are_counted),
		TEST(what_a_rule_finds_of_an_employer_is_told_by_code_and_name),
		TEST(what_was_paid_at_two_employers_counts_wherever_it_was),
		TEST(years_that_are_not_all_there_are_left_to_the_settlement),
		TEST(an_opening_of_before_2006_is_amended_and_the_years_since_are_left_to_the_settlement),
		TEST(an_account_that_was_closed_is_settled_again_up_to_that_year),
		TEST(a_year_in_which_a_pension_began_waits_for_its_rolls),
		TEST(a_case_without_a_record_or_of_a_folio_that_has_not_entered_is_refused),
		TEST(several_rows_of_somebody_are_amended_at_once_from_the_first_year_on),
		TEST(what_a_pension_was_and_will_be_is_told),
		TEST(a_movement_that_no_settlement_makes_has_the_year_settled_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
