/* Closing: what is signed by every role, and still holds, is sealed. */
#include "base/error.h"
#include "base/memory.h"
#include "store/ready.h"
#include "store/sealedrows.h"
#include "store/session.h"
#include "store/settings.h"
#include "store/signedwalk.h"
#include "work/undersign.h"

#include <inttypes.h>
#include <string.h>

#define SIGNATURES 8

/* A run; `first` is what was found wrong first, for the error. */
struct work {
	struct pen_session *session;
	struct pen_store *store;
	struct pen_cover *cover;
	struct pen_walk walk;
	char first[512];
	struct pen_ready_list notes;
};

struct closing { struct work *work; const struct pen_batch *batch; struct pen_form *form; };

/* A seal and its folios. */
struct sealed { struct closing *closing; const struct pen_seal *seal; struct pen_folio *folios; size_t count; };

/* ------------------------------------------------------------- its ending -- */

/* Enters the act that ends a seal, and the end. */
static enum pen_status end_seal(struct sealed *s, const char *reason, int64_t *at, struct pen_error *error)
{
	return pen_undersign__end(s->closing->work->session, s->closing->batch, s->seal, (int64_t)s->count, reason, at, error);
}

static enum pen_status note(struct sealed *s, const char *outcome, const char *role, const char *reason,
    struct pen_error *error)
{
	struct pen_ready_note note = { .batch = s->closing->batch->id, .seal = s->seal->id, .folios = (int64_t)s->count };

	snprintf(note.outcome, sizeof(note.outcome), "%s", outcome);
	snprintf(note.role, sizeof(note.role), "%s", role);
	snprintf(note.reason, sizeof(note.reason), "%s", reason);
	return pen_ready__note(&s->closing->work->notes, &note, error);
}

/* One folio that no longer passes voids the seal: the others are signed again,
 * without it. */
static enum pen_status void_seal(struct sealed *s, const struct pen_folio *folio,
    const struct pen_shortfall *shortfall, struct pen_error *error)
{
	char entered[96], reason[256];
	int64_t at;
	enum pen_status status;

	/* What is entered is the same whoever closes; what is shown is translated. */
	snprintf(entered, sizeof(entered), "levy.covers: folio %" PRId64, folio->id);
	snprintf(reason, sizeof(reason),
	    _("folio %" PRId64 " is over its pension levy by now: %s against %s (levy.covers); sign the others again"),
	    folio->id, shortfall->found, shortfall->expected);
	status = end_seal(s, entered, &at, error);
	return status == PEN_OK ? note(s, "void", "", reason, error) : status;
}

static enum pen_status seal_folios(struct sealed *s, struct pen_error *error)
{
	int64_t at;
	size_t i;
	enum pen_status status = end_seal(s, NULL, &at, error);

	for (i = 0; i < s->count && status == PEN_OK; i++)
		status = pen_folio__set_state(s->closing->work->store, s->folios[i].id, PEN_FOLIO_SEALED, at, error);
	return status == PEN_OK ? note(s, "closed", "", "", error) : status;
}

/* ----------------------------------------------------------- its checks -- */

static enum pen_status keep_first(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct work *work = context;

	(void)error;
	if (work->walk.found == 1)
		snprintf(work->first, sizeof(work->first), _("%s: %s: found %s, expected %s (%s)"),
		    found->record, found->field, found->found, found->expected, found->rule);
	return PEN_OK;
}

/* Text, signatures and rows once more: what is sealed now stays. */
static enum pen_status check_seal(struct sealed *s, struct pen_error *error)
{
	struct work *work = s->closing->work;
	enum pen_status status = pen_signedwalk__seal(&work->walk, s->closing->batch, s->seal, error);

	if (status == PEN_OK)
		status = pen_sealedrows__folios(&work->walk, s->closing->batch, s->folios, s->count, error);
	if (status == PEN_OK && work->walk.found > 0)
		status = pen_error__set(error, PEN_INTEGRITY, "close.changed",
		    _("seal %" PRId64 " does not hold any more, nothing of batch %" PRId64 " was sealed: %s; run pen-verify seals"),
		    s->seal->id, s->closing->batch->id, work->first);
	return status;
}

/* Two batches may each have passed alone: the first folio that is not covered
 * any more, or NULL. */
static enum pen_status check_cover(struct sealed *s, const struct pen_folio **over,
    struct pen_shortfall *shortfall, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	*over = NULL;
	for (i = 0; i < s->count && status == PEN_OK && *over == NULL; i++) {
		status = pen_cover__folio(s->closing->work->cover, s->folios[i].id, shortfall, error);
		if (status == PEN_OK && !shortfall->covered)
			*over = &s->folios[i];
	}
	return status;
}

static enum pen_status close_seal(struct sealed *s, size_t signed_by, struct pen_error *error)
{
	const struct pen_form *form = s->closing->form;
	const struct pen_folio *over;
	struct pen_shortfall shortfall;
	char reason[128];
	enum pen_status status;

	if (s->closing->batch->amendment) {
		snprintf(reason, sizeof(reason), _("belongs to case %" PRId64 ", which is sealed by pen-amend close %" PRId64),
		    s->closing->batch->amendment, s->closing->batch->amendment);
		return note(s, "left", "", reason, error);
	}
	if (signed_by < (size_t)form->roles) {
		snprintf(reason, sizeof(reason), _("waits for the signature of role %s: pen-seal sign %" PRId64),
		    form->role[signed_by], s->closing->batch->id);
		return note(s, "left", form->role[signed_by], reason, error);
	}
	status = check_seal(s, error);
	if (status == PEN_OK)
		status = check_cover(s, &over, &shortfall, error);
	if (status != PEN_OK)
		return status;
	return over != NULL ? void_seal(s, over, &shortfall, error) : seal_folios(s, error);
}

static enum pen_status visit_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct closing *closing = context;
	struct sealed s = { .closing = closing, .seal = seal };
	struct pen_seal_signature signatures[SIGNATURES];
	size_t signed_by;
	enum pen_status status;

	if (strcmp(seal->state, "open") != 0)
		return PEN_OK;
	status = pen_sealing__signatures(closing->work->store, seal->id, signatures, SIGNATURES, &signed_by, error);
	if (status == PEN_OK)
		status = pen_sealing__folios(closing->work->store, seal->id, &s.folios, &s.count, error);
	if (status == PEN_OK)
		status = close_seal(&s, signed_by, error);
	pen_memory__free(s.folios);
	return status;
}

/* ---------------------------------------------------------------- batches -- */

/* A folio that is in no seal is left too, and why. */
static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct closing *closing = context;
	struct work *work = closing->work;
	struct pen_ready ready;
	char reason[128];
	enum pen_status status = pen_ready__look(work->store, work->cover, closing->form, folio, &ready, error);

	if (status != PEN_OK || ready.is == PEN_READY_DONE || closing->form->roles == 0)
		return status;
	snprintf(reason, sizeof(reason), _("not signed yet: pen-seal sign %" PRId64), folio->batch);
	return pen_ready__leave(work->store, &work->notes, folio,
	    ready.is == PEN_READY ? reason : ready.reason, error);
}

static enum pen_status close_batch(struct closing *closing, bool dry_run, struct pen_error *error)
{
	struct work *work = closing->work;
	struct pen_db *db = pen_store__db(work->store);
	struct pen_ready_list before = work->notes;
	char subject[32];
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = pen_sealing__each(work->store, closing->batch->id, visit_seal, closing, error);
	if (status == PEN_OK)
		status = pen_folio__each_of_batch(work->store, closing->batch->id, visit_folio, closing, error);
	if (status == PEN_OK && !dry_run)
		status = pen_db__commit(db, error);
	if (status != PEN_OK || dry_run)
		pen_db__rollback(db);
	/* A batch whole or not at all: what was noted of it goes with it. */
	if (status != PEN_OK) {
		work->notes.count = before.count;
		work->notes.done = before.done;
		work->notes.left = before.left;
	}
	if (status != PEN_INTEGRITY || dry_run)
		return status;
	snprintf(subject, sizeof(subject), "batch %" PRId64, closing->batch->id);
	return pen_session__stopped_short(work->session, "seal.close", subject, "R4.2.3", error);
}

static enum pen_status visit_batch(struct work *work, int64_t id, bool dry_run, struct pen_error *error)
{
	static const char *const roles[] = { "operator", "lead", NULL };
	struct pen_batch batch;
	struct closing closing = { .work = work, .batch = &batch };
	bool found;
	enum pen_status status = pen_batch__find(work->store, id, &batch, &found, error);

	if (status == PEN_OK)
		status = pen_settings__kept_form(work->store, batch.form_digest, &closing.form, error);
	if (status == PEN_OK)
		status = pen_session__require(work->session, roles, batch.agency, "R4.2.3", "seal.close", error);
	if (status == PEN_OK)
		status = close_batch(&closing, dry_run, error);
	pen_form__free(closing.form);
	return status;
}

enum pen_status pen_close(struct pen_session *session, const char *batches, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store };
	int64_t *ids = NULL;
	size_t count = 0, i;
	enum pen_status status = pen_session__writable(session, error);

	work.walk = (struct pen_walk){ .session = session, .visit = keep_first, .context = &work };
	if (status == PEN_OK)
		status = pen_batch__select(session->store, "batch", batches, &ids, &count, error);
	if (status == PEN_OK)
		status = pen_cover__open(&work.cover, session->store, error);
	for (i = 0; i < count && status == PEN_OK; i++)
		status = visit_batch(&work, ids[i], dry_run, error);
	if (status == PEN_OK && work.notes.left > 0)
		status = PEN_FINDINGS;
	/* What batches before a failure came to is told, since it stands. */
	if (status == PEN_OK || status == PEN_FINDINGS || work.notes.done > 0)
		pen_ready__print(&work.notes, printer, "close", _("Seals"), dry_run, status);
	pen_walk__end(&work.walk);
	pen_ready__free(&work.notes);
	pen_cover__close(work.cover);
	pen_memory__free(ids);
	return status;
}
