/* The journal entries of a proof, judged from its text and from keys that somebody
 * trusts: that the checkpoint binds them, that each is signed by its maker's key, and
 * that keys and roles were granted by entries as well, up to the first, the making of
 * the store. What was taken away again cannot be seen from a proof: only what it
 * holds is looked at. */
#ifndef PEN_MODEL_VOUCHED_H
#define PEN_MODEL_VOUCHED_H

#include "adapter/json.h"
#include "model/entry.h"
#include "model/note.h"
#include "model/proof.h"

/* What does not hold, or could not be looked at. Strings are valid during the call. */
struct pen_vouched_found { const char *check, *record, *found, *expected; bool not_made; };

/* Whether a key is one that is trusted as somebody's: none of theirs is known, or
 * others are and not this. */
enum pen_vouched_trust { PEN_VOUCHED_TRUSTED, PEN_VOUCHED_UNKNOWN, PEN_VOUCHED_OTHER };

struct pen_vouched_options {
	const struct pen_key *log_key;	/* of the checkpoint's log; NULL: not known */
	enum pen_vouched_trust (*trust)(void *context, const char *staff, const struct pen_key *key);
	enum pen_status (*visit)(void *context, const struct pen_vouched_found *found, struct pen_error *error);
	void *context;
};

/* An entry; body NULL: none. `holds`: the checkpoint binds it. */
struct pen_vouched_entry { struct pen_entry entry; struct pen_json *body; bool holds; };
/* A key; NULL if the PEM is none of the suite. `digest` of the PEM. */
struct pen_vouched_key { struct pen_key *key; char digest[PEN_DIGEST_HEX]; bool told; };

struct pen_vouched {
	const struct pen_proof *proof;
	const struct pen_vouched_options *options;
	struct pen_arena *arena;
	struct pen_merkle *tree;	/* for its digest */
	struct pen_checkpoint checkpoint;
	struct pen_vouched_entry *entry;	/* those of the proof, one by one */
	struct pen_vouched_key *key;
	int64_t broken, not_made, signatures;
};

/* Judges checkpoint, entries and keys. PEN_OK though something does not hold: that is
 * reported and counted. _close after either. */
enum pen_status pen_vouched__open(struct pen_vouched *vouched, const struct pen_proof *proof, struct pen_arena *arena,
    const struct pen_vouched_options *options, struct pen_error *error);
void pen_vouched__close(struct pen_vouched *vouched);

enum pen_status pen_vouched__report(struct pen_vouched *vouched, const char *check, const char *found,
    const char *expected, struct pen_error *error, const char *record, ...) PEN_PRINTF(6, 7);

/* The first entry of an act upon a subject that holds, and whose body says that role
 * (NULL: any); NULL: there is none. */
const struct pen_vouched_entry *pen_vouched__act(const struct pen_vouched *vouched, const char *act,
    const char *subject, const char *role);
/* The entry that granted somebody a role as held at an index; NULL: none did. */
const struct pen_vouched_entry *pen_vouched__grant(const struct pen_vouched *vouched, const char *staff,
    const char *role, int64_t at);
/* What the body of an entry says: "" where it says nothing, or no text. */
const char *pen_vouched__says(const struct pen_vouched_entry *entry, const char *key);

#endif
