/* Bytes as hexadecimal and as base64 (RFC 4648, with padding). */
#ifndef PEN_BASE_ENCODE_H
#define PEN_BASE_ENCODE_H

#include <stddef.h>

/* out holds 2 * n + 1; returns out. */
char *pen_encode__hex(const void *bytes, size_t n, char *out);
/* Reads exactly 2 * n lower- or upper-case digits and the NUL behind them; 0, or
 * -1 if they are not that. */
int pen_encode__unhex(const char *hex, void *out, size_t n);

#define PEN_BASE64_ROOM(n) (((n) + 2) / 3 * 4 + 1)
/* out holds PEN_BASE64_ROOM(n); returns the length without the NUL. */
size_t pen_encode__base64(const void *bytes, size_t n, char *out);
/* Strict: padding as it must be, no white space. Writes at most `room` bytes,
 * the count to *n; 0, or -1. */
int pen_encode__unbase64(const char *text, size_t length, void *out, size_t room, size_t *n);

#endif
