/* Files: whole reads, streamed reads, and writes that are there or are not. */
#ifndef PEN_BASE_FILE_H
#define PEN_BASE_FILE_H

#include "pen.h"

/* A stream of bytes from a file, or from stdin for "-". A directory or a
 * missing file is PEN_INPUT. */
struct pen_file;
enum pen_status pen_file__open(struct pen_file **file, const char *path, struct pen_error *error);
/* Up to room bytes; *n is 0 at the end. */
enum pen_status pen_file__read(struct pen_file *file, void *buf, size_t room, size_t *n,
    struct pen_error *error);
/* Back to the start; what is not a regular file (a pipe, as stdin or by name)
 * is kept in an unlinked temporary file as it is read, so that this always
 * works. */
enum pen_status pen_file__rewind(struct pen_file *file, struct pen_error *error);
bool pen_file__regular(const struct pen_file *file);	/* no pipe, no terminal: reading does not wait for anybody */
const char *pen_file__name(struct pen_file *file);	/* last component; "stdin" */
void pen_file__close(struct pen_file *file);

/* The whole of a small file (at most `limit` bytes), NUL-terminated; free with
 * pen_memory__free. */
enum pen_status pen_file__load(const char *path, size_t limit, char **bytes, size_t *n,
    struct pen_error *error);

/* A write that appears whole or not at all: a temporary name beside `path`,
 * then sync, rename, sync of the directory. Abandoned by _discard; what a killed run
 * has left of one is taken away by the next of the same path. `mode` as for open(2). Symbolic links are followed; a device or a pipe (/dev/stdout) is
 * written straight, as it cannot be replaced. */
struct pen_draft;
enum pen_status pen_file__draft(struct pen_draft **draft, const char *path, unsigned mode,
    struct pen_error *error);
FILE *pen_file__stream(struct pen_draft *draft);
enum pen_status pen_file__keep(struct pen_draft *draft, struct pen_error *error);	/* frees it, also on failure */
void pen_file__discard(struct pen_draft *draft);

/* Makes a path's entry in its directory as lasting as the file: 0, or -1 and errno. */
int pen_file__sync_directory(const char *path);

/* One call for a small file. */
enum pen_status pen_file__save(const char *path, const void *bytes, size_t n, unsigned mode,
    struct pen_error *error);

/* Whether there is something of that name that can be used so (F_OK, R_OK). What
 * hides it from us is no absence: PEN_SYSTEM says why it cannot be told. */
enum pen_status pen_file__there(const char *path, int mode, bool *there, struct pen_error *error);

/* mkdir -p, each name made lasting; an existing directory is fine. */
enum pen_status pen_file__directory(const char *path, unsigned mode, struct pen_error *error);

/* Joins and checks the room: "dir/name". PEN_SYSTEM if it does not fit. */
enum pen_status pen_file__join(char *out, size_t room, const char *dir, const char *name,
    struct pen_error *error);

/* The directory of the share files: $PEN_SHARE, else ../share/pen beside the
 * library, else the prefix it was configured with. Found once. */
const char *pen_file__share(void);

#endif
