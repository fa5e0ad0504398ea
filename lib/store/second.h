/* A second judge, on a thread of its own: looks at every other parcel, and packs the
 * rows with which nothing is wrong and nothing is to be mended. All others are left
 * to the first, in their order. For rows that claim nothing: contributions. */
#ifndef PEN_STORE_SECOND_H
#define PEN_STORE_SECOND_H

#include "model/intake.h"
#include "store/parcels.h"
#include "store/pile.h"
#include "store/reference.h"

/* What it found of a parcel: for each entry the packed row, n 0 for one that it left
 * to the first. */
struct pen_verdicts {
	struct pen_packed row[PEN_PARCEL_RECORDS];
	uint32_t at[PEN_PARCEL_RECORDS];	/* where it lies in bytes */
	unsigned char *bytes;
	size_t n, room;
	/* Sums of the amounts of the rows before each one that was left, and at the end. */
	struct pen_verdict_sums { int64_t rows, fen[PEN_FIELDS_MOST]; } *sums;
	size_t sum_count, sum_room;
};

struct pen_second;
/* The plan is the first judge's, whose reference is not used: the book answers. */
enum pen_status pen_second__open(struct pen_second **second, const struct pen_judge_plan *plan, struct pen_book *book,
    const struct pen_header *columns, size_t width, struct pen_error *error);
void pen_second__close(struct pen_second *second);	/* waits for it; NULL is fine */

/* One parcel at a time is with it, and one more on its way; they come back in order. */
void pen_second__send(struct pen_second *second, struct pen_parcel *parcel);
enum pen_status pen_second__receive(struct pen_second *second, struct pen_parcel **parcel,
    const struct pen_verdicts **verdicts, struct pen_error *error);
void pen_second__counts(const struct pen_second *second, struct pen_judge_counts *counts);

#endif
