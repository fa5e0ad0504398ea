/* libcsv: bytes to records. The bytes may be in any encoding in which LF, CR,
 * the delimiter and the quote are the ASCII ones and occur in no other
 * character (UTF-8, GB18030). */
#ifndef PEN_ADAPTER_CSV_H
#define PEN_ADAPTER_CSV_H

#include "pen.h"

/* What a value was where it came from; text, always, in CSV. What is not text in
 * JSON stands in the field as it was written: 12, true, null as nothing, [1, 2]. */
enum pen_token { PEN_TOKEN_TEXT, PEN_TOKEN_NUMBER, PEN_TOKEN_TRUTH, PEN_TOKEN_NULL, PEN_TOKEN_NESTED };

struct pen_csv_field { const char *s; size_t n; enum pen_token token; };	/* not NUL-terminated */

/* One record; the fields are valid during the call, and stand where they were fed
 * or in a copy. `line` is the physical
 * line on which it begins (from 1; LF, CRLF and lone CR all end a line), `byte`
 * its offset from the first byte fed. An empty line is a record of no fields.
 * Any other status than PEN_OK stops the parse and is handed on; then only
 * close is left. */
typedef enum pen_status pen_csv_record(void *context, const struct pen_csv_field *fields,
    size_t count, long line, int64_t byte, struct pen_error *error);

struct pen_csv;

/* White space around fields is kept as it stands. A byte order mark is not
 * known here: feed what comes after it.
 *
 * Quotes: a field that begins with one ends with one, and between them a quote
 * is written twice (RFC 4180). A quote further on in a field that began without
 * one is kept as a character. Text between a closing quote and the delimiter
 * (white space too) is PEN_INPUT with its line: whichever way it were read, the
 * records after it could be swallowed. */
enum pen_status pen_csv__open(struct pen_csv **csv, char delimiter, pen_csv_record *record,
    void *context, struct pen_error *error);
/* The next n bytes, cut wherever the reader happened to cut them. Memory grows
 * with the longest record, not with the file. */
enum pen_status pen_csv__feed(struct pen_csv *csv, const char *bytes, size_t n, struct pen_error *error);
/* The last record may lack its newline. A quote that is never closed is
 * PEN_INPUT with the line on which it was opened. */
enum pen_status pen_csv__finish(struct pen_csv *csv, struct pen_error *error);
void pen_csv__close(struct pen_csv *csv);

/* For bytes that were converted: how many bytes of the file n of them stand for,
 * cut anywhere, so that `byte` counts those. Before anything is fed. */
void pen_csv__measure(struct pen_csv *csv, size_t (*measure)(const char *s, size_t n));

#endif
