#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/particulars.h"

/* Folios 1 to 6 were confirmed at entry 10, 20, … 60: employers 1 and 2 (the
 * agency's own unit of 330106), a registration's period, a retirement of person
 * 5, a supplement of it, who left employer 1 for good, a succession of 1 by 2. */
static void fill(struct fixture *f)
{
	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at) VALUES"
	    " (1, 1, 'employer', NULL, 0, 1, 'confirmed', 2, 0, 0, 0, 10), (2, 2, 'registration', 1, 0, 1, 'confirmed', 1, 0, 0, 0, 20),"
	    " (3, 3, 'retirement', 1, 0, 1, 'sealed', 1, 0, 0, 0, 30), (4, 4, 'benefit-supplement', 1, 0, 1, 'confirmed', 1, 0, 0, 0, 40),"
	    " (5, 5, 'movement', 1, 0, 1, 'confirmed', 1, 0, 0, 0, 50), (6, 6, 'successor', NULL, 0, 1, 'confirmed', 1, 0, 0, 0, 60),"
	    " (7, 7, 'movement', 1, 0, 1, 'staged', 1, 0, 0, 0, NULL);"
	    "INSERT INTO employer_record VALUES (1, 1, 2, 'A', '甲', '330106', 20100101, 1, NULL, NULL), (1, 2, 3, 'B', '乙', '330106', 20110101, 0, NULL, 1);"
	    "INSERT INTO employer_alias VALUES ('credit-code', 'B', 2, 1);"
	    "INSERT INTO employment VALUES (7, 1, 20200101, NULL, 2), (7, 1, 20200101, 20240229, 5), (8, 1, 20240301, NULL, 7);"
	    "INSERT INTO retirement VALUES (3, 5, 2, 'X', '张三', 1, 19500101, NULL, 20100105, NULL, 'approval-form', NULL, NULL, 120000, NULL, NULL, NULL, NULL),"
	    " (4, 5, 9, 'X', '张三', 1, 19500101, NULL, 20100105, 201002, 'approval-form', 300, NULL, 120000, NULL, NULL, NULL, NULL);"
	    "INSERT INTO retirement VALUES (3, 9, 5, 'Y', '李四', 1, 19500101, NULL, 20100205, NULL, 'approval-form', NULL, NULL, NULL, NULL, NULL, NULL, NULL),"
	    " (3, 9, 6, 'Y', '李四', 1, 19500101, NULL, 20100105, NULL, 'approval-form', NULL, NULL, NULL, NULL, NULL, NULL, NULL);"
	    "INSERT INTO replacement VALUES (3, 5, 2, 40, 4, 9);"
	    "INSERT INTO employment_change VALUES (5, 7, 2, 'leave', 202402, 20200101, NULL, 'death', NULL),"
	    " (7, 8, 2, 'leave', 202402, 20200101, NULL, 'death', NULL);"
	    "INSERT INTO succession VALUES (6, 1, 2, NULL, 2, NULL, 20240701);");
}

static struct pen_reference reference;

static struct pen_particulars *open_as_of(struct fixture *f, int64_t as_of)
{
	const struct pen_form form = { .name = "test", .kind = pen_kind__of(PEN_KIND_RETIREMENT) };
	struct pen_particulars *particulars;

	assert_ok(pen_particulars__open(&particulars, store_of(f), &form, as_of, &f->error));
	reference = (struct pen_reference){ 0 };
	pen_particulars__answer(particulars, &reference);
	return particulars;
}

static void what_is_entered_of_employers_is_answered(void **state)
{
	struct fixture *f = *state;
	struct pen_particulars *particulars;
	const struct pen_employer_facts *facts;

	fill(f);
	particulars = open_as_of(f, INT64_MAX);
	assert_int_equal(reference.live_on, 20240101);
	facts = reference.facts(reference.known, 1);
	assert_true(facts->newly_covered && !facts->pseudo_unit);
	assert_int_equal(facts->insured_on, 20100101);
	assert_int_equal(facts->succeeded_on, 20240701);
	assert_int_equal(facts->successor, 2);
	assert_string_equal(facts->successor_code, "B");
	assert_null(reference.facts(reference.known, 3));
	assert_null(reference.facts(reference.known, 1000000));
	assert_int_equal(reference.pseudo_unit(reference.known, NULL), 2);
	assert_int_equal(reference.pseudo_unit(reference.known, "330106"), 2);
	assert_int_equal(reference.pseudo_unit(reference.known, "330108"), 0);
	pen_particulars__close(particulars);
	tamper(f, "INSERT INTO employer_record VALUES (1, 4, 4, 'D', '丁', '330108', 20110101, 0, NULL, 1)");
	particulars = open_as_of(f, INT64_MAX);
	assert_int_equal(reference.pseudo_unit(reference.known, NULL), -1);
	assert_int_equal(reference.pseudo_unit(reference.known, "330108"), 4);
	pen_particulars__close(particulars);
}

static void who_retired_and_who_died_is_told(void **state)
{
	struct fixture *f = *state;
	struct pen_particulars *particulars;
	int32_t retired, died;

	fill(f);
	particulars = open_as_of(f, INT64_MAX);
	pen_particulars__ended(particulars, 9, &retired, &died);	/* of two papers the earlier day */
	assert_int_equal(retired, 20100105);
	pen_particulars__ended(particulars, 5, &retired, &died);
	assert_int_equal(retired, 20100105);
	assert_int_equal(died, 0);
	pen_particulars__ended(particulars, 7, &retired, &died);
	assert_int_equal(retired, 0);
	assert_int_equal(died, 20240229);
	/* What is merely staged is not known. */
	pen_particulars__ended(particulars, 8, &retired, &died);
	assert_int_equal(retired + died, 0);
	pen_particulars__close(particulars);
}

static void a_retirement_is_the_version_of_its_time(void **state)
{
	struct fixture *f = *state;
	struct pen_particulars *particulars;
	const struct pen_retired *retired;

	fill(f);
	particulars = open_as_of(f, INT64_MAX);
	retired = reference.retired(reference.known, 5);
	assert_int_equal(retired->folio, 4);
	assert_int_equal(retired->employer, 1);
	assert_int_equal(retired->row.v[PEN_RETIREMENT_PAID_MONTHS].i, 300);
	assert_string_equal(retired->row.v[PEN_RETIREMENT_NAME].s, "张三");
	assert_null(reference.retired(reference.known, 7));
	pen_particulars__close(particulars);
	particulars = open_as_of(f, 39);
	retired = reference.retired(reference.known, 5);
	assert_int_equal(retired->folio, 3);
	assert_int_equal(retired->row.v[PEN_RETIREMENT_PAID_MONTHS].type, PEN_NULL);
	pen_particulars__close(particulars);
	particulars = open_as_of(f, 29);
	assert_null(reference.retired(reference.known, 5));
	assert_false(reference.failed);
	pen_particulars__close(particulars);
}

static void a_period_is_open_until_somebody_ends_it(void **state)
{
	struct fixture *f = *state;
	struct pen_particulars *particulars;

	fill(f);
	particulars = open_as_of(f, INT64_MAX);
	assert_int_equal(reference.period(reference.known, 7, 1), 0);
	assert_int_equal(reference.period(reference.known, 8, 1), 0);
	pen_particulars__close(particulars);
	particulars = open_as_of(f, 49);
	assert_int_equal(reference.period(reference.known, 7, 1), 20200101);
	assert_int_equal(reference.facts(reference.known, 1)->succeeded_on, 0);
	assert_int_equal(pen_particulars__failure(particulars, &f->error), PEN_OK);
	pen_particulars__close(particulars);
	pen_particulars__close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(what_is_entered_of_employers_is_answered),
		WITH_STORE(who_retired_and_who_died_is_told),
		WITH_STORE(a_retirement_is_the_version_of_its_time),
		WITH_STORE(a_period_is_open_until_somebody_ends_it),
	};

	return cmocka_run_group_tests_name("store/particulars", tests, NULL, NULL);
}
