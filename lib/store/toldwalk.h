/* The numbers and identifiers by which people are found, against the registrations
 * and retirements that told of them: whoever another id leads to is somebody else. */
#ifndef PEN_STORE_TOLDWALK_H
#define PEN_STORE_TOLDWALK_H

#include "store/walk.h"

/* person.told over everybody: an id that no form told of, one that a form told of and
 * that leads nowhere, one that another batch is said to have brought; a number without
 * an id, or an id without a number. On the way person.repeated, ids that two people have,
 * and person.alike. Of ids that two have told is what is of these batches (NULL: all). */
enum pen_status pen_toldwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count, struct pen_error *error);

#endif
