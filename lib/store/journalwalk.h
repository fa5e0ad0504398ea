/* The journal read again: no gap, every entry as it was signed, by a key in
 * force, and the tree over them as it was kept and as checkpoints have it. */
#ifndef PEN_STORE_JOURNALWALK_H
#define PEN_STORE_JOURNALWALK_H

#include "store/walk.h"

/* Before anything is entered: how many entries there are (to walk->size), and how
 * many the tree was kept over, where a later entry would cover that some are gone. */
struct pen_journalwalk_tip { int64_t size, covered; };
enum pen_status pen_journalwalk__tip(struct pen_walk *walk, struct pen_journalwalk_tip *tip,
    struct pen_error *error);

/* The newest end as it was, then all entries below walk->size, and the root as a
 * checkpoint (NULL: none) has it. */
enum pen_status pen_journalwalk__run(struct pen_walk *walk, const struct pen_journalwalk_tip *tip,
    const struct pen_checkpoint *since, struct pen_error *error);

#endif
