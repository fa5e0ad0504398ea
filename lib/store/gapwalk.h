/* Years in which somebody was employed for more months than there are contributions for
 * (contribution.gaps). */
#ifndef PEN_STORE_GAPWALK_H
#define PEN_STORE_GAPWALK_H

#include "store/periods.h"

/* What is paid of a year, and what is missing: a byte a person while the year is gone
 * through, and then those who may have a gap, set aside in the store's directory. */
struct pen_gapwalk;
enum pen_status pen_gapwalk__open(struct pen_gapwalk **gaps, const struct pen_periods *periods, const char *dir, int32_t year,
    struct pen_error *error);
void pen_gapwalk__close(struct pen_gapwalk *gaps);	/* NULL is fine */

/* There is a form of the year of this employer, so that whoever is employed there should
 * be on one. */
enum pen_status pen_gapwalk__employer(struct pen_gapwalk *gaps, int64_t employer, struct pen_error *error);
/* Months that were paid for a year, this one or another. */
enum pen_status pen_gapwalk__paid(struct pen_gapwalk *gaps, int64_t person, int64_t year, int months, struct pen_error *error);
/* Behind the last form of the year. */
enum pen_status pen_gapwalk__end(struct pen_gapwalk *gaps, struct pen_error *error);

/* Tells of the gaps of all years, in the order of people and years. NULL stands for a
 * year that could not be read to its end: the check is then not made. */
enum pen_status pen_gapwalk__run(struct pen_walk *walk, struct pen_gapwalk *const *gaps, size_t count, struct pen_error *error);

#endif
