/* How many months each person has in a year, all forms together: four bytes a person. */
#ifndef PEN_STORE_MONTHCOUNT_H
#define PEN_STORE_MONTHCOUNT_H

#include "pen.h"

struct pen_monthcount;
/* For the numbers below `people`; those beyond are passed over. NULL: no memory. */
struct pen_monthcount *pen_monthcount__new(size_t people);
void pen_monthcount__free(struct pen_monthcount *count);	/* NULL is fine */

/* Some months of a folio; the rows of one person in it come one after the other. */
void pen_monthcount__add(struct pen_monthcount *count, int64_t folio, int64_t person, int months);
/* The next person behind this one (from 0 on) with more than so many months; false:
 * there is none. */
struct pen_monthcount_of { int64_t person; int months, folios; };
bool pen_monthcount__over(const struct pen_monthcount *count, int most, struct pen_monthcount_of *of);

#endif
