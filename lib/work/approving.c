#include "work/approving.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/hand.h"
#include "work/undersign.h"

#include <inttypes.h>
#include <string.h>

#define ACT "seal.sign"
#define CLAUSE "R4.3.1"
#define SIGNATURES 8

/* A batch, its form and its folios; of one that is approved the seal that is open. */
struct work {
	struct pen_session *session;
	struct pen_batch batch;
	struct pen_form *form;
	struct pen_folio *folios;
	size_t count;
	struct pen_seal seal;		/* id 0: none is open */
	struct pen_seal_signature signature[SIGNATURES];
	size_t signatures;
};

static struct pen_store *store_of(const struct work *work)
{
	return work->session->store;
}

static enum pen_status open_batch(struct work *work, struct pen_session *session, int64_t id, struct pen_error *error)
{
	enum pen_status status;
	bool found;

	*work = (struct work){ .session = session };
	status = pen_batch__find(session->store, id, &work->batch, &found, error);
	if (status == PEN_OK && !found)
		return pen_error__set(error, PEN_USAGE, "approve.batch", _("there is no batch %" PRId64 ": pen-import list names them"), id);
	return status == PEN_OK ? pen_settings__kept_form(session->store, work->batch.form_digest, &work->form, error) : status;
}

static void close_batch(struct work *work)
{
	pen_form__free(work->form);
	pen_memory__free(work->folios);
}

static void say(const struct work *work, int64_t seal, size_t signatures, struct pen_approving *done)
{
	*done = (struct pen_approving){ .batch = work->batch.id, .seal = seal, .folios = (int64_t)work->count };
	snprintf(done->form, sizeof(done->form), "%s", work->batch.form);
	snprintf(done->role, sizeof(done->role), "%s", work->form->role[signatures - 1]);
	if (signatures < (size_t)work->form->roles)
		snprintf(done->next, sizeof(done->next), "%s", work->form->role[signatures]);
}

/* -------------------------------------------------------- first signature -- */

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	struct pen_folio *more = pen_memory__more(work->folios, work->count, sizeof(*more));

	if (more == NULL)
		return pen_error__memory(error);
	work->folios = more;
	work->folios[work->count++] = *folio;
	return PEN_OK;
}

static enum pen_status sign(struct pen_session *session, int64_t batch, bool rooted, struct pen_approving *done, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	struct work work;
	int64_t seal = 0;
	enum pen_status status = open_batch(&work, session, batch, error);

	if (status == PEN_OK)
		status = pen_folio__each_of_batch(session->store, batch, take_folio, &work, error);
	if (status == PEN_OK)
		status = pen_db__begin_write(db, error);
	if (status == PEN_OK)
		status = (rooted ? pen_undersign__draw_up_rooted : pen_undersign__draw_up)(session, &work.batch, work.form->role[0],
		    work.folios, work.count, &seal, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	if (status == PEN_OK)
		say(&work, seal, 1, done);
	close_batch(&work);
	return status;
}

enum pen_status pen_approving__sign(struct pen_session *session, int64_t batch, struct pen_approving *done, struct pen_error *error)
{
	return sign(session, batch, false, done, error);
}

enum pen_status pen_approving__sign_written(struct pen_session *session, const struct pen_computed *written, struct pen_approving *done,
    struct pen_error *error)
{
	return sign(session, written->batch.id, written->rooted == written->folios, done, error);
}

static enum pen_status find_standing(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct work *work = context;

	(void)error;
	if (strcmp(seal->state, "void") != 0)
		work->seal = *seal;
	return PEN_OK;
}

enum pen_status pen_approving__go_on(struct pen_session *session, int64_t batch, struct pen_approving *done, struct pen_error *error)
{
	struct work work;
	bool made = false;
	enum pen_status status = open_batch(&work, session, batch, error);

	*done = (struct pen_approving){ .batch = batch };
	if (status == PEN_OK)
		status = pen_sealing__each(store_of(&work), batch, find_standing, &work, error);
	if (status == PEN_OK && !work.seal.id)
		status = pen_folio__each_of_batch(session->store, batch, take_folio, &work, error);
	/* One that was not written to its end is not there to be signed. */
	if (status == PEN_OK && !work.seal.id && strcmp(work.batch.state, "confirmed") == 0)
		status = pen_hand__had(session->store, session->staff.id, &work.batch, work.folios, work.count, &made, error);
	close_batch(&work);
	return status == PEN_OK && made ? pen_approving__sign(session, batch, done, error) : status;
}

/* ---------------------------------------------------------- those after it -- */

static enum pen_status find_open(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct work *work = context;

	(void)error;
	if (strcmp(seal->state, "open") == 0)
		work->seal = *seal;
	return PEN_OK;
}

static enum pen_status find_seal(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_sealing__each(store_of(work), work->batch.id, find_open, work, error);

	if (status == PEN_OK && !work->seal.id)
		return pen_error__refuse(error, CLAUSE, "approve.done",
		    _("batch %" PRId64 " has no signature that another could follow: pen-seal show %" PRId64 " says how it stands, and pen-seal sign gives the first"),
		    work->batch.id, work->batch.id);
	if (status == PEN_OK)
		status = pen_sealing__signatures(store_of(work), work->seal.id, work->signature, SIGNATURES, &work->signatures, error);
	if (status == PEN_OK && work->signatures >= (size_t)work->form->roles)
		return pen_error__refuse(error, CLAUSE, "approve.done",
		    _("seal %" PRId64 " of batch %" PRId64 " is signed by all: pen-seal close %" PRId64 " closes it"),
		    work->seal.id, work->batch.id, work->batch.id);
	return status == PEN_OK ? pen_sealing__folios(store_of(work), work->seal.id, &work->folios, &work->count, error) : status;
}

/* In a later role nobody signs who made the batch or signed it before. */
static enum pen_status check_signer(struct work *work, struct pen_error *error)
{
	const char *role = work->form->role[work->signatures], *id = work->session->staff.id;
	bool held = false, had = false;
	int64_t size;
	size_t i;
	enum pen_status status = pen_journal__size(store_of(work), &size, error);

	if (status == PEN_OK)
		status = pen_staff__holds(store_of(work), id, role, size, &held, error);
	if (status == PEN_OK && !held)
		return pen_error__refuse(error, CLAUSE, "approve.role",
		    _("batch %" PRId64 " waits for the signature of role %s, which %s does not hold: act as that person with --as"),
		    work->batch.id, role, id);
	if (status == PEN_OK)
		status = pen_hand__had(store_of(work), id, &work->batch, work->folios, work->count, &had, error);
	for (i = 0; i < work->signatures; i++)
		had |= strcmp(work->signature[i].staff, id) == 0;
	if (status == PEN_OK && had)
		return pen_error__refuse(error, "R8.1", "approve.own",
		    _("batch %" PRId64 " waits for the signature of role %s by somebody else: %s made or signed it, and nobody approves what they entered"),
		    work->batch.id, role, id);
	return status;
}

static enum pen_status check_form(const struct work *work, const char *const *forms, struct pen_error *error)
{
	const char *const *form;

	for (form = forms; *form; form++)
		if (strcmp(*form, work->batch.form) == 0)
			return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "approve.form",
	    _("batch %" PRId64 " is of form %s, which is not approved here: pen-seal sign, close"), work->batch.id, work->batch.form);
}

/* The signature, and after the last the end of the seal: all or nothing. */
static enum pen_status approve(struct work *work, bool dry_run, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store_of(work));
	enum pen_status status = pen_db__begin_write(db, error);

	if (status == PEN_OK)
		status = pen_undersign__countersign(work->session, &work->batch, &work->seal, work->form->role[work->signatures],
		    work->folios, work->count, error);
	if (status == PEN_OK && work->signatures + 1 == (size_t)work->form->roles)
		status = pen_undersign__close(work->session, &work->batch, &work->seal, work->folios, work->count, error);
	if (status == PEN_OK && !dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

enum pen_status pen_approving__approve(struct pen_session *session, int64_t batch, const char *const *forms, bool dry_run,
    struct pen_approving *done, struct pen_error *error)
{
	struct work work;
	char subject[32];
	enum pen_status status = open_batch(&work, session, batch, error);

	snprintf(subject, sizeof(subject), "batch %" PRId64, batch);
	if (status == PEN_OK)
		status = check_form(&work, forms, error);
	if (status == PEN_OK)
		status = find_seal(&work, error);
	if (status == PEN_OK)
		status = check_signer(&work, error);
	if (status == PEN_OK)
		status = approve(&work, dry_run, error);
	if (status == PEN_REFUSED)
		status = pen_session__refused(session, ACT, subject, error);
	else if (status == PEN_INTEGRITY && !dry_run)
		status = pen_session__stopped_short(session, ACT, subject, CLAUSE, error);
	if (status == PEN_OK)
		say(&work, work.seal.id, work.signatures + 1, done);
	close_batch(&work);
	return status;
}
