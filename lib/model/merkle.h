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
/* The same of bytes that have 0x00 before them already: n counts it. */
void pen_merkle__marked_hash(struct pen_merkle *tree, const void *bytes, size_t n, unsigned char out[PEN_DIGEST_SIZE]);
/* H(0x01 || left || right) to out, which may be either of them. */
void pen_merkle__join(struct pen_merkle *tree, const unsigned char *left, const unsigned char *right,
    unsigned char *out);
enum pen_status pen_merkle__add(struct pen_merkle *tree, const unsigned char leaf_hash[PEN_DIGEST_SIZE],
    struct pen_error *error);
/* The same with a complete subtree of 2^level leaves that was made elsewhere, which its
 * watcher has been told of. The size is a multiple of that. */
enum pen_status pen_merkle__add_subtree(struct pen_merkle *tree, int level, const unsigned char root[PEN_DIGEST_SIZE],
    struct pen_error *error);
int64_t pen_merkle__size(const struct pen_merkle *tree);
/* The root of what was added so far; the tree can go on. Empty: H(""). */
void pen_merkle__root(struct pen_merkle *tree, unsigned char out[PEN_DIGEST_SIZE]);

/* The way from a leaf to the root (RFC 9162 section 2.1.3): its siblings upwards. */
struct pen_merkle_path { int n; unsigned char hash[PEN_MERKLE_LEVELS][PEN_DIGEST_SIZE]; };
/* Gives the hash of a complete subtree of the tree that the path is made in. */
typedef enum pen_status pen_merkle_fetch(void *context, int level, int64_t number,
    unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error);
/* For a tree of which some levels are kept: a subtree between two of them, joined from
 * the two below it, which are fetched. */
enum pen_status pen_merkle__below(struct pen_merkle *tree, pen_merkle_fetch *fetch, void *context, int level,
    int64_t number, unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error);
/* The tree given serves for its digest alone, here and below: its leaves stay. */
enum pen_status pen_merkle__path(struct pen_merkle *tree, pen_merkle_fetch *fetch, void *context, int64_t index,
    int64_t size, struct pen_merkle_path *path, struct pen_error *error);
/* The root that the path leads to from that leaf; false if there is no such path in
 * a tree of that size. */
bool pen_merkle__climb(struct pen_merkle *tree, const unsigned char leaf_hash[PEN_DIGEST_SIZE], int64_t index,
    int64_t size, const struct pen_merkle_path *path, unsigned char root[PEN_DIGEST_SIZE]);

#endif
