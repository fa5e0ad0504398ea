/*
 * Reading is by position, so that going back is free: from the file itself
 * where that can be, from a kept copy where not. Writing is to another name,
 * renamed at the end: at every moment the path names the whole old file or
 * the whole new one, and after keep() the new one also survives a power cut.
 */
#include "base/file.h"
#include "base/error.h"
#include "base/leftover.h"
#include "base/memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

/* A stream. A regular file is read where it lies, from `start`. Anything else
 * can be read once only, so what came is kept in `spool`, an unlinked file:
 * its bytes 0..kept are the stream's first, and reading goes on in it until
 * `at` reaches `kept`, then at the source. spool is -1 for a regular file. */
struct pen_file {
	char *path;		/* as the caller named it; "stdin" for "-" */
	int fd, spool;
	off_t start, size, at, kept;
};

/* strdup through our allocator. */
static char *duplicate(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = pen_memory__realloc(NULL, n, 1);

	return copy ? memcpy(copy, s, n) : NULL;
}

/* A path that cannot be opened: a wrong argument, or a failing system. */
static enum pen_status open_error(const char *path, struct pen_error *error)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		pen_error__set(error, PEN_INPUT, "file.missing",
		    _("there is no such file: check the name"));
		break;
	case EACCES:
	case EPERM:
		pen_error__set(error, PEN_INPUT, "file.unreadable",
		    _("the file may not be read: ask its owner for the permission"));
		break;
	default:
		pen_error__errno(error, _("cannot open the file"));
		break;
	}
	return pen_error__at(error, path, 0, NULL);
}

/* An open file without a name, for what can be read once only. */
static enum pen_status open_spool(int *fd, struct pen_error *error)
{
	const char *dir = getenv("TMPDIR");
	char path[PATH_MAX];

	if (!dir || !*dir)
		dir = "/tmp";
	if (pen_file__join(path, sizeof(path), dir, "pen-XXXXXX", error) != PEN_OK)
		return error->status;
	/* Readable by nobody else, and gone with the last descriptor. */
	*fd = mkostemp(path, O_CLOEXEC);
	if (*fd < 0)
		return pen_error__errno(error, _("cannot make a temporary file in %s"), dir);
	unlink(path);
	return PEN_OK;
}

/* Looks at what was opened, and prepares for reading it twice. */
static enum pen_status prepare(struct pen_file *file, struct pen_error *error)
{
	struct stat st;

	if (fstat(file->fd, &st) != 0) {
		pen_error__errno(error, _("cannot look at the file"));
		return pen_error__at(error, file->path, 0, NULL);
	}
	if (S_ISDIR(st.st_mode)) {
		pen_error__set(error, PEN_INPUT, "file.directory",
		    _("found a directory, expected a file: name a file in it"));
		return pen_error__at(error, file->path, 0, NULL);
	}
	if (!S_ISREG(st.st_mode))
		return open_spool(&file->spool, error);
	/* Whoever hands over stdin may have read a part of it. */
	file->start = lseek(file->fd, 0, SEEK_CUR);
	if (file->start < 0)
		file->start = 0;
	file->size = st.st_size > file->start ? st.st_size - file->start : 0;
	return PEN_OK;
}

enum pen_status pen_file__open(struct pen_file **file, const char *path, struct pen_error *error)
{
	bool standard = strcmp(path, "-") == 0;
	struct pen_file *made;

	*file = NULL;
	made = pen_memory__calloc(1, sizeof(*made));
	if (!made)
		return pen_error__memory(error);
	made->fd = made->spool = -1;
	made->size = -1;
	made->path = duplicate(standard ? "stdin" : path);
	if (!made->path) {
		pen_error__memory(error);
		goto err0;
	}
	made->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (made->fd < 0) {
		open_error(path, error);
		goto err0;
	}
	if (prepare(made, error) != PEN_OK)
		goto err0;
	/* Handed over: the caller closes it. */
	*file = made;
	return PEN_OK;

err0:
	pen_file__close(made);
	return error->status;
}

/* A read that the system refused in the middle of a file. */
static enum pen_status read_error(struct pen_file *file, struct pen_error *error)
{
	pen_error__errno(error, _("cannot read on"));
	return pen_error__at(error, file->path, 0, NULL);
}

/* Puts bytes that were just read at the end of the spool. */
static enum pen_status spool_bytes(struct pen_file *file, const char *s, size_t n, struct pen_error *error)
{
	ssize_t done;

	while (n > 0) {
		done = pwrite(file->spool, s, n, file->kept);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			pen_error__errno(error, _("cannot write the temporary file"));
			return pen_error__at(error, file->path, 0, NULL);
		}
		file->kept += done;
		s += done;
		n -= (size_t)done;
	}
	return PEN_OK;
}

enum pen_status pen_file__read(struct pen_file *file, void *buf, size_t room, size_t *n,
    struct pen_error *error)
{
	enum pen_status status;
	ssize_t got;

	*n = 0;
	if (room > SSIZE_MAX)
		room = SSIZE_MAX;
	/* Three places that the next bytes may come from. */
	do {
		if (file->spool < 0)
			got = pread(file->fd, buf, room, file->start + file->at);
		else if (file->at < file->kept)
			got = pread(file->spool, buf, room, file->at);
		else
			got = read(file->fd, buf, room);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return read_error(file, error);
	/* What came from the source is kept before it is handed on. */
	if (file->spool >= 0 && file->at == file->kept) {
		status = spool_bytes(file, buf, (size_t)got, error);
		if (status != PEN_OK)
			return status;
	}
	file->at += got;
	*n = (size_t)got;
	return PEN_OK;
}

enum pen_status pen_file__rewind(struct pen_file *file, struct pen_error *error)
{
	(void)error;	/* reading is by position: nothing is asked of the system */
	file->at = 0;
	return PEN_OK;
}

bool pen_file__regular(const struct pen_file *file)
{
	return file->spool < 0;
}

const char *pen_file__name(struct pen_file *file)
{
	const char *slash = strrchr(file->path, '/');

	return slash ? slash + 1 : file->path;
}

void pen_file__close(struct pen_file *file)
{
	if (!file)
		return;
	if (file->spool >= 0)
		close(file->spool);
	/* stdin was there before us, and stays. */
	if (file->fd > STDIN_FILENO)
		close(file->fd);
	pen_memory__free(file->path);
	pen_memory__free(file);
}

/* Reads to the end into a buffer that grows; one byte more than `limit` is
 * asked for, to see that there is none. */
static enum pen_status load_stream(struct pen_file *file, size_t limit, char **bytes, size_t *n,
    struct pen_error *error)
{
	size_t room = 0, used = 0, got = 1;	/* got: not at the end yet */
	enum pen_status status;
	char *buf = NULL, *more;

	while (got > 0 && used <= limit) {
		/* One byte stays free for the NUL. */
		if (used + 1 >= room) {
			/* The file's own size first, if it says one and it is small:
			 * one byte for the NUL, one to see the end with. */
			room = room ? room * 2 : file->size > 0 && file->size < (1 << 20) ?
			    (size_t)file->size + 2 : 4096;
			more = pen_memory__realloc(buf, room, 1);
			if (!more) {
				status = pen_error__memory(error);
				goto err0;
			}
			buf = more;
		}
		status = pen_file__read(file, buf + used, room - used - 1, &got, error);
		if (status != PEN_OK)
			goto err0;
		used += got;
	}
	if (used > limit) {
		pen_error__set(error, PEN_INPUT, "file.large",
		    _("found more than %zu bytes, expected a small file: check that it is the right one"), limit);
		status = pen_error__at(error, file->path, 0, NULL);
		goto err0;
	}
	buf[used] = '\0';
	*bytes = buf;
	*n = used;
	return PEN_OK;

err0:
	pen_memory__free(buf);
	return status;
}

enum pen_status pen_file__load(const char *path, size_t limit, char **bytes, size_t *n,
    struct pen_error *error)
{
	struct pen_file *file;
	enum pen_status status;

	*bytes = NULL;
	*n = 0;
	status = pen_file__open(&file, path, error);
	if (status != PEN_OK)
		return status;
	status = load_stream(file, limit, bytes, n, error);
	pen_file__close(file);
	return status;
}

/* ---- writing ---- */

/* A file being written. It lies under `temporary` beside `path` until it is
 * kept; `temporary` is empty where there is nothing to rename, since `path` is
 * a device or a pipe. */
struct pen_draft {
	FILE *stream;
	char path[PATH_MAX], temporary[PATH_MAX];
};

/* A call that failed while writing, under the name that the caller knows. */
static enum pen_status draft_error(const char *path, struct pen_error *error)
{
	pen_error__errno(error, _("cannot write the file"));
	return pen_error__at(error, path, 0, NULL);
}

/* Finds the path to write: where links lead, and not a directory. */
static enum pen_status draft_target(struct pen_draft *draft, const char *path, bool *plain,
    struct pen_error *error)
{
	struct stat st;

	*plain = true;
	/* Not there yet: it will be made under the name given. */
	if (stat(path, &st) != 0)
		return pen_file__join(draft->path, sizeof(draft->path), "", path, error);
	if (S_ISDIR(st.st_mode)) {
		pen_error__set(error, PEN_USAGE, "file.directory",
		    _("found a directory, expected the name of a file to write: name a file in it"));
		return pen_error__at(error, path, 0, NULL);
	}
	*plain = S_ISREG(st.st_mode);
	/* A pipe's name under /proc leads nowhere: it is opened as named. */
	if (!*plain)
		return pen_file__join(draft->path, sizeof(draft->path), "", path, error);
	return realpath(path, draft->path) ? PEN_OK : draft_error(path, error);
}

/* Opens a new file beside the path. -1 and errno if it cannot be. */
static int open_temporary(struct pen_draft *draft, unsigned mode)
{
	int fd = -1, i, n;

	pen_leftover__sweep(draft->path);
	for (i = 0; i < 1000 && fd < 0; i++) {
		n = snprintf(draft->temporary, sizeof(draft->temporary), "%s.%ld-%d.tmp",
		    draft->path, (long)getpid(), i);
		if (n < 0 || (size_t)n >= sizeof(draft->temporary)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		/* O_EXCL: a name of ours alone, and no link of somebody else's. */
		fd = open(draft->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd >= 0 && !pen_leftover__claim(fd)) {
			close(fd);
			fd = -1;
		}
	}
	return fd;
}

enum pen_status pen_file__draft(struct pen_draft **draft, const char *path, unsigned mode,
    struct pen_error *error)
{
	struct pen_draft *made;
	bool plain;
	int fd;

	*draft = NULL;
	made = pen_memory__calloc(1, sizeof(*made));
	if (!made)
		return pen_error__memory(error);
	if (draft_target(made, path, &plain, error) != PEN_OK)
		goto err0;
	/* A device takes no other name, so it is written where it is. */
	fd = plain ? open_temporary(made, mode) : open(made->path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		draft_error(path, error);
		goto err0;
	}
	/* Where this works the stream owns the descriptor from here on. */
	made->stream = fdopen(fd, "w");
	if (!made->stream) {
		draft_error(path, error);
		goto err1;
	}
	*draft = made;
	return PEN_OK;

err1:
	close(fd);
	if (plain)
		unlink(made->temporary);
err0:
	pen_memory__free(made);
	return error->status;
}

FILE *pen_file__stream(struct pen_draft *draft)
{
	return draft->stream;
}

int pen_file__sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	int fd, failed;

	if (!slash)
		snprintf(dir, sizeof(dir), ".");
	else
		snprintf(dir, sizeof(dir), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* Some file systems know no sync of a directory, and say EINVAL. */
	failed = fsync(fd) != 0 && errno != EINVAL;
	close(fd);
	return failed ? -1 : 0;
}

/* Everything written is on the disk, or it fails with errno. */
static int flush(struct pen_draft *draft)
{
	if (fflush(draft->stream) != 0)
		return -1;
	if (ferror(draft->stream)) {
		errno = EIO;	/* an earlier write's own reason is lost */
		return -1;
	}
	return draft->temporary[0] ? fsync(fileno(draft->stream)) : 0;
}

enum pen_status pen_file__keep(struct pen_draft *draft, struct pen_error *error)
{
	/* The bytes first, then the name: a name that survives a crash must
	 * not outlive what it names. */
	if (flush(draft) != 0)
		goto err0;
	if (fclose(draft->stream) != 0)
		goto err1;
	if (draft->temporary[0]) {
		if (rename(draft->temporary, draft->path) != 0)
			goto err1;
		/* Nothing is left to remove, whatever fails now. */
		draft->temporary[0] = '\0';
		if (pen_file__sync_directory(draft->path) != 0)
			goto err1;
	}
	pen_memory__free(draft);
	return PEN_OK;

err1:
	/* fclose has taken the stream, also when it failed. */
	draft->stream = NULL;
err0:
	draft_error(draft->path, error);
	pen_file__discard(draft);
	return error->status;
}

void pen_file__discard(struct pen_draft *draft)
{
	if (!draft)
		return;
	if (draft->stream)
		fclose(draft->stream);
	if (draft->temporary[0])
		unlink(draft->temporary);
	pen_memory__free(draft);
}

enum pen_status pen_file__save(const char *path, const void *bytes, size_t n, unsigned mode,
    struct pen_error *error)
{
	struct pen_draft *draft;
	enum pen_status status;

	status = pen_file__draft(&draft, path, mode, error);
	if (status != PEN_OK)
		return status;
	/* A short write is seen by keep. */
	if (n > 0)
		fwrite(bytes, 1, n, draft->stream);
	return pen_file__keep(draft, error);
}

/* ---- directories ---- */

enum pen_status pen_file__there(const char *path, int mode, bool *there, struct pen_error *error)
{
	*there = access(path, mode) == 0;
	if (*there || errno == ENOENT || errno == ENOTDIR)
		return PEN_OK;
	if (errno == EACCES || errno == EPERM)
		return pen_error__errno(error,
		    _("%s may not be read by this user: ask its owner for the permission, or run this as somebody who has it"), path);
	return pen_error__errno(error, _("cannot look at %s"), path);
}

/* True for a directory, also behind a link. */
static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum pen_status pen_file__directory(const char *path, unsigned mode, struct pen_error *error)
{
	char part[PATH_MAX], end;
	int failed;
	char *p;

	if (pen_file__join(part, sizeof(part), "", path, error) != PEN_OK)
		return error->status;
	/* Each part from the top, the whole path last. */
	for (p = part; ; p++) {
		end = *p;
		/* The slash in front is the root, which is there. */
		if (end != '\0' && (end != '/' || p == part))
			continue;
		/* Here the part ends for as long as it is made. */
		*p = '\0';
		/* One that is there already is fine, whoever made it. */
		failed = mkdir(part, (mode_t)mode) != 0 ? errno : 0;
		if (failed && !is_directory(part)) {
			errno = failed;
			pen_error__errno(error, _("cannot make the directory"));
			return pen_error__at(error, part, 0, NULL);
		}
		if (!failed && pen_file__sync_directory(part) != 0) {
			pen_error__errno(error, _("cannot make the directory"));
			pen_error__at(error, part, 0, NULL);
			rmdir(part);
			return error->status;
		}
		if (end == '\0')
			return PEN_OK;
		*p = '/';
	}
}

enum pen_status pen_file__join(char *out, size_t room, const char *dir, const char *name,
    struct pen_error *error)
{
	size_t n = strlen(dir);
	const char *slash = n == 0 || dir[n - 1] == '/' ? "" : "/";
	int length = snprintf(out, room, "%s%s%s", dir, slash, name);

	if (length < 0 || (size_t)length >= room)
		return pen_error__set(error, PEN_SYSTEM, "system.path",
		    _("found a path of %d bytes, expected fewer than %zu: use a shorter one"), length, room);
	return PEN_OK;
}

/* ---- the share files ---- */

static char share[PATH_MAX];

/* Takes ../share/pen beside a program or library, if there is such a
 * directory. */
static bool share_beside(const char *binary)
{
	char path[PATH_MAX];
	int n;

	if (!realpath(binary, path))
		return false;
	/* Absolute now, so there is a slash. */
	*strrchr(path, '/') = '\0';
	n = snprintf(share, sizeof(share), "%s/../share/pen", path);
	return n > 0 && (size_t)n < sizeof(share) && is_directory(share);
}

/* The places in order of precedence; the first that will do is taken. */
static void find_share(void)
{
	const char *given = getenv("PEN_SHARE");
	Dl_info info;
	int n;

	if (given && *given) {
		n = snprintf(share, sizeof(share), "%s", given);
		if (n > 0 && (size_t)n < sizeof(share))
			return;
	}
	/* Where our own bytes were loaded from; a program's own name comes
	 * without its directory when it was found on PATH. */
	if (dladdr(share, &info) && info.dli_fname && strchr(info.dli_fname, '/') &&
	    share_beside(info.dli_fname))
		return;
	/* A library in a directory of its own, a program in bin. */
	if (share_beside("/proc/self/exe"))
		return;
	snprintf(share, sizeof(share), "%s", PEN_PREFIX "/share/pen");
}

const char *pen_file__share(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_share);
	return share;
}
