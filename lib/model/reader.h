/* The bytes of a file to its records, whatever the file is laid out as. The same
 * reading serves import, the rejects file, and verification that reads a kept
 * source again. */
#ifndef PEN_MODEL_READER_H
#define PEN_MODEL_READER_H

#include "adapter/charset.h"
#include "model/elements.h"
#include "model/form.h"

/* What the pointers lead to stays the caller's, and outlives the reader. */
struct pen_reader_plan {
	enum pen_encoding encoding;
	const struct pen_form *form;	/* by whose titles the delimiter is found */
	pen_csv_record *record;
	pen_elements_columns *columns;	/* JSON has its keys here; NULL: not asked for */
	void *context;
};

/* JSON (model/elements) is what begins with [ or { after a byte order mark and
 * blanks; everything else is values separated by comma, tab or semicolon
 * (model/delimiter), which is found in the first 64 KiB. NUL and 0x1A bytes at the
 * end are passed over. Bytes are counted from the first of the file on, a byte
 * order mark among them, and in UTF-16 as they came. The same bytes and form give
 * the same records, however they are cut. */
struct pen_reader;
enum pen_status pen_reader__open(struct pen_reader **reader, const struct pen_reader_plan *plan,
    struct pen_error *error);
/* What the fields of the records are in: UTF-16 becomes UTF-8. */
enum pen_encoding pen_reader__fields(enum pen_encoding encoding);
/* After another status than PEN_OK the reader can only be closed. PEN_INPUT: the
 * file is not what it is laid out as; other failures are those of `record`. */
enum pen_status pen_reader__feed(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error);
enum pen_status pen_reader__finish(struct pen_reader *reader, struct pen_error *error);
int64_t pen_reader__padding(const struct pen_reader *reader);	/* bytes passed over at the end */
void pen_reader__close(struct pen_reader *reader);

#endif
