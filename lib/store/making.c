#include "store/making.h"

#include "base/error.h"
#include "base/file.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum pen_status lock_mark(struct pen_making *making, struct pen_error *error)
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (pen_file__join(path, sizeof(path), making->dir, PEN_UNFINISHED_MARKER, error) != PEN_OK)
		return error->status;
	fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 && errno != ENOENT)
		return pen_error__errno(error, _("cannot write into %s"), making->dir);
	/* A mark without a name, or directory, is that of a run that has just finished, or given up. */
	if (fd < 0 || (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) || fstat(fd, &st) != 0 || st.st_nlink == 0) {
		if (fd >= 0)
			close(fd);
		return pen_error__set(error, PEN_BUSY, "store.busy",
		    _("another run is making the store in %s: try again when it is done"), making->dir);
	}
	making->mark = fd;
	return PEN_OK;
}

enum pen_status pen_making__take(struct pen_making *making, const char *dir, struct pen_error *error)
{
	bool exists;

	making->mark = -1;
	if (pen_store__check_free(dir, &exists, error) != PEN_OK ||
	    pen_file__join(making->dir, sizeof(making->dir), "", dir, error) != PEN_OK)
		return error->status;
	if (!exists && mkdir(dir, 0700) != 0 && errno != EEXIST)
		return pen_error__errno(error, _("cannot make the directory %s"), dir);
	making->made = !exists;
	if (lock_mark(making, error) != PEN_OK)
		goto err0;
	pen_store__remove(dir, false);
	return PEN_OK;

err0:
	if (making->made)
		rmdir(dir);
	return error->status;
}

static bool remove_mark(const char *dir)
{
	char path[PATH_MAX];

	return pen_file__join(path, sizeof(path), dir, PEN_UNFINISHED_MARKER, NULL) == PEN_OK && unlink(path) == 0 &&
	    pen_file__sync_directory(path) == 0;
}

enum pen_status pen_making__finish(struct pen_making *making, const char *name, struct pen_error *error)
{
	char *end;

	/* An empty directory may be there by then. */
	if (name && rename(making->dir, name) != 0)
		return pen_error__errno(error, _("cannot name the store %s"), name);
	if (name && pen_file__join(making->dir, sizeof(making->dir), "", name, error) != PEN_OK)
		return error->status;
	end = making->dir + strlen(making->dir);
	while (end > making->dir + 1 && end[-1] == '/')
		*--end = '\0';
	if (name && pen_file__sync_directory(making->dir) != 0)
		return pen_error__errno(error, _("cannot name the store %s"), name);
	if (!remove_mark(making->dir))
		return pen_error__errno(error, _("cannot write into %s"), making->dir);
	close(making->mark);
	making->mark = -1;
	return PEN_OK;
}

void pen_making__give_up(struct pen_making *making)
{
	if (making->mark < 0)
		return;
	pen_store__remove(making->dir, false);
	remove_mark(making->dir);
	if (making->made)
		rmdir(making->dir);
	close(making->mark);
	making->mark = -1;
}
