#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "backup_fixture.h"

static void a_manifest_reads_back_as_it_was_written(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found = { .count = 0 };

	fill(f, &repository, &made);
	enter(f, &made);
	assert_string_equal(made.snapshot, ONE);
	assert_ok(pen_repository__load(&repository, ONE, &found, &f->error));
	assert_string_equal(found.agency, made.agency);
	assert_string_equal(found.name, made.name);
	assert_string_equal(found.suite, made.suite);
	assert_string_equal(found.time, made.time);
	assert_string_equal(found.signer, made.signer);
	assert_int_equal(found.journal_size, 57);
	assert_string_equal(found.journal_root, "00");
	assert_int_equal(found.page_size, 8192);
	assert_int_equal(found.bytes, 30);
	assert_string_equal(found.digest, made.digest);
	assert_string_equal(found.engine, made.engine);
	assert_string_equal(found.program, made.program);
	assert_string_equal(found.facts.s, made.facts.s);
	assert_int_equal(found.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(&found.chunks[i], &made.chunks[i], sizeof(found.chunks[i]));
	assert_int_equal(found.text.n, made.text.n);
	assert_memory_equal(found.text.s, made.text.s, made.text.n);
	pen_manifest__drop(&found);
	pen_manifest__drop(&made);
}

static void a_manifest_is_the_text_that_the_manual_describes(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	/* printf 'the first chunk' | sha256sum, and so on */
	static const char expected[] =
	    "pen-backup/v1\nagency: 330100\nname: 某市社会劳动保险经办机构\nsuite: sm2-sm3\n"
	    "time: 2026-11-23T08:15:30Z\nsigner: dba1\njournal-size: 57\njournal-root: 00\n"
	    "page-size: 8192\nbytes: 30\n"
	    "digest: sha256:4f042d9caa722990d0e00a9dabf45e55218115168f09a3764e635d2d53275443\n"
	    "engine: SQLite 3.40.1, rollback journal\nprogram: pen 0.1.0\n"
	    "count: journal 57\nfolios: breakdown sealed 1 24 100 50 150\n"
	    "chunk: d5a02bb519db4fa927148ad24f7d558bd40af6f68c817ddedd495e15851798ac 15\n"
	    "chunk: ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5 7\n"
	    "chunk: 82a605fd692064ce853c222f838bf8b7e5843dea6e50878a12bfcc2858228c21 8\n";

	fill(f, &repository, &made);
	assert_ok(pen_manifest__compose(&made, &f->error));
	assert_string_equal(made.text.s, expected);
	pen_manifest__drop(&made);
}

static void a_manifest_cut_anywhere_is_refused_by_name(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found;

	fill(f, &repository, &made);
	enter(f, &made);
	for (size_t n = 0; n < made.text.n; n++) {
		save(f, "snapshots/" ONE ".manifest", made.text.s, n);
		memset(&found, 0, sizeof(found));
		assert_fails(pen_repository__load(&repository, ONE, &found, &f->error), PEN_INTEGRITY, "backup.manifest");
		assert_non_null(strstr(f->error.text, ONE));
		pen_manifest__drop(&found);
	}
	pen_manifest__drop(&made);
}

/* The manifest's text with one part replaced by another. */
static void load_with(struct fixture *f, const char *from, const char *to, enum pen_status expected)
{
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found = { .count = 0 };
	struct pen_text text = { 0 };
	const char *at;

	fill(f, &repository, &made);
	assert_ok(pen_manifest__compose(&made, &f->error));
	at = strstr(made.text.s, from);
	assert_non_null(at);
	pen_text__add(&text, made.text.s, (size_t)(at - made.text.s));
	pen_text__puts(&text, to);
	pen_text__puts(&text, at + strlen(from));
	save(f, "snapshots/" ONE ".manifest", text.s, text.n);
	assert_int_equal(pen_repository__load(&repository, ONE, &found, &f->error), expected);
	if (expected != PEN_OK)
		assert_string_equal(f->error.code, "backup.manifest");
	pen_text__free(&text);
	pen_manifest__drop(&found);
	pen_manifest__drop(&made);
}

static void what_a_manifest_cannot_say_is_refused(void **state)
{
	static const struct { const char *from, *to; } bad[] = {
		{ "pen-backup/v1", "pen-backup/v2" }, { "agency: 330100\n", "" }, { "agency: 330100", "agency: 3301000" },
		{ "agency: 330100", "agency: 330200" }, { "sm2-sm3", "sm2-sm4" }, { "time: 2026", "time: 2025" },
		{ "08:15:30Z", "08:15:31Z" }, { "bytes: 30", "bytes: 31" }, { "bytes: 30", "bytes: -30" },
		{ "bytes: 30", "bytes: 9999999999999999999" }, { "digest: sha256:", "digest: sha1:" },
		{ "digest: sha256:", "digest: " }, { "digest: sha256:", "digest: sha256" }, { "digest: ", "digest" },
		{ "signer: dba1", "signer: " }, { "chunk: ", "chunk: x" }, { " 15\n", " 0\n" }, { " 15\n", " 15 \n" },
		{ " 15\n", "\n" }, { " 15\n", " 15 0123456\n" }, { " 15\n", " 15 0123456x\n" }, { " 15\n", " 99999999\n" }, { "signer: ", "signer " }, { "chunk: ", "chink: " },
		{ "engine: SQLite", "engine: SQLite 3.40.1 SQLite 3.40.1 SQLite 3.40.1 SQLite 3.40.1 SQLite 3.40.1" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		load_with(*state, bad[i].from, bad[i].to, PEN_INTEGRITY);
}

static void a_key_that_is_not_known_is_passed_over(void **state)
{
	load_with(*state, "engine: ", "weather: fine\nengine: ", PEN_OK);
}

static void a_digest_is_in_the_algorithm_that_it_names_whatever_the_suite(void **state)
{
	load_with(*state, "digest: sha256:", "digest: sm3:", PEN_OK);
	load_with(*state, "suite: sm2-sm3", "suite: ed25519-sha256", PEN_OK);
}

static void a_nul_in_a_manifest_hides_nothing(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found = { .count = 0 };

	fill(f, &repository, &made);
	enter(f, &made);
	*strstr(made.text.s, "rollback") = '\0';
	save(f, "snapshots/" ONE ".manifest", made.text.s, made.text.n);
	assert_fails(pen_repository__load(&repository, ONE, &found, &f->error), PEN_INTEGRITY, "backup.manifest");
	pen_manifest__drop(&found);
	pen_manifest__drop(&made);
}

static void a_manifest_under_another_name_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found = { .count = 0 };

	fill(f, &repository, &made);
	enter(f, &made);
	save(f, "snapshots/20261124T081530Z-330100.manifest", made.text.s, made.text.n);
	assert_fails(pen_repository__load(&repository, "latest", &found, &f->error), PEN_INTEGRITY, "backup.manifest");
	assert_non_null(strstr(f->error.text, "20261124T081530Z-330100"));
	pen_manifest__drop(&found);
	pen_manifest__drop(&made);
}

static void a_line_break_in_a_name_makes_no_line_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;

	fill(f, &repository, &made);
	snprintf(made.name, sizeof(made.name), "a\nsigner: head1");
	assert_ok(pen_manifest__compose(&made, &f->error));
	assert_non_null(strstr(made.text.s, "\nname: a?signer: head1\n"));
	pen_manifest__drop(&made);
}

static void an_agency_that_would_leave_the_repository_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;

	fill(f, &repository, &made);
	snprintf(made.agency, sizeof(made.agency), "../../");
	assert_fails(pen_manifest__compose(&made, &f->error), PEN_INTEGRITY, "backup.manifest");
	pen_manifest__drop(&made);
}

/* Chunks of one letter each, by their letters. */
static struct pen_manifest with_chunks(struct fixture *f, const char *letters)
{
	struct pen_manifest manifest = { .count = 0 };
	struct pen_chunk chunk = { .bytes = 1 };

	for (; *letters; letters++) {
		chunk.name[0] = (unsigned char)*letters;
		assert_ok(pen_manifest__add(&manifest, &chunk, &f->error));
	}
	return manifest;
}

static void a_chunk_is_new_once_and_if_the_snapshot_before_has_it_not(void **state)
{
	static const struct { const char *before, *now; int count; } cases[] = {
		{ "", "", 0 }, { "", "cab", 3 }, { "", "abab", 2 }, { "abc", "cba", 0 }, { "ac", "ddcbb", 2 }, { "abc", "", 0 },
	};
	struct pen_manifest before, now, none = { .count = 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		before = with_chunks(*state, cases[i].before);
		pen_manifest__count_new(&before, &none);	/* sorts */
		now = with_chunks(*state, cases[i].now);
		assert_int_equal(pen_manifest__count_new(&now, &before), cases[i].count);
		pen_manifest__drop(&before);
		pen_manifest__drop(&now);
	}
}

/* ---- what a store holds ---- */

static void every_table_of_the_schema_is_counted(void **state)
{
	struct fixture *f = *state;
	struct pen_text facts = { 0 };
	struct pen_statement *tables;
	char line[80];
	int count = 0;
	bool row;

	assert_ok(pen_manifest__facts(store_of(f), false, &facts, &f->error));
	assert_ok(pen_db__prepare(pen_store__db(store_of(f)), "SELECT name FROM sqlite_schema WHERE type = 'table'", &tables, &f->error));
	while (pen_db__step(tables, &row, &f->error) == PEN_OK && row) {
		count++;
		snprintf(line, sizeof(line), "count: %s ", pen_db__text(tables, 0));
		if (!strstr(facts.s, line))
			fail_msg("the table %s is not counted in manifest.sql", pen_db__text(tables, 0));
	}
	pen_db__finalize(tables);
	assert_true(count > 30);
	assert_non_null(strstr(facts.s, "count: store 1\n"));
	assert_non_null(strstr(facts.s, "count: journal 1\n"));
	pen_text__free(&facts);
}

static void folios_are_summed_by_form_and_state(void **state)
{
	struct fixture *f = *state;
	struct pen_text facts = { 0 };

	tamper(f, "INSERT INTO folio (id, batch, form, period, number, state, rows, unit_fen, personal_fen, amount_fen) VALUES"
	    " (1, 1, 'levy', 0, 1, 'sealed', 3, 0, 0, 100), (2, 1, 'breakdown', 2024, 1, 'sealed', 5, 20, 8, 28),"
	    " (3, 1, 'breakdown', 2024, 2, 'sealed', 7, -5, 1, -4), (4, 1, 'breakdown', 2024, 3, 'held', 1, 2, 1, 3)");
	assert_ok(pen_manifest__facts(store_of(f), true, &facts, &f->error));
	assert_string_equal(facts.s, "folios: breakdown held 1 1 2 1 3\n"
	    "folios: breakdown sealed 2 12 15 9 24\n" "folios: levy sealed 1 3 0 0 100\n");
	pen_text__free(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT_STORE(a_manifest_reads_back_as_it_was_written),
		WITHOUT_STORE(a_manifest_is_the_text_that_the_manual_describes),
		WITHOUT_STORE(a_manifest_cut_anywhere_is_refused_by_name),
		WITHOUT_STORE(what_a_manifest_cannot_say_is_refused),
		WITHOUT_STORE(a_key_that_is_not_known_is_passed_over),
		WITHOUT_STORE(a_digest_is_in_the_algorithm_that_it_names_whatever_the_suite),
		WITHOUT_STORE(a_nul_in_a_manifest_hides_nothing),
		WITHOUT_STORE(a_manifest_under_another_name_is_refused),
		WITHOUT_STORE(a_line_break_in_a_name_makes_no_line_of_its_own),
		WITHOUT_STORE(an_agency_that_would_leave_the_repository_is_refused),
		WITHOUT_STORE(a_chunk_is_new_once_and_if_the_snapshot_before_has_it_not),
		WITH_STORE(every_table_of_the_schema_is_counted),
		WITH_STORE(folios_are_summed_by_form_and_state),
	};

	return cmocka_run_group_tests_name("store/manifest", tests, NULL, NULL);
}
