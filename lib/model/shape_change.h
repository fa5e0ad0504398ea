/* What changes: who works where, and which employer is another one from now on. */
#ifndef PEN_MODEL_SHAPE_CHANGE_H
#define PEN_MODEL_SHAPE_CHANGE_H

#include "model/shape_work.h"

void pen_shape_change__movement(struct work *work);
void pen_shape_change__claim_movement(struct work *work);
void pen_shape_change__successor(struct work *work);
void pen_shape_change__claim_successor(struct work *work);

#endif
