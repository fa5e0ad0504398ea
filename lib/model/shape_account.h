/* What was paid and what it comes to: breakdowns, levies, openings. */
#ifndef PEN_MODEL_SHAPE_ACCOUNT_H
#define PEN_MODEL_SHAPE_ACCOUNT_H

#include "model/shape_work.h"

void pen_shape_account__breakdown(struct work *work);
void pen_shape_account__levy(struct work *work);
void pen_shape_account__claim_levy(struct work *work);
void pen_shape_account__opening(struct work *work);

#endif
