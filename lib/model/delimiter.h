/* Which delimiter a file of separated values has. */
#ifndef PEN_MODEL_DELIMITER_H
#define PEN_MODEL_DELIMITER_H

#include "adapter/charset.h"
#include "model/form.h"

/* Comma, tab or semicolon: the one that makes, among the first 30 records of these
 * bytes, a record with the most titles that the form knows; of equals the one
 * named first. A first line "sep=;", which spreadsheets write, decides it.
 * `encoding` is that of the bytes, without a byte order mark. */
enum pen_status pen_delimiter__find(const char *bytes, size_t n, enum pen_encoding encoding,
    const struct pen_form *form, char *delimiter, struct pen_error *error);

#endif
