#include "base/date.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/thread.h"
#include "base/workplace.h"
#include "model/printer.h"
#include "work/chunks.h"
#include "store/journalwalk.h"
#include "store/sealedrows.h"
#include "work/tags.h"
#include "work/underway.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The private key to what is encrypted; none is fine until it is needed. */
static enum pen_status load_identity(struct pen_repository *repository, const char *identity, struct pen_error *error)
{
	enum pen_status status;
	char *pem;
	size_t n;

	if (!identity)
		return PEN_OK;
	if (pen_file__load(identity, (size_t)1 << 20, &pem, &n, error) != PEN_OK)
		return error->status;
	status = pen_cms__opener(&repository->opener, pem, n, repository->options.passphrase, repository->options.context, error);
	explicit_bzero(pem, n);
	pen_memory__free(pem);
	return status;
}

/* ------------------------------------------------- against the manifest -- */

/* A snapshot restored to scratch. `problem` is the first thing that does not
 * hold in what was restored. */
struct trial {
	const struct pen_repository *repository;
	struct pen_manifest manifest;
	struct pen_scratch scratch;
	struct pen_session session;
	struct pen_walk walk;
	int64_t problems;
	char problem[400];
};

/* The signature, by the key and a role that the signer had in the store itself
 * when the backup was made. */
static enum pen_status check_signature(struct trial *trial, struct pen_error *error)
{
	const struct pen_manifest *manifest = &trial->manifest;
	struct pen_store *store = trial->session.store;
	const char *const *role;
	char path[PATH_MAX], *signature, *pem = NULL;
	struct pen_key *key = NULL;
	enum pen_status status;
	bool holds = false, good = true;
	size_t n;

	if (pen_repository__path(trial->repository, "snapshots", manifest->snapshot, ".sig", path, error) != PEN_OK)
		return error->status;
	if (pen_file__load(path, PEN_SIGNATURE_ROOM, &signature, &n, error) != PEN_OK)
		return error->status == PEN_INPUT ? pen_manifest__bad(manifest, _("its signature is missing, or is not one"), error) : error->status;
	status = pen_staff__key_at(store, manifest->signer, manifest->journal_size, &pem, error);
	for (role = pen_staff__roles; *role && !holds && status == PEN_OK; role++)
		status = pen_staff__holds(store, manifest->signer, *role, manifest->journal_size, &holds, error);
	if (status == PEN_OK && (!pem || !holds))
		status = pen_manifest__bad(manifest, _("its signer was not of the store's staff"), error);
	if (status == PEN_OK)
		status = pen_signature__read_public(&key, pen_store__suite(store), pem, strlen(pem), error);
	if (status == PEN_OK)
		status = pen_signature__verify(key, manifest->text.s, manifest->text.n, (const unsigned char *)signature, n, &good, error);
	if (status == PEN_OK && !good)
		status = pen_manifest__bad(manifest, _("its signature does not hold"), error);
	pen_signature__free(key);
	pen_memory__free(pem);
	pen_memory__free(signature);
	return status;
}

static enum pen_status bad_fact(struct trial *trial, const char *line, struct pen_error *error)
{
	char what[160];

	snprintf(what, sizeof(what), _("the restored store does not hold what its manifest says: \"%.80s\""), line);
	return pen_manifest__bad(&trial->manifest, what, error);
}

/* Every line of the manifest about what the store held is one that the restored
 * store gives, too. A newer program may count more. */
static enum pen_status check_facts(struct trial *trial, struct pen_error *error)
{
	struct pen_text now = { 0 };
	const char *s = trial->manifest.facts.s;
	char line[400], *found;
	enum pen_status status;
	size_t n;

	pen_text__puts(&now, "\n");
	status = pen_manifest__facts(trial->session.store, false, &now, error);
	if (status == PEN_OK)
		status = pen_manifest__facts(trial->session.store, true, &now, error);
	for (; status == PEN_OK && s && *s; s += n) {
		n = strcspn(s, "\n") + 1;
		/* Between line feeds, so that a line is found as a whole. */
		snprintf(line, sizeof(line), "\n%.*s", (int)n, s);
		found = strstr(now.s, line);
		line[strcspn(line + 1, "\n") + 1] = '\0';
		if (!found)
			status = bad_fact(trial, line + 1, error);
	}
	pen_text__free(&now);
	return status;
}

static enum pen_status check_identity(struct trial *trial, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(trial->session.store);
	const struct pen_manifest *manifest = &trial->manifest;
	char line[80];
	int64_t size;

	if (strcmp(identity->agency, manifest->agency) != 0)
		return bad_fact(trial, "agency", error);
	if (strcmp(pen_digest__suite_name(identity->suite), manifest->suite) != 0)
		return bad_fact(trial, "suite", error);
	if (pen_journal__size(trial->session.store, &size, error) != PEN_OK)
		return error->status;
	snprintf(line, sizeof(line), "journal-size: %" PRId64, manifest->journal_size);
	return size == manifest->journal_size ? PEN_OK : bad_fact(trial, line, error);
}

/* ------------------------------------------------------- what is inside -- */

static enum pen_status take_finding(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct trial *trial = context;

	(void)error;
	/* A check that was not made comes as a note, and is counted elsewhere. */
	if (strcmp(found->severity, pen_rule__severity_name(PEN_NOTE)) != 0 && trial->problems++ == 0)
		snprintf(trial->problem, sizeof(trial->problem), "%s: %s %s: %s", found->rule, found->record, found->field, found->found);
	return PEN_OK;
}

static enum pen_status count_folio(void *context, const struct pen_folio *folio, bool differs, struct pen_error *error)
{
	struct trial *trial = context;

	(void)folio, (void)differs;	/* what differs is a finding */
	return pen_walk__go_on(&trial->walk, _("the sealed rows"), trial->walk.leaves, -1, error);
}

static enum pen_status walk_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	return folio->root[0] ? pen_sealedrows__add(context, folio, error) : PEN_OK;
}

static enum pen_status walk_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct trial *trial = context;
	struct pen_sealedrows *rows = NULL;
	enum pen_status status = pen_sealedrows__open(&rows, &trial->walk, batch, count_folio, trial, error);

	if (status == PEN_OK)
		status = pen_folio__each_of_batch(trial->session.store, batch->id, walk_folio, rows, error);
	if (status == PEN_OK)
		status = pen_sealedrows__end(rows, error);
	pen_sealedrows__close(rows);
	return status;
}

/* The journal's entries with their signatures and tree, up to the root that the
 * manifest has; the rows of all that was signed, with their roots. */
static enum pen_status walk_all(struct trial *trial, struct pen_error *error)
{
	struct pen_checkpoint since = { .size = trial->manifest.journal_size };
	struct pen_walk *walk = &trial->walk;
	struct pen_journalwalk_tip tip;
	enum pen_status status;
	char what[600];

	if (pen_encode__unhex(trial->manifest.journal_root, since.root, sizeof(since.root)) != 0)
		return bad_fact(trial, "journal-root", error);
	*walk = (struct pen_walk){ .session = &trial->session, .visit = take_finding, .context = trial };
	status = pen_journalwalk__tip(walk, &tip, error);
	if (status == PEN_OK)
		status = pen_journalwalk__run(walk, &tip, &since, error);
	if (status == PEN_OK)
		status = pen_batch__each(trial->session.store, walk_batch, trial, error);
	if (status == PEN_OK && trial->problems) {
		snprintf(what, sizeof(what), _("of what is in it %" PRId64 " things do not hold (%s): run pen-verify on the store"),
		    trial->problems, trial->problem);
		status = pen_manifest__bad(&trial->manifest, what, error);
	}
	if (status == PEN_OK && walk->not_made)
		status = pen_error__set(error, PEN_INCOMPLETE, "backup.unchecked",
		    _("snapshot %s: %" PRId64 " checks could not be made; run pen-verify on the store"),
		    trial->manifest.snapshot, walk->not_made);
	pen_walk__end(walk);
	return status;
}

/* -------------------------------------------------------------- verify -- */

/* A directory as large as the store: in $TMPDIR, else where backups have room. What was
 * restored and left there by a run that was killed is taken away. */
static enum pen_status make_scratch(struct trial *trial, struct pen_error *error)
{
	const char *repository = trial->repository->dir;
	const char *given = getenv("TMPDIR");
	const bool beside = (!given || !given[0]) && access(repository, W_OK) == 0;
	enum pen_status status = PEN_BUSY;
	char path[PATH_MAX];
	int n;

	for (n = 0; status == PEN_BUSY && n < PEN_WORKPLACES; n++) {
		status = pen_workplace__at(beside ? repository : pen_workplace__parent(), beside ? "verify" : "pen-restored", n,
		    path, error);
		if (status == PEN_OK)
			status = pen_scratch__take(&trial->scratch, path, error);
	}
	return status;
}

/* Without the key it is seen that the files are those that were written, and no more. */
static enum pen_status look_at_files(struct trial *trial, struct pen_error *error)
{
	if (pen_chunks__prove(trial->repository, &trial->manifest, error) != PEN_OK)
		return error->status;
	return pen_error__set(error, PEN_INCOMPLETE, "backup.unopened",
	    _("snapshot %s is encrypted: its files are what was written, and what is in them was not looked at; give the private key with --identity"),
	    trial->manifest.snapshot);
}

/* The engine's own check, by a handle of its own, while the rest is read on the other core. */
static enum pen_status check_whole(void *context, struct pen_error *error)
{
	const char *path = context;
	enum pen_status status;
	struct pen_db *db;

	if (pen_db__open(&db, path, PEN_DB_READ, error) != PEN_OK)
		return error->status;
	status = pen_db__check(db, error);
	pen_db__close(db);
	return status;
}

static enum pen_status compare_all(struct trial *trial, struct pen_error *error)
{
	if (check_identity(trial, error) != PEN_OK ||
	    check_signature(trial, error) != PEN_OK ||
	    check_facts(trial, error) != PEN_OK)
		return error->status;
	return walk_all(trial, error);
}

static enum pen_status look_into(struct trial *trial, struct pen_error *error)
{
	struct pen_error failed = { .status = PEN_OK };
	struct pen_thread *checking;
	enum pen_status status;
	char path[PATH_MAX];

	if (trial->manifest.recipient[0] && !trial->repository->opener)
		return look_at_files(trial, error);

	if (pen_file__join(path, sizeof(path), trial->scratch.path, "pen.db", error) != PEN_OK ||
	    pen_chunks__unpack(trial->repository, &trial->manifest, path, true, error) != PEN_OK ||
	    /* Writable, so that a store of an older schema is brought to ours. */
	    pen_store__open(&trial->session.store, trial->scratch.path, true, error) != PEN_OK ||
	    pen_thread__start(&checking, check_whole, path, error) != PEN_OK)
		return error->status;
	status = compare_all(trial, error);
	/* What the whole file suffers from comes before what it did to a part. */
	if (pen_thread__join(checking, &failed) != PEN_OK) {
		status = failed.status;
		*error = failed;
	}
	return status;
}

#define COLUMNS 9
static void fill_row(struct pen_item row[COLUMNS], const struct trial *trial, enum pen_status status, const char *problem)
{
	const struct pen_manifest *manifest = &trial->manifest;
	const char *result = status == PEN_OK ? "good" : status == PEN_INTEGRITY ? "damaged" : "not checked";
	const struct pen_item items[COLUMNS] = {
		PEN_I_TEXT("snapshot", _("snapshot"), manifest->snapshot),
		PEN_I_TEXT("result", _("result"), result),
		PEN_I_INT("bytes", _("bytes"), manifest->bytes),
		PEN_I_INT("chunks", _("chunks"), (int64_t)manifest->count),
		PEN_I_INT("entries", _("entries"), trial->walk.entries),
		PEN_I_INT("folios", _("folios"), trial->walk.folios),
		PEN_I_INT("rows", _("rows"), trial->walk.leaves),
		PEN_I_TEXT("signer", _("signer"), manifest->signer[0] ? manifest->signer : NULL),
		PEN_I_TEXT("problem", _("problem"), problem),
	};

	memcpy(row, items, sizeof(items));
}

/* Tries one snapshot and prints what came of it. One that does not hold is kept
 * in *first if it is the first, and is no failure here. */
static enum pen_status try(const struct pen_repository *repository, const char *snapshot,
    struct pen_error *first, struct pen_printer *printer, struct pen_error *error)
{
	struct trial trial = { .repository = repository, .scratch.fd = -1, .session.options = repository->options };
	struct pen_item row[COLUMNS];
	enum pen_status status;
	bool unopened;

	status = pen_repository__load(repository, snapshot, &trial.manifest, error);
	if (status == PEN_OK)
		status = make_scratch(&trial, error);
	if (status == PEN_OK)
		status = look_into(&trial, error);
	unopened = status == PEN_INCOMPLETE && strcmp(error->code, "backup.unopened") == 0;
	if (status == PEN_OK || status == PEN_INTEGRITY || unopened) {
		fill_row(row, &trial, status, status == PEN_OK ? NULL : error->text);
		pen_printer__row(printer, "snapshot", PEN_ITEMS(row));
	}
	if (status == PEN_INTEGRITY || unopened) {
		/* What does not hold comes before what was not looked at. */
		if (first->status == PEN_OK || (first->status == PEN_INCOMPLETE && !unopened))
			*first = *error;
		status = PEN_OK;
	}
	pen_store__close(trial.session.store);
	pen_scratch__clear(&trial.scratch);
	pen_manifest__drop(&trial.manifest);
	return status;
}

/* Snapshots that have lost their manifests, whichever was asked for: the newest may be
 * one of them. */
static enum pen_status tell_lost(const struct pen_repository *repository, struct pen_error *first,
    struct pen_printer *printer, struct pen_error *error)
{
	struct trial lost = { .repository = repository };
	char (*names)[PEN_SNAPSHOT_ROOM];
	struct pen_item row[COLUMNS];
	struct pen_error why;
	size_t count, i;

	if (pen_underway__lost(repository, &names, &count, error) != PEN_OK)
		return error->status;
	for (i = 0; i < count; i++) {
		snprintf(lost.manifest.snapshot, sizeof(lost.manifest.snapshot), "%s", names[i]);
		pen_underway__say_lost(names[i], &why);
		fill_row(row, &lost, PEN_INTEGRITY, why.text);
		pen_printer__row(printer, "snapshot", PEN_ITEMS(row));
		if (first->status != PEN_INTEGRITY)
			*first = why;
	}
	pen_memory__free(names);
	return PEN_OK;
}

enum pen_status pen_restore_verify(const char *repository, const char *snapshot, const char *identity,
    const struct pen_session_options *options, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_error first = { .status = PEN_OK };
	char (*names)[PEN_SNAPSHOT_ROOM] = NULL;
	struct trial none = { .repository = NULL };
	struct pen_item row[COLUMNS];
	struct pen_repository opened = { .lock = -1 };
	enum pen_status status = PEN_OK;
	size_t count, i;

	if (pen_repository__open(&opened, repository, options, error) != PEN_OK ||
	    pen_repository__read_on(&opened, error) != PEN_OK)
		return error->status;
	if (load_identity(&opened, identity, error) != PEN_OK ||
	    pen_repository__list(&opened, &names, &count, error) != PEN_OK) {
		pen_cms__opener_free(opened.opener);
		pen_repository__let_go(&opened);
		return error->status;
	}
	fill_row(row, &none, PEN_OK, NULL);
	pen_printer__open_table(printer, "backup-verification", _("Backups tried out"), &PEN_ITEMS(row));
	if (!snapshot || strcmp(snapshot, "all") != 0)
		status = try(&opened, snapshot, &first, printer, error);
	else
		for (i = 0; i < count && status == PEN_OK; i++)
			status = try(&opened, names[i], &first, printer, error);
	if (status == PEN_OK)
		status = tell_lost(&opened, &first, printer, error);
	if (status == PEN_OK && first.status != PEN_OK) {
		*error = first;
		status = first.status;
	}
	pen_printer__close_table(printer, (struct pen_items){ NULL, 0 }, status);
	pen_memory__free(names);
	pen_cms__opener_free(opened.opener);
	pen_repository__let_go(&opened);
	return status;
}

/* ------------------------------------------------------------- restore -- */

/* Where to: `kept` is "" unless there is a store, which is to be replaced. */
struct place { char target[PATH_MAX], kept[PATH_MAX], tmp[PATH_MAX]; };

static enum pen_status beside(const char *target, const char *ending, char out[PATH_MAX], struct pen_error *error)
{
	if (snprintf(out, PATH_MAX, "%s%s", target, ending) < PATH_MAX)
		return PEN_OK;
	return pen_error__set(error, PEN_SYSTEM, "system.path", _("the path %s is too long: use a shorter one"), target);
}

/* The store that is there: by its own name, if it is reached by a link, and under what
 * name it will be kept. */
static enum pen_status choose_kept(struct place *place, struct pen_error *error)
{
	char path[PATH_MAX], ending[40], now[21];
	bool found, taken;

	if (!realpath(place->target, path))
		return pen_error__errno(error, _("cannot look at %s"), place->target);
	snprintf(place->target, sizeof(place->target), "%s", path);
	if (pen_file__join(path, sizeof(path), place->target, "pen.db", error) != PEN_OK ||
	    pen_file__there(path, F_OK, &found, error) != PEN_OK)
		return error->status;
	if (!found)
		return pen_error__set(error, PEN_USAGE, "restore.not-a-store",
		    _("%s is there already and is no store (no pen.db): --replace replaces a store alone; name another directory"), place->target);
	pen_date__now(now);
	snprintf(ending, sizeof(ending), ".before-%.4s%.2s%.5s%.2s%.3s", now, now + 5, now + 8, now + 14, now + 17);
	if (beside(place->target, ending, place->kept, error) != PEN_OK ||
	    pen_file__there(place->kept, F_OK, &taken, error) != PEN_OK)
		return error->status;
	return taken ? pen_error__set(error, PEN_BUSY, "backup.busy", _("%s is there already: try again in the next second"), place->kept) : PEN_OK;
}

/* The name of the directory without slashes at its end; nothing may be there, unless
 * it is a store that is to be replaced. */
static enum pen_status choose_target(const char *directory, bool replace, struct place *place, struct pen_error *error)
{
	char *out = place->target;
	struct stat st;
	size_t n;

	place->kept[0] = '\0';
	if (pen_file__join(out, PATH_MAX, "", directory, error) != PEN_OK)
		return error->status;
	for (n = strlen(out); n > 1 && out[n - 1] == '/'; n--)
		out[n - 1] = '\0';
	if (n == 0)
		return pen_error__set(error, PEN_USAGE, "restore.target", _("name the directory to restore to"));
	if (lstat(out, &st) != 0) {
		if (errno != ENOENT)
			return pen_error__errno(error, _("cannot look at %s"), out);
	} else if (!replace) {
		return pen_error__set(error, PEN_USAGE, "restore.exists",
		    _("%s is there already, and nothing is restored over it: name a directory that is not there yet, or give --replace, which keeps the store that is there beside"), out);
	} else if (choose_kept(place, error) != PEN_OK) {
		return error->status;
	}
	return beside(out, ".tmp", place->tmp, error);
}

/* Puts what was restored in its place. A store that is at work is not taken away from
 * under the run that works on it; one that cannot be opened any more is. */
static enum pen_status put(struct pen_scratch *scratch, const struct place *place, struct pen_error *error)
{
	struct pen_error broken = { .status = PEN_OK };
	enum pen_status status;
	char path[PATH_MAX];
	struct pen_db *db;

	if (!place->kept[0])
		return pen_scratch__publish(scratch, place->target, error);
	if (pen_file__join(path, sizeof(path), place->target, "pen.db", error) != PEN_OK)
		return error->status;
	if (pen_db__open(&db, path, PEN_DB_WRITE, &broken) != PEN_OK)
		db = NULL;
	if (db && pen_db__begin_write(db, &broken) == PEN_BUSY) {
		*error = broken;
		status = error->status;
	} else {
		status = pen_scratch__replace(scratch, place->target, place->kept, error);
	}
	if (db)
		pen_db__close(db);
	return status;
}

/* Says of the directory that it is a copy: nothing is entered in its journal. */
static enum pen_status mark_copy(const struct pen_manifest *manifest, const char *dir, struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char path[PATH_MAX], hex[PEN_DIGEST_HEX], now[21];
	struct pen_text text = { 0 };
	enum pen_suite suite;
	enum pen_status status;

	if (pen_digest__suite(manifest->suite, &suite) != 0 ||
	    !pen_digest__of(suite, manifest->text.s, manifest->text.n, hash))
		return pen_error__memory(error);
	pen_text__printf(&text, "snapshot: %s\nrestored: %s\nmanifest: %s:%s\njournal-size: %" PRId64 "\njournal-root: %s\n",
	    manifest->snapshot, pen_date__now(now), pen_digest__name(suite), pen_encode__hex(hash, sizeof(hash), hex),
	    manifest->journal_size, manifest->journal_root);
	status = pen_file__join(path, sizeof(path), dir, PEN_RESTORED_MARKER, error);
	if (status == PEN_OK)
		status = text.failed ? pen_error__memory(error) : pen_file__save(path, text.s, text.n, 0600, error);
	pen_text__free(&text);
	return status;
}

/* The chunks to a store in scratch, looked through by the engine. */
static enum pen_status fill(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const char *dir, struct pen_error *error)
{
	char path[PATH_MAX];
	enum pen_status status;
	struct pen_db *db;

	if (pen_file__join(path, sizeof(path), dir, "pen.db", error) != PEN_OK ||
	    pen_chunks__unpack(repository, manifest, path, false, error) != PEN_OK ||
	    pen_db__open(&db, path, PEN_DB_READ, error) != PEN_OK)
		return error->status;
	status = pen_db__check(db, error);
	pen_db__close(db);
	return status == PEN_OK ? mark_copy(manifest, dir, error) : status;
}

static void print_restored(const struct pen_manifest *manifest, const struct place *place, struct pen_printer *printer)
{
	const struct pen_item record[] = {
		PEN_I_TEXT("snapshot", _("snapshot"), manifest->snapshot),
		PEN_I_TEXT("directory", _("directory"), place->target),
		PEN_I_TEXT("kept", _("what was there"), place->kept[0] ? place->kept : NULL),
		PEN_I_INT("bytes", _("bytes"), manifest->bytes),
		PEN_I_INT("chunks", _("chunks"), (int64_t)manifest->count),
		PEN_I_TEXT("digest", _("digest"), manifest->digest),
		PEN_I_INT("journal.size", _("journal entries"), manifest->journal_size),
		PEN_I_TEXT("journal.root", _("journal root"), manifest->journal_root),
	};

	pen_printer__one(printer, "restored", _("Restored"), PEN_ITEMS(record), PEN_OK);
}

enum pen_status pen_restore(const char *repository, const char *snapshot, const char *directory,
    const struct pen_restore_options *options, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_manifest manifest = { .count = 0 };
	struct pen_repository opened = { .lock = -1 };
	struct pen_scratch scratch = { .fd = -1 };
	enum pen_status status;
	struct place place = { .target = "" };

	status = choose_target(directory, options->replace, &place, error);
	if (status == PEN_OK)
		status = pen_repository__open(&opened, repository, &options->session, error);
	if (status == PEN_OK)
		status = pen_repository__read_on(&opened, error);
	if (status == PEN_OK)
		status = load_identity(&opened, options->identity, error);
	if (status == PEN_OK)
		status = pen_repository__load(&opened, snapshot, &manifest, error);
	if (status == PEN_OK)
		status = pen_scratch__take(&scratch, place.tmp, error);
	if (status == PEN_OK)
		status = fill(&opened, &manifest, scratch.path, error);
	if (status == PEN_OK)
		status = put(&scratch, &place, error);
	if (status == PEN_OK)
		print_restored(&manifest, &place, printer);
	pen_scratch__clear(&scratch);
	pen_cms__opener_free(opened.opener);
	pen_repository__let_go(&opened);
	pen_manifest__drop(&manifest);
	return status;
}
