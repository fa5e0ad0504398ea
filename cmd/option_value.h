/* An option's argument, from text to the variable that it fills. */
#ifndef PEN_OPTION_VALUE_H
#define PEN_OPTION_VALUE_H

#include "command.h"

/* Fills row->into; PEN_USAGE says what was found and expected. */
enum pen_status option_value(const struct option_row *row, const char *text, struct pen_error *error);

#endif
