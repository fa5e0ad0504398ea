/* What is paid once for somebody who died (人社部发〔2021〕18号, from 2021-09-01): funeral
 * and consolation, by the monthly disposable income of townspeople of the year before. */
#ifndef PEN_MODEL_CONSOLATION_H
#define PEN_MODEL_CONSOLATION_H

#include "model/trace.h"

/* paid_months: paid and deemed. drawn_months: of pension, -1 of somebody who died before
 * it began. */
struct pen_consolation_case { int32_t died; int32_t paid_months, drawn_months; };	/* died: month */
struct pen_consolation { int64_t funeral_fen, consolation_fen; int32_t twelfths; };	/* months of consolation, in twelfths */

/* Before 2021-09 it is not this law: PEN_REFUSED, consolation.before. Nor without the
 * income: parameter.missing. By consolation.income (a month, as published) or
 * consolation.income-year (not rounded to a month first: a province has the one or the
 * other). trace may be NULL. */
enum pen_status pen_consolation__of(const struct pen_consolation_case *given, const struct pen_parameters *parameters,
    const char *area, struct pen_trace *trace, struct pen_consolation *out, struct pen_error *error);

#endif
