#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "base/encode.h"
#include "store/rootwalk.h"

/* RFC 9162 section 2.1.1, written down as it stands there. */
static void tree_head(unsigned char (*leaves)[PEN_DIGEST_SIZE], size_t n, unsigned char out[PEN_DIGEST_SIZE])
{
	unsigned char bytes[1 + 2 * PEN_DIGEST_SIZE] = { 1 };
	size_t k = 1;

	if (n == 1) {
		memcpy(out, leaves[0], PEN_DIGEST_SIZE);
		return;
	}
	while (2 * k < n)
		k *= 2;
	tree_head(leaves, k, bytes + 1);
	tree_head(leaves + k, n - k, bytes + 1 + PEN_DIGEST_SIZE);
	assert_true(pen_digest__of(PEN_ED25519_SHA256, bytes, sizeof(bytes), out));
}

static void leaf_hash(const void *text, size_t n, unsigned char out[PEN_DIGEST_SIZE])
{
	unsigned char bytes[4096] = { 0 };

	assert_true(n + 1 <= sizeof(bytes));
	memcpy(bytes + 1, text, n);
	assert_true(pen_digest__of(PEN_ED25519_SHA256, bytes, n + 1, out));
}

struct leaves { unsigned char hash[PEOPLE][PEN_DIGEST_SIZE]; size_t n; char first[512]; };

static enum pen_status take_leaf(void *context, const char *text, size_t n, struct pen_error *error)
{
	struct leaves *leaves = context;

	(void)error;
	if (leaves->n == 0)
		snprintf(leaves->first, sizeof(leaves->first), "%.*s", (int)n, text);
	leaf_hash(text, n, leaves->hash[leaves->n++]);
	return PEN_OK;
}

/* The breakdown of the first employer: 300 rows. */
static void find(struct year *y, struct pen_batch *batch, struct pen_folio *folio)
{
	struct fixture *f = y->f;
	bool found;

	assert_ok(pen_batch__find(store_of(f), 4, batch, &found, &f->error));
	assert_true(found);
	assert_ok(pen_folio__find(store_of(f), ask(f, "SELECT MIN(id) FROM folio WHERE batch = 4"), folio, &found, &f->error));
	assert_true(found);
}

static void a_root_is_the_tree_head_of_the_standard_over_the_leaves(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct leaves leaves = { .n = 0 };
	unsigned char root[PEN_DIGEST_SIZE];
	char expected[PEN_DIGEST_HEX];
	struct pen_roots_sum sum;
	struct pen_batch batch;
	struct pen_folio folio;

	find(y, &batch, &folio);
	assert_ok(pen_roots__each_leaf(store_of(f), &batch, &folio, take_leaf, &leaves, &f->error));
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, true, &sum, NULL, &f->error));
	assert_int_equal(leaves.n, 300);
	tree_head(leaves.hash, leaves.n, root);
	assert_string_equal(sum.root, pen_encode__hex(root, sizeof(root), expected));
	assert_int_equal(sum.rows, 300);
	assert_int_equal(sum.unit_fen, 300 * 1152000);
	assert_int_equal(sum.personal_fen, 300 * 576000);
	assert_non_null(strstr(leaves.first, "\"record\":\"contribution\""));
}

static void a_root_made_again_is_the_same_and_its_nodes_agree(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_roots_sum first, again;
	struct pen_batch batch;
	struct pen_folio folio;
	int64_t bad;

	find(y, &batch, &folio);
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, true, &first, NULL, &f->error));
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, true, &again, NULL, &f->error));
	assert_string_equal(first.root, again.root);
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, false, &again, &bad, &f->error));
	assert_string_equal(first.root, again.root);
	assert_int_equal(bad, -1);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM folio_node WHERE level = 8"), 1);
}

static void a_changed_row_gives_another_root_and_the_subtree_it_is_in(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_roots_sum before, after;
	struct pen_batch batch;
	struct pen_folio folio;
	int64_t bad;

	find(y, &batch, &folio);
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, true, &before, NULL, &f->error));
	break_in(y, "UPDATE contribution SET personal_fen = personal_fen + 1 WHERE person = 7 AND folio = (SELECT MIN(id) FROM folio WHERE batch = 4)");
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, false, &after, &bad, &f->error));
	assert_string_not_equal(before.root, after.root);
	assert_int_equal(bad, 0);
	assert_int_equal(after.personal_fen, before.personal_fen + 1);
}

static void a_node_that_was_changed_or_is_superfluous_is_told(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_roots_sum sum;
	struct pen_batch batch;
	struct pen_folio folio;
	int64_t bad;

	find(y, &batch, &folio);
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, true, &sum, NULL, &f->error));
	tamper(f, "UPDATE folio_node SET hash = zeroblob(32)");
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, false, &sum, &bad, &f->error));
	assert_int_equal(bad, 0);
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, true, &sum, NULL, &f->error));
	tamper(f, "INSERT INTO folio_node SELECT folio, level, 1, hash FROM folio_node");
	assert_ok(pen_rootwalk__one(store_of(f), &batch, &folio, false, &sum, &bad, &f->error));
	assert_int_equal(bad, 256);
}

static void folio_roots_are_the_leaves_of_the_root_over_them(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	unsigned char bytes[3][PEN_DIGEST_SIZE], hashes[3][PEN_DIGEST_SIZE], root[PEN_DIGEST_SIZE];
	char roots[3][PEN_DIGEST_HEX], out[PEN_DIGEST_HEX], expected[PEN_DIGEST_HEX];
	int i;

	for (i = 0; i < 3; i++) {
		memset(bytes[i], i + 1, sizeof(bytes[i]));
		pen_encode__hex(bytes[i], sizeof(bytes[i]), roots[i]);
		leaf_hash(bytes[i], sizeof(bytes[i]), hashes[i]);
	}
	tree_head(hashes, 3, root);
	assert_ok(pen_roots__over(store_of(f), (const char (*)[PEN_DIGEST_HEX])roots, 3, out, &f->error));
	assert_string_equal(out, pen_encode__hex(root, sizeof(root), expected));
	roots[1][0] = '\0';
	assert_fails(pen_roots__over(store_of(f), (const char (*)[PEN_DIGEST_HEX])roots, 3, out, &f->error),
	    PEN_INTEGRITY, "seal.root");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_root_is_the_tree_head_of_the_standard_over_the_leaves),
		WITH_YEAR(a_root_made_again_is_the_same_and_its_nodes_agree),
		WITH_YEAR(a_changed_row_gives_another_root_and_the_subtree_it_is_in),
		WITH_YEAR(a_node_that_was_changed_or_is_superfluous_is_told),
		WITH_YEAR(folio_roots_are_the_leaves_of_the_root_over_them),
	};

	return cmocka_run_group_tests_name("store/roots", tests, NULL, NULL);
}
