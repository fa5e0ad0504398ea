#include "store/keytable.h"

#include "base/memory.h"

#include <assert.h>

#define KEY 18
#define HALF 9			/* characters in each half, six bits each */
#define FIRST_SLOTS 1024

struct entry { uint64_t half[2]; int64_t number; };

/* slot[] holds index + 1 of an entry, 0 where free; slots is a power of two and
 * at most three quarters of them are taken, so that every walk ends. */
struct pen_keytable {
	struct entry *entry;
	size_t count, room;
	uint32_t *slot;
	size_t slots;
};

struct pen_keytable *pen_keytable__new(void)
{
	struct pen_keytable *table = pen_memory__calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->slots = FIRST_SLOTS;
	table->slot = pen_memory__calloc(table->slots, sizeof(*table->slot));
	if (!table->slot) {
		pen_memory__free(table);
		return NULL;
	}
	return table;
}

void pen_keytable__free(struct pen_keytable *table)
{
	if (!table)
		return;
	pen_memory__free(table->entry);
	pen_memory__free(table->slot);
	pen_memory__free(table);
}

/* 1 to 36, so that no two texts pack alike; 0 for what is no part of a key. */
static const unsigned char code_of[256] = {
	['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	['A'] = 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
};

/* False if it is no key. */
static bool pack(const char *key, uint64_t half[2])
{
	unsigned code;
	int i;

	half[0] = half[1] = 0;
	for (i = 0; i < KEY; i++) {
		code = code_of[(unsigned char)key[i]];
		if (!code)
			return false;
		half[i / HALF] = half[i / HALF] << 6 | code;
	}
	return key[KEY] == '\0';
}

bool pen_keytable__is_key(const char *s)
{
	uint64_t half[2];

	return pack(s, half);
}

/* The finisher of MurmurHash3 over both halves: neighbouring ids differ in few
 * bits. */
static uint64_t mix(const uint64_t half[2])
{
	uint64_t h = half[0] * UINT64_C(0x9e3779b97f4a7c15) ^ half[1];

	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

/* The slot where a key lies, or the free one where it would. */
static size_t slot_of(const struct pen_keytable *table, const uint64_t half[2])
{
	size_t at = (size_t)mix(half) & (table->slots - 1);
	const struct entry *entry;

	for (; table->slot[at]; at = (at + 1) & (table->slots - 1)) {
		entry = &table->entry[table->slot[at] - 1];
		if (entry->half[0] == half[0] && entry->half[1] == half[1])
			break;
	}
	return at;
}

static bool grow_entries(struct pen_keytable *table)
{
	size_t room = table->room ? table->room + table->room / 2 : FIRST_SLOTS / 2;
	struct entry *grown;

	if (room >= UINT32_MAX)
		return false;
	grown = pen_memory__realloc(table->entry, room, sizeof(*grown));
	if (!grown)
		return false;
	table->entry = grown;
	table->room = room;
	return true;
}

static bool grow_slots(struct pen_keytable *table)
{
	uint32_t *old = table->slot;
	size_t i;

	table->slot = pen_memory__calloc(table->slots * 2, sizeof(*table->slot));
	if (!table->slot) {
		table->slot = old;
		return false;
	}
	table->slots *= 2;
	for (i = 0; i < table->count; i++)
		table->slot[slot_of(table, table->entry[i].half)] = (uint32_t)i + 1;
	pen_memory__free(old);
	return true;
}

int64_t pen_keytable__find(const struct pen_keytable *table, const char *key)
{
	uint64_t half[2];

	if (!pack(key, half))
		return -1;
	return (int64_t)table->slot[slot_of(table, half)] - 1;
}

bool pen_keytable__add(struct pen_keytable *table, const char *key, int64_t number)
{
	struct entry *entry;
	size_t at;

	assert(pen_keytable__is_key(key));
	if (table->count == table->room && !grow_entries(table))
		return false;
	if ((table->count + 1) * 4 > table->slots * 3 && !grow_slots(table))
		return false;
	entry = &table->entry[table->count];
	pack(key, entry->half);
	entry->number = number;
	at = slot_of(table, entry->half);
	assert(!table->slot[at]);
	table->slot[at] = (uint32_t)++table->count;
	return true;
}

size_t pen_keytable__count(const struct pen_keytable *table)
{
	return table->count;
}

int64_t pen_keytable__number(const struct pen_keytable *table, size_t index)
{
	assert(index < table->count);
	return table->entry[index].number;
}

char *pen_keytable__key(const struct pen_keytable *table, size_t index, char out[19])
{
	uint64_t half;
	unsigned code;
	int i;

	assert(index < table->count);
	for (i = KEY - 1; i >= 0; i--) {
		half = table->entry[index].half[i / HALF] >> 6 * (HALF - 1 - i % HALF);
		code = (unsigned)(half & 63);
		out[i] = (char)(code < 11 ? '0' + (int)code - 1 : 'A' + (int)code - 11);
	}
	out[KEY] = '\0';
	return out;
}
