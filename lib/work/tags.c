#include "work/tags.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#include <string.h>

#define CERTIFICATE_LARGEST ((size_t)1 << 20)
#define LABEL "pen-backup chunk tags v1"

enum pen_status pen_tags__open(struct pen_tags *tags, const char *certificate, const struct pen_identity *identity, struct pen_error *error)
{
	unsigned char print[PEN_DIGEST_SIZE];
	enum pen_status status;
	char *pem;
	size_t n;

	if (pen_file__load(certificate, CERTIFICATE_LARGEST, &pem, &n, error) != PEN_OK)
		return error->status;
	status = pen_cms__recipient(&tags->recipient, pem, n, error);
	pen_memory__free(pem);
	if (status != PEN_OK)
		return status;
	pen_cms__fingerprint(tags->recipient, print);
	pen_encode__hex(print, sizeof(print), tags->fingerprint);
	return pen_digest__hmac(PEN_ED25519_SHA256, identity->secret, sizeof(identity->secret), LABEL, strlen(LABEL), tags->key)
	    ? PEN_OK : pen_error__memory(error);
}

void pen_tags__drop(struct pen_tags *tags)
{
	pen_cms__recipient_free(tags->recipient);
	pen_memory__free(tags->at);
	explicit_bzero(tags, sizeof(*tags));
}

bool pen_tags__of(const struct pen_tags *tags, const void *bytes, size_t n, unsigned char out[PEN_DIGEST_SIZE])
{
	return pen_digest__hmac(PEN_ED25519_SHA256, tags->key, sizeof(tags->key), bytes, n, out);
}

/* Where the tag is, or where it would go; there is a free place. */
static struct pen_chunk *place_of(struct pen_chunk *at, size_t room, const unsigned char *tag)
{
	size_t i;

	memcpy(&i, tag, sizeof(i));	/* as good as random */
	for (i %= room; at[i].bytes && memcmp(at[i].tag, tag, sizeof(at[i].tag)) != 0; i = (i + 1) % room)
		;
	return &at[i];
}

const struct pen_chunk *pen_tags__find(const struct pen_tags *tags, const unsigned char tag[PEN_DIGEST_SIZE])
{
	const struct pen_chunk *found = tags->room ? place_of(tags->at, tags->room, tag) : NULL;

	return found && found->bytes ? found : NULL;
}

static enum pen_status grow(struct pen_tags *tags, struct pen_error *error)
{
	size_t room = tags->room ? tags->room * 2 : 1024, i;
	struct pen_chunk *at = pen_memory__calloc(room, sizeof(*at));

	if (!at)
		return pen_error__memory(error);
	for (i = 0; i < tags->room; i++)
		if (tags->at[i].bytes)
			*place_of(at, room, tags->at[i].tag) = tags->at[i];
	pen_memory__free(tags->at);
	tags->at = at;
	tags->room = room;
	return PEN_OK;
}

enum pen_status pen_tags__add(struct pen_tags *tags, const struct pen_chunk *chunk, struct pen_error *error)
{
	struct pen_chunk *place;

	if (2 * (tags->count + 1) > tags->room && grow(tags, error) != PEN_OK)
		return error->status;
	place = place_of(tags->at, tags->room, chunk->tag);
	tags->count += !place->bytes;
	*place = *chunk;
	return PEN_OK;
}

enum pen_status pen_tags__learn(struct pen_tags *tags, const struct pen_manifest *manifest, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	if (strcmp(manifest->recipient, tags->fingerprint) != 0)
		return PEN_OK;
	for (i = 0; i < manifest->count && status == PEN_OK; i++)
		if (manifest->chunks[i].has_tag)
			status = pen_tags__add(tags, &manifest->chunks[i], error);
	return status;
}
