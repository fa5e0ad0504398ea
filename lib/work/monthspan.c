#include "work/monthspan.h"

#include "base/date.h"
#include "base/error.h"

#include <string.h>

enum pen_status pen_monthspan__read(struct pen_monthspan *span, const char *text, struct pen_error *error)
{
	const int32_t month = text ? pen_date__parse_month(text, strlen(text)) : 0;
	const int32_t before = month ? pen_date__month_before(month) : 0;

	if (!before)
		return pen_error__set(error, PEN_USAGE, "report.month",
		    _("\"%s\" is no month: say which with --month, as in 2024-03"), text ? text : "");
	span->month = month;
	pen_date__format_month(month, span->text);
	pen_date__ends(pen_date__month_end(before), span->begin);
	pen_date__ends(pen_date__month_end(month), span->end);
	return PEN_OK;
}
