#include "model/sheaf.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

/* Full with so many leaves or parts: enough that handing it over costs nothing, few
 * enough that the texts stay near the core. */
#define FULL_LEAVES 1024
#define PARTS 256
#define LEAVES (FULL_LEAVES + PEN_SHEAF_LEAVES)
#define KEPT (LEAVES >> PEN_SHEAF_KEPT)

/* A leaf's text in `text`, its mark included, and where its salt goes. */
struct entry { size_t at, n, salt; int64_t line; };

struct pen_sheaf {
	struct pen_text text;
	int leaves, parts;
	struct entry entry[LEAVES];
	struct pen_sheaf_part part[PARTS];
	unsigned char hash[PEN_SHEAF_LEAVES][PEN_DIGEST_SIZE];	/* of one part, level by level */
	unsigned char kept[KEPT][PEN_DIGEST_SIZE];
};

struct pen_sheaf *pen_sheaf__new(void)
{
	return pen_memory__calloc(1, sizeof(struct pen_sheaf));
}

void pen_sheaf__free(struct pen_sheaf *sheaf)
{
	if (!sheaf)
		return;
	pen_text__free(&sheaf->text);
	pen_memory__free(sheaf);
}

void pen_sheaf__clear(struct pen_sheaf *sheaf)
{
	pen_text__clear(&sheaf->text);
	sheaf->leaves = sheaf->parts = 0;
}

bool pen_sheaf__full(const struct pen_sheaf *sheaf)
{
	return sheaf->leaves >= FULL_LEAVES || sheaf->parts == PARTS;
}

int pen_sheaf__begin(struct pen_sheaf *sheaf, int64_t first)
{
	struct pen_sheaf_part *part = &sheaf->part[sheaf->parts];

	assert(!pen_sheaf__full(sheaf) && first % PEN_SHEAF_LEAVES == 0);
	part->first = first;
	part->count = 0;
	return sheaf->parts++;
}

bool pen_sheaf__add(struct pen_sheaf *sheaf, const struct pen_leaf *leaf, const struct pen_value *values)
{
	struct pen_sheaf_part *part = &sheaf->part[sheaf->parts - 1];
	struct entry *entry = &sheaf->entry[sheaf->leaves];

	assert(part->count < PEN_SHEAF_LEAVES && sheaf->leaves < LEAVES);
	entry->at = sheaf->text.n;
	pen_text__add(&sheaf->text, "", 1);	/* what marks a leaf goes before it */
	entry->line = values[PEN_LINE].i;
	if (!pen_leaf__write(leaf, values, &sheaf->text, &entry->salt))
		return false;
	entry->n = sheaf->text.n - entry->at;
	part->count++;
	sheaf->leaves++;
	return true;
}

/* ---- hashing ---- */

static void hash_leaf(struct pen_sheaf *sheaf, const struct entry *entry, struct pen_leaf *leaf,
    struct pen_merkle *tree, unsigned char out[PEN_DIGEST_SIZE])
{
	char salt[33];

	pen_leaf__salt(leaf, entry->line, salt);
	memcpy(sheaf->text.s + entry->salt, salt, 32);
	pen_merkle__marked_hash(tree, sheaf->text.s + entry->at, entry->n, out);
}

/* Level upon level, in place. The last of an odd number stays: a peak. */
static void join_levels(struct pen_sheaf_part *part, unsigned char (*hash)[PEN_DIGEST_SIZE], struct pen_merkle *tree)
{
	int n, i, level = 0;

	for (n = part->count; n > 0; n /= 2, level++) {
		if (level == PEN_SHEAF_KEPT)
			memcpy(part->kept, hash, (size_t)n * PEN_DIGEST_SIZE);
		if (n & 1)
			memcpy(part->peak[level], hash[n - 1], PEN_DIGEST_SIZE);
		for (i = 0; i < n / 2; i++)
			pen_merkle__join(tree, hash[2 * i], hash[2 * i + 1], hash[i]);
	}
}

void pen_sheaf__hash(struct pen_sheaf *sheaf, struct pen_leaf *leaf, struct pen_merkle *tree)
{
	unsigned char (*kept)[PEN_DIGEST_SIZE] = sheaf->kept;
	const struct entry *entry = sheaf->entry;
	struct pen_sheaf_part *part;
	int i;

	for (part = sheaf->part; part < sheaf->part + sheaf->parts; part++) {
		for (i = 0; i < part->count; i++)
			hash_leaf(sheaf, entry++, leaf, tree, sheaf->hash[i]);
		part->kept = kept;
		join_levels(part, sheaf->hash, tree);
		kept += part->count >> PEN_SHEAF_KEPT;
	}
}

int pen_sheaf__parts(const struct pen_sheaf *sheaf)
{
	return sheaf->parts;
}

const struct pen_sheaf_part *pen_sheaf__part(const struct pen_sheaf *sheaf, int i)
{
	assert(i >= 0 && i < sheaf->parts);
	return &sheaf->part[i];
}
