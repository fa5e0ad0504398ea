/* Wrong usage, from the option table or from a verb. */
#ifndef PEN_WRONG_H
#define PEN_WRONG_H

#include "pen.h"

/* Fills the error and returns PEN_USAGE. */
enum pen_status wrong_usage(struct pen_error *error, const char *format, ...) PEN_PRINTF(2, 3);

#endif
