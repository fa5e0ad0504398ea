#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/replaywalk.h"
#include "store/rootwalk.h"

static void replay(struct year *y, const int64_t *batches, size_t count)
{
	struct fixture *f = y->f;

	y->count = 0;
	assert_ok(pen_replaywalk__run(&y->walk, batches, count, &f->error));
}

/* Sums, root and nodes made to fit the rows as they are, as somebody would who has the
 * store. */
static void make_fit(struct year *y, int64_t id)
{
	struct fixture *f = y->f;
	struct pen_roots_sum sum;
	struct pen_folio folio;
	struct pen_batch batch;
	char sql[400];
	bool found;

	assert_ok(pen_folio__find(store_of(f), id, &folio, &found, &f->error));
	assert_ok(pen_batch__find(store_of(f), folio.batch, &batch, &found, &f->error));
	snprintf(sql, sizeof(sql), "DELETE FROM folio_node WHERE folio = %d", (int)id);
	tamper(f, sql);
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, true, &sum, NULL, &f->error));
	snprintf(sql, sizeof(sql), "UPDATE folio SET root = '%s', rows = %d, unit_fen = %d, personal_fen = %d WHERE id = %d",
	    sum.root, (int)sum.rows, (int)sum.unit_fen, (int)sum.personal_fen, (int)id);
	tamper(f, sql);
}

static void a_sealed_year_comes_out_of_its_sources_with_its_roots(void **state)
{
	struct year *y = *state;

	replay(y, NULL, 0);
	assert_clean(y);
	assert_int_equal(y->walk.sources, 4);
	assert_int_equal(y->walk.folios, 6);
	assert_int_equal(y->walk.leaves, 2 + PEOPLE + 2 + PEOPLE);
}

/* The first breakdown has more than 256 rows, so nodes of its tree are kept. */
static void rows_and_root_that_were_made_to_fit_are_named(void **state)
{
	struct year *y = *state;
	int64_t folio = 0;

	break_in(y, "UPDATE contribution SET unit_fen = unit_fen + 1 WHERE person = 9");
	for (folio = 1; folio <= 6; folio++)
		make_fit(y, folio);
	replay(y, NULL, 0);
	assert_int_equal(y->count, 2);
	assert_string_equal(finding(y, "source.rows")->field, "unit_fen");
	assert_int_equal(finding(y, "source.rows")->line, 10);
	assert_non_null(strstr(finding(y, "replay.root")->record, "(breakdown "));
}

static void only_the_batches_asked_for_are_made_again(void **state)
{
	static const int64_t batches[] = { 1, 2 };
	struct year *y = *state;

	break_in(y, "UPDATE contribution SET unit_fen = unit_fen + 1 WHERE person = 9");
	replay(y, batches, 2);
	assert_clean(y);
	assert_int_equal(y->walk.sources, 2);
}

/* What is staged waits for a look at the list: that is of the file's rows. */
static void what_is_not_confirmed_yet_is_looked_at_too(void **state)
{
	struct year *y = *state;
	struct pen_text rows = { NULL, 0, 0, false };

	row_2022(&rows, 1, 5, 12, 1);
	row_2022(&rows, 1, 900, 12, 1);		/* nobody: rejected */
	import_2022(y, rows.s, 0);
	pen_text__free(&rows);
	replay(y, NULL, 0);
	assert_clean(y);
	break_in(y, "UPDATE contribution SET base_fen = 1 WHERE folio = (SELECT MAX(folio) FROM contribution)");
	replay(y, NULL, 0);
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].field, "base_fen");
	assert_int_equal(y->at[0].batch, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SEALS(a_sealed_year_comes_out_of_its_sources_with_its_roots),
		WITH_SEALS(rows_and_root_that_were_made_to_fit_are_named),
		WITH_SEALS(only_the_batches_asked_for_are_made_again),
		WITH_SEALS(what_is_not_confirmed_yet_is_looked_at_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
