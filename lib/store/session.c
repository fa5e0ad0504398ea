#include "store/session.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/door.h"
#include "store/entered.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define KEY_LARGEST ((size_t)64 << 10)	/* of a PEM file */
#define ACT_OPEN "session.open"		/* what was attempted by who did not get in */

/* ---- entries ---- */

/* A computer that is refused by what the table says, and not by the journal. */
static enum pen_status look_behind(struct pen_session *session, struct pen_error *error)
{
	if (strncmp(error->code, "terminal.", 9) != 0)
		return error->status;
	return pen_entered__terminal(session->store, session->terminal, session->staff.agency, error);
}

/* What the door shuts out in the middle of the work is kept, and entered as an
 * attempt when the session ends: the caller's transaction is taken back. */
static enum pen_status pass_door(struct pen_session *session, const char *act, const char *subject, struct pen_error *error)
{
	enum pen_status status = pen_door__pass(session->store, session->terminal, session->staff.agency, act, subject, error);

	if (status == PEN_REFUSED)
		status = look_behind(session, error);
	if (status == PEN_REFUSED || status == PEN_INTEGRITY) {
		session->shut_out = *error;
		snprintf(session->shut_out_act, sizeof(session->shut_out_act), "%s", act);
		snprintf(session->shut_out_subject, sizeof(session->shut_out_subject), "%s", subject ? subject : "");
	}
	return status;
}

enum pen_status pen_session__act(struct pen_session *session, const char *act, const char *subject,
    const char *body, bool changes, int64_t *at, struct pen_error *error)
{
	struct pen_entry entry = {
		.agency = session->staff.agency, .terminal = session->terminal, .staff = session->staff.id,
		.act = act, .subject = subject, .body = body
	};
	enum pen_status status;

	if (pen_store__is_copy(session->store)) {
		if (at)
			*at = -1;
		return PEN_OK;
	}
	status = pass_door(session, act, subject, error);
	if (status == PEN_OK)
		status = pen_journal__append(session->store, &entry, changes, session->key, error);
	if (status == PEN_OK && at)
		*at = entry.at;
	return status;
}

enum pen_status pen_session__note(struct pen_session *session, const char *act, const char *subject,
    const char *body, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);

	if (pen_store__is_copy(session->store))
		return PEN_OK;
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (pen_session__act(session, act, subject, body, false, NULL, error) != PEN_OK)
		goto err0;
	if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

/* Enters an attempt; with a key, signed, else not. The refusal stands whether
 * or not that succeeds, so nothing is reported. */
static void enter_attempt(struct pen_store *store, struct pen_entry *entry, const struct pen_key *key,
    const char *act, const char *command, const struct pen_error *refusal)
{
	struct pen_db *db = pen_store__db(store);
	struct pen_error ignored = { 0 };
	struct pen_body body;

	if (pen_store__is_copy(store))
		return;
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "act", act);
	pen_entry__body_text(&body, "clause", refusal->clause[0] ? refusal->clause : NULL);
	pen_entry__body_text(&body, "code", refusal->code);
	pen_entry__body_text(&body, "command", command);
	entry->act = "refused";
	entry->body = pen_entry__body_close(&body);
	if (entry->body && pen_db__begin_write(db, &ignored) == PEN_OK &&
	    pen_journal__append(store, entry, false, key, &ignored) == PEN_OK)
		pen_db__commit(db, &ignored);
	pen_db__rollback(db);	/* harmless after the commit */
	pen_entry__body_free(&body);
}

enum pen_status pen_session__refused(struct pen_session *session, const char *act, const char *subject,
    struct pen_error *error)
{
	struct pen_entry entry = {
		.agency = session->staff.agency, .terminal = session->terminal,
		.staff = session->staff.id, .subject = subject
	};

	assert(!pen_db__in_transaction(pen_store__db(session->store)));
	enter_attempt(session->store, &entry, session->key, act, session->options.command, error);
	return error->status;
}

enum pen_status pen_session__stopped_short(struct pen_session *session, const char *act, const char *subject,
    const char *clause, struct pen_error *error)
{
	assert(error->status == PEN_INTEGRITY);
	snprintf(error->clause, sizeof(error->clause), "%s", clause);
	return pen_session__refused(session, act, subject, error);
}

/* ---- what may be done ---- */

static bool own_agency(struct pen_session *session, const char *agency)
{
	return strcmp(session->staff.agency,
	    agency ? agency : pen_store__identity(session->store)->agency) == 0;
}

static enum pen_status no_role(struct pen_session *session, const char *const *roles, const char *agency,
    const char *clause, const char *act, struct pen_error *error)
{
	char wanted[128] = "", subject[80];
	size_t n = 0;

	for (; *roles && n < sizeof(wanted); roles++)
		n += (size_t)snprintf(wanted + n, sizeof(wanted) - n, "%s%s", n ? ", " : "", *roles);
	pen_error__refuse(error, clause, "role.missing",
	    _("%s of agency %s does not hold the role needed for %s (%s, for agency %s): act as somebody who does with --as, or ask the head for it"),
	    session->staff.id[0] ? session->staff.id : _("nobody"),
	    session->staff.agency[0] ? session->staff.agency : "-", act, wanted,
	    agency ? agency : pen_store__identity(session->store)->agency);
	snprintf(subject, sizeof(subject), "staff %s", session->staff.id);
	return pen_session__refused(session, act, subject, error);
}

enum pen_status pen_session__require(struct pen_session *session, const char *const *roles,
    const char *agency, const char *clause, const char *act, struct pen_error *error)
{
	const char *const *role;
	int64_t size;
	bool holds = false;

	if (pen_journal__size(session->store, &size, error) != PEN_OK)
		return error->status;
	for (role = roles; *role && !holds && own_agency(session, agency); role++)
		if (pen_staff__holds(session->store, session->staff.id, *role, size, &holds, error) != PEN_OK)
			return error->status;
	return holds ? PEN_OK : no_role(session, roles, agency, clause, act, error);
}

enum pen_status pen_session__writable(struct pen_session *session, struct pen_error *error)
{
	if (!pen_store__is_copy(session->store))
		return PEN_OK;
	return pen_error__refuse(error, "R8.1", "store.copy",
	    _("%s is a copy, restored or not writable, and nothing is changed in a copy: name the living store"),
	    pen_store__dir(session->store));
}

bool pen_session__stopped(struct pen_session *session)
{
	return session->options.stopped && session->options.stopped(session->options.context);
}

/* A fifth of a second: a lock has no end that could be waited for with a stop. */
static void sleep_a_little(void)
{
	const struct timespec fifth = { .tv_nsec = 200000000 };

	nanosleep(&fifth, NULL);
}

enum pen_status pen_session__hold(struct pen_session *session, const char *what, int64_t wait, struct pen_error *error)
{
	struct timespec begun, now;
	enum pen_status status;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (;;) {
		status = pen_store__hold(session->store, what, session->staff.id, error);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (status != PEN_BUSY || (wait >= 0 && now.tv_sec - begun.tv_sec >= wait))
			return status;
		if (pen_session__stopped(session))
			return pen_error__set(error, PEN_INCOMPLETE, "store.waiting",
			    _("stopped while another run held the store; nothing was done"));
		pen_session__progress(session, _("waiting for another run"), now.tv_sec - begun.tv_sec, wait);
		sleep_a_little();
	}
}

void pen_session__progress(struct pen_session *session, const char *step, int64_t done, int64_t total)
{
	if (session->options.progress)
		session->options.progress(session->options.context, step, done, total);
}

enum pen_status pen_session__terminal(struct pen_store *store, char out[PEN_DIGEST_HEX], struct pen_error *error)
{
	return pen_terminal__here(pen_store__suite(store), out, error);
}

/* ---- keys ---- */

/* The directory for keys where none is given. */
static enum pen_status default_keys(char *out, size_t room, struct pen_error *error)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char path[PATH_MAX];

	if (config && config[0] == '/')
		return pen_file__join(out, room, config, "pen", error);
	if (!home || !home[0])
		return pen_error__set(error, PEN_USAGE, "key.where",
		    _("cannot tell where keys are kept: set XDG_CONFIG_HOME or HOME, or name the key with --key"));
	if (pen_file__join(path, sizeof(path), home, ".config", error) != PEN_OK)
		return error->status;
	return pen_file__join(out, room, path, "pen", error);
}

enum pen_status pen_session__key_path(const char *given, const char *file, char *out, size_t room, struct pen_error *error)
{
	enum pen_status status;
	char dir[PATH_MAX];

	if (!given) {
		status = default_keys(dir, sizeof(dir), error);
		if (status != PEN_OK)
			return status;
		given = dir;
	}
	return pen_file__join(out, room, given, file, error);
}

/* The private key of whoever acts, from the file named or the usual place. */
static enum pen_status load_key(struct pen_session *session, struct pen_error *error)
{
	const struct pen_session_options *options = &session->options;
	char path[PATH_MAX], file[80], *pem;
	enum pen_status status;
	bool found;
	size_t n;

	snprintf(file, sizeof(file), "%s.pem", session->staff.id);
	status = options->key ? pen_file__join(path, sizeof(path), "", options->key, error)
	    : pen_session__key_path(NULL, file, path, sizeof(path), error);
	if (status == PEN_OK)
		status = pen_file__there(path, F_OK, &found, error);
	if (status != PEN_OK)
		return status;
	if (!found)
		return pen_error__refuse(error, "R8.1", "key.missing",
		    _("the private key of %s is not in %s: name its file with --key or PEN_KEY"), session->staff.id, path);
	if (pen_file__load(path, KEY_LARGEST, &pem, &n, error) != PEN_OK)
		return error->status;
	status = pen_signature__read_private(&session->key, pen_store__suite(session->store), pem, n,
	    options->passphrase, options->context, error);
	if (status != PEN_OK)
		pen_error__at(error, path, 0, NULL);
	explicit_bzero(pem, n);
	pen_memory__free(pem);
	return status;
}

/* The key must be the one that the store knows. */
static enum pen_status check_key(struct pen_session *session, int64_t size, struct pen_error *error)
{
	struct pen_key *known = NULL;
	enum pen_status status;
	char *pem;

	status = pen_staff__key_at(session->store, session->staff.id, size, &pem, error);
	if (status == PEN_OK && pem)
		status = pen_signature__read_public(&known, pen_store__suite(session->store), pem, strlen(pem), error);
	if (status == PEN_OK && (!known || !pen_signature__same(known, session->key)))
		status = pen_error__refuse(error, "R8.1", "key.other",
		    _("the key is not the one that the store knows of %s: name the right one with --key, or have the head enter the new one"),
		    session->staff.id);
	pen_signature__free(known);
	pen_memory__free(pem);
	return status;
}

/* ---- opening ---- */

/* Somebody from whom every role was taken is no longer of the staff. */
static enum pen_status check_roles(struct pen_session *session, int64_t size, struct pen_error *error)
{
	const char *const *role;
	bool holds = false;

	for (role = pen_staff__roles; *role && !holds; role++)
		if (pen_staff__holds(session->store, session->staff.id, *role, size, &holds, error) != PEN_OK)
			return error->status;
	if (holds)
		return PEN_OK;
	return pen_error__refuse(error, "R3", "staff.revoked",
	    _("%s holds no role any more: ask the head for one (pen-admin staff add)"), session->staff.id);
}

/* Says who acts, and proves it by the key. */
static enum pen_status identify(struct pen_session *session, const char *id, struct pen_error *error)
{
	int64_t size;
	bool found;

	if (pen_staff__find(session->store, id, &session->staff, &found, error) != PEN_OK)
		return error->status;
	if (!found)
		return pen_error__refuse(error, "R3", "staff.unknown",
		    _("the store knows nobody as \"%s\": check --as or PEN_STAFF; the head enters people with pen-admin staff add"), id);
	if (pen_journal__size(session->store, &size, error) != PEN_OK)
		return error->status;
	if (check_roles(session, size, error) != PEN_OK)
		return error->status;
	if (load_key(session, error) != PEN_OK)
		return error->status;
	return check_key(session, size, error);
}

/* An attempt to open as somebody else, unsigned: who it was is not known. */
static void enter_impostor(struct pen_session *session, const char *id, const struct pen_error *refusal)
{
	struct pen_entry entry = {
		.agency = pen_store__identity(session->store)->agency, .terminal = session->terminal
	};
	char subject[80];
	size_t i;

	snprintf(subject, sizeof(subject), "staff %s", id);
	for (i = 0; subject[i]; i++)	/* what was typed stays one line */
		if ((unsigned char)subject[i] < 0x20)
			subject[i] = '?';
	entry.subject = subject;
	enter_attempt(session->store, &entry, NULL, ACT_OPEN, session->options.command, refusal);
}

/* On a copy nobody has to say who they are; who does so is only named. */
static enum pen_status open_copy(struct pen_session *session, const char *id, struct pen_error *error)
{
	bool found;

	if (!id)
		return PEN_OK;
	return pen_staff__find(session->store, id, &session->staff, &found, error);
}

/* Who it is is known by now, so that the attempt has a name and a signature. */
static enum pen_status come_in(struct pen_session *session, struct pen_error *error)
{
	const struct pen_session_options *options = &session->options;
	char subject[80];

	if (pen_door__open(session->store, session->terminal, session->staff.agency,
	    options->anywhere, options->while_suspended, error) == PEN_OK)
		return PEN_OK;
	if (error->status != PEN_REFUSED)
		return error->status;
	look_behind(session, error);
	snprintf(subject, sizeof(subject), "staff %s", session->staff.id);
	return pen_session__refused(session, ACT_OPEN, subject, error);
}

static enum pen_status open_living(struct pen_session *session, const char *id, struct pen_error *error)
{
	if (!id || !id[0])
		return pen_error__set(error, PEN_USAGE, "staff.missing",
		    _("say who acts: PEN_STAFF or --as; only a copy is read without a key: what pen-backup restore makes, or a store that you may not write to (what cp -r makes once chmod -R a-w is done)"));
	if (identify(session, id, error) != PEN_OK) {
		if (error->status != PEN_REFUSED)
			return error->status;
		pen_entered__staff(session->store, id, error);
		enter_impostor(session, id, error);
		return error->status;
	}
	return come_in(session, error);
}

enum pen_status pen_session_open(struct pen_session **session,
    const struct pen_session_options *options, struct pen_error *error)
{
	struct pen_session *made;
	enum pen_status status;

	if (!options->store || !options->store[0])
		return pen_error__set(error, PEN_USAGE, "store.unnamed", _("say which store: PEN_STORE or --store"));
	made = pen_memory__calloc(1, sizeof(*made));
	if (!made)
		return pen_error__memory(error);
	made->options = *options;
	status = options->restored ? pen_store__open_restored(&made->store, options->store, error)
	    : pen_store__open(&made->store, options->store, true, error);
	if (status == PEN_OK)
		status = pen_session__terminal(made->store, made->terminal, error);
	if (status == PEN_OK)
		status = pen_store__is_copy(made->store) ? open_copy(made, options->staff, error)
		    : open_living(made, options->staff, error);
	if (status != PEN_OK) {
		pen_session_close(made);
		return status;
	}
	*session = made;
	return PEN_OK;
}

void pen_session_close(struct pen_session *session)
{
	if (!session)
		return;
	if (session->shut_out.status != PEN_OK)
		pen_session__refused(session, session->shut_out_act, session->shut_out_subject, &session->shut_out);
	pen_signature__free(session->key);
	pen_store__close(session->store);
	pen_memory__free(session);
}
