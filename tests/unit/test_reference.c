#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/text.h"
#include "store_fixture.h"
#include "store/keytable.h"
#include "store/reference.h"

#define CODE_A "91330106MA1080192C"
#define CODE_B "91330105MA11593861"
#define ID_A "330108197906172832"
#define ID_B "33010719760320866X"

static struct pen_book *open_book(struct fixture *f, enum pen_kind_id kind)
{
	const struct pen_form form = { .name = "test", .kind = pen_kind__of(kind) };
	struct pen_book *book;

	assert_ok(pen_reference__open(&book, store_of(f), &form, INT64_MAX, &f->error));
	return book;
}

static int64_t employer(struct pen_book *book, const char *code, bool claim)
{
	struct pen_reference *reference = pen_reference__of(book);

	return reference->employer(reference->context, code, claim);
}

static const struct pen_person_facts *person(struct pen_book *book, const char *id, bool claim)
{
	struct pen_reference *reference = pen_reference__of(book);

	return reference->person(reference->context, id, claim);
}

static const char *name(struct pen_book *book, int64_t person)
{
	struct pen_reference *reference = pen_reference__of(book);

	return reference->name(reference->context, person);
}

/* Batch 1 brought employer 1 (code A) and person 1 (id A) in folios 1 and 2, of
 * the state that is given. */
static void fill(struct fixture *f, const char *folio_state)
{
	char sql[2000];

	snprintf(sql, sizeof(sql),
	    "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (1, 1, 'employer', NULL, 0, 1, '%s', 1, 0, 0, 0), (2, 1, 'registration', 1, 0, 1, '%s', 1, 0, 0, 0);"
	    "INSERT INTO employer VALUES (1, 1); INSERT INTO employer_alias VALUES ('credit-code', '" CODE_A "', 1, 1);"
	    "INSERT INTO employer_record (folio, employer, line, credit_code, name, area, insured_on, newly_covered, unit_number) VALUES (1, 1, 2, '" CODE_A "', '甲', '330106', 20080101, 0, NULL);"
	    "INSERT INTO person VALUES (1, 1); INSERT INTO person_alias VALUES ('citizen-id', '" ID_A "', 1, 1);"
	    "INSERT INTO registration VALUES (2, 1, 2, '" ID_A "', '𠮷田明', 1, 19790617, 20090701, 19980701, NULL, 'flexible', 600000, NULL, 0);"
	    "INSERT INTO employment VALUES (1, 1, 20090701, NULL, 2);"
	    "UPDATE folio SET confirmed_at = 1 WHERE state = 'confirmed';", folio_state, folio_state);
	tamper(f, sql);
}

static void an_employer_counts_once_it_was_entered(void **state)
{
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "staged");
	book = open_book(f, PEN_KIND_LEVY);
	assert_int_equal(employer(book, CODE_A, false), 0);
	pen_reference__close(book);
	tamper(f, "UPDATE folio SET state = 'sealed'");
	book = open_book(f, PEN_KIND_LEVY);
	assert_int_equal(employer(book, CODE_A, false), 1);
	assert_int_equal(employer(book, CODE_B, false), 0);
	assert_int_equal(employer(book, "short", false), 0);
	pen_reference__close(book);
}

static void a_claimed_employer_gets_the_next_number_and_is_known_from_then_on(void **state)
{
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "confirmed");
	book = open_book(f, PEN_KIND_EMPLOYER);
	assert_int_equal(employer(book, CODE_B, false), 0);
	assert_int_equal(employer(book, CODE_B, true), 2);
	assert_int_equal(employer(book, CODE_B, false), 2);
	assert_int_equal(employer(book, CODE_B, true), 2);
	assert_int_equal(pen_reference__claimed(book), 1);
	pen_reference__close(book);
}

/* A run that goes on finds what its first transaction entered: the same number,
 * and yet no employer that is there already. */
static void what_is_merely_staged_keeps_its_number_and_is_not_claimed_again(void **state)
{
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "staging");
	book = open_book(f, PEN_KIND_EMPLOYER);
	assert_int_equal(employer(book, CODE_A, false), 0);
	assert_int_equal(employer(book, CODE_A, true), 1);
	assert_int_equal(employer(book, CODE_A, false), 1);
	assert_int_equal(pen_reference__claimed(book), 0);
	pen_reference__close(book);
}

static void a_person_is_registered_by_what_was_confirmed_alone(void **state)
{
	const struct pen_person_facts *facts;
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "staged");
	book = open_book(f, PEN_KIND_CONTRIBUTION);
	facts = person(book, ID_A, false);
	assert_non_null(facts);
	assert_int_equal(facts->person, 1);
	assert_false(facts->registered);
	assert_null(person(book, ID_B, false));
	pen_reference__close(book);

	tamper(f, "UPDATE folio SET state = 'confirmed', confirmed_at = 1");
	book = open_book(f, PEN_KIND_CONTRIBUTION);
	facts = person(book, ID_A, false);
	assert_true(facts->registered);
	assert_string_equal(name(book, 1), "𠮷田明");
	assert_true(facts->name_mark == pen_text__mark("𠮷田明", strlen("𠮷田明")));
	assert_string_equal(facts->payer, "flexible");
	assert_int_equal(facts->born, 19790617);
	assert_int_equal(facts->insured_on, 20090701);
	assert_int_equal(facts->sex, 1);
	pen_reference__close(book);
}

static void the_newest_folio_has_the_last_word_on_a_person(void **state)
{
	const struct pen_person_facts *facts;
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "confirmed");
	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (3, 2, 'registration', 1, 0, 2, 'confirmed', 1, 0, 0, 0, 5), (4, 3, 'registration', 1, 0, 3, 'staged', 1, 0, 0, 0, NULL);"
	    "INSERT INTO registration SELECT 3, person, line, id_number, '新名', sex, born, insured_on, worked_on, status, 'employee', base_fen, basis, deemed_months FROM registration WHERE folio = 2;"
	    "INSERT INTO employment VALUES (1, 1, 20090701, NULL, 3), (1, 1, 20090701, NULL, 4);"
	    "INSERT INTO registration SELECT 4, person, line, id_number, '未定', sex, born, insured_on, worked_on, status, payer, base_fen, basis, deemed_months FROM registration WHERE folio = 2");
	book = open_book(f, PEN_KIND_OPENING);
	facts = person(book, ID_A, false);
	assert_string_equal(name(book, 1), "新名");
	assert_true(facts->name_mark == pen_text__mark("新名", strlen("新名")));
	assert_string_equal(facts->payer, "employee");
	pen_reference__close(book);
	/* As it was before that folio was confirmed. */
	assert_ok(pen_reference__open(&book, store_of(f), &(struct pen_form){ .kind = pen_kind__of(PEN_KIND_OPENING) }, 4, &f->error));
	facts = person(book, ID_A, false);
	assert_true(facts->registered);
	assert_string_equal(facts->payer, "flexible");
	pen_reference__close(book);
}

static void a_form_without_people_reads_none(void **state)
{
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "confirmed");
	book = open_book(f, PEN_KIND_LEVY);
	assert_null(person(book, ID_A, false));
	pen_reference__close(book);
}

static void claims_are_entered_in_the_order_in_which_they_were_made(void **state)
{
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "confirmed");
	book = open_book(f, PEN_KIND_REGISTRATION);
	assert_int_equal(person(book, "330106198311177513", true)->person, 2);
	assert_int_equal(person(book, ID_A, true)->person, 1);
	assert_int_equal(person(book, ID_B, true)->person, 3);
	assert_int_equal(pen_reference__claimed(book), 2);
	assert_ok(pen_reference__enter(book, 7, &f->error));
	pen_reference__close(book);
	assert_int_equal(ask(f, "SELECT person FROM person_alias WHERE value = '330106198311177513' AND batch = 7"), 2);
	assert_int_equal(ask(f, "SELECT person FROM person_alias WHERE value = '" ID_B "'"), 3);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM person"), 3);
	book = open_book(f, PEN_KIND_REGISTRATION);
	assert_int_equal(person(book, ID_B, true)->person, 3);
	assert_int_equal(pen_reference__claimed(book), 0);
	pen_reference__close(book);
}

static void a_registration_that_is_there_is_known_by_its_day(void **state)
{
	struct pen_reference *reference;
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "confirmed");
	book = open_book(f, PEN_KIND_REGISTRATION);
	reference = pen_reference__of(book);
	assert_true(reference->registered(reference->context, 1, 1, 20090701));
	assert_false(reference->registered(reference->context, 1, 1, 20090702));
	assert_false(reference->registered(reference->context, 1, 2, 20090701));
	assert_false(reference->registered(reference->context, 2, 1, 20090701));
	assert_ok(pen_reference__failure(book, &f->error));
	pen_reference__close(book);
}

static bool levy_known(struct pen_book *book, const char *voucher, int64_t year, int64_t fen, const char *insurance)
{
	struct pen_reference *reference = pen_reference__of(book);
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_LEVY) };

	row.v[PEN_LEVY_VOUCHER] = pen_value__string(voucher, strlen(voucher));
	row.v[PEN_LEVY_YEAR] = pen_value__integer(year);
	row.v[PEN_LEVY_AMOUNT] = pen_value__integer(fen);
	row.v[PEN_LEVY_INSURANCE] = pen_value__string(insurance, strlen(insurance));
	return reference->levy_known(reference->context, 1, &row);
}

static void a_levy_is_known_by_voucher_employer_year_insurance_and_amount(void **state)
{
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "confirmed");
	tamper(f, "INSERT INTO folio (id, batch, form, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (3, 2, 'levy', 0, 1, 'confirmed', 1, 0, 0, 0), (4, 3, 'levy', 0, 2, 'staged', 1, 0, 0, 0);"
	    "INSERT INTO levy VALUES (3, 1, 2, 'V1', 2024, 20240601, 500, 'payment-book', 'pension', 0, 0),"
	    " (4, 1, 2, 'V2', 2024, 20240601, 500, 'payment-book', 'pension', 0, 0)");
	book = open_book(f, PEN_KIND_LEVY);
	assert_true(levy_known(book, "V1", 2024, 500, "pension"));
	assert_false(levy_known(book, "V1", 2023, 500, "pension"));
	assert_false(levy_known(book, "V1", 2024, 501, "pension"));
	assert_false(levy_known(book, "V1", 2024, 500, "medical"));
	assert_false(levy_known(book, "V2", 2024, 500, "pension"));	/* staged by another batch */
	pen_reference__close(book);
}

/* ---- the table of keys ---- */

static void an_employers_area_is_its_newest_records(void **state)
{
	struct fixture *f = *state;
	struct pen_reference *reference;
	struct pen_book *book;

	fill(f, "staged");
	book = open_book(f, PEN_KIND_LEVY);
	reference = pen_reference__of(book);
	assert_null(reference->area(reference->context, 1));
	pen_reference__close(book);
	tamper(f, "UPDATE folio SET state = 'confirmed';"
	    "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (3, 2, 'employer', NULL, 0, 2, 'sealed', 1, 0, 0, 0);"
	    "INSERT INTO employer_record (folio, employer, line, credit_code, name, area, insured_on, newly_covered, unit_number) VALUES (3, 1, 2, '" CODE_A "', '甲', '330102', 20080101, 0, NULL);");
	book = open_book(f, PEN_KIND_LEVY);
	reference = pen_reference__of(book);
	assert_string_equal(reference->area(reference->context, 1), "330102");
	assert_null(reference->area(reference->context, 2));
	assert_null(reference->area(reference->context, 0));
	pen_reference__close(book);
	tamper(f, "INSERT INTO employer_record (folio, employer, line, credit_code, name, area, insured_on, newly_covered, unit_number) VALUES (3, 2, 3, '" CODE_B "', '乙', '3301', 20080101, 0, NULL);"
	    "INSERT INTO employer VALUES (2, 2);");
	book = open_book(f, PEN_KIND_LEVY);
	reference = pen_reference__of(book);
	assert_null(reference->area(reference->context, 2));	/* no code: nobody's county */
	pen_reference__close(book);
}

/* What stands of person 1's account. */
static struct pen_account_facts account(struct fixture *f)
{
	struct pen_book *book = open_book(f, PEN_KIND_OPENING);
	struct pen_reference *reference = pen_reference__of(book);
	struct pen_account_facts facts;

	reference->account(reference->context, 1, &facts);
	assert_ok(pen_reference__failure(book, &f->error));
	pen_reference__close(book);
	return facts;
}

static void an_account_stands_by_what_was_confirmed_and_not_replaced(void **state)
{
	struct fixture *f = *state;
	struct pen_account_facts facts;

	fill(f, "sealed");
	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (3, 2, 'opening', NULL, 0, 1, 'staged', 1, 0, 0, 0), (4, 3, 'settlement', NULL, 2023, 1, 'sealed', 1, 0, 0, 0),"
	    " (5, 4, 'settlement', NULL, 2024, 1, 'replaced', 1, 0, 0, 0);"
	    "INSERT INTO account_year VALUES (1, 2022, 3), (1, 2023, 4), (1, 2024, 5), (2, 2025, 4);");
	facts = account(f);
	assert_int_equal(facts.opening, 0);
	assert_int_equal(facts.settlement, 4);
	assert_int_equal(facts.settled, 2023);
	tamper(f, "UPDATE folio SET state = 'confirmed' WHERE id = 3; UPDATE folio SET state = 'discarded' WHERE id = 4;");
	facts = account(f);
	assert_int_equal(facts.opening, 3);
	assert_int_equal(facts.settlement, 0);
	tamper(f, "UPDATE folio SET state = 'rejected' WHERE id = 3");
	facts = account(f);
	assert_int_equal(facts.opening, 0);
}

static void a_hundred_thousand_keys_are_found_and_no_other(void **state)
{
	struct pen_keytable *table = pen_keytable__new();
	char key[32], back[19];
	int64_t i;

	(void)state;
	assert_non_null(table);
	for (i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "33010619%09lldX", (long long)i);
		assert_int_equal(pen_keytable__find(table, key), -1);
		assert_true(pen_keytable__add(table, key, i + 7));
	}
	assert_int_equal(pen_keytable__count(table), 100000);
	for (i = 0; i < 100000; i += 99) {
		snprintf(key, sizeof(key), "33010619%09lldX", (long long)i);
		assert_int_equal(pen_keytable__find(table, key), i);
		assert_int_equal(pen_keytable__number(table, (size_t)i), i + 7);
		assert_string_equal(pen_keytable__key(table, (size_t)i, back), key);
	}
	assert_int_equal(pen_keytable__find(table, "330106191000000000"), -1);
	pen_keytable__free(table);
}

static void a_key_is_18_digits_and_capital_letters(void **state)
{
	(void)state;
	assert_true(pen_keytable__is_key("000000000000000000"));
	assert_true(pen_keytable__is_key(CODE_A));
	assert_false(pen_keytable__is_key(""));
	assert_false(pen_keytable__is_key("33010619830101001"));
	assert_false(pen_keytable__is_key("3301061983010100123"));
	assert_false(pen_keytable__is_key("33010619830101001x"));
}

static void within_a_transaction_what_it_wrote_itself_is_known(void **state)
{
	struct fixture *f = *state;
	struct pen_book *book;

	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	fill(f, "confirmed");
	/* Dates and numbers that cannot be say nothing of anybody. */
	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen, confirmed_at)"
	    " VALUES (3, 1, 'registration', 1, 0, 1, 'confirmed', 1, 0, 0, 0, 1)");
	tamper(f, "INSERT INTO registration VALUES (3, -5, 2, '" ID_B "', '甲', 1, 19790617, 20090701, 19980701, NULL, 'employee', 600000, NULL, 0)");
	tamper(f, "INSERT INTO registration VALUES (3, 1, 3, '" ID_A "', '𠮷田明', 1, 19790617, 20090799, 19980701, NULL, 'flexible', 600000, NULL, 0)");
	book = open_book(f, PEN_KIND_CONTRIBUTION);
	assert_int_equal(person(book, ID_A, false)->person, 1);
	assert_int_equal(person(book, ID_A, false)->insured_on, 0);
	pen_reference__close(book);
	pen_db__rollback(pen_store__db(store_of(f)));
}

static void a_thousand_employers_and_more_are_known(void **state)
{
#define MORE "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) INSERT INTO "
	struct fixture *f = *state;
	struct pen_book *book;

	fill(f, "sealed");
	tamper(f, "INSERT INTO folio (id, batch, form, employer, period, number, state, rows, unit_fen, personal_fen, amount_fen)"
	    " VALUES (9, 1, 'employer', NULL, 0, 2, 'sealed', 1199, 0, 0, 0);"
	    MORE "employer SELECT i, 9 FROM n;"
	    MORE "employer_alias SELECT 'credit-code', printf('9133010600%08d', i), i, 9 FROM n;"
	    MORE "employer_record (folio, employer, line, credit_code, name, area, insured_on, newly_covered, unit_number)"
	    " SELECT 9, i, i, printf('9133010600%08d', i), '乙', '330106', 20080101, 0, NULL FROM n");
	book = open_book(f, PEN_KIND_LEVY);
	assert_int_equal(employer(book, "913301060000001200", false), 1200);
	assert_int_equal(employer(book, CODE_A, false), 1);
	pen_reference__close(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(an_employer_counts_once_it_was_entered),
		WITH_STORE(a_claimed_employer_gets_the_next_number_and_is_known_from_then_on),
		WITH_STORE(what_is_merely_staged_keeps_its_number_and_is_not_claimed_again),
		WITH_STORE(a_person_is_registered_by_what_was_confirmed_alone),
		WITH_STORE(the_newest_folio_has_the_last_word_on_a_person),
		WITH_STORE(a_form_without_people_reads_none),
		WITH_STORE(claims_are_entered_in_the_order_in_which_they_were_made),
		WITH_STORE(a_registration_that_is_there_is_known_by_its_day),
		WITH_STORE(a_levy_is_known_by_voucher_employer_year_insurance_and_amount),
		WITH_STORE(an_employers_area_is_its_newest_records),
		WITH_STORE(an_account_stands_by_what_was_confirmed_and_not_replaced),
		cmocka_unit_test(a_hundred_thousand_keys_are_found_and_no_other),
		cmocka_unit_test(a_key_is_18_digits_and_capital_letters),
		WITH_STORE(within_a_transaction_what_it_wrote_itself_is_known),
		WITH_STORE(a_thousand_employers_and_more_are_known),
	};

	return cmocka_run_group_tests_name("store/reference", tests, NULL, NULL);
}
