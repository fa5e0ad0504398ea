/* Merkle trees as RFC 9162 section 2.1 has them, grown a leaf at a time. */
#ifndef PEN_MODEL_MERKLE_H
#define PEN_MODEL_MERKLE_H

#include "adapter/digest.h"

#define PEN_MERKLE_LEVELS 48

struct pen_merkle;

/* Told of each complete subtree: level 0 are the leaves. */
typedef enum pen_status pen_merkle_node(void *context, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error);

struct pen_merkle *pen_merkle__new(enum pen_suite suite);	/* NULL: no memory */
void pen_merkle__free(struct pen_merkle *tree);
void pen_merkle__start(struct pen_merkle *tree);
/* Takes up a tree of `size` leaves from its complete subtrees: peaks[i] is the
 * hash of the i-th set bit of size, from the lowest. */
void pen_merkle__resume(struct pen_merkle *tree, int64_t size,
    unsigned char (*peaks)[PEN_DIGEST_SIZE]);
void pen_merkle__watch(struct pen_merkle *tree, pen_merkle_node *node, void *context);

void pen_merkle__leaf_hash(struct pen_merkle *tree, const void *bytes, size_t n,
    unsigned char out[PEN_DIGEST_SIZE]);			/* H(0x00 || bytes) */
enum pen_status pen_merkle__add(struct pen_merkle *tree, const unsigned char leaf_hash[PEN_DIGEST_SIZE],
    struct pen_error *error);
int64_t pen_merkle__size(const struct pen_merkle *tree);
/* The root of what was added so far; the tree can go on. Empty: H(""). */
void pen_merkle__root(struct pen_merkle *tree, unsigned char out[PEN_DIGEST_SIZE]);

#endif
