/* Restored stores put into service, as the journal has them: signed by two, and of the
 * journal that they say. */
#ifndef PEN_STORE_ADOPTWALK_H
#define PEN_STORE_ADOPTWALK_H

#include "store/walk.h"

enum pen_status pen_adoptwalk__run(struct pen_walk *walk, struct pen_error *error);

#endif
