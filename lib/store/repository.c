#include "store/repository.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define MANIFEST_LARGEST ((size_t)1 << 30)

enum pen_status pen_repository__path(const struct pen_repository *repository, const char *folder,
    const char *name, const char *ending, char out[PATH_MAX], struct pen_error *error)
{
	int n = snprintf(out, PATH_MAX, "%s/%s%s%s%s", repository->dir, folder, *folder ? "/" : "", name, ending);

	if (n < 0 || n >= PATH_MAX)
		return pen_error__set(error, PEN_SYSTEM, "system.path",
		    _("found a path of %d bytes, expected fewer than %d: use a shorter one"), n, PATH_MAX);
	return PEN_OK;
}

enum pen_status pen_repository__go_on(const struct pen_repository *repository, const char *step,
    int64_t done, int64_t total, struct pen_error *error)
{
	const struct pen_session_options *options = &repository->options;

	if (options->stopped && options->stopped(options->context))
		return pen_error__set(error, PEN_INCOMPLETE, "backup.stopped",
		    _("stopped while %s; nothing is left half done: run it again"), step);
	if (options->progress)
		options->progress(options->context, step, done, total);
	return PEN_OK;
}

enum pen_status pen_repository__open(struct pen_repository *repository, const char *dir,
    const struct pen_session_options *options, struct pen_error *error)
{
	char path[PATH_MAX];
	bool found;

	memset(repository, 0, sizeof(*repository));
	repository->lock = -1;
	if (options)
		repository->options = *options;
	if (pen_file__join(repository->dir, sizeof(repository->dir), "", dir, error) != PEN_OK ||
	    pen_repository__path(repository, "", "snapshots", "", path, error) != PEN_OK ||
	    pen_file__there(path, R_OK, &found, error) != PEN_OK)
		return error->status;
	if (found)
		return PEN_OK;
	return pen_error__set(error, PEN_INPUT, "backup.missing",
	    _("there is no backup repository in %s (no directory \"snapshots\"): name another, or make one with pen-backup create"), dir);
}

/* ------------------------------------------------------------- holding -- */

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
		    pen_scratch__take(&left, path, &ignored) == PEN_OK)
			pen_scratch__clear(&left);
	if (dir)
		closedir(dir);
}

enum pen_status pen_repository__hold(struct pen_repository *repository, const char *dir,
    const struct pen_session_options *options, struct pen_error *error)
{
	char path[PATH_MAX];

	repository->lock = -1;
	if (pen_file__join(path, sizeof(path), dir, "snapshots", error) != PEN_OK ||
	    pen_file__directory(path, 0700, error) != PEN_OK ||
	    pen_repository__open(repository, dir, options, error) != PEN_OK ||
	    pen_repository__path(repository, "", "chunks", "", path, error) != PEN_OK ||
	    pen_file__directory(path, 0700, error) != PEN_OK ||
	    pen_repository__path(repository, "", "lock", "", path, error) != PEN_OK)
		return error->status;
	repository->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (repository->lock < 0)
		return pen_error__errno(error, _("cannot open %s"), path);
	if (flock(repository->lock, LOCK_EX | LOCK_NB) != 0) {
		pen_repository__let_go(repository);
		return pen_error__set(error, PEN_BUSY, "backup.busy",
		    _("another backup to %s is under way: try again when it is done"), dir);
	}
	clean(repository);
	return PEN_OK;
}

void pen_repository__let_go(struct pen_repository *repository)
{
	if (repository->lock >= 0)
		close(repository->lock);
	repository->lock = -1;
}

/* A lock of those who read, on the directory itself: where it may only be read, too. */
static enum pen_status lock_readers(const struct pen_repository *repository, int how, int *fd, struct pen_error *error)
{
	char path[PATH_MAX];

	*fd = -1;
	if (pen_repository__path(repository, "", "snapshots", "", path, error) != PEN_OK)
		return error->status;
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return pen_error__errno(error, _("cannot open %s"), path);
	/* A file system that knows no locks cannot be removed from by two either. */
	if (flock(*fd, how | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return PEN_OK;
	close(*fd);
	*fd = -1;
	return PEN_BUSY;
}

enum pen_status pen_repository__read_on(struct pen_repository *repository, struct pen_error *error)
{
	enum pen_status status = lock_readers(repository, LOCK_SH, &repository->lock, error);

	return status != PEN_BUSY ? status : pen_error__set(error, PEN_BUSY, "backup.busy",
	    _("snapshots are being removed from %s: try again when that is done"), repository->dir);
}

enum pen_status pen_repository__no_readers(const struct pen_repository *repository, int *fd, struct pen_error *error)
{
	enum pen_status status = lock_readers(repository, LOCK_EX, fd, error);

	return status != PEN_BUSY ? status : pen_error__set(error, PEN_BUSY, "backup.busy",
	    _("a snapshot of %s is being verified or restored: try again when that is done"), repository->dir);
}

/* ----------------------------------------------------------- snapshots -- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

enum pen_status pen_repository__list_files(const struct pen_repository *repository, const char *ending,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error)
{
	char path[PATH_MAX], (*more)[PEN_SNAPSHOT_ROOM];
	struct dirent *entry;
	size_t n;
	DIR *dir;

	*names = NULL;
	*count = 0;
	if (pen_repository__path(repository, "", "snapshots", "", path, error) != PEN_OK)
		return error->status;
	dir = opendir(path);
	if (!dir)
		return pen_error__errno(error, _("cannot look into %s"), path);
	while ((entry = readdir(dir))) {
		n = strcspn(entry->d_name, ".");
		if (strcmp(entry->d_name + n, ending) != 0 || !pen_manifest__is_name(entry->d_name, n))
			continue;
		more = pen_memory__realloc(*names, *count + 1, sizeof(*more));
		if (!more)
			break;
		*names = more;
		snprintf(more[(*count)++], sizeof(*more), "%.*s", (int)n, entry->d_name);
	}
	closedir(dir);
	if (entry) {
		pen_memory__free(*names);
		*names = NULL;
		*count = 0;
		return pen_error__memory(error);
	}
	if (*count)
		qsort(*names, *count, sizeof(**names), compare_names);
	return PEN_OK;
}

enum pen_status pen_repository__list(const struct pen_repository *repository,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error)
{
	return pen_repository__list_files(repository, ".manifest", names, count, error);
}

/* The name of the newest, or the name given if there is such a snapshot. */
static enum pen_status choose(const struct pen_repository *repository, const char *snapshot, char out[PEN_SNAPSHOT_ROOM],
    struct pen_error *error)
{
	bool newest = !snapshot || strcmp(snapshot, "latest") == 0;
	char (*names)[PEN_SNAPSHOT_ROOM];
	size_t count, i;

	if (pen_repository__list(repository, &names, &count, error) != PEN_OK)
		return error->status;
	for (i = count; i > 0; i--)
		if (newest || strcmp(names[i - 1], snapshot) == 0)
			break;
	if (i > 0)
		snprintf(out, PEN_SNAPSHOT_ROOM, "%s", names[i - 1]);
	pen_memory__free(names);
	if (i > 0)
		return PEN_OK;
	if (newest)
		return pen_error__set(error, PEN_INPUT, "backup.none",
		    _("there is no snapshot in %s: make one with pen-backup create"), repository->dir);
	return pen_error__set(error, PEN_USAGE, "backup.unknown",
	    _("there is no snapshot %s in %s: pen-backup list shows those that there are"), snapshot, repository->dir);
}

enum pen_status pen_repository__load(const struct pen_repository *repository, const char *snapshot,
    struct pen_manifest *manifest, struct pen_error *error)
{
	char path[PATH_MAX];

	if (choose(repository, snapshot, manifest->snapshot, error) != PEN_OK ||
	    pen_repository__path(repository, "snapshots", manifest->snapshot, ".manifest", path, error) != PEN_OK ||
	    pen_file__load(path, MANIFEST_LARGEST, &manifest->text.s, &manifest->text.n, error) != PEN_OK)
		return error->status;
	manifest->text.room = manifest->text.n + 1;
	return pen_manifest__read(manifest, error);
}
