#include "adapter/gzip.h"
#include "base/date.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/repository.h"
#include "store/session.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)1 << 20)	/* copied at a time */
#define CHUNK_BYTES ((size_t)64 << 10)
#define AHEAD 300			/* seconds that clocks may differ */

/* A backup being made. lock and work.fd are -1 while not held. */
struct making {
	struct pen_session *session;
	struct pen_repository repository;
	int lock;
	struct pen_scratch work;		/* with the copy, pen.db, in it */
	struct pen_manifest manifest;
	struct pen_text folios;			/* what the store said of them */
	int64_t size;				/* of the copy */
	int64_t new_chunks, new_bytes;		/* stored anew; bytes as packed */
};

/* ------------------------------------------------------ the repository -- */

/* Takes away the directories of verifications that were killed: those that
 * nobody holds any more. */
static void clean(const struct pen_repository *repository)
{
	struct pen_error ignored = { .status = PEN_OK };
	struct pen_scratch left;
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *dir = opendir(repository->dir);

	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, "verify-", 7) == 0 &&
		    pen_repository__path(repository, "", entry->d_name, "", path, &ignored) == PEN_OK &&
		    pen_repository__scratch(&left, path, &ignored) == PEN_OK)
			pen_repository__clear(&left);
	if (dir)
		closedir(dir);
}

/* Makes what is missing of the repository, and holds it. */
static enum pen_status begin(struct making *making, const char *dir, struct pen_error *error)
{
	const struct pen_repository *repository = &making->repository;
	char path[PATH_MAX];

	making->lock = making->work.fd = -1;
	if (pen_file__join(path, sizeof(path), dir, "snapshots", error) != PEN_OK ||
	    pen_file__directory(path, 0700, error) != PEN_OK ||
	    pen_repository__open(&making->repository, dir, &making->session->options, error) != PEN_OK ||
	    pen_repository__path(repository, "", "chunks", "", path, error) != PEN_OK ||
	    pen_file__directory(path, 0700, error) != PEN_OK ||
	    pen_repository__path(repository, "", "lock", "", path, error) != PEN_OK)
		return error->status;
	making->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (making->lock < 0)
		return pen_error__errno(error, _("cannot open %s"), path);
	if (flock(making->lock, LOCK_EX | LOCK_NB) != 0)
		return pen_error__set(error, PEN_BUSY, "backup.busy",
		    _("another backup to %s is under way: try again when it is done"), dir);
	clean(repository);
	if (pen_repository__path(repository, "", "create", ".tmp", path, error) != PEN_OK)
		return error->status;
	return pen_repository__scratch(&making->work, path, error);
}

static void end(struct making *making)
{
	pen_repository__clear(&making->work);
	if (making->lock >= 0)
		close(making->lock);
	pen_text__free(&making->folios);
	pen_repository__drop(&making->manifest);
}

/* ------------------------------------------------------------ the copy -- */

/* What the store is at this moment, asked under its lock. */
static enum pen_status describe(struct making *making, struct pen_error *error)
{
	struct pen_store *store = making->session->store;
	const struct pen_identity *identity = pen_store__identity(store);
	struct pen_manifest *manifest = &making->manifest;
	struct pen_checkpoint checkpoint;

	snprintf(manifest->agency, sizeof(manifest->agency), "%s", identity->agency);
	snprintf(manifest->name, sizeof(manifest->name), "%s", identity->name);
	snprintf(manifest->suite, sizeof(manifest->suite), "%s", pen_digest__suite_name(identity->suite));
	snprintf(manifest->signer, sizeof(manifest->signer), "%s", making->session->staff.id);
	snprintf(manifest->engine, sizeof(manifest->engine), "%s", pen_db__engine(pen_store__db(store)));
	snprintf(manifest->program, sizeof(manifest->program), "pen %s", pen_version());
	pen_date__now(manifest->time);
	if (pen_journal__size(store, &manifest->journal_size, error) != PEN_OK ||
	    pen_journal__checkpoint(store, manifest->journal_size, &checkpoint, error) != PEN_OK)
		return error->status;
	pen_encode__hex(checkpoint.root, sizeof(checkpoint.root), manifest->journal_root);
	return pen_repository__facts(store, true, &making->folios, error);
}

static enum pen_status copy_bytes(struct making *making, FILE *file, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(making->session->store);
	char *buf = pen_memory__realloc(NULL, COPY_BYTES, 1);
	enum pen_status status = buf ? PEN_OK : pen_error__memory(error);
	int64_t at, size = making->size;
	size_t n;

	for (at = 0; at < size && status == PEN_OK; at += (int64_t)n) {
		n = size - at < (int64_t)COPY_BYTES ? (size_t)(size - at) : COPY_BYTES;
		status = pen_db__raw_read(db, at, buf, n, error);
		if (status == PEN_OK && fwrite(buf, 1, n, file) != n)
			status = pen_error__errno(error, _("cannot write the copy of the store"));
		if (status == PEN_OK)
			status = pen_repository__go_on(&making->repository, _("copying the store"), at, size, error);
	}
	pen_memory__free(buf);
	return status;
}

/* The raw copy, with writers shut out: what is asked and what is copied is of
 * one moment. */
static enum pen_status copy_locked(struct making *making, const char *path, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(making->session->store);
	enum pen_status status;
	int page_size;
	FILE *file;

	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	status = pen_db__raw_begin(db, &making->size, &page_size, error);
	if (status != PEN_OK)
		goto err0;
	making->manifest.page_size = page_size;
	status = describe(making, error);
	if (status == PEN_OK)
		status = pen_repository__new_file(path, &file, error);
	if (status == PEN_OK) {
		status = copy_bytes(making, file, error);
		if (fclose(file) != 0 && status == PEN_OK)
			status = pen_error__errno(error, _("cannot write %s"), path);
	}
	pen_db__raw_end(db);
err0:
	pen_db__rollback(db);
	return status;
}

/* The copy opened as a store: it must say what the store said, and its tables are
 * counted while nobody waits. */
static enum pen_status reread(struct making *making, struct pen_error *error)
{
	struct pen_manifest *manifest = &making->manifest;
	const struct pen_text *folios = &making->folios;
	struct pen_checkpoint checkpoint = { .size = 0 };
	struct pen_text again = { 0 };
	char root[PEN_DIGEST_HEX];
	struct pen_store *copy;
	enum pen_status status;

	if (pen_store__open(&copy, making->work.path, false, error) != PEN_OK)
		return error->status;
	status = pen_journal__size(copy, &checkpoint.size, error);
	if (status == PEN_OK)
		status = pen_journal__checkpoint(copy, checkpoint.size, &checkpoint, error);
	if (status == PEN_OK)
		status = pen_repository__facts(copy, true, &again, error);
	if (status == PEN_OK && (checkpoint.size != manifest->journal_size ||
	    strcmp(pen_encode__hex(checkpoint.root, sizeof(checkpoint.root), root), manifest->journal_root) != 0 ||
	    again.n != folios->n || (again.n && memcmp(again.s, folios->s, again.n) != 0)))
		status = pen_error__set(error, PEN_INTEGRITY, "backup.copy",
		    _("the copy, read again, is not what the store holds: look at the disks, and run pen-verify on the store"));
	if (status == PEN_OK)
		status = pen_repository__facts(copy, false, &manifest->facts, error);
	if (status == PEN_OK)
		pen_text__add(&manifest->facts, folios->s, folios->n);
	if (status == PEN_OK && manifest->facts.failed)
		status = pen_error__memory(error);
	pen_text__free(&again);
	pen_store__close(copy);
	return status;
}

/* -------------------------------------------------------------- chunks -- */

/* Writes a file of the repository: whole under another name first, then renamed.
 * Its directory is synced later, before a manifest counts on it. */
static enum pen_status place(struct making *making, const char *path, const void *bytes, size_t n, struct pen_error *error)
{
	enum pen_status status;
	char draft[PATH_MAX];
	FILE *file;

	if (pen_file__join(draft, sizeof(draft), making->work.path, "new", error) != PEN_OK ||
	    pen_repository__new_file(draft, &file, error) != PEN_OK)
		return error->status;
	status = fwrite(bytes, 1, n, file) == n ? PEN_OK : pen_error__errno(error, _("cannot write %s"), draft);
	status = pen_repository__close_file(file, draft, status, error);
	if (status == PEN_OK && rename(draft, path) != 0)
		status = pen_error__errno(error, _("cannot rename %s to %s"), draft, path);
	return status;
}

/* Stores a chunk that is not there yet. */
static enum pen_status store_chunk(struct making *making, const struct pen_chunk *chunk, const char *bytes, struct pen_error *error)
{
	char path[PATH_MAX], folder[PATH_MAX], *packed;
	enum pen_status status;
	size_t n;

	if (pen_repository__chunk(&making->repository, chunk, path, error) != PEN_OK)
		return error->status;
	if (access(path, F_OK) == 0)
		return PEN_OK;
	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return pen_error__errno(error, _("cannot make the directory %s"), folder);
	if (pen_gzip__pack(bytes, (size_t)chunk->bytes, PEN_CHUNK_LEVEL, &packed, &n, error) != PEN_OK)
		return error->status;
	status = place(making, path, packed, n, error);
	making->new_chunks++;
	making->new_bytes += (int64_t)n;
	pen_memory__free(packed);
	return status;
}

static enum pen_status cut(struct making *making, FILE *file, struct pen_digest *digest, char *buf, struct pen_error *error)
{
	struct pen_manifest *manifest = &making->manifest;
	enum pen_status status = PEN_OK;
	struct pen_chunk chunk;
	size_t n;

	while (status == PEN_OK && (n = fread(buf, 1, CHUNK_BYTES, file)) > 0) {
		chunk.bytes = (int32_t)n;
		manifest->bytes += (int64_t)n;
		pen_digest__add(digest, buf, n);
		if (!pen_digest__of(PEN_ED25519_SHA256, buf, n, chunk.name))
			return pen_error__memory(error);
		status = store_chunk(making, &chunk, buf, error);
		if (status == PEN_OK)
			status = pen_repository__add(manifest, &chunk, error);
		if (status == PEN_OK && manifest->count % 16 == 0)
			status = pen_repository__go_on(&making->repository, _("packing the copy"), manifest->bytes, making->size, error);
	}
	return status == PEN_OK && ferror(file) ? pen_error__errno(error, _("cannot read the copy of the store")) : status;
}

/* Makes the names of all the chunks last, those too that a killed run left. */
static enum pen_status sync_chunks(const struct making *making, struct pen_error *error)
{
	char path[PATH_MAX], name[3];
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < 256 && status == PEN_OK; i++) {
		snprintf(name, sizeof(name), "%02x", (unsigned)i);
		status = pen_repository__path(&making->repository, "chunks", name, "", path, error);
		if (status == PEN_OK && access(path, F_OK) == 0)
			status = pen_repository__sync(path, error);
	}
	if (status == PEN_OK && pen_repository__path(&making->repository, "", "chunks", "", path, error) == PEN_OK)
		status = pen_repository__sync(path, error);
	return status;
}

static enum pen_status pack(struct making *making, const char *path, struct pen_error *error)
{
	enum pen_suite suite = pen_store__suite(making->session->store);
	struct pen_manifest *manifest = &making->manifest;
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_digest *digest = pen_digest__new(suite);
	char *buf = pen_memory__realloc(NULL, CHUNK_BYTES, 1), hex[PEN_DIGEST_HEX];
	FILE *file = fopen(path, "re");
	enum pen_status status;

	if (!file)
		status = pen_error__errno(error, _("cannot read the copy of the store"));
	else if (!digest || !buf)
		status = pen_error__memory(error);
	else {
		pen_digest__start(digest);
		status = cut(making, file, digest, buf, error);
		pen_digest__end(digest, hash);
		snprintf(manifest->digest, sizeof(manifest->digest), "%s:%s", pen_digest__name(suite),
		    pen_encode__hex(hash, sizeof(hash), hex));
	}
	if (file)
		fclose(file);
	pen_memory__free(buf);
	pen_digest__free(digest);
	return status == PEN_OK ? sync_chunks(making, error) : status;
}

/* -------------------------------------------------------- the snapshot -- */

/* A name of its own: a second snapshot of one moment gets a number. */
static enum pen_status name_snapshot(struct making *making, struct pen_error *error)
{
	char *name = making->manifest.snapshot, path[PATH_MAX];
	size_t n = strlen(name);
	int i;

	for (i = 2; i <= 100; i++) {
		if (pen_repository__path(&making->repository, "snapshots", name, ".manifest", path, error) != PEN_OK)
			return error->status;
		if (access(path, F_OK) != 0)
			return PEN_OK;
		snprintf(name + n, PEN_SNAPSHOT_ROOM - n, "-%02d", i % 100);
	}
	return pen_error__set(error, PEN_BUSY, "backup.busy", _("there are 99 snapshots of this second: try again in the next"));
}

/* Signs the manifest and writes it, the signature first: without its manifest a
 * snapshot does not exist, with it it is whole. */
static enum pen_status enter(struct making *making, struct pen_error *error)
{
	const struct pen_repository *repository = &making->repository;
	struct pen_manifest *manifest = &making->manifest;
	unsigned char signature[PEN_SIGNATURE_ROOM];
	char path[PATH_MAX];
	size_t n;

	if (pen_repository__compose(manifest, error) != PEN_OK ||
	    name_snapshot(making, error) != PEN_OK ||
	    pen_signature__sign(making->session->key, manifest->text.s, manifest->text.n, signature, &n, error) != PEN_OK ||
	    pen_repository__path(repository, "snapshots", manifest->snapshot, ".sig", path, error) != PEN_OK ||
	    place(making, path, signature, n, error) != PEN_OK ||
	    pen_repository__path(repository, "snapshots", manifest->snapshot, ".manifest", path, error) != PEN_OK ||
	    place(making, path, manifest->text.s, manifest->text.n, error) != PEN_OK ||
	    pen_repository__path(repository, "", "snapshots", "", path, error) != PEN_OK)
		return error->status;
	return pen_repository__sync(path, error);
}

/* The store's own record that there is such a backup, which says what it was. */
static enum pen_status note(struct making *making, struct pen_error *error)
{
	const struct pen_manifest *manifest = &making->manifest;
	struct pen_body body;
	enum pen_status status;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "bytes", manifest->bytes);
	pen_entry__body_text(&body, "digest", manifest->digest);
	status = !pen_entry__body_close(&body) ? pen_error__memory(error) :
	    pen_session__note(making->session, "backup.create", manifest->snapshot, body.text.s, error);
	pen_entry__body_free(&body);
	return status;
}

static void print_made(const struct making *making, struct pen_printer *printer)
{
	const struct pen_manifest *manifest = &making->manifest;
	const struct pen_item record[] = {
		PEN_I_TEXT("snapshot", _("snapshot"), manifest->snapshot),
		PEN_I_TEXT("repository", _("repository"), making->repository.dir),
		PEN_I_INT("bytes", _("bytes"), manifest->bytes),
		PEN_I_INT("chunks", _("chunks"), (int64_t)manifest->count),
		PEN_I_INT("new_chunks", _("chunks stored anew"), making->new_chunks),
		PEN_I_INT("new_bytes", _("bytes stored anew"), making->new_bytes),
		PEN_I_TEXT("digest", _("digest"), manifest->digest),
		PEN_I_INT("journal.size", _("journal entries"), manifest->journal_size),
		PEN_I_TEXT("journal.root", _("journal root"), manifest->journal_root),
		PEN_I_TEXT("signer", _("signer"), manifest->signer),
	};

	pen_printer__one(printer, "backup", _("Backup"), PEN_ITEMS(record), PEN_OK);
}

enum pen_status pen_backup_create(struct pen_session *session, const char *repository,
    char snapshot[PEN_SNAPSHOT_ROOM], struct pen_printer *printer, struct pen_error *error)
{
	struct making making = { .session = session };
	char path[PATH_MAX];
	enum pen_status status = pen_session__writable(session, error);

	if (status != PEN_OK)
		return status;
	status = begin(&making, repository, error);
	if (status == PEN_OK)
		status = pen_file__join(path, sizeof(path), making.work.path, "pen.db", error);
	if (status == PEN_OK)
		status = copy_locked(&making, path, error);
	if (status == PEN_OK)
		status = reread(&making, error);
	if (status == PEN_OK)
		status = pack(&making, path, error);
	if (status == PEN_OK)
		status = enter(&making, error);
	if (status == PEN_OK)
		status = note(&making, error);
	if (status == PEN_OK) {
		print_made(&making, printer);
		if (snapshot)
			snprintf(snapshot, PEN_SNAPSHOT_ROOM, "%s", making.manifest.snapshot);
	}
	end(&making);
	return status;
}

/* ---------------------------------------------------------------- list -- */

static int compare_chunks(const void *a, const void *b)
{
	return memcmp(((const struct pen_chunk *)a)->name, ((const struct pen_chunk *)b)->name, sizeof(((const struct pen_chunk *)a)->name));
}

/* How many chunks the snapshot before does not have; sorts this one's. */
static int64_t count_new(struct pen_manifest *manifest, const struct pen_manifest *before)
{
	const struct pen_chunk *chunk;
	int64_t n = 0;
	size_t i;

	if (manifest->count)
		qsort(manifest->chunks, manifest->count, sizeof(*manifest->chunks), compare_chunks);
	for (i = 0; i < manifest->count; i++) {
		chunk = &manifest->chunks[i];
		if ((i == 0 || compare_chunks(chunk, chunk - 1) != 0) && (!before->count ||
		    !bsearch(chunk, before->chunks, before->count, sizeof(*chunk), compare_chunks)))
			n++;
	}
	return n;
}

#define COLUMNS 7
/* A row; of a snapshot that cannot be read all but the name is null. */
static void fill_row(struct pen_item row[COLUMNS], const struct pen_manifest *manifest, bool readable, int64_t new_chunks)
{
	const struct pen_item items[COLUMNS] = {
		PEN_I_TEXT("snapshot", _("snapshot"), manifest->snapshot),
		PEN_I_TEXT("time", _("time"), readable ? manifest->time : NULL),
		PEN_I_TEXT("agency", _("agency"), readable ? manifest->agency : NULL),
		PEN_I_INT("bytes", _("bytes"), manifest->bytes),
		PEN_I_INT("chunks", _("chunks"), (int64_t)manifest->count),
		PEN_I_INT("new_chunks", _("new chunks"), new_chunks),
		PEN_I_TEXT("signer", _("signer"), readable ? manifest->signer : NULL),
	};

	memcpy(row, items, sizeof(items));
	row[3].null = row[4].null = row[5].null = !readable;
}

/* A row, and into *before for the next one. What cannot be read goes by; the list
 * ends in the first such failure. */
static enum pen_status list_one(const struct pen_repository *repository, const char *name,
    struct pen_manifest *before, struct pen_error *first, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_manifest manifest = { .count = 0 };
	enum pen_status status = pen_repository__load(repository, name, &manifest, error);
	struct pen_item row[COLUMNS];
	int64_t fresh = 0;

	if (status == PEN_OK)
		fresh = count_new(&manifest, before);
	else if (status != PEN_INTEGRITY)
		goto out;
	fill_row(row, &manifest, status == PEN_OK, fresh);
	pen_printer__row(printer, "snapshot", PEN_ITEMS(row));
	if (status == PEN_OK) {
		pen_repository__drop(before);
		*before = manifest;
		return PEN_OK;
	}
	if (first->status == PEN_OK)
		*first = *error;
	status = PEN_OK;
out:
	pen_repository__drop(&manifest);
	return status;
}

enum pen_status pen_backup_list(const char *repository, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_manifest before = { .count = 0 };
	struct pen_error first = { .status = PEN_OK };
	char (*names)[PEN_SNAPSHOT_ROOM] = NULL;
	struct pen_item row[COLUMNS], summary;
	struct pen_repository opened;
	enum pen_status status;
	size_t count, i;

	if (pen_repository__open(&opened, repository, NULL, error) != PEN_OK ||
	    pen_repository__list(&opened, &names, &count, error) != PEN_OK)
		return error->status;
	fill_row(row, &before, false, 0);
	pen_printer__open_table(printer, "backups", _("Backups"), &PEN_ITEMS(row));
	status = PEN_OK;
	for (i = 0; i < count && status == PEN_OK; i++)
		status = list_one(&opened, names[i], &before, &first, printer, error);
	if (status == PEN_OK && first.status != PEN_OK) {
		*error = first;
		status = first.status;
	}
	summary = (struct pen_item)PEN_I_INT("snapshots", _("snapshots"), (int64_t)count);
	pen_printer__close_table(printer, (struct pen_items){ &summary, 1 }, status);
	pen_repository__drop(&before);
	pen_memory__free(names);
	return status;
}

/* --------------------------------------------------------------- check -- */

/* Seconds since 1970 of "2026-11-23T08:15:30Z". */
static int64_t seconds(const char *time)
{
	int64_t days = pen_date__days(pen_date__parse(time, 10));

	return days * 86400 + strtol(time + 11, NULL, 10) * 3600 + strtol(time + 14, NULL, 10) * 60 + strtol(time + 17, NULL, 10);
}

/* That every chunk is there, without reading it. */
static enum pen_status look_for_chunks(const struct pen_repository *repository, const struct pen_manifest *manifest,
    struct pen_error *error)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < manifest->count; i++) {
		if (pen_repository__chunk(repository, &manifest->chunks[i], path, error) != PEN_OK)
			return error->status;
		if (access(path, F_OK) != 0)
			return pen_repository__bad_chunk(manifest, &manifest->chunks[i], _("is missing"), error);
	}
	return PEN_OK;
}

/* A line for whoever watches; these words are not translated. */
PEN_PRINTF(3, 4)
static void print_line(struct pen_printer *printer, const char *state, const char *format, ...)
{
	char line[1400];
	va_list arguments;
	int n = snprintf(line, sizeof(line), "PEN BACKUP %s - ", state);

	va_start(arguments, format);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, arguments);
	va_end(arguments);
	n = n < (int)sizeof(line) - 2 ? n : (int)sizeof(line) - 2;
	line[n] = '\n';
	pen_printer__raw(printer, line, (size_t)n + 1);
}

static enum pen_status judge_age(const struct pen_manifest *manifest, int64_t max_age, struct pen_printer *printer)
{
	char now[21];
	int64_t age = seconds(pen_date__now(now)) - seconds(manifest->time);
	bool ahead = age < -AHEAD, good = !ahead && age <= max_age;

	if (age < 0)
		age = 0;
	print_line(printer, good ? "OK" : "CRITICAL",
	    "newest snapshot %s, %" PRId64 " d %" PRId64 " h old%s | age=%" PRId64 "s;;%" PRId64,
	    manifest->snapshot, age / 86400, age / 3600 % 24,
	    ahead ? ": it lies ahead of this clock, look at the clocks" : good ? "" : ": make a backup", age, max_age);
	return good ? PEN_OK : PEN_FINDINGS;
}

enum pen_status pen_backup_check(const char *repository, int64_t max_age,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_manifest manifest = { .count = 0 };
	struct pen_repository opened;
	enum pen_status status = pen_repository__open(&opened, repository, NULL, error);

	if (status == PEN_OK)
		status = pen_repository__load(&opened, NULL, &manifest, error);
	if (status == PEN_OK)
		status = look_for_chunks(&opened, &manifest, error);
	if (status == PEN_OK)
		status = judge_age(&manifest, max_age, printer);
	else
		print_line(printer, "CRITICAL", "%s", error->text);
	/* No repository, or none in it: that is what is looked for here. */
	if (status == PEN_INPUT && strncmp(error->code, "backup.", 7) == 0) {
		*error = (struct pen_error){ .status = PEN_OK };
		status = PEN_FINDINGS;
	}
	pen_repository__drop(&manifest);
	return status;
}
