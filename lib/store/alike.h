/* People of one name, sex and birth date whose ids are of the same area: one person under
 * two numbers? (person.alike) */
#ifndef PEN_STORE_ALIKE_H
#define PEN_STORE_ALIKE_H

#include "store/walk.h"

/* Marks of registrations, by which those come together that may be alike; what does not
 * fit into memory goes to a file without a name in `dir`. */
struct pen_alike;
enum pen_status pen_alike__new(struct pen_alike **alike, const char *dir, struct pen_error *error);
void pen_alike__free(struct pen_alike *alike);	/* NULL is fine */

/* A registration of a folio that is confirmed or sealed; folios in ascending order are
 * fastest. */
enum pen_status pen_alike__add(struct pen_alike *alike, int64_t folio, int64_t person, const struct pen_value *id,
    const struct pen_value *name, int64_t sex, struct pen_error *error);
/* Behind the last: reads those that may be alike again, and tells of those that are, in
 * the order of people. */
enum pen_status pen_alike__tell(struct pen_alike *alike, struct pen_walk *walk, struct pen_error *error);

#endif
