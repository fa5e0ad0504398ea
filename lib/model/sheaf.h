/* Leaves bound together, to be hashed by whichever core is free: the rows of one folio
 * or of several, each a part whose hashes come out as those of complete subtrees. */
#ifndef PEN_MODEL_SHEAF_H
#define PEN_MODEL_SHEAF_H

#include "model/leaf.h"
#include "model/merkle.h"

/* Every eighth level of a tree is kept; a part has 2^11 leaves at most. */
#define PEN_SHEAF_KEPT 8
#define PEN_SHEAF_LEVEL 11
#define PEN_SHEAF_LEAVES (1 << PEN_SHEAF_LEVEL)

/* Some leaves of a tree, all of the next or PEN_SHEAF_LEAVES of them. When hashed: the
 * roots of the complete subtrees that they make, peak[level] where that bit of `count`
 * is set, and of those of level PEN_SHEAF_KEPT, of which there are count >> that. */
struct pen_sheaf_part {
	int64_t first;		/* how many leaves come before: whole parts */
	int count;
	unsigned char peak[PEN_SHEAF_LEVEL + 1][PEN_DIGEST_SIZE];
	unsigned char (*kept)[PEN_DIGEST_SIZE];
};

struct pen_sheaf;
struct pen_sheaf *pen_sheaf__new(void);		/* NULL: no memory */
void pen_sheaf__free(struct pen_sheaf *sheaf);
void pen_sheaf__clear(struct pen_sheaf *sheaf);	/* keeps the room */
bool pen_sheaf__full(const struct pen_sheaf *sheaf);

/* A new part, which the leaves that follow belong to; the sheaf is not full. */
int pen_sheaf__begin(struct pen_sheaf *sheaf, int64_t first);
/* False: no memory. */
bool pen_sheaf__add(struct pen_sheaf *sheaf, const struct pen_leaf *leaf, const struct pen_value *values);

/* Makes the salts and the hashes. The leaf's and the tree's digests are used, and may
 * not be used by another thread meanwhile. */
void pen_sheaf__hash(struct pen_sheaf *sheaf, struct pen_leaf *leaf, struct pen_merkle *tree);

int pen_sheaf__parts(const struct pen_sheaf *sheaf);
const struct pen_sheaf_part *pen_sheaf__part(const struct pen_sheaf *sheaf, int i);

#endif
