/* UTF-16 to UTF-8, however the bytes are cut. */
#ifndef PEN_BASE_UTF16_H
#define PEN_BASE_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start it as { .big = … }: which byte of a unit comes first. The mark is a
 * character like any other. Between two calls: a byte of a unit that is not yet
 * complete, and the first of two surrogates. */
struct pen_utf16 { bool big, half; unsigned char first; uint16_t high; };

/* Room that the UTF-8 of n bytes needs. */
#define PEN_UTF16_ROOM(n) (3 * ((n) / 2 + 1) + 1)

/* The next n bytes to out, their length to *out_n. False: a surrogate stands
 * alone, and out ends with what comes before it. */
bool pen_utf16__convert(struct pen_utf16 *walk, const char *bytes, size_t n, char *out, size_t *out_n);
/* False if the text ends inside a character. */
bool pen_utf16__ends(const struct pen_utf16 *walk);

/* How many bytes of UTF-16 the n bytes of UTF-8 came from; what is cut inside a
 * character counts with its first byte. */
size_t pen_utf16__measure(const char *s, size_t n);

#endif
