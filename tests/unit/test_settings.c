#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#include "store/settings.h"

/* The program's files, copied once, so that a test may change them. */
static char share[64];

static void path_of(char out[PATH_MAX], const char *name)
{
	snprintf(out, PATH_MAX, "%s/%s", share, name);
}

static void write_share(const char *name, const char *text)
{
	char path[PATH_MAX];
	struct pen_error error;

	path_of(path, name);
	assert_int_equal(pen_file__save(path, text, strlen(text), 0644, &error), PEN_OK);
}

static int copy_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *name = path + strlen(PEN_SOURCE "/share/");
	char target[PATH_MAX], *bytes;
	struct pen_error error;
	size_t n;

	(void)st;
	if (ftw->level == 0)
		return 0;
	path_of(target, name);
	if (type == FTW_D)
		return mkdir(target, 0755);
	if (strncmp(name, "forms/", 6) != 0 && strncmp(name, "rules/", 6) != 0 && strncmp(name, "params/", 7) != 0)
		return 0;
	assert_int_equal(pen_file__load(path, 1 << 24, &bytes, &n, &error), PEN_OK);
	assert_int_equal(pen_file__save(target, bytes, n, 0644, &error), PEN_OK);
	pen_memory__free(bytes);
	return 0;
}

static int copy_share(void **state)
{
	(void)state;
	snprintf(share, sizeof(share), "%s/pen-share-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(share));
	setenv("PEN_SHARE", share, 1);	/* before anybody asks for it */
	return nftw(PEN_SOURCE "/share", copy_one, 16, FTW_PHYS);
}

static int remove_share(void **state)
{
	(void)state;
	remove_tree(share);
	return 0;
}

static void begin(struct fixture *f)
{
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
}

static void commit(struct fixture *f)
{
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
}

static void keep(struct fixture *f, const char *form, int64_t at)
{
	char rules[PEN_DIGEST_HEX];

	assert_ok(pen_settings__rules(store_of(f), rules, &f->error));
	begin(f);
	assert_ok(pen_settings__keep(store_of(f), form, rules, at, &f->error));
	commit(f);
}

/* ---- forms ---- */

static void a_form_is_read_with_the_digest_of_its_file(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX], expected[PEN_DIGEST_HEX], path[PATH_MAX], *bytes;
	struct pen_form *form;
	size_t n;

	assert_ok(pen_settings__form(store_of(f), "breakdown", &form, digest, &f->error));
	assert_string_equal(form->name, "breakdown");
	pen_form__free(form);
	path_of(path, "forms/breakdown.json");
	assert_ok(pen_file__load(path, 1 << 20, &bytes, &n, &f->error));
	assert_ok(pen_store__digest(store_of(f), bytes, n, expected, &f->error));
	assert_string_equal(digest, expected);
	pen_memory__free(bytes);
	assert_ok(pen_settings__form(NULL, "levy", &form, NULL, &f->error));
	pen_form__free(form);
}

static void an_unknown_form_is_wrong_usage_and_the_known_ones_are_named(void **state)
{
	static const char *const names[] = { "", "nothing", "Breakdown", "../forms/levy", "levy.json", "/etc/passwd" };
	struct fixture *f = *state;
	struct pen_form *form;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_fails(pen_settings__form(NULL, names[i], &form, NULL, &f->error), PEN_USAGE, "form.unknown");
		assert_non_null(strstr(f->error.text, "breakdown, close-out, employer, levy"));
	}
}

static void the_forms_names_are_sorted(void **state)
{
	struct fixture *f = *state;
	char names[32][64];
	size_t count, i;

	assert_ok(pen_settings__form_names(names, 32, &count, &f->error));
	assert_true(count >= 5);
	for (i = 1; i < count; i++)
		assert_true(strcmp(names[i - 1], names[i]) < 0);
	assert_ok(pen_settings__form_names(names, 2, &count, &f->error));
	assert_int_equal(count, 2);
}

static void a_form_is_kept_as_it_was_when_its_file_changes(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX], after[PEN_DIGEST_HEX], path[PATH_MAX], *bytes;
	struct pen_form *form;
	size_t n;

	assert_ok(pen_settings__form(store_of(f), "employer", &form, digest, &f->error));
	pen_form__free(form);
	assert_fails(pen_settings__kept_form(store_of(f), digest, &form, &f->error), PEN_INTEGRITY, "blob.damaged");
	keep(f, "employer", 0);
	path_of(path, "forms/employer.json");
	assert_ok(pen_file__load(path, 1 << 20, &bytes, &n, &f->error));
	write_share("forms/employer.json", "{}");
	assert_int_equal(pen_settings__form(store_of(f), "employer", &form, after, &f->error), PEN_INPUT);
	assert_ok(pen_settings__kept_form(store_of(f), digest, &form, &f->error));
	assert_string_equal(form->name, "employer");
	pen_form__free(form);
	write_share("forms/employer.json", bytes);
	pen_memory__free(bytes);
}

/* ---- rules ---- */

static void the_rule_sets_digest_changes_with_any_rule_file(void **state)
{
	char before[PEN_DIGEST_HEX], again[PEN_DIGEST_HEX], after[PEN_DIGEST_HEX], path[PATH_MAX];
	struct fixture *f = *state;

	assert_ok(pen_settings__rules(store_of(f), before, &f->error));
	assert_ok(pen_settings__rules(store_of(f), again, &f->error));
	assert_string_equal(before, again);
	write_share("rules/zz.test.sql", "-- id: zz.test\nSELECT 1\n");
	assert_ok(pen_settings__rules(store_of(f), after, &f->error));
	assert_string_not_equal(before, after);
	write_share("rules/zz.test.sql", "-- id: zz.test\nSELECT 2\n");
	assert_ok(pen_settings__rules(store_of(f), again, &f->error));
	assert_string_not_equal(again, after);
	path_of(path, "rules/zz.test.sql");
	unlink(path);
	assert_ok(pen_settings__rules(store_of(f), again, &f->error));
	assert_string_equal(before, again);
}

static void the_rule_set_is_kept_with_its_files(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX], line[PEN_DIGEST_HEX + 64], *text, *file;
	size_t n;

	keep(f, "levy", 0);
	assert_ok(pen_settings__rules(store_of(f), digest, &f->error));
	assert_ok(pen_blob__load(store_of(f), digest, &text, &n, &f->error));
	assert_non_null(strstr(text, "month.range correctness error R2.2\n"));
	file = strstr(text, "\nlevy.covers.sql ");
	assert_non_null(file);
	snprintf(line, sizeof(line), "%.64s", file + strlen("\nlevy.covers.sql "));
	assert_true(pen_blob__has(store_of(f), line));
	pen_memory__free(text);
}

/* ---- parameters ---- */

#define HEAD "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
#define FLOOR_2024 "base.floor,330100,,2024-01,2024-12,4812.00,yuan,test,yes,\n"
#define FLOOR_2025 "base.floor,330100,,2025-01,2025-12,4986.00,yuan,test,yes,\n"

static void load(struct fixture *f, const char *name, const char *csv, int64_t at)
{
	char digest[PEN_DIGEST_HEX];

	begin(f);
	assert_ok(pen_settings__load(store_of(f), name, csv, strlen(csv), at, digest, &f->error));
	commit(f);
}

/* The base's floor of a month, as of an index; 0: none. */
static int64_t floor_at(struct fixture *f, int64_t at, int32_t month)
{
	char digest[PEN_DIGEST_HEX];
	struct pen_parameters *parameters;
	const struct pen_parameter *found;
	int64_t value;

	assert_ok(pen_settings__parameters(store_of(f), at, &parameters, digest, &f->error));
	found = pen_parameter__find(parameters, PEN_BASE_FLOOR, "330100", "", month);
	value = found ? found->value : 0;
	pen_parameter__free(parameters);
	return value;
}

static void a_table_is_in_force_from_its_entry_until_the_next_of_its_name(void **state)
{
	struct fixture *f = *state;

	load(f, "bases", HEAD FLOOR_2024, 3);
	load(f, "bases", HEAD FLOOR_2025, 7);
	assert_int_equal(floor_at(f, 2, 202406), 0);
	assert_int_equal(floor_at(f, 3, 202406), 481200);
	assert_int_equal(floor_at(f, 6, 202406), 481200);
	assert_int_equal(floor_at(f, 7, 202406), 0);
	assert_int_equal(floor_at(f, 7, 202506), 498600);
	assert_int_equal(floor_at(f, 99, 202506), 498600);
}

static void tables_of_several_names_are_in_force_together(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX], a[PEN_DIGEST_HEX], b[PEN_DIGEST_HEX], expected[PEN_DIGEST_HEX], list[256];
	struct pen_parameters *parameters;

	load(f, "later", HEAD FLOOR_2025, 4);
	load(f, "early", HEAD FLOOR_2024, 5);
	assert_int_equal(floor_at(f, 5, 202406), 481200);
	assert_int_equal(floor_at(f, 5, 202506), 498600);
	/* Their digest is that of the list of names and digests, by name. */
	assert_ok(pen_store__digest(store_of(f), HEAD FLOOR_2024, strlen(HEAD FLOOR_2024), a, &f->error));
	assert_ok(pen_store__digest(store_of(f), HEAD FLOOR_2025, strlen(HEAD FLOOR_2025), b, &f->error));
	snprintf(list, sizeof(list), "early %s\nlater %s\n", a, b);
	assert_ok(pen_store__digest(store_of(f), list, strlen(list), expected, &f->error));
	assert_ok(pen_settings__parameters(store_of(f), 5, &parameters, digest, &f->error));
	pen_parameter__free(parameters);
	assert_string_equal(digest, expected);
	keep(f, "levy", 5);
	assert_true(pen_blob__has(store_of(f), expected));
}

static void a_store_without_parameters_has_none(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(floor_at(f, 99, 202406), 0);
}

static void a_table_that_cannot_be_does_not_come_into_force(void **state)
{
	static const char *const tables[] = {
		"", "name,value\n", HEAD "base.floor,330100,,2024-13,,1.00,yuan,t,yes,\n", HEAD FLOOR_2024 FLOOR_2024
	};
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		begin(f);
		assert_int_equal(pen_settings__load(store_of(f), "bases", tables[i], strlen(tables[i]), 3, digest, &f->error), PEN_INPUT);
		pen_db__rollback(pen_store__db(store_of(f)));
	}
	assert_int_equal(ask(f, "SELECT count(*) FROM parameter_table"), 0);
}

/* Rows that nothing of this program could use; and one of a name that is nobody's here. */
static void a_table_with_a_row_that_its_name_does_not_allow_does_not_come_into_force(void **state)
{
	static const char wrong[] = HEAD "base.floor,330100,,2024-01,2024-12,4812,count,test,yes,\n";
	struct fixture *f = *state;
	struct pen_parameters *parameters;
	char digest[PEN_DIGEST_HEX], sql[200];

	load(f, "local", HEAD "our.own,330100,,,,-1,count,test,yes,\n", 3);
	begin(f);
	assert_fails(pen_settings__load(store_of(f), "bases", wrong, strlen(wrong), 4, digest, &f->error), PEN_INPUT, "parameter.value");
	assert_string_equal(f->error.column, "unit");
	assert_int_equal(f->error.line, 2);
	pen_db__rollback(pen_store__db(store_of(f)));
	assert_int_equal(ask(f, "SELECT count(*) FROM parameter_table"), 1);
	/* One that an earlier program put in force stays readable, and so can be replaced. */
	load(f, "bases", HEAD FLOOR_2024, 4);
	assert_ok(pen_blob__keep(store_of(f), "parameters", "bases", wrong, strlen(wrong), digest, &f->error));
	snprintf(sql, sizeof(sql), "UPDATE parameter_table SET digest = '%s' WHERE name = 'bases'", digest);
	tamper(f, sql);
	assert_ok(pen_settings__parameters(store_of(f), 4, &parameters, digest, &f->error));
	pen_parameter__free(parameters);
	load(f, "bases", HEAD FLOOR_2024 FLOOR_2025, 5);
	assert_int_equal(floor_at(f, 5, 202506), 498600);
}

static void a_table_may_replace_itself_but_not_contradict_another(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];

	load(f, "bases", HEAD FLOOR_2024, 3);
	load(f, "bases", HEAD FLOOR_2024 FLOOR_2025, 4);
	begin(f);
	assert_int_equal(pen_settings__load(store_of(f), "mine", HEAD FLOOR_2024, strlen(HEAD FLOOR_2024), 5, digest, &f->error), PEN_INPUT);
	pen_db__rollback(pen_store__db(store_of(f)));
}

static void a_table_that_was_changed_in_the_store_is_noticed(void **state)
{
	struct fixture *f = *state;
	char digest[PEN_DIGEST_HEX];
	struct pen_parameters *parameters;

	load(f, "bases", HEAD FLOOR_2024, 3);
	load(f, "other", HEAD FLOOR_2025, 3);
	tamper(f, "UPDATE blob_chunk SET content = (SELECT b.content FROM blob_chunk AS b WHERE b.digest <> blob_chunk.digest)"
	    " WHERE digest = (SELECT digest FROM parameter_table WHERE name = 'bases')");
	assert_fails(pen_settings__parameters(store_of(f), 3, &parameters, digest, &f->error), PEN_INTEGRITY, "blob.damaged");
}

static void the_tables_that_came_with_the_program_go_together(void **state)
{
	struct fixture *f = *state;
	char names[32][64], file[80], path[PATH_MAX], *csv;
	size_t count, i, n;

	assert_ok(pen_settings__shipped(names, 32, &count, &f->error));
	assert_true(count > 0);
	for (i = 0; i < count; i++) {
		snprintf(file, sizeof(file), "params/%s.csv", names[i]);
		path_of(path, file);
		assert_ok(pen_file__load(path, 1 << 24, &csv, &n, &f->error));
		load(f, names[i], csv, 1);
		pen_memory__free(csv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_form_is_read_with_the_digest_of_its_file),
		WITHOUT_STORE(an_unknown_form_is_wrong_usage_and_the_known_ones_are_named),
		WITHOUT_STORE(the_forms_names_are_sorted),
		WITH_STORE(a_form_is_kept_as_it_was_when_its_file_changes),
		WITH_STORE(the_rule_sets_digest_changes_with_any_rule_file),
		WITH_STORE(the_rule_set_is_kept_with_its_files),
		WITH_STORE(a_table_is_in_force_from_its_entry_until_the_next_of_its_name),
		WITH_STORE(tables_of_several_names_are_in_force_together),
		WITH_STORE(a_store_without_parameters_has_none),
		WITH_STORE(a_table_that_cannot_be_does_not_come_into_force),
		WITH_STORE(a_table_with_a_row_that_its_name_does_not_allow_does_not_come_into_force),
		WITH_STORE(a_table_may_replace_itself_but_not_contradict_another),
		WITH_STORE(a_table_that_was_changed_in_the_store_is_noticed),
		WITH_STORE(the_tables_that_came_with_the_program_go_together),
	};

	return cmocka_run_group_tests_name("store/settings", tests, copy_share, remove_share);
}
