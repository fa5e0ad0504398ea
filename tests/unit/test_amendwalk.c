#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
#include "base/money.h"
#include "store/amendwalk.h"
#include "store/applications.h"
#include "store/replaywalk.h"
#include "store/sqlrule.h"
#include "work/undersign.h"

#define TODAY 20261123

/* The findings of a walk. */
struct found { char rule[64], record[256], field[64], found[160], expected[160]; };
struct list { struct found at[32]; size_t count; };

static enum pen_status keep(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct list *list = context;
	struct found *kept = &list->at[list->count < 31 ? list->count : 31];

	(void)error;
	list->count++;
	snprintf(kept->rule, sizeof(kept->rule), "%s", found->rule);
	snprintf(kept->record, sizeof(kept->record), "%s", found->record);
	snprintf(kept->field, sizeof(kept->field), "%s", found->field);
	snprintf(kept->found, sizeof(kept->found), "%s", found->found);
	snprintf(kept->expected, sizeof(kept->expected), "%s", found->expected);
	return PEN_OK;
}

static void set(struct fixture *f, struct pen_amendeds *list, struct pen_amended *record, const char *field, const char *value)
{
	struct pen_form *form = shipped_form(record->form);

	assert_ok(pen_amended__set(list, record, form, field, value, TODAY, &f->error));
	pen_form__free(form);
}

static void set_base(struct fixture *f, struct pen_amendeds *list, struct pen_amended *record, int64_t base)
{
	char yuan[24];

	set(f, list, record, "base", pen_money__format(base, yuan));
	set(f, list, record, "unit", pen_money__format(base * 12 * 16 / 100, yuan));
	set(f, list, record, "personal", pen_money__format(base * 12 * 8 / 100, yuan));
}

/* Case 1 with these records, handed in and applied; its batch. */
static struct pen_batch apply(struct fixture *f, const struct pen_amendeds *list)
{
	const struct pen_application head = { .amendment = 1, .revision = 1, .form = "change", .agency = "330100",
		.requested_by = "op1", .reason = "录错", .original = "aa", .evidence = "bb" };
	struct pen_db *db = pen_store__db(store_of(f));
	struct pen_trial trial = { .effects = 0 };
	struct pen_text text = { 0 };
	struct pen_batch batch;
	char digest[PEN_DIGEST_HEX];
	int64_t at = enter_act(f, "amend.request", true), entered;

	putf(f, "INSERT INTO amendment (id, form, agency, requested_by, state, revision, at) VALUES (1, 'change', '330100', 'op1', 'unsealed', 1, %" PRId64 ")", at);
	assert_ok(pen_applications__text(store_of(f), &head, list, &text, digest, &f->error));
	assert_ok(pen_applications__enter(store_of(f), &head, at, &text, digest, list, &f->error));
	pen_text__free(&text);
	assert_ok(pen_db__begin_write(db, &f->error));
	assert_ok(pen_journal__size(store_of(f), &at, &f->error));
	assert_ok(pen_versions__write(&f->session, &(struct pen_versions_case){ .amendment = 1, .amended = list }, at, &trial, &batch, &f->error));
	assert_ok(pen_session__act(&f->session, "amend.apply", "case 1", NULL, true, &entered, &f->error));
	assert_ok(pen_db__commit(db, &f->error));
	pen_effect__free(&trial);
	return batch;
}

static enum pen_status take(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	return pen_replaywalk__add(context, folio, error);
}

static void look(struct fixture *f, const struct pen_batch *batch, struct list *list)
{
	struct pen_walk walk = { .session = &f->session, .visit = keep, .context = list, .size = 1000000 };
	struct pen_replaywalk_list folios = { NULL, 0, 0 };

	list->count = 0;
	assert_ok(pen_folio__each_of_batch(store_of(f), batch->id, take, &folios, &f->error));
	assert_ok(pen_replaywalk__folios(&walk, batch, &folios, true, &f->error));
	pen_replaywalk__free(&folios);
	pen_walk__end(&walk);
}

/* A base, a rebuilt account and a name: four folios of three forms, and settlements. */
static struct pen_batch a_case(struct fixture *f)
{
	struct pen_form *form = shipped_form("breakdown");
	struct pen_amendeds list = { .count = 0 };
	struct pen_amended *record;
	struct pen_batch batch;
	int year;

	agency(f, 500000);
	register_person(f, 12, 20100301);
	set_base(f, &list, standing(f, &list, "breakdown", 4, 1, 2022, 10), 650000);
	for (year = 2023; year <= 2024; year++) {
		record = pen_amended__missing(&list, form, 12, 1, year);
		set(f, &list, record, "months", "12");
		set_base(f, &list, record, 500000);
	}
	set(f, &list, standing(f, &list, "registration", 2, 1, 0, 11), "name", "王秀瑛");
	batch = apply(f, &list);
	pen_amended__free(&list);
	pen_form__free(form);
	return batch;
}

static void a_case_comes_out_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = a_case(f);
	struct list list;

	assert_int_equal(ask(f, "SELECT COUNT(DISTINCT form) FROM folio WHERE batch = (SELECT MAX(id) FROM batch)"), 3);
	look(f, &batch, &list);
	if (list.count)
		fail_msg("%s: %s: found %s, expected %s", list.at[0].record, list.at[0].field, list.at[0].found, list.at[0].expected);
}

static void the_roots_of_folios_of_several_kinds_are_made_and_made_again(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = a_case(f);
	struct pen_replaywalk_list folios = { NULL, 0, 0 };
	struct pen_db *db = pen_store__db(store_of(f));
	struct list list;
	int64_t seal;

	assert_ok(pen_folio__each_of_batch(store_of(f), batch.id, take, &folios, &f->error));
	assert_ok(pen_db__begin_write(db, &f->error));
	assert_ok(pen_undersign__draw_up(&f->session, &batch, "amender", folios.at, folios.count, &seal, &f->error));
	assert_ok(pen_db__commit(db, &f->error));
	pen_replaywalk__free(&folios);
	look(f, &batch, &list);
	assert_int_equal(list.count, 0);
}

static void a_new_version_that_was_changed_is_named_by_record(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = a_case(f);
	struct list list;

	tamper(f, "DROP TRIGGER contribution_stays_u");
	putf(f, "UPDATE contribution SET base_fen = 700000 WHERE person = 10 AND folio IN (SELECT id FROM folio WHERE batch = %" PRId64 ")", batch.id);
	look(f, &batch, &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.at[0].rule, "amendment.rows");
	assert_string_equal(list.at[0].field, "base_fen");
	assert_string_equal(list.at[0].found, "7000.00");
	assert_string_equal(list.at[0].expected, "6500.00");
}

static void a_year_settled_again_that_was_changed_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = a_case(f);
	struct list list;

	tamper(f, "DROP TRIGGER movement_stays_u");
	putf(f, "UPDATE movement SET personal_principal_fen = personal_principal_fen + 1 WHERE person = 10 AND year = 2023 AND kind = 'balance'"
	    " AND folio IN (SELECT id FROM folio WHERE batch = %" PRId64 ")", batch.id);
	look(f, &batch, &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.at[0].rule, "amendment.rows");
	assert_string_equal(list.at[0].field, "personal_principal_fen");
}

static void a_row_slipped_in_and_one_taken_out_are_named(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = a_case(f);
	struct list list;

	tamper(f, "DROP TRIGGER contribution_stays_d");
	putf(f, "INSERT INTO contribution SELECT folio, 11, 99, sequence, kind, base_fen, months, months_assumed, unit_fen, personal_fen, for_year, arrived, voucher"
	    " FROM contribution WHERE person = 10 AND folio IN (SELECT id FROM folio WHERE batch = %" PRId64 ")", batch.id);
	putf(f, "DELETE FROM contribution WHERE person = 12 AND folio IN (SELECT id FROM folio WHERE batch = %" PRId64 " AND period = 2023)", batch.id);
	look(f, &batch, &list);
	assert_int_equal(list.count >= 2, 1);
	assert_string_equal(list.at[0].rule, "amendment.rows");
	assert_string_equal(list.at[0].field, "line");
}

/* ---- rules over records ---- */

static enum pen_status count(void *context, const struct pen_sqlrule *rule, const struct pen_sqlfinding *finding, struct pen_error *error)
{
	struct list *list = context;
	struct found *kept = &list->at[list->count < 31 ? list->count : 31];

	(void)error;
	list->count++;
	snprintf(kept->rule, sizeof(kept->rule), "%s", rule->rule.id);
	snprintf(kept->record, sizeof(kept->record), "%s", finding->record);
	snprintf(kept->found, sizeof(kept->found), "%s", finding->found);
	snprintf(kept->expected, sizeof(kept->expected), "%s", finding->expected);
	return PEN_OK;
}

static void run(struct fixture *f, const char *rule, struct list *list)
{
	struct pen_sqlrules *rules;

	list->count = 0;
	assert_ok(pen_sqlrule__load(&rules, &f->error));
	assert_ok(pen_sqlrule__run(store_of(f), pen_sqlrule__named(rules, rule), &(struct pen_sqlrule_given){ 0 }, count, list, &f->error));
	pen_sqlrule__free(rules);
}

static void what_a_case_replaced_stands_and_one_undone_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_batch batch = a_case(f);
	struct list list;

	putf(f, "UPDATE amendment SET batch = %" PRId64 ", state = 'applied'", batch.id);
	run(f, "replacement.stands", &list);
	if (list.count)
		fail_msg("%s: found %s, expected %s", list.at[0].record, list.at[0].found, list.at[0].expected);
	run(f, "levy.covers", &list);
	assert_int_equal(list.count, 0);
	run(f, "months.overlap", &list);
	assert_int_equal(list.count, 0);
	putf(f, "DELETE FROM replacement WHERE folio = 4");
	run(f, "replacement.stands", &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.at[0].found, "not replaced");
	putf(f, "UPDATE replacement SET by_line = 77 WHERE folio = 2");
	run(f, "replacement.stands", &list);
	assert_int_equal(list.count, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_case_comes_out_as_it_was_written),
		TEST(the_roots_of_folios_of_several_kinds_are_made_and_made_again),
		TEST(a_new_version_that_was_changed_is_named_by_record),
		TEST(a_year_settled_again_that_was_changed_is_named),
		TEST(a_row_slipped_in_and_one_taken_out_are_named),
		TEST(what_a_case_replaced_stands_and_one_undone_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
