/* The rules over what is stored, row by row: those of a row, and those of a folio's
 * ordered rows. */
#ifndef PEN_STORE_RULEWALK_H
#define PEN_STORE_RULEWALK_H

#include "store/batch.h"
#include "store/sqlrule.h"
#include "store/walk.h"

/* Every row that reports show now, of these batches (NULL: all), with what was
 * registered of its person when it came in and the parameters now in force. */
enum pen_status pen_rulewalk__rows(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error);

#endif
