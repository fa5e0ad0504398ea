/* Figures of a pension that are supposed instead of looked up ("index=0.84"): those of a
 * form, or of a question (what if). */
#ifndef PEN_WORK_SUPPOSED_H
#define PEN_WORK_SUPPOSED_H

#include "model/pension.h"

/* Into *given; index_decimals becomes what the index was written with. PEN_USAGE,
 * assess.set: no such figure, or it is none. */
enum pen_status pen_supposed__set(struct pen_pension_case *given, const char *set, struct pen_error *error);
/* Whether enough is supposed to do without a person: age, months, index and balance. */
bool pen_supposed__enough(const struct pen_pension_case *given);

#endif
