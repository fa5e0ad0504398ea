#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/encode.h"
#include "base/memory.h"
#include "model/cosignature.h"
#include "verifies.h"

#include <stdio.h>
#include <string.h>

#define NAME "pen/330100/auditor1"
#define TIME INT64_C(1679315147)

static struct pen_key *public_of(const char *bytes)
{
	static const char prefix[] = "302a300506032b6570032100";
	struct pen_error error = { 0 };
	struct pen_key *key = NULL;
	unsigned char der[64];
	char base64[PEN_BASE64_ROOM(64)], pem[256];
	int length;

	assert_int_equal(pen_encode__unhex(prefix, der, 12), 0);
	assert_int_equal(pen_encode__unhex(bytes, der + 12, 32), 0);
	pen_encode__base64(der, 44, base64);
	length = snprintf(pem, sizeof(pem), "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n", base64);
	assert_int_equal(pen_signature__read_public(&key, PEN_ED25519_SHA256, pem, (size_t)length, &error), PEN_OK);
	return key;
}

/* The published verifier keys of witnesses of other people's logs:
 * witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv
 * remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2 */
static void key_ids_are_those_of_published_witnesses(void **state)
{
	static const struct { const char *name, *bytes, *id; } keys[] = {
		{ "witness.stagemole.eu", "4a921b7caef58ae670cdc11ef4184f1c058f7b9259a9107a969f69fa54aa496f", "67f7aea0" },
		{ "remora.n621.de", "ebcdeb78e7fdb2ef9227b2c1ef11e94600b55b4d6d9a57877e31ee89e59adc36", "da77ade7" },
	};
	struct pen_error error = { 0 };
	unsigned char id[4];
	struct pen_key *key;
	char hex[9];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		key = public_of(keys[i].bytes);
		assert_int_equal(pen_cosignature__key_id(PEN_ED25519_SHA256, keys[i].name, key, id, &error), PEN_OK);
		assert_string_equal(pen_encode__hex(id, 4, hex), keys[i].id);
		pen_signature__free(key);
	}
}

/* A log's checkpoint and a cosigner's key. */
struct made { enum pen_suite suite; struct pen_key *log, *cosigner; struct pen_text note; size_t text_n; };

static void make(struct made *made, enum pen_suite suite)
{
	struct pen_checkpoint checkpoint = { .origin = "pen/330100", .size = 8 };
	struct pen_error error = { 0 };

	*made = (struct made){ .suite = suite };
	memset(checkpoint.root, 7, sizeof(checkpoint.root));
	assert_int_equal(pen_signature__generate(&made->log, suite, &error), PEN_OK);
	assert_int_equal(pen_signature__generate(&made->cosigner, suite, &error), PEN_OK);
	assert_int_equal(pen_note__sign(suite, &checkpoint, made->log, &made->note, &error), PEN_OK);
	assert_int_equal(pen_cosignature__add(suite, &made->note, NAME, made->cosigner, TIME, &error), PEN_OK);
	made->text_n = (size_t)(strstr(made->note.s, "\n\n") + 1 - made->note.s);
}

static void drop(struct made *made)
{
	pen_signature__free(made->log);
	pen_signature__free(made->cosigner);
	pen_text__free(&made->note);
}

static enum pen_status take_last(void *context, const struct pen_note_line *line, struct pen_error *error)
{
	(void)error;
	*(struct pen_note_line *)context = *line;
	return PEN_OK;
}

static bool holds(struct made *made, const struct pen_key *key, int64_t *time)
{
	struct pen_error error = { 0 };
	struct pen_note_line line;
	bool good;

	assert_int_equal(pen_note__each(made->note.s, made->note.n, take_last, &line, &error), PEN_OK);
	assert_int_equal(line.name_n, strlen(NAME));
	assert_memory_equal(line.name, NAME, line.name_n);
	assert_int_equal(pen_cosignature__holds(key, made->note.s, &line, &good, time, &error), PEN_OK);
	return good;
}

static void a_cosignature_holds_for_its_key_and_its_text(enum pen_suite suite)
{
	struct pen_error error = { 0 };
	struct pen_checkpoint back;
	struct made made;
	int64_t time;

	make(&made, suite);
	assert_true(holds(&made, made.cosigner, &time));
	assert_int_equal(time, TIME);
	assert_false(holds(&made, made.log, &time));
	/* The note is still the log's. */
	assert_int_equal(pen_note__open(suite, made.note.s, made.note.n, "pen/330100", made.log, &back, &error), PEN_OK);
	made.note.s[11] = '9';	/* another size */
	assert_false(holds(&made, made.cosigner, &time));
	drop(&made);
}

static void a_cosignature_holds_for_its_key_and_its_text_alone(void **state)
{
	(void)state;
	a_cosignature_holds_for_its_key_and_its_text(PEN_ED25519_SHA256);
	a_cosignature_holds_for_its_key_and_its_text(PEN_SM2_SM3);
}

/* Key id, then the time as 8 bytes, then the 64 bytes of a signature over the two
 * lines and the note's body, as the specification has them. */
static void an_ed25519_cosignature_is_laid_out_as_specified(void **state)
{
	struct pen_text message = { 0 };
	struct pen_error error = { 0 };
	struct pen_note_line line;
	struct made made;
	unsigned char id[4];
	char hex[17];

	(void)state;
	make(&made, PEN_ED25519_SHA256);
	assert_int_equal(pen_note__each(made.note.s, made.note.n, take_last, &line, &error), PEN_OK);
	assert_int_equal(line.n, 4 + 8 + 64);
	assert_int_equal(line.text_n, made.text_n);
	assert_int_equal(pen_cosignature__key_id(PEN_ED25519_SHA256, NAME, made.cosigner, id, &error), PEN_OK);
	assert_memory_equal(line.stamp, id, 4);
	assert_string_equal(pen_encode__hex(line.stamp + 4, 8, hex), "00000000641850cb");
	pen_text__puts(&message, "cosignature/v1\ntime 1679315147\n");
	pen_text__add(&message, made.note.s, made.text_n);
	assert_true(verifies(made.cosigner, message.s, message.n, line.stamp + 12, 64));
	pen_text__free(&message);
	drop(&made);
}

static void what_is_too_short_or_dated_beyond_all_time_holds_for_nobody(void **state)
{
	struct pen_error error = { 0 };
	struct pen_note_line line;
	struct made made;
	bool good = true;
	int64_t time;

	(void)state;
	make(&made, PEN_ED25519_SHA256);
	assert_int_equal(pen_note__each(made.note.s, made.note.n, take_last, &line, &error), PEN_OK);
	line.stamp[4] = 0x80;
	assert_int_equal(pen_cosignature__holds(made.cosigner, made.note.s, &line, &good, &time, &error), PEN_OK);
	assert_false(good);
	line.n = 11;
	assert_int_equal(pen_cosignature__holds(made.cosigner, made.note.s, &line, &good, &time, &error), PEN_OK);
	assert_false(good);
	drop(&made);
}

static void nothing_but_a_checkpoint_is_cosigned(void **state)
{
	struct pen_text note = { 0 };
	struct pen_error error = { 0 };
	struct pen_key *key;

	(void)state;
	assert_int_equal(pen_signature__generate(&key, PEN_ED25519_SHA256, &error), PEN_OK);
	pen_text__puts(&note, "a letter\n\n");
	assert_int_equal(pen_cosignature__add(PEN_ED25519_SHA256, &note, NAME, key, TIME, &error), PEN_INPUT);
	pen_text__free(&note);
	pen_signature__free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_ids_are_those_of_published_witnesses),
		cmocka_unit_test(a_cosignature_holds_for_its_key_and_its_text_alone),
		cmocka_unit_test(an_ed25519_cosignature_is_laid_out_as_specified),
		cmocka_unit_test(what_is_too_short_or_dated_beyond_all_time_holds_for_nobody),
		cmocka_unit_test(nothing_but_a_checkpoint_is_cosigned),
	};

	return cmocka_run_group_tests_name("model/cosignature", tests, NULL, NULL);
}
