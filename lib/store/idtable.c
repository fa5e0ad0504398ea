#include "store/idtable.h"

#include "base/memory.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#define DIGITS 17
#define CHECKS 11		/* what the last character can be: 0 to 9 and X */
#define LEAST ((size_t)1024)

/* A key in two halves, so that it takes twelve bytes with its number; all 0 where
 * a slot is free. */
struct slot { uint32_t high, low, person; };

/* At most four slots in five are taken, so that every walk ends. */
struct pen_idtable {
	struct slot *slot;
	size_t slots, count;
};

static uint64_t key_of(const struct slot *slot)
{
	return (uint64_t)slot->high << 32 | slot->low;
}

static bool make_slots(struct pen_idtable *table, size_t slots)
{
	table->slot = pen_memory__table(slots, sizeof(*table->slot));
	table->slots = slots;
	return table->slot;
}

struct pen_idtable *pen_idtable__new(size_t expected)
{
	struct pen_idtable *table = pen_memory__calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	if (!make_slots(table, LEAST + expected + expected / 3)) {
		pen_idtable__free(table);
		return NULL;
	}
	return table;
}

void pen_idtable__free(struct pen_idtable *table)
{
	if (!table)
		return;
	pen_memory__free(table->slot);
	pen_memory__free(table);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Eight digits at once: neighbours to pairs, pairs to fours, fours to the number.
 * False if one of the bytes is none. */
static bool eight_digits(const char *s, uint64_t *number)
{
	uint64_t v, beyond;

	memcpy(&v, s, sizeof(v));
	v = le64toh(v) ^ UINT64_C(0x3030303030303030);
	beyond = v + UINT64_C(0x7676767676767676);
	if ((v | beyond) & UINT64_C(0x8080808080808080))
		return false;
	v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
	*number = (v * 10000 + (v >> 32)) & UINT64_C(0xffffffff);
	return true;
}

/* The digits as one number, then the check character as its last digit to the
 * base 11; one more, so that no key is 0. Below 2^61. */
uint64_t pen_idtable__key18(const char id18[19])
{
	uint64_t high, low;
	const char *last = id18 + DIGITS;

	if (!eight_digits(id18, &high) || !eight_digits(id18 + 8, &low) || !is_digit(id18[16]))
		return 0;
	if ((*last != 'X' && !is_digit(*last)) || last[1])
		return 0;
	return ((high * 100000000 + low) * 10 + (uint64_t)(id18[16] - '0')) * CHECKS +
	    (*last == 'X' ? 10 : (uint64_t)(*last - '0')) + 1;
}

uint64_t pen_idtable__key(const char *id18)
{
	return strnlen(id18, DIGITS + 2) == DIGITS + 1 ? pen_idtable__key18(id18) : 0;
}

char *pen_idtable__id(uint64_t key, char out[19])
{
	uint64_t check, digits;
	int i;

	assert(key > 0);
	check = (key - 1) % CHECKS;
	digits = (key - 1) / CHECKS;
	out[DIGITS + 1] = '\0';
	out[DIGITS] = check == 10 ? 'X' : (char)('0' + check);
	for (i = DIGITS - 1; i >= 0; i--, digits /= 10)
		out[i] = (char)('0' + digits % 10);
	return out;
}

/* Fibonacci hashing: neighbouring ids differ in few bits, and the products spread
 * them. */
static size_t home_of(const struct pen_idtable *table, uint64_t key)
{
	uint64_t mixed = (key ^ key >> 29) * UINT64_C(0x9e3779b97f4a7c15);

	mixed ^= mixed >> 32;
	mixed *= UINT64_C(0xd6e8feb86659fd93);
	return (size_t)((unsigned __int128)mixed * table->slots >> 64);
}

/* The slot where a key lies, or the free one where it would. */
static size_t slot_of(const struct pen_idtable *table, uint64_t key)
{
	size_t at = home_of(table, key);
	uint64_t there;

	while ((there = key_of(&table->slot[at])) && there != key)
		at = at + 1 == table->slots ? 0 : at + 1;
	return at;
}

void pen_idtable__expect(const struct pen_idtable *table, uint64_t key)
{
	__builtin_prefetch(&table->slot[home_of(table, key)], 1);
}

int64_t pen_idtable__find(const struct pen_idtable *table, uint64_t key)
{
	return key ? table->slot[slot_of(table, key)].person : 0;
}

static void put(struct pen_idtable *table, uint64_t key, uint32_t person)
{
	struct slot *slot = &table->slot[slot_of(table, key)];

	if (slot->person)
		return;
	*slot = (struct slot){ (uint32_t)(key >> 32), (uint32_t)key, person };
	table->count++;
}

static bool grow(struct pen_idtable *table)
{
	struct pen_idtable old = *table;
	size_t i;

	if (!make_slots(table, old.slots + old.slots / 2)) {
		*table = old;
		return false;
	}
	table->count = 0;
	for (i = 0; i < old.slots; i++) {
		if (old.slot[i].person)
			put(table, key_of(&old.slot[i]), old.slot[i].person);
	}
	pen_memory__free(old.slot);
	return true;
}

bool pen_idtable__add(struct pen_idtable *table, uint64_t key, int64_t person)
{
	if (person <= 0 || person > UINT32_MAX)
		return false;
	if ((table->count + 1) * 5 > table->slots * 4 && !grow(table))
		return false;
	put(table, key, (uint32_t)person);
	return true;
}

size_t pen_idtable__count(const struct pen_idtable *table)
{
	return table->count;
}

size_t pen_idtable__memory(const struct pen_idtable *table)
{
	return table->slots * sizeof(*table->slot);
}
