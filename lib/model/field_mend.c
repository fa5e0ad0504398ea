#include "model/field_mend.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

const char *pen_field_mend__code(enum pen_repair repair)
{
	static const char *const codes[] = {
		"repair.space", "repair.width", "repair.case", "repair.id15", "repair.area12",
		"repair.quote", "repair.formula", "repair.separator", "repair.currency",
		"repair.bracket", "repair.dash", "repair.time", "repair.point", "repair.month",
		"repair.mark"
	};
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (1U << i == (unsigned)repair)
			return codes[i];
	}
	return NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes a word from the front or the end, the case of its letters aside. */
static bool take_first(const char **s, size_t *n, const char *word)
{
	size_t length = strlen(word);

	if (*n < length || strncasecmp(*s, word, length) != 0)
		return false;
	*s += length;
	*n -= length;
	return true;
}

static bool take_last(const char *s, size_t *n, const char *word)
{
	size_t length = strlen(word);

	if (*n < length || strncasecmp(s + *n - length, word, length) != 0)
		return false;
	*n -= length;
	return true;
}

/* ------------------------------------------------------------ any value -- */

/* What is not to be seen and says no more than how a line is to be laid out. In names
 * the two joiners are left, which some scripts are written with. */
static bool is_mark(int32_t point, bool name)
{
	return point == 0x200b || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
	    point == 0x2060 || (point >= 0x2066 && point <= 0x2069) || point == 0xfeff || point == 0xad ||
	    (!name && (point == 0x200c || point == 0x200d));
}

bool pen_field_mend__marked(const char *s, size_t n, bool name)
{
	size_t i, used;

	if (n == 0 || (!memchr(s, 0xe2, n) && !memchr(s, 0xef, n) && !memchr(s, 0xc2, n)))
		return false;
	for (i = 0; i < n; i += used)
		if (is_mark(pen_text__decode(s + i, n - i, &used), name))
			return true;
	return false;
}

size_t pen_field_mend__unmark(const char *s, size_t n, bool name, char *out)
{
	size_t i, used, length = 0;

	for (i = 0; i < n; i += used) {
		if (is_mark(pen_text__decode(s + i, n - i, &used), name))
			continue;
		memmove(out + length, s + i, used);
		length += used;
	}
	return length;
}

unsigned pen_field_mend__wrapping(const char **s, size_t *n)
{
	unsigned repairs = 0;

	if (*n > 0 && **s == '\'' && (*n == 1 || (*s)[*n - 1] != '\'')) {
		++*s;
		--*n;
		repairs |= PEN_REPAIR_QUOTE;
	}
	/* One text and nothing else: ="a"&"b" is for a spreadsheet to work out. */
	if (*n >= 3 && memcmp(*s, "=\"", 2) == 0 && memchr(*s + 2, '"', *n - 2) == *s + *n - 1) {
		*s += 2;
		*n -= 3;
		repairs |= PEN_REPAIR_FORMULA;
	}
	return repairs;
}

/* -------------------------------------------------------------- amounts -- */

/* Accountants write a dash where there is nothing. */
static bool is_dash(const char *s, size_t n)
{
	static const char *const dashes[] = { "-", "--", "—", "——", "–", "−" };
	size_t i;

	for (i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++) {
		if (n == strlen(dashes[i]) && memcmp(s, dashes[i], n) == 0)
			return true;
	}
	return false;
}

/* The currency before the number; yuan is the only one that there is. */
static unsigned take_sign_of_currency(const char **s, size_t *n)
{
	if (!take_first(s, n, "¥") && !take_first(s, n, "￥") && !take_first(s, n, "RMB") &&
	    !take_first(s, n, "CNY") && !take_first(s, n, "人民币"))
		return 0;
	pen_text__trim(s, n);
	return PEN_REPAIR_CURRENCY;
}

/* And behind it. 万元 leaves 万 behind, which is no digit. */
static unsigned take_unit_of_currency(const char **s, size_t *n)
{
	if (!take_last(*s, n, "元") && !take_last(*s, n, "RMB") && !take_last(*s, n, "CNY"))
		return 0;
	pen_text__trim(s, n);
	return PEN_REPAIR_CURRENCY;
}

/* Copies the number without its separators. Groups are of three digits, but for
 * the first, which has one to three and no zero before it; a separator anywhere
 * else is none, and *repairs becomes 0. */
static size_t copy_groups(const char *s, size_t n, char *out, unsigned *repairs)
{
	size_t whole = 0, first, i, length = 0;
	bool separator;

	while (whole < n && s[whole] != '.')
		whole++;
	for (first = 0; first < whole && s[first] != ','; first++)
		;
	if (first == 0 || first > 3 || s[0] == '0' || (whole - first) % 4 != 0) {
		*repairs = 0;
		return 0;
	}
	for (i = 0; i < whole; i++) {
		separator = i >= first && (i - first) % 4 == 0;
		if (separator != (s[i] == ',')) {
			*repairs = 0;
			return 0;
		}
		if (!separator)
			out[length++] = s[i];
	}
	/* What else is wrong with it the reading of the plain number says. */
	memcpy(out + length, s + whole, n - whole);
	length += n - whole;
	*repairs |= PEN_REPAIR_SEPARATOR;
	return length;
}

unsigned pen_field_mend__amount(const char *s, size_t n, char out[PEN_AMOUNT_ROOM])
{
	unsigned repairs = 0;
	bool negative = false;
	size_t length = 0;

	if (is_dash(s, n)) {
		memcpy(out, "0", 2);
		return PEN_REPAIR_DASH;
	}
	if (n > 2 && s[0] == '(' && s[n - 1] == ')') {
		s++;
		n -= 2;
		pen_text__trim(&s, &n);
		negative = true;
		repairs |= PEN_REPAIR_BRACKET;
	}
	/* A sign may stand before the currency or behind it, but once. */
	repairs |= take_sign_of_currency(&s, &n);
	if (!negative && n > 0 && (*s == '-' || *s == '+')) {
		negative = *s == '-';
		s++;
		n--;
		if (!repairs)
			repairs |= take_sign_of_currency(&s, &n);
	}
	repairs |= take_unit_of_currency(&s, &n);
	if (n == 0 || n + 2 > PEN_AMOUNT_ROOM || !is_digit(*s))
		return 0;
	if (negative)
		out[length++] = '-';
	if (memchr(s, ',', n)) {
		length += copy_groups(s, n, out + length, &repairs);
	} else {
		memcpy(out + length, s, n);
		length += n;
	}
	out[length] = '\0';
	return repairs;
}

/* ---------------------------------------------------- days and wholes -- */

/* Two digits below `limit`, from the front. */
static bool take_two(const char **s, size_t *n, int limit, int least)
{
	int value = 0, digits = 0;

	while (*n > 0 && digits < 2 && is_digit(**s)) {
		value = value * 10 + (**s - '0');
		++*s;
		--*n;
		digits++;
	}
	return digits >= least && value < limit;
}

/* h:mm, hh:mm:ss, hh:mm:ss.000 */
static bool is_clock(const char *s, size_t n)
{
	if (!take_two(&s, &n, 24, 1) || !take_first(&s, &n, ":") || !take_two(&s, &n, 60, 2))
		return false;
	if (n == 0)
		return true;
	if (!take_first(&s, &n, ":") || !take_two(&s, &n, 60, 2))
		return false;
	if (n == 0)
		return true;
	if (!take_first(&s, &n, ".") || n == 0)
		return false;
	while (n > 0 && is_digit(*s)) {
		s++;
		n--;
	}
	return n == 0;
}

bool pen_field_mend__time(const char *s, size_t *n)
{
	const char *rest = s;
	size_t left = *n, i;

	if (*n == 14) {
		for (i = 0; i < 14 && is_digit(s[i]); i++)
			;
		rest += 8;
		left -= 8;
		if (i == 14 && take_two(&rest, &left, 24, 2) && take_two(&rest, &left, 60, 2) &&
		    take_two(&rest, &left, 60, 2)) {
			*n = 8;
			return true;
		}
	}
	for (i = 0; i < *n && s[i] != ' ' && s[i] != 'T'; i++)
		;
	rest = s + i;
	left = *n - i;
	if (i == 0 || left == 0)
		return false;
	rest++;
	left--;
	pen_text__trim(&rest, &left);
	if (!is_clock(rest, left))
		return false;
	*n = i;
	return true;
}

bool pen_field_mend__point(const char *s, size_t *n)
{
	size_t i = *n;

	while (i > 0 && s[i - 1] == '0')
		i--;
	if (i == *n || i < 2 || s[i - 1] != '.' || !is_digit(s[i - 2]))
		return false;
	*n = i - 1;
	return true;
}

bool pen_field_mend__month(const char *s, size_t *n)
{
	size_t length = *n;

	if (!take_last(s, &length, "个月") && !take_last(s, &length, "月份") && !take_last(s, &length, "月"))
		return false;
	*n = length;
	return true;
}

bool pen_field_mend__year(const char *s, size_t *n)
{
	size_t length = *n;

	if (!take_last(s, &length, "年度") && !take_last(s, &length, "年"))
		return false;
	*n = length;
	return true;
}

/* Beyond the most no further digit is added, so that nothing overflows. */
static enum pen_decimal read_whole(const char *s, size_t n, int64_t *out)
{
	bool negative = n > 0 && *s == '-';
	int64_t value = 0;
	size_t i = negative;

	if (i == n)
		return PEN_DECIMAL_SYNTAX;
	for (; i < n; i++) {
		if (!is_digit(s[i]))
			return PEN_DECIMAL_SYNTAX;
		if (value <= PEN_WHOLE_MOST)
			value = value * 10 + (s[i] - '0');
	}
	*out = negative ? -value : value;
	return value <= PEN_WHOLE_MOST ? PEN_DECIMAL_OK : PEN_DECIMAL_RANGE;
}

enum pen_decimal pen_field_mend__whole(const char *s, size_t *n, bool (*take_word)(const char *, size_t *),
    int64_t *out, unsigned *repairs)
{
	enum pen_decimal outcome = read_whole(s, *n, out);

	if (outcome != PEN_DECIMAL_SYNTAX)
		return outcome;
	if (pen_field_mend__point(s, n))
		*repairs |= PEN_REPAIR_POINT;
	else if (take_word && take_word(s, n))
		*repairs |= PEN_REPAIR_MONTH;
	else
		return outcome;
	return read_whole(s, *n, out);
}
