#include "store/pile.h"

#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

/* Where a row belongs, and where the rest of it lies. */
struct place { uint32_t employer; int32_t period; uint32_t subject, line, at; };

/* bytes[0..n) are packed rows, one after the other; place[] points into them. */
struct pen_pile {
	const struct pen_kind *kind;
	struct place *place;
	size_t count, places;
	unsigned char *bytes;
	size_t n, room;
};

struct pen_pile *pen_pile__new(const struct pen_kind *kind)
{
	struct pen_pile *pile = pen_memory__calloc(1, sizeof(*pile));

	if (pile)
		pile->kind = kind;
	return pile;
}

void pen_pile__free(struct pen_pile *pile)
{
	if (!pile)
		return;
	pen_memory__free(pile->place);
	pen_memory__free(pile->bytes);
	pen_memory__free(pile);
}

/* -------------------------------------------------------------- packing -- */

/* Seven bits a byte, the lowest first; the sign in the lowest bit, so that small
 * numbers of either sign are short. At most ten bytes. */
static void put_number(struct pen_pile *pile, int64_t number)
{
	uint64_t left = (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);

	for (; left > 127; left >>= 7)
		pile->bytes[pile->n++] = (unsigned char)(left | 128);
	pile->bytes[pile->n++] = (unsigned char)left;
}

static int64_t take_number(const unsigned char **p)
{
	uint64_t number = 0;
	int shift = 0;

	do {
		number |= (uint64_t)(**p & 127) << shift;
		shift += 7;
	} while (*(*p)++ & 128);
	return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

#define NUMBER_MOST 10

static size_t most_bytes(const struct pen_shaped *shaped)
{
	size_t most = 6 * NUMBER_MOST;
	int i;

	for (i = 0; i < shaped->row.kind->count; i++)
		most += 1 + NUMBER_MOST + shaped->row.v[i].n;
	return most;
}

static bool make_room(struct pen_pile *pile, size_t more)
{
	size_t room = pile->room ? pile->room : 65536;
	void *grown;

	if (pile->count == pile->places) {
		size_t places = pile->places ? pile->places + pile->places / 2 : 1024;

		grown = pen_memory__realloc(pile->place, places, sizeof(*pile->place));
		if (!grown)
			return false;
		pile->place = grown;
		pile->places = places;
	}
	if (pile->n + more <= pile->room)
		return true;
	while (room < pile->n + more)
		room += room / 2;
	grown = pen_memory__realloc(pile->bytes, room, 1);
	if (!grown)
		return false;
	pile->bytes = grown;
	pile->room = room;
	return true;
}

static void put_value(struct pen_pile *pile, const struct pen_value *value)
{
	pile->bytes[pile->n++] = (unsigned char)value->type;
	if (value->type == PEN_NULL)
		return;
	put_number(pile, value->type == PEN_INTEGER ? value->i : (int64_t)value->n);
	if (value->type != PEN_INTEGER && value->n) {
		memcpy(pile->bytes + pile->n, value->s, value->n);
		pile->n += value->n;
	}
}

static void take_value(const unsigned char **p, struct pen_value *value)
{
	*value = (struct pen_value){ .type = (enum pen_value_type)*(*p)++ };
	if (value->type == PEN_NULL)
		return;
	value->i = take_number(p);
	if (value->type == PEN_INTEGER)
		return;
	value->n = (size_t)value->i;
	value->i = 0;
	value->s = (const char *)*p;
	*p += value->n;
}

static bool fits(int64_t number)
{
	return number >= 0 && number <= UINT32_MAX;
}

enum pen_status pen_pile__add(struct pen_pile *pile, const struct pen_shaped *shaped, int64_t byte,
    struct pen_error *error)
{
	const struct pen_row *row = &shaped->row;
	int i;

	assert(row->kind == pile->kind);
	if (!fits(shaped->employer) || !fits(row->v[PEN_SUBJECT].i) || !fits(row->v[PEN_LINE].i) || !fits((int64_t)pile->n))
		return pen_error__set(error, PEN_SYSTEM, "import.size",
		    _("the file holds more than can be staged at once: split it"));
	if (!make_room(pile, most_bytes(shaped)))
		return pen_error__memory(error);
	pile->place[pile->count++] = (struct place){ (uint32_t)shaped->employer, shaped->period,
		(uint32_t)row->v[PEN_SUBJECT].i, (uint32_t)row->v[PEN_LINE].i, (uint32_t)pile->n };
	put_number(pile, shaped->amount_fen);
	put_number(pile, byte);
	put_number(pile, shaped->first_month);
	put_number(pile, shaped->since);
	put_number(pile, shaped->until);
	for (i = PEN_LINE + 1; i < pile->kind->count; i++)
		put_value(pile, &row->v[i]);
	return PEN_OK;
}

void pen_pile__read(const struct pen_pile *pile, size_t i, struct pen_piled *out)
{
	const struct place *place = &pile->place[i];
	const unsigned char *p = pile->bytes + place->at;
	int k;

	assert(i < pile->count);
	out->employer = place->employer;
	out->period = place->period;
	out->amount_fen = take_number(&p);
	out->byte = take_number(&p);
	out->first_month = (int)take_number(&p);
	out->since = (int32_t)take_number(&p);
	out->until = (int32_t)take_number(&p);
	out->row.kind = pile->kind;
	out->row.v[PEN_SUBJECT] = pen_value__integer(place->subject);
	out->row.v[PEN_LINE] = pen_value__integer(place->line);
	for (k = PEN_LINE + 1; k < pile->kind->count; k++)
		take_value(&p, &out->row.v[k]);
}

/* ---------------------------------------------------------------- order -- */

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->employer != y->employer)
		return x->employer < y->employer ? -1 : 1;
	if (x->period != y->period)
		return x->period < y->period ? -1 : 1;
	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

void pen_pile__sort(struct pen_pile *pile)
{
	if (pile->count)
		qsort(pile->place, pile->count, sizeof(*pile->place), by_place);
}

size_t pen_pile__count(const struct pen_pile *pile)
{
	return pile->count;
}

void pen_pile__drop(struct pen_pile *pile, const bool *gone)
{
	size_t i, kept = 0;

	for (i = 0; i < pile->count; i++)
		if (!gone[i])
			pile->place[kept++] = pile->place[i];
	pile->count = kept;
}
