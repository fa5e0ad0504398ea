/* A file read into memory: its rows to the pile, the rest to the rejects. */
#ifndef PEN_STORE_GATHERING_H
#define PEN_STORE_GATHERING_H

#include "model/reader.h"
#include "store/pile.h"
#include "store/reference.h"
#include "store/rejects.h"
#include "store/session.h"
#include "store/source.h"

struct pen_gathering {
	struct pen_book *book;		/* with the numbers that were claimed */
	struct pen_pile *pile;
	struct pen_rejects *rejects;
	struct pen_intake_counts counts;
	bool insurance_untold;		/* a levy whose file has no column for it */
};

/* What the rows are read under. */
struct pen_gathering_plan {
	const struct pen_form *form;
	const struct pen_parameters *parameters;
	const char *area;
	const char *county;		/* as in pen_surroundings */
	struct pen_book *book;		/* read already, and now the gathering's; NULL: it is read */
	bool amends;			/* the file mends rejects of another batch */
	bool strict;			/* as in pen_judge_plan */
	const struct pen_given *given;
	size_t given_count;
};

/* Reads employers and people, then the file. PEN_INCOMPLETE if it was stopped:
 * nothing is written yet. */
enum pen_status pen_gathering__run(struct pen_gathering *gathering, struct pen_session *session,
    struct pen_source *source, const struct pen_gathering_plan *plan, struct pen_error *error);
void pen_gathering__free(struct pen_gathering *gathering);

#endif
