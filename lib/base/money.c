/*
 * A number is read digit by digit into an integer, and anything that would
 * have to be rounded on the way is refused: rounding happens in
 * pen_money__scale alone, once, where a rule asks for it.
 */
#include "base/money.h"

#include <assert.h>
#include <stdio.h>

/* The shape of a plain decimal: digits, and after a point at least one more. */
struct decimal {
	bool negative;
	const char *whole, *part;
	size_t whole_n, part_n;
};

/* How many of the bytes at s are digits before the first that is none. */
static size_t count_digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* Takes the text apart; false if it is no plain decimal. The parts point into the
 * text. */
static bool scan(const char *s, size_t n, struct decimal *d)
{
	size_t i = 0;

	*d = (struct decimal){ 0 };
	if (n > 0 && (s[0] == '-' || s[0] == '+')) {
		d->negative = s[0] == '-';
		i = 1;
	}
	d->whole = s + i;
	d->whole_n = count_digits(s + i, n - i);
	i += d->whole_n;
	if (d->whole_n == 0)
		return false;
	/* Digits on both sides of a point: ".5" and "5." may be half of something. */
	if (i < n && s[i] == '.') {
		d->part = s + i + 1;
		d->part_n = count_digits(s + i + 1, n - i - 1);
		if (d->part_n == 0)
			return false;
		i += 1 + d->part_n;
	}
	return i == n;
}

/* Appends a digit on the number's own side of zero, so that the smallest
 * number can be read like any other. */
static bool append(int64_t *value, char digit, bool negative)
{
	int add = negative ? '0' - digit : digit - '0';

	return !__builtin_mul_overflow(*value, 10, value) &&
	    !__builtin_add_overflow(*value, add, value);
}

enum pen_decimal pen_money__decimal(const char *s, size_t n, int places, int64_t *out)
{
	struct decimal d;
	int64_t value = 0;
	size_t i;

	assert(places >= 0 && places <= 18);
	if (!scan(s, n, &d))
		return PEN_DECIMAL_SYNTAX;
	/* Trailing zeros say nothing. */
	while (d.part_n > (size_t)places && d.part[d.part_n - 1] == '0')
		d.part_n--;
	if (d.part_n > (size_t)places)
		return PEN_DECIMAL_PLACES;
	/* The digits before the point, then as many behind it as there are
	 * places, missing ones being zero. */
	for (i = 0; i < d.whole_n; i++) {
		if (!append(&value, d.whole[i], d.negative))
			return PEN_DECIMAL_RANGE;
	}
	for (i = 0; i < (size_t)places; i++) {
		if (!append(&value, i < d.part_n ? d.part[i] : '0', d.negative))
			return PEN_DECIMAL_RANGE;
	}
	*out = value;
	return PEN_DECIMAL_OK;
}

char *pen_money__format(int64_t fen, char out[24])
{
	/* The magnitude of the smallest number has no place in int64_t. */
	uint64_t size = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;

	snprintf(out, 24, "%s%llu.%02u", fen < 0 ? "-" : "",
	    (unsigned long long)(size / 100), (unsigned)(size % 100));
	return out;
}

bool pen_money__scale(int64_t a, int64_t b, int64_t c, int64_t *out)
{
	__int128 product = (__int128)a * b;
	__int128 size = product < 0 ? -product : product;
	__int128 quotient, rest;

	assert(c > 0);
	/* On magnitudes: two 64-bit factors always fit, and division then
	 * rounds towards zero on both sides alike. */
	if (size <= INT64_MAX) {
		/* Nearly always, and in a quarter of the time. */
		quotient = (int64_t)size / c;
		rest = (int64_t)size % c;
	} else {
		quotient = size / c;
		rest = size % c;
	}
	/* rest * 2 >= c, rounding away from zero as the sign comes back last. */
	if (rest >= c - rest)
		quotient++;
	if (product < 0)
		quotient = -quotient;
	if (quotient > INT64_MAX || quotient < INT64_MIN)
		return false;
	*out = (int64_t)quotient;
	return true;
}

bool pen_money__add(int64_t a, int64_t b, int64_t *out)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}
