#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/people.h"
#include "store/settlement.h"
#include "work/standing.h"

#define HEADER "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
#define RATES HEADER "account.interest,000000,,2024-01,2024-12,2.62,percent,s,yes,\n" \
	"account.interest,000000,,2025-01,2025-12,1.5,percent,s,yes,\n"
#define BY_PERIOD HEADER "account.credit-month,000000,,,,period,text,s,open,\n"
#define BY_ARRIVAL HEADER "account.credit-month,000000,,,,arrival,text,s,open,\n"

static void load(struct fixture *f, const char *name, const char *csv)
{
	char digest[PEN_DIGEST_HEX];

	assert_ok(pen_settings__load(store_of(f), name, csv, strlen(csv), enter_act(f, "parameters.load", true), digest, &f->error));
}

/* Put in force by a program that did not look at what its names allow. */
static void load_unchecked(struct fixture *f, const char *name, const char *csv)
{
	char digest[PEN_DIGEST_HEX], sql[256];
	int64_t at = enter_act(f, "parameters.load", true);

	assert_ok(pen_blob__keep(store_of(f), "parameters", name, csv, strlen(csv), digest, &f->error));
	snprintf(sql, sizeof(sql), "INSERT INTO parameter_table (name, at, digest) VALUES ('%s', %lld, '%s')", name, (long long)at, digest);
	tamper(f, sql);
}

/* A store with the rates in force, credited by period. */
static void with_rates(struct fixture *f)
{
	load(f, "interest", RATES);
	load(f, "policy", BY_PERIOD);
}

static void plan_and_collect(struct fixture *f, struct pen_settlement *work, int32_t year)
{
	struct pen_settling_plan plan;

	f->error = (struct pen_error){ PEN_OK };
	assert_ok(pen_settlement__plan(work, &f->session, year, &plan, &f->error));
	assert_ok(pen_settlement__collect(work, &plan, &f->error));
}

static enum pen_settling_fate fate_of(struct pen_settlement *work, int64_t person)
{
	struct pen_settling_person *found = pen_settling__find(&work->s, person);

	assert_non_null(found);
	return found->fate;
}

static void settle(struct fixture *f, int32_t year)
{
	struct pen_settlement work;

	plan_and_collect(f, &work, year);
	assert_ok(pen_settlement__write(&work, &f->error));
	pen_settlement__free(&work);
}

/* ---- who is settled ---- */

static void people_are_sorted_by_what_becomes_of_them(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "breakdown", 2, 2024, 1, -1);
	folio(f, 3, "opening", 0, 0, 1, 1);
	folio(f, 4, "breakdown", 3, 2023, 1, 1);
	folio(f, 5, "breakdown", 3, 2024, 1, 1);
	paid(f, 1, 10, 2, 4095, 480000);	/* sealed */
	paid(f, 1, 11, 3, 63, 240000);		/* sealed here, … */
	paid(f, 2, 11, 2, 4032, 240000);	/* … but not there */
	opened(f, 3, 10, 2023, 1000000, 0);
	opened(f, 3, 12, 2023, 5000, 0);	/* nothing was paid for them */
	opened(f, 3, 13, 2024, 9000, 0);	/* brought in for this very year */
	opened(f, 3, 14, 2021, 9000, 0);	/* years between are not settled */
	paid(f, 4, 15, 2, 1, 100);		/* never settled, and paid the year before */
	paid(f, 5, 15, 2, 1, 100);
	paid(f, 5, 14, 3, 1, 100);
	paid(f, 5, 13, 4, 1, 100);
	paid(f, 5, 16, 5, 1, 100);		/* new */
	plan_and_collect(f, &work, 2024);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_NEW);
	assert_int_equal(fate_of(&work, 11), PEN_SETTLING_UNREADY);
	assert_int_equal(fate_of(&work, 12), PEN_SETTLING_NEW);
	assert_int_equal(fate_of(&work, 13), PEN_SETTLING_OPENED);
	assert_int_equal(fate_of(&work, 14), PEN_SETTLING_GAP);
	assert_int_equal(pen_settling__find(&work.s, 14)->missing, 2022);
	assert_int_equal(fate_of(&work, 15), PEN_SETTLING_GAP);
	assert_int_equal(pen_settling__find(&work.s, 15)->missing, 2023);
	assert_int_equal(fate_of(&work, 16), PEN_SETTLING_NEW);
	assert_null(pen_settling__find(&work.s, 17));
	assert_int_equal(work.orders, 3);
	/* Left: the folio that is not sealed, and two years of the third employer. */
	assert_int_equal(work.s.lefts, 3);
	assert_int_equal(work.s.left[0].folio, 2);
	assert_int_equal(work.s.left[0].people, 1);
	assert_int_equal(work.s.left[1].missing, 2022);
	assert_int_equal(work.s.left[2].missing, 2023);
	assert_int_equal(work.s.left[2].employer, 3);
	pen_settlement__free(&work);
}

static void an_opening_that_is_not_sealed_feeds_nothing(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;
	int64_t sealed;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "breakdown", 1, 2025, 1, 1);
	folio(f, 3, "opening", 0, 0, 1, -1);
	opened(f, 3, 10, 2023, 1000, 0);	/* the year before */
	opened(f, 3, 11, 2023, 1000, 0);	/* the same, and nothing was paid */
	opened(f, 3, 12, 2021, 1000, 0);	/* an earlier year */
	opened(f, 3, 13, 2024, 1000, 0);	/* the year itself */
	opened(f, 3, 14, 2024, 1000, 0);	/* no concern of this year */
	paid(f, 1, 10, 2, 1, 100);
	paid(f, 1, 12, 3, 1, 100);
	paid(f, 1, 13, 4, 1, 100);
	paid(f, 1, 15, 5, 1, 100);
	plan_and_collect(f, &work, 2024);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_UNREADY);
	assert_int_equal(fate_of(&work, 11), PEN_SETTLING_UNREADY);
	assert_int_equal(fate_of(&work, 12), PEN_SETTLING_UNREADY);
	assert_int_equal(fate_of(&work, 13), PEN_SETTLING_UNREADY);
	assert_null(pen_settling__find(&work.s, 14));
	assert_int_equal(fate_of(&work, 15), PEN_SETTLING_NEW);
	assert_int_equal(work.s.lefts, 1);
	assert_int_equal(work.s.left[0].folio, 3);
	assert_int_equal(work.s.left[0].people, 4);
	assert_true(work.s.left[0].opening);
	pen_settlement__free(&work);

	sealed = enter_act(f, "seal.close", true);
	putf(f, "UPDATE folio SET state = 'sealed', sealed_at = %" PRId64 " WHERE id = 3", sealed);
	plan_and_collect(f, &work, 2024);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_NEW);
	assert_int_equal(fate_of(&work, 11), PEN_SETTLING_NEW);
	assert_int_equal(fate_of(&work, 12), PEN_SETTLING_GAP);
	assert_int_equal(fate_of(&work, 13), PEN_SETTLING_OPENED);
	pen_settlement__free(&work);
}

/* As an old store has it: settled from an opening that was never sealed. */
static void an_account_that_rests_on_an_unsealed_opening_waits_in_every_later_year(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	with_rates(f);
	folio(f, 1, "opening", 0, 0, 1, -1);
	folio(f, 2, "settlement", 1, 2024, 2, 2);
	folio(f, 3, "breakdown", 1, 2025, 1, 1);
	opened(f, 1, 10, 2023, 1000, 0);
	settled(f, 2, 10, 2024, 1026);
	paid(f, 3, 10, 2, 1, 100);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_UNREADY);
	assert_int_equal(work.s.left[0].folio, 1);
	pen_settlement__free(&work);
}

/* Two years settled; then a breakdown of the first comes in for one person. */
static void two_years_and_a_late_breakdown(struct fixture *f)
{
	int64_t at;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "breakdown", 1, 2025, 1, 1);
	paid(f, 1, 10, 2, 63, 480000);
	paid(f, 1, 11, 3, 63, 480000);
	paid(f, 2, 10, 2, 4095, 480000);
	paid(f, 2, 11, 3, 4095, 480000);
	settle(f, 2024);
	settle(f, 2025);
	at = enter_act(f, "seal.close", true);
	folio(f, 90, "breakdown", 1, 2024, at, at);
	paid(f, 90, 10, 2, 4032, 1200);
}

static int32_t stale_in(struct fixture *f, int64_t person, int32_t year)
{
	struct pen_standing standing;

	assert_ok(pen_standing__read(store_of(f), person, year, 1000, &standing, &f->error));
	assert_int_not_equal(standing.settled.place.folio, 0);
	return standing.stale;
}

static void an_earlier_year_that_is_stale_comes_first(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	two_years_and_a_late_breakdown(f);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_GAP);
	assert_int_equal(pen_settling__find(&work.s, 10)->missing, 2024);
	assert_int_equal(fate_of(&work, 11), PEN_SETTLING_SAME);
	assert_int_equal(work.s.left[0].missing, 2024);
	pen_settlement__free(&work);
	assert_int_equal(stale_in(f, 10, 2024), 2024);
	assert_int_equal(stale_in(f, 10, 2025), 2024);
	assert_int_equal(stale_in(f, 11, 2025), 0);

	settle(f, 2024);
	assert_int_equal(stale_in(f, 10, 2024), 0);
	assert_int_equal(stale_in(f, 10, 2025), 2025);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_AGAIN);
	pen_settlement__free(&work);
	settle(f, 2025);
	assert_int_equal(stale_in(f, 10, 2025), 0);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(work.orders, 0);
	assert_int_equal(work.s.lefts, 0);
	pen_settlement__free(&work);
}

/* A correction by which as much goes out in one month as comes in in another
 * leaves the credits as they were, but not the interest; one of nothing leaves
 * all as it was, and nobody waits for it. */
static void what_makes_a_year_stale_are_its_figures(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	two_years_and_a_late_breakdown(f);
	tamper(f, "DROP TRIGGER contribution_stays_d; DROP TRIGGER contribution_stays_u");
	tamper(f, "UPDATE contribution SET months = 1, personal_fen = 0, unit_fen = 0 WHERE folio = 90");
	assert_int_equal(stale_in(f, 10, 2024), 0);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_SAME);
	pen_settlement__free(&work);
	tamper(f, "UPDATE contribution SET personal_fen = 100000 WHERE folio = 90");
	tamper(f, "INSERT INTO contribution VALUES (90, 10, 3, 2, 4, 1, 32, 0, 0, -100000, NULL, NULL, NULL)");
	assert_int_equal(stale_in(f, 10, 2025), 2024);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_GAP);
	pen_settlement__free(&work);
}

/* Nobody knew of 2023 when the account began. */
static void a_year_before_the_first_comes_first_when_it_turns_up(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;
	int64_t at;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "breakdown", 1, 2025, 1, 1);
	paid(f, 1, 10, 2, 63, 480000);
	paid(f, 2, 10, 2, 63, 480000);
	settle(f, 2024);
	at = enter_act(f, "seal.close", true);
	folio(f, 90, "breakdown", 1, 2023, at, at);
	paid(f, 90, 10, 2, 4095, 1200);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_GAP);
	assert_int_equal(pen_settling__find(&work.s, 10)->missing, 2023);
	pen_settlement__free(&work);
	assert_int_equal(stale_in(f, 10, 2024), 2023);
}

static void the_people_of_a_held_folio_wait(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "opening", 0, 0, 1, 1);
	paid(f, 1, 10, 2, 4095, 100);
	opened(f, 2, 10, 2023, 1000, 0);
	tamper(f, "UPDATE folio SET state = 'held', confirmed_at = NULL, sealed_at = NULL WHERE id = 1");
	plan_and_collect(f, &work, 2024);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_UNREADY);
	assert_true(work.s.left[0].held);
	assert_non_null(strstr(work.computed.plan.s, "held: 1\n"));
	pen_settlement__free(&work);
}

static void a_persons_employer_is_the_one_that_paid_last(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	with_rates(f);
	folio(f, 1, "breakdown", 8, 2024, 1, 1);
	folio(f, 2, "breakdown", 7, 2024, 1, 1);
	folio(f, 3, "opening", 0, 0, 1, 1);
	folio(f, 4, "registration", 5, 0, 1, 1);
	paid(f, 1, 10, 2, 4032, 100);		/* July to December */
	paid(f, 2, 10, 2, 63, 100);
	opened(f, 3, 11, 2023, 1000, 0);
	tamper(f, "INSERT INTO employment VALUES (11, 6, 20100101, NULL, 4), (11, 5, 20200101, NULL, 4)");
	opened(f, 3, 12, 2023, 1000, 0);	/* nobody knows */
	plan_and_collect(f, &work, 2024);
	assert_int_equal(pen_settling__find(&work.s, 10)->employer, 8);
	assert_int_equal(pen_settling__find(&work.s, 10)->source, 1);
	assert_int_equal(pen_settling__find(&work.s, 11)->employer, 5);
	assert_int_equal(pen_settling__find(&work.s, 12)->employer, 0);
	assert_int_equal(work.groups, 3);
	pen_settlement__free(&work);
}

/* ---- what is written ---- */

/* 10000.00 and twelve months of 400.00 at 2.62 %: by hand, opening interest
 * 262.00; month products 400.00 × 78 = 31200.00, × 2.62 % / 12 = 68.12. */
static void the_rows_of_a_year_come_to_its_balance(void **state)
{
	struct fixture *f = *state;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "opening", 0, 0, 1, 1);
	paid(f, 1, 10, 2, 4095, 480000);
	paid(f, 1, 11, 3, 1, 100);
	opened(f, 2, 10, 2023, 900000, 100000);
	settle(f, 2024);
	assert_int_equal(ask(f, "SELECT SUM(personal_principal_fen) FROM movement WHERE person = 10 AND kind = 'credit'"), 480000);
	assert_int_equal(ask(f, "SELECT personal_interest_fen FROM movement WHERE person = 10 AND kind = 'interest-opening'"), 26200);
	assert_int_equal(ask(f, "SELECT personal_interest_fen FROM movement WHERE person = 10 AND kind = 'interest-year'"), 6812);
	assert_int_equal(ask(f, "SELECT personal_principal_fen FROM movement WHERE person = 10 AND kind = 'balance'"), 1380000);
	assert_int_equal(ask(f, "SELECT personal_interest_fen FROM movement WHERE person = 10 AND kind = 'balance'"), 133012);
	/* Kinds in order; no two rows of the batch with the same line, since a line
	 * makes the salt. */
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM movement"), 7);
	assert_int_equal(ask(f, "SELECT COUNT(DISTINCT line) FROM movement"), 7);
	assert_int_equal(ask(f, "SELECT group_concat(kind) = 'credit,interest-opening,interest-year,balance' FROM"
	    " (SELECT kind FROM movement WHERE person = 10 ORDER BY line)"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE form = 'settlement' AND state = 'confirmed' AND period = 2024"
	    " AND employer = 1 AND rows = 7"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM batch WHERE state = 'confirmed' AND file_name = 'settlement-2024'"
	    " AND encoding = 'computed' AND lines_accepted = 7 AND confirmed_at = (SELECT MAX(at) FROM journal WHERE changes = 1)"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM account_year WHERE year = 2024"), 2);
}

static void settling_again_makes_a_version_of_those_that_changed(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;
	int64_t before;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "opening", 0, 0, 1, 1);
	paid(f, 1, 10, 2, 4095, 480000);
	paid(f, 1, 11, 3, 4095, 480000);
	opened(f, 2, 10, 2023, 1000, 0);
	settle(f, 2024);
	before = ask(f, "SELECT MAX(at) FROM journal");
	plan_and_collect(f, &work, 2024);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_SAME);
	assert_int_equal(work.groups, 0);
	pen_settlement__free(&work);

	/* A breakdown that came later: person 11 alone is settled again. An opening
	 * that came later says nothing. */
	int64_t at = enter_act(f, "seal.close", true);

	folio(f, 50, "breakdown", 2, 2024, at, at);
	paid(f, 50, 11, 3, 1, 2000);
	folio(f, 51, "opening", 0, 0, at, at);
	opened(f, 51, 10, 2023, 7777, 0);
	plan_and_collect(f, &work, 2024);
	assert_int_equal(fate_of(&work, 10), PEN_SETTLING_SAME);
	assert_int_equal(fate_of(&work, 11), PEN_SETTLING_AGAIN);
	assert_ok(pen_settlement__write(&work, &f->error));
	pen_settlement__free(&work);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM replacement WHERE subject = 11"), 3);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM replacement"), 3);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM account_year WHERE person = 11 AND year = 2024"), 2);

	/* Then as now. */
	struct pen_account_place *places;
	struct pen_account_stand stand;
	size_t count;

	assert_ok(pen_places__of_person(store_of(f), 11, before, &places, &count, &f->error));
	assert_ok(pen_ledger__stand(store_of(f), pen_places__at(places, count, 2024), before, &stand, &f->error));
	assert_int_equal(stand.year.closing.personal_principal_fen, 480000);
	pen_memory__free(places);
	assert_ok(pen_places__of_person(store_of(f), 11, before + 10, &places, &count, &f->error));
	assert_ok(pen_ledger__stand(store_of(f), pen_places__at(places, count, 2024), before + 10, &stand, &f->error));
	assert_int_equal(stand.year.closing.personal_principal_fen, 482000);
	pen_memory__free(places);
	plan_and_collect(f, &work, 2024);
	assert_int_equal(work.groups, 0);
	pen_settlement__free(&work);
}

static void the_next_year_goes_on_from_this_one(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	with_rates(f);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	paid(f, 1, 10, 2, 4095, 480000);
	settle(f, 2024);
	folio(f, 90, "breakdown", 1, 2025, 1, 1);
	paid(f, 90, 10, 2, 2048, 1200);
	plan_and_collect(f, &work, 2025);
	assert_int_equal(pen_settling__find(&work.s, 10)->opening.personal_principal_fen, 480000);
	assert_int_equal(pen_settling__find(&work.s, 10)->opening.personal_interest_fen, 6812);
	pen_settlement__free(&work);
}

/* ---- crediting by arrival ---- */

static void by_arrival_the_month_of_the_day_counts(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	load(f, "interest", RATES);
	load(f, "policy", BY_ARRIVAL);
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	paid(f, 1, 10, 2, 4095, 1200);
	tamper(f, "INSERT INTO contribution VALUES (1, 11, 3, 1, 1, 1, 4095, 0, 1, 1200, NULL, 20240615, NULL),"
	    " (1, 12, 4, 1, 1, 1, 4095, 0, 1, 1200, NULL, 20250103, NULL), (1, 13, 5, 1, 1, 1, 1, 0, 1, 1200, NULL, 20231229, NULL)");
	plan_and_collect(f, &work, 2024);
	assert_string_equal(work.credit_month, "arrival");
	assert_int_equal(pen_settling__find(&work.s, 10)->months, 4095);
	assert_int_equal(pen_settling__find(&work.s, 11)->months, 1 << 5);
	assert_int_equal(pen_settling__find(&work.s, 12)->months, 1 << 11);
	assert_int_equal(pen_settling__find(&work.s, 13)->months, 1);
	assert_int_equal(work.s.unarrived, 1);
	assert_int_equal(work.s.outside, 2);
	assert_ok(pen_settlement__write(&work, &f->error));
	pen_settlement__free(&work);
	assert_int_equal(ask(f, "SELECT assumptions LIKE '%credit.period%' AND assumptions LIKE '%credit.outside%' FROM batch"), 1);
}

/* ---- refused ---- */

static void a_year_without_a_rate_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;
	struct pen_settling_plan plan;

	with_rates(f);
	assert_fails(pen_settlement__plan(&work, &f->session, 2023, &plan, &f->error), PEN_REFUSED, "parameter.missing");
	pen_settlement__free(&work);
	assert_fails(pen_settlement__plan(&work, &f->session, 2005, &plan, &f->error), PEN_USAGE, "account.year");
	pen_settlement__free(&work);
	assert_fails(pen_settlement__plan(&work, &f->session, 2999, &plan, &f->error), PEN_USAGE, "account.year");
	pen_settlement__free(&work);
	load_unchecked(f, "policy", HEADER "account.credit-month,000000,,,,now,text,s,open,\n");
	assert_fails(pen_settlement__plan(&work, &f->session, 2024, &plan, &f->error), PEN_REFUSED, "parameter.value");
	pen_settlement__free(&work);
}

/* ---- interrupted ---- */

struct stopper { int left; };

static bool stop_soon(void *context)
{
	struct stopper *stopper = context;

	return stopper->left-- <= 0;
}

/* Twenty employers with 1200 people each: several chunks. */
static void many(struct fixture *f)
{
	with_rates(f);
	tamper(f, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
	    " INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen,"
	    " confirmed_at, sealed_at) SELECT i, 900, 'breakdown', i, 2024, 1, 'sealed', 0, 0, 0, 0, 1, 1 FROM n");
	tamper(f, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000)"
	    " INSERT INTO contribution SELECT 1 + i % 20, i, i, 1, 1, 500000, 4095, 0, 100, 40000 + i, NULL, NULL, NULL FROM n");
}

static void a_settlement_that_was_stopped_goes_on_where_it_was(void **state)
{
	struct fixture *f = *state;
	struct stopper stopper = { .left = 21 };	/* past 20 folios read and one chunk written */
	struct pen_settlement work;

	many(f);
	f->session.options.stopped = stop_soon;
	f->session.options.context = &stopper;
	plan_and_collect(f, &work, 2024);
	assert_fails(pen_settlement__write(&work, &f->error), PEN_INCOMPLETE, "stopped");
	pen_settlement__free(&work);
	/* Something is there, and none of it shows. */
	assert_in_range(ask(f, "SELECT COUNT(*) FROM movement"), 1, 71999);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE form = 'settlement' AND confirmed_at IS NOT NULL"), 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM account_year"), 0);

	f->session.options.stopped = NULL;
	settle(f, 2024);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM batch WHERE form = 'settlement'"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM movement"), 72000);
	assert_int_equal(ask(f, "SELECT COUNT(DISTINCT line) FROM movement"), 72000);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE form = 'settlement' AND state = 'confirmed'"), 20);
	assert_int_equal(ask(f, "SELECT SUM(personal_principal_fen) FROM movement WHERE kind = 'balance'"),
	    ask(f, "SELECT SUM(personal_fen) FROM contribution"));
}

static void one_begun_under_another_plan_is_taken_out(void **state)
{
	struct fixture *f = *state;
	struct stopper stopper = { .left = 21 };
	struct pen_settlement work;

	many(f);
	f->session.options.stopped = stop_soon;
	f->session.options.context = &stopper;
	plan_and_collect(f, &work, 2024);
	assert_fails(pen_settlement__write(&work, &f->error), PEN_INCOMPLETE, "stopped");
	pen_settlement__free(&work);
	f->session.options.stopped = NULL;
	load(f, "interest", HEADER "account.interest,000000,,2024-01,2024-12,3,percent,s,yes,\n");
	settle(f, 2024);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM batch WHERE form = 'settlement' AND state = 'discarded'"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM batch WHERE form = 'settlement' AND state = 'confirmed'"), 1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM movement"), 72000);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM movement WHERE rate = 30000"), 24000);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM account_year"), 24000);
}

/* ---- signed at once ---- */

static enum pen_status root_holds(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_settlement *work = context;
	struct pen_roots_sum sum;
	int64_t bad;

	assert_int_equal(pen_rootwalk__one(work->computed.session->store, &work->computed.batch, folio, false, &sum, &bad, error), PEN_OK);
	assert_string_equal(folio->root, sum.root);
	assert_int_equal(bad, -1);
	return PEN_OK;
}

static void the_roots_that_are_made_while_rows_are_written_are_those_of_the_rows(void **state)
{
	struct fixture *f = *state;
	struct pen_settlement work;

	many(f);
	plan_and_collect(f, &work, 2024);
	work.computed.signs = true;
	assert_ok(pen_settlement__write(&work, &f->error));
	assert_int_equal(work.computed.rooted, 20);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio_node WHERE folio IN (SELECT id FROM folio WHERE form = 'settlement')"), 20 * 14);
	assert_ok(pen_folio__each_of_batch(store_of(f), work.computed.batch.id, root_holds, &work, &f->error));
	pen_settlement__free(&work);
}

static void a_run_that_goes_on_leaves_the_roots_to_the_signature(void **state)
{
	struct fixture *f = *state;
	struct stopper stopper = { .left = 21 };
	struct pen_settlement work;

	many(f);
	f->session.options.stopped = stop_soon;
	f->session.options.context = &stopper;
	plan_and_collect(f, &work, 2024);
	work.computed.signs = true;
	assert_fails(pen_settlement__write(&work, &f->error), PEN_INCOMPLETE, "stopped");
	pen_settlement__free(&work);
	f->session.options.stopped = NULL;
	assert_int_not_equal(ask(f, "SELECT COUNT(*) FROM folio_node"), 0);

	plan_and_collect(f, &work, 2024);
	work.computed.signs = true;
	assert_ok(pen_settlement__write(&work, &f->error));
	assert_int_equal(work.computed.rooted, 0);
	pen_settlement__free(&work);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM batch WHERE form = 'settlement'"), 1);
}

static void what_was_begun_and_taken_out_leaves_no_root_behind(void **state)
{
	struct fixture *f = *state;
	struct stopper stopper = { .left = 21 };
	struct pen_settlement work;

	many(f);
	f->session.options.stopped = stop_soon;
	f->session.options.context = &stopper;
	plan_and_collect(f, &work, 2024);
	work.computed.signs = true;
	assert_fails(pen_settlement__write(&work, &f->error), PEN_INCOMPLETE, "stopped");
	pen_settlement__free(&work);
	f->session.options.stopped = NULL;
	load(f, "interest", HEADER "account.interest,000000,,2024-01,2024-12,3,percent,s,yes,\n");
	settle(f, 2024);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio_node"), 0);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio WHERE root IS NOT NULL AND state = 'discarded'"), 0);
}

/* ---- people ---- */

static void people_are_found_by_id_as_they_were_registered(void **state)
{
	struct fixture *f = *state;
	struct pen_someone someone;

	folio(f, 1, "registration", 1, 0, 2, 2);
	folio(f, 2, "registration", 1, 0, 4, 4);
	tamper(f, "INSERT INTO person_alias VALUES ('citizen-id', '33010219850312004X', 10, 1)");
	tamper(f, "INSERT INTO registration VALUES (1, 10, 2, '33010219850312004X', '王𬭎', 2, 19850312, 20100101, 20100101,"
	    " NULL, 'employee', 1, NULL, 0), (2, 10, 2, '33010219850312004X', '王明', 2, 19850312, 20200101, 20100101,"
	    " NULL, 'employee', 1, NULL, 0)");
	tamper(f, "INSERT INTO employment VALUES (10, 1, 20100101, NULL, 1), (10, 1, 20200101, NULL, 2)");
	assert_ok(pen_people__name(store_of(f), 10, 3, &someone, &f->error));
	assert_string_equal(someone.name, "王𬭎");
	assert_ok(pen_people__name(store_of(f), 10, 4, &someone, &f->error));
	assert_string_equal(someone.name, "王明");
	assert_ok(pen_people__name(store_of(f), 10, 1, &someone, &f->error));
	assert_string_equal(someone.name, "");
	assert_fails(pen_people__person(store_of(f), "330102198503120040", 4, &someone, &f->error), PEN_USAGE, "person.id");
	assert_fails(pen_people__person(store_of(f), "330102", 4, &someone, &f->error), PEN_USAGE, "person.id");
}

static void nobody_is_not_an_employer(void **state)
{
	struct fixture *f = *state;
	struct pen_business business;
	struct pen_signer signer;

	assert_fails(pen_people__employer(store_of(f), "91330106MA1080192C", 4, &business, &f->error), PEN_USAGE, "employer.unknown");
	assert_ok(pen_people__business(store_of(f), 0, 4, &business, &f->error));
	assert_string_equal(business.name, "");
	assert_ok(pen_people__signer(store_of(f), 1, "lead", 4, &signer, &f->error));
	assert_string_equal(signer.staff, "");
}

static void a_signature_shows_from_its_entry_until_the_seal_is_void(void **state)
{
	struct fixture *f = *state;
	struct pen_signer signer;

	enter_act(f, "one", false);
	enter_act(f, "two", false);
	tamper(f, "INSERT INTO seal VALUES (1, 1, 1, 't', 'd', 'void', 5)");
	tamper(f, "INSERT INTO seal_folio VALUES (7, 1)");
	tamper(f, "INSERT INTO seal_signature VALUES (1, 'operator', 'head1', 1, x'00'), (1, 'lead', 'head1', 2, x'00')");
	assert_ok(pen_people__signer(store_of(f), 7, "lead", 1, &signer, &f->error));
	assert_string_equal(signer.staff, "");
	assert_ok(pen_people__signer(store_of(f), 7, "lead", 2, &signer, &f->error));
	assert_string_equal(signer.name, "王敏");
	assert_ok(pen_people__signer(store_of(f), 7, "lead", 5, &signer, &f->error));
	assert_string_equal(signer.staff, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(people_are_sorted_by_what_becomes_of_them),
		WITH_STORE(an_opening_that_is_not_sealed_feeds_nothing),
		WITH_STORE(an_account_that_rests_on_an_unsealed_opening_waits_in_every_later_year),
		WITH_STORE(an_earlier_year_that_is_stale_comes_first),
		WITH_STORE(what_makes_a_year_stale_are_its_figures),
		WITH_STORE(a_year_before_the_first_comes_first_when_it_turns_up),
		WITH_STORE(the_people_of_a_held_folio_wait),
		WITH_STORE(a_persons_employer_is_the_one_that_paid_last),
		WITH_STORE(the_rows_of_a_year_come_to_its_balance),
		WITH_STORE(settling_again_makes_a_version_of_those_that_changed),
		WITH_STORE(the_next_year_goes_on_from_this_one),
		WITH_STORE(by_arrival_the_month_of_the_day_counts),
		WITH_STORE(a_year_without_a_rate_is_refused),
		WITH_STORE(a_settlement_that_was_stopped_goes_on_where_it_was),
		WITH_STORE(one_begun_under_another_plan_is_taken_out),
		WITH_STORE(the_roots_that_are_made_while_rows_are_written_are_those_of_the_rows),
		WITH_STORE(a_run_that_goes_on_leaves_the_roots_to_the_signature),
		WITH_STORE(what_was_begun_and_taken_out_leaves_no_root_behind),
		WITH_STORE(people_are_found_by_id_as_they_were_registered),
		WITH_STORE(nobody_is_not_an_employer),
		WITH_STORE(a_signature_shows_from_its_entry_until_the_seal_is_void),
	};

	return cmocka_run_group_tests_name("store/settlement", tests, NULL, NULL);
}
