#include "base/runs.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/spool.h"

#include <assert.h>
#include <string.h>

/* Where a record of the run in memory lies. */
struct placed { struct pen_runs_key key; uint32_t at; };

/* A run set aside: from here to there in the spool, in order. */
struct run { int64_t from, to; };

/* The run in memory: bytes[0..n) are records, each behind its length; placed[]
 * points to them, and is in order as long as `ordered` says so. The runs before it
 * are in the spool, each record behind its key; `last` is the key of the last. */
struct pen_runs {
	size_t limit, count;
	struct placed *placed;
	size_t records, place_room;
	unsigned char *bytes;
	size_t n, room;
	bool ordered;
	struct pen_spool *spool;
	struct run *run;
	size_t runs;
	struct pen_runs_key last;
	unsigned char *record;	/* on its way to the spool */
	size_t record_room;
};

#define SPOOL_MEMORY ((size_t)1 << 20)
#define KEY_BYTES 16
#define AHEAD 16		/* records that memory is asked for before their turn */

enum pen_status pen_runs__new(struct pen_runs **runs, const char *dir, size_t memory, struct pen_error *error)
{
	struct pen_runs *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->limit = memory < UINT32_MAX ? memory : UINT32_MAX;
	made->ordered = true;
	status = pen_spool__new(&made->spool, dir, SPOOL_MEMORY, error);
	if (status) {
		pen_memory__free(made);
		return status;
	}
	*runs = made;
	return PEN_OK;
}

void pen_runs__free(struct pen_runs *runs)
{
	if (!runs)
		return;
	pen_spool__free(runs->spool);
	pen_memory__free(runs->run);
	pen_memory__free(runs->placed);
	pen_memory__free(runs->bytes);
	pen_memory__free(runs->record);
	pen_memory__free(runs);
}

size_t pen_runs__count(const struct pen_runs *runs)
{
	return runs->count;
}

/* ---------------------------------------------------------------- order -- */

static int by_key(const void *a, const void *b)
{
	const struct pen_runs_key *x = a, *y = b;

	if (x->high != y->high)
		return x->high < y->high ? -1 : 1;
	return (x->low > y->low) - (x->low < y->low);
}

/* A key's bytes, the lowest first. */
static unsigned byte_of(const struct pen_runs_key *key, int byte)
{
	return (byte < 8 ? key->low >> 8 * byte : key->high >> 8 * (byte - 8)) & 255;
}

/* How many keys have which value in each of their bytes. */
static void count_bytes(const struct pen_runs *runs, uint32_t count[KEY_BYTES][256])
{
	size_t i;
	int byte;

	memset(count, 0, KEY_BYTES * sizeof(*count));
	for (i = 0; i < runs->records; i++)
		for (byte = 0; byte < KEY_BYTES; byte++)
			count[byte][byte_of(&runs->placed[i].key, byte)]++;
}

/* From one place to the other by one byte; those alike in it keep their order. */
static void sort_by_byte(const struct placed *from, struct placed *to, size_t n, int byte, const uint32_t count[256])
{
	uint32_t at[256];
	size_t i, sum = 0;

	for (i = 0; i < 256; i++) {
		at[i] = (uint32_t)sum;
		sum += count[i];
	}
	for (i = 0; i < n; i++)
		to[at[byte_of(&from[i].key, byte)]++] = from[i];
}

/* How many of the low bytes are in order already, as the numbers of a file's lines
 * are: four, or none. */
static int ordered_bytes(const struct pen_runs *runs)
{
	size_t i;

	for (i = 1; i < runs->records; i++)
		if ((uint32_t)runs->placed[i].key.low < (uint32_t)runs->placed[i - 1].key.low)
			return 0;
	return 4;
}

/* By one byte after the other, the lowest first: most bytes of a file's keys are the
 * same in all of them, and cost nothing. */
static bool sort_run(struct pen_runs *runs)
{
	uint32_t count[KEY_BYTES][256];
	struct placed *other, *sorted = runs->placed;
	int byte;

	if (runs->ordered)
		return true;
	other = pen_memory__realloc(NULL, runs->place_room, sizeof(*other));
	if (!other)
		return false;
	count_bytes(runs, count);
	for (byte = ordered_bytes(runs); byte < KEY_BYTES; byte++) {
		if (count[byte][byte_of(&runs->placed[0].key, byte)] == runs->records)
			continue;
		sort_by_byte(sorted, other, runs->records, byte, count[byte]);
		runs->placed = other;
		other = sorted;
		sorted = runs->placed;
	}
	pen_memory__free(other);
	runs->ordered = true;
	return true;
}

static enum pen_status set_aside(struct pen_runs *runs, const struct placed *placed, struct pen_error *error)
{
	const unsigned char *p = runs->bytes + placed->at;
	unsigned char *grown;
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	if (sizeof(placed->key) + n > runs->record_room) {
		grown = pen_memory__realloc(runs->record, sizeof(placed->key) + 2 * (size_t)n, 1);
		if (!grown)
			return pen_error__memory(error);
		runs->record = grown;
		runs->record_room = sizeof(placed->key) + 2 * (size_t)n;
	}
	memcpy(runs->record, &placed->key, sizeof(placed->key));
	memcpy(runs->record + sizeof(placed->key), p + sizeof(n), n);
	return pen_spool__add(runs->spool, runs->record, sizeof(placed->key) + n, NULL, error);
}

/* Where the run in memory goes. One that begins behind the end of the one before is
 * part of it: what comes in order is a single run, however much it is. */
static enum pen_status begin_run(struct pen_runs *runs, struct pen_error *error)
{
	struct run *grown;

	if (runs->runs && by_key(&runs->last, &runs->placed[0].key) <= 0)
		return PEN_OK;
	grown = pen_memory__realloc(runs->run, runs->runs + 1, sizeof(*grown));
	if (!grown)
		return pen_error__memory(error);
	runs->run = grown;
	runs->run[runs->runs++].from = pen_spool__end(runs->spool);
	return PEN_OK;
}

/* The run in memory, in order, to the spool; memory is free for the next. */
static enum pen_status end_run(struct pen_runs *runs, struct pen_error *error)
{
	enum pen_status status;
	size_t i;

	if (!sort_run(runs))
		return pen_error__memory(error);
	status = begin_run(runs, error);
	for (i = 0; !status && i < runs->records; i++)
		status = set_aside(runs, &runs->placed[i], error);
	if (status)
		return status;
	runs->run[runs->runs - 1].to = pen_spool__end(runs->spool);
	runs->last = runs->placed[runs->records - 1].key;
	runs->records = runs->n = 0;
	return PEN_OK;
}

/* With runs set aside the last one joins them: what goes through reads alike. */
enum pen_status pen_runs__sort(struct pen_runs *runs, struct pen_error *error)
{
	if (!runs->runs)
		return sort_run(runs) ? PEN_OK : pen_error__memory(error);
	if (runs->records && end_run(runs, error) != PEN_OK)
		return error->status;
	pen_memory__free(runs->placed);
	pen_memory__free(runs->bytes);
	runs->placed = NULL;
	runs->bytes = NULL;
	runs->place_room = runs->room = 0;
	return PEN_OK;
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

enum pen_status pen_runs__room(struct pen_runs *runs, size_t most, unsigned char **out, struct pen_error *error)
{
	size_t need = sizeof(uint32_t) + most;
	void *placed, *bytes;

	/* Places count twice: putting them in order takes as much room again. */
	if (runs->records && runs->n + need + 2 * runs->records * sizeof(*runs->placed) > runs->limit) {
		if (end_run(runs, error) != PEN_OK)
			return error->status;
	}
	placed = runs->placed;
	if (runs->records == runs->place_room &&
	    !grow(&placed, &runs->place_room, runs->records + 1, sizeof(*runs->placed), 1024, runs->limit / sizeof(*runs->placed)))
		return pen_error__memory(error);
	runs->placed = placed;
	bytes = runs->bytes;
	if (runs->n + need > runs->room && !grow(&bytes, &runs->room, runs->n + need, 1, 65536, runs->limit))
		return pen_error__memory(error);
	runs->bytes = bytes;
	*out = runs->bytes + runs->n + sizeof(uint32_t);
	return PEN_OK;
}

void pen_runs__put(struct pen_runs *runs, const struct pen_runs_key *key, size_t n)
{
	struct placed *placed = &runs->placed[runs->records++];
	uint32_t length = (uint32_t)n;

	assert(runs->n + sizeof(length) + n <= runs->room);
	*placed = (struct placed){ *key, (uint32_t)runs->n };
	if (runs->records > 1 && by_key(&placed[-1].key, key) > 0)
		runs->ordered = false;
	memcpy(runs->bytes + runs->n, &length, sizeof(length));
	runs->n += sizeof(length) + n;
	runs->count++;
}

/* -------------------------------------------------------- going through -- */

/* One run being read: its record at hand; bytes is NULL at its end. */
struct head { struct pen_spool_cursor *cursor; struct pen_runs_key key; const unsigned char *bytes; size_t n; };

/* heads[] are those of the runs; without any, `next` counts the records in memory.
 * The record given out last is that of heads[given], which moves on with the next. */
struct pen_runs_walk {
	struct pen_runs *runs;
	size_t next;
	struct head *heads;
	size_t given;
};

static enum pen_status move_on(struct head *head, struct pen_error *error)
{
	const void *bytes;
	size_t n;
	enum pen_status status = pen_spool__next(head->cursor, &bytes, &n, error);

	head->bytes = NULL;
	if (status || !bytes)
		return status;
	memcpy(&head->key, bytes, sizeof(head->key));
	head->bytes = (const unsigned char *)bytes + sizeof(head->key);
	head->n = n - sizeof(head->key);
	return PEN_OK;
}

enum pen_status pen_runs__walk(struct pen_runs_walk **walk, struct pen_runs *runs, struct pen_error *error)
{
	struct pen_runs_walk *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status = PEN_OK;
	size_t i;

	if (!made)
		return pen_error__memory(error);
	assert(runs->ordered && (!runs->runs || !runs->records));
	made->runs = runs;
	made->given = SIZE_MAX;
	if (runs->runs)
		made->heads = pen_memory__calloc(runs->runs, sizeof(*made->heads));
	if (runs->runs && !made->heads)
		status = pen_error__memory(error);
	for (i = 0; !status && i < runs->runs; i++) {
		status = pen_spool__cursor(&made->heads[i].cursor, runs->spool, runs->run[i].from, runs->run[i].to, error);
		if (!status)
			status = move_on(&made->heads[i], error);
	}
	if (status) {
		pen_runs__close(made);
		return status;
	}
	*walk = made;
	return PEN_OK;
}

void pen_runs__close(struct pen_runs_walk *walk)
{
	size_t i;

	if (!walk)
		return;
	for (i = 0; walk->heads && i < walk->runs->runs; i++)
		pen_spool__close(walk->heads[i].cursor);
	pen_memory__free(walk->heads);
	pen_memory__free(walk);
}

/* The lowest of the records at hand: runs are few, ten for ten million rows. */
static enum pen_status lowest_of_runs(struct pen_runs_walk *walk, struct head **lowest, struct pen_error *error)
{
	struct head *head;
	enum pen_status status = PEN_OK;
	size_t i;

	*lowest = NULL;
	if (walk->given != SIZE_MAX)
		status = move_on(&walk->heads[walk->given], error);
	for (i = 0; !status && i < walk->runs->runs; i++) {
		head = &walk->heads[i];
		if (head->bytes && (!*lowest || by_key(&head->key, &(*lowest)->key) < 0))
			*lowest = head;
	}
	if (*lowest)
		walk->given = (size_t)(*lowest - walk->heads);
	return status;
}

static bool next_in_memory(struct pen_runs_walk *walk, struct pen_runs_key *key, const unsigned char **bytes, size_t *n)
{
	const struct placed *placed;
	uint32_t length;

	if (walk->next == walk->runs->records)
		return false;
	placed = &walk->runs->placed[walk->next++];
	if (walk->next + AHEAD <= walk->runs->records) {
		__builtin_prefetch(walk->runs->bytes + placed[AHEAD].at);
		__builtin_prefetch(walk->runs->bytes + placed[AHEAD].at + 64);
	}
	memcpy(&length, walk->runs->bytes + placed->at, sizeof(length));
	*key = placed->key;
	*bytes = walk->runs->bytes + placed->at + sizeof(length);
	*n = length;
	return true;
}

enum pen_status pen_runs__next(struct pen_runs_walk *walk, struct pen_runs_key *key, const unsigned char **bytes,
    size_t *n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct head *lowest;

	*bytes = NULL;
	if (!walk->runs->runs) {
		next_in_memory(walk, key, bytes, n);
		return PEN_OK;
	}
	status = lowest_of_runs(walk, &lowest, error);
	if (status || !lowest)
		return status;
	*key = lowest->key;
	*bytes = lowest->bytes;
	*n = lowest->n;
	return PEN_OK;
}
