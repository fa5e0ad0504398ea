#include "adapter/json.h"
#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <cjson/cJSON.h>

/* A struct pen_json is a cJSON under another name: it is never defined, only
 * pointed to. */
static const cJSON *inside(const struct pen_json *node)
{
	return (const cJSON *)(const void *)node;
}

static struct pen_json *outside(cJSON *node)
{
	return (struct pen_json *)(void *)node;
}

/* Lines are counted here, where something is wrong, and nowhere else. */
static enum pen_status refuse(struct pen_error *error, const char *text, size_t at, const char *code,
    const char *what)
{
	long line = 1;

	/* LF, CRLF and lone CR end a line, as in all other files. */
	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n' ? !i || text[i - 1] != '\r' : text[i] == '\r';
	pen_error__set(error, PEN_INPUT, code, "%s", what);
	return pen_error__at(error, NULL, line, NULL);
}

/* True if every bracket is closed, so that nothing is missing at the end. */
static bool is_closed(const char *text, size_t n)
{
	bool quoted = false;
	int64_t depth = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (quoted)
			i += text[i] == '\\';
		else if (text[i] == '{' || text[i] == '[')
			depth++;
		else if (text[i] == '}' || text[i] == ']')
			depth--;
	}
	return !quoted && depth <= 0;
}

/* What stands at the place where reading stopped, for the message. */
static enum pen_status refuse_syntax(struct pen_error *error, const char *text, size_t n, size_t at)
{
	struct pen_text what = { 0 };
	size_t shown = 0, used;
	enum pen_status status;

	/* Up to 20 characters, none cut in two, ending with the line. */
	for (int i = 0; i < 20 && at + shown < n && (unsigned char)text[at + shown] >= ' '; i++) {
		pen_text__decode(text + at + shown, n - at - shown, &used);
		shown += used;
	}
	/* cJSON points at the last byte also where it would have wanted another. */
	if (at + 1 >= n && (!is_closed(text, n) || !shown))
		pen_text__puts(&what, _("not JSON: the text ends in the middle; the file may be cut off, fetch it again"));
	else
		pen_text__printf(&what, _("not JSON from \"%.*s\" on; expected a JSON document (RFC 8259); correct it there"),
		    (int)shown, text + at);
	status = what.failed ? pen_error__memory(error) : refuse(error, text, at, "json.syntax", what.s);
	pen_text__free(&what);
	return status;
}

/* cJSON ends a string at a NUL, escaped or not, and says nothing; true, with its
 * place, if there is one. */
static bool find_nul(const char *text, size_t n, size_t *at)
{
	const char *raw = n ? memchr(text, '\0', n) : NULL;

	if (raw) {
		*at = (size_t)(raw - text);
		return true;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		/* Outside of strings a backslash is an error anyway. */
		if (text[i] != '\\')
			continue;
		if (n - i >= 6 && memcmp(text + i + 1, "u0000", 5) == 0) {
			*at = i;
			return true;
		}
		i++;	/* the escaped character, which may be a backslash */
	}
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum pen_status pen_json__parse(struct pen_json **root, const char *text, size_t n,
    struct pen_error *error)
{
	const char *end = text;
	cJSON *tree;
	size_t at;

	/* Two things that cJSON would let through, to be lost further on. */
	if (!pen_text__is_utf8(text, n, &at))
		return refuse(error, text, at, "json.encoding",
		    _("not UTF-8, which a JSON document has to be; save it as UTF-8"));
	if (find_nul(text, n, &at))
		return refuse(error, text, at, "json.nul",
		    _("a NUL character (\\u0000), which no text here can hold; take it out"));

	/* Where cJSON stopped says what is wrong, unless it was out of memory, of
	 * which only malloc's errno tells. */
	errno = 0;
	tree = cJSON_ParseWithLengthOpts(text, n, &end, false);
	if (!tree && errno == ENOMEM)
		return pen_error__memory(error);
	if (!tree)
		return refuse_syntax(error, text, n, (size_t)(end - text));
	/* It also stops content before the end, at whatever follows the document. */
	while (end < text + n && is_space(*end))
		end++;
	if (end < text + n) {
		cJSON_Delete(tree);
		return refuse_syntax(error, text, n, (size_t)(end - text));
	}
	*root = outside(tree);
	return PEN_OK;
}

void pen_json__free(struct pen_json *root)
{
	cJSON_Delete((cJSON *)(void *)root);
}

const struct pen_json *pen_json__member(const struct pen_json *object, const char *key)
{
	return outside(cJSON_GetObjectItemCaseSensitive(inside(object), key));
}

const struct pen_json *pen_json__first(const struct pen_json *array_or_object)
{
	return array_or_object ? outside(inside(array_or_object)->child) : NULL;
}

const struct pen_json *pen_json__next(const struct pen_json *node)
{
	return node ? outside(inside(node)->next) : NULL;
}

size_t pen_json__count(const struct pen_json *array_or_object)
{
	size_t count = 0;

	for (const struct pen_json *node = pen_json__first(array_or_object); node; node = pen_json__next(node))
		count++;
	return count;
}

const char *pen_json__key(const struct pen_json *node)
{
	return node ? inside(node)->string : NULL;
}

const char *pen_json__string(const struct pen_json *node)
{
	return node && cJSON_IsString(inside(node)) ? inside(node)->valuestring : NULL;
}

/* The whole number that an IEEE 754 binary64 stands for, read off its bits: a
 * sign, 11 bits of exponent (biased by 1023), 52 bits below a leading one. */
static bool whole(uint64_t bits, int64_t *out)
{
	int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
	uint64_t mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;

	/* Zero has no leading one; the sign of it does not matter. */
	if (!(bits << 1)) {
		*out = 0;
		return true;
	}
	/* Below 2^53 every whole number has a value of its own. */
	if (exponent < 0 || exponent > 52)
		return false;
	/* 52 - exponent bits stand behind the point: a fraction if one is set. */
	if (mantissa & ((UINT64_C(1) << (52 - exponent)) - 1))
		return false;
	mantissa >>= 52 - exponent;
	*out = bits >> 63 ? -(int64_t)mantissa : (int64_t)mantissa;
	return true;
}

bool pen_json__integer(const struct pen_json *node, int64_t *out)
{
	uint64_t bits;

	if (!node || !cJSON_IsNumber(inside(node)))
		return false;
	/* cJSON made a floating-point number of it; none is computed with here. */
	_Static_assert(sizeof bits == sizeof inside(node)->valuedouble, "binary64");
	memcpy(&bits, &inside(node)->valuedouble, sizeof bits);
	return whole(bits, out);
}

bool pen_json__is_true(const struct pen_json *node)
{
	return node && cJSON_IsTrue(inside(node));
}
