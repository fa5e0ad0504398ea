#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "case_fixture.h"
#include "store/casewalk.h"
#include "store/rows.h"

/* What a walk finds: how often, and of the last the rule and the field. */
struct kept { int count; char rule[40], field[40], record[64]; };

static enum pen_status keep(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct kept *kept = context;

	(void)error;
	kept->count++;
	snprintf(kept->rule, sizeof(kept->rule), "%s", found->rule);
	snprintf(kept->field, sizeof(kept->field), "%s", found->field);
	snprintf(kept->record, sizeof(kept->record), "%s", found->record);
	return PEN_OK;
}

static struct kept walk(struct fixture *f)
{
	struct kept kept = { 0 };
	struct pen_walk all = { .session = &f->session, .visit = keep, .context = &kept, .size = INT64_MAX };

	assert_ok(pen_casewalk__run(&all, &f->error));
	pen_walk__end(&all);
	return kept;
}

/* The row of the fixture's case in a folio, of one base and one share. */
static void write_row(struct fixture *f, int64_t folio, int64_t line, int64_t base, int64_t unit)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };
	struct pen_rows_writer *writer;
	int i;

	for (i = 0; i < row.kind->count; i++)
		row.v[i] = pen_value__integer(1);
	row.v[PEN_SUBJECT] = pen_value__integer(21);
	row.v[PEN_LINE] = pen_value__integer(line);
	row.v[PEN_CONTRIBUTION_BASE] = pen_value__integer(base);
	row.v[PEN_CONTRIBUTION_UNIT] = pen_value__integer(unit);
	row.v[PEN_CONTRIBUTION_VOUCHER] = pen_value__string("v", 1);
	assert_ok(pen_rows__writer(&writer, store_of(f), row.kind, &f->error));
	assert_ok(pen_rows__write(writer, folio, &row, &f->error));
	assert_ok(pen_rows__end_writer(writer, &f->error));
}

/* A case that was entered: its row replaced by one of folio 78 in batch 77. */
static int64_t apply(struct fixture *f, int64_t base)
{
	int64_t id;

	write_row(f, 5, 17, 600000, 1);
	id = request(f);
	go(f, id, "lead1", PEN_AMENDMENT_APPROVE);
	go(f, id, "head2", PEN_AMENDMENT_APPROVE);
	unseal(f, id, "2099-01-01T00:00:00Z");
	go(f, id, "amender1", PEN_AMENDMENT_APPLY);
	write_row(f, 78, 1, base, 104000);
	tamper(f, "INSERT INTO batch (id, agency, form, state, file_name, file_digest, file_bytes, encoding, form_digest, rules_digest,"
	    " parameters_digest, reference_at, planned_by, amendment) VALUES (77, '330100', 'amendments', 'confirmed', 'a', 'a', 1, 'UTF-8',"
	    " 'a', 'a', 'a', 0, 'amender1', 1)");
	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (78, 77, 'breakdown', 3, 2024, 2, 'confirmed', 1, 0, 0, 0)");
	tamper(f, "INSERT INTO replacement SELECT 5, 21, 17, at, 78, 1 FROM amendment_step WHERE move = 'apply'");
	return id;
}

static void a_case_whose_versions_are_what_was_approved_is_silent(void **state)
{
	struct fixture *f = *state;

	apply(f, 650000);
	assert_int_equal(walk(f).count, 0);
}

static void a_version_that_is_not_what_was_approved_is_found(void **state)
{
	struct fixture *f = *state;
	struct kept kept;

	apply(f, 660000);
	kept = walk(f);
	assert_int_equal(kept.count, 1);
	assert_string_equal(kept.rule, "case.rows");
	assert_string_equal(kept.field, "base_fen");
	assert_string_equal(kept.record, "case 1");
}

static void a_version_that_is_gone_is_found(void **state)
{
	struct fixture *f = *state;
	struct kept kept;

	apply(f, 650000);
	tamper(f, "DELETE FROM replacement");
	kept = walk(f);
	assert_int_equal(kept.count, 1);
	assert_string_equal(kept.rule, "case.rows");
}

static void a_version_in_another_case_s_batch_is_found(void **state)
{
	struct fixture *f = *state;

	apply(f, 650000);
	tamper(f, "UPDATE batch SET amendment = 2");
	assert_string_equal(walk(f).rule, "case.rows");
}

static void a_case_entered_after_its_time_was_over_is_found(void **state)
{
	struct fixture *f = *state;
	struct kept kept;

	apply(f, 650000);
	tamper(f, "UPDATE amendment SET open_until = '2020-01-01T00:00:00Z'");
	kept = walk(f);
	assert_string_equal(kept.rule, "case.steps");
	assert_string_equal(kept.field, "open_until");
}

static void a_case_with_words_that_there_are_not_is_told_and_the_others_are_looked_at(void **state)
{
	struct fixture *f = *state;

	request(f);
	tamper(f, "DROP TRIGGER amendment_step_stays_u");
	tamper(f, "UPDATE amendment_step SET move = 'nod'");
	assert_string_equal(walk(f).rule, "case.steps");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASES(a_case_whose_versions_are_what_was_approved_is_silent),
		WITH_CASES(a_version_that_is_not_what_was_approved_is_found),
		WITH_CASES(a_version_that_is_gone_is_found),
		WITH_CASES(a_version_in_another_case_s_batch_is_found),
		WITH_CASES(a_case_entered_after_its_time_was_over_is_found),
		WITH_CASES(a_case_with_words_that_there_are_not_is_told_and_the_others_are_looked_at),
	};

	return cmocka_run_group_tests_name("store/casewalk", tests, NULL, NULL);
}
