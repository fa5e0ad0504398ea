/* The rejects file: the rejected lines as they stood, as CSV in UTF-8, each with
 * why it was rejected, to be mended and brought in again. */
#ifndef PEN_STORE_REJECTSFILE_H
#define PEN_STORE_REJECTSFILE_H

#include "store/rejects.h"
#include "store/source.h"

/* Looks whether it could be written, and leaves nothing behind. A device or a
 * pipe is not tried. */
enum pen_status pen_rejectsfile__try(const char *path, struct pen_error *error);

/* Reads the source once more. The file appears whole or not at all. */
enum pen_status pen_rejectsfile__write(struct pen_rejects *rejects, struct pen_source *source, const char *path,
    struct pen_error *error);

#endif
