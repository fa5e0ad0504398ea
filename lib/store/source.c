#include "store/source.h"

#include "base/encode.h"
#include "base/error.h"
#include "store/blob.h"

#include <string.h>

#define PART 65536

/* Reads to the end; every part goes to the digest and to the sink. */
static enum pen_status read_all(struct pen_source *source, pen_source_sink *sink, void *context,
    char hex[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_digest *digest = pen_digest__new(pen_store__suite(source->store));
	unsigned char hash[PEN_DIGEST_SIZE];
	enum pen_status status;
	char buf[PART];
	size_t n;

	if (!digest)
		return pen_error__memory(error);
	pen_digest__start(digest);
	source->bytes = 0;
	do {
		status = pen_file__read(source->file, buf, sizeof(buf), &n, error);
		if (status || !n)
			break;
		pen_digest__add(digest, buf, n);
		source->bytes += (int64_t)n;
		status = sink(context, buf, n, error);
	} while (!status);
	pen_digest__end(digest, hash);
	pen_encode__hex(hash, sizeof(hash), hex);
	pen_digest__free(digest);
	return status;
}

static enum pen_status look(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	(void)error;
	pen_charset__look(context, bytes, n);
	return PEN_OK;
}

static enum pen_status scan(struct pen_source *source, struct pen_error *error)
{
	struct pen_detector *detector;
	enum pen_status status = pen_charset__detector(&detector, error);

	if (status)
		return status;
	status = read_all(source, look, detector, source->digest, error);
	if (!status && source->bytes == 0)
		status = pen_error__set(error, PEN_INPUT, "input.empty",
		    _("the file is empty: expected a header and rows; export it again"));
	if (!status)
		status = pen_charset__decide(detector, &source->encoding, error);
	pen_charset__forget(detector);
	if (status == PEN_INPUT)
		pen_error__at(error, source->path, 0, NULL);
	return status;
}

enum pen_status pen_source__open(struct pen_source *source, struct pen_store *store, const char *path,
    struct pen_error *error)
{
	enum pen_status status;

	*source = (struct pen_source){ .store = store };
	snprintf(source->path, sizeof(source->path), "%s", path);
	status = pen_file__open(&source->file, path, error);
	if (status)
		return status;
	snprintf(source->name, sizeof(source->name), "%s", pen_file__name(source->file));
	status = scan(source, error);
	if (status)
		pen_source__close(source);
	return status;
}

void pen_source__close(struct pen_source *source)
{
	pen_file__close(source->file);
	source->file = NULL;
}

enum pen_status pen_source__walk(struct pen_source *source, pen_source_sink *sink, void *context,
    struct pen_error *error)
{
	char hex[PEN_DIGEST_HEX];
	enum pen_status status;

	status = pen_file__rewind(source->file, error);
	if (!status)
		status = read_all(source, sink, context, hex, error);
	if (status)
		return status;
	if (strcmp(hex, source->digest) != 0) {
		pen_error__set(error, PEN_INPUT, "import.changed",
		    _("the file changed while it was read: run the import again when nobody writes to it"));
		return pen_error__at(error, source->path, 0, NULL);
	}
	return PEN_OK;
}

static enum pen_status keep_part(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	return pen_blob__add(context, bytes, n, error);
}

enum pen_status pen_source__keep(struct pen_source *source, struct pen_error *error)
{
	struct pen_blob_writer *writer;
	enum pen_status status;

	if (pen_blob__has(source->store, source->digest))
		return PEN_OK;
	status = pen_blob__open(&writer, source->store, "source", source->name, source->digest, error);
	if (status)
		return status;
	status = pen_source__walk(source, keep_part, writer, error);
	if (status) {
		pen_blob__abandon(writer);
		return status;
	}
	return pen_blob__close(writer, error);
}
