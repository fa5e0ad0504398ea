/* Sets of months of one year: January is bit 0, December bit 11. */
#ifndef PEN_MODEL_MONTHS_H
#define PEN_MODEL_MONTHS_H

#include <stddef.h>
#include <stdint.h>

#define PEN_MONTHS_ALL 0xfff

int pen_months__count(int32_t set);
/* `count` consecutive months from `first` (1 to 12); 0 if they overrun December. */
int32_t pen_months__span(int first, int count);
/* The assumption by which a bare count is laid: consecutive months from `first`
 * or as soon after it as they are free of `taken`, else the latest free run, so
 * that they end in the year; 0 if there is no free run that long. */
int32_t pen_months__lay(int first, int count, int32_t taken);
/* Sum of 13 - n over the months n of the set: the weights of the month-product
 * method (January earns 12 months, December 1). */
int pen_months__weight(int32_t set);
/* "1-6,9" for people; out holds 32. Returns out. */
char *pen_months__format(int32_t set, char out[32]);
/* Reads what people write: "1-6,9", with 、 or ; between and 至 or ~ within a run,
 * 月 behind a number. 0 if it is no such list, or gives a month twice. */
int32_t pen_months__parse(const char *s, size_t n);

#endif
