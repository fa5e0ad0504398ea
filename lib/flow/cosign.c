/* Cosigning: somebody of the staff puts their name under a checkpoint, after looking
 * that the journal is still the one that it was taken from. */
#include "base/date.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/cosigner.h"
#include "store/session.h"

#include <inttypes.h>
#include <string.h>

#define ACT "seal.cosign"
#define LARGEST ((size_t)64 << 10)

/* A checkpoint to be cosigned, under a name. */
struct cosigning {
	struct pen_session *session;
	const char *path;
	struct pen_text note;
	struct pen_checkpoint checkpoint;
	char name[PEN_COSIGNER_ROOM];
	bool done_before;
};

static enum pen_status read_note(struct cosigning *work, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(work->session->store);
	struct pen_key *key = NULL;
	char *note;
	size_t n;
	enum pen_status status = pen_file__load(work->path, LARGEST, &note, &n, error);

	if (status != PEN_OK)
		return status;
	status = pen_signature__read_public(&key, identity->suite, identity->log_key, strlen(identity->log_key), error);
	if (status == PEN_OK)
		status = pen_note__open(identity->suite, note, n, identity->origin, key, &work->checkpoint, error);
	pen_text__add(&work->note, note, n);
	if (status == PEN_OK && work->note.failed)
		status = pen_error__memory(error);
	if (status != PEN_OK)
		pen_error__at(error, work->path, 0, NULL);
	pen_signature__free(key);
	pen_memory__free(note);
	return status;
}

/* The journal had this root when it had that size. */
static enum pen_status check_root(struct cosigning *work, struct pen_error *error)
{
	struct pen_checkpoint now;
	int64_t size;
	bool same = false;
	enum pen_status status = pen_journal__size(work->session->store, &size, error);

	if (status == PEN_OK && work->checkpoint.size <= size) {
		status = pen_journal__checkpoint(work->session->store, work->checkpoint.size, &now, error);
		same = status == PEN_OK && memcmp(now.root, work->checkpoint.root, sizeof(now.root)) == 0;
	}
	if (status != PEN_OK || same)
		return status;
	return pen_error__set(error, PEN_INTEGRITY, "cosign.root",
	    _("the journal is not the one that %s was taken from: entries were changed or taken out; keep both, and run pen-verify journal --since %s"),
	    work->path, work->path);
}

static enum pen_status look(void *context, const struct pen_cosigner *cosigner, struct pen_error *error)
{
	struct cosigning *work = context;

	(void)error;
	work->done_before |= cosigner->state == PEN_COSIGNER_HOLDS && strcmp(cosigner->name, work->name) == 0;
	return PEN_OK;
}

/* A cosignature says, too, that its maker saw no larger log. */
static enum pen_status check_newest(struct cosigning *work, struct pen_error *error)
{
	const char *staff = work->session->staff.id;
	int64_t newest;
	enum pen_status status = pen_cosigner__newest(work->session->store, staff, &newest, error);

	if (status != PEN_OK || newest <= work->checkpoint.size)
		return status;
	return pen_error__refuse(error, "R8.1", "cosign.older",
	    _("%s has cosigned a checkpoint of %" PRId64 " entries, which binds this one of %" PRId64 " too, and a cosignature says that no larger log was seen: cosign a newer checkpoint"),
	    staff, newest, work->checkpoint.size);
}

static enum pen_status act(struct cosigning *work, struct pen_error *error)
{
	char root[PEN_DIGEST_HEX], subject[40];
	struct pen_body body;
	const char *text;
	enum pen_status status;

	snprintf(subject, sizeof(subject), "checkpoint %" PRId64, work->checkpoint.size);
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "root", pen_encode__hex(work->checkpoint.root, sizeof(work->checkpoint.root), root));
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) : pen_session__note(work->session, ACT, subject, text, error);
	pen_entry__body_free(&body);
	return status;
}

static enum pen_status cosign(struct cosigning *work, struct pen_error *error)
{
	struct pen_session *session = work->session;
	char now[21];

	if (act(work, error) != PEN_OK)
		return error->status;
	return pen_cosignature__add(pen_store__suite(session->store), &work->note, work->name, session->key,
	    pen_date__between("1970-01-01T00:00:00Z", pen_date__now(now)), error);
}

static enum pen_status check(struct cosigning *work, struct pen_error *error)
{
	struct pen_session *session = work->session;
	enum pen_status status = read_note(work, error);

	if (status == PEN_OK)
		status = check_root(work, error);
	if (status == PEN_OK)
		status = pen_cosigner__each(session->store, work->note.s, work->note.n, look, work, error);
	if (status == PEN_OK && !work->done_before)
		status = check_newest(work, error);
	if (status == PEN_INTEGRITY)
		return pen_session__stopped_short(session, ACT, "checkpoint", "R8.1", error);
	return status == PEN_REFUSED ? pen_session__refused(session, ACT, "checkpoint", error) : status;
}

enum pen_status pen_cosign(struct pen_session *session, const char *path,
    struct pen_printer *printer, struct pen_error *error)
{
	struct cosigning work = { .session = session, .path = path };
	enum pen_status status = pen_session__writable(session, error);

	pen_cosigner__name(session->store, session->staff.id, work.name);
	if (status == PEN_OK)
		status = check(&work, error);
	if (status == PEN_OK && !work.done_before)
		status = cosign(&work, error);
	if (status == PEN_OK)
		pen_printer__raw(printer, work.note.s, work.note.n);
	pen_text__free(&work.note);
	return status;
}
