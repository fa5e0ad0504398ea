/* Interior nodes of a folio's tree. Of them only every eighth level is kept: enough to
 * prove a row in milliseconds, and 1/255 of the hashes. */
#ifndef PEN_STORE_NODES_H
#define PEN_STORE_NODES_H

#include "store/store.h"

#define PEN_NODES_LEVELS 8

/* Written in the caller's transaction. */
enum pen_status pen_nodes__keep(struct pen_store *store, int64_t folio, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error);
/* *found is false where no whole hash is kept. */
enum pen_status pen_nodes__find(struct pen_store *store, int64_t folio, int level, int64_t number,
    unsigned char hash[PEN_DIGEST_SIZE], bool *found, struct pen_error *error);
enum pen_status pen_nodes__count(struct pen_store *store, int64_t folio, int64_t *count, struct pen_error *error);

#endif
