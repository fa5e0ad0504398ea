/* What is entered of employers and people beyond who they are: which employer is
 * the agency's own or was succeeded, who retired or died, what stands of a
 * retirement, which employment periods are open. All of it as of a journal index,
 * so that a source which is read again meets the store as it was then. */
#ifndef PEN_STORE_PARTICULARS_H
#define PEN_STORE_PARTICULARS_H

#include "model/form.h"
#include "model/shape.h"
#include "store/store.h"

struct pen_particulars;

/* Employers are read into memory, and for forms of people (NULL: for these) those who
 * retired or died; the rest is asked when it is needed. as_of INT64_MAX: now. */
enum pen_status pen_particulars__open(struct pen_particulars **particulars, struct pen_store *store,
    const struct pen_form *form, int64_t as_of, struct pen_error *error);
void pen_particulars__close(struct pen_particulars *particulars);

/* Makes them the answers of a reference, whose `failed` they set. */
void pen_particulars__answer(struct pen_particulars *particulars, struct pen_reference *reference);
/* Why an answer failed; PEN_OK if none did. */
enum pen_status pen_particulars__failure(const struct pen_particulars *particulars, struct pen_error *error);

/* The days on which a person retired and died, 0 for neither. */
void pen_particulars__ended(const struct pen_particulars *particulars, int64_t person,
    int32_t *retired_on, int32_t *died_on);

#endif
