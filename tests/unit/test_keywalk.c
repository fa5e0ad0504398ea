#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/keywalk.h"

static void walk(struct year *y)
{
	struct fixture *f = y->f;

	y->count = 0;
	assert_ok(pen_keywalk__run(&y->walk, &f->error));
}

static void people_with_keys_of_their_own_are_no_finding(void **state)
{
	struct year *y = *state;

	walk(y);
	assert_clean(y);
}

static void a_key_that_two_people_have_is_found(void **state)
{
	struct year *y = *state;
	const struct kept_finding *found;

	tamper(y->f, "UPDATE staff_key SET public_key = (SELECT public_key FROM staff_key WHERE staff = 'lead1') WHERE staff = 'op1'");
	walk(y);
	assert_int_equal(y->count, 1);
	found = finding(y, "staff.key");
	assert_non_null(strstr(found->record, "key of staff op1"));
	assert_non_null(strstr(found->found, "the key of staff lead1"));
}

static void a_key_given_twice_to_the_same_person_is_no_finding(void **state)
{
	struct year *y = *state;

	tamper(y->f, "INSERT INTO staff_key SELECT staff, at + 1000, public_key FROM staff_key WHERE staff = 'op1'");
	walk(y);
	assert_clean(y);
}

static void a_text_that_is_no_key_is_passed_over(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE staff_key SET public_key = 'none' WHERE staff IN ('op1', 'lead1')");
	walk(y);
	assert_clean(y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(people_with_keys_of_their_own_are_no_finding),
		WITH_YEAR(a_key_that_two_people_have_is_found),
		WITH_YEAR(a_key_given_twice_to_the_same_person_is_no_finding),
		WITH_YEAR(a_text_that_is_no_key_is_passed_over),
	};

	return cmocka_run_group_tests_name("store/keywalk", tests, NULL, NULL);
}
