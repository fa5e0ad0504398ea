/* Rows that nothing is wrong with by themselves, and that somebody has to look at
 * before they count (R8.1): contributions after retirement or death, and months
 * that the same person has at another employer. They are held, not rejected. */
#ifndef PEN_MODEL_REVIEW_H
#define PEN_MODEL_REVIEW_H

#include "model/rule.h"

/* When a person's contributions end; 0: they have not. */
struct pen_ended { int32_t retired_on, died_on; };

/* What a person has at other employers in one year: the months that are known,
 * and how many there are with those that are only counted. */
struct pen_months_elsewhere { int32_t known; int count; };

/* One contribution of a year, its months laid: adds at most one finding, by
 * person.died, person.retired or person.elsewhere. Months that are assumed are
 * held against somebody only where no laying of them would do. `where` says who
 * has the months, and is asked only if that matters; what it returns is its own. */
void pen_review__contribution(const struct pen_row *row, int32_t year, const struct pen_ended *ended,
    const struct pen_months_elsewhere *elsewhere, const char *(*where)(void *context), void *context,
    struct pen_findings *findings);

/* All that a person has in one year: months.total. */
void pen_review__year(int months, int folios, struct pen_findings *findings);

#endif
