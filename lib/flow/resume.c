/* Gives access again, when the danger is past (R7.3). */
#include "store/session.h"
#include "store/suspension.h"
#include "base/error.h"
#include "model/printer.h"

/* The head too: were those lost who run the database, nobody could give their
 * roles to others while the store is suspended. */
static const char *const enders[] = { "syslead", "dba", "head", NULL };

static enum pen_status resume(struct pen_session *session, bool dry_run, struct pen_suspension *suspension, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);

	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (pen_suspension__now(session->store, suspension, error) != PEN_OK)
		goto err0;
	if (suspension->suspended &&
	    pen_session__act(session, PEN_ACT_RESUME, "store", NULL, false, NULL, error) != PEN_OK)
		goto err0;
	if (dry_run || !suspension->suspended)
		pen_db__rollback(db);
	else if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

enum pen_status pen_resume(struct pen_session *session, bool dry_run, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_suspension suspension;

	if (pen_session__writable(session, error) != PEN_OK ||
	    pen_session__require(session, enders, NULL, "R7.3", PEN_ACT_RESUME, error) != PEN_OK ||
	    resume(session, dry_run, &suspension, error) != PEN_OK)
		return error->status;
	pen_printer__one(printer, "resumed", NULL, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_FLAG("was_suspended", _("it was suspended"), suspension.suspended),
		PEN_I_TEXT("since", NULL, or_null(suspension.since)),
		PEN_I_TEXT("by", NULL, or_null(suspension.by)),
		PEN_I_TEXT("reason", NULL, or_null(suspension.reason)),
		PEN_I_FLAG("dry_run", _("dry run"), dry_run) })), PEN_OK);
	return PEN_OK;
}
