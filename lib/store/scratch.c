/*
 * A scratch directory is ours by the mark in it, and at work by the lock on it;
 * both go last, so that whatever a killed run leaves is known for what it is.
 */
#include "store/scratch.h"
#include "base/error.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_kept(const char *name)
{
	return strcmp(name, PEN_SCRATCH_MARK) == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes the files of a directory of ours but the mark, so that what is left
 * when this is cut short is ours still. False: something is left. */
static bool empty_out(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool emptied = dir != NULL;

	while (dir && (entry = readdir(dir)))
		if (!is_kept(entry->d_name) && unlinkat(dirfd(dir), entry->d_name, 0) != 0)
			emptied = false;
	if (dir)
		closedir(dir);
	return emptied;
}

/* Makes the directory; one that is there is taken over if it has the mark, or is
 * empty (it goes away at a word then, and only then). */
static enum pen_status make_scratch(const char *path, struct pen_error *error)
{
	char mark[PATH_MAX];

	if (pen_file__join(mark, sizeof(mark), path, PEN_SCRATCH_MARK, error) != PEN_OK)
		return error->status;
	if (mkdir(path, 0700) == 0)
		return PEN_OK;
	if (errno != EEXIST)
		return pen_error__errno(error, _("cannot make the directory %s"), path);
	if (access(mark, F_OK) == 0 || (rmdir(path) == 0 && mkdir(path, 0700) == 0))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "backup.in-the-way",
	    _("%s is in the way, and is not of this tool's making: rename or remove it"), path);
}

static enum pen_status busy(const char *path, struct pen_error *error)
{
	return pen_error__set(error, PEN_BUSY, "backup.busy", _("another run is at work in %s: try again when it is done"), path);
}

enum pen_status pen_scratch__take(struct pen_scratch *scratch, const char *path, struct pen_error *error)
{
	int fd, mark;

	scratch->fd = -1;
	if (pen_file__join(scratch->path, sizeof(scratch->path), "", path, error) != PEN_OK)
		return error->status;
	if (make_scratch(path, error) != PEN_OK)
		return error->status;
	/* Where it is gone again, another run has taken it, or is done with it. */
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? busy(path, error) : pen_error__errno(error, _("cannot open the directory %s"), path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return busy(path, error);
	}
	mark = openat(fd, PEN_SCRATCH_MARK, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (mark < 0 && errno == ENOENT) {
		busy(path, error);
		goto err0;
	}
	if (mark < 0) {
		pen_error__errno(error, _("cannot write into %s"), path);
		goto err0;
	}
	close(mark);
	empty_out(path);
	scratch->fd = fd;
	return PEN_OK;

err0:
	close(fd);
	rmdir(path);	/* if nothing is in it, it is ours to go */
	return error->status;
}

void pen_scratch__clear(struct pen_scratch *scratch)
{
	if (scratch->fd < 0)
		return;
	/* What cannot go now keeps the mark, by which the next run knows it for ours. */
	if (empty_out(scratch->path)) {
		unlinkat(scratch->fd, PEN_SCRATCH_MARK, 0);
		rmdir(scratch->path);
	}
	close(scratch->fd);
	scratch->fd = -1;
}

void pen_scratch__leave(struct pen_scratch *scratch)
{
	if (scratch->fd >= 0)
		close(scratch->fd);
	scratch->fd = -1;
}

/* ---- files ---- */

enum pen_status pen_scratch__new_file(const char *path, FILE **file, struct pen_error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	*file = fd < 0 ? NULL : fdopen(fd, "w");
	if (*file)
		return PEN_OK;
	pen_error__errno(error, _("cannot create %s"), path);
	if (fd >= 0)
		close(fd);
	return error->status;
}

enum pen_status pen_scratch__close_file(FILE *file, const char *path, enum pen_status status, struct pen_error *error)
{
	bool failed = fflush(file) != 0 || fsync(fileno(file)) != 0;

	if (failed && status == PEN_OK)
		status = pen_error__errno(error, _("cannot write %s"), path);
	if (fclose(file) != 0 && status == PEN_OK)
		status = pen_error__errno(error, _("cannot write %s"), path);
	return status;
}

enum pen_status pen_scratch__sync(const char *directory, struct pen_error *error)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems know no sync of a directory, and say EINVAL. */
	bool failed = fd < 0 || (fsync(fd) != 0 && errno != EINVAL);

	if (failed)
		pen_error__errno(error, _("cannot sync %s"), directory);
	if (fd >= 0)
		close(fd);
	return failed ? error->status : PEN_OK;
}

/* Writes a file, and makes its bytes last if that is asked for. */
static enum pen_status write_file(const char *path, const void *bytes, size_t n, bool lasting, struct pen_error *error)
{
	enum pen_status status;
	FILE *file;

	if (pen_scratch__new_file(path, &file, error) != PEN_OK)
		return error->status;
	status = fwrite(bytes, 1, n, file) == n ? PEN_OK : pen_error__errno(error, _("cannot write %s"), path);
	if (lasting)
		return pen_scratch__close_file(file, path, status, error);
	if (fclose(file) != 0 && status == PEN_OK)
		status = pen_error__errno(error, _("cannot write %s"), path);
	return status;
}

static enum pen_status place(const struct pen_scratch *scratch, const char *path, const void *bytes, size_t n,
    bool lasting, struct pen_error *error)
{
	const char *slash = strrchr(path, '/');
	char name[NAME_MAX + 1], draft[PATH_MAX];
	enum pen_status status;

	/* One of its own for each name: several threads may each make one. */
	snprintf(name, sizeof(name), "new-%s", slash ? slash + 1 : path);
	if (pen_file__join(draft, sizeof(draft), scratch->path, name, error) != PEN_OK)
		return error->status;
	status = write_file(draft, bytes, n, lasting, error);
	if (status == PEN_OK && rename(draft, path) != 0)
		status = pen_error__errno(error, _("cannot rename %s to %s"), draft, path);
	return status;
}

enum pen_status pen_scratch__place(const struct pen_scratch *scratch, const char *path, const void *bytes, size_t n,
    struct pen_error *error)
{
	return place(scratch, path, bytes, n, true, error);
}

enum pen_status pen_scratch__lay(const struct pen_scratch *scratch, const char *path, const void *bytes, size_t n,
    struct pen_error *error)
{
	return place(scratch, path, bytes, n, false, error);
}

/* Not scratch any more: what was renamed lasts, and the mark goes for good. */
static enum pen_status settle(struct pen_scratch *scratch, const char *target, struct pen_error *error)
{
	char parent[PATH_MAX], *slash;

	unlinkat(scratch->fd, PEN_SCRATCH_MARK, 0);
	pen_scratch__leave(scratch);
	snprintf(parent, sizeof(parent), "%s", target);
	slash = strrchr(parent, '/');
	if (slash)
		slash[slash == parent] = '\0';
	if (pen_scratch__sync(target, error) != PEN_OK)
		return error->status;
	return pen_scratch__sync(slash ? parent : ".", error);
}

enum pen_status pen_scratch__publish(struct pen_scratch *scratch, const char *target, struct pen_error *error)
{
	int failed;

	if (pen_scratch__sync(scratch->path, error) != PEN_OK)
		return error->status;
	/* Where the file system cannot rename without replacing, the look that the
	 * caller took before has to do. */
	failed = renameat2(AT_FDCWD, scratch->path, AT_FDCWD, target, RENAME_NOREPLACE);
	if (failed && (errno == EINVAL || errno == ENOSYS))
		failed = rename(scratch->path, target);
	if (failed)
		return pen_error__errno(error, _("cannot rename %s to %s"), scratch->path, target);
	return settle(scratch, target, error);
}

enum pen_status pen_scratch__replace(struct pen_scratch *scratch, const char *target, const char *kept, struct pen_error *error)
{
	if (pen_scratch__sync(scratch->path, error) != PEN_OK)
		return error->status;
	/* Where the file system can, at no moment is there nothing under the name. */
	if (renameat2(AT_FDCWD, scratch->path, AT_FDCWD, target, RENAME_EXCHANGE) == 0) {
		if (renameat2(AT_FDCWD, scratch->path, AT_FDCWD, kept, RENAME_NOREPLACE) != 0) {
			pen_scratch__leave(scratch);
			return pen_error__errno(error, _("%s is restored, and what was there is now %s; it cannot be renamed to %s"),
			    target, scratch->path, kept);
		}
	} else if (errno != EINVAL && errno != ENOSYS) {
		return pen_error__errno(error, _("cannot exchange %s and %s"), scratch->path, target);
	} else if (rename(target, kept) != 0) {
		return pen_error__errno(error, _("cannot rename %s to %s"), target, kept);
	} else if (rename(scratch->path, target) != 0) {
		pen_error__errno(error, _("cannot rename %s to %s"), scratch->path, target);
		if (rename(kept, target) == 0)
			return error->status;
		pen_scratch__leave(scratch);
		return pen_error__errno(error, _("the store that was in %s is now %s, what was restored is %s: rename by hand"),
		    target, kept, scratch->path);
	}
	return settle(scratch, target, error);
}
