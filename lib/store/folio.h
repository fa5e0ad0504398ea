/* Folios: one form within a batch, the unit of agreement, hold, signature, seal. */
#ifndef PEN_STORE_FOLIO_H
#define PEN_STORE_FOLIO_H

#include "store/store.h"

enum pen_folio_state {
	PEN_FOLIO_STAGING, PEN_FOLIO_STAGED, PEN_FOLIO_HELD, PEN_FOLIO_CONFIRMED, PEN_FOLIO_SEALED,
	PEN_FOLIO_REPLACED, PEN_FOLIO_REJECTED, PEN_FOLIO_DISCARDED
};
const char *pen_folio__state_name(enum pen_folio_state state);

struct pen_folio {
	int64_t id, batch, employer, number;	/* employer 0: none */
	char form[64];
	int32_t period;
	enum pen_folio_state state;
	int64_t rows, unit_fen, personal_fen, amount_fen;
	char root[PEN_DIGEST_HEX];		/* "": not made yet */
	int64_t replaces, confirmed_at, sealed_at, ended_at;	/* -1 (replaces: 0): none */
	char credit_code[32];			/* of the employer, as known by alias; "": none */
};

/* Enters one under the next id and the next number of its employer, form and
 * period (both to *folio). */
enum pen_status pen_folio__enter(struct pen_store *store, struct pen_folio *folio, struct pen_error *error);
enum pen_status pen_folio__find(struct pen_store *store, int64_t id, struct pen_folio *folio, bool *found, struct pen_error *error);
/* Sums, rows and state of a folio that is being staged. */
enum pen_status pen_folio__sums(struct pen_store *store, const struct pen_folio *folio, struct pen_error *error);
/* State, with the index for confirmed_at, sealed_at or ended_at as it asks. */
enum pen_status pen_folio__set_state(struct pen_store *store, int64_t id, enum pen_folio_state state,
    int64_t at, struct pen_error *error);
enum pen_status pen_folio__set_root(struct pen_store *store, int64_t id, const char *root, struct pen_error *error);

typedef enum pen_status pen_folio_visit(void *context, const struct pen_folio *folio, struct pen_error *error);
/* In id order. Each reads, all or some hundred, before it visits, so that a visit may
 * write. */
enum pen_status pen_folio__each_of_batch(struct pen_store *store, int64_t batch,
    pen_folio_visit *visit, void *context, struct pen_error *error);
/* Those of a form and period (0: any) that a report of index `as_of` sees:
 * confirmed at or before it, not ended by it. Of one employer, or of all (0).
 * state is SEALED if sealed at or before as_of, else CONFIRMED. */
enum pen_status pen_folio__each_visible(struct pen_store *store, const char *form, int32_t period,
    int64_t employer, int64_t as_of, pen_folio_visit *visit, void *context, struct pen_error *error);
/* Those of a form that such a report sees and that were confirmed from one time (UTC) to
 * before another; what cases made is left out. */
enum pen_status pen_folio__each_entered(struct pen_store *store, const char *form, const char *begin, const char *end,
    int64_t as_of, pen_folio_visit *visit, void *context, struct pen_error *error);

#endif
