/*
 * Text is bytes with a length, decoded one code point at a time. Bytes that
 * are not UTF-8 are never lost or repaired on the way: what folds or trims
 * passes them on, what quotes keeps them apart, what measures counts each as
 * one column. Whoever reads a file asks pen_text__is_utf8 once, at the door.
 */
#include "base/text.h"
#include "base/fold.h"
#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- the growable string ---- */

/* Makes room for `more` bytes and a NUL; false, and the text is marked, when
 * there is none. */
static bool reserve(struct pen_text *text, size_t more)
{
	size_t need, room;
	char *s;

	if (text->failed)
		return false;
	if (__builtin_add_overflow(text->n, more, &need) || need >= PTRDIFF_MAX / 2)
		goto err0;
	if (need < text->room)
		return true;
	/* Half as much again each time, so that appending stays linear. */
	room = need + need / 2 + 32;
	s = pen_memory__realloc(text->s, room, 1);
	if (!s)
		goto err0;
	text->s = s;
	text->room = room;
	return true;

err0:
	text->failed = true;
	return false;
}

void pen_text__add(struct pen_text *text, const char *s, size_t n)
{
	if (!reserve(text, n))
		return;
	if (n)
		memcpy(text->s + text->n, s, n);
	text->n += n;
	text->s[text->n] = '\0';
}

char *pen_text__room(struct pen_text *text, size_t more)
{
	return reserve(text, more) ? text->s + text->n : NULL;
}

void pen_text__puts(struct pen_text *text, const char *s)
{
	pen_text__add(text, s, strlen(s));
}

void pen_text__printf(struct pen_text *text, const char *format, ...)
{
	va_list args;
	int need;

	/* Once to measure, once to write. */
	va_start(args, format);
	need = vsnprintf(NULL, 0, format, args);
	va_end(args);
	/* What the format cannot write (a broken wide character) fails the text as
	 * missing memory does, and reserve then refuses. */
	if (need < 0)
		text->failed = true;
	if (!reserve(text, need > 0 ? (size_t)need : 0))
		return;
	va_start(args, format);
	vsnprintf(text->s + text->n, text->room - text->n, format, args);
	va_end(args);
	text->n += (size_t)need;
}

void pen_text__number(struct pen_text *text, int64_t number)
{
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char digits[20], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (number < 0)
		*--at = '-';
	pen_text__add(text, at, (size_t)(digits + sizeof(digits) - at));
}

void pen_text__clear(struct pen_text *text)
{
	text->n = 0;
	if (text->s)
		text->s[0] = '\0';
}

void pen_text__free(struct pen_text *text)
{
	pen_memory__free(text->s);
	/* Empty, without a mark: it can be used anew. */
	memset(text, 0, sizeof(*text));
}

/* ---- UTF-8 ---- */

int32_t pen_text__decode(const char *s, size_t n, size_t *used)
{
	/* The smallest code point that needs so many bytes: less is overlong. */
	static const int32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)s;
	size_t length, i;
	int32_t point;

	assert(n > 0);
	*used = 1;
	if (p[0] < 0x80)
		return p[0];
	/* 80 to bf cannot lead, c0 and c1 would be overlong, and beyond f4 lies
	 * nothing. */
	length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || length > n)
		return -1;
	/* The lead byte's own bits, then six from each that follows. */
	point = p[0] & (0x7f >> length);
	for (i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return -1;
		point = point << 6 | (p[i] & 0x3f);
	}
	if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return -1;
	*used = length;
	return point;
}

size_t pen_text__encode(int32_t point, char out[4])
{
	assert(point >= 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff));
	/* The lead byte's high bits say how many bytes there are; each that
	 * follows carries six bits under the mark 10. */
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

bool pen_text__is_utf8(const char *s, size_t n, size_t *bad)
{
	size_t i, used;

	for (i = 0; i < n; i += used) {
		if (pen_text__decode(s + i, n - i, &used) < 0) {
			*bad = i;
			return false;
		}
	}
	return true;
}

/* ---- columns ---- */

/* Both ends belong to it. */
struct range { int32_t first, last; };

/* East_Asian_Width W and F (Unicode 14), unassigned points between two such
 * ranges included, and the hexagrams, which terminals draw wide. */
static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x231a, 0x231b }, { 0x2329, 0x232a }, { 0x23e9, 0x23ec },
	{ 0x23f0, 0x23f0 }, { 0x23f3, 0x23f3 }, { 0x25fd, 0x25fe }, { 0x2614, 0x2615 },
	{ 0x2648, 0x2653 }, { 0x267f, 0x267f }, { 0x2693, 0x2693 }, { 0x26a1, 0x26a1 },
	{ 0x26aa, 0x26ab }, { 0x26bd, 0x26be }, { 0x26c4, 0x26c5 }, { 0x26ce, 0x26ce },
	{ 0x26d4, 0x26d4 }, { 0x26ea, 0x26ea }, { 0x26f2, 0x26f3 }, { 0x26f5, 0x26f5 },
	{ 0x26fa, 0x26fa }, { 0x26fd, 0x26fd }, { 0x2705, 0x2705 }, { 0x270a, 0x270b },
	{ 0x2728, 0x2728 }, { 0x274c, 0x274c }, { 0x274e, 0x274e }, { 0x2753, 0x2755 },
	{ 0x2757, 0x2757 }, { 0x2795, 0x2797 }, { 0x27b0, 0x27b0 }, { 0x27bf, 0x27bf },
	{ 0x2b1b, 0x2b1c }, { 0x2b50, 0x2b50 }, { 0x2b55, 0x2b55 }, { 0x2e80, 0x3029 },
	{ 0x302e, 0x303e }, { 0x3041, 0x3096 }, { 0x309b, 0xa4c6 }, { 0xa960, 0xa97c },
	{ 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe10, 0xfe19 }, { 0xfe30, 0xfe6b },
	{ 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x16fe0, 0x16fe3 }, { 0x16ff0, 0x1b2fb },
	{ 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e }, { 0x1f191, 0x1f19a },
	{ 0x1f200, 0x1f320 }, { 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 },
	{ 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 }, { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 },
	{ 0x1f3f8, 0x1f43e }, { 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d },
	{ 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 }, { 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 },
	{ 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 }, { 0x1f6cc, 0x1f6cc },
	{ 0x1f6d0, 0x1f6d2 }, { 0x1f6d5, 0x1f6df }, { 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc },
	{ 0x1f7e0, 0x1f7f0 }, { 0x1f90c, 0x1f93a }, { 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff },
	{ 0x1fa70, 0x1faf6 }, { 0x20000, 0x3fffd },
};

/* No column: controls, combining marks, format characters and joined Hangul
 * jamo, in the scripts that GB 18030 text of this country uses (Han, Uyghur,
 * Tibetan, Mongolian, Tai Tham, Hangul, Miao) and in the general blocks. */
static const struct range narrow[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0x300, 0x36f }, { 0x610, 0x61a }, { 0x61c, 0x61c },
	{ 0x64b, 0x65f }, { 0x670, 0x670 }, { 0x6d6, 0x6dc }, { 0x6df, 0x6e4 }, { 0x6e7, 0x6e8 },
	{ 0x6ea, 0x6ed }, { 0x8ca, 0x8e1 }, { 0x8e3, 0x902 }, { 0xf18, 0xf19 }, { 0xf35, 0xf35 },
	{ 0xf37, 0xf37 }, { 0xf39, 0xf39 }, { 0xf71, 0xf7e }, { 0xf80, 0xf84 }, { 0xf86, 0xf87 },
	{ 0xf8d, 0xfbc }, { 0xfc6, 0xfc6 }, { 0x1160, 0x11ff }, { 0x180b, 0x180f },
	{ 0x1885, 0x1886 }, { 0x18a9, 0x18a9 }, { 0x1a56, 0x1a56 }, { 0x1a58, 0x1a60 },
	{ 0x1a62, 0x1a62 }, { 0x1a65, 0x1a6c }, { 0x1a73, 0x1a7f }, { 0x1ab0, 0x1b03 },
	{ 0x1dc0, 0x1dff }, { 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f },
	{ 0x20d0, 0x20f0 }, { 0x302a, 0x302d }, { 0x3099, 0x309a }, { 0xd7b0, 0xd7fb },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
	{ 0x16f4f, 0x16f4f }, { 0x16f8f, 0x16f92 }, { 0xe0001, 0xe01ef },
};

/* The ranges are sorted and do not touch: the first that does not end before the
 * point is the only one that can hold it. */
static bool within(int32_t point, const struct range *ranges, size_t count)
{
	size_t low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (point > ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && point >= ranges[low].first;
}

size_t pen_text__width(const char *s)
{
	size_t n = strlen(s), i, used, width = 0;
	int32_t point;

	for (i = 0; i < n; i += used) {
		point = pen_text__decode(s + i, n - i, &used);
		/* Wide first: Han is what there is most of. A broken byte shows as one
		 * replacement character. */
		if (point < 0)
			width++;
		else if (within(point, wide, sizeof(wide) / sizeof(wide[0])))
			width += 2;
		else if (!within(point, narrow, sizeof(narrow) / sizeof(narrow[0])))
			width++;
	}
	return width;
}

/* ---- folding ---- */

/* What is trimmed: the blanks that spreadsheets and old systems leave. */
static bool is_blank(int32_t point)
{
	return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xa0 ||
	    point == 0x200b || point == 0x3000 || point == 0xfeff;
}

/* White space of any kind, and what is as invisible. */
static bool is_space(int32_t point)
{
	return is_blank(point) || point == 0x85 || point == 0x1680 ||
	    (point >= 0x2000 && point <= 0x200f) || point == 0x2028 || point == 0x2029 ||
	    point == 0x202f || point == 0x205f || point == 0x2060;
}

/* The dots by which the parts of a transliterated name are divided, as they
 * come from different keyboards and code tables. */
static bool is_dot(int32_t point)
{
	static const int32_t dots[] = { '.', 0xb7, 0x387, 0x2022, 0x2024, 0x2027, 0x2219, 0x22c5, 0x2e31, 0x30fb,
		0xfe52, 0xff0e, 0xff65 };
	size_t i;

	for (i = 0; i < sizeof(dots) / sizeof(dots[0]); i++)
		if (dots[i] == point)
			return true;
	return false;
}

/* A full-width point's ASCII form, any other as it is. */
static int32_t narrowed(int32_t point)
{
	if (point == 0x3000)
		return ' ';
	return point >= 0xff01 && point <= 0xff5e ? point - 0xff01 + '!' : point;
}

void pen_text__trim(const char **s, size_t *n)
{
	size_t used, length;

	while (*n > 0 && is_blank(pen_text__decode(*s, *n, &used))) {
		*s += used;
		*n -= used;
	}
	/* From the end: a blank is one, two or three bytes, and no blank's
	 * bytes are the end of another character. */
	for (length = 1; length <= 3 && length <= *n; length++) {
		if (is_blank(pen_text__decode(*s + *n - length, length, &used)) && used == length) {
			*n -= length;
			length = 0;	/* and once more, before this one */
		}
	}
}

size_t pen_text__fold_width(const char *s, size_t n, char *out, bool *changed)
{
	size_t i, used, length = 0;
	int32_t point;

	*changed = false;
	for (i = 0; i < n; i += used) {
		point = pen_text__decode(s + i, n - i, &used);
		/* Three bytes become one, so the output never overtakes the
		 * input, even in place. */
		if (narrowed(point) != point) {
			out[length++] = (char)narrowed(point);
			*changed = true;
		} else {
			memmove(out + length, s + i, used);
			length += used;
		}
	}
	return length;
}

size_t pen_text__fold_name(const char *s, size_t n, char *out)
{
	size_t i, used, length = 0;
	int32_t point, stood;

	for (i = 0; i < n; i += used) {
		stood = point = pen_text__decode(s + i, n - i, &used);
		if (is_space(point))
			continue;
		/* The dot first: U+FF0E is one of them, and full-width too. */
		point = is_dot(point) ? '.' : pen_fold__character(narrowed(point));
		if (point >= 'a' && point <= 'z')
			point += 'A' - 'a';
		/* What became ASCII is written anew; the rest is passed on as it
		 * stood, be it a character or (-1) a byte that is none. */
		if (point >= 0 && point < 0x80) {
			out[length++] = (char)point;
		} else if (point != stood) {
			length += pen_text__encode(point, out + length);
		} else {
			memmove(out + length, s + i, used);
			length += used;
		}
	}
	out[length] = '\0';
	return length;
}

/* Eight bytes at a time, each through the multiplication and the shift by which
 * MurmurHash3 ends; the length goes in first, so that zeros count. */
uint64_t pen_text__mark(const char *s, size_t n)
{
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15) ^ n, part;
	size_t take;

	for (; n > 0; s += take, n -= take) {
		take = n < sizeof(part) ? n : sizeof(part);
		part = 0;
		memcpy(&part, s, take);
		hash = (hash ^ part) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 33;
		hash *= UINT64_C(0xc4ceb9fe1a85ec53);
		hash ^= hash >> 29;
	}
	hash >>= 20;
	return hash ? hash : 1;
}

/* ---- quoting ---- */

/* One character as it stands between the quotes. A byte that is not UTF-8
 * becomes a surrogate of its own: the document stays JSON, and two different
 * texts never become the same. */
static void json_character(struct pen_text *text, int32_t point, const char *s, size_t used)
{
	static const char *const brief[] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f",
		['\r'] = "\\r", ['"'] = "\\\"", ['\\'] = "\\\\",
	};

	if (point < 0)
		pen_text__printf(text, "\\udc%02x", (unsigned char)*s);
	else if ((size_t)point < sizeof(brief) / sizeof(brief[0]) && brief[point])
		pen_text__puts(text, brief[point]);
	else if (point < 0x20)
		pen_text__printf(text, "\\u%04x", (unsigned)point);
	else
		pen_text__add(text, s, used);
}

void pen_text__json(struct pen_text *text, const char *s, size_t n)
{
	size_t i, used, from = 0;
	int32_t point;

	pen_text__add(text, "\"", 1);
	/* What needs no escape goes over in one piece. */
	for (i = 0; i < n; i += used) {
		point = pen_text__decode(s + i, n - i, &used);
		/* JSON is UTF-8: beyond ASCII there is nothing to escape. */
		if (point >= 0x20 && point != '"' && point != '\\')
			continue;
		pen_text__add(text, s + from, i - from);
		json_character(text, point, s + i, used);
		from = i + used;
	}
	if (from < n)
		pen_text__add(text, s + from, n - from);
	pen_text__add(text, "\"", 1);
}

void pen_text__csv(struct pen_text *text, const char *s, size_t n)
{
	bool quote = n > 0 && (s[0] == ' ' || s[n - 1] == ' ' || s[0] == '\t' || s[n - 1] == '\t');
	size_t i, from = 0;	/* s[from..i) is still to go over */

	/* Blanks at the ends are quoted too: common readers trim them. */
	for (i = 0; i < n && !quote; i++)
		quote = s[i] == ',' || s[i] == '"' || s[i] == '\r' || s[i] == '\n';
	if (!quote) {
		pen_text__add(text, s, n);
		return;
	}
	pen_text__add(text, "\"", 1);
	/* A quote inside is written twice, everything else goes over in pieces. */
	for (i = 0; i < n; i++) {
		if (s[i] == '"') {
			pen_text__add(text, s + from, i + 1 - from);
			from = i;	/* the quote again, as the start of the next piece */
		}
	}
	pen_text__add(text, s + from, n - from);
	pen_text__add(text, "\"", 1);
}
