/* A row's leaf: its stored columns, but for folio, as canonical JSON (RFC 8785)
 * with the record kind and a salt:
 *   {"base_fen":650000,…,"record":"contribution","salt":"<32 hex>",…}
 * Keys in the order of their bytes; an empty (NULL) column is left out, so that a
 * column which a later schema adds does not disturb older leaves; bytes, which
 * no kind has, would stand as {"bytes":"<hex>"}.
 * The salt keeps a neighbour's data from being guessed out of a proof. */
#ifndef PEN_MODEL_LEAF_H
#define PEN_MODEL_LEAF_H

#include "adapter/digest.h"
#include "base/text.h"
#include "model/kind.h"

/* HMAC(store secret, file digest in hex || "/" || form name). */
bool pen_leaf__secret(enum pen_suite suite, const unsigned char store_secret[32],
    const char *file_digest, const char *form, unsigned char out[PEN_DIGEST_SIZE]);

struct pen_leaf;	/* makes many leaves of one batch */
struct pen_leaf *pen_leaf__new(enum pen_suite suite, const struct pen_kind *kind,
    const unsigned char batch_secret[PEN_DIGEST_SIZE]);		/* NULL: no memory */
void pen_leaf__free(struct pen_leaf *leaf);
/* First 16 bytes of H(batch secret || line as 8 bytes, big end first), in hex. */
void pen_leaf__salt(struct pen_leaf *leaf, int64_t line, char out[33]);
/* Adds the leaf text of a row's values with the salt still missing: its 32 digits go to
 * out->s + *salt. False: no memory. */
bool pen_leaf__write(const struct pen_leaf *leaf, const struct pen_value *values, struct pen_text *out, size_t *salt);
/* The row's leaf text; *text is valid until the next call. PEN_SYSTEM: no memory. */
enum pen_status pen_leaf__text(struct pen_leaf *leaf, const struct pen_row *row,
    const char **text, size_t *n, struct pen_error *error);

#endif
