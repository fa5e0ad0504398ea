/* Months that people have at other employers, over all folios of a year that
 * count and over what a delivery has brought so far: who is in two places in one
 * month goes to somebody who looks (R8.1). */
#ifndef PEN_STORE_ELSEWHERE_H
#define PEN_STORE_ELSEWHERE_H

#include "model/review.h"
#include "store/store.h"

struct pen_elsewhere;
/* Over the folios that are entered, but for those of `batch` (0: none left out).
 * One that waits for its levy alone in a confirmed batch is: it comes in by itself.
 * What waits for a review is not. With PEN_ELSEWHERE_ADDED for the batch nothing is
 * read, and what is added alone counts. */
#define PEN_ELSEWHERE_ADDED (-1)
enum pen_status pen_elsewhere__new(struct pen_elsewhere **elsewhere, struct pen_store *store, const char *form,
    int64_t batch, struct pen_error *error);
void pen_elsewhere__free(struct pen_elsewhere *elsewhere);

/* What somebody has at other employers than the one whose rows are gone through; if
 * that is anything, the count is with what was added here. Reads a year when it is
 * asked for first: two bytes a person. */
enum pen_status pen_elsewhere__months(struct pen_elsewhere *elsewhere, int64_t employer, int32_t year, int64_t person,
    struct pen_months_elsewhere *months, struct pen_error *error);
/* Months of a row that was let in at that employer. They count against other
 * employers, once the next person or employer is asked for. */
void pen_elsewhere__add(struct pen_elsewhere *elsewhere, const struct pen_row *row);
/* Whose the months are that the answer before spoke of, as far as it is known. */
const char *pen_elsewhere__where(void *elsewhere);

#endif
