/* Employment periods, by which a person's rows are found, against the registrations and
 * changes that told of them. */
#ifndef PEN_STORE_PERIODWALK_H
#define PEN_STORE_PERIODWALK_H

#include "store/periods.h"

/* employment.told over everybody: a period that no form told of, one that a form told of
 * and that is not there, one with another end. On the way registration.repeated: what is
 * registered twice, of these batches (NULL: all). */
enum pen_status pen_periodwalk__run(struct pen_walk *walk, const struct pen_periods *periods, const int64_t *batches, size_t count,
    struct pen_error *error);

#endif
