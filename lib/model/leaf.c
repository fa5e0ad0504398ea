#include "model/leaf.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

enum { RECORD = -1, SALT = -2 };

/* A key of the leaf and where its value comes from: a column, RECORD or SALT; and how
 * it is written, with what is the same in every leaf. */
struct slot {
	const char *key;
	int source;
	char written[64];	/* "base_fen":, and "record":"contribution" whole */
	size_t n;
};

/* Slots stand in the canonical order, which is that of the UTF-16 code units
 * of the keys; ours are ASCII, for which strcmp gives the same. */
struct pen_leaf {
	struct pen_digest *digest;
	const struct pen_kind *kind;
	unsigned char secret[PEN_DIGEST_SIZE];
	int count;
	struct slot slots[PEN_COLUMNS_MOST + 2];
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
	    snprintf(slot->written, sizeof(slot->written), "\"%s\":\"%s\"", slot->key, kind) :
	    snprintf(slot->written, sizeof(slot->written), "\"%s\":", slot->key);

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
	for (i = 0; i < leaf->count; i++)
		write_key(&leaf->slots[i], leaf->kind->name);
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
	unsigned char bytes[8], hash[PEN_DIGEST_SIZE];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)line >> (56 - 8 * i));
	pen_digest__start(leaf->digest);
	pen_digest__add(leaf->digest, leaf->secret, sizeof(leaf->secret));
	pen_digest__add(leaf->digest, bytes, sizeof(bytes));
	pen_digest__end(leaf->digest, hash);
	pen_encode__hex(hash, 16, out);
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

static void add_value(struct pen_text *text, const struct pen_value *value)
{
	if (value->type == PEN_STRING)
		pen_text__json(text, value->s, value->n);
	else if (value->type == PEN_BYTES)
		add_bytes(text, value);
	else
		/* Every digit, as the store has it. RFC 8785 knows numbers up to
		 * 2^53, which no admitted amount or number reaches. */
		pen_text__number(text, value->i);
}

enum pen_status pen_leaf__text(struct pen_leaf *leaf, const struct pen_row *row,
    const char **text, size_t *n, struct pen_error *error)
{
	struct pen_text *out = &leaf->text;
	const struct slot *slot;
	char salt[35] = "\"";
	int i;

	assert(row->kind == leaf->kind);
	pen_leaf__salt(leaf, row->v[PEN_LINE].i, salt + 1);
	salt[33] = '"';
	pen_text__clear(out);
	for (i = 0; i < leaf->count; i++) {
		slot = &leaf->slots[i];
		/* What is empty is left out: a column that a later schema adds
		 * does not disturb the leaves of the rows before it. */
		if (slot->source >= 0 && row->v[slot->source].type == PEN_NULL)
			continue;
		pen_text__add(out, out->n ? "," : "{", 1);
		pen_text__add(out, slot->written, slot->n);
		if (slot->source == SALT)
			pen_text__add(out, salt, 34);
		else if (slot->source != RECORD)
			add_value(out, &row->v[slot->source]);
	}
	pen_text__puts(out, "}");
	if (out->failed)
		return pen_error__memory(error);
	*text = out->s;
	*n = out->n;
	return PEN_OK;
}
