/*
 * The order is what makes it safe to be killed: everything is read and judged first; then
 * the manifests go, and are gone on the disk before the first chunk is removed. Whatever
 * is left then is whole, and what is too much is found again by the next run.
 */
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/keeping.h"
#include "model/printer.h"
#include "work/sweep.h"
#include "work/underway.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define AGENCY_AT 17		/* in a snapshot's name: after 20261123T081530Z- */

/* Besides PEN_KEEP_…: why one stays. */
enum { LAST_GOOD = 8, DAMAGED = 16 };

/* Snapshots oldest first; why 0: it goes. `first` is what is said of the first damaged. */
struct pruning {
	const struct pen_prune_options *options;
	struct pen_repository repository;
	struct pen_scratch work;
	int readers;
	char (*names)[PEN_SNAPSHOT_ROOM], (*going)[PEN_SNAPSHOT_ROOM];
	size_t count, gone;
	unsigned *why;
	struct pen_sweep sweep;
	struct pen_error first;
};

/* The time of a snapshot, out of its name. */
static void time_of(const char *name, char out[21])
{
	snprintf(out, 21, "%.4s-%.2s-%.5s:%.2s:%.3s", name, name + 4, name + 6, name + 11, name + 13);
}

/* ------------------------------------------------------------- judging -- */

/* No chunk can be told to be idle while a manifest is lost. */
static enum pen_status look_for_lost(const struct pruning *pruning, struct pen_error *error)
{
	char (*names)[PEN_SNAPSHOT_ROOM];
	enum pen_status status;
	size_t count;

	if (pen_underway__lost(&pruning->repository, &names, &count, error) != PEN_OK)
		return error->status;
	status = count ? pen_underway__say_lost(names[0], error) : PEN_OK;
	pen_memory__free(names);
	return status;
}

/* Whether its chunks are there, or also hold. What does not is no failure here. */
static enum pen_status look_at(struct pruning *pruning, size_t i, bool thoroughly, struct pen_error *error)
{
	struct pen_manifest manifest = { .count = 0 };
	enum pen_status status = pen_repository__load(&pruning->repository, pruning->names[i], &manifest, error);

	if (status != PEN_OK)
		goto out;
	status = (thoroughly ? pen_chunks__prove : pen_chunks__look)(&pruning->repository, &manifest, error);
	if (status == PEN_INTEGRITY) {
		pruning->why[i] = DAMAGED;
		if (pruning->first.status == PEN_OK)
			pruning->first = *error;
		*error = (struct pen_error){ .status = PEN_OK };
		status = PEN_OK;
	}
out:
	pen_manifest__drop(&manifest);
	return status;
}

static bool same_agency(const struct pruning *pruning, size_t i, size_t j)
{
	return strncmp(pruning->names[i] + AGENCY_AT, pruning->names[j] + AGENCY_AT, 6) == 0;
}

/* The newest of an agency that holds, read through: those found damaged on the way are
 * marked so. */
static enum pen_status find_last_good(struct pruning *pruning, size_t of, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = pruning->count; i > 0 && status == PEN_OK; i--) {
		if (!same_agency(pruning, i - 1, of) || pruning->why[i - 1] == DAMAGED)
			continue;
		status = look_at(pruning, i - 1, true, error);
		if (status == PEN_OK && pruning->why[i - 1] != DAMAGED) {
			pruning->why[i - 1] = LAST_GOOD;
			break;
		}
	}
	return status;
}

/* Those of one agency that hold, by the rule. */
static enum pen_status choose_of(struct pruning *pruning, size_t of, struct pen_error *error)
{
	const struct pen_keeping keeping = { pruning->options->daily, pruning->options->weekly, pruning->options->monthly };
	int32_t *dates = pen_memory__calloc(pruning->count, sizeof(*dates));
	unsigned *why = pen_memory__calloc(pruning->count, sizeof(*why));
	enum pen_status status = dates && why ? find_last_good(pruning, of, error) : pen_error__memory(error);
	size_t i, n = 0;
	char time[21];

	for (i = of; i < pruning->count && status == PEN_OK; i++) {
		if (!same_agency(pruning, i, of) || pruning->why[i] == DAMAGED)
			continue;
		time_of(pruning->names[i], time);
		dates[n++] = pen_date__local(time);
	}
	if (status == PEN_OK)
		pen_keeping__choose(&keeping, dates, n, why);
	for (i = of, n = 0; i < pruning->count && status == PEN_OK; i++)
		if (same_agency(pruning, i, of) && pruning->why[i] != DAMAGED)
			pruning->why[i] |= why[n++];
	pen_memory__free(dates);
	pen_memory__free(why);
	return status;
}

static enum pen_status judge(struct pruning *pruning, struct pen_error *error)
{
	enum pen_status status = look_for_lost(pruning, error);
	size_t i, j;

	if (status == PEN_OK)
		status = pen_repository__list(&pruning->repository, &pruning->names, &pruning->count, error);
	if (status != PEN_OK || pruning->count == 0)
		return status;
	pruning->why = pen_memory__calloc(pruning->count, sizeof(*pruning->why));
	pruning->going = pen_memory__calloc(pruning->count, sizeof(*pruning->going));
	if (!pruning->why || !pruning->going)
		return pen_error__memory(error);
	for (i = 0; i < pruning->count && status == PEN_OK; i++)
		status = look_at(pruning, i, false, error);
	for (i = 0; i < pruning->count && status == PEN_OK; i++) {
		for (j = 0; j < i && !same_agency(pruning, i, j); j++)
			;
		if (j == i)	/* the first of its agency */
			status = choose_of(pruning, i, error);
	}
	for (i = 0; i < pruning->count && status == PEN_OK; i++)
		if (!pruning->why[i])
			memcpy(pruning->going[pruning->gone++], pruning->names[i], sizeof(*pruning->names));
	return status;
}

/* ------------------------------------------------------------ removing -- */

static enum pen_status sync_snapshots(const struct pruning *pruning, struct pen_error *error)
{
	char path[PATH_MAX];

	if (pen_repository__path(&pruning->repository, "", "snapshots", "", path, error) != PEN_OK)
		return error->status;
	return pen_scratch__sync(path, error);
}

static enum pen_status remove_each(const struct pruning *pruning, const char *ending, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < pruning->gone && status == PEN_OK; i++)
		status = pen_underway__remove(&pruning->repository, pruning->going[i], ending, error);
	return status == PEN_OK ? sync_snapshots(pruning, error) : status;
}

/* Where this fails in the middle, the list of what was to go stays for the next run. */
static enum pen_status remove_snapshots(struct pruning *pruning, struct pen_error *error)
{
	if (pen_underway__tell(&pruning->repository, &pruning->work,
	    (const char (*)[PEN_SNAPSHOT_ROOM])pruning->going, pruning->gone, error) != PEN_OK)
		return error->status;
	if (remove_each(pruning, ".manifest", error) == PEN_OK &&
	    remove_each(pruning, ".sig", error) == PEN_OK)
		return PEN_OK;
	pen_scratch__leave(&pruning->work);
	return error->status;
}

/* What the snapshots that stay name stays; the rest goes, also what killed runs left. */
static enum pen_status sweep(struct pruning *pruning, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct pen_manifest manifest;
	size_t i;

	for (i = 0; i < pruning->count && status == PEN_OK; i++) {
		if (!pruning->why[i])
			continue;
		memset(&manifest, 0, sizeof(manifest));
		status = pen_repository__load(&pruning->repository, pruning->names[i], &manifest, error);
		if (status == PEN_OK)
			status = pen_sweep__keep(&pruning->sweep, &manifest, error);
		pen_manifest__drop(&manifest);
	}
	return status == PEN_OK ? pen_sweep__run(&pruning->sweep, &pruning->repository, pruning->options->dry_run, error) : status;
}

/* ------------------------------------------------------------- telling -- */

#define COLUMNS 4
static void fill_row(struct pen_item row[COLUMNS], const char *name, const char *time, unsigned why, char text[80])
{
	static const struct { unsigned reason; const char *word; } words[] = {
		{ DAMAGED, "damaged" }, { LAST_GOOD, "last-good" }, { PEN_KEEP_DAILY, "daily" },
		{ PEN_KEEP_WEEKLY, "weekly" }, { PEN_KEEP_MONTHLY, "monthly" },
	};
	const struct pen_item items[COLUMNS] = {
		PEN_I_TEXT("snapshot", _("snapshot"), name),
		PEN_I_TEXT("time", _("time"), time),
		PEN_I_TEXT("action", _("action"), why ? "keep" : "remove"),
		PEN_I_TEXT("why", _("why"), why ? text : NULL),
	};
	size_t i, n = 0;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (why & words[i].reason)
			n += (size_t)snprintf(text + n, 80 - n, "%s%s", n ? " " : "", words[i].word);
	memcpy(row, items, sizeof(items));
}

static void print(const struct pruning *pruning, struct pen_printer *printer, enum pen_status status)
{
	const struct pen_item summary[] = {
		PEN_I_FLAG("dry_run", _("dry run"), pruning->options->dry_run),
		PEN_I_INT("kept", _("kept"), (int64_t)(pruning->count - pruning->gone)),
		PEN_I_INT("removed", _("removed"), (int64_t)pruning->gone),
		PEN_I_INT("removed_chunks", _("chunks removed"), pruning->sweep.chunks),
		PEN_I_INT("removed_bytes", _("bytes removed"), pruning->sweep.bytes),
	};
	struct pen_item row[COLUMNS];
	char text[80], time[21];
	size_t i;

	fill_row(row, "", "", 0, text);
	pen_printer__open_table(printer, "prune", _("Snapshots to keep and to remove"), &PEN_ITEMS(row));
	for (i = 0; i < pruning->count; i++) {
		time_of(pruning->names[i], time);
		fill_row(row, pruning->names[i], time, pruning->why[i], text);
		pen_printer__row(printer, "snapshot", PEN_ITEMS(row));
	}
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
}

/* Who only looks needs not be able to write there. */
static enum pen_status begin(struct pruning *pruning, const char *dir, struct pen_error *error)
{
	struct pen_repository *repository = &pruning->repository;

	/* Looked for first: to hold a repository makes one that is not there. */
	if (pen_repository__open(repository, dir, &pruning->options->session, error) != PEN_OK)
		return error->status;
	if (pruning->options->dry_run)
		return pen_repository__read_on(repository, error);
	if (pen_repository__hold(repository, dir, &pruning->options->session, error) != PEN_OK ||
	    pen_repository__no_readers(repository, &pruning->readers, error) != PEN_OK)
		return error->status;
	return pen_underway__begin(repository, &pruning->work, error);
}

enum pen_status pen_prune(const char *repository, const struct pen_prune_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pruning pruning = { .options = options, .repository.lock = -1, .work.fd = -1, .readers = -1 };
	enum pen_status status;

	status = begin(&pruning, repository, error);
	if (status == PEN_OK)
		status = judge(&pruning, error);
	if (status == PEN_OK && !options->dry_run && pruning.gone)
		status = remove_snapshots(&pruning, error);
	if (status == PEN_OK)
		status = sweep(&pruning, error);
	if (status == PEN_OK && pruning.first.status != PEN_OK) {
		*error = pruning.first;
		status = error->status;
	}
	if (status == PEN_OK || status == pruning.first.status)
		print(&pruning, printer, status);
	pen_scratch__clear(&pruning.work);
	if (pruning.readers >= 0)
		close(pruning.readers);
	pen_repository__let_go(&pruning.repository);
	pen_sweep__drop(&pruning.sweep);
	pen_memory__free(pruning.names);
	pen_memory__free(pruning.going);
	pen_memory__free(pruning.why);
	return status;
}
