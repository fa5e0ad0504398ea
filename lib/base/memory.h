/* The allocator habit: what lives as long as a piece of work comes from an
 * arena and goes with it; everything else is malloc and free, through here, so
 * that a failing allocation can be tried at every place. */
#ifndef PEN_BASE_MEMORY_H
#define PEN_BASE_MEMORY_H

#include <stddef.h>

struct pen_arena;

/* All return NULL when there is no memory; the arena's memory is zeroed.
 * Sizes multiply without overflow. */
void *pen_memory__calloc(size_t count, size_t size);
/* Zeroed as well, for a table of megabytes that is looked up at random: on large
 * pages where there are any, and there at once. Freed like the others. */
void *pen_memory__table(size_t count, size_t size);
void *pen_memory__realloc(void *old, size_t count, size_t size);
/* A list with room for one more behind its `count`, which grows by doubling: it has room for
 * the next power of two. NULL: no memory, and the list stays. */
void *pen_memory__more(void *list, size_t count, size_t size);
void pen_memory__free(void *p);

struct pen_arena *pen_memory__arena(void);
void *pen_memory__take(struct pen_arena *arena, size_t size);	/* aligned for any type */
char *pen_memory__copy(struct pen_arena *arena, const char *s, size_t n);	/* adds a NUL */
void pen_memory__reset(struct pen_arena *arena);	/* keeps the largest block */
void pen_memory__drop(struct pen_arena *arena);		/* NULL is fine */

#endif
