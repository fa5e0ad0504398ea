/* A scheme of adjustment as a JSON document (pen-scheme(5)). */
#ifndef PEN_MODEL_SCHEMEFILE_H
#define PEN_MODEL_SCHEMEFILE_H

#include "base/memory.h"
#include "model/scheme.h"

/* Reads one; all of it is the arena's. PEN_INPUT, with where it stands in the document:
 * scheme.json, scheme.key (unknown, missing, or there twice), scheme.value,
 * scheme.bands (they overlap, leave a gap, or are in no order). */
enum pen_status pen_schemefile__read(struct pen_scheme *scheme, const char *json, size_t n,
    struct pen_arena *arena, struct pen_error *error);

#endif
