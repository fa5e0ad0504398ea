/* What a tool computes as a batch: planned, written in chunks, confirmed at once. Killed in
 * between it shows nowhere; the same plan goes on where it was, another takes out what was
 * begun. The plan is a text kept in the place of a source: with the journal index and the
 * parameters that it names, it gives the same rows again (pen-verify replay). */
#ifndef PEN_STORE_COMPUTED_H
#define PEN_STORE_COMPUTED_H

#include "base/text.h"
#include "store/batch.h"
#include "store/folio.h"
#include "store/rootwalk.h"
#include "store/rows.h"
#include "store/session.h"

struct pen_computed;

/* A figure that the entry of the act says; keys are those of JSON. */
#define PEN_COMPUTED_FIGURES 24
struct pen_computed_figure { const char *key; int64_t value; };

/* How the batches of a form are computed. */
struct pen_computed_way {
	const char *form, *act;			/* act: of the entry that confirms it, "account.settle" */
	enum pen_kind_id kind;
	const char *step;			/* what the work is called to somebody who waits */
	/* The rows of one folio in storage order, each to pen_computed__put. Called again for
	 * the same folio it gives the same rows. */
	enum pen_status (*rows)(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error);
	/* Those of the whole, in the order of their keys; returns how many. */
	size_t (*figures)(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES]);
	void (*assume)(void *context, struct pen_text *json);	/* by pen_receipt__assume; NULL: nothing is */
	/* What shows beside the rows from the entry `at` on, in its transaction; NULL: nothing. */
	enum pen_status (*show)(void *context, struct pen_computed *computed, int64_t at, struct pen_error *error);
};

struct pen_computed_folio { int64_t employer, id; int32_t period; };	/* id 0: not written */

/* `batch` has id 0 until it is entered. Lines are counted through the whole batch, so that
 * no two rows have the same salt. */
struct pen_computed {
	struct pen_session *session;
	const struct pen_computed_way *way;
	void *context;
	struct pen_batch batch;
	struct pen_text plan;
	struct pen_computed_folio *folio;
	size_t folios;
	struct pen_rows_writer *writer;		/* NULL: it is only counted, */
	enum pen_status (*take)(void *taking, const struct pen_row *row, struct pen_error *error);	/* or handed to this */
	void *taking;
	struct pen_folio at;			/* the folio that is being written */
	/* Set by who signs at once: the roots are made meanwhile, on the other core, of the
	 * rows as they are read back. rooted: of so many folios. */
	bool signs;
	struct pen_rootwalk *roots;		/* NULL: they are not */
	size_t rooted;
	int64_t rows, amount;
};

/* Draws up the batch for the plan in computed->plan, under the parameters and the index
 * that the plan names. */
enum pen_status pen_computed__plan(struct pen_computed *computed, const char *name, int64_t reference,
    const char *parameters_digest, struct pen_error *error);
/* One folio more, in the order in which they are written. */
enum pen_status pen_computed__folio(struct pen_computed *computed, int64_t employer, int32_t period, struct pen_error *error);
/* The next row of the folio at hand, whose line it fills in; amount: what of it counts in
 * the receipt. PEN_INPUT, account.range: the sums do not fit. */
enum pen_status pen_computed__put(struct pen_computed *computed, struct pen_row *row, int64_t amount, struct pen_error *error);

/* Works all of it out and writes nothing but, where `noted` names a subject, that it was
 * looked at (R7.5). */
enum pen_status pen_computed__count(struct pen_computed *computed, const char *noted, struct pen_error *error);
/* Writes and confirms; the caller holds the store. PEN_INCOMPLETE if the session wants to
 * stop. */
enum pen_status pen_computed__write(struct pen_computed *computed, struct pen_error *error);
/* Writes into a batch that is there, in the caller's transaction, confirmed by its entry `at`. */
enum pen_status pen_computed__enter(struct pen_computed *computed, int64_t at, struct pen_error *error);
void pen_computed__free(struct pen_computed *computed);

#endif
