/* Looking at many rows, one after the other, none of which is kept: the place where another
 * engine has a cursor. */
#ifndef PEN_ADAPTER_DB_SCAN_H
#define PEN_ADAPTER_DB_SCAN_H

#include "adapter/db.h"

#define PEN_DB_SCAN_MOST 40	/* columns */

/* Values lie where the engine has them, valid during the call, which may scan something
 * else. What a taker returns but PEN_OK ends the scan, and is what it returns. */
typedef enum pen_status pen_db_scan_take(void *context, const struct pen_value *values, struct pen_error *error);

/* Of one plain SELECT, its columns without names of their own, in the order of a key: to
 * sort is PEN_SYSTEM at the end. Bound like any other statement, and finalized; never
 * stepped. */
enum pen_status pen_db_scan__prepare(struct pen_db *db, const char *sql, struct pen_statement **statement,
    struct pen_error *error);
enum pen_status pen_db_scan__run(struct pen_statement *statement, pen_db_scan_take *take, void *context, struct pen_error *error);

#endif
