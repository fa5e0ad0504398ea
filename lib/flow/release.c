#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/admission.h"
#include "store/batch.h"
#include "store/cover.h"


#define CLAUSE "R4.2.1"

/* A held folio, and what came of it. */
struct waiting { struct pen_folio folio; struct pen_shortfall shortfall; };

static enum pen_status check(struct pen_session *session, const struct pen_folio *folio, const char *act,
    struct pen_error *error)
{
	static const char *const roles[] = { "operator", NULL };
	struct pen_batch batch;
	char subject[40];
	enum pen_status status;
	bool found;

	status = pen_batch__find(session->store, folio->batch, &batch, &found, error);
	if (!status)
		status = pen_session__require(session, roles, batch.agency, CLAUSE, act, error);
	if (status || folio->state == PEN_FOLIO_HELD)
		return status;
	pen_error__refuse(error, CLAUSE, "release.state",
	    _("folio %lld is %s, and only a held one waits for a decision: pen-import show %lld lists the folios of its batch"),
	    (long long)folio->id, pen_folio__state_name(folio->state), (long long)folio->batch);
	snprintf(subject, sizeof(subject), "folio %lld", (long long)folio->id);
	return pen_session__refused(session, act, subject, error);
}

static enum pen_status find(struct pen_session *session, const char *folios, const char *act,
    struct waiting **all, size_t *count, struct pen_error *error)
{
	enum pen_status status = pen_session__writable(session, error);
	int64_t *ids = NULL;
	bool found;
	size_t i;

	if (!status)
		status = pen_batch__select(session->store, "folio", folios, &ids, count, error);
	if (status)
		return status;
	*all = pen_memory__calloc(*count, sizeof(**all));
	if (!*all)
		status = pen_error__memory(error);
	for (i = 0; !status && i < *count; i++) {
		status = pen_folio__find(session->store, ids[i], &(*all)[i].folio, &found, error);
		if (!status)
			status = check(session, &(*all)[i].folio, act, error);
	}
	pen_memory__free(ids);
	if (status)
		pen_memory__free(*all);
	return status;
}

/* The folios as they are after the act; `left` of them wait still. */
static void show(const char *name, const char *title, struct waiting *all,
    size_t count, int64_t left, struct pen_printer *printer)
{
	struct waiting *w;
	size_t i;

	pen_printer__open_table(printer, name, title, NULL);
	for (i = 0; i < count; i++) {
		w = &all[i];
		const struct pen_item row[] = {
			PEN_I_INT("folio", _("folio"), w->folio.id),
			PEN_I_INT("batch", _("batch"), w->folio.batch),
			PEN_I_TEXT("employer", _("employer"), w->folio.credit_code[0] ? w->folio.credit_code : NULL),
			{ .key = "period", .title = _("period"), .type = PEN_ITEM_INT, .i = w->folio.period, .null = !w->folio.period },
			PEN_I_TEXT("state", _("state"), pen_folio__state_name(w->folio.state)),
			PEN_I_INT("rows", _("rows"), w->folio.rows),
			PEN_I_FEN("amount_fen", _("amount"), w->folio.amount_fen),
			PEN_I_TEXT("found", _("breakdowns"), w->shortfall.found[0] ? w->shortfall.found : NULL),
			PEN_I_TEXT("expected", _("levy paid"), w->shortfall.expected[0] ? w->shortfall.expected : NULL),
		};

		pen_printer__row(printer, "folio", PEN_ITEMS(row));
	}
	const struct pen_item summary[] = {
		PEN_I_INT("folios", _("folios"), (int64_t)count),
		PEN_I_INT("left", _("still held"), left),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), left ? PEN_FINDINGS : PEN_OK);
}

/* Ends the transaction, after the folios were read as they are now. */
static enum pen_status finish(struct pen_session *session, struct waiting *all, size_t count, bool dry_run,
    enum pen_status status, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	bool found;
	size_t i;

	for (i = 0; !status && i < count; i++)
		status = pen_folio__find(session->store, all[i].folio.id, &all[i].folio, &found, error);
	if (!status && !dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

enum pen_status pen_release(struct pen_session *session, const char *folios, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_cover *cover;
	struct waiting *all;
	enum pen_status status;
	int64_t left = 0;
	size_t count, i;

	status = find(session, folios, "import.release", &all, &count, error);
	if (status)
		return status;
	status = pen_cover__open(&cover, session->store, error);
	if (status)
		goto out;
	status = pen_db__begin_write(pen_store__db(session->store), error);
	for (i = 0; !status && i < count; i++) {
		status = pen_admission__release(session, cover, &all[i].folio, "released", NULL, &all[i].shortfall, error);
		left += !all[i].shortfall.covered;
	}
	pen_cover__close(cover);
	status = finish(session, all, count, dry_run, status, error);
	if (!status) {
		show("release", _("Released"), all, count, left, printer);
		status = left ? PEN_FINDINGS : PEN_OK;
	}
out:
	pen_memory__free(all);
	return status;
}

enum pen_status pen_release_reject(struct pen_session *session, const char *folios,
    const char *reason, bool dry_run, struct pen_printer *printer, struct pen_error *error)
{
	struct waiting *all;
	enum pen_status status;
	size_t count, i;

	if (!reason || !reason[0])
		return pen_error__set(error, PEN_USAGE, "reject.reason",
		    _("a folio is turned down for a reason: give it with --reason"));
	status = find(session, folios, "import.reject", &all, &count, error);
	if (status)
		return status;
	status = pen_db__begin_write(pen_store__db(session->store), error);
	for (i = 0; !status && i < count; i++)
		status = pen_admission__reject(session, &all[i].folio, reason, error);
	status = finish(session, all, count, dry_run, status, error);
	if (!status)
		show("reject", _("Turned down"), all, count, 0, printer);
	pen_memory__free(all);
	return status;
}
