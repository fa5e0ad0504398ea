#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "case_fixture.h"
#include "store/rows.h"

/* The row that the fixture's case is about. */
static void write_row(struct fixture *f, int64_t base)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };
	struct pen_rows_writer *writer;
	int i;

	for (i = 0; i < row.kind->count; i++)
		row.v[i] = pen_value__integer(1);
	row.v[PEN_SUBJECT] = pen_value__integer(21);
	row.v[PEN_LINE] = pen_value__integer(17);
	row.v[PEN_CONTRIBUTION_BASE] = pen_value__integer(base);
	row.v[PEN_CONTRIBUTION_VOUCHER] = pen_value__string("v", 1);
	assert_ok(pen_rows__writer(&writer, store_of(f), row.kind, &f->error));
	assert_ok(pen_rows__write(writer, 5, &row, &f->error));
	assert_ok(pen_rows__end_writer(writer, &f->error));
}

static void an_application_is_the_text_that_the_page_describes(void **state)
{
	struct fixture *f = *state;
	struct pen_arena *arena = pen_memory__arena();
	struct pen_application_kept kept;
	char digest[PEN_DIGEST_HEX];
	bool found;

	request(f);
	assert_ok(pen_applications__find(store_of(f), 1, 1, arena, &kept, &found, &f->error));
	assert_true(found);
	assert_string_equal(kept.text,
	    "pen-application/v1\n"
	    "case: 1\n"
	    "form: change\n"
	    "revision: 1\n"
	    "agency: 330100\n"
	    "requested-by: op1\n"
	    "reason: 基数录错\n"
	    "original: aa\n"
	    "evidence: bb\n"
	    "record: {\"employer\":3,\"folio\":5,\"form\":\"breakdown\",\"kind\":\"contribution\",\"line\":17,\"number\":1,\"period\":2024,\"subject\":21}\n"
	    "field: {\"follows\":0,\"name\":\"base_fen\",\"new\":650000,\"number\":1,\"old\":600000,\"record\":1}\n"
	    "field: {\"follows\":1,\"name\":\"unit_fen\",\"new\":104000,\"number\":2,\"old\":1,\"record\":1}\n");
	assert_ok(pen_store__digest(store_of(f), kept.text, strlen(kept.text), digest, &f->error));
	assert_string_equal(kept.digest, digest);
	assert_string_equal(kept.head.reason, "基数录错");
	pen_memory__drop(arena);
}

static void what_was_asked_for_is_read_back_as_it_was_approved(void **state)
{
	struct fixture *f = *state;
	struct pen_amendeds list = { 0 };
	struct pen_amended *record;

	write_row(f, 610000);
	request(f);
	assert_ok(pen_applications__load(store_of(f), 1, 1, &list, &f->error));
	assert_int_equal(list.count, 1);
	record = &list.at[0];
	assert_string_equal(record->form, "breakdown");
	assert_int_equal(record->folio, 5);
	assert_int_equal(record->employer, 3);
	assert_int_equal(record->period, 2024);
	/* What was approved, though the row says something else. */
	assert_int_equal(record->old.v[PEN_CONTRIBUTION_BASE].i, 600000);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_BASE].i, 650000);
	assert_int_equal(record->new.v[PEN_CONTRIBUTION_UNIT].i, 104000);
	assert_int_equal(record->set, 1u << PEN_CONTRIBUTION_BASE);
	assert_int_equal(record->follow, 1u << PEN_CONTRIBUTION_UNIT);
	/* What nobody asked for is as it stands. */
	assert_string_equal(record->new.v[PEN_CONTRIBUTION_VOUCHER].s, "v");
	pen_amended__free(&list);
}

static void a_row_that_is_gone_is_told(void **state)
{
	struct fixture *f = *state;
	struct pen_amendeds list = { 0 };

	request(f);
	assert_fails(pen_applications__load(store_of(f), 1, 1, &list, &f->error), PEN_INTEGRITY, "amend.gone");
	pen_amended__free(&list);
}

struct counted { int64_t lines, firsts, last; };

static enum pen_status count_line(void *context, const struct pen_application_line *line, struct pen_error *error)
{
	struct counted *counted = context;

	(void)error;
	counted->lines++;
	counted->firsts += line->first;
	assert_true(line->record.number >= counted->last);
	counted->last = line->record.number;
	return PEN_OK;
}

static void many_records_are_handed_out_in_their_order_each_once(void **state)
{
	enum { RECORDS = 300 };
	struct fixture *f = *state;
	struct pen_application application = {
		.amendment = 1, .revision = 2, .form = "change", .agency = "330100", .requested_by = "op1", .reason = "r", .original = "a", .evidence = "b",
	};
	struct counted counted = { 0 };
	struct pen_amendeds list = { 0 };
	struct pen_text text = { 0 };
	char digest[PEN_DIGEST_HEX];
	int64_t records, fields;
	int i;

	request(f);
	for (i = 0; i < RECORDS; i++)
		fill_change(&list);
	assert_ok(pen_applications__text(store_of(f), &application, &list, &text, digest, &f->error));
	assert_ok(pen_applications__enter(store_of(f), &application, 1, &text, digest, &list, &f->error));
	assert_ok(pen_applications__each(store_of(f), 1, 2, count_line, &counted, &f->error));
	assert_int_equal(counted.lines, 2 * RECORDS);
	assert_int_equal(counted.firsts, RECORDS);
	assert_ok(pen_applications__count(store_of(f), 1, 2, &records, &fields, &f->error));
	assert_int_equal(records, RECORDS);
	assert_int_equal(fields, 2 * RECORDS);
	pen_text__free(&text);
	pen_amended__free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASES(an_application_is_the_text_that_the_page_describes),
		WITH_CASES(what_was_asked_for_is_read_back_as_it_was_approved),
		WITH_CASES(a_row_that_is_gone_is_told),
		WITH_CASES(many_records_are_handed_out_in_their_order_each_once),
	};

	return cmocka_run_group_tests_name("store/applications", tests, NULL, NULL);
}
