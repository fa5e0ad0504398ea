#include "work/chunks.h"
#include "adapter/cms.h"
#include "adapter/gzip.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/thread.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum pen_status pen_chunks__path(const struct pen_repository *repository, const struct pen_chunk *chunk,
    char out[PATH_MAX], struct pen_error *error)
{
	char name[PEN_DIGEST_HEX], folder[16];

	pen_encode__hex(chunk->name, sizeof(chunk->name), name);
	snprintf(folder, sizeof(folder), "chunks/%.2s", name);
	return pen_repository__path(repository, folder, name, chunk->has_tag ? ".gz.cms" : ".gz", out, error);
}

static enum pen_status bad_chunk(const struct pen_manifest *manifest, const struct pen_chunk *chunk,
    const char *what, struct pen_error *error)
{
	char name[PEN_DIGEST_HEX];

	return pen_error__set(error, PEN_INTEGRITY, "backup.chunk",
	    _("snapshot %s: chunk %s %s; take a snapshot without it, or, while the store lives, make a new backup, which writes anew what the store still has of it"),
	    manifest->snapshot, pen_encode__hex(chunk->name, sizeof(chunk->name), name), what);
}

/* That the bytes are what the chunk's name says. */
static enum pen_status check_name(const struct pen_manifest *manifest, const struct pen_chunk *chunk, const char *bytes, size_t n,
    struct pen_error *error)
{
	unsigned char name[PEN_DIGEST_SIZE];

	if (!pen_digest__of(PEN_ED25519_SHA256, bytes, n, name))
		return pen_error__memory(error);
	return memcmp(name, chunk->name, sizeof(name)) == 0 ? PEN_OK
	    : bad_chunk(manifest, chunk, _("is not what its name says"), error);
}

/* Whether a file that opens to the chunk is the one that was written, though it may be
 * one of gzip's bits that change nothing: the manifest says so, or it is what is written
 * today, since a damaged one was mended by another make of the packer. *crc is the file's. */
static enum pen_status look_packed(const struct pen_chunk *chunk, const char *packed, size_t n, const char *bytes,
    uint32_t *crc, bool *same, struct pen_error *error)
{
	static const unsigned char head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3 };
	char *again;
	size_t again_n;

	*crc = pen_gzip__crc(0, packed, n);
	*same = chunk->has_crc ? *crc == chunk->crc : n >= sizeof(head) && memcmp(packed, head, sizeof(head)) == 0;
	if (*same || !chunk->has_crc)
		return PEN_OK;
	if (pen_gzip__pack(bytes, (size_t)chunk->bytes, &again, &again_n, error) != PEN_OK)
		return error->status;
	*same = n == again_n && memcmp(packed, again, n) == 0;
	pen_memory__free(again);
	return PEN_OK;
}

enum pen_status pen_chunks__read_sealed(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, char **sealed, size_t *n, struct pen_error *error)
{
	size_t largest = 2 * (size_t)chunk->bytes + 8192;
	enum pen_status status;
	char path[PATH_MAX];

	if (pen_chunks__path(repository, chunk, path, error) != PEN_OK)
		return error->status;
	if (pen_file__load(path, largest, sealed, n, error) != PEN_OK)
		return error->status != PEN_INPUT || strcmp(error->code, "file.unreadable") == 0 ? error->status
		    : bad_chunk(manifest, chunk, _("is missing, or is not the file that it was"), error);
	status = check_name(manifest, chunk, *sealed, *n, error);
	if (status != PEN_OK)
		pen_memory__free(*sealed);
	return status;
}

/* The bytes of an encrypted chunk. Its file is the one that was written, so if it does not
 * open, it is for somebody else. */
static enum pen_status unseal(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, char **bytes, struct pen_error *error)
{
	char *sealed, *packed = NULL;
	enum pen_status status;
	size_t n, packed_n;

	if (!repository->opener)
		return pen_error__set(error, PEN_USAGE, "backup.identity",
		    _("snapshot %s is encrypted, to the certificate with the SHA-256 fingerprint %s: give its private key with --identity"),
		    manifest->snapshot, manifest->recipient);
	if (pen_chunks__read_sealed(repository, manifest, chunk, &sealed, &n, error) != PEN_OK)
		return error->status;
	status = pen_cms__open(repository->opener, sealed, n, &packed, &packed_n, error);
	pen_memory__free(sealed);
	if (status == PEN_OK)
		status = pen_gzip__unpack(packed, packed_n, (size_t)chunk->bytes, bytes, &n, error);
	pen_memory__free(packed);
	if (status == PEN_OK && n != (size_t)chunk->bytes) {
		pen_memory__free(*bytes);
		return bad_chunk(manifest, chunk, _("is not what its name says"), error);
	}
	if (status == PEN_INTEGRITY)
		return pen_error__set(error, PEN_USAGE, "backup.identity",
		    _("snapshot %s does not open with this private key: give the one of the certificate with the SHA-256 fingerprint %s"),
		    manifest->snapshot, manifest->recipient);
	return status;
}

enum pen_status pen_chunks__read(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, uint32_t *crc, char **bytes, struct pen_error *error)
{
	size_t largest = 2 * (size_t)chunk->bytes + 1024, n, packed_n;
	char path[PATH_MAX], *packed;
	enum pen_status status;
	bool same = true;

	if (chunk->has_tag)
		return unseal(repository, manifest, chunk, bytes, error);
	if (pen_chunks__path(repository, chunk, path, error) != PEN_OK)
		return error->status;
	if (pen_file__load(path, largest, &packed, &packed_n, error) != PEN_OK)
		return error->status != PEN_INPUT || strcmp(error->code, "file.unreadable") == 0 ? error->status
		    : bad_chunk(manifest, chunk, _("is missing, or is not the file that it was"), error);
	status = pen_gzip__unpack(packed, packed_n, (size_t)chunk->bytes, bytes, &n, error);
	if (status == PEN_INTEGRITY)
		bad_chunk(manifest, chunk, _("is damaged"), error);
	else if (status == PEN_OK) {
		status = n == (size_t)chunk->bytes ? check_name(manifest, chunk, *bytes, n, error)
		    : bad_chunk(manifest, chunk, _("is not what its name says"), error);
		if (status == PEN_OK && crc)
			status = look_packed(chunk, packed, packed_n, *bytes, crc, &same, error);
		if (!same)
			status = bad_chunk(manifest, chunk, _("is not the file that was written, though it opens to what it was"), error);
		if (status != PEN_OK)
			pen_memory__free(*bytes);
	}
	pen_memory__free(packed);
	return status;
}

/* ------------------------------------------------------------- joining -- */

#define OPENERS 2
#define WAITING 4	/* chunks that each opens ahead; a manifest may claim large ones */

/* Every so many chunks are one opener's, who has its own way in and out, so that they come
 * in order. `status` and `error` stand with a chunk that could not be read. */
struct opening { size_t number; char *bytes; enum pen_status status; struct pen_error error; };
struct joining {
	const struct pen_repository *repository;
	const struct pen_manifest *manifest;
	bool strict;
	struct opener {
		const struct joining *joining;
		struct opening openings[WAITING];
		struct pen_channel *in, *out;
		struct pen_thread *thread;
	} openers[OPENERS];
};

static enum pen_status open_chunks(void *context, struct pen_error *error)
{
	struct opener *opener = context;
	const struct joining *joining = opener->joining;
	struct opening *opening;
	uint32_t crc;

	(void)error;
	while ((opening = pen_thread__take(opener->in))) {
		opening->status = pen_chunks__read(joining->repository, joining->manifest,
		    &joining->manifest->chunks[opening->number], joining->strict ? &crc : NULL, &opening->bytes, &opening->error);
		pen_thread__put(opener->out, opening);
	}
	return PEN_OK;
}

static enum pen_status start_openers(struct joining *joining, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct opener *opener;

	for (opener = joining->openers; opener < joining->openers + OPENERS && status == PEN_OK; opener++) {
		opener->joining = joining;
		opener->in = pen_thread__channel(WAITING);
		opener->out = pen_thread__channel(WAITING);
		status = opener->in && opener->out ? pen_thread__start(&opener->thread, open_chunks, opener, error)
		    : pen_error__memory(error);
	}
	return status;
}

/* What was opened and is not needed any more goes with them. */
static void end_openers(struct joining *joining)
{
	struct opening *opening;
	struct opener *opener;

	for (opener = joining->openers; opener < joining->openers + OPENERS; opener++) {
		if (opener->thread)
			pen_thread__close(opener->in);
		pen_thread__join(opener->thread, NULL);
		while (opener->thread && (opening = pen_thread__look(opener->out)))
			if (opening->status == PEN_OK)
				pen_memory__free(opening->bytes);
		pen_thread__free_channel(opener->in);
		pen_thread__free_channel(opener->out);
	}
}

static void ask_for(struct joining *joining, size_t number)
{
	struct opener *opener = &joining->openers[number % OPENERS];
	struct opening *opening = &opener->openings[number / OPENERS % WAITING];

	if (number >= joining->manifest->count)
		return;
	*opening = (struct opening){ .number = number };
	pen_thread__put(opener->in, opening);
}

/* All the chunks, one after the other, to the file and to the digest. */
static enum pen_status join(struct joining *joining, FILE *file, struct pen_digest *digest, struct pen_error *error)
{
	const struct pen_manifest *manifest = joining->manifest;
	enum pen_status status = PEN_OK;
	struct opening *opening;
	int64_t done = 0;
	size_t i, n;

	for (i = 0; i < OPENERS * WAITING; i++)
		ask_for(joining, i);
	for (i = 0; i < manifest->count && status == PEN_OK; i++) {
		opening = pen_thread__take(joining->openers[i % OPENERS].out);
		if (opening->status != PEN_OK) {
			*error = opening->error;
			return opening->status;
		}
		n = (size_t)manifest->chunks[i].bytes;
		if (fwrite(opening->bytes, 1, n, file) != n)
			status = pen_error__errno(error, _("cannot write the restored file"));
		pen_digest__add(digest, opening->bytes, n);
		pen_memory__free(opening->bytes);
		ask_for(joining, i + OPENERS * WAITING);
		done += (int64_t)n;
		if (status == PEN_OK && i % 16 == 0)
			status = pen_repository__go_on(joining->repository, _("joining the chunks"), done, manifest->bytes, error);
	}
	return status;
}

/* What the chunks came to, as the manifest has it. */
static enum pen_status compare_digest(const struct pen_manifest *manifest, enum pen_suite suite, struct pen_digest *digest,
    struct pen_error *error)
{
	char made[sizeof(manifest->digest)], hex[PEN_DIGEST_HEX];
	unsigned char hash[PEN_DIGEST_SIZE];

	pen_digest__end(digest, hash);
	snprintf(made, sizeof(made), "%s:%s", pen_digest__name(suite), pen_encode__hex(hash, sizeof(hash), hex));
	return strcmp(manifest->digest, made) == 0 ? PEN_OK
	    : pen_manifest__bad(manifest, _("the chunks that it names do not make up its digest"), error);
}

enum pen_status pen_chunks__unpack(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const char *path, bool strict, struct pen_error *error)
{
	struct joining joining = { .repository = repository, .manifest = manifest, .strict = strict };
	enum pen_suite suite = PEN_ED25519_SHA256;
	struct pen_digest *digest;
	enum pen_status status;
	FILE *file;

	pen_manifest__digested_by(manifest, &suite);	/* it was read, so it says */
	digest = pen_digest__new(suite);
	if (!digest)
		return pen_error__memory(error);
	pen_digest__start(digest);
	status = pen_scratch__new_file(path, &file, error);
	if (status == PEN_OK) {
		status = start_openers(&joining, error);
		if (status == PEN_OK)
			status = join(&joining, file, digest, error);
		end_openers(&joining);
		status = pen_scratch__close_file(file, path, status, error);
	}
	if (status == PEN_OK)
		status = compare_digest(manifest, suite, digest, error);
	pen_digest__free(digest);
	return status;
}

enum pen_status pen_chunks__prove(const struct pen_repository *repository, const struct pen_manifest *manifest,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int64_t done = 0;
	uint32_t crc;
	char *bytes;
	size_t i, n;

	for (i = 0; i < manifest->count && status == PEN_OK; i++) {
		if (manifest->chunks[i].has_tag)
			status = pen_chunks__read_sealed(repository, manifest, &manifest->chunks[i], &bytes, &n, error);
		else
			status = pen_chunks__read(repository, manifest, &manifest->chunks[i], &crc, &bytes, error);
		if (status != PEN_OK)
			break;
		pen_memory__free(bytes);
		done += manifest->chunks[i].bytes;
		if (i % 16 == 0)
			status = pen_repository__go_on(repository, _("reading the chunks"), done, manifest->bytes, error);
	}
	return status;
}

enum pen_status pen_chunks__look(const struct pen_repository *repository, const struct pen_manifest *manifest,
    struct pen_error *error)
{
	char path[PATH_MAX];
	bool found;
	size_t i;

	for (i = 0; i < manifest->count; i++) {
		if (pen_chunks__path(repository, &manifest->chunks[i], path, error) != PEN_OK ||
		    pen_file__there(path, F_OK, &found, error) != PEN_OK)
			return error->status;
		if (!found)
			return bad_chunk(manifest, &manifest->chunks[i], _("is missing"), error);
	}
	return PEN_OK;
}
