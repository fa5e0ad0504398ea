/* The bytes of the store as they lie in its file, for a backup. */
#ifndef PEN_ADAPTER_DB_RAW_H
#define PEN_ADAPTER_DB_RAW_H

#include "adapter/db.h"

/* Read through the engine's own handle (a second
 * descriptor, closed, would drop its locks). Take the write lock first, write
 * nothing, and roll back after _end. In WAL mode _begin first moves the log
 * into the file and lets go of the lock for a moment to do so: what must agree
 * with the bytes is looked up after it. */
enum pen_status pen_db_raw__begin(struct pen_db *db, int64_t *size, int *page_size, struct pen_error *error);
enum pen_status pen_db_raw__read(struct pen_db *db, int64_t offset, void *buf, size_t n, struct pen_error *error);
void pen_db_raw__end(struct pen_db *db);

#endif
