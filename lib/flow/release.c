#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/admission.h"
#include "store/batch.h"
#include "store/cover.h"
#include "store/hand.h"
#include "work/waiting.h"


#define LEVY_CLAUSE "R4.2.1"
#define REVIEW_CLAUSE "R8.1"

/* A held folio, what held it when it was looked at, and what came of it. */
struct waiting { struct pen_folio folio; struct pen_waiting was; struct pen_shortfall shortfall; bool let_in; };

/* A decision on folios: letting in (with a reason where a review holds them), or
 * turning down. */
struct deciding { struct pen_session *session; const char *act, *reason; bool lets_in; };

static enum pen_status refused(const struct deciding *deciding, const struct pen_folio *folio, struct pen_error *error)
{
	char subject[40];

	snprintf(subject, sizeof(subject), "folio %lld", (long long)folio->id);
	return pen_session__refused(deciding->session, deciding->act, subject, error);
}

/* Nobody approves what they entered: a review is not decided by who brought the
 * rows in or confirmed their batch. */
static enum pen_status check_other_hand(const struct deciding *deciding, const struct pen_batch *batch,
    const struct pen_folio *folio, struct pen_error *error)
{
	const char *id = deciding->session->staff.id;
	enum pen_status status;
	bool had;

	status = pen_hand__had(deciding->session->store, id, batch, NULL, 0, &had, error);
	if (status || !had)
		return status;
	pen_error__refuse(error, REVIEW_CLAUSE, "release.own",
	    _("%s brought in or confirmed batch %lld, and nobody approves what they entered: let another lead decide on folio %lld"),
	    id, (long long)batch->id, (long long)folio->id);
	return refused(deciding, folio, error);
}

/* Who may decide: on what the levy holds, the operator; a review is the lead's, but
 * that an operator may turn down what then does not come in. */
static enum pen_status check_hand(const struct deciding *deciding, const struct waiting *w,
    const struct pen_batch *batch, struct pen_error *error)
{
	static const char *const operators[] = { "operator", NULL }, *const leads[] = { "lead", NULL };
	static const char *const either[] = { "operator", "lead", NULL };
	const char *const *roles = !w->was.holds.review ? operators : deciding->lets_in ? leads : either;
	enum pen_status status;

	status = pen_session__require(deciding->session, roles, batch->agency,
	    w->was.holds.review ? REVIEW_CLAUSE : LEVY_CLAUSE, deciding->act, error);
	if (status || !w->was.holds.review || !deciding->lets_in)
		return status;
	if (!deciding->reason || !deciding->reason[0])
		return pen_error__set(error, PEN_USAGE, "release.reason",
		    _("folio %lld waits for a review (%s): what was looked at, and why it is right, is said with --reason"),
		    (long long)w->folio.id, w->was.holds.at[0].rule);
	return check_other_hand(deciding, batch, &w->folio, error);
}

static enum pen_status check(const struct deciding *deciding, struct waiting *w, struct pen_error *error)
{
	struct pen_batch batch;
	enum pen_status status;
	bool found;

	status = pen_batch__find(deciding->session->store, w->folio.batch, &batch, &found, error);
	if (!status)
		status = pen_waiting__look(deciding->session->store, NULL, &w->folio, &w->was, error);
	if (!status)
		status = check_hand(deciding, w, &batch, error);
	if (status || w->folio.state == PEN_FOLIO_HELD)
		return status;
	pen_error__refuse(error, LEVY_CLAUSE, "release.state",
	    _("folio %lld is %s, and only a held one waits for a decision: pen-import show %lld lists the folios of its batch"),
	    (long long)w->folio.id, pen_folio__state_name(w->folio.state), (long long)w->folio.batch);
	return refused(deciding, &w->folio, error);
}

static enum pen_status find(const struct deciding *deciding, const char *folios,
    struct waiting **all, size_t *count, struct pen_error *error)
{
	struct pen_session *session = deciding->session;
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
			status = check(deciding, &(*all)[i], error);
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
		const struct pen_hold *hold = w->was.holds.count ? &w->was.holds.at[0] : NULL;
		/* What the levy says now goes before what was said when it was held. */
		const char *found = w->shortfall.found[0] ? w->shortfall.found : hold ? hold->found : NULL;
		const char *expected = w->shortfall.expected[0] ? w->shortfall.expected : hold ? hold->expected : NULL;
		const struct pen_item row[] = {
			PEN_I_INT("folio", _("folio"), w->folio.id),
			PEN_I_INT("batch", _("batch"), w->folio.batch),
			PEN_I_TEXT("employer", _("employer"), w->folio.credit_code[0] ? w->folio.credit_code : NULL),
			{ .key = "period", .title = _("period"), .type = PEN_ITEM_INT, .i = w->folio.period, .null = !w->folio.period },
			PEN_I_TEXT("state", _("state"), pen_folio__state_name(w->folio.state)),
			PEN_I_INT("rows", _("rows"), w->folio.rows),
			PEN_I_FEN("amount_fen", _("amount"), w->folio.amount_fen),
			PEN_I_TEXT("found", _("found"), found),
			PEN_I_TEXT("expected", _("expected"), expected),
			PEN_I_TEXT("rule", _("rule"), hold ? hold->rule : NULL),
			PEN_I_TEXT("person_id", "公民身份号码", w->was.someone.person ? w->was.someone.id_number : NULL),
			PEN_I_TEXT("person_name", "姓名", w->was.someone.person ? w->was.someone.name : NULL),
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

enum pen_status pen_release(struct pen_session *session, const char *folios, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	const struct deciding deciding = { session, "import.release", reason && reason[0] ? reason : NULL, true };
	const struct pen_decision decision = { .reviewed = true, .reason = deciding.reason };
	struct pen_cover *cover;
	struct waiting *all;
	enum pen_status status;
	int64_t left = 0;
	size_t count, i;

	status = find(&deciding, folios, &all, &count, error);
	if (status)
		return status;
	status = pen_cover__open(&cover, session->store, error);
	if (status)
		goto out;
	status = pen_db__begin_write(pen_store__db(session->store), error);
	for (i = 0; !status && i < count; i++) {
		status = pen_admission__release(session, cover, &all[i].folio, &decision, &all[i].shortfall, &all[i].let_in, error);
		left += !all[i].let_in;
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
	const struct deciding deciding = { session, "import.reject", reason, false };
	struct waiting *all;
	enum pen_status status;
	size_t count, i;

	if (!reason || !reason[0])
		return pen_error__set(error, PEN_USAGE, "reject.reason",
		    _("a folio is turned down for a reason: give it with --reason"));
	status = find(&deciding, folios, &all, &count, error);
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
