#include "work/chunks.h"
#include "adapter/gzip.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "work/tags.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)64 << 10)

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

/* The file of an encrypted chunk, which its name tells whole. */
static enum pen_status read_sealed(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, char **sealed, size_t *n, struct pen_error *error)
{
	size_t largest = 2 * (size_t)chunk->bytes + 8192;
	unsigned char name[PEN_DIGEST_SIZE];
	char path[PATH_MAX];

	if (pen_chunks__path(repository, chunk, path, error) != PEN_OK)
		return error->status;
	if (pen_file__load(path, largest, sealed, n, error) != PEN_OK)
		return error->status != PEN_INPUT || strcmp(error->code, "file.unreadable") == 0 ? error->status
		    : bad_chunk(manifest, chunk, _("is missing, or is not the file that it was"), error);
	if (pen_digest__of(PEN_ED25519_SHA256, *sealed, *n, name) && memcmp(name, chunk->name, sizeof(name)) == 0)
		return PEN_OK;
	pen_memory__free(*sealed);
	return bad_chunk(manifest, chunk, _("is not what its name says"), error);
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
	if (read_sealed(repository, manifest, chunk, &sealed, &n, error) != PEN_OK)
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

/* The bytes of a chunk as they were; free with pen_memory__free. crc, if it is not NULL,
 * has the file looked at, too, and gets its CRC-32. */
static enum pen_status read_chunk(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, uint32_t *crc, char **bytes, struct pen_error *error)
{
	size_t largest = 2 * (size_t)chunk->bytes + 1024, n, packed_n;
	unsigned char name[PEN_DIGEST_SIZE];
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
		if (n != (size_t)chunk->bytes || !pen_digest__of(PEN_ED25519_SHA256, *bytes, n, name) ||
		    memcmp(name, chunk->name, sizeof(name)) != 0)
			status = bad_chunk(manifest, chunk, _("is not what its name says"), error);
		else if (crc)
			status = look_packed(chunk, packed, packed_n, *bytes, crc, &same, error);
		if (!same)
			status = bad_chunk(manifest, chunk, _("is not the file that was written, though it opens to what it was"), error);
		if (status != PEN_OK)
			pen_memory__free(*bytes);
	}
	pen_memory__free(packed);
	return status;
}

/* A digest in the suite that the manifest names; NULL: no memory. */
static struct pen_digest *new_digest(const struct pen_manifest *manifest, enum pen_suite *suite)
{
	return pen_digest__suite(manifest->suite, suite) == 0 ? pen_digest__new(*suite) : NULL;
}

/* ------------------------------------------------------------- packing -- */

/* A file being cut up. */
struct packing {
	const struct pen_repository *repository;
	const struct pen_scratch *scratch;
	struct pen_manifest *manifest;
	struct pen_chunks_added *added;
};

/* Whether the chunk is in the repository and holds: a damaged one must not go into
 * one more snapshot, so it is read back. */
static enum pen_status find_chunk(const struct packing *packing, struct pen_chunk *chunk, const char *path,
    bool *found, bool *holds, struct pen_error *error)
{
	struct pen_error bad = { .status = PEN_OK };
	char *bytes;

	*holds = false;
	if (pen_file__there(path, F_OK, found, error) != PEN_OK)
		return error->status;
	if (!*found)
		return PEN_OK;
	*holds = read_chunk(packing->repository, packing->manifest, chunk, &chunk->crc, &bytes, &bad) == PEN_OK;
	chunk->has_crc = *holds;
	if (*holds)
		pen_memory__free(bytes);
	else if (bad.status != PEN_INTEGRITY)
		*error = bad;
	return *holds || bad.status == PEN_INTEGRITY ? PEN_OK : bad.status;
}

/* The directory that a chunk's file goes to. */
static enum pen_status make_folder(const char *path, struct pen_error *error)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	return mkdir(folder, 0700) == 0 || errno == EEXIST ? PEN_OK : pen_error__errno(error, _("cannot make the directory %s"), folder);
}

/* Whether an encrypted chunk of this tag is there and is the file that was written. */
static enum pen_status find_sealed(struct packing *packing, struct pen_chunk *chunk, bool *found, bool *holds, struct pen_error *error)
{
	const struct pen_chunk *known = pen_tags__find(packing->repository->tags, chunk->tag);
	struct pen_error bad = { .status = PEN_OK };
	char *sealed;
	size_t n;

	*found = known != NULL;
	*holds = false;
	if (!known)
		return PEN_OK;
	*holds = read_sealed(packing->repository, packing->manifest, known, &sealed, &n, &bad) == PEN_OK;
	if (*holds) {
		pen_memory__free(sealed);
		*chunk = *known;
	} else if (bad.status != PEN_INTEGRITY) {
		*error = bad;
		return bad.status;
	}
	return PEN_OK;
}

/* Stores a chunk encrypted, under the name that its file gives it: one of the same tag
 * that holds will do. */
static enum pen_status seal_chunk(struct packing *packing, struct pen_chunk *chunk, const char *bytes, struct pen_error *error)
{
	struct pen_tags *tags = packing->repository->tags;
	struct pen_chunks_added *added = packing->added;
	char path[PATH_MAX], *packed, *sealed = NULL;
	enum pen_status status;
	bool found, holds;
	size_t n;

	chunk->has_tag = pen_tags__of(tags, bytes, (size_t)chunk->bytes, chunk->tag);
	if (!chunk->has_tag)
		return pen_error__memory(error);
	if (find_sealed(packing, chunk, &found, &holds, error) != PEN_OK || holds)
		return holds ? PEN_OK : error->status;
	if (pen_gzip__pack(bytes, (size_t)chunk->bytes, &packed, &n, error) != PEN_OK)
		return error->status;
	status = pen_cms__seal(tags->recipient, packed, n, &sealed, &n, error);
	pen_memory__free(packed);
	if (status == PEN_OK && !pen_digest__of(PEN_ED25519_SHA256, sealed, n, chunk->name))
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = pen_chunks__path(packing->repository, chunk, path, error);
	if (status == PEN_OK)
		status = make_folder(path, error);
	if (status == PEN_OK)
		status = pen_scratch__place(packing->scratch, path, sealed, n, error);
	if (status == PEN_OK)
		status = pen_tags__add(tags, chunk, error);
	added->chunks += !found;
	added->mended += found;
	added->bytes += (int64_t)n;
	pen_memory__free(sealed);
	return status;
}

/* Stores a chunk that is not there yet, or is there and does not hold; its CRC is that of
 * the file that is there then. */
static enum pen_status store_chunk(struct packing *packing, struct pen_chunk *chunk, const char *bytes, struct pen_error *error)
{
	char path[PATH_MAX], *packed;
	struct pen_chunks_added *added = packing->added;
	enum pen_status status;
	bool found, holds;
	size_t n;

	if (pen_chunks__path(packing->repository, chunk, path, error) != PEN_OK ||
	    find_chunk(packing, chunk, path, &found, &holds, error) != PEN_OK)
		return error->status;
	if (holds)
		return PEN_OK;
	if (make_folder(path, error) != PEN_OK)
		return error->status;
	if (pen_gzip__pack(bytes, (size_t)chunk->bytes, &packed, &n, error) != PEN_OK)
		return error->status;
	chunk->crc = pen_gzip__crc(0, packed, n);
	chunk->has_crc = true;
	status = pen_scratch__place(packing->scratch, path, packed, n, error);
	added->chunks += !found;
	added->mended += found;
	added->bytes += (int64_t)n;
	pen_memory__free(packed);
	return status;
}

/* Piece by piece: into the digest of the whole, the repository and the manifest. */
static enum pen_status cut(struct packing *packing, FILE *file, struct pen_digest *digest, char *buf, struct pen_error *error)
{
	struct pen_manifest *manifest = packing->manifest;
	enum pen_status status = PEN_OK;
	struct pen_chunk chunk;
	int64_t done = 0;
	size_t n;

	while (status == PEN_OK && (n = fread(buf, 1, CHUNK_BYTES, file)) > 0) {
		chunk = (struct pen_chunk){ .bytes = (int32_t)n };
		done += (int64_t)n;
		pen_digest__add(digest, buf, n);
		if (packing->repository->tags)
			status = seal_chunk(packing, &chunk, buf, error);
		else if (!pen_digest__of(PEN_ED25519_SHA256, buf, n, chunk.name))
			return pen_error__memory(error);
		else
			status = store_chunk(packing, &chunk, buf, error);
		if (status == PEN_OK)
			status = pen_manifest__add(manifest, &chunk, error);
		if (status == PEN_OK && manifest->count % 16 == 0)
			status = pen_repository__go_on(packing->repository, _("packing the copy"), done, manifest->bytes, error);
	}
	return status == PEN_OK && ferror(file) ? pen_error__errno(error, _("cannot read the copy of the store")) : status;
}

/* Makes the names of all the chunks last, those too that a killed run left. */
static enum pen_status sync_chunks(const struct pen_repository *repository, struct pen_error *error)
{
	char path[PATH_MAX], name[3];
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < 256 && status == PEN_OK; i++) {
		snprintf(name, sizeof(name), "%02x", (unsigned)i);
		status = pen_repository__path(repository, "chunks", name, "", path, error);
		if (status == PEN_OK && access(path, F_OK) == 0)
			status = pen_scratch__sync(path, error);
	}
	if (status == PEN_OK && pen_repository__path(repository, "", "chunks", "", path, error) == PEN_OK)
		status = pen_scratch__sync(path, error);
	return status;
}

enum pen_status pen_chunks__pack(const struct pen_repository *repository, const struct pen_scratch *scratch,
    const char *path, struct pen_manifest *manifest, struct pen_chunks_added *added, struct pen_error *error)
{
	struct packing packing = { repository, scratch, manifest, added };
	unsigned char hash[PEN_DIGEST_SIZE];
	enum pen_suite suite;
	struct pen_digest *digest = new_digest(manifest, &suite);
	char *buf = pen_memory__realloc(NULL, CHUNK_BYTES, 1), hex[PEN_DIGEST_HEX];
	FILE *file = fopen(path, "re");
	enum pen_status status;

	*added = (struct pen_chunks_added){ 0, 0, 0 };
	if (!file)
		status = pen_error__errno(error, _("cannot read the copy of the store"));
	else if (!digest || !buf)
		status = pen_error__memory(error);
	else {
		pen_digest__start(digest);
		status = cut(&packing, file, digest, buf, error);
		pen_digest__end(digest, hash);
		snprintf(manifest->digest, sizeof(manifest->digest), "%s:%s", pen_digest__name(suite),
		    pen_encode__hex(hash, sizeof(hash), hex));
	}
	if (file)
		fclose(file);
	pen_memory__free(buf);
	pen_digest__free(digest);
	return status == PEN_OK ? sync_chunks(repository, error) : status;
}

/* ------------------------------------------------------------- joining -- */

/* All the chunks, one after the other, to the file and to the digest. */
static enum pen_status join(const struct pen_repository *repository, const struct pen_manifest *manifest,
    FILE *file, struct pen_digest *digest, bool strict, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int64_t done = 0;
	uint32_t crc;
	char *bytes;
	size_t i, n;

	for (i = 0; i < manifest->count && status == PEN_OK; i++) {
		status = read_chunk(repository, manifest, &manifest->chunks[i], strict ? &crc : NULL, &bytes, error);
		if (status != PEN_OK)
			break;
		n = (size_t)manifest->chunks[i].bytes;
		pen_digest__add(digest, bytes, n);
		if (fwrite(bytes, 1, n, file) != n)
			status = pen_error__errno(error, _("cannot write the restored file"));
		pen_memory__free(bytes);
		done += (int64_t)n;
		if (status == PEN_OK && i % 16 == 0)
			status = pen_repository__go_on(repository, _("joining the chunks"), done, manifest->bytes, error);
	}
	return status;
}

enum pen_status pen_chunks__unpack(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const char *path, bool strict, struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];
	enum pen_suite suite;
	struct pen_digest *digest = new_digest(manifest, &suite);
	enum pen_status status;
	FILE *file;

	if (!digest)
		return pen_error__memory(error);
	status = pen_scratch__new_file(path, &file, error);
	if (status == PEN_OK) {
		pen_digest__start(digest);
		status = join(repository, manifest, file, digest, strict, error);
		status = pen_scratch__close_file(file, path, status, error);
		pen_digest__end(digest, hash);
	}
	if (status == PEN_OK && strcmp(strchr(manifest->digest, ':') + 1, pen_encode__hex(hash, sizeof(hash), hex)) != 0)
		status = pen_manifest__bad(manifest, _("the chunks that it names do not make up its digest"), error);
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
			status = read_sealed(repository, manifest, &manifest->chunks[i], &bytes, &n, error);
		else
			status = read_chunk(repository, manifest, &manifest->chunks[i], &crc, &bytes, error);
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
