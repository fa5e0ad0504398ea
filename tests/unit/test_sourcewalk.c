#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/blobwalk.h"
#include "store/sourcewalk.h"

struct list { struct pen_folio at[8]; size_t n; };

static enum pen_status take(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct list *list = context;

	(void)error;
	list->at[list->n++] = *folio;
	return PEN_OK;
}

/* All folios of a batch against its source. */
static void compare(struct year *y, int64_t id)
{
	struct fixture *f = y->f;
	struct list list = { .n = 0 };
	struct pen_batch batch;
	bool found;

	y->count = 0;
	assert_ok(pen_batch__find(store_of(f), id, &batch, &found, &f->error));
	assert_ok(pen_folio__each_of_batch(store_of(f), id, take, &list, &f->error));
	assert_ok(pen_sourcewalk__compare(&y->walk, &batch, list.at, list.n, &f->error));
}

static void every_form_reads_back_as_it_came_in(void **state)
{
	struct year *y = *state;
	int64_t id;

	for (id = 1; id <= 4; id++) {
		compare(y, id);
		assert_clean(y);
	}
	assert_int_equal(y->walk.sources, 4);
}

static void a_row_taken_out_is_missing(void **state)
{
	struct year *y = *state;

	break_in(y, "DELETE FROM contribution WHERE person = 9");
	compare(y, 4);
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].found, "no such row in the store");
	assert_int_equal(y->at[0].line, 10);
	assert_non_null(strstr(y->at[0].record, "王8"));
}

static void a_row_slipped_in_is_not_in_the_source(void **state)
{
	struct year *y = *state;

	break_in(y, "INSERT INTO contribution SELECT folio, person, 9999, 2, kind, base_fen, months, months_assumed, "
	    "unit_fen, personal_fen, for_year, arrived, voucher FROM contribution WHERE person = 9");
	compare(y, 4);
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].found, "a row in the store");
	assert_int_equal(y->at[0].line, 9999);
}

static void a_row_given_to_somebody_else_names_both(void **state)
{
	struct year *y = *state;

	break_in(y, "UPDATE contribution SET person = 301 WHERE person = 9");
	compare(y, 4);
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].field, "person");
	assert_non_null(strstr(y->at[0].found, "王300"));
	assert_non_null(strstr(y->at[0].expected, "王8"));
}

static void a_levy_that_was_raised_is_named_with_its_employer(void **state)
{
	struct year *y = *state;
	char code[19];

	break_in(y, "UPDATE levy SET amount_fen = amount_fen + 100 WHERE employer = 2");
	compare(y, 3);
	credit_code(2, code);
	assert_int_equal(y->count, 1);
	assert_non_null(strstr(y->at[0].record, code));
	assert_string_equal(y->at[0].expected, "9000000.00");
}

static void a_registration_says_itself_whom_it_is_about(void **state)
{
	struct year *y = *state;

	break_in(y, "UPDATE registration SET name = '李四' WHERE person = 2");
	compare(y, 2);
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].field, "name");
	assert_string_equal(y->at[0].found, "李四");
	assert_string_equal(y->at[0].expected, "王1");
}

static void a_thousand_changes_are_cut_and_said_to_be(void **state)
{
	struct year *y = *state;

	break_in(y, "UPDATE contribution SET unit_fen = unit_fen + 1");
	compare(y, 4);
	assert_int_equal(y->walk.found, 100 + 1 + 2);	/* 300 of the first employer, both of the second */
}

/* Person 5 has the same half year at both employers: the rows at the second wait. */
static void what_waits_for_a_review_is_looked_for_in_its_own_folio(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_text rows = { NULL, 0, 0, false };
	struct list list = { .n = 0 };
	struct pen_batch batch;
	bool found;

	row_2022(&rows, 1, 5, 6, 1);
	row_2022(&rows, 1, 6, 12, 1);
	row_2022(&rows, 2, 5, 3, 1);
	row_2022(&rows, 2, 5, 3, 7);
	row_2022(&rows, 2, 5, 3, 4);
	row_2022(&rows, 2, 7, 12, 1);
	import_2022(y, rows.s, 4);
	compare(y, 6);
	assert_clean(y);
	/* Those that were let in alone, as the verification asks for them. */
	assert_ok(pen_batch__find(store_of(f), 6, &batch, &found, &f->error));
	assert_ok(pen_folio__each_of_batch(store_of(f), 6, take, &list, &f->error));
	assert_int_equal(list.n, 3);
	assert_int_equal(list.at[2].state, PEN_FOLIO_HELD);
	assert_int_equal(list.at[2].rows, 2);
	assert_ok(pen_sourcewalk__compare(&y->walk, &batch, list.at, 2, &f->error));
	assert_clean(y);
	/* What waits is compared like the rest. */
	break_in(y, "UPDATE contribution SET personal_fen = 1 WHERE line = 6 AND folio = (SELECT MAX(id) FROM folio)");
	compare(y, 6);
	assert_int_equal(y->count, 1);
	assert_int_equal(y->at[0].line, 6);
	pen_text__free(&rows);
}

static void a_source_that_was_changed_is_found_by_its_digest(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;

	assert_ok(pen_blobwalk__run(&y->walk, &f->error));
	assert_clean(y);
	tamper(f, "UPDATE blob_chunk SET content = (SELECT c.content FROM blob_chunk c JOIN batch b ON c.digest = b.file_digest WHERE b.id = 1) "
	    "WHERE digest = (SELECT file_digest FROM batch WHERE id = 3)");
	assert_ok(pen_blobwalk__run(&y->walk, &f->error));
	assert_int_equal(y->count, 1);
	assert_string_equal(finding(y, "blob.digest")->record, "source levy.csv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(every_form_reads_back_as_it_came_in),
		WITH_YEAR(a_row_taken_out_is_missing),
		WITH_YEAR(a_row_slipped_in_is_not_in_the_source),
		WITH_YEAR(a_row_given_to_somebody_else_names_both),
		WITH_YEAR(a_levy_that_was_raised_is_named_with_its_employer),
		WITH_YEAR(a_registration_says_itself_whom_it_is_about),
		WITH_YEAR(a_thousand_changes_are_cut_and_said_to_be),
		WITH_YEAR(what_waits_for_a_review_is_looked_for_in_its_own_folio),
		WITH_YEAR(a_source_that_was_changed_is_found_by_its_digest),
	};

	return cmocka_run_group_tests_name("store/sourcewalk", tests, NULL, NULL);
}
