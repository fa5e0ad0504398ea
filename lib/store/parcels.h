/* Records of a file handed from the thread that reads them to the one that judges
 * them, some thousand at a time. */
#ifndef PEN_STORE_PARCELS_H
#define PEN_STORE_PARCELS_H

#include "adapter/csv.h"

struct pen_parcels;
struct pen_parcels *pen_parcels__new(void);	/* NULL: no memory */
void pen_parcels__free(struct pen_parcels *parcels);	/* both threads are through; NULL is fine */

/* The side that reads: what a reader hands on goes in here (context: the parcels),
 * copied; then the end. PEN_INCOMPLETE with code "parcels.closed": nobody wants
 * more. */
enum pen_status pen_parcels__record(void *parcels, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error);
enum pen_status pen_parcels__columns(void *parcels, const struct pen_csv_field *titles, size_t count,
    long line, int64_t byte, struct pen_error *error);
enum pen_status pen_parcels__end(struct pen_parcels *parcels, struct pen_error *error);

/* The side that judges: parcels in the order in which they were filled, NULL at the
 * end; each is given back when it was gone through. Closing tells the side that reads
 * that nobody wants more. */
struct pen_parcel_entry { size_t first, count; long line; int64_t byte; bool columns; };	/* of field[] */
struct pen_parcel {
	const struct pen_parcel_entry *entry;
	size_t entries;
	const struct pen_csv_field *field;
};
struct pen_parcel *pen_parcels__take(struct pen_parcels *parcels);
void pen_parcels__give_back(struct pen_parcels *parcels, struct pen_parcel *parcel);
void pen_parcels__close(struct pen_parcels *parcels);

/* Has the fields of the i-th record fetched, if there is one: they were written on
 * another core. */
void pen_parcels__expect(const struct pen_parcel *parcel, size_t i);

/* How many records a judge looks ahead, for their fields and for what they name
 * (pen_judge__expect). */
#define PEN_PARCEL_FIELDS 32
#define PEN_PARCEL_FAR 16
#define PEN_PARCEL_NEAR 6

#define PEN_PARCEL_RECORDS 2000		/* in one parcel, at most */

#endif
