/* What the rules find of records that a case changes and did not find before: the rules
 * on rows, months given twice, months before somebody was insured, breakdowns over the
 * levy. As they are at import, but for these people, employers and years alone. */
#ifndef PEN_STORE_VERDICT_H
#define PEN_STORE_VERDICT_H

#include "model/amended.h"
#include "store/effect.h"
#include "store/session.h"

/* The records of one folio: list->at[order[0]] to [count - 1]; of each record, by its
 * place in the list, the line of its new row. */
struct pen_verdict_group {
	const struct pen_amendeds *list;
	const size_t *order;
	size_t count;
	const int64_t *line;
	int64_t folio;			/* of the new rows; 0: not written yet */
};

struct pen_verdict;
enum pen_status pen_verdict__open(struct pen_verdict **verdict, struct pen_session *session, int64_t at,
    struct pen_trial *trial, struct pen_error *error);
void pen_verdict__close(struct pen_verdict *verdict);

/* Each group twice, and in the same order: before anything is written, and after. */
enum pen_status pen_verdict__group(struct pen_verdict *verdict, const struct pen_verdict_group *group, bool after,
    struct pen_error *error);
/* PEN_REFUSED, "amend.rule", if there was anything; it is in trial->finding. */
enum pen_status pen_verdict__end(struct pen_verdict *verdict, struct pen_error *error);

#endif
