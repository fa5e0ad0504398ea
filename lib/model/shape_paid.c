#include "model/shape_paid.h"
#include "base/memory.h"


/* One row, chained with those whose voucher hashes alike. Strings are in the
 * arena. */
struct payment {
	struct payment *next;
	int64_t employer, year, amount;
	struct pen_value voucher, insurance;
};

/* Enough for a city's year: some ten thousand vouchers, a few to a chain. */
#define SLOTS 16384

struct pen_paid {
	struct pen_arena *arena;
	struct payment *slot[SLOTS];
};

struct pen_paid *pen_shape_paid__new(void)
{
	struct pen_paid *paid = pen_memory__calloc(1, sizeof(*paid));

	if (!paid)
		return NULL;
	paid->arena = pen_memory__arena();
	if (!paid->arena) {
		pen_memory__free(paid);
		return NULL;
	}
	return paid;
}

void pen_shape_paid__free(struct pen_paid *paid)
{
	if (!paid)
		return;
	pen_memory__drop(paid->arena);
	pen_memory__free(paid);
}

static size_t slot_of(const struct pen_row *row)
{
	const struct pen_value *voucher = &row->v[PEN_LEVY_VOUCHER];
	uint32_t hash = 2166136261u;	/* FNV-1a */
	size_t i;

	for (i = 0; i < voucher->n; i++)
		hash = (hash ^ (unsigned char)voucher->s[i]) * 16777619u;
	return hash % SLOTS;
}

bool pen_shape_paid__has(const struct pen_paid *paid, const struct pen_row *row)
{
	const struct payment *payment;

	for (payment = paid->slot[slot_of(row)]; payment; payment = payment->next) {
		if (payment->employer == row->v[PEN_SUBJECT].i &&
		    payment->year == row->v[PEN_LEVY_YEAR].i &&
		    payment->amount == row->v[PEN_LEVY_AMOUNT].i &&
		    pen_value__equal(&payment->voucher, &row->v[PEN_LEVY_VOUCHER]) &&
		    pen_value__equal(&payment->insurance, &row->v[PEN_LEVY_INSURANCE]))
			return true;
	}
	return false;
}

/* False: no memory. */
static bool keep(struct pen_arena *arena, const struct pen_value *value, struct pen_value *kept)
{
	const char *copy = pen_memory__copy(arena, value->s, value->n);

	*kept = pen_value__string(copy, value->n);
	return copy != NULL;
}

bool pen_shape_paid__add(struct pen_paid *paid, const struct pen_row *row)
{
	struct payment *payment = pen_memory__take(paid->arena, sizeof(*payment));
	struct payment **slot = &paid->slot[slot_of(row)];

	if (!payment || !keep(paid->arena, &row->v[PEN_LEVY_VOUCHER], &payment->voucher) ||
	    !keep(paid->arena, &row->v[PEN_LEVY_INSURANCE], &payment->insurance))
		return false;
	payment->employer = row->v[PEN_SUBJECT].i;
	payment->year = row->v[PEN_LEVY_YEAR].i;
	payment->amount = row->v[PEN_LEVY_AMOUNT].i;
	payment->next = *slot;
	*slot = payment;
	return true;
}
