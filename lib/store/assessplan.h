/* The plan of a batch of assessments as text: what was asked for, by which formulas, as of
 * which index and under which parameters. */
#ifndef PEN_STORE_ASSESSPLAN_H
#define PEN_STORE_ASSESSPLAN_H

#include "adapter/digest.h"
#include "base/text.h"
#include "model/retiring.h"

/* What is asked for: somebody who retires on a day, by a route. A category that is told
 * stands for the one by sex and status. Told figures (0: none): as in pen_pension_case. */
struct pen_assessing_case {
	int64_t person;
	int32_t retired_on;
	enum pen_retiring_route route;
	bool category_told;
	enum pen_retiring_category category;
	int64_t told_index;		/* ten-thousandths */
	int64_t told_extra_fen;
	char reason[256], paper[PEN_DIGEST_HEX];	/* of an exception; "": none */
	long line;			/* of the list that it came from; 0: from none */
};

void pen_assessplan__put_head(struct pen_text *text, int64_t as_of, const char *parameters_digest);
/* A line each, the person's first. */
void pen_assessplan__put(struct pen_text *text, const struct pen_assessing_case *asked);

/* The head of a plan that is read again; *at goes behind it. False: it is none. */
bool pen_assessplan__take_head(char **at, int64_t *formulas, int64_t *as_of);
/* A line behind the person's; false: it is none. */
bool pen_assessplan__take(struct pen_assessing_case *asked, const char *key, const char *value);

#endif
