#include "store/idtable.h"

#include "base/memory.h"

#include <assert.h>

#define DIGITS 17
#define CHECKS 11		/* what the last character can be: 0 to 9 and X */
#define LEAST ((size_t)1024)

/* key[i] is 0 where a slot is free, and person[i] its number where it is not: at
 * most four slots in five are taken, so that every walk ends. */
struct pen_idtable {
	uint64_t *key;
	uint32_t *person;
	size_t slots, count;
};

static bool make_slots(struct pen_idtable *table, size_t slots)
{
	table->key = pen_memory__calloc(slots, sizeof(*table->key));
	table->person = pen_memory__calloc(slots, sizeof(*table->person));
	table->slots = slots;
	return table->key && table->person;
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
	pen_memory__free(table->key);
	pen_memory__free(table->person);
	pen_memory__free(table);
}

/* The digits as one number, then the check character as its last digit to the
 * base 11; one more, so that no key is 0. Below 2^61. */
uint64_t pen_idtable__key(const char *id18)
{
	uint64_t key = 0;
	int i;

	for (i = 0; i < DIGITS; i++) {
		if (id18[i] < '0' || id18[i] > '9')
			return 0;
		key = key * 10 + (uint64_t)(id18[i] - '0');
	}
	if (id18[DIGITS] != 'X' && (id18[DIGITS] < '0' || id18[DIGITS] > '9'))
		return 0;
	if (id18[DIGITS + 1])
		return 0;
	return key * CHECKS + (id18[DIGITS] == 'X' ? 10 : (uint64_t)(id18[DIGITS] - '0')) + 1;
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

	while (table->key[at] && table->key[at] != key)
		at = at + 1 == table->slots ? 0 : at + 1;
	return at;
}

void pen_idtable__expect(const struct pen_idtable *table, uint64_t key)
{
	size_t at = home_of(table, key);

	__builtin_prefetch(&table->key[at], 1);
	__builtin_prefetch(&table->person[at], 1);
}

int64_t pen_idtable__find(const struct pen_idtable *table, uint64_t key)
{
	return key ? table->person[slot_of(table, key)] : 0;
}

static void put(struct pen_idtable *table, uint64_t key, uint32_t person)
{
	size_t at = slot_of(table, key);

	if (table->key[at])
		return;
	table->key[at] = key;
	table->person[at] = person;
	table->count++;
}

static bool grow(struct pen_idtable *table)
{
	struct pen_idtable old = *table;
	size_t i;

	if (!make_slots(table, old.slots + old.slots / 2)) {
		pen_memory__free(table->key);
		pen_memory__free(table->person);
		*table = old;
		return false;
	}
	table->count = 0;
	for (i = 0; i < old.slots; i++) {
		if (old.key[i])
			put(table, old.key[i], old.person[i]);
	}
	pen_memory__free(old.key);
	pen_memory__free(old.person);
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
