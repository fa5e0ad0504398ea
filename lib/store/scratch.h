/* A directory for work under way, and files that are made whole before they get
 * the name by which others find them. */
#ifndef PEN_STORE_SCRATCH_H
#define PEN_STORE_SCRATCH_H

#include <limits.h>

#include "pen.h"

/* The file that says that such a directory is ours. */
#define PEN_SCRATCH_MARK "pen-scratch"

/* Held by a lock on the directory; fd is -1 while it is not. */
struct pen_scratch { char path[PATH_MAX]; int fd; };

/* What a killed run left there is removed; a directory that is not ours is
 * PEN_USAGE, one in use PEN_BUSY. */
enum pen_status pen_scratch__take(struct pen_scratch *scratch, const char *path, struct pen_error *error);
/* Removes it with all that is in it; harmless where it is not held. */
void pen_scratch__clear(struct pen_scratch *scratch);
/* Lets go of it as a killed run does: what is in it stays for the next. */
void pen_scratch__leave(struct pen_scratch *scratch);
/* Gives it the name `target`, where nothing is, without the mark; it is not
 * scratch any more. */
enum pen_status pen_scratch__publish(struct pen_scratch *scratch, const char *target, struct pen_error *error);

/* As publish, but in the place of a directory, which is renamed to `kept`, where nothing
 * is. Where a failure comes between the two, it says where both are. */
enum pen_status pen_scratch__replace(struct pen_scratch *scratch, const char *target, const char *kept, struct pen_error *error);

/* A new file, for its owner alone. close_file flushes, syncs and closes it,
 * and returns `status` if that is a failure already. */
enum pen_status pen_scratch__new_file(const char *path, FILE **file, struct pen_error *error);
enum pen_status pen_scratch__close_file(FILE *file, const char *path, enum pen_status status, struct pen_error *error);
/* Makes a file in the scratch directory and renames it to `path`, on the same file
 * system; the directory that it goes to is still to be synced. Two threads may, of
 * different names. */
enum pen_status pen_scratch__place(const struct pen_scratch *scratch, const char *path, const void *bytes, size_t n,
    struct pen_error *error);
/* The same, but its bytes are still to be made last too: by a sync of the file system. */
enum pen_status pen_scratch__lay(const struct pen_scratch *scratch, const char *path, const void *bytes, size_t n,
    struct pen_error *error);
/* Makes what was renamed into a directory last. */
enum pen_status pen_scratch__sync(const char *directory, struct pen_error *error);

#endif
