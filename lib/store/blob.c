#include "store/blob.h"
#include "adapter/gzip.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/spool.h"

#include <string.h>

#define CHUNK ((size_t)1 << 20)
#define SPOOL ((size_t)8 << 20)

/* A blob on its way in. buf[0..n) is not packed yet, what is waits in the spool, a
 * chunk each; `known` says that the store has it already, and then nothing is. */
struct pen_blob_writer {
	struct pen_store *store;
	char *kind, *name;
	char digest[PEN_DIGEST_HEX];
	bool known;
	int64_t bytes;
	struct pen_spool *packed;
	size_t n;
	char buf[CHUNK];
};

static enum pen_status find(struct pen_store *store, const char *digest, bool *found,
    int64_t *bytes, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;

	*found = false;
	*bytes = 0;
	if (pen_store__sql(store, PEN_SQL_BLOB_FIND, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":digest", digest);
	status = pen_db__step(statement, found, error);
	if (status == PEN_OK && *found)
		*bytes = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_blob__title(struct pen_store *store, const char *digest, char title[PEN_BLOB_TITLE], struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	bool row;

	title[0] = '\0';
	if (pen_store__sql(store, PEN_SQL_BLOB_TITLE, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":digest", digest);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row)
		snprintf(title, PEN_BLOB_TITLE, "%s %s", pen_db__text(statement, 0), pen_db__text(statement, 1));
	pen_db__reset(statement);
	return status;
}

/* ---- keeping ---- */

static char *duplicate(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = pen_memory__calloc(n, 1);

	return copy ? memcpy(copy, s, n) : NULL;
}

enum pen_status pen_blob__open(struct pen_blob_writer **writer, struct pen_store *store,
    const char *kind, const char *name, const char *digest, struct pen_error *error)
{
	struct pen_blob_writer *made = pen_memory__realloc(NULL, 1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	/* Without the chunk: to clear that took a third of keeping ten thousand small ones. */
	memset(made, 0, offsetof(struct pen_blob_writer, buf));
	made->store = store;
	made->kind = duplicate(kind);
	made->name = duplicate(name);
	if (!made->kind || !made->name) {
		pen_error__memory(error);
		goto err0;
	}
	snprintf(made->digest, sizeof(made->digest), "%s", digest);
	if (find(store, digest, &made->known, &made->bytes, error) != PEN_OK)
		goto err0;
	if (pen_spool__new(&made->packed, pen_store__dir(store), SPOOL, error) != PEN_OK)
		goto err0;
	made->bytes = 0;
	*writer = made;
	return PEN_OK;

err0:
	pen_blob__abandon(made);
	return error->status;
}

/* Packs what has gathered as the next chunk. */
static enum pen_status flush(struct pen_blob_writer *writer, struct pen_error *error)
{
	enum pen_status status;
	char *packed;
	size_t n;

	if (pen_gzip__pack(writer->buf, writer->n, &packed, &n, error) != PEN_OK)
		return error->status;
	status = pen_spool__add(writer->packed, packed, n, NULL, error);
	pen_memory__free(packed);
	writer->n = 0;
	return status;
}

enum pen_status pen_blob__add(struct pen_blob_writer *writer, const void *bytes, size_t n, struct pen_error *error)
{
	const char *s = bytes;
	size_t part;

	if (writer->known)
		return PEN_OK;
	for (; n > 0; s += part, n -= part) {
		part = n < CHUNK - writer->n ? n : CHUNK - writer->n;
		memcpy(writer->buf + writer->n, s, part);
		writer->n += part;
		writer->bytes += (int64_t)part;
		if (writer->n == CHUNK && flush(writer, error) != PEN_OK)
			return error->status;
	}
	return PEN_OK;
}

static enum pen_status enter_chunk(struct pen_blob_writer *writer, int64_t number, const void *packed, size_t n,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(writer->store, PEN_SQL_BLOB_CHUNK_ENTER, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_text(statement, ":digest", writer->digest);
	pen_db__bind_int(statement, ":number", number);
	pen_db__bind_bytes(statement, ":content", packed, n);
	status = pen_db__run(statement, error);
	pen_db__reset(statement);
	return status;
}

static enum pen_status enter_chunks(struct pen_blob_writer *writer, struct pen_error *error)
{
	struct pen_spool_cursor *cursor;
	enum pen_status status;
	int64_t number = 0;
	const void *packed;
	size_t n;

	status = pen_spool__cursor(&cursor, writer->packed, 0, pen_spool__end(writer->packed), error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_spool__next(cursor, &packed, &n, error)) == PEN_OK && packed) {
		status = enter_chunk(writer, number++, packed, n, error);
		if (status != PEN_OK)
			break;
	}
	pen_spool__close(cursor);
	return status;
}

static enum pen_status enter_blob(struct pen_blob_writer *writer, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(writer->store, PEN_SQL_BLOB_ENTER, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_text(statement, ":digest", writer->digest);
	pen_db__bind_text(statement, ":kind", writer->kind);
	pen_db__bind_text(statement, ":name", writer->name);
	pen_db__bind_int(statement, ":bytes", writer->bytes);
	status = pen_db__run(statement, error);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_blob__close(struct pen_blob_writer *writer, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (writer->known)
		goto out;
	/* No bytes at all are one empty member, so that gunzip opens them too. */
	if (writer->n > 0 || writer->bytes == 0)
		status = flush(writer, error);
	if (status == PEN_OK)
		status = enter_chunks(writer, error);
	if (status == PEN_OK)
		status = enter_blob(writer, error);
out:
	pen_blob__abandon(writer);
	return status;
}

void pen_blob__abandon(struct pen_blob_writer *writer)
{
	if (!writer)
		return;
	pen_spool__free(writer->packed);
	pen_memory__free(writer->kind);
	pen_memory__free(writer->name);
	pen_memory__free(writer);
}

enum pen_status pen_blob__keep(struct pen_store *store, const char *kind, const char *name,
    const void *bytes, size_t n, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	enum pen_status status = pen_store__digest(store, bytes, n, digest, error);

	return status == PEN_OK ? pen_blob__keep_as(store, kind, name, bytes, n, digest, error) : status;
}

enum pen_status pen_blob__keep_as(struct pen_store *store, const char *kind, const char *name,
    const void *bytes, size_t n, const char *digest, struct pen_error *error)
{
	struct pen_blob_writer *writer;

	if (pen_blob__open(&writer, store, kind, name, digest, error) != PEN_OK)
		return error->status;
	if (pen_blob__add(writer, bytes, n, error) != PEN_OK) {
		pen_blob__abandon(writer);
		return error->status;
	}
	return pen_blob__close(writer, error);
}

/* ---- giving out ---- */

bool pen_blob__has(struct pen_store *store, const char *digest)
{
	struct pen_error ignored = { 0 };
	bool found = false;
	int64_t bytes;

	return find(store, digest, &found, &bytes, &ignored) == PEN_OK && found;
}

static enum pen_status damaged(const char *digest, const char *what, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "blob.damaged",
	    _("what the store keeps under the digest %s %s: take it from a backup"), digest, what);
}

/* One chunk, unpacked; *bytes is NULL where there is none of that number. The
 * statement is over before the caller works with the bytes: no read lock is
 * held meanwhile. */
static enum pen_status take_chunk(struct pen_store *store, const char *digest, int64_t number,
    char **bytes, size_t *n, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	const void *packed;
	size_t packed_n;
	bool row;

	*bytes = NULL;
	if (pen_store__sql(store, PEN_SQL_BLOB_CHUNK_FIND, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":digest", digest);
	pen_db__bind_int(statement, ":number", number);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row) {
		packed = pen_db__bytes(statement, 0, &packed_n);
		status = pen_gzip__unpack(packed, packed_n, CHUNK, bytes, n, error);
		if (status == PEN_INTEGRITY)
			damaged(digest, _("does not unpack"), error);
	}
	pen_db__reset(statement);
	return status;
}

/* What was given out must be what the digest says. */
static enum pen_status check_end(struct pen_digest *running, const char *digest, int64_t bytes,
    int64_t given, struct pen_error *error)
{
	unsigned char out[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];

	pen_digest__end(running, out);
	pen_encode__hex(out, sizeof(out), hex);
	if (strcmp(hex, digest) != 0)
		return damaged(digest, _("has another digest now"), error);
	if (given != bytes)
		return damaged(digest, _("has another length now"), error);
	return PEN_OK;
}

enum pen_status pen_blob__read(struct pen_store *store, const char *digest, pen_blob_chunk *chunk,
    void *context, struct pen_error *error)
{
	struct pen_digest *running;
	enum pen_status status;
	int64_t bytes, given = 0, number = 0;
	char *part = NULL;
	bool found;
	size_t n;

	if (find(store, digest, &found, &bytes, error) != PEN_OK)
		return error->status;
	if (!found)
		return damaged(digest, _("is not there"), error);
	running = pen_digest__new(pen_store__suite(store));
	if (!running)
		return pen_error__memory(error);
	pen_digest__start(running);
	while ((status = take_chunk(store, digest, number++, &part, &n, error)) == PEN_OK && part) {
		pen_digest__add(running, part, n);
		given += (int64_t)n;
		status = chunk(context, part, n, error);
		pen_memory__free(part);
		if (status != PEN_OK)
			break;
	}
	if (status == PEN_OK)
		status = check_end(running, digest, bytes, given, error);
	pen_digest__free(running);
	return status;
}

/* Bytes that gather. Invariant: s has room for n and a NUL. */
struct whole { char *s; size_t n; };

static enum pen_status gather(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	struct whole *whole = context;
	char *more = pen_memory__realloc(whole->s, whole->n + n + 1, 1);

	if (!more)
		return pen_error__memory(error);
	memcpy(more + whole->n, bytes, n);
	whole->s = more;
	whole->n += n;
	whole->s[whole->n] = '\0';
	return PEN_OK;
}

enum pen_status pen_blob__load(struct pen_store *store, const char *digest, char **bytes, size_t *n,
    struct pen_error *error)
{
	struct whole whole = { NULL, 0 };
	enum pen_status status;

	status = pen_blob__read(store, digest, gather, &whole, error);
	if (status != PEN_OK) {
		pen_memory__free(whole.s);
		return status;
	}
	*bytes = whole.s;
	*n = whole.n;
	return PEN_OK;
}
