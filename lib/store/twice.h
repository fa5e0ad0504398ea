/* Registrations of one person with one employer since the same day, in two folios
 * (registration.repeated): import turns the second down, here is found what came in by
 * another door. */
#ifndef PEN_STORE_TWICE_H
#define PEN_STORE_TWICE_H

#include "store/walk.h"

/* What is said of one person, employer (0: none) and day; told is what is of these batches
 * (NULL: all). Start it as { .walk = …, .batches = …, .count = … }. */
struct pen_twice {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	int64_t person, employer, since;
	int64_t *folio;
	size_t folios, room;
};

/* A registration; they come in the order of people, employers, days and folios, and those
 * that do not count are met too. */
enum pen_status pen_twice__meet(struct pen_twice *twice, int64_t person, int64_t employer, int64_t since, int64_t folio,
    struct pen_error *error);
enum pen_status pen_twice__end(struct pen_twice *twice, struct pen_error *error);	/* behind the last */
void pen_twice__free(struct pen_twice *twice);

#endif
