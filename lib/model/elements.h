/* JSON to records: an array of objects, or objects one after the other (NDJSON). */
#ifndef PEN_MODEL_ELEMENTS_H
#define PEN_MODEL_ELEMENTS_H

#include "adapter/csv.h"

#define PEN_ELEMENTS_LONGEST ((size_t)1 << 20)	/* bytes of one element */

/* The keys met so far, in the order in which they were met: told before the first
 * record that has any, and again, all of them, when an object brings more. They
 * are valid for as long as the reader is. */
typedef enum pen_status pen_elements_columns(void *context, const struct pen_csv_field *keys,
    size_t count, long line, int64_t byte, struct pen_error *error);

/* A record is one object, its fields in the order of the keys, as many as there
 * are: those that it does not have are PEN_TOKEN_NULL. Its byte is where it begins,
 * its line too; where several begin on one line each counts one on, so that
 * no two records have the same line. `columns` may be NULL. `measure` as for
 * pen_csv__measure, or NULL.
 *
 * Feeding is PEN_INPUT, with the line, for what is no JSON in UTF-8, or goes on
 * after its end ("json.syntax" and what pen_json__parse has), an element that is no
 * object ("json.element"), one that is too long ("json.long"), a key twice in one
 * object ("json.twice"); finishing, for a text that is cut off, and for an array
 * of nothing ("input.rows"). */
struct pen_elements;
enum pen_status pen_elements__open(struct pen_elements **elements, pen_csv_record *record,
    pen_elements_columns *columns, void *context, size_t (*measure)(const char *s, size_t n), struct pen_error *error);
/* Memory grows with the longest element and the number of keys, not with the file. */
enum pen_status pen_elements__feed(struct pen_elements *elements, const char *bytes, size_t n, struct pen_error *error);
enum pen_status pen_elements__finish(struct pen_elements *elements, struct pen_error *error);
void pen_elements__close(struct pen_elements *elements);

#endif
