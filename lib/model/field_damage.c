#include "model/field_damage.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Somebody made it unreadable on purpose: stars, crosses, or X in a row. */
static bool is_masked(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '*')
			return true;
		if (i + 1 < n && memcmp(s + i, "×", strlen("×")) == 0)
			return true;
		if (i + 3 <= n && memcmp(s + i, "XXX", 3) == 0)
			return true;
	}
	return false;
}

/* Digits, with a point or an exponent among them. */
static bool is_number(const char *s, size_t n)
{
	bool marked = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '.' || s[i] == '+' || (s[i] == 'E' && i > 0))
			marked = true;
		else if (!is_digit(s[i]) && s[i] != '-')
			return false;
	}
	return marked;
}

enum pen_damage pen_field_damage__of(const char *s, size_t n)
{
	if (is_masked(s, n))
		return PEN_DAMAGE_MASKED;
	/* A credit code may hold an E among its digits; a number of that length has
	 * a point. */
	if (is_number(s, n) && (n != 18 || memchr(s, '.', n) || memchr(s, '+', n)))
		return PEN_DAMAGE_NUMBER;
	return PEN_DAMAGE_NONE;
}

bool pen_field_damage__zeros(const char *s, size_t n)
{
	return n == 18 && memcmp(s + 15, "000", 3) == 0;
}

long pen_field_damage__serial(const char *s, size_t n)
{
	long days = 0;
	size_t i;

	for (i = 0; i < n && i < 5 && is_digit(s[i]); i++)
		days = days * 10 + (s[i] - '0');
	if (i != 5 || days < 30000 || days > 60000)
		return 0;
	if (i < n && s[i++] != '.')
		return 0;
	for (; i < n; i++) {
		if (!is_digit(s[i]))
			return 0;
	}
	return days;
}

/* A digit, or some with a point among them, and a power of ten. */
static bool is_power(const char *s, size_t n)
{
	size_t i = 0, digits = 0;
	bool point = false, sign;

	for (; i < n && (is_digit(s[i]) || (s[i] == '.' && !point)); i++) {
		point = point || s[i] == '.';
		digits += is_digit(s[i]);
	}
	if (digits == 0 || i + 1 >= n || (s[i] != 'E' && s[i] != 'e'))
		return false;
	i++;
	sign = s[i] == '+' || s[i] == '-';
	i += sign;
	if (i == n || !(sign || point))
		return false;
	for (; i < n && is_digit(s[i]); i++)
		;
	return i == n;
}

bool pen_field_damage__text(const char *s, size_t n, bool marked)
{
	size_t digits = 0, i;

	while (digits < n && is_digit(s[digits]))
		digits++;
	if (digits == 0)
		return false;
	if (is_power(s, n))
		return true;
	/* 330124.0 */
	if (digits + 2 <= n && s[digits] == '.') {
		for (i = digits + 1; i < n && s[i] == '0'; i++)
			;
		return i == n;
	}
	if (marked || digits != n || n <= PEN_DAMAGE_DIGITS)
		return false;
	for (i = PEN_DAMAGE_DIGITS; i < n && s[i] == '0'; i++)
		;
	return i == n;
}
