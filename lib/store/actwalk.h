/* What the journal's entries say was written, against what is written: the
 * store's own identity and keys, staff, roles, parameters, batches. */
#ifndef PEN_STORE_ACTWALK_H
#define PEN_STORE_ACTWALK_H

#include "store/walk.h"

/* All entries below walk->size that bind columns by their bodies. What names an
 * entry that does not say so is found by share/rules/journal.cites.sql. */
enum pen_status pen_actwalk__run(struct pen_walk *walk, struct pen_error *error);

#endif
