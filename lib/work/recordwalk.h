/* The rules over several records: those of share/rules, and an agency's own. */
#ifndef PEN_WORK_RECORDWALK_H
#define PEN_WORK_RECORDWALK_H

#include "store/batch.h"
#include "store/sqlrule.h"
#include "store/walk.h"

/* Told is what is about these batches (NULL: all), or names none; the parameters are
 * those in force. */
struct pen_recordwalk { const int64_t *batches; size_t count; const struct pen_parameters *parameters; };

/* One rule over the whole store. One that cannot run is reported as not made. Several
 * threads may run rules, each by a walk of its own. */
enum pen_status pen_recordwalk__rule(struct pen_walk *walk, const struct pen_recordwalk *of, const struct pen_sqlrule *rule,
    struct pen_error *error);

#endif
