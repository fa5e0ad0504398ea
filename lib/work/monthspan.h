/* A month as somebody names it, and the times between which it lies here: its local days
 * from the first moment of the first to the last of the last. */
#ifndef PEN_WORK_MONTHSPAN_H
#define PEN_WORK_MONTHSPAN_H

#include "pen.h"

/* From begin on (UTC), and before end. */
struct pen_monthspan { int32_t month; char text[8], begin[21], end[21]; };

/* PEN_USAGE, report.month: it is none; NULL too. */
enum pen_status pen_monthspan__read(struct pen_monthspan *span, const char *month, struct pen_error *error);

#endif
