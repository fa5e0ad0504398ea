/* The chunks that no snapshot names any more. */
#ifndef PEN_WORK_SWEEP_H
#define PEN_WORK_SWEEP_H

#include "work/chunks.h"

/* It starts as {0} and ends in _drop. */
struct pen_sweep {
	struct pen_chunk *named;	/* sorted, each once */
	size_t count, room;
	int64_t chunks, bytes;		/* that were removed, or would be; bytes as packed */
};
void pen_sweep__drop(struct pen_sweep *sweep);

/* The chunks of this snapshot stay. */
enum pen_status pen_sweep__keep(struct pen_sweep *sweep, const struct pen_manifest *manifest, struct pen_error *error);
/* Removes the others, or counts them alone; a file that is no chunk is left where it is.
 * To be called when no manifest names them any more, on the disk too. */
enum pen_status pen_sweep__run(struct pen_sweep *sweep, const struct pen_repository *repository, bool count_alone,
    struct pen_error *error);

#endif
