/* UTF-8 text: a growable string, and what Chinese text needs. */
#ifndef PEN_BASE_TEXT_H
#define PEN_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growable string. Invariant: s is NULL and n 0, or s[n] is NUL. Once an
 * allocation has failed, `failed` stays set and appending does nothing, so a
 * caller may append freely and look once at the end. */
struct pen_text { char *s; size_t n, room; bool failed; };

void pen_text__add(struct pen_text *text, const char *s, size_t n);
/* Room for so many more bytes: where they go, the caller adding to n what it wrote and
 * a NUL behind it; NULL if there is none. */
char *pen_text__room(struct pen_text *text, size_t more);
void pen_text__puts(struct pen_text *text, const char *s);
void pen_text__printf(struct pen_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pen_text__number(struct pen_text *text, int64_t number);	/* in digits */
void pen_text__clear(struct pen_text *text);	/* empty, keeps the room */
void pen_text__free(struct pen_text *text);

/* The code point at s (n bytes left), its length to *used; -1 for bytes that
 * are not UTF-8 (overlong, surrogate, beyond U+10FFFF), with *used 1. */
int32_t pen_text__decode(const char *s, size_t n, size_t *used);
/* Writes a code point as 1 to 4 bytes, returns how many. */
size_t pen_text__encode(int32_t point, char out[4]);
/* True if the n bytes are UTF-8 throughout; else *bad is the first that is not. */
bool pen_text__is_utf8(const char *s, size_t n, size_t *bad);

/* Terminal columns of a text: 2 for wide and full-width characters (UAX 11),
 * 0 for combining ones. */
size_t pen_text__width(const char *s);

/* Removes white space at both ends: ASCII, U+00A0, U+200B, U+3000, U+FEFF, tab. Works
 * on a slice: moves *s and shortens *n. */
void pen_text__trim(const char **s, size_t *n);

/* Full-width ASCII (U+FF01..FF5E) and the ideographic space to their ASCII
 * forms. Writes at most n bytes to out, returns the length, sets *changed. */
size_t pen_text__fold_width(const char *s, size_t n, char *out, bool *changed);

/* A name folded for comparison: white space of any kind left out, full-width
 * letters to ASCII, the several middle dots to '.', which is the shortest, ASCII
 * letters to upper case, and characters that are the same to whoever writes the name
 * (fold.h) to one of them. Writes at most n bytes plus a NUL to out; returns the
 * length. Names are stored as received and compared folded. */
size_t pen_text__fold_name(const char *s, size_t n, char *out);

/* A mark of 44 bits by which a text is told from another without being kept: equal
 * texts have equal marks, others but once in 17 million million. Never 0. */
uint64_t pen_text__mark(const char *s, size_t n);

/* The text as a JSON string with its quotes (RFC 8785 escapes: only what must be
 * escaped is, short forms first, \u00xx in lower case). A byte that is not UTF-8 becomes
 * \udc80 to \udcff, so that different bytes stay different and the text JSON. */
void pen_text__json(struct pen_text *text, const char *s, size_t n);

/* The text as a CSV field (RFC 4180: quoted only where it has to be,
 * blanks at an end included, which readers trim otherwise). */
void pen_text__csv(struct pen_text *text, const char *s, size_t n);

#endif
