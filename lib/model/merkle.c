#include "model/merkle.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

/* The complete subtrees that make up the tree so far, the largest to the left:
 * peaks[level] holds the hash of 2^level leaves exactly when that bit of size
 * is set. A leaf goes in like the carry of a binary counter. */
struct pen_merkle {
	struct pen_digest *digest;
	int64_t size;
	unsigned char peaks[PEN_MERKLE_LEVELS][PEN_DIGEST_SIZE];
	pen_merkle_node *node;
	void *context;
};

struct pen_merkle *pen_merkle__new(enum pen_suite suite)
{
	struct pen_merkle *tree = pen_memory__calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	tree->digest = pen_digest__new(suite);
	if (!tree->digest) {
		pen_memory__free(tree);
		return NULL;
	}
	return tree;
}

void pen_merkle__free(struct pen_merkle *tree)
{
	if (!tree)
		return;
	pen_digest__free(tree->digest);
	pen_memory__free(tree);
}

void pen_merkle__start(struct pen_merkle *tree)
{
	tree->size = 0;
}

void pen_merkle__resume(struct pen_merkle *tree, int64_t size,
    unsigned char (*peaks)[PEN_DIGEST_SIZE])
{
	int level, next = 0;

	assert(size >= 0 && size >> PEN_MERKLE_LEVELS == 0);
	tree->size = size;
	for (level = 0; level < PEN_MERKLE_LEVELS; level++) {
		if (size >> level & 1)
			memcpy(tree->peaks[level], peaks[next++], PEN_DIGEST_SIZE);
	}
}

void pen_merkle__watch(struct pen_merkle *tree, pen_merkle_node *node, void *context)
{
	tree->node = node;
	tree->context = context;
}

/* The prefixes keep a leaf from passing for a node, and a node for a leaf. */
void pen_merkle__leaf_hash(struct pen_merkle *tree, const void *bytes, size_t n,
    unsigned char out[PEN_DIGEST_SIZE])
{
	pen_digest__start(tree->digest);
	pen_digest__add(tree->digest, "\x00", 1);
	pen_digest__add(tree->digest, bytes, n);
	pen_digest__end(tree->digest, out);
}

void pen_merkle__marked_hash(struct pen_merkle *tree, const void *bytes, size_t n, unsigned char out[PEN_DIGEST_SIZE])
{
	pen_digest__start(tree->digest);
	pen_digest__add(tree->digest, bytes, n);
	pen_digest__end(tree->digest, out);
}

void pen_merkle__join(struct pen_merkle *tree, const unsigned char *left, const unsigned char *right,
    unsigned char *out)
{
	unsigned char bytes[1 + 2 * PEN_DIGEST_SIZE] = { 1 };

	memcpy(bytes + 1, left, PEN_DIGEST_SIZE);
	memcpy(bytes + 1 + PEN_DIGEST_SIZE, right, PEN_DIGEST_SIZE);
	pen_digest__start(tree->digest);
	pen_digest__add(tree->digest, bytes, sizeof(bytes));
	pen_digest__end(tree->digest, out);
}

static enum pen_status tell(struct pen_merkle *tree, int level, int64_t number,
    const unsigned char *hash, struct pen_error *error)
{
	if (!tree->node)
		return PEN_OK;
	return tree->node(tree->context, level, number, hash, error);
}

enum pen_status pen_merkle__add(struct pen_merkle *tree, const unsigned char leaf_hash[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	enum pen_status status = tell(tree, 0, tree->size, leaf_hash, error);

	return status == PEN_OK ? pen_merkle__add_subtree(tree, 0, leaf_hash, error) : status;
}

enum pen_status pen_merkle__add_subtree(struct pen_merkle *tree, int level, const unsigned char root[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	const int64_t leaves = INT64_C(1) << level;
	unsigned char hash[PEN_DIGEST_SIZE];
	enum pen_status status = PEN_OK;

	assert(tree->size < (INT64_C(1) << (PEN_MERKLE_LEVELS - 1)) && tree->size % leaves == 0);
	memcpy(hash, root, sizeof(hash));
	/* Two subtrees of a height become one of the next, as far as it goes. */
	while (status == PEN_OK && (tree->size >> level & 1)) {
		pen_merkle__join(tree, tree->peaks[level], hash, hash);
		level++;
		status = tell(tree, level, tree->size >> level, hash, error);
	}
	/* Only now is it in: a watcher that fails leaves the tree as it was. */
	if (status == PEN_OK) {
		memcpy(tree->peaks[level], hash, sizeof(hash));
		tree->size += leaves;
	}
	return status;
}

int64_t pen_merkle__size(const struct pen_merkle *tree)
{
	return tree->size;
}

void pen_merkle__root(struct pen_merkle *tree, unsigned char out[PEN_DIGEST_SIZE])
{
	bool any = false;
	int level;

	/* From the smallest subtree, at the right end, leftwards. */
	for (level = 0; level < PEN_MERKLE_LEVELS; level++) {
		if (!(tree->size >> level & 1))
			continue;
		if (any)
			pen_merkle__join(tree, tree->peaks[level], out, out);
		else
			memcpy(out, tree->peaks[level], PEN_DIGEST_SIZE);
		any = true;
	}
	if (!any) {
		pen_digest__start(tree->digest);
		pen_digest__end(tree->digest, out);
	}
}

/* ---- paths ---- */

/* The root of the leaves from `first` to the end, which are fewer than a complete
 * subtree: its complete parts are joined from the smallest, at the right, leftwards. */
static enum pen_status edge(struct pen_merkle *tree, pen_merkle_fetch *fetch, void *context, int64_t first,
    int64_t size, unsigned char out[PEN_DIGEST_SIZE], struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	int64_t count = size - first, end = size;
	enum pen_status status = PEN_OK;
	bool any = false;
	int level;

	for (level = 0; count >> level && status == PEN_OK; level++) {
		if (!(count >> level & 1))
			continue;
		end -= INT64_C(1) << level;
		status = fetch(context, level, end >> level, hash, error);
		if (status != PEN_OK)
			break;
		if (any)
			pen_merkle__join(tree, hash, out, out);
		else
			memcpy(out, hash, sizeof(hash));
		any = true;
	}
	return status;
}

enum pen_status pen_merkle__below(struct pen_merkle *tree, pen_merkle_fetch *fetch, void *context, int level,
    int64_t number, unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	unsigned char right[PEN_DIGEST_SIZE];
	enum pen_status status = fetch(context, level - 1, 2 * number, hash, error);

	if (status == PEN_OK)
		status = fetch(context, level - 1, 2 * number + 1, right, error);
	if (status == PEN_OK)
		pen_merkle__join(tree, hash, right, hash);
	return status;
}

/* Upwards, a sibling at each level that has one: `node` and `last` are the numbers
 * there of the leaf's subtree and of the last subtree. */
enum pen_status pen_merkle__path(struct pen_merkle *tree, pen_merkle_fetch *fetch, void *context, int64_t index,
    int64_t size, struct pen_merkle_path *path, struct pen_error *error)
{
	int64_t node = index, last = size - 1;
	enum pen_status status = PEN_OK;
	int level;

	assert(index >= 0 && index < size);
	path->n = 0;
	for (level = 0; last > 0 && status == PEN_OK; level++, node >>= 1, last >>= 1) {
		if (node & 1)
			status = fetch(context, level, node - 1, path->hash[path->n++], error);
		else if (node < last && (node + 2) << level <= size)
			status = fetch(context, level, node + 1, path->hash[path->n++], error);
		else if (node < last)
			status = edge(tree, fetch, context, (node + 1) << level, size, path->hash[path->n++], error);
	}
	return status;
}

/* RFC 9162 section 2.1.3.2. A subtree that is the last of its level and has no
 * sibling goes up unchanged. */
bool pen_merkle__climb(struct pen_merkle *tree, const unsigned char leaf_hash[PEN_DIGEST_SIZE], int64_t index,
    int64_t size, const struct pen_merkle_path *path, unsigned char root[PEN_DIGEST_SIZE])
{
	int64_t node = index, last = size - 1;
	int i;

	if (index < 0 || index >= size)
		return false;
	memcpy(root, leaf_hash, PEN_DIGEST_SIZE);
	for (i = 0; i < path->n; i++, node >>= 1, last >>= 1) {
		for (; !(node & 1) && node == last && last > 0; node >>= 1, last >>= 1)
			;
		if (last == 0)
			return false;
		if (node & 1)
			pen_merkle__join(tree, path->hash[i], root, root);
		else
			pen_merkle__join(tree, root, path->hash[i], root);
	}
	/* What is left upwards has no sibling, or the path is too short. */
	for (; last > 0 && !(node & 1) && node == last; node >>= 1, last >>= 1)
		;
	return last == 0;
}
