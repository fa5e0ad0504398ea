/* Filling a struct pen_error. Each setter returns the status, so that a
 * failing function can end in `return pen_error__set(...)`. */
#ifndef PEN_BASE_ERROR_H
#define PEN_BASE_ERROR_H

#include "pen.h"
#include <libintl.h>

/* Marks what a person reads; translated by the catalogue share/po. */
#define _(text) dgettext("pen", text)
#define N_(text) text

/* Sets status, code and text, clears place and clause. `error` may be NULL. */
enum pen_status pen_error__set(struct pen_error *error, enum pen_status status,
    const char *code, const char *format, ...) PEN_PRINTF(4, 5);

/* The same for a failed system call: appends strerror(errno). ENOSPC, EDQUOT
 * get code "system.full", ENOMEM "system.memory", others "system.io". */
enum pen_status pen_error__errno(struct pen_error *error, const char *format, ...) PEN_PRINTF(2, 3);

/* No memory. */
enum pen_status pen_error__memory(struct pen_error *error);

/* A refusal that names its clause: status PEN_REFUSED. */
enum pen_status pen_error__refuse(struct pen_error *error, const char *clause,
    const char *code, const char *format, ...) PEN_PRINTF(4, 5);

/* Adds the place; NULL and 0 leave a part as it is. Returns error->status. */
enum pen_status pen_error__at(struct pen_error *error, const char *file, long line, const char *column);

#endif
