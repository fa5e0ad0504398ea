#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/employed.h"
#include "store/people.h"

static void of_a_person_and_an_employer_the_newest_word_counts(void **state)
{
	struct pen_employed *list;
	struct fixture *f = *state;
	size_t count;

	folio(f, 2, "registration", 1, 0, 1, 1);
	folio(f, 5, "movement", 1, 0, 2, 2);
	putf(f, "INSERT INTO employment VALUES (7, 1, 20200101, NULL, 2), (8, 1, 20200101, NULL, 2), (7, 1, 20240401, NULL, 5)");
	assert_ok(pen_employed__all(store_of(f), 1, 10, &list, &count, &f->error));
	assert_int_equal(count, 2);
	assert_int_equal(list[0].person, 7);
	assert_int_equal(list[0].since, 20240401);
	assert_int_equal(list[1].since, 20200101);
	pen_memory__free(list);
}

static void a_text_with_no_room_is_cut_between_two_characters(void **state)
{
	struct pen_statement *statement;
	struct fixture *f = *state;
	char out[8];
	bool row;

	assert_ok(pen_db__prepare(pen_store__db(store_of(f)), "SELECT '某某某', 'abcdefgh'", &statement, &f->error));
	assert_ok(pen_db__step(statement, &row, &f->error));
	pen_people__text(statement, 0, out, sizeof(out));
	assert_string_equal(out, "某某");
	pen_people__text(statement, 1, out, sizeof(out));
	assert_string_equal(out, "abcdefg");
	pen_db__finalize(statement);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(of_a_person_and_an_employer_the_newest_word_counts),
		WITH_STORE(a_text_with_no_room_is_cut_between_two_characters),
	};

	return cmocka_run_group_tests_name("store/employed", tests, NULL, NULL);
}
