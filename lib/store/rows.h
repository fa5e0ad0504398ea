/* Rows of the record kinds, by the kind's own description. */
#ifndef PEN_STORE_ROWS_H
#define PEN_STORE_ROWS_H

#include "model/kind.h"
#include "store/store.h"

/* Writing: rows in the order of the key are fastest. One that fails is told at a
 * later one, or at the end. _flush writes what has gathered, so that it can be read back;
 * _end writes what is left, and frees; _drop frees alone. */
struct pen_rows_writer;
enum pen_status pen_rows__writer(struct pen_rows_writer **writer, struct pen_store *store,
    const struct pen_kind *kind, struct pen_error *error);
enum pen_status pen_rows__write(struct pen_rows_writer *writer, int64_t folio, const struct pen_row *row, struct pen_error *error);
enum pen_status pen_rows__flush(struct pen_rows_writer *writer, struct pen_error *error);
enum pen_status pen_rows__end_writer(struct pen_rows_writer *writer, struct pen_error *error);
void pen_rows__drop_writer(struct pen_rows_writer *writer);
/* Takes a folio's rows out again. The schema refuses it once it is confirmed. */
enum pen_status pen_rows__remove(struct pen_store *store, const struct pen_kind *kind, int64_t folio, struct pen_error *error);

/* Reading a folio's rows in storage order. Read in slices of some thousand rows,
 * so that no read lock is held while the caller works; what is confirmed does
 * not change, so the slices agree. The row is valid until the next. */
struct pen_rows;
enum pen_status pen_rows__open(struct pen_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, struct pen_error *error);
enum pen_status pen_rows__open_subject(struct pen_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, int64_t subject, struct pen_error *error);	/* one subject's */
/* On to another folio, of rows that were opened for a whole one. */
void pen_rows__turn(struct pen_rows *rows, int64_t folio);
/* From the row that has so many before it. The folio's keys up to there are passed. */
enum pen_status pen_rows__open_from(struct pen_rows **rows, struct pen_store *store,
    const struct pen_kind *kind, int64_t folio, int64_t before, struct pen_error *error);
/* A slice at once, each row's values as they lie in the database: they are valid during
 * the call, which is quick. *more: another may follow. Not to be mixed with _next. */
#define PEN_ROWS_SLICE 2048	/* rows: well under a tenth of a second each */
typedef enum pen_status pen_rows_take(void *context, const struct pen_value *values, struct pen_error *error);
enum pen_status pen_rows__slice(struct pen_rows *rows, pen_rows_take *take, void *context, bool *more,
    struct pen_error *error);
enum pen_status pen_rows__next(struct pen_rows *rows, const struct pen_row **row, struct pen_error *error);	/* NULL at the end */
void pen_rows__close(struct pen_rows *rows);

/* How many rows of a folio stand before a place in it. */
enum pen_status pen_rows__before(struct pen_store *store, const struct pen_kind *kind, int64_t folio,
    int64_t subject, int64_t line, int64_t *before, struct pen_error *error);
/* Rows from anywhere, one after the other: *row is NULL at the end, and valid until
 * the next. What makes the rows of a folio again gives them out like this. */
typedef enum pen_status pen_rows_supply(void *context, const struct pen_row **row, struct pen_error *error);

/* True if the row was replaced at or before the index (0 folios of an unamended
 * store cost one look for all: the side table is empty). */
enum pen_status pen_rows__replaced(struct pen_store *store, int64_t folio, int64_t subject, int64_t line,
    int64_t as_of, bool *replaced, struct pen_error *error);

#endif
