/* A verification in parts that have nothing to do with each other, on both cores. */
#ifndef PEN_WORK_PARTS_H
#define PEN_WORK_PARTS_H

#include "store/walk.h"

/* A part reads the store through the walk that it is given, which may be by a handle
 * of its own. */
typedef enum pen_status pen_part_run(struct pen_walk *walk, const void *context, struct pen_error *error);
struct pen_part { pen_part_run *run; const void *context; };

/* Runs them all; findings come in the order of the parts, those of the first at once,
 * the others when all have been looked for. What one of them
 * cannot read is a finding; of what comes behind the first that fails otherwise nothing is
 * told. */
enum pen_status pen_parts__run(struct pen_walk *walk, const struct pen_part *parts, size_t count, struct pen_error *error);

#endif
