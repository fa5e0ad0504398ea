#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/encode.h"
#include "model/sealtext.h"

#include <string.h>

static const char *const roles[] = { "operator", "lead" };

static struct pen_sealtext_head head(void)
{
	return (struct pen_sealtext_head){
		.seal = 3, .batch = 4, .suite = PEN_SM2_SM3, .agency = "330100", .form = "breakdown",
		.title = "年度职工社会保险费缴费分解表", .file_name = "breakdown-2024.csv",
		.file_digest = "aa", .form_digest = "bb", .rules_digest = "cc", .parameters_digest = "dd",
		.previous = "ee", .roles = 2, .role = roles, .folios = 2, .root = "ff",
	};
}

static struct pen_sealtext_folio folio(void)
{
	return (struct pen_sealtext_folio){
		.folio = 12, .number = 1, .rows = 25, .period = 2024, .employer = "91330100MA27XL0R1P",
		.unit_fen = 31200000, .personal_fen = 15600005, .amount_fen = 46800005,
		.agreed_on = "2025-02-03", .document = "0123", .root = "4567",
	};
}

static void a_seal_is_a_head_and_a_paragraph_for_each_folio(void **state)
{
	struct pen_sealtext_head h = head();
	struct pen_sealtext_folio f = folio();
	struct pen_text text = { 0 };

	(void)state;
	pen_sealtext__head(&h, &text);
	pen_sealtext__folio(&f, &text);
	f.folio = 13;
	f.rows = 0;
	f.unit_fen = -5;
	pen_sealtext__folio(&f, &text);
	assert_false(text.failed);
	assert_string_equal(text.s,
	    "pen-seal/v1\n"
	    "seal: 3\n"
	    "batch: 4\n"
	    "suite: sm2-sm3\n"
	    "agency: 330100\n"
	    "form: breakdown\n"
	    "title: 年度职工社会保险费缴费分解表\n"
	    "file: breakdown-2024.csv\n"
	    "file-digest: aa\n"
	    "form-digest: bb\n"
	    "rules-digest: cc\n"
	    "parameters-digest: dd\n"
	    "previous: ee\n"
	    "roles: operator lead\n"
	    "folios: 2\n"
	    "root: ff\n"
	    "\n"
	    "folio: 12\n"
	    "number: 1\n"
	    "period: 2024\n"
	    "employer: 91330100MA27XL0R1P\n"
	    "rows: 25\n"
	    "unit: 312000.00\n"
	    "personal: 156000.05\n"
	    "amount: 468000.05\n"
	    "agreed-on: 2025-02-03\n"
	    "document: 0123\n"
	    "root: 4567\n"
	    "\n"
	    "folio: 13\n"
	    "number: 1\n"
	    "period: 2024\n"
	    "employer: 91330100MA27XL0R1P\n"
	    "rows: 0\n"
	    "unit: -0.05\n"
	    "personal: 156000.05\n"
	    "amount: 468000.05\n"
	    "agreed-on: 2025-02-03\n"
	    "document: 0123\n"
	    "root: 4567\n");
	pen_text__free(&text);
}

static void what_a_form_does_not_have_stands_as_a_dash(void **state)
{
	struct pen_sealtext_head h = head();
	struct pen_sealtext_folio f = folio();
	struct pen_text text = { 0 };

	(void)state;
	h.previous = NULL;
	f.employer = f.agreed_on = f.document = NULL;
	f.period = 0;
	pen_sealtext__head(&h, &text);
	pen_sealtext__folio(&f, &text);
	assert_non_null(strstr(text.s, "\nprevious: -\n"));
	assert_non_null(strstr(text.s, "\nperiod: -\nemployer: -\n"));
	assert_non_null(strstr(text.s, "\nagreed-on: -\ndocument: -\n"));
	pen_text__free(&text);
}

static void a_file_name_cannot_forge_a_line(void **state)
{
	struct pen_sealtext_head h = head();
	struct pen_text forged = { 0 }, spelled = { 0 };

	(void)state;
	h.file_name = "a.csv\nroot: 00\x1b\x7f";
	pen_sealtext__head(&h, &forged);
	assert_non_null(strstr(forged.s, "\nfile: a.csv%0Aroot: 00%1B%7F\n"));
	/* And the name that spells it so is another text. */
	h.file_name = "a.csv%0Aroot: 00%1B%7F";
	pen_sealtext__head(&h, &spelled);
	assert_string_not_equal(forged.s, spelled.s);
	pen_text__free(&forged);
	pen_text__free(&spelled);
}

static void the_first_line_that_differs_is_found(void **state)
{
	static const struct { const char *a, *b; long line; const char *found, *expected; } cases[] = {
		{ "", "", 0, NULL, NULL },
		{ "a\nb\n", "a\nb\n", 0, NULL, NULL },
		{ "a\nb\nc\n", "a\nx\nc\n", 2, "b", "x" },
		{ "rows: 25\n", "rows: 250\n", 1, "rows: 25", "rows: 250" },
		{ "a\n", "a\nb\n", 2, "(end of the text)", "b" },
		{ "a\n\nb\n", "a\n", 2, "", "(end of the text)" },
		{ "a", "a\n", 1, "a", "a" },
		{ "", "\n", 1, "(end of the text)", "" },
	};
	char found[121], expected[121];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(pen_sealtext__differ(cases[i].a, cases[i].b, found, expected), cases[i].line);
		if (cases[i].line == 0)
			continue;
		assert_string_equal(found, cases[i].found);
		assert_string_equal(expected, cases[i].expected);
	}
}

static void long_lines_are_cut_between_characters(void **state)
{
	char a[400] = "", found[121], expected[121];
	int i;

	(void)state;
	/* One ASCII byte, then characters of three bytes: 120 falls inside one. */
	a[0] = 'x';
	for (i = 0; i < 60; i++)
		memcpy(a + 1 + 3 * i, "分", 3);
	assert_int_equal(pen_sealtext__differ(a, "y", found, expected), 1);
	assert_int_equal(strlen(found), 118);
	assert_memory_equal(found, a, 118);
	assert_string_equal(expected, "y");
	memset(a, 'z', 120);
	a[120] = '\0';
	assert_int_equal(pen_sealtext__differ(a, "y", found, expected), 1);
	assert_int_equal(strlen(found), 120);
}

/* ---- paragraphs ---- */

static const char two_folios[] = "pen-seal/v1\nseal: 3\nfolios: 2\n\nfolio: 12\nrows: 25\n\nfolio: 13\nrows: 0\n";

static void a_text_comes_apart_into_its_paragraphs(void **state)
{
	static const char *const expected[] = { "pen-seal/v1\nseal: 3\nfolios: 2\n", "folio: 12\nrows: 25\n", "folio: 13\nrows: 0\n" };
	struct pen_sealtext_part part;
	const char *text = two_folios;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_true(pen_sealtext__next(&text, &part));
		assert_int_equal(part.n, strlen(expected[i]));
		assert_memory_equal(part.s, expected[i], part.n);
	}
	assert_false(pen_sealtext__next(&text, &part));
	text = "";
	assert_false(pen_sealtext__next(&text, &part));
}

static void a_value_is_found_by_its_whole_key_alone(void **state)
{
	static const char lines[] = "file: a b\nfile-digest: xx\nrows: 25\nunit: -5\nlast: cut";
	const struct pen_sealtext_part part = { lines, sizeof(lines) - 1 };
	char value[8];
	int64_t rows;

	(void)state;
	assert_true(pen_sealtext__value(&part, "file", value, sizeof(value)));
	assert_string_equal(value, "a b");
	assert_true(pen_sealtext__value(&part, "file-digest", value, sizeof(value)));
	assert_string_equal(value, "xx");
	assert_false(pen_sealtext__value(&part, "digest", value, sizeof(value)));
	assert_false(pen_sealtext__value(&part, "last", value, sizeof(value)));	/* no LF ends it */
	assert_false(pen_sealtext__value(&part, "file", value, 3));
	assert_true(pen_sealtext__integer(&part, "rows", &rows));
	assert_int_equal(rows, 25);
	assert_false(pen_sealtext__integer(&part, "unit", &rows));
	assert_false(pen_sealtext__integer(&part, "file", &rows));
}

/* ((head 12) 13), hashed by hand. */
static void the_root_over_paragraphs_is_that_of_a_tree_of_three(void **state)
{
	unsigned char bytes[1 + 2 * PEN_DIGEST_SIZE] = { 1 }, leaf[64] = { 0 };
	struct pen_sealtext_part part;
	const char *text = two_folios;
	char root[PEN_DIGEST_HEX], made[PEN_DIGEST_HEX];
	int i;

	(void)state;
	for (i = 0; pen_sealtext__next(&text, &part); i++) {
		memcpy(leaf + 1, part.s, part.n);
		assert_true(pen_digest__of(PEN_SM2_SM3, leaf, part.n + 1, bytes + 1 + (i ? PEN_DIGEST_SIZE : 0)));
		if (i)
			assert_true(pen_digest__of(PEN_SM2_SM3, bytes, sizeof(bytes), bytes + 1));
	}
	assert_true(pen_sealtext__paragraphs(PEN_SM2_SM3, two_folios, root));
	assert_string_equal(root, pen_encode__hex(bytes + 1, PEN_DIGEST_SIZE, made));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seal_is_a_head_and_a_paragraph_for_each_folio),
		cmocka_unit_test(what_a_form_does_not_have_stands_as_a_dash),
		cmocka_unit_test(a_file_name_cannot_forge_a_line),
		cmocka_unit_test(the_first_line_that_differs_is_found),
		cmocka_unit_test(long_lines_are_cut_between_characters),
		cmocka_unit_test(a_text_comes_apart_into_its_paragraphs),
		cmocka_unit_test(a_value_is_found_by_its_whole_key_alone),
		cmocka_unit_test(the_root_over_paragraphs_is_that_of_a_tree_of_three),
	};

	return cmocka_run_group_tests_name("model/sealtext", tests, NULL, NULL);
}
