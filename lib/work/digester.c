#include "work/digester.h"

#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"

#include <stdio.h>

#define WAITING 4	/* pieces between the two cores; a manifest may claim large ones */

/* A piece lies in `pieces` until as many came after it as can wait, with one more at work:
 * by then it is digested, and its place is free. `thread` is NULL when it has ended. */
struct piece { char *bytes; size_t n; };
struct pen_digester {
	struct pen_digest *digest;
	enum pen_suite suite;
	struct pen_thread *thread;
	struct pen_channel *full;
	struct piece pieces[WAITING + 2];
	size_t added;
};

/* The other core: all pieces in their order. */
static enum pen_status digest_pieces(void *context, struct pen_error *error)
{
	struct pen_digester *digester = context;
	struct piece *piece;

	(void)error;
	while ((piece = pen_thread__take(digester->full))) {
		pen_digest__add(digester->digest, piece->bytes, piece->n);
		pen_memory__free(piece->bytes);
	}
	return PEN_OK;
}

enum pen_status pen_digester__begin(struct pen_digester **digester, enum pen_suite suite, struct pen_error *error)
{
	struct pen_digester *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	made->full = pen_thread__channel(WAITING);
	made->suite = suite;
	made->digest = pen_digest__new(suite);
	if (!made->full || !made->digest) {
		pen_error__memory(error);
		goto err0;
	}
	pen_digest__start(made->digest);
	if (pen_thread__start(&made->thread, digest_pieces, made, error) != PEN_OK)
		goto err0;
	*digester = made;
	return PEN_OK;

err0:
	pen_digester__free(made);
	return error->status;
}

void pen_digester__add(struct pen_digester *digester, char *bytes, size_t n)
{
	struct piece *piece = &digester->pieces[digester->added++ % (WAITING + 2)];

	*piece = (struct piece){ bytes, n };
	pen_thread__put(digester->full, piece);
}

static void stop(struct pen_digester *digester)
{
	if (!digester->thread)
		return;
	pen_thread__close(digester->full);
	pen_thread__join(digester->thread, NULL);
	digester->thread = NULL;
}

void pen_digester__end(struct pen_digester *digester, char *out, size_t room)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	stop(digester);
	pen_digest__end(digester->digest, hash);
	snprintf(out, room, "%s:%s", pen_digest__name(digester->suite), pen_encode__hex(hash, sizeof(hash), hex));
}

void pen_digester__free(struct pen_digester *digester)
{
	if (!digester)
		return;
	stop(digester);
	pen_thread__free_channel(digester->full);
	pen_digest__free(digester->digest);
	pen_memory__free(digester);
}
