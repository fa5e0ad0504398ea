#include "model/note.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define DASH "\xe2\x80\x94 "	/* em dash and blank: a signature line begins */

void pen_note__body(const struct pen_checkpoint *checkpoint, struct pen_text *text)
{
	char root[PEN_BASE64_ROOM(PEN_DIGEST_SIZE)];

	assert(checkpoint->origin[0] && !strpbrk(checkpoint->origin, " +\r\n"));
	assert(checkpoint->size >= 0);
	pen_encode__base64(checkpoint->root, sizeof(checkpoint->root), root);
	pen_text__printf(text, "%s\n%" PRId64 "\n%s\n", checkpoint->origin, checkpoint->size, root);
}

/* ---- signing ---- */

enum pen_status pen_note__typed_id(enum pen_suite suite, const char *name, const char *type,
    const struct pen_key *key, unsigned char out[4], struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_text text = { 0 };
	unsigned char *public_key;
	enum pen_status status;
	size_t n;

	status = pen_signature__raw_public(key, &public_key, &n, error);
	if (status != PEN_OK)
		return status;
	pen_text__printf(&text, "%s\n%s", name, type);
	pen_text__add(&text, (const char *)public_key, n);
	if (text.failed || !pen_digest__of(suite, text.s, text.n, hash))
		status = pen_error__memory(error);
	else
		memcpy(out, hash, 4);
	pen_text__free(&text);
	pen_memory__free(public_key);
	return status;
}

enum pen_status pen_note__key_id(enum pen_suite suite, const char *name, const struct pen_key *key,
    unsigned char out[4], struct pen_error *error)
{
	/* C2SP: 0x01 is Ed25519; 0xff says that a longer name of the type follows. */
	return pen_note__typed_id(suite, name, suite == PEN_ED25519_SHA256 ? "\x01" : "\xff" "pen-sm2-sm3", key, out, error);
}

/* The key's id goes before the signature, under one base64. */
void pen_note__add_line(struct pen_text *note, const char *name, const unsigned char *stamp, size_t n)
{
	char base64[PEN_BASE64_ROOM(PEN_NOTE_STAMP)];

	pen_encode__base64(stamp, n, base64);
	pen_text__printf(note, DASH "%s %s\n", name, base64);
}

enum pen_status pen_note__sign(enum pen_suite suite, const struct pen_checkpoint *checkpoint,
    const struct pen_key *key, struct pen_text *note, struct pen_error *error)
{
	unsigned char stamp[4 + PEN_SIGNATURE_ROOM];
	struct pen_text body = { 0 };
	enum pen_status status;
	size_t n;

	status = pen_note__key_id(suite, checkpoint->origin, key, stamp, error);
	if (status != PEN_OK)
		return status;
	pen_note__body(checkpoint, &body);
	if (body.failed) {
		status = pen_error__memory(error);
		goto out;
	}
	status = pen_signature__sign(key, body.s, body.n, stamp + 4, &n, error);
	if (status != PEN_OK)
		goto out;
	pen_text__add(note, body.s, body.n);
	pen_text__puts(note, "\n");
	pen_note__add_line(note, checkpoint->origin, stamp, 4 + n);
	if (note->failed)
		status = pen_error__memory(error);
out:
	pen_text__free(&body);
	return status;
}

/* ---- reading ---- */

/* What is left of a note: s[0..n). Lines are taken off its front. */
struct rest { const char *s; size_t n; };

/* The next line, without its LF; false if there is none that is ended. */
static bool next_line(struct rest *rest, struct rest *line)
{
	const char *end = rest->n ? memchr(rest->s, '\n', rest->n) : NULL;

	if (!end)
		return false;
	*line = (struct rest){ rest->s, (size_t)(end - rest->s) };
	rest->n -= line->n + 1;
	rest->s = end + 1;
	return true;
}

static enum pen_status not_a_checkpoint(int line, const char *expected, struct pen_error *error)
{
	pen_error__set(error, PEN_INPUT, "note.form",
	    _("not a checkpoint: expected %s here; give the file as pen-seal checkpoint wrote it"), expected);
	return pen_error__at(error, NULL, line, NULL);
}

static bool read_size(const struct rest *line, int64_t *size)
{
	int64_t value = 0;
	size_t i;

	if (line->n == 0 || (line->s[0] == '0' && line->n > 1))
		return false;
	for (i = 0; i < line->n; i++) {
		if (line->s[i] < '0' || line->s[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, line->s[i] - '0', &value))
			return false;
	}
	*size = value;
	return true;
}

/* Origin, size, root; further lines are extensions, which the signature covers
 * and nothing here needs. *text ends before the empty line; *signatures are
 * the lines after it. */
static enum pen_status read_body(const char *note, size_t n, struct pen_checkpoint *checkpoint,
    struct rest *text, struct rest *signatures, struct pen_error *error)
{
	struct rest rest = { note, n }, line;
	size_t got;

	if (!next_line(&rest, &line) || line.n == 0 || line.n >= sizeof(checkpoint->origin) ||
	    memchr(line.s, '\0', line.n))
		return not_a_checkpoint(1, _("the log's origin"), error);
	memcpy(checkpoint->origin, line.s, line.n);
	checkpoint->origin[line.n] = '\0';
	if (!next_line(&rest, &line) || !read_size(&line, &checkpoint->size))
		return not_a_checkpoint(2, _("the number of entries"), error);
	if (!next_line(&rest, &line) ||
	    pen_encode__unbase64(line.s, line.n, checkpoint->root, sizeof(checkpoint->root), &got) != 0 ||
	    got != sizeof(checkpoint->root))
		return not_a_checkpoint(3, _("the root, 32 bytes as base64"), error);
	do {
		text->s = note;
		text->n = (size_t)(rest.s - note);
		if (!next_line(&rest, &line))
			return not_a_checkpoint(4, _("an empty line and signatures"), error);
	} while (line.n > 0);
	*signatures = rest;
	return PEN_OK;
}

enum pen_status pen_note__read(const char *note, size_t n, struct pen_checkpoint *checkpoint, struct pen_error *error)
{
	struct rest text = { 0 }, signatures = { 0 };

	return read_body(note, n, checkpoint, &text, &signatures, error);
}

/* One signature line apart: name, and the bytes of id and signature. Another's
 * signature may be of any length; of one that is too long for ours *n is 0. */
static bool read_signature(const struct rest *line, struct rest *name, unsigned char *stamp,
    size_t room, size_t *n)
{
	const size_t dash = sizeof(DASH) - 1;
	const char *blank;

	if (line->n <= dash || memcmp(line->s, DASH, dash) != 0)
		return false;
	*name = (struct rest){ line->s + dash, line->n - dash };
	blank = memchr(name->s, ' ', name->n);
	if (!blank || blank == name->s)
		return false;
	name->n = (size_t)(blank - name->s);
	if (pen_encode__unbase64(blank + 1, (size_t)(line->s + line->n - blank - 1), stamp, room, n) != 0)
		*n = 0;
	return true;
}

/* Finds the key's own signatures among the lines; all of them must hold. */
static enum pen_status check(const char *origin, const unsigned char id[4], const struct pen_key *key,
    const struct rest *text, struct rest *signatures, struct pen_error *error)
{
	unsigned char stamp[4 + PEN_SIGNATURE_ROOM];
	struct rest line, name;
	bool found = false, good;
	size_t n;

	while (signatures->n > 0) {
		if (!next_line(signatures, &line) || !read_signature(&line, &name, stamp, sizeof(stamp), &n))
			return not_a_checkpoint(0, _("signature lines at the end"), error);
		if (name.n != strlen(origin) || memcmp(name.s, origin, name.n) != 0 ||
		    n < 4 || memcmp(stamp, id, 4) != 0)
			continue;
		if (pen_signature__verify(key, text->s, text->n, stamp + 4, n - 4, &good, error) != PEN_OK)
			return error->status;
		if (!good)
			return pen_error__set(error, PEN_INTEGRITY, "note.signature",
			    _("the signature of %s does not hold: the checkpoint was changed after it was signed; get it again from whoever keeps it"),
			    origin);
		found = true;
	}
	/* The right origin under another key: a log made anew, or a forged note. */
	if (!found)
		return pen_error__set(error, PEN_INTEGRITY, "note.key",
		    _("the checkpoint is not signed by the log key of %s: the note is forged, or the log is not the one that it was taken from"),
		    origin);
	return PEN_OK;
}

enum pen_status pen_note__open(enum pen_suite suite, const char *note, size_t n, const char *origin,
    const struct pen_key *key, struct pen_checkpoint *checkpoint, struct pen_error *error)
{
	struct rest text = { 0 }, signatures = { 0 };
	enum pen_status status;
	unsigned char id[4];

	status = read_body(note, n, checkpoint, &text, &signatures, error);
	if (status != PEN_OK)
		return status;
	if (strcmp(checkpoint->origin, origin) != 0)
		return pen_error__set(error, PEN_INPUT, "note.origin",
		    _("the checkpoint is of the log %s, expected %s: give one of this store's own"),
		    checkpoint->origin, origin);
	status = pen_note__key_id(suite, origin, key, id, error);
	if (status != PEN_OK)
		return status;
	return check(origin, id, key, &text, &signatures, error);
}

enum pen_status pen_note__each(const char *note, size_t n, pen_note_visit *visit, void *context, struct pen_error *error)
{
	struct rest text = { 0 }, signatures = { 0 }, line, name;
	struct pen_note_line read = { .n = 0 };
	struct pen_checkpoint checkpoint;
	enum pen_status status = read_body(note, n, &checkpoint, &text, &signatures, error);

	read.text_n = text.n;
	while (status == PEN_OK && signatures.n > 0) {
		if (!next_line(&signatures, &line) || !read_signature(&line, &name, read.stamp, sizeof(read.stamp), &read.n))
			return not_a_checkpoint(0, _("signature lines at the end"), error);
		read.name = name.s;
		read.name_n = name.n;
		status = visit(context, &read, error);
	}
	return status;
}
