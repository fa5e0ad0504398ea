/* By which name the lines of a file have spoken of people whom nobody had registered
 * before it, so that one number is not let in under two names. */
#ifndef PEN_MODEL_SHAPE_NAMED_H
#define PEN_MODEL_SHAPE_NAMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pen_named;
struct pen_named *pen_shape_named__new(void);	/* NULL: no memory */
void pen_shape_named__free(struct pen_named *named);
/* The first name that a person was given, and where. False: no memory. */
bool pen_shape_named__put(struct pen_named *named, int64_t person, const char *name, size_t n, int64_t line);
/* How a name stands to that first one: PEN_NAMED_OTHER with *line where it stands.
 * Eight bytes a person are kept, not the name: of other names one in 16 million
 * passes for the same. */
enum pen_named_as { PEN_NAMED_NOT, PEN_NAMED_SAME, PEN_NAMED_FOLDED, PEN_NAMED_OTHER };
enum pen_named_as pen_shape_named__look(const struct pen_named *named, int64_t person, const char *name, size_t n,
    int64_t *line);

#endif
