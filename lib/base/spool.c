#include "base/spool.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define HEAD 4			/* bytes of a record's length before it */
#define FIRST_ROOM 4096
#define WINDOW 65536		/* that a cursor looks at a time */

/* Bytes [0, kept) lie in the file, [kept, kept + n) in memory. file is -1 as long
 * as there is none. */
struct pen_spool {
	char dir[PATH_MAX];
	size_t memory;
	int file;
	int64_t kept;
	char *bytes;
	size_t n, room;
};

/* window[0..n) are the bytes from `from` on, of which the record at hand ends at
 * `at`. */
struct pen_spool_cursor {
	struct pen_spool *spool;
	int64_t at, to, from;
	char *window;
	size_t n, room;
};

enum pen_status pen_spool__new(struct pen_spool **spool, const char *dir, size_t memory, struct pen_error *error)
{
	struct pen_spool *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	made->file = -1;
	made->memory = memory;
	snprintf(made->dir, sizeof(made->dir), "%s", dir);
	*spool = made;
	return PEN_OK;
}

void pen_spool__free(struct pen_spool *spool)
{
	if (!spool)
		return;
	if (spool->file >= 0)
		close(spool->file);
	pen_memory__free(spool->bytes);
	pen_memory__free(spool);
}

/* --------------------------------------------------------------- writing -- */

static enum pen_status failed(const struct pen_spool *spool, struct pen_error *error)
{
	return pen_error__errno(error, _("what is set aside while the file is read cannot be kept in %s"), spool->dir);
}

/* Where a file system has no files without a name, it gets one and loses it. */
static int make_file(const char *dir)
{
	char path[PATH_MAX];
	int file = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return file;
	if (snprintf(path, sizeof(path), "%s/.spool-XXXXXX", dir) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	file = mkostemp(path, O_CLOEXEC);
	if (file >= 0)
		unlink(path);
	return file;
}

/* What is in memory to the file. */
static enum pen_status flush(struct pen_spool *spool, struct pen_error *error)
{
	size_t done = 0;
	ssize_t n;

	if (spool->file < 0)
		spool->file = make_file(spool->dir);
	if (spool->file < 0)
		return failed(spool, error);
	while (done < spool->n) {
		n = pwrite(spool->file, spool->bytes + done, spool->n - done, spool->kept + (int64_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(spool, error);
		done += (size_t)n;
	}
	spool->kept += (int64_t)spool->n;
	spool->n = 0;
	return PEN_OK;
}

static enum pen_status make_room(struct pen_spool *spool, size_t need, struct pen_error *error)
{
	size_t room = spool->room ? spool->room : FIRST_ROOM;
	char *grown;

	if (spool->n && spool->n + need > spool->memory && flush(spool, error) != PEN_OK)
		return error->status;
	if (spool->n + need <= spool->room)
		return PEN_OK;
	while (room < spool->n + need)
		room *= 2;
	grown = pen_memory__realloc(spool->bytes, room, 1);
	if (!grown)
		return pen_error__memory(error);
	spool->bytes = grown;
	spool->room = room;
	return PEN_OK;
}

enum pen_status pen_spool__add(struct pen_spool *spool, const void *bytes, size_t n, int64_t *at,
    struct pen_error *error)
{
	uint32_t length = (uint32_t)n;

	assert(n <= UINT32_MAX);
	if (make_room(spool, HEAD + n, error) != PEN_OK)
		return error->status;
	if (at)
		*at = pen_spool__end(spool);
	memcpy(spool->bytes + spool->n, &length, HEAD);
	if (n)
		memcpy(spool->bytes + spool->n + HEAD, bytes, n);
	spool->n += HEAD + n;
	return PEN_OK;
}

int64_t pen_spool__end(const struct pen_spool *spool)
{
	return spool->kept + (int64_t)spool->n;
}

/* --------------------------------------------------------------- reading -- */

enum pen_status pen_spool__cursor(struct pen_spool_cursor **cursor, struct pen_spool *spool, int64_t from,
    int64_t to, struct pen_error *error)
{
	struct pen_spool_cursor *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	*made = (struct pen_spool_cursor){ .spool = spool, .at = from, .to = to, .from = from };
	*cursor = made;
	return PEN_OK;
}

void pen_spool__close(struct pen_spool_cursor *cursor)
{
	if (!cursor)
		return;
	pen_memory__free(cursor->window);
	pen_memory__free(cursor);
}

void pen_spool__seek(struct pen_spool_cursor *cursor, int64_t at)
{
	cursor->at = at;
}

static enum pen_status read_file(struct pen_spool *spool, char *out, size_t n, int64_t at, struct pen_error *error)
{
	ssize_t got;

	while (n > 0) {
		got = pread(spool->file, out, n, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO;
		if (got <= 0)
			return failed(spool, error);
		out += got;
		at += got;
		n -= (size_t)got;
	}
	return PEN_OK;
}

/* Sees to it that `need` bytes from the cursor's place on are in the window. */
static enum pen_status look(struct pen_spool_cursor *cursor, size_t need, struct pen_error *error)
{
	struct pen_spool *spool = cursor->spool;
	size_t n, in_file = 0, want = need > WINDOW ? need : WINDOW;
	char *grown;

	if (cursor->at >= cursor->from && cursor->at + (int64_t)need <= cursor->from + (int64_t)cursor->n)
		return PEN_OK;
	if (want > cursor->room) {
		grown = pen_memory__realloc(cursor->window, want, 1);
		if (!grown)
			return pen_error__memory(error);
		cursor->window = grown;
		cursor->room = want;
	}
	n = cursor->to - cursor->at < (int64_t)want ? (size_t)(cursor->to - cursor->at) : want;
	assert(n >= need);
	if (cursor->at < spool->kept)
		in_file = spool->kept - cursor->at < (int64_t)n ? (size_t)(spool->kept - cursor->at) : n;
	if (in_file && read_file(spool, cursor->window, in_file, cursor->at, error) != PEN_OK)
		return error->status;
	if (n > in_file)
		memcpy(cursor->window + in_file, spool->bytes + (cursor->at + (int64_t)in_file - spool->kept), n - in_file);
	cursor->from = cursor->at;
	cursor->n = n;
	return PEN_OK;
}

enum pen_status pen_spool__next(struct pen_spool_cursor *cursor, const void **bytes, size_t *n, struct pen_error *error)
{
	uint32_t length;

	*bytes = NULL;
	*n = 0;
	if (cursor->at >= cursor->to)
		return PEN_OK;
	if (look(cursor, HEAD, error) != PEN_OK)
		return error->status;
	memcpy(&length, cursor->window + (cursor->at - cursor->from), HEAD);
	if (look(cursor, HEAD + length, error) != PEN_OK)
		return error->status;
	*bytes = cursor->window + (cursor->at - cursor->from) + HEAD;
	*n = length;
	cursor->at += HEAD + (int64_t)length;
	return PEN_OK;
}
