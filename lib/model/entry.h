/* A journal entry as text: what is signed, and what the journal's tree holds. */
#ifndef PEN_MODEL_ENTRY_H
#define PEN_MODEL_ENTRY_H

#include "adapter/digest.h"
#include "adapter/json.h"
#include "base/memory.h"
#include "base/text.h"

/* NULL and -1 leave a line out. `body` is a JSON object on one line, its keys in
 * canonical order, or NULL. */
struct pen_entry {
	int64_t at;
	const char *time, *agency, *terminal, *staff, *act, *subject, *body;
};

/*	pen-entry/v1
 *	at: 57
 *	time: 2026-11-23T08:15:30Z
 *	agency: 330100
 *	terminal: <machine>
 *	staff: op1
 *	act: import.stage
 *	subject: batch 4
 *	body: {"rows":300}
 * each line ended by LF; line breaks inside values cannot be (assert). */
void pen_entry__text(const struct pen_entry *entry, struct pen_text *text);

/* The values of a text as above, in the arena. PEN_INPUT if it is none, or is not
 * written just so. */
enum pen_status pen_entry__read(struct pen_entry *entry, struct pen_arena *arena, const char *text,
    struct pen_error *error);

/* The body of a text as above, for pen_json__free; NULL where there is none (or no text),
 * or none that can be read: its signature tells the rest. Fails for want of memory alone,
 * which is no answer. */
enum pen_status pen_entry__body(const char *text, struct pen_json **body, struct pen_error *error);

/* A digest in the body of a text as above; "" if there is none. Fails as above. */
enum pen_status pen_entry__digest(const char *text, const char *key, char digest[PEN_DIGEST_HEX], struct pen_error *error);

/* The bytes of its leaf: the text, then "signature: <base64>" or "signature: -",
 * and LF. */
void pen_entry__leaf(const char *entry_text, const unsigned char *signature, size_t n,
    struct pen_text *text);

/* A small writer for bodies: keys are given in canonical order (assert). */
struct pen_body { struct pen_text text; char last[48]; };
void pen_entry__body_open(struct pen_body *body);
void pen_entry__body_text(struct pen_body *body, const char *key, const char *value);	/* NULL: left out */
void pen_entry__body_int(struct pen_body *body, const char *key, int64_t value);
const char *pen_entry__body_close(struct pen_body *body);	/* NULL: no memory */
void pen_entry__body_free(struct pen_body *body);

#endif
