/* The database beneath the store: whether the engine finds it whole, and its
 * tables, indexes and triggers those that the migrations make. */
#ifndef PEN_STORE_SCHEMAWALK_H
#define PEN_STORE_SCHEMAWALK_H

#include "store/walk.h"

/* The engine's own check, which reads the whole file. */
enum pen_status pen_schemawalk__integrity(struct pen_walk *walk, struct pen_error *error);

/* The text of the schema against that of a fresh store, which is made for it in
 * $TMPDIR and removed: what is missing, what is other, what was added. A check
 * that could not be made for want of room there is a note. */
enum pen_status pen_schemawalk__schema(struct pen_walk *walk, struct pen_error *error);

#endif
