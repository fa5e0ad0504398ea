#include "wrong.h"

#include <stdarg.h>
#include <string.h>

enum pen_status wrong_usage(struct pen_error *error, const char *format, ...)
{
	va_list args;

	memset(error, 0, sizeof(*error));
	error->status = PEN_USAGE;
	snprintf(error->code, sizeof(error->code), "usage");
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return PEN_USAGE;
}
