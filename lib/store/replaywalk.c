#include "store/replaywalk.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/amendwalk.h"
#include "store/closedwalk.h"
#include "store/computedwalk.h"
#include "store/settledwalk.h"
#include "store/sourcewalk.h"

#include <inttypes.h>

/* ---------------------------------------------------------------- lists -- */

enum pen_status pen_replaywalk__add(struct pen_replaywalk_list *list, const struct pen_folio *folio, struct pen_error *error)
{
	size_t room = list->room ? 2 * list->room : 16;
	struct pen_folio *more;

	if (list->count == list->room) {
		more = pen_memory__realloc(list->at, room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		list->at = more;
		list->room = room;
	}
	list->at[list->count++] = *folio;
	return PEN_OK;
}

void pen_replaywalk__free(struct pen_replaywalk_list *list)
{
	pen_memory__free(list->at);
	*list = (struct pen_replaywalk_list){ NULL, 0, 0 };
}

/* -------------------------------------------------------------- batches -- */

bool pen_replaywalk__due(const struct pen_walk *walk, const struct pen_batch *batch, const struct pen_folio *folio)
{
	return batch->staged_at >= 0 && batch->staged_at < walk->size && batch->ended_at < 0 &&
	    folio->state != PEN_FOLIO_STAGING && folio->state != PEN_FOLIO_DISCARDED;
}

enum pen_status pen_replaywalk__folios(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_replaywalk_list *folios, bool roots, struct pen_error *error)
{
	enum pen_status status = pen_sourcewalk__compare(walk, batch, folios->at, folios->count, roots, error);

	if (status == PEN_OK)
		status = pen_settledwalk__compare(walk, batch, folios->at, folios->count, roots, error);
	if (status == PEN_OK)
		status = pen_closedwalk__compare(walk, batch, folios->at, folios->count, roots, error);
	if (status == PEN_OK)
		status = pen_computedwalk__compare(walk, batch, folios->at, folios->count, roots, error);
	return status == PEN_OK ? pen_amendwalk__compare(walk, batch, folios->at, folios->count, roots, error) : status;
}

struct run { struct pen_walk *walk; const int64_t *batches; size_t count; };
struct batch_run { struct pen_walk *walk; const struct pen_batch *batch; struct pen_replaywalk_list due; };

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct batch_run *run = context;

	return pen_replaywalk__due(run->walk, run->batch, folio) ? pen_replaywalk__add(&run->due, folio, error) : PEN_OK;
}

static enum pen_status visit_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct run *run = context;
	struct batch_run work = { .walk = run->walk, .batch = batch };
	char record[32];
	enum pen_status status;

	if (!pen_walk__among(run->batches, run->count, batch->id))
		return PEN_OK;
	status = pen_folio__each_of_batch(run->walk->session->store, batch->id, visit_folio, &work, error);
	snprintf(record, sizeof(record), _("batch %" PRId64), batch->id);
	status = pen_walk__damage(run->walk, status, "seal.state", batch->id, record, error);
	/* A settlement that is all gone is missed too. */
	if (status == PEN_OK && batch->staged_at >= 0 && batch->staged_at < run->walk->size && batch->ended_at < 0)
		status = pen_replaywalk__folios(run->walk, batch, &work.due, true, error);
	pen_replaywalk__free(&work.due);
	return status;
}

enum pen_status pen_replaywalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error)
{
	struct run run = { walk, batches, count };

	return pen_batch__each(walk->session->store, visit_batch, &run, error);
}
