#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/sheaf.h"

#include <string.h>

static struct pen_leaf *leaf_of(enum pen_suite suite)
{
	unsigned char secret[PEN_DIGEST_SIZE];
	struct pen_leaf *leaf;

	memset(secret, 7, sizeof(secret));
	leaf = pen_leaf__new(suite, pen_kind__of(PEN_KIND_CONTRIBUTION), secret);
	assert_non_null(leaf);
	return leaf;
}

static struct pen_row row_of(int64_t number)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_CONTRIBUTION) };
	int i;

	for (i = 0; i < row.kind->count; i++)
		row.v[i] = pen_value__integer(number * 1000 + i);
	if (number % 3 == 0)
		row.v[PEN_CONTRIBUTION_VOUCHER] = pen_value__string("凭\"证", strlen("凭\"证"));
	if (number % 5 == 0)
		row.v[PEN_CONTRIBUTION_FOR_YEAR] = pen_value__null();
	return row;
}

/* The tree of so many rows, leaf by leaf, and its nodes of the kept level. */
struct kept { int count; unsigned char hash[64][PEN_DIGEST_SIZE]; };

static enum pen_status keep(void *context, int level, int64_t number, const unsigned char *hash, struct pen_error *error)
{
	struct kept *kept = context;

	(void)error;
	if (level == PEN_SHEAF_KEPT) {
		assert_int_equal(number, kept->count);
		memcpy(kept->hash[kept->count++], hash, PEN_DIGEST_SIZE);
	}
	return PEN_OK;
}

static void grow(struct pen_merkle *tree, struct pen_leaf *leaf, int64_t from, int64_t rows)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_error error = { 0 };
	struct pen_row row;
	const char *text;
	int64_t i;
	size_t n;

	for (i = from; i < from + rows; i++) {
		row = row_of(i);
		assert_int_equal(pen_leaf__text(leaf, &row, &text, &n, &error), PEN_OK);
		pen_merkle__leaf_hash(tree, text, n, hash);
		assert_int_equal(pen_merkle__add(tree, hash, &error), PEN_OK);
	}
}

static void fill(struct pen_sheaf *sheaf, struct pen_leaf *leaf, int64_t from, int64_t rows)
{
	struct pen_row row;
	int64_t i;

	for (i = from; i < from + rows; i++) {
		row = row_of(i);
		assert_true(pen_sheaf__add(sheaf, leaf, row.v));
	}
}

static void join(struct pen_merkle *tree, const struct pen_sheaf_part *part)
{
	struct pen_error error = { 0 };
	int level;

	for (level = PEN_SHEAF_LEVEL; level >= 0; level--)
		if (part->count >> level & 1)
			assert_int_equal(pen_merkle__add_subtree(tree, level, part->peak[level], &error), PEN_OK);
}

/* Both suites, and part after part: sizes about every edge. */
static void a_part_comes_to_the_same_tree_as_its_leaves_one_by_one(void **state)
{
	static const int sizes[] = { 0, 1, 2, 3, 5, 255, 256, 257, 511, 1023, 1024, 2047, 2048 };
	enum pen_suite suite;
	size_t i;

	(void)state;
	for (suite = PEN_SM2_SM3; suite <= PEN_ED25519_SHA256; suite++) {
		struct pen_merkle *tree = pen_merkle__new(suite), *joined = pen_merkle__new(suite);
		struct pen_leaf *leaf = leaf_of(suite), *other = leaf_of(suite);
		struct pen_sheaf *sheaf = pen_sheaf__new();
		const struct pen_sheaf_part *part;
		unsigned char expected[PEN_DIGEST_SIZE], root[PEN_DIGEST_SIZE];
		struct kept kept;

		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			kept.count = 0;
			pen_merkle__start(tree);
			pen_merkle__watch(tree, keep, &kept);
			grow(tree, leaf, 0, sizes[i]);
			pen_sheaf__clear(sheaf);
			pen_sheaf__begin(sheaf, 0);
			fill(sheaf, leaf, 0, sizes[i]);
			pen_sheaf__hash(sheaf, other, joined);
			part = pen_sheaf__part(sheaf, 0);
			pen_merkle__start(joined);
			join(joined, part);
			pen_merkle__root(tree, expected);
			pen_merkle__root(joined, root);
			assert_memory_equal(root, expected, sizeof(root));
			assert_int_equal(part->count >> PEN_SHEAF_KEPT, kept.count);
			assert_memory_equal(part->kept, kept.hash, (size_t)kept.count * PEN_DIGEST_SIZE);
		}
		pen_sheaf__free(sheaf);
		pen_leaf__free(leaf);
		pen_leaf__free(other);
		pen_merkle__free(tree);
		pen_merkle__free(joined);
	}
}

static void parts_of_several_trees_stay_apart(void **state)
{
	struct pen_merkle *tree = pen_merkle__new(PEN_SM2_SM3), *joined = pen_merkle__new(PEN_SM2_SM3);
	struct pen_leaf *leaf = leaf_of(PEN_SM2_SM3);
	struct pen_sheaf *sheaf = pen_sheaf__new();
	unsigned char expected[PEN_DIGEST_SIZE], root[PEN_DIGEST_SIZE];
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(pen_sheaf__begin(sheaf, i == 2 ? PEN_SHEAF_LEAVES : 0), i);
		fill(sheaf, leaf, 1000 * i, 300 + i);
	}
	assert_int_equal(pen_sheaf__parts(sheaf), 3);
	assert_false(pen_sheaf__full(sheaf));
	pen_sheaf__hash(sheaf, leaf, tree);
	for (i = 0; i < 3; i++) {
		pen_merkle__start(tree);
		grow(tree, leaf, 1000 * i, 300 + i);
		pen_merkle__start(joined);
		join(joined, pen_sheaf__part(sheaf, i));
		pen_merkle__root(tree, expected);
		pen_merkle__root(joined, root);
		assert_memory_equal(root, expected, sizeof(root));
	}
	pen_sheaf__free(sheaf);
	pen_leaf__free(leaf);
	pen_merkle__free(tree);
	pen_merkle__free(joined);
}

static void a_sheaf_is_full_of_leaves_or_of_parts(void **state)
{
	struct pen_sheaf *sheaf = pen_sheaf__new();
	struct pen_leaf *leaf = leaf_of(PEN_SM2_SM3);
	int parts;

	(void)state;
	pen_sheaf__begin(sheaf, 0);
	fill(sheaf, leaf, 0, 1023);
	assert_false(pen_sheaf__full(sheaf));
	fill(sheaf, leaf, 1023, 1);
	assert_true(pen_sheaf__full(sheaf));
	pen_sheaf__clear(sheaf);
	for (parts = 0; !pen_sheaf__full(sheaf); parts++)
		pen_sheaf__begin(sheaf, 0);
	assert_int_equal(pen_sheaf__parts(sheaf), parts);
	pen_sheaf__free(sheaf);
	pen_sheaf__free(NULL);
	pen_leaf__free(leaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_comes_to_the_same_tree_as_its_leaves_one_by_one),
		cmocka_unit_test(parts_of_several_trees_stay_apart),
		cmocka_unit_test(a_sheaf_is_full_of_leaves_or_of_parts),
	};

	return cmocka_run_group_tests_name("model/sheaf", tests, NULL, NULL);
}
