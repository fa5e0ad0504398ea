#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/encode.h"

#include <stdlib.h>
#include <string.h>

/* RFC 4648, section 10. */
static const struct { const char *plain, *base64, *hex; } vectors[] = {
	{ "", "", "" },
	{ "f", "Zg==", "66" },
	{ "fo", "Zm8=", "666f" },
	{ "foo", "Zm9v", "666f6f" },
	{ "foob", "Zm9vYg==", "666f6f62" },
	{ "fooba", "Zm9vYmE=", "666f6f6261" },
	{ "foobar", "Zm9vYmFy", "666f6f626172" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void the_vectors_of_rfc_4648_come_out(void **state)
{
	char out[64];
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(vectors); i++) {
		n = strlen(vectors[i].plain);
		assert_string_equal(pen_encode__hex(vectors[i].plain, n, out), vectors[i].hex);
		assert_int_equal(pen_encode__base64(vectors[i].plain, n, out), strlen(vectors[i].base64));
		assert_string_equal(out, vectors[i].base64);
		assert_true(strlen(out) < PEN_BASE64_ROOM(n));
	}
}

static void the_vectors_of_rfc_4648_go_back(void **state)
{
	char out[64];
	size_t i, n, length;

	(void)state;
	for (i = 0; i < COUNT(vectors); i++) {
		length = strlen(vectors[i].plain);
		assert_int_equal(pen_encode__unhex(vectors[i].hex, out, length), 0);
		assert_memory_equal(out, vectors[i].plain, length);
		/* Room for exactly what comes, and for one byte less. */
		assert_int_equal(pen_encode__unbase64(vectors[i].base64, strlen(vectors[i].base64),
		    out, length, &n), 0);
		assert_int_equal(n, length);
		assert_memory_equal(out, vectors[i].plain, length);
		if (length > 0)
			assert_int_equal(pen_encode__unbase64(vectors[i].base64,
			    strlen(vectors[i].base64), out, length - 1, &n), -1);
	}
}

static void all_byte_values_survive(void **state)
{
	unsigned char bytes[256], back[256];
	char hex[513], base64[PEN_BASE64_ROOM(256)];
	size_t i, n;

	(void)state;
	for (i = 0; i < 256; i++)
		bytes[i] = (unsigned char)(255 - i);
	pen_encode__hex(bytes, 256, hex);
	assert_int_equal(pen_encode__unhex(hex, back, 256), 0);
	assert_memory_equal(back, bytes, 256);
	n = pen_encode__base64(bytes, 256, base64);
	assert_int_equal(n, 344);
	assert_int_equal(memcmp(base64, "//79/Pv6+fj3", 12), 0);
	assert_int_equal(pen_encode__unbase64(base64, n, back, sizeof(back), &n), 0);
	assert_int_equal(n, 256);
	assert_memory_equal(back, bytes, 256);
}

static void hex_reads_both_cases_and_nothing_else(void **state)
{
	static const char *const bad[] = { "", "0", "00", "000", "00000", "0g00", "0 00", "0x00", "-100", "00ff ", "00ff0" };
	unsigned char out[2];
	size_t i;

	(void)state;
	assert_int_equal(pen_encode__unhex("aBFf", out, 2), 0);
	assert_memory_equal(out, "\xab\xff", 2);
	for (i = 0; i < COUNT(bad); i++)
		assert_int_equal(pen_encode__unhex(bad[i], out, 2), -1);
}

static void base64_is_strict(void **state)
{
	static const char *const bad[] = {
		"Z", "Zg", "Zg=", "Zg===", "=Zg=", "Z===", "====", "Z=g=",
		"Zg==Zg==",	/* padding before the end */
		"Zh==", "Zm9=",	/* cut bits that are not zero */
		"Zm9v\n", "Zm 9v", "Zm9v Zm9", "Zm-_", "Zm9\xff", "Zm9vYg",
	};
	unsigned char out[32];
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		n = 99;
		assert_int_equal(pen_encode__unbase64(bad[i], strlen(bad[i]), out, sizeof(out), &n), -1);
		assert_int_equal(n, 0);
	}
}

/* Under ASan this sees a byte read or written outside. */
static void exact_buffers_are_not_overrun(void **state)
{
	char *text = malloc(4), *out = malloc(1), *hex = malloc(3);
	size_t n;

	(void)state;
	memcpy(text, "Zg==", 4);
	assert_int_equal(pen_encode__unbase64(text, 4, out, 1, &n), 0);
	pen_encode__hex(out, 1, hex);
	assert_string_equal(hex, "66");
	assert_int_equal(pen_encode__unhex(hex, out, 1), 0);
	assert_int_equal(pen_encode__unhex(hex, out, 2), -1);
	free(text);
	free(out);
	free(hex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_rfc_4648_come_out),
		cmocka_unit_test(the_vectors_of_rfc_4648_go_back),
		cmocka_unit_test(all_byte_values_survive),
		cmocka_unit_test(hex_reads_both_cases_and_nothing_else),
		cmocka_unit_test(base64_is_strict),
		cmocka_unit_test(exact_buffers_are_not_overrun),
	};

	return cmocka_run_group_tests_name("base/encode", tests, NULL, NULL);
}
