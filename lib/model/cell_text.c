#include "model/cell_text.h"
#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* -------------------------------------------------------------- characters -- */

/* Tab and line ends are white space that people put into cells. */
static bool is_control(char c)
{
	return (unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/* Eight bytes at a time: true if one of them is below the space. */
static bool has_low(uint64_t eight)
{
	return ((eight - UINT64_C(0x2020202020202020)) & ~eight & UINT64_C(0x8080808080808080)) != 0;
}

static bool has_control(const char *s, size_t n)
{
	uint64_t eight;
	size_t i = 0, k;

	for (; i + sizeof(eight) <= n; i += sizeof(eight)) {
		memcpy(&eight, s + i, sizeof(eight));
		if (!has_low(eight))
			continue;
		for (k = i; k < i + sizeof(eight); k++)
			if (is_control(s[k]))
				return true;
	}
	for (; i < n; i++)
		if (is_control(s[i]))
			return true;
	return false;
}

void pen_cell_text__show(const struct pen_csv_field *text, char *out, size_t room)
{
	size_t i, n = 0, used, length;
	char one[4];
	int32_t point;

	for (i = 0; i < text->n; i += used) {
		point = pen_text__decode(text->s + i, text->n - i, &used);
		/* U+2400 and on are pictures of them, in the same order. */
		if (point >= 0 && point < ' ' && is_control((char)point))
			point += 0x2400;
		length = pen_text__encode(point < 0 ? 0xFFFD : point, one);
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
