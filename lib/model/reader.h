/* The bytes of a file to its records, whatever the file is laid out as. The same
 * reading serves import, the rejects file, and verification that reads a kept
 * source again. */
#ifndef PEN_MODEL_READER_H
#define PEN_MODEL_READER_H

#include "adapter/charset.h"
#include "adapter/csv.h"

/* Delimiter: the comma. Bytes are counted from the first of the file on, a byte
 * order mark among them. */
struct pen_reader;
enum pen_status pen_reader__open(struct pen_reader **reader, enum pen_encoding encoding,
    pen_csv_record *record, void *context, struct pen_error *error);
/* What the fields of the records are in. */
enum pen_encoding pen_reader__fields(enum pen_encoding encoding);
/* After another status than PEN_OK the reader can only be closed. PEN_INPUT: the
 * file is not what it is laid out as; other failures are those of `record`. */
enum pen_status pen_reader__feed(struct pen_reader *reader, const char *bytes, size_t n, struct pen_error *error);
enum pen_status pen_reader__finish(struct pen_reader *reader, struct pen_error *error);
void pen_reader__close(struct pen_reader *reader);

#endif
