/* Characters that are one to whoever writes a name, and several to a computer:
 * compatibility ideographs, radicals, circles for the zero, positions of private use
 * that have become characters. */
#ifndef PEN_BASE_FOLD_H
#define PEN_BASE_FOLD_H

#include <stdint.h>

/* The one that stands for all that are the same as this one, itself otherwise; it is
 * never longer in UTF-8. Anything may be given, -1 too. For comparing alone. */
int32_t pen_fold__character(int32_t point);

#endif
