#include "store/rootwalk.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"
#include "model/sheaf.h"
#include "store/nodes.h"

#include <assert.h>
#include <string.h>

#define WAYS 4		/* sheaves that are filled, hashed or wait to be taken up */
#define QUEUE 64	/* folios, or so many rows of them, that are read together */
#define QUEUE_ROWS 1024

_Static_assert(PEN_SHEAF_LEAVES == PEN_ROWS_SLICE, "a slice of rows is a part of a sheaf");
_Static_assert(PEN_SHEAF_KEPT == PEN_NODES_LEVELS, "a sheaf gives the nodes that are kept");

/* What a part of a sheaf is of; the folio, what its rows come to and how many nodes are
 * kept of it stand with the last. status: its rows could not be read. */
struct origin {
	bool last;
	int64_t nodes;
	enum pen_status status;
	struct pen_error *error;	/* owned */
	struct pen_folio folio;
	struct pen_roots_sum sum;
};

struct task {
	struct pen_sheaf *sheaf;
	struct origin *origin;		/* of each part; room for `room` */
	int room;
	bool hashed;
};

/* Each thread's own. */
struct hasher { struct pen_leaf *leaf; struct pen_merkle *tree; };

/* The tree of the folio that is being joined of its parts. */
struct joining {
	struct pen_merkle *tree;
	int64_t folio, made, first_bad;
	enum pen_status status;
	struct pen_error error;
};

/* Tasks [taken, filled) are on their way, in a ring; that of number `filled` is the one
 * to be filled next. Those handed over go `out`, and come `back` when the other core
 * hashed them; the caller's thread takes some out again when it has nothing to read. */
struct pen_rootwalk {
	struct pen_store *store;
	struct pen_batch batch;
	const struct pen_kind *kind;
	bool keep;
	pen_rootwalk_told *told;
	void *context;
	struct pen_rows *rows;
	struct pen_folio queue[QUEUE];
	size_t queued;
	int64_t queued_rows;
	bool reading;			/* in a read transaction of its own */
	struct hasher own, other;
	struct joining joining;
	struct task task[WAYS];
	unsigned taken, filled;
	struct pen_thread *thread;
	struct pen_channel *out, *back;
};

/* ----------------------------------------------------------------- nodes -- */

/* A node of a level that is kept, as it is made. `made` counts them, so that
 * superfluous ones show too. */
static enum pen_status node(void *context, int level, int64_t number, const unsigned char hash[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	struct pen_rootwalk *walk = context;
	struct joining *j = &walk->joining;
	unsigned char kept[PEN_DIGEST_SIZE];
	enum pen_status status;
	bool found;

	if (level % PEN_NODES_LEVELS != 0)
		return PEN_OK;
	j->made++;
	if (walk->keep)
		return pen_nodes__keep(walk->store, j->folio, level, number, hash, error);
	status = pen_nodes__find(walk->store, j->folio, level, number, kept, &found, error);
	if (status == PEN_OK && (!found || memcmp(kept, hash, sizeof(kept)) != 0) && j->first_bad < 0)
		j->first_bad = number << level;
	return status;
}

/* Nodes in the store that no subtree of these rows has: rows are gone from the
 * end, behind the last whole subtree. */
static void compare_count(struct pen_rootwalk *walk, const struct origin *origin)
{
	struct joining *j = &walk->joining;

	if (!walk->keep && origin->nodes != j->made && j->first_bad < 0)
		j->first_bad = origin->sum.rows >> PEN_NODES_LEVELS << PEN_NODES_LEVELS;
}

/* --------------------------------------------------------------- joining -- */

/* A part's subtrees go into the folio's tree, the largest first, after their nodes. */
static enum pen_status join_part(struct pen_rootwalk *walk, const struct pen_sheaf_part *part, struct pen_error *error)
{
	struct joining *j = &walk->joining;
	enum pen_status status = PEN_OK;
	int i, level;

	for (i = 0; i < part->count >> PEN_SHEAF_KEPT && status == PEN_OK; i++)
		status = node(walk, PEN_SHEAF_KEPT, (part->first >> PEN_SHEAF_KEPT) + i, part->kept[i], error);
	for (level = PEN_SHEAF_LEVEL; level >= 0 && status == PEN_OK; level--)
		if (part->count >> level & 1)
			status = pen_merkle__add_subtree(j->tree, level, part->peak[level], error);
	return status;
}

static enum pen_status tell(struct pen_rootwalk *walk, struct origin *origin, struct pen_error *error)
{
	struct joining *j = &walk->joining;
	struct pen_rootwalk_result result = { .folio = &origin->folio, .status = j->status, .sum = origin->sum };
	unsigned char root[PEN_DIGEST_SIZE];

	if (origin->status != PEN_OK) {
		result.status = origin->status;
		*error = *origin->error;
		pen_memory__free(origin->error);
		origin->error = NULL;
	} else if (j->status != PEN_OK) {
		*error = j->error;
	}
	result.first_bad = j->first_bad;
	pen_merkle__root(j->tree, root);
	pen_encode__hex(root, sizeof(root), result.sum.root);
	return walk->told(walk->context, &result, error);
}

static enum pen_status take_up_part(struct pen_rootwalk *walk, const struct pen_sheaf_part *part, struct origin *origin,
    struct pen_error *error)
{
	struct joining *j = &walk->joining;

	if (part->first == 0) {
		pen_merkle__start(j->tree);
		j->folio = origin->folio.id;
		j->made = 0;
		j->first_bad = -1;
		j->status = PEN_OK;
	}
	if (j->status == PEN_OK && origin->status == PEN_OK)
		j->status = join_part(walk, part, &j->error);
	if (!origin->last)
		return PEN_OK;
	compare_count(walk, origin);
	return tell(walk, origin, error);
}

static enum pen_status take_up(struct pen_rootwalk *walk, struct task *task, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < pen_sheaf__parts(task->sheaf) && status == PEN_OK; i++)
		status = take_up_part(walk, pen_sheaf__part(task->sheaf, i), &task->origin[i], error);
	return status;
}

/* ------------------------------------------------------------- both cores -- */

static enum pen_status hash_others(void *context, struct pen_error *error)
{
	struct pen_rootwalk *walk = context;
	struct task *task;

	(void)error;
	while ((task = pen_thread__take(walk->out)) != NULL) {
		pen_sheaf__hash(task->sheaf, walk->other.leaf, walk->other.tree);
		pen_thread__put(walk->back, task);
	}
	return PEN_OK;
}

/* What waits is hashed here as well, if nobody has begun it; else it is waited for. */
static void hash_one(struct pen_rootwalk *walk)
{
	struct task *task = pen_thread__look(walk->out);

	if (task)
		pen_sheaf__hash(task->sheaf, walk->own.leaf, walk->own.tree);
	else
		task = pen_thread__take(walk->back);
	task->hashed = true;
}

/* Takes up what is hashed, until no more than `most` tasks are on their way. */
static enum pen_status catch_up(struct pen_rootwalk *walk, unsigned most, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct task *task;

	while (status == PEN_OK && walk->taken != walk->filled) {
		while ((task = walk->back ? pen_thread__look(walk->back) : NULL) != NULL)
			task->hashed = true;
		task = &walk->task[walk->taken % WAYS];
		if (task->hashed) {
			walk->taken++;
			status = take_up(walk, task, error);
		} else if (walk->filled - walk->taken > most) {
			hash_one(walk);
		} else {
			break;
		}
	}
	return status;
}

/* The other core is asked for when there is a second sheaf of work. */
static enum pen_status start_thread(struct pen_rootwalk *walk, struct pen_error *error)
{
	walk->out = pen_thread__channel(WAYS);
	walk->back = pen_thread__channel(WAYS);
	if (!walk->out || !walk->back)
		return pen_error__memory(error);
	return pen_thread__start(&walk->thread, hash_others, walk, error);
}

/* What was taken up of the task to be filled next is not needed any more. */
static void clear_next(struct pen_rootwalk *walk)
{
	struct task *task = &walk->task[walk->filled % WAYS];

	if (task->sheaf && walk->filled - walk->taken < WAYS)
		pen_sheaf__clear(task->sheaf);
}

/* What is read one after the other is read under one lock: to take it anew costs as much
 * as to read some dozens of rows. It is held for a sheaf at most, and never while
 * somebody is told something. */
static enum pen_status begin_reading(struct pen_rootwalk *walk, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(walk->store);
	enum pen_status status = PEN_OK;

	if (!walk->reading && !pen_db__in_transaction(db)) {
		status = pen_db__begin_read(db, error);
		walk->reading = status == PEN_OK;
	}
	return status;
}

static void end_reading(struct pen_rootwalk *walk)
{
	if (walk->reading)
		pen_db__rollback(pen_store__db(walk->store));
	walk->reading = false;
}

/* The sheaf is as full as it gets: out with it, and on to the next. */
static enum pen_status hand_over(struct pen_rootwalk *walk, struct pen_error *error)
{
	struct task *task = &walk->task[walk->filled % WAYS];
	enum pen_status status = walk->thread ? PEN_OK : start_thread(walk, error);

	end_reading(walk);
	if (status != PEN_OK)
		return status;
	task->hashed = false;
	walk->filled++;
	pen_thread__put(walk->out, task);
	status = catch_up(walk, WAYS - 1, error);
	clear_next(walk);
	return status;
}

/* --------------------------------------------------------------- reading -- */

static struct task *begin_part(struct pen_rootwalk *walk, int64_t first, int *part)
{
	struct task *task = &walk->task[walk->filled % WAYS];
	struct origin *more;

	if (!task->sheaf)
		task->sheaf = pen_sheaf__new();
	if (!task->sheaf)
		return NULL;
	*part = pen_sheaf__parts(task->sheaf);
	if (*part == task->room) {
		more = pen_memory__realloc(task->origin, (size_t)task->room * 2 + 8, sizeof(*more));
		if (!more)
			return NULL;
		task->origin = more;
		task->room = task->room * 2 + 8;
	}
	pen_sheaf__begin(task->sheaf, first);
	return task;
}

/* A folio's rows on their way into sheaves. */
struct filling { struct pen_rootwalk *walk; struct task *task; struct pen_roots_sum sum; };

/* Adds a row's share; what tampering made overflow is left at the limit, since
 * the sum is wrong either way. */
static void add_fen(const struct pen_value *values, int column, int64_t *sum)
{
	if (column >= 0 && __builtin_add_overflow(*sum, values[column].i, sum))
		*sum = INT64_MAX;
}

static enum pen_status take_row(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct filling *filling = context;
	const struct pen_kind *kind = filling->walk->kind;

	if (!pen_sheaf__add(filling->task->sheaf, filling->walk->own.leaf, values))
		return pen_error__memory(error);
	filling->sum.rows++;
	add_fen(values, kind->unit, &filling->sum.unit_fen);
	add_fen(values, kind->personal, &filling->sum.personal_fen);
	return PEN_OK;
}

/* Keeps why the rows end early, for when it is the folio's turn to be told of. */
static enum pen_status keep_failure(struct origin *origin, enum pen_status failed, struct pen_error *error)
{
	origin->error = pen_memory__calloc(1, sizeof(*origin->error));
	if (!origin->error)
		return failed;
	*origin->error = *error;
	origin->status = failed;
	origin->last = true;
	return PEN_OK;
}

/* One slice of rows, a part of the sheaf at hand. */
static enum pen_status fill_part(struct filling *filling, const struct pen_folio *folio, struct origin **origin,
    struct pen_error *error)
{
	struct pen_rootwalk *walk = filling->walk;
	enum pen_status status;
	int64_t nodes = 0;
	bool more = false;
	int part;

	filling->task = begin_part(walk, filling->sum.rows, &part);
	if (!filling->task)
		return pen_error__memory(error);
	status = begin_reading(walk, error);
	if (status == PEN_OK)
		status = pen_rows__slice(walk->rows, take_row, filling, &more, error);
	if (status == PEN_OK && !more && !walk->keep)
		status = pen_nodes__count(walk->store, folio->id, &nodes, error);
	*origin = &filling->task->origin[part];
	**origin = (struct origin){ .last = !more };
	(*origin)->folio = *folio;
	(*origin)->sum = filling->sum;
	(*origin)->nodes = nodes;
	return status == PEN_OK ? status : keep_failure(*origin, status, error);
}

static enum pen_status open_hasher(struct hasher *hasher, struct pen_rootwalk *walk, struct pen_error *error)
{
	enum pen_status status = pen_roots__leaf(&hasher->leaf, walk->store, &walk->batch, walk->kind, error);

	hasher->tree = pen_merkle__new(pen_store__suite(walk->store));
	return status == PEN_OK && !hasher->tree ? pen_error__memory(error) : status;
}

static void close_hasher(struct hasher *hasher)
{
	pen_leaf__free(hasher->leaf);
	pen_merkle__free(hasher->tree);
	*hasher = (struct hasher){ .leaf = NULL };
}

/* The folios of a case's batch are of several kinds: what is on its way is taken up
 * before leaves of another kind are made. */
static enum pen_status turn_to_kind(struct pen_rootwalk *walk, const struct pen_folio *folio, struct pen_error *error)
{
	const struct pen_kind *kind;
	enum pen_status status;

	if (walk->kind && !walk->batch.amendment)
		return PEN_OK;
	status = pen_roots__kind(walk->store, &walk->batch, folio, &kind, error);
	if (status != PEN_OK || kind == walk->kind)
		return status;
	status = pen_rootwalk__end(walk, error);
	if (status != PEN_OK)
		return status;
	close_hasher(&walk->own);
	close_hasher(&walk->other);
	pen_rows__close(walk->rows);
	walk->rows = NULL;
	walk->kind = kind;
	status = open_hasher(&walk->own, walk, error);
	return status == PEN_OK ? open_hasher(&walk->other, walk, error) : status;
}

static enum pen_status read_folio(struct pen_rootwalk *walk, const struct pen_folio *folio, struct pen_error *error)
{
	struct filling filling = { .walk = walk };
	enum pen_status status = PEN_OK;
	struct origin *origin = NULL;
	bool last = false;

	if (!walk->rows)
		status = pen_rows__open(&walk->rows, walk->store, walk->kind, folio->id, error);
	else
		pen_rows__turn(walk->rows, folio->id);
	while (status == PEN_OK && !last) {
		status = fill_part(&filling, folio, &origin, error);
		last = status != PEN_OK || origin->last;
		if (status == PEN_OK && pen_sheaf__full(filling.task->sheaf))
			status = hand_over(walk, error);
	}
	return status;
}

static enum pen_status read_queue(struct pen_rootwalk *walk, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < walk->queued && status == PEN_OK; i++)
		status = read_folio(walk, &walk->queue[i], error);
	walk->queued = 0;
	walk->queued_rows = 0;
	end_reading(walk);
	return status;
}

enum pen_status pen_rootwalk__add(struct pen_rootwalk *walk, const struct pen_folio *folio, struct pen_error *error)
{
	enum pen_status status = turn_to_kind(walk, folio, error);

	if (status != PEN_OK)
		return status;
	walk->queue[walk->queued++] = *folio;
	if (folio->rows >= QUEUE_ROWS - walk->queued_rows || walk->queued == QUEUE)
		return read_queue(walk, error);
	if (folio->rows > 0)
		walk->queued_rows += folio->rows;
	return PEN_OK;
}

/* ----------------------------------------------------------------- ends -- */

enum pen_status pen_rootwalk__end(struct pen_rootwalk *walk, struct pen_error *error)
{
	enum pen_status status = read_queue(walk, error);
	struct task *task = &walk->task[walk->filled % WAYS];

	if (status != PEN_OK)
		return status;
	if (task->sheaf && pen_sheaf__parts(task->sheaf) > 0 && walk->thread) {
		status = hand_over(walk, error);
	} else if (task->sheaf && pen_sheaf__parts(task->sheaf) > 0) {
		/* So little that one core does. */
		pen_sheaf__hash(task->sheaf, walk->own.leaf, walk->own.tree);
		task->hashed = true;
		walk->filled++;
	}
	if (status == PEN_OK)
		status = catch_up(walk, 0, error);
	if (status == PEN_OK)
		clear_next(walk);
	return status;
}

enum pen_status pen_rootwalk__open(struct pen_rootwalk **walk, struct pen_store *store, const struct pen_batch *batch,
    bool keep, pen_rootwalk_told *told, void *context, struct pen_error *error)
{
	struct pen_rootwalk *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->batch = *batch;
	made->keep = keep;
	made->told = told;
	made->context = context;
	status = batch->amendment ? PEN_OK : turn_to_kind(made, NULL, error);
	made->joining.tree = pen_merkle__new(pen_store__suite(store));
	if (status == PEN_OK && !made->joining.tree)
		status = pen_error__memory(error);
	if (status != PEN_OK) {
		pen_rootwalk__close(made);
		return status;
	}
	pen_merkle__watch(made->joining.tree, node, made);
	*walk = made;
	return PEN_OK;
}

static void free_task(struct task *task)
{
	int i;

	for (i = 0; task->sheaf && i < pen_sheaf__parts(task->sheaf); i++)
		pen_memory__free(task->origin[i].error);
	pen_memory__free(task->origin);
	pen_sheaf__free(task->sheaf);
}

void pen_rootwalk__close(struct pen_rootwalk *walk)
{
	struct pen_error ignored;
	int i;

	if (!walk)
		return;
	end_reading(walk);
	if (walk->out)
		pen_thread__close(walk->out);
	pen_thread__join(walk->thread, &ignored);
	pen_thread__free_channel(walk->out);
	pen_thread__free_channel(walk->back);
	for (i = 0; i < WAYS; i++)
		free_task(&walk->task[i]);
	close_hasher(&walk->own);
	close_hasher(&walk->other);
	pen_merkle__free(walk->joining.tree);
	pen_rows__close(walk->rows);
	pen_memory__free(walk);
}

/* ------------------------------------------------------------ one folio -- */

static enum pen_status copy_result(void *context, const struct pen_rootwalk_result *result, struct pen_error *error)
{
	struct pen_rootwalk_result *copy = context;

	(void)error;
	*copy = *result;
	return result->status;
}

enum pen_status pen_rootwalk__one(struct pen_store *store, const struct pen_batch *batch, const struct pen_folio *folio,
    bool keep, struct pen_roots_sum *sum, int64_t *first_bad, struct pen_error *error)
{
	struct pen_rootwalk_result result = { .first_bad = -1 };
	struct pen_rootwalk *walk = NULL;
	enum pen_status status = pen_rootwalk__open(&walk, store, batch, keep, copy_result, &result, error);

	if (status == PEN_OK)
		status = pen_rootwalk__add(walk, folio, error);
	if (status == PEN_OK)
		status = pen_rootwalk__end(walk, error);
	pen_rootwalk__close(walk);
	*sum = result.sum;
	if (first_bad)
		*first_bad = result.first_bad;
	return status;
}
