/* Puts a restored store into service: an entry signed by two (R7.2), after which it is
 * no copy any more. */
#include "store/session.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/note.h"
#include "model/printer.h"
#include "store/adoption.h"
#include "store/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTE_LARGEST ((size_t)64 << 10)
#define MARKER_LARGEST ((size_t)4 << 10)

static const char *const adopters[] = { "dba", "head", "syslead", NULL };

/* marker: what the file says that restore wrote. there: an entry about it stands. */
struct adopting {
	struct pen_session *session;
	const struct pen_adopt_options *options;
	struct pen_adoption marker, adoption;
	char marker_path[PATH_MAX];
	bool there, signs;
};

/* ---------------------------------------------------------------- marker -- */

static void line_of(const char *text, const char *key, char *out, size_t room)
{
	size_t k = strlen(key);
	const char *line;

	out[0] = '\0';
	for (line = text; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n'))
		if (strncmp(line, key, k) == 0 && strncmp(line + k, ": ", 2) == 0)
			snprintf(out, room, "%.*s", (int)strcspn(line + k + 2, "\n"), line + k + 2);
}

/* One that restore did not write, or an older one, does not say how far the journal goes:
 * as far as it does now. */
static enum pen_status read_marker(struct adopting *adopting, struct pen_error *error)
{
	struct pen_adoption *marker = &adopting->marker;
	char *text, size[24];
	size_t n;

	if (pen_file__join(adopting->marker_path, PATH_MAX, pen_store__dir(adopting->session->store), PEN_RESTORED_MARKER, error) != PEN_OK ||
	    pen_file__load(adopting->marker_path, MARKER_LARGEST, &text, &n, error) != PEN_OK)
		return error->status;
	line_of(text, "snapshot", marker->snapshot, sizeof(marker->snapshot));
	line_of(text, "manifest", marker->manifest, sizeof(marker->manifest));
	line_of(text, "journal-size", size, sizeof(size));
	line_of(text, "journal-root", marker->root, sizeof(marker->root));
	pen_memory__free(text);
	marker->size = size[0] ? strtoll(size, NULL, 10) : -1;
	if (marker->snapshot[0])
		return PEN_OK;
	return pen_error__set(error, PEN_INPUT, "adopt.marker",
	    _("%s does not say which snapshot was restored: expected a line \"snapshot: NAME\", as pen-backup restore writes it"),
	    adopting->marker_path);
}

/* The journal begins with what was restored. */
static enum pen_status check_journal(struct adopting *adopting, struct pen_error *error)
{
	struct pen_store *store = adopting->session->store;
	struct pen_adoption *marker = &adopting->marker;
	struct pen_checkpoint had;
	char root[PEN_DIGEST_HEX];
	int64_t size;

	if (pen_journal__size(store, &size, error) != PEN_OK)
		return error->status;
	if (marker->size < 0)
		marker->size = adopting->there ? adopting->adoption.size : size;
	if (marker->size <= size && pen_journal__checkpoint(store, marker->size, &had, error) != PEN_OK)
		return error->status;
	if (marker->size <= size)
		pen_encode__hex(had.root, sizeof(had.root), root);
	if (marker->size <= size && !marker->root[0])
		memcpy(marker->root, root, sizeof(root));
	if (marker->size <= size && strcmp(marker->root, root) == 0)
		return PEN_OK;
	return pen_error__set(error, PEN_INTEGRITY, "adopt.journal",
	    _("the journal in %s is not the one of snapshot %s, which has %" PRId64 " entries: restore it again"),
	    pen_store__dir(store), marker->snapshot, marker->size);
}

/* ------------------------------------------------------------ checkpoint -- */

/* The newest that somebody kept of the store that was lost. One of before the backup
 * says nothing of what was lost. */
static enum pen_status read_checkpoint(struct adopting *adopting, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(adopting->session->store);
	const char *path = adopting->options->checkpoint;
	struct pen_checkpoint checkpoint;
	struct pen_key *key = NULL;
	char *note;
	size_t n;
	enum pen_status status;

	if (path == NULL)
		return PEN_OK;
	if (pen_file__load(path, NOTE_LARGEST, &note, &n, error) != PEN_OK)
		return error->status;
	status = pen_signature__read_public(&key, identity->suite, identity->log_key, strlen(identity->log_key), error);
	if (status == PEN_OK)
		status = pen_note__open(identity->suite, note, n, identity->origin, key, &checkpoint, error);
	if (status != PEN_OK)
		pen_error__at(error, path, 0, NULL);
	pen_signature__free(key);
	pen_memory__free(note);
	if (status != PEN_OK)
		return status;
	if (checkpoint.size <= adopting->marker.size)
		return pen_error__set(error, PEN_USAGE, "adopt.checkpoint",
		    _("the checkpoint in %s is of %" PRId64 " entries, and the backup has %" PRId64 ": compare it with pen-verify --since, and name one that is newer than the backup, or none"),
		    path, checkpoint.size, adopting->marker.size);
	adopting->marker.checkpoint_size = checkpoint.size;
	pen_encode__hex(checkpoint.root, sizeof(checkpoint.root), adopting->marker.checkpoint_root);
	return PEN_OK;
}

/* --------------------------------------------------------------- signing -- */

static enum pen_status check_reason(const char *reason, struct pen_error *error)
{
	size_t n = reason ? strlen(reason) : 0, bad;
	const char *p = reason;

	while (n > 0 && *p && (unsigned char)*p >= 0x20)
		p++;
	if (n > 0 && n < PEN_ADOPTION_REASON && !*p && pen_text__is_utf8(reason, n, &bad))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "adopt.reason",
	    _("say why the store is put into service in the place of another, with --reason: 1 to %d bytes of UTF-8 on one line"),
	    PEN_ADOPTION_REASON - 1);
}

/* The second says what the first said; who gives options gives the same. */
static enum pen_status check_second(struct adopting *adopting, struct pen_error *error)
{
	const struct pen_adopt_options *options = adopting->options;
	const struct pen_adoption *first = &adopting->adoption, *marker = &adopting->marker;
	struct pen_session *session = adopting->session;
	int64_t size;
	bool suit;

	if ((options->reason && strcmp(options->reason, first->reason) != 0) || (options->checkpoint &&
	    (first->checkpoint_size != marker->checkpoint_size || strcmp(first->checkpoint_root, marker->checkpoint_root) != 0)))
		return pen_error__refuse(error, "R7.2", "adopt.other",
		    _("%s signed another reason or checkpoint with entry %" PRId64 ": sign that (leave the options away), or restore the snapshot anew"),
		    first->staff[0], first->first);
	if (pen_journal__size(session->store, &size, error) != PEN_OK ||
	    pen_adoption__suit(session->store, first->staff[0], first->first, session->staff.id, size, &suit, error) != PEN_OK)
		return error->status;
	return suit ? PEN_OK : pen_error__refuse(error, "R7.2", "adopt.second",
	    _("%s signed entry %" PRId64 ", and the second signature is another person's: of the two one is dba, the other head or system lead"),
	    first->staff[0], first->first);
}

/* What is entered: by the first, what marker and options say. */
static enum pen_status draw_up(struct adopting *adopting, struct pen_error *error)
{
	enum pen_status status;

	if (!adopting->there) {
		status = check_reason(adopting->options->reason, error);
		adopting->adoption = adopting->marker;
		snprintf(adopting->adoption.reason, sizeof(adopting->adoption.reason), "%s",
		    adopting->options->reason ? adopting->options->reason : "");
		return status;
	}
	status = check_second(adopting, error);
	return status == PEN_REFUSED ? pen_session__refused(adopting->session, PEN_ACT_ADOPT, "store", error) : status;
}

static enum pen_status enter(struct adopting *adopting, struct pen_error *error)
{
	struct pen_session *session = adopting->session;
	struct pen_db *db = pen_store__db(session->store);
	struct pen_body body;
	char subject[80];
	const char *text;
	enum pen_status status;
	int64_t at;

	snprintf(subject, sizeof(subject), "snapshot %s", adopting->adoption.snapshot);
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	status = pen_adoption__body(&adopting->adoption, &body, &text, error);
	if (status == PEN_OK)
		status = pen_session__act(session, PEN_ACT_ADOPT, subject, text, false, &at, error);
	pen_entry__body_free(&body);
	if (status == PEN_OK && !adopting->options->dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);	/* harmless after the commit */
	if (status != PEN_OK)
		return status;
	memcpy(adopting->adoption.staff[adopting->there], session->staff.id, sizeof(adopting->adoption.staff[0]));
	if (adopting->there)
		adopting->adoption.at = at;
	else
		adopting->adoption.first = at, adopting->adoption.at = -1;
	return PEN_OK;
}

/* ----------------------------------------------------------------- whole -- */

/* Whether an entry about this very restoring stands, and what is left to sign. */
static enum pen_status look(struct adopting *adopting, struct pen_error *error)
{
	struct pen_adoption *found = &adopting->adoption;
	const struct pen_adoption *marker = &adopting->marker;
	enum pen_status status = pen_adoption__newest(adopting->session->store, found, &adopting->there, error);

	adopting->there = status == PEN_OK && adopting->there && found->first >= marker->size &&
	    strcmp(found->snapshot, marker->snapshot) == 0 && strcmp(found->manifest, marker->manifest) == 0 &&
	    (marker->size < 0 || found->size == marker->size);
	adopting->signs = !adopting->there || found->at < 0;
	return status;
}

/* With both signatures in, it is no copy any more. A run that was killed before this does
 * it when it is run again. */
static enum pen_status put_into_service(struct adopting *adopting, struct pen_error *error)
{
	if (adopting->adoption.at < 0 || adopting->options->dry_run)
		return PEN_OK;
	if (unlink(adopting->marker_path) == 0 || errno == ENOENT)
		return PEN_OK;
	return pen_error__errno(error, _("cannot remove %s: the store is a copy until it is gone"), adopting->marker_path);
}

static void print(const struct adopting *adopting, struct pen_printer *printer)
{
	const struct pen_adoption *adoption = &adopting->adoption;
	const struct pen_item items[] = {
		PEN_I_TEXT("snapshot", _("snapshot"), adoption->snapshot),
		PEN_I_TEXT("directory", _("directory"), pen_store__dir(adopting->session->store)),
		PEN_I_TEXT("reason", _("reason"), adoption->reason),
		PEN_I_INT("journal.size", _("journal entries"), adoption->size),
		PEN_I_TEXT("journal.root", _("journal root"), adoption->root),
		PEN_I_INT("lost", _("entries lost, as the checkpoint says"),
		    adoption->checkpoint_size ? adoption->checkpoint_size - adoption->size : 0),
		PEN_I_TEXT("signed", _("signed by"), adoption->staff[0]),
		PEN_I_TEXT("and", _("and by"), adoption->at >= 0 ? adoption->staff[1] : NULL),
		PEN_I_FLAG("in_service", _("in service"), adoption->at >= 0 && !adopting->options->dry_run),
		PEN_I_FLAG("dry_run", _("dry run"), adopting->options->dry_run),
	};

	pen_printer__one(printer, "adopted", adoption->at >= 0 ? _("Put into service") :
	    _("Signed; a copy until the second has signed too"), PEN_ITEMS(items), PEN_OK);
}

enum pen_status pen_adopt(struct pen_session *session, const struct pen_adopt_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct adopting adopting = { .session = session, .options = options };
	enum pen_status status = pen_session__require(session, adopters, NULL, "R7.2", PEN_ACT_ADOPT, error);

	if (status == PEN_OK)
		status = read_marker(&adopting, error);
	if (status == PEN_OK)
		status = look(&adopting, error);
	if (status == PEN_OK)
		status = check_journal(&adopting, error);
	if (status == PEN_OK)
		status = read_checkpoint(&adopting, error);
	if (status == PEN_OK && adopting.signs) {
		status = draw_up(&adopting, error);
		if (status == PEN_OK)
			status = enter(&adopting, error);
	}
	if (status == PEN_OK)
		status = put_into_service(&adopting, error);
	if (status == PEN_OK)
		print(&adopting, printer);
	return status;
}
