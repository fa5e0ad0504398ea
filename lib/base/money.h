/* Money is a whole number of fen. Products go through 128 bits and are rounded
 * once, half up (四舍五入; away from zero for negative amounts). */
#ifndef PEN_BASE_MONEY_H
#define PEN_BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEN_MILLION INT64_C(1000000)	/* rates are in millionths */

enum pen_decimal { PEN_DECIMAL_OK, PEN_DECIMAL_SYNTAX, PEN_DECIMAL_PLACES, PEN_DECIMAL_RANGE };

/* Reads a plain decimal ("-12.5", "12", "0.05") as an integer number of
 * 10^-places. More places than that is PEN_DECIMAL_PLACES unless they are
 * zeros: nothing is rounded. No exponent, no separators, no sign but a leading
 * '-' or '+', a digit before the point and one after it. *out is written on
 * PEN_DECIMAL_OK only. */
enum pen_decimal pen_money__decimal(const char *s, size_t n, int places, int64_t *out);

/* Fen as yuan with two decimals: "6500.00", "-0.05". out holds 24. Returns out. */
char *pen_money__format(int64_t fen, char out[24]);

/* round(a * b / c), c > 0, half away from zero; false if it does not fit. */
bool pen_money__scale(int64_t a, int64_t b, int64_t c, int64_t *out);

/* a + b; false on overflow, with *out untouched. */
bool pen_money__add(int64_t a, int64_t b, int64_t *out);

#endif
