#include "model/reader.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf16.h"
#include "model/delimiter.h"
#include "model/survey.h"


#define SAMPLE ((size_t)65536)	/* bytes by which the layout is found */
#define PIECE ((size_t)16384)	/* of UTF-16, converted at a time */

/* Bytes go this way: the mark is passed over; UTF-16 becomes UTF-8; NUL and 0x1A
 * at the end are held back; the first are kept until the layout is known; then
 * they go to the one parser that there is.
 *
 * Invariant: `held` are the NUL and 0x1A that what was fed ended with, the first
 * of them in `hold`. `sample` is what waits as long as there is no parser. */
struct pen_reader {
	struct pen_reader_plan plan;
	struct pen_csv *csv;
	struct pen_elements *elements;
	const char *mark;		/* what is left of it to be passed over */
	size_t mark_left;
	int64_t mark_size;		/* what of it was */
	bool wide;			/* UTF-16 */
	struct pen_utf16 utf16;
	char *converted;
	char hold[PEN_SURVEY_HOLE];
	int64_t held;
	struct pen_text sample;
};

/* ---------------------------------------------------------------- records -- */

/* The parser has not seen the mark: bytes are counted with it. */
static enum pen_status take_record(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct pen_reader *reader = context;

	return reader->plan.record(reader->plan.context, fields, count, line, byte + reader->mark_size, error);
}

static enum pen_status take_columns(void *context, const struct pen_csv_field *keys, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct pen_reader *reader = context;

	if (!reader->plan.columns)
		return PEN_OK;
	return reader->plan.columns(reader->plan.context, keys, count, line, byte + reader->mark_size, error);
}

static enum pen_status parse(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error)
{
	if (reader->csv)
		return pen_csv__feed(reader->csv, bytes, n, error);
	return pen_elements__feed(reader->elements, bytes, n, error);
}

/* ----------------------------------------------------------------- layout -- */

static bool is_json(const char *s, size_t n)
{
	while (n && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')) {
		s++;
		n--;
	}
	return n && (*s == '[' || *s == '{');
}

/* The sample is as long as it gets: it makes the parser, and is its first food. */
static enum pen_status begin(struct pen_reader *reader, struct pen_error *error)
{
	size_t (*measure)(const char *, size_t) = reader->wide ? pen_utf16__measure : NULL;
	const char *s = reader->sample.s ? reader->sample.s : "";
	enum pen_status status;
	char delimiter;

	if (reader->sample.failed)
		return pen_error__memory(error);
	if (is_json(s, reader->sample.n)) {
		status = pen_elements__open(&reader->elements, take_record, take_columns, reader, measure, error);
	} else {
		status = pen_delimiter__find(s, reader->sample.n, pen_reader__fields(reader->plan.encoding),
		    reader->plan.form, &delimiter, error);
		if (status == PEN_OK)
			status = pen_csv__open(&reader->csv, delimiter, take_record, reader, error);
		if (status == PEN_OK)
			pen_csv__measure(reader->csv, measure);
	}
	if (status == PEN_OK)
		status = parse(reader, s, reader->sample.n, error);
	pen_text__free(&reader->sample);
	return status;
}

static enum pen_status take_text(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (!reader->csv && !reader->elements) {
		size_t part = SAMPLE - reader->sample.n < n ? SAMPLE - reader->sample.n : n;

		pen_text__add(&reader->sample, bytes, part);
		if (reader->sample.n < SAMPLE && !reader->sample.failed)
			return PEN_OK;
		status = begin(reader, error);
		bytes += part;
		n -= part;
	}
	return status == PEN_OK && n ? parse(reader, bytes, n, error) : status;
}

/* ---------------------------------------------------------------- padding -- */

static bool is_padding(char c)
{
	return c == '\0' || c == '\x1a';
}

/* Something follows what was held: it is part of the text after all. A survey of
 * the file has refused it if there was more than there is room for. */
static enum pen_status release(struct pen_reader *reader, struct pen_error *error)
{
	size_t n = (size_t)reader->held;

	if (reader->held > PEN_SURVEY_HOLE)
		return pen_error__set(error, PEN_INPUT, "charset.binary",
		    _("thousands of NUL bytes within the text: what stood there is lost; fetch the file again"));
	reader->held = 0;
	return n ? take_text(reader, reader->hold, n, error) : PEN_OK;
}

/* Hands on all but the padding that the bytes end with. */
static enum pen_status hold_back(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t text = n;

	while (text && is_padding(bytes[text - 1]))
		text--;
	if (text) {
		status = release(reader, error);
		if (status == PEN_OK)
			status = take_text(reader, bytes, text, error);
	}
	for (; text < n; text++, reader->held++) {
		if (reader->held < PEN_SURVEY_HOLE)
			reader->hold[reader->held] = bytes[text];
	}
	return status;
}

/* --------------------------------------------------------------- encoding -- */

static enum pen_status refuse_utf16(struct pen_error *error)
{
	return pen_error__set(error, PEN_INPUT, "charset.utf16",
	    _("half a character of UTF-16 where a whole one was expected; export the file again as CSV UTF-8"));
}

static enum pen_status convert(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t part, text_n;

	for (; n && status == PEN_OK; bytes += part, n -= part) {
		part = n < PIECE ? n : PIECE;
		if (!pen_utf16__convert(&reader->utf16, bytes, part, reader->converted, &text_n))
			return refuse_utf16(error);
		status = hold_back(reader, reader->converted, text_n, error);
	}
	return status;
}

/* ------------------------------------------------------------- the reader -- */

static void expect_mark(struct pen_reader *reader)
{
	switch (reader->plan.encoding) {
	case PEN_UTF8_BOM:
		reader->mark = "\xef\xbb\xbf";
		reader->mark_left = 3;
		break;
	case PEN_UTF16LE:
		reader->mark = "\xff\xfe";
		reader->mark_left = 2;
		break;
	case PEN_UTF16BE:
		reader->mark = "\xfe\xff";
		reader->mark_left = 2;
		break;
	default:
		break;
	}
}

enum pen_status pen_reader__open(struct pen_reader **reader, const struct pen_reader_plan *plan,
    struct pen_error *error)
{
	struct pen_reader *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	made->plan = *plan;
	made->wide = plan->encoding == PEN_UTF16LE || plan->encoding == PEN_UTF16BE;
	made->utf16.big = plan->encoding == PEN_UTF16BE;
	expect_mark(made);
	if (made->wide) {
		made->converted = pen_memory__realloc(NULL, PEN_UTF16_ROOM(PIECE), 1);
		if (!made->converted) {
			pen_memory__free(made);
			return pen_error__memory(error);
		}
	}
	*reader = made;
	return PEN_OK;
}

enum pen_encoding pen_reader__fields(enum pen_encoding encoding)
{
	return encoding == PEN_UTF16LE || encoding == PEN_UTF16BE ? PEN_UTF8 : encoding;
}

enum pen_status pen_reader__feed(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error)
{
	/* The mark may come in pieces. It is kept from the parser, which would
	 * not see a quote behind it as one. */
	while (n > 0 && reader->mark_left > 0) {
		if (*bytes != *reader->mark) {
			reader->mark_left = 0;
			break;
		}
		reader->mark++;
		reader->mark_left--;
		reader->mark_size++;
		bytes++;
		n--;
	}
	if (reader->wide)
		return convert(reader, bytes, n, error);
	return hold_back(reader, bytes, n, error);
}

enum pen_status pen_reader__finish(struct pen_reader *reader, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (reader->wide && !pen_utf16__ends(&reader->utf16))
		return refuse_utf16(error);
	if (!reader->csv && !reader->elements)
		status = begin(reader, error);
	if (status != PEN_OK)
		return status;
	return reader->csv ? pen_csv__finish(reader->csv, error) : pen_elements__finish(reader->elements, error);
}

int64_t pen_reader__padding(const struct pen_reader *reader)
{
	return reader->wide ? 2 * reader->held : reader->held;
}

void pen_reader__close(struct pen_reader *reader)
{
	if (!reader)
		return;
	pen_csv__close(reader->csv);
	pen_elements__close(reader->elements);
	pen_text__free(&reader->sample);
	pen_memory__free(reader->converted);
	pen_memory__free(reader);
}
