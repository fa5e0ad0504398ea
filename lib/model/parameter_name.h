/* What a row of a parameter in use must be like: unit, category, bounds of the value or the
 * few texts that it can be. Names not in use here (an agency's own rules have their own)
 * may be anything. */
#ifndef PEN_MODEL_PARAMETER_NAME_H
#define PEN_MODEL_PARAMETER_NAME_H

#include "pen.h"

struct pen_parameter;

/* False: *column (unit, category, value), what was *found in it and what is `expected`. */
bool pen_parameter_name__fits(const struct pen_parameter *parameter, const char **column, const char **found,
    char expected[160]);

#endif
