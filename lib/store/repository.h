/* A backup repository, the directory:
 *
 *   chunks/ab/abcdef….gz            64 KiB of a store's file, the last one less
 *   chunks/ab/abcdef….gz.cms        the same, encrypted
 *   snapshots/TIME-AGENCY.manifest  text, written last
 *   snapshots/TIME-AGENCY.sig       its signature, raw
 *   lock                            one backup at a time
 *   create.tmp/, verify-…/          work under way
 *
 * A snapshot is there when its manifest is. */
#ifndef PEN_STORE_REPOSITORY_H
#define PEN_STORE_REPOSITORY_H

#include <limits.h>

#include "store/manifest.h"

/* And who looks at the work: of the options only progress, stopped and context
 * are used. lock is -1 unless the repository is held, or read on. */
struct pen_tags;
struct pen_opener;
/* tags: what is stored is encrypted; opener: what is encrypted is opened. Both are the
 * caller's, set once it is open, and may be NULL. */
struct pen_repository {
	char dir[PATH_MAX];
	struct pen_session_options options;
	int lock;
	struct pen_tags *tags;
	struct pen_opener *opener;
};

/* To read. PEN_INPUT if there is none; options may be NULL. Nothing stays open. */
enum pen_status pen_repository__open(struct pen_repository *repository, const char *dir,
    const struct pen_session_options *options, struct pen_error *error);
/* To write: makes what is missing of it, keeps other backups out (PEN_BUSY), and
 * removes what killed verifications left. Nothing is held on failure. */
enum pen_status pen_repository__hold(struct pen_repository *repository, const char *dir,
    const struct pen_session_options *options, struct pen_error *error);
void pen_repository__let_go(struct pen_repository *repository);	/* harmless where it is not held */
/* Of an opened repository: for as long as it reads, nothing is removed; backups go on.
 * PEN_BUSY: something is being removed. Ends with let_go. */
enum pen_status pen_repository__read_on(struct pen_repository *repository, struct pen_error *error);
/* Of one that is held, into *fd, to be closed: nobody reads from now on. PEN_BUSY. */
enum pen_status pen_repository__no_readers(const struct pen_repository *repository, int *fd, struct pen_error *error);

/* dir/folder/name and the ending; a folder of "" is left out. */
enum pen_status pen_repository__path(const struct pen_repository *repository, const char *folder,
    const char *name, const char *ending, char out[PATH_MAX], struct pen_error *error);
/* Tells how far a step is; PEN_INCOMPLETE if the caller wants to stop. */
enum pen_status pen_repository__go_on(const struct pen_repository *repository, const char *step,
    int64_t done, int64_t total, struct pen_error *error);

/* Names of the snapshots, oldest first; free with pen_memory__free. list_files: those
 * that have a file of this ending. */
enum pen_status pen_repository__list(const struct pen_repository *repository,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error);
enum pen_status pen_repository__list_files(const struct pen_repository *repository, const char *ending,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error);
/* NULL and "latest" mean the newest. PEN_USAGE: no snapshot of that name;
 * PEN_INPUT: none at all; PEN_INTEGRITY: not readable as a manifest, with the
 * snapshot's name filled in. */
enum pen_status pen_repository__load(const struct pen_repository *repository, const char *snapshot,
    struct pen_manifest *manifest, struct pen_error *error);

#endif
