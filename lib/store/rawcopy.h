/* A copy of a store's file as it is at one moment, and what the store says of
 * itself at that moment. */
#ifndef PEN_STORE_RAWCOPY_H
#define PEN_STORE_RAWCOPY_H

#include "store/repository.h"
#include "store/scratch.h"
#include "store/session.h"

/* Copies to pen.db in the scratch directory, and fills in the manifest but for
 * digest and chunks. Writers wait while it copies; then the copy is opened as a
 * store, must say what the living one said (else PEN_INTEGRITY), and is counted. */
enum pen_status pen_rawcopy__take(struct pen_session *session, const struct pen_repository *repository,
    const struct pen_scratch *scratch, struct pen_manifest *manifest, struct pen_error *error);

#endif
