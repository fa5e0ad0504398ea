#include "store/pile.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/spool.h"

#include <assert.h>
#include <string.h>

/* Where a row belongs, as two numbers that order as the rows are stored. */
struct place { uint64_t folio, row; };
struct placed { struct place place; uint32_t at; };

/* A run set aside: from here to there in the spool, in order. */
struct run { int64_t from, to; };

/* The run in memory: bytes[0..n) are packed rows, one after the other; placed[]
 * points into them, and is in order as long as `ordered` says so. The runs before
 * it are in the spool, each record a place and a packed row. */
struct pen_pile {
	const struct pen_kind *kind;
	size_t limit, count;
	struct placed *placed;
	size_t rows, row_room;
	unsigned char *bytes;
	size_t n, room;
	bool ordered;
	struct pen_spool *spool;
	struct run *run;
	size_t runs;
	unsigned char *record;	/* on its way to the spool */
	size_t record_room;
};

struct pen_pile *pen_pile__new(const struct pen_kind *kind, const char *dir, size_t run)
{
	struct pen_pile *pile = pen_memory__calloc(1, sizeof(*pile));
	struct pen_error ignored;

	if (!pile)
		return NULL;
	pile->kind = kind;
	pile->limit = run < UINT32_MAX ? run : UINT32_MAX;
	pile->ordered = true;
	if (pen_spool__new(&pile->spool, dir, 1 << 20, &ignored) != PEN_OK) {
		pen_memory__free(pile);
		return NULL;
	}
	return pile;
}

void pen_pile__free(struct pen_pile *pile)
{
	if (!pile)
		return;
	pen_spool__free(pile->spool);
	pen_memory__free(pile->run);
	pen_memory__free(pile->placed);
	pen_memory__free(pile->bytes);
	pen_memory__free(pile->record);
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

static void unpack(const struct pen_kind *kind, const struct place *place, const unsigned char *p, struct pen_piled *out)
{
	int64_t types, number[3];
	int i;

	out->employer = (int64_t)(place->folio >> 32);
	out->period = (int32_t)(uint32_t)place->folio;
	p = take_number(p, &types);
	p = take_number(p, &out->amount_fen);
	p = take_number(p, &out->byte);
	for (i = 0; i < 3; i++)
		p = take_number(p, &number[i]);
	out->first_month = (int)number[0];
	out->since = (int32_t)number[1];
	out->until = (int32_t)number[2];
	out->row.kind = kind;
	out->row.v[PEN_SUBJECT] = pen_value__integer((int64_t)(place->row >> 32));
	out->row.v[PEN_LINE] = pen_value__integer((int64_t)(uint32_t)place->row);
	for (i = PEN_LINE + 1; i < kind->count; i++, types >>= 2)
		p = take_value(p, (enum pen_value_type)(types & 3), &out->row.v[i]);
}

/* ---------------------------------------------------------------- order -- */

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->folio != y->folio)
		return x->folio < y->folio ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static void sort_run(struct pen_pile *pile)
{
	if (!pile->ordered)
		qsort(pile->placed, pile->rows, sizeof(*pile->placed), by_place);
	pile->ordered = true;
}

/* A packed row has its length before it. */
static enum pen_status set_aside(struct pen_pile *pile, const struct placed *placed, struct pen_error *error)
{
	const unsigned char *p = pile->bytes + placed->at;
	unsigned char *grown;
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	if (sizeof(placed->place) + n > pile->record_room) {
		grown = pen_memory__realloc(pile->record, sizeof(placed->place) + 2 * (size_t)n, 1);
		if (!grown)
			return pen_error__memory(error);
		pile->record = grown;
		pile->record_room = sizeof(placed->place) + 2 * (size_t)n;
	}
	memcpy(pile->record, &placed->place, sizeof(placed->place));
	memcpy(pile->record + sizeof(placed->place), p + sizeof(n), n);
	return pen_spool__add(pile->spool, pile->record, sizeof(placed->place) + n, NULL, error);
}

/* The run in memory, in order, to the spool; memory is free for the next. */
static enum pen_status end_run(struct pen_pile *pile, struct pen_error *error)
{
	struct run *grown = pen_memory__realloc(pile->run, pile->runs + 1, sizeof(*grown));
	enum pen_status status = PEN_OK;
	size_t i;

	if (!grown)
		return pen_error__memory(error);
	pile->run = grown;
	pile->run[pile->runs].from = pen_spool__end(pile->spool);
	sort_run(pile);
	for (i = 0; !status && i < pile->rows; i++)
		status = set_aside(pile, &pile->placed[i], error);
	pile->run[pile->runs++].to = pen_spool__end(pile->spool);
	pile->rows = pile->n = 0;
	return status;
}

/* --------------------------------------------------------------- adding -- */

/* Room to grow by half, but not far beyond the limit. */
static bool grow(void **at, size_t *room, size_t need, size_t size, size_t least, size_t most)
{
	size_t wider = *room ? *room + *room / 2 : least;
	void *grown;

	if (wider > most)
		wider = most;
	if (wider < need)
		wider = need;
	grown = pen_memory__realloc(*at, wider, size);
	if (!grown)
		return false;
	*at = grown;
	*room = wider;
	return true;
}

static enum pen_status make_room(struct pen_pile *pile, size_t more, struct pen_error *error)
{
	void *placed, *bytes;

	if (pile->rows && pile->n + more + pile->rows * sizeof(*pile->placed) > pile->limit) {
		if (end_run(pile, error) != PEN_OK)
			return error->status;
	}
	placed = pile->placed;
	if (pile->rows == pile->row_room &&
	    !grow(&placed, &pile->row_room, pile->rows + 1, sizeof(*pile->placed), 1024, pile->limit / sizeof(*pile->placed)))
		return pen_error__memory(error);
	pile->placed = placed;
	bytes = pile->bytes;
	if (pile->n + more > pile->room && !grow(&bytes, &pile->room, pile->n + more, 1, 65536, pile->limit))
		return pen_error__memory(error);
	pile->bytes = bytes;
	return PEN_OK;
}

static bool fits(int64_t number)
{
	return number >= 0 && number <= UINT32_MAX;
}

size_t pen_pile__pack(const struct pen_shaped *shaped, int64_t byte, struct pen_packed *packed, unsigned char *out)
{
	const struct pen_row *row = &shaped->row;

	if (!fits(shaped->employer) || !fits(row->v[PEN_SUBJECT].i) || !fits(row->v[PEN_LINE].i))
		return 0;
	packed->folio = (uint64_t)shaped->employer << 32 | (uint32_t)shaped->period;
	packed->row = (uint64_t)row->v[PEN_SUBJECT].i << 32 | (uint64_t)row->v[PEN_LINE].i;
	packed->n = (uint32_t)(pack(out, shaped, byte) - out);
	return packed->n;
}

/* The row behind the last one: its bytes are there already. */
static void place(struct pen_pile *pile, const struct pen_packed *packed)
{
	struct placed *placed = &pile->placed[pile->rows++];

	placed->place = (struct place){ packed->folio, packed->row };
	placed->at = (uint32_t)pile->n;
	if (pile->rows > 1 && by_place(&placed[-1].place, &placed->place) > 0)
		pile->ordered = false;
	memcpy(pile->bytes + pile->n, &packed->n, sizeof(packed->n));
	pile->n += sizeof(packed->n) + packed->n;
	pile->count++;
}

enum pen_status pen_pile__add(struct pen_pile *pile, const struct pen_shaped *shaped, int64_t byte,
    struct pen_error *error)
{
	struct pen_packed packed;

	assert(shaped->row.kind == pile->kind);
	if (make_room(pile, sizeof(packed.n) + pen_pile__most(shaped), error) != PEN_OK)
		return error->status;
	if (!pen_pile__pack(shaped, byte, &packed, pile->bytes + pile->n + sizeof(packed.n)))
		return pen_error__set(error, PEN_SYSTEM, "import.size",
		    _("the file holds more than can be staged at once: split it"));
	place(pile, &packed);
	return PEN_OK;
}

enum pen_status pen_pile__put(struct pen_pile *pile, const struct pen_packed *packed, const unsigned char *bytes,
    struct pen_error *error)
{
	if (make_room(pile, sizeof(packed->n) + packed->n, error) != PEN_OK)
		return error->status;
	memcpy(pile->bytes + pile->n + sizeof(packed->n), bytes, packed->n);
	place(pile, packed);
	return PEN_OK;
}

/* With runs set aside the last one joins them: what goes through reads alike. */
enum pen_status pen_pile__sort(struct pen_pile *pile, struct pen_error *error)
{
	if (!pile->runs) {
		sort_run(pile);
		return PEN_OK;
	}
	if (pile->rows && end_run(pile, error) != PEN_OK)
		return error->status;
	pen_memory__free(pile->placed);
	pen_memory__free(pile->bytes);
	pile->placed = NULL;
	pile->bytes = NULL;
	pile->row_room = pile->room = 0;
	return PEN_OK;
}

size_t pen_pile__count(const struct pen_pile *pile)
{
	return pile->count;
}

/* -------------------------------------------------------- going through -- */

/* One run being read: its row at hand; packed is NULL at its end. */
struct head { struct pen_spool_cursor *cursor; struct place place; const unsigned char *packed; };

/* heads[] are those of the runs; without any, `next` counts the rows in memory.
 * The row given out last is that of heads[given], which moves on with the next. */
struct pen_pile_walk {
	struct pen_pile *pile;
	size_t next;
	struct head *heads;
	size_t given;
};

static enum pen_status move_on(struct head *head, struct pen_error *error)
{
	const void *bytes;
	size_t n;
	enum pen_status status = pen_spool__next(head->cursor, &bytes, &n, error);

	head->packed = NULL;
	if (status || !bytes)
		return status;
	memcpy(&head->place, bytes, sizeof(head->place));
	head->packed = (const unsigned char *)bytes + sizeof(head->place);
	return PEN_OK;
}

enum pen_status pen_pile__walk(struct pen_pile_walk **walk, struct pen_pile *pile, struct pen_error *error)
{
	struct pen_pile_walk *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status = PEN_OK;
	size_t i;

	if (!made)
		return pen_error__memory(error);
	made->pile = pile;
	made->given = SIZE_MAX;
	if (pile->runs)
		made->heads = pen_memory__calloc(pile->runs, sizeof(*made->heads));
	if (pile->runs && !made->heads)
		status = pen_error__memory(error);
	for (i = 0; !status && i < pile->runs; i++) {
		status = pen_spool__cursor(&made->heads[i].cursor, pile->spool, pile->run[i].from, pile->run[i].to, error);
		if (!status)
			status = move_on(&made->heads[i], error);
	}
	if (status) {
		pen_pile__close(made);
		return status;
	}
	*walk = made;
	return PEN_OK;
}

void pen_pile__close(struct pen_pile_walk *walk)
{
	size_t i;

	if (!walk)
		return;
	for (i = 0; walk->heads && i < walk->pile->runs; i++)
		pen_spool__close(walk->heads[i].cursor);
	pen_memory__free(walk->heads);
	pen_memory__free(walk);
}

/* The lowest of the rows at hand: runs are few, ten for ten million rows. */
static enum pen_status next_of_runs(struct pen_pile_walk *walk, struct pen_piled *out, bool *row, struct pen_error *error)
{
	struct head *lowest = NULL, *head;
	enum pen_status status = PEN_OK;
	size_t i;

	if (walk->given != SIZE_MAX)
		status = move_on(&walk->heads[walk->given], error);
	for (i = 0; !status && i < walk->pile->runs; i++) {
		head = &walk->heads[i];
		if (head->packed && (!lowest || by_place(&head->place, &lowest->place) < 0))
			lowest = head;
	}
	*row = lowest != NULL;
	if (lowest) {
		walk->given = (size_t)(lowest - walk->heads);
		unpack(walk->pile->kind, &lowest->place, lowest->packed, out);
	}
	return status;
}

enum pen_status pen_pile__next(struct pen_pile_walk *walk, struct pen_piled *out, bool *row, struct pen_error *error)
{
	const struct pen_pile *pile = walk->pile;
	const struct placed *placed;

	if (pile->runs)
		return next_of_runs(walk, out, row, error);
	*row = walk->next < pile->rows;
	if (!*row)
		return PEN_OK;
	placed = &pile->placed[walk->next++];
	unpack(pile->kind, &placed->place, pile->bytes + placed->at + sizeof(uint32_t), out);
	return PEN_OK;
}
