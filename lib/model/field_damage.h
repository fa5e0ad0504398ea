/* What has happened to an identifier that is of no use any more. Nothing is
 * completed: whoever reads it is to know why, and where to get it again. */
#ifndef PEN_MODEL_FIELD_DAMAGE_H
#define PEN_MODEL_FIELD_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>

enum pen_damage {
	PEN_DAMAGE_NONE,	/* none that shows */
	PEN_DAMAGE_MASKED,	/* 110***********0019 */
	PEN_DAMAGE_NUMBER,	/* 1.10E+17, or 110000196501150016.0 */
};
/* Of an identifier in capitals, full-width forms folded. */
enum pen_damage pen_field_damage__of(const char *s, size_t n);

/* True for 18 characters whose last three are zeros: what a spreadsheet, which
 * keeps 15 digits, leaves of a number; but also a number that some people have. */
bool pen_field_damage__zeros(const char *s, size_t n);

/* True for a text of digits that was made a number: 3.30E+17, 330124.0, or more than
 * 15 digits of which those behind the 15th are zeros, unless it is `marked` as a text
 * where it comes from. */
#define PEN_DAMAGE_DIGITS ((size_t)15)
bool pen_field_damage__text(const char *s, size_t n, bool marked);

/* Days as a spreadsheet counts them: 30000 to 60000, with or without a fraction;
 * 0 for anything else. */
long pen_field_damage__serial(const char *s, size_t n);

#endif
