/*
 * An arena is a list of blocks. A piece is cut from the front of the newest;
 * when it does not fit, a new block is put before it and the rest of the old
 * one is lost until the next reset. Each block is twice the last, so that a small
 * piece of work costs one of 4 KiB and a large one few calls.
 */
#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_BLOCK ((size_t)4096)
#define LARGEST_STEP ((size_t)1 << 20)	/* blocks grow up to here */
#define LARGE_PAGE ((size_t)2 << 20)

/* A block's bytes lie behind it: data[0..used) is handed out, used <= size. */
struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char data[];
};

/* The blocks newest first; only the newest is taken from. `step` is the size
 * that the next ordinary block will have. */
struct pen_arena {
	struct block *blocks;
	size_t step;
};

void *pen_memory__calloc(size_t count, size_t size)
{
	size_t bytes;

	/* Never zero bytes, so that NULL means no memory and nothing else. */
	if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
		return NULL;
	return calloc(1, bytes ? bytes : 1);
}

/* Writing it all makes its pages now: read first, each would be made twice. */
void *pen_memory__table(size_t count, size_t size)
{
	size_t bytes, whole;
	void *p;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX - LARGE_PAGE)
		return NULL;
	if (bytes < LARGE_PAGE)
		return pen_memory__calloc(count, size);
	whole = (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
	p = aligned_alloc(LARGE_PAGE, whole);
	if (!p)
		return NULL;
	madvise(p, whole, MADV_HUGEPAGE);
	return memset(p, 0, bytes);
}

/* On failure the old piece stays, and stays the caller's, as with realloc(3). */
void *pen_memory__realloc(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
		return NULL;
	return realloc(old, bytes ? bytes : 1);
}

void *pen_memory__more(void *list, size_t count, size_t size)
{
	if (count & (count - 1))
		return list;
	return pen_memory__realloc(list, count ? 2 * count : 1, size);
}

void pen_memory__free(void *p)
{
	free(p);
}

struct pen_arena *pen_memory__arena(void)
{
	struct pen_arena *arena = pen_memory__calloc(1, sizeof(*arena));

	/* The first block comes with the first piece. */
	if (arena)
		arena->step = FIRST_BLOCK;
	return arena;
}

/* Puts a block of at least `need` bytes in front. A piece larger than the step
 * gets a block to measure. */
static struct block *grow(struct pen_arena *arena, size_t need)
{
	size_t size = need > arena->step ? need : arena->step;
	struct block *block;

	if (size > PTRDIFF_MAX - sizeof(*block))
		return NULL;
	/* Not cleared here: each piece is cleared when it is taken. */
	block = pen_memory__realloc(NULL, 1, sizeof(*block) + size);
	if (!block)
		return NULL;
	block->size = size;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	if (arena->step < LARGEST_STEP)
		arena->step *= 2;
	return block;
}

void *pen_memory__take(struct pen_arena *arena, size_t size)
{
	const size_t unit = alignof(max_align_t);
	struct block *block = arena->blocks;
	void *p;

	if (size > PTRDIFF_MAX - unit)
		return NULL;
	/* Whole units keep the next piece aligned; none is empty, so that
	 * every piece has an address of its own. */
	size = (size ? size + unit - 1 : unit) / unit * unit;
	if (!block || block->size - block->used < size) {
		block = grow(arena, size);
		if (!block)
			return NULL;
	}
	p = block->data + block->used;
	block->used += size;
	/* The block may have been used before a reset, or never cleared. */
	return memset(p, 0, size);
}

char *pen_memory__copy(struct pen_arena *arena, const char *s, size_t n)
{
	char *copy;

	if (n >= PTRDIFF_MAX)
		return NULL;
	copy = pen_memory__take(arena, n + 1);
	if (copy && n)
		memcpy(copy, s, n);
	return copy;
}

void pen_memory__reset(struct pen_arena *arena)
{
	struct block *block, *next, *largest = NULL;

	/* Each block meets the largest so far, and the smaller of them goes. */
	for (block = arena->blocks; block; block = next) {
		next = block->next;
		if (!largest || block->size > largest->size) {
			pen_memory__free(largest);
			largest = block;
		} else {
			pen_memory__free(block);
		}
	}
	/* What is left is the only block, and all of it is free again. */
	if (largest) {
		largest->next = NULL;
		largest->used = 0;
	}
	arena->blocks = largest;
}

void pen_memory__drop(struct pen_arena *arena)
{
	if (!arena)
		return;
	/* A reset leaves one block at most. */
	pen_memory__reset(arena);
	pen_memory__free(arena->blocks);
	pen_memory__free(arena);
}
