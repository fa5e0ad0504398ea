/* One file on its way to a staged batch: the plan, the rows in chunks, the
 * figures at the end. */
#ifndef PEN_STORE_DELIVERY_H
#define PEN_STORE_DELIVERY_H

#include "base/text.h"
#include "model/given.h"
#include "store/batch.h"
#include "store/gathering.h"
#include "store/staging.h"

/* The caller fills the first part; the rest is {0}. */
struct pen_delivery {
	struct pen_session *session;
	struct pen_store *store;
	const struct pen_form *form;
	struct pen_source *source;
	int64_t amends;			/* batch; 0: none */
	const char *rejects;		/* file for rejected rows; NULL: NAME.batchN.rejects.csv here */
	bool strict;			/* a row that would have to be mended is rejected */
	struct pen_given_set given;	/* fields declared for every row; from pen_given__read */
	bool dry_run;			/* all in one transaction, and no rejects file */
	struct pen_book *book;		/* read while the file was scanned; NULL: it is read. Freed with the rest */
	int64_t book_at;		/* the newest changing entry before that */

	struct pen_batch batch;		/* the plan, and then the batch */
	struct pen_parameters *parameters;
	struct pen_gathering gathering;
	struct pen_staging *staging;
	int64_t matched;		/* rows that mend a reject of the parent */
	struct pen_text assumptions;
};

/* Stages the file, in transactions of their own; the last one, which makes the
 * batch a staged one, is open on success, and so may be any on failure. An
 * interrupted batch of the file goes on if its plan is equal to what it would be
 * now, and the same rows come out again; else it is taken out, and a new one
 * takes its place. The caller holds the store. */
enum pen_status pen_delivery__stage(struct pen_delivery *delivery, const char *form_digest,
    const struct pen_batch *interrupted, struct pen_error *error);
void pen_delivery__free(struct pen_delivery *delivery);

#endif
