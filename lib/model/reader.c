#include "model/reader.h"
#include "base/error.h"
#include "base/memory.h"

#define BOM "\xef\xbb\xbf"
#define BOM_SIZE 3

struct pen_reader {
	struct pen_csv *csv;
	pen_csv_record *record;
	void *context;
	size_t mark_left;		/* bytes of a BOM that are still to be passed over */
	int64_t mark;			/* those that were */
};

/* The parser has not seen the mark: bytes are counted with it. */
static enum pen_status take_record(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct pen_reader *reader = context;

	return reader->record(reader->context, fields, count, line, byte + reader->mark, error);
}

enum pen_status pen_reader__open(struct pen_reader **reader, enum pen_encoding encoding,
    pen_csv_record *record, void *context, struct pen_error *error)
{
	struct pen_reader *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->record = record;
	made->context = context;
	made->mark_left = encoding == PEN_UTF8_BOM ? BOM_SIZE : 0;
	status = pen_csv__open(&made->csv, ',', take_record, made, error);
	if (status != PEN_OK) {
		pen_reader__close(made);
		return status;
	}
	*reader = made;
	return PEN_OK;
}

enum pen_encoding pen_reader__fields(enum pen_encoding encoding)
{
	return encoding;
}

enum pen_status pen_reader__feed(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error)
{
	/* The mark may come in pieces. It is kept from the parser, which would
	 * not see a quote behind it as one. */
	while (n > 0 && reader->mark_left > 0) {
		if (*bytes != BOM[BOM_SIZE - reader->mark_left]) {
			reader->mark_left = 0;
			break;
		}
		reader->mark_left--;
		reader->mark++;
		bytes++;
		n--;
	}
	return pen_csv__feed(reader->csv, bytes, n, error);
}

enum pen_status pen_reader__finish(struct pen_reader *reader, struct pen_error *error)
{
	return pen_csv__finish(reader->csv, error);
}

void pen_reader__close(struct pen_reader *reader)
{
	if (!reader)
		return;
	pen_csv__close(reader->csv);
	pen_memory__free(reader);
}
