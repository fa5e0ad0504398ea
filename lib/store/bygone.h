/* The store as it was when a batch's source was read, for reading that again: the
 * reference of the store as it is now, but for what came in since. */
#ifndef PEN_STORE_BYGONE_H
#define PEN_STORE_BYGONE_H

#include "model/form.h"
#include "store/batch.h"
#include "store/particulars.h"
#include "store/reference.h"

struct pen_bygone {
	struct pen_reference reference;		/* what the reading asks */
	struct pen_book *book;
	struct pen_particulars *particulars;	/* as of the batch's plan */
	bool employers;				/* the batch's own are not there yet */
};

/* The struct stays where it is until it is closed. */
enum pen_status pen_bygone__open(struct pen_bygone *bygone, struct pen_store *store, const struct pen_form *form,
    const struct pen_batch *batch, struct pen_error *error);
/* Why an answer failed; PEN_OK if none did. */
enum pen_status pen_bygone__failure(struct pen_bygone *bygone, struct pen_error *error);
void pen_bygone__close(struct pen_bygone *bygone);

#endif
