/* The rules over several records: those of share/rules, and an agency's own. */
#ifndef PEN_STORE_RECORDWALK_H
#define PEN_STORE_RECORDWALK_H

#include "store/batch.h"
#include "store/sqlrule.h"
#include "store/walk.h"

/* Every rule over the whole store; told is what is about these batches (NULL: all),
 * or names none. One that cannot run is reported as not made. */
enum pen_status pen_recordwalk__run(struct pen_walk *walk, const struct pen_sqlrules *rules, const int64_t *batches,
    size_t count, struct pen_error *error);

#endif
