#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"

/* Person 5 is at the first employer all year, so that rows at the second wait. */
static void of_what_waits_too_a_month_is_there_once(void **state)
{
	struct year *y = *state;
	struct pen_text rows = { NULL, 0, 0, false };

	row_2022(&rows, 1, 5, 12, 1);
	row_2022(&rows, 2, 5, 6, 1);
	row_2022(&rows, 2, 5, 6, 1);
	row_2022(&rows, 2, 5, 6, 7);
	row_2022(&rows, 2, 6, 12, 1);
	row_2022(&rows, 2, 6, 12, 1);
	import_2022(y, rows.s, 0);
	assert_int_equal(ask(y->f, "SELECT COUNT(*) FROM reject WHERE batch = 6 AND rule = 'months.overlap'"), 2);
	assert_int_equal(ask(y->f, "SELECT SUM(line) FROM reject WHERE batch = 6"), 4 + 7);
	assert_int_equal(ask(y->f, "SELECT SUM(rows) FROM folio WHERE batch = 6 AND state = 'held'"), 2);
	assert_int_equal(ask(y->f, "SELECT MAX(sequence) - MIN(sequence) FROM contribution WHERE folio = (SELECT MAX(id) FROM folio)"), 1);
	pen_text__free(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(of_what_waits_too_a_month_is_there_once),
	};

	return cmocka_run_group_tests_name("store/staging", tests, NULL, NULL);
}
