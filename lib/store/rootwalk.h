/* Roots of folio after folio, on both cores: their rows are read by the caller's
 * thread and hashed by whichever is free. What each comes to is told in order. */
#ifndef PEN_STORE_ROOTWALK_H
#define PEN_STORE_ROOTWALK_H

#include "store/roots.h"

/* A folio, read and hashed. first_bad is the first leaf of the first subtree whose node
 * is not the one that is kept, or -1. status and the error say why there is nothing
 * but the folio. */
struct pen_rootwalk_result {
	const struct pen_folio *folio;
	enum pen_status status;
	struct pen_roots_sum sum;
	int64_t first_bad;
};
typedef enum pen_status pen_rootwalk_told(void *context, const struct pen_rootwalk_result *result, struct pen_error *error);

struct pen_rootwalk;
/* Folios of one batch. With keep, the nodes of every eighth level are written (in the
 * caller's transaction); else they are compared with those kept. */
enum pen_status pen_rootwalk__open(struct pen_rootwalk **walk, struct pen_store *store, const struct pen_batch *batch,
    bool keep, pen_rootwalk_told *told, void *context, struct pen_error *error);
/* Reads a folio; this or a later call tells of it. Any failure but that of a folio is
 * final. */
enum pen_status pen_rootwalk__add(struct pen_rootwalk *walk, const struct pen_folio *folio, struct pen_error *error);
/* Tells of all that were added. */
enum pen_status pen_rootwalk__end(struct pen_rootwalk *walk, struct pen_error *error);
void pen_rootwalk__close(struct pen_rootwalk *walk);	/* NULL is fine */

/* One folio. */
enum pen_status pen_rootwalk__one(struct pen_store *store, const struct pen_batch *batch, const struct pen_folio *folio,
    bool keep, struct pen_roots_sum *sum, int64_t *first_bad, struct pen_error *error);

#endif
