/* Months of a calendar as files give them, alone and from one to another. */
#ifndef PEN_MODEL_PERIOD_H
#define PEN_MODEL_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEN_PERIOD_NONE 999999		/* how old systems write that there is none */

/* A month as yyyymm: as pen_date__parse_month reads it, or as the first or the
 * last day of one. PEN_PERIOD_NONE if that is what it says, 0 if it is no month, or may
 * be two (2024.1). */
int32_t pen_period__month(const char *s, size_t n);

/* True if a month in it is written as 2024.1, which is January, or October that as a
 * number lost its zero. */
bool pen_period__doubtful(const char *s, size_t n);

/* Two months with -, ~, — , 至 or 到 between, or one alone. The order is not looked
 * at. False if it is neither. */
bool pen_period__range(const char *s, size_t n, int32_t *from, int32_t *to);

#endif
