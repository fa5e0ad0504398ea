#include "work/packing.h"

#include "adapter/digest.h"
#include "adapter/gzip.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "work/chunks.h"
#include "work/digester.h"
#include "work/tags.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)64 << 10)
#define FUSE_MAGIC 0x65735546

/* A file being cut up. `known`: the chunks of the newest snapshot, by name. */
struct packing {
	const struct pen_repository *repository;
	const struct pen_scratch *scratch;
	struct pen_manifest *manifest;
	struct pen_packing_added *added;
	struct pen_manifest known;
	bool at_once;		/* each file is made lasting by itself */
};

/* ---- chunks that are there ---- */

static int by_name(const void *a, const void *b)
{
	return memcmp(((const struct pen_chunk *)a)->name, ((const struct pen_chunk *)b)->name, PEN_DIGEST_SIZE);
}

/* What the newest snapshot says of its files; one that cannot be read says nothing. */
static void learn(struct packing *packing)
{
	struct pen_error ignored = { .status = PEN_OK };

	if (pen_repository__load(packing->repository, NULL, &packing->known, &ignored) != PEN_OK)
		pen_manifest__drop(&packing->known);
	if (packing->known.count)
		qsort(packing->known.chunks, packing->known.count, sizeof(*packing->known.chunks), by_name);
}

static const struct pen_chunk *find_known(const struct packing *packing, const struct pen_chunk *chunk)
{
	const struct pen_chunk *known = packing->known.count ?
	    bsearch(chunk, packing->known.chunks, packing->known.count, sizeof(*chunk), by_name) : NULL;

	return known && known->has_crc && known->bytes == chunk->bytes ? known : NULL;
}

/* Whether a file is to the byte, or near enough, the one that a snapshot was made with: by
 * its CRC, which takes a tenth of opening it. What it says otherwise is looked into. */
static bool is_as_known(const struct pen_chunk *known, const char *path)
{
	struct pen_error ignored = { .status = PEN_OK };
	bool same;
	char *packed;
	size_t n;

	if (!known || pen_file__load(path, 2 * (size_t)known->bytes + 1024, &packed, &n, &ignored) != PEN_OK)
		return false;
	same = pen_gzip__crc(0, packed, n) == known->crc;
	pen_memory__free(packed);
	return same;
}

/* Whether the chunk is in the repository and holds: a damaged one must not go into
 * one more snapshot, so it is read. */
static enum pen_status find_chunk(const struct packing *packing, struct pen_chunk *chunk, const char *path,
    bool *found, bool *holds, struct pen_error *error)
{
	const struct pen_chunk *known = find_known(packing, chunk);
	struct pen_error bad = { .status = PEN_OK };
	char *bytes;

	*holds = false;
	if (pen_file__there(path, F_OK, found, error) != PEN_OK)
		return error->status;
	if (!*found)
		return PEN_OK;
	chunk->has_crc = *holds = is_as_known(known, path);
	if (*holds) {
		chunk->crc = known->crc;
		return PEN_OK;
	}
	*holds = pen_chunks__read(packing->repository, packing->manifest, chunk, &chunk->crc, &bytes, &bad) == PEN_OK;
	chunk->has_crc = *holds;
	if (*holds)
		pen_memory__free(bytes);
	else if (bad.status != PEN_INTEGRITY)
		*error = bad;
	return *holds || bad.status == PEN_INTEGRITY ? PEN_OK : bad.status;
}

/* ---- chunks that are not ---- */

/* The directory that a chunk's file goes to. */
static enum pen_status make_folder(const char *path, struct pen_error *error)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	return mkdir(folder, 0700) == 0 || errno == EEXIST ? PEN_OK : pen_error__errno(error, _("cannot make the directory %s"), folder);
}

static enum pen_status place(const struct packing *packing, const char *path, const void *bytes, size_t n, struct pen_error *error)
{
	return packing->at_once ? pen_scratch__place(packing->scratch, path, bytes, n, error)
	    : pen_scratch__lay(packing->scratch, path, bytes, n, error);
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
	*holds = pen_chunks__read_sealed(packing->repository, packing->manifest, known, &sealed, &n, &bad) == PEN_OK;
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
	struct pen_packing_added *added = packing->added;
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
		status = place(packing, path, sealed, n, error);
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
	struct pen_packing_added *added = packing->added;
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
	status = place(packing, path, packed, n, error);
	added->chunks += !found;
	added->mended += found;
	added->bytes += (int64_t)n;
	pen_memory__free(packed);
	return status;
}

/* ---- the whole ---- */

static enum pen_status store_piece(struct packing *packing, const char *bytes, size_t n, struct pen_error *error)
{
	struct pen_chunk chunk = { .bytes = (int32_t)n };
	enum pen_status status;

	if (packing->repository->tags)
		status = seal_chunk(packing, &chunk, bytes, error);
	else if (!pen_digest__of(PEN_ED25519_SHA256, bytes, n, chunk.name))
		status = pen_error__memory(error);
	else
		status = store_chunk(packing, &chunk, bytes, error);
	return status == PEN_OK ? pen_manifest__add(packing->manifest, &chunk, error) : status;
}

/* Piece by piece: into the repository and the manifest, and to the digest of the whole. */
static enum pen_status cut(struct packing *packing, FILE *file, struct pen_digester *digester, struct pen_error *error)
{
	struct pen_manifest *manifest = packing->manifest;
	enum pen_status status = PEN_OK;
	int64_t done = 0;
	char *bytes;
	size_t n;

	while (status == PEN_OK) {
		bytes = pen_memory__realloc(NULL, CHUNK_BYTES, 1);
		if (!bytes)
			return pen_error__memory(error);
		n = fread(bytes, 1, CHUNK_BYTES, file);
		if (n == 0) {
			pen_memory__free(bytes);
			break;
		}
		done += (int64_t)n;
		status = store_piece(packing, bytes, n, error);
		pen_digester__add(digester, bytes, n);
		if (status == PEN_OK && manifest->count % 16 == 0)
			status = pen_repository__go_on(packing->repository, _("packing the copy"), done, manifest->bytes, error);
	}
	return status == PEN_OK && ferror(file) ? pen_error__errno(error, _("cannot read the copy of the store")) : status;
}

static enum pen_status cut_file(struct packing *packing, FILE *file, struct pen_error *error)
{
	struct pen_manifest *manifest = packing->manifest;
	struct pen_digester *digester;
	enum pen_status status;

	if (pen_digester__begin(&digester, PEN_ED25519_SHA256, error) != PEN_OK)
		return error->status;
	status = cut(packing, file, digester, error);
	pen_digester__end(digester, manifest->digest, sizeof(manifest->digest));
	pen_digester__free(digester);
	return status;
}

/* ---- what lasts ---- */

/* Whether one sync for the whole file system makes all of it last: not where another
 * program stands behind it (FUSE), which is not told. */
static bool syncs_by_itself(const char *dir)
{
	struct statfs volume;

	return statfs(dir, &volume) == 0 && (unsigned long)volume.f_type == FUSE_MAGIC;
}

/* Makes the names of all the chunks last, those too that a killed run left. */
static enum pen_status sync_folders(const struct pen_repository *repository, struct pen_error *error)
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

/* All that was written and named, at once. */
static enum pen_status sync_all(const struct pen_repository *repository, struct pen_error *error)
{
	int fd = open(repository->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool failed = fd < 0 || syncfs(fd) != 0;

	if (failed)
		pen_error__errno(error, _("cannot sync %s"), repository->dir);
	if (fd >= 0)
		close(fd);
	return failed ? error->status : PEN_OK;
}

enum pen_status pen_packing__store(const struct pen_repository *repository, const struct pen_scratch *scratch,
    const char *path, struct pen_manifest *manifest, struct pen_packing_added *added, struct pen_error *error)
{
	struct packing packing = { repository, scratch, manifest, added, { .count = 0 }, syncs_by_itself(repository->dir) };
	FILE *file = fopen(path, "re");
	enum pen_status status;

	*added = (struct pen_packing_added){ 0, 0, 0 };
	if (!file)
		return pen_error__errno(error, _("cannot read the copy of the store"));
	learn(&packing);
	status = cut_file(&packing, file, error);
	fclose(file);
	pen_manifest__drop(&packing.known);
	/* Before the sync, which would bring it to the disk for nothing. */
	unlink(path);
	if (status != PEN_OK)
		return status;
	return packing.at_once ? sync_folders(repository, error) : sync_all(repository, error);
}
