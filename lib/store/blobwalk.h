/* What the store keeps whole, against the digests that it is kept under. */
#ifndef PEN_STORE_BLOBWALK_H
#define PEN_STORE_BLOBWALK_H

#include "store/walk.h"

/* Everything that is kept whole (sources, forms, papers). */
enum pen_status pen_blobwalk__run(struct pen_walk *walk, struct pen_error *error);

#endif
