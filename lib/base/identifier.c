/*
 * Checks go from the outside in, and the first that fails is the answer: a
 * number of the wrong length has no birth date worth reporting. A passing
 * check says that a number is well made, not that it was ever issued.
 */
#include "base/identifier.h"
#include "base/date.h"

#include <stdbool.h>
#include <string.h>

/* True if all n bytes are digits. */
static bool digits(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

/* GB/T 2260, the first two digits. Codes of prefectures and counties come and
 * go while numbers keep the old ones, so nothing more is asked. */
static bool known_province(const char *s)
{
	static const struct { int first, last; } provinces[] = {
		{ 11, 15 }, { 21, 23 }, { 31, 37 }, { 41, 46 }, { 50, 54 },
		{ 61, 65 }, { 71, 71 }, { 81, 83 },
	};
	int pair = (s[0] - '0') * 10 + s[1] - '0';
	size_t i;

	for (i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++) {
		if (pair >= provinces[i].first && pair <= provinces[i].last)
			return true;
	}
	return false;
}

/* GB 11643: the check character of seventeen digits (ISO 7064, MOD 11-2). */
static char citizen_check(const char *s)
{
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0, i;

	for (i = 0; i < 17; i++)
		sum += (s[i] - '0') * weights[i];
	/* The check has weight 1 and makes the sum 1 modulo 11: a remainder of 0
	 * asks for 1, of 1 for 0, and of 2 for 10, which is written X. */
	return "10X98765432"[sum % 11];
}

/* Brings either length to 18 characters; false for a character that cannot
 * stand where it does. */
static bool lift(const char *s, size_t n, char id18[19])
{
	if (n == 18) {
		if (!digits(s, 17) || (s[17] != 'X' && !digits(s + 17, 1)))
			return false;
		memcpy(id18, s, 18);
	} else {
		/* 996 to 999 stand for another century than the one put in. */
		if (!digits(s, 15) || memcmp(s + 12, "996", 3) >= 0)
			return false;
		/* Area, century, the rest of the date and the sequence, check. */
		memcpy(id18, s, 6);
		memcpy(id18 + 6, "19", 2);
		memcpy(id18 + 8, s + 6, 9);
		id18[17] = citizen_check(id18);
	}
	id18[18] = '\0';
	return true;
}

enum pen_identifier pen_identifier__citizen(const char *s, size_t n, int32_t today,
    char id18[19], char *expected)
{
	int32_t born;
	char check;

	id18[0] = '\0';
	if (expected)
		*expected = '\0';
	if (n != 18 && n != 15)
		return PEN_IDENTIFIER_LENGTH;
	if (!lift(s, n, id18))
		return PEN_IDENTIFIER_CHAR;
	/* From here on there is a number to show, whatever is wrong with it. */
	check = citizen_check(id18);
	if (expected)
		*expected = check;
	if (!known_province(id18))
		return PEN_IDENTIFIER_AREA;
	born = pen_identifier__born(id18);
	if (born < 19000101 || born > today || !pen_date__valid(born))
		return PEN_IDENTIFIER_DATE;
	return id18[17] == check ? PEN_IDENTIFIER_OK : PEN_IDENTIFIER_CHECK;
}

int32_t pen_identifier__born(const char id18[19])
{
	int32_t born = 0;
	int i;

	for (i = 6; i < 14; i++)
		born = born * 10 + (id18[i] - '0');
	return born;
}

int pen_identifier__sex(const char id18[19])
{
	/* The last digit of the sequence: odd for men. */
	return (id18[16] - '0') % 2 == 1 ? 1 : 2;
}

/* GB 32100: what a character stands for, its place in the alphabet; -1 for one that
 * is not in it (no I, O, S, V and Z). */
static int credit_value(char c)
{
	static const signed char letters[26] = {
		10, 11, 12, 13, 14, 15, 16, 17, -1, 18, 19, 20, 21, 22, -1, 23, 24, 25, -1, 26, 27, -1, 28, 29, 30, -1,
	};

	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'Z' ? letters[c - 'A'] : -1;
}

enum pen_identifier pen_identifier__credit(const char *s, size_t n, char *expected)
{
	/* The powers of 3 modulo 31. */
	static const int weights[17] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28 };
	int sum = 0, value, i;
	char check;

	if (expected)
		*expected = '\0';
	if (n != 18)
		return PEN_IDENTIFIER_LENGTH;
	for (i = 0; i < 18; i++) {
		value = credit_value(s[i]);
		if (value < 0)
			return PEN_IDENTIFIER_CHAR;
		/* The check is looked at as a character, but not summed. */
		if (i < 17)
			sum += value * weights[i];
	}
	/* The second modulo is for a remainder of 0: its check is "0". */
	check = "0123456789ABCDEFGHJKLMNPQRTUWXY"[(31 - sum % 31) % 31];
	if (expected)
		*expected = check;
	return s[17] == check ? PEN_IDENTIFIER_OK : PEN_IDENTIFIER_CHECK;
}

enum pen_identifier pen_identifier__area(const char *s, size_t n, char area[7])
{
	area[0] = '\0';
	if (n != 6 && n != 12)
		return PEN_IDENTIFIER_LENGTH;
	if (!digits(s, n))
		return PEN_IDENTIFIER_CHAR;
	if (!known_province(s))
		return PEN_IDENTIFIER_AREA;
	/* The statistical codes go on to townships and villages. */
	memcpy(area, s, 6);
	area[6] = '\0';
	return PEN_IDENTIFIER_OK;
}
