/* Many people's pensions worked out, on both cores. */
#ifndef PEN_WORK_ASSESSORS_H
#define PEN_WORK_ASSESSORS_H

#include "store/assessing.h"

/* All that were asked for, each fresh, as pen_assessing__make has it. The session has no
 * transaction open. PEN_INCOMPLETE, stopped. */
enum pen_status pen_assessors__run(struct pen_assessing *assessing, struct pen_error *error);

#endif
