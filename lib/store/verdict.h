/* What the rules find of records that a case changes and did not find before: the rules
 * on rows, months given twice, months before somebody was insured, dates of one person
 * that do not go together (person.dates, entry.age), breakdowns over the
 * levy. As they are at import, but for these people, employers and years alone. */
#ifndef PEN_STORE_VERDICT_H
#define PEN_STORE_VERDICT_H

#include "model/amended.h"
#include "store/effect.h"
#include "store/layout.h"
#include "store/session.h"

struct pen_verdict;
enum pen_status pen_verdict__open(struct pen_verdict **verdict, struct pen_session *session, int64_t at,
    struct pen_trial *trial, struct pen_error *error);
void pen_verdict__close(struct pen_verdict *verdict);

/* Each group twice, and in the same order: before anything is written, and after. */
enum pen_status pen_verdict__group(struct pen_verdict *verdict, const struct pen_layout *layout,
    const struct pen_layout_group *group, bool after, struct pen_error *error);
/* PEN_REFUSED, "amend.rule", if there was anything; it is in trial->finding. */
enum pen_status pen_verdict__end(struct pen_verdict *verdict, struct pen_error *error);

#endif
