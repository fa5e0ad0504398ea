/* Contributions that no employment period leads to: listed by person when they enter
 * (0010-accounts.sql says what for). */
#ifndef PEN_STORE_ASIDE_H
#define PEN_STORE_ASIDE_H

#include "store/store.h"

/* Lists those of a batch, in the transaction that confirms it. Folios of it that are
 * still held are listed too: they may be let in by themselves. */
enum pen_status pen_aside__enter(struct pen_store *store, int64_t batch, struct pen_error *error);

#endif
