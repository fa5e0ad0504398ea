/* Citizen ids to the numbers of people, for millions of them: twelve bytes a
 * person and one look at memory to find one. Memory only. */
#ifndef PEN_STORE_IDTABLE_H
#define PEN_STORE_IDTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pen_idtable;
/* Room for `expected` without growing. NULL: no memory. */
struct pen_idtable *pen_idtable__new(size_t expected);
void pen_idtable__free(struct pen_idtable *table);

/* An id of 18 characters as a number: 17 digits and a digit or X, which nothing
 * else has (0). Ids that sort before others are smaller. */
uint64_t pen_idtable__key(const char *id18);
uint64_t pen_idtable__key18(const char id18[19]);		/* the same, where so many bytes are there */
char *pen_idtable__id(uint64_t key, char out[19]);	/* the way back; returns out */

/* The person of a key, 0 if it is not in. */
int64_t pen_idtable__find(const struct pen_idtable *table, uint64_t key);
/* Adds a key; one that is in already keeps its number. The number is from 1 to
 * 2^32 - 1. False: no memory, or a number beyond that. */
bool pen_idtable__add(struct pen_idtable *table, uint64_t key, int64_t person);
/* Has the memory of a key fetched, for one that is added or looked for soon. */
void pen_idtable__expect(const struct pen_idtable *table, uint64_t key);
size_t pen_idtable__count(const struct pen_idtable *table);
size_t pen_idtable__memory(const struct pen_idtable *table);	/* bytes */

#endif
