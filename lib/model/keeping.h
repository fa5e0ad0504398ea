/* Which of many snapshots a rule keeps: the newest of each of the last so many days,
 * weeks and months that have one. */
#ifndef PEN_MODEL_KEEPING_H
#define PEN_MODEL_KEEPING_H

#include <stddef.h>
#include <stdint.h>

struct pen_keeping { int64_t daily, weekly, monthly; };	/* how many of each; 0: none */
/* Why one is kept; 0: it is not. */
enum { PEN_KEEP_DAILY = 1, PEN_KEEP_WEEKLY = 2, PEN_KEEP_MONTHLY = 4 };

/* The dates (yyyymmdd, days of the calendar) stand oldest first; why[i] gets the reasons
 * of the i-th. Days without a snapshot do not count, so that nothing is dropped because
 * time went by without a backup; weeks begin on Monday. */
void pen_keeping__choose(const struct pen_keeping *keeping, const int32_t *dates, size_t count, unsigned *why);

#endif
