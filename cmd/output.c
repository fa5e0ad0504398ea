#include "output.h"
#include "option.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum pen_status cannot(const struct output *output, struct pen_error *error)
{
	char reason[128];

	error->status = PEN_SYSTEM;
	snprintf(error->code, sizeof(error->code), "%s", errno == ENOSPC ? "system.full" : "system.io");
	snprintf(error->file, sizeof(error->file), "%.255s", output->path);
	snprintf(error->text, sizeof(error->text), _("cannot write the result: %s"),
	    strerror_r(errno, reason, sizeof(reason)));
	return PEN_SYSTEM;
}

/* Follows links, so that a link stays one; says whether a file can be renamed
 * over what is there. */
static bool find_target(struct output *output, const char *path)
{
	struct stat st;
	int n = snprintf(output->path, sizeof(output->path), "%s", path);

	if (n < 0 || (size_t)n >= sizeof(output->path))
		output->path[0] = '\0';
	if (stat(path, &st) != 0)
		return true;
	if (!S_ISREG(st.st_mode))
		return false;
	if (!realpath(path, output->path))
		output->path[0] = '\0';
	return true;
}

/* Takes away what a killed run has left of the same result; whoever is at work on one
 * holds its lock. */
static void sweep(const char *path)
{
	char pattern[PATH_MAX];
	const char *end;
	glob_t found;
	size_t i;
	int fd;

	if (strpbrk(path, "*?[\\") || snprintf(pattern, sizeof(pattern), "%s.[0-9]*.tmp", path) >= (int)sizeof(pattern) ||
	    glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return;
	for (i = 0; i < found.gl_pathc; i++) {
		end = found.gl_pathv[i] + strlen(path) + 1;
		if (strcmp(end + strspn(end, "0123456789"), ".tmp") != 0)
			continue;
		fd = open(found.gl_pathv[i], O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlink(found.gl_pathv[i]);
		if (fd >= 0)
			close(fd);
	}
	globfree(&found);
}

enum pen_status output_open(struct output *output, const char *path, struct pen_error *error)
{
	bool plain;
	int fd, n;

	memset(output, 0, sizeof(*output));
	if (!path) {
		output->stream = stdout;
		return PEN_OK;
	}
	plain = find_target(output, path);
	if (plain) {
		n = snprintf(output->temporary, sizeof(output->temporary), "%s.%ld.tmp", output->path, (long)getpid());
		if (!output->path[0] || n < 0 || (size_t)n >= sizeof(output->temporary)) {
			errno = ENAMETOOLONG;
			goto err0;
		}
	}
	if (plain)
		sweep(output->path);
	fd = plain ? open(output->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
	    : open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		goto err0;
	if (plain)
		flock(fd, LOCK_EX | LOCK_NB);
	output->stream = fdopen(fd, "w");
	if (!output->stream)
		goto err1;
	return PEN_OK;

err1:
	close(fd);
	if (plain)
		unlink(output->temporary);
err0:
	return cannot(output, error);
}

/* Makes the new name in the directory lasting. */
static void sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	int fd;

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

enum pen_status output_keep(struct output *output, struct pen_error *error)
{
	FILE *stream = output->stream;
	bool failed;

	/* A pipe's reader may go when it has seen enough. */
	failed = fflush(stream) != 0 && errno != EPIPE;
	if (stream == stdout)
		return failed ? cannot(output, error) : PEN_OK;
	failed = failed || (output->temporary[0] && fsync(fileno(stream)) != 0);
	output->stream = NULL;
	failed = (fclose(stream) != 0 && errno != EPIPE) || failed;
	if (!failed && output->temporary[0])
		failed = rename(output->temporary, output->path) != 0;
	if (failed) {
		cannot(output, error);
		output_discard(output);
		return error->status;
	}
	if (output->temporary[0])
		sync_directory(output->path);
	return PEN_OK;
}

void output_discard(struct output *output)
{
	if (output->stream && output->stream != stdout)
		fclose(output->stream);
	else if (output->stream)
		fflush(stdout);
	output->stream = NULL;
	if (output->temporary[0])
		unlink(output->temporary);
}
