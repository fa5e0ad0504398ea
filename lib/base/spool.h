/* Records set aside to be gone through later: in memory first, and once that is
 * full in a file without a name, so that nothing of them is left behind. */
#ifndef PEN_BASE_SPOOL_H
#define PEN_BASE_SPOOL_H

#include "pen.h"

struct pen_spool;
/* The file, if one is needed, comes to lie in `dir` (copied), since what is set
 * aside is as private as what lies there. `memory` bytes are kept in memory. */
enum pen_status pen_spool__new(struct pen_spool **spool, const char *dir, size_t memory, struct pen_error *error);
void pen_spool__free(struct pen_spool *spool);	/* NULL is fine */

/* Adds a record, of less than 4 GiB, behind the last; its place to *at, unless
 * that is NULL. Not while a cursor is at work. PEN_SYSTEM: no memory, disk full. */
enum pen_status pen_spool__add(struct pen_spool *spool, const void *bytes, size_t n, int64_t *at,
    struct pen_error *error);
/* Where the next record will stand. */
int64_t pen_spool__end(const struct pen_spool *spool);

/* Goes through the records from one place to another, both such as _add gave or
 * the end. Several may be at work at a time. */
struct pen_spool_cursor;
enum pen_status pen_spool__cursor(struct pen_spool_cursor **cursor, struct pen_spool *spool, int64_t from,
    int64_t to, struct pen_error *error);
void pen_spool__close(struct pen_spool_cursor *cursor);	/* NULL is fine */
/* The next record, valid until the next call; *bytes is NULL at the end. */
enum pen_status pen_spool__next(struct pen_spool_cursor *cursor, const void **bytes, size_t *n, struct pen_error *error);
/* On with the record at another place, up to where the cursor ends. */
void pen_spool__seek(struct pen_spool_cursor *cursor, int64_t at);

#endif
