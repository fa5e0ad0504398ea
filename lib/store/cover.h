/* levy.covers (R4.2.1) at work: an employer's breakdown of a year that is over
 * the pension levy paid for it waits, whole, as a held folio. */
#ifndef PEN_STORE_COVER_H
#define PEN_STORE_COVER_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/hold.h"

struct pen_cover;	/* the rule, read once for a piece of work */
enum pen_status pen_cover__open(struct pen_cover **cover, struct pen_store *store, struct pen_error *error);
void pen_cover__close(struct pen_cover *cover);

/* Looks at every staged or held folio of a batch as if it were confirmed. What
 * is not covered becomes held, with the reason; of what is covered now the levy's
 * hold ends with decision 'covered', and it becomes staged unless a review holds it
 * too. `at` is the journal index. Inside the caller's transaction. */
enum pen_status pen_cover__look(struct pen_cover *cover, int64_t batch, int64_t at, struct pen_error *error);

/* Is this one folio covered? found and expected (room for 24) in yuan if not. */
struct pen_shortfall { bool covered; char found[24], expected[24]; };
enum pen_status pen_cover__folio(struct pen_cover *cover, int64_t folio, struct pen_shortfall *shortfall,
    struct pen_error *error);

/* Enters the levy's hold on a folio that has none; its state is the caller's. */
enum pen_status pen_cover__hold(struct pen_cover *cover, int64_t folio, const struct pen_shortfall *shortfall,
    int64_t at, struct pen_error *error);

#endif
