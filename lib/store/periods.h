/* The employment periods of everybody, in memory: twenty bytes a period, four a person,
 * and four more where there are retirements. */
#ifndef PEN_STORE_PERIODS_H
#define PEN_STORE_PERIODS_H

#include "store/walk.h"

/* A period as it is kept; until 0: it has no end. `counts`: the folio that told of it is
 * confirmed or sealed. */
struct pen_period { uint32_t person, folio, employer : 31, counts : 1; int32_t since, until; };

/* What is kept with numbers or days that no form can have told of. */
struct pen_period_odd { int64_t person, employer, since, folio, until; };

struct pen_periods;
/* Reads what is kept, and who retired, through a walk. */
enum pen_status pen_periods__open(struct pen_periods **periods, struct pen_walk *walk, struct pen_error *error);
void pen_periods__close(struct pen_periods *periods);	/* NULL is fine */

/* Several threads may ask. All in the order of people, employers, days and folios; and
 * beside them the odd ones. */
const struct pen_period *pen_periods__all(const struct pen_periods *periods, size_t *count);
const struct pen_period_odd *pen_periods__odd(const struct pen_periods *periods, size_t *count);
/* Those of one person. Of numbers that are not below `people` nothing is told: one that is
 * far beyond the others is no reason to make room for all between. */
int64_t pen_periods__people(const struct pen_periods *periods);
const struct pen_period *pen_periods__of(const struct pen_periods *periods, int64_t person, size_t *count);
/* The month of a person's earliest retirement; INT32_MAX: none. */
int32_t pen_periods__retired(const struct pen_periods *periods, int64_t person);

#endif
