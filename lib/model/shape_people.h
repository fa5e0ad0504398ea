/* Employers, registrations, retirements and what is filled in of them. */
#ifndef PEN_MODEL_SHAPE_PEOPLE_H
#define PEN_MODEL_SHAPE_PEOPLE_H

#include "model/shape_work.h"

void pen_shape_people__employer(struct work *work);
void pen_shape_people__claim_employer(struct work *work);
void pen_shape_people__registration(struct work *work);
void pen_shape_people__claim_person(struct work *work);
void pen_shape_people__retirement(struct work *work);
void pen_shape_people__claim_retirement(struct work *work);
void pen_shape_people__supplement(struct work *work);
void pen_shape_people__claim_supplement(struct work *work);

#endif
