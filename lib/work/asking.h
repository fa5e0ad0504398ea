/* Asking for a change: what was said on the command line or in a file becomes records
 * that are to be changed; the papers, whether somebody else asks for the same, what
 * it would come to; and the case that it is entered as. */
#ifndef PEN_WORK_ASKING_H
#define PEN_WORK_ASKING_H

#include "store/applications.h"
#include "store/casework.h"
#include "work/trial.h"

/* Start it with the session, the options and the form; free it whatever comes back. */
struct pen_asking {
	struct pen_session *session;
	const struct pen_request_options *options;
	enum pen_amendment_form form;
	int64_t issue;			/* the statement that is objected to; 0: none */
	int64_t revises;		/* the case that is handed in again; 0: a new one */
	struct pen_amendeds amended;
	struct pen_trial trial;
	/* From here on its own. */
	char reason[1024];		/* trimmed */
	char *paper[2];			/* of the original entry, of the new data */
	size_t paper_bytes[2];
};

/* What is asked for: fills ->amended, what follows from it too, and reads the papers.
 * PEN_USAGE, PEN_INPUT: with file, line and column; PEN_REFUSED, R5.1: a key, a row
 * that there is not (amend.none), several (amend.several), a row twice (amend.twice),
 * a row of another county (amend.agency), an old value that is another (amend.old), what
 * amended.h and follow.h refuse. Outside of a transaction. */
enum pen_status pen_asking__read(struct pen_asking *asking, struct pen_error *error);
/* Whether it can be entered: no other open case claims a record (amend.open names it),
 * and the trial of the change comes to its end. Fills ->trial. */
enum pen_status pen_asking__try(struct pen_asking *asking, struct pen_error *error);
/* The first of these alone; once more in the transaction that enters it. */
enum pen_status pen_asking__claims(const struct pen_asking *asking, struct pen_error *error);
void pen_asking__free(struct pen_asking *asking);

#endif
