#include "work/assessors.h"

#include "base/error.h"
#include "base/thread.h"

#define SLICE 64	/* people worked out in one read transaction */

/* One core's share: every second slice, from `first` on. `assessing` has the results of
 * both, and a session of its own; `tells` is true of the one that says how far it is. */
struct share { struct pen_assessing assessing; size_t first; bool tells; };

static enum pen_status make_slice(struct share *share, size_t from, struct pen_error *error)
{
	struct pen_assessing *a = &share->assessing;
	struct pen_db *db = pen_store__db(a->session->store);
	enum pen_status status = pen_db__begin_read(db, error);
	size_t i;

	for (i = from; status == PEN_OK && i < a->results && i < from + SLICE; i++)
		status = pen_assessing__make(a, &a->result[i], true, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status make_share(void *context, struct pen_error *error)
{
	struct share *share = context;
	struct pen_assessing *a = &share->assessing;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = share->first; status == PEN_OK && i < a->results; i += 2 * SLICE) {
		if (share->tells)
			pen_session__progress(a->session, _("assessing"), (int64_t)i, (int64_t)a->results);
		if (pen_session__stopped(a->session))
			return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped; nothing was written: run the command again"));
		status = make_slice(share, i, error);
	}
	return status;
}

static enum pen_status run_both(struct share *own, struct share *other, struct pen_error *error)
{
	struct pen_error second = { .status = PEN_OK };
	struct pen_thread *thread;
	enum pen_status status = pen_thread__start(&thread, make_share, other, error), joined;

	if (status != PEN_OK)
		return status;
	status = make_share(own, error);
	joined = pen_thread__join(thread, &second);
	if (status == PEN_OK && joined != PEN_OK)
		*error = second;
	return status == PEN_OK ? joined : status;
}

/* A few are made before a second connection is open. */
enum pen_status pen_assessors__run(struct pen_assessing *assessing, struct pen_error *error)
{
	struct share own = { .assessing = *assessing, .tells = true }, other = { .assessing = *assessing, .first = SLICE };
	struct pen_session session = *assessing->session;
	enum pen_status status;

	if (assessing->results <= SLICE)
		return make_share(&own, error);
	status = pen_store__open(&session.store, pen_store__dir(assessing->session->store), false, error);
	if (status != PEN_OK)
		return status;
	other.assessing.session = &session;
	status = run_both(&own, &other, error);
	pen_store__close(session.store);
	return status;
}
