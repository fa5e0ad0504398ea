#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "account_fixture.h"
#include "store/replaywalk.h"
#include "store/rootwalk.h"
#include "store/settledwalk.h"
#include "store/settlement.h"

#define HEADER "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
#define RATES HEADER "account.interest,000000,,2024-01,2024-12,2.62,percent,s,yes,\n" \
	"account.interest,000000,,2025-01,2025-12,1.5,percent,s,yes,\n"

/* The findings of a walk. */
struct found { char rule[64], record[256], field[64], found[160], expected[160]; int64_t line; };
struct list { struct found at[32]; size_t count; };

static enum pen_status keep(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct list *list = context;
	struct found *kept = &list->at[list->count];

	(void)error;
	assert_true(list->count++ < 32);
	snprintf(kept->rule, sizeof(kept->rule), "%s", found->rule);
	snprintf(kept->record, sizeof(kept->record), "%s", found->record);
	snprintf(kept->field, sizeof(kept->field), "%s", found->field);
	snprintf(kept->found, sizeof(kept->found), "%s", found->found);
	snprintf(kept->expected, sizeof(kept->expected), "%s", found->expected);
	kept->line = found->line;
	return PEN_OK;
}

/* Employer 1 with people 10 and 11, employer 2 with 12; settled for 2024. The number
 * of the batch. */
static int64_t settle(struct fixture *f)
{
	struct pen_settling_plan plan;
	struct pen_settlement work;
	char digest[PEN_DIGEST_HEX];
	int64_t batch;

	assert_ok(pen_settings__load(store_of(f), "interest", RATES, strlen(RATES), enter_act(f, "parameters.load", true), digest, &f->error));
	folio(f, 1, "breakdown", 1, 2024, 1, 1);
	folio(f, 2, "breakdown", 2, 2024, 1, 1);
	folio(f, 3, "opening", 0, 0, 1, 1);
	paid(f, 1, 10, 2, 4095, 480000);
	paid(f, 1, 11, 3, 63, 240000);
	paid(f, 2, 12, 2, 4095, 360000);
	opened(f, 3, 10, 2023, 1000000, 12345);
	assert_ok(pen_settlement__plan(&work, &f->session, 2024, &plan, &f->error));
	assert_ok(pen_settlement__collect(&work, &plan, &f->error));
	assert_ok(pen_settlement__write(&work, &f->error));
	batch = work.computed.batch.id;
	pen_settlement__free(&work);
	tamper(f, "DROP TRIGGER movement_stays_u; DROP TRIGGER movement_stays_d");
	return batch;
}

static void look(struct fixture *f, int64_t id, bool roots, struct list *list)
{
	struct pen_walk walk = { .session = &f->session, .visit = keep, .context = list, .size = 1000000 };
	struct pen_folio folios[8];
	struct pen_batch batch;
	struct pen_statement *s;
	size_t n = 0;
	bool found, row;

	list->count = 0;
	assert_ok(pen_batch__find(store_of(f), id, &batch, &found, &f->error));
	assert_ok(pen_db__prepare(pen_store__db(store_of(f)), "SELECT id FROM folio WHERE batch = :batch ORDER BY id", &s, &f->error));
	pen_db__bind_int(s, ":batch", id);
	while (pen_db__step(s, &row, &f->error) == PEN_OK && row)
		folios[n++].id = pen_db__int(s, 0);
	pen_db__finalize(s);
	for (size_t i = 0; i < n; i++)
		assert_ok(pen_folio__find(store_of(f), folios[i].id, &folios[i], &found, &f->error));
	assert_ok(pen_settledwalk__compare(&walk, &batch, folios, n, roots, &f->error));
}

static void a_settlement_comes_out_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	struct list list;

	look(f, settle(f), true, &list);
	assert_int_equal(list.count, 0);
}

static void what_came_in_since_changes_nothing_of_it(void **state)
{
	struct fixture *f = *state;
	int64_t batch = settle(f);
	struct list list;

	folio(f, 50, "breakdown", 1, 2024, 1000, 1000);
	paid(f, 50, 10, 9, 0, 777);
	paid(f, 50, 13, 10, 0, 777);
	look(f, batch, true, &list);
	assert_int_equal(list.count, 0);
}

static void a_fen_more_is_named_by_person_and_line(void **state)
{
	struct fixture *f = *state;
	int64_t batch = settle(f);
	struct list list;

	tamper(f, "UPDATE movement SET personal_interest_fen = personal_interest_fen + 1 WHERE person = 10 AND kind = 'balance'");
	look(f, batch, false, &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.at[0].rule, "settlement.rows");
	assert_string_equal(list.at[0].field, "personal_interest_fen");
	assert_int_equal(list.at[0].line, 4);
	assert_non_null(strstr(list.at[0].record, "movement of person 10"));
}

static void a_row_taken_out_and_a_row_added_are_named(void **state)
{
	struct fixture *f = *state;
	int64_t batch = settle(f);
	struct list list;

	tamper(f, "DELETE FROM movement WHERE person = 11 AND kind = 'credit';"
	    "INSERT INTO movement SELECT folio, 99, 900, year, kind, 1, 0, 0, 0, months, rate, source FROM movement WHERE person = 12 AND kind = 'credit'");
	look(f, batch, false, &list);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.at[0].found, "no such row in the store");
	assert_int_equal(list.at[0].line, 5);
	assert_string_equal(list.at[1].found, "a row in the store");
	assert_int_equal(list.at[1].line, 900);
}

static void a_balance_that_it_rests_on_shows_in_its_rows(void **state)
{
	struct fixture *f = *state;
	int64_t batch = settle(f);
	struct list list;

	tamper(f, "DROP TRIGGER opening_stays_u; UPDATE opening SET personal_principal_fen = 1000100");
	look(f, batch, false, &list);
	assert_int_equal(list.count, 4);	/* two of interest, the balance, the folio's sum */
	assert_string_equal(list.at[3].field, "amount_fen");
}

static void a_folio_that_is_gone_and_another_rate_are_said(void **state)
{
	struct fixture *f = *state;
	int64_t batch = settle(f);
	struct list list;

	tamper(f, "DELETE FROM folio WHERE form = 'settlement' AND employer = 2");
	look(f, batch, true, &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.at[0].found, "no such folio");
	assert_non_null(strstr(list.at[0].record, "employer number 2"));
	tamper(f, "DELETE FROM parameter_table");
	look(f, batch, false, &list);
	assert_int_equal(list.count, 1);
	assert_non_null(strstr(list.at[0].found, "interest rate for 2024"));
}

/* Roots made anew over the rows as they are, as somebody would who has the store. */
static void a_root_that_was_made_to_fit_is_found(void **state)
{
	struct fixture *f = *state;
	int64_t id = settle(f);
	struct pen_roots_sum sum;
	struct pen_folio first;
	struct pen_batch batch;
	struct list list;
	bool found;

	tamper(f, "UPDATE movement SET personal_interest_fen = 0 WHERE person = 12");
	assert_ok(pen_batch__find(store_of(f), id, &batch, &found, &f->error));
	for (int64_t folio = 4; folio <= 5; folio++) {
		assert_ok(pen_folio__find(store_of(f), folio, &first, &found, &f->error));
		assert_ok(pen_rootwalk__one(store_of(f), &batch, &first, true, &sum, NULL, &f->error));
		assert_ok(pen_folio__set_root(store_of(f), folio, sum.root, &f->error));
	}
	look(f, id, true, &list);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.at[0].rule, "settlement.rows");
	assert_string_equal(list.at[2].rule, "replay.root");
	assert_non_null(strstr(list.at[2].record, "folio 5 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_settlement_comes_out_as_it_was_written),
		WITH_STORE(what_came_in_since_changes_nothing_of_it),
		WITH_STORE(a_fen_more_is_named_by_person_and_line),
		WITH_STORE(a_row_taken_out_and_a_row_added_are_named),
		WITH_STORE(a_balance_that_it_rests_on_shows_in_its_rows),
		WITH_STORE(a_folio_that_is_gone_and_another_rate_are_said),
		WITH_STORE(a_root_that_was_made_to_fit_is_found),
	};

	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
