/* A row as a line of a plan: its columns by name, and the employer whose folio it goes to,
 * as canonical JSON (RFC 8785); and the way back. What is computed row by row is made
 * again from such lines. */
#ifndef PEN_MODEL_ROWLINE_H
#define PEN_MODEL_ROWLINE_H

#include "pen.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/kind.h"

/* With a newline. What is empty is left out, and so is the row's own line, which its
 * place in the plan gives. */
void pen_rowline__write(struct pen_text *text, const struct pen_row *row, int64_t employer);
/* Strings are copied to the arena; the row's line is 0. PEN_INTEGRITY, plan.row: it is no
 * such line. */
enum pen_status pen_rowline__read(struct pen_row *row, int64_t *employer, const struct pen_kind *kind, const char *line,
    size_t n, struct pen_arena *arena, struct pen_error *error);

#endif
