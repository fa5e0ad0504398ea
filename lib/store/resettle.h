/* Account years of a few people settled again, after rows that they rest on were
 * replaced: year after year from the first that can come out otherwise to the last
 * that the agency has settled. Nobody else is looked at. */
#ifndef PEN_STORE_RESETTLE_H
#define PEN_STORE_RESETTLE_H

#include "store/settlement.h"

/* Somebody, and the first year whose figures may be others. Sorted by number, each once. */
struct pen_resettle_person { int64_t person; int32_t from; };

/* What a person's account has come to on the way. Invariant: carried, once `known`, is
 * the balance at the end of the year before the one to come, in `folio`. */
struct pen_resettle_carried { struct pen_balance balance; int64_t folio; bool known, ended; };

/* A run. `batch` holds the new versions and what is settled, all of it shown from the
 * entry `at` on; its contributions count although they are not sealed yet. `year` is
 * the one at hand: year.s, orders and groups, as of a settlement. */
struct pen_resettle {
	struct pen_session *session;
	int64_t batch, at;
	const struct pen_resettle_person *person;
	size_t persons;
	struct pen_resettle_carried *carried;	/* of each person */
	int32_t next, last;			/* the year to come, and the last one */
	struct pen_settlement year;
	size_t credit_room, most;		/* most: credits of one person in a year */
};

enum pen_status pen_resettle__open(struct pen_resettle *run, struct pen_session *session, int64_t batch, int64_t at,
    const struct pen_resettle_person *person, size_t persons, struct pen_error *error);
void pen_resettle__close(struct pen_resettle *run);

/* The next year in which somebody is settled; *more false: there is none. Nothing is
 * written. Of whom nothing comes out otherwise, nothing is settled; who cannot be
 * settled yet (an earlier year is missing, a breakdown is not sealed) is left to
 * pen-account settle. */
enum pen_status pen_resettle__next(struct pen_resettle *run, bool *more, struct pen_error *error);

/* After the year at hand: its people go on from what it came to, in these folios (of
 * each group, settlement->group[g].folio). */
void pen_resettle__carry(struct pen_resettle *run);

#endif
