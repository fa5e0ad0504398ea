#include "adapter/gzip.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <zlib.h>

/* windowBits: the largest window, 16 more for the gzip wrapper. */
#define GZIP_WINDOW (15 + 16)

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

/* What igzip needs for a member; most of it is its tables. */
struct packer {
	struct isal_zstream stream;
	uint8_t tables[ISAL_DEF_LVL1_DEFAULT];
};

/* Whatever the bytes are: header and trailer of gzip, and five bytes for each stored
 * block of those that do not shrink. */
static size_t bound(size_t n)
{
	return 64 + n + 5 * (n / 65535 + 1);
}

static void pack(struct packer *packer, const void *bytes, size_t n, char *out, size_t room)
{
	struct isal_zstream *stream = &packer->stream;
	int rc;

	isal_deflate_stateless_init(stream);
	stream->level = 1;
	stream->level_buf = packer->tables;
	stream->level_buf_size = sizeof(packer->tables);
	stream->gzip_flag = IGZIP_GZIP;
	stream->end_of_stream = 1;
	stream->next_in = (uint8_t *)bytes;	/* lacks a const; nothing is written there */
	stream->avail_in = (uint32_t)n;
	stream->next_out = (uint8_t *)out;
	stream->avail_out = (uint32_t)room;
	rc = isal_deflate_stateless(stream);
	assert(rc == COMP_OK && !stream->avail_in);
	/* A member that is none must not be kept, even where assert is compiled away. */
	if (rc != COMP_OK)
		abort();
}

enum pen_status pen_gzip__pack(const void *bytes, size_t n, char **out, size_t *out_n, struct pen_error *error)
{
	size_t room = bound(n);
	struct packer *packer = pen_memory__realloc(NULL, sizeof(*packer), 1);
	char *buf = packer ? pen_memory__realloc(NULL, room, 1) : NULL;

	assert(room <= UINT32_MAX);
	if (!buf) {
		pen_memory__free(packer);
		return pen_error__memory(error);
	}
	pack(packer, bytes, n, buf, room);
	*out = buf;
	*out_n = packer->stream.total_out;
	/* "Fastest", and "Unix", as zlib and gzip say; igzip says nothing. */
	buf[8] = 4;
	buf[9] = 3;
	pen_memory__free(packer);
	return PEN_OK;
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

static uint32_t length_at_end(const unsigned char *bytes, size_t n)
{
	return bytes[n - 4] | (uint32_t)bytes[n - 3] << 8 | (uint32_t)bytes[n - 2] << 16 | (uint32_t)bytes[n - 1] << 24;
}

/* A member of a plain head that opens to `limit` bytes or fewer and is sound, at once, by
 * igzip, which is twice as fast. False: it is something else, or there is no memory, and
 * zlib, whose word counts, has it. */
static bool unpack_sound(const void *bytes, size_t n, size_t limit, char **out, size_t *out_n)
{
	static const unsigned char head[] = { 0x1f, 0x8b, 8, 0 };
	struct inflate_state *state;
	bool sound;
	char *buf;

	/* A member opens to 1032 times its own size at most: with more room than that, memory
	 * would not grow with what is there. */
	if (n < sizeof(head) || memcmp(bytes, head, sizeof(head)) != 0 || n > UINT32_MAX || limit / 1100 > n || limit >= UINT32_MAX)
		return false;
	state = pen_memory__realloc(NULL, sizeof(*state), 1);
	buf = state ? pen_memory__realloc(NULL, limit + 1, 1) : NULL;
	sound = buf != NULL;
	if (sound) {
		isal_inflate_init(state);
		state->crc_flag = ISAL_GZIP;
		state->next_in = (uint8_t *)bytes;	/* lacks a const; nothing is written there */
		state->avail_in = (uint32_t)n;
		state->next_out = (uint8_t *)buf;
		state->avail_out = (uint32_t)limit + 1;
		/* The checksum was compared by igzip at the stream's end; the length, which stands
		 * behind it, is compared here. */
		sound = isal_inflate_stateless(state) == ISAL_DECOMP_OK && !state->avail_in && state->total_out <= limit &&
		    length_at_end(bytes, n) == state->total_out;
		*out_n = state->total_out;
	}
	pen_memory__free(state);
	if (sound)
		*out = buf;
	else
		pen_memory__free(buf);
	return sound;
}

enum pen_status pen_gzip__unpack(const void *bytes, size_t n, size_t limit, char **out,
    size_t *out_n, struct pen_error *error)
{
	struct work work;
	char *buf = NULL;
	enum pen_status status;

	assert(limit < SIZE_MAX);
	if (unpack_sound(bytes, n, limit, out, out_n))
		return PEN_OK;
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

/* ------------------------------------------------------------- as it comes -- */

#define OUT 65536

/* `inside` is true from the first byte of a member to its last. */
struct pen_gzip {
	z_stream stream;
	pen_gzip_sink *sink;
	void *context;
	bool inside;
	int64_t members;
	char out[OUT];
};

uint32_t pen_gzip__crc(uint32_t crc, const void *bytes, size_t n)
{
	return crc32_gzip_refl(crc, bytes, n);
}

bool pen_gzip__is(const char *bytes, size_t n)
{
	return n >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

enum pen_status pen_gzip__open(struct pen_gzip **gzip, pen_gzip_sink *sink, void *context, struct pen_error *error)
{
	struct pen_gzip *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	made->sink = sink;
	made->context = context;
	made->stream.zalloc = take;
	made->stream.zfree = give_back;
	if (inflateInit2(&made->stream, GZIP_WINDOW) != Z_OK) {
		pen_memory__free(made);
		return pen_error__memory(error);
	}
	*gzip = made;
	return PEN_OK;
}

void pen_gzip__close(struct pen_gzip *gzip)
{
	if (!gzip)
		return;
	inflateEnd(&gzip->stream);
	pen_memory__free(gzip);
}

static enum pen_status refuse(struct pen_error *error, const char *text)
{
	return pen_error__set(error, PEN_INPUT, "gzip.damaged", "%s", text);
}

static enum pen_status refuse_stream(struct pen_gzip *gzip, int rc, struct pen_error *error)
{
	if (rc == Z_MEM_ERROR)
		return pen_error__memory(error);
	/* What does not even begin like a member is no damaged one. */
	if (gzip->members && !gzip->stream.total_out && gzip->stream.total_in <= 3)
		return refuse(error, _("something follows the end of the gzip data that is none; expected the end of the file; fetch it again, or unpack it by hand and look"));
	return refuse(error, _("the gzip data are damaged: they cannot be unpacked, or do not come to their own checksum; fetch the file again"));
}

/* Opens what zlib was shown, and hands it on a buffer at a time. */
static enum pen_status inflate_part(struct pen_gzip *gzip, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int rc = Z_OK;

	/* A full buffer may leave more behind though nothing is left to show. */
	do {
		gzip->stream.next_out = (Bytef *)gzip->out;
		gzip->stream.avail_out = OUT;
		rc = inflate(&gzip->stream, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return refuse_stream(gzip, rc, error);
		if (gzip->stream.avail_out < OUT)
			status = gzip->sink(gzip->context, gzip->out, OUT - gzip->stream.avail_out, error);
		if (rc == Z_STREAM_END) {
			gzip->inside = false;
			gzip->members++;
			inflateReset(&gzip->stream);
			return status;
		}
	} while (status == PEN_OK && (gzip->stream.avail_in || !gzip->stream.avail_out));
	return status;
}

enum pen_status pen_gzip__feed(struct pen_gzip *gzip, const char *bytes, size_t n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	while (status == PEN_OK && n) {
		uInt part = (uInt)(n < SLICE ? n : SLICE);

		gzip->inside = true;
		gzip->stream.next_in = (z_const Bytef *)bytes;
		gzip->stream.avail_in = part;
		status = inflate_part(gzip, error);
		bytes += part - gzip->stream.avail_in;
		n -= part - gzip->stream.avail_in;
	}
	return status;
}

enum pen_status pen_gzip__finish(struct pen_gzip *gzip, struct pen_error *error)
{
	if (!gzip->inside)
		return PEN_OK;
	return refuse(error, _("the gzip data stop short; the file was cut off, fetch it again"));
}
