/* A repository made by hand, of three chunks. Included after cmocka.h. */
#ifndef PEN_BACKUP_FIXTURE_H
#define PEN_BACKUP_FIXTURE_H

#include "adapter/gzip.h"
#include "base/encode.h"
#include "base/file.h"
#include "work/chunks.h"
#include "work/packing.h"
#include "store_fixture.h"

#define ONE "20261123T081530Z-330100"

static const char *const pieces[] = { "the first chunk", "another", "the last" };

static inline void path_of(struct fixture *f, char out[PATH_MAX], const char *name)
{
	snprintf(out, PATH_MAX, "%s/%s", f->dir, name);
}

static inline void save(struct fixture *f, const char *name, const char *bytes, size_t n)
{
	char path[PATH_MAX];

	path_of(f, path, name);
	assert_ok(pen_file__save(path, bytes, n, 0600, &f->error));
}

static inline struct pen_repository opened(struct fixture *f)
{
	struct pen_repository repository;
	char path[PATH_MAX];

	path_of(f, path, "snapshots");
	assert_ok(pen_file__directory(path, 0700, &f->error));
	assert_ok(pen_repository__open(&repository, f->dir, NULL, &f->error));
	return repository;
}

/* Stores a piece as a chunk, and adds it to the manifest. */
static inline void add_piece(struct fixture *f, const struct pen_repository *repository, struct pen_manifest *manifest, const char *piece)
{
	struct pen_chunk chunk = { .bytes = (int32_t)strlen(piece) };
	char path[PATH_MAX], *packed;
	size_t n;

	assert_true(pen_digest__of(PEN_ED25519_SHA256, piece, strlen(piece), chunk.name));
	assert_ok(pen_manifest__add(manifest, &chunk, &f->error));
	manifest->bytes += chunk.bytes;
	assert_ok(pen_chunks__path(repository, &chunk, path, &f->error));
	*strrchr(path, '/') = '\0';
	assert_ok(pen_file__directory(path, 0700, &f->error));
	assert_ok(pen_chunks__path(repository, &chunk, path, &f->error));
	assert_ok(pen_gzip__pack(piece, strlen(piece), &packed, &n, &f->error));
	assert_ok(pen_file__save(path, packed, n, 0600, &f->error));
	pen_memory__free(packed);
}

static inline void fill(struct fixture *f, const struct pen_repository *repository, struct pen_manifest *manifest)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	*manifest = (struct pen_manifest){
		.agency = "330100", .name = "某市社会劳动保险经办机构", .suite = "sm2-sm3", .time = "2026-11-23T08:15:30Z",
		.signer = "dba1", .journal_size = 57, .journal_root = "00", .page_size = 8192,
		.engine = "SQLite 3.40.1, rollback journal", .program = "pen 0.1.0"
	};
	pen_text__puts(&manifest->facts, "count: journal 57\nfolios: breakdown sealed 1 24 100 50 150\n");
	for (size_t i = 0; i < 3; i++)
		add_piece(f, repository, manifest, pieces[i]);
	assert_true(pen_digest__of(PEN_ED25519_SHA256, "the first chunkanotherthe last", 30, hash));
	snprintf(manifest->digest, sizeof(manifest->digest), "sha256:%s", pen_encode__hex(hash, sizeof(hash), hex));
}

/* Writes it as the snapshot that it is. */
static inline void enter(struct fixture *f, struct pen_manifest *manifest)
{
	char name[80];

	assert_ok(pen_manifest__compose(manifest, &f->error));
	snprintf(name, sizeof(name), "snapshots/%s.manifest", manifest->snapshot);
	save(f, name, manifest->text.s, manifest->text.n);
}

#endif
