/* Contributions that no employment period leads to: listed by person when they are
 * written (0010-accounts.sql says what for). */
#ifndef PEN_STORE_ASIDE_H
#define PEN_STORE_ASIDE_H

#include "store/folio.h"

/* Lists a person's contributions in a folio of the employer's, unless a period that has
 * entered leads there. Asked for once more, it changes nothing. */
enum pen_status pen_aside__enter(struct pen_store *store, const struct pen_folio *folio, int64_t person,
    struct pen_error *error);

#endif
