/* Checkpoints: C2SP tlog-checkpoint as C2SP signed-note. Under ed25519-sha256 to
 * the byte; under sm2-sm3 the same layout, with SM3 for the key id and signature
 * type 0xff "pen-sm2-sm3", which is not called C2SP. */
#ifndef PEN_MODEL_NOTE_H
#define PEN_MODEL_NOTE_H

#include "adapter/signature.h"
#include "base/text.h"

struct pen_checkpoint { char origin[64]; int64_t size; unsigned char root[PEN_DIGEST_SIZE]; };

/* origin LF size LF base64(root) LF */
void pen_note__body(const struct pen_checkpoint *checkpoint, struct pen_text *text);
/* First 4 bytes of H(name LF type public-key), for a type of signature; and for
 * that of a log. */
enum pen_status pen_note__typed_id(enum pen_suite suite, const char *name, const char *type,
    const struct pen_key *key, unsigned char out[4], struct pen_error *error);
enum pen_status pen_note__key_id(enum pen_suite suite, const char *name, const struct pen_key *key,
    unsigned char out[4], struct pen_error *error);
/* The whole note: body, empty line, "— name base64(id || signature)" LF. */
enum pen_status pen_note__sign(enum pen_suite suite, const struct pen_checkpoint *checkpoint,
    const struct pen_key *key, struct pen_text *note, struct pen_error *error);
/* Reads what a note says, and looks at no signature. PEN_INPUT: not a checkpoint. */
enum pen_status pen_note__read(const char *note, size_t n, struct pen_checkpoint *checkpoint, struct pen_error *error);
/* Reads a note and checks the signature of `key` under the checkpoint's own
 * origin; other signatures are passed over. PEN_INPUT: not a checkpoint, or of
 * another log. PEN_INTEGRITY: the signature does not hold. */
enum pen_status pen_note__open(enum pen_suite suite, const char *note, size_t n, const char *origin,
    const struct pen_key *key, struct pen_checkpoint *checkpoint, struct pen_error *error);

/* A signature line: its name, and key id and signature one after the other (n 0:
 * longer than any of ours), over the first text_n bytes of the note. */
#define PEN_NOTE_STAMP (4 + 8 + PEN_SIGNATURE_ROOM)
struct pen_note_line {
	const char *name;
	size_t name_n, n, text_n;
	unsigned char stamp[PEN_NOTE_STAMP];
};
typedef enum pen_status pen_note_visit(void *context, const struct pen_note_line *line, struct pen_error *error);
/* The signature lines of a note, whoever's, in their order. */
enum pen_status pen_note__each(const char *note, size_t n, pen_note_visit *visit, void *context, struct pen_error *error);
/* Adds one: "— name base64(stamp)" LF. */
void pen_note__add_line(struct pen_text *note, const char *name, const unsigned char *stamp, size_t n);

#endif
