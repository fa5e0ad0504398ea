/* The work of a run that adds snapshots to a repository or takes some away, and which
 * these are: the list create.tmp/snapshots, made before the first file is touched. By it
 * a signature that a killed run left without its manifest is told from one whose manifest
 * was lost. */
#ifndef PEN_WORK_UNDERWAY_H
#define PEN_WORK_UNDERWAY_H

#include "store/repository.h"
#include "store/scratch.h"

/* Takes the scratch directory of a repository that is held, and finishes what a killed
 * run was about: signatures that it left without their manifests go. */
enum pen_status pen_underway__begin(const struct pen_repository *repository, struct pen_scratch *work, struct pen_error *error);
/* Tells which snapshots are to come or to go. */
enum pen_status pen_underway__tell(const struct pen_repository *repository, const struct pen_scratch *work,
    const char (*names)[PEN_SNAPSHOT_ROOM], size_t count, struct pen_error *error);
/* Removes a snapshot that was told of: the manifest, or the signature after it. One that
 * is gone already is fine. */
enum pen_status pen_underway__remove(const struct pen_repository *repository, const char *name, const char *ending,
    struct pen_error *error);

/* Snapshots that have a signature and no manifest, though nobody is at work on them: into
 * *names, as pen_repository__list does. */
enum pen_status pen_underway__lost(const struct pen_repository *repository,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error);
/* What is said of such a snapshot: PEN_INTEGRITY. */
enum pen_status pen_underway__say_lost(const char *name, struct pen_error *error);

#endif
