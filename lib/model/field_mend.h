/* What spreadsheets and clerks put around a value, taken off again. Each mending
 * is exact: what is left is the value, or the text stays as it was and fails. */
#ifndef PEN_MODEL_FIELD_MEND_H
#define PEN_MODEL_FIELD_MEND_H

#include "base/money.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was mended, by code. */
enum pen_repair {
	PEN_REPAIR_SPACE = 1,	/* repair.space: white space around the value taken off */
	PEN_REPAIR_WIDTH = 2,	/* repair.width: full-width letters, digits to ASCII */
	PEN_REPAIR_CASE = 4,	/* repair.case: lower-case x or letters in an identifier */
	PEN_REPAIR_ID15 = 8,	/* repair.id15: an id of 15 characters lifted to find the person */
	PEN_REPAIR_AREA12 = 16,	/* repair.area12: a statistical code of 12 digits cut to 6 */
	PEN_REPAIR_QUOTE = 32,	/* repair.quote: an apostrophe before the value, which marks text */
	PEN_REPAIR_FORMULA = 64,	/* repair.formula: ="6500.00" opened */
	PEN_REPAIR_SEPARATOR = 128,	/* repair.separator: 12,480.00 */
	PEN_REPAIR_CURRENCY = 256,	/* repair.currency: ¥, 元, RMB, CNY */
	PEN_REPAIR_BRACKET = 512,	/* repair.bracket: (120.00) is -120.00 */
	PEN_REPAIR_DASH = 1024,	/* repair.dash: a dash for an amount of nothing */
	PEN_REPAIR_TIME = 2048,	/* repair.time: the time of day behind a date */
	PEN_REPAIR_POINT = 4096,	/* repair.point: 12.0 in a whole number or year */
	PEN_REPAIR_MONTH = 8192,	/* repair.month: 6个月, 1月, 2024年 where a number is asked */
	PEN_REPAIR_MARK = 16384	/* repair.mark: marks of direction and the like, not to be seen */
};
const char *pen_field_mend__code(enum pen_repair repair);	/* one bit */

/* Marks of direction, joiners, a byte order mark within: whether any is there, and the
 * text without them, which is never longer and may lie in the same place. */
bool pen_field_mend__marked(const char *s, size_t n, bool name);
size_t pen_field_mend__unmark(const char *s, size_t n, bool name, char *out);

/* The apostrophe and the formula around any value: moves *s and shortens *n, and
 * returns what was mended. An apostrophe at both ends is a quotation and stays. */
unsigned pen_field_mend__wrapping(const char **s, size_t *n);

/* An amount that is no plain decimal, full-width forms folded before: as a plain
 * decimal, with NUL, in out, and what was mended. 0: it is none to be mended.
 * What it returns has still to be read: more than two decimals stay. */
#define PEN_AMOUNT_ROOM 64
unsigned pen_field_mend__amount(const char *s, size_t n, char out[PEN_AMOUNT_ROOM]);

/* These shorten *n to what stands before the thing taken off; false, and nothing
 * is changed, if it is not there. */
bool pen_field_mend__time(const char *s, size_t *n);	/* 2024-07-01 00:00:00, 20240701000000 */
bool pen_field_mend__point(const char *s, size_t *n);	/* 12.0 */
bool pen_field_mend__month(const char *s, size_t *n);	/* 6个月, 1月 */
bool pen_field_mend__year(const char *s, size_t *n);	/* 2024年, 2024年度 */

/* Digits with or without a minus before them; or the same where a spreadsheet has
 * put ".0" behind them, or somebody the word that `take_word` takes off (NULL:
 * none), which is added to *repairs. */
#define PEN_WHOLE_MOST ((INT64_C(1) << 53) - 1)	/* what canonical JSON holds */
enum pen_decimal pen_field_mend__whole(const char *s, size_t *n, bool (*take_word)(const char *, size_t *),
    int64_t *out, unsigned *repairs);

#endif
