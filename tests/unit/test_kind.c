#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "model/kind.h"

/* The witness is the schema's own text: the columns of a kind are those of its
 * table, in order, but for the folio. */
static const char *expect_column(const char *line, const struct pen_kind *kind, int column)
{
	const char *name = column < 0 ? "folio" : kind->columns[column].name;
	const char *type, *next = strchr(line, '\n');
	size_t n = strlen(name);

	line += strspn(line, " ");
	assert_memory_equal(line, name, n);
	assert_int_equal(line[n], ' ');
	type = line + n + strspn(line + n, " ");
	if (column >= 0 && kind->columns[column].type == PEN_COLUMN_TEXT)
		assert_memory_equal(type, "TEXT", 4);
	else
		assert_memory_equal(type, "INTEGER", 7);
	assert_non_null(next);
	return next + 1;
}

/* A column that a later migration added stands after those of the table. */
static void expect_added(char *const *files, const struct pen_kind *kind, int column)
{
	char added[128];
	bool there = false;

	snprintf(added, sizeof(added), "ALTER TABLE %s ADD COLUMN %s %s;", kind->table, kind->columns[column].name,
	    kind->columns[column].type == PEN_COLUMN_TEXT ? "TEXT" : "INTEGER");
	for (; !there && *files; files++)
		there = strstr(*files, added) != NULL;
	assert_true(there);
}

/* The kind in one schema file; false if its table is of another. `all`: the files, and NULL. */
static bool expect_table(const char *sql, char *const *all, const struct pen_kind *kind)
{
	const char *line;
	char start[64];
	int i;

	snprintf(start, sizeof(start), "CREATE TABLE %s (\n", kind->table);
	line = strstr(sql, start);
	if (!line)
		return false;
	line += strlen(start);
	for (i = -1; i < kind->count && strncmp(line, "  PRIMARY KEY", 13) != 0; i++)
		line = expect_column(line, kind, i);
	assert_memory_equal(line, "  PRIMARY KEY (folio, ", 22);
	assert_int_equal(strncmp(line + 22, kind->columns[PEN_SUBJECT].name,
	    strlen(kind->columns[PEN_SUBJECT].name)), 0);
	for (; i < kind->count; i++)
		expect_added(all, kind, i);
	return true;
}

static void the_columns_of_a_kind_are_those_of_its_table(void **state)
{
	static const char *const files[] = {
		"0001-ground-floor.sql", "0003-forms.sql", "0008-payments.sql",
		"0009-adjustments.sql", "0011-assessments.sql", "0012-drawn.sql", "0013-openings.sql",
	};
	enum { FILES = sizeof(files) / sizeof(files[0]) };
	struct pen_error error = { 0 };
	char *sql[FILES + 1] = { NULL }, path[256];
	size_t n, i;
	bool there;
	int id;

	(void)state;
	for (i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/share/schema/%s", PEN_SOURCE, files[i]);
		assert_int_equal(pen_file__load(path, 1 << 20, &sql[i], &n, &error), PEN_OK);
	}
	for (id = 0; id < PEN_KINDS; id++) {
		for (there = false, i = 0; !there && i < FILES; i++)
			there = expect_table(sql[i], sql, pen_kind__of((enum pen_kind_id)id));
		assert_true(there);
	}
	for (i = 0; i < FILES; i++)
		pen_memory__free(sql[i]);
}

static void a_kind_is_found_by_its_name(void **state)
{
	int id;

	(void)state;
	for (id = 0; id < PEN_KINDS; id++) {
		const struct pen_kind *kind = pen_kind__of((enum pen_kind_id)id);

		assert_int_equal(kind->id, id);
		assert_ptr_equal(pen_kind__named(kind->name), kind);
		assert_true(kind->count <= PEN_COLUMNS_MOST);
		assert_int_equal(kind->of_people, strcmp(kind->columns[PEN_SUBJECT].name, "person") == 0);
		assert_string_equal(kind->columns[PEN_LINE].name, "line");
	}
	assert_null(pen_kind__named("pension"));
	assert_null(pen_kind__named(""));
}

static void expect_name(enum pen_kind_id id, int column, const char *name)
{
	assert_string_equal(pen_kind__of(id)->columns[column].name, name);
}

static void the_named_columns_lie_where_their_names_say(void **state)
{
	(void)state;
	expect_name(PEN_KIND_EMPLOYER, PEN_EMPLOYER_CREDIT_CODE, "credit_code");
	expect_name(PEN_KIND_EMPLOYER, PEN_EMPLOYER_UNIT_NUMBER, "unit_number");
	expect_name(PEN_KIND_REGISTRATION, PEN_REGISTRATION_ID_NUMBER, "id_number");
	expect_name(PEN_KIND_REGISTRATION, PEN_REGISTRATION_DEEMED_MONTHS, "deemed_months");
	expect_name(PEN_KIND_CONTRIBUTION, PEN_CONTRIBUTION_MONTHS_ASSUMED, "months_assumed");
	expect_name(PEN_KIND_CONTRIBUTION, PEN_CONTRIBUTION_VOUCHER, "voucher");
	expect_name(PEN_KIND_LEVY, PEN_LEVY_AMOUNT, "amount_fen");
	expect_name(PEN_KIND_LEVY, PEN_LEVY_REFUND, "refund");
	expect_name(PEN_KIND_OPENING, PEN_OPENING_UNIT_INTEREST, "unit_interest_fen");
	expect_name(PEN_KIND_MOVEMENT, PEN_MOVEMENT_SOURCE, "source");
	expect_name(PEN_KIND_EMPLOYER, PEN_EMPLOYER_PSEUDO_UNIT, "pseudo_unit");
	expect_name(PEN_KIND_RETIREMENT, PEN_RETIREMENT_BORN, "born");
	expect_name(PEN_KIND_RETIREMENT, PEN_RETIREMENT_PENSION, "pension_fen");
	expect_name(PEN_KIND_CHANGE, PEN_CHANGE_BASE, "base_fen");
	expect_name(PEN_KIND_SUCCESSION, PEN_SUCCESSION_SINCE, "since");
}

static void a_folios_sums_are_of_the_contributions_shares(void **state)
{
	const struct pen_kind *kind = pen_kind__of(PEN_KIND_CONTRIBUTION);

	(void)state;
	assert_string_equal(kind->columns[kind->unit].name, "unit_fen");
	assert_string_equal(kind->columns[kind->personal].name, "personal_fen");
	assert_int_equal(pen_kind__of(PEN_KIND_LEVY)->unit, -1);
	assert_int_equal(pen_kind__of(PEN_KIND_REGISTRATION)->personal, -1);
}

static void expect_shown(enum pen_kind_id id, int column, struct pen_value value, const char *text)
{
	char out[64];

	assert_string_equal(pen_kind__show(pen_kind__of(id), column, &value, out, sizeof(out)), text);
}

static void a_value_is_shown_as_a_person_reads_it(void **state)
{
	(void)state;
	expect_shown(PEN_KIND_CONTRIBUTION, PEN_CONTRIBUTION_BASE, pen_value__integer(650000), "6500.00");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_AMOUNT, pen_value__integer(-5), "-0.05");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_PAID_ON, pen_value__integer(20240115), "2024-01-15");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_YEAR, pen_value__integer(2024), "2024");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_REFUND, pen_value__integer(1), "yes");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_REFUND, pen_value__integer(0), "no");
	expect_shown(PEN_KIND_CONTRIBUTION, PEN_CONTRIBUTION_MONTHS, pen_value__integer(0x13f), "1-6,9");
	expect_shown(PEN_KIND_EMPLOYER, PEN_EMPLOYER_NAME, pen_value__string("某厂", 6), "某厂");
	expect_shown(PEN_KIND_EMPLOYER, PEN_EMPLOYER_UNIT_NUMBER, pen_value__null(), "");
	expect_shown(PEN_KIND_EMPLOYER, PEN_EMPLOYER_NAME, (struct pen_value){ .type = PEN_BYTES, .s = "\0x", .n = 2 }, "2 bytes");
}

static void a_rate_is_shown_in_percent(void **state)
{
	(void)state;
	expect_shown(PEN_KIND_MOVEMENT, PEN_MOVEMENT_RATE, pen_value__integer(26200), "2.62%");
	expect_shown(PEN_KIND_MOVEMENT, PEN_MOVEMENT_RATE, pen_value__integer(80000), "8.00%");
	expect_shown(PEN_KIND_MOVEMENT, PEN_MOVEMENT_RATE, pen_value__integer(12345), "1.2345%");
	expect_shown(PEN_KIND_MOVEMENT, PEN_MOVEMENT_RATE, pen_value__integer(1250), "0.125%");
	expect_shown(PEN_KIND_MOVEMENT, PEN_MOVEMENT_RATE, pen_value__integer(-100), "-0.01%");
	expect_shown(PEN_KIND_MOVEMENT, PEN_MOVEMENT_RATE, pen_value__integer(INT64_MIN), "-922337203685477.5808%");
}

static void a_value_that_somebody_has_tampered_with_is_shown_as_it_stands(void **state)
{
	(void)state;
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_PAID_ON, pen_value__integer(-1), "-1");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_PAID_ON, pen_value__integer(20240231), "20240231");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_PAID_ON, pen_value__integer(INT64_MAX), "9223372036854775807");
	expect_shown(PEN_KIND_LEVY, PEN_LEVY_REFUND, pen_value__integer(7), "7");
	expect_shown(PEN_KIND_CONTRIBUTION, PEN_CONTRIBUTION_MONTHS, pen_value__integer(0x1000), "4096");
	expect_shown(PEN_KIND_CONTRIBUTION, PEN_CONTRIBUTION_BASE, pen_value__string("x", 1), "x");
}

static void a_text_is_cut_in_whole_characters(void **state)
{
	const struct pen_value value = pen_value__string("某某某", 9);
	char out[8];

	(void)state;
	pen_kind__show(pen_kind__of(PEN_KIND_EMPLOYER), PEN_EMPLOYER_NAME, &value, out, sizeof(out));
	assert_string_equal(out, "某某");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_columns_of_a_kind_are_those_of_its_table),
		cmocka_unit_test(a_kind_is_found_by_its_name),
		cmocka_unit_test(the_named_columns_lie_where_their_names_say),
		cmocka_unit_test(a_folios_sums_are_of_the_contributions_shares),
		cmocka_unit_test(a_value_is_shown_as_a_person_reads_it),
		cmocka_unit_test(a_rate_is_shown_in_percent),
		cmocka_unit_test(a_value_that_somebody_has_tampered_with_is_shown_as_it_stands),
		cmocka_unit_test(a_text_is_cut_in_whole_characters),
	};

	return cmocka_run_group_tests_name("model/kind", tests, NULL, NULL);
}
