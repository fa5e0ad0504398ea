#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/json.h"
#include "base/encode.h"
#include "model/leaf.h"

#include <string.h>

/* SHA-256 of nothing, as a source file's digest. */
#define FILE_DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* The 32 bytes 00 01 … 1f. */
static const unsigned char *store_secret(void)
{
	static unsigned char bytes[32];
	int i;

	for (i = 0; i < 32; i++)
		bytes[i] = (unsigned char)i;
	return bytes;
}

static struct pen_leaf *leaf_of(enum pen_kind_id kind)
{
	unsigned char secret[PEN_DIGEST_SIZE];
	struct pen_leaf *leaf;

	assert_true(pen_leaf__secret(PEN_SM2_SM3, store_secret(), FILE_DIGEST, "breakdown", secret));
	leaf = pen_leaf__new(PEN_SM2_SM3, pen_kind__of(kind), secret);
	assert_non_null(leaf);
	return leaf;
}

static struct pen_value string(const char *s)
{
	return pen_value__string(s, strlen(s));
}

static const char *text_of(struct pen_leaf *leaf, const struct pen_row *row)
{
	struct pen_error error = { 0 };
	const char *text;
	size_t n;

	assert_int_equal(pen_leaf__text(leaf, row, &text, &n, &error), PEN_OK);
	assert_int_equal(strlen(text), n);
	return text;
}

static struct pen_row contribution(void)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };

	row.v[PEN_SUBJECT] = pen_value__integer(17);
	row.v[PEN_LINE] = pen_value__integer(2);
	row.v[PEN_CONTRIBUTION_SEQUENCE] = pen_value__integer(1);
	row.v[PEN_CONTRIBUTION_KIND] = pen_value__integer(PEN_NORMAL);
	row.v[PEN_CONTRIBUTION_BASE] = pen_value__integer(650000);
	row.v[PEN_CONTRIBUTION_MONTHS] = pen_value__integer(0xfff);
	row.v[PEN_CONTRIBUTION_MONTHS_ASSUMED] = pen_value__integer(0);
	row.v[PEN_CONTRIBUTION_UNIT] = pen_value__integer(1248000);
	row.v[PEN_CONTRIBUTION_PERSONAL] = pen_value__integer(624000);
	row.v[PEN_CONTRIBUTION_FOR_YEAR] = pen_value__null();
	row.v[PEN_CONTRIBUTION_ARRIVED] = pen_value__integer(20241231);
	row.v[PEN_CONTRIBUTION_VOUCHER] = string("A/1");
	return row;
}

/* The expected bytes: printf %s FILE_DIGEST/breakdown | openssl dgst -sm3 -mac
 * HMAC -macopt hexkey:0001…1f, and -sha256. */
static void the_batch_secret_is_an_hmac(void **state)
{
	unsigned char secret[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	(void)state;
	assert_true(pen_leaf__secret(PEN_SM2_SM3, store_secret(), FILE_DIGEST, "breakdown", secret));
	assert_string_equal(pen_encode__hex(secret, sizeof(secret), hex),
	    "e63af6b27ec3a4a7713e76b4a6558caea809e8dc5a7c0e15ccaaadf7a9100089");
	assert_true(pen_leaf__secret(PEN_ED25519_SHA256, store_secret(), FILE_DIGEST, "breakdown", secret));
	assert_string_equal(pen_encode__hex(secret, sizeof(secret), hex),
	    "bb1d4d81bb8d2e043720691b4141e23354c1694dccb7726d37349d052522acba");
}

/* The expected salts: printf '<secret><line as 16 digits>' | xxd -r -p | openssl dgst -sm3. */
static void the_salt_is_half_a_digest_of_secret_and_line(void **state)
{
	struct pen_leaf *leaf = leaf_of(PEN_KIND_CONTRIBUTION);
	char salt[33];

	(void)state;
	pen_leaf__salt(leaf, 2, salt);
	assert_string_equal(salt, "11b5763f8020015e41a1daaf9cf78864");
	pen_leaf__salt(leaf, 300, salt);
	assert_string_equal(salt, "ca77e941e31e0699c9a17960fae8accf");
	pen_leaf__free(leaf);
}

/* The order of the keys is that of jq -cS, which this line goes through unchanged. */
static void a_leaf_has_the_columns_in_canonical_order(void **state)
{
	struct pen_leaf *leaf = leaf_of(PEN_KIND_CONTRIBUTION);
	struct pen_row row = contribution();

	(void)state;
	assert_string_equal(text_of(leaf, &row),
	    "{\"arrived\":20241231,\"base_fen\":650000,\"kind\":1,\"line\":2,\"months\":4095,"
	    "\"months_assumed\":0,\"person\":17,\"personal_fen\":624000,\"record\":\"contribution\","
	    "\"salt\":\"11b5763f8020015e41a1daaf9cf78864\",\"sequence\":1,\"unit_fen\":1248000,"
	    "\"voucher\":\"A/1\"}");
	pen_leaf__free(leaf);
}

static void an_empty_column_is_left_out_and_a_filled_one_is_not(void **state)
{
	struct pen_leaf *leaf = leaf_of(PEN_KIND_CONTRIBUTION);
	struct pen_row row = contribution();

	(void)state;
	assert_null(strstr(text_of(leaf, &row), "for_year"));
	row.v[PEN_CONTRIBUTION_FOR_YEAR] = pen_value__integer(2023);
	assert_non_null(strstr(text_of(leaf, &row), "\"base_fen\":650000,\"for_year\":2023,\"kind\":1"));
	row.v[PEN_CONTRIBUTION_ARRIVED] = pen_value__null();
	assert_memory_equal(text_of(leaf, &row), "{\"base_fen\"", 11);
	row.v[PEN_CONTRIBUTION_VOUCHER] = string("");
	assert_non_null(strstr(text_of(leaf, &row), "\"voucher\":\"\"}"));
	pen_leaf__free(leaf);
}

/* RFC 8785 section 3.2.2.2: two-character escapes first, other controls as
 * \u00xx in lower case, everything else as it is, '/' and DEL too. */
static void strings_are_escaped_as_rfc_8785_says(void **state)
{
	static const char voucher[] = "\xe2\x82\xac$\x0f\x0a" "A'B\"\\\\\"/\x08\x09\x0c\x0d\x1f\x7f\xe2\x80\xa8\xf0\xa0\xae\xb7";
	static const char expected[] = "\"voucher\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/"
	    "\\b\\t\\f\\r\\u001f\x7f\xe2\x80\xa8\xf0\xa0\xae\xb7\"}";
	struct pen_leaf *leaf = leaf_of(PEN_KIND_CONTRIBUTION);
	struct pen_row row = contribution();

	(void)state;
	row.v[PEN_CONTRIBUTION_VOUCHER] = string(voucher);
	assert_non_null(strstr(text_of(leaf, &row), expected));
	pen_leaf__free(leaf);
}

static void bytes_never_pass_for_the_text_that_they_spell(void **state)
{
	struct pen_leaf *leaf = leaf_of(PEN_KIND_CONTRIBUTION);
	struct pen_row row = contribution();

	(void)state;
	row.v[PEN_CONTRIBUTION_VOUCHER] = (struct pen_value){ PEN_BYTES, 0, "A/1", 3 };
	assert_non_null(strstr(text_of(leaf, &row), "\"voucher\":{\"bytes\":\"412f31\"}}"));
	pen_leaf__free(leaf);
}

static void every_digit_of_a_number_counts(void **state)
{
	struct pen_leaf *leaf = leaf_of(PEN_KIND_CONTRIBUTION);
	struct pen_row row = contribution();

	(void)state;
	row.v[PEN_CONTRIBUTION_UNIT] = pen_value__integer(INT64_MIN);
	row.v[PEN_CONTRIBUTION_PERSONAL] = pen_value__integer(INT64_C(9007199254740993));
	assert_non_null(strstr(text_of(leaf, &row), "\"unit_fen\":-9223372036854775808,"));
	assert_non_null(strstr(text_of(leaf, &row), "\"personal_fen\":9007199254740993,"));
	pen_leaf__free(leaf);
}

/* Read back by the JSON adapter, for each kind: every column under its own
 * key, the record's kind, the salt, nothing else, and the keys in order. */
static void check_kind(enum pen_kind_id id)
{
	const struct pen_kind *kind = pen_kind__of(id);
	struct pen_leaf *leaf = leaf_of(id);
	struct pen_row row = { .kind = kind };
	struct pen_error error = { 0 };
	const struct pen_json *node, *next;
	struct pen_json *json;
	const char *text;
	int64_t value;
	int i;

	for (i = 0; i < kind->count; i++)
		row.v[i] = pen_value__integer(1000 + i);
	text = text_of(leaf, &row);
	assert_int_equal(pen_json__parse(&json, text, strlen(text), &error), PEN_OK);
	assert_int_equal(pen_json__count(json), kind->count + 2);
	for (i = 0; i < kind->count; i++) {
		assert_true(pen_json__integer(pen_json__member(json, kind->columns[i].name), &value));
		assert_int_equal(value, 1000 + i);
	}
	assert_string_equal(pen_json__string(pen_json__member(json, "record")), kind->name);
	assert_int_equal(strlen(pen_json__string(pen_json__member(json, "salt"))), 32);
	for (node = pen_json__first(json); (next = pen_json__next(node)) != NULL; node = next)
		assert_true(strcmp(pen_json__key(node), pen_json__key(next)) < 0);
	pen_json__free(json);
	pen_leaf__free(leaf);
}

static void every_kind_shows_all_its_columns_in_order(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < PEN_KINDS; i++)
		check_kind((enum pen_kind_id)i);
}

static void another_line_or_file_or_form_has_another_salt(void **state)
{
	unsigned char a[PEN_DIGEST_SIZE], b[PEN_DIGEST_SIZE];
	struct pen_leaf *leaf = leaf_of(PEN_KIND_LEVY);
	char first[33], second[33];

	(void)state;
	pen_leaf__salt(leaf, 1, first);
	pen_leaf__salt(leaf, INT64_C(1) << 56, second);
	assert_string_not_equal(first, second);
	pen_leaf__free(leaf);
	assert_true(pen_leaf__secret(PEN_SM2_SM3, store_secret(), FILE_DIGEST, "levy", a));
	assert_true(pen_leaf__secret(PEN_SM2_SM3, store_secret(), FILE_DIGEST, "opening", b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_true(pen_leaf__secret(PEN_SM2_SM3, store_secret(), "00", "levy", b));
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_batch_secret_is_an_hmac),
		cmocka_unit_test(the_salt_is_half_a_digest_of_secret_and_line),
		cmocka_unit_test(a_leaf_has_the_columns_in_canonical_order),
		cmocka_unit_test(an_empty_column_is_left_out_and_a_filled_one_is_not),
		cmocka_unit_test(strings_are_escaped_as_rfc_8785_says),
		cmocka_unit_test(bytes_never_pass_for_the_text_that_they_spell),
		cmocka_unit_test(every_digit_of_a_number_counts),
		cmocka_unit_test(every_kind_shows_all_its_columns_in_order),
		cmocka_unit_test(another_line_or_file_or_form_has_another_salt),
	};

	return cmocka_run_group_tests_name("model/leaf", tests, NULL, NULL);
}
