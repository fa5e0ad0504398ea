/* Loading many rows into one table: the place where another engine has COPY. */
#ifndef PEN_ADAPTER_DB_BULK_H
#define PEN_ADAPTER_DB_BULK_H

#include "adapter/db.h"

/* Some rows are gathered before they are written, so that one that fails is told at a
 * later one, or at the end; then the transaction is to be rolled back. _end writes
 * what is left and frees, _drop frees alone (NULL is fine). Before the db is
 * closed. */
struct pen_bulk;
enum pen_status pen_db_bulk__open(struct pen_bulk **bulk, struct pen_db *db, const char *table,
    const char *const *columns, size_t count, struct pen_error *error);
/* A row; or the next values of one, which is there once it has as many as columns. */
enum pen_status pen_db_bulk__row(struct pen_bulk *bulk, const struct pen_value *values, struct pen_error *error);
enum pen_status pen_db_bulk__add(struct pen_bulk *bulk, const struct pen_value *values, size_t n, struct pen_error *error);
/* Writes what has gathered, and goes on. */
enum pen_status pen_db_bulk__flush(struct pen_bulk *bulk, struct pen_error *error);
enum pen_status pen_db_bulk__end(struct pen_bulk *bulk, struct pen_error *error);
void pen_db_bulk__drop(struct pen_bulk *bulk);

#endif
