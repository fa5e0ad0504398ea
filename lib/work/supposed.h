/* Figures of a pension that are supposed instead of looked up ("index=0.84"): those of a
 * form, or of a question (what if). */
#ifndef PEN_WORK_SUPPOSED_H
#define PEN_WORK_SUPPOSED_H

#include "model/pension.h"

/* base_fen: a month, of whoever has too few months and pays on; 0: none. */
struct pen_supposed { struct pen_pension_case figures; int64_t base_fen; };

/* Into *given; index_decimals becomes what the index was written with. PEN_USAGE,
 * assess.set: no such figure, or it is none. */
enum pen_status pen_supposed__set(struct pen_supposed *given, const char *set, struct pen_error *error);
/* Whether enough is supposed to do without a person: age, months, index and balance. */
bool pen_supposed__enough(const struct pen_pension_case *given);

#endif
