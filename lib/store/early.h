/* Contributions for months before anything says that the person was insured
 * (contribution.entry). */
#ifndef PEN_STORE_EARLY_H
#define PEN_STORE_EARLY_H

#include "model/kind.h"
#include "store/periods.h"

/* Looks at a contribution that no further version stands in the place of. Where only the
 * number of months was told, they are held against somebody only if no laying of them
 * would do: the last months of the year. */
enum pen_status pen_early__row(struct pen_walk *walk, const struct pen_periods *periods, const struct pen_folio *folio,
    const struct pen_row *row, struct pen_error *error);

#endif
