#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/printer.h"
#include "work/chunks.h"
#include "work/packing.h"
#include "store/rawcopy.h"
#include "work/tags.h"
#include "work/underway.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AHEAD 300			/* seconds that clocks may differ */
#define NOTE_TRIES 3			/* each waits for the store as long as the engine does */

/* A backup being made, in a repository that is held; work.fd is -1 while there is
 * no scratch. */
struct making {
	struct pen_session *session;
	struct pen_repository repository;
	struct pen_scratch work;		/* with the copy, pen.db, in it */
	struct pen_rawcopy *copy;		/* while it is read */
	struct pen_manifest manifest;
	struct pen_packing_added added;
	struct pen_tags tags;
};

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

/* The signature, and then the manifest; a signature whose manifest could not be written
 * goes again. */
static enum pen_status place(const struct making *making, const unsigned char *signature, size_t n, struct pen_error *error)
{
	const struct pen_repository *repository = &making->repository;
	const struct pen_manifest *manifest = &making->manifest;
	struct pen_error ignored = { .status = PEN_OK };
	char path[PATH_MAX];

	if (pen_repository__path(repository, "snapshots", manifest->snapshot, ".sig", path, error) == PEN_OK &&
	    pen_scratch__place(&making->work, path, signature, n, error) == PEN_OK &&
	    pen_repository__path(repository, "snapshots", manifest->snapshot, ".manifest", path, error) == PEN_OK &&
	    pen_scratch__place(&making->work, path, manifest->text.s, manifest->text.n, error) == PEN_OK)
		return PEN_OK;
	pen_underway__remove(repository, manifest->snapshot, ".sig", &ignored);
	return error->status;
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

	if (pen_manifest__compose(manifest, error) != PEN_OK ||
	    name_snapshot(making, error) != PEN_OK ||
	    pen_signature__sign(making->session->key, manifest->text.s, manifest->text.n, signature, &n, error) != PEN_OK ||
	    pen_underway__tell(repository, &making->work, (const char (*)[PEN_SNAPSHOT_ROOM])&manifest->snapshot, 1, error) != PEN_OK ||
	    place(making, signature, n, error) != PEN_OK ||
	    pen_repository__path(repository, "", "snapshots", "", path, error) != PEN_OK)
		return error->status;
	return pen_scratch__sync(path, error);
}

/* The store's own record that there is such a backup, which says what it was. The
 * snapshot is good by now, so a store that is busy is asked again, and a failure
 * says so: nobody is to take it for one of the backup. */
static enum pen_status note(struct making *making, struct pen_error *error)
{
	const struct pen_manifest *manifest = &making->manifest;
	enum pen_status status = PEN_BUSY;
	char why[sizeof(error->text)];
	struct pen_body body;
	int i;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "bytes", manifest->bytes);
	pen_entry__body_text(&body, "digest", manifest->digest);
	if (!pen_entry__body_close(&body))
		status = pen_error__memory(error);
	for (i = 0; i < NOTE_TRIES && status == PEN_BUSY && (i == 0 || !pen_session__stopped(making->session)); i++)
		status = pen_session__note(making->session, "backup.create", manifest->snapshot, body.text.s, error);
	pen_entry__body_free(&body);
	if (status == PEN_OK)
		return PEN_OK;
	memcpy(why, error->text, sizeof(why));
	return pen_error__set(error, status, "backup.not-entered",
	    _("snapshot %s is good, but is not entered in the store's journal (%s): keep it, and make another when that is mended"),
	    manifest->snapshot, why);
}

static void print_made(const struct making *making, struct pen_printer *printer)
{
	const struct pen_manifest *manifest = &making->manifest;
	const struct pen_item record[] = {
		PEN_I_TEXT("snapshot", _("snapshot"), manifest->snapshot),
		PEN_I_TEXT("repository", _("repository"), making->repository.dir),
		PEN_I_INT("bytes", _("bytes"), manifest->bytes),
		PEN_I_INT("chunks", _("chunks"), (int64_t)manifest->count),
		PEN_I_INT("new_chunks", _("chunks stored anew"), making->added.chunks),
		PEN_I_INT("new_bytes", _("bytes stored anew"), making->added.bytes),
		PEN_I_INT("mended_chunks", _("chunks mended"), making->added.mended),
		PEN_I_TEXT("digest", _("digest"), manifest->digest),
		PEN_I_INT("journal.size", _("journal entries"), manifest->journal_size),
		PEN_I_TEXT("journal.root", _("journal root"), manifest->journal_root),
		PEN_I_TEXT("signer", _("signer"), manifest->signer),
		PEN_I_TEXT("recipient", _("encrypted to"), manifest->recipient[0] ? manifest->recipient : NULL),
	};

	pen_printer__one(printer, "backup", _("Backup"), PEN_ITEMS(record), PEN_OK);
}

/* What is encrypted already in the repository, by all the snapshots that can be read. */
static enum pen_status learn(struct making *making, struct pen_error *error)
{
	struct pen_error ignored = { .status = PEN_OK };
	struct pen_manifest manifest = { .count = 0 };
	char (*names)[PEN_SNAPSHOT_ROOM];
	enum pen_status status;
	size_t count, i;

	status = pen_repository__list(&making->repository, &names, &count, error);
	for (i = 0; i < count && status == PEN_OK; i++) {
		if (pen_repository__load(&making->repository, names[i], &manifest, &ignored) == PEN_OK)
			status = pen_tags__learn(&making->tags, &manifest, error);
		pen_manifest__drop(&manifest);
	}
	if (status == PEN_OK)
		snprintf(making->manifest.recipient, sizeof(making->manifest.recipient), "%s", making->tags.fingerprint);
	making->repository.tags = &making->tags;
	pen_memory__free(names);
	return status;
}

/* For whom it is. An option that was forgotten is not to bring out what the others hide. */
static enum pen_status choose_recipient(struct making *making, const char *recipient, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(making->session->store);
	struct pen_error ignored = { .status = PEN_OK };
	struct pen_manifest newest = { .count = 0 };
	enum pen_status status = PEN_OK;

	if (recipient)
		return pen_tags__open(&making->tags, recipient, identity, error) == PEN_OK ? learn(making, error) : error->status;
	if (pen_repository__load(&making->repository, NULL, &newest, &ignored) == PEN_OK && newest.recipient[0])
		status = pen_error__set(error, PEN_USAGE, "backup.recipient",
		    _("the newest snapshot in %s is encrypted and this one would not be: give --recipient, or another repository"),
		    making->repository.dir);
	pen_manifest__drop(&newest);
	return status;
}

/* The copy goes into the repository while it is read again on the other core. */
static enum pen_status pack(struct making *making, struct pen_error *error)
{
	struct pen_repository *repository = &making->repository;
	struct pen_manifest *manifest = &making->manifest;
	char path[PATH_MAX];

	if (pen_file__join(path, sizeof(path), making->work.path, "pen.db", error) != PEN_OK ||
	    pen_rawcopy__take(&making->copy, making->session, repository, &making->work, manifest, error) != PEN_OK ||
	    pen_packing__store(repository, &making->work, path, manifest, &making->added, error) != PEN_OK ||
	    pen_rawcopy__reread(making->copy, error) != PEN_OK)
		return error->status;
	/* Closed and gone before all that was stored is brought to the disk. */
	pen_rawcopy__free(making->copy);
	making->copy = NULL;
	unlink(path);
	return pen_packing__last(repository, error);
}

/* All that comes before anything is made known, under the repository's lock. */
static enum pen_status make(struct making *making, const char *repository, const char *recipient, struct pen_error *error)
{
	if (pen_repository__hold(&making->repository, repository, &making->session->options, error) != PEN_OK ||
	    choose_recipient(making, recipient, error) != PEN_OK ||
	    pen_underway__begin(&making->repository, &making->work, error) != PEN_OK)
		return error->status;
	return pack(making, error);
}

enum pen_status pen_backup_create(struct pen_session *session, const char *repository, const char *recipient,
    char snapshot[PEN_SNAPSHOT_ROOM], struct pen_printer *printer, struct pen_error *error)
{
	struct making making = { .session = session, .repository.lock = -1, .work.fd = -1 };
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = make(&making, repository, recipient, error);
	if (status == PEN_OK)
		status = enter(&making, error);
	if (status == PEN_OK)
		status = note(&making, error);
	if (status == PEN_OK) {
		print_made(&making, printer);
		if (snapshot)
			snprintf(snapshot, PEN_SNAPSHOT_ROOM, "%s", making.manifest.snapshot);
	}
	pen_rawcopy__free(making.copy);
	pen_scratch__clear(&making.work);
	pen_repository__let_go(&making.repository);
	pen_manifest__drop(&making.manifest);
	pen_tags__drop(&making.tags);
	return status;
}

/* ---------------------------------------------------------------- list -- */

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
		fresh = pen_manifest__count_new(&manifest, before);
	else if (status != PEN_INTEGRITY)
		goto out;
	fill_row(row, &manifest, status == PEN_OK, fresh);
	pen_printer__row(printer, "snapshot", PEN_ITEMS(row));
	if (status == PEN_OK) {
		pen_manifest__drop(before);
		*before = manifest;
		return PEN_OK;
	}
	if (first->status == PEN_OK)
		*first = *error;
	status = PEN_OK;
out:
	pen_manifest__drop(&manifest);
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
	pen_manifest__drop(&before);
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
		status = pen_chunks__look(&opened, &manifest, error);
	if (status == PEN_OK)
		status = judge_age(&manifest, max_age, printer);
	else
		print_line(printer, "CRITICAL", "%s", error->text);
	/* No repository, or none in it: that is what is looked for here. */
	if (status == PEN_INPUT && strncmp(error->code, "backup.", 7) == 0) {
		*error = (struct pen_error){ .status = PEN_OK };
		status = PEN_FINDINGS;
	}
	pen_manifest__drop(&manifest);
	return status;
}
