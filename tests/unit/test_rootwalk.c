#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "base/error.h"
#include "store/rootwalk.h"

/* Folios that nobody entered, of the batch of breakdowns: their rows alone are there. */
#define FIRST 9001
static const int sizes[] = { 5, 0, 300, 1, 2048, 2049, 700, 10000, 2047, 1, 0, 4096, 3 };
#define FOLIOS (sizeof(sizes) / sizeof(sizes[0]))

static void lay(struct year *y, struct pen_batch *batch)
{
	struct fixture *f = y->f;
	char sql[512];
	bool found;
	size_t i;

	assert_ok(pen_batch__find(store_of(f), 4, batch, &found, &f->error));
	for (i = 0; i < FOLIOS; i++) {
		snprintf(sql, sizeof(sql), "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		    "INSERT INTO contribution (folio, person, line, sequence, kind, base_fen, months, months_assumed, unit_fen, personal_fen, voucher) "
		    "SELECT %zu, i, i * 3, 1, 1, i * 7, 4095, 0, i * 11, i, CASE WHEN i %% 100 = 0 THEN '号' || i END FROM n WHERE i <= %d",
		    sizes[i], FIRST + i, sizes[i]);
		break_in(y, sql);
	}
}

static struct pen_folio folio_of(size_t i)
{
	return (struct pen_folio){ .id = (int64_t)(FIRST + i), .batch = 4 };
}

/* What was told, in order. */
struct told { struct fixture *f; size_t n; struct pen_rootwalk_result at[2 * FOLIOS]; size_t refuse; };

static enum pen_status take(void *context, const struct pen_rootwalk_result *result, struct pen_error *error)
{
	struct told *told = context;

	assert_int_equal(result->folio->id, FIRST + told->n % FOLIOS);
	assert_int_equal(result->status, PEN_OK);
	told->at[told->n++] = *result;
	return told->n == told->refuse ? pen_error__set(error, PEN_REFUSED, "test.enough", "no more") : PEN_OK;
}

static enum pen_status walk_all(struct told *told, const struct pen_batch *batch, bool keep, int times)
{
	struct fixture *f = told->f;
	struct pen_rootwalk *walk;
	struct pen_folio folio;
	enum pen_status status;
	size_t i;

	assert_ok(pen_rootwalk__open(&walk, store_of(f), batch, keep, take, told, &f->error));
	for (status = PEN_OK; times > 0 && status == PEN_OK; times--) {
		for (i = 0; i < FOLIOS && status == PEN_OK; i++) {
			folio = folio_of(i);
			status = pen_rootwalk__add(walk, &folio, &f->error);
		}
		if (status == PEN_OK)
			status = pen_rootwalk__end(walk, &f->error);
	}
	pen_rootwalk__close(walk);
	return status;
}

static enum pen_status next(void *context, const struct pen_row **row, struct pen_error *error)
{
	return pen_rows__next(context, row, error);
}

static void folio_after_folio_has_the_root_of_its_rows_one_by_one(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	const struct pen_kind *kind = pen_kind__of(PEN_KIND_CONTRIBUTION);
	struct told told = { .f = f };
	struct pen_roots_sum sum;
	struct pen_batch batch;
	struct pen_rows *rows;
	size_t i;

	lay(y, &batch);
	assert_ok(walk_all(&told, &batch, true, 2));
	assert_int_equal(told.n, 2 * FOLIOS);
	for (i = 0; i < FOLIOS; i++) {
		assert_ok(pen_rows__open(&rows, store_of(f), kind, folio_of(i).id, &f->error));
		assert_ok(pen_roots__of(store_of(f), &batch, kind, next, rows, &sum, &f->error));
		pen_rows__close(rows);
		assert_int_equal(sum.rows, sizes[i]);
		assert_memory_equal(&sum, &told.at[i].sum, sizeof(sum));
		assert_memory_equal(&sum, &told.at[FOLIOS + i].sum, sizeof(sum));
	}
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio_node WHERE folio >= 9001"),
	    1 + 8 + 8 + 2 + 39 + 7 + 16);	/* none of 2^16 leaves */
}

static void nodes_that_are_not_those_of_the_rows_are_told_of_their_folio(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct told told = { .f = f };
	struct pen_batch batch;
	size_t i;

	lay(y, &batch);
	assert_ok(walk_all(&told, &batch, true, 1));
	break_in(y, "UPDATE contribution SET base_fen = base_fen + 1 WHERE folio = 9008 AND person = 9000");
	break_in(y, "DELETE FROM contribution WHERE folio = 9006 AND person > 2040");
	told.n = 0;
	assert_ok(walk_all(&told, &batch, false, 1));
	for (i = 0; i < FOLIOS; i++)
		assert_int_equal(told.at[i].first_bad, i == 7 ? 8999 / 256 * 256 : i == 5 ? 2040 / 256 * 256 : -1);
}

static void who_is_told_can_end_it(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct told told = { .f = f, .refuse = 3 };
	struct pen_batch batch;

	lay(y, &batch);
	assert_fails(walk_all(&told, &batch, true, 1), PEN_REFUSED, "test.enough");
	assert_int_equal(told.n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(folio_after_folio_has_the_root_of_its_rows_one_by_one),
		WITH_YEAR(nodes_that_are_not_those_of_the_rows_are_told_of_their_folio),
		WITH_YEAR(who_is_told_can_end_it),
	};

	return cmocka_run_group_tests_name("store/rootwalk", tests, NULL, NULL);
}
