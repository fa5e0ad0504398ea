/* Records that come in any order, to be gone through in that of their keys:
 * gathered in memory, and what is more than fits set aside in runs that are put in
 * order by themselves and merged when they are gone through. */
#ifndef PEN_BASE_RUNS_H
#define PEN_BASE_RUNS_H

#include "pen.h"

/* Compared high before low. */
struct pen_runs_key { uint64_t high, low; };

struct pen_runs;
/* Holds about `memory` bytes in memory; the rest goes to a file without a name in
 * `dir` (copied). */
enum pen_status pen_runs__new(struct pen_runs **runs, const char *dir, size_t memory, struct pen_error *error);
void pen_runs__free(struct pen_runs *runs);	/* NULL is fine */

/* Room for a record of at most `most` bytes, to be written at *out and put at once,
 * with its length. PEN_SYSTEM: no memory, a full disk. */
enum pen_status pen_runs__room(struct pen_runs *runs, size_t most, unsigned char **out, struct pen_error *error);
void pen_runs__put(struct pen_runs *runs, const struct pen_runs_key *key, size_t n);
size_t pen_runs__count(const struct pen_runs *runs);
/* Into order, those of equal keys in any. Nothing is put after it; asked again, it
 * has nothing to do. */
enum pen_status pen_runs__sort(struct pen_runs *runs, struct pen_error *error);

/* Goes through sorted records, from the first on. Several may be at work at a time. */
struct pen_runs_walk;
enum pen_status pen_runs__walk(struct pen_runs_walk **walk, struct pen_runs *runs, struct pen_error *error);
void pen_runs__close(struct pen_runs_walk *walk);	/* NULL is fine */
/* The next record, valid until the next call; *bytes is NULL at the end. */
enum pen_status pen_runs__next(struct pen_runs_walk *walk, struct pen_runs_key *key, const unsigned char **bytes,
    size_t *n, struct pen_error *error);

#endif
