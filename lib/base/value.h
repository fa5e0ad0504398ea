/* One stored value: what a column holds, between the parser, the store and
 * the leaf. */
#ifndef PEN_BASE_VALUE_H
#define PEN_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pen_value_type { PEN_NULL, PEN_INTEGER, PEN_STRING, PEN_BYTES };

/* A string or bytes are borrowed: s[0..n) belongs to whoever made the value. */
struct pen_value { enum pen_value_type type; int64_t i; const char *s; size_t n; };

static inline struct pen_value pen_value__null(void) { return (struct pen_value){ PEN_NULL, 0, NULL, 0 }; }
static inline struct pen_value pen_value__integer(int64_t i) { return (struct pen_value){ PEN_INTEGER, i, NULL, 0 }; }
static inline struct pen_value pen_value__string(const char *s, size_t n) { return (struct pen_value){ PEN_STRING, 0, s, n }; }

bool pen_value__equal(const struct pen_value *a, const struct pen_value *b);
int pen_value__compare(const struct pen_value *a, const struct pen_value *b);	/* null < integer < string < bytes */

#endif
