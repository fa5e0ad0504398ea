#include "model/cosignature.h"
#include "base/error.h"

#include <inttypes.h>
#include <string.h>

enum pen_status pen_cosignature__key_id(enum pen_suite suite, const char *name, const struct pen_key *key,
    unsigned char out[4], struct pen_error *error)
{
	/* C2SP: 0x04 is an Ed25519 cosignature; 0xff, a longer name of the type follows. */
	return pen_note__typed_id(suite, name, suite == PEN_ED25519_SHA256 ? "\x04" : "\xff" "pen-sm2-sm3-cosignature",
	    key, out, error);
}

/* What is signed: two lines before the note's own, which keep it apart from a seal,
 * an entry, a manifest signed by the same key. */
static enum pen_status message(const char *text, size_t n, int64_t time, struct pen_text *out, struct pen_error *error)
{
	pen_text__printf(out, "cosignature/v1\ntime %" PRId64 "\n", time);
	pen_text__add(out, text, n);
	return out->failed ? pen_error__memory(error) : PEN_OK;
}

/* The time as 8 bytes, the high one first. */
static void put_time(int64_t time, unsigned char out[8])
{
	int i;

	for (i = 7; i >= 0; i--, time >>= 8)
		out[i] = (unsigned char)(time & 0xff);
}

static bool take_time(const unsigned char in[8], int64_t *time)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | in[i];
	*time = (int64_t)value;
	return value <= INT64_MAX;
}

static enum pen_status find_text(void *context, const struct pen_note_line *line, struct pen_error *error)
{
	(void)error;
	*(size_t *)context = line->text_n;
	return PEN_OK;
}

enum pen_status pen_cosignature__add(enum pen_suite suite, struct pen_text *note, const char *name,
    const struct pen_key *key, int64_t time, struct pen_error *error)
{
	unsigned char stamp[PEN_NOTE_STAMP];
	struct pen_text signed_text = { 0 };
	size_t text_n = 0, n = 0;
	enum pen_status status;

	status = pen_note__each(note->s, note->n, find_text, &text_n, error);
	if (status == PEN_OK)
		status = pen_cosignature__key_id(suite, name, key, stamp, error);
	if (status == PEN_OK)
		status = message(note->s, text_n, time, &signed_text, error);
	if (status == PEN_OK)
		status = pen_signature__sign(key, signed_text.s, signed_text.n, stamp + 12, &n, error);
	pen_text__free(&signed_text);
	if (status != PEN_OK)
		return status;
	put_time(time, stamp + 4);
	pen_note__add_line(note, name, stamp, 12 + n);
	return note->failed ? pen_error__memory(error) : PEN_OK;
}

enum pen_status pen_cosignature__holds(const struct pen_key *key, const char *note, const struct pen_note_line *line,
    bool *holds, int64_t *time, struct pen_error *error)
{
	struct pen_text signed_text = { 0 };
	enum pen_status status;

	*holds = false;
	*time = 0;
	if (line->n < 12 || !take_time(line->stamp + 4, time))
		return PEN_OK;
	status = message(note, line->text_n, *time, &signed_text, error);
	if (status == PEN_OK)
		status = pen_signature__verify(key, signed_text.s, signed_text.n, line->stamp + 12, line->n - 12, holds, error);
	pen_text__free(&signed_text);
	return status;
}
