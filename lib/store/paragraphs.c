#include "store/paragraphs.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* Of the nodes every fourth level is kept: a fifteenth of the hashes, which is little
 * beside the text, and leaves sixteen paragraphs to be hashed for a path. */
#define KEPT_LEVELS 4
#define BLOCK (1 << KEPT_LEVELS)	/* paragraphs below a kept node */

/* ---------------------------------------------------------------- nodes -- */

/* Where nodes go as they are made: into the store, or beside what it has. */
struct nodes {
	struct pen_store *store;
	int64_t seal, made;
	bool keep, same;
};

static enum pen_status keep_node(struct nodes *nodes, int level, int64_t number, const unsigned char *hash,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(nodes->store, PEN_SQL_PARAGRAPHS_KEEP_NODE, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":seal", nodes->seal);
	pen_db__bind_int(statement, ":level", level);
	pen_db__bind_int(statement, ":number", number);
	pen_db__bind_bytes(statement, ":hash", hash, PEN_DIGEST_SIZE);
	return pen_db__run(statement, error);
}

/* The node kept; *found false if there is none. */
static enum pen_status kept_node(struct pen_store *store, int64_t seal, int level, int64_t number,
    unsigned char hash[PEN_DIGEST_SIZE], bool *found, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PARAGRAPHS_NODE, &statement, error);
	const void *kept;
	size_t n = 0;
	bool row;

	*found = false;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":seal", seal);
	pen_db__bind_int(statement, ":level", level);
	pen_db__bind_int(statement, ":number", number);
	status = pen_db__step(statement, &row, error);
	kept = status == PEN_OK && row ? pen_db__bytes(statement, 0, &n) : NULL;
	if (kept && n == PEN_DIGEST_SIZE) {
		memcpy(hash, kept, n);
		*found = true;
	}
	pen_db__reset(statement);
	return status;
}

static enum pen_status node(void *context, int level, int64_t number, const unsigned char hash[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	struct nodes *nodes = context;
	unsigned char kept[PEN_DIGEST_SIZE];
	enum pen_status status;
	bool found;

	if (level == 0 || level % KEPT_LEVELS != 0)
		return PEN_OK;
	nodes->made++;
	if (nodes->keep)
		return keep_node(nodes, level, number, hash, error);
	status = kept_node(nodes->store, nodes->seal, level, number, kept, &found, error);
	nodes->same &= found && memcmp(kept, hash, sizeof(kept)) == 0;
	return status;
}

/* Nodes that no subtree of the text has are one too many. */
static enum pen_status count_nodes(struct nodes *nodes, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(nodes->store, PEN_SQL_PARAGRAPHS_COUNT_NODES, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":seal", nodes->seal);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK)
		nodes->same &= pen_db__int(statement, 0) == nodes->made;
	pen_db__reset(statement);
	return status;
}

static enum pen_status hash_all(struct nodes *nodes, const char *text, char root[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_merkle *tree = pen_merkle__new(pen_store__suite(nodes->store));
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_sealtext_part part;
	enum pen_status status = PEN_OK;

	if (!tree)
		return pen_error__memory(error);
	pen_merkle__start(tree);
	pen_merkle__watch(tree, node, nodes);
	while (status == PEN_OK && pen_sealtext__next(&text, &part)) {
		pen_merkle__leaf_hash(tree, part.s, part.n, hash);
		status = pen_merkle__add(tree, hash, error);
	}
	pen_merkle__root(tree, hash);
	pen_encode__hex(hash, sizeof(hash), root);
	pen_merkle__free(tree);
	return status;
}

enum pen_status pen_paragraphs__keep(struct pen_store *store, int64_t seal, const char *text, struct pen_error *error)
{
	struct nodes nodes = { .store = store, .seal = seal, .keep = true };
	char root[PEN_DIGEST_HEX];

	return hash_all(&nodes, text, root, error);
}

enum pen_status pen_paragraphs__compare(struct pen_store *store, int64_t seal, const char *text,
    char root[PEN_DIGEST_HEX], bool *same, struct pen_error *error)
{
	struct nodes nodes = { .store = store, .seal = seal, .same = true };
	enum pen_status status = hash_all(&nodes, text, root, error);

	if (status == PEN_OK)
		status = count_nodes(&nodes, error);
	*same = nodes.same;
	return status;
}

/* ---------------------------------------------------------------- paths -- */

/* The hashes of a block of paragraphs; number -1: none yet. */
struct block { int64_t number; unsigned char leaf[BLOCK][PEN_DIGEST_SIZE]; };

/* The paragraphs, with the hashes of the last block, which every path asks for, and of
 * another one. */
struct pen_paragraphs {
	struct pen_store *store;
	int64_t seal;
	struct pen_merkle *tree;
	struct pen_sealtext_part *part;
	int64_t count;
	struct block last, other;
};

static enum pen_status take_up(struct pen_paragraphs *p, const char *text, struct pen_error *error)
{
	struct pen_sealtext_part part;
	int64_t room = 0;
	void *more;

	for (; pen_sealtext__next(&text, &part); p->part[p->count++] = part) {
		if (p->count < room)
			continue;
		room = room ? 2 * room : BLOCK;
		more = pen_memory__realloc(p->part, (size_t)room, sizeof(part));
		if (!more)
			return pen_error__memory(error);
		p->part = more;
	}
	return PEN_OK;
}

enum pen_status pen_paragraphs__open(struct pen_paragraphs **paragraphs, struct pen_store *store, int64_t seal,
    const char *text, struct pen_error *error)
{
	struct pen_paragraphs *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->seal = seal;
	made->last.number = made->other.number = -1;
	made->tree = pen_merkle__new(pen_store__suite(store));
	status = made->tree ? take_up(made, text, error) : pen_error__memory(error);
	if (status != PEN_OK) {
		pen_paragraphs__close(made);
		return status;
	}
	*paragraphs = made;
	return PEN_OK;
}

void pen_paragraphs__close(struct pen_paragraphs *p)
{
	if (!p)
		return;
	pen_merkle__free(p->tree);
	pen_memory__free(p->part);
	pen_memory__free(p);
}

static void fetch_leaf(struct pen_paragraphs *p, int64_t number, unsigned char hash[PEN_DIGEST_SIZE])
{
	struct block *block = number / BLOCK == (p->count - 1) / BLOCK ? &p->last : &p->other;
	int64_t i;

	if (block->number != number / BLOCK) {
		block->number = number / BLOCK;
		for (i = number / BLOCK * BLOCK; i < (number / BLOCK + 1) * BLOCK && i < p->count; i++)
			pen_merkle__leaf_hash(p->tree, p->part[i].s, p->part[i].n, block->leaf[i % BLOCK]);
	}
	memcpy(hash, block->leaf[number % BLOCK], PEN_DIGEST_SIZE);
}

static enum pen_status fetch(void *context, int level, int64_t number, unsigned char hash[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	struct pen_paragraphs *p = context;
	enum pen_status status;
	bool found;

	if (level == 0) {
		fetch_leaf(p, number, hash);
		return PEN_OK;
	}
	if (level % KEPT_LEVELS != 0)
		return pen_merkle__below(p->tree, fetch, p, level, number, hash, error);
	status = kept_node(p->store, p->seal, level, number, hash, &found, error);
	if (status == PEN_OK && !found)
		status = pen_error__set(error, PEN_INTEGRITY, "prove.nodes",
		    _("a node over the paragraphs of seal %lld is missing: run pen-verify seals"), (long long)p->seal);
	return status;
}

enum pen_status pen_paragraphs__find(struct pen_paragraphs *p, int64_t folio, struct pen_sealtext_part *part,
    int64_t *number, struct pen_merkle_path *path, struct pen_error *error)
{
	int64_t i, found;

	for (i = 0; i < p->count; i++) {
		if (i ? !pen_sealtext__integer(&p->part[i], "folio", &found) || found != folio : folio != 0)
			continue;
		*part = p->part[i];
		*number = i;
		return pen_merkle__path(p->tree, fetch, p, i, p->count, path, error);
	}
	return pen_error__set(error, PEN_INTEGRITY, "prove.seal",
	    _("the text of seal %lld does not speak of folio %lld: run pen-verify seals"), (long long)p->seal, (long long)folio);
}

enum pen_status pen_paragraphs__root(struct pen_paragraphs *p, int64_t number, const struct pen_merkle_path *path,
    char root[PEN_DIGEST_HEX], struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];

	pen_merkle__leaf_hash(p->tree, p->part[number].s, p->part[number].n, hash);
	if (!pen_merkle__climb(p->tree, hash, number, p->count, path, hash))
		return pen_error__set(error, PEN_INTEGRITY, "prove.nodes",
		    _("a node over the paragraphs of seal %lld is missing: run pen-verify seals"), (long long)p->seal);
	pen_encode__hex(hash, sizeof(hash), root);
	return PEN_OK;
}
