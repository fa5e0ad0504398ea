/* The end of a case (R5.3.2): the seal over its new versions is closed, and they are
 * sealed as what they replaced was. */
#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/casework.h"
#include "work/undersign.h"

#include <inttypes.h>
#include <string.h>

struct work {
	struct pen_session *session;
	struct pen_store *store;
	struct pen_case of;
	struct pen_seal seal;		/* id 0: none is open */
	struct pen_folio *folios;
	size_t count;
};

static enum pen_status take_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct work *work = context;

	(void)error;
	if (strcmp(seal->state, "open") == 0)
		work->seal = *seal;
	return PEN_OK;
}

static enum pen_status find_seal(struct work *work, struct pen_batch *batch, struct pen_error *error)
{
	bool found;
	enum pen_status status = pen_batch__find(work->store, work->of.batch, batch, &found, error);

	if (status == PEN_OK && found)
		status = pen_sealing__each(work->store, batch->id, take_seal, work, error);
	if (status == PEN_OK && !work->seal.id)
		return pen_error__set(error, PEN_INTEGRITY, "amend.seal",
		    _("batch %" PRId64 " of case %" PRId64 " has no open seal: run pen-verify"), work->of.batch, work->of.id);
	return status == PEN_OK ? pen_sealing__folios(work->store, work->seal.id, &work->folios, &work->count, error) : status;
}

static enum pen_status close_seal(struct work *work, bool dry_run, struct pen_error *error)
{
	const struct pen_casework made = { .move = PEN_AMENDMENT_CLOSE };
	struct pen_db *db = pen_store__db(work->store);
	struct pen_batch batch;
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = find_seal(work, &batch, error);
	if (status == PEN_OK)
		status = pen_casework__make(work->session, &work->of, &made, NULL, error);
	if (status == PEN_OK)
		status = pen_undersign__close(work->session, &batch, &work->seal, work->folios, work->count, error);
	if (status == PEN_OK && !dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

static void print(const struct work *work, bool dry_run, struct pen_printer *printer)
{
	const struct pen_item items[] = {
		PEN_I_INT("case", _("case"), work->of.id),
		PEN_I_TEXT("state", _("state"), pen_amendment__state_name(work->of.state)),
		PEN_I_INT("batch", _("batch"), work->of.batch), PEN_I_INT("seal", _("seal"), work->seal.id),
		PEN_I_INT("folios", _("folios"), (int64_t)work->count), PEN_I_FLAG("dry_run", _("dry run"), dry_run),
	};

	pen_printer__one(printer, "case", NULL, PEN_ITEMS(items), PEN_OK);
}

enum pen_status pen_close_case(struct pen_session *session, int64_t id, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store };
	char subject[40];
	enum pen_status status = pen_casework__begin(session, id, PEN_AMENDMENT_CLOSE, dry_run, &work.of, error);

	if (status == PEN_OK)
		status = close_seal(&work, dry_run, error);
	snprintf(subject, sizeof(subject), "case %" PRId64, id);
	if (status == PEN_INTEGRITY && !dry_run)
		status = pen_session__stopped_short(session, "amend.close", subject, "R5.3.2", error);
	if (status == PEN_OK)
		print(&work, dry_run, printer);
	pen_memory__free(work.folios);
	pen_cases__free(&work.of);
	return status;
}
