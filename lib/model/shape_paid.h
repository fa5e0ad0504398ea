/* The levy rows of one file so far, by which a payment given twice is seen. */
#ifndef PEN_MODEL_SHAPE_PAID_H
#define PEN_MODEL_SHAPE_PAID_H

#include "model/kind.h"

struct pen_paid;
struct pen_paid *pen_shape_paid__new(void);	/* NULL: no memory */
void pen_shape_paid__free(struct pen_paid *paid);
/* A row of the same voucher, employer, year, insurance and amount was added. */
bool pen_shape_paid__has(const struct pen_paid *paid, const struct pen_row *row);
bool pen_shape_paid__add(struct pen_paid *paid, const struct pen_row *row);	/* false: no memory */

#endif
