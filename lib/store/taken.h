/* Months of contributions that other folios of the same employer's year have,
 * which a further folio of it may not give again. */
#ifndef PEN_STORE_TAKEN_H
#define PEN_STORE_TAKEN_H

#include "model/rule.h"
#include "store/store.h"

struct pen_taken;
/* As a journal index has it; INT64_MAX: as it is now. */
enum pen_status pen_taken__new(struct pen_taken **taken, struct pen_store *store, const char *form, int64_t as_of,
    struct pen_error *error);
void pen_taken__free(struct pen_taken *taken);
/* Reads what stands of an employer's year, in place of the one before. */
enum pen_status pen_taken__read(struct pen_taken *taken, int64_t employer, int32_t period, struct pen_error *error);
/* Sets in the run what that is of a person. People come in ascending order. */
void pen_taken__seed(struct pen_taken *taken, int64_t person, struct pen_row_run *run);

#endif
