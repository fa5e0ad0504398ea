/* A copy of a store's file as it is at one moment, and what the store says of
 * itself at that moment. */
#ifndef PEN_STORE_RAWCOPY_H
#define PEN_STORE_RAWCOPY_H

#include "store/repository.h"
#include "store/scratch.h"
#include "store/session.h"

/* Copies to pen.db in the scratch directory, and fills in the manifest but for digest,
 * chunks and what the store held. Writers wait while it copies; then the copy is opened as
 * a store, and read again on the other core. *copy is to be freed whatever comes of it. */
struct pen_rawcopy;
enum pen_status pen_rawcopy__take(struct pen_rawcopy **copy, struct pen_session *session,
    const struct pen_repository *repository, const struct pen_scratch *scratch, struct pen_manifest *manifest,
    struct pen_error *error);
/* Waits for that: the copy must say what the living store said (else PEN_INTEGRITY), and
 * what it holds goes into the manifest. */
enum pen_status pen_rawcopy__reread(struct pen_rawcopy *copy, struct pen_error *error);
void pen_rawcopy__free(struct pen_rawcopy *copy);	/* waits, too; NULL is fine */

#endif
