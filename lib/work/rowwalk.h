/* The rows of a store, batch by batch, under the rules on rows. */
#ifndef PEN_WORK_ROWWALK_H
#define PEN_WORK_ROWWALK_H

#include "store/rulewalk.h"

/* Rows that reports show now, of these batches (NULL: all): of all kinds but contributions,
 * which go by years (yearwalk.h). They are looked at in `pieces` of about the same size, of
 * which this is one, from 0; several threads may each take one. */
struct pen_rowwalk { const struct pen_known *known; const int64_t *batches; size_t count; int64_t piece, pieces; };
enum pen_status pen_rowwalk__run(struct pen_walk *walk, const struct pen_rowwalk *of, struct pen_error *error);

#endif
