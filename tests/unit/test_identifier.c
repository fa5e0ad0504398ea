#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/identifier.h"
#include "base/text.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TODAY 20260101

enum kind { CITIZEN, CREDIT, AREA };

/* The vectors of the field's reference, line by line. `raw` is what the value
 * gives as it stands, `folded` what it gives in the folded form; `id` is the
 * form in which it is kept. */
static const struct vector {
	enum kind kind;
	const char *value;
	enum pen_identifier raw, folded;
	const char *id;
} vectors[] = {
	{ CITIZEN, "110000196501150019", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "110000196501150019" },
	{ CITIZEN, "310000197002290027", PEN_IDENTIFIER_DATE, PEN_IDENTIFIER_DATE, "310000197002290027" },
	{ CITIZEN, "510000196402291187", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "510000196402291187" },
	{ CITIZEN, "650000200002292009", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "650000200002292009" },
	{ CITIZEN, "32000019680520007x", PEN_IDENTIFIER_CHAR, PEN_IDENTIFIER_OK, "32000019680520007X" },
	{ CITIZEN, "110000196501150010", PEN_IDENTIFIER_CHECK, PEN_IDENTIFIER_CHECK, "110000196501150010" },
	{ CITIZEN, "110000189912310018", PEN_IDENTIFIER_DATE, PEN_IDENTIFIER_DATE, "110000189912310018" },
	{ CITIZEN, "110000209912310013", PEN_IDENTIFIER_DATE, PEN_IDENTIFIER_DATE, "110000209912310013" },
	{ CITIZEN, "11000019650115001", PEN_IDENTIFIER_LENGTH, PEN_IDENTIFIER_LENGTH, "" },
	{ CITIZEN, "１１００００１９６５０１１５００１９", PEN_IDENTIFIER_LENGTH, PEN_IDENTIFIER_OK, "110000196501150019" },
	/* Damaged by a spreadsheet, though the check passes: for the row rules to say. */
	{ CITIZEN, "110000196501150000", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "110000196501150000" },
	{ CITIZEN, "440000197503010000", PEN_IDENTIFIER_CHECK, PEN_IDENTIFIER_CHECK, "440000197503010000" },
	{ CITIZEN, "310000700101002", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "31000019700101002X" },
	{ CITIZEN, "440000750301003", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "440000197503010037" },
	{ CITIZEN, "320000680520101", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "320000196805201013" },
	/* The vectors give no check for this one; its date stops it. */
	{ CITIZEN, "110000700229001", PEN_IDENTIFIER_DATE, PEN_IDENTIFIER_DATE, NULL },
	{ CITIZEN, "11000065011500X", PEN_IDENTIFIER_CHAR, PEN_IDENTIFIER_CHAR, "" },
	{ CITIZEN, "11000065011500", PEN_IDENTIFIER_LENGTH, PEN_IDENTIFIER_LENGTH, "" },
	{ CREDIT, "91110000MA00000152", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, NULL },
	{ CREDIT, "91310000MA0000XY52", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, NULL },
	{ CREDIT, "91510000MA0000QTX9", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, NULL },
	{ CREDIT, "91650000MA00WK110C", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, NULL },
	{ CREDIT, "91110000MO00000152", PEN_IDENTIFIER_CHAR, PEN_IDENTIFIER_CHAR, NULL },
	{ CREDIT, "91110000ma00000152", PEN_IDENTIFIER_CHAR, PEN_IDENTIFIER_OK, NULL },
	{ CREDIT, "91110000M0A0000152", PEN_IDENTIFIER_CHECK, PEN_IDENTIFIER_CHECK, NULL },
	{ CREDIT, "91110000MA00000820", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, NULL },
	{ AREA, "11010", PEN_IDENTIFIER_LENGTH, PEN_IDENTIFIER_LENGTH, "" },
	{ AREA, "110000000000", PEN_IDENTIFIER_OK, PEN_IDENTIFIER_OK, "110000" },
	{ AREA, "000000", PEN_IDENTIFIER_AREA, PEN_IDENTIFIER_AREA, "" },
};

static enum pen_identifier look(enum kind kind, const char *s, size_t n, char id[19])
{
	id[0] = '\0';
	if (kind == CITIZEN)
		return pen_identifier__citizen(s, n, TODAY, id, NULL);
	if (kind == AREA)
		return pen_identifier__area(s, n, id);
	return pen_identifier__credit(s, n, NULL);
}

/* Full-width to ASCII, then upper case: what a form does before it checks. */
static size_t fold(const char *s, char *out)
{
	bool changed;
	size_t i, n = pen_text__fold_width(s, strlen(s), out, &changed);

	for (i = 0; i < n; i++) {
		if (out[i] >= 'a' && out[i] <= 'z')
			out[i] = (char)(out[i] - 'a' + 'A');
	}
	return n;
}

static void the_vectors_come_out_as_expected(void **state)
{
	char id[19], text[64];
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];

		if (look(v->kind, v->value, strlen(v->value), id) != v->raw)
			fail_msg("%s as it stands", v->value);
		n = fold(v->value, text);
		if (look(v->kind, text, n, id) != v->folded)
			fail_msg("%s folded", v->value);
		if (v->id && strcmp(id, v->id) != 0)
			fail_msg("%s is kept as %s", v->value, id);
	}
}

static void every_other_check_character_is_refused_and_the_right_one_named(void **state)
{
	static const char *const right[] = { "110000196501150019", "32000019680520007X", "440000197503010037" };
	char id[19], wrong[19], expected;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(right); i++) {
		for (j = 0; j < 11; j++) {
			memcpy(wrong, right[i], 19);
			wrong[17] = "0123456789X"[j];
			assert_int_equal(pen_identifier__citizen(wrong, 18, TODAY, id, &expected),
			    wrong[17] == right[i][17] ? PEN_IDENTIFIER_OK : PEN_IDENTIFIER_CHECK);
			assert_int_equal(expected, right[i][17]);
			assert_string_equal(id, wrong);
		}
	}
}

static void the_first_failing_check_is_the_one_reported(void **state)
{
	char id[19], expected;

	(void)state;
	/* Everything wrong, then one thing mended after the other. */
	assert_int_equal(pen_identifier__citizen("9A0000190013320", 14, TODAY, id, &expected), PEN_IDENTIFIER_LENGTH);
	assert_string_equal(id, "");
	assert_int_equal(expected, '\0');
	assert_int_equal(pen_identifier__citizen("9A0000190013320010", 18, TODAY, id, &expected), PEN_IDENTIFIER_CHAR);
	assert_int_equal(expected, '\0');
	assert_int_equal(pen_identifier__citizen("990000190013320010", 18, TODAY, id, &expected), PEN_IDENTIFIER_AREA);
	assert_string_equal(id, "990000190013320010");
	assert_int_equal(pen_identifier__citizen("110000190013320010", 18, TODAY, id, &expected), PEN_IDENTIFIER_DATE);
	assert_int_equal(pen_identifier__citizen("110000196501150010", 18, TODAY, id, &expected), PEN_IDENTIFIER_CHECK);
	assert_int_equal(expected, '9');
}

static void an_x_stands_in_the_last_place_only(void **state)
{
	char id[19];
	const char *const bad[] = { "1100001965011500X9", "X10000196501150019", "11000019650115001 ",
		"11000019650115001x", "110000 96501150019", "11000019650115001Y", "11000019650115001*" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(pen_identifier__citizen(bad[i], 18, TODAY, id, NULL), PEN_IDENTIFIER_CHAR);
	assert_int_equal(pen_identifier__citizen("11000019650115001\0", 18, TODAY, id, NULL), PEN_IDENTIFIER_CHAR);
	assert_int_equal(pen_identifier__citizen("", 0, TODAY, id, NULL), PEN_IDENTIFIER_LENGTH);
	assert_int_equal(pen_identifier__citizen("110000196501150019x", 19, TODAY, id, NULL), PEN_IDENTIFIER_LENGTH);
}

static void people_are_born_between_1900_and_today(void **state)
{
	char id[19];

	(void)state;
	/* Born today, and tomorrow. */
	assert_int_equal(pen_identifier__citizen("110000196501150019", 18, 19650115, id, NULL), PEN_IDENTIFIER_OK);
	assert_int_equal(pen_identifier__citizen("110000196501150019", 18, 19650114, id, NULL), PEN_IDENTIFIER_DATE);
	assert_int_equal(pen_identifier__citizen("110000000101001", 15, TODAY, id, NULL), PEN_IDENTIFIER_OK);
	assert_int_equal(pen_identifier__born(id), 19000101);
}

static void the_numbers_of_centenarians_are_not_lifted(void **state)
{
	char id[19];

	(void)state;
	assert_int_equal(pen_identifier__citizen("110000650115995", 15, TODAY, id, NULL), PEN_IDENTIFIER_OK);
	assert_int_equal(pen_identifier__citizen("110000650115996", 15, TODAY, id, NULL), PEN_IDENTIFIER_CHAR);
	assert_string_equal(id, "");
	assert_int_equal(pen_identifier__citizen("110000650115999", 15, TODAY, id, NULL), PEN_IDENTIFIER_CHAR);
}

static void birth_and_sex_are_read_from_the_number(void **state)
{
	(void)state;
	assert_int_equal(pen_identifier__born("110000196501150019"), 19650115);
	assert_int_equal(pen_identifier__sex("110000196501150019"), 1);
	assert_int_equal(pen_identifier__born("650000200002292009"), 20000229);
	assert_int_equal(pen_identifier__sex("650000200002292009"), 2);
	assert_int_equal(pen_identifier__sex("510000196402291187"), 2);
}

static void a_credit_code_with_one_character_changed_is_refused(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	static const char right[] = "91650000MA00WK110C";
	char code[19], expected;
	int i, j;

	(void)state;
	/* The weights have inverses modulo 31: no single change can pass. */
	for (i = 0; i < 18; i++) {
		for (j = 0; j < 31; j++) {
			memcpy(code, right, 19);
			code[i] = alphabet[j];
			assert_int_equal(pen_identifier__credit(code, 18, &expected),
			    code[i] == right[i] ? PEN_IDENTIFIER_OK : PEN_IDENTIFIER_CHECK);
			if (i == 17)
				assert_int_equal(expected, 'C');
		}
	}
}

static void a_credit_code_uses_its_own_alphabet(void **state)
{
	const char *c;
	char code[19], expected;

	(void)state;
	for (c = "IOSVZ-* a"; *c; c++) {
		memcpy(code, "91650000MA00WK110C", 19);
		code[12] = *c;
		assert_int_equal(pen_identifier__credit(code, 18, &expected), PEN_IDENTIFIER_CHAR);
		assert_int_equal(expected, '\0');
	}
	code[12] = '\0';
	assert_int_equal(pen_identifier__credit(code, 18, NULL), PEN_IDENTIFIER_CHAR);
	assert_int_equal(pen_identifier__credit("91650000MA00WK110", 17, NULL), PEN_IDENTIFIER_LENGTH);
	assert_int_equal(pen_identifier__credit("91650000MA00WK110C1", 19, NULL), PEN_IDENTIFIER_LENGTH);
}

static void areas_lie_in_a_known_province(void **state)
{
	static const char known[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
	    "50 51 52 53 54 61 62 63 64 65 71 81 82 83 ";
	char code[7] = "000100", pair[4] = "00 ", area[7];
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		code[0] = pair[0] = (char)('0' + i / 10);
		code[1] = pair[1] = (char)('0' + i % 10);
		assert_int_equal(pen_identifier__area(code, 6, area),
		    strstr(known, pair) ? PEN_IDENTIFIER_OK : PEN_IDENTIFIER_AREA);
	}
	assert_int_equal(pen_identifier__area("330106001002", 12, area), PEN_IDENTIFIER_OK);
	assert_string_equal(area, "330106");
	assert_int_equal(pen_identifier__area("33010600100X", 12, area), PEN_IDENTIFIER_CHAR);
	assert_string_equal(area, "");
	assert_int_equal(pen_identifier__area("330106001", 9, area), PEN_IDENTIFIER_LENGTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_come_out_as_expected),
		cmocka_unit_test(every_other_check_character_is_refused_and_the_right_one_named),
		cmocka_unit_test(the_first_failing_check_is_the_one_reported),
		cmocka_unit_test(an_x_stands_in_the_last_place_only),
		cmocka_unit_test(people_are_born_between_1900_and_today),
		cmocka_unit_test(the_numbers_of_centenarians_are_not_lifted),
		cmocka_unit_test(birth_and_sex_are_read_from_the_number),
		cmocka_unit_test(a_credit_code_with_one_character_changed_is_refused),
		cmocka_unit_test(a_credit_code_uses_its_own_alphabet),
		cmocka_unit_test(areas_lie_in_a_known_province),
	};

	return cmocka_run_group_tests_name("base/identifier", tests, NULL, NULL);
}
