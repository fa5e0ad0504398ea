/* What a file has told already, by two numbers: whom or what a row is about. */
#ifndef PEN_MODEL_SHAPE_SEEN_H
#define PEN_MODEL_SHAPE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

struct pen_seen;
struct pen_seen *pen_shape_seen__new(void);	/* NULL: no memory */
void pen_shape_seen__free(struct pen_seen *seen);
/* What was put under the two numbers; 0: nothing. */
int64_t pen_shape_seen__get(const struct pen_seen *seen, int64_t a, int64_t b);
bool pen_shape_seen__put(struct pen_seen *seen, int64_t a, int64_t b, int64_t value);	/* false: no memory */

#endif
