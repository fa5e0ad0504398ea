/* The chunks of a repository: pieces of a store's file, each a gzip member in a
 * file named by the SHA-256 of its bytes, so that what two snapshots share is
 * stored once; or encrypted to a recipient, and named by the SHA-256 of the file. */
#ifndef PEN_WORK_CHUNKS_H
#define PEN_WORK_CHUNKS_H

#include "store/repository.h"
#include "store/scratch.h"

/* The file of a chunk. */
enum pen_status pen_chunks__path(const struct pen_repository *repository, const struct pen_chunk *chunk,
    char out[PATH_MAX], struct pen_error *error);

/* The bytes of a chunk as they were; free with pen_memory__free. crc, if it is not NULL,
 * has the file looked at, too, and gets its CRC-32. PEN_INTEGRITY names snapshot and chunk. */
enum pen_status pen_chunks__read(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, uint32_t *crc, char **bytes, struct pen_error *error);
/* The file of an encrypted chunk, which its name tells whole. */
enum pen_status pen_chunks__read_sealed(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, char **sealed, size_t *n, struct pen_error *error);

/* Joins the chunks to a new file, comparing each with its name and the whole with
 * the digest. strict: the files are also those that were written, to bits that
 * do not matter for what is in them. PEN_INTEGRITY names the snapshot and the chunk. */
enum pen_status pen_chunks__unpack(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const char *path, bool strict, struct pen_error *error);
/* That every chunk is there and is what its name says; else PEN_INTEGRITY, too. What is
 * encrypted needs not be opened for it. */
enum pen_status pen_chunks__prove(const struct pen_repository *repository, const struct pen_manifest *manifest,
    struct pen_error *error);
/* That every chunk is there, without reading it; else PEN_INTEGRITY, too. */
enum pen_status pen_chunks__look(const struct pen_repository *repository, const struct pen_manifest *manifest,
    struct pen_error *error);

#endif
