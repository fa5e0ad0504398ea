#include "work/underway.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define LIST "create.tmp/snapshots"
#define LIST_LARGEST ((size_t)1 << 24)

/* The list, a name a line; *text is NULL where there is none. */
static enum pen_status load_list(const struct pen_repository *repository, char **text, struct pen_error *error)
{
	char path[PATH_MAX];
	size_t n;
	bool found;

	*text = NULL;
	if (pen_repository__path(repository, "", LIST, "", path, error) != PEN_OK ||
	    pen_file__there(path, F_OK, &found, error) != PEN_OK)
		return error->status;
	if (!found || pen_file__load(path, LIST_LARGEST, text, &n, error) == PEN_OK)
		return PEN_OK;
	if (error->status != PEN_INPUT)
		return error->status;
	*error = (struct pen_error){ .status = PEN_OK };	/* gone meanwhile */
	return PEN_OK;
}

static enum pen_status look_for(const struct pen_repository *repository, const char *name, const char *ending, bool *found,
    struct pen_error *error)
{
	char path[PATH_MAX];

	if (pen_repository__path(repository, "snapshots", name, ending, path, error) != PEN_OK)
		return error->status;
	return pen_file__there(path, F_OK, found, error);
}

enum pen_status pen_underway__remove(const struct pen_repository *repository, const char *name, const char *ending,
    struct pen_error *error)
{
	char path[PATH_MAX];

	if (pen_repository__path(repository, "snapshots", name, ending, path, error) != PEN_OK)
		return error->status;
	return unlink(path) == 0 || errno == ENOENT ? PEN_OK : pen_error__errno(error, _("cannot remove %s"), path);
}

/* What was to come has come, and what was to go is gone, if its manifest says so; where
 * it does not, the signature is nobody's. */
static enum pen_status finish(const struct pen_repository *repository, char *list, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	char *name, *end;
	bool found;

	for (name = list; status == PEN_OK && (end = strchr(name, '\n')); name = end + 1) {
		*end = '\0';
		if (!pen_manifest__is_name(name, strlen(name)))
			continue;
		status = look_for(repository, name, ".manifest", &found, error);
		if (status == PEN_OK && !found)
			status = pen_underway__remove(repository, name, ".sig", error);
	}
	return status;
}

enum pen_status pen_underway__begin(const struct pen_repository *repository, struct pen_scratch *work, struct pen_error *error)
{
	char path[PATH_MAX], *list;
	enum pen_status status = load_list(repository, &list, error);

	if (status == PEN_OK && list)
		status = finish(repository, list, error);
	pen_memory__free(list);
	if (status == PEN_OK)
		status = pen_repository__path(repository, "", "create", ".tmp", path, error);
	return status == PEN_OK ? pen_scratch__take(work, path, error) : status;
}

enum pen_status pen_underway__tell(const struct pen_repository *repository, const struct pen_scratch *work,
    const char (*names)[PEN_SNAPSHOT_ROOM], size_t count, struct pen_error *error)
{
	struct pen_text text = { 0 };
	char path[PATH_MAX];
	enum pen_status status;
	size_t i;

	for (i = 0; i < count; i++)
		pen_text__printf(&text, "%s\n", names[i]);
	status = text.failed ? pen_error__memory(error) : pen_repository__path(repository, "", LIST, "", path, error);
	if (status == PEN_OK)
		status = pen_scratch__place(work, path, text.s, text.n, error);
	if (status == PEN_OK)
		status = pen_scratch__sync(work->path, error);
	if (status == PEN_OK)
		status = pen_scratch__sync(repository->dir, error);
	pen_text__free(&text);
	return status;
}

/* ---------------------------------------------------------------- lost -- */

static bool is_listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (; list; list = strchr(list, '\n') ? strchr(list, '\n') + 1 : NULL)
		if (strncmp(list, name, n) == 0 && list[n] == '\n')
			return true;
	return false;
}

/* A run may be done with it while we look, so the files are asked again last. */
static enum pen_status judge(const struct pen_repository *repository, const char *name, bool *lost, struct pen_error *error)
{
	enum pen_status status;
	bool manifest, signature = false;
	char *list;

	*lost = false;
	status = look_for(repository, name, ".manifest", &manifest, error);
	if (status != PEN_OK || manifest)
		return status;
	status = load_list(repository, &list, error);
	if (status == PEN_OK && !is_listed(list, name))
		status = look_for(repository, name, ".manifest", &manifest, error);
	else
		manifest = true;
	if (status == PEN_OK && !manifest)
		status = look_for(repository, name, ".sig", &signature, error);
	*lost = status == PEN_OK && !manifest && signature;
	pen_memory__free(list);
	return status;
}

enum pen_status pen_underway__lost(const struct pen_repository *repository,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error)
{
	enum pen_status status = pen_repository__list_files(repository, ".sig", names, count, error);
	size_t i, kept = 0;
	bool lost;

	for (i = 0; status == PEN_OK && i < *count; i++) {
		status = judge(repository, (*names)[i], &lost, error);
		if (lost)
			memmove((*names)[kept++], (*names)[i], sizeof(**names));
	}
	*count = kept;
	if (status != PEN_OK) {
		pen_memory__free(*names);
		*names = NULL;
	}
	return status;
}

enum pen_status pen_underway__say_lost(const char *name, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "backup.lost",
	    _("snapshot %s has a signature and no manifest: the manifest was lost or taken away; put it back from another copy of the repository, or remove %s.sig if the snapshot is given up"),
	    name, name);
}
