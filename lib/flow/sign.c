/* Signing: the operator draws up a seal over the folios that are ready and signs
 * it; whoever comes next reads everything again and signs the same text. */
#include "base/error.h"
#include "base/memory.h"
#include "store/hand.h"
#include "store/ready.h"
#include "store/session.h"
#include "store/settings.h"
#include "work/undersign.h"

#include <inttypes.h>
#include <string.h>

#define SIGNATURES 8

/* A run. `waiting` counts the seals that ask for a signature that this person
 * cannot give, `waits` says for what the last of them waits. */
struct work {
	struct pen_session *session;
	struct pen_store *store;
	struct pen_cover *cover;
	struct pen_ready_list notes;
	int64_t waiting, waiting_batch;
	char waits[256];
};

/* One batch: its form, its folios, and those of them that are ready. */
struct signing {
	struct work *work;
	const struct pen_batch *batch;
	struct pen_form *form;
	struct pen_folio *folios;
	size_t count, room;
	int64_t made;			/* the seal of this run; 0: none */
};

/* ------------------------------------------------------------- both roles -- */

static enum pen_status note_signed(struct signing *s, int64_t seal, const char *role, int64_t folios,
    struct pen_error *error)
{
	struct pen_ready_note note = { .batch = s->batch->id, .seal = seal, .folios = folios, .outcome = "signed" };

	snprintf(note.role, sizeof(note.role), "%s", role);
	return pen_ready__note(&s->work->notes, &note, error);
}

static enum pen_status holds(struct work *work, const char *role, bool *held, struct pen_error *error)
{
	int64_t size;
	enum pen_status status = pen_journal__size(work->store, &size, error);

	if (status != PEN_OK)
		return status;
	return pen_staff__holds(work->store, work->session->staff.id, role, size, held, error);
}

/* -------------------------------------------------------- first signature -- */

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct signing *s = context;
	struct pen_folio *more;

	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 16;
		more = pen_memory__realloc(s->folios, s->room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		s->folios = more;
	}
	s->folios[s->count++] = *folio;
	return PEN_OK;
}

/* Keeps those that are ready in s->folios, and notes the others. `may`: they
 * are signed in this run; else they wait for the first role. */
static enum pen_status sort_folios(struct signing *s, bool may, struct pen_error *error)
{
	struct pen_ready ready;
	enum pen_status status = pen_folio__each_of_batch(s->work->store, s->batch->id, take_folio, s, error);
	size_t i, kept = 0;

	for (i = 0; i < s->count && status == PEN_OK; i++) {
		status = pen_ready__look(s->work->store, s->work->cover, s->form, &s->folios[i], &ready, error);
		if (status == PEN_OK && ready.is == PEN_READY && !may) {
			ready.is = PEN_READY_LEFT;
			snprintf(ready.reason, sizeof(ready.reason), _("ready; waits for the signature of role %s"), s->form->role[0]);
		}
		if (status == PEN_OK && ready.is == PEN_READY_LEFT)
			status = pen_ready__leave(s->work->store, &s->work->notes, &s->folios[i], ready.reason, error);
		else if (status == PEN_OK && ready.is == PEN_READY)
			s->folios[kept++] = s->folios[i];
	}
	s->count = kept;
	return status;
}

static enum pen_status draw_up(struct signing *s, struct pen_error *error)
{
	const char *role = s->form->role[0];
	enum pen_status status = pen_undersign__draw_up(s->work->session, s->batch, role, s->folios, s->count, &s->made, error);

	return status == PEN_OK ? note_signed(s, s->made, role, (int64_t)s->count, error) : status;
}

/* --------------------------------------------------------- next signature -- */

static enum pen_status wait_for(struct signing *s, const struct pen_seal *seal, const char *role,
    const char *why, struct pen_error *error)
{
	struct pen_ready_note note = { .batch = s->batch->id, .seal = seal->id, .outcome = "left" };

	s->work->waiting++;
	s->work->waiting_batch = s->batch->id;
	snprintf(note.role, sizeof(note.role), "%s", role);
	snprintf(note.reason, sizeof(note.reason), "%s", why);
	snprintf(s->work->waits, sizeof(s->work->waits), _("seal %" PRId64 ": %s"), seal->id, why);
	return pen_ready__note(&s->work->notes, &note, error);
}

/* Nobody approves what they entered: in a later role nobody signs who brought
 * the batch in or signed it before. */
static enum pen_status may_sign(struct signing *s, const char *role, const struct pen_folio *folios, size_t count,
    const struct pen_seal_signature *signatures, size_t signed_by, char why[256], struct pen_error *error)
{
	const char *id = s->work->session->staff.id;
	bool had = false, held;
	size_t i;
	enum pen_status status = holds(s->work, role, &held, error);

	why[0] = '\0';
	if (status == PEN_OK)
		status = pen_hand__had(s->work->store, id, s->batch, folios, count, &had, error);
	for (i = 0; i < signed_by; i++)
		had |= strcmp(signatures[i].staff, id) == 0;
	if (!held)
		snprintf(why, 256, _("waits for the signature of role %s, which %s does not hold"), role, id);
	else if (had)
		snprintf(why, 256, _("waits for the signature of role %s by somebody else: %s brought in, confirmed or signed it before, and nobody approves what they entered"), role, id);
	return status;
}

static enum pen_status countersign(struct signing *s, const struct pen_seal *seal, const char *role,
    const struct pen_folio *folios, size_t count, struct pen_error *error)
{
	enum pen_status status = pen_undersign__countersign(s->work->session, s->batch, seal, role, folios, count, error);

	return status == PEN_OK ? note_signed(s, seal->id, role, (int64_t)count, error) : status;
}

static enum pen_status visit_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct signing *s = context;
	struct pen_seal_signature signatures[SIGNATURES];
	struct pen_folio *folios = NULL;
	size_t signed_by, count = 0;
	char why[256] = "";
	enum pen_status status;

	if (strcmp(seal->state, "open") != 0 || seal->id == s->made)
		return PEN_OK;
	status = pen_sealing__signatures(s->work->store, seal->id, signatures, SIGNATURES, &signed_by, error);
	if (status != PEN_OK || signed_by >= (size_t)s->form->roles)
		return status;	/* signed by all: it waits to be closed */
	status = pen_sealing__folios(s->work->store, seal->id, &folios, &count, error);
	if (status == PEN_OK)
		status = may_sign(s, s->form->role[signed_by], folios, count, signatures, signed_by, why, error);
	if (status == PEN_OK && s->batch->amendment)
		snprintf(why, sizeof(why), _("belongs to case %" PRId64 ", whose lead signs with pen-amend check %" PRId64),
		    s->batch->amendment, s->batch->amendment);
	if (status == PEN_OK && why[0])
		status = wait_for(s, seal, s->form->role[signed_by], why, error);
	else if (status == PEN_OK)
		status = countersign(s, seal, s->form->role[signed_by], folios, count, error);
	pen_memory__free(folios);
	return status;
}

/* ---------------------------------------------------------------- batches -- */

static enum pen_status sign_in_transaction(struct signing *s, struct pen_error *error)
{
	bool first;
	enum pen_status status = holds(s->work, s->form->role[0], &first, error);

	if (status == PEN_OK)
		status = sort_folios(s, first, error);
	if (status == PEN_OK && first && s->count > 0)
		status = draw_up(s, error);
	if (status == PEN_OK)
		status = pen_sealing__each(s->work->store, s->batch->id, visit_seal, s, error);
	return status;
}

/* A batch whole or not at all: what was noted of it goes with it. */
static enum pen_status sign_batch(struct signing *s, bool dry_run, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(s->work->store);
	struct pen_ready_list before = s->work->notes;
	char subject[32];
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = sign_in_transaction(s, error);
	if (status == PEN_OK && !dry_run)
		status = pen_db__commit(db, error);
	if (status != PEN_OK || dry_run)
		pen_db__rollback(db);
	if (status != PEN_OK) {
		s->work->notes.count = before.count;
		s->work->notes.done = before.done;
		s->work->notes.left = before.left;
	}
	if (status != PEN_INTEGRITY || dry_run)
		return status;
	snprintf(subject, sizeof(subject), "batch %" PRId64, s->batch->id);
	return pen_session__stopped_short(s->work->session, "seal.sign", subject, "R4.2.3", error);
}

static enum pen_status visit_batch(struct work *work, int64_t id, bool dry_run, struct pen_error *error)
{
	const char *roles[sizeof(((struct pen_form *)0)->role) / sizeof(const char *) + 1] = { NULL };
	struct pen_batch batch;
	struct signing s = { .work = work, .batch = &batch };
	bool found;
	int i;
	enum pen_status status = pen_batch__find(work->store, id, &batch, &found, error);

	if (status == PEN_OK)
		status = pen_settings__kept_form(work->store, batch.form_digest, &s.form, error);
	if (status != PEN_OK)
		return status;
	/* A form that asks for no signature: there is nothing to sign. */
	if (s.form->roles == 0)
		goto out;
	for (i = 0; i < s.form->roles; i++)
		roles[i] = s.form->role[i];
	status = pen_session__require(work->session, roles, batch.agency, "R4.2.3", "seal.sign", error);
	if (status == PEN_OK)
		status = sign_batch(&s, dry_run, error);
out:
	pen_form__free(s.form);
	pen_memory__free(s.folios);
	return status;
}

/* Nothing could be signed, and something waits for somebody else: that is a
 * refusal, and is entered as one. */
static enum pen_status refuse(struct work *work, struct pen_error *error)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "batch %" PRId64, work->waiting_batch);
	pen_error__refuse(error, "R4.2.3", "sign.role", _("%s; act as that person with --as"), work->waits);
	return pen_session__refused(work->session, "seal.sign", subject, error);
}

enum pen_status pen_sign(struct pen_session *session, const char *batches, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store };
	int64_t *ids = NULL;
	size_t count = 0, i;
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = pen_batch__select(session->store, "batch", batches, &ids, &count, error);
	if (status == PEN_OK)
		status = pen_cover__open(&work.cover, session->store, error);
	for (i = 0; i < count && status == PEN_OK; i++)
		status = visit_batch(&work, ids[i], dry_run, error);
	if (status == PEN_OK && work.notes.done == 0 && work.waiting > 0)
		status = refuse(&work, error);
	else if (status == PEN_OK && work.notes.left > 0)
		status = PEN_FINDINGS;
	/* What batches before a failure came to is told, since it stands. */
	if (status == PEN_OK || status == PEN_FINDINGS || work.notes.done > 0)
		pen_ready__print(&work.notes, printer, "sign", _("Signatures"), dry_run, status);
	pen_ready__free(&work.notes);
	pen_cover__close(work.cover);
	pen_memory__free(ids);
	return status;
}
