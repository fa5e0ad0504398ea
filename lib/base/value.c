/*
 * Values are compared as stored: an integer never equals a string, and
 * strings are compared by bytes, without regard to any locale.
 */
#include "base/value.h"

#include <string.h>

bool pen_value__equal(const struct pen_value *a, const struct pen_value *b)
{
	return pen_value__compare(a, b) == 0;
}

int pen_value__compare(const struct pen_value *a, const struct pen_value *b)
{
	size_t shorter = a->n < b->n ? a->n : b->n;
	int order = 0;

	/* Kinds first, in the order in which the enum lists them. */
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->type == PEN_NULL)
		return 0;
	if (a->type == PEN_INTEGER)
		return (a->i > b->i) - (a->i < b->i);
	/* By bytes, which for UTF-8 is by code points; a prefix goes first. An
	 * empty string may have no address. */
	if (shorter > 0)
		order = memcmp(a->s, b->s, shorter);
	if (order == 0)
		return (a->n > b->n) - (a->n < b->n);
	return order < 0 ? -1 : 1;
}
