/* Rows and sums of folios, as they were staged, against their rows (folio.sums). */
#ifndef PEN_STORE_SUMWALK_H
#define PEN_STORE_SUMWALK_H

#include "store/walk.h"

/* What the contributions of a folio come to. */
struct pen_sumwalk_sum { int64_t folio, rows, unit_fen, personal_fen; };

/* Folios whose contributions were added up already, each of them to the end, while they
 * were read for something else. Start it as {0}; it may be added to on another thread
 * than it is used by later. */
struct pen_sumwalk_sums { struct pen_sumwalk_sum *at; size_t count, room; };
enum pen_status pen_sumwalk__add(struct pen_sumwalk_sums *sums, const struct pen_sumwalk_sum *sum, struct pen_error *error);
void pen_sumwalk__drop(struct pen_sumwalk_sums *sums);

/* Reads every row in slices, but for contributions that are in one of the lists. Told is
 * what is of these batches (NULL: all). */
struct pen_sumwalk { const struct pen_sumwalk_sums *sums; size_t lists; const int64_t *batches; size_t count; };
enum pen_status pen_sumwalk__run(struct pen_walk *walk, const struct pen_sumwalk *of, struct pen_error *error);

#endif
