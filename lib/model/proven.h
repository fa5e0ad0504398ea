/* What a proof proves: its rows, each as a leaf of a folio, the folio as a paragraph of
 * a seal, the seal as signed by every role that it asks for and closed, and whose rows
 * they are. */
#ifndef PEN_MODEL_PROVEN_H
#define PEN_MODEL_PROVEN_H

#include "model/kind.h"
#include "model/sealtext.h"
#include "model/vouched.h"

#define PEN_PROVEN_ROLES 4

/* A seal; by[i] signed in role[i], which grant[i] gave them. closed NULL: nobody closed
 * it, else somebody by what the entry `closer` granted. */
struct pen_proven_seal {
	int64_t id;
	struct pen_sealtext_part head;
	char paragraphs[PEN_DIGEST_HEX];	/* the root that all signed; "": none */
	int roles;
	char role[PEN_PROVEN_ROLES][16];
	const struct pen_vouched_entry *by[PEN_PROVEN_ROLES], *grant[PEN_PROVEN_ROLES], *closed, *closer;
};

/* A row; leaf NULL, kind NULL: it could not be read. `subject` is the person's or
 * employer's number. whose NULL: no row of the proof says who that is, else that one's
 * leaf. */
struct pen_proven_row {
	struct pen_json *leaf;
	const struct pen_kind *kind;
	int64_t subject;
	const struct pen_json *whose;
	struct pen_sealtext_part paragraph;
	const struct pen_proven_seal *seal;
};

struct pen_proven { struct pen_vouched vouched; struct pen_proven_seal *seal; struct pen_proven_row *row; };

/* Judges everything; what does not hold is reported and counted (vouched.broken,
 * vouched.not_made). _close after either outcome. */
enum pen_status pen_proven__open(struct pen_proven *proven, const struct pen_proof *proof, struct pen_arena *arena,
    const struct pen_vouched_options *options, struct pen_error *error);
void pen_proven__close(struct pen_proven *proven);

#endif
