/* The rules over what is stored: those of a row, those of a folio's ordered
 * rows, and those over several records (share/rules). */
#ifndef PEN_STORE_RULEWALK_H
#define PEN_STORE_RULEWALK_H

#include "store/batch.h"
#include "store/walk.h"

/* Every row that reports show now, of these batches (NULL: all), with what was
 * registered of its person when it came in and the parameters now in force. */
enum pen_status pen_rulewalk__rows(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error);

/* Every file of share/rules over the whole store. One that cannot run is
 * reported as not made. */
enum pen_status pen_rulewalk__records(struct pen_walk *walk, struct pen_error *error);
/* One of them; not made if there is no such file. */
enum pen_status pen_rulewalk__record(struct pen_walk *walk, const char *rule, struct pen_error *error);

#endif
