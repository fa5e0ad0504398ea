#include "model/cell_text.h"
#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* -------------------------------------------------------------- characters -- */

#define DELETE 0x7f
#define C1_LEAD '\xc2'	/* the first byte of U+0080 to U+00BF in UTF-8, and no other byte */

/* Tab and line ends are white space that people put into cells. */
static bool is_control(int32_t point)
{
	return point == DELETE || (point >= 0x80 && point < 0xa0) ||
	    (point >= 0 && point < ' ' && point != '\t' && point != '\n' && point != '\r');
}

/* Eight bytes at a time: true if one of them is below the space, or DEL, or begins
 * what may be a control character of two bytes. */
static bool may_have_control(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = 0x80 * ones;
	uint64_t is_delete = eight ^ DELETE * ones, is_lead = eight ^ 0xc2 * ones;

	return (((eight - ' ' * ones) & ~eight) | ((is_delete - ones) & ~is_delete) | ((is_lead - ones) & ~is_lead)) & high;
}

/* Whether one stands at s[i] of n bytes of UTF-8. */
static bool is_control_at(const char *s, size_t i, size_t n)
{
	if (s[i] == C1_LEAD)
		return i + 1 < n && (unsigned char)s[i + 1] < 0xa0;
	return is_control((signed char)s[i]);
}

static bool has_control(const char *s, size_t n)
{
	uint64_t eight;
	size_t i = 0, k;

	for (; i + sizeof(eight) <= n; i += sizeof(eight)) {
		memcpy(&eight, s + i, sizeof(eight));
		if (!may_have_control(eight))
			continue;
		for (k = i; k < i + sizeof(eight); k++)
			if (is_control_at(s, k, n))
				return true;
	}
	for (; i < n; i++)
		if (is_control_at(s, i, n))
			return true;
	return false;
}

/* One character as it is shown: U+2400 and on are pictures of the first controls, in
 * the same order, and of DEL; the others have none, and stand there by number. */
static size_t show_one(int32_t point, char out[12])
{
	if (point < 0)
		return pen_text__encode(0xFFFD, out);
	if (!is_control(point))
		return pen_text__encode(point, out);
	if (point < ' ' || point == DELETE)
		return pen_text__encode(point == DELETE ? 0x2421 : point + 0x2400, out);
	return (size_t)snprintf(out, 12, "<U+%04X>", (unsigned)point);
}

void pen_cell_text__show(const struct pen_csv_field *text, char *out, size_t room)
{
	size_t i, n = 0, used, length;
	char one[12];

	for (i = 0; i < text->n; i += used) {
		length = show_one(pen_text__decode(text->s + i, text->n - i, &used), one);
		if (n + length >= room)
			break;
		memcpy(out + n, one, length);
		n += length;
	}
	out[n] = '\0';
}

/* ------------------------------------------------------------------- JSON -- */

/* The form's first word for yes or no, NULL where it asks for something else. */
static const char *word_for(const struct pen_field *field, bool yes)
{
	const char *word = NULL, *other = NULL;
	int i;

	for (i = field->choices - 1; i >= 0; i--) {
		if (strcmp(field->choice[i].to, yes ? "1" : "0") == 0)
			word = field->choice[i].from;
		else if (strcmp(field->choice[i].to, yes ? "0" : "1") == 0)
			other = field->choice[i].from;
		else
			return NULL;
	}
	return other ? word : NULL;
}

static bool is(const struct pen_csv_field *text, const char *word)
{
	return text->n == strlen(word) && memcmp(text->s, word, text->n) == 0;
}

/* In CSV too: a rejects file has what stood in JSON. */
static void take_truth(const struct pen_field *field, struct pen_csv_field *text)
{
	const char *word = NULL;

	if (is(text, "true") || is(text, "false"))
		word = word_for(field, is(text, "true"));
	if (word) {
		text->s = word;
		text->n = strlen(word);
	}
}

static const char *check_number(const struct pen_field *field, char *expected, size_t room)
{
	switch (field->type) {
	case PEN_FIELD_MONEY:
		if (field->fen)
			return NULL;
		snprintf(expected, room, _("a text (\"6500.00\"), or a whole number of fen under the key %s_fen"), field->name);
		return "json.number";
	case PEN_FIELD_TEXT:
	case PEN_FIELD_NAME:
	case PEN_FIELD_CITIZEN_ID:
	case PEN_FIELD_CREDIT_CODE:
	case PEN_FIELD_AREA:
		snprintf(expected, room, "%s", _("a text, in quotes: a number loses leading zeros, and digits beyond 2^53"));
		return "json.number";
	default:
		return NULL;
	}
}

const char *pen_cell_text__check(const struct pen_field *field, struct pen_csv_field *text, enum pen_token token,
    char *expected, size_t room)
{
	if (field->type == PEN_FIELD_CHOICE)
		take_truth(field, text);
	if (token == PEN_TOKEN_NUMBER)
		return check_number(field, expected, room);
	if (token == PEN_TOKEN_NESTED) {
		snprintf(expected, room, "%s", _("one value: a text, a whole number, true, false or null"));
		return "json.nested";
	}
	if (token == PEN_TOKEN_TRUTH && field->type != PEN_FIELD_CHOICE) {
		snprintf(expected, room, "%s", _("the value itself, not true or false"));
		return "json.truth";
	}
	if (!has_control(text->s, text->n))
		return NULL;
	snprintf(expected, room, "%s", _("no control characters in the text"));
	return "text.control";
}
