/* Batches: deliveries, their plans and their receipts' figures. */
#ifndef PEN_STORE_BATCH_H
#define PEN_STORE_BATCH_H

#include "store/store.h"

struct pen_batch {
	int64_t id, parent;		/* parent 0: none */
	int64_t amendment;		/* the case whose new versions it holds; 0: none */
	char agency[7], form[64], state[16];
	char file_name[256], file_digest[PEN_DIGEST_HEX], encoding[32];
	int64_t file_bytes;
	char form_digest[PEN_DIGEST_HEX], rules_digest[PEN_DIGEST_HEX], parameters_digest[PEN_DIGEST_HEX];
	bool strict;			/* read with --strict */
	char given[512];		/* JSON of --set (model/given); "" stands for {} */
	int64_t reference_at, rows_done;
	int64_t lines_read, lines_accepted, lines_rejected, lines_other;
	int64_t read_fen, rejected_fen;
	int64_t totals;			/* total rows that were compared with their rows */
	char rejects_file[256];		/* "": none */
	char planned_by[64];
	int64_t staged_at, confirmed_at, ended_at;	/* -1: not yet */
};

enum pen_status pen_batch__find(struct pen_store *store, int64_t id, struct pen_batch *batch, bool *found, struct pen_error *error);
/* The one of this file and form that was not discarded. */
enum pen_status pen_batch__of_file(struct pen_store *store, const char *file_digest, const char *form,
    struct pen_batch *batch, bool *found, struct pen_error *error);
/* Enters a batch in state staging, under the next id (to batch->id). */
enum pen_status pen_batch__plan(struct pen_store *store, struct pen_batch *batch, struct pen_error *error);
enum pen_status pen_batch__progress(struct pen_store *store, int64_t id, int64_t rows_done, struct pen_error *error);
/* The figures and the new state, from *batch; assumptions as JSON text. */
enum pen_status pen_batch__staged(struct pen_store *store, const struct pen_batch *batch, const char *assumptions, struct pen_error *error);
enum pen_status pen_batch__assumptions(struct pen_store *store, int64_t id, char **json, struct pen_error *error);	/* pen_memory__free */
enum pen_status pen_batch__set_state(struct pen_store *store, int64_t id, const char *state, int64_t at, struct pen_error *error);

/* "4", "1-4", "1,3-5" to ids in order, each of which must exist (PEN_USAGE names
 * the one that does not). Free with pen_memory__free. Folios are named the
 * same way; `what` is "batch" or "folio". */
enum pen_status pen_batch__select(struct pen_store *store, const char *what, const char *text,
    int64_t **ids, size_t *count, struct pen_error *error);

typedef enum pen_status pen_batch_visit(void *context, const struct pen_batch *batch, struct pen_error *error);
enum pen_status pen_batch__each(struct pen_store *store, pen_batch_visit *visit, void *context, struct pen_error *error);

#endif
