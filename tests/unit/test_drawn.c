#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/drawn.h"

static struct pen_drawn drawn;

static int start_records(void **state)
{
	struct fixture *f;

	start(state);
	f = *state;
	while (enter_act(f, "test", true) < 20)
		;
	folio(f, 2, "retirement", 1, 0, 2, 2);
	folio(f, 3, "retirement", 1, 0, 3, 3);
	folio(f, 4, "assessment", 1, 0, 4, 4);
	folio(f, 5, "assessment", 1, 0, 5, -1);
	return 0;
}

static int stop_records(void **state)
{
	pen_drawn__free(&drawn);
	return stop(state);
}

static void retired(struct fixture *f, int64_t in, int64_t person, int on, const char *from)
{
	putf(f, "INSERT INTO retirement VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", '330106195001010112', '张三', 1, 19500101, NULL, %d, %s,"
	    " 'approval-form', 300, 24, 120000, 30000, 10000, 0, 160000)", in, person, person, on, from);
}

static void assessed(struct fixture *f, int64_t in, int64_t person, int from)
{
	putf(f, "INSERT INTO assessment VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", 20230615, %d, 'male60', 'statutory', 720, 300, 24, 1000000, 800000, 800000,"
	    " 4170000, 1390, 120000, 30000, 10000, 0, 160000, 0, NULL, NULL, 'aa')", in, person, person, from);
}

static void roll(struct fixture *f, int64_t in, int month, int64_t sealed)
{
	folio(f, in, "roll", 1, month, 10, sealed);
}

static void paid_out(struct fixture *f, int64_t in, int64_t person, int month)
{
	putf(f, "INSERT INTO payment VALUES (%" PRId64 ", %" PRId64 ", %" PRId64 ", %d, 'same', 202501, 120000, 30000, 10000, 0, 0, 0, 0, 0, 160000,"
	    " 0, 1920000, 1920000, 0, 30000, 360000)", in, person, person, month);
}

static void of_several_records_what_the_system_found_counts_and_of_forms_the_newest(void **state)
{
	struct fixture *f = *state;

	retired(f, 2, 10, 20200105, "202002");
	retired(f, 3, 10, 20200105, "202003");
	retired(f, 2, 11, 20200105, "202002");
	assessed(f, 4, 11, 202307);
	assessed(f, 5, 12, 202307);	/* not sealed */
	assert_ok(pen_drawn__read(&drawn, store_of(f), 2023, 0, 20, &f->error));
	assert_int_equal(drawn.count, 2);
	assert_int_equal(drawn.at[0].basis, 3);
	assert_int_equal(drawn.at[0].since, 202003);
	assert_false(drawn.at[0].assessed);
	assert_int_equal(drawn.at[1].basis, 4);
	assert_true(drawn.at[1].assessed);
	assert_int_equal(drawn.at[1].pension.from, 6);
	assert_null(pen_drawn__find(&drawn, 12));
}

static void without_a_month_a_form_means_the_one_after_the_retirement(void **state)
{
	struct fixture *f = *state;

	retired(f, 2, 10, 20230310, "NULL");
	retired(f, 2, 11, 20231215, "NULL");
	assert_ok(pen_drawn__read(&drawn, store_of(f), 2023, 0, 20, &f->error));
	assert_int_equal(drawn.at[0].since, 202304);
	assert_int_equal(drawn.at[0].pension.from, 3);
	assert_int_equal(drawn.at[1].since, 202401);
	assert_int_equal(drawn.at[1].pension.from, 12);
}

static void a_sealed_roll_counts_for_those_who_have_a_record(void **state)
{
	struct fixture *f = *state;
	bool untold;

	retired(f, 2, 10, 20200105, "202002");
	roll(f, 20, 202301, 12);
	roll(f, 21, 202302, -1);
	paid_out(f, 20, 10, 202301);
	paid_out(f, 20, 11, 202301);	/* of whom there is none */
	paid_out(f, 21, 10, 202302);
	assert_ok(pen_drawn__read(&drawn, store_of(f), 2023, 0, 20, &f->error));
	assert_int_equal(drawn.count, 1);
	assert_int_equal(drawn.at[0].months, 1);
	assert_int_equal(drawn.at[0].pension.fen[0], 30000);
	assert_int_equal(drawn.newest, 202301);
	/* Up to January all is there; up to February its roll is missing. */
	assert_int_equal(pen_drawn__missing(&drawn, &drawn.at[0], 1, &untold), 0);
	assert_int_equal(pen_drawn__missing(&drawn, &drawn.at[0], 2, &untold), 202302);
	assert_false(untold);
	drawn.at[0].since = 202304;
	assert_int_equal(pen_drawn__missing(&drawn, &drawn.at[0], 3, &untold), 0);
	assert_int_equal(pen_drawn__missing(&drawn, &drawn.at[0], 4, &untold), 202304);
	/* What others paid before the store's first roll nobody knows. */
	drawn.first = 202305;
	assert_int_equal(pen_drawn__missing(&drawn, &drawn.at[0], 6, &untold), 202304);
	assert_true(untold);
}

static void of_one_person_the_rolls_that_are_sealed_count_alone(void **state)
{
	struct fixture *f = *state;

	retired(f, 2, 10, 20200105, "202002");
	roll(f, 20, 202301, 12);
	folio(f, 22, "roll", 2, 202301, 10, -1);
	paid_out(f, 20, 10, 202301);
	assert_ok(pen_drawn__read(&drawn, store_of(f), 2023, 10, 20, &f->error));
	assert_int_equal(drawn.count, 1);
	assert_int_equal(drawn.newest, 0);	/* of that month not all is sealed */
	assert_int_equal(drawn.at[0].months, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start_records, stop_records)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_several_records_what_the_system_found_counts_and_of_forms_the_newest),
		TEST(without_a_month_a_form_means_the_one_after_the_retirement),
		TEST(a_sealed_roll_counts_for_those_who_have_a_record),
		TEST(of_one_person_the_rolls_that_are_sealed_count_alone),
	};

	return cmocka_run_group_tests_name("store/drawn", tests, NULL, NULL);
}
