#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/encode.h"
#include "base/memory.h"
#include "model/note.h"
#include "verifies.h"

#include <stdio.h>
#include <string.h>

/* The test log of transparency-dev/tessera: verifier key
 * example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx
 * and its signer key, as bytes; and two of its published checkpoints. */
#define ORIGIN "example.com/log/testdata"
#define LOG_PUBLIC "e1d3bb843784420c1cda9ce9f01232cab7aca371dbcd0d23ea0ee710859244b1"
#define LOG_SEED "eca663f499017d2365c27c7a7679158d43cfec1330bdb259290afbd0d21777a0"
#define BODY_8 ORIGIN "\n8\nbC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=\n"
#define SIGNATURE_8 "\xe2\x80\x94 " ORIGIN " M9e0lq1EK37dHtgv9O3UzPxisw5vwIPcJsX9ab0xt4mvVfbdUR1fbMjN6sBFYpBoBEmD4+cWhj/AVgI5MitCO5+mews=\n"
#define NOTE_8 BODY_8 "\n" SIGNATURE_8
#define NOTE_0 ORIGIN "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n" \
	"\xe2\x80\x94 " ORIGIN " M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=\n"

/* Another's signature: a good line, a key that nobody here knows. */
#define STRANGER "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

/* PEM around the DER prefix of an Ed25519 key (RFC 8410) and its bytes. */
static struct pen_key *ed25519(const char *prefix, const char *bytes, bool private)
{
	const char *label = private ? "PRIVATE" : "PUBLIC";
	struct pen_error error = { 0 };
	struct pen_key *key = NULL;
	unsigned char der[64];
	size_t n = strlen(prefix) / 2;
	char base64[PEN_BASE64_ROOM(64)], pem[256];
	int length;

	assert_int_equal(pen_encode__unhex(prefix, der, n), 0);
	assert_int_equal(pen_encode__unhex(bytes, der + n, 32), 0);
	pen_encode__base64(der, n + 32, base64);
	length = snprintf(pem, sizeof(pem), "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n", label, base64, label);
	if (private)
		assert_int_equal(pen_signature__read_private(&key, PEN_ED25519_SHA256, pem, (size_t)length, NULL, NULL, &error), PEN_OK);
	else
		assert_int_equal(pen_signature__read_public(&key, PEN_ED25519_SHA256, pem, (size_t)length, &error), PEN_OK);
	return key;
}

static struct pen_key *public_of(const char *bytes)
{
	return ed25519("302a300506032b6570032100", bytes, false);
}

static struct pen_key *log_private(void)
{
	return ed25519("302e020100300506032b657004220420", LOG_SEED, true);
}

static struct pen_checkpoint checkpoint_8(const char *origin)
{
	struct pen_checkpoint checkpoint = { .size = 8 };
	size_t n;

	snprintf(checkpoint.origin, sizeof(checkpoint.origin), "%s", origin);
	assert_int_equal(pen_encode__unbase64("bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=", 44, checkpoint.root, 32, &n), 0);
	return checkpoint;
}

static void key_ids_are_those_of_published_verifier_keys(void **state)
{
	static const struct { const char *name, *bytes, *id; } keys[] = {
		{ ORIGIN, LOG_PUBLIC, "33d7b496" },
		/* The example of Go's package sumdb/note. */
		{ "PeterNeumann", "1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6", "c74f20a3" },
	};
	struct pen_error error = { 0 };
	unsigned char id[4];
	struct pen_key *key;
	char hex[9];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		key = public_of(keys[i].bytes);
		assert_int_equal(pen_note__key_id(PEN_ED25519_SHA256, keys[i].name, key, id, &error), PEN_OK);
		assert_string_equal(pen_encode__hex(id, 4, hex), keys[i].id);
		pen_signature__free(key);
	}
}

/* The note in the documentation of Go's package sumdb/note: its signature over its
 * text, by the key that it names. */
static void the_signature_of_gos_example_note_holds(void **state)
{
	static const char text[] = "If you think cryptography is the answer to your problem,\n"
	    "then you don't know what your problem is.\n";
	struct pen_key *key = public_of("1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6");
	struct pen_error error = { 0 };
	unsigned char stamp[68], id[4];
	const char *base64 = strrchr(STRANGER, ' ') + 1;
	size_t n;

	(void)state;
	assert_int_equal(pen_encode__unbase64(base64, strcspn(base64, "\n"), stamp, sizeof(stamp), &n), 0);
	assert_int_equal(n, 68);
	assert_int_equal(pen_note__key_id(PEN_ED25519_SHA256, "PeterNeumann", key, id, &error), PEN_OK);
	assert_memory_equal(id, stamp, 4);
	assert_true(verifies(key, text, strlen(text), stamp + 4, 64));
	assert_false(verifies(key, text, strlen(text) - 1, stamp + 4, 64));
	pen_signature__free(key);
}

/* A tree head of Go's checksum database, as C2SP's page of signed notes shows it, under
 * the key that the go command has:
 * sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8 */
static void the_signature_of_another_logs_published_tree_head_holds(void **state)
{
	static const char note[] = "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
	    "\xe2\x80\x94 sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
	struct pen_key *key = public_of("ce3372d75ad1ee5ecdaf8727293d4b111d87eb37531d7c86d4d3003f0eb809fc");
	struct pen_checkpoint checkpoint;
	struct pen_error error = { 0 };
	unsigned char stamp[68], id[4];
	const char *base64 = strrchr(note, ' ') + 1;
	size_t n, text_n = (size_t)(strstr(note, "\n\n") + 1 - note);

	(void)state;
	assert_int_equal(pen_encode__unbase64(base64, strcspn(base64, "\n"), stamp, sizeof(stamp), &n), 0);
	assert_int_equal(n, 68);
	assert_int_equal(pen_note__key_id(PEN_ED25519_SHA256, "sum.golang.org", key, id, &error), PEN_OK);
	assert_memory_equal(id, stamp, 4);
	assert_true(verifies(key, note, text_n, stamp + 4, 64));
	assert_int_equal(pen_note__read(note, sizeof(note) - 1, &checkpoint, &error), PEN_OK);
	assert_string_equal(checkpoint.origin, "go.sum database tree");
	assert_int_equal(checkpoint.size, 20852163);
	pen_signature__free(key);
}

struct lines { int count; char names[3][32]; size_t n[3], text_n; };

static enum pen_status take_line(void *context, const struct pen_note_line *line, struct pen_error *error)
{
	struct lines *lines = context;

	(void)error;
	snprintf(lines->names[lines->count], 32, "%.*s", (int)line->name_n, line->name);
	lines->n[lines->count++] = line->n;
	lines->text_n = line->text_n;
	return PEN_OK;
}

static void the_lines_of_a_note_are_told_in_their_order(void **state)
{
	static const char note[] = BODY_8 "\n" STRANGER SIGNATURE_8;
	struct pen_error error = { 0 };
	struct lines lines = { .count = 0 };

	(void)state;
	assert_int_equal(pen_note__each(note, strlen(note), take_line, &lines, &error), PEN_OK);
	assert_int_equal(lines.count, 2);
	assert_string_equal(lines.names[0], "PeterNeumann");
	assert_string_equal(lines.names[1], ORIGIN);
	assert_int_equal(lines.n[0], 68);
	assert_int_equal(lines.text_n, strlen(BODY_8));
	assert_int_equal(pen_note__each("x\n", 2, take_line, &lines, &error), PEN_INPUT);
	/* A line that is no signature ends it. */
	assert_int_equal(pen_note__each(NOTE_8 "x\n", strlen(NOTE_8 "x\n"), take_line, &lines, &error), PEN_INPUT);
	assert_non_null(strstr(error.text, "signature lines at the end"));
}

static void a_checkpoint_is_signed_to_the_byte_of_the_published_one(void **state)
{
	struct pen_checkpoint checkpoint = checkpoint_8(ORIGIN);
	struct pen_key *key = log_private();
	struct pen_error error = { 0 };
	struct pen_text text = { 0 };

	(void)state;
	pen_note__body(&checkpoint, &text);
	assert_string_equal(text.s, BODY_8);
	pen_text__clear(&text);
	assert_int_equal(pen_note__sign(PEN_ED25519_SHA256, &checkpoint, key, &text, &error), PEN_OK);
	assert_string_equal(text.s, NOTE_8);
	pen_text__free(&text);
	pen_signature__free(key);
}

static enum pen_status open_note(const char *note, size_t n, struct pen_checkpoint *checkpoint, const char **code)
{
	static struct pen_error error;
	struct pen_key *key = public_of(LOG_PUBLIC);
	enum pen_status status;

	memset(&error, 0, sizeof(error));
	status = pen_note__open(PEN_ED25519_SHA256, note, n, ORIGIN, key, checkpoint, &error);
	pen_signature__free(key);
	*code = error.code;
	return status;
}

static void published_checkpoints_open(void **state)
{
	struct pen_checkpoint checkpoint, expected = checkpoint_8(ORIGIN);
	const char *code;

	(void)state;
	assert_int_equal(open_note(NOTE_8, strlen(NOTE_8), &checkpoint, &code), PEN_OK);
	assert_string_equal(checkpoint.origin, ORIGIN);
	assert_int_equal(checkpoint.size, 8);
	assert_memory_equal(checkpoint.root, expected.root, 32);
	assert_int_equal(open_note(NOTE_0, strlen(NOTE_0), &checkpoint, &code), PEN_OK);
	assert_int_equal(checkpoint.size, 0);
}

static void other_signatures_are_passed_over(void **state)
{
	static const char *const notes[] = {
		BODY_8 "\n" STRANGER SIGNATURE_8,
		BODY_8 "\n" SIGNATURE_8 STRANGER,
		/* Our name, another's key: a witness is called as it likes. */
		BODY_8 "\n\xe2\x80\x94 " ORIGIN " AAAAAAAA\n" SIGNATURE_8,
		/* Longer than any of ours, such as a post-quantum one. */
		BODY_8 "\n\xe2\x80\x94 other "
		    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" SIGNATURE_8,
	};
	struct pen_checkpoint checkpoint;
	const char *code;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		assert_int_equal(open_note(notes[i], strlen(notes[i]), &checkpoint, &code), PEN_OK);
		assert_int_equal(checkpoint.size, 8);
	}
}

static void a_changed_checkpoint_does_not_hold(void **state)
{
	struct pen_checkpoint checkpoint;
	char note[sizeof(NOTE_8)];
	const char *code;

	(void)state;
	/* Another size; another root; a bit of the signature. */
	memcpy(note, NOTE_8, sizeof(note));
	note[strlen(ORIGIN) + 1] = '9';
	assert_int_equal(open_note(note, strlen(note), &checkpoint, &code), PEN_INTEGRITY);
	assert_string_equal(code, "note.signature");
	memcpy(note, NOTE_8, sizeof(note));
	note[strlen(ORIGIN) + 3] ^= 1;
	assert_int_equal(open_note(note, strlen(note), &checkpoint, &code), PEN_INTEGRITY);
	memcpy(note, NOTE_8, sizeof(note));
	note[strlen(note) - 20] = note[strlen(note) - 20] == 'A' ? 'B' : 'A';
	assert_int_equal(open_note(note, strlen(note), &checkpoint, &code), PEN_INTEGRITY);
	assert_string_equal(code, "note.signature");
}

static void every_byte_of_a_note_matters(void **state)
{
	struct pen_checkpoint checkpoint;
	char note[sizeof(NOTE_8)];
	const char *code;
	size_t i;

	(void)state;
	for (i = 0; i < strlen(NOTE_8); i++) {
		memcpy(note, NOTE_8, sizeof(note));
		note[i]++;
		assert_int_not_equal(open_note(note, strlen(note), &checkpoint, &code), PEN_OK);
		/* And cut off there, it is none either. */
		assert_int_not_equal(open_note(NOTE_8, i, &checkpoint, &code), PEN_OK);
	}
}

static void a_signature_twice_must_hold_twice(void **state)
{
	static const char note[] = BODY_8 "\n" SIGNATURE_8
	    "\xe2\x80\x94 " ORIGIN " M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=\n";
	struct pen_checkpoint checkpoint;
	const char *code;

	(void)state;
	assert_int_equal(open_note(note, strlen(note), &checkpoint, &code), PEN_INTEGRITY);
}

static void the_origin_under_another_key_is_tampering(void **state)
{
	static const char note[] = BODY_8 "\n" STRANGER;
	struct pen_checkpoint checkpoint;
	const char *code;

	(void)state;
	assert_int_equal(open_note(note, strlen(note), &checkpoint, &code), PEN_INTEGRITY);
	assert_string_equal(code, "note.key");
	assert_int_equal(open_note(BODY_8 "\n", strlen(BODY_8) + 1, &checkpoint, &code), PEN_INTEGRITY);
}

static void another_log_is_said_to_be_another(void **state)
{
	struct pen_key *key = public_of(LOG_PUBLIC);
	struct pen_checkpoint checkpoint;
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_note__open(PEN_ED25519_SHA256, NOTE_8, strlen(NOTE_8), "pen/330100", key, &checkpoint, &error), PEN_INPUT);
	assert_string_equal(error.code, "note.origin");
	assert_non_null(strstr(error.text, ORIGIN));
	assert_non_null(strstr(error.text, "pen/330100"));
	pen_signature__free(key);
}

static void what_is_no_checkpoint_is_refused_with_its_line(void **state)
{
	static const struct { const char *note; long line; } cases[] = {
		{ "", 1 }, { "\n", 1 }, { ORIGIN, 1 }, { "\n8\n", 1 },
		{ "a-name-of-more-than-sixty-three-bytes-which-no-log-of-ours-will-ever-have\n8\n", 1 },
		{ ORIGIN "\n", 2 }, { ORIGIN "\n\n", 2 }, { ORIGIN "\n08\n", 2 }, { ORIGIN "\n-8\n", 2 },
		{ ORIGIN "\n8 \n", 2 }, { ORIGIN "\n9223372036854775808\n", 2 }, { ORIGIN "\n8\r\n", 2 },
		{ ORIGIN "\n8\nbC+V\n\n" SIGNATURE_8, 3 },
		{ ORIGIN "\n8\nbC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pZ=\n\n" SIGNATURE_8, 3 },
		{ ORIGIN "\n8\n" SIGNATURE_8, 3 },
		{ BODY_8, 4 }, { BODY_8 SIGNATURE_8, 4 },
	};
	struct pen_key *key = public_of(LOG_PUBLIC);
	struct pen_checkpoint checkpoint;
	struct pen_error error;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&error, 0, sizeof(error));
		assert_int_equal(pen_note__open(PEN_ED25519_SHA256, cases[i].note, strlen(cases[i].note),
		    ORIGIN, key, &checkpoint, &error), PEN_INPUT);
		assert_string_equal(error.code, "note.form");
		assert_int_equal(error.line, cases[i].line);
	}
	pen_signature__free(key);
}

static void rubbish_among_the_signatures_is_refused(void **state)
{
	static const char *const ends[] = {
		"rubbish\n", "\n", "- name AAAAAAAA\n", "\xe2\x80\x94 name\n", "\xe2\x80\x94  AAAAAAAA\n", "\xe2\x80\x94 unended AAAAAAAA",
	};
	struct pen_checkpoint checkpoint;
	struct pen_text note = { 0 };
	const char *code;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		pen_text__clear(&note);
		pen_text__puts(&note, NOTE_8);
		pen_text__puts(&note, ends[i]);
		assert_int_equal(open_note(note.s, note.n, &checkpoint, &code), PEN_INPUT);
	}
	pen_text__free(&note);
}

static void extension_lines_are_signed_and_skipped(void **state)
{
	struct pen_key *key = log_private();
	unsigned char stamp[4 + PEN_SIGNATURE_ROOM];
	char base64[PEN_BASE64_ROOM(4 + PEN_SIGNATURE_ROOM)];
	struct pen_checkpoint checkpoint;
	struct pen_error error = { 0 };
	struct pen_text note = { 0 };
	const char *code;
	size_t n;

	(void)state;
	pen_text__puts(&note, BODY_8 "time 2026\n");
	assert_int_equal(pen_note__key_id(PEN_ED25519_SHA256, ORIGIN, key, stamp, &error), PEN_OK);
	assert_int_equal(pen_signature__sign(key, note.s, note.n, stamp + 4, &n, &error), PEN_OK);
	pen_encode__base64(stamp, 4 + n, base64);
	pen_text__printf(&note, "\n\xe2\x80\x94 " ORIGIN " %s\n", base64);
	assert_int_equal(open_note(note.s, note.n, &checkpoint, &code), PEN_OK);
	assert_int_equal(checkpoint.size, 8);
	pen_text__free(&note);
	pen_signature__free(key);
}

static void sm2_notes_have_the_same_layout_and_their_own_key_id(void **state)
{
	struct pen_checkpoint checkpoint = checkpoint_8("pen/330100"), back;
	struct pen_error error = { 0 };
	struct pen_text note = { 0 }, input = { 0 };
	unsigned char id[4], hash[PEN_DIGEST_SIZE], *raw;
	struct pen_key *key, *other;
	size_t n;

	(void)state;
	assert_int_equal(pen_signature__generate(&key, PEN_SM2_SM3, &error), PEN_OK);
	assert_int_equal(pen_signature__generate(&other, PEN_SM2_SM3, &error), PEN_OK);
	/* H(name LF 0xff "pen-sm2-sm3" public key), under SM3. */
	assert_int_equal(pen_signature__raw_public(key, &raw, &n, &error), PEN_OK);
	pen_text__puts(&input, "pen/330100\n\xff" "pen-sm2-sm3");
	pen_text__add(&input, (const char *)raw, n);
	assert_true(pen_digest__of(PEN_SM2_SM3, input.s, input.n, hash));
	assert_int_equal(pen_note__key_id(PEN_SM2_SM3, "pen/330100", key, id, &error), PEN_OK);
	assert_memory_equal(id, hash, 4);

	assert_int_equal(pen_note__sign(PEN_SM2_SM3, &checkpoint, key, &note, &error), PEN_OK);
	assert_memory_equal(note.s, "pen/330100\n8\nbC+VwvrJ", 21);
	assert_int_equal(pen_note__open(PEN_SM2_SM3, note.s, note.n, "pen/330100", key, &back, &error), PEN_OK);
	assert_int_equal(back.size, 8);
	assert_memory_equal(back.root, checkpoint.root, 32);
	assert_int_equal(pen_note__open(PEN_SM2_SM3, note.s, note.n, "pen/330100", other, &back, &error), PEN_INTEGRITY);
	note.s[11] = '7';
	assert_int_equal(pen_note__open(PEN_SM2_SM3, note.s, note.n, "pen/330100", key, &back, &error), PEN_INTEGRITY);
	pen_text__free(&note);
	pen_text__free(&input);
	pen_memory__free(raw);
	pen_signature__free(key);
	pen_signature__free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_ids_are_those_of_published_verifier_keys),
		cmocka_unit_test(the_signature_of_gos_example_note_holds),
		cmocka_unit_test(the_signature_of_another_logs_published_tree_head_holds),
		cmocka_unit_test(the_lines_of_a_note_are_told_in_their_order),
		cmocka_unit_test(a_checkpoint_is_signed_to_the_byte_of_the_published_one),
		cmocka_unit_test(published_checkpoints_open),
		cmocka_unit_test(other_signatures_are_passed_over),
		cmocka_unit_test(a_changed_checkpoint_does_not_hold),
		cmocka_unit_test(every_byte_of_a_note_matters),
		cmocka_unit_test(a_signature_twice_must_hold_twice),
		cmocka_unit_test(the_origin_under_another_key_is_tampering),
		cmocka_unit_test(another_log_is_said_to_be_another),
		cmocka_unit_test(what_is_no_checkpoint_is_refused_with_its_line),
		cmocka_unit_test(rubbish_among_the_signatures_is_refused),
		cmocka_unit_test(extension_lines_are_signed_and_skipped),
		cmocka_unit_test(sm2_notes_have_the_same_layout_and_their_own_key_id),
	};

	return cmocka_run_group_tests_name("model/note", tests, NULL, NULL);
}
