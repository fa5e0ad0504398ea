/* Cosignatures of checkpoints: C2SP tlog-cosignature, by a key of the staff. Under
 * ed25519-sha256 to the byte ("cosignature/v1", signature type 0x04); under sm2-sm3
 * the same layout with type 0xff "pen-sm2-sm3-cosignature", which is not called C2SP.
 *
 * It says that its maker saw, at that time, the log with that size and root, and none
 * that was larger. */
#ifndef PEN_MODEL_COSIGNATURE_H
#define PEN_MODEL_COSIGNATURE_H

#include "model/note.h"

/* First 4 bytes of H(name LF type public-key). */
enum pen_status pen_cosignature__key_id(enum pen_suite suite, const char *name, const struct pen_key *key,
    unsigned char out[4], struct pen_error *error);

/* Adds a line to a note that was opened: the key's cosignature under a name, at a
 * time (seconds since 1970). */
enum pen_status pen_cosignature__add(enum pen_suite suite, struct pen_text *note, const char *name,
    const struct pen_key *key, int64_t time, struct pen_error *error);

/* Whether a line of the note, of the key's name and id, holds; its time. */
enum pen_status pen_cosignature__holds(const struct pen_key *key, const char *note, const struct pen_note_line *line,
    bool *holds, int64_t *time, struct pen_error *error);

#endif
