#include "work/packing.h"

#include "adapter/digest.h"
#include "adapter/gzip.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/thread.h"
#include "work/chunks.h"
#include "work/tags.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)64 << 10)
#define PIECES 16	/* read ahead of those who store them */
#define PACKERS 2
#define FUSE_MAGIC 0x65735546

struct piece { size_t number; char bytes[CHUNK_BYTES]; };

/* A file being cut up, of whose chunks the manifest has the room. `known`: the chunks of
 * the newest snapshot, by name. `firsts`: 1 and the number of the first piece of a name,
 * by name, open addressing; a power of two of them. Pieces go round: empty ones to who
 * reads the file, full ones to the packers. */
struct packing {
	const struct pen_repository *repository;
	const struct pen_scratch *scratch;
	struct pen_manifest *manifest;
	struct pen_manifest known;
	bool at_once;		/* each file is made lasting by itself */
	_Atomic uint32_t *firsts;
	size_t firsts_room;
	struct piece *pieces;
	struct pen_channel *empty, *full;
	struct packer {
		struct packing *packing;
		struct pen_packing_added added;
		struct pen_thread *thread;
	} packers[PACKERS];
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
static enum pen_status seal_chunk(struct packer *packer, struct pen_chunk *chunk, const char *bytes, struct pen_error *error)
{
	struct packing *packing = packer->packing;
	struct pen_tags *tags = packing->repository->tags;
	struct pen_packing_added *added = &packer->added;
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
static enum pen_status store_chunk(struct packer *packer, struct pen_chunk *chunk, const char *bytes, struct pen_error *error)
{
	const struct packing *packing = packer->packing;
	struct pen_packing_added *added = &packer->added;
	char path[PATH_MAX], *packed;
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

/* ---- pieces of one name ---- */

/* The number of the first piece of this one's name, which is this one where there was none:
 * whoever comes first stores it. */
static size_t first_of(struct packing *packing, size_t number)
{
	const struct pen_chunk *chunks = packing->manifest->chunks;
	uint32_t found;
	size_t at;

	memcpy(&at, chunks[number].name, sizeof(at));	/* as good as random */
	for (;; at++) {
		found = 0;
		at &= packing->firsts_room - 1;
		if (atomic_compare_exchange_strong(&packing->firsts[at], &found, (uint32_t)number + 1))
			return number;
		if (by_name(&chunks[found - 1], &chunks[number]) == 0)
			return found - 1;
	}
}

/* Enters all the chunks; what the first of a name came to holds for all of it. */
static void enter(struct packing *packing, size_t count)
{
	struct pen_manifest *manifest = packing->manifest;
	size_t i;

	for (i = 0; i < count; i++)
		if (!manifest->chunks[i].has_crc && !manifest->chunks[i].has_tag)
			manifest->chunks[i].crc = manifest->chunks[first_of(packing, i)].crc;
	for (i = 0; i < count; i++)
		manifest->chunks[i].has_crc = !manifest->chunks[i].has_tag;
	manifest->count = count;
}

/* ---- the whole ---- */

static enum pen_status store_piece(struct packer *packer, const struct piece *piece, struct pen_error *error)
{
	struct packing *packing = packer->packing;
	struct pen_chunk *chunk = &packing->manifest->chunks[piece->number];

	if (packing->repository->tags)
		return seal_chunk(packer, chunk, piece->bytes, error);
	if (!pen_digest__of(PEN_ED25519_SHA256, piece->bytes, (size_t)chunk->bytes, chunk->name))
		return pen_error__memory(error);
	return first_of(packing, piece->number) == piece->number ? store_chunk(packer, chunk, piece->bytes, error) : PEN_OK;
}

static enum pen_status store_pieces(void *context, struct pen_error *error)
{
	struct packer *packer = context;
	struct packing *packing = packer->packing;
	enum pen_status status = PEN_OK;
	struct piece *piece;

	while (status == PEN_OK && (piece = pen_thread__take(packing->full))) {
		status = store_piece(packer, piece, error);
		pen_thread__put(packing->empty, piece);
	}
	/* Who reads is not to wait for what nobody stores any more. */
	pen_thread__close(packing->full);
	return status;
}

/* Piece by piece to the packers, and to the digest of the whole. */
static enum pen_status cut(struct packing *packing, FILE *file, struct pen_digest *digest, struct pen_error *error)
{
	struct pen_manifest *manifest = packing->manifest;
	int64_t at, bytes = manifest->bytes;
	enum pen_status status = PEN_OK;
	struct piece *piece;
	size_t i, n;

	for (i = 0, at = 0; at < bytes && status == PEN_OK; i++, at += (int64_t)n) {
		piece = pen_thread__take(packing->empty);
		n = bytes - at < (int64_t)CHUNK_BYTES ? (size_t)(bytes - at) : CHUNK_BYTES;
		if (fread(piece->bytes, 1, n, file) != n) {
			errno = ferror(file) ? errno : EIO;	/* it was longer when it was made */
			return pen_error__errno(error, _("cannot read the copy of the store"));
		}
		pen_digest__add(digest, piece->bytes, n);
		piece->number = i;
		manifest->chunks[i].bytes = (int32_t)n;
		if (!pen_thread__put(packing->full, piece))
			return PEN_OK;	/* the packer says why */
		if (i % 16 == 0)
			status = pen_repository__go_on(packing->repository, _("packing the copy"), at, bytes, error);
	}
	return status;
}

/* Whoever encrypts is alone: the tags are not for two at a time. */
static enum pen_status start_packers(struct packing *packing, struct pen_error *error)
{
	int count = packing->repository->tags ? 1 : PACKERS, i;
	enum pen_status status = PEN_OK;

	for (i = 0; i < count && status == PEN_OK; i++) {
		packing->packers[i].packing = packing;
		status = pen_thread__start(&packing->packers[i].thread, store_pieces, &packing->packers[i], error);
	}
	return status;
}

/* Waits for the packers; the first failure is that of all. */
static enum pen_status end_packers(struct packing *packing, enum pen_status status, struct pen_packing_added *added,
    struct pen_error *error)
{
	struct pen_error failed = { .status = PEN_OK };
	struct packer *packer;

	pen_thread__close(packing->full);
	for (packer = packing->packers; packer < packing->packers + PACKERS; packer++) {
		if (pen_thread__join(packer->thread, &failed) != PEN_OK && status == PEN_OK) {
			status = failed.status;
			*error = failed;
		}
		added->chunks += packer->added.chunks;
		added->mended += packer->added.mended;
		added->bytes += packer->added.bytes;
	}
	return status;
}

static enum pen_status cut_file(struct packing *packing, FILE *file, struct pen_packing_added *added, struct pen_error *error)
{
	struct pen_digest *digest = pen_digest__new(PEN_ED25519_SHA256);
	struct pen_manifest *manifest = packing->manifest;
	unsigned char hash[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];
	enum pen_status status;

	if (!digest)
		return pen_error__memory(error);
	pen_digest__start(digest);
	status = start_packers(packing, error);
	if (status == PEN_OK)
		status = cut(packing, file, digest, error);
	status = end_packers(packing, status, added, error);
	pen_digest__end(digest, hash);
	snprintf(manifest->digest, sizeof(manifest->digest), "%s:%s", pen_digest__name(PEN_ED25519_SHA256),
	    pen_encode__hex(hash, sizeof(hash), hex));
	pen_digest__free(digest);
	return status;
}

/* Whether one sync for the whole file system makes all of it last: not where another
 * program stands behind it (FUSE), which is not told. */
static bool syncs_by_itself(const char *dir)
{
	struct statfs volume;

	return statfs(dir, &volume) == 0 && (unsigned long)volume.f_type == FUSE_MAGIC;
}

static enum pen_status prepare(struct packing *packing, struct pen_error *error)
{
	struct pen_manifest *manifest = packing->manifest;
	size_t i, count = (size_t)((manifest->bytes + (int64_t)CHUNK_BYTES - 1) / (int64_t)CHUNK_BYTES);

	for (packing->firsts_room = 64; packing->firsts_room < 2 * count; packing->firsts_room *= 2)
		;
	manifest->chunks = pen_memory__calloc(count + 1, sizeof(*manifest->chunks));
	manifest->room = manifest->chunks ? count + 1 : 0;
	packing->firsts = pen_memory__calloc(packing->firsts_room, sizeof(*packing->firsts));
	packing->pieces = pen_memory__realloc(NULL, PIECES, sizeof(*packing->pieces));
	packing->empty = pen_thread__channel(PIECES);
	packing->full = pen_thread__channel(PIECES);
	if (!manifest->chunks || !packing->firsts || !packing->pieces || !packing->empty || !packing->full)
		return pen_error__memory(error);
	for (i = 0; i < PIECES; i++)
		pen_thread__put(packing->empty, &packing->pieces[i]);
	learn(packing);
	return PEN_OK;
}

static void end(struct packing *packing)
{
	pen_manifest__drop(&packing->known);
	pen_thread__free_channel(packing->full);
	pen_thread__free_channel(packing->empty);
	pen_memory__free(packing->pieces);
	pen_memory__free(packing->firsts);
}

enum pen_status pen_packing__store(const struct pen_repository *repository, const struct pen_scratch *scratch,
    const char *path, struct pen_manifest *manifest, struct pen_packing_added *added, struct pen_error *error)
{
	struct packing packing = { .repository = repository, .scratch = scratch, .manifest = manifest,
		.at_once = syncs_by_itself(repository->dir) };
	FILE *file = fopen(path, "re");
	enum pen_status status;

	*added = (struct pen_packing_added){ 0, 0, 0 };
	if (!file)
		return pen_error__errno(error, _("cannot read the copy of the store"));
	status = prepare(&packing, error);
	if (status == PEN_OK)
		status = cut_file(&packing, file, added, error);
	if (status == PEN_OK)
		enter(&packing, manifest->room - 1);
	end(&packing);
	fclose(file);
	return status;
}

/* ---- what lasts ---- */

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

enum pen_status pen_packing__last(const struct pen_repository *repository, struct pen_error *error)
{
	return syncs_by_itself(repository->dir) ? sync_folders(repository, error) : sync_all(repository, error);
}
