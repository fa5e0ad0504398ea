#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/toldwalk.h"

/* What is found after this was done behind the tools' back. */
static void run_of(struct year *y, const int64_t *of, const char *sql)
{
	struct fixture *f = y->f;

	if (sql)
		break_in(y, sql);
	y->count = 0;
	assert_ok(pen_toldwalk__run(&y->walk, of, of ? 1 : 0, &f->error));
}

static void run(struct year *y, const char *sql)
{
	run_of(y, NULL, sql);
}

static void assert_found(struct year *y, size_t i, const char *record, const char *found)
{
	assert_true(i < y->count);
	assert_string_equal(y->at[i].rule, "person.told");
	assert_string_equal(y->at[i].record, record);
	assert_string_equal(y->at[i].found, found);
}

static void people_who_were_registered_are_found_by_their_ids(void **state)
{
	struct year *y = *state;

	run(y, NULL);
	assert_clean(y);
}

static void an_id_that_leads_to_nobody_and_one_that_nobody_told_of_are_both_found(void **state)
{
	struct year *y = *state;
	char id[19], record[80];

	citizen_id(2, id);
	run(y, "UPDATE person_alias SET value = '330106198001010010' WHERE person = 3");
	assert_int_equal(y->count, 2);
	assert_found(y, 0, "person number 3 as 330106198001010010", "found by it");
	snprintf(record, sizeof(record), "person number 3 as %s", id);
	assert_found(y, 1, record, "not found by it");
}

static void two_ids_that_were_exchanged_are_found(void **state)
{
	struct year *y = *state;

	run(y, "CREATE TABLE x AS SELECT * FROM person_alias WHERE person IN (3, 4); DELETE FROM person_alias WHERE person IN (3, 4);"
	    "INSERT INTO person_alias SELECT kind, value, 7 - person, batch FROM x");
	assert_int_equal(y->count, 4);
}

/* Bytes behind a zero byte, and more than an id has, are no id. */
static void an_id_with_something_behind_it_is_another(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE person_alias SET value = value || char(0) || 'x' WHERE person = 3");
	assert_int_equal(y->count, 2);
	run(y, "UPDATE person_alias SET value = value || printf('%.300c', 'y') WHERE person = 4");
	assert_int_equal(y->count, 4);
}

static void one_number_has_one_batch(void **state)
{
	struct year *y = *state;

	run(y, "UPDATE person SET batch = batch + 4294967296 WHERE id = 3");
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].record, "person number 3");
	assert_string_equal(y->at[0].field, "batch");
	run(y, "UPDATE person_alias SET batch = 7 WHERE person = 5");
	assert_int_equal(y->count, 3);
	assert_string_equal(y->at[1].found, "brought by batch 7");
	assert_string_equal(y->at[1].expected, "brought by batch 2");
}

static void a_number_without_an_id_and_an_id_without_a_number_are_found(void **state)
{
	struct year *y = *state;

	run(y, "DELETE FROM person WHERE id = 3; INSERT INTO person VALUES (900, 2), (9000000000000, 2), (-5, 2)");
	assert_int_equal(y->count, 4);
	assert_found(y, 0, "person number -5", "a number without an identifier");
	assert_found(y, 1, "person number 9000000000000", "a number without an identifier");
	assert_found(y, 2, "person number 3", "no such number");
	assert_found(y, 3, "person number 900", "a number without an identifier");
}

static void what_an_interrupted_batch_has_entered_is_told_later(void **state)
{
	struct year *y = *state;

	run(y, "INSERT INTO batch (id, agency, form, state, file_name, file_digest, file_bytes, encoding, form_digest, rules_digest,"
	    " parameters_digest, reference_at, planned_by) SELECT 50, agency, form, 'staging', 'x', 'x', 1, encoding, form_digest,"
	    " rules_digest, parameters_digest, reference_at, planned_by FROM batch WHERE id = 2;"
	    "INSERT INTO person VALUES (900, 50); INSERT INTO person_alias VALUES ('citizen-id', '330106198001010010', 900, 50)");
	assert_clean(y);
	run(y, "UPDATE batch SET state = 'staged' WHERE id = 50");
	assert_int_equal(y->count, 1);
	assert_found(y, 0, "person number 900 as 330106198001010010", "found by it");
}

static void an_id_told_of_by_several_forms_is_the_first_ones(void **state)
{
	struct year *y = *state;

	run(y, "INSERT INTO registration SELECT (SELECT MAX(id) FROM folio), person, line, id_number, name, sex, born, insured_on, worked_on,"
	    " status, payer, base_fen, basis, deemed_months FROM registration WHERE person = 3");
	assert_clean(y);
	run(y, "UPDATE registration SET id_number = '330106198001010010' WHERE person = 3");
	assert_int_equal(y->count, 2);
}

static void an_id_that_two_people_have_is_told_once(void **state)
{
	struct year *y = *state;
	char id[19], record[80];

	y->walk.rule = "person.repeated";
	citizen_id(2, id);
	run(y, "INSERT INTO person_alias SELECT kind, value, 300, 9 FROM person_alias WHERE person = 3;"
	    "INSERT INTO person_alias SELECT kind, value, 301, 8 FROM person_alias WHERE person = 3");
	assert_int_equal(y->count, 1);
	snprintf(record, sizeof(record), "citizen id %s", id);
	assert_string_equal(y->at[0].record, record);
	assert_string_equal(y->at[0].found, "3 people, number 3 to 301");
	assert_int_equal(y->at[0].batch, 9);
	run_of(y, &(const int64_t){ 9 }, NULL);
	assert_int_equal(y->count, 1);
	run_of(y, &(const int64_t){ 8 }, NULL);
	assert_int_equal(y->count, 0);
}

/* Person 11 as 10 but for the end of the id, 13 with the id of 12 in its old form; 14 with
 * another name, 15 with another birth date, 16 of the other sex. */
static void people_of_one_name_and_birth_date_are_told_by_the_higher_id(void **state)
{
	struct year *y = *state;

	y->walk.rule = "person.alike";
	run(y, "UPDATE registration SET name = '李四', sex = 1 WHERE person BETWEEN 10 AND 16;"
	    "UPDATE registration SET id_number = '33010619850102' || (1000 + person) WHERE person BETWEEN 10 AND 16;"
	    "UPDATE registration SET id_number = '330106197001021012', name = '丁' WHERE person = 12;"
	    "UPDATE registration SET id_number = '330106700102101', name = '丁' WHERE person = 13;"
	    "UPDATE registration SET name = '李五' WHERE person = 14;"
	    "UPDATE registration SET id_number = '330106198501031015' WHERE person = 15;"
	    "UPDATE registration SET sex = 2 WHERE person = 16");
	assert_int_equal(y->count, 2);
	assert_string_equal(y->at[0].record, "person 330106198501021011 李四");
	assert_string_equal(y->at[0].found, "also as 330106198501021010");
	assert_string_equal(y->at[1].record, "person 330106700102101 丁");
	assert_string_equal(y->at[1].found, "also as 330106197001021012");
}

static void one_person_registered_twice_is_not_alike(void **state)
{
	struct year *y = *state;

	y->walk.rule = "person.alike";
	run(y, "INSERT INTO registration SELECT (SELECT folio FROM registration WHERE person = 302), person, 999, id_number, name, sex, born,"
	    " insured_on, worked_on, status, payer, base_fen, basis, deemed_months FROM registration WHERE person = 9");
	assert_clean(y);
}

static void ids_of_several_slices_are_all_looked_at(void **state)
{
	struct year *y = *state;

	run(y, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO person_alias"
	    " SELECT 'citizen-id', printf('44%016d', i), 3, 1 FROM n");
	assert_int_equal(y->count, FINDINGS);
	assert_found(y, 0, "person number 3 as 440000000000000001", "found by it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(people_who_were_registered_are_found_by_their_ids),
		WITH_YEAR(an_id_that_leads_to_nobody_and_one_that_nobody_told_of_are_both_found),
		WITH_YEAR(two_ids_that_were_exchanged_are_found),
		WITH_YEAR(an_id_with_something_behind_it_is_another),
		WITH_YEAR(one_number_has_one_batch),
		WITH_YEAR(a_number_without_an_id_and_an_id_without_a_number_are_found),
		WITH_YEAR(what_an_interrupted_batch_has_entered_is_told_later),
		WITH_YEAR(an_id_told_of_by_several_forms_is_the_first_ones),
		WITH_YEAR(an_id_that_two_people_have_is_told_once),
		WITH_YEAR(people_of_one_name_and_birth_date_are_told_by_the_higher_id),
		WITH_YEAR(one_person_registered_twice_is_not_alike),
		WITH_YEAR(ids_of_several_slices_are_all_looked_at),
	};

	return cmocka_run_group_tests_name("store/toldwalk", tests, NULL, NULL);
}
