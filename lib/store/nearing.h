/* Who is registered with a month of birth by which they reach the age in a month. */
#ifndef PEN_STORE_NEARING_H
#define PEN_STORE_NEARING_H

#include "model/retiring.h"
#include "store/store.h"

/* The month of birth by category; 0: nobody's. */
struct pen_nearing_births { int32_t born[PEN_RETIRING_FEMALE50 + 1]; };

enum pen_status pen_nearing__births(const struct pen_parameters *parameters, const char *area, int32_t month,
    struct pen_nearing_births *births, struct pen_error *error);
/* The people of a folio of registrations who have one of them, whatever a woman's status
 * is, as of an index and in order: `most` of those behind one (0: from the first). */
enum pen_status pen_nearing__of_folio(struct pen_store *store, int64_t folio, const struct pen_nearing_births *births,
    int64_t as_of, int64_t after, int64_t *people, size_t most, size_t *count, struct pen_error *error);

#endif
