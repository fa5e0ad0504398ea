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

/* The side that judges: everything that was handed on, in order, until the end or
 * the first status that is not PEN_OK. `turn` is called between parcels with the
 * byte that has been reached. */
struct pen_parcels_sinks {
	pen_csv_record *record, *columns;
	enum pen_status (*turn)(void *context, int64_t byte, struct pen_error *error);
	void *context, *turn_context;
};
enum pen_status pen_parcels__unpack(struct pen_parcels *parcels, const struct pen_parcels_sinks *sinks,
    struct pen_error *error);

#endif
