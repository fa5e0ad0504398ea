#include "model/elements.h"
#include "adapter/json.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

#define KEYS_MOST 4096		/* of different keys in one file */

/* Where in the document the next byte stands. */
enum place { START, FIRST, ELEMENT, BEHIND, NEXT, INSIDE, END };
/*
 * START    nothing but blanks so far
 * FIRST    after "[": an element, or "]"
 * NEXT     after "," in an array, or between objects that stand for themselves
 * INSIDE   in an element
 * BEHIND   behind an element of an array: "," or "]"
 * END      behind "]"
 */

/* Invariant between two bytes: `line` and `at` are those of the next one. In an
 * element, text holds it as far as it was seen, depth its open brackets. last_line
 * is the line that the last record was given. */
struct pen_elements {
	pen_csv_record *record;
	pen_elements_columns *columns;
	void *context;
	size_t (*measure)(const char *s, size_t n);

	enum place place;
	bool array, after_cr;
	long line, begun_line, last_line;
	int64_t at, begun_at;
	struct pen_text text;
	int64_t depth;
	bool quoted, escaped;

	struct pen_arena *arena;
	struct pen_csv_field *keys, *fields;
	int64_t *met;			/* the last element that had the key */
	size_t key_count, room;
	int64_t count;			/* elements */
};

static enum pen_status refuse(long line, const char *code, const char *text, struct pen_error *error)
{
	pen_error__set(error, PEN_INPUT, code, "%s", text);
	return pen_error__at(error, NULL, line, NULL);
}

/* ------------------------------------------------------------------- keys -- */

static bool make_room(struct pen_elements *elements)
{
	size_t room = elements->room ? 2 * elements->room : 32;
	struct pen_csv_field *keys, *fields;
	int64_t *met;

	if (elements->key_count < elements->room)
		return true;
	keys = pen_memory__realloc(elements->keys, room, sizeof(*keys));
	if (keys)
		elements->keys = keys;
	fields = pen_memory__realloc(elements->fields, room, sizeof(*fields));
	if (fields)
		elements->fields = fields;
	met = pen_memory__realloc(elements->met, room, sizeof(*met));
	if (met)
		elements->met = met;
	if (!keys || !fields || !met)
		return false;
	elements->room = room;
	return true;
}

/* A key that no object before had: one more field, empty up to now. */
static enum pen_status add_key(struct pen_elements *elements, const char *key, struct pen_error *error)
{
	size_t n = strlen(key), i = elements->key_count;

	if (i == KEYS_MOST)
		return refuse(elements->begun_line, "json.keys",
		    _("the objects have thousands of different keys; expected the same keys in each: is a value used as a key?"), error);
	if (!make_room(elements))
		return pen_error__memory(error);
	elements->keys[i] = (struct pen_csv_field){ pen_memory__copy(elements->arena, key, n), n, PEN_TOKEN_TEXT };
	if (!elements->keys[i].s)
		return pen_error__memory(error);
	elements->met[i] = 0;
	elements->fields[i] = (struct pen_csv_field){ "", 0, PEN_TOKEN_NULL };
	elements->key_count++;
	return PEN_OK;
}

/* Which column a key is. Most objects have theirs in the same order. */
static size_t find_key(const struct pen_elements *elements, const char *key, size_t likely)
{
	size_t i, k;

	for (i = 0; i < elements->key_count; i++) {
		k = (likely + i) % elements->key_count;
		if (strcmp(elements->keys[k].s, key) == 0)
			return k;
	}
	return elements->key_count;
}

/* ---------------------------------------------------------------- values -- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What cJSON passes over; there is no NUL but the one behind the text. */
static bool is_passed(char c)
{
	return c && (unsigned char)c <= ' ';
}

static size_t pass_blanks(const char *s, size_t i)
{
	while (is_passed(s[i]))
		i++;
	return i;
}

/* Past a string whose quote is at i. */
static size_t pass_string(const char *s, size_t i)
{
	for (i++; s[i] != '"'; i++)
		i += s[i] == '\\';
	return i + 1;
}

/* Past a value of a text that was parsed, so that it is one. */
static size_t pass_value(const char *s, size_t i)
{
	int64_t depth = 0;

	do {
		if (s[i] == '"') {
			i = pass_string(s, i);
			continue;
		}
		depth += s[i] == '{' || s[i] == '[';
		depth -= s[i] == '}' || s[i] == ']';
		i++;
	} while (depth > 0 || !(s[i] == ',' || s[i] == '}' || is_passed(s[i])));
	return i;
}

static size_t pass_digits(const char *s, size_t i, size_t n)
{
	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* RFC 8259's numbers, by the letter: cJSON reads 007 and 1. too. */
static bool is_number(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '-', from = i;

	i = pass_digits(s, i, n);
	if (i == from || (s[from] == '0' && i > from + 1))
		return false;
	if (i < n && s[i] == '.') {
		from = ++i;
		i = pass_digits(s, i, n);
		if (i == from)
			return false;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		i += i < n && (s[i] == '+' || s[i] == '-');
		from = i;
		i = pass_digits(s, i, n);
		if (i == from)
			return false;
	}
	return i == n;
}

/* A value: a string as it reads, everything else as it was written. */
static struct pen_csv_field field_of(const struct pen_json *node, const char *s, size_t n)
{
	const char *string = pen_json__string(node);

	if (string)
		return (struct pen_csv_field){ string, strlen(string), PEN_TOKEN_TEXT };
	switch (*s) {
	case 'n':
		return (struct pen_csv_field){ "", 0, PEN_TOKEN_NULL };
	case 't':
	case 'f':
		return (struct pen_csv_field){ s, n, PEN_TOKEN_TRUTH };
	case '{':
	case '[':
		return (struct pen_csv_field){ s, n, PEN_TOKEN_NESTED };
	default:
		return (struct pen_csv_field){ s, n, PEN_TOKEN_NUMBER };
	}
}

/* -------------------------------------------------------------- elements -- */

static enum pen_status take_member(struct pen_elements *elements, const struct pen_json *node, size_t likely,
    const char *s, size_t n, struct pen_error *error)
{
	const char *key = pen_json__key(node);
	size_t i = find_key(elements, key, likely);
	struct pen_csv_field field = field_of(node, s, n);

	if (i == elements->key_count) {
		enum pen_status status = add_key(elements, key, error);

		if (status != PEN_OK)
			return status;
	}
	if (elements->met[i] == elements->count) {
		pen_error__set(error, PEN_INPUT, "json.twice",
		    _("the object that begins on this line has the key \"%.60s\" twice; expected it once: which of the two holds cannot be known"), key);
		return pen_error__at(error, NULL, elements->begun_line, NULL);
	}
	if (field.token == PEN_TOKEN_NUMBER && !is_number(s, n)) {
		pen_error__set(error, PEN_INPUT, "json.syntax",
		    _("\"%.*s\" is no number in JSON (key \"%.60s\" of the object that begins on this line); expected digits without a leading zero (RFC 8259); identifiers are texts, in quotes"),
		    n < 40 ? (int)n : 40, s, key);
		return pen_error__at(error, NULL, elements->begun_line, NULL);
	}
	elements->met[i] = elements->count;
	elements->fields[i] = field;
	return PEN_OK;
}

/* The members of the tree, and beside them how their values were written. */
static enum pen_status take_members(struct pen_elements *elements, const struct pen_json *root,
    struct pen_error *error)
{
	const char *s = elements->text.s;
	const struct pen_json *node;
	enum pen_status status = PEN_OK;
	size_t at = 1, end, i;

	for (i = 0; i < elements->key_count; i++)
		elements->fields[i] = (struct pen_csv_field){ "", 0, PEN_TOKEN_NULL };
	for (node = pen_json__first(root), i = 0; node && status == PEN_OK; node = pen_json__next(node), i++) {
		/* { or , then the key, the colon, the value. */
		at = pass_blanks(s, at);
		at = pass_blanks(s, pass_string(s, at));
		at = pass_blanks(s, at + 1);
		end = pass_value(s, at);
		status = take_member(elements, node, i, s + at, end - at, error);
		at = pass_blanks(s, end) + 1;
	}
	return status;
}

/* The record of an element; the tree holds its strings until it is taken. */
static enum pen_status hand_over(struct pen_elements *elements, const struct pen_json *root, struct pen_error *error)
{
	size_t known = elements->key_count;
	enum pen_status status = take_members(elements, root, error);

	if (status == PEN_OK && elements->key_count > known && elements->columns)
		status = elements->columns(elements->context, elements->keys, elements->key_count,
		    elements->begun_line, elements->begun_at, error);
	if (status != PEN_OK)
		return status;
	elements->last_line = elements->begun_line > elements->last_line ? elements->begun_line : elements->last_line + 1;
	return elements->record(elements->context, elements->fields, elements->key_count, elements->last_line,
	    elements->begun_at, error);
}

/* The element's text is complete. */
static enum pen_status end_element(struct pen_elements *elements, struct pen_error *error)
{
	struct pen_json *root;
	enum pen_status status;

	elements->count++;
	elements->place = elements->array ? BEHIND : NEXT;
	if (elements->text.failed)
		return pen_error__memory(error);
	status = pen_json__parse(&root, elements->text.s, elements->text.n, error);
	if (status == PEN_INPUT)
		return pen_error__at(error, NULL, elements->begun_line + (error->line ? error->line - 1 : 0), NULL);
	if (status != PEN_OK)
		return status;
	status = hand_over(elements, root, error);
	pen_json__free(root);
	return status;
}

static void begin_element(struct pen_elements *elements)
{
	elements->place = INSIDE;
	elements->begun_line = elements->line;
	elements->begun_at = elements->at;
	elements->depth = 0;
	elements->quoted = elements->escaped = false;
	pen_text__clear(&elements->text);
}

/* ------------------------------------------------------------- documents -- */

/* What was found where something else was expected; an element that is no object
 * is told apart from what is no JSON at all. */
static enum pen_status refuse_byte(struct pen_elements *elements, const char *s, size_t n, struct pen_error *error)
{
	size_t shown = 0, used;
	bool value = strchr("[\"-0123456789tfn", *s) && *s;

	for (int i = 0; i < 20 && shown < n && (unsigned char)s[shown] >= ' '; i++) {
		pen_text__decode(s + shown, n - shown, &used);
		shown += used;
	}
	if (value && (elements->place == FIRST || elements->place == NEXT))
		pen_error__set(error, PEN_INPUT, "json.element",
		    _("found an element that is no object: \"%.*s\"; expected { and the columns as keys, for each row"), (int)shown, s);
	else if (elements->place == END)
		pen_error__set(error, PEN_INPUT, "json.syntax",
		    _("\"%.*s\" follows the end of the array; expected the end of the file; take it out, or fetch the file again"), (int)shown, s);
	else
		pen_error__set(error, PEN_INPUT, "json.syntax",
		    _("not JSON from \"%.*s\" on; expected %s; correct it there"), (int)shown, s,
		    elements->place == BEHIND ? _("a comma, or ] at the end of the array") : _("an object in { }"));
	return pen_error__at(error, NULL, elements->line, NULL);
}

/* A byte between elements that is no blank. */
static enum pen_status take_mark(struct pen_elements *elements, const char *s, size_t n, struct pen_error *error)
{
	enum place place = elements->place;

	if (*s == '{' && place != BEHIND && place != END) {
		begin_element(elements);
	} else if (*s == '[' && place == START) {
		elements->array = true;
		elements->place = FIRST;
	} else if (*s == ',' && place == BEHIND) {
		elements->place = NEXT;
	} else if (*s == ']' && (place == FIRST || place == BEHIND)) {
		elements->place = END;
	} else {
		return refuse_byte(elements, s, n, error);
	}
	return PEN_OK;
}

/* LF, CRLF and lone CR end a line; the LF of a CRLF ends no second one. */
static void count_line(struct pen_elements *elements, char c)
{
	elements->line += c == '\r' || (c == '\n' && !elements->after_cr);
	elements->after_cr = c == '\r';
}

/* How many of the n bytes in an element belong to it; *closed if its last is
 * among them. */
static size_t take_inside(struct pen_elements *elements, const char *s, size_t n, bool *closed)
{
	size_t i;

	*closed = false;
	for (i = 0; i < n && !*closed; i++) {
		char c = s[i];

		count_line(elements, c);
		if (elements->escaped)
			elements->escaped = false;
		else if (c == '"')
			elements->quoted = !elements->quoted;
		else if (elements->quoted)
			elements->escaped = c == '\\';
		else if (c == '{' || c == '[')
			elements->depth++;
		else if (c == '}' || c == ']')
			*closed = --elements->depth == 0;
	}
	return i;
}

static int64_t weigh(const struct pen_elements *elements, const char *s, size_t n)
{
	return (int64_t)(elements->measure ? elements->measure(s, n) : n);
}

static enum pen_status feed_inside(struct pen_elements *elements, const char *s, size_t n, size_t *used,
    struct pen_error *error)
{
	bool closed;

	*used = take_inside(elements, s, n, &closed);
	pen_text__add(&elements->text, s, *used);
	elements->at += weigh(elements, s, *used);
	if (elements->text.n > PEN_ELEMENTS_LONGEST) {
		pen_error__set(error, PEN_INPUT, "json.long",
		    _("the object that begins on this line is longer than %zu bytes; expected one object for each row; a quote or a bracket may be missing"),
		    PEN_ELEMENTS_LONGEST);
		return pen_error__at(error, NULL, elements->begun_line, NULL);
	}
	return closed ? end_element(elements, error) : PEN_OK;
}

enum pen_status pen_elements__feed(struct pen_elements *elements, const char *bytes, size_t n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t used;

	for (; n && status == PEN_OK; bytes += used, n -= used) {
		used = 0;
		if (elements->place == INSIDE) {
			/* At most so many at a time that the longest is noticed. */
			status = feed_inside(elements, bytes, n < PEN_ELEMENTS_LONGEST ? n : PEN_ELEMENTS_LONGEST, &used, error);
			continue;
		}
		if (!is_blank(*bytes)) {
			status = take_mark(elements, bytes, n, error);
			if (elements->place == INSIDE)
				continue;
		}
		count_line(elements, *bytes);
		elements->at += weigh(elements, bytes, 1);
		used = 1;
	}
	return status;
}

enum pen_status pen_elements__finish(struct pen_elements *elements, struct pen_error *error)
{
	if (elements->place == INSIDE)
		return refuse(elements->begun_line, "json.syntax",
		    _("not JSON: the file ends in the object that begins on this line; it may be cut off, fetch it again"), error);
	if (elements->array && elements->place != END)
		return refuse(elements->line, "json.syntax",
		    _("not JSON: the file ends before the array does; it may be cut off, fetch it again"), error);
	if (!elements->count)
		return refuse(0, "input.rows",
		    _("the array has no element: expected an object for each row; export the file again"), error);
	return PEN_OK;
}

enum pen_status pen_elements__open(struct pen_elements **elements, pen_csv_record *record,
    pen_elements_columns *columns, void *context, size_t (*measure)(const char *s, size_t n), struct pen_error *error)
{
	struct pen_elements *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	made->arena = pen_memory__arena();
	if (!made->arena) {
		pen_memory__free(made);
		return pen_error__memory(error);
	}
	made->record = record;
	made->columns = columns;
	made->context = context;
	made->measure = measure;
	made->line = 1;
	*elements = made;
	return PEN_OK;
}

void pen_elements__close(struct pen_elements *elements)
{
	if (!elements)
		return;
	pen_text__free(&elements->text);
	pen_memory__free(elements->keys);
	pen_memory__free(elements->fields);
	pen_memory__free(elements->met);
	pen_memory__drop(elements->arena);
	pen_memory__free(elements);
}
