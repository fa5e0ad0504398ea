/* A backup repository: chunks by the SHA-256 of their bytes, each a gzip member,
 * and one signed manifest a snapshot.
 *
 *   chunks/ab/abcdef….gz            64 KiB of a store's file, the last one less
 *   snapshots/TIME-AGENCY.manifest  text, written last
 *   snapshots/TIME-AGENCY.sig       its signature, raw
 *   lock                            one backup at a time
 *   create.tmp/, verify-….tmp/      work under way
 *
 * The manifest is lines of "key: value" under the line "pen-backup/v1": first
 * the fields of struct pen_manifest in their order, then what the store held
 * ("count: TABLE ROWS", "folios: FORM STATE FOLIOS ROWS UNIT_FEN PERSONAL_FEN
 * AMOUNT_FEN"), then "chunk: SHA256 BYTES" for each chunk in order. A reader
 * passes over keys that it does not know. */
#ifndef PEN_STORE_REPOSITORY_H
#define PEN_STORE_REPOSITORY_H

#include <limits.h>

#include "adapter/signature.h"
#include "base/text.h"
#include "store/store.h"

/* Level 1 packs 2.4 times as fast as 6 does, into 8 % more; it shows in a byte of
 * the gzip header, which strict reading looks at. */
#define PEN_CHUNK_LEVEL 1

struct pen_chunk { unsigned char name[32]; int32_t bytes; };

/* A snapshot, as its manifest has it. It starts as {0} and ends in _drop. */
struct pen_manifest {
	char snapshot[PEN_SNAPSHOT_ROOM];	/* the file's name without its ending */
	char agency[7], name[256], suite[24], time[21], signer[64];
	int64_t journal_size;
	char journal_root[PEN_DIGEST_HEX];
	int64_t page_size, bytes;
	char digest[80];			/* of the whole: "sm3:<hex>" */
	char engine[64], program[64];
	struct pen_text facts;			/* the lines "count" and "folios" */
	struct pen_chunk *chunks;
	size_t count, room;
	struct pen_text text;			/* all of it: what is signed */
};
void pen_repository__drop(struct pen_manifest *manifest);

/* A directory for work under way, held by a lock on itself. What a killed run
 * left there is removed; a directory that is not ours is PEN_USAGE, one in use
 * PEN_BUSY. clear removes it with all that is in it; harmless where fd is -1. */
struct pen_scratch { char path[PATH_MAX]; int fd; };
#define PEN_SCRATCH_MARK "pen-scratch"	/* the file that says that it is ours */
enum pen_status pen_repository__scratch(struct pen_scratch *scratch, const char *path, struct pen_error *error);
void pen_repository__clear(struct pen_scratch *scratch);

/* A repository, and who looks at the work: of the options only progress, stopped
 * and context are used. */
struct pen_repository { char dir[PATH_MAX]; struct pen_session_options options; };
/* PEN_INPUT if there is none; options may be NULL. Nothing stays open. */
enum pen_status pen_repository__open(struct pen_repository *repository, const char *dir,
    const struct pen_session_options *options, struct pen_error *error);
/* dir/folder/name and the ending; a folder of "" is left out. */
enum pen_status pen_repository__path(const struct pen_repository *repository, const char *folder,
    const char *name, const char *ending, char out[PATH_MAX], struct pen_error *error);
/* The file of a chunk. */
enum pen_status pen_repository__chunk(const struct pen_repository *repository, const struct pen_chunk *chunk,
    char out[PATH_MAX], struct pen_error *error);
/* Tells how far a step is; PEN_INCOMPLETE if the caller wants to stop. */
enum pen_status pen_repository__go_on(const struct pen_repository *repository, const char *step,
    int64_t done, int64_t total, struct pen_error *error);

/* Makes what was renamed into a directory last. */
enum pen_status pen_repository__sync(const char *directory, struct pen_error *error);
/* A new file, for its owner alone. close_file flushes, syncs and closes it,
 * and returns `status` if that is a failure already. */
enum pen_status pen_repository__new_file(const char *path, FILE **file, struct pen_error *error);
enum pen_status pen_repository__close_file(FILE *file, const char *path, enum pen_status status, struct pen_error *error);

/* ---- making a manifest ---- */

/* What a store holds, as lines of the manifest: the folios (quick), or the counts
 * of all the tables. */
enum pen_status pen_repository__facts(struct pen_store *store, bool folios, struct pen_text *facts, struct pen_error *error);
enum pen_status pen_repository__add(struct pen_manifest *manifest, const struct pen_chunk *chunk, struct pen_error *error);
/* The text, and the name of the snapshot but for what tells two of one moment
 * apart. PEN_INTEGRITY: fields that no manifest can have. */
enum pen_status pen_repository__compose(struct pen_manifest *manifest, struct pen_error *error);

/* ---- reading ---- */

/* Names of the snapshots, oldest first; free with pen_memory__free. */
enum pen_status pen_repository__list(const struct pen_repository *repository,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error);
/* NULL and "latest" mean the newest. PEN_USAGE: no snapshot of that name;
 * PEN_INPUT: none at all; PEN_INTEGRITY: not readable as a manifest, with the
 * snapshot's name filled in. */
enum pen_status pen_repository__load(const struct pen_repository *repository, const char *snapshot,
    struct pen_manifest *manifest, struct pen_error *error);
/* PEN_INTEGRITY, naming the snapshot: what of its manifest does not hold; which
 * of its chunks is bad. */
enum pen_status pen_repository__bad(const struct pen_manifest *manifest, const char *what, struct pen_error *error);
enum pen_status pen_repository__bad_chunk(const struct pen_manifest *manifest, const struct pen_chunk *chunk,
    const char *what, struct pen_error *error);
/* Joins the chunks to a new file, comparing each with its name and the whole with
 * the digest. strict: also the bytes of the gzip header that do not matter for
 * what is in it. */
enum pen_status pen_repository__unpack(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const char *path, bool strict, struct pen_error *error);

#endif
