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
	assert_ok(pen_sourcewalk__compare(&y->walk, &batch, list.at, list.n, false, &f->error));
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

/* The row of person 9 in a folio of its own, beside that of the others. */
static void set_aside(struct year *y)
{
	break_in(y, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " SELECT 90, batch, form, employer, period, 2, state, 1, 0, 0, 0, confirmed_at FROM folio WHERE batch = 4 AND employer = 1;"
	    "INSERT INTO hold (folio, rule, at, found, expected, ended_at, decision, reason) VALUES (90, 'person.retired', 5, 'a', 'b', 6, 'released', 'c');"
	    "UPDATE contribution SET folio = 90 WHERE person = 9");
}

static void rows_that_were_set_aside_are_looked_for_where_they_were_put(void **state)
{
	struct year *y = *state;

	set_aside(y);
	compare(y, 4);
	assert_clean(y);
	break_in(y, "UPDATE contribution SET unit_fen = unit_fen + 1 WHERE person = 9");
	compare(y, 4);
	assert_int_equal(y->count, 1);
	assert_non_null(strstr(y->at[0].record, "folio 90"));
	assert_int_equal(y->at[0].line, 10);
	/* What is not there in it is told by those beside it. */
	break_in(y, "DELETE FROM contribution WHERE person = 9");
	compare(y, 4);
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].found, "no such row in the store");
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
		WITH_YEAR(rows_that_were_set_aside_are_looked_for_where_they_were_put),
		WITH_YEAR(a_thousand_changes_are_cut_and_said_to_be),
		WITH_YEAR(a_source_that_was_changed_is_found_by_its_digest),
	};

	return cmocka_run_group_tests_name("store/sourcewalk", tests, NULL, NULL);
}
