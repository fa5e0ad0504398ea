#include "store/rawcopy.h"
#include "adapter/db_raw.h"
#include "base/date.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

#define COPY_BYTES ((size_t)1 << 20)	/* copied at a time */

/* A copy being taken. `folios` is what the living store said of them, to be
 * compared with what the copy says. */
struct copying {
	struct pen_session *session;
	const struct pen_repository *repository;
	const struct pen_scratch *scratch;
	struct pen_manifest *manifest;
	struct pen_text folios;
};

/* What the store is at this moment, asked under its lock. */
static enum pen_status describe(struct copying *copying, struct pen_error *error)
{
	struct pen_store *store = copying->session->store;
	const struct pen_identity *identity = pen_store__identity(store);
	struct pen_manifest *manifest = copying->manifest;
	struct pen_checkpoint checkpoint;

	snprintf(manifest->agency, sizeof(manifest->agency), "%s", identity->agency);
	snprintf(manifest->name, sizeof(manifest->name), "%s", identity->name);
	snprintf(manifest->suite, sizeof(manifest->suite), "%s", pen_digest__suite_name(identity->suite));
	snprintf(manifest->signer, sizeof(manifest->signer), "%s", copying->session->staff.id);
	snprintf(manifest->engine, sizeof(manifest->engine), "%s", pen_db__engine(pen_store__db(store)));
	snprintf(manifest->program, sizeof(manifest->program), "pen %s", pen_version());
	pen_date__now(manifest->time);
	if (pen_journal__size(store, &manifest->journal_size, error) != PEN_OK ||
	    pen_journal__checkpoint(store, manifest->journal_size, &checkpoint, error) != PEN_OK)
		return error->status;
	pen_encode__hex(checkpoint.root, sizeof(checkpoint.root), manifest->journal_root);
	return pen_manifest__facts(store, true, &copying->folios, error);
}

static enum pen_status copy_bytes(struct copying *copying, FILE *file, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(copying->session->store);
	char *buf = pen_memory__realloc(NULL, COPY_BYTES, 1);
	enum pen_status status = buf ? PEN_OK : pen_error__memory(error);
	int64_t at, size = copying->manifest->bytes;
	size_t n;

	for (at = 0; at < size && status == PEN_OK; at += (int64_t)n) {
		n = size - at < (int64_t)COPY_BYTES ? (size_t)(size - at) : COPY_BYTES;
		status = pen_db_raw__read(db, at, buf, n, error);
		if (status == PEN_OK && fwrite(buf, 1, n, file) != n)
			status = pen_error__errno(error, _("cannot write the copy of the store"));
		if (status == PEN_OK)
			status = pen_repository__go_on(copying->repository, _("copying the store"), at, size, error);
	}
	pen_memory__free(buf);
	return status;
}

/* The raw copy, with writers shut out: what is asked and what is copied is of
 * one moment. */
static enum pen_status copy_locked(struct copying *copying, const char *path, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(copying->session->store);
	enum pen_status status;
	int page_size;
	FILE *file;

	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	status = pen_db_raw__begin(db, &copying->manifest->bytes, &page_size, error);
	if (status != PEN_OK)
		goto err0;
	copying->manifest->page_size = page_size;
	status = describe(copying, error);
	if (status == PEN_OK)
		status = pen_scratch__new_file(path, &file, error);
	if (status == PEN_OK) {
		status = copy_bytes(copying, file, error);
		if (fclose(file) != 0 && status == PEN_OK)
			status = pen_error__errno(error, _("cannot write %s"), path);
	}
	pen_db_raw__end(db);
err0:
	pen_db__rollback(db);
	return status;
}

/* The copy opened as a store: it must say what the store said, and its tables are
 * counted while nobody waits. */
static enum pen_status reread(struct copying *copying, struct pen_error *error)
{
	struct pen_manifest *manifest = copying->manifest;
	const struct pen_text *folios = &copying->folios;
	struct pen_checkpoint checkpoint = { .size = 0 };
	struct pen_text again = { 0 };
	char root[PEN_DIGEST_HEX];
	struct pen_store *copy;
	enum pen_status status;

	if (pen_store__open(&copy, copying->scratch->path, false, error) != PEN_OK)
		return error->status;
	status = pen_journal__size(copy, &checkpoint.size, error);
	if (status == PEN_OK)
		status = pen_journal__checkpoint(copy, checkpoint.size, &checkpoint, error);
	if (status == PEN_OK)
		status = pen_manifest__facts(copy, true, &again, error);
	if (status == PEN_OK && (checkpoint.size != manifest->journal_size ||
	    strcmp(pen_encode__hex(checkpoint.root, sizeof(checkpoint.root), root), manifest->journal_root) != 0 ||
	    again.n != folios->n || (again.n && memcmp(again.s, folios->s, again.n) != 0)))
		status = pen_error__set(error, PEN_INTEGRITY, "backup.copy",
		    _("the copy, read again, is not what the store holds: look at the disks, and run pen-verify on the store"));
	if (status == PEN_OK)
		status = pen_manifest__facts(copy, false, &manifest->facts, error);
	if (status == PEN_OK)
		pen_text__add(&manifest->facts, folios->s, folios->n);
	if (status == PEN_OK && manifest->facts.failed)
		status = pen_error__memory(error);
	pen_text__free(&again);
	pen_store__close(copy);
	return status;
}

enum pen_status pen_rawcopy__take(struct pen_session *session, const struct pen_repository *repository,
    const struct pen_scratch *scratch, struct pen_manifest *manifest, struct pen_error *error)
{
	struct copying copying = { session, repository, scratch, manifest, { 0 } };
	enum pen_status status;
	char path[PATH_MAX];

	status = pen_file__join(path, sizeof(path), scratch->path, "pen.db", error);
	if (status == PEN_OK)
		status = copy_locked(&copying, path, error);
	if (status == PEN_OK)
		status = reread(&copying, error);
	pen_text__free(&copying.folios);
	return status;
}
