/* The rules on stored rows: those of a row by itself, and those among its person's in the
 * folio. What an import turned away would be found. */
#ifndef PEN_STORE_RULEWALK_H
#define PEN_STORE_RULEWALK_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/known.h"
#include "store/walk.h"

/* By the parameters now in force, and what was registered when a row came in: `known`,
 * which stays the caller's and is asked for rows of kinds that ask for people. */
struct pen_rulewalk;
enum pen_status pen_rulewalk__open(struct pen_rulewalk **rules, struct pen_walk *walk, const struct pen_known *known,
    struct pen_error *error);
void pen_rulewalk__close(struct pen_rulewalk *rules);	/* tells the walk what was not checked; NULL is fine */
bool pen_rulewalk__asks_people(const struct pen_kind *kind);

/* The folio whose rows come next, in storage order; it stays the caller's meanwhile. */
void pen_rulewalk__folio(struct pen_rulewalk *rules, const struct pen_batch *batch, const struct pen_kind *kind,
    const struct pen_folio *folio);
enum pen_status pen_rulewalk__row(struct pen_rulewalk *rules, const struct pen_row *row, struct pen_error *error);
/* Whether a further version stands in a row's place, so that no rule looks at it. */
enum pen_status pen_rulewalk__replaced(struct pen_rulewalk *rules, int64_t folio, const struct pen_row *row, bool *replaced,
    struct pen_error *error);

#endif
