/* What the store keeps whole: sources, forms, papers. */
#ifndef PEN_STORE_BLOBWALK_H
#define PEN_STORE_BLOBWALK_H

#include "store/walk.h"

/* Everything against its digest, and a finding for each that is not what it was. */
enum pen_status pen_blobwalk__run(struct pen_walk *walk, struct pen_error *error);

#endif
