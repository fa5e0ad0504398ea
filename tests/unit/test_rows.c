#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/rows.h"

static const struct pen_kind *opening(void) { return pen_kind__of(PEN_KIND_OPENING); }

static struct pen_row opening_row(int64_t person, int64_t line, int64_t fen)
{
	struct pen_row row = { .kind = opening() };
	int i;

	for (i = 0; i < row.kind->count; i++)
		row.v[i] = pen_value__integer(0);
	row.v[PEN_SUBJECT].i = person;
	row.v[PEN_LINE].i = line;
	row.v[PEN_OPENING_YEAR].i = 2023;
	row.v[PEN_OPENING_PERSONAL_PRINCIPAL].i = fen;
	return row;
}

/* Rows of people 1 to `people`, two lines each, the later line first. */
static void fill(struct fixture *f, int64_t folio, int64_t people)
{
	struct pen_rows_writer *writer;
	struct pen_row row;
	int64_t person;

	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_rows__writer(&writer, store_of(f), opening(), &f->error));
	for (person = people; person > 0; person--) {
		row = opening_row(person, 2 * person + 1, folio);
		assert_ok(pen_rows__write(writer, folio, &row, &f->error));
		row = opening_row(person, 2 * person, folio);
		assert_ok(pen_rows__write(writer, folio, &row, &f->error));
	}
	assert_ok(pen_rows__end_writer(writer, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
}

/* How many rows there are; each comes behind the one before. */
static int64_t count_in_order(struct fixture *f, struct pen_rows *rows, int64_t folio)
{
	int64_t n = 0, subject = -1, line = -1;
	const struct pen_row *row;

	for (;;) {
		assert_ok(pen_rows__next(rows, &row, &f->error));
		if (!row)
			break;
		assert_true(row->v[PEN_SUBJECT].i > subject || (row->v[PEN_SUBJECT].i == subject && row->v[PEN_LINE].i > line));
		assert_int_equal(row->v[PEN_OPENING_PERSONAL_PRINCIPAL].i, folio);
		subject = row->v[PEN_SUBJECT].i;
		line = row->v[PEN_LINE].i;
		n++;
	}
	assert_ok(pen_rows__next(rows, &row, &f->error));	/* the end stays the end */
	assert_null(row);
	pen_rows__close(rows);
	return n;
}

static void a_folio_is_read_in_storage_order_over_many_slices(void **state)
{
	struct fixture *f = *state;
	struct pen_rows *rows;

	fill(f, 1, 10);
	fill(f, 2, 3001);
	fill(f, 3, 10);
	assert_ok(pen_rows__open(&rows, store_of(f), opening(), 2, &f->error));
	assert_int_equal(count_in_order(f, rows, 2), 6002);
}

static void a_folio_of_exactly_one_slice_ends_where_it_ends(void **state)
{
	struct fixture *f = *state;
	struct pen_rows *rows;

	fill(f, 1, 1000);
	fill(f, 2, 1);
	assert_ok(pen_rows__open(&rows, store_of(f), opening(), 1, &f->error));
	assert_int_equal(count_in_order(f, rows, 1), 2000);
}

static void a_folio_without_rows_is_at_its_end_at_once(void **state)
{
	struct fixture *f = *state;
	struct pen_rows *rows;

	assert_ok(pen_rows__open(&rows, store_of(f), opening(), 4, &f->error));
	assert_int_equal(count_in_order(f, rows, 4), 0);
}

static void one_subject_is_read_alone(void **state)
{
	struct fixture *f = *state;
	struct pen_rows *rows;

	fill(f, 1, 30);
	fill(f, 2, 30);
	assert_ok(pen_rows__open_subject(&rows, store_of(f), opening(), 2, 17, &f->error));
	assert_int_equal(count_in_order(f, rows, 2), 2);
	assert_ok(pen_rows__open_subject(&rows, store_of(f), opening(), 2, 31, &f->error));
	assert_int_equal(count_in_order(f, rows, 2), 0);
}

/* Text, nulls and characters outside the BMP as they were, though the writer's
 * strings had no end of their own. */
static void texts_and_nulls_come_back_as_they_were(void **state)
{
	static const char name[] = "𠮷田明|";
	struct fixture *f = *state;
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_EMPLOYER) };
	struct pen_rows_writer *writer;
	const struct pen_row *read;
	struct pen_rows *rows;

	row.v[PEN_SUBJECT] = pen_value__integer(3);
	row.v[PEN_LINE] = pen_value__integer(2);
	row.v[PEN_EMPLOYER_CREDIT_CODE] = pen_value__string("91330106MA1080192C,", 18);
	row.v[PEN_EMPLOYER_NAME] = pen_value__string(name, sizeof(name) - 2);
	row.v[PEN_EMPLOYER_AREA] = pen_value__string("330106", 6);
	row.v[PEN_EMPLOYER_INSURED_ON] = pen_value__integer(20080201);
	row.v[PEN_EMPLOYER_NEWLY_COVERED] = pen_value__integer(0);
	row.v[PEN_EMPLOYER_UNIT_NUMBER] = pen_value__null();
	assert_ok(pen_rows__writer(&writer, store_of(f), row.kind, &f->error));
	assert_ok(pen_rows__write(writer, 1, &row, &f->error));
	assert_ok(pen_rows__end_writer(writer, &f->error));
	assert_ok(pen_rows__open(&rows, store_of(f), row.kind, 1, &f->error));
	assert_ok(pen_rows__next(rows, &read, &f->error));
	assert_non_null(read);
	assert_ptr_equal(read->kind, row.kind);
	assert_true(pen_value__equal(&read->v[PEN_EMPLOYER_NAME], &row.v[PEN_EMPLOYER_NAME]));
	assert_true(pen_value__equal(&read->v[PEN_EMPLOYER_CREDIT_CODE], &row.v[PEN_EMPLOYER_CREDIT_CODE]));
	assert_int_equal(read->v[PEN_EMPLOYER_UNIT_NUMBER].type, PEN_NULL);
	pen_rows__close(rows);
}

static void the_same_row_is_not_written_twice(void **state)
{
	struct fixture *f = *state;
	struct pen_row row = opening_row(1, 2, 0);
	struct pen_rows_writer *writer;

	assert_ok(pen_rows__writer(&writer, store_of(f), opening(), &f->error));
	assert_ok(pen_rows__write(writer, 1, &row, &f->error));
	assert_ok(pen_rows__write(writer, 1, &row, &f->error));
	assert_fails(pen_rows__end_writer(writer, &f->error), PEN_SYSTEM, "db.constraint");
	pen_rows__drop_writer(NULL);
}

static void staged_rows_are_removed_and_confirmed_ones_are_not(void **state)
{
	struct fixture *f = *state;

	tamper(f, "INSERT INTO folio (id, batch, form, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (1, 1, 'opening', 0, 1, 'staged', 0, 0, 0, 0, NULL), (2, 1, 'opening', 0, 2, 'confirmed', 0, 0, 0, 0, 7)");
	fill(f, 1, 5);
	fill(f, 2, 5);
	assert_ok(pen_rows__remove(store_of(f), opening(), 1, &f->error));
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM opening WHERE folio = 1"), 0);
	assert_fails(pen_rows__remove(store_of(f), opening(), 2, &f->error), PEN_REFUSED, "db.constraint");
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM opening WHERE folio = 2"), 10);
}

static void a_row_is_replaced_from_the_index_of_its_replacement_on(void **state)
{
	struct fixture *f = *state;
	bool replaced = true;

	assert_ok(pen_rows__replaced(store_of(f), 1, 7, 3, 99, &replaced, &f->error));
	assert_false(replaced);
	tamper(f, "INSERT INTO replacement VALUES (1, 7, 3, 12, 2, 5)");
	assert_ok(pen_rows__replaced(store_of(f), 1, 7, 3, 11, &replaced, &f->error));
	assert_false(replaced);
	assert_ok(pen_rows__replaced(store_of(f), 1, 7, 3, 12, &replaced, &f->error));
	assert_true(replaced);
	assert_ok(pen_rows__replaced(store_of(f), 1, 7, 4, 12, &replaced, &f->error));
	assert_false(replaced);
}

static void a_place_is_counted_to_and_read_on_from(void **state)
{
	struct fixture *f = *state;
	const int64_t people = 2500, all = 2 * people;
	int64_t before, n;
	struct pen_rows *rows;
	const struct pen_row *row;

	fill(f, 8, people);
	fill(f, 9, people);
	assert_ok(pen_rows__before(store_of(f), opening(), 9, 1, 2, &before, &f->error));
	assert_int_equal(before, 0);
	assert_ok(pen_rows__before(store_of(f), opening(), 9, 1200, 2401, &before, &f->error));
	assert_int_equal(before, 2399);
	assert_ok(pen_rows__before(store_of(f), opening(), 9, INT64_MAX, 0, &before, &f->error));
	assert_int_equal(before, all);
	for (n = 0; n < all; n += 1249) {
		assert_ok(pen_rows__open_from(&rows, store_of(f), opening(), 9, n, &f->error));
		assert_ok(pen_rows__next(rows, &row, &f->error));
		assert_int_equal(row->v[PEN_LINE].i, n + 2);
		pen_rows__close(rows);
		assert_ok(pen_rows__open_from(&rows, store_of(f), opening(), 9, n, &f->error));
		assert_int_equal(count_in_order(f, rows, 9), all - n);
	}
	for (n = all; n < all + 2; n++) {
		assert_ok(pen_rows__open_from(&rows, store_of(f), opening(), 9, n, &f->error));
		assert_int_equal(count_in_order(f, rows, 9), 0);
	}
}

static void people_of_a_folio_can_be_read_side_by_side(void **state)
{
	struct fixture *f = *state;
	struct pen_rows *one, *other;
	const struct pen_row *row;

	fill(f, 1, 3);
	assert_ok(pen_rows__open_subject(&one, store_of(f), opening(), 1, 1, &f->error));
	assert_ok(pen_rows__open_subject(&other, store_of(f), opening(), 1, 3, &f->error));
	assert_ok(pen_rows__next(one, &row, &f->error));
	assert_int_equal(count_in_order(f, other, 1), 2);
	assert_int_equal(count_in_order(f, one, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_folio_is_read_in_storage_order_over_many_slices),
		WITH_STORE(a_folio_of_exactly_one_slice_ends_where_it_ends),
		WITH_STORE(a_folio_without_rows_is_at_its_end_at_once),
		WITH_STORE(one_subject_is_read_alone),
		WITH_STORE(texts_and_nulls_come_back_as_they_were),
		WITH_STORE(the_same_row_is_not_written_twice),
		WITH_STORE(staged_rows_are_removed_and_confirmed_ones_are_not),
		WITH_STORE(a_row_is_replaced_from_the_index_of_its_replacement_on),
		WITH_STORE(a_place_is_counted_to_and_read_on_from),
		WITH_STORE(people_of_a_folio_can_be_read_side_by_side),
	};

	return cmocka_run_group_tests_name("store/rows", tests, NULL, NULL);
}
