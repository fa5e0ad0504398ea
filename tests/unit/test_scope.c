#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store/scope.h"

static void a_finding_is_within_by_whom_it_names_or_else_by_folio_or_batch(void **state)
{
	int64_t folios[] = { 4, 9 }, batches[] = { 3, 7 };
	const struct pen_scope scope = { .person = 12, .folio = folios, .folios = 2, .batch = batches, .batches = 2 };

	(void)state;
	assert_true(pen_scope__holds(&scope, 12, 0, 0, 0));
	assert_false(pen_scope__holds(&scope, 13, 0, 4, 3));
	assert_true(pen_scope__holds(&scope, 0, 0, 9, 0));
	assert_false(pen_scope__holds(&scope, 0, 0, 5, 0));
	assert_true(pen_scope__holds(&scope, 0, 0, 0, 7));
	assert_false(pen_scope__holds(&scope, 0, 0, 0, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_within_by_whom_it_names_or_else_by_folio_or_batch),
	};

	return cmocka_run_group_tests_name("store/scope", tests, NULL, NULL);
}
