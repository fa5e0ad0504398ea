/* Cuts access off, on danger (R7.3). */
#include "store/session.h"
#include "store/suspension.h"
#include "base/error.h"
#include "base/text.h"
#include "model/printer.h"

#include <string.h>

static const char *const managers[] = { "syslead", "dba", NULL };

static enum pen_status check_reason(const char *reason, struct pen_error *error)
{
	size_t n = reason ? strlen(reason) : 0, bad;
	const char *p = reason;

	while (n > 0 && *p && (unsigned char)*p >= 0x20)
		p++;
	if (n > 0 && n < PEN_REASON_ROOM && !*p && pen_text__is_utf8(reason, n, &bad))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "suspend.reason",
	    _("say why access is cut off, with --reason: 1 to %d bytes of UTF-8 on one line"), PEN_REASON_ROOM - 1);
}

static enum pen_status enter(struct pen_session *session, const char *reason, struct pen_error *error)
{
	struct pen_body body;
	enum pen_status status;
	const char *text;

	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "reason", reason);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__act(session, PEN_ACT_SUSPEND, "store", text, false, NULL, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

/* In one transaction, so that of two at once one finds it done. */
static enum pen_status suspend(struct pen_session *session, const char *reason, bool dry_run,
    struct pen_suspension *suspension, bool *done_before, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);

	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (pen_suspension__now(session->store, suspension, error) != PEN_OK)
		goto err0;
	*done_before = suspension->suspended;
	if (!*done_before && (enter(session, reason, error) != PEN_OK ||
	    pen_suspension__now(session->store, suspension, error) != PEN_OK))
		goto err0;
	if (dry_run || *done_before)
		pen_db__rollback(db);
	else if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

enum pen_status pen_suspend(struct pen_session *session, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_suspension suspension;
	bool done_before;

	if (check_reason(reason, error) != PEN_OK || pen_session__writable(session, error) != PEN_OK ||
	    pen_session__require(session, managers, NULL, "R7.3", PEN_ACT_SUSPEND, error) != PEN_OK ||
	    suspend(session, reason, dry_run, &suspension, &done_before, error) != PEN_OK)
		return error->status;
	pen_printer__one(printer, "suspended", NULL, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_TEXT("since", NULL, suspension.since),
		PEN_I_TEXT("by", NULL, suspension.by),
		PEN_I_TEXT("reason", NULL, suspension.reason),
		PEN_I_INT("at", NULL, suspension.at),
		PEN_I_FLAG("done_before", _("it was suspended already"), done_before),
		PEN_I_FLAG("dry_run", _("dry run"), dry_run) })), PEN_OK);
	return PEN_OK;
}
