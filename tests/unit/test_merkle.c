#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/encode.h"
#include "base/error.h"
#include "model/merkle.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST 70

typedef unsigned char hash_bytes[PEN_DIGEST_SIZE];

static void assert_hash(const unsigned char *hash, const char *expected)
{
	char hex[PEN_DIGEST_HEX];

	assert_string_equal(pen_encode__hex(hash, PEN_DIGEST_SIZE, hex), expected);
}

/* MTH of RFC 9162 section 2.1.1 to the letter: D[n] split at the largest power
 * of two below n. Leaf i of the generated trees is i + 1 bytes of value i. */
static void naive(enum pen_suite suite, size_t from, size_t n, unsigned char *out)
{
	unsigned char bytes[1 + 2 * PEN_DIGEST_SIZE + MOST] = { 0 };
	size_t k = 1;

	if (n == 0) {
		assert_true(pen_digest__of(suite, "", 0, out));
	} else if (n == 1) {
		memset(bytes + 1, (int)from, from + 1);
		assert_true(pen_digest__of(suite, bytes, from + 2, out));
	} else {
		while (k * 2 < n)
			k *= 2;
		bytes[0] = 1;
		naive(suite, from, k, bytes + 1);
		naive(suite, from + k, n - k, bytes + 1 + PEN_DIGEST_SIZE);
		assert_true(pen_digest__of(suite, bytes, 1 + 2 * PEN_DIGEST_SIZE, out));
	}
}

static void add(struct pen_merkle *tree, size_t i)
{
	struct pen_error error = { 0 };
	unsigned char leaf[MOST], hash[PEN_DIGEST_SIZE];

	memset(leaf, (int)i, i + 1);
	pen_merkle__leaf_hash(tree, leaf, i + 1, hash);
	assert_int_equal(pen_merkle__add(tree, hash, &error), PEN_OK);
}

/* The eight leaves by which the implementations of Certificate Transparency
 * are tested, and the roots of the trees of the first 1 to 8 of them. */
static void the_published_vectors_give_the_published_roots(void **state)
{
	static const struct { const char *leaf; size_t n; } leaves[] = {
		{ "", 0 }, { "\x00", 1 }, { "\x10", 1 }, { "\x20\x21", 2 }, { "\x30\x31", 2 },
		{ "\x40\x41\x42\x43", 4 }, { "\x50\x51\x52\x53\x54\x55\x56\x57", 8 },
		{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16 },
	};
	static const char *const roots[] = {
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	struct pen_error error = { 0 };
	unsigned char hash[PEN_DIGEST_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(leaves); i++) {
		pen_merkle__leaf_hash(tree, leaves[i].leaf, leaves[i].n, hash);
		assert_int_equal(pen_merkle__add(tree, hash, &error), PEN_OK);
		pen_merkle__root(tree, hash);
		assert_hash(hash, roots[i]);
		assert_int_equal(pen_merkle__size(tree), i + 1);
	}
	pen_merkle__free(tree);
}

/* The test log of another implementation (transparency-dev/tessera), whose leaves
 * are spelled so. */
static void a_log_of_another_implementation_has_the_same_root(void **state)
{
	static const char *const leaves[] = {
		"one", "two", "three", "four", "five", "six", "seven", "eit",
	};
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	struct pen_error error = { 0 };
	char root[PEN_BASE64_ROOM(PEN_DIGEST_SIZE)];
	unsigned char hash[PEN_DIGEST_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(leaves); i++) {
		pen_merkle__leaf_hash(tree, leaves[i], strlen(leaves[i]), hash);
		assert_int_equal(pen_merkle__add(tree, hash, &error), PEN_OK);
	}
	pen_merkle__root(tree, hash);
	pen_encode__base64(hash, sizeof(hash), root);
	assert_string_equal(root, "bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=");
	pen_merkle__free(tree);
}

static void the_empty_tree_is_the_digest_of_nothing(void **state)
{
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	unsigned char hash[PEN_DIGEST_SIZE];

	(void)state;
	pen_merkle__root(tree, hash);
	assert_hash(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	pen_merkle__free(tree);
	tree = pen_merkle__new(PEN_SM2_SM3);
	pen_merkle__root(tree, hash);
	assert_hash(hash, "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
	assert_int_equal(pen_merkle__size(tree), 0);
	pen_merkle__free(tree);
}

static void every_root_equals_the_recursive_definition(void **state)
{
	static const enum pen_suite suites[] = { PEN_SM2_SM3, PEN_ED25519_SHA256 };
	unsigned char root[PEN_DIGEST_SIZE], expected[PEN_DIGEST_SIZE];
	struct pen_merkle *tree;
	size_t s, i;

	(void)state;
	for (s = 0; s < COUNT(suites); s++) {
		tree = pen_merkle__new(suites[s]);
		for (i = 0; i < MOST; i++) {
			add(tree, i);
			pen_merkle__root(tree, root);
			naive(suites[s], 0, i + 1, expected);
			assert_memory_equal(root, expected, sizeof(root));
		}
		pen_merkle__free(tree);
	}
}

static void a_tree_started_again_is_empty(void **state)
{
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	unsigned char root[PEN_DIGEST_SIZE], expected[PEN_DIGEST_SIZE];

	(void)state;
	add(tree, 5);
	add(tree, 6);
	pen_merkle__start(tree);
	add(tree, 0);
	pen_merkle__root(tree, root);
	naive(PEN_ED25519_SHA256, 0, 1, expected);
	assert_memory_equal(root, expected, sizeof(root));
	pen_merkle__free(tree);
}

/* Each node that is told of is the root over its own leaves; a tree of n leaves
 * has n - (set bits of n) interior nodes that are complete. */
static enum pen_status look(void *context, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	unsigned char expected[PEN_DIGEST_SIZE];
	size_t *told = context, leaves = (size_t)1 << level;

	(void)error;
	naive(PEN_ED25519_SHA256, (size_t)number * leaves, leaves, expected);
	assert_memory_equal(hash, expected, sizeof(expected));
	told[level]++;
	return PEN_OK;
}

static void the_watcher_sees_each_complete_subtree_once(void **state)
{
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	size_t told[PEN_MERKLE_LEVELS] = { 0 };
	size_t i;

	(void)state;
	pen_merkle__watch(tree, look, told);
	for (i = 0; i < MOST; i++)
		add(tree, i);
	for (i = 0; i < PEN_MERKLE_LEVELS; i++)
		assert_int_equal(told[i], i < 32 ? (size_t)MOST >> i : 0);
	pen_merkle__free(tree);
}

/* Keeps the newest hash of each level, as the store does. */
static enum pen_status keep(void *context, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	hash_bytes *nodes = context;

	(void)number;
	(void)error;
	/* A peak is the last complete subtree of its level with an even number. */
	if (number % 2 == 0)
		memcpy(nodes[level], hash, PEN_DIGEST_SIZE);
	return PEN_OK;
}

static void a_tree_goes_on_from_its_complete_subtrees(void **state)
{
	hash_bytes nodes[PEN_MERKLE_LEVELS], peaks[PEN_MERKLE_LEVELS];
	unsigned char root[PEN_DIGEST_SIZE], expected[PEN_DIGEST_SIZE];
	struct pen_merkle *tree = pen_merkle__new(PEN_SM2_SM3);
	struct pen_merkle *other = pen_merkle__new(PEN_SM2_SM3);
	size_t i, bit, count;

	(void)state;
	naive(PEN_SM2_SM3, 0, MOST, expected);
	pen_merkle__watch(tree, keep, nodes);
	for (i = 0; i < MOST; i++) {
		count = 0;
		for (bit = 0; bit < 8; bit++) {
			if (i >> bit & 1)
				memcpy(peaks[count++], nodes[bit], PEN_DIGEST_SIZE);
		}
		pen_merkle__resume(other, (int64_t)i, peaks);
		assert_int_equal(pen_merkle__size(other), i);
		for (bit = i; bit < MOST; bit++)
			add(other, bit);
		pen_merkle__root(other, root);
		assert_memory_equal(root, expected, sizeof(root));
		add(tree, i);
	}
	pen_merkle__free(other);
	pen_merkle__free(tree);
}

static enum pen_status refuse(void *context, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	int *at = context;

	(void)number;
	(void)hash;
	if (level == *at)
		return pen_error__set(error, PEN_SYSTEM, "system.full", "full");
	return PEN_OK;
}

static void a_watcher_that_fails_leaves_the_tree_as_it_was(void **state)
{
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	unsigned char before[PEN_DIGEST_SIZE], after[PEN_DIGEST_SIZE];
	struct pen_error error = { 0 };
	size_t i;
	int at;

	(void)state;
	for (i = 0; i < 7; i++)
		add(tree, i);
	pen_merkle__root(tree, before);
	for (at = 0; at <= 3; at++) {
		pen_merkle__watch(tree, refuse, &at);
		assert_int_equal(pen_merkle__add(tree, before, &error), PEN_SYSTEM);
		assert_string_equal(error.code, "system.full");
		assert_int_equal(pen_merkle__size(tree), 7);
		pen_merkle__root(tree, after);
		assert_memory_equal(before, after, sizeof(after));
	}
	pen_merkle__watch(tree, NULL, NULL);
	add(tree, 7);
	pen_merkle__root(tree, after);
	naive(PEN_ED25519_SHA256, 0, 8, before);
	assert_memory_equal(before, after, sizeof(after));
	pen_merkle__free(tree);
}

/* ---- paths ---- */

/* Complete subtrees of the generated trees. */
static enum pen_status fetch(void *context, int level, int64_t number, unsigned char hash[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	(void)context;
	(void)error;
	naive(PEN_ED25519_SHA256, (size_t)(number << level), (size_t)1 << level, hash);
	return PEN_OK;
}

static void every_path_leads_from_its_leaf_to_the_root_and_from_no_other(void **state)
{
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	unsigned char leaf[PEN_DIGEST_SIZE], root[PEN_DIGEST_SIZE], made[PEN_DIGEST_SIZE];
	struct pen_error error = { 0 };
	struct pen_merkle_path path;
	int64_t size, i, other;

	(void)state;
	for (size = 1; size < MOST; size++) {
		naive(PEN_ED25519_SHA256, 0, (size_t)size, root);
		for (i = 0; i < size; i++) {
			naive(PEN_ED25519_SHA256, (size_t)i, 1, leaf);
			assert_int_equal(pen_merkle__path(tree, fetch, NULL, i, size, &path, &error), PEN_OK);
			assert_true(pen_merkle__climb(tree, leaf, i, size, &path, made));
			assert_memory_equal(made, root, sizeof(root));
			for (other = 0; other < size; other++)
				assert_true(other == i || !pen_merkle__climb(tree, leaf, other, size, &path, made) ||
				    memcmp(made, root, sizeof(root)) != 0);
			assert_false(pen_merkle__climb(tree, leaf, size, size, &path, made));
			assert_false(pen_merkle__climb(tree, leaf, -1, size, &path, made));
		}
	}
	pen_merkle__free(tree);
}

static void a_path_that_is_too_short_or_too_long_leads_nowhere(void **state)
{
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	unsigned char leaf[PEN_DIGEST_SIZE], made[PEN_DIGEST_SIZE];
	struct pen_error error = { 0 };
	struct pen_merkle_path path;
	int64_t i;

	(void)state;
	for (i = 0; i < 7; i++) {
		naive(PEN_ED25519_SHA256, (size_t)i, 1, leaf);
		assert_int_equal(pen_merkle__path(tree, fetch, NULL, i, 7, &path, &error), PEN_OK);
		path.n++;
		assert_false(pen_merkle__climb(tree, leaf, i, 7, &path, made));
		path.n -= 2;
		assert_false(pen_merkle__climb(tree, leaf, i, 7, &path, made));
	}
	pen_merkle__free(tree);
}

/* The paths of the published leaves that the implementations of Certificate
 * Transparency are tested by: of the first leaf of eight, and of the sixth. */
static void the_published_leaves_have_the_published_paths(void **state)
{
	static const char *const paths[2][3] = {
		{ "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
		  "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
		  "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4" },
		{ "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
		  "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
		  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	};
	static const struct { const char *leaf; size_t n; int64_t index; } leaves[2] = {
		{ "", 0, 0 }, { "\x40\x41\x42\x43", 4, 5 }
	};
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_merkle_path path;
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		path.n = 3;
		for (k = 0; k < 3; k++)
			assert_int_equal(pen_encode__unhex(paths[i][k], path.hash[k], PEN_DIGEST_SIZE), 0);
		pen_merkle__leaf_hash(tree, leaves[i].leaf, leaves[i].n, hash);
		assert_true(pen_merkle__climb(tree, hash, leaves[i].index, 8, &path, hash));
		assert_hash(hash, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
	}
	pen_merkle__free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_vectors_give_the_published_roots),
		cmocka_unit_test(a_log_of_another_implementation_has_the_same_root),
		cmocka_unit_test(the_empty_tree_is_the_digest_of_nothing),
		cmocka_unit_test(every_root_equals_the_recursive_definition),
		cmocka_unit_test(a_tree_started_again_is_empty),
		cmocka_unit_test(the_watcher_sees_each_complete_subtree_once),
		cmocka_unit_test(a_tree_goes_on_from_its_complete_subtrees),
		cmocka_unit_test(a_watcher_that_fails_leaves_the_tree_as_it_was),
		cmocka_unit_test(every_path_leads_from_its_leaf_to_the_root_and_from_no_other),
		cmocka_unit_test(a_path_that_is_too_short_or_too_long_leads_nowhere),
		cmocka_unit_test(the_published_leaves_have_the_published_paths),
	};

	return cmocka_run_group_tests_name("model/merkle", tests, NULL, NULL);
}
