#include "store/pile.h"

#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

/* Packed rows, each under the two numbers by which they order as they are stored:
 * employer and period, subject and line. */
struct pen_pile {
	const struct pen_kind *kind;
	struct pen_runs *runs;
};

struct pen_pile *pen_pile__new(const struct pen_kind *kind, const char *dir, size_t run)
{
	struct pen_pile *pile = pen_memory__calloc(1, sizeof(*pile));
	struct pen_error ignored;

	if (!pile)
		return NULL;
	pile->kind = kind;
	if (pen_runs__new(&pile->runs, dir, run, &ignored) != PEN_OK) {
		pen_memory__free(pile);
		return NULL;
	}
	return pile;
}

void pen_pile__free(struct pen_pile *pile)
{
	if (!pile)
		return;
	pen_runs__free(pile->runs);
	pen_memory__free(pile);
}

/* -------------------------------------------------------------- packing -- */

#define NUMBER_MOST 10

/* Seven bits a byte, the lowest first; the sign in the lowest bit, so that small
 * numbers of either sign are short. */
static unsigned char *put_number(unsigned char *p, int64_t number)
{
	uint64_t left = (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);

	for (; left > 127; left >>= 7)
		*p++ = (unsigned char)(left | 128);
	*p++ = (unsigned char)left;
	return p;
}

static const unsigned char *take_number(const unsigned char *p, int64_t *out)
{
	uint64_t number = *p & 127;
	int shift = 7;

	for (; *p++ & 128; shift += 7)
		number |= (uint64_t)(*p & 127) << shift;
	*out = (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
	return p;
}

/* Two bits for each value behind the line say what it is. */
static int64_t types_of(const struct pen_row *row)
{
	int64_t types = 0;
	int i;

	for (i = PEN_LINE + 1; i < row->kind->count; i++)
		types |= (int64_t)row->v[i].type << 2 * (i - PEN_LINE - 1);
	return types;
}

static unsigned char *put_value(unsigned char *p, const struct pen_value *value)
{
	if (value->type == PEN_NULL)
		return p;
	if (value->type == PEN_INTEGER)
		return put_number(p, value->i);
	p = put_number(p, (int64_t)value->n);
	if (value->n)
		memcpy(p, value->s, value->n);
	return p + value->n;
}

static const unsigned char *take_value(const unsigned char *p, enum pen_value_type type, struct pen_value *value)
{
	int64_t n;

	*value = (struct pen_value){ .type = type };
	if (type == PEN_NULL)
		return p;
	if (type == PEN_INTEGER)
		return take_number(p, &value->i);
	p = take_number(p, &n);
	value->n = (size_t)n;
	value->s = (const char *)p;
	return p + n;
}

_Static_assert(PEN_NULL < 4 && PEN_INTEGER < 4 && PEN_STRING < 4 && PEN_BYTES < 4, "two bits a type");

size_t pen_pile__most(const struct pen_shaped *shaped)
{
	size_t most = 6 * NUMBER_MOST;
	int i;

	for (i = 0; i < shaped->row.kind->count; i++)
		most += NUMBER_MOST + shaped->row.v[i].n;
	return most;
}

static unsigned char *pack(unsigned char *p, const struct pen_shaped *shaped, int64_t byte)
{
	const struct pen_row *row = &shaped->row;
	int i;

	p = put_number(p, types_of(row));
	p = put_number(p, shaped->amount_fen);
	p = put_number(p, byte);
	p = put_number(p, shaped->first_month);
	p = put_number(p, shaped->since);
	p = put_number(p, shaped->until);
	for (i = PEN_LINE + 1; i < row->kind->count; i++)
		p = put_value(p, &row->v[i]);
	return p;
}

static void unpack(const struct pen_kind *kind, const struct pen_runs_key *key, const unsigned char *p, struct pen_piled *out)
{
	int64_t types, number[3];
	int i;

	out->employer = (int64_t)(key->high >> 32);
	out->period = (int32_t)(uint32_t)key->high;
	p = take_number(p, &types);
	p = take_number(p, &out->amount_fen);
	p = take_number(p, &out->byte);
	for (i = 0; i < 3; i++)
		p = take_number(p, &number[i]);
	out->first_month = (int)number[0];
	out->since = (int32_t)number[1];
	out->until = (int32_t)number[2];
	out->row.kind = kind;
	out->row.v[PEN_SUBJECT] = pen_value__integer((int64_t)(key->low >> 32));
	out->row.v[PEN_LINE] = pen_value__integer((int64_t)(uint32_t)key->low);
	for (i = PEN_LINE + 1; i < kind->count; i++, types >>= 2)
		p = take_value(p, (enum pen_value_type)(types & 3), &out->row.v[i]);
}

/* --------------------------------------------------------------- adding -- */

static bool fits(int64_t number)
{
	return number >= 0 && number <= UINT32_MAX;
}

size_t pen_pile__pack(const struct pen_shaped *shaped, int64_t byte, struct pen_packed *packed, unsigned char *out)
{
	const struct pen_row *row = &shaped->row;

	if (!fits(shaped->employer) || !fits(row->v[PEN_SUBJECT].i) || !fits(row->v[PEN_LINE].i))
		return 0;
	packed->key.high = (uint64_t)shaped->employer << 32 | (uint32_t)shaped->period;
	packed->key.low = (uint64_t)row->v[PEN_SUBJECT].i << 32 | (uint64_t)row->v[PEN_LINE].i;
	packed->n = (uint32_t)(pack(out, shaped, byte) - out);
	return packed->n;
}

enum pen_status pen_pile__add(struct pen_pile *pile, const struct pen_shaped *shaped, int64_t byte,
    struct pen_error *error)
{
	struct pen_packed packed;
	unsigned char *start;

	assert(shaped->row.kind == pile->kind);
	if (pen_runs__room(pile->runs, pen_pile__most(shaped), &start, error) != PEN_OK)
		return error->status;
	if (!pen_pile__pack(shaped, byte, &packed, start))
		return pen_error__set(error, PEN_SYSTEM, "import.size",
		    _("the file holds more than can be staged at once: split it"));
	pen_runs__put(pile->runs, &packed.key, packed.n);
	return PEN_OK;
}

enum pen_status pen_pile__put(struct pen_pile *pile, const struct pen_packed *packed, const unsigned char *bytes,
    struct pen_error *error)
{
	unsigned char *start;

	if (pen_runs__room(pile->runs, packed->n, &start, error) != PEN_OK)
		return error->status;
	memcpy(start, bytes, packed->n);
	pen_runs__put(pile->runs, &packed->key, packed->n);
	return PEN_OK;
}

enum pen_status pen_pile__sort(struct pen_pile *pile, struct pen_error *error)
{
	return pen_runs__sort(pile->runs, error);
}

size_t pen_pile__count(const struct pen_pile *pile)
{
	return pen_runs__count(pile->runs);
}

/* -------------------------------------------------------- going through -- */

struct pen_pile_walk { const struct pen_kind *kind; struct pen_runs_walk *runs; };

enum pen_status pen_pile__walk(struct pen_pile_walk **walk, struct pen_pile *pile, struct pen_error *error)
{
	struct pen_pile_walk *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->kind = pile->kind;
	status = pen_runs__walk(&made->runs, pile->runs, error);
	if (status) {
		pen_memory__free(made);
		return status;
	}
	*walk = made;
	return PEN_OK;
}

void pen_pile__close(struct pen_pile_walk *walk)
{
	if (!walk)
		return;
	pen_runs__close(walk->runs);
	pen_memory__free(walk);
}

enum pen_status pen_pile__next(struct pen_pile_walk *walk, struct pen_piled *out, bool *row, struct pen_error *error)
{
	const unsigned char *packed;
	struct pen_runs_key key;
	size_t n;
	enum pen_status status = pen_runs__next(walk->runs, &key, &packed, &n, error);

	*row = !status && packed;
	if (*row)
		unpack(walk->kind, &key, packed, out);
	return status;
}
