#include "adapter/gzip.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <zlib.h>

/* windowBits: the largest window, 16 more for the gzip wrapper. */
#define GZIP_WINDOW (15 + 16)
#define MEMORY_LEVEL 8

/* What zlib works on at a time: its counters are 32 bits wide, ours are not. */
#define SLICE (UINT_MAX / 2)

/* zlib's memory comes through the same door as ours. */
static voidpf take(voidpf context, uInt items, uInt size)
{
	(void)context;
	return pen_memory__calloc(items, size);
}

static void give_back(voidpf context, voidpf p)
{
	(void)context;
	pen_memory__free(p);
}

/* One buffer in, one out. Invariant: stream.next_in and next_out stand right
 * after what is used and written; the rest counts what zlib was not yet shown. */
struct work {
	z_stream stream;
	size_t in_rest;
	size_t out_rest;
};

/* Everything is still to be shown, and there is no room yet. */
static void begin(struct work *work, const void *bytes, size_t n)
{
	*work = (struct work){ .in_rest = n };
	work->stream.zalloc = take;
	work->stream.zfree = give_back;
	work->stream.next_in = (z_const Bytef *)bytes;
}

/* Shows zlib the next slice of whichever side has run out. */
static void refill(struct work *work)
{
	if (!work->stream.avail_in) {
		work->stream.avail_in = (uInt)(work->in_rest < SLICE ? work->in_rest : SLICE);
		work->in_rest -= work->stream.avail_in;
	}
	if (!work->stream.avail_out) {
		work->stream.avail_out = (uInt)(work->out_rest < SLICE ? work->out_rest : SLICE);
		work->out_rest -= work->stream.avail_out;
	}
}

enum pen_status pen_gzip__pack(const void *bytes, size_t n, int level, char **out, size_t *out_n,
    struct pen_error *error)
{
	struct work work;
	size_t room;
	char *buf;
	int rc;

	assert(level >= 1 && level <= 9);
	begin(&work, bytes, n);
	if (deflateInit2(&work.stream, level, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		goto err0;

	/* The bound holds whatever the bytes are, so there is room to the end. */
	room = deflateBound(&work.stream, n);
	buf = pen_memory__realloc(NULL, room, 1);
	if (!buf)
		goto err1;
	work.stream.next_out = (Bytef *)buf;
	work.out_rest = room;
	do {
		refill(&work);
		/* The end is announced with the last slice. */
		rc = deflate(&work.stream, work.in_rest ? Z_NO_FLUSH : Z_FINISH);
	} while (rc == Z_OK);
	assert(rc == Z_STREAM_END);

	/* The buffer goes to the caller; zlib's state goes either way. */
	*out = buf;
	*out_n = (size_t)((char *)work.stream.next_out - buf);
	deflateEnd(&work.stream);
	return PEN_OK;

err1:
	deflateEnd(&work.stream);
err0:
	return pen_error__memory(error);
}

/* Doubles the room up to `most` and sets the stream's pointer anew. The stream must
 * have filled what it was shown: out_rest is counted from there. */
static int grow(struct work *work, char **buf, size_t *room, size_t most)
{
	size_t used = *buf ? (size_t)((char *)work->stream.next_out - *buf) : 0;
	size_t wider = *room <= most / 2 ? *room * 2 : most;
	char *wide = pen_memory__realloc(*buf, wider, 1);

	if (!wide)
		return -1;
	*buf = wide;
	*room = wider;
	work->stream.next_out = (Bytef *)wide + used;
	work->out_rest = wider - used;
	return 0;
}

/* What zlib stopped at, in words: its own where it has any. */
static enum pen_status damaged(struct pen_error *error, int rc, const z_stream *stream)
{
	if (rc == Z_MEM_ERROR)
		return pen_error__memory(error);
	return pen_error__set(error, PEN_INTEGRITY, "gzip.damaged",
	    _("damaged gzip data: %s after %lu bytes; expected one complete gzip member; take another copy"),
	    rc == Z_STREAM_END ? _("more data follow") :
	    rc == Z_BUF_ERROR || rc == Z_OK ? _("it stops short") :
	    stream->msg ? stream->msg : zError(rc), stream->total_in);
}

static enum pen_status too_long(struct pen_error *error, size_t limit)
{
	return pen_error__set(error, PEN_INTEGRITY, "gzip.long",
	    _("damaged gzip data: it opens to more than the %zu bytes expected; take another copy"), limit);
}

/* Inflates all of the stream to a buffer that grows up to one byte more than
 * the limit: a member that fills this byte is too long. */
static enum pen_status inflate_all(struct work *work, size_t limit, char **buf, struct pen_error *error)
{
	/* The first room is the packed size and doubles from there, so that what
	 * claims to be small and is not costs no more than it holds. */
	size_t most = limit + 1;
	size_t room = work->in_rest < most / 2 ? work->in_rest + 256 : most;
	int rc = Z_OK;

	while (rc == Z_OK) {
		if (!work->stream.avail_out && !work->out_rest) {
			if (*buf && room == most)
				return too_long(error, limit);
			if (grow(work, buf, &room, most) < 0)
				return pen_error__memory(error);
		}
		refill(work);
		rc = inflate(&work->stream, Z_NO_FLUSH);
		/* No progress for want of room is no fault; for want of bytes it is. */
		if (rc == Z_BUF_ERROR && !work->stream.avail_out)
			rc = Z_OK;
	}
	/* The checksum and the length were compared by zlib at the stream's end. */
	if (rc != Z_STREAM_END || work->stream.avail_in || work->in_rest)
		return damaged(error, rc, &work->stream);
	/* It came to its end in the one byte that there was too much. */
	if (work->stream.total_out > limit)
		return too_long(error, limit);
	return PEN_OK;
}

enum pen_status pen_gzip__unpack(const void *bytes, size_t n, size_t limit, char **out,
    size_t *out_n, struct pen_error *error)
{
	struct work work;
	char *buf = NULL;
	enum pen_status status;

	assert(limit < SIZE_MAX);
	begin(&work, bytes, n);
	if (inflateInit2(&work.stream, GZIP_WINDOW) != Z_OK)
		return pen_error__memory(error);
	status = inflate_all(&work, limit, &buf, error);
	if (status == PEN_OK) {
		*out_n = (size_t)((char *)work.stream.next_out - buf);
		*out = buf;
	} else {
		pen_memory__free(buf);
	}
	inflateEnd(&work.stream);
	return status;
}
