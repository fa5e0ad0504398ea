/* Rows of one file, gathered before they go to the store in order: packed, some
 * fifty bytes each, strings included. What is more than fits in memory is set
 * aside in runs that are put in order by themselves, and merged when they are gone
 * through. */
#ifndef PEN_STORE_PILE_H
#define PEN_STORE_PILE_H

#include "base/runs.h"
#include "model/shape.h"

/* A row as it lies in the pile; strings in `row` belong to the pile, until the
 * next row. */
struct pen_piled {
	int64_t employer;	/* of the folio */
	int32_t period;
	struct pen_row row;
	int64_t amount_fen, byte;
	int first_month;
	int32_t since, until;
};

/* Of memory for rows: what people leave of the first, at least the second. */
#define PEN_PILE_MOST ((size_t)152 << 20)
#define PEN_PILE_RUN ((size_t)16 << 20)

struct pen_pile;
/* Holds about `run` bytes in memory; the rest goes to a file without a name in
 * `dir`. NULL: no memory. */
struct pen_pile *pen_pile__new(const struct pen_kind *kind, const char *dir, size_t run);
void pen_pile__free(struct pen_pile *pile);

/* PEN_SYSTEM: no memory, a full disk, or a number beyond what is held. */
enum pen_status pen_pile__add(struct pen_pile *pile, const struct pen_shaped *shaped, int64_t byte,
    struct pen_error *error);
/* The two halves of adding, for another thread: a row packed, and put to the pile.
 * pack writes at most pen_pile__most() bytes, and gives 0 for a number beyond what
 * is held. */
struct pen_packed { struct pen_runs_key key; uint32_t n; };	/* n bytes */
size_t pen_pile__most(const struct pen_shaped *shaped);
size_t pen_pile__pack(const struct pen_shaped *shaped, int64_t byte, struct pen_packed *packed, unsigned char *out);
enum pen_status pen_pile__put(struct pen_pile *pile, const struct pen_packed *packed, const unsigned char *bytes,
    struct pen_error *error);
/* Into the order of storage: employer and period of the folio, subject, line.
 * Nothing is added after it. */
enum pen_status pen_pile__sort(struct pen_pile *pile, struct pen_error *error);
size_t pen_pile__count(const struct pen_pile *pile);

/* Goes through a sorted pile in its order, from the first row on. */
struct pen_pile_walk;
enum pen_status pen_pile__walk(struct pen_pile_walk **walk, struct pen_pile *pile, struct pen_error *error);
void pen_pile__close(struct pen_pile_walk *walk);	/* NULL is fine */
enum pen_status pen_pile__next(struct pen_pile_walk *walk, struct pen_piled *out, bool *row, struct pen_error *error);

#endif
