/* The chunks of a repository that are encrypted to one recipient, found by a keyed digest
 * of what is in them: whoever makes a backup cannot open them, and stores equal ones once
 * all the same. The key is worked out of the store's secret. */
#ifndef PEN_WORK_TAGS_H
#define PEN_WORK_TAGS_H

#include "adapter/cms.h"
#include "store/manifest.h"

/* It starts as {0} and ends in _drop. */
struct pen_tags {
	struct pen_recipient *recipient;
	char fingerprint[PEN_DIGEST_HEX];
	unsigned char key[PEN_DIGEST_SIZE];
	struct pen_chunk *at;		/* by tag, open addressing; bytes 0: a free place */
	size_t count, room;
};
/* By the recipient's certificate, a file. */
enum pen_status pen_tags__open(struct pen_tags *tags, const char *certificate, const struct pen_identity *identity, struct pen_error *error);
void pen_tags__drop(struct pen_tags *tags);

/* The chunks of a snapshot, if it is for the same recipient. */
enum pen_status pen_tags__learn(struct pen_tags *tags, const struct pen_manifest *manifest, struct pen_error *error);
/* The tag of these bytes; false: no memory. */
bool pen_tags__of(const struct pen_tags *tags, const void *bytes, size_t n, unsigned char out[PEN_DIGEST_SIZE]);
const struct pen_chunk *pen_tags__find(const struct pen_tags *tags, const unsigned char tag[PEN_DIGEST_SIZE]);	/* NULL: none */
/* In the place of one of the same tag. */
enum pen_status pen_tags__add(struct pen_tags *tags, const struct pen_chunk *chunk, struct pen_error *error);

#endif
