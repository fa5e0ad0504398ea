#include "base/workplace.h"

#include "base/error.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *pen_workplace__parent(void)
{
	const char *given = getenv("TMPDIR");

	return given && given[0] ? given : "/tmp";
}

enum pen_status pen_workplace__at(const char *parent, const char *name, int n, char out[PATH_MAX], struct pen_error *error)
{
	char numbered[80];
	struct stat st;

	snprintf(numbered, sizeof(numbered), "%s-%ld-%d", name, (long)geteuid(), n);
	if (pen_file__join(out, PATH_MAX, parent, numbered, error) != PEN_OK)
		return error->status;
	if (lstat(out, &st) != 0 || (S_ISDIR(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077)))
		return PEN_OK;
	return pen_error__set(error, PEN_BUSY, "system.workplace",
	    _("%s is in the way, and is not this program's directory: remove it, or name another place with TMPDIR"), out);
}
