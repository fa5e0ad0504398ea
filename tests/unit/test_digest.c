#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/digest.h"
#include "base/encode.h"

#include <pthread.h>

static void expect_digest(enum pen_suite suite, const void *bytes, size_t n, const char *expected)
{
	unsigned char out[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	assert_true(pen_digest__of(suite, bytes, n, out));
	assert_string_equal(pen_encode__hex(out, sizeof out, hex), expected);
}

static void sm3_gives_the_digests_of_gb_t_32905(void **state)
{
	(void)state;
	expect_digest(PEN_SM2_SM3, "abc", 3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
	expect_digest(PEN_SM2_SM3, "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd", 64,
	    "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

static void sha256_gives_the_digests_of_fips_180(void **state)
{
	(void)state;
	expect_digest(PEN_ED25519_SHA256, "abc", 3,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_digest(PEN_ED25519_SHA256, "", 0,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void a_running_digest_is_used_again_and_again(void **state)
{
	static const enum pen_suite suites[] = { PEN_SM2_SM3, PEN_ED25519_SHA256 };
	unsigned char whole[PEN_DIGEST_SIZE], parts[PEN_DIGEST_SIZE];

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct pen_digest *digest = pen_digest__new(suites[s]);

		assert_non_null(digest);
		for (size_t n = 0; n < 200; n += 7) {
			unsigned char bytes[200];

			memset(bytes, (int)n, sizeof bytes);
			pen_digest__start(digest);
			pen_digest__add(digest, bytes, n / 3);
			pen_digest__add(digest, bytes + n / 3, 0);
			pen_digest__add(digest, bytes + n / 3, n - n / 3);
			pen_digest__end(digest, parts);
			assert_true(pen_digest__of(suites[s], bytes, n, whole));
			assert_memory_equal(parts, whole, sizeof whole);
		}
		pen_digest__free(digest);
	}
}

static void an_abandoned_digest_starts_anew(void **state)
{
	struct pen_digest *digest = pen_digest__new(PEN_SM2_SM3);
	unsigned char out[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	(void)state;
	pen_digest__start(digest);
	pen_digest__add(digest, "something else", 14);
	pen_digest__start(digest);
	pen_digest__add(digest, "abc", 3);
	pen_digest__end(digest, out);
	assert_string_equal(pen_encode__hex(out, sizeof out, hex),
	    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
	pen_digest__free(digest);
	pen_digest__free(NULL);
}

static void expect_hmac(enum pen_suite suite, const void *key, size_t key_n, const void *bytes, size_t n,
    const char *expected)
{
	unsigned char out[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	assert_true(pen_digest__hmac(suite, key, key_n, bytes, n, out));
	assert_string_equal(pen_encode__hex(out, sizeof out, hex), expected);
}

static void hmac_gives_the_values_of_rfc_4231(void **state)
{
	unsigned char key[131], data[50];

	(void)state;
	memset(key, 0x0b, 20);
	expect_hmac(PEN_ED25519_SHA256, key, 20, "Hi There", 8,
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	expect_hmac(PEN_ED25519_SHA256, "Jefe", 4, "what do ya want for nothing?", 28,
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, 20);
	memset(data, 0xdd, 50);
	expect_hmac(PEN_ED25519_SHA256, key, 20, data, 50,
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	/* A key longer than a block. */
	memset(key, 0xaa, sizeof key);
	expect_hmac(PEN_ED25519_SHA256, key, sizeof key,
	    "Test Using Larger Than Block-Size Key - Hash Key First", 54,
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 2104 written out, over the digests proven above. */
static void hmac_with_sm3_is_rfc_2104_over_sm3(void **state)
{
	unsigned char inner[64 + 8], outer[64 + PEN_DIGEST_SIZE], expected[PEN_DIGEST_SIZE], out[PEN_DIGEST_SIZE];
	const unsigned char key[5] = "pensi";

	(void)state;
	memset(inner, 0x36, 64);
	memset(outer, 0x5c, 64);
	for (size_t i = 0; i < sizeof key; i++) {
		inner[i] ^= key[i];
		outer[i] ^= key[i];
	}
	memcpy(inner + 64, "Hi There", 8);
	assert_true(pen_digest__of(PEN_SM2_SM3, inner, sizeof inner, outer + 64));
	assert_true(pen_digest__of(PEN_SM2_SM3, outer, sizeof outer, expected));
	assert_true(pen_digest__hmac(PEN_SM2_SM3, key, sizeof key, "Hi There", 8, out));
	assert_memory_equal(out, expected, sizeof out);
}

static void an_empty_key_and_no_bytes_have_an_hmac(void **state)
{
	(void)state;
	expect_hmac(PEN_ED25519_SHA256, NULL, 0, NULL, 0,
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void suites_are_known_by_their_names(void **state)
{
	enum pen_suite suite;

	(void)state;
	assert_int_equal(pen_digest__suite("sm2-sm3", &suite), 0);
	assert_int_equal(suite, PEN_SM2_SM3);
	assert_int_equal(pen_digest__suite("ed25519-sha256", &suite), 0);
	assert_int_equal(suite, PEN_ED25519_SHA256);
	assert_int_equal(pen_digest__suite("SM2-SM3", &suite), -1);
	assert_int_equal(pen_digest__suite("", &suite), -1);
	assert_string_equal(pen_digest__suite_name(PEN_SM2_SM3), "sm2-sm3");
	assert_string_equal(pen_digest__suite_name(PEN_ED25519_SHA256), "ed25519-sha256");
	assert_string_equal(pen_digest__name(PEN_SM2_SM3), "sm3");
	assert_string_equal(pen_digest__name(PEN_ED25519_SHA256), "sha256");
}

static void random_bytes_do_not_repeat(void **state)
{
	struct pen_error error = { 0 };
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	assert_int_equal(pen_digest__random(a, sizeof a, &error), PEN_OK);
	assert_int_equal(pen_digest__random(b, sizeof b, &error), PEN_OK);
	assert_memory_not_equal(a, b, sizeof a);
}

static void *digest_many(void *failed)
{
	unsigned char first[PEN_DIGEST_SIZE], out[PEN_DIGEST_SIZE];

	*(bool *)failed = !pen_digest__hmac(PEN_SM2_SM3, "k", 1, "x", 1, first);
	for (int i = 0; i < 500; i++)
		if (!pen_digest__hmac(PEN_SM2_SM3, "k", 1, "x", 1, out) || memcmp(first, out, sizeof out) != 0)
			*(bool *)failed = true;
	return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
	pthread_t threads[4];
	bool failed[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, digest_many, &failed[i]), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_false(failed[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sm3_gives_the_digests_of_gb_t_32905),
		cmocka_unit_test(sha256_gives_the_digests_of_fips_180),
		cmocka_unit_test(a_running_digest_is_used_again_and_again),
		cmocka_unit_test(an_abandoned_digest_starts_anew),
		cmocka_unit_test(hmac_gives_the_values_of_rfc_4231),
		cmocka_unit_test(hmac_with_sm3_is_rfc_2104_over_sm3),
		cmocka_unit_test(an_empty_key_and_no_bytes_have_an_hmac),
		cmocka_unit_test(suites_are_known_by_their_names),
		cmocka_unit_test(random_bytes_do_not_repeat),
		cmocka_unit_test(threads_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests_name("adapter/digest", tests, NULL, NULL);
}
