#include "store/roots.h"
#include "base/encode.h"
#include "base/error.h"
#include "model/amended.h"
#include "store/nodes.h"
#include "store/settings.h"

#include <string.h>

#define KEPT_LEVELS PEN_NODES_LEVELS

/* A folio's rows on their way to leaves. */
struct walk { struct pen_rows *rows; struct pen_leaf *leaf; };

enum pen_status pen_roots__kind(struct pen_store *store, const struct pen_batch *batch, const struct pen_folio *folio,
    const struct pen_kind **kind, struct pen_error *error)
{
	struct pen_form *form;
	enum pen_status status;

	if (batch->amendment) {
		*kind = pen_amended__kind(folio->form);
		return *kind ? PEN_OK : pen_error__set(error, PEN_INTEGRITY, "amend.form",
		    _("folio %lld of case %lld is of form %s, whose records no case changes: run pen-verify"),
		    (long long)folio->id, (long long)batch->amendment, folio->form);
	}
	status = pen_settings__kept_form(store, batch->form_digest, &form, error);
	if (status != PEN_OK)
		return status;
	*kind = form->kind;	/* a table of its own: it outlives the form */
	pen_form__free(form);
	return *kind ? PEN_OK : pen_error__set(error, PEN_INTEGRITY, "amend.batch",
	    _("batch %lld is of form %s, as those of cases are, and names no case: run pen-verify"),
	    (long long)batch->id, batch->form);
}

static void end_walk(struct walk *walk)
{
	pen_rows__close(walk->rows);
	pen_leaf__free(walk->leaf);
}

enum pen_status pen_roots__leaf(struct pen_leaf **leaf, struct pen_store *store, const struct pen_batch *batch,
    const struct pen_kind *kind, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(store);
	unsigned char secret[PEN_DIGEST_SIZE];

	if (!pen_leaf__secret(identity->suite, identity->secret, batch->file_digest, batch->form, secret))
		return pen_error__memory(error);
	*leaf = pen_leaf__new(identity->suite, kind, secret);
	return *leaf == NULL ? pen_error__memory(error) : PEN_OK;
}

/* Rows of a kind, from the one that has so many before it. */
static enum pen_status begin_walk_from(struct walk *walk, struct pen_store *store, const struct pen_batch *batch,
    const struct pen_folio *folio, const struct pen_kind *kind, int64_t before, struct pen_error *error)
{
	enum pen_status status;

	walk->rows = NULL;
	walk->leaf = NULL;
	status = pen_roots__leaf(&walk->leaf, store, batch, kind, error);
	if (status != PEN_OK)
		return status;
	status = pen_rows__open_from(&walk->rows, store, kind, folio->id, before, error);
	if (status != PEN_OK) {
		pen_leaf__free(walk->leaf);
		walk->leaf = NULL;
	}
	return status;
}

static enum pen_status begin_walk(struct walk *walk, struct pen_store *store, const struct pen_batch *batch,
    const struct pen_folio *folio, struct pen_error *error)
{
	const struct pen_kind *kind;
	enum pen_status status = pen_roots__kind(store, batch, folio, &kind, error);

	*walk = (struct walk){ .rows = NULL };
	return status == PEN_OK ? begin_walk_from(walk, store, batch, folio, kind, 0, error) : status;
}

/* ------------------------------------------------------------- roots -- */

/* Adds a row's share; what tampering made overflow is left at the limit, since
 * the sum is wrong either way. */
static void add_fen(const struct pen_row *row, int column, int64_t *sum)
{
	if (column >= 0 && __builtin_add_overflow(*sum, row->v[column].i, sum))
		*sum = INT64_MAX;
}

static enum pen_status hash_rows(struct pen_leaf *leaf, pen_rows_supply *supply, void *context,
    struct pen_merkle *tree, struct pen_roots_sum *sum, struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	const struct pen_row *row;
	const char *text;
	size_t n;
	enum pen_status status;

	*sum = (struct pen_roots_sum){ 0 };
	while ((status = supply(context, &row, error)) == PEN_OK && row != NULL) {
		status = pen_leaf__text(leaf, row, &text, &n, error);
		if (status != PEN_OK)
			return status;
		pen_merkle__leaf_hash(tree, text, n, hash);
		status = pen_merkle__add(tree, hash, error);
		if (status != PEN_OK)
			return status;
		sum->rows++;
		add_fen(row, row->kind->unit, &sum->unit_fen);
		add_fen(row, row->kind->personal, &sum->personal_fen);
	}
	return status;
}

enum pen_status pen_roots__of(struct pen_store *store, const struct pen_batch *batch, const struct pen_kind *kind,
    pen_rows_supply *supply, void *context, struct pen_roots_sum *sum, struct pen_error *error)
{
	struct pen_merkle *tree = pen_merkle__new(pen_store__suite(store));
	unsigned char root[PEN_DIGEST_SIZE];
	struct pen_leaf *leaf = NULL;
	enum pen_status status = tree == NULL ? pen_error__memory(error) : pen_roots__leaf(&leaf, store, batch, kind, error);

	if (status == PEN_OK) {
		pen_merkle__start(tree);
		status = hash_rows(leaf, supply, context, tree, sum, error);
	}
	if (status == PEN_OK) {
		pen_merkle__root(tree, root);
		pen_encode__hex(root, sizeof(root), sum->root);
	}
	pen_leaf__free(leaf);
	pen_merkle__free(tree);
	return status;
}

enum pen_status pen_roots__each_leaf(struct pen_store *store, const struct pen_batch *batch,
    const struct pen_folio *folio, pen_roots_leaf *leaf, void *context, struct pen_error *error)
{
	const struct pen_row *row;
	struct walk walk;
	const char *text;
	size_t n;
	enum pen_status status = begin_walk(&walk, store, batch, folio, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(walk.rows, &row, error)) == PEN_OK && row != NULL) {
		status = pen_leaf__text(walk.leaf, row, &text, &n, error);
		if (status == PEN_OK)
			status = leaf(context, text, n, error);
		if (status != PEN_OK)
			break;
	}
	end_walk(&walk);
	return status;
}

/* ------------------------------------------------------------- paths -- */

#define BLOCK (1 << KEPT_LEVELS)	/* leaves below a kept node */

/* A folio's tree, as far as a path asks for it: what is kept, and the leaves of one
 * block at a time, hashed again. */
struct branch {
	struct pen_store *store;
	const struct pen_batch *batch;
	const struct pen_folio *folio;
	const struct pen_kind *kind;
	struct pen_merkle *tree;
	int64_t block;			/* -1: none yet */
	int64_t count;
	unsigned char leaf[BLOCK][PEN_DIGEST_SIZE];
};

static enum pen_status not_these_rows(const struct branch *branch, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "prove.rows",
	    _("folio %lld of batch %lld: its rows or its nodes are not those of the root that was signed: run pen-verify seals"),
	    (long long)branch->folio->id, (long long)branch->batch->id);
}

static enum pen_status read_block(struct branch *branch, int64_t block, struct pen_error *error)
{
	const struct pen_row *row;
	struct walk walk;
	const char *text;
	size_t n;
	enum pen_status status = begin_walk_from(&walk, branch->store, branch->batch, branch->folio, branch->kind,
	    block * BLOCK, error);

	if (status != PEN_OK)
		return status;
	branch->block = block;
	branch->count = 0;
	while (branch->count < BLOCK && (status = pen_rows__next(walk.rows, &row, error)) == PEN_OK && row != NULL) {
		status = pen_leaf__text(walk.leaf, row, &text, &n, error);
		if (status != PEN_OK)
			break;
		pen_merkle__leaf_hash(branch->tree, text, n, branch->leaf[branch->count++]);
	}
	end_walk(&walk);
	return status;
}

static enum pen_status fetch_leaf(struct branch *branch, int64_t number, unsigned char *hash, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (branch->block != number / BLOCK)
		status = read_block(branch, number / BLOCK, error);
	if (status == PEN_OK && number % BLOCK >= branch->count)
		status = not_these_rows(branch, error);
	if (status == PEN_OK)
		memcpy(hash, branch->leaf[number % BLOCK], PEN_DIGEST_SIZE);
	return status;
}

static enum pen_status fetch_kept(struct branch *branch, int level, int64_t number, unsigned char *hash,
    struct pen_error *error)
{
	bool found;
	enum pen_status status = pen_nodes__find(branch->store, branch->folio->id, level, number, hash, &found, error);

	return status == PEN_OK && !found ? not_these_rows(branch, error) : status;
}

/* Between two kept levels subtrees are joined again. */
static enum pen_status fetch(void *context, int level, int64_t number, unsigned char hash[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	struct branch *branch = context;

	if (level == 0)
		return fetch_leaf(branch, number, hash, error);
	if (level % KEPT_LEVELS == 0)
		return fetch_kept(branch, level, number, hash, error);
	return pen_merkle__below(branch->tree, fetch, branch, level, number, hash, error);
}

/* The leaf of the row at a place, which must be the one that is asked for. */
static enum pen_status take_leaf(struct branch *branch, int64_t index, const struct pen_row *row,
    struct pen_text *leaf, struct pen_error *error)
{
	const struct pen_row *there;
	struct walk walk;
	const char *text;
	size_t n;
	enum pen_status status = begin_walk_from(&walk, branch->store, branch->batch, branch->folio, branch->kind,
	    index, error);

	if (status != PEN_OK)
		return status;
	status = pen_rows__next(walk.rows, &there, error);
	if (status == PEN_OK && (there == NULL || there->v[PEN_SUBJECT].i != row->v[PEN_SUBJECT].i ||
	    there->v[PEN_LINE].i != row->v[PEN_LINE].i))
		status = not_these_rows(branch, error);
	if (status == PEN_OK)
		status = pen_leaf__text(walk.leaf, there, &text, &n, error);
	if (status == PEN_OK) {
		pen_text__add(leaf, text, n);
		status = leaf->failed ? pen_error__memory(error) : PEN_OK;
	}
	end_walk(&walk);
	return status;
}

enum pen_status pen_roots__path(struct pen_store *store, const struct pen_batch *batch, const struct pen_folio *folio,
    const struct pen_row *row, struct pen_text *leaf, struct pen_roots_place *place, struct pen_error *error)
{
	struct branch branch = { .store = store, .batch = batch, .folio = folio, .kind = row->kind, .block = -1 };
	unsigned char hash[PEN_DIGEST_SIZE];
	char root[PEN_DIGEST_HEX];
	enum pen_status status;

	branch.tree = pen_merkle__new(pen_store__suite(store));
	if (branch.tree == NULL)
		return pen_error__memory(error);
	status = pen_rows__before(store, row->kind, folio->id, row->v[PEN_SUBJECT].i, row->v[PEN_LINE].i,
	    &place->index, error);
	if (status == PEN_OK && place->index >= folio->rows)
		status = not_these_rows(&branch, error);
	if (status == PEN_OK)
		status = take_leaf(&branch, place->index, row, leaf, error);
	if (status == PEN_OK)
		status = pen_merkle__path(branch.tree, fetch, &branch, place->index, folio->rows, &place->path, error);
	if (status == PEN_OK) {
		pen_merkle__leaf_hash(branch.tree, leaf->s, leaf->n, hash);
		if (!pen_merkle__climb(branch.tree, hash, place->index, folio->rows, &place->path, hash) ||
		    strcmp(pen_encode__hex(hash, sizeof(hash), root), folio->root) != 0)
			status = not_these_rows(&branch, error);
	}
	pen_merkle__free(branch.tree);
	return status;
}

/* --------------------------------------------------------- folio roots -- */

enum pen_status pen_roots__over(struct pen_store *store, const char (*roots)[PEN_DIGEST_HEX], size_t count,
    char out[PEN_DIGEST_HEX], struct pen_error *error)
{
	unsigned char bytes[PEN_DIGEST_SIZE], hash[PEN_DIGEST_SIZE];
	struct pen_merkle *tree = pen_merkle__new(pen_store__suite(store));
	enum pen_status status = PEN_OK;
	size_t i;

	if (tree == NULL)
		return pen_error__memory(error);
	pen_merkle__start(tree);
	for (i = 0; i < count && status == PEN_OK; i++) {
		if (pen_encode__unhex(roots[i], bytes, sizeof(bytes)) != 0) {
			status = pen_error__set(error, PEN_INTEGRITY, "seal.root",
			    _("'%s' stands where the root of a folio should: 64 hexadecimal digits"), roots[i]);
			break;
		}
		pen_merkle__leaf_hash(tree, bytes, sizeof(bytes), hash);
		status = pen_merkle__add(tree, hash, error);
	}
	if (status == PEN_OK) {
		pen_merkle__root(tree, hash);
		pen_encode__hex(hash, sizeof(hash), out);
	}
	pen_merkle__free(tree);
	return status;
}
