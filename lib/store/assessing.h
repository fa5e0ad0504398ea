/* The pension of people who retire (R4.3.1b), from sealed records alone: who they are, what
 * was paid for them, what their account holds, and what the parameters say; each with the
 * trace of how it came to be. The same plan gives the same rows. */
#ifndef PEN_STORE_ASSESSING_H
#define PEN_STORE_ASSESSING_H

#include "model/pension.h"
#include "model/shortfall.h"
#include "store/assessplan.h"
#include "store/careers.h"
#include "store/computed.h"
#include "store/idtable.h"

/* What it came to. Where it came to nothing, why is in `refused`, and its status. */
struct pen_assessing_result {
	struct pen_assessing_case asked;
	int64_t employer;
	int32_t benefit_from;
	int age_months;
	enum pen_retiring_category category;
	int32_t paid_months, deemed_months;
	int64_t least_months;		/* that the law asks for; 0: not looked up yet */
	struct pen_shortfall shortfall;	/* of whoever is refused for too few of them */
	struct pen_retiring_ages ages;
	int32_t born;			/* yyyymmdd; 0: not told, as the next */
	int32_t insured;		/* month */
	struct pen_career_sum sum;
	int64_t balance_fen;
	bool balanced;			/* balance_fen is known */
	bool provisional;
	struct pen_pension pension;
	char *trace;			/* JSON; NULL: none. Of the assessing */
	char trace_digest[PEN_DIGEST_HEX];
	struct pen_error refused;
};

struct pen_assessing_group { int64_t employer; size_t first, count; };

/* A batch of them. `order` are those that came to something, by employer and person. */
struct pen_assessing {
	struct pen_session *session;
	struct pen_parameters *parameters;
	char parameters_digest[PEN_DIGEST_HEX];
	int64_t as_of;
	struct pen_assessing_result *result;
	size_t results, room;
	struct pen_idtable *asked;	/* who is asked for, by number */
	struct pen_assessing_result **order;
	struct pen_assessing_group *group;
	size_t orders, groups;
	struct pen_computed computed;
	/* The paper of an exception, to be kept with the rows; borrowed, NULL: none. */
	const char *paper, *paper_name;
	size_t paper_bytes;
};

#define PEN_ASSESSING_FORM "assessment"
#define PEN_ASSESSING_EXCEPTION "assessment-exception"
#define PEN_ASSESSING_ACT "benefit.assess"

/* Under the parameters of an index. */
enum pen_status pen_assessing__open(struct pen_assessing *assessing, struct pen_session *session, int64_t as_of, struct pen_error *error);
void pen_assessing__free(struct pen_assessing *assessing);

/* One more that is asked for. */
enum pen_status pen_assessing__ask(struct pen_assessing *assessing, const struct pen_assessing_case *asked, struct pen_error *error);
/* Works one out; what is refused is told in the result, and PEN_OK. `fresh` also refuses
 * whoever is assessed already and comes to nothing else. */
enum pen_status pen_assessing__make(struct pen_assessing *assessing, struct pen_assessing_result *result, bool fresh, struct pen_error *error);

/* All that were asked for, in the order of the batch, and the batch drawn up: its form is
 * that of exceptions if there is one, and then all are. */
enum pen_status pen_assessing__batch(struct pen_assessing *assessing, struct pen_error *error);
/* The cases of a plan, as its text has them, and its index; for whoever works it out again.
 * PEN_REFUSED, assess.formulas: it was worked out by other formulas than these. */
enum pen_status pen_assessing__of_plan(struct pen_assessing *assessing, struct pen_session *session, char *plan, struct pen_error *error);
struct pen_row pen_assessing__row(const struct pen_assessing_result *result);

#endif
