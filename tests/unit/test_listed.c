#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "model/decision.h"
#include "store/listed.h"

static void add(struct fixture *f, struct pen_listed *listed, int64_t person, int32_t month, int64_t employer)
{
	struct pen_decision decision = { .person = person, .kind = "stop", .reason = "prison", .month = month, .amount_fen = -1, .funeral_fen = -1,
		.consolation_fen = -1, .balance_fen = -1 };
	struct pen_row row = pen_decision__row(&decision, 0);

	assert_ok(pen_listed__add(listed, &row, employer, &f->error));
}

static void rows_lie_by_employer_and_person_and_of_one_person_as_they_were_told(void **state)
{
	struct pen_listed listed;
	struct fixture *f = *state;

	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	assert_ok(pen_listed__open(&listed, &f->session, "benefit-change", &f->error));
	add(f, &listed, 9, 202602, 2);
	add(f, &listed, 7, 202603, 1);
	add(f, &listed, 9, 202601, 2);
	add(f, &listed, 8, 202601, 1);
	assert_ok(pen_listed__plan(&listed, "test", "", &f->error));
	assert_int_equal(listed.groups, 2);
	assert_int_equal(listed.row[0].row.v[PEN_SUBJECT].i, 7);
	assert_int_equal(listed.row[2].row.v[PEN_BENEFIT_CHANGE_MONTH].i, 202602);
	assert_int_equal(listed.row[3].row.v[PEN_BENEFIT_CHANGE_MONTH].i, 202601);
	pen_listed__free(&listed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(rows_lie_by_employer_and_person_and_of_one_person_as_they_were_told),
	};

	return cmocka_run_group_tests_name("store/listed", tests, NULL, NULL);
}
