#include "store/rawcopy.h"
#include "adapter/db_raw.h"
#include "base/date.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)256 << 10)	/* copied at a time */
#define BLOCKS 8			/* between the two cores */

/* A copy being taken, and then read again: `copy` is open, and `thread` at work, while it
 * is. `folios` is what the living store said of them, to be compared with what the copy
 * says; `facts`, what the copy holds. */
struct pen_rawcopy {
	struct pen_session *session;
	const struct pen_repository *repository;
	const struct pen_scratch *scratch;
	struct pen_manifest *manifest;
	struct pen_text folios, facts;
	struct pen_store *copy;
	struct pen_thread *thread;
};

/* ---- the copy ---- */

/* What the store is at this moment, asked under its lock. */
static enum pen_status describe(struct pen_rawcopy *copying, struct pen_error *error)
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

/* Blocks go round: empty ones to who reads the store, full ones to who writes the copy. */
struct block { size_t n; char bytes[BLOCK_BYTES]; };
struct relay {
	FILE *file;
	struct block *blocks;
	struct pen_channel *empty, *full;
};

/* The other core, so that writers wait for the slower of the two alone. */
static enum pen_status write_blocks(void *context, struct pen_error *error)
{
	struct relay *relay = context;
	enum pen_status status = PEN_OK;
	struct block *block;

	while (status == PEN_OK && (block = pen_thread__take(relay->full))) {
		if (fwrite(block->bytes, 1, block->n, relay->file) != block->n)
			status = pen_error__errno(error, _("cannot write the copy of the store"));
		pen_thread__put(relay->empty, block);
	}
	/* Who reads is not to wait for what nobody writes any more. */
	pen_thread__close(relay->full);
	return status;
}

static enum pen_status read_blocks(struct pen_rawcopy *copying, struct relay *relay, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(copying->session->store);
	int64_t at, size = copying->manifest->bytes;
	enum pen_status status = PEN_OK;
	struct block *block;

	for (at = 0; at < size && status == PEN_OK; at += (int64_t)block->n) {
		block = pen_thread__take(relay->empty);
		block->n = size - at < (int64_t)BLOCK_BYTES ? (size_t)(size - at) : BLOCK_BYTES;
		status = pen_db_raw__read(db, at, block->bytes, block->n, error);
		if (status == PEN_OK && !pen_thread__put(relay->full, block))
			break;	/* the other one says why */
		if (status == PEN_OK)
			status = pen_repository__go_on(copying->repository, _("copying the store"), at, size, error);
	}
	return status;
}

static enum pen_status copy_bytes(struct pen_rawcopy *copying, FILE *file, struct pen_error *error)
{
	struct relay relay = { .file = file, .blocks = pen_memory__realloc(NULL, BLOCKS, sizeof(*relay.blocks)),
		.empty = pen_thread__channel(BLOCKS), .full = pen_thread__channel(BLOCKS) };
	enum pen_status status = PEN_OK, written;
	struct pen_error failed = { .status = PEN_OK };
	struct pen_thread *thread = NULL;
	int i;

	if (!relay.blocks || !relay.empty || !relay.full)
		status = pen_error__memory(error);
	for (i = 0; i < BLOCKS && status == PEN_OK; i++)
		pen_thread__put(relay.empty, &relay.blocks[i]);
	if (status == PEN_OK)
		status = pen_thread__start(&thread, write_blocks, &relay, error);
	if (status == PEN_OK) {
		status = read_blocks(copying, &relay, error);
		pen_thread__close(relay.full);
		written = pen_thread__join(thread, &failed);
		if (status == PEN_OK && written != PEN_OK) {
			*error = failed;
			status = written;
		}
	}
	pen_thread__free_channel(relay.full);
	pen_thread__free_channel(relay.empty);
	pen_memory__free(relay.blocks);
	return status;
}

/* Room for as much as the store has by now, before anybody waits: what has its place is
 * written faster, and a disk that is too small says so here. A file system that cannot
 * give it in advance gives it as the copy is written. */
static enum pen_status make_room(const struct pen_rawcopy *copying, FILE *file, struct pen_error *error)
{
	char path[PATH_MAX];
	struct stat st;

	if (pen_file__join(path, sizeof(path), pen_store__dir(copying->session->store), "pen.db", error) != PEN_OK)
		return error->status;
	if (stat(path, &st) == 0 && st.st_size > 0 && fallocate(fileno(file), 0, 0, st.st_size) != 0 && errno == ENOSPC)
		return pen_error__errno(error, _("cannot write the copy of the store"));
	return PEN_OK;
}

/* The raw copy, with writers shut out: what is asked and what is copied is of
 * one moment. */
static enum pen_status copy_locked(struct pen_rawcopy *copying, FILE *file, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(copying->session->store);
	enum pen_status status;
	int page_size;

	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	status = pen_db_raw__begin(db, &copying->manifest->bytes, &page_size, error);
	if (status != PEN_OK)
		goto err0;
	copying->manifest->page_size = page_size;
	status = describe(copying, error);
	if (status == PEN_OK)
		status = copy_bytes(copying, file, error);
	pen_db_raw__end(db);
err0:
	pen_db__rollback(db);
	return status;
}

static enum pen_status copy_file(struct pen_rawcopy *copying, struct pen_error *error)
{
	enum pen_status status;
	char path[PATH_MAX];
	FILE *file;

	if (pen_file__join(path, sizeof(path), copying->scratch->path, "pen.db", error) != PEN_OK ||
	    pen_scratch__new_file(path, &file, error) != PEN_OK)
		return error->status;
	status = make_room(copying, file, error);
	if (status == PEN_OK)
		status = copy_locked(copying, file, error);
	/* Of the room that was made, what the store did not need in the end goes. */
	if (status == PEN_OK && (fflush(file) != 0 || ftruncate(fileno(file), copying->manifest->bytes) != 0))
		status = pen_error__errno(error, _("cannot write %s"), path);
	if (fclose(file) != 0 && status == PEN_OK)
		status = pen_error__errno(error, _("cannot write %s"), path);
	return status;
}

/* ---- reading it again ---- */

/* The copy must say what the store said, and its tables are counted while nobody waits. */
static enum pen_status reread(void *context, struct pen_error *error)
{
	struct pen_rawcopy *copying = context;
	const struct pen_manifest *manifest = copying->manifest;
	const struct pen_text *folios = &copying->folios;
	struct pen_checkpoint checkpoint = { .size = 0 };
	struct pen_text again = { 0 };
	char root[PEN_DIGEST_HEX];
	enum pen_status status;

	status = pen_journal__size(copying->copy, &checkpoint.size, error);
	if (status == PEN_OK)
		status = pen_journal__checkpoint(copying->copy, checkpoint.size, &checkpoint, error);
	if (status == PEN_OK)
		status = pen_manifest__facts(copying->copy, true, &again, error);
	if (status == PEN_OK && (checkpoint.size != manifest->journal_size ||
	    strcmp(pen_encode__hex(checkpoint.root, sizeof(checkpoint.root), root), manifest->journal_root) != 0 ||
	    again.n != folios->n || (again.n && memcmp(again.s, folios->s, again.n) != 0)))
		status = pen_error__set(error, PEN_INTEGRITY, "backup.copy",
		    _("the copy, read again, is not what the store holds: look at the disks, and run pen-verify on the store"));
	if (status == PEN_OK)
		status = pen_manifest__facts(copying->copy, false, &copying->facts, error);
	pen_text__free(&again);
	return status;
}

enum pen_status pen_rawcopy__take(struct pen_rawcopy **copy, struct pen_session *session,
    const struct pen_repository *repository, const struct pen_scratch *scratch, struct pen_manifest *manifest,
    struct pen_error *error)
{
	struct pen_rawcopy *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	*made = (struct pen_rawcopy){ .session = session, .repository = repository, .scratch = scratch, .manifest = manifest };
	*copy = made;
	if (copy_file(made, error) != PEN_OK ||
	    pen_store__open(&made->copy, scratch->path, false, error) != PEN_OK)
		return error->status;
	return pen_thread__start(&made->thread, reread, made, error);
}

enum pen_status pen_rawcopy__reread(struct pen_rawcopy *copy, struct pen_error *error)
{
	struct pen_manifest *manifest = copy->manifest;
	enum pen_status status = pen_thread__join(copy->thread, error);

	copy->thread = NULL;
	if (status != PEN_OK)
		return status;
	pen_text__add(&manifest->facts, copy->facts.s, copy->facts.n);
	pen_text__add(&manifest->facts, copy->folios.s, copy->folios.n);
	return manifest->facts.failed ? pen_error__memory(error) : PEN_OK;
}

void pen_rawcopy__free(struct pen_rawcopy *copy)
{
	if (!copy)
		return;
	pen_thread__join(copy->thread, NULL);
	pen_store__close(copy->copy);
	pen_text__free(&copy->folios);
	pen_text__free(&copy->facts);
	pen_memory__free(copy);
}
