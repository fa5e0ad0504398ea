/* Identifiers of 18 characters to numbers, for millions of them: keys packed
 * into 16 bytes, in the order in which they were added, found by open
 * addressing. Memory only. */
#ifndef PEN_STORE_KEYTABLE_H
#define PEN_STORE_KEYTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pen_keytable;
struct pen_keytable *pen_keytable__new(void);	/* NULL: no memory */
void pen_keytable__free(struct pen_keytable *table);

/* The index of a key, or -1. A key is 18 digits and capital letters; what is none is
 * not in the table. */
int64_t pen_keytable__find(const struct pen_keytable *table, const char *key);
bool pen_keytable__is_key(const char *s);
/* Adds a key that is not in; its index is the count before. False: no memory. */
bool pen_keytable__add(struct pen_keytable *table, const char *key, int64_t number);

size_t pen_keytable__count(const struct pen_keytable *table);
int64_t pen_keytable__number(const struct pen_keytable *table, size_t index);
char *pen_keytable__key(const struct pen_keytable *table, size_t index, char out[19]);	/* returns out */

#endif
