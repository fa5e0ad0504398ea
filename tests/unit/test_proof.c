#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"
#include "model/proof.h"

#include <string.h>

/* A proof in form: nothing in it holds. */
static char leaf[] = "{\"person\":1,\"record\":\"contribution\"}";
static struct pen_proof_row row[] = { {
	.leaf = leaf, .index = 3, .path = { .n = 2, .hash = { { 1 }, { 0xab } } }, .seal = 4,
	.paragraph = "folio: 17\nrows: 5\n", .number = 1, .seal_path = { .n = 0 }
} };
static struct pen_proof_seal seal[] = { { 4, "pen-seal/v1\nseal: 4\n", { .n = 0 } } };
static struct pen_proof_entry entry[] = {
	{ 0, "pen-entry/v1\nat: 0\n", "YQ==", { .n = 0 } }, { 7, "pen-entry/v1\nat: 7\n", "-", { .n = 0 } }
};
static struct pen_proof_key key[] = { { "op1", "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n" } };
static const struct pen_proof sample = {
	.suite = PEN_SM2_SM3, .row = row, .seal = seal, .entry = entry, .key = key,
	.rows = 1, .seals = 1, .entries = 2, .keys = 1,
	.checkpoint = "pen/330100\n8\nAAAA\n\n\xe2\x80\x94 pen/330100 AAAA\n"
};

#define ZEROS "00000000000000000000000000000000000000000000000000000000000000"
static const char written[] =
	"pen-proof/v1\nsuite: sm2-sm3\nrows: 1\nseals: 1\nentries: 2\nkeys: 1\n"
	"\nrow: 1\nleaf: {\"person\":1,\"record\":\"contribution\"}\nindex: 3\npath: 01" ZEROS " ab" ZEROS "\n"
	"seal: 4\nnumber: 1\nseal-path: -\nparagraph:\n folio: 17\n rows: 5\n"
	"\nseal: 4\npath: -\nparagraph:\n pen-seal/v1\n seal: 4\n"
	"\nentry: 0\npath: -\nsignature: YQ==\ntext:\n pen-entry/v1\n at: 0\n"
	"\nentry: 7\npath: -\nsignature: -\ntext:\n pen-entry/v1\n at: 7\n"
	"\nkey: op1\npem:\n -----BEGIN PUBLIC KEY-----\n MCow\n -----END PUBLIC KEY-----\n"
	"\ncheckpoint:\n pen/330100\n 8\n AAAA\n \n \xe2\x80\x94 pen/330100 AAAA\n"
	"\nend: pen-proof/v1\n";

static enum pen_status read_text(const char *s, size_t n, struct pen_proof *proof, struct pen_error *error)
{
	struct pen_arena *arena = pen_memory__arena();
	struct pen_proof ignored;
	enum pen_status status;

	memset(error, 0, sizeof(*error));
	status = pen_proof__read(proof ? proof : &ignored, arena, s, n, error);
	if (status != PEN_OK)
		assert_true(error->text[0] != '\0');
	pen_memory__drop(arena);
	return status;
}

static void a_proof_is_written_in_sections(void **state)
{
	struct pen_text text = { 0 };

	(void)state;
	pen_proof__write(&sample, &text);
	assert_string_equal(text.s, written);
	pen_text__free(&text);
}

static void what_was_written_reads_back(void **state)
{
	struct pen_arena *arena = pen_memory__arena();
	struct pen_error error = { 0 };
	struct pen_proof proof;

	(void)state;
	assert_int_equal(pen_proof__read(&proof, arena, written, sizeof(written) - 1, &error), PEN_OK);
	assert_int_equal(proof.suite, PEN_SM2_SM3);
	assert_int_equal(proof.rows, 1);
	assert_int_equal(proof.entries, 2);
	assert_string_equal(proof.row[0].leaf, leaf);
	assert_int_equal(proof.row[0].path.n, 2);
	assert_memory_equal(proof.row[0].path.hash, row[0].path.hash, 64);
	assert_string_equal(proof.row[0].paragraph, row[0].paragraph);
	assert_string_equal(proof.seal[0].head, seal[0].head);
	assert_string_equal(proof.entry[1].text, entry[1].text);
	assert_string_equal(proof.key[0].pem, key[0].pem);
	assert_string_equal(proof.checkpoint, sample.checkpoint);
	pen_memory__drop(arena);
}

static void what_is_cut_off_anywhere_is_no_proof(void **state)
{
	struct pen_error error;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(written) - 1; n++)
		assert_int_equal(read_text(written, n, NULL, &error), PEN_INPUT);
	assert_int_equal(read_text(written, sizeof(written) - 1, NULL, &error), PEN_OK);
	assert_int_equal(read_text(written, sizeof(written), NULL, &error), PEN_INPUT);	/* a NUL behind it */
}

/* The sample with one piece of it replaced, where that stands first. */
static enum pen_status edited(const char *piece, const char *by, struct pen_error *error)
{
	struct pen_text text = { 0 };
	const char *at = strstr(written, piece);
	enum pen_status status;

	assert_non_null(at);
	pen_text__printf(&text, "%.*s%s%s", (int)(at - written), written, by, at + strlen(piece));
	status = read_text(text.s, text.n, NULL, error);
	pen_text__free(&text);
	return status;
}

static void there_is_one_way_to_write_a_proof(void **state)
{
	static const char *const edits[][2] = {
		{ "pen-proof/v1", "pen-proof/v2" }, { "sm2-sm3", "sm3" }, { "rows: 1\n", "rows: 01\n" }, { "rows: 1\n", "rows: 2\n" },
		{ "rows: 1\n", "rows: -1\n" }, { "rows: 1\n", "rows: 99999999\n" }, { "rows: 1\n", "rows: 0\n" }, { "seals: 1\n", "" },
		{ "row: 1\n", "row: 2\n" }, { "index: 3", "index: 3 " }, { "index: 3", "index: +3" },
		{ "index: 3", "index: 99999999999999999999" }, { "path: 01", "path:  01" }, { " ab", " AB" }, { " ab", "  ab" },
		{ " ab", " a" }, { " ab", " abc" }, { ZEROS "\nseal", ZEROS " \nseal" }, { "seal-path: -\n", "seal-path: \n" },
		{ " folio: 17\n", "folio: 17\n" }, { "paragraph:\n", "paragraph: \n" }, { "\n\nseal", "\n\n\nseal" }, { "\n\nseal", "\nseal" },
		{ "signature: YQ==\n", "" }, { "entry: 7\n", "entry: 7\r\n" }, { " MCow\n", " MCow\r\n \n\n" }, { "key: op1\n", "key: \n" },
		{ "\nend: pen-proof/v1\n", "\nend: pen-proof/v1\n\n" }, { "\nend: pen-proof/v1\n", "" },
	};
	struct pen_error error;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
		if (edited(edits[i][0], edits[i][1], &error) != PEN_INPUT)
			fail_msg("taken: \"%s\" for \"%s\"", edits[i][1], edits[i][0]);
}

static void the_error_names_the_line_and_what_should_stand_there(void **state)
{
	struct pen_error error;

	(void)state;
	assert_int_equal(edited("index: 3", "place: 3", &error), PEN_INPUT);
	assert_int_equal(error.line, 10);
	assert_string_equal(error.code, "proof.form");
	assert_non_null(strstr(error.text, "index"));
	assert_int_equal(edited(" ab", " AB", &error), PEN_INPUT);
	assert_int_equal(error.line, 11);
}

/* A path can be as long as a tree is high, and not longer. */
static void a_path_without_end_is_no_path(void **state)
{
	struct pen_text path = { 0 };
	struct pen_error error;
	int i;

	(void)state;
	pen_text__puts(&path, "seal-path:");
	for (i = 0; i < PEN_MERKLE_LEVELS + 1; i++)
		pen_text__puts(&path, " ab" ZEROS);
	pen_text__puts(&path, "\n");
	assert_int_equal(edited("seal-path: -\n", path.s, &error), PEN_INPUT);
	pen_text__free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proof_is_written_in_sections),
		cmocka_unit_test(what_was_written_reads_back),
		cmocka_unit_test(what_is_cut_off_anywhere_is_no_proof),
		cmocka_unit_test(there_is_one_way_to_write_a_proof),
		cmocka_unit_test(the_error_names_the_line_and_what_should_stand_there),
		cmocka_unit_test(a_path_without_end_is_no_path),
	};

	return cmocka_run_group_tests_name("model/proof", tests, NULL, NULL);
}
