/* Contributions that a person cannot be shown to have: neither an employment period nor
 * the list of those aside leads to them (contribution.aside). */
#ifndef PEN_STORE_ASIDEWALK_H
#define PEN_STORE_ASIDEWALK_H

#include "model/kind.h"
#include "store/periods.h"

enum pen_status pen_asidewalk__row(struct pen_walk *walk, const struct pen_periods *periods, const struct pen_folio *folio,
    const struct pen_row *row, struct pen_error *error);

#endif
