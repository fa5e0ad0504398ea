#include "model/entry.h"

#include "base/encode.h"
#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* One "key: value" line. A line break inside would let a value forge the
 * lines after it, so whoever makes the value keeps it out. */
static void line(struct pen_text *text, const char *key, const char *value)
{
	if (!value)
		return;
	assert(!strpbrk(value, "\r\n"));
	pen_text__printf(text, "%s: %s\n", key, value);
}

void pen_entry__text(const struct pen_entry *entry, struct pen_text *text)
{
	pen_text__puts(text, "pen-entry/v1\n");
	if (entry->at >= 0)
		pen_text__printf(text, "at: %" PRId64 "\n", entry->at);
	line(text, "time", entry->time);
	line(text, "agency", entry->agency);
	line(text, "terminal", entry->terminal);
	line(text, "staff", entry->staff);
	line(text, "act", entry->act);
	line(text, "subject", entry->subject);
	line(text, "body", entry->body);
}

/* The value of the line that *text begins with, if it is of that key, and what
 * follows it; else NULL, and nothing is passed. */
static const char *take(const char **text, const char *key, struct pen_arena *arena, bool *failed)
{
	size_t k = strlen(key), n = strcspn(*text, "\n");
	const char *value;

	if (n < k + 2 || strncmp(*text, key, k) != 0 || strncmp(*text + k, ": ", 2) != 0 || (*text)[n] != '\n')
		return NULL;
	value = pen_memory__copy(arena, *text + k + 2, n - k - 2);
	*failed |= !value;
	*text += n + 1;
	return value;
}

enum pen_status pen_entry__read(struct pen_entry *entry, struct pen_arena *arena, const char *text,
    struct pen_error *error)
{
	static const char magic[] = "pen-entry/v1\n";
	const char *at, *rest = text;
	struct pen_text again = { 0 };
	bool failed = false, same;

	*entry = (struct pen_entry){ .at = -1 };
	if (strncmp(text, magic, sizeof(magic) - 1) == 0)
		rest += sizeof(magic) - 1;
	at = take(&rest, "at", arena, &failed);
	entry->time = take(&rest, "time", arena, &failed);
	entry->agency = take(&rest, "agency", arena, &failed);
	entry->terminal = take(&rest, "terminal", arena, &failed);
	entry->staff = take(&rest, "staff", arena, &failed);
	entry->act = take(&rest, "act", arena, &failed);
	entry->subject = take(&rest, "subject", arena, &failed);
	entry->body = take(&rest, "body", arena, &failed);
	errno = 0;
	entry->at = at ? strtoll(at, NULL, 10) : -1;
	/* Written again it comes out as it stood: no line twice, none that is another's. */
	if (!failed && !errno && !strchr(text, '\r'))
		pen_entry__text(entry, &again);
	failed |= again.failed;
	same = again.s && strcmp(again.s, text) == 0 && entry->at >= 0 && entry->act && entry->subject;
	pen_text__free(&again);
	if (failed)
		return pen_error__memory(error);
	return same ? PEN_OK : pen_error__set(error, PEN_INPUT, "entry.form",
	    _("this is no journal entry as pen-seal(5) has it: get it again from the store that it is of"));
}

enum pen_status pen_entry__body(const char *text, struct pen_json **body, struct pen_error *error)
{
	const char *line = text ? strstr(text, "\nbody: ") : NULL;
	struct pen_error unread = { .status = PEN_OK };

	*body = NULL;
	if (!line)
		return PEN_OK;
	line += 7;
	if (pen_json__parse(body, line, strcspn(line, "\n"), &unread) != PEN_OK)
		*body = NULL;
	if (unread.status != PEN_SYSTEM)
		return PEN_OK;
	*error = unread;
	return error->status;
}

enum pen_status pen_entry__digest(const char *text, const char *key, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_json *body;
	const char *s;

	digest[0] = '\0';
	if (pen_entry__body(text, &body, error) != PEN_OK)
		return error->status;
	s = body ? pen_json__string(pen_json__member(body, key)) : NULL;
	if (s && strlen(s) < PEN_DIGEST_HEX)
		memcpy(digest, s, strlen(s) + 1);
	pen_json__free(body);
	return PEN_OK;
}

void pen_entry__leaf(const char *entry_text, const unsigned char *signature, size_t n,
    struct pen_text *text)
{
	char base64[PEN_BASE64_ROOM(256)];

	assert(n <= 256);
	pen_text__puts(text, entry_text);
	if (n)
		pen_encode__base64(signature, n, base64);
	pen_text__printf(text, "signature: %s\n", n ? base64 : "-");
}

void pen_entry__body_open(struct pen_body *body)
{
	memset(body, 0, sizeof(*body));
	pen_text__puts(&body->text, "{");
}

/* The key, after a comma where it is not the first. Canonical order is that
 * of the bytes here: the keys are plain ASCII. */
static void key_of(struct pen_body *body, const char *key)
{
	size_t n = strlen(key);

	assert(n > 0 && n < sizeof(body->last));
	assert(strcmp(body->last, key) < 0);
	assert(strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == n);
	pen_text__printf(&body->text, "%s\"%s\":", body->last[0] ? "," : "", key);
	memcpy(body->last, key, n + 1);
}

void pen_entry__body_text(struct pen_body *body, const char *key, const char *value)
{
	if (!value)
		return;
	key_of(body, key);
	pen_text__json(&body->text, value, strlen(value));
}

void pen_entry__body_int(struct pen_body *body, const char *key, int64_t value)
{
	key_of(body, key);
	pen_text__printf(&body->text, "%" PRId64, value);
}

const char *pen_entry__body_close(struct pen_body *body)
{
	pen_text__puts(&body->text, "}");
	return body->text.failed ? NULL : body->text.s;
}

void pen_entry__body_free(struct pen_body *body)
{
	pen_text__free(&body->text);
}
