/* A store's file goes into a repository: it is cut into chunks, and those that are not
 * there yet are packed and stored (chunks.h). */
#ifndef PEN_WORK_PACKING_H
#define PEN_WORK_PACKING_H

#include "store/repository.h"
#include "store/scratch.h"

/* What a snapshot added to its repository: chunks that were not there, and those
 * that were and did not hold; bytes of both as packed. */
struct pen_packing_added { int64_t chunks, mended, bytes; };

/* Cuts a file of manifest->bytes bytes, stores the pieces that are not there yet or are
 * damaged there by way of the scratch directory, and enters them all in the manifest with
 * the digest of the whole. All that are there are read: those
 * that the newest snapshot has are held against its CRC, others opened. On both cores. */
enum pen_status pen_packing__store(const struct pen_repository *repository, const struct pen_scratch *scratch,
    const char *path, struct pen_manifest *manifest, struct pen_packing_added *added, struct pen_error *error);
/* Makes what was stored last. Remove the file before, which would go to the disk for nothing. */
enum pen_status pen_packing__last(const struct pen_repository *repository, struct pen_error *error);

#endif
