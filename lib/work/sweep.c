#include "work/sweep.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void pen_sweep__drop(struct pen_sweep *sweep)
{
	pen_memory__free(sweep->named);
	memset(sweep, 0, sizeof(*sweep));
}

static int compare(const void *a, const void *b)
{
	return memcmp(((const struct pen_chunk *)a)->name, ((const struct pen_chunk *)b)->name, sizeof(((const struct pen_chunk *)a)->name));
}

enum pen_status pen_sweep__keep(struct pen_sweep *sweep, const struct pen_manifest *manifest, struct pen_error *error)
{
	size_t before = sweep->count, room = before + manifest->count, i, n;
	struct pen_chunk *more;

	if (room > sweep->room) {
		more = pen_memory__realloc(sweep->named, room, sizeof(*more));
		if (!more)
			return pen_error__memory(error);
		sweep->named = more;
		sweep->room = room;
	}
	/* Most are there already: those alone are added that are not. */
	for (i = 0; i < manifest->count; i++)
		if (!before || !bsearch(&manifest->chunks[i], sweep->named, before, sizeof(*more), compare))
			sweep->named[sweep->count++] = manifest->chunks[i];
	if (sweep->count == 0)
		return PEN_OK;
	qsort(sweep->named, sweep->count, sizeof(*more), compare);
	for (i = n = 1; i < sweep->count; i++)
		if (compare(&sweep->named[i], &sweep->named[n - 1]) != 0)
			sweep->named[n++] = sweep->named[i];
	sweep->count = n;
	return PEN_OK;
}

/* Whether a file of chunks/ab is a chunk that nobody names. */
static bool is_idle(const struct pen_sweep *sweep, const char *folder, const char *file)
{
	char name[PEN_DIGEST_HEX];
	struct pen_chunk chunk = { .bytes = 0 };

	if (strlen(file) < sizeof(name) || strncmp(file, folder, 2) != 0 ||
	    (strcmp(file + sizeof(name) - 1, ".gz") != 0 && strcmp(file + sizeof(name) - 1, ".gz.cms") != 0))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)sizeof(name) - 1, file);
	return pen_encode__unhex(name, chunk.name, sizeof(chunk.name)) == 0 &&
	    !(sweep->count && bsearch(&chunk, sweep->named, sweep->count, sizeof(chunk), compare));
}

static enum pen_status sweep_file(struct pen_sweep *sweep, int folder, const char *file, bool count_alone, struct pen_error *error)
{
	struct stat st;

	if (fstatat(folder, file, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? PEN_OK : pen_error__errno(error, _("cannot look at the chunk %s"), file);
	if (!count_alone && unlinkat(folder, file, 0) != 0 && errno != ENOENT)
		return pen_error__errno(error, _("cannot remove the chunk %s"), file);
	sweep->chunks++;
	sweep->bytes += st.st_size;
	return PEN_OK;
}

static enum pen_status sweep_folder(struct pen_sweep *sweep, const char *path, const char *name, bool count_alone, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (!dir)
		return errno == ENOENT ? PEN_OK : pen_error__errno(error, _("cannot look into %s"), path);
	while (status == PEN_OK && (entry = readdir(dir)))
		if (is_idle(sweep, name, entry->d_name))
			status = sweep_file(sweep, dirfd(dir), entry->d_name, count_alone, error);
	closedir(dir);
	return status;
}

enum pen_status pen_sweep__run(struct pen_sweep *sweep, const struct pen_repository *repository, bool count_alone,
    struct pen_error *error)
{
	char path[PATH_MAX], name[3];
	int i;

	for (i = 0; i < 256; i++) {
		snprintf(name, sizeof(name), "%02x", (unsigned)i);
		if (pen_repository__path(repository, "chunks", name, "", path, error) != PEN_OK ||
		    sweep_folder(sweep, path, name, count_alone, error) != PEN_OK ||
		    pen_repository__go_on(repository, _("removing chunks"), i, 256, error) != PEN_OK)
			return error->status;
	}
	return PEN_OK;
}
