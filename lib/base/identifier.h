/* The identifiers of the field: citizen id (GB 11643-1999), unified social
 * credit code (GB 32100-2015), area code (GB/T 2260). All of them work on the
 * folded form: ASCII, upper case, no white space. */
#ifndef PEN_BASE_IDENTIFIER_H
#define PEN_BASE_IDENTIFIER_H

#include <stddef.h>
#include <stdint.h>

/* The first check that fails, in this order. */
enum pen_identifier {
	PEN_IDENTIFIER_OK,
	PEN_IDENTIFIER_LENGTH,	/* not 18 (or 15) characters */
	PEN_IDENTIFIER_CHAR,	/* a character that cannot stand there */
	PEN_IDENTIFIER_AREA,	/* province pair unknown */
	PEN_IDENTIFIER_DATE,	/* birth date not in the calendar, in the future
				 * (after `today`), or before 1900 */
	PEN_IDENTIFIER_CHECK	/* check character wrong */
};

/* Checks a citizen id of 18, or lifts one of 15 (19 inserted, check made; the
 * sequences 996 to 999 mark people born in the 1800s and are not lifted:
 * PEN_IDENTIFIER_CHAR). id18 receives 18 characters and a NUL. `expected`, if
 * not NULL, receives the check character that would be right. Both are filled
 * once length and characters are right, whatever fails after that; before, id18
 * is empty and *expected NUL. */
enum pen_identifier pen_identifier__citizen(const char *s, size_t n, int32_t today,
    char id18[19], char *expected);
int32_t pen_identifier__born(const char id18[19]);	/* yyyymmdd */
int pen_identifier__sex(const char id18[19]);		/* GB/T 2261.1: 1 male, 2 female */

/* Checks a unified social credit code: alphabet and outer check character
 * only, since some real codes fail the inner one. */
enum pen_identifier pen_identifier__credit(const char *s, size_t n, char *expected);

/* An area code of 6 digits with a known province pair (12 digits are cut to 6). */
enum pen_identifier pen_identifier__area(const char *s, size_t n, char area[7]);

#endif
