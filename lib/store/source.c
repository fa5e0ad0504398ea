#include "store/source.h"

#include "adapter/gzip.h"
#include "base/encode.h"
#include "base/error.h"
#include "model/survey.h"
#include "store/blob.h"

#include <string.h>

#define PART 65536

/* Where the bytes of the content go. */
struct reading { struct pen_source *source; struct pen_digest *digest; pen_source_sink *sink; void *context; };

static enum pen_status take_part(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	struct reading *reading = context;

	pen_digest__add(reading->digest, bytes, n);
	reading->source->bytes += (int64_t)n;
	return reading->sink(reading->context, bytes, n, error);
}

/* The file to its end, through zlib if it is packed. */
static enum pen_status read_parts(struct reading *reading, struct pen_error *error)
{
	struct pen_source *source = reading->source;
	struct pen_gzip *gzip = NULL;
	enum pen_status status = PEN_OK;
	char buf[PART];
	size_t n;

	if (source->packed)
		status = pen_gzip__open(&gzip, take_part, reading, error);
	while (!status) {
		status = pen_file__read(source->file, buf, sizeof(buf), &n, error);
		if (status || !n)
			break;
		status = gzip ? pen_gzip__feed(gzip, buf, n, error) : take_part(reading, buf, n, error);
	}
	if (!status && gzip)
		status = pen_gzip__finish(gzip, error);
	pen_gzip__close(gzip);
	return status;
}

/* Reads to the end; every part goes to the digest and to the sink. */
static enum pen_status read_all(struct pen_source *source, pen_source_sink *sink, void *context,
    char hex[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct reading reading = { source, pen_digest__new(pen_store__suite(source->store)), sink, context };
	unsigned char hash[PEN_DIGEST_SIZE];
	enum pen_status status;

	if (!reading.digest)
		return pen_error__memory(error);
	pen_digest__start(reading.digest);
	source->bytes = 0;
	status = read_parts(&reading, error);
	pen_digest__end(reading.digest, hash);
	pen_encode__hex(hash, sizeof(hash), hex);
	pen_digest__free(reading.digest);
	return status;
}

static enum pen_status look(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	return pen_survey__look(context, bytes, n, error);
}

static enum pen_status scan(struct pen_source *source, struct pen_error *error)
{
	struct pen_survey *survey;
	enum pen_status status = pen_survey__open(&survey, error);

	if (status)
		return status;
	status = read_all(source, look, survey, source->digest, error);
	if (!status && source->bytes == 0)
		status = pen_error__set(error, PEN_INPUT, "input.empty",
		    _("the file is empty: expected a header and rows; export it again"));
	if (!status)
		status = pen_survey__decide(survey, &source->encoding, error);
	pen_survey__close(survey);
	if (status == PEN_INPUT)
		pen_error__at(error, source->path, 0, NULL);
	return status;
}

/* Looks whether the file is packed, and goes back to its first byte. A name that
 * says so is that of the packed file, not of what is in it. */
static enum pen_status look_packed(struct pen_source *source, struct pen_error *error)
{
	size_t n = 0, more, length = strlen(source->name);
	enum pen_status status;
	char head[3];

	do {
		status = pen_file__read(source->file, head + n, sizeof(head) - n, &more, error);
		if (status)
			return status;
		n += more;
	} while (more && n < sizeof(head));
	source->packed = pen_gzip__is(head, n);
	if (source->packed && length > 3 && strcmp(source->name + length - 3, ".gz") == 0)
		source->name[length - 3] = '\0';
	return pen_file__rewind(source->file, error);
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
	status = look_packed(source, error);
	if (!status)
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
