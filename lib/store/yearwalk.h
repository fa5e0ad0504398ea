/* The contributions of a store, year by year: under the rules on rows, and as an import
 * would set them aside for somebody to look at (a person in two places in one month,
 * contributions after retirement or death, R8.1); and who has more months than a year
 * has. */
#ifndef PEN_STORE_YEARWALK_H
#define PEN_STORE_YEARWALK_H

#include "store/rulewalk.h"

/* Told is what is about these batches (NULL: all), though rows of all of them are read:
 * they speak against each other. Rows go under the rules if that is asked for. */
struct pen_yearwalk { const struct pen_known *known; bool rows; const int64_t *batches; size_t count; };

/* One year, four bytes a person, and two for who is where. What was let in by
 * somebody's decision is set aside by nothing, and speaks against nobody. Several
 * threads may each walk a year. */
enum pen_status pen_yearwalk__year(struct pen_walk *walk, const struct pen_yearwalk *of, int32_t year, struct pen_error *error);

/* The years that there are breakdowns of. */
struct pen_yearwalk_years { int32_t *year; size_t count, room; };
enum pen_status pen_yearwalk__years(struct pen_store *store, struct pen_yearwalk_years *years, struct pen_error *error);
void pen_yearwalk__free(struct pen_yearwalk_years *years);

#endif
