#include "model/leaf.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

enum { RECORD = -1, SALT = -2 };

/* A key of the leaf and where its value comes from: a column, RECORD or SALT; and how
 * it is written behind another, with what is the same in every leaf. */
struct slot {
	const char *key;
	int source;
	char written[64];	/* ,"base_fen": and ,"record":"contribution" whole */
	size_t n;
};

#define NUMBER_MOST 20		/* digits and a sign */
#define SALT_DIGITS 32

/* Slots stand in the canonical order, which is that of the UTF-16 code units
 * of the keys; ours are ASCII, for which strcmp gives the same. */
struct pen_leaf {
	struct pen_digest *digest;
	const struct pen_kind *kind;
	unsigned char secret[PEN_DIGEST_SIZE];
	int count;
	struct slot slots[PEN_COLUMNS_MOST + 2];
	size_t most;			/* bytes of a leaf without its strings */
	struct pen_text text;
};

bool pen_leaf__secret(enum pen_suite suite, const unsigned char store_secret[32],
    const char *file_digest, const char *form, unsigned char out[PEN_DIGEST_SIZE])
{
	struct pen_text name = { 0 };
	bool done = false;

	pen_text__printf(&name, "%s/%s", file_digest, form);
	if (!name.failed)
		done = pen_digest__hmac(suite, store_secret, 32, name.s, name.n, out);
	pen_text__free(&name);
	return done;
}

static int by_key(const void *a, const void *b)
{
	const struct slot *left = a, *right = b;

	return strcmp(left->key, right->key);
}

/* Keys and the names of kinds are plain. */
static void write_key(struct slot *slot, const char *kind)
{
	int n = slot->source == RECORD ?
	    snprintf(slot->written, sizeof(slot->written), ",\"%s\":\"%s\"", slot->key, kind) :
	    snprintf(slot->written, sizeof(slot->written), ",\"%s\":", slot->key);

	assert(n > 0 && (size_t)n < sizeof(slot->written));
	slot->n = (size_t)n;
}

static void lay_out(struct pen_leaf *leaf)
{
	int i;

	for (i = 0; i < leaf->kind->count; i++)
		leaf->slots[leaf->count++] = (struct slot){ .key = leaf->kind->columns[i].name, .source = i };
	leaf->slots[leaf->count++] = (struct slot){ .key = "record", .source = RECORD };
	leaf->slots[leaf->count++] = (struct slot){ .key = "salt", .source = SALT };
	qsort(leaf->slots, (size_t)leaf->count, sizeof(leaf->slots[0]), by_key);
	for (i = 1; i < leaf->count; i++)
		assert(strcmp(leaf->slots[i - 1].key, leaf->slots[i].key) < 0);
	leaf->most = 2 + SALT_DIGITS + sizeof(leaf->slots[0].written);
	for (i = 0; i < leaf->count; i++) {
		write_key(&leaf->slots[i], leaf->kind->name);
		leaf->most += leaf->slots[i].n + NUMBER_MOST;
	}
}

struct pen_leaf *pen_leaf__new(enum pen_suite suite, const struct pen_kind *kind,
    const unsigned char batch_secret[PEN_DIGEST_SIZE])
{
	struct pen_leaf *leaf = pen_memory__calloc(1, sizeof(*leaf));

	if (!leaf)
		goto err0;
	leaf->digest = pen_digest__new(suite);
	if (!leaf->digest)
		goto err1;
	leaf->kind = kind;
	memcpy(leaf->secret, batch_secret, sizeof(leaf->secret));
	lay_out(leaf);
	return leaf;

err1:
	pen_memory__free(leaf);
err0:
	return NULL;
}

void pen_leaf__free(struct pen_leaf *leaf)
{
	if (!leaf)
		return;
	pen_digest__free(leaf->digest);
	pen_text__free(&leaf->text);
	explicit_bzero(leaf->secret, sizeof(leaf->secret));
	pen_memory__free(leaf);
}

void pen_leaf__salt(struct pen_leaf *leaf, int64_t line, char out[33])
{
	unsigned char bytes[PEN_DIGEST_SIZE + 8], hash[PEN_DIGEST_SIZE];
	int i;

	memcpy(bytes, leaf->secret, PEN_DIGEST_SIZE);
	for (i = 0; i < 8; i++)
		bytes[PEN_DIGEST_SIZE + i] = (unsigned char)((uint64_t)line >> (56 - 8 * i));
	pen_digest__start(leaf->digest);
	pen_digest__add(leaf->digest, bytes, sizeof(bytes));
	pen_digest__end(leaf->digest, hash);
	pen_encode__hex(hash, SALT_DIGITS / 2, out);
}

/* No record kind has bytes. If somebody put some into a column, they must not
 * pass for the text that they spell: they stand as {"bytes":"<hex>"}. */
static void add_bytes(struct pen_text *text, const struct pen_value *value)
{
	char hex[3];
	size_t i;

	pen_text__puts(text, "{\"bytes\":\"");
	for (i = 0; i < value->n; i++)
		pen_text__add(text, pen_encode__hex(value->s + i, 1, hex), 2);
	pen_text__puts(text, "\"}");
}

/* A string goes by the text itself; behind it there is room for the rest again. */
static char *add_string(const struct pen_leaf *leaf, struct pen_text *text, char *at, const struct pen_value *value)
{
	text->n = (size_t)(at - text->s);
	if (value->type == PEN_BYTES)
		add_bytes(text, value);
	else
		pen_text__json(text, value->s, value->n);
	return pen_text__room(text, leaf->most);
}

/* Every digit, as the store has it. RFC 8785 knows numbers up to 2^53, which no
 * admitted amount or number reaches. */
static char *add_number(char *at, int64_t number)
{
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char digits[NUMBER_MOST], *first = digits + sizeof(digits);
	size_t n;

	do {
		*--first = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (number < 0)
		*--first = '-';
	n = (size_t)(digits + sizeof(digits) - first);
	memcpy(at, first, n);
	return at + n;
}

/* The value of a slot, which is not empty. */
static char *add_value(const struct pen_leaf *leaf, const struct slot *slot, const struct pen_value *values,
    struct pen_text *out, char *at, size_t *salt)
{
	if (slot->source == RECORD)
		return at;
	if (slot->source == SALT) {
		*salt = (size_t)(at + 1 - out->s);
		at[0] = at[SALT_DIGITS + 1] = '"';
		return at + SALT_DIGITS + 2;
	}
	return values[slot->source].type == PEN_INTEGER ? add_number(at, values[slot->source].i) :
	    add_string(leaf, out, at, &values[slot->source]);
}

bool pen_leaf__write(const struct pen_leaf *leaf, const struct pen_value *values, struct pen_text *out, size_t *salt)
{
	const size_t before = out->n;
	const struct slot *slot;
	char *at = pen_text__room(out, leaf->most);
	int i;

	for (i = 0; i < leaf->count && at; i++) {
		slot = &leaf->slots[i];
		/* What is empty is left out: a column that a later schema adds
		 * does not disturb the leaves of the rows before it. */
		if (slot->source >= 0 && values[slot->source].type == PEN_NULL)
			continue;
		/* All of it, so that the compiler knows how much: there is room. */
		memcpy(at, slot->written, sizeof(slot->written));
		at = add_value(leaf, slot, values, out, at + slot->n, salt);
	}
	if (!at)
		return false;
	out->s[before] = '{';
	*at++ = '}';
	*at = '\0';
	out->n = (size_t)(at - out->s);
	return true;
}

enum pen_status pen_leaf__text(struct pen_leaf *leaf, const struct pen_row *row,
    const char **text, size_t *n, struct pen_error *error)
{
	struct pen_text *out = &leaf->text;
	char salt[SALT_DIGITS + 1];
	size_t at;

	assert(row->kind == leaf->kind);
	pen_text__clear(out);
	if (!pen_leaf__write(leaf, row->v, out, &at))
		return pen_error__memory(error);
	pen_leaf__salt(leaf, row->v[PEN_LINE].i, salt);
	memcpy(out->s + at, salt, SALT_DIGITS);
	*text = out->s;
	*n = out->n;
	return PEN_OK;
}
