#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/gzip.h"
#include "base/encode.h"
#include "store/repository.h"
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/wait.h>

#define ONE "20261123T081530Z-330100"

/* ---- a repository made by hand, of three chunks ---- */

static const char *const pieces[] = { "the first chunk", "another", "the last" };

static void path_of(struct fixture *f, char out[PATH_MAX], const char *name)
{
	snprintf(out, PATH_MAX, "%s/%s", f->dir, name);
}

static void save(struct fixture *f, const char *name, const char *bytes, size_t n)
{
	char path[PATH_MAX];

	path_of(f, path, name);
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
}

static struct pen_repository opened(struct fixture *f)
{
	struct pen_repository repository;
	char path[PATH_MAX];

	path_of(f, path, "snapshots");
	assert_ok(pen_file__directory(path, 0700, &f->error));
	assert_ok(pen_repository__open(&repository, f->dir, NULL, &f->error));
	return repository;
}

/* Stores a piece as a chunk, and adds it to the manifest. */
static void add_piece(struct fixture *f, const struct pen_repository *repository, struct pen_manifest *manifest, const char *piece)
{
	struct pen_chunk chunk = { .bytes = (int32_t)strlen(piece) };
	char path[PATH_MAX], *packed;
	size_t n;

	assert_true(pen_digest__of(PEN_ED25519_SHA256, piece, strlen(piece), chunk.name));
	assert_ok(pen_repository__add(manifest, &chunk, &f->error));
	manifest->bytes += chunk.bytes;
	assert_ok(pen_repository__chunk(repository, &chunk, path, &f->error));
	*strrchr(path, '/') = '\0';
	assert_ok(pen_file__directory(path, 0700, &f->error));
	assert_ok(pen_repository__chunk(repository, &chunk, path, &f->error));
	assert_ok(pen_gzip__pack(piece, strlen(piece), PEN_CHUNK_LEVEL, &packed, &n, &f->error));
	assert_ok(pen_file__save(path, packed, n, 0600, &f->error));
	pen_memory__free(packed);
}

static void fill(struct fixture *f, const struct pen_repository *repository, struct pen_manifest *manifest)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	*manifest = (struct pen_manifest){
		.agency = "330100", .name = "某市社会劳动保险经办机构", .suite = "sm2-sm3", .time = "2026-11-23T08:15:30Z",
		.signer = "dba1", .journal_size = 57, .journal_root = "00", .page_size = 8192,
		.engine = "SQLite 3.40.1, rollback journal", .program = "pen 0.1.0"
	};
	pen_text__puts(&manifest->facts, "count: journal 57\nfolios: breakdown sealed 1 24 100 50 150\n");
	for (size_t i = 0; i < 3; i++)
		add_piece(f, repository, manifest, pieces[i]);
	assert_true(pen_digest__of(PEN_SM2_SM3, "the first chunkanotherthe last", 30, hash));
	snprintf(manifest->digest, sizeof(manifest->digest), "sm3:%s", pen_encode__hex(hash, sizeof(hash), hex));
}

/* Writes it as the snapshot that it is. */
static void enter(struct fixture *f, struct pen_manifest *manifest)
{
	char name[80];

	assert_ok(pen_repository__compose(manifest, &f->error));
	snprintf(name, sizeof(name), "snapshots/%s.manifest", manifest->snapshot);
	save(f, name, manifest->text.s, manifest->text.n);
}

/* ---- manifests ---- */

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
	pen_repository__drop(&found);
	pen_repository__drop(&made);
}

static void a_manifest_is_the_text_that_the_manual_describes(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	/* printf 'the first chunk' | sha256sum, and so on; openssl dgst -sm3 */
	static const char expected[] =
	    "pen-backup/v1\nagency: 330100\nname: 某市社会劳动保险经办机构\nsuite: sm2-sm3\n"
	    "time: 2026-11-23T08:15:30Z\nsigner: dba1\njournal-size: 57\njournal-root: 00\n"
	    "page-size: 8192\nbytes: 30\n"
	    "digest: sm3:8d826b7b433dfff29b156973e0e2b3a20a082ce1f1920058c99f0234e75e34df\n"
	    "engine: SQLite 3.40.1, rollback journal\nprogram: pen 0.1.0\n"
	    "count: journal 57\nfolios: breakdown sealed 1 24 100 50 150\n"
	    "chunk: d5a02bb519db4fa927148ad24f7d558bd40af6f68c817ddedd495e15851798ac 15\n"
	    "chunk: ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5 7\n"
	    "chunk: 82a605fd692064ce853c222f838bf8b7e5843dea6e50878a12bfcc2858228c21 8\n";

	fill(f, &repository, &made);
	assert_ok(pen_repository__compose(&made, &f->error));
	assert_string_equal(made.text.s, expected);
	pen_repository__drop(&made);
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
		pen_repository__drop(&found);
	}
	pen_repository__drop(&made);
}

/* The manifest's text with one part replaced by another. */
static void load_with(struct fixture *f, const char *from, const char *to, enum pen_status expected)
{
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found = { .count = 0 };
	struct pen_text text = { 0 };
	const char *at;

	fill(f, &repository, &made);
	assert_ok(pen_repository__compose(&made, &f->error));
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
	pen_repository__drop(&found);
	pen_repository__drop(&made);
}

static void what_a_manifest_cannot_say_is_refused(void **state)
{
	static const struct { const char *from, *to; } bad[] = {
		{ "pen-backup/v1", "pen-backup/v2" }, { "agency: 330100\n", "" }, { "agency: 330100", "agency: 3301000" },
		{ "agency: 330100", "agency: 330200" }, { "sm2-sm3", "sm2-sm4" }, { "time: 2026", "time: 2025" },
		{ "08:15:30Z", "08:15:31Z" }, { "bytes: 30", "bytes: 31" }, { "bytes: 30", "bytes: -30" },
		{ "bytes: 30", "bytes: 9999999999999999999" }, { "digest: sm3:", "digest: sha256:" },
		{ "signer: dba1", "signer: " }, { "chunk: ", "chunk: x" }, { " 15\n", " 0\n" }, { " 15\n", " 15 \n" },
		{ " 15\n", "\n" }, { " 15\n", " 99999999\n" }, { "signer: ", "signer " }, { "chunk: ", "chink: " },
		{ "engine: SQLite", "engine: SQLite 3.40.1 SQLite 3.40.1 SQLite 3.40.1 SQLite 3.40.1 SQLite 3.40.1" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		load_with(*state, bad[i].from, bad[i].to, PEN_INTEGRITY);
}

static void a_key_that_is_not_known_is_passed_over(void **state)
{
	load_with(*state, "engine: ", "weather: fine\nengine: ", PEN_OK);
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
	pen_repository__drop(&found);
	pen_repository__drop(&made);
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
	pen_repository__drop(&found);
	pen_repository__drop(&made);
}

static void a_line_break_in_a_name_makes_no_line_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;

	fill(f, &repository, &made);
	snprintf(made.name, sizeof(made.name), "a\nsigner: head1");
	assert_ok(pen_repository__compose(&made, &f->error));
	assert_non_null(strstr(made.text.s, "\nname: a?signer: head1\n"));
	pen_repository__drop(&made);
}

static void an_agency_that_would_leave_the_repository_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;

	fill(f, &repository, &made);
	snprintf(made.agency, sizeof(made.agency), "../../");
	assert_fails(pen_repository__compose(&made, &f->error), PEN_INTEGRITY, "backup.manifest");
	pen_repository__drop(&made);
}

/* ---- snapshots ---- */

static void snapshots_are_listed_oldest_first_and_other_files_are_not(void **state)
{
	static const char *const files[] = {
		"20261123T081530Z-330100-02.manifest", "20261123T081530Z-330100.manifest", "20251123T081530Z-330100.manifest",
		"20261123T081530Z-330100.sig", "notes.manifest", "20261123T081530Z-33010.manifest", "20261123T081530Z-330100-2.manifest",
		"20261123T081530Z-330100.manifest.tmp", "20261123T081530Z-330100-022.manifest", ".manifest",
	};
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	char (*names)[PEN_SNAPSHOT_ROOM], name[80];
	size_t count;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(name, sizeof(name), "snapshots/%s", files[i]);
		save(f, name, "", 0);
	}
	assert_ok(pen_repository__list(&repository, &names, &count, &f->error));
	assert_int_equal(count, 3);
	assert_string_equal(names[0], "20251123T081530Z-330100");
	assert_string_equal(names[1], "20261123T081530Z-330100");
	assert_string_equal(names[2], "20261123T081530Z-330100-02");
	pen_memory__free(names);
}

static void the_newest_is_taken_where_none_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made, found;
	static const char *const newest[] = { NULL, "latest" };

	fill(f, &repository, &made);
	snprintf(made.time, sizeof(made.time), "2026-11-22T23:59:59Z");
	enter(f, &made);
	snprintf(made.time, sizeof(made.time), "2026-11-23T00:00:00Z");
	enter(f, &made);
	for (size_t i = 0; i < 2; i++) {
		memset(&found, 0, sizeof(found));
		assert_ok(pen_repository__load(&repository, newest[i], &found, &f->error));
		assert_string_equal(found.snapshot, "20261123T000000Z-330100");
		pen_repository__drop(&found);
	}
	pen_repository__drop(&made);
}

static void a_snapshot_that_is_not_there_is_wrong_usage(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest found = { .count = 0 };

	assert_fails(pen_repository__load(&repository, ONE, &found, &f->error), PEN_USAGE, "backup.unknown");
	assert_fails(pen_repository__load(&repository, "../../etc/passwd", &found, &f->error), PEN_USAGE, "backup.unknown");
	assert_fails(pen_repository__load(&repository, NULL, &found, &f->error), PEN_INPUT, "backup.none");
}

static void a_directory_that_is_no_repository_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository;

	assert_fails(pen_repository__open(&repository, f->dir, NULL, &f->error), PEN_INPUT, "backup.missing");
}

/* ---- chunks ---- */

/* Joins the chunks to out.db, and returns the status. */
static enum pen_status unpack(struct fixture *f, const struct pen_manifest *manifest, bool strict)
{
	struct pen_repository repository = opened(f);
	char path[PATH_MAX];

	path_of(f, path, "out.db");
	memset(&f->error, 0, sizeof(f->error));
	return pen_repository__unpack(&repository, manifest, path, strict, &f->error);
}

static void chunks_joined_are_the_file(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n;

	fill(f, &repository, &made);
	assert_ok(unpack(f, &made, true));
	path_of(f, path, "out.db");
	assert_ok(pen_file__load(path, 100, &bytes, &n, &f->error));
	assert_string_equal(bytes, "the first chunkanotherthe last");
	pen_memory__free(bytes);
	pen_repository__drop(&made);
}

static void chunks_in_another_order_do_not_make_up_the_digest(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	struct pen_chunk first;

	fill(f, &repository, &made);
	first = made.chunks[0];
	made.chunks[0] = made.chunks[1];
	made.chunks[1] = first;
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.manifest");
	pen_repository__drop(&made);
}

/* The second chunk's file holds these bytes instead: what is said of it. */
static void expect_bad(struct fixture *f, struct pen_manifest *made, const char *bytes, size_t n)
{
	struct pen_repository repository = opened(f);
	char path[PATH_MAX], hex[PEN_DIGEST_HEX];

	snprintf(made->snapshot, sizeof(made->snapshot), ONE);
	assert_ok(pen_repository__chunk(&repository, &made->chunks[1], path, &f->error));
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
	assert_fails(unpack(f, made, true), PEN_INTEGRITY, "backup.chunk");
	assert_non_null(strstr(f->error.text, ONE));
	assert_non_null(strstr(f->error.text, pen_encode__hex(made->chunks[1].name, 32, hex)));
}

static void a_chunk_with_any_byte_changed_or_cut_anywhere_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n, i;

	fill(f, &repository, &made);
	assert_ok(pen_repository__chunk(&repository, &made.chunks[1], path, &f->error));
	assert_ok(pen_file__load(path, 1000, &bytes, &n, &f->error));
	for (i = 0; i < n; i++) {
		bytes[i] ^= (char)0xff;
		expect_bad(f, &made, bytes, n);
		bytes[i] ^= (char)0xff;
		expect_bad(f, &made, bytes, i);
	}
	/* More behind it, and then none of it. */
	bytes = pen_memory__realloc(bytes, n + 1, 1);
	bytes[n] = '\n';
	expect_bad(f, &made, bytes, n + 1);
	assert_int_equal(unlink(path), 0);
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.chunk");
	pen_memory__free(bytes);
	pen_repository__drop(&made);
}

static void a_chunk_that_is_another_one_is_named(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char *packed;
	size_t n;

	fill(f, &repository, &made);
	assert_ok(pen_gzip__pack("anothes", 7, PEN_CHUNK_LEVEL, &packed, &n, &f->error));
	expect_bad(f, &made, packed, n);
	pen_memory__free(packed);
	pen_repository__drop(&made);
}

static void a_chunk_packed_by_another_program_restores_but_is_not_verified(void **state)
{
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX], *bytes;
	size_t n;

	fill(f, &repository, &made);
	assert_ok(pen_repository__chunk(&repository, &made.chunks[1], path, &f->error));
	assert_ok(pen_file__load(path, 1000, &bytes, &n, &f->error));
	bytes[4] = 1;	/* the time in the gzip header */
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
	assert_ok(unpack(f, &made, false));
	assert_fails(unpack(f, &made, true), PEN_INTEGRITY, "backup.chunk");
	pen_memory__free(bytes);
	pen_repository__drop(&made);
}

/* ---- stopping ---- */

static bool always(void *context)
{
	(void)context;
	return true;
}

static void a_caller_who_wants_to_stop_is_heard(void **state)
{
	const struct pen_session_options options = { .stopped = always };
	struct fixture *f = *state;
	struct pen_repository repository = opened(f);
	struct pen_manifest made;
	char path[PATH_MAX];

	fill(f, &repository, &made);
	assert_ok(pen_repository__open(&repository, f->dir, &options, &f->error));
	path_of(f, path, "out.db");
	assert_fails(pen_repository__unpack(&repository, &made, path, false, &f->error), PEN_INCOMPLETE, "backup.stopped");
	pen_repository__drop(&made);
}

/* ---- scratch ---- */

static void scratch_goes_away_with_all_that_is_in_it(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];

	path_of(f, path, "work.tmp");
	assert_ok(pen_repository__scratch(&scratch, path, &f->error));
	save(f, "work.tmp/pen.db", "x", 1);
	pen_repository__clear(&scratch);
	assert_int_equal(count_entries(path), -1);
	pen_repository__clear(&scratch);	/* harmless */
}

static void what_a_killed_run_left_in_scratch_is_removed(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];
	int status;
	pid_t child;

	path_of(f, path, "work.tmp");
	child = fork();
	if (child == 0) {
		if (pen_repository__scratch(&scratch, path, &f->error) != PEN_OK)
			_exit(1);
		save(f, "work.tmp/pen.db", "x", 1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(count_entries(path), 2);
	assert_ok(pen_repository__scratch(&scratch, path, &f->error));
	assert_int_equal(count_entries(path), 1);	/* the mark */
	pen_repository__clear(&scratch);
}

static void scratch_in_use_is_busy(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch, second;
	char path[PATH_MAX];

	path_of(f, path, "work.tmp");
	assert_ok(pen_repository__scratch(&scratch, path, &f->error));
	save(f, "work.tmp/pen.db", "x", 1);
	assert_fails(pen_repository__scratch(&second, path, &f->error), PEN_BUSY, "backup.busy");
	assert_int_equal(count_entries(path), 2);
	pen_repository__clear(&scratch);
}

static void a_directory_of_somebody_else_is_no_scratch(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];

	path_of(f, path, "store.tmp");
	assert_int_equal(mkdir(path, 0700), 0);
	save(f, "store.tmp/pen.db", "x", 1);
	assert_fails(pen_repository__scratch(&scratch, path, &f->error), PEN_USAGE, "backup.in-the-way");
	assert_int_equal(count_entries(path), 1);
	pen_repository__clear(&scratch);
	assert_int_equal(count_entries(path), 1);
}

static void an_empty_directory_will_do_for_scratch(void **state)
{
	struct fixture *f = *state;
	struct pen_scratch scratch;
	char path[PATH_MAX];

	path_of(f, path, "work.tmp");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_ok(pen_repository__scratch(&scratch, path, &f->error));
	pen_repository__clear(&scratch);
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

	assert_ok(pen_repository__facts(store_of(f), false, &facts, &f->error));
	assert_ok(pen_db__prepare(pen_store__db(store_of(f)), "SELECT name FROM sqlite_schema WHERE type = 'table'", &tables, &f->error));
	while (pen_db__step(tables, &row, &f->error) == PEN_OK && row) {
		count++;
		snprintf(line, sizeof(line), "count: %s ", pen_db__text(tables, 0));
		if (!strstr(facts.s, line))
			fail_msg("the table %s is not counted in repository.sql", pen_db__text(tables, 0));
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
	assert_ok(pen_repository__facts(store_of(f), true, &facts, &f->error));
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
		WITHOUT_STORE(a_nul_in_a_manifest_hides_nothing),
		WITHOUT_STORE(a_manifest_under_another_name_is_refused),
		WITHOUT_STORE(a_line_break_in_a_name_makes_no_line_of_its_own),
		WITHOUT_STORE(an_agency_that_would_leave_the_repository_is_refused),
		WITHOUT_STORE(snapshots_are_listed_oldest_first_and_other_files_are_not),
		WITHOUT_STORE(the_newest_is_taken_where_none_is_named),
		WITHOUT_STORE(a_snapshot_that_is_not_there_is_wrong_usage),
		WITHOUT_STORE(a_directory_that_is_no_repository_is_refused),
		WITHOUT_STORE(chunks_joined_are_the_file),
		WITHOUT_STORE(chunks_in_another_order_do_not_make_up_the_digest),
		WITHOUT_STORE(a_chunk_with_any_byte_changed_or_cut_anywhere_is_named),
		WITHOUT_STORE(a_chunk_that_is_another_one_is_named),
		WITHOUT_STORE(a_chunk_packed_by_another_program_restores_but_is_not_verified),
		WITHOUT_STORE(a_caller_who_wants_to_stop_is_heard),
		WITHOUT_STORE(scratch_goes_away_with_all_that_is_in_it),
		WITHOUT_STORE(what_a_killed_run_left_in_scratch_is_removed),
		WITHOUT_STORE(scratch_in_use_is_busy),
		WITHOUT_STORE(a_directory_of_somebody_else_is_no_scratch),
		WITHOUT_STORE(an_empty_directory_will_do_for_scratch),
		WITH_STORE(every_table_of_the_schema_is_counted),
		WITH_STORE(folios_are_summed_by_form_and_state),
	};

	return cmocka_run_group_tests_name("store/repository", tests, NULL, NULL);
}
