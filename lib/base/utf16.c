#include "base/utf16.h"
#include "base/text.h"

/* One unit further; false if it leaves a surrogate alone. */
static bool take_unit(struct pen_utf16 *walk, uint16_t unit, char **out)
{
	bool high = unit >= 0xD800 && unit <= 0xDBFF, low = unit >= 0xDC00 && unit <= 0xDFFF;
	int32_t point = unit;

	if (low != (walk->high != 0))
		return false;
	if (high) {
		walk->high = unit;
		return true;
	}
	if (low)
		point = 0x10000 + ((walk->high - 0xD800) << 10) + (unit - 0xDC00);
	walk->high = 0;
	*out += pen_text__encode(point, *out);
	return true;
}

bool pen_utf16__convert(struct pen_utf16 *walk, const char *bytes, size_t n, char *out, size_t *out_n)
{
	char *end = out;
	bool good = true;

	for (size_t i = 0; good && i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (!walk->half)
			walk->first = c;
		else
			good = take_unit(walk, (uint16_t)(walk->big ? walk->first << 8 | c : c << 8 | walk->first), &end);
		walk->half = !walk->half;
	}
	*out_n = (size_t)(end - out);
	return good;
}

bool pen_utf16__ends(const struct pen_utf16 *walk)
{
	return !walk->half && !walk->high;
}

size_t pen_utf16__measure(const char *s, size_t n)
{
	size_t units = 0;

	/* A character of four bytes is two units, every other one. */
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		units += ((c & 0xC0) != 0x80) + (c >= 0xF0);
	}
	return 2 * units;
}
