/* Cases of amendment, and the steps that they took. */
#ifndef PEN_STORE_CASES_H
#define PEN_STORE_CASES_H

#include "base/memory.h"
#include "model/amendment.h"
#include "store/store.h"

/* One step: who, when and as what, by the journal and by the steps before it. The
 * strings lie in the case's arena; reason NULL: none. */
struct pen_case_step {
	int64_t number, at;
	enum pen_amendment_move move;
	enum pen_amendment_post post;
	enum pen_amendment_state to;
	const char *staff, *name, *time, *reason;
};

/* Start it as {0}. batch and issue 0: none; ended_at -1: it goes on. */
struct pen_case {
	int64_t id, revision, at, batch, issue, ended_at;
	enum pen_amendment_form form;
	enum pen_amendment_state state;
	char agency[7], requested_by[64], open_until[24];	/* open_until "": not unsealed yet */
	struct pen_arena *arena;
	struct pen_case_step *step;
	size_t steps;
};

/* With its steps. PEN_INTEGRITY if it has words in it that are none. */
enum pen_status pen_cases__find(struct pen_store *store, int64_t id, struct pen_case *found, bool *is, struct pen_error *error);
void pen_cases__free(struct pen_case *found);
/* True once the time for which its data were unsealed is over. */
bool pen_cases__is_expired(const struct pen_case *looked);
/* The last step by that move;
 * NULL: there was none. */
const struct pen_case_step *pen_cases__last(const struct pen_case *looked, enum pen_amendment_move move);

enum pen_status pen_cases__next(struct pen_store *store, int64_t *id, struct pen_error *error);
/* A new case, and what changes in one: state, revision, open_until, batch, ended_at. */
enum pen_status pen_cases__enter(struct pen_store *store, const struct pen_case *entered, struct pen_error *error);
enum pen_status pen_cases__change(struct pen_store *store, const struct pen_case *changed, struct pen_error *error);
enum pen_status pen_cases__step(struct pen_store *store, int64_t id, int64_t number, enum pen_amendment_move move,
    int64_t at, const char *reason, struct pen_error *error);

/* By number, some hundred at a time, without their steps; state and agency NULL: all. A
 * visit may ask the store. */
struct pen_cases_choice { const char *state, *agency; enum pen_amendment_form form; bool of_form; };
typedef enum pen_status pen_cases_visit(void *context, const struct pen_case *visited, struct pen_error *error);
enum pen_status pen_cases__each(struct pen_store *store, const struct pen_cases_choice *choice, pen_cases_visit *visit,
    void *context, struct pen_error *error);

/* The open case, but for `but` (0: none), that claims a row (folio, subject, line), or
 * one that is missing (folio 0: subject, kind, employer, period); 0: none. One whose
 * time is over claims nothing. */
struct pen_cases_claim { int64_t folio, subject, line, employer, period; const char *kind; };
enum pen_status pen_cases__claimed(struct pen_store *store, const struct pen_cases_claim *claim, int64_t but, int64_t *id,
    struct pen_error *error);

#endif
