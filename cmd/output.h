/* Where the result goes: stdout, or a file that is there whole or not at all. */
#ifndef PEN_OUTPUT_H
#define PEN_OUTPUT_H

#include "pen.h"

#include <limits.h>

/* `temporary` is "" where there is nothing to rename: stdout, a device, a pipe. */
struct output { FILE *stream; char path[PATH_MAX], temporary[PATH_MAX]; };

/* path NULL: stdout. */
enum pen_status output_open(struct output *output, const char *path, struct pen_error *error);
/* Syncs and renames. What is not kept is discarded. */
enum pen_status output_keep(struct output *output, struct pen_error *error);
void output_discard(struct output *output);

#endif
