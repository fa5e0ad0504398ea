#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/signature.h"
#include "base/encode.h"
#include "base/memory.h"
#include "verifies.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const enum pen_suite suites[] = { PEN_SM2_SM3, PEN_ED25519_SHA256 };

static struct pen_key *make(enum pen_suite suite)
{
	struct pen_error error = { 0 };
	struct pen_key *key;

	assert_int_equal(pen_signature__generate(&key, suite, &error), PEN_OK);
	return key;
}

/* The same key, from its public half alone. */
static struct pen_key *public_of(const struct pen_key *key, enum pen_suite suite)
{
	struct pen_error error = { 0 };
	struct pen_key *public;
	char *pem;

	assert_int_equal(pen_signature__write_public(key, &pem, &error), PEN_OK);
	assert_int_equal(pen_signature__read_public(&public, suite, pem, strlen(pem), &error), PEN_OK);
	pen_memory__free(pem);
	return public;
}

/* ---- libcrypto's memory: the one piece that is not to be had, or the first of all ---- */

static long piece = -1, missing = -1;
static bool for_good;

static bool is_missing(void)
{
	piece++;
	return missing >= 0 && (for_good ? piece >= missing : piece == missing);
}

static void *scarce_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return is_missing() ? NULL : malloc(n);
}

static void *scarce_realloc(void *old, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return is_missing() ? NULL : realloc(old, n);
}

static void scarce_free(void *old, const char *file, int line)
{
	(void)file;
	(void)line;
	free(old);
}

/* RFC 8032, 7.1, test 1: over no bytes. */
static const unsigned char of_nothing[] = {
	0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80, 0x6e, 0x82, 0x8a,
	0x84, 0x87, 0x7f, 0x1e, 0xb8, 0xe5, 0xd9, 0x74, 0xd8, 0x73, 0xe0, 0x65, 0x22, 0x49, 0x01, 0x55,
	0x5f, 0xb8, 0x82, 0x15, 0x90, 0xa3, 0x3b, 0xac, 0xc6, 0x1e, 0x39, 0x70, 0x1c, 0xf9, 0xb4, 0x6b,
	0xd2, 0x5b, 0xf5, 0xf0, 0x59, 0x5b, 0xbe, 0x24, 0x65, 0x51, 0x41, 0x43, 0x8e, 0x7a, 0x10, 0x0b,
};

/* Reads both halves of a key, verifies by it and makes another: in a process of its own, since libcrypto sets
 * itself up but once. Tells the status, and how many pieces it took. */
static int in_scarcity(long n, bool lasting, enum pen_suite suite, const char *private, const char *public)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct pen_error error = { 0 };
		struct pen_key *key = NULL;
		bool good = true;

		piece = -1;
		missing = n;
		for_good = lasting;
		if (pen_signature__read_private(&key, suite, private, strlen(private), NULL, NULL, &error) == PEN_OK &&
		    pen_signature__read_public(&key, suite, public, strlen(public), &error) == PEN_OK &&
		    pen_signature__verify(key, "", 0, of_nothing, sizeof(of_nothing), &good, &error) == PEN_OK && good)
			pen_signature__generate(&key, suite, &error);
		if (error.status == PEN_OK && !good)
			error.status = PEN_INTEGRITY;
		_exit(piece < n ? 100 : (int)error.status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The first of all tests: no child finds libcrypto set up. */
static void a_good_key_or_signature_is_not_called_bad_for_want_of_memory(void **state)
{
	static const char private[] = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
	static const char public[] = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
	int lasting, ended = 0;
	long n;

	(void)state;
	for (lasting = 0; lasting < 2; lasting++) {
		for (n = 0; ended != 100; n = n < 50 ? n + 1 : n + 151) {
			ended = in_scarcity(n, lasting, PEN_ED25519_SHA256, private, public);
			if (ended != 0 && ended != PEN_SYSTEM && ended != 100)
				fail_msg("status %d when piece %ld is missing%s", ended, n, lasting ? ", and all after it" : "");
		}
		ended = 0;
	}
}

static void what_is_signed_verifies_and_nothing_else(void **state)
{
	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct pen_error error = { 0 };
		struct pen_key *key = make(suites[s]), *other = make(suites[s]), *public = public_of(key, suites[s]);
		unsigned char signature[PEN_SIGNATURE_ROOM];
		size_t n;

		assert_int_equal(pen_signature__sign(key, "seal", 4, signature, &n, &error), PEN_OK);
		assert_true(verifies(key, "seal", 4, signature, n));
		assert_true(verifies(public, "seal", 4, signature, n));
		assert_false(verifies(public, "sea1", 4, signature, n));
		assert_false(verifies(public, "seal", 3, signature, n));
		assert_false(verifies(other, "seal", 4, signature, n));
		assert_false(verifies(public, "seal", 4, signature, n - 1));
		assert_false(verifies(public, "seal", 4, signature, 0));
		for (size_t bit = 0; bit < 8 * n; bit++) {
			signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
			assert_false(verifies(public, "seal", 4, signature, n));
			signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
		}
		pen_signature__free(key);
		pen_signature__free(other);
		pen_signature__free(public);
	}
}

static void the_empty_text_can_be_signed(void **state)
{
	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct pen_error error = { 0 };
		struct pen_key *key = make(suites[s]);
		unsigned char signature[PEN_SIGNATURE_ROOM];
		size_t n;

		assert_int_equal(pen_signature__sign(key, "", 0, signature, &n, &error), PEN_OK);
		assert_true(verifies(key, "", 0, signature, n));
		assert_false(verifies(key, "x", 1, signature, n));
		pen_signature__free(key);
	}
}

/* The PEM of DER bytes given in hexadecimal. */
static char *pem_of(const char *label, const char *hex, char *pem, size_t room)
{
	unsigned char der[512];
	char base64[PEN_BASE64_ROOM(512)];
	size_t n = strlen(hex) / 2;

	assert_true(n <= sizeof der);
	assert_int_equal(pen_encode__unhex(hex, der, n), 0);
	pen_encode__base64(der, n, base64);
	assert_true(snprintf(pem, room, "-----BEGIN %s-----\n%.64s\n%s%s-----END %s-----\n", label, base64,
	    strlen(base64) > 64 ? base64 + 64 : "", strlen(base64) > 64 ? "\n" : "", label) < (int)room);
	return pem;
}

/* RFC 8032, 7.1: seed, public key, message, signature. */
static const struct { const char *seed, *public, *message, *signature; } rfc8032[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

static void ed25519_gives_the_signatures_of_rfc_8032(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rfc8032 / sizeof *rfc8032; i++) {
		struct pen_error error = { 0 };
		struct pen_key *key;
		char hex[200], pem[400];
		unsigned char message[4], expected[64], public[32], signature[PEN_SIGNATURE_ROOM], *raw;
		size_t message_n = strlen(rfc8032[i].message) / 2, n;

		snprintf(hex, sizeof hex, "302e020100300506032b657004220420%s", rfc8032[i].seed);
		pem_of("PRIVATE KEY", hex, pem, sizeof pem);
		assert_int_equal(pen_signature__read_private(&key, PEN_ED25519_SHA256, pem, strlen(pem), NULL, NULL, &error), PEN_OK);
		pen_encode__unhex(rfc8032[i].message, message, message_n);
		pen_encode__unhex(rfc8032[i].signature, expected, 64);
		pen_encode__unhex(rfc8032[i].public, public, 32);

		assert_int_equal(pen_signature__sign(key, message, message_n, signature, &n, &error), PEN_OK);
		assert_int_equal(n, 64);
		assert_memory_equal(signature, expected, 64);
		assert_true(verifies(key, message, message_n, expected, 64));
		assert_int_equal(pen_signature__raw_public(key, &raw, &n, &error), PEN_OK);
		assert_int_equal(n, 32);
		assert_memory_equal(raw, public, 32);
		pen_memory__free(raw);
		pen_signature__free(key);
	}
}

/* GB/T 32918.5-2017, A.2: the curve that is recommended, id 1234567812345678,
 * "message digest". */
static void sm2_verifies_the_signature_of_gb_t_32918(void **state)
{
	static const char message[] = "message digest";
	struct pen_error error = { 0 };
	struct pen_key *key;
	char pem[400];
	unsigned char signature[72];

	(void)state;
	pem_of("PUBLIC KEY", "3059301306072a8648ce3d020106082a811ccf5501822d034200"
	    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
	    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13", pem, sizeof pem);
	assert_int_equal(pen_signature__read_public(&key, PEN_SM2_SM3, pem, strlen(pem), &error), PEN_OK);
	assert_int_equal(pen_encode__unhex("3046"
	    "022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
	    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa", signature, 72), 0);
	assert_true(verifies(key, message, strlen(message), signature, 72));
	assert_false(verifies(key, message, strlen(message) - 1, signature, 72));
	pen_signature__free(key);
}

static void keys_survive_being_written_and_read(void **state)
{
	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct pen_error error = { 0 };
		struct pen_key *key = make(suites[s]), *back;
		char *pem, *again;

		assert_int_equal(pen_signature__write_private(key, NULL, &pem, &error), PEN_OK);
		assert_int_equal(strncmp(pem, "-----BEGIN PRIVATE KEY-----\n", 28), 0);
		assert_int_equal(pen_signature__read_private(&back, suites[s], pem, strlen(pem), NULL, NULL, &error), PEN_OK);
		assert_true(pen_signature__same(key, back));
		assert_int_equal(pen_signature__write_private(back, NULL, &again, &error), PEN_OK);
		assert_string_equal(pem, again);
		pen_memory__free(pem);
		pen_memory__free(again);
		pen_signature__free(key);
		pen_signature__free(back);
	}
}

static int answer(void *context, char *buf, int room)
{
	return context ? snprintf(buf, (size_t)room, "%s", (const char *)context) : -1;
}

static void an_encrypted_key_opens_with_its_passphrase_only(void **state)
{
	char right[] = "open sesame", wrong[] = "open sesam";

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct pen_error error = { 0 };
		struct pen_key *key = make(suites[s]), *back;
		char *pem;
		size_t n;

		assert_int_equal(pen_signature__write_private(key, right, &pem, &error), PEN_OK);
		n = strlen(pem);
		assert_int_equal(strncmp(pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", 38), 0);
		assert_int_equal(pen_signature__read_private(&back, suites[s], pem, n, answer, right, &error), PEN_OK);
		assert_true(pen_signature__same(key, back));
		pen_signature__free(back);

		assert_int_equal(pen_signature__read_private(&back, suites[s], pem, n, answer, wrong, &error), PEN_REFUSED);
		assert_string_equal(error.code, "key.passphrase");
		assert_non_null(strstr(error.text, "does not open"));
		assert_int_equal(pen_signature__read_private(&back, suites[s], pem, n, answer, NULL, &error), PEN_REFUSED);
		assert_non_null(strstr(error.text, "no passphrase was given"));
		assert_int_equal(pen_signature__read_private(&back, suites[s], pem, n, NULL, NULL, &error), PEN_REFUSED);
		assert_string_equal(error.code, "key.passphrase");
		pen_memory__free(pem);
		pen_signature__free(key);
	}
}

static void a_key_of_another_suite_is_refused_by_name(void **state)
{
	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct pen_error error = { 0 };
		struct pen_key *key = make(suites[s]), *back;
		char *private, *public;

		assert_int_equal(pen_signature__write_private(key, NULL, &private, &error), PEN_OK);
		assert_int_equal(pen_signature__write_public(key, &public, &error), PEN_OK);
		assert_int_equal(pen_signature__read_private(&back, suites[1 - s], private, strlen(private), NULL, NULL, &error), PEN_INPUT);
		assert_string_equal(error.code, "key.suite");
		assert_non_null(strstr(error.text, pen_digest__suite_name(suites[1 - s])));
		assert_int_equal(pen_signature__read_public(&back, suites[1 - s], public, strlen(public), &error), PEN_INPUT);
		assert_string_equal(error.code, "key.suite");
		pen_memory__free(private);
		pen_memory__free(public);
		pen_signature__free(key);
	}
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "hello", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PRIVATE KEY-----\nMCow\n-----END PRIVATE KEY-----\n",
	};
	struct pen_error error = { 0 };
	struct pen_key *key;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(pen_signature__read_public(&key, PEN_SM2_SM3, bad[i], strlen(bad[i]), &error), PEN_INPUT);
		assert_string_equal(error.code, "key.unreadable");
		assert_int_equal(pen_signature__read_private(&key, PEN_SM2_SM3, bad[i], strlen(bad[i]), NULL, NULL, &error), PEN_INPUT);
		assert_string_equal(error.code, "key.unreadable");
	}
}

static void a_point_off_the_curve_is_no_key(void **state)
{
	struct pen_error error = { 0 };
	struct pen_key *key;
	char pem[400];

	(void)state;
	pem_of("PUBLIC KEY", "3059301306072a8648ce3d020106082a811ccf5501822d034200"
	    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
	    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad14", pem, sizeof pem);
	assert_int_equal(pen_signature__read_public(&key, PEN_SM2_SM3, pem, strlen(pem), &error), PEN_INPUT);
}

static void public_keys_are_the_same_or_are_not(void **state)
{
	struct pen_key *a = make(PEN_SM2_SM3), *b = make(PEN_SM2_SM3), *c = make(PEN_ED25519_SHA256);
	struct pen_key *public = public_of(a, PEN_SM2_SM3);

	(void)state;
	assert_true(pen_signature__same(a, public));
	assert_false(pen_signature__same(a, b));
	assert_false(pen_signature__same(a, c));
	pen_signature__free(a);
	pen_signature__free(b);
	pen_signature__free(c);
	pen_signature__free(public);
	pen_signature__free(NULL);
}

/* One key as openssl ec -pubout writes it: -conv_form uncompressed, compressed
 * and hybrid, and with -param_enc explicit. */
static void a_key_has_one_text_in_whatever_form_it_came(void **state)
{
	static const char *const forms[] = {
		"-----BEGIN PUBLIC KEY-----\n"
		"MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE0aInLLmSeNdZXtx0jjhcBCM04QpI\n"
		"w8ZiqMokXDdBV9opqYAARsHeOlMI1Z6bYT34D1nWGBevYCzP+pKnexwkhA==\n"
		"-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n"
		"MDkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DIgAC0aInLLmSeNdZXtx0jjhcBCM04QpI\n"
		"w8ZiqMokXDdBV9o=\n"
		"-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n"
		"MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAG0aInLLmSeNdZXtx0jjhcBCM04QpI\n"
		"w8ZiqMokXDdBV9opqYAARsHeOlMI1Z6bYT34D1nWGBevYCzP+pKnexwkhA==\n"
		"-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n"
		"MIIBMzCB7AYHKoZIzj0CATCB4AIBATAsBgcqhkjOPQEBAiEA/////v//////////\n"
		"//////////8AAAAA//////////8wRAQg/////v////////////////////8AAAAA\n"
		"//////////wEICjp+p6dn140TVqeS89lCafzl4n1FauPkt28vUFNlA6TBEEEMsSu\n"
		"LB8ZgRlfmQRGajnJlI/jC7/yZgvhcVpFiTNMdMe8Nzai9PZ3nFm9zuNraSFT0KmH\n"
		"fMYqR0AC3zLlITnwoAIhAP////7///////////////9yA99rIcYFK1O79Ak51UEj\n"
		"AgEBA0IABNGiJyy5knjXWV7cdI44XAQjNOEKSMPGYqjKJFw3QVfaKamAAEbB3jpT\n"
		"CNWem2E9+A9Z1hgXr2Asz/qSp3scJIQ=\n"
		"-----END PUBLIC KEY-----\n",
	};
	struct pen_error error = { 0 };
	struct pen_key *first, *key;
	size_t i, n, first_n;
	unsigned char *raw, *first_raw;
	char *pem;

	(void)state;
	assert_int_equal(pen_signature__read_public(&first, PEN_SM2_SM3, forms[0], strlen(forms[0]), &error), PEN_OK);
	assert_int_equal(pen_signature__raw_public(first, &first_raw, &first_n, &error), PEN_OK);
	for (i = 0; i < sizeof forms / sizeof *forms; i++) {
		assert_int_equal(pen_signature__read_public(&key, PEN_SM2_SM3, forms[i], strlen(forms[i]), &error), PEN_OK);
		assert_true(pen_signature__same(first, key));
		assert_int_equal(pen_signature__write_public(key, &pem, &error), PEN_OK);
		assert_string_equal(pem, forms[0]);
		assert_int_equal(pen_signature__raw_public(key, &raw, &n, &error), PEN_OK);
		assert_int_equal(n, first_n);
		assert_memory_equal(raw, first_raw, n);
		pen_memory__free(raw);
		pen_memory__free(pem);
		pen_signature__free(key);
	}
	pen_memory__free(first_raw);
	pen_signature__free(first);
}

static void the_raw_key_of_sm2_is_its_subject_public_key_info(void **state)
{
	struct pen_error error = { 0 };
	struct pen_key *key = make(PEN_SM2_SM3), *back;
	unsigned char *raw;
	char hex[400], pem[400];
	size_t n;

	(void)state;
	assert_int_equal(pen_signature__raw_public(key, &raw, &n, &error), PEN_OK);
	assert_int_equal(n, 91);
	pem_of("PUBLIC KEY", pen_encode__hex(raw, n, hex), pem, sizeof pem);
	assert_int_equal(pen_signature__read_public(&back, PEN_SM2_SM3, pem, strlen(pem), &error), PEN_OK);
	assert_true(pen_signature__same(key, back));
	pen_memory__free(raw);
	pen_signature__free(key);
	pen_signature__free(back);
}

/* ------------------------------------------------- the openssl command -- */

/* A directory of its own, with the files that a test names in it. */
static char directory[200];

static char *inside(const char *name, char path[256])
{
	snprintf(path, 256, "%s/%s", directory, name);
	return path;
}

static void save(const char *name, const void *bytes, size_t n)
{
	char path[256];
	FILE *out = fopen(inside(name, path), "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
}

static size_t load(const char *name, char *bytes, size_t room)
{
	char path[256];
	FILE *in = fopen(inside(name, path), "rb");
	size_t n;

	assert_non_null(in);
	n = fread(bytes, 1, room, in);
	fclose(in);
	return n;
}

static int in_directory(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	snprintf(directory, sizeof directory, "%s/pen-test-XXXXXX", parent && *parent ? parent : "/tmp");
	return mkdtemp(directory) ? 0 : -1;
}

static int out_of_directory(void **state)
{
	static const char *const names[] = { "key", "pub", "text", "sig" };
	char path[256];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(inside(names[i], path));
	return rmdir(directory);
}

/* The exit status of the command, run in the directory, quietly; -1 if there is
 * no such command. */
static int run(const char *const *arguments)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status, rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, directory);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	rc = posix_spawnp(&child, arguments[0], &actions, NULL, (char *const *)(uintptr_t)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (rc != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return -1;
	return WEXITSTATUS(status);
}

#define RUN(...) run((const char *const[]){ "openssl", __VA_ARGS__, NULL })
#define SM2_ID "distid:1234567812345678"

static void save_signed(struct pen_key *key)
{
	struct pen_error error = { 0 };
	unsigned char signature[PEN_SIGNATURE_ROOM];
	char *pem;
	size_t n;

	assert_int_equal(pen_signature__sign(key, "agency: 330100\n", 15, signature, &n, &error), PEN_OK);
	assert_int_equal(pen_signature__write_public(key, &pem, &error), PEN_OK);
	save("pub", pem, strlen(pem));
	save("text", "agency: 330100\n", 15);
	save("sig", signature, n);
	pen_memory__free(pem);
}

static void the_openssl_command_verifies_our_signatures(void **state)
{
	struct pen_key *sm2, *ed25519;

	(void)state;
	if (RUN("version") < 0)
		skip();
	sm2 = make(PEN_SM2_SM3);
	ed25519 = make(PEN_ED25519_SHA256);
	save_signed(sm2);
	assert_int_equal(RUN("dgst", "-sm3", "-sigopt", SM2_ID, "-verify", "pub", "-signature", "sig", "text"), 0);
	/* Under no id the signature is another. */
	assert_int_not_equal(RUN("dgst", "-sm3", "-verify", "pub", "-signature", "sig", "text"), 0);
	save_signed(ed25519);
	assert_int_equal(RUN("pkeyutl", "-verify", "-pubin", "-inkey", "pub", "-rawin", "-in", "text", "-sigfile", "sig"), 0);
	pen_signature__free(sm2);
	pen_signature__free(ed25519);
}

static struct pen_key *load_key(enum pen_suite suite, void *passphrase)
{
	struct pen_error error = { 0 };
	struct pen_key *key;
	char pem[2000];
	size_t n = load("key", pem, sizeof pem);

	assert_int_equal(pen_signature__read_private(&key, suite, pem, n, answer, passphrase, &error), PEN_OK);
	return key;
}

static void expect_theirs(struct pen_key *key)
{
	char signature[PEN_SIGNATURE_ROOM];
	size_t n = load("sig", signature, sizeof signature);

	assert_true(verifies(key, "text\n", 5, (unsigned char *)signature, n));
	assert_false(verifies(key, "Text\n", 5, (unsigned char *)signature, n));
	pen_signature__free(key);
}

static void we_verify_the_signatures_of_the_openssl_command(void **state)
{
	char passphrase[] = "p4ss";

	(void)state;
	if (RUN("version") < 0)
		skip();
	save("text", "text\n", 5);
	assert_int_equal(RUN("genpkey", "-algorithm", "SM2", "-out", "key"), 0);
	assert_int_equal(RUN("dgst", "-sm3", "-sigopt", SM2_ID, "-sign", "key", "-out", "sig", "text"), 0);
	expect_theirs(load_key(PEN_SM2_SM3, NULL));
	/* The older form, "BEGIN EC PRIVATE KEY", plain and encrypted. */
	assert_int_equal(RUN("ec", "-in", "key", "-out", "key"), 0);
	expect_theirs(load_key(PEN_SM2_SM3, NULL));
	assert_int_equal(RUN("ec", "-in", "key", "-aes256", "-passout", "pass:p4ss", "-out", "key"), 0);
	expect_theirs(load_key(PEN_SM2_SM3, passphrase));

	assert_int_equal(RUN("genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:p4ss", "-out", "key"), 0);
	assert_int_equal(RUN("pkeyutl", "-sign", "-inkey", "key", "-passin", "pass:p4ss", "-rawin", "-in", "text", "-out", "sig"), 0);
	expect_theirs(load_key(PEN_ED25519_SHA256, passphrase));
}

static void other_curves_are_not_taken_for_sm2(void **state)
{
	struct pen_error error = { 0 };
	struct pen_key *key;
	char pem[2000];
	size_t n;

	(void)state;
	if (RUN("version") < 0)
		skip();
	assert_int_equal(RUN("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key"), 0);
	n = load("key", pem, sizeof pem);
	assert_int_equal(pen_signature__read_private(&key, PEN_SM2_SM3, pem, n, NULL, NULL, &error), PEN_INPUT);
	assert_string_equal(error.code, "key.suite");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_key_or_signature_is_not_called_bad_for_want_of_memory),
		cmocka_unit_test(what_is_signed_verifies_and_nothing_else),
		cmocka_unit_test(the_empty_text_can_be_signed),
		cmocka_unit_test(ed25519_gives_the_signatures_of_rfc_8032),
		cmocka_unit_test(sm2_verifies_the_signature_of_gb_t_32918),
		cmocka_unit_test(keys_survive_being_written_and_read),
		cmocka_unit_test(an_encrypted_key_opens_with_its_passphrase_only),
		cmocka_unit_test(a_key_of_another_suite_is_refused_by_name),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(a_point_off_the_curve_is_no_key),
		cmocka_unit_test(public_keys_are_the_same_or_are_not),
		cmocka_unit_test(a_key_has_one_text_in_whatever_form_it_came),
		cmocka_unit_test(the_raw_key_of_sm2_is_its_subject_public_key_info),
		cmocka_unit_test(the_openssl_command_verifies_our_signatures),
		cmocka_unit_test(we_verify_the_signatures_of_the_openssl_command),
		cmocka_unit_test(other_curves_are_not_taken_for_sm2),
	};

	/* Before libcrypto has taken any. */
	CRYPTO_set_mem_functions(scarce_malloc, scarce_realloc, scarce_free);
	return cmocka_run_group_tests_name("adapter/signature", tests, in_directory, out_of_directory);
}
