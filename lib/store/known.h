/* What was registered of everybody, and when, for a verification: in memory, some
 * thirty bytes a registration. */
#ifndef PEN_STORE_KNOWN_H
#define PEN_STORE_KNOWN_H

#include "model/rule.h"
#include "store/store.h"

struct pen_known;
/* Reads all registrations of confirmed and sealed folios, half of them by the store's
 * own handle and half on a thread and a handle of its own. */
enum pen_status pen_known__open(struct pen_known **known, struct pen_store *store, struct pen_error *error);
void pen_known__close(struct pen_known *known);	/* NULL is fine */

/* What was known of a person when a folio came in or, if nothing was, what is known by
 * now. Names and identifiers are left out: few rows have them to compare. Several
 * threads may ask. */
void pen_known__find(const struct pen_known *known, int64_t person, int64_t folio, struct pen_person_facts *facts);

#endif
