#include "model/shape_seen.h"
#include "base/memory.h"

#include <stddef.h>

struct told { int64_t a, b, value; };

/* Open addressing; a slot whose value is 0 is free. At most half are taken. */
struct pen_seen { struct told *slot; size_t slots, count; };

struct pen_seen *pen_shape_seen__new(void)
{
	struct pen_seen *seen = pen_memory__calloc(1, sizeof(*seen));

	if (!seen)
		return NULL;
	seen->slots = 1024;
	seen->slot = pen_memory__calloc(seen->slots, sizeof(*seen->slot));
	if (!seen->slot) {
		pen_memory__free(seen);
		return NULL;
	}
	return seen;
}

void pen_shape_seen__free(struct pen_seen *seen)
{
	if (!seen)
		return;
	pen_memory__free(seen->slot);
	pen_memory__free(seen);
}

/* The slot that has the two numbers, or the free one in which they belong. */
static struct told *slot_of(const struct pen_seen *seen, int64_t a, int64_t b)
{
	uint64_t hash = ((uint64_t)a * UINT64_C(0x9e3779b97f4a7c15)) ^ ((uint64_t)b * UINT64_C(0xc2b2ae3d27d4eb4f));
	size_t i = (size_t)(hash >> 20) & (seen->slots - 1);

	while (seen->slot[i].value && (seen->slot[i].a != a || seen->slot[i].b != b))
		i = (i + 1) & (seen->slots - 1);
	return &seen->slot[i];
}

int64_t pen_shape_seen__get(const struct pen_seen *seen, int64_t a, int64_t b)
{
	return slot_of(seen, a, b)->value;
}

static bool grow(struct pen_seen *seen)
{
	struct pen_seen larger = { .slots = seen->slots * 2, .count = seen->count };
	size_t i;

	larger.slot = pen_memory__calloc(larger.slots, sizeof(*larger.slot));
	if (!larger.slot)
		return false;
	for (i = 0; i < seen->slots; i++) {
		if (seen->slot[i].value)
			*slot_of(&larger, seen->slot[i].a, seen->slot[i].b) = seen->slot[i];
	}
	pen_memory__free(seen->slot);
	*seen = larger;
	return true;
}

bool pen_shape_seen__put(struct pen_seen *seen, int64_t a, int64_t b, int64_t value)
{
	struct told *slot;

	if (2 * (seen->count + 1) > seen->slots && !grow(seen))
		return false;
	slot = slot_of(seen, a, b);
	seen->count += slot->value == 0;
	*slot = (struct told){ a, b, value };
	return true;
}
