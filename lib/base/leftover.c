/*
 * What a killed run leaves is known by its name and by the lock that nobody holds any
 * more; a living run's file is never without one (pen_leftover__claim).
 */
#include "base/leftover.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a name is that of a file being written to become `base`: behind it stand a
 * dot, digits and perhaps a number, and ".tmp". */
static bool is_temporary(const char *name, const char *base, size_t n)
{
	const char *s = name + n;

	if (strncmp(name, base, n) != 0 || *s++ != '.')
		return false;
	if (*s < '0' || *s > '9')
		return false;
	return strcmp(s + strspn(s, "0123456789-"), ".tmp") == 0;
}

void pen_leftover__sweep(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t n = strlen(base);
	char dir[PATH_MAX];
	struct dirent *entry;
	DIR *open_dir;
	int fd;

	snprintf(dir, sizeof(dir), "%.*s", !slash ? 1 : slash == path ? 1 : (int)(slash - path), slash ? path : ".");
	open_dir = opendir(dir);
	while (open_dir && (entry = readdir(open_dir))) {
		if (!is_temporary(entry->d_name, base, n))
			continue;
		fd = openat(dirfd(open_dir), entry->d_name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlinkat(dirfd(open_dir), entry->d_name, 0);
		if (fd >= 0)
			close(fd);
	}
	if (open_dir)
		closedir(open_dir);
}

bool pen_leftover__claim(int fd)
{
	struct stat st;

	flock(fd, LOCK_EX);
	return fstat(fd, &st) != 0 || st.st_nlink > 0;
}
