#include "store/second.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/thread.h"

#include <string.h>

#define WAYS 2		/* parcels with it or on their way */

/* A parcel and what becomes of it. */
struct task { struct pen_parcel *parcel; struct pen_verdicts verdicts; enum pen_status status; };

/* `seen` counts private characters of the rows that were left to the first. */
struct pen_second {
	const struct pen_form *form;
	struct pen_twin twin;
	struct pen_judge *judge;
	size_t width;
	struct pen_judge_counts left;
	struct pen_thread *thread;
	struct pen_channel *to, *from;
	struct task task[WAYS];
	size_t next;
};

/* ---------------------------------------------------------------- one row -- */

static bool make_room(struct pen_verdicts *verdicts, size_t more)
{
	size_t room = verdicts->room ? verdicts->room : (size_t)256 << 10;
	unsigned char *grown;

	if (verdicts->n + more <= verdicts->room)
		return true;
	while (room < verdicts->n + more)
		room *= 2;
	grown = pen_memory__realloc(verdicts->bytes, room, 1);
	if (!grown)
		return false;
	verdicts->bytes = grown;
	verdicts->room = room;
	return true;
}

/* True if the row is let in as it stands. */
static bool is_good(const struct pen_second *second, const struct pen_judged *judged)
{
	unsigned repairs = 0;
	int i;

	for (i = 0; i < second->form->count; i++)
		repairs |= judged->cells[i].repairs;
	return !second->twin.again && !judged->findings->count && !repairs && !judged->shaped.name_folded;
}

static bool add_up(const struct pen_second *second, const struct pen_judged *judged, struct pen_verdict_sums *sums)
{
	int i;

	for (i = 0; i < second->form->count; i++) {
		const struct pen_cell *cell = &judged->cells[i];

		if (cell->has_fen && !pen_money__add(sums->fen[i], cell->fen, &sums->fen[i]))
			return false;
	}
	sums->rows++;
	return true;
}

/* Judges one record; *good with its packed row if it is let in. */
static enum pen_status judge(struct pen_second *second, const struct pen_parcel *parcel, size_t i,
    struct pen_verdicts *verdicts, struct pen_verdict_sums *sums, bool *good, struct pen_error *error)
{
	const struct pen_parcel_entry *entry = &parcel->entry[i];
	const struct pen_csv_field *fields = parcel->field + entry->first;
	struct pen_judge_counts before, after;
	struct pen_judged judged;
	enum pen_status status;
	size_t most;

	*good = false;
	verdicts->row[i].n = 0;
	if (entry->columns || !pen_intake__plain(fields, entry->count, second->width))
		return PEN_OK;
	pen_judge__counts(second->judge, &before);
	second->twin.again = false;
	status = pen_judge__row(second->judge, fields, entry->count, entry->line, &judged, error);
	if (status)
		return status;
	most = pen_pile__most(&judged.shaped);
	if (!make_room(verdicts, most))
		return pen_error__memory(error);
	*good = is_good(second, &judged) &&
	    pen_pile__pack(&judged.shaped, entry->byte, &verdicts->row[i], verdicts->bytes + verdicts->n) &&
	    add_up(second, &judged, sums);
	if (*good) {
		verdicts->at[i] = (uint32_t)verdicts->n;
		verdicts->n += verdicts->row[i].n;
		return PEN_OK;
	}
	/* The first will count what is in it. */
	verdicts->row[i].n = 0;
	pen_judge__counts(second->judge, &after);
	second->left.private_use += after.private_use - before.private_use;
	return PEN_OK;
}

/* ------------------------------------------------------------- one parcel -- */

static struct pen_verdict_sums *next_sums(struct pen_verdicts *verdicts)
{
	size_t room = verdicts->sum_room ? verdicts->sum_room * 2 : 16;
	struct pen_verdict_sums *grown;

	if (verdicts->sum_count == verdicts->sum_room) {
		grown = pen_memory__realloc(verdicts->sums, room, sizeof(*grown));
		if (!grown)
			return NULL;
		verdicts->sums = grown;
		verdicts->sum_room = room;
	}
	grown = &verdicts->sums[verdicts->sum_count++];
	memset(grown, 0, sizeof(*grown));
	return grown;
}

static void expect(const struct pen_second *second, const struct pen_parcel *parcel, size_t i, bool near)
{
	if (i < parcel->entries)
		pen_judge__expect(second->judge, parcel->field + parcel->entry[i].first, parcel->entry[i].count, near);
}

static enum pen_status judge_parcel(struct pen_second *second, struct task *task, struct pen_error *error)
{
	struct pen_verdicts *verdicts = &task->verdicts;
	struct pen_verdict_sums *sums;
	enum pen_status status = PEN_OK;
	bool good;
	size_t i;

	verdicts->n = verdicts->sum_count = 0;
	sums = next_sums(verdicts);
	for (i = 0; sums && !status && i < task->parcel->entries; i++) {
		pen_parcels__expect(task->parcel, i + PEN_PARCEL_FIELDS);
		expect(second, task->parcel, i + PEN_PARCEL_FAR, false);
		expect(second, task->parcel, i + PEN_PARCEL_NEAR, true);
		status = judge(second, task->parcel, i, verdicts, sums, &good, error);
		if (!good)
			sums = next_sums(verdicts);
	}
	return status || sums ? status : pen_error__memory(error);
}

static enum pen_status work(void *context, struct pen_error *error)
{
	struct pen_second *second = context;
	enum pen_status status = PEN_OK;
	struct task *task;

	while (!status && (task = pen_thread__take(second->to)) != NULL) {
		task->status = status = judge_parcel(second, task, error);
		pen_thread__put(second->from, task);
	}
	pen_thread__close(second->from);
	return status;
}

/* -------------------------------------------------------------- the judge -- */

enum pen_status pen_second__open(struct pen_second **second, const struct pen_judge_plan *plan, struct pen_book *book,
    const struct pen_header *columns, size_t width, struct pen_error *error)
{
	struct pen_second *made = pen_memory__calloc(1, sizeof(*made));
	struct pen_judge_plan own = *plan;
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->form = plan->form;
	made->width = width;
	pen_reference__twin(book, &made->twin);
	own.reference = &made->twin.reference;
	made->to = pen_thread__channel(WAYS);
	made->from = pen_thread__channel(WAYS);
	status = made->to && made->from ? pen_judge__open(&made->judge, &own, error) : pen_error__memory(error);
	if (!status) {
		pen_judge__columns(made->judge, columns, width, false);
		status = pen_thread__start(&made->thread, work, made, error);
	}
	if (status) {
		pen_second__close(made);
		return status;
	}
	*second = made;
	return PEN_OK;
}

void pen_second__close(struct pen_second *second)
{
	struct pen_error ignored;
	size_t i;

	if (!second)
		return;
	if (second->to)
		pen_thread__close(second->to);
	pen_thread__join(second->thread, &ignored);
	pen_thread__free_channel(second->to);
	pen_thread__free_channel(second->from);
	pen_judge__close(second->judge);
	for (i = 0; i < WAYS; i++) {
		pen_memory__free(second->task[i].verdicts.bytes);
		pen_memory__free(second->task[i].verdicts.sums);
	}
	pen_memory__free(second);
}

void pen_second__send(struct pen_second *second, struct pen_parcel *parcel)
{
	struct task *task = &second->task[second->next++ % WAYS];

	task->parcel = parcel;
	pen_thread__put(second->to, task);
}

enum pen_status pen_second__receive(struct pen_second *second, struct pen_parcel **parcel,
    const struct pen_verdicts **verdicts, struct pen_error *error)
{
	struct task *task = pen_thread__take(second->from);
	enum pen_status status = PEN_OK;

	if (!task || task->status) {
		/* Why, the thread says when it is joined. */
		status = pen_thread__join(second->thread, error);
		second->thread = NULL;
	}
	if (!task || status)
		return status ? status : pen_error__memory(error);
	*parcel = task->parcel;
	*verdicts = &task->verdicts;
	return PEN_OK;
}

void pen_second__counts(const struct pen_second *second, struct pen_judge_counts *counts)
{
	pen_judge__counts(second->judge, counts);
	counts->private_use -= second->left.private_use;
}
