#include "work/logkey.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#include <limits.h>
#include <string.h>

#define KEY_LARGEST ((size_t)64 << 10)

/* The log key, which must be the one that the store names. */
static enum pen_status check_key(struct pen_session *session, const struct pen_key *key, const char *path,
    struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(session->store);
	struct pen_key *known = NULL;
	enum pen_status status = pen_signature__read_public(&known, identity->suite, identity->log_key,
	    strlen(identity->log_key), error);

	if (status == PEN_OK && !pen_signature__same(known, key))
		status = pen_error__refuse(error, "R8.1", "checkpoint.key",
		    _("%s is not the log key of this store: name the right one with --log-key"), path);
	pen_signature__free(known);
	return status;
}

enum pen_status pen_logkey__load(struct pen_session *session, const char *log_key, struct pen_key **key,
    struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(session->store);
	char path[PATH_MAX], file[32], *pem;
	enum pen_status status = PEN_OK;
	size_t n;

	snprintf(file, sizeof(file), "log-%s.pem", identity->agency);
	if (log_key != NULL)
		snprintf(path, sizeof(path), "%s", log_key);
	else
		status = pen_session__key_path(NULL, file, path, sizeof(path), error);
	if (status == PEN_OK)
		status = pen_file__load(path, KEY_LARGEST, &pem, &n, error);
	if (status != PEN_OK)
		return status;
	status = pen_signature__read_private(key, identity->suite, pem, n, session->options.passphrase,
	    session->options.context, error);
	explicit_bzero(pem, n);
	pen_memory__free(pem);
	if (status != PEN_OK)
		return pen_error__at(error, path, 0, NULL);
	status = check_key(session, *key, path, error);
	if (status != PEN_OK)
		pen_signature__free(*key);
	return status;
}

/* The act first, so that the checkpoint covers it. */
enum pen_status pen_logkey__checkpoint(struct pen_session *session, const struct pen_key *key, struct pen_text *note,
    struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	struct pen_checkpoint checkpoint;
	int64_t size;
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = pen_session__act(session, "seal.checkpoint", "journal", NULL, false, NULL, error);
	if (status == PEN_OK)
		status = pen_journal__size(session->store, &size, error);
	if (status == PEN_OK)
		status = pen_journal__checkpoint(session->store, size, &checkpoint, error);
	if (status == PEN_OK)
		status = pen_note__sign(pen_store__suite(session->store), &checkpoint, key, note, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	if (status != PEN_OK)
		pen_db__rollback(db);
	return status;
}
