/* The row that somebody points at: a person's or an employer's, of a form and a year,
 * in the version that stands now. */
#ifndef PEN_STORE_POINTED_H
#define PEN_STORE_POINTED_H

#include "model/kind.h"
#include "store/store.h"

/* person 0: of form employer, and there alone. employer, folio, line 0, year 0: any. */
struct pen_pointing { const char *form; int64_t person, employer, folio, line; int32_t year; };
/* Where one is. employer and period are its folio's; 0: none. */
struct pen_pointed { int64_t folio, employer, line; int32_t period; bool sealed; };

/* Rows of confirmed and sealed folios that nothing replaced, by folio and line, at most
 * `room`: found through the person's employment and the employer's folios, so that it
 * costs the same on a store of any size. */
enum pen_status pen_pointed__find(struct pen_store *store, const struct pen_pointing *at, struct pen_pointed *found, size_t room,
    size_t *count, struct pen_error *error);

/* What the newest registration says: employee or flexible ("": not registered). */
enum pen_status pen_pointed__payer(struct pen_store *store, int64_t person, char payer[16], struct pen_error *error);
/* The area of an employer, or (employer 0) of the one that a person was registered by
 * last; "": not known. */
enum pen_status pen_pointed__area(struct pen_store *store, int64_t employer, int64_t person, char area[7], struct pen_error *error);

#endif
