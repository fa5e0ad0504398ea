/* The text of a proof (pen-seal(5)): rows, the seals that they are under, the journal
 * entries by which those were signed and their signers had key and role, the signers'
 * keys, and the checkpoint that binds the entries. Sections parted by empty lines, each
 * of "key: value" lines; a text of several lines stands behind its key, each line after
 * a blank. It is written in one way only: what reads back and is not written as it
 * stood is no proof. */
#ifndef PEN_MODEL_PROOF_H
#define PEN_MODEL_PROOF_H

#include "base/memory.h"
#include "base/text.h"
#include "model/merkle.h"

/* A row of a folio, and the folio's paragraph in its seal's text. */
struct pen_proof_row {
	const char *leaf;		/* canonical JSON, one line */
	int64_t index;			/* among the folio's rows, from 0 */
	struct pen_merkle_path path;	/* to the folio's root */
	int64_t seal;
	const char *paragraph;
	int64_t number;			/* of the paragraph; the head is 0 */
	struct pen_merkle_path seal_path;	/* to the root over the paragraphs */
};
/* A seal's head, which is paragraph 0. */
struct pen_proof_seal { int64_t id; const char *head; struct pen_merkle_path path; };
/* An entry: text and signature in base64, or "-". */
struct pen_proof_entry { int64_t at; const char *text, *signature; struct pen_merkle_path path; };
struct pen_proof_key { const char *staff, *pem; };

/* Texts end in LF. Everything belongs to whoever made it: for a proof that was read,
 * to the arena. */
struct pen_proof {
	enum pen_suite suite;
	struct pen_proof_row *row;
	struct pen_proof_seal *seal;
	struct pen_proof_entry *entry;
	struct pen_proof_key *key;
	size_t rows, seals, entries, keys;
	const char *checkpoint;		/* the note, whole */
};

void pen_proof__write(const struct pen_proof *proof, struct pen_text *text);
/* PEN_INPUT with the line if it is no proof, not all of one, or written in another
 * way. */
enum pen_status pen_proof__read(struct pen_proof *proof, struct pen_arena *arena, const char *bytes, size_t n,
    struct pen_error *error);

#endif
