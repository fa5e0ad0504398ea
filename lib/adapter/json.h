/* cJSON: reading JSON documents (forms, manifests, row files). cJSON holds
 * numbers as doubles, so only whole numbers below 2^53 are given out. What was
 * written as 6500.00 cannot be told from 6500: amounts come as strings. */
#ifndef PEN_ADAPTER_JSON_H
#define PEN_ADAPTER_JSON_H

#include "pen.h"

struct pen_json;	/* a node; the root owns the tree */

/* PEN_INPUT with line and what was found if the text is not JSON in UTF-8, goes
 * on after its end, or has a NUL in it, as \u0000 too (which would cut a string). */
enum pen_status pen_json__parse(struct pen_json **root, const char *text, size_t n,
    struct pen_error *error);
/* Frees the whole tree; give it the root. NULL is fine. */
void pen_json__free(struct pen_json *root);

/* All look-ups take NULL and then give nothing, so that they chain. What they
 * return lives as long as the root. A key is matched exactly; of equal keys the
 * first counts. Children come in the order of the text. */
const struct pen_json *pen_json__member(const struct pen_json *object, const char *key);
const struct pen_json *pen_json__first(const struct pen_json *array_or_object);
const struct pen_json *pen_json__next(const struct pen_json *node);
size_t pen_json__count(const struct pen_json *array_or_object);
const char *pen_json__key(const struct pen_json *node);		/* its key in an object, or NULL */
const char *pen_json__string(const struct pen_json *node);	/* NULL if it is no string */
bool pen_json__integer(const struct pen_json *node, int64_t *out);	/* false if not whole, or 2^53 and over */
bool pen_json__is_true(const struct pen_json *node);

#endif
