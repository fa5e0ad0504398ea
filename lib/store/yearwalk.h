/* The contributions of a store, year by year: under the rules on rows, and as an import
 * would set them aside for somebody to look at (a person in two places in one month,
 * contributions after retirement or death, R8.1), against the periods in which people are
 * employed; and who has more months than a year has. */
#ifndef PEN_STORE_YEARWALK_H
#define PEN_STORE_YEARWALK_H

#include "store/gapwalk.h"
#include "store/rulewalk.h"
#include "store/sumwalk.h"

/* Told is what is about these batches (NULL: all), though rows of all of them are read:
 * they speak against each other. Rows go under the rules if that is asked for, and are
 * held against employment periods where those are given (NULL: nobody asks). */
struct pen_yearwalk {
	const struct pen_known *known;
	bool rows;
	const int64_t *batches;
	size_t count;
	const struct pen_periods *periods;
};

/* What is left of a year for other passes: gaps (with periods) for pen_gapwalk__run, NULL
 * if not all of the year could be read, and sums of the folios that could. */
struct pen_yearwalk_left { struct pen_gapwalk *gaps; struct pen_sumwalk_sums sums; };
void pen_yearwalk__drop(struct pen_yearwalk_left *left);

/* One year, four bytes a person, two for who is where, and one for gaps. What was let in
 * by somebody's decision is set aside by nothing, and speaks against nobody. Several
 * threads may each walk a year. *left, which starts as {0}, is the caller's; NULL: not
 * wanted. */
enum pen_status pen_yearwalk__year(struct pen_walk *walk, const struct pen_yearwalk *of, int32_t year,
    struct pen_yearwalk_left *left, struct pen_error *error);

/* The years that there are breakdowns of. */
struct pen_yearwalk_years { int32_t *year; size_t count, room; };
enum pen_status pen_yearwalk__years(struct pen_store *store, struct pen_yearwalk_years *years, struct pen_error *error);
void pen_yearwalk__free(struct pen_yearwalk_years *years);

#endif
